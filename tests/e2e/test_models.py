"""GET /v1/models and /v1/models/{id}."""

import openai
import pytest

from support.checks import check_error
from support.configs import config, provider

ROUTES = {"gpt-4o": ["openai"], "meta/llama-3": ["groq", "openai"], "claude (new)": ["groq"]}


@pytest.fixture
def listed(start, make_upstream):
    providers = {"openai": make_upstream(),
                 "groq": provider(make_upstream(), models={"fast": "llama-3.1-8b"})}
    return start(config(providers, models=ROUTES))


def test_list_is_in_a_fixed_order(listed):
    first = listed.get("/v1/models").json()["data"]
    assert set(ROUTES) <= {entry["id"] for entry in first}
    assert listed.get("/v1/models").json()["data"] == first


def test_owner_is_the_first_provider(listed):
    owners = {e["id"]: e["owned_by"] for e in listed.get("/v1/models").json()["data"]}
    assert owners["meta/llama-3"] == "groq"


@pytest.mark.parametrize("path, model", [
    ("gpt-4o", "gpt-4o"), ("meta/llama-3", "meta/llama-3"), ("meta%2Fllama-3", "meta/llama-3"),
    ("claude%20(new)", "claude (new)"),
])
def test_one_model(listed, path, model):
    response = listed.get("/v1/models/" + path)
    assert response.status == 200
    assert response.json()["id"] == model
    assert response.json()["object"] == "model"


def test_sdk_reads_a_model_with_a_slash(listed):
    with openai.OpenAI(base_url=listed.url + "/v1", api_key="any", max_retries=0) as client:
        assert client.models.retrieve("meta/llama-3").id == "meta/llama-3"


def test_model_that_is_not_there(listed):
    check_error(listed.get("/v1/models/nope"), 404, code="model_not_found")


def test_wrong_method(listed):
    response = listed.request("DELETE", "/v1/models")
    assert (response.status, response.headers["allow"]) == (405, "GET, HEAD")


def test_aliases_are_listed_once(listed):
    ids = [entry["id"] for entry in listed.get("/v1/models").json()["data"]]
    assert len(ids) == len(set(ids))


def test_readyz_says_ready(listed):
    assert listed.get("/readyz").status == 200
