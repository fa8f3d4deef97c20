"""Cases 61 to 88: chat callers with Anthropic and with Gemini behind the gateway."""

import json

import pytest

from support.checks import check_whole_stream
from support.configs import config, provider
from support.gateway import Gateway
from support.replies import json_reply
from support.upstream import Upstream

CLAUDE = "anthropic/claude-3-5-sonnet-20241022"
GEMINI = "gemini/gemini-2.0-flash"
USER = {"role": "user", "content": "hello"}
MESSAGE = {"id": "msg_test", "type": "message", "role": "assistant",
           "content": [{"type": "text", "text": "Hello!"}], "model": "claude-3-5-sonnet-20241022",
           "stop_reason": "end_turn", "usage": {"input_tokens": 10, "output_tokens": 5}}
CANDIDATE = {"content": {"parts": [{"text": "Hello from Gemini!"}], "role": "model"}, "finishReason": "STOP"}
USAGE = {"promptTokenCount": 10, "candidatesTokenCount": 5, "totalTokenCount": 15}
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}}
TOOL = {"type": "function", "function": {"name": "weather", "description": "d", "parameters": SCHEMA}}


def generated(candidate=None, **more):
    return json_reply({"candidates": [{**CANDIDATE, **(candidate or {})}], "usageMetadata": USAGE, **more})


def events(*values):
    """An event stream: the events' names stand in their `type`, where they have one."""
    def handler(exchange):
        exchange.start_stream()
        for value in values:
            name = f"event: {value['type']}\n" if "type" in value else ""
            exchange.chunk(f"{name}data: {json.dumps(value)}\n\n".encode())
        exchange.end()
    return handler


class Bed:
    """A gateway with a provider of each kind, both at one fake upstream."""

    def __init__(self, folder):
        self.upstream = Upstream()
        self.gateway = Gateway(config({name: provider(self.upstream) for name in ("anthropic", "gemini")}),
                               folder=folder).wait_ready()

    def chat(self, model, handler, messages=(USER,), **more):
        """The gateway's answer; what went upstream is `self.sent`."""
        self.upstream.on("*", handler).clear()
        return self.gateway.chat(json.dumps({"model": model, "messages": list(messages), **more}))

    @property
    def sent(self):
        return json.loads(self.upstream.last.body)

    def stop(self):
        assert self.gateway.stop() == 0
        self.upstream.stop()
        assert not self.upstream.errors, self.upstream.errors


@pytest.fixture(scope="module")
def bed(tmp_path_factory):
    made = Bed(tmp_path_factory.mktemp("translation"))
    yield made
    made.stop()


def choice_of(response):
    assert response.status == 200, response.body
    return response.json()["choices"][0]


def test_case_061_answer_of_anthropic(bed):
    answer = bed.chat(CLAUDE, json_reply(MESSAGE), max_tokens=1024).json()
    assert (answer["id"], answer["object"]) == ("msg_test", "chat.completion")
    assert answer["choices"][0]["message"]["content"] == "Hello!"
    assert answer["choices"][0]["finish_reason"] == "stop"
    usage = answer["usage"]
    assert (usage["prompt_tokens"], usage["completion_tokens"], usage["total_tokens"]) == (10, 5, 15)


def test_case_062_head_for_anthropic(bed):
    bed.chat(CLAUDE, json_reply(MESSAGE))
    request = bed.upstream.last
    assert request.line == "POST /messages HTTP/1.1"
    assert request.headers["x-api-key"] == "test-key"
    assert request.headers["anthropic-version"] == "2023-06-01"
    assert "authorization" not in request.headers


@pytest.mark.parametrize("more, sent", [({}, 4096), ({"max_tokens": 100}, 100)])
def test_case_063_and_064_max_tokens(bed, more, sent):
    bed.chat(CLAUDE, json_reply(MESSAGE), **more)
    assert bed.sent["max_tokens"] == sent


