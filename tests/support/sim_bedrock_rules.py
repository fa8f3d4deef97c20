"""What Bedrock refuses: AWS's own service model, as botocore has it, and the rules of conversations.

A body is held against the shapes of `Converse`: fields that are not known, fields that are missing,
wrong types, enumerations, unions with more than one member. Then what the models' service refuses.
"""

import base64
import binascii
import functools

import botocore.session

from . import simulator


class Refused(simulator.Refused):
    usual = "ValidationException"


@functools.cache
def service():
    return botocore.session.get_session().get_service_model("bedrock-runtime")


def check_shape(value, shape, path="body"):
    """Holds a JSON value against a shape of the service model."""
    if getattr(shape, "is_document_type", False):
        return
    kinds = {"string": str, "list": list, "structure": dict, "map": dict, "boolean": bool,
             "integer": int, "long": int, "float": (int, float), "double": (int, float),
             "blob": str}
    if not isinstance(value, kinds[shape.type_name]) or (
            isinstance(value, bool) and shape.type_name != "boolean"):
        raise Refused(f"{path}: must be a {shape.type_name}")
    globals()[f"_check_{shape.type_name}"](value, shape, path)


def _bounds(size, shape, path):
    if size < shape.metadata.get("min", 0) or size > shape.metadata.get("max", size):
        raise Refused(f"{path}: out of range")


def _check_structure(value, shape, path):
    for name in shape.required_members:
        if name not in value:
            raise Refused(f"{path}: required key [{name}] not found")
    for name, inner in value.items():
        if name not in shape.members:
            raise Refused(f"{path}: extraneous key [{name}] is not permitted")
        check_shape(inner, shape.members[name], f"{path}.{name}")
    if (shape.is_tagged_union or shape.name in ("ContentBlock", "SystemContentBlock", "Tool",
                                                "ToolResultContentBlock")) and len(value) != 1:
        raise Refused(f"{path}: exactly one member must be set")


def _check_list(value, shape, path):
    _bounds(len(value), shape, path)
    for index, inner in enumerate(value):
        check_shape(inner, shape.member, f"{path}[{index}]")


def _check_map(value, shape, path):
    _bounds(len(value), shape, path)
    for name, inner in value.items():
        check_shape(inner, shape.value, f"{path}.{name}")


def _check_string(value, shape, path):
    _bounds(len(value), shape, path)
    if shape.enum and value not in shape.enum:
        raise Refused(f"{path}: {value} is none of {', '.join(shape.enum)}")


def _check_blob(value, shape, path):
    try:
        _bounds(len(base64.b64decode(value, validate=True)), shape, path)
    except binascii.Error:
        raise Refused(f"{path}: is not base64") from None


def _check_number(value, shape, path):
    _bounds(value, shape, path)


_check_integer = _check_long = _check_float = _check_double = _check_number


def _check_boolean(value, shape, path):
    pass


def blocks_of(message, kind):
    return [block[kind] for block in message["content"] if kind in block]


def check_converse(body, stream):
    operation = "ConverseStream" if stream else "Converse"
    shape = service().operation_model(operation).input_shape
    if "modelId" in body:
        raise Refused("body: extraneous key [modelId] is not permitted")
    check_shape({**body, "modelId": "x"}, shape)
    messages = body.get("messages", [])
    if not messages or messages[0]["role"] != "user":
        raise Refused("A conversation must start with a user message.")
    waiting, names = [], set()
    for index, message in enumerate(messages):
        if message["role"] != ("user", "assistant")[index % 2]:
            raise Refused("A conversation must alternate between user and assistant roles.")
        if not message["content"]:
            raise Refused(f"The content field in the Message object at messages.{index} is empty.")
        waiting = _check_content(message, index, waiting, names)
    if waiting:
        raise Refused(f"Expected toolResult blocks for the following Ids: {', '.join(waiting)}")
    uses = any(blocks_of(m, "toolUse") or blocks_of(m, "toolResult") for m in messages)
    if uses and "toolConfig" not in body:
        raise Refused("The toolConfig field must be defined when using toolUse and toolResult "
                      "content blocks.")
    _check_choice(body.get("toolConfig", {}))


def _check_content(message, index, waiting, names):
    """\\return the ids of the calls that the next message must answer"""
    for block in message["content"]:
        if "text" in block and not block["text"].strip():
            raise Refused("The text field in the ContentBlock object is blank.")
    for document in blocks_of(message, "document"):
        if document["name"] in names:
            raise Refused("Messages contains duplicate document names.")
        names.add(document["name"])
    results = [result["toolUseId"] for result in blocks_of(message, "toolResult")]
    if sorted(results) != sorted(waiting):
        raise Refused(f"messages.{index}: the toolResult blocks do not match the toolUse blocks "
                      "of the previous turn.")
    for block in blocks_of(message, "reasoningContent"):
        if message["role"] == "user":
            raise Refused("reasoningContent is the assistant's.")
        text = block.get("reasoningText")
        if text and text.get("signature") not in (None, "sim-signature"):
            raise Refused("thinking.signature: Invalid signature in thinking block")
    calls = blocks_of(message, "toolUse")
    if calls and message["role"] != "assistant":
        raise Refused("toolUse blocks are the assistant's.")
    return [call["toolUseId"] for call in calls]


def _check_choice(config):
    names = [tool["toolSpec"]["name"] for tool in config.get("tools", []) if "toolSpec" in tool]
    chosen = config.get("toolChoice", {}).get("tool", {}).get("name")
    if chosen and chosen not in names:
        raise Refused("The toolChoice names a tool that is not provided.")


def check_invoke(body):
    """\\return what of a body for one of Anthropic's models is Anthropic's own"""
    if body.get("anthropic_version") != "bedrock-2023-05-31":
        raise Refused("anthropic_version: Field required")
    for name in ("model", "stream"):
        if name in body:
            raise Refused(f"{name}: Extra inputs are not permitted")
    return {name: value for name, value in body.items()
            if name not in ("anthropic_version", "anthropic_beta")}
