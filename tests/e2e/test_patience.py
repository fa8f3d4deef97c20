"""Routes with `patience`: every row of support.patience_rows, and the bounds of hedging."""

import threading
import time

import pytest

from support.client import request_bytes
from support.configs import config, provider
from support.dialects import CHAT, Way
from support.fault_bed import EVERYTHING_SAID, FAILOVER, Watch, client_saw
from support.faults import AFTER, Answer, status, whole
from support.gateway import Gateway, sanitizer
from support.patience_rows import NOTHING, PATIENCE_ROWS, PINGS
from support.prometheus import Metrics
from support.replies import JSON, hang
from support.sdk_calls import PythonSdks
from support.upstream import Upstream
from support.waiting import until

PATH = "/v1/chat/completions"
PING = b": ping\n\n"
SOON = 0.5 if sanitizer() else 0.05  # Seconds until the loser must have been left,
TRIES = 10  # in the best of so many, since the machine may be busy.
ENOUGH = 20  # Answers until it is known how long one takes.
SOUND = Answer(CHAT, stream=True)
ROUTES = {
    "none": {},
    "keep_alive: 300ms": {"keep_alive": "300ms"},
    "stall_timeout: 600ms": {"stall_timeout": "600ms"},
    "hold_time: 200ms": {"hold_time": "200ms"},
    "hedge": {"hedge": {"enabled": True, "max_extra": 100, "min_delay": "50ms"}},
    "rarely": {"hedge": {"enabled": True, "max_extra": 5, "min_delay": "50ms"}},
}


class PatienceBed:
    """A gateway with a route for each setting, and the two providers behind all of them."""

    def __init__(self, folder):
        self.first, self.second = Upstream(), Upstream()
        self._ids = 0
        settings = config(
            {"first": provider(self.first, type="openai", max_idle_connections=0),
             "second": provider(self.second, type="openai", max_idle_connections=0)},
            models={name: {"providers": ["first", "second"], "patience": patience}
                    for name, patience in ROUTES.items()},
            failover={**FAILOVER, "max_retries": 0}, **EVERYTHING_SAID)
        settings["server"]["workers"] = 1
        self.gateway = Gateway(settings, folder=folder).wait_ready()
        for route in ("hedge", "rarely"):
            self.script(whole(SOUND), whole(SOUND))
            for _ in range(ENOUGH):
                assert self.ask(route).status == 200

    def stop(self):
        assert self.gateway.stop() == 0, self.gateway.stderr
        assert "Sanitizer" not in self.gateway.stderr, self.gateway.stderr
        for upstream in (self.first, self.second):
            upstream.stop()
            assert not upstream.errors, upstream.errors

    def script(self, first, second):
        for upstream, handler in ((self.first, first), (self.second, second)):
            upstream.on("*", handler)
            upstream.clear()

    def metrics(self):
        return Metrics(self.gateway.get("/metrics").text)

    def extra(self):
        return self.metrics().value("butter_attempts_total", reason="hedge")

    def watch(self):
        self._ids += 1
        return Watch(self, f"patience-{self._ids}")

    def ask(self, route, headers=()):
        return self.gateway.post(PATH, CHAT.body(route, stream=True), dict(headers))

    def begin(self, route, headers=()):
        client = self.gateway.client()
        client.send(request_bytes("POST", PATH, {**JSON, **dict(headers)},
                                  CHAT.body(route, stream=True)))
        return client


@pytest.fixture(scope="module")
def bed(tmp_path_factory):
    made = PatienceBed(tmp_path_factory.mktemp("patience"))
    yield made
    made.stop()


def later(then, seconds=0.8):
    """Nothing for longer than a comment takes to come, then this."""
    def handler(exchange):
        threading.Event().wait(seconds)
        then(exchange)
    return handler


def sends(*pieces, pause=0.0, ending=lambda exchange: exchange.close()):
    """Pieces with a pause between them, and the connection's end."""
    def handler(exchange):
        for piece in pieces[:-1]:
            exchange.send(piece)
            threading.Event().wait(pause)
        exchange.send(pieces[-1])
        ending(exchange)
    return handler


def close(exchange):
    exchange.close()


class Beaten:
    """A slow answer that another one overtakes: sends when it is told to, and is left meanwhile."""

    def __init__(self):
        self.go_on = threading.Event()

    def __call__(self, exchange):
        exchange.pause(self.go_on)
        whole(SOUND)(exchange)


FAILED = status(503, body=b'{"error":{"message":"told so"}}')(SOUND)
OPENED = SOUND.head + SOUND.pieces[1]
BEGUN = Answer(CHAT, stream=True, commit=AFTER).begun_raw
SCRIPTS = {
    "no answer for a while": lambda: (later(whole(SOUND)), whole(SOUND)),
    "a pause between events": lambda: (
        sends(BEGUN, SOUND.raw[len(BEGUN):], pause=0.8), whole(SOUND)),
    "closed after a while": lambda: (later(close), whole(SOUND)),
    "503 after a while, by both": lambda: (later(FAILED), FAILED),
    "stall before content": lambda: (sends(OPENED, ending=hang), whole(SOUND)),
    "stall after content": lambda: (sends(BEGUN, ending=hang), whole(SOUND)),
    "events without content, then closed": lambda: (sends(OPENED, b"", pause=0.8), whole(SOUND)),
    "no answer": lambda: (hang, whole(SOUND)),
}


