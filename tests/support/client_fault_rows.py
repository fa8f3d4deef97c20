"""What is expected of the gateway when its client misbehaves: one row for each thing that it does."""

from dataclasses import dataclass

NOTHING = "-"


@dataclass(frozen=True)
class ClientRow:
    """`attempts` is NOTHING when the request did not become one, and leaves no record then."""

    name: str
    client: str
    upstream: str
    attempts: object
    failures: str
    why: str
    counted: str


def fine(name, client="the whole answer", upstream="1 request"):
    return ClientRow(name, client, upstream, 1, NOTHING, NOTHING, NOTHING)


def left(name, upstream, attempts, failures=NOTHING):
    return ClientRow(name, NOTHING, upstream, attempts, failures, "client left",
                     "error, client left")


LEFT = "1 request, left within 50 ms"

CLIENT_ROWS = [
    fine("reads 1 KiB at a time, slowly"),
    fine("sends two requests at once", "the whole answer, twice", "2 requests"),
    fine("Expect: 100-continue", "100, the whole answer"),
    fine("sends its request byte by byte"),
    ClientRow("sends its head too slowly", "error 408, closed", "no request", NOTHING, NOTHING,
              NOTHING, NOTHING),
    ClientRow("stops in its body", "error 408, closed", "no request", 0, NOTHING,
              "the request's body did not arrive in time", "error"),
    ClientRow("drips its body", "error 408, closed", "no request", 0, NOTHING,
              "the request's body did not arrive in time", "error"),
    left("ends its side after the request", LEFT, 1),
    left("leaves while queued for a connection", "no request", 1),
    left("leaves while queued for its turn", "no request", 1),
    left("leaves while connecting", "no request, left within 50 ms", 1),
    left("leaves while waiting", LEFT, 1),
    left("leaves while backing off", "1 request", 1, "upstream_status \u00d7 1"),
    left("leaves while streaming", LEFT, 1),
]
