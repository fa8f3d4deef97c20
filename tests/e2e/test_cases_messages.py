"""Cases 111 to 123: callers of Anthropic's API, on Anthropic, on Bedrock and on other vendors."""

import json

import pytest

from support import sim_bedrock
from support.checks import check_served_by
from support.configs import FAILOVER, config, provider
from support.replies import by_stream, chat_reply, json_reply, mock_error, stream_reply
from support.sim_bedrock import SimBedrock

ASKED = b'{ "model":"claude-3", "max_tokens":9,"messages":[{"role":"user","content":"hello"}] }'
STREAMED = ASKED.replace(b'{ "model"', b'{ "stream":true,"model"')
MESSAGE = (b'{ "id":"msg_test","type":"message","role":"assistant","content":[{"type":"text","text":"Hello!"}],'
           b'"model":"claude-3","stop_reason":"end_turn","usage":{"input_tokens":10,"output_tokens":5} }')
EVENTS = [b'event: message_start\ndata: {"type":"message_start", "message":{"id":"msg_s"}}\n\n',
          b'event: ping\ndata: {"type": "ping"}\n\n',
          b'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,'
          b'"delta":{"type":"text_delta","text":"Hello!"}}\n\n',
          b'event: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":"end_turn"}}\n\n',
          b'event: message_stop\ndata: {"type":"message_stop"}\n\n']
CLIENT = {"X-Api-Key": "sk-client-key"}
NOW_ON_BEDROCK = "us.anthropic.claude-sonnet-4-20250514-v1:0"


def ask(gateway, body=ASKED, headers=()):
    return gateway.post("/v1/messages", body, headers)


@pytest.fixture
def serve_anthropic(start, make_upstream):
    """A gateway with `anthropic` as the default, and its upstream."""
    def begin(*handlers, **settings):
        upstream = make_upstream(*handlers, path="/messages")
        gateway = start(config({"anthropic": provider(upstream, **settings)}, default="anthropic"))
        return gateway, upstream
    return begin


@pytest.fixture
def serve_route(start, make_upstream):
    """A gateway whose claude-3 goes to these providers, in order; and their upstreams."""
    def begin(providers, **more):
        upstreams = {name: make_upstream(handler, path="/messages" if name == "anthropic" else
                                         "/chat/completions") for name, handler in providers.items()}
        return start(config(upstreams, models={"claude-3": list(providers)}, **more)), upstreams
    return begin


@pytest.fixture
def serve_bedrock(start):
    """A gateway with Bedrock's simulator as the default provider, and others before it in a route."""
    made = []

    def begin(others=None, failover=None, models=None, **settings):
        sim = SimBedrock()
        made.append(sim)
        bedrock = provider(sim, key=None, region=sim_bedrock.REGION, **settings)
        key_id, secret, _ = sim_bedrock.KEYS
        gateway = start(config({**(others or {}), "bedrock": bedrock}, default="bedrock", failover=failover,
                               models=models),
                        env={"AWS_ACCESS_KEY_ID": key_id, "AWS_SECRET_ACCESS_KEY": secret})
        return gateway, sim

    yield begin
    for sim in made:
        sim.stop()
        assert not sim.upstream.errors, sim.upstream.errors
        assert not sim.refused, sim.refused


def check_anthropic_error(response, status, kind, message):
    assert response.status == status, response.body
    body = response.json()
    assert (body["type"], body["error"]) == ("error", {"type": kind, "message": message})


def test_case_111_bytes_pass_both_ways(serve_anthropic):
    gateway, upstream = serve_anthropic(json_reply(MESSAGE))
    response = ask(gateway)
    assert (response.status, response.body) == (200, MESSAGE)
    assert upstream.last.line == "POST /messages HTTP/1.1"
    assert upstream.last.body == ASKED


def test_case_112_events_pass_unchanged(serve_anthropic):
    gateway, upstream = serve_anthropic(stream_reply(EVENTS))
    response = ask(gateway, STREAMED)
    assert response.headers["content-type"] == "text/event-stream"
    assert response.body == b"".join(EVENTS)
    assert upstream.last.body == STREAMED


@pytest.mark.parametrize("mode, key", [("passthrough", "sk-client-key"), ("stored", "test-key")])
def test_case_113_and_114_whose_key_goes_up(serve_anthropic, mode, key):
    gateway, upstream = serve_anthropic(json_reply(MESSAGE), credential_mode=mode)
    assert ask(gateway, headers=CLIENT).status == 200
    assert upstream.last.headers.all("x-api-key") == [key]


