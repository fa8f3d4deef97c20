"""The simulator of Vertex answers both vendors' models, and refuses what is not said in Vertex's way."""

import json

import pytest

from support.client import Client
from support.sim_google_token import TOKEN
from support.sim_vertex import LOCATION, PROJECT, VERSION, SimVertex

MODELS = f"/v1/projects/{PROJECT}/locations/{LOCATION}/publishers"
GEMINI = f"{MODELS}/google/models/gemini-2.5-flash"
CLAUDE = f"{MODELS}/anthropic/models/claude-sonnet-4-5@20250929"
TURN = {"contents": [{"role": "user", "parts": [{"text": "hello"}]}]}
MESSAGES = {"anthropic_version": VERSION, "max_tokens": 9, "messages": [{"role": "user", "content": "hello"}]}


@pytest.fixture
def ask():
    """Posts to the simulator: its answer."""
    sim = SimVertex()

    def post(path, body, token=TOKEN):
        with Client(sim.upstream.address) as client:
            headers = [("Content-Type", "application/json"), ("Authorization", f"Bearer {token}")]
            return client.request("POST", path, headers, json.dumps(body).encode())

    yield post
    sim.stop()
    assert not sim.upstream.errors, sim.upstream.errors


def test_gemini(ask):
    whole = json.loads(ask(f"{GEMINI}:generateContent", TURN).body)
    said = "".join(part["text"] for part in whole["candidates"][0]["content"]["parts"])
    assert said == "Hello from Gemini!"
    events = ask(f"{GEMINI}:streamGenerateContent?alt=sse", TURN).data()
    assert len(events) == 3


def test_claude(ask):
    assert json.loads(ask(f"{CLAUDE}:rawPredict", MESSAGES).body)["content"][0]["text"] == "Hello from Claude!"
    events = ask(f"{CLAUDE}:streamRawPredict", {**MESSAGES, "stream": True}).data()
    assert json.loads(events[-1])["type"] == "message_stop"


@pytest.mark.parametrize("path, body, status", [
    (f"{CLAUDE}:generateContent", TURN, 404), (f"{GEMINI}:streamGenerateContent", TURN, 404),
    ("/v1beta/models/gemini-2.5-flash:generateContent", TURN, 404),
    (f"{CLAUDE}:rawPredict", {**MESSAGES, "anthropic_version": "bedrock-2023-05-31"}, 400),
    (f"{CLAUDE}:rawPredict", {**MESSAGES, "model": "claude"}, 400),
    (f"{CLAUDE}:streamRawPredict", MESSAGES, 400), (f"{GEMINI}:generateContent", MESSAGES, 400)])
def test_refuses(ask, path, body, status):
    assert ask(path, body).status == status


def test_wants_its_token(ask):
    assert ask(f"{GEMINI}:generateContent", TURN, token="other").status == 401
