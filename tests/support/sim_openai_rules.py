"""What OpenAI's chat completions and embeddings refuse, by the published schema.

Sources: https://platform.openai.com/docs/api-reference/chat/create, .../embeddings/create,
https://platform.openai.com/docs/guides/structured-outputs, .../function-calling
"""

import json
import re

import jsonschema

from . import simulator

NAME = {"type": "string", "pattern": r"^[a-zA-Z0-9_-]{1,64}$"}


def closed(required=(), **members):
    """An object that has these members and no others."""
    return {"type": "object", "properties": members, "required": list(required),
            "additionalProperties": False}


def tagged(kind, required=None, **members):
    return closed(["type", *(members if required is None else required)], type={"const": kind}, **members)


TEXT = tagged("text", text={"type": "string"})
IMAGE = tagged("image_url", image_url=closed(
    ["url"], url={"type": "string", "pattern": "^(https?://|data:image/[a-z+]+;base64,)"},
    detail={"enum": ["auto", "low", "high", "original"]}))
SOUND = tagged("input_audio", input_audio=closed(
    ["data", "format"], data={"type": "string"}, format={"enum": ["wav", "mp3"]}))
FILE = tagged("file", file=closed(
    file_data={"type": "string", "pattern": "^data:[a-z/.+-]+;base64,"}, file_id={"type": "string"},
    filename={"type": "string"}))
REFUSAL = tagged("refusal", refusal={"type": "string"})
CALL = closed(["id", "type", "function"], id={"type": "string", "minLength": 1},
              type={"const": "function"},
              function=closed(["name", "arguments"], name=NAME, arguments={"type": "string"}))


def content(*parts, null=False):
    forms = [{"type": "string"}, {"type": "array", "minItems": 1, "items": {"anyOf": list(parts)}}]
    return {"anyOf": forms + ([{"type": "null"}] if null else [])}


def message(role, required, **members):
    return closed(["role", *required], role={"const": role}, **members)


MESSAGES = {
    "system": message("system", ["content"], content=content(TEXT), name=NAME),
    "developer": message("developer", ["content"], content=content(TEXT), name=NAME),
    "user": message("user", ["content"], content=content(TEXT, IMAGE, SOUND, FILE), name=NAME),
    "assistant": message(
        "assistant", [], content=content(TEXT, REFUSAL, null=True), name=NAME,
        refusal={"type": ["string", "null"]},
        tool_calls={"type": "array", "minItems": 1, "items": CALL}),
    "tool": message("tool", ["content", "tool_call_id"], content=content(TEXT),
                    tool_call_id={"type": "string", "minLength": 1}),
}
TOOL = tagged("function", ["function"], function=closed(
    ["name"], name=NAME, description={"type": "string"}, parameters={"type": "object"},
    strict={"type": ["boolean", "null"]}))
CHOICE = {"anyOf": [{"enum": ["none", "auto", "required"]},
                    tagged("function", function=closed(["name"], name=NAME))]}
FORMAT = {"anyOf": [
    tagged("text"), tagged("json_object"),
    tagged("json_schema", json_schema=closed(
        ["name", "schema"], name=NAME, description={"type": "string"}, schema={"type": "object"},
        strict={"type": ["boolean", "null"]}))]}


def within(least, most):
    return {"type": ["number", "null"], "minimum": least, "maximum": most}


POSITIVE = {"type": ["integer", "null"], "minimum": 1}
CHAT = closed(
    ["model", "messages"],
    model={"type": "string", "minLength": 1},
    messages={"type": "array", "minItems": 1, "items": {"type": "object"}},
    tools={"type": "array", "minItems": 1, "maxItems": 128, "items": TOOL},
    tool_choice=CHOICE, parallel_tool_calls={"type": "boolean"}, response_format=FORMAT,
    max_tokens=POSITIVE, max_completion_tokens=POSITIVE, temperature=within(0, 2), top_p=within(0, 1),
    presence_penalty=within(-2, 2), frequency_penalty=within(-2, 2), seed={"type": ["integer", "null"]},
    stop={"anyOf": [{"type": ["string", "null"]},
                    {"type": "array", "maxItems": 4, "items": {"type": "string"}}]},
    n={"type": ["integer", "null"], "minimum": 1, "maximum": 128},
    logprobs={"type": ["boolean", "null"]}, logit_bias={"type": ["object", "null"]},
    top_logprobs={"type": ["integer", "null"], "minimum": 0, "maximum": 20},
    stream={"type": ["boolean", "null"]},
    stream_options=closed(include_usage={"type": "boolean"}, include_obfuscation={"type": "boolean"}),
    reasoning_effort={"enum": ["none", "minimal", "low", "medium", "high", "xhigh", None]},
    verbosity={"enum": ["low", "medium", "high", None]},
    user={"type": "string"}, safety_identifier={"type": "string", "maxLength": 64},
    prompt_cache_key={"type": "string"}, store={"type": ["boolean", "null"]},
    metadata={"type": "object", "maxProperties": 16,
              "additionalProperties": {"type": "string", "maxLength": 512}},
    service_tier={"enum": ["auto", "default", "flex", "priority", "scale", None]},
    modalities={"type": "array"}, audio={"type": "object"}, prediction={"type": "object"},
    web_search_options={"type": "object"})
