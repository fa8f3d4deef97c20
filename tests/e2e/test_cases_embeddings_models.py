"""Cases 89 to 96: embeddings and the list of models."""

import json

import pytest

from support.checks import check_error, check_served_by
from support.configs import FAILOVER, config, openai_config, provider
from support.replies import EMBEDDINGS, json_reply, mock_error

HELLO_WORLD = b'{"model":"text-embedding-3-small","input":"hello world"}'


def embed(gateway, body=HELLO_WORLD, headers=()):
    return gateway.post("/v1/embeddings", body, headers)


def test_case_089_embeddings_pass_both_ways(gateway, upstream):
    response = embed(gateway)
    assert (response.status, response.body) == (200, EMBEDDINGS)
    assert upstream.last.line == "POST /embeddings HTTP/1.1"
    assert upstream.last.body == HELLO_WORLD
    assert upstream.last.headers["authorization"] == "Bearer test-key"


def test_case_090_embeddings_by_route(start, upstream):
    gateway = start(config({"openai": upstream}, models={"text-embedding-3-small": ["openai"]}))
    check_served_by(embed(gateway), "openai")


def test_case_091_provider_that_does_not_speak_embeddings(start, upstream):
    gateway = start(config({"anthropic": provider(upstream)}, default="anthropic"))
    response = embed(gateway)
    assert response.status in (400, 501)
    check_error(response, response.status,
                contains='provider "anthropic" does not support embeddings')
    assert upstream.calls() == []


def test_case_092_missing_model_is_400(gateway):
    check_error(embed(gateway, b'{"input":"hello"}'), 400,
                message="missing required field: model")


def test_case_093_upstream_400_passes(serve):
    gateway, _ = serve(mock_error(400), path="/embeddings")
    response = embed(gateway)
    assert response.status == 400
    assert response.error["message"] == "mock error"


def test_case_094_embeddings_fail_over(start, make_upstream):
    bad = make_upstream(mock_error(503), path="/embeddings")
    good = make_upstream()
    gateway = start(config({"openai": bad, "openrouter": good}, failover=FAILOVER,
                           models={"text-embedding-3-small": ["openai", "openrouter"]}))
    check_served_by(embed(gateway), "openrouter")
    assert (len(bad.calls()), len(good.calls())) == (3, 1)


def test_case_095_models_are_the_routes(start, upstream):
    routes = {"gpt-4o": ["openai"], "text-embedding-3-small": ["openai"]}
    response = start(config({"openai": upstream}, models=routes)).get("/v1/models")
    assert response.status == 200
    assert response.headers["content-type"] == "application/json"
    listing = response.json()
    assert listing["object"] == "list"
    assert {entry["id"] for entry in listing["data"]} == set(routes)
    for entry in listing["data"]:
        assert entry["object"] == "model"
        assert isinstance(entry["created"], int)
        assert entry["owned_by"] == "openai"
    assert upstream.calls() == []


def test_case_096_no_routes_no_models(gateway):
    assert gateway.get("/v1/models").json() == {"object": "list", "data": []}


@pytest.mark.parametrize("text", [b"{bad", b""])
def test_case_092_bad_json_is_400(gateway, text):
    check_error(embed(gateway, text), 400, starts="invalid request body: ")


def test_large_embeddings_pass(start, make_upstream):
    vectors = [{"object": "embedding", "index": i, "embedding": [0.25] * 256} for i in range(400)]
    answer = json.dumps({"object": "list", "data": vectors, "model": "e"}).encode()
    gateway = start(openai_config(make_upstream(json_reply(answer), path="/embeddings")))
    sent = json.dumps({"model": "e", "input": ["word " * 200] * 1000}).encode()
    response = embed(gateway, sent)
    assert response.body == answer
