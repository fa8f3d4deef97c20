"""plugins.ratelimit: tokens a minute, headers of answers, limits of providers and models."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from support.checks import check_error
from support.replies import (BANG, CHAT, DONE, HELLO, ROLE, chat_reply, chunk_event, cut,
                             json_reply, mock_error, stream_pausing, stream_reply, stream_then)

UPSTREAMS = {"x-ratelimit-limit-requests": "9", "x-ratelimit-remaining-tokens": "8"}


def chat_body(max_tokens=None, **more):
    body = {"model": "gpt-4o", "messages": [{"role": "user", "content": "hello"}], **more}
    if max_tokens is not None:
        body["max_tokens"] = max_tokens
    return json.dumps(body).encode()


def usage_reply(prompt, completion):
    answer = json.loads(CHAT)
    answer["usage"] = {"prompt_tokens": prompt, "completion_tokens": completion,
                       "total_tokens": prompt + completion}
    return json_reply(answer)


def remaining(response, unit="tokens"):
    return int(response.headers[f"x-ratelimit-remaining-{unit}"])


@pytest.fixture
def limited(serve):
    def begin(*handlers, **settings):
        return serve(*(handlers or [chat_reply()]), plugins={"ratelimit": settings, "metrics": {}})
    return begin


def test_an_answer_says_what_is_left(limited):
    gateway, _ = limited(requests_per_minute=10, tokens_per_minute=1_000_000)
    headers = gateway.chat(chat_body(max_tokens=1000)).headers
    assert headers["x-ratelimit-limit-requests"] == "10"
    assert headers["x-ratelimit-remaining-requests"] == "9"
    assert headers["x-ratelimit-reset-requests"].endswith("ms")
    assert headers["x-ratelimit-limit-tokens"] == "1000000"
    assert 998_900 <= int(headers["x-ratelimit-remaining-tokens"]) <= 999_000
    assert headers["x-ratelimit-reset-tokens"].endswith("ms")


def test_ours_are_told_instead_of_the_upstreams(limited):
    gateway, _ = limited(chat_reply(UPSTREAMS), requests_per_minute=10)
    headers = gateway.chat().headers
    assert headers["x-ratelimit-limit-requests"] == "10"
    assert "x-ratelimit-remaining-tokens" not in headers


@pytest.mark.parametrize("plugins", [
    {}, {"ratelimit": {"providers": {"openai": {"requests_per_minute": 100}}}}])
def test_without_a_limit_for_callers_the_upstreams_are_relayed(serve, plugins):
    gateway, _ = serve(chat_reply(UPSTREAMS), plugins=plugins)
    headers = gateway.chat().headers
    assert headers["x-ratelimit-limit-requests"] == "9"
    assert headers["x-ratelimit-remaining-tokens"] == "8"


def test_a_stream_says_it_too(limited):
    gateway, _ = limited(stream_reply(), tokens_per_minute=1000)
    response = gateway.stream()
    assert response.headers["x-ratelimit-limit-tokens"] == "1000"
    assert "x-ratelimit-limit-requests" not in response.headers


# The estimate, and what becomes of it.

def left_after(gateway, body):
    """Tokens that are left when this request is over."""
    gateway.chat(body)
    small = chat_body()
    return remaining(gateway.chat(small)) + len(small) // 4


def test_the_usage_counts_not_the_estimate(limited):
    gateway, _ = limited(usage_reply(300, 200), tokens_per_minute=10_000)
    # A little comes back by itself.
    assert 9_500 <= left_after(gateway, chat_body(max_tokens=8_000)) <= 9_600


def test_the_usage_of_a_stream_counts(limited):
    usage = {"prompt_tokens": 300, "completion_tokens": 200, "total_tokens": 500}
    told = chunk_event({}, usage=usage)
    gateway, _ = limited(stream_reply([ROLE, HELLO, BANG, told, DONE]), tokens_per_minute=10_000)
    assert 9_500 <= left_after(gateway, chat_body(max_tokens=8_000, stream=True)) <= 9_600


@pytest.mark.parametrize("handler", [mock_error(400), mock_error(500)])
def test_a_request_that_failed_gives_all_back(limited, handler):
    gateway, _ = limited(handler, chat_reply(), tokens_per_minute=10_000)
    assert left_after(gateway, chat_body(max_tokens=8_000)) == 10_000


def test_the_estimate_of_a_broken_stream_stands(limited):
    gateway, _ = limited(stream_then([ROLE, HELLO], cut), chat_reply(), tokens_per_minute=10_000)
    assert left_after(gateway, chat_body(max_tokens=8_000, stream=True)) < 2_500


def test_two_at_once_that_may_cost_more_than_there_is(limited):
    go_on = threading.Event()
    gateway, upstream = limited(stream_pausing(go_on), chat_reply(), tokens_per_minute=10_000)
    body = chat_body(max_tokens=8_000)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(gateway.chat, chat_body(max_tokens=8_000, stream=True))
        upstream.wait_calls(1)
        response = gateway.chat(body)
        assert response.status == 429
        assert remaining(response) < 2_500
        assert len(upstream.calls()) == 1
        go_on.set()
        assert first.result().status == 200


def test_more_than_was_estimated_must_come_back_first(limited):
    gateway, upstream = limited(usage_reply(9_000, 6_000), tokens_per_minute=10_000)
    assert gateway.chat().status == 200
    response = gateway.chat()
    check_error(response, 429, message="rate limit exceeded (10000 tokens/minute)",
                kind="rate_limit_error")
    # 5,000 tokens of debt, and what the request may cost.
    assert 28 <= int(response.headers["retry-after"]) <= 31
    assert int(response.headers["retry-after-ms"]) <= 31_000
    assert remaining(response) == 0
    assert response.headers["x-should-retry"] == "true"
    assert len(upstream.calls()) == 1


def test_messages_callers_are_limited_in_their_shape(limited):
    gateway, _ = limited(usage_reply(9_000, 6_000), tokens_per_minute=10_000)
    gateway.chat()
    response = gateway.post("/v1/messages", b'{"model":"m","max_tokens":5,"messages":[]}')
    assert response.status == 429
    assert json.loads(response.body)["error"]["type"] == "rate_limit_error"


def test_an_app_key_has_tokens_of_its_own(limited):
    gateway, _ = limited(usage_reply(90, 60), tokens_per_minute=10_000, per_app_key=True,
                         app_key_token_limits={"btr_small": 100})
    small, other = ({"X-Butter-App-Key": key} for key in ("btr_small", "btr_other"))
    assert gateway.chat(headers=small).status == 200
    response = gateway.chat(headers=small)
    check_error(response, 429, message="rate limit exceeded for app key (100 tokens/minute)",
                kind="rate_limit_error")
    assert gateway.chat(headers=other).status == 200


# Providers and models.

def limits_of(**providers):
    return {"plugins": {"ratelimit": {"providers": providers}}}


def served_by(gateway, count):
    responses = [gateway.chat() for _ in range(count)]
    return [r.headers["x-butter-provider"] if r.status == 200 else r.status for r in responses]


FAILOVER = {"enabled": True, "max_retries": 0}


def test_a_provider_at_its_limit_is_passed_over(serve_many):
    gateway, upstreams = serve_many(
        {"openai": [chat_reply()], "openrouter": [chat_reply()]}, failover=FAILOVER,
        **limits_of(openai={"requests_per_minute": 2}))
    assert served_by(gateway, 4) == ["openai", "openai", "openrouter", "openrouter"]
    assert len(upstreams["openai"].calls()) == 2
    assert gateway.chat().headers["x-butter-attempts"] == "1"


def test_when_none_is_left_the_client_is_told_the_soonest(serve_many):
    gateway, _ = serve_many(
        {"openai": [chat_reply()], "openrouter": [chat_reply()]}, failover=FAILOVER,
        **limits_of(openai={"requests_per_minute": 4, "models": {"gpt-4o": {"requests_per_minute": 1}}},
                    openrouter={"requests_per_minute": 2}))
    assert served_by(gateway, 3) == ["openai", "openrouter", "openrouter"]
    response = gateway.chat()
    check_error(response, 429, kind="rate_limit_error",
                message='provider "openrouter" is at its rate limit (2 requests/minute)')
    assert 28 <= int(response.headers["retry-after"]) <= 30  # of openrouter; openai needs a minute


def test_a_model_at_its_limit(limited):
    gateway, _ = limited(providers={"openai": {"models": {"gpt-4o": {"requests_per_minute": 1}}}})
    assert gateway.chat().status == 200
    check_error(gateway.chat(), 429, kind="rate_limit_error",
                message='model "gpt-4o" of provider "openai" is at its rate limit '
                        "(1 requests/minute)")
    assert gateway.chat(b'{"model":"gpt-4o-mini","messages":[]}').status == 200


def test_tokens_of_a_provider_are_settled(limited):
    gateway, _ = limited(usage_reply(300, 200),
                         providers={"openai": {"tokens_per_minute": 10_000}})
    for _ in range(15):  # estimates of 30,000, usage of 7,500
        assert gateway.chat(chat_body(max_tokens=2_000)).status == 200


def test_a_failed_attempt_gives_the_providers_tokens_back(serve_many):
    gateway, _ = serve_many(
        {"openai": [mock_error(500)] * 3 + [chat_reply()], "openrouter": [chat_reply()]},
        failover=FAILOVER, **limits_of(openai={"tokens_per_minute": 10_000}))
    body = chat_body(max_tokens=8_000)
    assert [gateway.chat(body).headers["x-butter-provider"] for _ in range(4)] == [
        "openrouter", "openrouter", "openrouter", "openai"]


def test_native_requests_count(limited):
    gateway, _ = limited(providers={"openai": {"requests_per_minute": 1}})
    assert gateway.post("/native/openai/chat/completions", b"{}").status == 200
    assert gateway.post("/native/openai/chat/completions", b"{}").status == 429
