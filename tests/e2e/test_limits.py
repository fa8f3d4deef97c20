"""Limits, and HTTP that is not as it should be."""

import socket

import pytest

from support.checks import check_error
from support.client import request_bytes
from support.configs import openai_config
from support.gateway import memory_kib, small_quarantine
from support.replies import CHAT, HI, JSON
from support.waiting import until

CHAT_PATH = "/v1/chat/completions"


@pytest.fixture
def limited(start, upstream):
    """A gateway with these server settings."""
    def begin(**server):
        settings = openai_config(upstream)
        settings["server"].update(server)
        return start(settings)
    return begin


def raw(gateway, data):
    client = gateway.client()
    client.send(data)
    return client.response()


def test_declared_body_above_the_limit_is_413_before_it_comes(limited, upstream):
    gateway = limited(max_body_bytes=1000)
    head = request_bytes("POST", CHAT_PATH, {**JSON, "Content-Length": "1001"})
    check_error(raw(gateway, head), 413)
    assert upstream.calls() == []


def test_chunked_body_above_the_limit_is_413(limited, upstream):
    gateway = limited(max_body_bytes=1000)
    head = request_bytes("POST", CHAT_PATH, {**JSON, "Transfer-Encoding": "chunked"})
    check_error(raw(gateway, head + b"400\r\n" + b"a" * 1024 + b"\r\n"), 413)
    assert upstream.calls() == []


def test_body_at_the_limit_passes(limited):
    gateway = limited(max_body_bytes=len(HI))
    assert gateway.chat().status == 200


def test_body_that_is_passed_on_above_the_limit_is_413(limited):
    """It has been begun upstream by then: that connection is closed."""
    gateway = limited(max_body_bytes=1000)
    client = gateway.client()
    client.send(request_bytes("POST", "/native/openai/files", {"Transfer-Encoding": "chunked"})
                + b"200\r\n" + b"a" * 512 + b"\r\n")
    client.send(b"200\r\n" + b"a" * 512 + b"\r\n")
    check_error(client.response(), 413)
    assert gateway.chat().status == 200


def test_pipelined_requests_wait_unread(start, upstream):
    gateway = start(openai_config(upstream), env=small_quarantine())
    before = gateway.resident_kib()
    client = gateway.client(deadline=0.5)
    flood = request_bytes("GET", "/v1/models") * 1000
    sent = 0
    try:
        while sent < 64 << 20:
            client.send(flood)
            sent += len(flood)
    except TimeoutError:
        pass
    assert sent < 64 << 20, "what nobody reads is not taken"
    assert gateway.resident_kib() - before < memory_kib(8 << 10)
    assert gateway.chat().status == 200


def test_model_name_above_the_limit_is_400(gateway, upstream):
    body = b'{"model":"' + b"m" * 5000 + b'","messages":[]}'
    check_error(gateway.chat(body), 400, contains="field model is longer than 4096 bytes")
    assert upstream.calls() == []


def test_chunked_request_is_joined(gateway, upstream):
    head = request_bytes("POST", CHAT_PATH, {**JSON, "Transfer-Encoding": "chunked"})
    pieces = b"".join(b"%x\r\n%c\r\n" % (1, byte) for byte in HI)
    assert raw(gateway, head + pieces + b"0\r\nX-Trailer: t\r\n\r\n").body == CHAT
    assert upstream.last.body == HI


def test_head_above_the_limit_is_431(limited):
    gateway = limited(max_head_bytes=4096)
    check_error(raw(gateway, request_bytes("GET", "/healthz", {"X-Pad": "a" * 5000})), 431)


def test_long_target_above_the_limit_is_refused(limited):
    gateway = limited(max_head_bytes=4096)
    assert raw(gateway, request_bytes("GET", "/" + "a" * 5000)).status in (414, 431)


def test_too_many_connections_are_503(limited):
    gateway = limited(max_connections=3)
    held = []
    for _ in range(3):
        held.append(gateway.client())
        assert held[-1].request("GET", "/healthz").status == 200
    extra = gateway.client()
    check_error(extra.response(), 503)
    extra.wait_closed()
    held.pop().close()
    until(lambda: healthy(gateway), "room for another connection")


def healthy(gateway):
    try:
        return gateway.get("/healthz").status == 200
    except (OSError, AssertionError):
        return False


def test_idle_connection_is_closed(limited):
    gateway = limited(read_timeout="200ms")
    client = gateway.client()
    assert client.request("GET", "/healthz").status == 200
    rest, how = client.wait_closed()
    assert (rest, how) == (b"", "closed")


