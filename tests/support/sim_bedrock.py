"""Amazon Bedrock's runtime as a simulator: verifies the signature of each request, refuses what the
service refuses (sim_bedrock_rules) and answers Converse, InvokeModel (Anthropic's models, Titan's and
Cohere's embeddings) and their streams.

What Converse answers follows from the request (tools: a call, then a text about its result; a schema: an
instance of it) and from words in the model's id: `parallel`, `thinking`, `max`, `guardrail`,
`error-<status>`, `stream-error`, `cut`, `corrupt`.
"""

import base64
import json
import re
import struct
import zlib
from urllib.parse import unquote

from . import sim_anthropic_answers as anthropic
from .sim_anthropic_rules import Refused as AnthropicRefused
from .sim_bedrock_auth import check_signature
from .sim_bedrock_rules import Refused, blocks_of, check_converse, check_invoke
from .simulator import ON_DEMAND, Simulator, asked_failure, instance, packed, pieces, send

KEYS = ("AKIDSIM", "sim/secret+key", None)
REGION = "us-east-1"
TEXT = ["Hello", " from", " Bedrock!"]
USAGE = {"inputTokens": 10, "outputTokens": 5, "totalTokens": 18, "cacheReadInputTokens": 2,
         "cacheWriteInputTokens": 1}
KINDS = {400: "ValidationException", 403: "AccessDeniedException", 404: "ResourceNotFoundException",
         408: "ModelTimeoutException", 424: "ModelErrorException", 429: "ThrottlingException",
         500: "InternalServerException", 503: "ServiceUnavailableException"}
PATH = re.compile(r"/model/([^/?]+)/(converse|converse-stream|invoke|invoke-with-response-stream)")
EVENT_STREAM = "application/vnd.amazon.eventstream"


def frame(headers, payload):
    """A message of an event stream, with headers of strings."""
    block = b"".join(bytes([len(name)]) + name.encode() + b"\x07" +
                     struct.pack(">H", len(value)) + value.encode()
                     for name, value in headers.items())
    prelude = struct.pack(">II", 16 + len(block) + len(payload), len(block))
    message = prelude + struct.pack(">I", zlib.crc32(prelude)) + block + payload
    return message + struct.pack(">I", zlib.crc32(message))


def event(kind, payload):
    return frame({":event-type": kind, ":content-type": "application/json",
                  ":message-type": "event"}, json.dumps(payload).encode())


def exception(kind, message):
    return frame({":exception-type": kind, ":content-type": "application/json",
                  ":message-type": "exception"}, json.dumps({"message": message}).encode())


class SimBedrock(Simulator):
    """`bodies` holds what it took."""

    def __init__(self, keys=KEYS, region=REGION):
        self.keys = keys
        self.region = region
        self.bodies = []
        self.claude = anthropic.Claude()
        super().__init__()

    def answer(self, exchange):
        model, method, body = self._read(exchange.request)
        self.bodies.append(body)
        if method.startswith("converse"):
            self._converse(exchange, model, body, method.endswith("stream"))
        elif "anthropic." in model:
            self._invoke(exchange, model, body, method != "invoke")
        else:
            send(exchange, 200, embed(model, body))

    def refuse(self, exchange, refused):
        send(exchange, refused.status, {"message": refused.message},
             {"x-amzn-ErrorType": f"{refused.kind}:http://internal.amazon.com/"})

    def _read(self, request):
        check_signature(request, self.url, self.keys, self.region)
        match = PATH.fullmatch(request.target)
        if request.method != "POST" or not match or ":" in match[1]:
            raise Refused("no such operation", 404, "UnknownOperationException")
        model = unquote(match[1])
        if failure := asked_failure(model):
            raise Refused(ON_DEMAND, failure, KINDS.get(failure, "InternalServerException"))
        try:
            return model, match[2], json.loads(request.body)
        except ValueError:
            raise Refused("The request body is not valid JSON") from None

    def _converse(self, exchange, model, body, stream):
        if "anthropic_version" in body:
            raise Refused("body: extraneous key [anthropic_version] is not permitted")
        check_converse(body, stream)
        blocks, stop = conversed(model, body)
        if not stream:
            message = {"role": "assistant", "content": blocks}
            return send(exchange, 200, {
                "metrics": {"latencyMs": 7}, "output": {"message": message}, "stopReason": stop,
                "usage": USAGE})
        frames = [event("messageStart", {"role": "assistant", "p": "abc"})]
        for index, block in enumerate(blocks):
            frames += block_events(index, block)
        frames += [event("messageStop", {"stopReason": stop}),
                   event("metadata", {"usage": USAGE, "metrics": {"latencyMs": 7}})]
        return self._stream(exchange, model, frames)

    def _invoke(self, exchange, model, body, stream):
        try:
            message = self.claude.message({**check_invoke(body), "model": model})
        except AnthropicRefused as refused:
            raise Refused(refused.message) from None
        if not stream:
            return send(exchange, 200, message)
        events = anthropic.events_of(message)
        if events[-1]["type"] == "message_stop":
            events[-1]["amazon-bedrock-invocationMetrics"] = {"inputTokenCount": 10}
        chunks = [base64.b64encode(json.dumps(e, separators=(",", ":")).encode()).decode()
                  for e in events if e["type"] != "error"]
        return self._stream(exchange, model,
                            [event("chunk", {"bytes": chunk, "p": "xyz"}) for chunk in chunks])

    @staticmethod
    def _stream(exchange, model, frames):
        if "stream-error" in model:
            frames = frames[:2] + [exception("throttlingException", "Too many tokens")]
        if "cut" in model:
            frames = frames[:2]
        if "corrupt" in model:
            frames[2] = frames[2][:-1] + bytes([frames[2][-1] ^ 1])
        exchange.start_stream(content_type=EVENT_STREAM)
        for one in frames:
            exchange.chunk(one)
        if "cut" in model:
            return exchange.reset()
        return exchange.end()


