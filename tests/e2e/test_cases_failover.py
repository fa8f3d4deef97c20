"""Cases 97 to 110: more tries, other providers, back-off, the choice of the key."""

import time
from collections import Counter

import pytest

from support.checks import check_error, check_served_by
from support.configs import FAILOVER, config, openai_config, provider
from support.replies import chat_reply, json_reply, mock_error

CHAT_PATH = "/chat/completions"


def slow_backoff(**more):
    backoff = {"initial": "100ms", "multiplier": 3, "max": "250ms", "jitter": 0}
    return {**FAILOVER, "backoff": backoff, **more}


def timed(handler, moments):
    """Notes when a request comes, then answers."""
    def answer(exchange):
        moments.append(time.monotonic())
        handler(exchange)
    return answer


def gaps(moments):
    return [later - earlier for earlier, later in zip(moments, moments[1:])]


def test_case_097_retries_until_it_works(serve):
    gateway, upstream = serve(mock_error(503), mock_error(503), chat_reply(), failover=FAILOVER)
    response = gateway.chat()
    assert response.status == 200
    assert response.headers["x-butter-attempts"] == "3"
    assert len(upstream.calls()) == 3


def test_case_098_next_provider_after_all_retries(serve_many):
    gateway, upstreams = serve_many(
        {"openai": [mock_error(503)], "openrouter": [chat_reply()]}, FAILOVER)
    response = gateway.chat()
    check_served_by(response, "openrouter")
    assert response.headers["x-butter-attempts"] == "4"
    assert len(upstreams["openai"].calls()) == 3
    assert len(upstreams["openrouter"].calls()) == 1


@pytest.mark.parametrize("status", [400, 413, 415, 422])
def test_case_099_client_error_is_not_replayed(serve_many, status):
    gateway, upstreams = serve_many(
        {"openai": [mock_error(status)], "openrouter": [chat_reply()]}, FAILOVER)
    assert gateway.chat().status == status
    assert len(upstreams["openai"].calls()) == 1
    assert upstreams["openrouter"].calls() == []


def test_case_100_last_error_is_the_answer(serve):
    gateway, upstream = serve(mock_error(502), failover=FAILOVER)
    response = gateway.chat()
    assert response.status == 502
    assert response.error["message"] == "mock error"
    assert len(upstream.calls()) == 3


def test_case_101_status_outside_retry_on_goes_to_the_next_provider(serve_many):
    gateway, upstreams = serve_many(
        {"openai": [mock_error(404)], "openrouter": [chat_reply()]}, FAILOVER)
    check_served_by(gateway.chat(), "openrouter")
    assert len(upstreams["openai"].calls()) == 1


def test_case_102_without_failover_one_call(serve):
    gateway, upstream = serve(mock_error(429))
    assert gateway.chat().status == 429
    assert len(upstream.calls()) == 1


def test_case_102_without_failover_no_other_provider(serve_many):
    gateway, upstreams = serve_many({"openai": [mock_error(503)], "openrouter": [chat_reply()]})
    assert gateway.chat().status == 503
    assert upstreams["openrouter"].calls() == []


def test_case_103_refused_connection_goes_on_without_a_wait(start, upstream, refused):
    failover = {**FAILOVER, "backoff": {"initial": "5s", "multiplier": 2, "max": "5s"}}
    gateway = start(config({"groq": refused, "openrouter": upstream}, failover=failover,
                           models={"gpt-4o": ["groq", "openrouter"]}))
    begun = time.monotonic()
    check_served_by(gateway.chat(), "openrouter")
    assert time.monotonic() - begun < 2


@pytest.mark.parametrize("path", ["/chat/completions", "/embeddings"])
def test_case_104_and_105_backoff_grows_to_its_limit(serve, path):
    moments = []
    gateway, _ = serve(timed(mock_error(503), moments), path=path, failover=slow_backoff())
    assert gateway.post("/v1" + path, b'{"model":"m"}').status == 503
    first, second = gaps(moments)
    assert 0.095 <= first < 0.2
    assert 0.245 <= second < 0.4


def test_case_106_retry_after_is_waited_for(serve):
    moments = []
    gateway, _ = serve(timed(mock_error(429, {"retry-after-ms": "300"}), moments),
                       timed(chat_reply(), moments), failover=FAILOVER)
    assert gateway.chat().status == 200
    assert 0.29 <= gaps(moments)[0] < 1


def test_case_106_long_retry_after_is_not_waited_for(serve):
    gateway, _ = serve(mock_error(429, {"Retry-After": "3600"}), failover=FAILOVER)
    response = gateway.chat()
    assert response.status == 429
    assert response.headers["retry-after"] == "3600"


def keyed(upstream, *keys):
    """A provider with these (key, settings) pairs."""
    settings = provider(upstream, key=None)
    settings["keys"] = [{"key": key, **more} for key, more in keys]
    return settings


def draw(gateway, upstream, count):
    """How often each key was used."""
    with gateway.client() as client:
        for _ in range(count):
            body = b'{"model":"m","messages":[]}'
            assert client.request("POST", "/v1" + CHAT_PATH, (), body).status == 200
    return Counter(r.headers["authorization"].split()[-1] for r in upstream.calls())


def test_case_107_keys_are_drawn_by_weight(start, upstream):
    gateway = start(openai_config(keyed(upstream, ("heavy", {"weight": 8}),
                                        ("light", {"weight": 2}))))
    counts = draw(gateway, upstream, 1500)
    # 0.06 is more than five standard deviations of 1500 draws.
    assert abs(counts["heavy"] / 1500 - 0.8) < 0.06


def test_case_108_key_for_other_models_is_not_used(start, upstream):
    gateway = start(openai_config(keyed(upstream, ("special", {"models": ["other"]}),
                                        ("general", {}))))
    assert draw(gateway, upstream, 30) == {"general": 30}


def test_case_109_no_eligible_key_is_403(start, upstream):
    gateway = start(openai_config(keyed(upstream, ("special", {"models": ["other"]}))))
    response = gateway.chat(b'{"model":"m","messages":[]}')
    check_error(response, 403, contains='"m"')
    assert upstream.calls() == [], "a request went out without a key"


def test_case_109_passed_over_for_a_provider_that_may(start, make_upstream):
    first, second = make_upstream(), make_upstream(json_reply({"ok": True}))
    gateway = start(config({"openai": keyed(first, ("special", {"models": ["other"]})),
                            "groq": second}, models={"m": ["openai", "groq"]}))
    check_served_by(gateway.chat(b'{"model":"m","messages":[]}'), "groq")
    assert first.calls() == []


def test_case_110_negative_weight_is_refused(upstream, load_error):
    settings = openai_config(keyed(upstream, ("a", {"weight": -1}), ("b", {"weight": 1})))
    error = load_error(settings)
    assert "weight" in error
    assert "config.yaml:" in error
