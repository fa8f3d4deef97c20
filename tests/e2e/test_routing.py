"""Which provider, which model name and which key a request goes out with, and what comes next."""

import json
import threading
import time
from collections import Counter

import pytest

from support.checks import check_error, check_served_by
from support.client import request_bytes
from support.configs import FAILOVER, config, openai_config, provider
from support.replies import (BANG, DONE, HELLO, HI, HI_STREAM, JSON, ROLE, by_stream, chat_reply, cut,
                             hang, mock_error, reset, stream_reply, stream_then)
from support.waiting import wait

TWO = ("openai", "openrouter")


def chat_body(model, **more):
    return json.dumps({"model": model, "messages": [], **more})


def served(gateway, count, body=HI):
    """The providers of `count` requests, in order."""
    with gateway.client() as client:
        answers = [client.request("POST", "/v1/chat/completions", JSON, body)
                   for _ in range(count)]
    assert {answer.status for answer in answers} == {200}
    return [answer.headers["x-butter-provider"] for answer in answers]


def test_priority_takes_the_first(serve_many):
    gateway, _ = serve_many({name: [chat_reply()] for name in TWO})
    assert served(gateway, 5) == ["openai"] * 5


def test_round_robin_alternates_exactly(serve_many):
    gateway, _ = serve_many({name: [chat_reply()] for name in TWO},
                            route={"strategy": "round_robin"})
    order = served(gateway, 10)
    assert order in (list(TWO) * 5, list(reversed(TWO)) * 5)


def test_round_robin_is_one_turn_for_all_connections(serve_many):
    gateway, upstreams = serve_many({name: [chat_reply()] for name in TWO},
                                    route={"strategy": "round_robin"})
    for _ in range(10):
        assert gateway.chat().status == 200
    assert [len(upstreams[name].calls()) for name in TWO] == [5, 5]


def test_weighted_follows_the_weights(start, make_upstream):
    upstreams = {name: make_upstream() for name in TWO}
    targets = [{"provider": "openai", "weight": 3}, {"provider": "openrouter", "weight": 1}]
    route = {"providers": targets, "strategy": "weighted"}
    gateway = start(config(upstreams, models={"gpt-4o": route}))
    share = Counter(served(gateway, 800))["openai"] / 800
    assert abs(share - 0.75) < 0.08  # Five standard deviations.


def test_weight_zero_is_never_drawn(start, make_upstream):
    upstreams = {name: make_upstream() for name in TWO}
    targets = [{"provider": "openai", "weight": 0}, {"provider": "openrouter", "weight": 1}]
    route = {"providers": targets, "strategy": "weighted"}
    gateway = start(config(upstreams, models={"gpt-4o": route}))
    assert served(gateway, 40) == ["openrouter"] * 40


def test_least_latency_prefers_the_fast_one(serve_many):
    def slow(exchange):
        time.sleep(0.06)  # The latency itself.
        chat_reply()(exchange)
    gateway, _ = serve_many({"openai": [slow], "openrouter": [chat_reply()]},
                            route={"strategy": "least_latency"})
    assert Counter(served(gateway, 20))["openrouter"] >= 15


def test_provider_prefix_is_cut_and_the_rest_is_the_model(start, make_upstream):
    upstreams = {name: make_upstream() for name in TWO}
    gateway = start(config(upstreams, default="openai"))
    response = gateway.chat(chat_body("openrouter/meta/llama-3"))
    check_served_by(response, "openrouter")
    assert json.loads(upstreams["openrouter"].last.body)["model"] == "meta/llama-3"
    assert response.headers["x-butter-model"] == "meta/llama-3"


def test_prefix_that_is_no_provider_stays(start, upstream):
    gateway = start(config({"openrouter": upstream}, default="openrouter"))
    check_served_by(gateway.chat(chat_body("anthropic/claude")), "openrouter")
    assert json.loads(upstream.last.body)["model"] == "anthropic/claude"


def test_whole_name_in_the_routes_wins_over_the_prefix(start, make_upstream):
    upstreams = {name: make_upstream() for name in TWO}
    gateway = start(config(upstreams, models={"openai/gpt-4o": ["openrouter"]}))
    check_served_by(gateway.chat(chat_body("openai/gpt-4o")), "openrouter")
    assert json.loads(upstreams["openrouter"].last.body)["model"] == "openai/gpt-4o"


def test_alias_of_one_provider_routes_and_renames(start, make_upstream):
    aliased = provider(make_upstream(), models={"fast": "gpt-4o-mini"})
    other = make_upstream()
    gateway = start(config({"openai": aliased, "groq": other}, default="groq"))
    response = gateway.chat(chat_body("fast"))
    check_served_by(response, "openai")
    assert response.headers["x-butter-model"] == "gpt-4o-mini"


