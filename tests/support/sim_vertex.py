"""Vertex as a simulator: Gemini and Anthropic's models below a project's path, for a token of Google's."""

import json
import re
from urllib.parse import unquote

from . import sim_anthropic_answers as anthropic
from .sim_anthropic_rules import Refused as AnthropicRefused
from .sim_gemini_answers import Gemini, error_body, send
from .sim_gemini_rules import Refused
from .sim_google_token import TOKEN
from .simulator import RETRY_AFTER, Simulator
from .simulator import send as send_json

PROJECT = "project"
LOCATION = "europe-west4"
VERSION = "vertex-2023-10-16"
PATH = re.compile(rf"/v1/projects/{PROJECT}/locations/{LOCATION}/publishers/"
                  r"(google|anthropic)/models/([^/:?]+):(\w+)(\?alt=sse)?")
METHODS = {("google", "generateContent", None): False, ("google", "streamGenerateContent", "?alt=sse"): True,
           ("anthropic", "rawPredict", None): False, ("anthropic", "streamRawPredict", None): True}


class SimVertex(Simulator):
    def __init__(self):
        self.gemini = Gemini()
        self.claude = anthropic.Claude()
        super().__init__()

    def answer(self, exchange):
        request = exchange.request
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            raise Refused("Request had invalid authentication credentials.", 401, "UNAUTHENTICATED")
        match = PATH.fullmatch(request.target)
        streams = METHODS.get((match[1], match[3], match[4])) if match else None
        if streams is None or request.method != "POST":
            raise Refused(f"no such method: {request.target}", 404, "NOT_FOUND")
        try:
            body = json.loads(request.body)
        except ValueError:
            raise Refused("Invalid JSON payload received.") from None
        model = unquote(match[2])
        if match[1] == "google":
            return self.gemini.generate(exchange, model, streams, body)
        return self._predict(exchange, model, streams, body)

    def refuse(self, exchange, refused):
        if not isinstance(refused, AnthropicRefused):
            return send(exchange, refused.status, error_body(refused))
        late = {"retry-after": str(RETRY_AFTER)} if refused.status == 429 else {}
        return send_json(exchange, refused.status, anthropic.error_body(refused), late)

    def _predict(self, exchange, model, streams, body):
        if body.pop("anthropic_version", None) != VERSION:
            raise AnthropicRefused("anthropic_version: Field required")
        if "model" in body:
            raise AnthropicRefused("model: Extra inputs are not permitted")
        if streams != body.get("stream", False):
            raise AnthropicRefused("stream: must be as the method says")
        # Some betas are only seen in the header, which the body may repeat.
        betas = body.pop("anthropic_beta", [])
        if betas and ",".join(betas) != exchange.request.headers.get("anthropic-beta"):
            raise AnthropicRefused("anthropic_beta: must be as the header says")
        message = self.claude.message({**body, "model": model})
        if streams:
            return anthropic.stream(exchange, message)
        return send_json(exchange, 200, message)
