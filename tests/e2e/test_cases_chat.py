"""Cases 21 to 49: chat through OpenAI-compatible upstreams, and Azure."""

import gzip
import json

import pytest

from support.checks import check_error, check_served_by
from support.configs import config, openai_config, provider
from support.replies import (CHAT, EMBEDDINGS, HI, JSON, hang, json_reply,
                             mock_error, reply)

CLAUDE = "claude-3-5-sonnet-20241022"


def body(**fields):
    return json.dumps({"messages": [{"role": "user", "content": "hello"}], **fields})


def test_case_021_chat_body_is_byte_identical(gateway):
    response = gateway.chat()
    assert response.status == 200
    assert response.body == CHAT
    assert response.json()["choices"][0]["message"]["content"] == "Hello!"
    assert response.headers["x-req-id"] == "r1"
    assert response.headers["content-type"] == "application/json"


def test_case_022_upstream_gets_the_same_bytes_and_the_stored_key(gateway, upstream):
    gateway.chat()
    request = upstream.last
    assert request.line == "POST /chat/completions HTTP/1.1"
    assert request.body == HI
    assert request.headers["content-type"] == "application/json"
    assert request.headers["authorization"] == "Bearer test-key"
    assert request.headers["content-length"] == str(len(HI))
    assert request.headers["host"] == f"127.0.0.1:{upstream.port}"


def test_case_022_unusual_json_is_kept(gateway, upstream):
    odd = (b'\n{ "messages" :[ {"role":"user","content":"\\u00e9 \xc3\xa9 \xf0\x9f\xa7\x88"}],\t'
           b'"n":1.0e0,"unknown":{"a":[null, true]},"model" : "gpt-4o" }\r\n')
    assert gateway.chat(odd).status == 200
    assert upstream.last.body == odd


def test_case_023_credentials_stay_and_tracing_passes(gateway, upstream):
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    gateway.chat(headers={"Authorization": "Bearer x", "Cookie": "c=1", "X-Title": "t",
                          "traceparent": trace})
    headers = upstream.last.headers
    assert headers["authorization"] == "Bearer test-key"
    assert "cookie" not in headers
    assert headers["traceparent"] == trace
    assert headers["x-title"] == "t"


def test_case_024_repeated_response_headers_are_kept(serve):
    def handler(exchange):
        pairs = [("Content-Type", "application/json"), ("X-Multi", "a"), ("X-Multi", "b")]
        exchange.reply(200, pairs, CHAT)
    gateway, _ = serve(handler)
    assert gateway.chat().headers.all("x-multi") == ["a", "b"]


def test_case_025_trailing_slash_of_base_url_is_cut(start, upstream):
    gateway = start(openai_config(upstream.url + "/"))
    assert gateway.chat().status == 200
    assert upstream.last.target == "/chat/completions"


def test_case_026_provider_without_keys_sends_no_authorization(start, upstream):
    gateway = start(openai_config(provider(upstream, key=None)))
    assert gateway.chat().status == 200
    assert "authorization" not in upstream.last.headers


def test_case_026_client_credential_does_not_fill_the_gap(start, upstream):
    gateway = start(openai_config(provider(upstream, key=None)))
    assert gateway.chat(headers={"Authorization": "Bearer mine"}).status == 200
    assert "authorization" not in upstream.last.headers


def test_case_027_provider_named_in_the_body(start, upstream):
    gateway = start(config({"openai": upstream}))
    check_served_by(gateway.chat(body(model="gpt-4o", provider="openai")), "openai")
    assert "provider" not in json.loads(upstream.last.body)


def test_case_028_provider_in_the_body_wins_over_the_route(start, make_upstream):
    first, second = make_upstream(), make_upstream()
    gateway = start(config({"openai": first, "openrouter": second}, default="openrouter",
                           models={"gpt-4o": ["openai"]}))
    check_served_by(gateway.chat(body(model="gpt-4o", provider="openrouter")), "openrouter")
    assert (len(first.calls()), len(second.calls())) == (0, 1)


def test_case_029_each_model_goes_to_its_provider(start, make_upstream):
    first, second = make_upstream(), make_upstream()
    gateway = start(config({"openai": first, "groq": second},
                           models={"gpt-4o": ["openai"], CLAUDE: ["groq"]}))
    check_served_by(gateway.chat(body(model="gpt-4o")), "openai")
    check_served_by(gateway.chat(body(model=CLAUDE)), "groq")
    assert (len(first.calls()), len(second.calls())) == (1, 1)


def test_case_030_route_without_providers_falls_to_the_default(start, upstream):
    gateway = start(openai_config(upstream, models={"empty": []}))
    check_served_by(gateway.chat(body(model="empty")), "openai")


def test_case_031_provider_prefix_of_the_model_is_cut(gateway, upstream):
    sent = b'{"messages":[], "model":"openai/gpt-4o" ,"z":1}'
    check_served_by(gateway.chat(sent), "openai")
    assert upstream.last.body == b'{"messages":[], "model":"gpt-4o" ,"z":1}'


@pytest.mark.parametrize("text", [b"{bad", b"", b"[1]", b'{"model":"m"} x', b'{"model":"m"',
                                  b"\xff\xfe", b"nul"])
def test_case_032_and_033_bad_json_is_400(gateway, upstream, text):
    check_error(gateway.chat(text), 400, starts="invalid request body: ")
    assert upstream.calls() == []