def test_each_provider_of_a_route_gets_its_own_model_name(start, make_upstream):
    first, second = make_upstream(mock_error(503)), make_upstream()
    targets = [{"provider": "openai", "model": "gpt-4o-2024"},
               {"provider": "openrouter", "model": "openai/gpt-4o"}]
    gateway = start(config({"openai": first, "openrouter": second}, failover=FAILOVER,
                           models={"gpt-4o": {"providers": targets}}))
    check_served_by(gateway.chat(), "openrouter")
    assert first.last.body == HI.replace(b"gpt-4o", b"gpt-4o-2024")
    assert second.last.body == HI.replace(b"gpt-4o", b"openai/gpt-4o")


@pytest.mark.parametrize("bad", [cut, reset], ids=["close", "reset"])
@pytest.mark.parametrize("stream", [False, True])
def test_connection_that_breaks_before_the_answer_fails_over(serve_many, bad, stream):
    gateway, upstreams = serve_many({"openai": [bad], "openrouter": [by_stream]}, FAILOVER)
    check_served_by(gateway.chat(chat_body("gpt-4o", stream=stream)), "openrouter")
    assert len(upstreams["openrouter"].calls()) == 1


@pytest.mark.parametrize("stream", [False, True])
def test_time_out_fails_over(start, make_upstream, stream):
    slow = provider(make_upstream(hang), timeouts={"first_byte": "100ms"})
    gateway = start(config({"openai": slow, "openrouter": make_upstream()}, failover=FAILOVER,
                           models={"gpt-4o": list(TWO)}))
    check_served_by(gateway.chat(chat_body("gpt-4o", stream=stream)), "openrouter")


def test_answer_that_is_no_http_fails_over(serve_many):
    def nonsense(exchange):
        exchange.send(b"SMTP ready\r\n\r\n")
        exchange.close()
    gateway, _ = serve_many({"openai": [nonsense], "openrouter": [chat_reply()]}, FAILOVER)
    check_served_by(gateway.chat(), "openrouter")


def test_stale_kept_connection_is_not_an_error(serve):
    gateway, upstream = serve(chat_reply())
    for _ in range(3):
        with gateway.client() as client:
            assert client.request("POST", "/v1/chat/completions", JSON, HI).status == 200
        upstream.drop_connections()
    assert len(upstream.calls()) == 3


def test_upstream_connections_are_reused(start, upstream):
    settings = openai_config(upstream)
    settings["server"]["workers"] = 1
    gateway = start(settings)
    for _ in range(5):
        assert gateway.chat().status == 200
    assert upstream.connections == 1


# Keys.


def keys(upstream, *names, **more):
    settings = provider(upstream, key=None, **more)
    settings["keys"] = [{"key": name} for name in names]
    return settings


def by_key(answers):
    """Answers by the key that came."""
    def handler(exchange):
        answers[exchange.request.headers["authorization"].split()[-1]](exchange)
    return handler


def used(upstream):
    return Counter(r.headers["authorization"].split()[-1] for r in upstream.calls())


@pytest.mark.parametrize("status", [401, 403, 429])
def test_other_key_takes_over_and_the_failed_one_cools_down(start, make_upstream, status):
    upstream = make_upstream(by_key({"bad": mock_error(status), "good": chat_reply()}))
    gateway = start(openai_config(keys(upstream, "bad", "good")))
    assert served(gateway, 20) == ["openai"] * 20
    assert used(upstream)["good"] == 20
    assert used(upstream)["bad"] <= 1


def test_all_keys_refused_is_the_last_refusal(start, make_upstream):
    upstream = make_upstream(mock_error(401))
    gateway = start(openai_config(keys(upstream, "a", "b")))
    assert gateway.chat().status == 401
    assert used(upstream) == {"a": 1, "b": 1}


def test_key_of_weight_zero_is_drained(start, upstream):
    settings = keys(upstream, "drained", "live")
    settings["keys"][0]["weight"] = 0
    gateway = start(openai_config(settings))
    served(gateway, 30)
    assert used(upstream) == {"live": 30}


def test_short_retry_after_ends_the_cool_down(start, make_upstream):
    upstream = make_upstream(mock_error(429, {"retry-after-ms": "50"}), chat_reply())
    gateway = start(openai_config(upstream))
    assert gateway.chat().status == 429
    assert gateway.chat().status == 200, "the only key is tried all the same"


# Breaker.


