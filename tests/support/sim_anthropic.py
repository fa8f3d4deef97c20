"""Anthropic's Messages API as a simulator: refuses what the vendor's schema refuses (sim_anthropic_rules)
and answers in its dialect, streamed and not (sim_anthropic_answers)."""

import json
import re

from .sim_anthropic_answers import Claude, error_body, stream
from .sim_anthropic_rules import Refused
from .simulator import KEY, RETRY_AFTER, Simulator, send

HEADERS = {"request-id": "req_sim"}


class SimAnthropic(Simulator):
    """`asked` holds what it answered."""

    def __init__(self):
        self.asked = []
        self.claude = Claude()
        super().__init__()

    def answer(self, exchange):
        counting, request = self._read(exchange.request)
        if counting:
            return send(exchange, 200, self.claude.count(request), HEADERS)
        message = self.claude.message(request)
        self.asked.append(request)
        if request.get("stream"):
            return stream(exchange, message, HEADERS)
        return send(exchange, 200, message, HEADERS)

    def refuse(self, exchange, refused):
        late = {"retry-after": str(RETRY_AFTER)} if refused.status == 429 else {}
        send(exchange, refused.status, error_body(refused), {**HEADERS, **late})

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
