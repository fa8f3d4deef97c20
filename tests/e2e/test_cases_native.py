"""Cases 124 to 132: the provider's own API below /native."""

import threading

import pytest

from support.checks import check_error
from support.client import request_bytes
from support.configs import config, openai_config, provider
from support.replies import DONE, HELLO, json_reply, mock_error, reply


def test_case_124_native_reaches_the_provider_with_the_stored_key(gateway, upstream):
    response = gateway.get("/native/openai/v1/models")
    assert (response.status, response.body) == (200, b'{"path":"/v1/models"}')
    assert upstream.last.line == "GET /v1/models HTTP/1.1"
    assert upstream.last.headers["authorization"] == "Bearer test-key"


def test_case_125_unknown_provider(gateway):
    check_error(gateway.get("/native/nonexistent/v1/models"), 404,
                message='provider "nonexistent" not found')


def test_case_126_body_and_headers_pass_unchanged(serve):
    gateway, upstream = serve(json_reply(b'{ "a":1 }', headers={"X-Custom": "Yes"}),
                              path="/embeddings")
    sent = b'{"provider":"kept","model":"openai/x", "odd" : [ ]}'
    response = gateway.post("/native/openai/embeddings", sent)
    assert upstream.last.body == sent
    assert response.body == b'{ "a":1 }'
    assert response.headers["x-custom"] == "Yes"


@pytest.mark.parametrize("mode, expected", [("stored", "Bearer test-key"),
                                            ("passthrough", "Bearer sk-client")])
def test_case_127_whose_credential_goes_up(start, upstream, mode, expected):
    gateway = start(openai_config(provider(upstream, credential_mode=mode)))
    gateway.get("/native/openai/x", {"Authorization": "Bearer sk-client"})
    assert upstream.last.headers["authorization"] == expected


def test_case_128_event_stream_is_live(serve):
    go_on = threading.Event()

    def handler(exchange):
        exchange.start_stream(content_type="text/event-stream; charset=utf-8")
        exchange.chunk(HELLO)
        exchange.pause(go_on)
        exchange.chunk(DONE)
        exchange.end()

    gateway, _ = serve(handler, path="/live")
    client = gateway.client()
    client.send(request_bytes("GET", "/native/openai/live"))
    head = client.read_until(b"\r\n\r\n").lower()
    assert b"content-type: text/event-stream; charset=utf-8\r\n" in head
    client.read_until(b"Hello")
    go_on.set()
    client.read_until(b"0\r\n\r\n")


def test_case_129_query_string_is_kept(gateway, upstream):
    gateway.get("/native/openai/files?limit=2&after=a%26b")
    assert upstream.last.target == "/files?limit=2&after=a%26b"


@pytest.mark.parametrize("path", ["/a%2Fb", "/a%20b%3Fq=1", "/a%2fb/%C3%A9"])
def test_case_130_encoded_path_stays_encoded(gateway, upstream, path):
    gateway.get("/native/openai" + path)
    assert upstream.last.target == path


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "GET"])
def test_case_131_content_length_is_kept(gateway, upstream, method):
    gateway.request(method, "/native/openai/x", (), b"12345")
    assert upstream.last.method == method
    assert upstream.last.headers["content-length"] == "5"
    assert not upstream.last.chunked
    assert upstream.last.body == b"12345"


def test_case_132_bedrock_has_no_native(start):
    settings = {"region": "us-east-1"}
    gateway = start(config({"bedrock": settings}))
    response = gateway.get("/native/bedrock/x")
    assert response.status in (400, 501)
    check_error(response, response.status,
                contains='provider "bedrock" does not support passthrough')


@pytest.mark.parametrize("status", [400, 404, 429, 500])
def test_native_error_passes_and_is_not_tried_again(serve, status):
    gateway, upstream = serve(mock_error(status), path="/x",
                              failover={"enabled": True, "max_retries": 2})
    response = gateway.get("/native/openai/x")
    assert response.status == status
    assert response.error["message"] == "mock error"
    assert len(upstream.calls()) == 1


def test_native_without_a_body_in_the_answer(serve):
    def no_content(exchange):
        exchange.head(204)
    gateway, _ = serve(no_content, path="/x")
    with gateway.client() as client:
        assert client.request("DELETE", "/native/openai/x").status == 204
        assert client.request("GET", "/healthz").body == b"ok"


def test_native_head_has_no_body(serve):
    def head_only(exchange):
        exchange.head(200, {"Content-Length": "1234"})
    gateway, _ = serve(head_only, path="/x")
    with gateway.client() as client:
        response = client.request("HEAD", "/native/openai/x")
        assert response.headers["content-length"] == "1234"
        assert client.request("GET", "/healthz").body == b"ok"


def test_native_answer_that_ends_with_the_connection(serve):
    def until_close(exchange):
        exchange.head(200, {"Content-Type": "text/plain", "Connection": "close"})
        exchange.send(b"all of it")
        exchange.close()
    gateway, _ = serve(until_close, path="/x")
    response = gateway.get("/native/openai/x")
    assert response.complete
    assert response.body == b"all of it"


def test_native_binary_passes(serve):
    binary = bytes(range(256)) * 100
    gateway, upstream = serve(reply(200, binary, {"Content-Type": "audio/mpeg"}), path="/x")
    response = gateway.post("/native/openai/x", binary, {"Content-Type": "application/octet-stream"})
    assert response.body == binary
    assert upstream.last.body == binary


def test_native_redirect_goes_to_the_caller_or_is_refused(serve, make_upstream):
    other = make_upstream()
    gateway, _ = serve(reply(302, b"", {"Location": other.url}), path="/x")
    assert gateway.get("/native/openai/x").status in (302, 502)
    assert other.connections == 0
