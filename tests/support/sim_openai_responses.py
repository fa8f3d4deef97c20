"""OpenAI's responses, for callers whose state is their own: items in, items out, streamed and not.

Sources: https://platform.openai.com/docs/api-reference/responses, .../responses-streaming
"""

import json

from .sim_openai_answers import deltas_of, joined
from .sim_openai_rules import NAME, Refused, check_schema, check_strict, closed, tagged
from .simulator import ON_DEMAND, packed, pieces

TEXT = {"type": "string"}
ID = {"type": "string", "minLength": 1}
ANY = {}
ROLES = {"enum": ["user", "assistant", "system", "developer"]}
CONTENT = {"anyOf": [TEXT, {"type": "array", "items": {"type": "object", "required": ["type"]}}]}
MESSAGE = closed(["role", "content"], type={"const": "message"}, role=ROLES, content=CONTENT, id=ID,
                 status=TEXT, phase=ANY)
ITEMS = {
    "message": MESSAGE,
    "function_call": tagged("function_call", ["call_id", "name", "arguments"], call_id=ID, name=NAME,
                            arguments=TEXT, id=ID, status=ANY, namespace=ANY, caller=ANY),
    "function_call_output": tagged("function_call_output", ["call_id", "output"], call_id=ID,
                                   output=CONTENT, id=ID, status=ANY, caller=ANY),
    "reasoning": tagged("reasoning", ["summary"], id=ID, summary={"type": "array"}, content=ANY,
                        encrypted_content={"type": ["string", "null"]}, status=ANY),
}
TOOL = tagged("function", ["name", "parameters"], name=NAME, parameters={"type": "object"},
              strict={"type": ["boolean", "null"]}, description=TEXT)
FORMAT = {"anyOf": [tagged("text"), tagged("json_object"),
                    tagged("json_schema", ["name", "schema"], name=NAME, schema={"type": "object"},
                           strict={"type": "boolean"}, description=TEXT)]}
REQUEST = closed(
    ["model", "input"], model=ID, input={"type": ["string", "array"]}, instructions=TEXT,
    tools={"type": "array", "items": TOOL}, tool_choice=ANY, parallel_tool_calls={"type": "boolean"},
    stream={"type": "boolean"}, stream_options=ANY, store={"type": "boolean"},
    temperature={"type": "number"}, top_p={"type": "number"}, max_output_tokens={"type": "integer"},
    text=closed(format=FORMAT, verbosity=TEXT), include={"type": "array"}, metadata={"type": "object"},
    reasoning=closed(effort=TEXT, summary=TEXT), user=TEXT, truncation=TEXT, service_tier=TEXT)
USAGE = {"input_tokens": 20, "input_tokens_details": {"cached_tokens": 8}, "output_tokens": 12,
         "output_tokens_details": {"reasoning_tokens": 4}, "total_tokens": 32}


def check(request):
    """:returns: the items of the input"""
    check_schema(request, REQUEST)
    for index, tool in enumerate(request.get("tools", [])):
        if tool.get("strict"):
            check_strict(tool["parameters"], f"tools[{index}].parameters")
    items = request["input"]
    if isinstance(items, str):
        items = [{"role": "user", "content": items}]
    calls = set()
    for index, item in enumerate(items):
        kind = item.get("type", "message")
        check_schema(item, ITEMS.get(kind, False), f"input[{index}]")
        if kind == "function_call":
            calls.add(item["call_id"])
        elif kind == "function_call_output":
            if item["call_id"] not in calls:
                raise Refused(f"No tool call found for function call output with call_id {item['call_id']}.",
                              "input")
            calls.remove(item["call_id"])
    if calls:
        raise Refused(f"No tool output found for function call {sorted(calls)[0]}.", "input")
    return items


def as_chat(request, items):
    """What chat completions would be asked for, as far as the answer depends on it."""
    last = items[-1]
    if last.get("type") == "function_call_output":
        said = last["output"]
        turn = {"role": "tool", "content": said if isinstance(said, str) else [
            {"text": part["text"]} for part in said]}
    else:
        turn = {"role": "user", "content": "..."}
    choice = request.get("tool_choice", "auto")
    if isinstance(choice, dict):
        choice = {"function": {"name": choice["name"]}}
    form = request.get("text", {}).get("format", {})
    return {"messages": items[:-1] + [turn], "tool_choice": choice,
            "tools": [{"function": tool} for tool in request.get("tools", [])],
            "parallel_tool_calls": request.get("parallel_tool_calls", True),
            "response_format": {"type": form.get("type"), "json_schema": form}}