def test_case_116_refusal_of_anthropic_passes(serve_anthropic):
    error = b'{"type":"error", "error":{"type":"rate_limit_error","message":"Too many requests"}}'
    gateway, _ = serve_anthropic(json_reply(error, 429))
    response = ask(gateway)
    assert (response.status, response.body) == (429, error)


def test_case_116_refusal_of_others_has_anthropics_shape(serve_route):
    gateway, _ = serve_route({"groq": mock_error(429)})
    check_anthropic_error(ask(gateway), 429, "rate_limit_error",
                          "provider error (status 429): mock error")


def test_case_117_failover_from_anthropic_to_bedrock(serve_bedrock, make_upstream):
    upstream = make_upstream(mock_error(503), path="/messages")
    gateway, sim = serve_bedrock({"anthropic": upstream}, failover=FAILOVER, model_map={
        "claude-3": NOW_ON_BEDROCK}, models={"claude-3": ["anthropic", "bedrock"]})
    response = ask(gateway)
    check_served_by(response, "bedrock")
    assert response.json()["content"][0]["text"] == "Hello from Claude!"
    assert "anthropic_version" in sim.bodies[-1]


def test_case_118_who_speaks_the_dialect_goes_first(serve_route):
    gateway, upstreams = serve_route({"openrouter": chat_reply(), "anthropic": json_reply(MESSAGE)})
    response = ask(gateway)
    check_served_by(response, "anthropic")
    assert response.body == MESSAGE
    assert upstreams["openrouter"].calls() == []


def test_case_118_who_must_be_translated_for_comes_after(serve_route):
    gateway, _ = serve_route({"openrouter": chat_reply(), "anthropic": mock_error(503)}, failover=FAILOVER)
    response = ask(gateway)
    check_served_by(response, "openrouter")
    assert response.json()["content"] == [{"type": "text", "text": "Hello!"}]


@pytest.mark.parametrize("body", [ASKED, STREAMED], ids=["whole", "streamed"])
def test_case_119_groq_answers_by_translation(serve_route, body):
    gateway, upstreams = serve_route({"groq": by_stream})
    response = ask(gateway, body)
    check_served_by(response, "groq")
    assert upstreams["groq"].last.line == "POST /chat/completions HTTP/1.1"
    sent = json.loads(upstreams["groq"].last.body)
    assert (sent["messages"], sent["max_completion_tokens"]) == ([{"role": "user", "content": "hello"}], 9)
    if body is ASKED:
        assert response.json()["content"] == [{"type": "text", "text": "Hello!"}]
    else:
        kinds = [json.loads(data)["type"] for data in response.data()]
        assert (kinds[0], kinds[-1]) == ("message_start", "message_stop")


@pytest.mark.parametrize("model, sent", [
    ("claude-3-5-sonnet-20241022", "anthropic.claude-3-5-sonnet-20241022-v2%3A0"),
    ("claude-opus-4-20250514", "anthropic.claude-opus-4-20250514-v1%3A0"),
    ("x", "anthropic.x-v1%3A0"), ("mine", "eu.anthropic.claude-mine")])
def test_case_120_model_ids_of_bedrock(serve_bedrock, model, sent):
    gateway, sim = serve_bedrock(model_map={"mine": "eu.anthropic.claude-mine"})
    assert ask(gateway, ASKED.replace(b"claude-3", model.encode())).status == 200
    assert sim.upstream.last.target == f"/model/{sent}/invoke"


def test_case_121_stream_of_bedrock(serve_bedrock):
    gateway, sim = serve_bedrock()
    response = ask(gateway, STREAMED.replace(b"claude-3", b"claude-opus-4-20250514"))
    assert response.headers["content-type"].startswith("text/event-stream")
    path = "/model/anthropic.claude-opus-4-20250514-v1%3A0/invoke-with-response-stream"
    assert sim.upstream.last.target == path
    for event in response.events():
        name, data = event.split("\n")
        assert name == "event: " + json.loads(data.removeprefix("data: "))["type"]
    kinds = [json.loads(data)["type"] for data in response.data()]
    assert (kinds[0], kinds[-1]) == ("message_start", "message_stop")


@pytest.mark.parametrize("body", [ASKED, STREAMED], ids=["whole", "streamed"])
def test_case_122_body_for_bedrock(serve_bedrock, body):
    gateway, sim = serve_bedrock()
    assert ask(gateway, body).status == 200
    assert sim.bodies[-1] == {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 9,
                              "messages": [{"role": "user", "content": "hello"}]}


def test_case_123_large_answer_passes_whole(serve_anthropic):
    large = b'{"pad":"' + b"x" * (17 << 20) + b'"}'
    gateway, _ = serve_anthropic(json_reply(large))
    response = ask(gateway)
    assert response.complete
    assert response.body == large
