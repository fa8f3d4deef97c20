"""plugins.ratelimit with redis: limits that hold across processes, and what happens without it."""

import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from support.checks import check_error
from support.client import request_bytes
from support.configs import openai_config
from support.prometheus import Metrics
from support.redis_server import RedisServer
from support.replies import CHAT, HI, chat_reply, json_reply
from support.waiting import until

AWAY = "redis is away: each process has its own rate limits"


@pytest.fixture
def start_redis():
    made = []

    def begin(*options):
        made.append(RedisServer(*options))
        return made[-1]

    yield begin
    for server in made:
        server.stop()


@pytest.fixture
def redis(start_redis):
    return start_redis()


@pytest.fixture
def share(start, make_upstream, redis):
    """Gateways over one upstream that share this Redis."""
    def begin(count=1, handlers=(), connection=None, **settings):
        upstream = make_upstream(*(handlers or [chat_reply()]))
        # A busy machine may let a process wait longer than users would.
        where = {"address": redis.address, "timeout": "10s", **(connection or {})}
        settings = openai_config(upstream, plugins={
            "ratelimit": {**settings, "redis": where}, "metrics": {}})
        return [start(settings) for _ in range(count)], upstream
    return begin


def statuses(gateway, count, **options):
    return [gateway.chat(**options).status for _ in range(count)]


def fallbacks(gateway):
    return Metrics(gateway.get("/metrics").text).value("butter_ratelimit_fallbacks_total")


def test_two_processes_have_one_limit(share):
    (one, two), _ = share(2, requests_per_minute=5)
    assert statuses(one, 3) == [200, 200, 200]
    assert statuses(two, 3) == [200, 200, 429]
    response = one.chat()
    check_error(response, 429, message="rate limit exceeded (5 requests/minute)",
                kind="rate_limit_error")
    assert 10 <= int(response.headers["retry-after"]) <= 12
    assert response.headers["x-ratelimit-remaining-requests"] == "0"
    assert fallbacks(one) == fallbacks(two) == 0


def test_many_at_once_at_two_processes_never_get_more(share):
    most = 40
    gateways, upstream = share(2, requests_per_minute=60, burst=most)
    began = time.monotonic()
    with ThreadPoolExecutor(16) as pool:
        runs = pool.map(lambda i: statuses(gateways[i % 2], 10), range(16))
        passed = [status for run in runs for status in run].count(200)
    # One comes back each second.
    assert most <= passed <= most + time.monotonic() - began
    assert len(upstream.calls()) == passed
    assert fallbacks(gateways[0]) == fallbacks(gateways[1]) == 0


def test_many_tokens_at_two_processes_are_never_more(share):
    cost = 100
    answer = json.loads(CHAT)
    answer["usage"] = {"prompt_tokens": cost - 20, "completion_tokens": 20, "total_tokens": cost}
    gateways, upstream = share(2, handlers=[json_reply(answer)], tokens_per_minute=3_000)
    body = b'{"model":"gpt-4o","messages":[],"max_tokens":192}'  # an estimate of 204
    began = time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        runs = pool.map(lambda i: statuses(gateways[i % 2], 12, body=body), range(8))
        passed = [status for run in runs for status in run].count(200)
    back = (time.monotonic() - began) * 3_000 / 60
    assert passed * cost <= 3_000 + back
    assert passed >= 20  # more than the estimates alone would let through
    assert len(upstream.calls()) == passed


def test_a_restart_of_the_gateway_forgets_nothing(share, start, redis):
    (gateway,), _ = share(requests_per_minute=2)
    assert statuses(gateway, 3) == [200, 200, 429]
    settings = gateway.path.read_text()
    gateway.stop()
    assert start(settings).chat().status == 429


def test_no_name_tells_an_app_key_or_an_address(share, redis):
    (gateway,), _ = share(requests_per_minute=9, tokens_per_minute=10_000, per_ip=True,
                          per_app_key=True, connection={"key_prefix": "mine:"})
    assert gateway.chat(headers={"X-Butter-App-Key": "btr_secret"}).status == 200
    assert gateway.chat().status == 200
    keys = redis.ask("KEYS", "*")
    for kind in ("key:requests", "key:tokens", "ip:requests", "ip:tokens"):
        assert f"mine:rl:{kind}:" in keys
    assert "btr_secret" not in keys
    assert keys.startswith("*4")


def test_full_buckets_are_not_kept(share, redis):
    (gateway,), _ = share(requests_per_minute=6000)
    assert gateway.chat().status == 200
    until(lambda: redis.ask("KEYS", "*") == "*0\r\n", "the bucket's end")


def test_providers_limits_are_shared(share):
    (one, two), upstream = share(2, providers={"openai": {"requests_per_minute": 3}})
    assert statuses(one, 2) == [200, 200]
    assert statuses(two, 2) == [200, 429]
    assert one.chat().status == 429
    assert len(upstream.calls()) == 3


def test_a_form_is_passed_on_when_the_provider_may_have_it(share):
    (gateway,), upstream = share(requests_per_minute=9, providers={
        "openai": {"requests_per_minute": 1, "tokens_per_minute": 1000}})
    upstream.on("/audio/transcriptions", json_reply({"text": "x"}))
    form = b"".join(b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % part
                    for part in ((b"model", b"whisper"), (b"file", b"x" * 300_000))) + b"--b--\r\n"
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    assert gateway.post("/v1/audio/transcriptions", form, headers).status == 200
    assert upstream.calls()[0].body == form
    assert gateway.post("/v1/audio/transcriptions", form, headers).status == 429