def test_case_065_systems_are_one(bed):
    systems = [{"role": "system", "content": text} for text in ("Be concise", "Be helpful")]
    bed.chat(CLAUDE, json_reply(MESSAGE), [*systems, USER])
    assert bed.sent["system"] == "Be concise\nBe helpful"
    assert bed.sent["messages"] == [USER]


def test_case_068_temperature(bed):
    bed.chat(CLAUDE, json_reply(MESSAGE), temperature=0.7)
    assert bed.sent["temperature"] == 0.7


def test_case_069_texts_are_one(bed):
    blocks = [{"type": "text", "text": text} for text in ("Hello ", "world!")]
    response = bed.chat(CLAUDE, json_reply({**MESSAGE, "content": blocks}))
    assert choice_of(response)["message"]["content"] == "Hello world!"


@pytest.mark.parametrize("reason, finish", [("end_turn", "stop"), ("max_tokens", "length"),
                                            ("stop_sequence", "stop")])
def test_case_070_stop_reasons(bed, reason, finish):
    response = bed.chat(CLAUDE, json_reply({**MESSAGE, "stop_reason": reason}))
    assert choice_of(response)["finish_reason"] == finish


def test_case_071_tool_use_becomes_tool_calls(bed):
    use = {"type": "tool_use", "id": "toolu_1", "name": "weather", "input": {"city": "Köln"}}
    response = bed.chat(CLAUDE, json_reply({**MESSAGE, "stop_reason": "tool_use", "content": [use]}),
                        tools=[TOOL])
    choice = choice_of(response)
    assert choice["finish_reason"] == "tool_calls"
    (call,) = choice["message"]["tool_calls"]
    assert (call["id"], call["type"], call["function"]["name"]) == ("toolu_1", "function", "weather")
    assert json.loads(call["function"]["arguments"]) == {"city": "Köln"}


def test_case_072_stream_of_anthropic(bed):
    start = {**MESSAGE, "id": "msg_s", "content": [], "usage": {"input_tokens": 10, "output_tokens": 0}}
    response = bed.chat(CLAUDE, events(
        {"type": "message_start", "message": start}, {"type": "ping"},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Hello!"}},
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 5}},
        {"type": "message_stop"}), stream=True)
    check_whole_stream(response)
    chunks = [json.loads(data) for data in response.data()[:-1]]
    assert {chunk["id"] for chunk in chunks} == {"msg_s"}
    deltas = [chunk["choices"][0]["delta"] for chunk in chunks]
    assert deltas[0]["role"] == "assistant"
    assert [delta["content"] for delta in deltas if delta.get("content")] == ["Hello!"]
    assert [chunk["choices"][0]["finish_reason"] for chunk in chunks] == [None] * (len(chunks) - 1) + ["stop"]


@pytest.mark.parametrize("stream", [False, True])
def test_case_074_error_of_anthropic(bed, stream):
    error = {"type": "rate_limit_error", "message": "Too many requests"}
    response = bed.chat(CLAUDE, json_reply({"type": "error", "error": error}, 429), stream=stream)
    assert (response.status, response.error["message"]) == (
        429, "provider error (status 429): Too many requests")
    assert response.error["type"] == "rate_limit_error"


def test_case_075_overloaded_keeps_its_status(bed):
    error = {"type": "overloaded_error", "message": "Overloaded"}
    assert bed.chat(CLAUDE, json_reply({"type": "error", "error": error}, 529)).status == 529


def test_case_077_tools_images_and_results_for_anthropic(bed):
    look = {"role": "user", "content": [
        {"type": "text", "text": "Look"},
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}}]}
    call = {"id": "call_1", "type": "function", "function": {"name": "weather",
                                                             "arguments": '{"city":"Köln"}'}}
    result = {"role": "tool", "tool_call_id": "call_1", "content": "rain"}
    bed.chat(CLAUDE, json_reply(MESSAGE), [
        look, {"role": "assistant", "content": None, "tool_calls": [call]}, result],
        tools=[TOOL], tool_choice="required")
    assert bed.sent["tools"] == [{"name": "weather", "description": "d", "input_schema": SCHEMA}]
    assert bed.sent["tool_choice"] == {"type": "any"}
    first, second, third = (message["content"] for message in bed.sent["messages"])
    assert first[1]["source"] == {"type": "base64", "media_type": "image/png", "data": "iVBORw0KGgo="}
    assert second == [{"type": "tool_use", "id": "call_1", "name": "weather", "input": {"city": "Köln"}}]
    assert third == [{"type": "tool_result", "tool_use_id": "call_1", "content": "rain"}]


