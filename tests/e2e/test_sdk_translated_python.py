"""The official Python SDKs through the gateway to each vendor's simulator: every caller's API on every
provider. A simulator refuses what its vendor would refuse, so that each answer shows that the request
was right."""

import json

import openai
import pytest
from pydantic import BaseModel

from support.vendors import EMBEDDERS, MISTRAL, OPENAI, VENDORS

SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"],
          "additionalProperties": False}
NAMES = ["weather", "clock"]
CHAT_TOOLS = [{"type": "function", "function": {"name": name, "parameters": SCHEMA}} for name in NAMES]
RESPONSES_TOOLS = [{"type": "function", "name": name, "parameters": SCHEMA, "strict": True} for name in NAMES]
MESSAGES_TOOLS = [{"name": name, "input_schema": SCHEMA} for name in NAMES]
USER = {"role": "user", "content": "Say hello"}
THINK = {"type": "enabled", "budget_tokens": 1024}

each_vendor = pytest.mark.parametrize("vendor", VENDORS, ids=str)


class City(BaseModel):
    city: str


@pytest.fixture
def gpt(vendors, vendor_sdks):
    return vendor_sdks[0].openai


@pytest.fixture
def claude(vendors, vendor_sdks):
    return vendor_sdks[0].anthropic


def said(message):
    """The text of an answer in Anthropic's words."""
    return "".join(block.text for block in message.content if block.type == "text")


@each_vendor
def test_chat(gpt, vendor):
    whole = gpt.chat.completions.create(model=vendor.ask(), messages=[
        {"role": "system", "content": "Be brief."}, USER], max_completion_tokens=100)
    assert whole.choices[0].message.content.startswith("Hello")
    assert whole.choices[0].finish_reason == "stop"
    assert whole.usage.total_tokens >= whole.usage.prompt_tokens + whole.usage.completion_tokens > 0
    chunks = list(gpt.chat.completions.create(model=vendor.ask(), messages=[USER], stream=True,
                                              stream_options={"include_usage": True}))
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert text == whole.choices[0].message.content
    assert chunks[-1].usage == whole.usage


@each_vendor
@pytest.mark.parametrize("words, more, count", [
    ((), {}, 1), (("parallel",), {}, 2), (("parallel",), {"reasoning_effort": "low"}, 2)])
def test_chat_tool_loop(gpt, vendor, words, more, count):
    asked = {"model": vendor.ask(*words), "tools": CHAT_TOOLS, **more}
    with gpt.chat.completions.stream(messages=[USER], **asked) as stream:
        choice = stream.get_final_completion().choices[0]
    calls = choice.message.tool_calls
    assert (choice.finish_reason, [call.function.name for call in calls]) == ("tool_calls", NAMES[:count])
    assert all(json.loads(call.function.arguments) == {"city": "Köln"} for call in calls)
    assert len({call.id for call in calls}) == count
    # What the caller keeps: all that was said, whatever fields it has.
    answered = choice.message.model_dump(exclude_none=True, exclude={"parsed": True, "tool_calls": {
        "__all__": {"index": True, "function": {"parsed_arguments"}}}})
    results = [{"role": "tool", "tool_call_id": call.id, "content": f"rain {index}"}
               for index, call in enumerate(calls)]
    last = gpt.chat.completions.create(messages=[USER, answered, *results], **asked)
    assert f"rain {count - 1}" in last.choices[0].message.content


@each_vendor
def test_chat_structured_output(gpt, vendor):
    parsed = gpt.chat.completions.parse(model=vendor.ask(), messages=[USER], response_format=City)
    assert parsed.choices[0].message.parsed == City(city="Köln")


@pytest.mark.parametrize("vendor", EMBEDDERS, ids=lambda vendor: vendor.embeddings)
@pytest.mark.parametrize("more", [{}, {"encoding_format": "float"}], ids=["base64", "float"])
def test_embeddings(gpt, vendor, more):
    """The SDK asks for base64 by itself, and reads it."""
    texts = ["a", "bcd"][:vendor.texts]
    answer = gpt.embeddings.create(model=f"{vendor.provider}/{vendor.embeddings}", input=texts, **more)
    assert [(one.index, round(one.embedding[0], 5)) for one in answer.data] == [
        (index, len(text) / 100) for index, text in enumerate(texts)]