EMBEDDINGS = closed(
    ["model", "input"], model={"type": "string"},
    input={"anyOf": [{"type": "string", "minLength": 1},
                     {"type": "array", "minItems": 1, "maxItems": 2048,
                      "items": {"type": ["string", "integer", "array"]}}]},
    dimensions={"type": "integer", "minimum": 1}, encoding_format={"enum": ["float", "base64"]},
    user={"type": "string"})


class Refused(simulator.Refused):
    usual = "invalid_request_error"

    def __init__(self, message, param=None, status=400, kind=None, code=None):
        super().__init__(message, status, kind, param=param, code=code)


def check_schema(value, schema, under=""):
    error = jsonschema.exceptions.best_match(jsonschema.Draft202012Validator(schema).iter_errors(value))
    if error is None:
        return
    path = under + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in error.absolute_path)
    unknown = error.validator == "additionalProperties"
    raise Refused(error.message, path.lstrip("."), code="unknown_parameter" if unknown else None)


def check_messages(messages):
    """Each message by its role, and each call followed by its result before anything else."""
    open_calls = set()
    for index, one in enumerate(messages):
        role = one.get("role")
        if role not in MESSAGES:
            raise Refused(f"Invalid value: {role!r}.", f"messages[{index}].role")
        check_schema(one, MESSAGES[role], f"messages[{index}]")
        if role == "tool":
            if one["tool_call_id"] not in open_calls:
                raise Refused("messages with role 'tool' must be a response to a preceding message "
                              "with 'tool_calls'.", f"messages[{index}].role")
            open_calls.remove(one["tool_call_id"])
            continue
        if open_calls:
            raise Refused("An assistant message with 'tool_calls' must be followed by tool messages "
                          f"responding to each 'tool_call_id': {sorted(open_calls)}", "messages")
        if role == "assistant":
            open_calls = check_assistant(one, index)
    if open_calls:
        raise Refused(f"no response to {sorted(open_calls)}", "messages")


def check_assistant(one, index):
    calls = one.get("tool_calls", [])
    if one.get("content") is None and not calls and one.get("refusal") is None:
        raise Refused("content or tool_calls must be there", f"messages[{index}].content")
    ids = [call["id"] for call in calls]
    if len(set(ids)) != len(ids):
        raise Refused("Duplicate tool call id", f"messages[{index}].tool_calls")
    for place, call in enumerate(calls):
        try:
            json.loads(call["function"]["arguments"])
        except ValueError:
            raise Refused("not JSON", f"messages[{index}].tool_calls[{place}].function.arguments") \
                from None
    return set(ids)


def check_strict(schema, param):
    """Structured outputs want every object closed and every member required."""
    if schema.get("type") == "object":
        names = sorted(schema.get("properties", {}))
        if schema.get("additionalProperties") is not False:
            raise Refused("'additionalProperties' is required to be supplied and to be false.", param)
        if sorted(schema.get("required", [])) != names:
            raise Refused("'required' is required to include every key in properties.", param)
    for one in [*schema.get("properties", {}).values(), schema.get("items")]:
        if isinstance(one, dict):
            check_strict(one, param)


def check_tools(request):
    functions = [tool["function"] for tool in request.get("tools", [])]
    for index, function in enumerate(functions):
        if function.get("strict"):
            check_strict(function.get("parameters", {}), f"tools[{index}].function.parameters")
    choice = request.get("tool_choice")
    if choice not in (None, "none") and not functions:
        raise Refused("'tool_choice' is only allowed when 'tools' are specified.", "tool_choice")
    if "parallel_tool_calls" in request and not functions:
        raise Refused("'parallel_tool_calls' is only allowed when 'tools' are specified.",
                      "parallel_tool_calls")
    if isinstance(choice, dict) and choice["function"]["name"] not in [f["name"] for f in functions]:
        raise Refused("Tool choice not found in 'tools'.", "tool_choice")


def check_format(request):
    form = request.get("response_format", {})
    if form.get("type") == "json_object" and not re.search("json", json.dumps(request["messages"]), re.I):
        raise Refused("'messages' must contain the word 'json' in some form, to use 'response_format' "
                      "of type 'json_object'.", "messages")
    if form.get("type") == "json_schema" and form["json_schema"].get("strict"):
        check_strict(form["json_schema"]["schema"], "response_format")


def check_chat(request):
    check_schema(request, CHAT)
    check_messages(request["messages"])
    check_tools(request)
    check_format(request)
    if "stream_options" in request and not request.get("stream"):
        raise Refused("The 'stream_options' parameter is only allowed when 'stream' is enabled.",
                      "stream_options")
    if request.get("top_logprobs") and not request.get("logprobs"):
        raise Refused("'logprobs' must be true to use 'top_logprobs'.", "top_logprobs")
    if "max_tokens" in request and "max_completion_tokens" in request:
        raise Refused("Setting 'max_tokens' and 'max_completion_tokens' at the same time is not "
                      "supported.", "max_tokens")