def conversed(model, body):
    """The blocks of an answer and why it stops."""
    blocks = []
    additional = body.get("additionalModelRequestFields", {})
    if "thinking" in model or "thinking" in additional:
        blocks.append({"reasoningContent": {"reasoningText": {"text": "Let me see.",
                                                              "signature": "sim-signature"}}})
    results = blocks_of(body["messages"][-1], "toolResult")
    if results:
        said = " and ".join(piece.get("text", "?") for r in results for piece in r["content"])
        return blocks + [{"text": f"The result is {said}."}], "end_turn"
    config = body.get("toolConfig", {})
    tools = [tool["toolSpec"] for tool in config.get("tools", []) if "toolSpec" in tool]
    if tools:
        chosen = config.get("toolChoice", {}).get("tool", {}).get("name")
        wanted = [t for t in tools if t["name"] == chosen] or tools
        calls = [{"toolUse": {"toolUseId": f"tooluse_{i}", "name": tool["name"],
                              "input": instance(tool["inputSchema"]["json"])}}
                 for i, tool in enumerate(wanted[: 2 if "parallel" in model else 1])]
        return blocks + calls, "tool_use"
    structure = body.get("outputConfig", {}).get("textFormat", {}).get("structure")
    if structure:
        made = instance(json.loads(structure["jsonSchema"]["schema"]))
        return blocks + [{"text": packed(made)}], "end_turn"
    stop = "max_tokens" if "max" in model else "guardrail_intervened" if "guardrail" in model \
        else "end_turn"
    return blocks + [{"text": "".join(TEXT)}], stop


def block_events(index, block):
    at = {"contentBlockIndex": index}
    events = []
    if "toolUse" in block:
        call = block["toolUse"]
        start = {"toolUseId": call["toolUseId"], "name": call["name"]}
        events.append(event("contentBlockStart", {"start": {"toolUse": start}, **at}))
        text = packed(call["input"])
        deltas = [{"toolUse": {"input": piece}} for piece in (text[:3], text[3:])]
    elif "reasoningContent" in block:
        text = block["reasoningContent"]["reasoningText"]
        deltas = [{"reasoningContent": {"text": text["text"][:4]}},
                  {"reasoningContent": {"text": text["text"][4:]}},
                  {"reasoningContent": {"signature": text["signature"]}}]
    else:
        deltas = [{"text": text} for text in pieces(block["text"], 5)]
    events += [event("contentBlockDelta", {"delta": delta, **at, "p": "ab"}) for delta in deltas]
    return events + [event("contentBlockStop", at)]


def embed(model, body):
    if "amazon.titan-embed" in model:
        if set(body) - {"inputText", "dimensions", "normalize", "embeddingTypes"} or \
                not isinstance(body.get("inputText"), str):
            raise Refused("Malformed input request, please reformat your input and try again.")
        return {"embedding": [len(body["inputText"]) / 100, -0.5, 0.25],
                "inputTextTokenCount": 3}
    if "cohere.embed" in model:
        texts = body.get("texts")
        if not texts or "input_type" not in body or set(body) - {
                "texts", "input_type", "truncate", "embedding_types", "output_dimension"}:
            raise Refused("Malformed input request, please reformat your input and try again.")
        return {"id": "e1", "response_type": "embeddings_floats", "texts": texts,
                "embeddings": [[len(text) / 100, -0.5] for text in texts]}
    raise Refused("The provided model identifier is invalid.")
