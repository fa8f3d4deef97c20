"""What an upstream can do to us: every row of the fault table, in every dialect, end to end."""

import re

import pytest

from support.dialects import MESSAGES
from support.fault_bed import check_no_mark, client_saw
from support.fault_rows import NOTHING, ROWS
from support.translated_fault_rows import TRANSLATED_ROWS
from support.faults import EVERY_BYTE, FAULTS, Answer, whole
from support.waiting import until

CASES = [(row, way) for row in ROWS + TRANSLATED_ROWS for way in row.ways]
BYTE_CASES = [case for case in CASES if case[0].fault in EVERY_BYTE]


def every(cases):
    return pytest.mark.parametrize(
        "row, way", cases, ids=[f"{row.name}-{way}".replace(" ", "_") for row, way in cases])


def answer_of(bed, row, way, size=10_000_000):
    return Answer(way.provider, row.streams, row.commit, size if "10 MB" in row.fault else 0,
                  way.translates, lambda: until(bed.streams_are_open, "a stream's begin"))


def set_up(bed, row, way, **more):
    """Scripts the upstreams of this row. Gives what a caller would get of the faulty one if it were
    sound, and the upstream to watch."""
    answer = answer_of(bed, row, way, **more)
    sound = bed.sound(way, answer)
    handler = FAULTS[row.fault](answer) if row.fault in FAULTS else whole(answer)
    upstream = bed.script(row.where, handler)
    bed.spare.on("*", whole(Answer(way.provider, row.streams)))
    return sound, upstream


def ask(bed, row, way, model, headers):
    body = way.caller.body(model, row.streams)
    if row.upload:
        body = body.replace(b"hello", b"hello" * 1_600_000)
    return bed.request(way.caller, model, row.streams, headers, body)


def upstream_saw(upstream, row, connections):
    if upstream is None:
        return NOTHING
    calls = upstream.calls()
    if not calls:
        return f"{upstream.connections - connections} connections, no request"
    if row.upstream.endswith(", left"):
        until(lambda: all(call.gone.is_set() for call in calls), "the gateway's leaving")
        return f"{count(calls)}, left"
    return count(calls)


def count(calls):
    return "1 request" if len(calls) == 1 else f"{len(calls)} requests"


def without_ports(text):
    return re.sub(r"127\.0\.0\.1:\d+", "HOST:PORT", text)


def raised_by(sdk, row, way):
    name, text = sdk.raised(way.caller, row.where, row.streams)
    check_no_mark(text, "an exception")
    return name


@every(CASES)
def test_fault(beds, row, way):
    bed = beds[way.provider_type]
    sound, upstream = set_up(bed, row, way)
    connections = upstream.connections if upstream else 0
    if upstream:
        upstream.clear()
    watch = bed.watch()
    response = ask(bed, row, way, row.where, watch.headers)
    assert client_saw(way, sound, response, watch.why()) == row.client
    assert upstream_saw(upstream, row, connections) == row.upstream
    assert watch.trace()["attempts"] == row.attempts
    assert watch.failed_attempts() == row.failures
    assert without_ports(watch.why()) == row.why
    assert watch.counted() == row.counted
    bed.warm(way)


@every(CASES)
def test_fault_with_another_provider(beds, row, way):
    bed = beds[way.provider_type]
    sound, _ = set_up(bed, row, way)
    watch = bed.watch()
    response = ask(bed, row, way, row.where + "+spare", watch.headers)
    if response.headers.get("x-butter-provider") == "spare":
        saw = client_saw(way, bed.sound(way, Answer(way.provider, row.streams)), response,
                         watch.why())
        seen = f"{saw} by the next, attempt {watch.trace()['attempts']}"
    else:
        seen = "the same" if client_saw(way, sound, response, watch.why()) == row.client else "else"
    assert seen == row.spare
    bed.warm(way)


@every(CASES)
def test_exception_of_the_official_sdks(beds, sdks, row, way):
    bed = beds[way.provider_type]
    set_up(bed, row, way, size=1_000_000)  # the SDKs take seconds for 10 MB
    of_python, of_node = (raised_by(sdk, row, way) for sdk in sdks[way.provider_type])
    expected = row.anthropic if way.caller is MESSAGES else row.openai
    assert (of_python if of_python == of_node else f"{of_python} / {of_node}") == expected
    bed.warm(way)


@every(BYTE_CASES)
def test_every_byte(beds, row, way):
    """Wherever on its side of the commit point the cut falls."""
    bed = beds[way.provider_type]
    answer = answer_of(bed, row, way)
    sound = bed.sound(way, answer)
    expected = row.client.split(", ")[1:]
    for n in answer.cuts():
        bed.script(row.where, EVERY_BYTE[row.fault](answer, n))
        saw = client_saw(way, sound, bed.request(way.caller, row.where, row.streams), "")
        assert saw.split(", ")[1:] == expected and (expected or saw == row.client), (n, saw)
        assert not saw.startswith("the whole"), (n, saw)


def test_marked_secrets_reach_the_upstream_and_only_it(beds):
    """What test_fault searches for is there to be found: the key goes up, the caller's does not."""
    for provider_type, bed in beds.items():
        row, way = next(case for case in CASES if case[1].provider_type == provider_type)
        upstream = bed.script("faulty", whole(Answer(way.provider, stream=False)))
        upstream.clear()
        assert bed.request(way.caller, "faulty", False).status == 200
        assert bed.sees_its_key(upstream.last.headers)
        check_no_mark(bed.gateway.output, "the log")
        assert bed.gateway.log_lines("request trace")
