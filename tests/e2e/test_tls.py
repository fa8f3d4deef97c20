"""Upstreams over TLS: who is trusted, and who is not."""

import datetime
import ssl

import pytest

from support.certs import DAY, Authority
from support.checks import check_error, check_whole_stream
from support.configs import openai_config, provider
from support.replies import CHAT, stream_reply


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


def test_skipping_the_check_works_and_is_warned_about(serve_tls, authority):
    gateway, _ = serve_tls(authority.server("example.test"), tls={"insecure_skip_verify": True})
    assert gateway.chat().body == CHAT
    assert [line for line in gateway.logs if line["level"] == "WARN"
            and "insecure_skip_verify" in str(line)]


def test_old_tls_is_refused(serve_tls, authority):
    context = authority.server()
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("ALL:@SECLEVEL=0")
    check_refused(*serve_tls(context, tls={"ca_file": str(authority.ca_file)}))


def test_server_that_only_speaks_http_is_refused(start, upstream):
    gateway = start(openai_config(upstream.url.replace("http:", "https:")))
    check_error(gateway.chat(), 502, starts="openai request failed: ")


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


def test_missing_ca_file_is_said_at_the_start(start, upstream, tmp_path):
    settings = openai_config(provider(upstream, tls={"ca_file": str(tmp_path / "none.pem")}))
    try:
        gateway = start(settings)
    except AssertionError as refused:
        assert "none.pem" in str(refused)
    else:
        assert gateway.chat().status in (502, 503)
