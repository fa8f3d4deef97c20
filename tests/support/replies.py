"""Canned answers of providers, and the handlers that give them."""

import json

JSON = {"Content-Type": "application/json"}

HI = b'{"model":"gpt-4o","messages":[{"role":"user","content":"hello"}]}'
HI_STREAM = b'{"model":"gpt-4o","messages":[{"role":"user","content":"hello"}],"stream":true}'

CHAT = (
    b'{"id":"chatcmpl-test","object":"chat.completion","created":1700000000,"model":"gpt-4o",'
    b'"choices":[{"index":0,"message":{"role":"assistant","content":"Hello!"},'
    b'"finish_reason":"stop"}],'
    b'"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}}'
)
EMBEDDINGS = (
    b'{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.1,0.2,0.3]}],'
    b'"model":"text-embedding-3-small","usage":{"prompt_tokens":5,"total_tokens":5}}'
)


def chunk_event(delta, finish=None, **more):
    """One `data:` event of a chat stream."""
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    chunk = {"id": "chatcmpl-s", "object": "chat.completion.chunk", "created": 1700000000,
             "model": "gpt-4o", "choices": [choice], **more}
    return b"data: " + json.dumps(chunk, separators=(",", ":")).encode() + b"\n\n"


ROLE = chunk_event({"role": "assistant", "content": ""})
HELLO = chunk_event({"content": "Hello"})
BANG = chunk_event({"content": "!"}, "stop")
DONE = b"data: [DONE]\n\n"
STREAM = [ROLE, HELLO, BANG, DONE]


def reply(status=200, body=b"", headers=()):
    """A whole answer."""
    return lambda exchange: exchange.reply(status, headers, body)


def json_reply(value, status=200, headers=None):
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return reply(status, body, {**JSON, **(headers or {})})


def mock_error(status, headers=None):
    """E(code) of the cases."""
    return json_reply({"error": {"message": "mock error", "code": status}}, status, headers)


def chat_reply(headers=None):
    return json_reply(CHAT, headers={"X-Req-Id": "r1", **(headers or {})})


def stream_reply(events=None, headers=()):
    """A whole chunked event stream, one chunk an event."""
    def handler(exchange):
        exchange.start_stream(headers)
        for event in STREAM if events is None else events:
            exchange.chunk(event)
        exchange.end()
    return handler


def stream_then(events, ending):
    """Events, then what `ending` does: cut it, reset it, hang."""
    def handler(exchange):
        exchange.start_stream()
        for event in events:
            exchange.chunk(event)
        ending(exchange)
    return handler


def stream_pausing(go_on):
    """A stream that waits for this event in its middle."""
    def handler(exchange):
        exchange.start_stream()
        exchange.chunk(HELLO)
        exchange.pause(go_on)
        exchange.chunk(BANG + DONE)
        exchange.end()
    return handler


def cut(exchange):
    """Closes without the last chunk."""
    exchange.close()


def reset(exchange):
    exchange.reset()


def hang(exchange):
    """Never answers; notes when the gateway leaves."""
    exchange.keep = False
    exchange.wait_gone()


def script(upstream):
    """The OAI upstream of the cases."""
    upstream.on("/chat/completions", by_stream)
    upstream.on("/embeddings", json_reply(EMBEDDINGS))
    return upstream


def by_stream(exchange):
    """Chat as asked for: streamed or whole."""
    streams = json.loads(exchange.request.body or b"{}").get("stream") is True
    (stream_reply() if streams else chat_reply())(exchange)
