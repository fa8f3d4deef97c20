"""plugins.ratelimit: who is let through, and what the others are told. Cases 176-182, 201."""

import json
from concurrent.futures import ThreadPoolExecutor

import openai
import pytest

from support.checks import check_error
from support.client import request_bytes
from support.prometheus import Metrics
from support.replies import chat_reply

LOCAL = ["127.0.0.0/8"]


@pytest.fixture
def limited(serve):
    def begin(**settings):
        return serve(chat_reply(), plugins={"ratelimit": settings, "metrics": {}})[0]

    return begin


def statuses(gateway, count, headers=()):
    return [gateway.chat(headers=dict(headers)).status for _ in range(count)]


def from_ip(address):
    return {"X-Forwarded-For": address}


def key(name):
    return {"X-Butter-App-Key": name}


def test_case_176_the_sixth_of_five_is_429(limited):
    gateway = limited(requests_per_minute=5)
    assert statuses(gateway, 5) == [200] * 5
    check_error(gateway.chat(), 429, message="rate limit exceeded (5 requests/minute)",
                kind="rate_limit_error")


def test_case_177_each_address_has_its_own(limited):
    gateway = limited(requests_per_minute=2, per_ip=True, trusted_proxies=LOCAL)
    assert statuses(gateway, 3, from_ip("192.0.2.1")) == [200, 200, 429]
    assert statuses(gateway, 3, from_ip("192.0.2.2")) == [200, 200, 429]


def test_case_179_an_app_key_has_a_limit_of_its_own(limited):
    gateway = limited(per_app_key=True, app_key_limits={"btr_K": 2})
    assert statuses(gateway, 2, key("btr_K")) == [200, 200]
    check_error(gateway.chat(headers=key("btr_K")), 429,
                message="rate limit exceeded for app key (2 requests/minute)",
                kind="rate_limit_error")


def test_case_180_keyed_and_anonymous_are_apart(limited):
    gateway = limited(requests_per_minute=2, per_ip=True, per_app_key=True, per_app_key_rpm=5)
    assert statuses(gateway, 6, key("btr_K")) == [200] * 5 + [429]
    assert statuses(gateway, 3) == [200, 200, 429]


def test_case_181_the_anonymous_share_one(limited):
    gateway = limited(requests_per_minute=2, per_app_key=True)
    assert statuses(gateway, 3) == [200, 200, 429]


def test_case_182_a_header_of_the_clients_does_not_evade_it(limited):
    gateway = limited(requests_per_minute=2, per_ip=True)
    assert [gateway.chat(headers=from_ip(f"192.0.2.{i}")).status for i in range(3)] == [200, 200, 429]


def test_case_201_what_was_refused_is_counted(limited):
    gateway = limited(requests_per_minute=1)
    assert statuses(gateway, 3) == [200, 429, 429]
    metrics = Metrics(gateway.get("/metrics").text)
    assert metrics.value("butter_request_total", http_status_code="429") == 2


def test_the_429_says_when_to_come_again(limited):
    gateway = limited(requests_per_minute=2)
    statuses(gateway, 2)
    headers = gateway.chat().headers
    assert headers["x-should-retry"] == "true"
    assert 29 <= int(headers["retry-after"]) <= 30
    assert 29_000 <= int(headers["retry-after-ms"]) <= 30_000
    assert headers["x-ratelimit-limit-requests"] == "2"
    assert headers["x-ratelimit-remaining-requests"] == "0"
    assert headers["x-ratelimit-reset-requests"].endswith("ms")
    assert headers["x-request-id"].startswith("req_")


def test_messages_callers_are_told_in_their_shape(limited):
    gateway = limited(requests_per_minute=1)
    statuses(gateway, 1)
    response = gateway.post("/v1/messages", b'{"model":"m","messages":[]}')
    assert response.status == 429
    assert json.loads(response.body)["error"]["type"] == "rate_limit_error"
    assert json.loads(response.body)["type"] == "error"


def test_the_body_is_not_waited_for(limited):
    gateway = limited(requests_per_minute=1)
    statuses(gateway, 1)
    client = gateway.client()
    client.send(request_bytes("POST", "/v1/chat/completions",
                              {"Content-Length": "1000000", "Expect": "100-continue"}))
    assert client.response().status == 429


def test_health_and_models_are_not_limited(limited):
    gateway = limited(requests_per_minute=1)
    statuses(gateway, 2)
    assert gateway.get("/healthz").status == 200
    assert gateway.get("/v1/models").status == 200


def test_many_at_once_never_get_more(serve):
    gateway, upstream = serve(chat_reply(), server={"workers": 2},
                              plugins={"ratelimit": {"requests_per_minute": 60, "burst": 20}})
    with ThreadPoolExecutor(8) as pool:
        passed = [status for each in pool.map(lambda _: statuses(gateway, 10), range(8))
                  for status in each].count(200)
    assert 20 <= passed <= 25  # one comes back each second
    assert len(upstream.calls()) == passed


def test_a_reload_forgets_nothing(limited):
    gateway = limited(requests_per_minute=2)
    assert statuses(gateway, 3) == [200, 200, 429]
    gateway.reload(gateway.path.read_text() + "# changed\n")
    assert gateway.chat().status == 429


def test_the_sdk_raises_its_own_error(limited):
    gateway = limited(requests_per_minute=1)
    client = openai.OpenAI(base_url=f"{gateway.url}/v1", api_key="unused", max_retries=0)
    client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": "Hi"}])
    with pytest.raises(openai.RateLimitError):
        client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": "Hi"}])
