"""What Google's generateContent and embedContent refuse, by the published schema.

Sources: https://ai.google.dev/api/generate-content, https://ai.google.dev/api/caching (Content, Part,
Tool), https://ai.google.dev/api/embeddings, https://ai.google.dev/gemini-api/docs/thought-signatures
"""

import base64
import binascii
import re

from . import simulator

SKIP_SIGNATURE = "skip_thought_signature_validator"


class Refused(simulator.Refused):
    usual = "INVALID_ARGUMENT"


class List:
    def __init__(self, of):
        self.of = of


class Enum:
    def __init__(self, *values):
        self.values = values


ANY = object()  # google.protobuf.Value
OBJECT = object()  # google.protobuf.Struct

BLOB = {"mimeType": str, "data": str}
PART = {
    "text": str, "thought": bool, "thoughtSignature": str, "inlineData": BLOB,
    "fileData": {"mimeType": str, "fileUri": str},
    "functionCall": {"id": str, "name": str, "args": OBJECT},
    "functionResponse": {"id": str, "name": str, "response": OBJECT, "willContinue": bool,
                         "parts": List({"inlineData": BLOB})},
    "executableCode": {"language": str, "code": str},
    "codeExecutionResult": {"outcome": str, "output": str},
}
CONTENT = {"role": str, "parts": List(PART)}
FUNCTION = {"name": str, "description": str, "parameters": ANY, "parametersJsonSchema": ANY,
            "response": ANY, "responseJsonSchema": ANY}
TOOL = {"functionDeclarations": List(FUNCTION), "googleSearch": {}, "codeExecution": {},
        "urlContext": {}}
CONFIG = {
    "temperature": float, "topP": float, "topK": int, "maxOutputTokens": int,
    "stopSequences": List(str), "candidateCount": int, "seed": int, "presencePenalty": float,
    "frequencyPenalty": float, "responseLogprobs": bool, "logprobs": int, "responseMimeType": str,
    "responseSchema": ANY, "responseJsonSchema": ANY,
    "thinkingConfig": {"includeThoughts": bool, "thinkingBudget": int,
                       "thinkingLevel": Enum("MINIMAL", "LOW", "MEDIUM", "HIGH")},
}
GENERATE = {
    "contents": List(CONTENT), "systemInstruction": CONTENT, "tools": List(TOOL),
    "toolConfig": {"functionCallingConfig": {"mode": Enum("AUTO", "ANY", "NONE", "VALIDATED"),
                                             "allowedFunctionNames": List(str)}},
    "generationConfig": CONFIG,
    "safetySettings": List({"category": str, "threshold": str}),
    "serviceTier": Enum("standard", "flex", "priority"),
    "cachedContent": str,
}
EMBED = {"model": str, "content": CONTENT, "outputDimensionality": int, "taskType": str,
         "title": str}
EMBED_BATCH = {"requests": List(EMBED)}

DATA = ("text", "inlineData", "fileData", "functionCall", "functionResponse", "executableCode",
        "codeExecutionResult")


def check_shape(value, shape, path=""):
    """Types and names, as Google's JSON parser wants them."""
    if shape is ANY:
        return
    if isinstance(shape, dict) or shape is OBJECT:
        if not isinstance(value, dict):
            raise Refused(f"Invalid value at '{path}'")
        for key, member in value.items() if shape is not OBJECT else ():
            if key not in shape:
                raise Refused(f'Invalid JSON payload received. Unknown name "{key}" at \'{path}\': '
                              "Cannot find field.")
            check_shape(member, shape[key], f"{path}.{key}" if path else key)
    elif isinstance(shape, List):
        if not isinstance(value, list):
            raise Refused(f"Invalid value at '{path}'")
        for index, member in enumerate(value):
            check_shape(member, shape.of, f"{path}[{index}]")
    elif isinstance(shape, Enum):
        if value not in shape.values:
            raise Refused(f"Invalid value at '{path}', {value!r}")
    else:
        right = isinstance(value, (int, float) if shape is float else shape)
        if not right or (isinstance(value, bool) and shape is not bool):
            raise Refused(f"Invalid value at '{path}', {value!r}")


def check_part(part, path):
    held = [name for name in DATA if name in part]
    if len(held) != 1:
        raise Refused(f"{path}: required oneof field 'data' must have one initialized field")
    media = part.get("inlineData")
    if media:
        if not re.fullmatch(r"\w+/[\w.+-]+", media.get("mimeType", "")):
            raise Refused(f"{path}.inlineData.mimeType: unsupported MIME type")
        try:
            base64.b64decode(media.get("data", ""), validate=True)
        except binascii.Error:
            raise Refused(f"Invalid value at '{path}.inlineData.data' (TYPE_BYTES), Base64 decoding "
                          "failed") from None
    if "fileData" in part and not part["fileData"].get("fileUri"):
        raise Refused(f"{path}.fileData.fileUri: must not be empty")
    for call in ("functionCall", "functionResponse"):
        if call in part and not part[call].get("name"):
            raise Refused(f"{path}.{call}.name: Name cannot be empty.")
    if "functionResponse" in part and "response" not in part["functionResponse"]:
        raise Refused(f"{path}.functionResponse.response: required")


