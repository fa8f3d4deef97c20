"""What Anthropic's Messages API refuses of a request. Rules of the API reference and of the pages on tool
use, thinking and structured outputs; each raises Refused with Anthropic's type and status.

One is stricter than the API: it joins consecutive turns of one role, this refuses them, since a gateway
should say what the API means.
"""

import re

from . import simulator

IMAGES = {"image/jpeg", "image/png", "image/gif", "image/webp"}
TOP = {"model", "messages", "max_tokens", "system", "stream", "temperature", "top_p", "top_k",
       "stop_sequences", "tools", "tool_choice", "thinking", "output_config", "metadata",
       "service_tier", "cache_control", "container", "context_management", "mcp_servers",
       "inference_geo", "speed"}
TOOL = {"name", "description", "input_schema", "cache_control", "strict", "type", "defer_loading",
        "input_examples", "eager_input_streaming", "allowed_callers"}
BLOCKS = {  # type: (required, allowed besides, roles)
    "text": ({"text"}, {"citations", "cache_control"}, {"user", "assistant"}),
    "image": ({"source"}, {"cache_control"}, {"user"}),
    "document": ({"source"}, {"title", "context", "citations", "cache_control"}, {"user"}),
    "search_result": ({"source", "title", "content"}, {"citations", "cache_control"}, {"user"}),
    "tool_use": ({"id", "name", "input"}, {"cache_control"}, {"assistant"}),
    "tool_result": ({"tool_use_id"}, {"content", "is_error", "cache_control"}, {"user"}),
    "thinking": ({"thinking", "signature"}, set(), {"assistant"}),
    "redacted_thinking": ({"data"}, set(), {"assistant"}),
    "server_tool_use": ({"id", "name", "input"}, {"cache_control"}, {"assistant"}),
    "web_search_tool_result": ({"tool_use_id", "content"}, {"cache_control"}, {"assistant"}),
}
SOURCES = {
    "image": {"base64": {"media_type", "data"}, "url": {"url"}, "file": {"file_id"}},
    "document": {"base64": {"media_type", "data"}, "url": {"url"}, "file": {"file_id"},
                 "text": {"media_type", "data"}, "content": {"content"}},
}


class Refused(simulator.Refused):
    usual = "invalid_request_error"


def need(holds, message):
    if not holds:
        raise Refused(message)


def check_keys(value, path, required, allowed=()):
    need(isinstance(value, dict), f"{path}: Input should be a valid dictionary")
    for key in required:
        need(key in value, f"{path}.{key}: Field required")
    for key in value:
        need(key in required or key in allowed, f"{path}.{key}: Extra inputs are not permitted")


def check_cache(value, path):
    marker = value.get("cache_control")
    if marker is not None:
        check_keys(marker, f"{path}.cache_control", {"type"}, {"ttl"})
        need(marker["type"] == "ephemeral" and marker.get("ttl", "5m") in ("5m", "1h"),
             f"{path}.cache_control: Input should be 'ephemeral', 5m or 1h")


def check_source(block, path):
    source = block["source"]
    kinds = SOURCES[block["type"]]
    need(isinstance(source, dict) and source.get("type") in kinds,
         f"{path}.source: Input tag does not match any of {sorted(kinds)}")
    check_keys(source, f"{path}.source", {"type", *kinds[source["type"]]})
    if source["type"] == "base64":
        types = IMAGES if block["type"] == "image" else {"application/pdf"}
        need(source["media_type"] in types, f"{path}.source.media_type: Input should be one of {types}")
        need(re.fullmatch(r"[A-Za-z0-9+/]+={0,2}", source["data"]), f"{path}.source.data: invalid base64")
    if source["type"] == "text":
        need(source["media_type"] == "text/plain", f"{path}.source.media_type: Input should be 'text/plain'")


def check_text(text, path):
    need(isinstance(text, str), f"{path}: Input should be a valid string")
    need(text, f"{path}: text content blocks must be non-empty")


