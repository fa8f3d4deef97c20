"""What a client can do to us: every row of support.client_fault_rows, and the page of all faults."""

import os
import socket
import threading
import time
from functools import partial

import pytest

from support import fault_page
from support.client import Client, request_bytes
from support.client_fault_rows import CLIENT_ROWS, NOTHING
from support.dialects import CHAT, Way
from support.fault_bed import CREDENTIALS, client_saw
from support.faults import AFTER, BEFORE, Answer, sends, status, then, whole
from support.gateway import REPOSITORY, sanitizer
from support.replies import JSON
from support.waiting import until

PATH = "/v1/chat/completions"
PAGE = REPOSITORY / "docs" / "faults.md"
SOON = 0.5 if sanitizer() else 0.05  # Seconds until the upstream must have been left,
TRIES = 10  # in the best of so many, since the machine may be busy.


class Visit:
    """One client's connection to the bed's gateway, and what comes of its request."""

    def __init__(self, bed, where="faulty", handler=None, stream=False, commit=BEFORE, **options):
        self.bed = bed
        self.answer = Answer(CHAT, stream, commit)
        self.upstream = bed.script(where, handler(self.answer) if handler else whole(self.answer))
        self.upstream.clear()
        self.watch = bed.watch()
        self.head = {**CREDENTIALS, **JSON, **self.watch.headers}
        self.body = CHAT.body(where, stream)
        self.request = request_bytes("POST", PATH, self.head, self.body)
        self.client = Client(bed.gateway.address, **options)
        self.left_soon = False
        self.others = []  # clients whose requests are still under way
        self.requests = 1

    def send(self):
        self.client.send(self.request)
        return self

    def saw(self, response=None):
        return client_saw(Way(CHAT, CHAT), self.answer.body, response or self.client.response(), "")

    def upstream_saw(self):
        count = len(self.upstream.calls())
        what = {0: "no request", 1: "1 request"}.get(count, f"{count} requests")
        return what + (", left within 50 ms" if self.left_soon else "")

    def seconds_until_left(self, leave):
        began = time.monotonic()
        leave()
        until(lambda: self.upstream.open_connections == 0, "the gateway's leaving")
        return time.monotonic() - began


def reads_slowly(bed):
    visit = Visit(bed, stream=True, receive_buffer=4096)
    visit.answer = Answer(CHAT, True, size=40_000)
    bed.script("faulty", whole(visit.answer))
    visit.send()
    for _ in range(10):
        visit.client.reader.fill(1024)
        threading.Event().wait(0.02)  # The pace of the reader.
    return visit, visit.saw()


def sends_two_at_once(bed):
    """The second under the watch; the first is over before it is."""
    visit = Visit(bed)
    first = request_bytes("POST", PATH, {**JSON, "x-request-id": "first"},
                          visit.body)
    visit.client.send(first + visit.request)
    saw = [visit.saw(), visit.saw()]
    until(lambda: bed.gateway.log_lines("request trace", request_id="first"), "the first record")
    assert saw[0] == saw[1]
    visit.requests = 2
    return visit, saw[0] + ", twice"


def expects_continue(bed):
    visit = Visit(bed)
    visit.client.send(request_bytes("POST", PATH, {
        **visit.head, "Expect": "100-continue", "Content-Length": str(len(visit.body))}))
    interim = visit.client.reader.until(b"\r\n\r\n").split(b" ")[1].decode()
    visit.client.send(visit.body)
    return visit, f"{interim}, {visit.saw()}"


def sends_byte_by_byte(bed):
    visit = Visit(bed)
    for byte in visit.request:
        visit.client.send(bytes([byte]))
    return visit, visit.saw()


def sends_head_slowly(bed):
    """A byte now and then, each well within the limit, all of them not."""
    visit = Visit(bed)
    visit.client.send(visit.request[:10])
    try:
        for byte in visit.request[10:10 + 30]:
            visit.client.send(bytes([byte]))
            threading.Event().wait(0.1)  # The pace of the attack.
    except OSError:
        pass
    return visit, closed_with_error(visit)


def stops_in_body(bed):
    visit = Visit(bed)
    visit.client.send(visit.request[:-5])
    return visit, closed_with_error(visit)


