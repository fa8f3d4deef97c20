"""What is expected of a route that has `patience`: comments, the guard of slow streams, hedging."""

from dataclasses import dataclass

NOTHING = "-"
PINGS = "comments, "


@dataclass(frozen=True)
class PatienceRow:
    """A route with two providers, of which the first is slow or silent."""

    name: str
    setting: str   # of the route
    client: str
    first: str     # what reaches the first provider; `left` = the gateway closed the connection
    second: str
    attempts: int
    failures: str
    why: str
    counted: str
    openai: str = "none"


def answered(name, setting, client, first, second, attempts=1, failures=NOTHING):
    return PatienceRow(name, setting, client, first, second, attempts, failures, NOTHING, NOTHING)


KEEP_ALIVE = "keep_alive: 300ms"
STALL = "stall_timeout: 600ms"
HOLD = "hold_time: 200ms"
HEDGE = "hedge"
ONE = "1 request"
LEFT = "1 request, left"
SOON = "1 request, left within 50 ms"
STALLED = "the answer stalled for 600 ms"
CLOSED = "the connection was closed before the answer's end"
BROKEN = "error, broken stream"

PATIENCE_ROWS = [
    answered("no answer for a while", KEEP_ALIVE, PINGS + "the whole answer", ONE, NOTHING),
    answered("a pause between events", KEEP_ALIVE, "the whole answer with comments", ONE, NOTHING),
    answered("closed after a while", KEEP_ALIVE, PINGS + "the whole answer", ONE, ONE, 2,
             "upstream_closed \u00d7 1"),
    PatienceRow("503 after a while, by both", KEEP_ALIVE, PINGS + "error event, cut", ONE, ONE, 2,
                "upstream_status \u00d7 2", "told so", BROKEN, "APIError"),
    answered("no answer for a while", "none", "the whole answer", ONE, NOTHING),
    answered("stall before content", STALL, "the whole answer", LEFT, ONE, 2,
             "upstream_timeout \u00d7 1"),
    PatienceRow("stall after content", STALL, "a part, error event, cut", LEFT, NOTHING, 1, NOTHING,
                STALLED, BROKEN, "APIError"),
    PatienceRow("events without content, then closed", HOLD, "a part, error event, cut", ONE,
                NOTHING, 1, NOTHING, CLOSED, BROKEN, "APIError"),
    answered("no answer", HEDGE, "the whole answer", SOON, ONE, 2),
    answered("an answer later than usual, before the second's", HEDGE, "the whole answer", ONE, SOON,
             2),
    answered("closed beside the second attempt", HEDGE, "the whole answer", ONE, ONE, 2),
    PatienceRow("no answer, and the client leaves", HEDGE, NOTHING, SOON, SOON, 2, NOTHING,
                "client left", "error, client left"),
]
