"""Which headers go up, which come back, and which stay here."""

import pytest

from support.configs import config, openai_config, provider
from support.replies import CHAT, HI, chat_reply, mock_error, stream_reply

ALLOWED = {
    "OpenAI-Organization": "org-1", "OpenAI-Project": "proj-1", "OpenAI-Beta": "assistants=v2",
    "Idempotency-Key": "i-1", "traceparent": "00-" + "a" * 32 + "-" + "b" * 16 + "-01",
    "tracestate": "v=1", "x-stainless-lang": "python", "x-stainless-retry-count": "0",
    "User-Agent": "OpenAI/Python 3.54.0", "Accept": "application/json",
    "HTTP-Referer": "https://example.test", "X-Title": "title",
    "anthropic-version": "2026-10-21", "anthropic-beta": "a,b",
}
FORBIDDEN = {
    "Authorization": "Bearer mine", "Cookie": "c=1", "Proxy-Authorization": "Basic eDp5",
    "x-api-key": "mine", "api-key": "mine", "x-goog-api-key": "mine",
    "X-Butter-App-Key": "btr_aaaaaaaaaaaaaaaaaaaa", "x-butter-debug": "1",
    "X-Forwarded-For": "10.0.0.1", "X-Unknown": "u",
}


@pytest.mark.parametrize("name", ALLOWED)
def test_allowed_header_goes_up_unchanged(gateway, upstream, name):
    gateway.chat(headers={name: ALLOWED[name]})
    assert upstream.last.headers[name] == ALLOWED[name]


def test_no_other_header_goes_up(gateway, upstream):
    gateway.chat(headers={**ALLOWED, **FORBIDDEN})
    names = set(upstream.last.headers.names())
    assert "mine" not in str(upstream.last.headers)
    assert not names & {name.lower() for name in FORBIDDEN if name != "Authorization"}
    assert upstream.last.headers["authorization"] == "Bearer test-key"


def test_content_type_of_the_caller_goes_up(gateway, upstream):
    gateway.chat(headers={"Content-Type": "application/json; charset=utf-8"})
    assert upstream.last.headers["content-type"] == "application/json; charset=utf-8"


def test_hop_by_hop_headers_stay(gateway, upstream):
    gateway.chat(headers={"Connection": "keep-alive, X-Title", "X-Title": "t",
                          "Keep-Alive": "timeout=5", "TE": "trailers", "Upgrade": "h2c"})
    assert not set(upstream.last.headers.names()) & {"keep-alive", "te", "upgrade", "x-title"}


def test_configured_headers_are_sent(start, upstream):
    gateway = start(openai_config(provider(upstream, headers={"X-Team": "red"})))
    gateway.chat()
    assert upstream.last.headers["x-team"] == "red"


@pytest.mark.parametrize("credential", ["Authorization", "x-api-key", "api-key"])
def test_passthrough_sends_the_callers_credential(start, upstream, credential):
    gateway = start(openai_config(provider(upstream, credential_mode="passthrough")))
    gateway.chat(headers={credential: "Bearer mine", "Proxy-Authorization": "Basic eDp5",
                          "X-Butter-App-Key": "btr_aaaaaaaaaaaaaaaaaaaa"})
    headers = upstream.last.headers
    assert headers[credential] == "Bearer mine"
    assert "test-key" not in str(headers)
    assert not set(headers.names()) & {"proxy-authorization", "x-butter-app-key"}


def test_answer_tells_who_served_it(gateway):
    headers = gateway.chat().headers
    assert headers["x-butter-provider"] == "openai"
    assert headers["x-butter-model"] == "gpt-4o"
    assert headers["x-butter-attempts"] == "1"
    assert headers["x-butter-overhead-us"].isdigit()
    assert headers["x-request-id"]


