"""Anthropic's Messages API as a simulator: refuses what the vendor's schema refuses (sim_anthropic_rules)
and answers in its dialect, streamed and not.

What it answers follows from the request (tools: a call, then a text about its result; a schema: an
instance of it; thinking: a signed thought before all else) and from words in the model's name: `parallel`,
`redacted`, `refusal`, `max`, `stop`, `pause`, `cached`, `cited`, `error-<status>`, `stream-error`, `cut`.
"""

import json
import re

from .sim_anthropic_rules import Refused, blocks_of, check_request
from .upstream import Upstream

KEY = "sim-key"
TEXT = "Hello from Claude!"
WORDS = {400: "invalid_request_error", 401: "authentication_error", 402: "billing_error",
         403: "permission_error", 404: "not_found_error", 413: "request_too_large",
         429: "rate_limit_error", 500: "api_error", 504: "timeout_error", 529: "overloaded_error"}
REASONS = {"refusal": "refusal", "max": "max_tokens", "pause": "pause_turn", "stop": "stop_sequence"}


def error_body(refused):
    return {"type": "error", "error": {"type": refused.kind, "message": refused.message},
            "request_id": "req_sim"}


def instance(schema):
    """Something that the schema allows."""
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type", "object")
    if kind == "object":
        return {name: instance(of) for name, of in schema.get("properties", {}).items()}
    if kind == "array":
        return [instance(schema.get("items", {"type": "string"}))]
    return {"string": "Köln", "integer": 3, "number": 1.5, "boolean": True}.get(kind)


def pieces(text, size=6):
    return [text[at:at + size] for at in range(0, len(text), size)]


