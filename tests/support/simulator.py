"""What the simulators of the vendors' APIs share: an address, refusals, failures on demand, and how an
answer is cut into pieces."""

import json
import re

from .upstream import Upstream

KEY = "sim-key"
ON_DEMAND = "on demand"
RETRY_AFTER = 2
"""Seconds that a 429 on demand tells the caller to wait."""


class Refused(Exception):
    """An error answer. `kind` is the vendor's word for it, `more` what else its body has."""

    usual = ""

    def __init__(self, message, status=400, kind=None, **more):
        super().__init__(message)
        self.message, self.status, self.kind, self.more = message, status, kind or self.usual, more


def asked_failure(model):
    """The status that a model's name asks for (`error-529`), else None."""
    found = re.search(r"(?<!stream-)error-(\d{3})", model)
    return int(found[1]) if found else None


def instance(schema):
    """Something that a JSON schema allows."""
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type", "object")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        return {name: instance(of) for name, of in schema.get("properties", {}).items()}
    if kind == "array":
        return [instance(schema.get("items", {"type": "string"}))]
    return {"string": "Köln", "integer": 3, "number": 1.5, "boolean": True}.get(kind)


def packed(value):
    return json.dumps(value, ensure_ascii=False)


def pieces(text, size=6):
    return [text[at:at + size] for at in range(0, len(text), size)]


def send(exchange, status, body, headers=()):
    headers = {"Content-Type": "application/json", **dict(headers)}
    exchange.reply(status, headers, packed(body).encode())


class Simulator:
    """A vendor's API: `answer` and `refuse` speak its dialect. Listens from the beginning; `refused` holds
    what it said no to without being asked for it."""

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
            self.answer(exchange)
        except Refused as refused:
            if refused.message != ON_DEMAND:
                self.refused.append(refused.message)
            self.refuse(exchange, refused)

    def answer(self, exchange):
        raise NotImplementedError

    def refuse(self, exchange, refused):
        raise NotImplementedError
