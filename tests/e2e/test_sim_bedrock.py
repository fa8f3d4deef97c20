"""The simulator of Bedrock takes what AWS's own SDK sends, and refuses what the service refuses."""

import json
import re
from pathlib import Path

import botocore.session
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, EventStreamError
from support.client import Client
from support.sim_bedrock import KEYS, REGION, SimBedrock, event, exception
from support.sim_bedrock_rules import Refused, check_converse

NOVA = "amazon.nova-pro-v1:0"
CLAUDE = "us.anthropic.claude-sonnet-4-20250514-v1:0"
USER = {"role": "user", "content": [{"text": "hello"}]}
WEATHER = {"toolSpec": {"name": "weather", "inputSchema": {"json": {
    "type": "object", "properties": {"city": {"type": "string"}}}}}}
TIME = {"toolSpec": {"name": "time", "inputSchema": {"json": {"type": "object"}}}}


@pytest.fixture
def sim():
    made = SimBedrock()
    yield made
    made.stop()
    assert not made.upstream.errors, made.upstream.errors


@pytest.fixture
def sdk(sim):
    def client(key=KEYS[0], secret=KEYS[1], token=None, region=REGION):
        return botocore.session.get_session().create_client(
            "bedrock-runtime", region_name=region, endpoint_url=sim.url, aws_access_key_id=key,
            aws_secret_access_key=secret, aws_session_token=token,
            config=Config(retries={"total_max_attempts": 1}, proxies={}))
    return client


def call(name="weather", number=0):
    return {"toolUse": {"toolUseId": f"t{number}", "name": name, "input": {}}}


def result(number=0):
    return {"toolResult": {"toolUseId": f"t{number}", "content": [{"text": "21"}]}}


def assistant(*blocks):
    return {"role": "assistant", "content": list(blocks)}


def user(*blocks):
    return {"role": "user", "content": list(blocks)}


def folded(stream):
    """The message that a stream's events make."""
    blocks, stop = {}, None
    for one in stream:
        if "contentBlockStart" in one:
            start = one["contentBlockStart"]
            blocks[start["contentBlockIndex"]] = {"toolUse": {**start["start"]["toolUse"],
                                                              "input": ""}}
        if "contentBlockDelta" in one:
            delta = one["contentBlockDelta"]
            block = blocks.setdefault(delta["contentBlockIndex"], {"text": ""})
            if "toolUse" in delta["delta"]:
                block["toolUse"]["input"] += delta["delta"]["toolUse"]["input"]
            block["text"] = block.get("text", "") + delta["delta"].get("text", "")
        stop = one.get("messageStop", {}).get("stopReason", stop)
    return [blocks[i] for i in sorted(blocks)], stop


def test_the_sdk_converses(sdk):
    answer = sdk().converse(modelId=NOVA, messages=[USER])
    assert answer["output"]["message"]["content"] == [{"text": "Hello from Bedrock!"}]
    assert answer["usage"]["cacheReadInputTokens"] == 2
    blocks, stop = folded(sdk().converse_stream(modelId=NOVA, messages=[USER])["stream"])
    assert (blocks, stop) == ([{"text": "Hello from Bedrock!"}], "end_turn")


def test_a_tools_loop(sdk):
    tools = {"tools": [WEATHER, TIME]}
    first = sdk().converse(modelId="parallel.x", messages=[USER], toolConfig=tools)
    message = first["output"]["message"]
    assert [block["toolUse"]["name"] for block in message["content"]] == ["weather", "time"]
    results = [{"toolResult": {"toolUseId": block["toolUse"]["toolUseId"],
                               "content": [{"text": text}]}}
               for block, text in zip(message["content"], ["rain", "noon"], strict=True)]
    second = sdk().converse(modelId="parallel.x", toolConfig=tools,
                            messages=[USER, message, user(*results)])
    assert second["output"]["message"]["content"] == [{"text": "The result is rain and noon."}]
    blocks, stop = folded(sdk().converse_stream(modelId=NOVA, messages=[USER],
                                                toolConfig=tools)["stream"])
    assert stop == "tool_use"
    assert json.loads(blocks[0]["toolUse"]["input"]) == {"city": "Köln"}


def test_thinking_and_schema(sdk):
    thinking = sdk().converse(modelId=CLAUDE, messages=[USER], additionalModelRequestFields={
        "thinking": {"type": "enabled", "budget_tokens": 1024}})
    reasoning = thinking["output"]["message"]["content"][0]["reasoningContent"]
    assert reasoning["reasoningText"]["signature"] == "sim-signature"
    schema = json.dumps({"type": "object", "properties": {"n": {"type": "integer"}}})
    answer = sdk().converse(modelId=NOVA, messages=[USER], outputConfig={"textFormat": {
        "type": "json_schema", "structure": {"jsonSchema": {"schema": schema}}}})
    assert answer["output"]["message"]["content"] == [{"text": '{"n": 3}'}]


@pytest.mark.parametrize("wrong", [
    {"key": "AKIDOTHER"}, {"secret": "other"}, {"token": "unasked"}, {"region": "eu-west-1"}])
def test_wrong_signatures_are_refused(sdk, wrong):
    with pytest.raises(ClientError) as refused:
        sdk(**wrong).converse(modelId=NOVA, messages=[USER])
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403


def test_an_unsigned_request_is_refused(sim):
    with Client(sim.upstream.address) as client:
        response = client.request("POST", "/model/x/converse", body=json.dumps({"messages": [USER]}))
    assert response.status == 403


