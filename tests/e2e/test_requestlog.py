"""plugins.requestlog: what the line of a request tells, and what of its bodies. Case 202."""

import json

import pytest

from support.configs import FAILOVER, config, openai_config, provider
from support.replies import (CHAT, DONE, HELLO, HI, HI_STREAM, ROLE, STREAM, by_stream, chat_reply,
                             chunk_event, cut, json_reply, mock_error, reply, stream_reply,
                             stream_then)

KEY = "sk-upstream-key-k3f9"
APP_KEY = "btr_0123456789abcdef0002"
PHASES = ["read_us", "route_us", "retry_us", "queue_us", "connect_us", "send_us",
          "upstream_first_byte_us", "first_content_us", "stream_us"]


def logging(**settings):
    return {"requestlog": settings}


def bodies(**settings):
    return logging(log_bodies=True, **settings)


@pytest.fixture
def serve_logged(start, make_upstream):
    """Config A with a key, and an upstream that answers by these handlers; gives the gateway."""
    def begin(*handlers, path="/chat/completions", plugins=None, **more):
        upstream = make_upstream(*handlers, path=path)
        return start(openai_config(provider(upstream, key=KEY), plugins=plugins or bodies(),
                                   **more))

    return begin


def line_of(gateway, **fields):
    """The one line of the request that was made."""
    (line,) = gateway.wait_log("request trace", **fields)
    return line


def test_case_202_level_and_attributes(serve_logged):
    gateway = serve_logged(chat_reply(), plugins=logging(level="warn"))
    gateway.chat()
    line = line_of(gateway)
    names = ["provider", "model", "status", "duration_ms", "method", "path", "streaming"]
    assert line["level"] == "WARN"
    assert list(line)[3:3 + len(names)] == names
    assert [line[name] for name in names if name != "duration_ms"] == [
        "openai", "gpt-4o", 200, "POST", "/v1/chat/completions", False]


def test_an_error_stands_behind_them(serve_logged):
    gateway = serve_logged(chat_reply(), plugins=logging())
    gateway.chat(b"{bad")
    line = line_of(gateway)
    assert list(line)[9:11] == ["streaming", "error"]
    assert line["error"].startswith("invalid request body")
    assert (line["status"], line["provider"], line["attempts"]) == (400, "", 0)


@pytest.mark.parametrize("body", [HI, HI_STREAM], ids=["whole", "stream"])
def test_all_that_is_known_of_a_request(serve_logged, body):
    gateway = serve_logged(by_stream, plugins=logging())
    response = gateway.chat(body, {"X-Butter-App-Key": APP_KEY})
    line = line_of(gateway)
    assert line["request_id"] == response.headers["x-request-id"]
    assert (line["attempts"], line["key_hint"], line["app_key"]) == (1, "...k3f9", "...0002")
    assert line["bytes_in"] == len(body)
    assert line["bytes_out"] > len(response.body)
    assert line["streaming"] is (body is HI_STREAM)
    if body is HI:
        assert (line["input_tokens"], line["output_tokens"]) == (10, 5)
    assert abs(sum(line[name] for name in PHASES) - line["duration_us"]) <= len(PHASES)
    assert line["upstream_first_byte_us"] > 0
    assert "request_body" not in line
    assert "response_body" not in line


def test_what_a_request_has_not_is_left_out(start, upstream):
    gateway = start(openai_config(provider(upstream, key=None), plugins=logging()))
    gateway.chat()
    assert not {"key_hint", "app_key", "error"} & set(line_of(gateway))


def test_a_short_key_shows_nothing_of_itself(start, upstream):
    gateway = start(openai_config(provider(upstream, key="elevenchars"), plugins=logging()))
    gateway.chat(headers={"X-Butter-App-Key": "short"})
    line = line_of(gateway)
    assert (line["key_hint"], line["app_key"]) == ("...", "...")