def parts_of(content, name):
    return [part[name] for part in content["parts"] if name in part]


def check_turns(contents):
    """Roles alternate; a turn of calls is followed by as many responses, by name and id."""
    if not contents:
        raise Refused("* GenerateContentRequest.contents: contents is not specified")
    before = None
    for index, content in enumerate(contents):
        path = f"contents[{index}]"
        if content.get("role") not in ("user", "model"):
            raise Refused("Please use a valid role: user, model.")
        if not content.get("parts"):
            raise Refused(f"* GenerateContentRequest.{path}.parts: contents.parts must not be empty.")
        for number, part in enumerate(content["parts"]):
            check_part(part, f"{path}.parts[{number}]")
        if before and before["role"] == content["role"]:
            raise Refused("Please ensure that multiturn requests alternate between user and model.")
        if content["role"] == "user" and parts_of(content, "functionCall"):
            raise Refused(f"{path}: a function call must be the model's")
        answers = parts_of(content, "functionResponse")
        calls = parts_of(before, "functionCall") if before else []
        if len(calls) != len(answers):
            raise Refused("Please ensure that the number of function response parts is equal to the "
                          "number of function call parts of the function call turn.")
        for call, answer in zip(calls, answers):
            if call["name"] != answer["name"] or call.get("id") != answer.get("id"):
                raise Refused(f"{path}: a function response does not match its call")
        before = content
    if parts_of(before, "functionCall"):
        raise Refused("Please ensure that function call turn is followed by a response turn.")


def check_signatures(model, contents, given):
    """Gemini 3: the first call of each step has its signature."""
    for index, content in enumerate(contents):
        calls = [part for part in content["parts"] if "functionCall" in part]
        for part in content["parts"]:
            signature = part.get("thoughtSignature")
            if signature not in (None, SKIP_SIGNATURE) and signature not in given:
                raise Refused("Thought signature is not valid")
        if model.startswith("gemini-3") and calls and "thoughtSignature" not in calls[0]:
            name = calls[0]["functionCall"]["name"]
            raise Refused(f"Function call `{name}` in the `{index}.` content block is missing a "
                          "`thought_signature`.")


def check_tools(request):
    names = []
    for tool in request.get("tools", []):
        for function in tool.get("functionDeclarations", []):
            if not re.fullmatch(r"[A-Za-z_][\w.:-]{0,127}", function.get("name", "")):
                raise Refused("Invalid function name. Must start with a letter or an underscore.")
            if "parameters" in function and "parametersJsonSchema" in function:
                raise Refused("parameters and parametersJsonSchema are mutually exclusive")
            names.append(function["name"])
    if len(names) != len(set(names)):
        raise Refused("Duplicate function declaration found")
    config = request.get("toolConfig", {}).get("functionCallingConfig", {})
    allowed = config.get("allowedFunctionNames", [])
    if allowed and config.get("mode") not in ("ANY", "VALIDATED"):
        raise Refused("allowed_function_names should only be set when the mode is ANY")
    for name in allowed:
        if name not in names:
            raise Refused(f"allowed_function_names contains {name!r}, which is not declared")
    return names


def check_config(config):
    for name, low, high in (("temperature", 0, 2), ("topP", 0, 1), ("candidateCount", 1, 8),
                            ("maxOutputTokens", 1, 65537), ("logprobs", 0, 20)):
        if name in config and not low <= config[name] <= high:
            raise Refused(f"generationConfig.{name}: must be in [{low}, {high}]")
    if len(config.get("stopSequences", [])) > 5:
        raise Refused("generationConfig.stopSequences: at most 5")
    wants_schema = "responseSchema" in config or "responseJsonSchema" in config
    if wants_schema and config.get("responseMimeType") != "application/json":
        raise Refused("responseJsonSchema needs responseMimeType application/json")
    if "logprobs" in config and not config.get("responseLogprobs"):
        raise Refused("logprobs needs responseLogprobs")
    thinking = config.get("thinkingConfig", {})
    if "thinkingBudget" in thinking and "thinkingLevel" in thinking:
        raise Refused("You can only set only one of thinking budget and thinking level.")


def check_generate(model, request, given):
    """\\return names of the declared functions. \\param given: signatures that were given out"""
    check_shape(request, GENERATE)
    check_turns(request.get("contents", []))
    check_signatures(model, request["contents"], given)
    if "systemInstruction" in request and not request["systemInstruction"].get("parts"):
        raise Refused("systemInstruction.parts: must not be empty")
    names = check_tools(request)
    check_config(request.get("generationConfig", {}))
    return names


def check_embed(model, request, path=""):
    if request.get("model") != model:
        raise Refused(f"{path}model: must be {model!r}, as in the path")
    if not request.get("content", {}).get("parts"):
        raise Refused(f"{path}content: required")
    if not 1 <= request.get("outputDimensionality", 1) <= 3072:
        raise Refused(f"{path}outputDimensionality: must be in [1, 3072]")
