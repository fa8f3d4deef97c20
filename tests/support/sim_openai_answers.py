"""What OpenAI's models answer, by chat completions and by responses.

It follows from the request (tools: calls, then a text about their results; a schema: an instance of it)
and from words in the model's name: `parallel`, `thinking`, `refusal`, `filter`, `max`, `error-<status>`,
`stream-error`, `cut`.
"""

from .simulator import instance, packed

TEXT = ["Hello", " from", " OpenAI!"]


def halves(text):
    return [text[:len(text) // 2], text[len(text) // 2:]]


def text_of(content):
    return content if isinstance(content, str) else "".join(part["text"] for part in content)


def deltas_of(model, request):
    """The message as the pieces of a stream, and why it ended."""
    if "refusal" in model:
        return [{"refusal": piece} for piece in ("I cannot", " do that.")], "stop"
    last = request["messages"][-1]
    thoughts = [{"reasoning_content": piece} for piece in ("Let me", " think.")] \
        if "thinking" in model else []
    if last["role"] == "tool":
        return thoughts + [{"content": piece} for piece in ("It says: ", text_of(last["content"]))], "stop"
    choice = request.get("tool_choice", "auto")
    if request.get("tools") and choice != "none":
        return thoughts + calls_of(model, request, choice), "tool_calls"
    form = request.get("response_format", {})
    if form.get("type") == "json_schema":
        said = halves(packed(instance(form["json_schema"]["schema"])))
    else:
        said = ['{"ok":', " true}"] if form.get("type") == "json_object" else TEXT
    finish = "length" if "max" in model else "content_filter" if "filter" in model else "stop"
    return thoughts + [{"content": piece} for piece in said], finish


def calls_of(model, request, choice):
    functions = [tool["function"] for tool in request["tools"]]
    if isinstance(choice, dict):
        functions = [one for one in functions if one["name"] == choice["function"]["name"]]
    several = "parallel" in model and request.get("parallel_tool_calls", True)
    pieces = []
    for index, function in enumerate(functions if several else functions[:1]):
        call = {"index": index, "id": f"call_{len(request['messages'])}_{index}", "type": "function",
                "function": {"name": function["name"], "arguments": ""}}
        arguments = packed(instance(function.get("parameters", {})))
        pieces += [{"tool_calls": [call]}]
        pieces += [{"tool_calls": [{"index": index, "function": {"arguments": piece}}]}
                   for piece in halves(arguments)]
    return pieces


def joined(pieces):
    """The message that the pieces add up to."""
    message = {"role": "assistant", "content": None, "refusal": None}
    for piece in pieces:
        for name in ("content", "refusal", "reasoning_content"):
            if name in piece:
                message[name] = (message.get(name) or "") + piece[name]
        for call in piece.get("tool_calls", []):
            calls = message.setdefault("tool_calls", [])
            if "id" in call:
                calls.append({"id": call["id"], "type": "function", "function": dict(call["function"])})
            else:
                calls[call["index"]]["function"]["arguments"] += call["function"]["arguments"]
    return message
