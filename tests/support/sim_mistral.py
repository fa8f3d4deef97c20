"""Mistral's chat completions as a simulator: OpenAI's dialect without what Mistral refuses of it, and
without responses.

Sources: https://docs.mistral.ai/api/endpoint/chat
"""

from .sim_openai import SimOpenai
from .sim_openai_rules import Refused

UNKNOWN = ("max_completion_tokens", "stream_options")


class SimMistral(SimOpenai):
    """Tells usage of a stream without being asked."""

    paths = ("/v1/chat/completions", "/v1/embeddings")

    def chat(self, exchange, request):
        for name in UNKNOWN:
            if name in request:
                raise Refused("Extra inputs are not permitted", name, status=422)
        if request.get("stream"):
            request["stream_options"] = {"include_usage": True}
        super().chat(exchange, request)
