"""Plugins that loop, crash, eat memory and lie, under load: all others are served, what they took is
given back, and each call is counted."""

import json
import time

import pytest

from support import load
from support.client import request_bytes
from support.configs import openai_config
from support.gateway import memory_kib
from support.plugins import needs_wasm, plugin, with_plugins
from support.prometheus import Metrics
from support.replies import CHAT, JSON, by_stream
from support.waiting import until

pytestmark = needs_wasm

HOSTILE = 40  # requests of the kind that makes the plugin misbehave
MODES = {
    "loop": {"timeout", "out_of_fuel"},
    "recurse": {"trap", "timeout"},  # on a slow machine
    "trap": {"trap"},
    "wild_read": {"trap"},
    "exit": {"trap"},
    "eat": {"trap", "out_of_memory"},
    "eat_host": {"trap", "out_of_memory"},
    "fill_vars": {"trap", "out_of_memory"},
    "sleep": {"ok"},
    "flood": {"ok"},
    "bad_handles": {"ok", "refused"},
    "bad_json": {"bad_output"},
    "wrong_types": {"bad_output"},
    "long_output": {"bad_output", "ok", "trap"},
    "wild_output": {"bad_output", "ok", "trap"},
    "not_utf8": {"bad_output", "changed"},
}


def hostile(mode):
    return json.dumps({"model": "hostile", "mode": mode, "messages": []}).encode()


@pytest.fixture
def bed(start, make_upstream):
    """A gateway with a plugin that behaves, and one that does what the body of a request for the
    model `hostile` says."""
    def begin(**settings):
        settings = {"timeout": "30ms", "memory_limit": "8MiB", "models": ["hostile"], **settings}
        plugins = with_plugins(plugin("count", "good", models=["gpt-4o"]),
                               plugin("empty", "bad", **settings))
        return start(openai_config(make_upstream(by_stream), **plugins))

    return begin


def calls(gateway, **labels):
    """The counted calls by their result."""
    metrics = Metrics(gateway.get("/metrics").text)
    name = "butter_plugin_calls_total"
    return {result: metrics.value(name, plugin="bad", result=result, **labels)
            for result in metrics.label_values(name, "result") if result is not None
            and metrics.value(name, plugin="bad", result=result, **labels) > 0}


def ask(client, mode):
    client.send(request_bytes("POST", load.CHAT, JSON, hostile(mode)))
    return client.response()


@pytest.mark.parametrize("threads", [0, None], ids=["workers", "measured"])
@pytest.mark.parametrize("mode", MODES)
def test_everybody_else_is_served(bed, mode, threads):
    gateway = bed(**({} if threads is None else {"threads": threads}))
    with gateway.client() as client:
        ask(client, mode)  # what is made once is made
        before = gateway.resident_kib()
        with load.Load(gateway.address, [load.chat, load.chat, load.stream]) as steady:
            for _ in range(HOSTILE):
                answer = ask(client, mode)
                assert (answer.status, answer.body) == (200, CHAT)
            until(lambda: steady.done > HOSTILE, "steady requests")
        assert steady.failures == []
    until(lambda: gateway.resident_kib() < before + memory_kib(24 * 1024), "memory is given back")
    counted = calls(gateway, hook="pre_http")
    assert sum(counted.values()) == HOSTILE + 1
    assert set(counted) <= MODES[mode] | {"not_called"}
    assert set(counted) & MODES[mode]


@pytest.mark.parametrize("mode", ["loop", "trap", "eat", "bad_json"])
def test_where_it_must_not_fail_its_requests_do_and_no_others(bed, mode):
    gateway = bed(on_failure="closed")
    with load.Load(gateway.address, [load.chat, load.stream]) as steady, gateway.client() as client:
        for _ in range(HOSTILE):
            answer = ask(client, mode)
            assert answer.status == 500
            assert "bad" in answer.json()["error"]["message"]
        until(lambda: steady.done > HOSTILE, "steady requests")
    assert steady.failures == []


def test_a_loop_delays_nobody_for_long(bed):
    """After five time-outs in a row the plugin rests for a second."""
    gateway = bed(timeout="30ms")
    slowest = 0.0
    with load.Load(gateway.address, [lambda client: ask(client, "loop")] * 2), \
            gateway.client() as client:
        end = time.monotonic() + 3
        while time.monotonic() < end:
            began = time.monotonic()
            load.chat(client)
            slowest = max(slowest, time.monotonic() - began)
    assert slowest < 1
    counted = calls(gateway, hook="pre_http")
    assert counted["not_called"] > counted["timeout"]
    assert gateway.log_lines("plugin rests", plugin="bad")


def test_calls_of_clients_that_left_never_begin(bed):
    """The one that has begun ends at its time limit; those that waited for the thread do not run."""
    waiting = 10
    gateway = bed(timeout="2s", threads=1)
    clients = [gateway.client() for _ in range(waiting)]
    for client in clients:
        client.send(request_bytes("POST", load.CHAT, JSON, hostile("loop")))
    in_flight = "butter_inflight"
    until(lambda: Metrics(gateway.get("/metrics").text).value(in_flight) == waiting, "all requests")
    for client in clients:
        client.close()
    until(lambda: len(gateway.log_lines("request trace", status=499)) == waiting, "all leave")
    began = time.monotonic()
    with gateway.client() as client:
        assert ask(client, "trap").status == 200
    assert time.monotonic() - began < waiting  # one after the other takes twice as long


def test_it_stops_while_a_plugin_loops(bed):
    gateway = bed(timeout="60s", threads=1)
    client = gateway.client()
    client.send(request_bytes("POST", load.CHAT, JSON, hostile("loop")))
    gateway.chat()
    assert gateway.stop(deadline=20) == 0
