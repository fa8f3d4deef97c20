"""docs/faults.md, made from the rows that the tests hold the gateway to."""

import itertools

from . import dialects
from .fault_rows import ROWS
from .patience_rows import PATIENCE_ROWS
from .translated_fault_rows import TRANSLATED_ROWS

HEAD = """\
# Faults survived

What a caller, the upstream, the log and the metrics see when an upstream or a client misbehaves.
Each row is a test of `tests/e2e/test_faults.py` or `test_client_faults.py`, for every dialect: chat,
completions, responses, messages, and embeddings where nothing streams. This page is written by that
run and compared with it: `WRITE_FAULTS=1 pytest tests/e2e -k page` writes it anew.

- **The contract.** An answer that ends otherwise than its dialect ends reaches the caller as an
  error event in the caller's dialect *and* a connection that does not end cleanly; no `[DONE]` is
  made up. Before the first content any failure goes to the next provider unseen.
- **Set-up.** Failover with one retry, a back-off of 1 ms, and time limits of 150 ms where the fault
  is a silence. No breaker, so that each row stands alone.
- **when** is what was sent before things went wrong: a `whole` answer or a `stream`, `before` or
  `after` the first content reached the caller. N is every byte on that side of it.
- **caller sees** is said for a single provider, **with another** for a route with a sound one behind
  it. `cut` is a connection that ends before the answer's framing does.
- **log** has the warnings about attempts; below them the error in the request's record, which is
  also what the caller is told.
- **counted** are `butter_request_errors_total` (error), `butter_streams_broken_total` (broken
  stream), `butter_streams_unmarked_total` (unmarked stream) and `butter_clients_left_total` (client
  left). No gauge stays up after a row.
- **openai**, **anthropic**: the exception of the official SDK, `Python / Node` where they differ.
  `TypeError` is what Node's `fetch` raises for a body that is cut, and the SDKs leave it so.
"""

TRANSLATED_HEAD = """\
The caller speaks one dialect, the provider another. An answer that does not stream is read whole
before it is translated, so that nothing of it has reached the caller when it breaks off.
"""

COLUMNS = ("fault", "when", "caller sees", "with another", "upstream sees", "attempts", "log",
           "counted", "openai", "anthropic")
PATIENCE_HEAD = """\
Streams of chat on a route with two providers, of which the first is in trouble: rows of
`tests/e2e/test_patience.py`. Where comments (`: ping`) have gone out the status was 200, so that a
refusal is told as an event. A request is hedged when its answer has not begun after the time in which
95 % of the recent ones did; the loser is left at once.
"""
PATIENCE_COLUMNS = ("fault", "`patience`", "caller sees", "first provider sees", "second", "attempts",
                    "log", "counted", "openai")

CLIENT_COLUMNS = ("what the client does", "caller sees", "upstream sees", "attempts", "log",
                  "counted")


def of(row):
    return f" ({', '.join(map(str, row.of))})" if row.of else ""


def log(failures, why):
    return "<br>".join(text for text in (failures, why) if text != "-") or "-"


def cells(row):
    callers = [way.caller for way in row.ways]
    openai = row.openai if any(caller != dialects.MESSAGES for caller in callers) else "-"
    anthropic = row.anthropic if dialects.MESSAGES in callers else "-"
    return (row.fault + of(row), f"{row.answer}, {row.commit}", row.client, row.spare,
            row.upstream, row.attempts, log(row.failures, row.why), row.counted, openai, anthropic)


def patience_cells(row):
    return (row.name, f"`{row.setting}`", row.client, row.first, row.second, row.attempts,
            log(row.failures, row.why), row.counted, row.openai)


def client_cells(row):
    return (row.name, row.client, row.upstream, row.attempts, log(row.failures, row.why),
            row.counted)


def table(columns, rows):
    lines = [columns, ["---"] * len(columns), *rows]
    return "".join(f"| {' | '.join(map(str, line))} |\n" for line in lines)


def merged(rows):
    """Rows that differ only in whether the answer streams, as one."""
    for _, group in itertools.groupby(rows, key=lambda row: (row[0], *row[2:])):
        group = list(group)
        when = sorted({row[1].split(", ")[0] for row in group}, reverse=True)
        yield (group[0][0], f"{' and '.join(when)}, {group[0][1].split(', ')[1]}", *group[0][2:])


def page(client_rows):
    return (f"{HEAD}\n## Upstreams\n\n{table(COLUMNS, merged(map(cells, ROWS)))}"
            f"\n## Upstreams behind a translation\n\n{TRANSLATED_HEAD}\n"
            f"{table(COLUMNS, merged(map(cells, TRANSLATED_ROWS)))}"
            f"\n## Routes with patience\n\n{PATIENCE_HEAD}\n"
            f"{table(PATIENCE_COLUMNS, map(patience_cells, PATIENCE_ROWS))}"
            f"\n## Clients\n\n{table(CLIENT_COLUMNS, map(client_cells, client_rows))}")
