"""More requests than a provider may have under way: they wait in order, but not for ever."""

import threading
import time

import pytest

from support.checks import check_error, check_served_by
from support.client import request_bytes
from support.configs import FAILOVER, config, openai_config, provider
from support.prometheus import Metrics
from support.replies import CHAT, HI, JSON, chat_reply
from support.waiting import until

CHAT_PATH = "/v1/chat/completions"


class Held:
    """An upstream's handler that answers when it is told to, and counts what it holds."""

    def __init__(self):
        self.go_on = threading.Event()
        self.now = 0
        self.most = 0
        self._lock = threading.Lock()

    def __call__(self, exchange):
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)
        exchange.pause(self.go_on)
        with self._lock:
            self.now -= 1
        exchange.reply(200, JSON, CHAT)


@pytest.fixture
def held():
    return Held()


def ask(gateway, body=HI, path=CHAT_PATH):
    client = gateway.client()
    client.send(request_bytes("POST", path, JSON, body))
    return client


def waiting(gateway, body=HI):
    """A request that waits for its turn: the only worker has read it."""
    client = ask(gateway, body)
    assert gateway.get("/healthz").status == 200
    return client


def capped(upstream, workers=1, **caps):
    settings = openai_config(provider(upstream, **caps))
    settings["server"]["workers"] = workers
    return settings


def test_the_cap_holds_for_all_workers_together(start, make_upstream, held):
    gateway = start(capped(make_upstream(held), workers=4, max_in_flight=3))
    clients = [ask(gateway) for _ in range(12)]
    until(lambda: held.now == 3, "as many requests as may be")
    assert gateway.get("/healthz").status == 200
    held.go_on.set()
    assert [client.response().status for client in clients] == [200] * 12
    assert held.most == 3


@pytest.mark.parametrize("cap", ["max_in_flight", "max_connections"])
def test_a_late_turn_is_503_with_retry_after(start, make_upstream, held, cap):
    gateway = start(capped(make_upstream(held), **{cap: 1}, queue_timeout="300ms"))
    busy = ask(gateway)
    until(lambda: held.now == 1, "the first request")
    began = time.monotonic()
    answer = ask(gateway).response()
    assert 0.25 < time.monotonic() - began < 5
    check_error(answer, 503, starts="openai request failed: ", contains="no turn within",
                code="overloaded")
    assert answer.headers["retry-after"] == "1"
    assert answer.headers["x-should-retry"] == "true"
    held.go_on.set()
    assert busy.response().status == 200
    assert gateway.chat().status == 200


@pytest.mark.parametrize("cap", ["max_in_flight", "max_connections"])
def test_a_full_queue_is_503_at_once(start, make_upstream, held, cap):
    upstream = make_upstream(held)
    gateway = start(capped(upstream, **{cap: 1}, max_queued=2, queue_timeout="1m"))
    clients = [ask(gateway)]
    until(lambda: held.now == 1, "the first request")
    clients += [waiting(gateway) for _ in range(2)]
    answer = gateway.chat()
    check_error(answer, 503, contains="wait", code="overloaded")
    assert answer.headers["retry-after"] == "1"
    assert answer.headers["x-should-retry"] == "true"
    held.go_on.set()
    assert [client.response().status for client in clients] == [200] * 3


def test_retry_after_tells_how_long_others_have_waited(start, make_upstream, held):
    gateway = start(capped(make_upstream(held), max_in_flight=1, max_queued=1))
    clients = [ask(gateway)]
    until(lambda: held.now == 1, "the first request")
    clients.append(waiting(gateway))
    until(lambda: gateway.chat().headers["retry-after"] == "2", "a wait of more than a second")
    held.go_on.set()
    assert [client.response().status for client in clients] == [200] * 2


def test_who_is_inside_and_who_waits_is_told(start, make_upstream, held):
    settings = config({"openai": provider(make_upstream(held), max_in_flight=2),
                       "groq": make_upstream()}, default="openai", plugins={"metrics": {}})
    gateway = start(settings)
    clients = [ask(gateway) for _ in range(5)]

    def told():
        metrics = Metrics(gateway.get("/metrics").text)
        return [metrics.value(f"butter_upstream_{what}", provider="openai")
                for what in ("in_flight", "queued")]
    until(lambda: told() == [2, 3], "two inside, three in the queue")
    assert 'butter_upstream_queued{provider="groq"}' not in gateway.get("/metrics").text
    held.go_on.set()
    assert [client.response().status for client in clients] == [200] * 5
    until(lambda: told() == [0, 0], "nobody")


