"""Streams and large bodies: what passes when, what is held, what it costs in memory."""

import threading

import pytest

from support.checks import check_broken_stream, check_error, check_served_by, check_whole_stream
from support.client import request_bytes
from support.configs import FAILOVER, config, openai_config, provider
from support.gateway import memory_kib
from support.replies import (BANG, CHAT, DONE, HELLO, HI_STREAM, JSON, ROLE, STREAM, chat_reply,
                             chunk_event, cut, hang, reset, stream_pausing, stream_reply,
                             stream_then)
from support.waiting import until, wait

MIB = 1 << 20
ERROR = b'data: {"error":{"message":"overloaded","type":"server_error","code":"busy"}}\n\n'


def open_stream(gateway, body=HI_STREAM, **options):
    client = gateway.client(**options)
    client.send(request_bytes("POST", "/v1/chat/completions", JSON, body))
    return client


HELD = {"nothing": [], "role": [ROLE], "comment": [b": keep-alive\n\n"],
        "empty": [ROLE, chunk_event({"content": ""})]}


@pytest.mark.parametrize("ending", [cut, reset], ids=["cut", "reset"])
@pytest.mark.parametrize("held", HELD)
def test_failure_before_the_first_content_fails_over_unseen(serve_many, held, ending):
    gateway, _ = serve_many({"openai": [stream_then(HELD[held], ending)],
                             "openrouter": [stream_reply()]}, FAILOVER)
    response = gateway.stream()
    check_served_by(response, "openrouter")
    assert response.body == b"".join(STREAM)


def test_error_event_before_content_fails_over(serve_many):
    gateway, _ = serve_many({"openai": [stream_reply([ROLE, ERROR])],
                             "openrouter": [stream_reply()]}, FAILOVER)
    check_served_by(gateway.stream(), "openrouter")


def test_stall_before_content_fails_over(start, make_upstream):
    slow = provider(make_upstream(stream_then([ROLE], hang)), timeouts={"idle": "100ms"})
    gateway = start(config({"openai": slow, "openrouter": make_upstream()}, failover=FAILOVER,
                           models={"gpt-4o": ["openai", "openrouter"]}))
    response = gateway.stream()
    check_served_by(response, "openrouter")
    check_whole_stream(response)


def test_no_failover_after_the_first_content(serve_many):
    gateway, upstreams = serve_many({"openai": [stream_then([ROLE, HELLO], cut)],
                                     "openrouter": [stream_reply()]}, FAILOVER)
    response = gateway.stream()
    assert response.headers["x-butter-provider"] == "openai"
    check_broken_stream(response)
    assert upstreams["openrouter"].calls() == []


def test_stall_after_content_is_broken_off(start, make_upstream):
    upstream = make_upstream(stream_then([HELLO], hang))
    gateway = start(openai_config(provider(upstream, timeouts={"idle": "100ms"})))
    check_broken_stream(gateway.stream())
    wait(upstream.last.gone, "the upstream's end")


def test_error_event_after_content_is_relayed_and_not_finished(serve):
    response = serve(stream_reply([ROLE, HELLO, ERROR]))[0].stream()
    assert b"overloaded" in response.body
    assert b"[DONE]" not in response.body
    assert response.body.count(b'{"error"') == 1


def test_whole_json_answer_to_a_stream_request_passes(serve):
    response = serve(chat_reply())[0].stream()
    assert response.body == CHAT
    assert response.headers["content-type"] == "application/json"


def test_answer_with_a_length_that_is_cut_is_not_complete(serve):
    def handler(exchange):
        exchange.head(200, {**JSON, "Content-Length": str(len(CHAT))})
        exchange.send(CHAT[:50])
        exchange.close()
    gateway, _ = serve(handler)
    response = gateway.chat()
    if response.status == 200:
        assert not response.complete
    else:
        check_error(response, 502)


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_events_cut_anywhere_pass_unchanged(serve, size):
    whole = b"".join([ROLE, chunk_event({"content": "h\u00e9llo \U0001f9c8"}), BANG, DONE])
    pieces = [whole[i:i + size] for i in range(0, len(whole), size)]
    response = serve(stream_reply(pieces))[0].stream()
    assert response.body == whole
    assert response.complete


def test_many_events_in_one_piece(serve):
    events = [chunk_event({"content": str(n)}) for n in range(2000)]
    whole = b"".join(events + [BANG, DONE])
    assert serve(stream_reply([whole]))[0].stream().body == whole


def test_event_of_10_mib_passes(serve):
    big = chunk_event({"content": "x" * (10 * MIB)})
    response = serve(stream_reply([ROLE, big, BANG, DONE]))[0].stream()
    assert response.complete
    assert response.body == ROLE + big + BANG + DONE


def test_slow_reader_holds_the_upstream_back(serve):
    """Back-pressure: an upstream that could fill memory is held at a few buffers."""
    sent = []
    event = chunk_event({"content": "y" * 60000})

    def handler(exchange):
        exchange.keep = False
        exchange.start_stream()
        try:
            for _ in range(3000):  # 180 MB, should it all be taken.
                exchange.chunk(event)
                sent.append(1)
        except OSError:
            exchange.request.gone.set()

    gateway, upstream = serve(handler)
    before = gateway.resident_kib()
    client = open_stream(gateway, receive_buffer=16384)
    client.read_until(b"yyyy")
    settled(lambda: len(sent))
    assert gateway.resident_kib() - before < memory_kib(32 * 1024)
    assert len(sent) < 1000
    client.close()
    wait(upstream.last.gone, "the upstream's end")


