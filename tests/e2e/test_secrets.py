"""A marked key goes to its provider and nowhere else."""

import pytest

from support.certs import Authority
from support.configs import FAILOVER, config, openai_config, provider
from support.dialects import CHAT, MESSAGES, RESPONSES
from support.replies import (HELLO, ROLE, cut, hang, json_reply, mock_error, stream_reply,
                             stream_then)
from support.vendors import CLIENT_KEY, VENDORS

MARK = "sk-marked-5f1d"
CLIENT_MARK = "sk-client-9a7c"
CLIENT = {"Authorization": f"Bearer {CLIENT_MARK}", "x-api-key": CLIENT_MARK,
          "Cookie": f"session={CLIENT_MARK}", "X-Butter-App-Key": CLIENT_MARK}
ALL_ON = {"plugins": {"metrics": {}, "requestlog": {"level": "info", "log_bodies": True}},
          "log": {"level": "debug"}}


def marked(where, **more):
    return provider(where, key=MARK, **more)


def check_clean(gateway, *responses):
    answers = [str(r.headers) + r.body.decode("utf-8", "replace") for r in responses]
    metrics = gateway.get("/metrics").text
    assert gateway.stop() == 0
    for text in [*answers, metrics, gateway.output]:
        assert MARK not in text
        assert CLIENT_MARK not in text


ANSWERS = {
    "ok": json_reply({"ok": 1}),
    "stream": stream_reply(),
    "400": mock_error(400),
    "500": mock_error(500),
    "closed": cut,
    "broken stream": stream_then([ROLE, HELLO], cut),
    "time-out": hang,
}


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize("path", ["/v1/chat/completions", "/native/openai/chat/completions"])
def test_key_is_in_no_log_answer_or_metric(start, make_upstream, name, path):
    upstream = make_upstream(ANSWERS[name])
    where = marked(upstream, timeouts={"first_byte": "100ms"})
    gateway = start(openai_config(where, failover=FAILOVER, **ALL_ON))
    body = b'{"model":"gpt-4o","messages":[],"stream":true}'
    response = gateway.post(path, body, CLIENT)
    assert MARK in str(upstream.last.headers)
    assert CLIENT_MARK not in str(upstream.last.headers)
    check_clean(gateway, response)


def test_refused_connection(start, refused):
    gateway = start(openai_config(marked(refused), **ALL_ON))
    check_clean(gateway, gateway.chat(headers=CLIENT), gateway.get("/native/openai/x", CLIENT))


def test_untrusted_tls(start, make_upstream, tmp_path):
    upstream = make_upstream(tls=Authority(tmp_path).server())
    gateway = start(openai_config(marked(upstream), **ALL_ON))
    check_clean(gateway, gateway.chat(headers=CLIENT))


def test_password_in_base_url_or_proxy(start, refused):
    where = marked("https://api.test", proxy=refused.replace("//", f"//user:{MARK}@"))
    gateway = start(openai_config(where, **ALL_ON))
    check_clean(gateway, gateway.chat())


def test_configuration_mistakes_do_not_show_values(start, upstream):
    gateway = start(openai_config(marked(upstream), **ALL_ON))
    wrong = openai_config({**marked(upstream), "keys": [{"key": MARK, "weight": "much"}]})
    gateway.reload(wrong, message="config watcher: reload failed, keeping current config")
    check_clean(gateway)


def test_redirect_does_not_carry_the_key(start, make_upstream):
    other = make_upstream()

    def redirect(exchange):
        exchange.reply(307, {"Location": other.url + "/chat/completions"})
    gateway = start(openai_config(marked(make_upstream(redirect)), **ALL_ON))
    check_clean(gateway, gateway.chat(headers=CLIENT))
    assert other.connections == 0


def test_key_of_one_provider_never_reaches_another(start, make_upstream):
    first, second = make_upstream(mock_error(503)), make_upstream()
    gateway = start(config({"openai": marked(first), "groq": provider(second, key="other")},
                           models={"gpt-4o": ["openai", "groq"]}, failover=FAILOVER, **ALL_ON))
    assert gateway.chat().status == 200
    assert MARK not in str(second.last.headers)


CALLERS = (CHAT, RESPONSES, MESSAGES)


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize("kind", ["anthropic", "gemini"])
def test_key_of_a_provider_that_is_translated_for(start, make_upstream, name, kind):
    upstream = make_upstream(ANSWERS[name], path="*")
    where = marked(upstream, timeouts={"first_byte": "50ms"})
    gateway = start(config({kind: where}, default=kind, failover=FAILOVER, **ALL_ON))
    responses = [gateway.post("/v1" + caller.path, caller.body("m", stream=True), CLIENT) for caller in CALLERS]
    for request in upstream.calls():
        assert MARK in str(request.headers) and MARK not in request.line
        assert CLIENT_MARK not in str(request.headers)
    check_clean(gateway, *responses)


@pytest.mark.parametrize("vendor", VENDORS, ids=str)
def test_credentials_of_every_vendor(vendors, vendor):
    """Keys, AWS's signing key, Google's private key and the token that is given for it."""
    client = {"Authorization": f"Bearer {CLIENT_KEY}", "x-api-key": CLIENT_KEY}
    answers = [vendors.gateway.post("/v1" + caller.path, caller.body(vendor.ask(word), stream), client)
               for caller in CALLERS for word in ("fine", "error-401", "error-500", "stream-error", "cut")
               for stream in (False, True)]
    vendors.check_clean(*[str(answer.headers) + answer.body.decode() for answer in answers])
    for request in vendors.sims[vendor.provider].upstream.calls():
        assert CLIENT_KEY not in str(request.headers)
