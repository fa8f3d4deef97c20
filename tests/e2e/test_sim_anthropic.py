"""The simulator of Anthropic's API refuses what Anthropic refuses, and the official SDK reads it."""

import json

import anthropic
import pytest

from support.client import Client
from support.sim_anthropic import SimAnthropic
from support.sim_anthropic_answers import TEXT
from support.simulator import KEY

USER = {"role": "user", "content": "hello"}
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
WEATHER = {"name": "weather", "description": "Weather", "input_schema": SCHEMA}
TIME = {"name": "time", "input_schema": {"type": "object"}}
USE = {"type": "tool_use", "id": "t1", "name": "weather", "input": {}}
RESULT = {"type": "tool_result", "tool_use_id": "t1", "content": "sunny"}
THINK = {"type": "enabled", "budget_tokens": 1024}


@pytest.fixture
def sim():
    made = SimAnthropic()
    yield made
    made.stop()
    assert not made.upstream.errors, made.upstream.errors


@pytest.fixture
def post(sim):
    def send(body, headers=()):
        given = {"content-type": "application/json", "x-api-key": KEY, "anthropic-version": "2023-06-01",
                 **dict(headers)}
        with Client(sim.upstream.address) as client:
            text = body if isinstance(body, bytes) else json.dumps(body).encode()
            return client.request("POST", "/v1/messages", [(k, v) for k, v in given.items() if v], text)
    return send


@pytest.fixture
def sdk(sim):
    with anthropic.Anthropic(base_url=sim.url, api_key=KEY, max_retries=0) as client:
        yield client


def asked(*messages, **more):
    return {"model": "claude-sim-4-5", "max_tokens": 2000, "messages": list(messages) or [USER], **more}


def turn(role, *blocks):
    return {"role": role, "content": list(blocks)}


