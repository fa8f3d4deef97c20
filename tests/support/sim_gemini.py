"""Google's Gemini API as a simulator: refuses what the vendor's schema refuses (sim_gemini_rules) and
answers in its dialect, streamed and not (sim_gemini_answers)."""

import json
import re

from .sim_gemini_answers import Gemini, check_demand, error_body, send
from .sim_gemini_rules import EMBED, EMBED_BATCH, Refused, check_embed, check_shape
from .simulator import KEY, Simulator

METHODS = {"generateContent": False, "streamGenerateContent": True, "embedContent": False,
           "batchEmbedContents": False}  # name: whether it streams
PATH = re.compile(r"/v1beta/((?:models|tunedModels)/([^/:?]+)):(\w+)(\?alt=sse)?")


class SimGemini(Simulator):
    def __init__(self):
        self.gemini = Gemini()
        super().__init__()

    def answer(self, exchange):
        resource, method, request = self._read(exchange.request)
        if method.startswith(("embed", "batchEmbed")):
            check_demand(resource)
            return send(exchange, 200, self._embed(resource, method, request))
        model = resource.partition("/")[2]
        return self.gemini.generate(exchange, model, METHODS[method], request)

    def refuse(self, exchange, refused):
        send(exchange, refused.status, error_body(refused))

    @staticmethod
    def _read(request):
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
        if not match or match[3] not in METHODS or METHODS[match[3]] != bool(match[4]):
            raise Refused(f"no such method: {request.target}", 404, "NOT_FOUND")
        if request.method != "POST":
            raise Refused("POST only", 404, "NOT_FOUND")
        try:
            return match[1], match[3], json.loads(request.body)
        except ValueError:
            raise Refused("Invalid JSON payload received.") from None

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
