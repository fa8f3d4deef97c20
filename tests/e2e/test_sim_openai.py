"""The simulator of OpenAI's API refuses what OpenAI refuses, and the official SDK reads its answers."""

import json

import openai
import pytest
from pydantic import BaseModel

from support.sim_openai import SimOpenai
from support.simulator import KEY

USER = {"role": "user", "content": "hello"}
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"],
          "additionalProperties": False}
WEATHER = {"type": "function", "function": {"name": "weather", "parameters": SCHEMA}}
CLOCK = {"type": "function", "function": {"name": "clock"}}
CALL = {"id": "c1", "type": "function", "function": {"name": "weather", "arguments": "{}"}}
ASKED = {"role": "assistant", "content": None, "tool_calls": [CALL]}
ANSWERED = {"role": "tool", "tool_call_id": "c1", "content": "rain"}


class City(BaseModel):
    city: str


@pytest.fixture
def sim():
    made = SimOpenai()
    yield made
    made.stop()
    assert not made.upstream.errors, made.upstream.errors


@pytest.fixture
def client(sim):
    with openai.OpenAI(api_key=KEY, base_url=sim.url + "/v1", max_retries=0) as made:
        yield made


WRONG = {
    "unknown field": (dict(flux=1), "flux"),
    "no messages": (dict(messages=[]), "messages"),
    "unknown role": (dict(messages=[{"role": "model", "content": "x"}]), "messages[0].role"),
    "unknown member": (dict(messages=[{**USER, "flux": 1}]), "messages[0]"),
    "no content": (dict(messages=[{"role": "user"}]), "messages[0]"),
    "an image of a system message": (dict(messages=[{"role": "system", "content": [
        {"type": "image_url", "image_url": {"url": "https://a.example"}}]}]), "messages[0].content"),
    "an image without data": (dict(messages=[{"role": "user", "content": [
        {"type": "image_url", "image_url": {"url": "iVBO"}}]}]), "messages[0].content"),
    "an empty assistant": (dict(messages=[USER, {"role": "assistant", "content": None}]),
                           "messages[1].content"),
    "a result without a call": (dict(messages=[USER, ANSWERED]), "messages[1].role"),
    "a call without a result": (dict(messages=[USER, ASKED]), "messages"),
    "a call with something between": (dict(messages=[USER, ASKED, USER, ANSWERED]), "messages"),
    "arguments that are no JSON": (dict(messages=[USER, {**ASKED, "tool_calls": [
        {**CALL, "function": {"name": "f", "arguments": "{"}}]}, ANSWERED]),
        "messages[1].tool_calls[0].function.arguments"),
    "arguments that are no string": (dict(messages=[USER, {**ASKED, "tool_calls": [
        {**CALL, "function": {"name": "f", "arguments": {}}}]}, ANSWERED]),
        "messages[1].tool_calls[0].function.arguments"),
    "a choice without tools": (dict(tool_choice="auto"), "tool_choice"),
    "a choice of another tool": (dict(tools=[WEATHER], tool_choice={
        "type": "function", "function": {"name": "clock"}}), "tool_choice"),
    "parallel calls without tools": (dict(parallel_tool_calls=False), "parallel_tool_calls"),
    "a strict tool that is open": (dict(tools=[{"type": "function", "function": {
        "name": "f", "strict": True, "parameters": {"type": "object"}}}]),
        "tools[0].function.parameters"),
    "JSON that nobody speaks of": (dict(response_format={"type": "json_object"}), "messages"),
    "a schema without a name": (dict(response_format={
        "type": "json_schema", "json_schema": {"schema": SCHEMA}}), "response_format"),
    "too hot": (dict(temperature=3), "temperature"),
    "both limits": (dict(max_tokens=1, max_completion_tokens=1), "max_tokens"),
    "top_logprobs alone": (dict(top_logprobs=2), "top_logprobs"),
    "stream_options alone": (dict(stream_options={"include_usage": True}), "stream_options"),
}


@pytest.mark.parametrize("name", WRONG)
def test_refuses(client, sim, name):
    change, param = WRONG[name]
    with pytest.raises(openai.BadRequestError) as refused:
        client.post("/chat/completions", cast_to=object,
                    body={"model": "gpt", "messages": [USER], **change})
    # The best match may name a member of what is wrong, or the object that has one too many.
    assert (refused.value.param or "").startswith(param) or param in str(refused.value)
    assert len(sim.refused) == 1


