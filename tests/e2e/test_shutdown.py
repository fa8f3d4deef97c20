"""The graceful stop: what is under way ends, then the rest is told, and the exit code says which."""

import signal
import threading
import time

import pytest

from support.checks import check_broken_stream, check_error, check_whole_stream
from support.client import Client, request_bytes
from support.configs import openai_config
from support.replies import BANG, CHAT, DONE, HELLO, HI, HI_STREAM, JSON, ROLE, hang
from support.waiting import until

CHAT_PATH = "/v1/chat/completions"


@pytest.fixture
def stopping(start, make_upstream):
    """A gateway with this handler upstream, and this long for its requests to end."""
    def begin(handler, shutdown_timeout="10s"):
        upstream = make_upstream(handler)
        settings = openai_config(upstream)
        settings["server"]["shutdown_timeout"] = shutdown_timeout
        return start(settings), upstream
    return begin


def send(gateway, body, headers=JSON):
    client = gateway.client()
    client.send(request_bytes("POST", CHAT_PATH, headers, body))
    return client


def refuses(gateway):
    try:
        Client(gateway.address).close()
    except ConnectionRefusedError:
        return True
    return False


def paused(go_on, *events):
    """Sends the events, waits, and ends the stream as it should."""
    def handler(exchange):
        exchange.start_stream()
        for event in events:
            exchange.chunk(event)
        exchange.pause(go_on)
        exchange.chunk(BANG + DONE)
        exchange.end()
    return handler


def test_requests_under_way_end_as_they_should(stopping):
    go_on = threading.Event()

    def handler(exchange):
        streams = b'"stream":true' in exchange.request.body
        if streams:
            paused(go_on, ROLE, HELLO)(exchange)
        else:
            exchange.pause(go_on)
            exchange.reply(200, JSON, CHAT)

    gateway, upstream = stopping(handler)
    begun, waits = send(gateway, HI_STREAM), send(gateway, HI)
    begun.reader.until(b"\r\n\r\n")
    until(lambda: len(upstream.calls()) == 2, "both requests")
    gateway.signal(signal.SIGTERM)
    until(lambda: refuses(gateway), "the end of listening")
    assert gateway.process.poll() is None
    go_on.set()
    assert waits.response().body == CHAT
    rest, how = begun.wait_closed()
    assert b"[DONE]" in rest and rest.endswith(b"0\r\n\r\n"), rest
    assert how == "closed"
    assert gateway.wait_exit() == 0


def test_readyz_says_no_and_the_connection_closes(stopping):
    gateway, upstream = stopping(hang)
    open_one, busy = gateway.client(), send(gateway, HI)
    assert open_one.request("GET", "/readyz").status == 200
    until(upstream.calls, "the request")
    gateway.signal(signal.SIGTERM)
    gateway.wait_log("shutting down...")
    answer = open_one.request("GET", "/readyz")
    assert (answer.status, answer.headers["connection"]) == (503, "close")
    assert open_one.wait_closed() == (b"", "closed")
    busy.close()
    assert gateway.wait_exit() == 0


def test_what_does_not_end_in_time_is_told(stopping):
    gateway, upstream = stopping(paused(threading.Event(), ROLE, HELLO), shutdown_timeout="300ms")
    streams = send(gateway, HI_STREAM)
    head = streams.reader.until(b"Hello")
    assert head.startswith(b"HTTP/1.1 200 ")
    held = send(gateway, HI_STREAM)
    until(lambda: len(upstream.calls()) == 2, "both requests")
    half = gateway.client()
    half.send(request_bytes("POST", CHAT_PATH, {**JSON, "Content-Length": "100"}) + b'{"model"')
    gateway.signal(signal.SIGTERM)

    rest, how = streams.wait_closed()
    assert b'data: {"error":' in rest and b"shutting down" in rest, rest
    assert b"[DONE]" not in rest and not rest.endswith(b"0\r\n\r\n"), rest
    check_broken_stream(held.response())
    answer = half.response()
    check_error(answer, 503, contains="shutting down", code="unavailable")
    assert answer.headers["connection"] == "close"
    assert gateway.wait_exit() == 1
    assert gateway.log_lines("shutdown error")


def test_what_has_not_begun_in_time_is_503(stopping):
    gateway, upstream = stopping(hang, shutdown_timeout="300ms")
    waits, headless = send(gateway, HI), gateway.client()
    headless.send(b"POST /v1/chat/completions HTTP/1.1\r\nHost:")
    until(upstream.calls, "the request")
    gateway.signal(signal.SIGTERM)
    answer = waits.response()
    check_error(answer, 503, contains="shutting down", code="unavailable")
    assert answer.headers["x-should-retry"] == "true"
    assert headless.response().status == 503
    assert gateway.wait_exit() == 1


def test_a_second_signal_stops_at_once(stopping):
    gateway, upstream = stopping(hang, shutdown_timeout="10m")
    client = send(gateway, HI)
    until(upstream.calls, "the request")
    gateway.signal(signal.SIGTERM)
    gateway.wait_log("shutting down...")
    began = time.monotonic()
    gateway.signal(signal.SIGINT)
    assert gateway.wait_exit() == 1
    assert time.monotonic() - began < 2
    assert client.wait_closed()[0] == b""


def test_a_reload_is_no_second_signal(stopping):
    go_on = threading.Event()
    gateway, upstream = stopping(paused(go_on, ROLE, HELLO))
    client = send(gateway, HI_STREAM)
    until(upstream.calls, "the request")
    gateway.signal(signal.SIGTERM)
    gateway.wait_log("shutting down...")
    gateway.signal(signal.SIGHUP)
    until(lambda: refuses(gateway), "the end of listening")
    go_on.set()
    check_whole_stream(client.response())
    assert gateway.wait_exit() == 0