def test_case_078_gemini(bed):
    answer = bed.chat(GEMINI, generated()).json()
    request = bed.upstream.last
    assert request.line == "POST /v1beta/models/gemini-2.0-flash:generateContent HTTP/1.1"
    assert request.headers["x-goog-api-key"] == "test-key"
    assert bed.sent["contents"] == [{"role": "user", "parts": [{"text": "hello"}]}]
    assert answer["choices"][0]["message"]["content"] == "Hello from Gemini!"
    assert answer["choices"][0]["finish_reason"] == "stop"
    usage = answer["usage"]
    assert (usage["prompt_tokens"], usage["completion_tokens"], usage["total_tokens"]) == (10, 5, 15)


def test_case_081_assistant_is_the_model(bed):
    bed.chat(GEMINI, generated(), [USER, {"role": "assistant", "content": "hi"}, USER])
    assert [content["role"] for content in bed.sent["contents"]] == ["user", "model", "user"]


def test_case_082_sampling_for_gemini(bed):
    bed.chat(GEMINI, generated(), temperature=0.7, max_tokens=100, top_p=0.9, stop=["END"])
    assert bed.sent["generationConfig"] == {"temperature": 0.7, "maxOutputTokens": 100, "topP": 0.9,
                                            "stopSequences": ["END"]}


@pytest.mark.parametrize("reason, finish", [("SAFETY", "content_filter"), ("RECITATION", "content_filter"),
                                            ("MAX_TOKENS", "length")])
def test_case_083_finish_reasons(bed, reason, finish):
    assert choice_of(bed.chat(GEMINI, generated({"finishReason": reason})))["finish_reason"] == finish


def test_case_083_answer_without_a_finish_reason(bed):
    unfinished = {"candidates": [{"content": CANDIDATE["content"]}], "usageMetadata": USAGE}
    assert choice_of(bed.chat(GEMINI, json_reply(unfinished)))["finish_reason"] is None


def test_case_084_stream_of_gemini(bed):
    pieces = ["Hello", " from Gemini!"]
    response = bed.chat(GEMINI, events(*[
        {"candidates": [{"content": {"parts": [{"text": text}], "role": "model"}, **more}]}
        for text, more in zip(pieces, [{}, {"finishReason": "STOP"}])]), stream=True)
    assert bed.upstream.last.target == "/v1beta/models/gemini-2.0-flash:streamGenerateContent?alt=sse"
    check_whole_stream(response)
    choices = [json.loads(data)["choices"][0] for data in response.data()[:-1]]
    said = [choice["delta"]["content"] for choice in choices if choice["delta"].get("content")]
    assert said == pieces
    assert choices[-1]["finish_reason"] == "stop"


def test_case_085_error_of_gemini(bed):
    response = bed.chat(GEMINI, json_reply({"error": {"message": "invalid model"}}, 400))
    assert (response.status, response.error["message"]) == (
        400, "provider error (status 400): invalid model")


def test_case_086_blocked_prompt(bed):
    response = bed.chat(GEMINI, json_reply({"promptFeedback": {"blockReason": "SAFETY"},
                                            "usageMetadata": USAGE}))
    assert choice_of(response)["finish_reason"] == "content_filter"


def test_case_087_thoughts_are_no_content(bed):
    parts = [{"text": "Let me see.", "thought": True}, {"text": "Hello!"}]
    response = bed.chat(GEMINI, generated({"content": {"parts": parts, "role": "model"}}))
    assert choice_of(response)["message"]["content"] == "Hello!"
