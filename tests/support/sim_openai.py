"""OpenAI's chat completions and embeddings as a simulator: refuses what the vendor's schema refuses
(sim_openai_rules) and answers in its dialect, streamed and not.

What it answers follows from the request (tools: calls, then a text about their results; a schema: an
instance of it) and from words in the model's name: `parallel`, `thinking`, `refusal`, `filter`, `max`,
`error-<status>`, `stream-error`, `cut`.
"""

import json
import re

from .sim_openai_rules import EMBEDDINGS, Refused, check_chat, check_schema
from .upstream import Upstream

KEY = "sim-key"
TEXT = ["Hello", " from", " OpenAI!"]
KINDS = {401: "invalid_request_error", 403: "permission_error", 404: "invalid_request_error",
         429: "rate_limit_error"}
USAGE = {"prompt_tokens": 20, "completion_tokens": 12, "total_tokens": 32,
         "prompt_tokens_details": {"cached_tokens": 8},
         "completion_tokens_details": {"reasoning_tokens": 4}}


def instance(schema):
    """Something that the schema allows."""
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type", "object")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        return {name: instance(of) for name, of in schema.get("properties", {}).items()}
    if kind == "array":
        return [instance(schema.get("items", {"type": "string"}))]
    return {"string": "Köln", "integer": 3, "number": 1.5, "boolean": True}.get(kind)


def halves(text):
    return [text[:len(text) // 2], text[len(text) // 2:]]


def text_of(content):
    return content if isinstance(content, str) else "".join(part["text"] for part in content)


def deltas_of(model, request):
    """The message as the pieces of a stream, and why it ended."""
    if "refusal" in model:
        return [{"refusal": piece} for piece in ("I cannot", " do that.")], "stop"
    last = request["messages"][-1]
    thoughts = [{"reasoning_content": piece} for piece in ("Let me", " think.")] \
        if "thinking" in model else []
    if last["role"] == "tool":
        return thoughts + [{"content": piece} for piece in ("It says: ", text_of(last["content"]))], "stop"
    choice = request.get("tool_choice", "auto")
    if request.get("tools") and choice != "none":
        return thoughts + calls_of(model, request, choice), "tool_calls"
    form = request.get("response_format", {})
    if form.get("type") == "json_schema":
        said = halves(json.dumps(instance(form["json_schema"]["schema"]), ensure_ascii=False))
    else:
        said = ['{"ok":', " true}"] if form.get("type") == "json_object" else TEXT
    finish = "length" if "max" in model else "content_filter" if "filter" in model else "stop"
    return thoughts + [{"content": piece} for piece in said], finish


def calls_of(model, request, choice):
    functions = [tool["function"] for tool in request["tools"]]
    if isinstance(choice, dict):
        functions = [one for one in functions if one["name"] == choice["function"]["name"]]
    several = "parallel" in model and request.get("parallel_tool_calls", True)
    pieces = []
    for index, function in enumerate(functions if several else functions[:1]):
        call = {"index": index, "id": f"call_{len(request['messages'])}_{index}", "type": "function",
                "function": {"name": function["name"], "arguments": ""}}
        arguments = json.dumps(instance(function.get("parameters", {})), ensure_ascii=False)
        pieces += [{"tool_calls": [call]}]
        pieces += [{"tool_calls": [{"index": index, "function": {"arguments": piece}}]}
                   for piece in halves(arguments)]
    return pieces


def joined(pieces):
    """The message that the pieces add up to."""
    message = {"role": "assistant", "content": None, "refusal": None}
    for piece in pieces:
        for name in ("content", "refusal", "reasoning_content"):
            if name in piece:
                message[name] = (message.get(name) or "") + piece[name]
        for call in piece.get("tool_calls", []):
            calls = message.setdefault("tool_calls", [])
            if "id" in call:
                calls.append({"id": call["id"], "type": "function", "function": dict(call["function"])})
            else:
                calls[call["index"]]["function"]["arguments"] += call["function"]["arguments"]
    return message


class SimOpenai:
    """Listens from the beginning. `refused` holds what it said no to."""

    def __init__(self):
        self.refused = []
        self.upstream = Upstream().on("*", self._serve)

    @property
    def url(self):
        return self.upstream.url

    def stop(self):
        self.upstream.stop()

    def _serve(self, exchange):
        try:
            request = self._read(exchange.request)
            if exchange.request.path.endswith("/embeddings"):
                return self._send(exchange, 200, self._embeddings(request))
            check_chat(request)
            return self._chat(exchange, request)
        except Refused as refused:
            self.refused.append(refused.error)
            return self._send(exchange, refused.status, {"error": refused.error})

    @staticmethod
    def _send(exchange, status, body):
        exchange.reply(status, {"Content-Type": "application/json"}, json.dumps(body).encode())

    @staticmethod
    def _read(request):
        if request.headers.get("authorization") != f"Bearer {KEY}":
            raise Refused("Incorrect API key provided.", status=401, code="invalid_api_key")
        if request.method != "POST" or request.target not in ("/v1/chat/completions", "/v1/embeddings"):
            raise Refused(f"Invalid URL ({request.method} {request.target})", status=404)
        try:
            return json.loads(request.body)
        except ValueError:
            raise Refused("We could not parse the JSON body of your request.") from None

    @staticmethod
    def _embeddings(request):
        check_schema(request, EMBEDDINGS)
        texts = request["input"] if isinstance(request["input"], list) else [request["input"]]
        data = [{"object": "embedding", "index": index, "embedding": [len(str(text)) / 100, -0.5, 0.25]}
                for index, text in enumerate(texts)]
        return {"object": "list", "data": data, "model": request["model"],
                "usage": {"prompt_tokens": 5, "total_tokens": 5}}

    def _chat(self, exchange, request):
        model = request["model"]
        failure = re.search(r"(?<!stream-)error-(\d{3})", model)
        if failure:
            status = int(failure[1])
            raise Refused("on demand", status=status, kind=KINDS.get(status, "server_error"))
        pieces, finish = deltas_of(model, request)
        if request.get("stream"):
            return self._stream(exchange, request, pieces, finish)
        choice = {"index": 0, "message": joined(pieces), "logprobs": None, "finish_reason": finish}
        return self._send(exchange, 200, {
            "id": "chatcmpl-sim", "object": "chat.completion", "created": 1700000000, "model": model,
            "choices": [{**choice, "index": index} for index in range(request.get("n") or 1)],
            "usage": USAGE})

    @staticmethod
    def _stream(exchange, request, pieces, finish):
        def chunk(choices, **more):
            body = {"id": "chatcmpl-sim", "object": "chat.completion.chunk", "created": 1700000000,
                    "model": request["model"], "choices": choices, **more}
            exchange.chunk(b"data: " + json.dumps(body).encode() + b"\n\n")

        def piece(delta, why=None):
            chunk([{"index": index, "delta": delta, "logprobs": None, "finish_reason": why}
                   for index in range(request.get("n") or 1)])

        exchange.start_stream()
        piece({"role": "assistant", "content": "", "refusal": None})
        for delta in pieces:
            piece(delta)
            if "cut" in request["model"]:
                return exchange.close()
            if "stream-error" in request["model"]:
                error = {"message": "on demand", "type": "server_error", "param": None, "code": None}
                exchange.chunk(b"data: " + json.dumps({"error": error}).encode() + b"\n\n")
                return exchange.end()
        piece({}, finish)
        if request.get("stream_options", {}).get("include_usage"):
            chunk([], usage=USAGE)
        exchange.chunk(b"data: [DONE]\n\n")
        return exchange.end()
