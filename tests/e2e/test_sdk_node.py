"""The official Node SDK: each file of node/ is one run of `node --test`."""

import json
import subprocess

import pytest

from support import golden_responses
from support.configs import mock_config, openai_config
from support.gateway import environment
from support.replies import (HELLO, ROLE, by_stream, cut, hang, json_reply, mock_error, reset,
                             stream_reply, stream_then)
from support.sdk_calls import NODE_FOLDER, node_program
from support.vendors import CLIENT_KEY, VENDORS

VENDOR_ROWS = json.dumps([
    {"name": vendor.name, "model": vendor.ask(), "texts": vendor.texts,
     "embeddings": vendor.embeddings and f"{vendor.provider}/{vendor.embeddings}"} for vendor in VENDORS])
ERROR = b'data: {"error":{"message":"overloaded","type":"server_error","code":"busy"}}\n\n'


@pytest.fixture(scope="module")
def node():
    return node_program()


def run_file(node, name, base_url, **more):
    result = subprocess.run(
        [node, "--test", name], cwd=NODE_FOLDER, env=environment({"BASE_URL": base_url} | more),
        text=True, capture_output=True, timeout=120, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def by_model(exchange):
    """What the model's name asks for."""
    model = json.loads(exchange.request.body)["model"]
    if model.startswith("status-"):
        mock_error(int(model.removeprefix("status-")), {"Retry-After": "17"})(exchange)
    else:
        BY_MODEL[model](exchange)


BY_MODEL = {
    "ok": by_stream,
    "cut": stream_then([ROLE, HELLO], cut),
    "reset": stream_then([ROLE, HELLO], reset),
    "hang": stream_then([ROLE, HELLO], hang),
    "error": stream_reply([ROLE, HELLO, ERROR]),
}


def test_built_in_provider(node, start):
    run_file(node, "mock.test.mjs", start(mock_config()).url + "/v1")


def test_fake_upstream(node, start, make_upstream):
    upstream = make_upstream(by_model)
    upstream.on("/files", json_reply({"id": "file-1", "object": "file"}))
    run_file(node, "upstream.test.mjs", start(openai_config(upstream)).url + "/v1")


def test_what_the_responses_dialect_writes(node, make_upstream):
    upstream = make_upstream(golden_responses.serve, path="/v1/responses")
    run_file(node, "responses_dialect.test.mjs", upstream.url + "/v1",
             WHOLES=",".join(golden_responses.COMPLETED))


@pytest.mark.parametrize("name", ["translated.test.mjs", "frameworks.test.mjs"])
def test_every_vendor(node, vendors, name):
    run_file(node, name, vendors.gateway.url, VENDORS=VENDOR_ROWS, API_KEY=CLIENT_KEY)
