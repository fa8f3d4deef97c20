"""GET /metrics: the names that dashboards use, the counts, the bounds."""

import json

import pytest

from support.configs import config
from support.prometheus import Metrics
from support.replies import (BANG, DONE, HELLO, by_stream, chat_reply, cut, json_reply, mock_error,
                             stream_reply)
from support.waiting import until

ON = {"plugins": {"metrics": {}}}


def scrape(gateway):
    response = gateway.get("/metrics")
    assert response.status == 200
    assert response.headers["content-type"].startswith("text/plain; version=0.0.4")
    return Metrics(response.text)


def wait_value(gateway, count, name, **labels):
    """Workers count on their own: a sum may come a moment after the answer."""
    until(lambda: scrape(gateway).value(name, **labels) == count, f"{name}{labels} == {count}")


def test_requests_are_counted_with_their_labels(serve):
    gateway, _ = serve(by_stream, **ON)
    for _ in range(3):
        gateway.chat()
    gateway.stream()
    common = {"provider": "openai", "http_status_code": "200"}
    wait_value(gateway, 3, "butter_request_total", streaming="false", **common)
    wait_value(gateway, 1, "butter_request_total", streaming="true", **common)
    assert scrape(gateway).types["butter_request_total"] == "counter"


@pytest.mark.parametrize("status", [400, 429, 500])
def test_errors_are_counted(serve, status):
    gateway, _ = serve(mock_error(status), **ON)
    gateway.chat()
    wait_value(gateway, 1, "butter_request_errors_total", http_status_code=str(status))


def test_errors_of_ours_are_counted(serve):
    gateway, _ = serve(chat_reply(), **ON)
    gateway.chat(b"{bad")
    wait_value(gateway, 1, "butter_request_errors_total", http_status_code="400")


def test_embeddings_and_native_are_counted(serve):
    gateway, _ = serve(chat_reply(), **ON)
    gateway.post("/v1/embeddings", b'{"model":"e","input":"x"}')
    gateway.get("/native/openai/x")
    wait_value(gateway, 2, "butter_request_total", provider="openai")


def test_tokens_are_counted_streamed_or_not(serve):
    usage = {"prompt_tokens": 10, "completion_tokens": 5,
             "prompt_tokens_details": {"cached_tokens": 4},
             "completion_tokens_details": {"reasoning_tokens": 3}}

    def answer(exchange):
        if b'"stream":true' in exchange.request.body:
            last = b"data: " + json.dumps({"choices": [], "usage": usage}).encode() + b"\n\n"
            return stream_reply([HELLO, BANG, last, DONE])(exchange)
        return json_reply({"choices": [], "usage": usage})(exchange)

    gateway, _ = serve(answer, **ON)
    gateway.chat()
    gateway.stream()
    for kind, count in {"input": 20, "output": 10, "cached": 8, "reasoning": 6}.items():
        wait_value(gateway, count, "butter_tokens_total", provider="openai", type=kind)


def test_duration_is_a_sound_histogram(serve):
    gateway, _ = serve(chat_reply(), **ON)
    for _ in range(5):
        gateway.chat()
    wait_value(gateway, 5, "butter_request_duration_seconds_count")
    metrics = scrape(gateway)
    assert metrics.types["butter_request_duration_seconds"] == "histogram"
    buckets = [(float(labels["le"]), value) for name, labels, value in metrics.samples
               if name == "butter_request_duration_seconds_bucket"
               and labels.get("provider") == "openai"]
    assert buckets == sorted(buckets)
    assert [count for _, count in buckets] == sorted(count for _, count in buckets)
    assert buckets[-1] == (float("inf"), 5)
    assert buckets[0][0] < 0.1, "buckets that can tell requests apart"


def test_model_names_of_callers_do_not_make_series(serve):
    gateway, _ = serve(mock_error(404), **ON)
    for number in range(100):
        gateway.chat(b'{"model":"invented-%d","messages":[]}' % number)
    wait_value(gateway, 100, "butter_request_total")
    assert len(scrape(gateway).label_values("butter_request_total", "model")) < 3


def test_model_names_that_a_provider_answers_are_bounded(serve):
    gateway, _ = serve(chat_reply(), **ON)
    with gateway.client() as client:
        for number in range(1500):
            body = b'{"model":"invented-%d","messages":[]}' % number
            client.request("POST", "/v1/chat/completions", (), body)
    wait_value(gateway, 1500, "butter_request_total")
    assert len(scrape(gateway).label_values("butter_request_total", "model")) < 1000


def test_configured_model_is_a_label(start, make_upstream):
    gateway = start(config({"openai": make_upstream()}, models={"gpt-4o": ["openai"]}, **ON))
    gateway.chat()
    wait_value(gateway, 1, "butter_request_total", model="gpt-4o")


def test_broken_stream_is_an_error(serve):
    gateway, _ = serve(cut, **ON)
    gateway.stream()
    wait_value(gateway, 1, "butter_request_errors_total")


def test_every_family_has_help_and_type(serve):
    gateway, _ = serve(chat_reply(), **ON)
    gateway.chat()
    metrics = scrape(gateway)
    for name in metrics.names():
        family = name if name in metrics.types else name.rsplit("_", 1)[0]
        assert family in metrics.types, name
        assert metrics.helps.get(family), name


def test_overhead_is_measured(serve):
    gateway, _ = serve(chat_reply(), **ON)
    gateway.chat()
    until(lambda: [name for name in scrape(gateway).names() if "overhead" in name],
          "an overhead metric")