def left(upstream, seconds=None):
    """What reached a provider; `seconds` = how long it took to be left, where that is measured."""
    calls = upstream.calls()
    if not calls:
        return NOTHING
    assert len(calls) == 1
    if seconds is not None:
        return "1 request, left within 50 ms" if seconds <= SOON else f"left after {seconds} s"
    return "1 request, left" if calls[0].gone.is_set() else "1 request"


def seconds_until_left(upstream, since):
    until(lambda: upstream.last.gone.is_set(), "the loser's end")
    return time.monotonic() - since


def said(response, why):
    """As client_saw, with the comments."""
    body = response.body
    ahead = body.startswith(PING)
    between = PING in body.lstrip(PING[:1]).replace(PING, b"", 1) if ahead else PING in body
    response.body = body.replace(PING, b"")
    words = client_saw(Way(CHAT, CHAT), SOUND.body, response, why).replace("nothing, ", "")
    return PINGS + words if ahead else words + (" with comments" if between else "")


def run(bed, row):
    """What was seen: by the client, the first provider, the second one; and the watch."""
    if row.name == "no answer" and row.setting == "hedge":
        return first_loses(bed)
    if row.name.startswith("closed beside"):
        bed.script(lambda exchange: (bed.second.wait_calls(1), close(exchange)),
                   later(whole(SOUND), 0.2))
        watch = bed.watch()
        response = bed.ask("hedge", watch.headers)
        return said(response, watch.why()), left(bed.first), left(bed.second), watch
    if row.name.startswith("an answer later than usual"):
        return second_loses(bed)
    if row.name.endswith("the client leaves"):
        return client_leaves(bed)
    bed.script(*SCRIPTS[row.name]())
    watch = bed.watch()
    response = bed.ask(row.setting, watch.headers)
    until(lambda: "left" not in row.first or bed.first.last.gone.is_set(), "the first's end")
    return said(response, watch.why()), left(bed.first), left(bed.second), watch


def best(attempt):
    """The first try in which whoever had to be left was left soon."""
    for _ in range(TRIES):
        seen, seconds = attempt()
        if max(seconds) <= SOON:
            break
    return seen


def first_loses(bed):
    def attempt():
        bed.script(*SCRIPTS["no answer"]())
        watch = bed.watch()
        client = bed.begin("hedge", watch.headers)
        client.read_until(b"llo")
        seconds = seconds_until_left(bed.first, time.monotonic())
        client.read_until(b"0\r\n\r\n")
        client.close()
        return ("the whole answer", left(bed.first, seconds), left(bed.second), watch), [seconds]
    return best(attempt)


def second_loses(bed):
    def attempt():
        first = Beaten()
        bed.script(first, hang)
        watch = bed.watch()
        client = bed.begin("hedge", watch.headers)
        bed.second.wait_calls(1)
        first.go_on.set()
        client.read_until(b"llo")
        seconds = seconds_until_left(bed.second, time.monotonic())
        client.read_until(b"0\r\n\r\n")
        client.close()
        return ("the whole answer", left(bed.first), left(bed.second, seconds), watch), [seconds]
    return best(attempt)


def client_leaves(bed):
    def attempt():
        bed.script(hang, hang)
        watch = bed.watch()
        client = bed.begin("hedge", watch.headers)
        bed.second.wait_calls(1)
        since = time.monotonic()
        client.close()
        seconds = [seconds_until_left(upstream, since) for upstream in (bed.first, bed.second)]
        return (NOTHING, left(bed.first, seconds[0]), left(bed.second, seconds[1]), watch), seconds
    return best(attempt)


@pytest.mark.parametrize(
    "row", PATIENCE_ROWS,
    ids=lambda row: f"{row.name}-{row.setting.partition(':')[0]}".replace(" ", "_"))
def test_patience(bed, row):
    client, first, second, watch = run(bed, row)
    assert client == row.client
    assert (first, second) == (row.first, row.second)
    assert watch.trace()["attempts"] == row.attempts
    assert watch.failed_attempts() == row.failures
    assert watch.why() == row.why
    assert watch.counted() == row.counted


@pytest.mark.parametrize("row", [row for row in PATIENCE_ROWS if row.name in SCRIPTS],
                         ids=lambda row: f"{row.name}-{row.setting.partition(':')[0]}")
def test_what_the_sdk_raises(bed, row):
    bed.script(*SCRIPTS[row.name]())
    sdk = PythonSdks(bed.gateway.url, "key")
    assert sdk.raised(CHAT, row.setting, stream=True)[0] == row.openai
    sdk.close()


def test_hedging_is_off_by_default(bed):
    before = bed.extra()
    bed.script(later(whole(SOUND), 0.4), whole(SOUND))
    assert bed.ask("none").headers["x-butter-provider"] == "first"
    assert bed.second.calls() == []
    assert bed.extra() == before


def test_no_more_extra_requests_than_configured(bed):
    """Of 20 quick requests and then 20 slow ones, 5 % may have been hedged."""
    before = bed.extra()
    slow = Beaten()
    bed.script(slow, whole(SOUND))
    clients = [bed.begin("rarely") for _ in range(ENOUGH)]
    until(lambda: bed.extra() - before == 2, "two extra requests")
    threading.Event().wait(0.3)  # for more of them, which must not come
    slow.go_on.set()
    for client in clients:
        client.read_until(b"0\r\n\r\n")
        client.close()
    assert bed.extra() - before == len(bed.second.calls()) == 2


def test_what_does_not_stream_hears_no_comments(bed):
    bed.script(later(whole(Answer(CHAT, stream=False))), whole(SOUND))
    response = bed.gateway.post(PATH, CHAT.body("keep_alive: 300ms", stream=False))
    assert (response.status, response.body) == (200, CHAT.whole)
