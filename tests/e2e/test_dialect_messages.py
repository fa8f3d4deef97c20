"""What the messages dialect writes, as its golden files hold it: requests against the rules of Anthropic's
API, answers against the types of its SDK, which folds each stream to the whole answer."""

import json

import anthropic
import pytest
from anthropic.types import Message, RawMessageStreamEvent
from pydantic import TypeAdapter

from support.golden_dialects import conversations, of
from support.sim_anthropic_rules import check_request
from support.upstream import Upstream

EVENT = TypeAdapter(RawMessageStreamEvent)
# Requests that the API is to refuse, each as the caller's own mistake or wish.
REFUSED = {"messages/chat-30-nothing-said": "non-empty content",
           "messages/messages-18-output-format": "must be explicitly set to false",
           "messages/messages-20-thinking-adaptive": "not supported on this model"}


class AnySignature:
    """The signatures of golden files were issued by nobody."""

    def __contains__(self, signature):
        return bool(signature)


def names(conversation):
    return conversation.name


@pytest.mark.parametrize("conversation", of("upstream request", provider="messages"), ids=names)
def test_requests_keep_the_rules(conversation):
    request = json.loads(conversation.get("upstream request"))
    if request.pop("anthropic_version", None):
        request["model"] = "claude-on-bedrock"
    if conversation.name in REFUSED:
        with pytest.raises(Exception, match=REFUSED[conversation.name]):
            check_request(request, AnySignature())
    else:
        check_request(request, AnySignature())


@pytest.mark.parametrize("conversation", of("caller answer", caller="messages"), ids=names)
def test_answers_are_of_the_sdks_types(conversation):
    raw = json.loads(conversation.get("caller answer"))
    message = Message.model_validate(raw)
    assert message.model_dump(mode="json", exclude_unset=True) == raw


@pytest.fixture(scope="module")
def sdk():
    """The SDK in front of a server that answers with the stream of the model's name."""
    streams = {each.name: each.get("caller stream") for each in conversations(caller="messages")}

    def serve(exchange):
        exchange.start_stream({"request-id": "req_golden"})
        exchange.chunk((streams[json.loads(exchange.request.body)["model"]] + "\n\n").encode())
        exchange.end()

    upstream = Upstream().on("/v1/messages", serve)
    with anthropic.Anthropic(base_url=upstream.url, api_key="any", max_retries=0) as client:
        yield client
    upstream.stop()
    assert not upstream.errors, upstream.errors


def ask(sdk, name):
    return sdk.messages.stream(model=name, max_tokens=1, messages=[{"role": "user", "content": "a"}])


def data_of(stream):
    return [json.loads(line[6:]) for line in stream.splitlines() if line.startswith("data: ")]


STREAMED = [each for each in of("caller stream", caller="messages") if "error" not in each.name]


@pytest.mark.parametrize("conversation", STREAMED, ids=names)
def test_streams_keep_the_grammar(conversation):
    events = data_of(conversation.get("caller stream"))
    for event in events:
        EVENT.validate_python(event)
    kinds = [event["type"] for event in events]
    assert kinds[0] == "message_start" and kinds[-2:] == ["message_delta", "message_stop"]
    open_block, count = None, 0
    for event in events[1:-2]:
        if event["type"] == "content_block_start":
            assert open_block is None and event["index"] == count
            open_block, count = count, count + 1
        else:
            assert event["index"] == open_block
        if event["type"] == "content_block_stop":
            open_block = None
    assert open_block is None


@pytest.mark.parametrize("conversation", [each for each in STREAMED if each.get("caller answer")], ids=names)
def test_the_sdk_folds_a_stream_to_the_whole_answer(sdk, conversation):
    with ask(sdk, conversation.name) as stream:
        message = stream.get_final_message()
    folded = message.model_dump(mode="json", exclude_none=True)
    whole = Message.model_validate_json(conversation.get("caller answer"))
    assert folded == whole.model_dump(mode="json", exclude_none=True)


@pytest.mark.parametrize("conversation", [each for each in of("caller stream", caller="messages")
                                          if each.name.endswith("stream-error")], ids=names)
def test_the_sdk_raises_the_error_of_a_stream(sdk, conversation):
    with pytest.raises(anthropic.APIStatusError, match="verloaded"), ask(sdk, conversation.name) as stream:
        stream.until_done()