def test_the_body_is_not_asked_for_before_the_verdict(share):
    (gateway,), _ = share(requests_per_minute=1)
    assert gateway.chat().status == 200
    client = gateway.client()
    client.send(request_bytes("POST", "/v1/chat/completions",
                              {"Content-Length": "1000000", "Expect": "100-continue"}))
    assert client.response().status == 429


def test_a_body_that_is_too_large_is_not_waited_for(share):
    (gateway,), _ = share(requests_per_minute=9)
    client = gateway.client()
    client.send(request_bytes("POST", "/v1/chat/completions",
                              {"Content-Length": str(1 << 40), "Expect": "100-continue"}))
    assert client.response().status == 413


def test_pipelined_requests_are_judged_one_by_one(share):
    (gateway,), _ = share(requests_per_minute=2, tokens_per_minute=10_000)
    one = request_bytes("POST", "/v1/chat/completions", {"Content-Type": "application/json"}, HI)
    client = gateway.client()
    client.send(one * 3)
    assert [client.response().status for _ in range(3)] == [200, 200, 429]


def test_a_large_body_in_pieces(share):
    (gateway,), upstream = share(requests_per_minute=9, tokens_per_minute=10_000_000)
    body = json.dumps({"model": "gpt-4o", "messages": [
        {"role": "user", "content": "x" * 3_000_000}]}).encode()
    assert gateway.chat(body).status == 200
    assert upstream.calls()[0].body == body


# Redis away.

def test_without_redis_each_process_has_its_own(share, redis):
    (one, two), _ = share(2, requests_per_minute=2)
    assert one.chat().status == two.chat().status == 200
    redis.end()
    one.wait_log(AWAY)
    two.wait_log(AWAY)
    assert statuses(one, 3) == [200, 200, 429]
    assert statuses(two, 3) == [200, 200, 429]
    assert fallbacks(one) == 3
    assert len(one.log_lines(AWAY)) == 1
    redis.restart()
    one.wait_log("redis is back: rate limits are shared")


def test_it_starts_without_redis(share, redis):
    redis.end()
    (gateway,), _ = share(requests_per_minute=1)
    assert statuses(gateway, 2) == [200, 429]


def test_a_frozen_redis_costs_one_time_limit(share, redis):
    (gateway,), _ = share(requests_per_minute=100, connection={"timeout": "300ms"})
    assert gateway.chat().status == 200
    redis.freeze()
    try:
        began = time.monotonic()
        assert statuses(gateway, 40) == [200] * 40
        # Two workers, a limit each, and once more when the connection is made anew.
        assert time.monotonic() - began < 40 * 0.3
        assert fallbacks(gateway) >= 40
    finally:
        redis.thaw()
    gateway.wait_log("redis is back: rate limits are shared")


def asking(gateway):
    """A client whose request is under way."""
    client = gateway.client()
    client.send(request_bytes("POST", "/v1/chat/completions",
                              {"Content-Type": "application/json"}, HI))
    until(lambda: Metrics(gateway.get("/metrics").text).value("butter_inflight") == 1,
          "the request")
    return client


def test_a_client_that_leaves_while_redis_is_asked(share, redis):
    (gateway,), upstream = share(requests_per_minute=100)
    assert gateway.chat().status == 200
    redis.freeze()
    try:
        client = asking(gateway)
        client.close()
        until(lambda: Metrics(gateway.get("/metrics").text).value("butter_inflight") == 0,
              "the client's leaving")
    finally:
        redis.thaw()
    until(lambda: gateway.chat().status == 200, "an answer")
    assert len(upstream.calls()) == 2


def test_a_stop_while_redis_is_asked(share, redis):
    (gateway,), _ = share(requests_per_minute=100)
    assert gateway.chat().status == 200
    redis.freeze()
    try:
        client = asking(gateway)
        gateway.signal(15)
        assert client.response().status == 503
        assert gateway.wait_exit() == 1  # a request was cut off
    finally:
        redis.thaw()


def test_a_password_is_used_and_never_told(share, start_redis, make_upstream, start):
    redis = start_redis("--requirepass", "hunter2secret")

    def begin(password):
        return start(openai_config(make_upstream(), plugins={"ratelimit": {
            "requests_per_minute": 1,
            "redis": {"address": redis.address, "timeout": "10s", "password": password}}}))

    assert [begin("hunter2secret").chat().status for _ in range(2)] == [200, 429]
    wrong = begin("hunter3secret")
    (line,) = wrong.wait_log(AWAY)
    assert "WRONGPASS" in line["error"]
    assert statuses(wrong, 2) == [200, 429]
    assert "hunter3secret" not in wrong.output


def test_a_reload_may_bring_and_take_redis(share, redis):
    (one, two), _ = share(2, requests_per_minute=3)
    assert statuses(one, 2) == [200, 200]
    shared = one.path.read_text()
    alone = shared.replace(redis.address, "127.0.0.1:1")
    one.reload(alone)
    assert statuses(one, 3) == [200, 200, 200]
    one.reload(shared)
    assert statuses(two, 1) == [200]
    assert one.chat().status == 429
