"""LangChain and LiteLLM run a tools loop through the gateway, in each caller's API, on every vendor."""

import json
import os

import pytest

from support.vendors import CLIENT_KEY, VENDORS

QUESTION = "How is the weather, and what time is it?"
PARAMETERS = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"],
              "additionalProperties": False}
NAMES = ["weather", "clock"]

each_vendor = pytest.mark.parametrize("vendor", VENDORS, ids=str)


@pytest.fixture(scope="module")
def langchain():
    """A chat model for each caller's API; the modules are slow to import."""
    from langchain_anthropic import ChatAnthropic
    from langchain_openai import ChatOpenAI

    def make(api, url, model):
        common = {"model": model, "api_key": CLIENT_KEY, "max_retries": 0}
        if api == "messages":
            return ChatAnthropic(base_url=url, max_tokens=1000, **common)
        return ChatOpenAI(base_url=url + "/v1", use_responses_api=api == "responses", stream_usage=True,
                          **common)

    return make


@each_vendor
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("api", ["chat", "responses", "messages"])
def test_langchain(vendors, langchain, vendor, api, stream):
    tools = [{"type": "function", "function": {"name": name, "description": name, "parameters": PARAMETERS}}
             for name in NAMES]
    model = langchain(api, vendors.gateway.url, vendor.ask("parallel")).bind_tools(tools)

    def ask(messages):
        if not stream:
            return model.invoke(messages)
        first, *rest = model.stream(messages)
        return sum(rest, first)

    messages = [("user", QUESTION)]
    said = ask(messages)
    assert [(call["name"], call["args"]) for call in said.tool_calls] == [
        (name, {"city": "Köln"}) for name in NAMES]
    assert said.usage_metadata["total_tokens"] > 0
    messages += [said] + [{"role": "tool", "tool_call_id": call["id"], "content": f"rain {index}"}
                          for index, call in enumerate(said.tool_calls)]
    assert "rain 1" in ask(messages).text


@pytest.fixture(scope="module")
def litellm():
    """The module, told to ask nobody for the prices of models."""
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    import litellm
    litellm.telemetry = False
    litellm.suppress_debug_info = True
    return litellm


@each_vendor
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize("api", ["openai", "anthropic"])
def test_litellm(vendors, litellm, vendor, api, stream):
    tools = [{"type": "function", "function": {"name": name, "parameters": PARAMETERS}} for name in NAMES]
    base = vendors.gateway.url + ("/v1" if api == "openai" else "")

    def ask(messages):
        answer = litellm.completion(model=f"{api}/{vendor.ask('parallel')}", api_base=base, api_key=CLIENT_KEY,
                                    messages=messages, tools=tools, stream=stream, num_retries=0,
                                    max_tokens=1000)
        whole = litellm.stream_chunk_builder(list(answer), messages=messages) if stream else answer
        return whole.choices[0].message

    messages = [{"role": "user", "content": QUESTION}]
    said = ask(messages)
    assert [(call.function.name, json.loads(call.function.arguments)) for call in said.tool_calls] == [
        (name, {"city": "Köln"}) for name in NAMES]
    messages += [said.model_dump(exclude_none=True)] + [
        {"role": "tool", "tool_call_id": call.id, "content": f"rain {index}"}
        for index, call in enumerate(said.tool_calls)]
    assert "rain 1" in ask(messages).content
