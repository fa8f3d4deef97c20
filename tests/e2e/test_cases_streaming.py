"""Cases 50 to 60: what the caller of a stream gets."""

import threading

import pytest

from support.checks import check_broken_stream, check_error, check_whole_stream
from support.client import Closed, request_bytes
from support.configs import FAILOVER, openai_config
from support.replies import (BANG, CHAT, DONE, HELLO, HI_STREAM, JSON, ROLE, STREAM, by_stream,
                             chat_reply, chunk_event, cut, mock_error, reset, stream_reply,
                             stream_then)
from support.waiting import wait


def send_stream(gateway, body=HI_STREAM):
    client = gateway.client()
    client.send(request_bytes("POST", "/v1/chat/completions", JSON, body))
    return client


def test_case_050_stream_ends_with_done_once(serve):
    response = serve(stream_reply())[0].stream()
    check_whole_stream(response)
    assert response.headers["content-type"] == "text/event-stream"
    assert response.headers["cache-control"] == "no-cache"
    assert b"Hello" in response.body
    assert response.body == b"".join(STREAM)


def test_case_051_first_bytes_come_before_the_upstream_ends(serve):
    go_on = threading.Event()

    def handler(exchange):
        exchange.start_stream()
        exchange.chunk(ROLE)
        exchange.chunk(HELLO)
        exchange.pause(go_on)
        exchange.chunk(BANG)
        exchange.chunk(DONE)
        exchange.end()

    gateway, _ = serve(handler)
    client = send_stream(gateway)
    assert b"Hello" in client.read_until(b"Hello")
    go_on.set()
    assert b"[DONE]" in client.read_until(b"0\r\n\r\n")


@pytest.mark.parametrize("sent", [[], [ROLE], [ROLE, HELLO]], ids=["head", "role", "content"])
@pytest.mark.parametrize("leave", ["close", "reset"])
def test_case_052_client_that_leaves_ends_the_upstream(serve, sent, leave):
    def wait_for_gateway(exchange):
        exchange.keep = False
        exchange.wait_gone()

    gateway, upstream = serve(stream_then(sent, wait_for_gateway))
    client = send_stream(gateway)
    request = upstream.wait_calls(1)[0]
    if HELLO in sent:
        client.read_until(b"Hello")
    getattr(client, leave)()
    wait(request.gone, "the upstream's end")


@pytest.mark.parametrize("status", [400, 401, 429, 500])
def test_case_053_error_before_the_stream_is_json(serve, status):
    response = serve(mock_error(status))[0].stream()
    assert response.status == status
    assert response.headers["content-type"] == "application/json"
    assert response.error["message"] == "mock error"


@pytest.mark.parametrize("spelling", [b'"stream" : true', b'"stream":\n true', b'"stream":  true',
                                      b'"stream":\ttrue'])
def test_case_054_any_legal_spelling_of_stream_streams(serve, spelling):
    gateway, _ = serve(by_stream)
    check_whole_stream(gateway.stream(b'{"model":"m","messages":[],%s}' % spelling))


@pytest.mark.parametrize("text", [
    b'{"model":"m","messages":[],"metadata":{"stream":true}}',
    b'{"model":"m","messages":[{"role":"user","content":"\\"stream\\":true"}]}',
    b'{"model":"m","stream":false,"tools":[{"stream": true}]}',
    b'{"model":"m","stream":null,"messages":[]}',
])
def test_case_055_nested_stream_does_not_stream(serve, text):
    response = serve(chat_reply())[0].chat(text)
    assert response.headers["content-type"] == "application/json"
    assert response.body == CHAT


@pytest.mark.parametrize("ending", [cut, reset])
def test_case_056_broken_stream_never_looks_finished(serve, ending):
    gateway, _ = serve(stream_then([ROLE, HELLO], ending))
    response = gateway.stream()
    assert b"Hello" in response.body
    check_broken_stream(response)


def test_case_056_cut_inside_an_event_is_not_relayed_as_one(serve):
    gateway, _ = serve(stream_then([ROLE, HELLO, HELLO[:25]], cut))
    response = gateway.stream()
    last = check_broken_stream(response)
    assert last.count("data:") == 1, "the error hangs on to half an event"


def test_case_057_clean_end_without_finish_is_incomplete(serve):
    gateway, _ = serve(stream_reply([ROLE, HELLO]))
    check_broken_stream(gateway.stream())


def test_case_057_missing_done_after_finish_is_tolerated(serve):
    response = serve(stream_reply([ROLE, HELLO, BANG]))[0].stream()
    assert response.complete
    assert b'"error"' not in response.body
    assert b"!" in response.body


def test_case_058_event_and_data_lines_stay_together(serve):
    named = b"event: note\nid: 7\n" + chunk_event({"content": "a"})
    response = serve(stream_reply([named, BANG, DONE]))[0].stream()
    assert response.body == named + BANG + DONE


def test_case_058_other_line_ends_and_comments_pass_unchanged(serve):
    events = [b": OPENROUTER PROCESSING\n\n", HELLO.replace(b"\n", b"\r\n"),
              BANG.replace(b"data: ", b"data:"), b"data:[DONE]\n\n"]
    response = serve(stream_reply(events))[0].stream()
    assert response.complete
    assert response.body == b"".join(events)


def test_case_059_stream_outlives_the_write_timeout(start, make_upstream):
    def handler(exchange):
        exchange.start_stream()
        for number in range(8):
            exchange.chunk(chunk_event({"content": str(number)}))
            threading.Event().wait(0.1)  # The pace of the case, not a wait for something.
        exchange.chunk(BANG + DONE)
        exchange.end()

    settings = openai_config(make_upstream(handler))
    settings["server"]["write_timeout"] = "500ms"
    response = start(settings).stream()
    check_whole_stream(response)
    assert len(response.data()) == 10


def test_case_060_stream_is_tried_again_after_429(serve):
    gateway, upstream = serve(mock_error(429), stream_reply(), failover=FAILOVER)
    check_whole_stream(gateway.stream())
    assert len(upstream.calls()) == 2


def test_stream_failing_before_its_first_content_is_an_error_status(serve):
    gateway, _ = serve(stream_then([ROLE], cut))
    check_error(gateway.stream(), 502, starts="openai request failed: ")


def test_nothing_follows_the_end(serve):
    gateway, _ = serve(stream_reply([HELLO, BANG, DONE, chunk_event({"content": "ghost"})]))
    response = gateway.stream()
    check_whole_stream(response)
    assert b"ghost" not in response.body


def test_client_sees_a_reset_or_close_but_no_last_chunk(serve):
    gateway, _ = serve(stream_then([ROLE, HELLO], reset))
    client = send_stream(gateway)
    client.read_until(b"\r\n\r\n")
    with pytest.raises(Closed):
        client.read_until(b"0\r\n\r\n")