def test_errors_on_demand(sdk):
    with pytest.raises(ClientError) as refused:
        sdk().converse(modelId="x.error-429", messages=[USER])
    assert refused.value.response["Error"]["Code"] == "ThrottlingException"
    with pytest.raises(EventStreamError, match="throttlingException"):
        list(sdk().converse_stream(modelId="x.stream-error", messages=[USER])["stream"])


def test_invoke_anthropic(sdk):
    body = {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 9,
            "messages": [{"role": "user", "content": "hi"}]}
    answer = sdk().invoke_model(modelId=CLAUDE, body=json.dumps(body))
    assert json.loads(answer["body"].read())["content"][0]["text"] == "Hello from Claude!"
    stream = sdk().invoke_model_with_response_stream(modelId=CLAUDE, body=json.dumps(body))["body"]
    kinds = [json.loads(one["chunk"]["bytes"])["type"] for one in stream]
    assert (kinds[0], kinds[-1]) == ("message_start", "message_stop")


def test_embeddings(sdk):
    titan = sdk().invoke_model(modelId="amazon.titan-embed-text-v2:0",
                               body=json.dumps({"inputText": "abc"}))
    assert json.loads(titan["body"].read())["embedding"] == [0.03, -0.5, 0.25]
    cohere = sdk().invoke_model(modelId="cohere.embed-english-v3", body=json.dumps(
        {"texts": ["a", "bc"], "input_type": "search_document"}))
    assert len(json.loads(cohere["body"].read())["embeddings"]) == 2


REFUSED = {
    "an unknown field": ({"messages": [USER], "model": "x"}, "extraneous key [model]"),
    "an unknown field inside": ({"messages": [USER], "inferenceConfig": {"topK": 1}}, "[topK]"),
    "a wrong type": ({"messages": [USER], "inferenceConfig": {"maxTokens": "9"}}, "integer"),
    "a role that does not alternate": ({"messages": [USER, USER]}, "alternate"),
    "the assistant first": ({"messages": [assistant({"text": "x"})]}, "start with a user"),
    "no messages": ({"messages": []}, "start with a user"),
    "a blank text": ({"messages": [user({"text": " "})]}, "blank"),
    "no content": ({"messages": [user()]}, "empty"),
    "two members in a block": ({"messages": [user({"text": "x", "cachePoint": {"type": "default"}})]},
                               "exactly one"),
    "a result without its call": ({"messages": [user(result())]}, "do not match"),
    "a call without its result": ({"messages": [USER, assistant(call()), USER],
                                   "toolConfig": {"tools": [WEATHER]}}, "do not match"),
    "tools that are not described": ({"messages": [USER, assistant(call()), user(result())]},
                                     "toolConfig"),
    "a choice that is not there": ({"messages": [USER], "toolConfig": {
        "tools": [WEATHER], "toolChoice": {"tool": {"name": "x"}}}}, "toolChoice"),
    "an image that is no base64": ({"messages": [user({"image": {
        "format": "png", "source": {"bytes": "*"}}})]}, "base64"),
    "an unknown format": ({"messages": [user({"image": {
        "format": "bmp", "source": {"bytes": "QUJD"}}})]}, "bmp"),
    "a forged signature": ({"messages": [USER, assistant({"reasoningContent": {"reasoningText": {
        "text": "x", "signature": "forged"}}}), USER]}, "Invalid signature"),
}


@pytest.mark.parametrize("body, why", REFUSED.values(), ids=REFUSED.keys())
def test_converse_refuses(body, why):
    with pytest.raises(Refused) as refused:
        check_converse(body, stream=False)
    assert why in refused.value.message


def test_converse_takes_a_whole_conversation():
    check_converse({"system": [{"text": "x"}, {"cachePoint": {"type": "default"}}],
                    "messages": [USER, assistant(call()), user(result()),
                                 assistant({"text": "done"}), USER],
                    "toolConfig": {"tools": [WEATHER], "toolChoice": {"auto": {}}},
                    "requestMetadata": {"a": "b"}, "serviceTier": {"type": "flex"}}, stream=True)


GOLDEN = Path(__file__).parents[1] / "golden/dialects/converse"
MADE = re.compile(r"^=== upstream request\n(.*?)(?:\n\n===|\Z)", re.S | re.M)


def test_the_service_takes_what_golden_conversations_send():
    made = {path.name: MADE.search(path.read_text()) for path in GOLDEN.glob("*.golden")}
    bodies = {name: json.loads(match[1]) for name, match in made.items() if match}
    assert len(bodies) >= 30
    for name, body in bodies.items():
        try:
            check_converse(body, stream=False)
        except Refused as refused:
            pytest.fail(f"{name}: {refused.message}")


@pytest.mark.parametrize("change", [{"model": "x"}, {"stream": True}, {"anthropic_version": "x"},
                                    {"max_tokens": None}, {"messages": []}, {"flux": 1}])
def test_invoke_refuses(sdk, change):
    body = {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 9,
            "messages": [{"role": "user", "content": "hi"}], **change}
    with pytest.raises(ClientError, match="ValidationException"):
        sdk().invoke_model(modelId=CLAUDE, body=json.dumps(body))


def test_frames_are_those_of_aws():
    from botocore.eventstream import EventStreamBuffer
    buffer = EventStreamBuffer()
    buffer.add_data(event("a", {"b": 1}) + exception("c", "d"))
    one, two = list(buffer)
    assert (one.headers[":event-type"], json.loads(one.payload)) == ("a", {"b": 1})
    assert two.headers[":exception-type"] == "c"
