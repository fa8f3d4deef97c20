"""The official Python SDK through the gateway to a fake upstream: bytes, errors, broken streams."""

import json

import openai
import pytest

from support.configs import FAILOVER, openai_config
from support.replies import (BANG, CHAT, DONE, HELLO, ROLE, chunk_event, cut, json_reply, mock_error,
                             reply, reset, stream_reply, stream_then)

MESSAGES = [{"role": "user", "content": "hello"}]
ERROR = b'data: {"error":{"message":"overloaded","type":"server_error","code":"busy"}}\n\n'


@pytest.fixture
def connect(start, make_upstream):
    """A client whose requests go to an upstream with these handlers."""
    made = []

    def begin(*handlers, path="/chat/completions", retries=0, **more):
        upstream = make_upstream(*handlers, path=path)
        url = start(openai_config(upstream, **more)).url + "/v1"
        made.append(openai.OpenAI(base_url=url, api_key="sk-client", max_retries=retries,
                                  organization="org-1", project="proj-1"))
        return made[-1], upstream

    yield begin
    for client in made:
        client.close()


def chat(client, **more):
    return client.chat.completions.create(model="gpt-4o", messages=MESSAGES, **more)


def test_what_the_sdk_sends_arrives(connect):
    client, upstream = connect(json_reply(CHAT))
    assert chat(client).choices[0].message.content == "Hello!"
    headers = upstream.last.headers
    assert headers["authorization"] == "Bearer test-key"
    assert headers["openai-organization"] == "org-1"
    assert headers["openai-project"] == "proj-1"
    assert headers["x-stainless-lang"] == "python"
    assert headers["user-agent"].startswith("OpenAI/Python")
    assert json.loads(upstream.last.body) == {"messages": MESSAGES, "model": "gpt-4o"}


def test_stream_arrives(connect):
    client, _ = connect(stream_reply())
    chunks = list(chat(client, stream=True))
    assert "".join(c.choices[0].delta.content or "" for c in chunks) == "Hello!"


def test_closing_a_stream_early_closes_the_upstream(connect):
    def wait_for_gateway(exchange):
        exchange.keep = False
        exchange.wait_gone()
    client, upstream = connect(stream_then([ROLE, HELLO], wait_for_gateway))
    stream = chat(client, stream=True)
    next(iter(stream))
    stream.close()
    assert upstream.last.gone.wait(10)


STATUSES = {
    400: openai.BadRequestError, 401: openai.AuthenticationError,
    403: openai.PermissionDeniedError, 404: openai.NotFoundError, 409: openai.ConflictError,
    422: openai.UnprocessableEntityError, 429: openai.RateLimitError,
    500: openai.InternalServerError, 503: openai.InternalServerError,
}


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("status", STATUSES)
def test_error_class_and_its_fields(connect, status, stream):
    body = {"error": {"message": "told so", "type": "a_type", "param": "p", "code": "c"}}
    client, _ = connect(json_reply(body, status, {"x-request-id": "req_1"}))
    with pytest.raises(STATUSES[status]) as raised:
        chat(client, stream=stream)
    error = raised.value
    assert (error.status_code, error.type, error.param, error.code) == (status, "a_type", "p", "c")
    assert "told so" in str(error)
    assert error.request_id == "req_1"


def test_rate_limit_headers_are_readable(connect):
    client, _ = connect(mock_error(429, {"retry-after": "17", "x-ratelimit-remaining-tokens": "0"}))
    with pytest.raises(openai.RateLimitError) as raised:
        chat(client)
    assert raised.value.response.headers["retry-after"] == "17"
    assert raised.value.response.headers["x-ratelimit-remaining-tokens"] == "0"


def test_sdk_retries_what_the_upstream_wants_retried(connect):
    client, upstream = connect(mock_error(429, {"retry-after-ms": "1"}), json_reply(CHAT),
                               retries=1)
    assert chat(client).choices[0].message.content == "Hello!"
    assert [r.headers["x-stainless-retry-count"] for r in upstream.calls()] == ["0", "1"]


def test_sdk_does_not_retry_our_own_refusal(connect):
    client, upstream = connect(json_reply(CHAT), retries=2)
    with pytest.raises(openai.NotFoundError):
        chat(client, extra_body={"provider": "nonexistent"})
    assert upstream.calls() == []


def test_refused_upstream_is_an_internal_server_error(start, refused):
    url = start(openai_config(refused)).url + "/v1"
    with openai.OpenAI(base_url=url, api_key="k", max_retries=0) as client:
        with pytest.raises(openai.InternalServerError) as raised:
            chat(client)
    assert raised.value.type == "proxy_error"


@pytest.mark.parametrize("ending", [cut, reset])
def test_broken_stream_raises(connect, ending):
    client, _ = connect(stream_then([ROLE, HELLO], ending))
    text = ""
    with pytest.raises(openai.APIError):
        for chunk in chat(client, stream=True):
            text += chunk.choices[0].delta.content or ""
    assert text == "Hello"


def test_error_in_a_stream_raises(connect):
    client, _ = connect(stream_reply([ROLE, HELLO, ERROR]))
    with pytest.raises(openai.APIError, match="overloaded"):
        list(chat(client, stream=True))