def test_refuses_another_key_and_path(sim, client):
    with openai.OpenAI(api_key="other", base_url=sim.url + "/v1", max_retries=0) as other:
        with pytest.raises(openai.AuthenticationError):
            other.chat.completions.create(model="gpt", messages=[USER])
    with pytest.raises(openai.NotFoundError):
        client.moderations.create(input="hello")


@pytest.mark.parametrize("model, said, finish", [
    ("gpt", "Hello from OpenAI!", "stop"), ("gpt-max", "Hello from OpenAI!", "length"),
    ("gpt-filter", "Hello from OpenAI!", "content_filter"), ("gpt-refusal", None, "stop")])
def test_the_stream_says_what_the_whole_answer_says(client, model, said, finish):
    whole = client.chat.completions.create(model=model, messages=[USER])
    assert (whole.choices[0].message.content, whole.choices[0].finish_reason) == (said, finish)
    chunks = list(client.chat.completions.create(
        model=model, messages=[USER], stream=True, stream_options={"include_usage": True}))
    deltas = [chunk.choices[0].delta for chunk in chunks if chunk.choices]
    assert "".join(delta.content or "" for delta in deltas) == (said or "")
    assert "".join(delta.refusal or "" for delta in deltas) == (whole.choices[0].message.refusal or "")
    assert chunks[-1].usage == whole.usage


def test_a_tool_loop(client):
    messages = [USER]
    first = client.chat.completions.create(model="gpt-parallel", messages=messages,
                                           tools=[WEATHER, CLOCK]).choices[0]
    assert first.finish_reason == "tool_calls"
    calls = first.message.tool_calls
    assert [(call.function.name, json.loads(call.function.arguments)) for call in calls] == [
        ("weather", {"city": "Köln"}), ("clock", {})]
    messages += [first.message] + [
        {"role": "tool", "tool_call_id": call.id, "content": "rain"} for call in calls]
    last = client.chat.completions.create(model="gpt-parallel", messages=messages,
                                          tools=[WEATHER, CLOCK]).choices[0]
    assert last.message.content == "It says: rain"


def test_structured_output(client):
    parsed = client.chat.completions.parse(model="gpt", messages=[USER], response_format=City)
    assert parsed.choices[0].message.parsed == City(city="Köln")


def test_errors_on_demand(client):
    for status, error in ((429, openai.RateLimitError), (500, openai.InternalServerError)):
        with pytest.raises(error):
            client.chat.completions.create(model=f"gpt-error-{status}", messages=[USER])
    with pytest.raises(openai.APIError):
        list(client.chat.completions.create(model="gpt-stream-error", messages=[USER], stream=True))


def test_embeddings(client):
    answer = client.embeddings.create(model="emb", input=["a", "bcd"], encoding_format="float")
    assert [one.embedding[0] for one in answer.data] == [0.01, 0.03]
    with pytest.raises(openai.BadRequestError):
        client.embeddings.create(model="emb", input="")


RESPONSES_TOOL = {"type": "function", "name": "weather", "parameters": SCHEMA, "strict": True}


@pytest.mark.parametrize("model", ["gpt", "gpt-parallel", "gpt-thinking", "gpt-refusal", "gpt-max"])
@pytest.mark.parametrize("tools", [[], [RESPONSES_TOOL, {**RESPONSES_TOOL, "name": "clock"}]])
def test_a_streamed_response_is_the_whole_one(client, model, tools):
    asked = {"model": model, "input": "hello", "tools": tools}
    whole = client.responses.create(**asked)
    *_, last = client.responses.create(**asked, stream=True)
    assert last.type == f"response.{whole.status}"
    assert last.response.model_dump() == whole.model_dump(exclude={"_request_id"})


def test_a_tool_loop_of_responses(client):
    items = [{"role": "user", "content": "hello"}]
    asked = {"model": "gpt-thinking", "tools": [RESPONSES_TOOL]}
    first = client.responses.create(**asked, input=items)
    assert [item.type for item in first.output] == ["reasoning", "function_call"]
    items += [item.model_dump(exclude_none=True) for item in first.output]
    result = {"type": "function_call_output", "call_id": first.output[1].call_id, "output": "rain"}
    assert client.responses.create(**asked, input=[*items, result]).output_text == "It says: rain"
    for wrong in (items, [*items, result, result], [{"type": "mystery"}]):
        with pytest.raises(openai.BadRequestError):
            client.responses.create(**asked, input=wrong)


def test_responses_that_break(client):
    *_, last = client.responses.create(model="gpt-stream-error", input="hello", stream=True)
    assert last.type == "error"
    with pytest.raises(openai.APIConnectionError):
        list(client.responses.create(model="gpt-cut", input="hello", stream=True))