def drips_its_body(bed):
    """A byte now and then, for ever: each is well within the limit."""
    visit = Visit(bed)
    visit.client.send(visit.request.replace(b"Content-Length: %d" % len(visit.body),
                                            b"Content-Length: 1000000"))
    try:
        for _ in range(100):
            visit.client.send(b" ")
            threading.Event().wait(0.05)  # The pace of the attack.
    except OSError:
        pass
    return visit, closed_with_error(visit)


def closed_with_error(visit):
    response = visit.client.response()
    assert visit.client.wait_closed()[0] == b""
    return f"{visit.saw(response)}, closed"


def connecting(bed):
    visit = Visit(bed, "patient").send()
    until(lambda: visit.upstream.open_connections, "a connection")
    return visit


def waiting(bed, where="faulty"):
    visit = Visit(bed, where, handler=sends(lambda answer: b"")).send()
    visit.upstream.wait_calls(1)
    return visit


def streaming(bed):
    visit = Visit(bed, handler=then(b""), stream=True, commit=AFTER).send()
    visit.client.read_until(b"llo")
    return visit


def queued(bed, where):
    """Behind another request, which has all that the provider may have."""
    first = waiting(bed, where)
    visit = Visit(bed, where, sends(lambda answer: b"")).send()
    until(lambda: bed.metrics().value("butter_inflight") == 2, "the second request")
    visit.others = [first.client]
    return visit


def backing_off(bed):
    visit = Visit(bed, handler=status(503, ("retry-after-ms: 1500",))).send()
    bed.gateway.wait_log("upstream attempt failed", request_id=visit.watch.request_id)
    return visit


def leaving(begin, leave):
    def scenario(bed):
        visit = begin(bed)
        leave(visit.client)
        return visit, NOTHING
    return scenario


def leaving_soon(begin, leave):
    """How long the upstream has to wait for it counts in the best of some tries."""
    def scenario(bed):
        for _ in range(TRIES):
            visit = begin(bed)
            visit.left_soon = visit.seconds_until_left(lambda: leave(visit.client)) <= SOON
            visit.client.close()
            if visit.left_soon:
                break
        return visit, NOTHING
    return scenario


def half_close(client):
    client.sock.shutdown(socket.SHUT_WR)


SCENARIOS = {
    "reads 1 KiB at a time, slowly": reads_slowly,
    "sends two requests at once": sends_two_at_once,
    "Expect: 100-continue": expects_continue,
    "sends its request byte by byte": sends_byte_by_byte,
    "sends its head too slowly": sends_head_slowly,
    "stops in its body": stops_in_body,
    "drips its body": drips_its_body,
    "ends its side after the request": leaving_soon(waiting, half_close),
    "leaves while queued for a connection": leaving(partial(queued, where="narrow"), Client.close),
    "leaves while queued for its turn": leaving(partial(queued, where="gated"), Client.close),
    "leaves while connecting": leaving_soon(connecting, Client.close),
    "leaves while waiting": leaving_soon(waiting, Client.reset),
    "leaves while backing off": leaving(backing_off, Client.close),
    "leaves while streaming": leaving_soon(streaming, Client.close),
}


@pytest.mark.parametrize("row", CLIENT_ROWS, ids=lambda row: row.name.replace(" ", "_"))
def test_client_fault(beds, row):
    bed = beds["openai"]
    visit, saw = SCENARIOS[row.name](bed)
    assert saw == row.client
    if row.attempts == NOTHING:
        assert not bed.gateway.log_lines("request trace", request_id=visit.watch.request_id)
    else:
        assert visit.watch.trace()["attempts"] == row.attempts
        assert visit.watch.failed_attempts() == row.failures
        assert visit.watch.why() == row.why
        assert visit.watch.counted(len(visit.others), visit.requests) == row.counted
    assert visit.upstream_saw() == row.upstream
    for client in [visit.client, *visit.others]:
        client.close()
    visit.watch.settled_metrics(0)


def test_page_is_what_the_run_writes():
    written = fault_page.page(CLIENT_ROWS)
    if os.environ.get("WRITE_FAULTS"):
        PAGE.write_text(written)
    assert PAGE.read_text() == written, f"{PAGE} is not what these tests hold: set WRITE_FAULTS=1"
