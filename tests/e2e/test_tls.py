"""Upstreams over TLS: who is trusted, and who is not."""

import datetime
import socket
import ssl
import threading

import pytest

from support.certs import DAY, Authority
from support.checks import check_error, check_whole_stream
from support.configs import config, openai_config, provider
from support.replies import CHAT, stream_reply
from support.waiting import DEADLINE


@pytest.fixture
def authority(tmp_path):
    return Authority(tmp_path)


@pytest.fixture
def serve_tls(start, make_upstream):
    """Config A against an upstream with this context; `settings` are the provider's."""
    def begin(context, *handlers, url=None, env=None, **settings):
        upstream = make_upstream(*handlers, tls=context)
        where = provider(url.format(port=upstream.port) if url else upstream, **settings)
        return start(openai_config(where), env=env), upstream
    return begin


@pytest.fixture
def silent_server():
    """A server that takes one connection, says at most one thing, and keeps what it got."""
    listener = socket.create_server(("127.0.0.1", 0))
    received = bytearray()

    def serve(greeting):
        peer, _ = listener.accept()
        with peer:
            peer.settimeout(DEADLINE)
            received.extend(peer.recv(65536))
            peer.sendall(greeting)
            while not greeting and (data := peer.recv(65536)):
                received.extend(data)

    def begin(greeting=b""):
        begin.thread = threading.Thread(target=serve, args=(greeting,), daemon=True)
        begin.thread.start()
        return f"https://127.0.0.1:{listener.getsockname()[1]}"

    def all_received():
        begin.thread.join(DEADLINE)
        return bytes(received)

    begin.received = all_received
    yield begin
    begin.thread.join(DEADLINE)
    listener.close()


def check_refused(gateway, upstream):
    check_error(gateway.chat(), 502, starts="openai request failed: ")
    assert upstream.calls() == []


def test_own_authority_by_ca_file(serve_tls, authority):
    gateway, upstream = serve_tls(authority.server(), tls={"ca_file": str(authority.ca_file)})
    assert gateway.chat().body == CHAT
    assert upstream.last.headers["authorization"] == "Bearer test-key"


def test_unknown_authority_is_refused(serve_tls, authority):
    check_refused(*serve_tls(authority.server()))


def test_certificate_of_another_authority_is_refused(serve_tls, authority, tmp_path):
    other = Authority(tmp_path, "Other CA")
    check_refused(*serve_tls(other.server(), tls={"ca_file": str(authority.ca_file)}))


@pytest.mark.parametrize("host", ["127.0.0.2", "example.test"])
def test_certificate_for_another_host_is_refused(serve_tls, authority, host):
    check_refused(*serve_tls(authority.server(host), tls={"ca_file": str(authority.ca_file)}))


def test_expired_certificate_is_refused(serve_tls, authority):
    context = authority.server(begins=-2 * DAY, ends=-datetime.timedelta(hours=1))
    check_refused(*serve_tls(context, tls={"ca_file": str(authority.ca_file)}))


def test_certificate_of_the_future_is_refused(serve_tls, authority):
    context = authority.server(begins=DAY / 2, ends=DAY)
    check_refused(*serve_tls(context, tls={"ca_file": str(authority.ca_file)}))


def test_host_name_is_sent_and_checked(serve_tls, authority):
    names = []
    context = authority.server("localhost")
    context.sni_callback = lambda sock, name, ctx: names.append(name)
    gateway, _ = serve_tls(context, url="https://localhost:{port}",
                           tls={"ca_file": str(authority.ca_file)})
    assert gateway.chat().body == CHAT
    assert names[0] == "localhost"


INSECURE = {"insecure_skip_verify": True}


def skip_warnings(gateway):
    """How often it has warned that this provider's certificates are not verified."""
    return len(gateway.log_lines("TLS certificates are not verified", level="WARN",
                                 provider="openai"))


def test_skipping_the_check_is_warned_about_at_each_start_and_each_reload(serve_tls, authority):
    gateway, upstream = serve_tls(authority.server("example.test"), tls=INSECURE)
    assert gateway.chat().body == CHAT
    assert skip_warnings(gateway) == 1
    (line,) = gateway.log_lines("config warning", level="WARN")
    assert "providers.openai.tls.insecure_skip_verify: " in line["warning"]
    for number in range(2, 4):
        gateway.reload(openai_config(provider(upstream, key=f"key-{number}", tls=INSECURE)))
        assert skip_warnings(gateway) == number
    gateway.reload(openai_config(upstream))
    assert skip_warnings(gateway) == 3
    check_error(gateway.chat(), 502, starts="openai request failed: ")


@pytest.mark.parametrize("before", ["info", "error"])
def test_the_warning_is_written_at_every_log_level(start, before):
    upstream = provider("https://127.0.0.1:1", tls=INSECURE)
    gateway = start(openai_config(upstream, log={"level": before}))
    assert skip_warnings(gateway) == 1
    gateway.reload(openai_config(upstream, log={"level": "error"}, plugins={"metrics": {}}))
    assert skip_warnings(gateway) == 2


