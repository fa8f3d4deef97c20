"""What the responses dialect writes, read by the official SDKs: tests/golden/responses/, made and held
by tests/unit/dialect/responses_answer_writer_golden_test.cpp, served as they are."""

import json

import pytest
from openai import OpenAI
from openai.types.responses import Response
from pydantic import BaseModel

from support.golden_responses import COMPLETED, FOLDER, INCOMPLETE, STREAMS, WHOLES, serve
from support.upstream import Upstream


class Weather(BaseModel):
    city: str
    degrees: int


@pytest.fixture(scope="module")
def base_url():
    upstream = Upstream().on("/v1/responses", serve)
    yield upstream.url + "/v1"
    upstream.stop()
    assert not upstream.errors, upstream.errors


@pytest.fixture(scope="module")
def client(base_url):
    with OpenAI(api_key="any", base_url=base_url, max_retries=0) as made:
        yield made


@pytest.mark.parametrize("name", WHOLES)
def test_the_whole_answer_is_of_the_sdk_types(client, name):
    raw = json.loads((FOLDER / f"{name}.json").read_bytes())
    answer = client.responses.create(model=name, input="Hello")
    assert answer.model_dump(mode="json", exclude_unset=True) == raw
    Response.model_validate(raw)  # complains of what is missing or of another type
    assert answer.status == ("incomplete" if name in INCOMPLETE else "completed")
    if name in INCOMPLETE:
        assert answer.incomplete_details.reason == INCOMPLETE[name]


@pytest.mark.parametrize("name", STREAMS)
def test_every_event_is_of_the_sdk_types(client, name):
    events = list(client.responses.create(model=name, input="Hello", stream=True))
    assert [event.sequence_number for event in events] == list(range(len(events)))
    for event in events:
        type(event).model_validate(event.model_dump(mode="json", exclude_unset=True))
        assert type(event).model_fields["type"].annotation.__args__ == (event.type,)


def fold(events):
    """Builds the output from the deltas alone."""
    items = {}
    for event in events:
        if event.type == "response.output_item.added":
            items[event.output_index] = {"kind": event.item.type, "texts": {}, "id": event.item.id}
        elif hasattr(event, "delta"):
            item = items[event.output_index]
            assert item["id"] == event.item_id
            place = getattr(event, "content_index", getattr(event, "summary_index", 0))
            item["texts"][place] = item["texts"].get(place, "") + event.delta
    return [(items[index]["kind"], [text for _, text in sorted(items[index]["texts"].items())])
            for index in sorted(items)]


def said(item):
    if item.type == "message":
        return [getattr(part, "text", None) or part.refusal for part in item.content]
    if item.type == "reasoning":
        return [part.text for part in item.summary]
    return [item.arguments]


@pytest.mark.parametrize("name", WHOLES)
def test_the_deltas_the_last_event_and_the_whole_answer_agree(client, name):
    whole = client.responses.create(model=name, input="Hello")
    events = list(client.responses.create(model=name, input="Hello", stream=True))
    assert events[-1].type == f"response.{whole.status}"
    assert events[-1].response == whole
    assert [event.item for event in events if event.type == "response.output_item.done"] == \
        whole.output
    assert fold(events) == [(item.type, said(item)) for item in whole.output]


@pytest.mark.parametrize("name", COMPLETED)
def test_the_sdk_accumulates_the_stream_to_the_whole_answer(client, name):
    whole = client.responses.create(model=name, input="Hello")
    with client.responses.stream(model=name, input="Hello") as stream:
        snapshots = [event.snapshot for event in stream if event.type == "response.output_text.delta"]
        final = stream.get_final_response()
    assert final.output_text == whole.output_text
    assert final.usage == whole.usage
    plain = final.model_dump(mode="json", exclude={"output"}, exclude_unset=True)
    assert plain == whole.model_dump(mode="json", exclude={"output"}, exclude_unset=True)
    assert [item.id for item in final.output] == [item.id for item in whole.output]
    assert not snapshots or whole.output_text.endswith(snapshots[-1])


def test_structured_output_is_parsed(client):
    wanted = Weather(city="Köln", degrees=21)
    parsed = client.responses.parse(model="json", input="Hello", text_format=Weather)
    assert parsed.output_parsed == wanted
    with client.responses.stream(model="json", input="Hello", text_format=Weather) as stream:
        assert stream.get_final_response().output_parsed == wanted


def test_parallel_calls_have_their_arguments(client):
    answer = client.responses.create(model="parallel_calls", input="Hello")
    calls = [item for item in answer.output if item.type == "function_call"]
    assert [(call.call_id, call.name, json.loads(call.arguments)) for call in calls] == [
        ("call_1", "weather", {"city": "Oslo"}), ("call_2", "weather", {"city": "Köln"}),
        ("call_golden_3", "clock", {})]


def test_signatures_are_where_callers_keep_them(client):
    answer = client.responses.create(model="thinking_call", input="Hello")
    assert [item.encrypted_content for item in answer.output if item.type == "reasoning"] == [
        "butter.thinking.ErUBCkYIBxgC+/==", "butter.redacted.EmwKAhgBEgy="]


def test_a_failure_in_the_stream_is_no_answer(client):
    events = list(client.responses.create(model="failed", input="Hello", stream=True))
    assert [event.type for event in events[-2:]] == ["error", "response.failed"]
    assert events[-2].message == events[-1].response.error.message == "Overloaded"
    with client.responses.stream(model="failed", input="Hello") as stream:
        with pytest.raises(RuntimeError):
            stream.get_final_response()
