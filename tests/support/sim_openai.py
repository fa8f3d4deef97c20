"""OpenAI's chat completions, responses and embeddings as a simulator: refuses what the vendor's schema
refuses (sim_openai_rules) and answers in its dialect, streamed and not (sim_openai_answers)."""

import base64
import json
import struct

from . import sim_openai_responses as responses
from .sim_openai_answers import deltas_of, joined
from .sim_openai_rules import EMBEDDINGS, Refused, check_chat, check_schema
from .simulator import KEY, ON_DEMAND, RETRY_AFTER, Simulator, asked_failure, packed, send

KINDS = {401: "invalid_request_error", 403: "permission_error", 404: "invalid_request_error",
         429: "rate_limit_error"}
USAGE = {"prompt_tokens": 20, "completion_tokens": 12, "total_tokens": 32,
         "prompt_tokens_details": {"cached_tokens": 8},
         "completion_tokens_details": {"reasoning_tokens": 4}}


class SimOpenai(Simulator):
    paths = ("/v1/chat/completions", "/v1/embeddings", "/v1/responses")

    def answer(self, exchange):
        request = self._read(exchange.request)
        failure = asked_failure(request.get("model", ""))
        if failure:
            raise Refused(ON_DEMAND, status=failure, kind=KINDS.get(failure, "server_error"))
        if exchange.request.path.endswith("/embeddings"):
            return send(exchange, 200, embeddings(request))
        if exchange.request.path.endswith("/responses"):
            return responses.answer(exchange, request)
        return self.chat(exchange, request)

    def refuse(self, exchange, refused):
        late = {"retry-after": str(RETRY_AFTER)} if refused.status == 429 else {}
        error = {"message": refused.message, "type": refused.kind, **refused.more}
        send(exchange, refused.status, {"error": error}, late)

    def _read(self, request):
        if request.headers.get("authorization") != f"Bearer {KEY}":
            raise Refused("Incorrect API key provided.", status=401, code="invalid_api_key")
        if request.method != "POST" or request.target not in self.paths:
            raise Refused(f"Invalid URL ({request.method} {request.target})", status=404)
        try:
            return json.loads(request.body)
        except ValueError:
            raise Refused("We could not parse the JSON body of your request.") from None

    def chat(self, exchange, request):
        check_chat(request)
        pieces, finish = deltas_of(request["model"], request)
        if request.get("stream"):
            return self._stream(exchange, request, pieces, finish)
        choice = {"index": 0, "message": joined(pieces), "logprobs": None, "finish_reason": finish}
        return send(exchange, 200, {
            "id": "chatcmpl-sim", "object": "chat.completion", "created": 1700000000,
            "model": request["model"],
            "choices": [{**choice, "index": index} for index in range(request.get("n") or 1)],
            "usage": USAGE})

    @staticmethod
    def _stream(exchange, request, pieces, finish):
        def chunk(choices, **more):
            body = {"id": "chatcmpl-sim", "object": "chat.completion.chunk", "created": 1700000000,
                    "model": request["model"], "choices": choices, **more}
            exchange.chunk(f"data: {packed(body)}\n\n".encode())

        def piece(delta, why=None):
            chunk([{"index": index, "delta": delta, "logprobs": None, "finish_reason": why}
                   for index in range(request.get("n") or 1)])

        exchange.start_stream()
        piece({"role": "assistant", "content": "", "refusal": None})
        for delta in pieces:
            piece(delta)
            if "cut" in request["model"]:
                return exchange.close()
            if "stream-error" in request["model"]:
                error = {"message": ON_DEMAND, "type": "server_error", "param": None, "code": None}
                exchange.chunk(f"data: {packed({'error': error})}\n\n".encode())
                return exchange.end()
        piece({}, finish)
        if request.get("stream_options", {}).get("include_usage"):
            chunk([], usage=USAGE)
        exchange.chunk(b"data: [DONE]\n\n")
        return exchange.end()


def embeddings(request):
    check_schema(request, EMBEDDINGS)
    texts = request["input"] if isinstance(request["input"], list) else [request["input"]]
    vectors = [[len(str(text)) / 100, -0.5, 0.25] for text in texts]
    if request.get("encoding_format") == "base64":
        vectors = [base64.b64encode(struct.pack("<3f", *vector)).decode() for vector in vectors]
    data = [{"object": "embedding", "index": index, "embedding": vector}
            for index, vector in enumerate(vectors)]
    return {"object": "list", "data": data, "model": request["model"],
            "usage": {"prompt_tokens": 5, "total_tokens": 5}}