def check_block(block, path, role, signatures):
    need(isinstance(block, dict) and block.get("type") in BLOCKS, f"{path}: Input tag does not match")
    kind = block["type"]
    required, allowed, roles = BLOCKS[kind]
    check_keys(block, path, {"type", *required}, allowed)
    need(role in roles, f"{path}: {kind} blocks are not permitted in {role} messages")
    check_cache(block, path)
    if kind == "text":
        check_text(block["text"], f"{path}.text")
    elif kind in SOURCES:
        check_source(block, path)
    elif kind == "tool_use":
        need(re.fullmatch(r"[a-zA-Z0-9_-]+", block["id"]), f"{path}.id: String should match pattern")
        need(isinstance(block["input"], dict), f"{path}.input: Input should be a valid dictionary")
    elif kind == "tool_result" and isinstance(block.get("content"), list):
        for index, inner in enumerate(block["content"]):
            need(inner.get("type") in ("text", "image", "document", "search_result"),
                 f"{path}.content.{index}: Input tag does not match")
            check_block(inner, f"{path}.content.{index}", "user", signatures)
    elif kind == "thinking":
        need(block["signature"] in signatures, f"{path}: Invalid `signature` in `thinking` block")
    elif kind == "redacted_thinking":
        need(block["data"] in signatures, f"{path}: Invalid `data` in `redacted_thinking` block")


def blocks_of(message):
    content = message["content"]
    return content if isinstance(content, list) else [{"type": "text", "text": content}]


def check_messages(messages, signatures):
    need(isinstance(messages, list) and messages, "messages: at least one message is required")
    calls = []
    for index, message in enumerate(messages):
        path = f"messages.{index}"
        check_keys(message, path, {"role", "content"})
        role = message["role"]
        need(role in ("user", "assistant"), f"{path}.role: Input should be 'user' or 'assistant'")
        need(index == 0 or role != messages[index - 1]["role"],
             "messages: roles must alternate between \"user\" and \"assistant\"")
        need(isinstance(message["content"], (str, list)), f"{path}.content: Input should be a valid list")
        need(message["content"], f"{path}: all messages must have non-empty content")
        for number, block in enumerate(blocks_of(message)):
            check_block(block, f"{path}.content.{number}", role, signatures)
        check_pairs(message, path, calls)
        calls = [b["id"] for b in blocks_of(message) if b["type"] == "tool_use"]
    need(not calls, f"messages.{len(messages) - 1}: `tool_use` ids were found without `tool_result` blocks "
                    f"immediately after: {', '.join(calls)}")


def check_pairs(message, path, calls):
    results = [b.get("tool_use_id") for b in blocks_of(message) if b["type"] == "tool_result"]
    for missing in set(calls) - set(results):
        raise Refused(f"{path}: `tool_use` ids were found without `tool_result` blocks immediately after: "
                      f"{missing}")
    for result in results:
        need(result in calls, f"{path}: unexpected `tool_use_id` found in `tool_result` blocks: {result}")
    need(len(results) == len(set(results)), f"{path}: each tool_use must have a single result")
    kinds = [b["type"] for b in blocks_of(message)]
    need(kinds[:len(results)] == ["tool_result"] * len(results),
         f"{path}: `tool_result` blocks must come first in the content")


def check_schema(schema, path):
    """Structured outputs want closed objects."""
    if isinstance(schema, dict):
        if schema.get("type") == "object":
            need(schema.get("additionalProperties") is False,
                 f"{path}: For 'object' type, 'additionalProperties' must be explicitly set to false")
        for key, value in schema.items():
            check_schema(value, f"{path}.{key}")


def check_tools(request):
    names = []
    for index, tool in enumerate(request.get("tools", [])):
        path = f"tools.{index}"
        need(isinstance(tool, dict), f"{path}: Input should be a valid dictionary")
        kind = tool.get("type", "custom")
        if kind != "custom":
            need(re.search(r"_\d{8}$", kind), f"{path}: Input tag '{kind}' does not match")
            continue
        check_keys(tool, path, {"name", "input_schema"}, TOOL)
        check_cache(tool, path)
        need(re.fullmatch(r"[a-zA-Z0-9_-]{1,128}", tool["name"]), f"{path}.name: String should match pattern")
        need(tool["name"] not in names, "tools: Tool names must be unique.")
        need(tool["input_schema"].get("type") == "object",
             f"{path}.input_schema.type: Input should be 'object'")
        names.append(tool["name"])
    choice = request.get("tool_choice")
    if choice is not None:
        need(request.get("tools"), "tool_choice may only be specified while providing tools")
        kinds = {"auto": set(), "any": set(), "none": set(), "tool": {"name"}}
        need(choice.get("type") in kinds, "tool_choice: Input tag does not match")
        parallel = set() if choice["type"] == "none" else {"disable_parallel_tool_use"}
        check_keys(choice, "tool_choice", {"type", *kinds[choice["type"]]}, parallel)
        need(choice["type"] != "tool" or choice["name"] in names,
             f"Tool '{choice.get('name')}' not found in provided tools")
    return names