def test_turns_come_in_order(start, make_upstream):
    upstream = make_upstream(chat_reply())
    first = Held()
    upstream.on("/chat/completions", first, chat_reply())
    gateway = start(capped(upstream, max_in_flight=1))
    clients = [ask(gateway)]
    until(lambda: first.now == 1, "the first request")
    bodies = [HI.replace(b"hello", b"%d" % number) for number in range(5)]
    clients += [waiting(gateway, body) for body in bodies]
    first.go_on.set()
    assert [client.response().status for client in clients] == [200] * 6
    assert [call.body for call in upstream.calls()[1:]] == bodies


def test_anthropics_dialect(start, make_upstream, held):
    settings = config({"anthropic": provider(make_upstream(held, path="/messages"),
                                             max_in_flight=1, max_queued=0)}, default="anthropic")
    gateway = start(settings)
    busy = ask(gateway, path="/v1/messages")
    until(lambda: held.now == 1, "the first request")
    answer = gateway.post("/v1/messages", HI)
    assert answer.status == 503
    assert answer.json()["type"] == "error"
    assert answer.error["type"] == "overloaded_error"
    assert int(answer.headers["retry-after"]) >= 1
    held.go_on.set()
    assert busy.response().status == 200


def test_failover_asks_another_provider_instead(start, make_upstream, held):
    first, second = make_upstream(held), make_upstream(chat_reply())
    settings = config({"openai": provider(first, max_in_flight=1, max_queued=0), "groq": second},
                      models={"gpt-4o": ["openai", "groq"]}, failover=FAILOVER)
    gateway = start(settings)
    busy = ask(gateway)
    until(lambda: held.now == 1, "the first request")
    answer = gateway.chat()
    check_served_by(answer, "groq")
    assert answer.headers["x-butter-attempts"] == "2"
    held.go_on.set()
    check_served_by(busy.response(), "openai")
    check_served_by(gateway.chat(), "openai")


def test_overload_is_no_failure_for_the_breaker(start, make_upstream, held):
    settings = capped(make_upstream(held), max_in_flight=1, max_queued=0)
    settings["routing"]["breaker"] = {"enabled": True, "failures": 1, "open_for": "1h"}
    gateway = start(settings)
    busy = ask(gateway)
    until(lambda: held.now == 1, "the first request")
    assert [gateway.chat().status for _ in range(3)] == [503] * 3
    assert not gateway.log_lines("provider breaker opened")
    held.go_on.set()
    assert busy.response().status == 200


def test_who_leaves_the_queue_makes_room_in_it(start, make_upstream, held):
    upstream = make_upstream(held)
    settings = capped(upstream, max_in_flight=1, max_queued=1, queue_timeout="1m")
    gateway = start({**settings, "plugins": {"requestlog": {}}})
    busy = ask(gateway)
    until(lambda: held.now == 1, "the first request")
    leaves = waiting(gateway)
    assert gateway.chat().status == 503
    leaves.close()
    gateway.wait_log("request trace", status=499)
    waits = waiting(gateway)
    assert gateway.chat().status == 503
    held.go_on.set()
    assert [busy.response().status, waits.response().status] == [200, 200]
    assert len(upstream.calls()) == 2


def test_a_reload_keeps_count(start, make_upstream, held):
    upstream = make_upstream(held)
    gateway = start(capped(upstream, max_in_flight=2, max_queued=0))
    clients = [ask(gateway) for _ in range(2)]
    until(lambda: held.now == 2, "both requests")
    gateway.reload(capped(upstream, max_in_flight=1, max_queued=0))
    check_error(gateway.chat(), 503, code="overloaded")
    gateway.reload(capped(upstream, max_in_flight=3, max_queued=0))
    clients.append(ask(gateway))
    until(lambda: held.now == 3, "room for one more")
    held.go_on.set()
    assert [client.response().status for client in clients] == [200] * 3