class SimAnthropic:
    """Listens from the beginning. `refused` holds what it said no to, `asked` what it answered."""

    def __init__(self):
        self.refused = []
        self.asked = []
        self.signatures = set()
        self.upstream = Upstream().on("*", self._serve)

    @property
    def url(self):
        return self.upstream.url

    def stop(self):
        self.upstream.stop()

    def _serve(self, exchange):
        try:
            counting, request = self._read(exchange.request)
            names, thinks = check_request(request, self.signatures, counting)
            if counting:
                return self._send(exchange, 200, {"input_tokens": len(json.dumps(request)) // 4})
            self.asked.append(request)
            self._answer(exchange, request, names, thinks)
        except Refused as refused:
            self.refused.append(refused.message)
            self._send(exchange, refused.status, error_body(refused))
        return None

    @staticmethod
    def _read(request):
        if request.path not in ("/v1/messages", "/v1/messages/count_tokens") or request.method != "POST":
            raise Refused("Not found", 404, "not_found_error")
        # The SDK of 2026 sends its key as a bearer token.
        given = request.headers.get("x-api-key"), request.headers.get("authorization")
        if given not in ((KEY, None), (None, f"Bearer {KEY}")):
            raise Refused("invalid x-api-key", 401, "authentication_error")
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", request.headers.get("anthropic-version") or ""):
            raise Refused("anthropic-version: header is required")
        if not (request.headers.get("content-type") or "").startswith("application/json"):
            raise Refused("content-type: Input should be 'application/json'")
        try:
            return request.path.endswith("count_tokens"), json.loads(request.body)
        except ValueError:
            raise Refused("The request body is not valid JSON") from None

    def _answer(self, exchange, request, names, thinks):
        model = request["model"]
        failure = re.search(r"(?<!stream-)error-(\d{3})", model)
        if failure:
            status = int(failure[1])
            raise Refused("on demand", status, WORDS.get(status, "api_error"))
        message = self._message(request, names, thinks)
        if not request.get("stream"):
            return self._send(exchange, 200, message)
        events = self._events(message)
        if "stream-error" in model or "cut" in model:
            events = events[:4]
        if "stream-error" in model:
            events.append(error_body(Refused("Overloaded", 529, "overloaded_error")))
        exchange.start_stream({"request-id": "req_sim"})
        for event in events:
            data = json.dumps(event, ensure_ascii=False)
            exchange.chunk(f"event: {event['type']}\ndata: {data}\n\n".encode())
        exchange.end()
        return None

    def _message(self, request, names, thinks):
        model = request["model"]
        content = self._thoughts(model) if thinks else []
        content += self._said(request, names)
        reason = "tool_use" if content and content[-1]["type"] == "tool_use" else "end_turn"
        reason = next((word for name, word in REASONS.items() if f"-{name}" in model), reason)
        usage = {"input_tokens": 10, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0,
                 "output_tokens": 5}
        if "cached" in model:
            usage.update(cache_creation_input_tokens=20, cache_read_input_tokens=300)
        if thinks:
            usage.update(output_tokens=25, output_tokens_details={"thinking_tokens": 20})
        message = {"id": "msg_sim", "type": "message", "role": "assistant", "model": model,
                   "content": content, "stop_reason": reason, "stop_sequence": None, "usage": usage}
        if reason == "stop_sequence":
            message["stop_sequence"] = request.get("stop_sequences", ["END"])[0]
        if reason == "refusal":
            message["stop_details"] = {"type": "refusal", "category": "cyber", "explanation": "I will not."}
        return message

    def _thoughts(self, model):
        signature = f"c2lnbmF0dXJl{len(self.signatures):04}"
        self.signatures.add(signature)
        thoughts = [{"type": "thinking", "thinking": "Let me see.", "signature": signature}]
        if "redacted" in model:
            self.signatures.add("b3BhcXVl")
            thoughts.append({"type": "redacted_thinking", "data": "b3BhcXVl"})
        return thoughts

    def _said(self, request, names):
        model, choice = request["model"], request.get("tool_choice", {})
        results = [b for b in blocks_of(request["messages"][-1]) if b["type"] == "tool_result"]
        if results:
            said = " and ".join(self._result_text(result) for result in results)
            return [{"type": "text", "text": f"The result is {said}."}]
        if names and choice.get("type") != "none":
            wanted = [choice["name"]] if choice.get("type") == "tool" else names
            several = "parallel" in model and not choice.get("disable_parallel_tool_use")
            schemas = {tool["name"]: tool["input_schema"] for tool in request["tools"] if "name" in tool
                       and "input_schema" in tool}
            return [{"type": "tool_use", "id": f"toolu_{at}", "name": name, "input": instance(schemas[name])}
                    for at, name in enumerate(wanted[:2 if several else 1])]
        if "format" in request.get("output_config", {}):
            value = instance(request["output_config"]["format"]["schema"])
            return [{"type": "text", "text": json.dumps(value, ensure_ascii=False)}]
        text = {"type": "text", "text": TEXT}
        if "cited" in model:
            text["citations"] = [{"type": "web_search_result_location", "url": "https://example.com",
                                  "title": "E", "cited_text": "so", "encrypted_index": "abc"}]
        return [text]

    @staticmethod
    def _result_text(result):
        content = result.get("content", "")
        if isinstance(content, list):
            content = "".join(block.get("text", f"<{block['type']}>") for block in content)
        return f"an error: {content}" if result.get("is_error") else content

    def _events(self, message):
        usage = message["usage"]
        start = {**message, "content": [], "stop_reason": None, "stop_sequence": None,
                 "usage": {**usage, "output_tokens": 1}}
        start.pop("stop_details", None)
        events = [{"type": "message_start", "message": start}]
        for index, block in enumerate(message["content"]):
            empty, deltas = self._cut(block)
            events.append({"type": "content_block_start", "index": index, "content_block": empty})
            if index == 0:
                events.append({"type": "ping"})
            events += [{"type": "content_block_delta", "index": index, "delta": delta} for delta in deltas]
            events.append({"type": "content_block_stop", "index": index})
        delta = {key: message[key] for key in ("stop_reason", "stop_sequence", "stop_details")
                 if key in message}
        told = {key: usage[key] for key in ("output_tokens", "output_tokens_details") if key in usage}
        return events + [{"type": "message_delta", "delta": delta, "usage": told}, {"type": "message_stop"}]

    @staticmethod
    def _cut(block):
        kind = block["type"]
        if kind == "text":
            return {"type": "text", "text": ""}, [
                {"type": "text_delta", "text": text} for text in pieces(block["text"])] + [
                {"type": "citations_delta", "citation": one} for one in block.get("citations", [])]
        if kind == "thinking":
            return {"type": "thinking", "thinking": "", "signature": ""}, [
                {"type": "thinking_delta", "thinking": text} for text in pieces(block["thinking"])] + [
                {"type": "signature_delta", "signature": block["signature"]}]
        if kind == "tool_use":
            text = json.dumps(block["input"], ensure_ascii=False)
            return {**block, "input": {}}, [{"type": "input_json_delta", "partial_json": part}
                                            for part in ["", *pieces(text)]]
        return block, []

    @staticmethod
    def _send(exchange, status, body):
        headers = {"Content-Type": "application/json", "request-id": "req_sim"}
        exchange.reply(status, headers, json.dumps(body, ensure_ascii=False).encode())