def test_phases_of_a_request_that_failed_over(start, make_upstream):
    first, second = make_upstream(mock_error(503)), make_upstream(chat_reply())
    gateway = start(config({"openai": provider(first, key="sk-first-key-aaaa"),
                            "groq": provider(second, key="sk-second-key-bbbb")},
                           models={"gpt-4o": ["openai", "groq"]},
                           failover={**FAILOVER, "max_retries": 1}, plugins=logging()))
    gateway.chat()
    line = line_of(gateway)
    assert (line["provider"], line["attempts"], line["key_hint"]) == ("groq", 3, "...bbbb")
    assert line["retry_us"] >= 1000  # the back-off
    assert abs(sum(line[name] for name in PHASES) - line["duration_us"]) <= len(PHASES)


@pytest.mark.parametrize("body, answer", [(HI, CHAT), (HI_STREAM, b"".join(STREAM))],
                         ids=["whole", "stream"])
def test_bodies_are_as_the_client_has_them(serve_logged, body, answer):
    gateway = serve_logged(by_stream)
    assert gateway.chat(body).body == answer
    line = line_of(gateway)
    assert line["request_body"] == body.decode()
    assert line["response_body"] == answer.decode()
    assert "request_body_truncated" not in line
    assert "response_body_truncated" not in line


MESSAGES = (b'{"model":"claude","max_tokens":9,"messages":[{"role":"user","content":"hello"}],'
            b'"stream":true}')


def test_a_translated_stream_is_told_in_the_callers_words(serve_logged):
    gateway = serve_logged(by_stream)
    response = gateway.post("/v1/messages", MESSAGES)
    line = line_of(gateway)
    assert line["request_body"] == MESSAGES.decode()
    assert line["response_body"] == response.text
    assert "message_start" in line["response_body"]


def test_bodies_of_native_requests(serve_logged):
    gateway = serve_logged(json_reply({"native": True}), path="/x")
    gateway.post("/native/openai/x", b'{"raw": 1}')
    line = line_of(gateway)
    assert (line["request_body"], json.loads(line["response_body"])) == (
        '{"raw": 1}', {"native": True})


def test_a_refusal_of_ours_is_told(serve_logged):
    gateway = serve_logged(chat_reply())
    response = gateway.chat(b"{bad")
    line = line_of(gateway)
    assert (line["request_body"], line["response_body"]) == ("{bad", response.text)


def test_a_refusal_of_the_provider_is_told(serve_logged):
    gateway = serve_logged(mock_error(400))
    response = gateway.chat()
    assert line_of(gateway)["response_body"] == response.text


def test_a_refusal_by_a_limit_is_told(serve_logged):
    gateway = serve_logged(chat_reply(), plugins={**bodies(),
                                                  "ratelimit": {"requests_per_minute": 1}})
    gateway.chat()
    response = gateway.chat(headers={"X-Butter-App-Key": APP_KEY})
    line = line_of(gateway, status=429)
    assert (line["response_body"], line["app_key"]) == (response.text, "...0002")


def test_a_stream_that_broke_is_told_with_its_error(serve_logged):
    gateway = serve_logged(stream_then([ROLE, HELLO], cut))
    client = gateway.client()
    client.send(b"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s"
                % (len(HI_STREAM), HI_STREAM))
    client.wait_closed()
    body = line_of(gateway)["response_body"]
    assert body.startswith((ROLE + HELLO).decode())
    assert '"error"' in body[len(ROLE + HELLO):]


@pytest.mark.parametrize("size", [1000, 100_000])
def test_a_long_body_is_cut_and_marked(serve_logged, size):
    text = "\N{EURO SIGN}" * size
    gateway = serve_logged(json_reply({"text": text}), plugins=bodies(body_max_bytes=500))
    gateway.chat(json.dumps({"model": "gpt-4o", "messages": [{"role": "user", "content": text}]},
                            ensure_ascii=False).encode())
    line = line_of(gateway)
    for name in ("request_body", "response_body"):
        assert line[name + "_truncated"] is True
        assert 490 <= len(line[name].encode()) <= 500
        assert "\N{REPLACEMENT CHARACTER}" not in line[name]


