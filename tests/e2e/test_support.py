"""The tests' own tools: the raw client against the fake upstream, with no gateway between."""

import threading

import pytest

from support.client import Client, Closed, request_bytes
from support.prometheus import Metrics
from support.replies import (CHAT, HELLO, HI, HI_STREAM, JSON, STREAM, cut, hang, mock_error, reset,
                             stream_then)
from support.waiting import wait

PATH = "/chat/completions"


@pytest.fixture
def client(upstream):
    with Client(upstream.address) as connected:
        yield connected


def test_request_is_recorded_exactly(upstream, client):
    assert client.request("POST", PATH, [("X-A", "1"), ("x-a", "2")], HI).body == CHAT
    request = upstream.last
    assert request.line == f"POST {PATH} HTTP/1.1"
    assert request.headers.lines[1:3] == [("X-A", "1"), ("x-a", "2")]
    assert request.body == HI
    assert request.connection == 1


def test_script_is_taken_in_order_and_the_last_stays(upstream, client):
    upstream.on(PATH, mock_error(503), mock_error(429))
    assert [client.request("POST", PATH, (), HI).status for _ in range(3)] == [503, 429, 429]


def test_stream_is_read_chunk_by_chunk(client):
    response = client.request("POST", PATH, JSON, HI_STREAM)
    assert response.complete
    assert response.chunks == STREAM
    assert response.data()[-1] == "[DONE]"


@pytest.mark.parametrize("ending, closed", [(cut, "closed"), (reset, "reset")])
def test_broken_framing_is_seen(upstream, client, ending, closed):
    upstream.on(PATH, stream_then([HELLO], ending))
    response = client.request("POST", PATH, JSON, HI_STREAM)
    assert not response.complete
    assert response.closed == closed


def test_client_that_leaves_is_noticed(upstream, client):
    upstream.on(PATH, hang)
    client.send(request_bytes("POST", PATH, JSON, HI))
    request = upstream.wait_calls(1)[0]
    client.close()
    wait(request.gone, "the end")


def test_pause_is_ended_by_an_event(upstream, client):
    go_on = threading.Event()

    def handler(exchange):
        exchange.start_stream()
        exchange.chunk(b"first")
        exchange.pause(go_on)
        exchange.end()

    upstream.on(PATH, handler)
    client.send(request_bytes("POST", PATH, JSON, HI))
    client.read_until(b"first\r\n")
    go_on.set()
    assert client.read_until(b"0\r\n\r\n") == b"0\r\n\r\n"


def test_closed_connection_is_an_exception(upstream, client):
    upstream.stop()
    with pytest.raises((Closed, OSError)):
        client.request("GET", "/x")
        client.request("GET", "/x")


def test_prometheus_text_is_parsed():
    metrics = Metrics('# HELP a b c\n# TYPE a counter\na{x="1",y="q\\"z"} 2\na{x="2"} 3\n')
    assert metrics.value("a") == 5
    assert metrics.value("a", x="2") == 3


@pytest.mark.parametrize("text", ["a{x=1} 2\n", "a 2", "9a 1\n", "# TYPE a b\n# TYPE a b\n"])
def test_prometheus_mistakes_are_found(text):
    with pytest.raises(AssertionError):
        Metrics(text)
