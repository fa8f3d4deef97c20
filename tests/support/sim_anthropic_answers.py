"""What Anthropic's models answer, wherever they are served: Anthropic's own API, Bedrock, Vertex.

It follows from the request (tools: a call, then a text about its result; a schema: an instance of it;
thinking: a signed thought before all else) and from words in the model's name: `parallel`, `redacted`,
`refusal`, `max`, `stop`, `pause`, `cached`, `cited`, `error-<status>`, `stream-error`, `cut`.
"""

from .sim_anthropic_rules import Refused, blocks_of, check_request
from .simulator import ON_DEMAND, asked_failure, instance, packed, pieces

TEXT = "Hello from Claude!"
WORDS = {400: "invalid_request_error", 401: "authentication_error", 402: "billing_error",
         403: "permission_error", 404: "not_found_error", 413: "request_too_large",
         429: "rate_limit_error", 500: "api_error", 504: "timeout_error", 529: "overloaded_error"}
REASONS = {"refusal": "refusal", "max": "max_tokens", "pause": "pause_turn", "stop": "stop_sequence"}


def error_body(refused):
    return {"type": "error", "error": {"type": refused.kind, "message": refused.message},
            "request_id": "req_sim"}


class Claude:
    """Takes only signatures that it gave."""

    def __init__(self):
        self.signatures = set()

    def count(self, request):
        check_request(request, self.signatures, counting=True)
        return {"input_tokens": len(packed(request)) // 4}

    def message(self, request):
        """The whole answer to a request, `model` and `stream` among its members."""
        names, thinks = check_request(request, self.signatures)
        model = request["model"]
        if failure := asked_failure(model):
            raise Refused(ON_DEMAND, failure, WORDS.get(failure, "api_error"))
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
            return [{"type": "text", "text": packed(instance(request["output_config"]["format"]["schema"]))}]
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


def events_of(message):
    """A message as the events of a stream, as far as its model's name lets it come."""
    usage = message["usage"]
    start = {**message, "content": [], "stop_reason": None, "stop_sequence": None,
             "usage": {**usage, "output_tokens": 1}}
    start.pop("stop_details", None)
    events = [{"type": "message_start", "message": start}]
    for index, block in enumerate(message["content"]):
        empty, deltas = _cut(block)
        events.append({"type": "content_block_start", "index": index, "content_block": empty})
        if index == 0:
            events.append({"type": "ping"})
        events += [{"type": "content_block_delta", "index": index, "delta": delta} for delta in deltas]
        events.append({"type": "content_block_stop", "index": index})
    delta = {key: message[key] for key in ("stop_reason", "stop_sequence", "stop_details")
             if key in message}
    told = {key: usage[key] for key in ("output_tokens", "output_tokens_details") if key in usage}
    events += [{"type": "message_delta", "delta": delta, "usage": told}, {"type": "message_stop"}]
    broken = [word for word in ("stream-error", "cut") if word in message["model"]]
    late = error_body(Refused("Overloaded", 529, "overloaded_error"))
    return events[:4] + [late] * ("stream-error" in broken) if broken else events


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
        return {**block, "input": {}}, [{"type": "input_json_delta", "partial_json": part}
                                        for part in ["", *pieces(packed(block["input"]))]]
    return block, []


def stream(exchange, message, headers=()):
    """A message by Server-Sent Events."""
    exchange.start_stream(headers)
    for event in events_of(message):
        exchange.chunk(f"event: {event['type']}\ndata: {packed(event)}\n\n".encode())
    exchange.end()