def test_of_what_is_no_text_only_the_size_is_told(serve_logged):
    gateway = serve_logged(reply(200, b"\x89PNG\r\n\x1a\n", {"Content-Type": "image/png"}),
                           path="/x")
    gateway.post("/native/openai/x", bytes(range(128, 256)),
                 {"Content-Type": "application/octet-stream"})
    line = line_of(gateway)
    assert (line["request_body"], line["response_body"]) == (
        "[128 bytes, no text]", "[8 bytes, no text]")


def test_of_a_form_only_the_size_and_type_are_told(serve_logged):
    form = (b'--b\r\nContent-Disposition: form-data; name="model"\r\n\r\nwhisper-1\r\n'
            b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\nsecret words\r\n--b--\r\n')
    gateway = serve_logged(json_reply({"text": "hi"}), path="/audio/transcriptions")
    gateway.post("/v1/audio/transcriptions", form,
                 {"Content-Type": "multipart/form-data; boundary=b"})
    assert line_of(gateway)["request_body"] == f"[{len(form)} bytes of multipart/form-data]"


PRIVATE = {"to": "ann@example.com", "card": "4111 1111 1111 1111",
           "key": "sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCD"}


def asking(content):
    return json.dumps({"model": "gpt-4o", "messages": [{"role": "user", "content": content}]})


def test_what_is_private_is_not_written(serve_logged):
    gateway = serve_logged(json_reply(PRIVATE))
    response = gateway.chat(asking(json.dumps(PRIVATE)).encode())
    assert response.json() == PRIVATE
    line = line_of(gateway)
    for name in ("request_body", "response_body"):
        for value in PRIVATE.values():
            assert value not in line[name]
        for word in ("[EMAIL]", "[CARD]", "[KEY]"):
            assert word in line[name]


def test_unless_the_operator_wants_it(serve_logged):
    gateway = serve_logged(json_reply(PRIVATE), plugins=bodies(redact_bodies=False))
    gateway.chat(asking("x").encode())
    assert json.loads(line_of(gateway)["response_body"]) == PRIVATE


def test_it_is_not_written_of_a_stream_either(serve_logged):
    event = chunk_event({"content": f"write to {PRIVATE['to']}"}, "stop")
    gateway = serve_logged(stream_reply([ROLE, event, DONE]))
    gateway.stream()
    body = line_of(gateway)["response_body"]
    assert PRIVATE["to"] not in body
    assert "write to [EMAIL]" in body


def test_keys_of_ours_are_never_written(serve_logged):
    """A provider may tell a key in its answer; a client may tell one anywhere."""
    told = {"error": {"message": f"no such key: {KEY}, {APP_KEY}"}}
    gateway = serve_logged(json_reply(told, 400), plugins=bodies(redact_bodies=False))
    gateway.chat(asking(f"{KEY} {APP_KEY}").encode(), {"X-Butter-App-Key": APP_KEY})
    line = line_of(gateway)
    assert KEY not in gateway.output
    assert APP_KEY not in gateway.output
    assert "...k3f9, ...0002" in line["response_body"]


def test_a_reload_turns_bodies_on_and_off(serve_logged, upstream):
    gateway = serve_logged(chat_reply(), plugins=logging())
    settings = openai_config(provider(upstream, key=KEY), plugins=bodies())
    settings["server"] = {"address": "%s:%d" % gateway.address, "workers": 2}
    for wanted in (True, False):
        settings["plugins"]["requestlog"]["log_bodies"] = wanted
        gateway.reload(settings)
        marker = f"bodies-{wanted}"
        gateway.chat(headers={"X-Request-Id": marker})
        assert ("request_body" in line_of(gateway, request_id=marker)) is wanted