def test_slow_head_is_ended(limited):
    gateway = limited(read_timeout="200ms")
    client = gateway.client()
    client.send(b"GET /healthz HTTP/1.1\r\nHost:")
    rest, _ = client.wait_closed()
    assert rest == b"" or rest.startswith(b"HTTP/1.1 408 ")


def test_slow_body_is_408(limited, upstream):
    gateway = limited(read_timeout="200ms")
    head = request_bytes("POST", CHAT_PATH, {**JSON, "Content-Length": "100"})
    assert raw(gateway, head + b'{"model"').status == 408
    assert upstream.calls() == []


BAD = {
    "both-lengths": b"POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n"
                    b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "two-lengths": b"POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n"
                   b"Content-Length: 3\r\n\r\n{}",
    "negative-length": b"POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n",
    "length-with-plus": b"POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: +2\r\n\r\n{}",
    "blank-before-colon": b"GET /healthz HTTP/1.1\r\nHost : h\r\n\r\n",
    "folded-line": b"GET /healthz HTTP/1.1\r\nHost: h\r\nX: a\r\n b\r\n\r\n",
    "no-host": b"GET /healthz HTTP/1.1\r\n\r\n",
    "two-hosts": b"GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "no-version": b"GET /healthz\r\nHost: h\r\n\r\n",
    "unknown-coding": b"POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n",
    "nul-in-value": b"GET /healthz HTTP/1.1\r\nHost: h\r\nX: a\0b\r\n\r\n",
    "bad-chunk-size": b"POST /v1/chat/completions HTTP/1.1\r\nHost: h\r\n"
                      b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    "tls-hello": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
}


@pytest.mark.parametrize("name", BAD)
def test_malformed_request_is_refused_and_the_connection_closed(gateway, upstream, name):
    client = gateway.client()
    client.send(BAD[name])
    response = client.response()
    assert response.status in (400, 501), response.body
    client.wait_closed()
    assert upstream.calls() == []


def test_pipelined_requests_are_answered_in_order(gateway):
    client = gateway.client()
    chat = request_bytes("POST", CHAT_PATH, JSON, HI)
    client.send(chat + request_bytes("GET", "/healthz") + chat + request_bytes("GET", "/nope"))
    assert [client.response().status for _ in range(4)] == [200, 200, 200, 404]


def test_head_that_comes_byte_by_byte(gateway):
    client = gateway.client()
    for byte in request_bytes("POST", CHAT_PATH, JSON, HI):
        client.send(bytes([byte]))
    assert client.response().body == CHAT


def test_connection_close_is_honoured(gateway):
    client = gateway.client()
    assert client.request("POST", CHAT_PATH, {**JSON, "Connection": "close"}, HI).body == CHAT
    assert client.wait_closed() == (b"", "closed")


def test_http_10_is_closed_after_the_answer(gateway):
    client = gateway.client()
    client.send(b"GET /healthz HTTP/1.0\r\nHost: h\r\n\r\n")
    response = client.response()
    assert response.body == b"ok"
    assert client.wait_closed()[1] == "closed"


def test_stream_to_http_10_is_not_chunked(gateway):
    client = gateway.client()
    body = HI[:-1] + b',"stream":true}'
    client.send(b"POST /v1/chat/completions HTTP/1.0\r\nHost: h\r\nContent-Length: %d\r\n\r\n"
                % len(body) + body)
    response = client.response()
    assert "transfer-encoding" not in response.headers
    assert response.body.endswith(b"data: [DONE]\n\n")


def test_expect_continue_is_answered(gateway):
    client = gateway.client()
    client.send(request_bytes("POST", CHAT_PATH, {
        **JSON, "Expect": "100-continue", "Content-Length": str(len(HI))}))
    assert client.reader.until(b"\r\n\r\n").startswith(b"HTTP/1.1 100 ")
    client.send(HI)
    assert client.response().body == CHAT


def test_half_closed_client_still_gets_its_answer_or_is_cancelled(gateway):
    client = gateway.client()
    client.send(request_bytes("GET", "/healthz"))
    client.sock.shutdown(socket.SHUT_WR)
    assert client.response().body == b"ok"


def test_connections_that_say_nothing_do_no_harm(gateway):
    clients = [gateway.client() for _ in range(50)]
    assert gateway.chat().status == 200
    for client in clients:
        client.reset()
    assert gateway.chat().status == 200
