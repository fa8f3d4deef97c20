"""Redirects of an upstream are not followed: credentials stay with the host that they are for."""

import pytest

from support.checks import check_error, check_served_by
from support.configs import FAILOVER, config, provider
from support.replies import HI, HI_STREAM, chat_reply, reply

STATUSES = [300, 301, 302, 303, 307, 308]
# A provider of each way to send a credential, and the field that has it.
CREDENTIALS = {
    "openai": ("openai", {}, "authorization"),
    "anthropic": ("anthropic", {"type": "anthropic"}, "x-api-key"),
    "azure": ("azureopenai-x", {"api_version": "2024-10-21"}, "api-key"),
}


@pytest.fixture
def redirect(start, make_upstream):
    """An upstream that sends its callers to another one; gives the gateway and both."""
    def begin(status, name="openai", **settings):
        other = make_upstream(chat_reply(), path="*")
        here = make_upstream(reply(status, b"", {"Location": other.url + "/chat/completions"}),
                             path="*")
        for path in ("/chat/completions", "/messages"):
            here.on(path, reply(status, b"", {"Location": other.url + path}))
        gateway = start(config({name: provider(here, key="secret-key", **settings)}, default=name))
        return gateway, here, other
    return begin


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("body", [HI, HI_STREAM], ids=["whole", "stream"])
def test_redirect_is_an_error_of_the_upstream(redirect, status, body):
    gateway, here, other = redirect(status)
    response = gateway.chat(body)
    check_error(response, 502, contains=f"status {status}, and redirects are not followed")
    assert "location" not in response.headers
    assert len(here.calls()) == 1
    assert other.connections == 0


@pytest.mark.parametrize("kind", CREDENTIALS)
def test_no_credential_reaches_the_other_host(redirect, kind):
    name, settings, field = CREDENTIALS[kind]
    gateway, here, other = redirect(307, name, **settings)
    body = b'{"model":"m","max_tokens":1,"messages":[{"role":"user","content":"hi"}]}'
    path = "/v1/messages" if kind == "anthropic" else "/v1/chat/completions"
    assert gateway.post(path, body).status == 502
    assert "secret-key" in here.last.headers[field]
    assert other.connections == 0


@pytest.mark.parametrize("field", ["Authorization", "x-api-key", "api-key"])
def test_no_credential_of_the_caller_reaches_the_other_host(redirect, field):
    gateway, here, other = redirect(302, credential_mode="passthrough")
    assert gateway.chat(headers={field: "Bearer mine"}).status == 502
    assert here.last.headers[field] == "Bearer mine"
    assert other.connections == 0


def test_native_redirect_is_the_callers_to_follow(redirect):
    """It is relayed as it is, and the configured key with it goes nowhere."""
    gateway, here, other = redirect(302)
    response = gateway.get("/native/openai/files")
    assert response.status == 302
    assert response.headers["location"].startswith(other.url)
    assert "secret-key" not in str(response.headers)
    assert "secret-key" in here.last.headers["authorization"]
    assert other.connections == 0


def test_redirect_fails_over(serve_many, make_upstream):
    other = make_upstream()
    location = {"Location": other.url + "/chat/completions"}
    gateway, upstreams = serve_many(
        {"openai": [reply(301, b"", location)], "groq": [chat_reply()]}, failover=FAILOVER)
    check_served_by(gateway.chat(), "groq")
    assert len(upstreams["openai"].calls()) == 1
    assert other.connections == 0