def test_case_034_model_of_another_type_is_400(gateway, upstream):
    check_error(gateway.chat(b'{"model":5}'), 400, starts="invalid request body: ")
    assert upstream.calls() == []


@pytest.mark.parametrize("text", [b"{}", b'{"model":""}', b'{"model":null}', b'{"messages":[]}',
                                  b'{"nested":{"model":"x"}}'])
def test_case_034_missing_model_is_400(gateway, text):
    check_error(gateway.chat(text), 400, message="missing required field: model")


def test_case_035_provider_object_is_relayed(gateway, upstream):
    sent = b'{"model":"x","provider":{"order":["a"]},"messages":[]}'
    check_served_by(gateway.chat(sent), "openai")
    assert upstream.last.body == sent


def test_case_036_unknown_provider_is_404(gateway):
    response = gateway.chat(body(model="gpt-4o", provider="nonexistent"))
    check_error(response, 404, message='provider "nonexistent" not found')
    assert response.headers["x-should-retry"] == "false"


def test_case_037_model_without_a_provider_is_404(start, upstream):
    gateway = start(config({"openai": upstream}))
    check_error(gateway.chat(body(model="x")), 404, code="model_not_found",
                message='no provider configured for model "x"')


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 429, 500, 503, 529])
def test_case_038_upstream_error_passes_as_it_is(serve, status):
    error = b'{ "error": {"message":"mock error", "extra":[1] ,"code":%d}}\n' % status
    gateway, _ = serve(json_reply(error, status, {"Retry-After": "3", "x-ratelimit-limit": "9",
                                                  "x-request-id": "req_up"}))
    response = gateway.chat()
    assert (response.status, response.body) == (status, error)
    assert response.headers["content-type"] == "application/json"
    assert response.headers["retry-after"] == "3"
    assert response.headers["x-ratelimit-limit"] == "9"


def test_case_039_upstream_500_is_json(serve):
    response = serve(mock_error(500))[0].chat()
    assert response.status == 500
    assert response.headers["content-type"] == "application/json"
    assert response.error["message"] == "mock error"


@pytest.mark.parametrize("junk", [b"<html>Bad gateway</html>", b"\x1b\x07\xff\xf3\xa0\x80\x81"])
def test_case_040_and_041_unreadable_upstream_error_keeps_its_status(serve, junk):
    response = serve(reply(500, junk, {"Content-Type": "text/html"}))[0].chat()
    assert response.status == 500
    if response.body == junk:
        assert response.headers["content-type"] == "text/html"
    else:
        assert response.error["message"]


@pytest.mark.parametrize("stream", [False, True])
def test_case_042_refused_connection_is_502(start, refused, stream):
    gateway = start(openai_config(refused))
    error = check_error(gateway.chat(body(model="m", stream=stream)), 502,
                        starts="openai request failed: ")
    assert "test-key" not in error["message"]


@pytest.mark.parametrize("stream", [False, True])
def test_case_043_time_out_of_the_upstream_is_504(start, make_upstream, stream):
    upstream = make_upstream(hang)
    gateway = start(openai_config(provider(upstream, timeouts={"first_byte": "100ms"})))
    check_error(gateway.chat(body(model="m", stream=stream)), 504,
                starts="openai request failed: ")
    upstream.last.gone.wait(10)
    assert upstream.last.gone.is_set()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_case_044_redirect_is_never_followed(serve, make_upstream, status):
    other = make_upstream()
    location = {"Location": other.url + "/chat/completions"}
    gateway, _ = serve(reply(status, b"", location))
    assert gateway.chat().status == 502
    assert other.connections == 0


def test_case_045_large_answer_passes_whole(serve):
    large = b'{"pad":"' + b"x" * (3 << 20) + b'"}'
    response = serve(json_reply(large))[0].chat()
    assert response.complete
    assert response.body == large


def test_case_046_encoded_answer_keeps_its_encoding(serve):
    packed = gzip.compress(CHAT, mtime=0)
    gateway, _ = serve(reply(200, packed, {**JSON, "Content-Encoding": "gzip"}))
    response = gateway.chat(headers={"Accept-Encoding": "gzip"})
    assert response.headers["content-encoding"] == "gzip"
    assert response.body == packed


@pytest.fixture
def azure(start, upstream):
    settings = provider(upstream, key="K", api_version="2024-10-21")
    return start(config({"azureopenai-x": settings}, default="azureopenai-x"))


def test_case_047_azure_chat_has_api_key_and_version(azure, upstream):
    assert azure.chat().body == CHAT
    assert upstream.last.target == "/chat/completions?api-version=2024-10-21"
    assert upstream.last.headers["api-key"] == "K"
    assert "authorization" not in upstream.last.headers


def test_case_048_azure_embeddings(azure, upstream):
    response = azure.post("/v1/embeddings", b'{"model":"e","input":"x"}')
    assert response.body == EMBEDDINGS
    assert upstream.last.target == "/embeddings?api-version=2024-10-21"
    assert upstream.last.headers["api-key"] == "K"


def test_case_049_azure_native_gets_the_configured_version(azure, upstream):
    assert azure.get("/native/azureopenai-x/some/path?api-version=1").status == 200
    assert upstream.last.target == "/some/path?api-version=2024-10-21"
    assert upstream.last.headers["api-key"] == "K"


def test_case_042_unresolvable_host_is_502(start):
    gateway = start(openai_config("http://no-such-host.invalid"))
    check_error(gateway.chat(), 502, starts="openai request failed: ")
