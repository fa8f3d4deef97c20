"""What Gemini answers, wherever it is served: Google AI, Vertex.

It follows from the request (tools: a call, then a text about its result; a schema: an instance of it) and
from words in the model's name: `parallel`, `thinking`, `blocked`, `safety`, `max`, `recitation`,
`error-<status>`, `stream-error`, `cut`.
"""

import json

from .sim_gemini_rules import Refused, check_generate, parts_of
from .simulator import ON_DEMAND, RETRY_AFTER, asked_failure, instance, packed

TEXT = ["Hello", " from", " Gemini!"]
WORDS = {400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND",
         429: "RESOURCE_EXHAUSTED", 500: "INTERNAL", 503: "UNAVAILABLE", 504: "DEADLINE_EXCEEDED"}
FINISHES = {"safety": "SAFETY", "recitation": "RECITATION", "max": "MAX_TOKENS"}


def error_body(refused):
    return {"error": {"code": refused.status, "message": refused.message, "status": refused.kind,
                      "details": refused.more.get("details", [])}}


def send(exchange, status, body):
    # In many lines, as Google writes an answer that does not stream.
    text = json.dumps(body, indent=2, ensure_ascii=False).encode()
    exchange.reply(status, {"Content-Type": "application/json; charset=UTF-8"}, text)


def check_demand(model):
    if failure := asked_failure(model):
        retry = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": f"{RETRY_AFTER}s"}
        raise Refused(ON_DEMAND, failure, WORDS.get(failure, "UNKNOWN"),
                      details=[retry] if failure == 429 else [])


class Gemini:
    """Takes only signatures that it gave."""

    def __init__(self):
        self.signatures = set()

    def generate(self, exchange, model, streams, request):
        check_demand(model)
        names = check_generate(model, request, self.signatures)
        chunks = self._chunks(model, request, names)
        if not streams:
            return send(exchange, 200, self._joined(chunks))
        exchange.start_stream()
        if "stream-error" in model or "cut" in model:
            chunks = chunks[:1]
        for chunk in chunks:
            exchange.chunk(f"data: {packed(chunk)}\r\n\r\n".encode())
        if "stream-error" in model:
            late = error_body(Refused("The model is overloaded.", 503, "UNAVAILABLE"))
            exchange.chunk(f"data: {packed(late)}\r\n\r\n".encode())
        return exchange.end()

    def _chunks(self, model, request, names):
        usage = {"promptTokenCount": 10, "candidatesTokenCount": 5, "totalTokenCount": 15}
        told = {"usageMetadata": usage, "modelVersion": model, "responseId": "sim-1"}
        if "blocked" in model:
            return [{"promptFeedback": {"blockReason": "SAFETY"}, **told}]
        parts = self._parts(model, request, names)
        if "thinking" in model:
            usage["thoughtsTokenCount"] = 7
            usage["totalTokenCount"] = 22
        finish = next((reason for word, reason in FINISHES.items() if f"-{word}" in model), "STOP")
        chunks = []
        count = request.get("generationConfig", {}).get("candidateCount", 1)
        for index in range(count):
            for number, part in enumerate(parts):
                candidate = {"content": {"parts": [part], "role": "model"}, "index": index}
                if number == len(parts) - 1:
                    candidate["finishReason"] = finish
                chunks.append({"candidates": [candidate], **told})
        return chunks

    @staticmethod
    def _joined(chunks):
        """One answer out of a stream's chunks."""
        whole = dict(chunks[-1])
        if "candidates" not in whole:
            return whole
        joined = {}
        for chunk in chunks:
            for candidate in chunk["candidates"]:
                parts = joined.get(candidate["index"], {"content": {"parts": []}})["content"]["parts"]
                joined[candidate["index"]] = {**candidate, "content": {
                    "role": "model", "parts": parts + candidate["content"]["parts"]}}
        return {**whole, "candidates": list(joined.values())}

    def _parts(self, model, request, names):
        config = request.get("generationConfig", {})
        thoughts = []
        if config.get("thinkingConfig", {}).get("includeThoughts") or "thinking" in model:
            thoughts = [{"text": "Let me", "thought": True}, {"text": " see.", "thought": True}]
        answers = parts_of(request["contents"][-1], "functionResponse")
        if answers:
            said = " and ".join(str(next(iter(a["response"].values()), "")) for a in answers)
            return thoughts + [{"text": "The result is "}, {"text": said + "."}]
        calling = request.get("toolConfig", {}).get("functionCallingConfig", {})
        if names and calling.get("mode") != "NONE":
            return thoughts + self._calls(model, request, calling.get("allowedFunctionNames", names))
        if config.get("responseMimeType") == "application/json":
            text = packed(instance(config.get("responseJsonSchema", {})))
            return thoughts + [{"text": text[:3]}, {"text": text[3:]}]
        return thoughts + [{"text": piece} for piece in TEXT]

    def _calls(self, model, request, names):
        declared = {f["name"]: f for tool in request["tools"]
                    for f in tool.get("functionDeclarations", [])}
        wanted = names[:2] if "parallel" in model else names[:1]
        calls = [{"functionCall": {"name": name, "args": instance(
            declared[name].get("parametersJsonSchema", {}))}} for name in wanted]
        signature = f"c2lnbmF0dXJl{len(self.signatures):04}"
        self.signatures.add(signature)
        calls[0]["thoughtSignature"] = signature
        return calls