def settled(value, still=40):
    """Waits until a value has stayed the same for `still` looks."""
    history = []

    def stays():
        history.append(value())
        return len(history) > still and len(set(history[-still:])) == 1
    until(stays, "a standstill", deadline=30)


def test_reader_that_never_reads_is_ended(start, make_upstream):
    def handler(exchange):
        exchange.keep = False
        exchange.start_stream()
        try:
            while not exchange.upstream.stopping:
                exchange.chunk(chunk_event({"content": "y" * 60000}))
        except OSError:
            exchange.request.gone.set()

    upstream = make_upstream(handler)
    settings = openai_config(upstream)
    settings["server"]["write_timeout"] = "300ms"
    gateway = start(settings)
    client = open_stream(gateway, receive_buffer=16384)
    request = upstream.wait_calls(1)[0]
    wait(request.gone, "the upstream's end")
    client.close()


def test_20_mb_upload_arrives_whole(serve):
    gateway, upstream = serve(chat_reply())
    body = b'{"model":"m","messages":[{"role":"user","content":"' + b"z" * (20 * MIB) + b'"}]}'
    before = gateway.resident_kib()
    assert gateway.chat(body).body == CHAT
    assert upstream.last.body == body
    assert gateway.peak_kib() - before < memory_kib(64 * 1024)
    upstream.clear()


def test_20_mb_native_upload_is_relayed_as_it_comes(start, make_upstream):
    """The first bytes reach the upstream before the last ones are sent."""
    first_bytes = threading.Event()
    received = bytearray()

    def handler(exchange):
        left = int(exchange.request.headers["content-length"])
        while len(received) < left:
            received.extend(exchange.read_some())
            first_bytes.set()
        exchange.reply(200, JSON, b"{}")

    upstream = make_upstream()
    upstream.on("/files", handler, read_body=False)
    gateway = start(openai_config(upstream))
    before = gateway.resident_kib()
    body = b"".join(b"%07d\n" % number for number in range(20 * MIB // 8))
    client = gateway.client()
    client.send(request_bytes("POST", "/native/openai/files", {
        "Content-Type": "application/octet-stream", "Content-Length": str(len(body))}))
    client.send(body[:MIB])
    wait(first_bytes, "the first bytes at the upstream")
    client.send(body[MIB:])
    assert client.response().status == 200
    assert received == body
    assert gateway.peak_kib() - before < memory_kib(16 * 1024)


@pytest.mark.parametrize("size", [1, 60_000, 70_000, 3_000_000])
def test_upload_on_a_new_connection_arrives_once(gateway, upstream, size):
    """Head and body come at once, while the connection to the upstream is still being made."""
    body = b"".join(b"%07d\n" % number for number in range(size // 8 + 1))[:size]
    response = gateway.post("/native/openai/files", body, {"Content-Type": "text/plain"})
    assert response.status == 200
    assert upstream.last.body == body


def test_20_mb_answer_does_not_pile_up(serve):
    large = b'{"pad":"' + b"x" * (20 * MIB) + b'"}'

    def handler(exchange):
        exchange.reply(200, JSON, large)
    gateway, _ = serve(handler)
    before = gateway.resident_kib()
    assert gateway.chat().body == large
    assert gateway.peak_kib() - before < memory_kib(16 * 1024)


def test_many_streams_at_once(serve):
    go_on = threading.Event()
    gateway, _ = serve(stream_pausing(go_on))
    clients = [open_stream(gateway) for _ in range(100)]
    for client in clients:
        client.read_until(b"Hello")
    go_on.set()
    for client in clients:
        client.read_until(b"0\r\n\r\n")


def test_shutdown_lets_a_stream_finish(serve):
    go_on = threading.Event()
    gateway, _ = serve(stream_pausing(go_on))
    client = open_stream(gateway)
    client.read_until(b"Hello")
    gateway.signal(15)
    gateway.wait_log("shutting down...")
    go_on.set()
    assert b"[DONE]" in client.read_until(b"0\r\n\r\n")
    assert client.wait_closed() == (b"", "closed")
    client.close()
    assert gateway.wait_exit() == 0


USAGE = b'data: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2}}\n\n'


@pytest.mark.parametrize("asked", [False, True])
def test_usage_is_asked_for_and_shown_to_who_asked(serve, asked):
    gateway, upstream = serve(stream_reply([ROLE, HELLO, BANG, USAGE, DONE]))
    option = b',"stream_options":{"include_usage":true}}'
    body = HI_STREAM[:-1] + option
    response = gateway.chat(body if asked else HI_STREAM)
    assert response.body == ROLE + HELLO + BANG + (USAGE if asked else b"") + DONE
    assert upstream.last.body == body


def test_who_speaks_of_stream_options_is_left_alone(serve):
    gateway, upstream = serve(stream_reply())
    body = HI_STREAM[:-1] + b',"stream_options":{"include_usage":false}}'
    assert gateway.chat(body).body == b"".join(STREAM)
    assert upstream.last.body == body