REFUSED = {
    "no model": ({"max_tokens": 1, "messages": [USER]}, "model: Field required"),
    "no max_tokens": ({"model": "m", "messages": [USER]}, "max_tokens: Field required"),
    "unknown field": (asked(seed=1), "seed: Extra inputs are not permitted"),
    "no messages": ({**asked(), "messages": []}, "at least one message"),
    "role": (asked({"role": "system", "content": "a"}), "'user' or 'assistant'"),
    "alternation": (asked(USER, USER), "roles must alternate"),
    "empty content": (asked({"role": "user", "content": ""}), "non-empty content"),
    "empty text": (asked(turn("user", {"type": "text", "text": ""})), "must be non-empty"),
    "unknown block": (asked(turn("user", {"type": "image_url"})), "Input tag does not match"),
    "unknown member": (asked(turn("user", {"type": "text", "text": "a", "x": 1})), "Extra inputs"),
    "image type": (asked(turn("user", {"type": "image", "source": {
        "type": "base64", "media_type": "image/tiff", "data": "QQ=="}})), "media_type"),
    "base64": (asked(turn("user", {"type": "image", "source": {
        "type": "base64", "media_type": "image/png", "data": "%"}})), "invalid base64"),
    "image of an assistant": (asked(USER, turn("assistant", {"type": "image", "source": {
        "type": "url", "url": "u"}}), USER), "not permitted in assistant"),
    "call without result": (asked(USER, turn("assistant", USE), USER), "without `tool_result` blocks"),
    "call at the end": (asked(USER, turn("assistant", USE)), "without `tool_result` blocks"),
    "result without call": (asked(turn("user", RESULT)), "unexpected `tool_use_id`"),
    "result behind text": (asked(USER, turn("assistant", USE), turn(
        "user", {"type": "text", "text": "a"}, RESULT)), "must come first"),
    "two results": (asked(USER, turn("assistant", USE), turn("user", RESULT, RESULT)), "single result"),
    "call id": (asked(USER, turn("assistant", {**USE, "id": "a b"}), USER), "match pattern"),
    "foreign signature": (asked(USER, turn("assistant", {
        "type": "thinking", "thinking": "t", "signature": "x"}), USER), "Invalid `signature`"),
    "tool without schema": (asked(tools=[{"name": "f"}]), "input_schema: Field required"),
    "tool schema": (asked(tools=[{"name": "f", "input_schema": {}}]), "should be 'object'"),
    "tool type": (asked(tools=[{"type": "function", "function": {}}]), "does not match"),
    "choice without tools": (asked(tool_choice={"type": "auto"}), "while providing tools"),
    "choice of another": (asked(tools=[WEATHER], tool_choice={"type": "tool", "name": "x"}), "not found"),
    "temperature": (asked(temperature=1.5), "range: 0..1"),
    "blank stop": (asked(stop_sequences=["\n"]), "non-whitespace"),
    "tier": (asked(service_tier="flex"), "service_tier"),
    "metadata": (asked(metadata={"k": "v"}), "metadata.k: Extra"),
    "small budget": (asked(thinking={**THINK, "budget_tokens": 10}), "greater than or equal to 1024"),
    "large budget": (asked(thinking={**THINK, "budget_tokens": 2000}), "`max_tokens` must be greater"),
    "temperature of a thought": (asked(thinking=THINK, temperature=0.5), "may only be set to 1"),
    "forced and thinking": (asked(thinking=THINK, tools=[WEATHER], tool_choice={"type": "any"}), "forces"),
    "prefill and thinking": (asked(USER, {"role": "assistant", "content": "a"}, thinking=THINK), "prefill"),
    "loop without thought": (asked(USER, turn("assistant", USE), turn("user", RESULT), thinking=THINK,
                                   tools=[WEATHER]), "but found `tool_use`"),
    "adaptive": (asked(thinking={"type": "adaptive"}), "not supported on this model"),
    "open schema": (asked(output_config={"format": {"type": "json_schema", "schema": SCHEMA}}),
                    "explicitly set to false"),
    "no JSON": (b"{", "not valid JSON"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refuses(post, sim, name):
    body, message = REFUSED[name]
    response = post(body)
    assert response.status == 400, response.body
    error = json.loads(response.body)
    assert error["type"] == "error" and error["error"]["type"] == "invalid_request_error"
    assert message in error["error"]["message"]
    assert sim.refused == [error["error"]["message"]]


@pytest.mark.parametrize("header, status", [("x-api-key", 401), ("anthropic-version", 400)])
def test_wants_its_headers(post, header, status):
    assert post(asked(), {header: None}).status == status


def test_text(sdk):
    message = sdk.messages.create(**asked(system="Be brief."))
    assert [block.text for block in message.content] == [TEXT]
    assert message.stop_reason == "end_turn" and message.usage.input_tokens == 10


def test_stream_is_the_same_message(sdk):
    for more in ({}, {"tools": [WEATHER, TIME], "model": "claude-parallel"}, {"thinking": THINK},
                 {"model": "claude-cited"}, {"model": "claude-refusal"}):
        with sdk.messages.stream(**asked(**more)) as stream:
            streamed = stream.get_final_message()
        whole = sdk.messages.create(**asked(**more))
        for message in (streamed, whole):
            for block in message.content:
                if block.type == "thinking":
                    block.signature = ""
        assert streamed.model_dump(exclude_none=True, exclude={"content": {"__all__": {"parsed_output"}}}) == \
            whole.model_dump(exclude_none=True)


def test_tools_loop_with_thinking(sdk):
    first = sdk.messages.create(**asked(model="claude-sim-4-5-parallel-redacted", tools=[WEATHER, TIME],
                                        thinking=THINK))
    assert [block.type for block in first.content] == ["thinking", "redacted_thinking", "tool_use", "tool_use"]
    results = [{"type": "tool_result", "tool_use_id": block.id, "content": "sunny"}
               for block in first.content if block.type == "tool_use"]
    second = sdk.messages.create(**asked(USER, {"role": "assistant", "content": first.content},
                                         turn("user", *results), tools=[WEATHER, TIME], thinking=THINK))
    assert second.content[-1].text == "The result is sunny and sunny."


def test_schema(sdk):
    closed = {**SCHEMA, "additionalProperties": False}
    message = sdk.messages.create(**asked(
        output_config={"format": {"type": "json_schema", "schema": closed}}))
    assert json.loads(message.content[0].text) == {"city": "Köln"}


def test_count_tokens(sdk):
    counted = sdk.messages.count_tokens(model="claude-x", messages=[USER], tools=[WEATHER])
    assert counted.input_tokens > 10


@pytest.mark.parametrize("status, kind", [
    (400, anthropic.BadRequestError), (401, anthropic.AuthenticationError),
    (403, anthropic.PermissionDeniedError), (404, anthropic.NotFoundError), (413, anthropic.APIStatusError),
    (429, anthropic.RateLimitError), (500, anthropic.InternalServerError), (529, anthropic.APIStatusError)])
def test_errors_on_demand(sdk, status, kind):
    with pytest.raises(kind) as caught:
        sdk.messages.create(**asked(model=f"claude-error-{status}"))
    assert caught.value.status_code == status


def test_stream_error(sdk):
    with pytest.raises(anthropic.APIStatusError) as caught, \
            sdk.messages.stream(**asked(model="claude-stream-error")) as stream:
        stream.until_done()
    assert "Overloaded" in str(caught.value)