def test_breaker_skips_a_failing_provider_and_says_so(start, make_upstream):
    bad, good = make_upstream(mock_error(503)), make_upstream()
    settings = config({"openai": bad, "openrouter": good}, models={"gpt-4o": list(TWO)},
                      failover={**FAILOVER, "max_retries": 0})
    settings["routing"]["breaker"] = {"enabled": True, "failures": 3, "open_for": "1h"}
    gateway = start(settings)
    assert served(gateway, 10) == ["openrouter"] * 10
    assert len(bad.calls()) == 3
    gateway.wait_log("provider breaker opened", provider="openai")


@pytest.mark.parametrize("answer", [
    stream_then([ROLE, HELLO], cut),
    stream_reply([ROLE, b'data: {"error":{"message":"overloaded"}}\n\n']),
], ids=["broken off", "error event first"])
def test_breaker_counts_streams_that_begin_well_and_fail(start, make_upstream, answer):
    bad, good = make_upstream(answer), make_upstream()
    settings = config({"openai": bad, "openrouter": good}, models={"gpt-4o": list(TWO)},
                      failover=FAILOVER)
    settings["routing"]["breaker"] = {"enabled": True, "failures": 3, "open_for": "1h"}
    gateway = start(settings)
    for _ in range(3):
        gateway.stream()
    gateway.wait_log("provider breaker opened", provider="openai")
    assert gateway.stream().headers["x-butter-provider"] == "openrouter"
    assert len(bad.calls()) == 3


def test_breaker_closes_when_the_probes_answer_is_whole(start, make_upstream):
    go_on = threading.Event()

    def slowly(exchange):
        exchange.start_stream()
        exchange.chunk(ROLE)
        exchange.chunk(HELLO)
        exchange.pause(go_on)
        exchange.chunk(BANG)
        exchange.chunk(DONE)
        exchange.end()

    settings = openai_config(make_upstream(mock_error(503), slowly))
    settings["routing"]["breaker"] = {"enabled": True, "failures": 1, "open_for": "1ms"}
    gateway = start(settings)
    assert gateway.chat().status == 503
    client = gateway.client()
    client.send(request_bytes("POST", "/v1/chat/completions", JSON, HI_STREAM))
    client.read_until(b"Hello")
    assert not gateway.log_lines("provider breaker closed")
    go_on.set()
    client.read_until(DONE)
    gateway.wait_log("provider breaker closed", provider="openai")


def test_breaker_of_the_only_provider_still_lets_requests_through(start, make_upstream):
    upstream = make_upstream(*[mock_error(503)] * 4, chat_reply())
    settings = openai_config(upstream)
    settings["routing"]["breaker"] = {"enabled": True, "failures": 2, "open_for": "1h"}
    gateway = start(settings)
    assert [gateway.chat().status for _ in range(5)] == [503] * 4 + [200]


# The client leaves.


def test_client_that_leaves_ends_the_backoff(serve):
    backoff = {"initial": "300ms", "multiplier": 1, "max": "300ms", "jitter": 0}
    gateway, upstream = serve(mock_error(503), mock_error(503), chat_reply(),
                              failover={**FAILOVER, "backoff": backoff})
    leaver = gateway.client()
    leaver.send(request_bytes("POST", "/v1/chat/completions", JSON, HI))
    upstream.wait_calls(1)
    leaver.close()
    # Its back-off began later than the leaver's: a retry of the leaver would have come before.
    assert gateway.chat().status == 200
    assert len(upstream.calls()) == 3


def test_client_that_leaves_closes_the_upstream(serve):
    gateway, upstream = serve(hang)
    client = gateway.client()
    client.send(request_bytes("POST", "/v1/chat/completions", JSON, HI))
    request = upstream.wait_calls(1)[0]
    client.close()
    wait(request.gone, "the upstream's end")


def test_many_requests_at_once_do_not_mix(start, make_upstream):
    def echo(exchange):
        exchange.reply(200, JSON, exchange.request.body)
    gateway = start(openai_config(make_upstream(echo)))
    failures = []

    def work(number):
        with gateway.client() as client:
            for turn in range(20):
                body = chat_body("m", n=f"{number}.{turn}").encode()
                if client.request("POST", "/v1/chat/completions", JSON, body).body != body:
                    failures.append((number, turn))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_unknown_model_suggests_a_near_one(start, upstream):
    gateway = start(config({"openai": upstream}, models={"gpt-4o-mini": ["openai"]}))
    check_error(gateway.chat(chat_body("gpt-4o-mimi")), 404, code="model_not_found",
                contains="gpt-4o-mini")
