"""What /native relays besides the cases: other credentials, odd paths, bodies without a length."""

import pytest

from support.checks import check_error
from support.client import request_bytes
from support.configs import config, openai_config, provider
from support.replies import JSON, hang, json_reply
from support.sim_gemini import SimGemini
from support.simulator import KEY
from support.waiting import wait


def test_base_path_is_put_before(start, upstream):
    gateway = start(openai_config(upstream.url + "/v1"))
    gateway.get("/native/openai/files")
    assert upstream.last.target == "/v1/files"


def test_bare_provider_is_redirected_or_relayed(gateway, upstream):
    response = gateway.get("/native/openai")
    assert response.status == 307
    assert response.headers["location"] == "/native/openai/"
    gateway.get("/native/openai/")
    assert upstream.last.target == "/"


def test_credentials_and_our_headers_stay(gateway, upstream):
    gateway.get("/native/openai/x", {
        "x-api-key": "mine", "api-key": "mine", "Cookie": "c=mine", "Proxy-Authorization": "mine",
        "X-Butter-App-Key": "btr_aaaaaaaaaaaaaaaaaaaa", "OpenAI-Beta": "assistants=v2"})
    headers = upstream.last.headers
    assert "mine" not in str(headers)
    assert "x-butter-app-key" not in headers
    assert headers["openai-beta"] == "assistants=v2"


def test_chunked_upload_passes(gateway, upstream):
    client = gateway.client()
    client.send(request_bytes("POST", "/native/openai/x",
                              {**JSON, "Transfer-Encoding": "chunked"}) + b"5\r\nhello\r\n0\r\n\r\n")
    assert client.response().status == 200
    assert upstream.last.body == b"hello"


@pytest.mark.parametrize("path", ["/a/../../etc", "/./x", "//double"])
def test_path_cannot_climb_out(gateway, upstream, path):
    response = gateway.get("/native/openai" + path)
    if response.status == 307:
        assert response.headers["location"].startswith("/")
        assert upstream.calls() == []
    else:
        for request in upstream.calls():
            assert "/../" not in request.target


def test_refused_connection_is_502(start, refused):
    gateway = start(openai_config(refused))
    error = check_error(gateway.get("/native/openai/x"), 502, starts="openai request failed: ")
    assert "test-key" not in error["message"]


def test_time_out_is_504(start, make_upstream):
    upstream = make_upstream(hang, path="/x")
    gateway = start(openai_config(provider(upstream, timeouts={"first_byte": "100ms"})))
    check_error(gateway.get("/native/openai/x"), 504)


def test_client_that_leaves_closes_the_upstream(serve):
    gateway, upstream = serve(hang, path="/x")
    client = gateway.client()
    client.send(request_bytes("GET", "/native/openai/x"))
    request = upstream.wait_calls(1)[0]
    client.close()
    wait(request.gone, "the upstream's end")


def test_unknown_v1_path_is_relayed_to_the_default_provider(serve):
    gateway, upstream = serve(json_reply({"results": []}), path="/moderations")
    response = gateway.post("/v1/moderations", b'{"model":"m","input":"x"}')
    assert response.json() == {"results": []}
    assert upstream.last.target == "/moderations"
    assert upstream.last.headers["authorization"] == "Bearer test-key"


def test_v1_path_with_a_query_is_relayed(serve):
    gateway, upstream = serve(json_reply({"data": []}), path="/files")
    assert gateway.get("/v1/files?limit=3").json() == {"data": []}
    assert upstream.last.target == "/files?limit=3"


@pytest.mark.parametrize("method", ["generateContent", "streamGenerateContent?alt=sse"])
def test_gemini_in_its_own_dialect(start, method):
    """Google's own clients work below /native/gemini: the key is ours, in a header."""
    sim = SimGemini()
    try:
        gateway = start(config({"gemini": provider(sim.url, key=KEY)}))
        body = {"contents": [{"role": "user", "parts": [{"text": "hello"}]}]}
        response = gateway.post(f"/native/gemini/v1beta/models/gemini-2.0-flash:{method}", body)
        assert response.status == 200
        assert b"Gemini!" in response.body
        request = sim.upstream.last
        assert request.target == f"/v1beta/models/gemini-2.0-flash:{method}"
        assert request.headers["x-goog-api-key"] == KEY
        assert "authorization" not in request.headers
    finally:
        sim.stop()
    assert not sim.refused