def test_stream_tells_who_served_it(serve):
    headers = serve(stream_reply())[0].stream().headers
    assert headers["x-butter-provider"] == "openai"
    assert headers["x-butter-attempts"] == "1"
    assert headers["x-butter-overhead-us"].isdigit()
    assert headers["x-request-id"]


def test_upstream_error_tells_who_served_it(serve):
    headers = serve(mock_error(500))[0].chat().headers
    assert headers["x-butter-provider"] == "openai"
    assert headers["x-request-id"]


def test_error_of_ours_has_a_request_id(gateway):
    assert gateway.chat(b"{bad").headers["x-request-id"]


def test_request_id_of_the_client_is_kept(serve):
    gateway, _ = serve(chat_reply({"x-request-id": "req_up"}))
    assert gateway.chat(headers={"X-Request-Id": "client-1"}).headers["x-request-id"] == "client-1"


def test_request_id_of_the_upstream_is_kept_and_ours_is_beside_it(serve):
    gateway, _ = serve(chat_reply({"x-request-id": "req_up"}))
    headers = gateway.chat().headers
    assert headers["x-request-id"] == "req_up"
    assert headers["x-butter-request-id"] not in ("", "req_up")


def test_request_id_of_the_client_hides_no_other(serve):
    gateway, _ = serve(chat_reply({"x-request-id": "req_up"}))
    headers = gateway.chat(headers={"X-Request-Id": "client-1"}).headers
    assert headers["x-butter-upstream-request-id"] == "req_up"


@pytest.mark.parametrize("status", [400, 429, 500])
def test_request_id_of_an_upstream_error_is_kept(serve, status):
    gateway, _ = serve(mock_error(status, {"x-request-id": "req_up"}))
    assert gateway.chat().headers["x-request-id"] == "req_up"


def test_made_request_ids_differ(gateway):
    ids = {gateway.chat().headers["x-request-id"] for _ in range(10)}
    assert len(ids) == 10


@pytest.mark.parametrize("bad", ["a" * 1000, "x y", ""])
def test_odd_request_id_is_replaced(gateway, bad):
    made = gateway.chat(headers={"X-Request-Id": bad}).headers["x-request-id"]
    assert made and made != bad


@pytest.mark.parametrize("name, value", [
    ("retry-after", "7"), ("retry-after-ms", "7000"), ("x-ratelimit-remaining-requests", "0"),
    ("openai-organization", "org"), ("openai-processing-ms", "12"), ("x-anything", "v"),
])
@pytest.mark.parametrize("status", [200, 429])
def test_upstream_headers_come_back(serve, name, value, status):
    handler = chat_reply({name: value}) if status == 200 else mock_error(status, {name: value})
    response = serve(handler)[0].chat()
    assert response.status == status
    assert response.headers[name] == value


def test_upstream_hop_by_hop_headers_stay(serve):
    def handler(exchange):
        pairs = [("Content-Type", "application/json"), ("Connection", "close, X-Hop"),
                 ("X-Hop", "1"), ("Keep-Alive", "timeout=5")]
        exchange.reply(200, pairs, CHAT)
        exchange.close()
    gateway, _ = serve(handler)
    with gateway.client() as client:
        response = client.request("POST", "/v1/chat/completions", (), HI)
        assert not set(response.headers.names()) & {"x-hop", "keep-alive"}
        assert client.request("GET", "/healthz").body == b"ok", "our connection stays"


def test_upstream_cannot_speak_for_us(serve):
    gateway, _ = serve(chat_reply({"x-butter-provider": "forged", "x-butter-attempts": "99"}))
    headers = gateway.chat().headers
    assert headers["x-butter-provider"] == "openai"
    assert headers["x-butter-attempts"] == "1"


def test_one_head_has_no_header_twice(gateway):
    names = gateway.chat().headers.names()
    assert len(names) == len(set(names)), names


def test_should_retry_says_no_for_our_client_errors(start):
    gateway = start(config({}))
    assert gateway.chat().headers["x-should-retry"] == "false"