def test_failover_is_invisible(connect):
    client, upstream = connect(mock_error(503), stream_reply(), failover=FAILOVER)
    assert len(list(chat(client, stream=True))) == 3
    assert len(upstream.calls()) == 2


def test_comments_are_invisible(connect):
    client, _ = connect(stream_reply([b": wait\n\n", ROLE, b": wait\n\n", HELLO, BANG, DONE]))
    assert len(list(chat(client, stream=True))) == 3


def test_usage_chunk_without_choices(connect):
    usage = chunk_event({}, usage={"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3})
    usage = usage.replace(b'"choices":[{"index":0,"delta":{},"finish_reason":null}]',
                          b'"choices":[]')
    client, _ = connect(stream_reply([HELLO, BANG, usage, DONE]))
    chunks = list(chat(client, stream=True, stream_options={"include_usage": True}))
    assert chunks[-1].usage.total_tokens == 3


RESPONSE = {"id": "resp_1", "object": "response", "created_at": 1, "model": "gpt-4o",
            "status": "completed", "output": [], "parallel_tool_calls": True, "tool_choice": "auto",
            "tools": []}


def response_event(kind, number, **more):
    data = {"type": kind, "sequence_number": number, **more}
    return f"event: {kind}\ndata: {json.dumps(data)}\n\n".encode()


CREATED = response_event("response.created", 0, response={**RESPONSE, "status": "in_progress"})
DELTA = response_event("response.output_text.delta", 1, item_id="i", output_index=0,
                       content_index=0, delta="Hi", logprobs=[])
COMPLETED = response_event("response.completed", 2, response=RESPONSE)


def test_responses(connect):
    client, upstream = connect(json_reply(RESPONSE), path="/responses")
    assert client.responses.create(model="gpt-4o", input="x").id == "resp_1"
    assert upstream.last.target == "/responses"


def test_responses_stream(connect):
    client, _ = connect(stream_reply([CREATED, DELTA, COMPLETED]), path="/responses")
    events = list(client.responses.create(model="gpt-4o", input="x", stream=True))
    assert [event.type for event in events] == [
        "response.created", "response.output_text.delta", "response.completed"]


@pytest.mark.parametrize("events", [[CREATED, DELTA]])
@pytest.mark.parametrize("ending", [cut, lambda exchange: exchange.end()], ids=["cut", "end"])
def test_responses_stream_that_breaks_raises_or_has_an_error(connect, events, ending):
    client, _ = connect(stream_then(events, ending), path="/responses")
    kinds = []
    with pytest.raises(openai.APIError):
        for event in client.responses.create(model="gpt-4o", input="x", stream=True):
            kinds.append(event.type)
            if event.type == "error":
                raise openai.APIError(event.message, None, body=None)
    assert "response.completed" not in kinds


def test_stored_response_is_read_and_deleted(connect):
    client, upstream = connect(json_reply(RESPONSE), path="/responses/resp_1")
    assert client.responses.retrieve("resp_1").id == "resp_1"
    client.responses.delete("resp_1")
    assert [r.method for r in upstream.calls()] == ["GET", "DELETE"]


def test_file_upload(connect):
    answer = {"id": "file-1", "object": "file", "bytes": 9, "created_at": 1, "filename": "a.jsonl",
              "purpose": "batch", "status": "processed"}
    client, upstream = connect(json_reply(answer), path="/files")
    assert client.files.create(file=("a.jsonl", b'{"a": 1}\n'), purpose="batch").id == "file-1"
    assert b'{"a": 1}\n' in upstream.last.body
    assert upstream.last.headers["content-type"].startswith("multipart/form-data; boundary=")


def test_transcription(connect):
    client, upstream = connect(json_reply({"text": "hi"}), path="/audio/transcriptions")
    audio = bytes(range(256)) * 50
    assert client.audio.transcriptions.create(model="whisper-1", file=("a.mp3", audio)).text == "hi"
    assert audio in upstream.last.body


def test_speech(connect):
    sound = bytes(range(256)) * 50
    client, _ = connect(reply(200, sound, {"Content-Type": "audio/mpeg"}), path="/audio/speech")
    assert client.audio.speech.create(model="tts-1", voice="alloy", input="x").read() == sound


def test_embeddings_in_base64(connect):
    answer = {"object": "list", "model": "e", "data": [
        {"object": "embedding", "index": 0, "embedding": "AACAPwAAAEA="}],
        "usage": {"prompt_tokens": 1, "total_tokens": 1}}
    client, upstream = connect(json_reply(answer), path="/embeddings")
    assert client.embeddings.create(model="e", input="x").data[0].embedding == [1.0, 2.0]
    assert json.loads(upstream.last.body)["encoding_format"] == "base64"


def test_query_of_the_client_is_kept(start, make_upstream):
    upstream = make_upstream(json_reply(CHAT))
    url = start(openai_config(upstream)).url + "/v1"
    with openai.OpenAI(base_url=url, api_key="k", default_query={"beta": "true"}) as client:
        chat(client)
    assert upstream.last.target == "/chat/completions?beta=true"
