"""The program alone in an empty folder: the built-in provider answers."""

import fcntl
import json
import tempfile
from pathlib import Path

import pytest

from support.checks import check_error, check_served_by, check_whole_stream
from support.connect_proxy import ConnectProxy
from support.replies import HI, HI_STREAM


@pytest.fixture
def alone(start):
    """Starts without a file. The built-in address is one port, so one test at a time has it."""
    with open(Path(tempfile.gettempdir()) / "butter-e2e-8080.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)

        def begin(**options):
            gateway = start(**options)
            started.append(gateway)
            return gateway
        started = []
        yield begin
        for gateway in started:
            gateway.stop()


@pytest.fixture
def zero(alone):
    return alone()


def test_it_says_what_it_does(zero):
    assert zero.get("/healthz").body == b"ok"
    assert zero.get("/readyz").status == 200


def test_chat(zero):
    response = zero.chat(HI)
    check_served_by(response, "mock")
    answer = response.json()
    assert answer["object"] == "chat.completion"
    assert answer["model"] == "gpt-4o"
    assert answer["choices"][0]["message"]["role"] == "assistant"
    assert answer["choices"][0]["message"]["content"]
    assert answer["choices"][0]["finish_reason"] == "stop"
    usage = answer["usage"]
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]


def test_chat_stream(zero):
    response = zero.stream(HI_STREAM)
    check_whole_stream(response)
    chunks = [json.loads(data) for data in response.data()[:-1]]
    assert {chunk["object"] for chunk in chunks} == {"chat.completion.chunk"}
    assert len({chunk["id"] for chunk in chunks}) == 1
    text = "".join(c["choices"][0]["delta"].get("content") or "" for c in chunks if c["choices"])
    assert text


def test_forced_tool_is_called(zero):
    tool = {"type": "function", "function": {"name": "weather", "parameters": {"type": "object"}}}
    body = {"model": "m", "messages": [{"role": "user", "content": "x"}], "tools": [tool],
            "tool_choice": {"type": "function", "function": {"name": "weather"}}}
    choice = zero.chat(body).json()["choices"][0]
    assert choice["finish_reason"] in ("tool_calls", "stop")
    assert choice["message"]["tool_calls"][0]["function"]["name"] == "weather"
    json.loads(choice["message"]["tool_calls"][0]["function"]["arguments"])


def test_embeddings(zero):
    response = zero.post("/v1/embeddings", {"model": "e", "input": ["a", "b"]})
    assert [entry["index"] for entry in response.json()["data"]] == [0, 1]


def test_responses(zero):
    response = zero.post("/v1/responses", {"model": "m", "input": "hi"})
    assert response.json()["object"] == "response"
    assert response.json()["status"] == "completed"


def test_responses_stream(zero):
    response = zero.post("/v1/responses", {"model": "m", "input": "hi", "stream": True})
    assert response.complete
    kinds = [json.loads(data)["type"] for data in response.data()]
    assert kinds[0] == "response.created"
    assert kinds[-1] == "response.completed"


def test_models(zero):
    assert zero.get("/v1/models").json()["object"] == "list"


def test_metrics_are_on(zero):
    zero.chat()
    assert "butter_request_total" in zero.get("/metrics").text


def test_bad_json_is_refused_here_too(zero):
    assert zero.chat(b"{bad").status == 400


def test_provider_of_the_environment_is_there(alone):
    proxy = ConnectProxy(refuse=403)
    gateway = alone(env={"GROQ_API_KEY": "sk-marked", "HTTPS_PROXY": proxy.url})
    response = gateway.chat(b'{"model":"groq/llama","messages":[]}')
    check_error(response, 502, starts="groq request failed: ")
    assert proxy.targets[0] == "CONNECT api.groq.com:443"
    assert "sk-marked" not in gateway.output + response.text
    proxy.stop()