def test_skipping_the_check_is_one_providers_own(start, make_upstream, authority):
    """Not even for the same upstream is what one provider accepted good enough for another."""
    upstream = make_upstream(tls=authority.server())
    settings = config({"openai": provider(upstream, tls=INSECURE), "groq": provider(upstream)},
                      models={"a": ["openai"], "b": ["groq"]})
    settings["server"]["workers"] = 1
    gateway = start(settings)
    for _ in range(2):
        assert gateway.chat(b'{"model":"a"}').body == CHAT
        check_error(gateway.chat(b'{"model":"b"}'), 502, starts="groq request failed: ")
    assert gateway.log_lines("TLS certificates are not verified", provider="openai")
    assert not gateway.log_lines("TLS certificates are not verified", provider="groq")


@pytest.mark.parametrize("where", [(), ("server",), ("routing",)])
@pytest.mark.parametrize("key, value", [
    ("insecure_skip_verify", True), ("tls", INSECURE), ("verify", False)])
def test_no_key_turns_the_check_off_for_all(load_error, upstream, where, key, value):
    settings = openai_config(provider(upstream))
    place = settings
    for name in where:
        place = place[name]
    place[key] = value
    error = load_error(settings)
    assert ".".join((*where, key)) in error


def test_no_variable_turns_the_check_off(serve_tls, authority):
    """Those by which other programs do it."""
    names = ("BUTTER_INSECURE", "INSECURE_SKIP_VERIFY", "SSL_NO_VERIFY", "SSL_VERIFY_NONE",
             "PYTHONHTTPSVERIFY", "NODE_TLS_REJECT_UNAUTHORIZED", "GIT_SSL_NO_VERIFY")
    values = {name: "0" if name.startswith(("PYTHON", "NODE")) else "1" for name in names}
    check_refused(*serve_tls(authority.server(), env=values))


def test_old_tls_is_refused(serve_tls, authority):
    context = authority.server()
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    with pytest.warns(DeprecationWarning):
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("ALL:@SECLEVEL=0")
    check_refused(*serve_tls(context, tls={"ca_file": str(authority.ca_file)}))


def test_server_that_only_speaks_http_is_refused(start, silent_server):
    gateway = start(openai_config(silent_server(b"HTTP/1.1 400 Bad Request\r\n\r\n")))
    check_error(gateway.chat(), 502, starts="openai request failed: ")


def test_handshake_that_hangs_is_504(start, silent_server):
    gateway = start(openai_config(provider(silent_server(), timeouts={"connect": "100ms"})))
    check_error(gateway.chat(), 504, starts="openai request failed: ")


def test_nothing_goes_out_before_the_handshake(start, silent_server):
    """Not even the body of an upload, which may come while the connection is being made."""
    url = silent_server()
    gateway = start(openai_config(provider(url, timeouts={"connect": "300ms"})))
    body = b"secret-upload " * 100000
    response = gateway.post("/native/openai/files", body, {"Content-Type": "text/plain"})
    assert response.status == 504
    received = silent_server.received()
    assert received.startswith(b"\x16\x03")
    assert b"test-key" not in received
    assert b"secret-upload" not in received


def test_upload_over_tls_arrives_once(serve_tls, authority):
    gateway, upstream = serve_tls(authority.server(), tls={"ca_file": str(authority.ca_file)})
    body = b"".join(b"%07d\n" % number for number in range(1 << 18))
    assert gateway.post("/native/openai/files", body, {"Content-Type": "text/plain"}).status == 200
    assert upstream.last.body == body


def test_stream_over_tls(serve_tls, authority):
    gateway, _ = serve_tls(authority.server(), stream_reply(),
                           tls={"ca_file": str(authority.ca_file)})
    check_whole_stream(gateway.stream())


def test_large_bodies_over_tls(serve_tls, authority):
    def echo(exchange):
        exchange.reply(200, {"Content-Type": "application/json"}, exchange.request.body)
    gateway, _ = serve_tls(authority.server(), echo, tls={"ca_file": str(authority.ca_file)})
    body = b'{"model":"m","messages":["' + b"t" * (5 << 20) + b'"]}'
    assert gateway.chat(body).body == body


def test_tls_connection_is_reused(start, make_upstream, authority):
    upstream = make_upstream(tls=authority.server())
    settings = openai_config(provider(upstream, tls={"ca_file": str(authority.ca_file)}))
    settings["server"]["workers"] = 1
    gateway = start(settings)
    for _ in range(4):
        assert gateway.chat().status == 200
    assert upstream.connections == 1


def test_tls_session_is_resumed_on_a_new_connection(start, make_upstream, authority):
    context = authority.server()
    upstream = make_upstream(tls=context)
    settings = openai_config(provider(upstream, tls={"ca_file": str(authority.ca_file)}))
    settings["server"]["workers"] = 1
    gateway = start(settings)
    assert gateway.chat().status == 200
    upstream.drop_connections()
    assert gateway.chat().status == 200
    assert context.session_stats()["hits"] == 1


def test_missing_ca_file_is_said_at_the_start(load_error, upstream, tmp_path):
    settings = openai_config(provider(upstream, tls={"ca_file": str(tmp_path / "none.pem")}))
    error = load_error(settings)
    assert "config.yaml:" in error
    assert "providers.openai.tls.ca_file" in error
