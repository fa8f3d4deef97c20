"""Google's Gemini API as a simulator: refuses what the vendor's schema refuses (sim_gemini_rules) and
answers in its dialect, streamed and not.

What it answers follows from the request (tools: a call, then a text about its result; a schema: an
instance of it) and from words in the model's name: `parallel`, `thinking`, `blocked`, `safety`, `max`,
`recitation`, `error-<status>`, `stream-error`, `cut`.
"""

import json
import re

from .sim_gemini_rules import (EMBED, EMBED_BATCH, Refused, check_embed, check_generate, check_shape,
                               parts_of)
from .upstream import Upstream

KEY = "sim-key"
TEXT = ["Hello", " from", " Gemini!"]
WORDS = {400: "INVALID_ARGUMENT", 403: "PERMISSION_DENIED", 404: "NOT_FOUND",
         429: "RESOURCE_EXHAUSTED", 500: "INTERNAL", 503: "UNAVAILABLE", 504: "DEADLINE_EXCEEDED"}
FINISHES = {"safety": "SAFETY", "recitation": "RECITATION", "max": "MAX_TOKENS"}
PATH = re.compile(r"/v1beta/((?:models|tunedModels)/([^/:?]+)):(\w+)(\?alt=sse)?")


def error_body(refused):
    return {"error": {"code": refused.status, "message": refused.message, "status": refused.word,
                      "details": refused.details}}


def instance(schema):
    """Something that the schema allows."""
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type", "object")
    if isinstance(kind, list):
        kind = kind[0]
    if kind == "object":
        return {name: instance(of) for name, of in schema.get("properties", {}).items()}
    if kind == "array":
        return [instance(schema.get("items", {"type": "string"}))]
    return {"string": "Köln", "integer": 3, "number": 1.5, "boolean": True}.get(kind)


class SimGemini:
    """Listens from the beginning. `refused` holds what it said no to."""

    def __init__(self):
        self.refused = []
        self.signatures = set()
        self.upstream = Upstream().on("*", self._serve)

    @property
    def url(self):
        return self.upstream.url

    def stop(self):
        self.upstream.stop()

    def _serve(self, exchange):
        try:
            model, method, streams, request = self._read(exchange.request)
            if method.startswith(("embed", "batchEmbed")):
                self._send(exchange, 200, self._embed(model, method, request))
            else:
                self._generate(exchange, model, streams, request)
        except Refused as refused:
            self.refused.append(refused.message)
            self._send(exchange, refused.status, error_body(refused))

    def _read(self, request):
        key = request.headers.get("x-goog-api-key")
        if "key=" in request.target:
            raise Refused("the key stands in the address")
        if not key:
            raise Refused("Method doesn't allow unregistered callers.", 403, "PERMISSION_DENIED")
        if key != KEY:
            raise Refused("API key not valid. Please pass a valid API key.", details=[
                {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID",
                 "domain": "googleapis.com"}])
        match = PATH.fullmatch(request.target)
        methods = {"generateContent": False, "streamGenerateContent": True, "embedContent": False,
                   "batchEmbedContents": False}
        if not match or match[3] not in methods or methods[match[3]] != bool(match[4]):
            raise Refused(f"no such method: {request.target}", 404, "NOT_FOUND")
        if request.method != "POST":
            raise Refused("POST only", 404, "NOT_FOUND")
        try:
            body = json.loads(request.body)
        except ValueError:
            raise Refused("Invalid JSON payload received.") from None
        return match[1], match[3], methods[match[3]], body

    def _embed(self, model, method, request):
        if method == "embedContent":
            check_shape(request, EMBED)
            check_embed(model, request)
            return {"embedding": {"values": self._vector(request)}}
        check_shape(request, EMBED_BATCH)
        for index, one in enumerate(request.get("requests", [])):
            check_embed(model, one, f"requests[{index}].")
        return {"embeddings": [{"values": self._vector(one)} for one in request["requests"]]}

    @staticmethod
    def _vector(request):
        size = len(request["content"]["parts"][0]["text"])
        return [size / 100, -0.5, 0.25][: request.get("outputDimensionality", 3)]

    def _generate(self, exchange, resource, streams, request):
        model = resource.partition("/")[2]
        failure = re.search(r"(?<!stream-)error-(\d{3})", model)
        if failure:
            status = int(failure[1])
            delay = [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "2s"}]
            raise Refused("on demand", status, WORDS.get(status, "UNKNOWN"),
                          delay if status == 429 else ())
        names = check_generate(model, request, self.signatures)
        chunks = self._chunks(model, request, names)
        if not streams:
            return self._send(exchange, 200, self._joined(chunks))
        exchange.start_stream()
        if "stream-error" in model or "cut" in model:
            chunks = chunks[:1]
        for chunk in chunks:
            exchange.chunk(f"data: {json.dumps(chunk, ensure_ascii=False)}\r\n\r\n".encode())
        if "stream-error" in model:
            late = error_body(Refused("The model is overloaded.", 503, "UNAVAILABLE"))
            exchange.chunk(f"data: {json.dumps(late)}\r\n\r\n".encode())
        exchange.end()
        return None

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
            text = json.dumps(instance(config.get("responseJsonSchema", {})), ensure_ascii=False)
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

    @staticmethod
    def _send(exchange, status, body):
        # In many lines, as Google writes an answer that does not stream.
        text = json.dumps(body, indent=2, ensure_ascii=False).encode()
        exchange.reply(status, {"Content-Type": "application/json; charset=UTF-8"}, text)