@each_vendor
def test_responses(gpt, vendor):
    whole = gpt.responses.create(model=vendor.ask(), instructions="Be brief.", input="Say hello")
    assert whole.status == "completed"
    assert whole.output_text.startswith("Hello")
    with gpt.responses.stream(model=vendor.ask(), input="Say hello") as stream:
        final = stream.get_final_response()
    assert (final.output_text, final.usage) == (whole.output_text, whole.usage)


@each_vendor
@pytest.mark.parametrize("words, count", [(("thinking",), 1), (("thinking", "parallel"), 2)])
def test_responses_tool_loop(gpt, vendor, words, count):
    asked = {"model": vendor.ask(*words), "tools": RESPONSES_TOOLS, "store": False,
             "include": ["reasoning.encrypted_content"], "reasoning": {"effort": "low", "summary": "auto"}}
    with gpt.responses.stream(input=[USER], **asked) as stream:
        first = stream.get_final_response()
    calls = [item for item in first.output if item.type == "function_call"]
    assert [call.name for call in calls] == NAMES[:count]
    # What the caller keeps: all that was said, with the signatures of the thinking in it.
    items = [item.model_dump(exclude_none=True, exclude={"parsed_arguments"}) for item in first.output]
    results = [{"type": "function_call_output", "call_id": call.call_id, "output": f"rain {index}"}
               for index, call in enumerate(calls)]
    last = gpt.responses.create(input=[USER, *items, *results], **asked)
    assert f"rain {count - 1}" in last.output_text


@each_vendor
def test_responses_structured_output(gpt, vendor):
    parsed = gpt.responses.parse(model=vendor.ask(), input="Say hello", text_format=City)
    assert parsed.output_parsed == City(city="Köln")


@pytest.mark.parametrize("vendor", [vendor for vendor in VENDORS if vendor is not OPENAI], ids=str)
def test_state_that_nobody_keeps_is_refused(gpt, vendor):
    with pytest.raises(openai.BadRequestError, match="previous_response_id"):
        gpt.responses.create(model=vendor.ask(), input="x", previous_response_id="resp_1")


@each_vendor
def test_messages(claude, vendor):
    asked = {"model": vendor.ask(), "max_tokens": 100, "messages": [USER]}
    whole = claude.messages.create(system="Be brief.", **asked)
    assert said(whole).startswith("Hello")
    assert whole.stop_reason == "end_turn"
    with claude.messages.stream(**asked) as stream:
        final = stream.get_final_message()
    assert said(final) == said(whole)
    assert final.usage.output_tokens == whole.usage.output_tokens > 0


@each_vendor
@pytest.mark.parametrize("words, more, count", [
    ((), {}, 1), (("parallel",), {}, 2), (("thinking", "parallel"), {"thinking": THINK}, 2)])
def test_messages_tool_loop(claude, vendor, words, more, count):
    asked = {"model": vendor.ask(*words), "max_tokens": 2048, "tools": MESSAGES_TOOLS, **more}
    with claude.messages.stream(messages=[USER], **asked) as stream:
        first = stream.get_final_message()
    calls = [block for block in first.content if block.type == "tool_use"]
    assert (first.stop_reason, [call.name for call in calls]) == ("tool_use", NAMES[:count])
    assert all(call.input == {"city": "Köln"} for call in calls)
    assert not more or first.content[0].type == "thinking"
    results = [{"type": "tool_result", "tool_use_id": call.id, "content": f"rain {index}"}
               for index, call in enumerate(calls)]
    last = claude.messages.create(messages=[
        USER, {"role": "assistant", "content": first.content}, {"role": "user", "content": results}], **asked)
    assert f"rain {count - 1}" in said(last)


@each_vendor
def test_count_tokens(claude, vendor):
    counted = claude.messages.count_tokens(model=vendor.ask(), messages=[USER], tools=MESSAGES_TOOLS)
    assert counted.input_tokens > 10


def test_vendor_of_chat_alone(gpt, claude):
    whole = gpt.responses.create(model=MISTRAL.ask(), input="Say hello", max_output_tokens=100)
    assert whole.output_text.startswith("Hello")
    with gpt.responses.stream(model=MISTRAL.ask("parallel"), input=[USER], tools=RESPONSES_TOOLS) as stream:
        first = stream.get_final_response()
    assert ([item.name for item in first.output], first.usage) == (NAMES, whole.usage)
    with claude.messages.stream(model=MISTRAL.ask(), max_tokens=100, messages=[USER]) as stream:
        last = stream.get_final_message()
    assert said(last) == whole.output_text
    assert last.usage.output_tokens == whole.usage.output_tokens