def knows_adaptive(model):
    found = re.search(r"claude-(?:[a-z]+-)?(\d)(?:[-.](\d)(?!\d))?", model)
    return not found or (int(found[1]), int(found[2] or 0)) >= (4, 6)


def check_thinking(request):
    thinking = request.get("thinking")
    kinds = {"enabled": {"budget_tokens"}, "adaptive": set(), "disabled": set()}
    if thinking is None:
        return False
    need(thinking.get("type") in kinds, "thinking: Input tag does not match")
    kind = thinking["type"]
    check_keys(thinking, "thinking", {"type", *kinds[kind]}, {"display"} if kind != "disabled" else ())
    if kind == "disabled":
        return False
    if kind == "adaptive":
        need(knows_adaptive(request["model"]), "adaptive thinking is not supported on this model")
    else:
        budget = thinking["budget_tokens"]
        need(budget >= 1024, "thinking.enabled.budget_tokens: Input should be greater than or equal to 1024")
        need(budget < request["max_tokens"], "`max_tokens` must be greater than `thinking.budget_tokens`")
    need(request.get("temperature", 1) == 1, "`temperature` may only be set to 1 when thinking is enabled")
    need("top_k" not in request, "`top_k` must be unset when thinking is enabled")
    need(request.get("top_p", 1) >= 0.95, "`top_p` must be greater than or equal to 0.95")
    need(request.get("tool_choice", {}).get("type") not in ("any", "tool"),
         "Thinking may not be enabled when tool_choice forces tool use.")
    need(request["messages"][-1]["role"] == "user", "prefill is not compatible with thinking")
    last = [m for m in request["messages"] if m["role"] == "assistant"][-1:]
    for blocks in map(blocks_of, last):
        calls = any(b["type"] == "tool_use" for b in blocks)
        need(not calls or blocks[0]["type"] in ("thinking", "redacted_thinking"),
             "Expected `thinking` or `redacted_thinking`, but found `tool_use`")
    return True


def check_plain(request, counting):
    for key in request:
        need(key in TOP, f"{key}: Extra inputs are not permitted")
    for key in ("model", "messages") if counting else ("model", "max_tokens", "messages"):
        need(key in request, f"{key}: Field required")
    need(counting or isinstance(request["max_tokens"], int), "max_tokens: Input should be a valid integer")
    for key in ("temperature", "top_p"):
        need(0 <= request.get(key, 0) <= 1, f"{key}: range: 0..1")
    for stop in request.get("stop_sequences", []):
        need(stop.strip(), "stop_sequences: each stop sequence must contain non-whitespace")
    check_keys(request.get("metadata", {}), "metadata", set(), {"user_id"})
    need(request.get("service_tier", "auto") in ("auto", "standard_only"),
         "service_tier: Input should be 'auto' or 'standard_only'")
    output = request.get("output_config", {})
    check_keys(output, "output_config", set(), {"effort", "format"})
    need(output.get("effort", "low") in ("low", "medium", "high", "xhigh", "max"), "output_config.effort")
    if "format" in output:
        check_keys(output["format"], "output_config.format", {"type", "schema"})
        need(output["format"]["type"] == "json_schema", "output_config.format.type")
        check_schema(output["format"]["schema"], "output_config.format.schema")


def check_request(request, signatures, counting=False):
    """:returns: the names of the caller's tools, whether the model is to think"""
    need(isinstance(request, dict), "Input should be a valid dictionary")
    check_plain(request, counting)
    system = request.get("system", [])
    for index, block in enumerate(system if isinstance(system, list) else []):
        need(block.get("type") == "text", f"system.{index}: Input should be text")
        check_block(block, f"system.{index}", "user", signatures)
    check_messages(request["messages"], signatures)
    names = check_tools(request)
    return names, not counting and check_thinking(request)
