"""The dialects of the API: a small request and a small answer of each, whole and as events."""

import json
from dataclasses import dataclass

CONTENT = "H\u00e9llo \U0001f9c8"
"""What every answer says: two and four bytes of UTF-8 are in it, to be torn apart."""


def packed(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def data_event(value):
    return b"data: " + packed(value) + b"\n\n"


def named_event(kind, **more):
    return b"event: " + kind.encode() + b"\n" + data_event({"type": kind, **more})


@dataclass(frozen=True)
class Dialect:
    """An endpoint, and how its answer begins and ends."""

    name: str
    path: str          # below the gateway's /v1, and below the upstream's base URL
    request: dict      # without `model` and `stream`
    whole: bytes       # a whole answer that does not stream
    opening: tuple = ()  # events before the first content
    content: bytes = b""
    finish: bytes = b""  # after it the answer is complete, though its end has not been said
    end: bytes = b""
    error: bytes = b""   # the event with which an upstream reports an error

    def __str__(self):
        return self.name

    @property
    def streams(self):
        return bool(self.end)

    @property
    def events(self):
        return [*self.opening, self.content, self.finish, self.end]

    @property
    def provider_type(self):
        return {"messages": "anthropic", "gemini": "gemini"}.get(self.name, "openai")

    def body(self, model, stream):
        return packed({"model": model, **self.request, **({"stream": True} if stream else {})})

    def error_of_body(self, body):
        """The message of an error body in the shape of this dialect's endpoint; checks the shape."""
        value = json.loads(body)
        error = value["error"]
        if self.provider_type == "anthropic":
            assert value["type"] == "error" and set(error) == {"type", "message"}, value
        else:
            assert set(value) == {"error"}, value
            assert {"message", "type", "param", "code"} <= set(error), value
        return error["message"]

    def error_of_event(self, block):
        """The message of an error event in this dialect; None when the block is something else."""
        name, _, data = block.rpartition("data: ")
        value = json.loads(data)
        if value.get("type") == "response.failed":
            return value["response"]["error"]["message"]
        error = value.get("error") or (value if value.get("type") == "error" else None)
        if not error:
            return None
        if self.name in ("responses", "messages"):
            assert name == "event: error\n" and value["type"] == "error", block
        else:
            assert name == "" and set(value) == {"error"}, block
        return error["message"]


def chat_chunk(delta, finish=None):
    return data_event({"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m",
                       "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})


def text_chunk(text, finish=None):
    return data_event({"id": "c", "object": "text_completion", "created": 1, "model": "m",
                       "choices": [{"index": 0, "text": text, "finish_reason": finish}]})


DONE = b"data: [DONE]\n\n"
OPENAI_ERROR = data_event({"error": {"message": "overloaded", "type": "server_error",
                                     "param": None, "code": "busy"}})

CHAT = Dialect(
    "chat", "/chat/completions", {"messages": [{"role": "user", "content": "hello"}]},
    packed({"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": [
        {"index": 0, "message": {"role": "assistant", "content": CONTENT},
         "finish_reason": "stop"}]}),
    (chat_chunk({"role": "assistant", "content": ""}),),
    chat_chunk({"content": CONTENT}), chat_chunk({}, "stop"), DONE, OPENAI_ERROR)

COMPLETIONS = Dialect(
    "completions", "/completions", {"prompt": "hello"},
    packed({"id": "c", "object": "text_completion", "created": 1, "model": "m", "choices": [
        {"index": 0, "text": CONTENT, "finish_reason": "stop"}]}),
    (text_chunk(""),), text_chunk(CONTENT), text_chunk("", "stop"), DONE, OPENAI_ERROR)

EMBEDDINGS = Dialect(
    "embeddings", "/embeddings", {"input": "hello"},
    packed({"object": "list", "model": "m",
            "data": [{"object": "embedding", "index": 0, "embedding": [0.1, 0.2]}],
            "usage": {"prompt_tokens": 1, "total_tokens": 1}}))

RESPONSE = {"id": "r", "object": "response", "created_at": 1, "model": "m", "status": "completed",
            "output": [], "parallel_tool_calls": True, "tool_choice": "auto", "tools": []}

RESPONSES = Dialect(
    "responses", "/responses", {"input": "hello"},
    packed({**RESPONSE, "metadata": {"text": CONTENT}}),
    (named_event("response.created", sequence_number=0,
                 response={**RESPONSE, "status": "in_progress"}),),
    named_event("response.output_text.delta", sequence_number=1, item_id="i", output_index=0,
                content_index=0, delta=CONTENT, logprobs=[]),
    named_event("response.output_text.done", sequence_number=2, item_id="i", output_index=0,
                content_index=0, text=CONTENT, logprobs=[]),
    named_event("response.completed", sequence_number=3, response=RESPONSE),
    named_event("error", sequence_number=2, code="busy", message="overloaded", param=None))

MESSAGE = {"id": "msg", "type": "message", "role": "assistant", "model": "m", "content": [],
           "stop_reason": None, "stop_sequence": None,
           "usage": {"input_tokens": 1, "output_tokens": 1}}

MESSAGES = Dialect(
    "messages", "/messages",
    {"max_tokens": 16, "messages": [{"role": "user", "content": "hello"}]},
    packed({**MESSAGE, "content": [{"type": "text", "text": CONTENT}], "stop_reason": "end_turn"}),
    (named_event("message_start", message=MESSAGE),
     named_event("content_block_start", index=0, content_block={"type": "text", "text": ""})),
    named_event("content_block_delta", index=0, delta={"type": "text_delta", "text": CONTENT}),
    named_event("content_block_stop", index=0)
    + named_event("message_delta", delta={"stop_reason": "end_turn", "stop_sequence": None},
                  usage={"output_tokens": 3}),
    named_event("message_stop"),
    named_event("error", error={"type": "overloaded_error", "message": "overloaded"}))



def gemini_chunk(text, **more):
    candidate = {"content": {"role": "model", "parts": [{"text": text}]}, "index": 0, **more}
    return {"candidates": [candidate], "modelVersion": "m", "responseId": "r",
            "usageMetadata": {"promptTokenCount": 1, "candidatesTokenCount": 1,
                              "totalTokenCount": 2}}


GEMINI = Dialect(
    "gemini", "", {}, packed(gemini_chunk(CONTENT, finishReason="STOP")),
    (data_event(gemini_chunk("")),), data_event(gemini_chunk(CONTENT)),
    data_event(gemini_chunk(".")), data_event(gemini_chunk("", finishReason="STOP")),
    data_event({"error": {"code": 503, "message": "overloaded", "status": "UNAVAILABLE"}}))
"""Of providers only. The last event says the reason; there is no other end."""


@dataclass(frozen=True)
class Way:
    """A caller's dialect, and the one of the provider that answers it."""

    caller: Dialect
    provider: Dialect

    def __str__(self):
        return f"{self.caller} to {self.provider}" if self.translates else str(self.caller)

    @property
    def translates(self):
        return self.caller is not self.provider

    @property
    def provider_type(self):
        return self.provider.provider_type


ALL = tuple(Way(dialect, dialect)
            for dialect in (CHAT, COMPLETIONS, RESPONSES, MESSAGES, EMBEDDINGS))
STREAMING = tuple(way for way in ALL if way.caller.streams)
TRANSLATED = (Way(CHAT, MESSAGES), Way(RESPONSES, MESSAGES), Way(MESSAGES, CHAT), Way(CHAT, GEMINI))
