"""What an upstream can do to us: every row of support.fault_rows, in every dialect, end to end."""

import re

import pytest

from support.fault_bed import check_no_mark, client_saw
from support.fault_rows import NOTHING, ROWS
from support.faults import EVERY_BYTE, FAULTS, Answer, whole
from support.waiting import until

CASES = [(row, dialect) for row in ROWS for dialect in row.dialects]
BYTE_CASES = [case for case in CASES if case[0].fault in EVERY_BYTE]


def every(cases):
    return pytest.mark.parametrize(
        "row, dialect", cases, ids=[f"{row.name}-{dialect}".replace(" ", "_")
                                    for row, dialect in cases])


def answer_of(row, dialect, size=10_000_000):
    return Answer(dialect, row.streams, row.commit, size if "10 MB" in row.fault else 0)


def set_up(bed, row, dialect, **more):
    """Scripts the upstreams of this row. Gives the faulty answer, and the upstream to watch."""
    answer = answer_of(row, dialect, **more)
    handler = FAULTS[row.fault](answer) if row.fault in FAULTS else whole(answer)
    upstream = bed.script(row.where, handler)
    bed.spare.on("*", whole(Answer(dialect, row.streams)))
    return answer, upstream


def ask(bed, row, dialect, model, headers):
    body = dialect.body(model, row.streams)
    if row.upload:
        body = body.replace(b"hello", b"hello" * 1_600_000)
    return bed.request(dialect, model, row.streams, headers, body)


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


def raised_by(sdk, bed, row, dialect):
    name, text = sdk.raised(dialect, row.where, row.streams)
    check_no_mark(text, "an exception")
    return name


@every(CASES)
def test_fault(beds, row, dialect):
    bed = beds[dialect.provider_type]
    answer, upstream = set_up(bed, row, dialect)
    connections = upstream.connections if upstream else 0
    if upstream:
        upstream.clear()
    watch = bed.watch()
    response = ask(bed, row, dialect, row.where, watch.headers)
    assert client_saw(answer, response, watch.why()) == row.client
    assert upstream_saw(upstream, row, connections) == row.upstream
    assert watch.trace()["attempts"] == row.attempts
    assert watch.failed_attempts() == row.failures
    assert without_ports(watch.why()) == row.why
    assert watch.counted() == row.counted
    bed.warm(dialect)


@every(CASES)
def test_fault_with_another_provider(beds, row, dialect):
    bed = beds[dialect.provider_type]
    answer, _ = set_up(bed, row, dialect)
    watch = bed.watch()
    response = ask(bed, row, dialect, row.where + "+spare", watch.headers)
    if response.headers.get("x-butter-provider") == "spare":
        saw = client_saw(Answer(dialect, row.streams), response, watch.why())
        seen = f"{saw} by the next, attempt {watch.trace()['attempts']}"
    else:
        seen = "the same" if client_saw(answer, response, watch.why()) == row.client else "else"
    assert seen == row.spare
    bed.warm(dialect)


@every(CASES)
def test_exception_of_the_official_sdks(beds, sdks, row, dialect):
    bed = beds[dialect.provider_type]
    set_up(bed, row, dialect, size=1_000_000)  # the SDKs take seconds for 10 MB
    of_python, of_node = (raised_by(sdk, bed, row, dialect)
                          for sdk in sdks[dialect.provider_type])
    expected = row.anthropic if dialect.provider_type == "anthropic" else row.openai
    assert (of_python if of_python == of_node else f"{of_python} / {of_node}") == expected
    bed.warm(dialect)


@every(BYTE_CASES)
def test_every_byte(beds, row, dialect):
    """Wherever on its side of the commit point the cut falls."""
    bed = beds[dialect.provider_type]
    answer = answer_of(row, dialect)
    expected = row.client.split(", ")[1:]
    for n in answer.cuts():
        bed.script(row.where, EVERY_BYTE[row.fault](answer, n))
        saw = client_saw(answer, bed.request(dialect, row.where, row.streams), "")
        assert saw.split(", ")[1:] == expected and (expected or saw == row.client), (n, saw)
        assert not saw.startswith("the whole"), (n, saw)


def test_marked_secrets_reach_the_upstream_and_only_it(beds):
    """What test_fault searches for is there to be found: the key goes up, the caller's does not."""
    for provider_type, bed in beds.items():
        row, dialect = next(case for case in CASES if case[1].provider_type == provider_type)
        upstream = bed.script("faulty", whole(Answer(dialect, stream=False)))
        upstream.clear()
        assert bed.request(dialect, "faulty", False).status == 200
        assert bed.sees_its_key(upstream.last.headers)
        check_no_mark(bed.gateway.output, "the log")
        assert bed.gateway.log_lines("request trace")