def output_of(message):
    """A chat message as output items."""
    items = []
    if message.get("reasoning_content"):
        items.append({"id": "rs_sim", "type": "reasoning", "encrypted_content": "c2VjcmV0",
                      "summary": [{"type": "summary_text", "text": message["reasoning_content"]}]})
    content = []
    if message["content"] is not None:
        content.append({"type": "output_text", "text": message["content"], "annotations": [], "logprobs": []})
    if message["refusal"] is not None:
        content.append({"type": "refusal", "refusal": message["refusal"]})
    if content:
        items.append({"id": "msg_sim", "type": "message", "status": "completed", "role": "assistant",
                      "content": content})
    for index, call in enumerate(message.get("tool_calls", [])):
        items.append({"id": f"fc_sim_{index}", "type": "function_call", "status": "completed",
                      "call_id": call["id"], **call["function"]})
    return items


def events_of(whole):
    """A whole response as the events of a stream."""
    empty = {**whole, "status": "in_progress", "output": [], "usage": None}
    yield "response.created", {"response": empty}
    yield "response.in_progress", {"response": empty}
    for index, item in enumerate(whole["output"]):
        at = {"output_index": index, "item_id": item["id"]}
        begun = {**item, "status": "in_progress"}
        if item["type"] == "message":
            begun["content"] = []
        elif item["type"] == "function_call":
            begun["arguments"] = ""
        yield "response.output_item.added", {"output_index": index, "item": begun}
        if item["type"] == "message":
            for place, part in enumerate(item["content"]):
                yield from part_events(part, {**at, "content_index": place})
        elif item["type"] == "function_call":
            for piece in pieces(item["arguments"]):
                yield "response.function_call_arguments.delta", {**at, "delta": piece}
            yield "response.function_call_arguments.done", {
                **at, "name": item["name"], "arguments": item["arguments"]}
        yield "response.output_item.done", {"output_index": index, "item": item}
    yield f"response.{whole['status']}", {"response": whole}


def part_events(part, at):
    text = part["type"] == "output_text"
    name, said = ("text", part["text"]) if text else ("refusal", part["refusal"])
    more = {"logprobs": []} if text else {}
    yield "response.content_part.added", {**at, "part": {**part, name: ""}}
    for piece in pieces(said):
        yield f"response.{part['type']}.delta", {**at, "delta": piece, **more}
    yield f"response.{part['type']}.done", {**at, name: said, **more}
    yield "response.content_part.done", {**at, "part": part}


def answer(exchange, request):
    items = check(request)
    deltas, finish = deltas_of(request["model"], as_chat(request, items))
    reason = {"length": "max_output_tokens", "content_filter": "content_filter"}.get(finish)
    whole = {"id": "resp_sim", "object": "response", "created_at": 1700000000, "model": request["model"],
             "status": "incomplete" if reason else "completed", "error": None,
             "incomplete_details": {"reason": reason} if reason else None,
             "output": output_of(joined(deltas)), "usage": USAGE, "instructions": None, "metadata": {},
             "parallel_tool_calls": request.get("parallel_tool_calls", True),
             "tool_choice": request.get("tool_choice", "auto"), "tools": request.get("tools", []),
             "temperature": 1.0, "top_p": 1.0}
    if not request.get("stream"):
        return exchange.reply(200, {"Content-Type": "application/json"}, packed(whole).encode())
    exchange.start_stream()
    for number, (kind, members) in enumerate(events_of(whole)):
        broken = number == 5 and ("stream-error" in request["model"] or "cut" in request["model"])
        if broken and "cut" in request["model"]:
            return exchange.close()
        if broken:
            kind, members = "error", {"code": "server_error", "message": ON_DEMAND, "param": None}
        event = {"type": kind, "sequence_number": number, **members}
        exchange.chunk(f"event: {kind}\ndata: {json.dumps(event)}\n\n".encode())
        if broken:
            break
    return exchange.end()
