"""The official Python SDK against the built-in provider: what a newcomer tries first."""

import json

import openai
import pytest
from pydantic import BaseModel

from support.configs import mock_config

MESSAGES = [{"role": "user", "content": "Say hello"}]
PIXEL = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9Q" \
        "DwADhgGAWjR9awAAAABJRU5ErkJggg=="
TOOL = {"type": "function", "function": {
    "name": "weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}}}


@pytest.fixture
def base_url(start):
    return start(mock_config()).url + "/v1"


@pytest.fixture
def client(base_url):
    with openai.OpenAI(base_url=base_url, api_key="any", max_retries=0) as made:
        yield made


@pytest.fixture
async def async_client(base_url):
    async with openai.AsyncOpenAI(base_url=base_url, api_key="any", max_retries=0) as made:
        yield made


def text_of(chunks):
    return "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)


def test_chat(client):
    answer = client.chat.completions.create(model="gpt-4o", messages=MESSAGES)
    assert answer.object == "chat.completion"
    assert answer.choices[0].message.content
    assert answer.choices[0].finish_reason == "stop"
    assert answer.usage.total_tokens > 0


def test_chat_stream(client):
    chunks = list(client.chat.completions.create(model="gpt-4o", messages=MESSAGES, stream=True))
    assert text_of(chunks)
    assert chunks[-1].choices[0].finish_reason == "stop"


def test_chat_stream_with_usage(client):
    chunks = list(client.chat.completions.create(
        model="gpt-4o", messages=MESSAGES, stream=True, stream_options={"include_usage": True}))
    assert chunks[-1].usage.total_tokens > 0


def test_chat_stream_helper(client):
    with client.chat.completions.stream(model="gpt-4o", messages=MESSAGES) as stream:
        for _ in stream:
            pass
        assert stream.get_final_completion().choices[0].message.content


async def test_chat_async(async_client):
    answer = await async_client.chat.completions.create(model="gpt-4o", messages=MESSAGES)
    assert answer.choices[0].message.content


async def test_chat_stream_async(async_client):
    stream = await async_client.chat.completions.create(model="gpt-4o", messages=MESSAGES,
                                                        stream=True)
    assert text_of([chunk async for chunk in stream])


def test_tool_call(client):
    answer = client.chat.completions.create(model="gpt-4o", messages=MESSAGES, tools=[TOOL],
                                            tool_choice="required")
    (call,) = answer.choices[0].message.tool_calls
    assert call.function.name == "weather"
    json.loads(call.function.arguments)
    assert answer.choices[0].finish_reason == "tool_calls"


def test_tool_call_stream(client):
    chunks = client.chat.completions.create(model="gpt-4o", messages=MESSAGES, tools=[TOOL],
                                            tool_choice="required", stream=True)
    calls = [c for chunk in chunks if chunk.choices
             for c in chunk.choices[0].delta.tool_calls or []]
    assert calls[0].function.name == "weather"
    json.loads("".join(call.function.arguments or "" for call in calls))


def test_tool_result_goes_back(client):
    call = {"id": "c1", "type": "function", "function": {"name": "weather", "arguments": "{}"}}
    messages = [*MESSAGES, {"role": "assistant", "content": None, "tool_calls": [call]},
                {"role": "tool", "tool_call_id": "c1", "content": "sunny"}]
    answer = client.chat.completions.create(model="gpt-4o", messages=messages, tools=[TOOL])
    assert answer.choices[0].message.content


def test_image_in_a_message(client):
    parts = [{"type": "text", "text": "What is it?"},
             {"type": "image_url", "image_url": {"url": PIXEL}}]
    answer = client.chat.completions.create(model="gpt-4o",
                                            messages=[{"role": "user", "content": parts}])
    assert answer.choices[0].message.content


@pytest.mark.parametrize("given, count", [("one", 1), (["one", "two"], 2)])
def test_embeddings(client, given, count):
    answer = client.embeddings.create(model="text-embedding-3-small", input=given)
    assert len(answer.data) == count
    assert len(answer.data[0].embedding) > 0


def test_embeddings_as_floats(client):
    answer = client.embeddings.create(model="e", input="x", encoding_format="float")
    assert all(isinstance(number, float) for number in answer.data[0].embedding)


def test_responses(client):
    answer = client.responses.create(model="gpt-4o", input="Say hello")
    assert answer.status == "completed"
    assert answer.output_text


def test_responses_stream(client):
    kinds, text = [], ""
    for event in client.responses.create(model="gpt-4o", input="Say hello", stream=True):
        kinds.append(event.type)
        text += event.delta if event.type == "response.output_text.delta" else ""
    assert kinds[0] == "response.created"
    assert kinds[-1] == "response.completed"
    assert text


def test_moderations(client):
    assert client.moderations.create(model="m", input="x").results[0].flagged is False


def test_transcription(client):
    answer = client.audio.transcriptions.create(model="whisper-1", file=("a.mp3", b"\0" * 1000))
    assert answer.text


def test_speech_is_binary(client):
    answer = client.audio.speech.create(model="tts-1", voice="alloy", input="hello")
    assert len(answer.read()) > 0
    assert answer.response.headers["content-type"].startswith("audio/")


def test_image_generation(client):
    answer = client.images.generate(model="gpt-image-1", prompt="a cat")
    assert answer.data[0].b64_json or answer.data[0].url


def test_models(client):
    assert "gpt-4o" in [model.id for model in client.models.list()]
    assert client.models.retrieve("gpt-4o").id == "gpt-4o"


def test_raw_response_has_our_headers(client):
    raw = client.chat.completions.with_raw_response.create(model="gpt-4o", messages=MESSAGES)
    assert raw.headers["x-butter-provider"] == "mock"
    assert raw.parse().choices[0].message.content


def test_request_id_is_readable(client):
    answer = client.chat.completions.create(model="gpt-4o", messages=MESSAGES,
                                            extra_headers={"x-request-id": "mine-1"})
    assert answer._request_id == "mine-1"


def test_parsed_output_is_accepted(client):
    class Answer(BaseModel):
        text: str

    schema = {"type": "json_schema", "json_schema": {"name": "a",
                                                     "schema": Answer.model_json_schema()}}
    answer = client.chat.completions.create(model="gpt-4o", messages=MESSAGES,
                                            response_format=schema)
    assert answer.choices[0].message.content


def test_missing_model_is_bad_request(client):
    with pytest.raises(openai.BadRequestError) as raised:
        client.chat.completions.create(model="", messages=MESSAGES)
    assert "missing required field: model" in str(raised.value)
    assert raised.value.type == "invalid_request_error"


def test_unknown_provider_is_not_found(client):
    with pytest.raises(openai.NotFoundError) as raised:
        client.chat.completions.create(model="m", messages=MESSAGES,
                                       extra_body={"provider": "nonexistent"})
    assert 'provider "nonexistent" not found' in str(raised.value)
