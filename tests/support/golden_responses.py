"""The answers in tests/golden/responses/ as an upstream would send them."""

import json
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "golden" / "responses"
STREAMS = sorted(path.stem for path in FOLDER.glob("*.sse"))
WHOLES = sorted(path.stem for path in FOLDER.glob("*.json"))
INCOMPLETE = {"max_tokens": "max_output_tokens", "content_filter": "content_filter"}
COMPLETED = sorted(set(WHOLES) - set(INCOMPLETE))


def serve(exchange):
    """The answer that the model names."""
    asked = json.loads(exchange.request.body)
    path = FOLDER / asked["model"]
    if not asked.get("stream"):
        body = path.with_suffix(".json").read_bytes()
        return exchange.reply(200, {"Content-Type": "application/json"}, body)
    exchange.start_stream()
    stream = path.with_suffix(".sse").read_bytes()
    for at in range(0, len(stream), 7):
        exchange.chunk(stream[at:at + 7])
    return exchange.end()
