"""The simulator of Google's API refuses what Google refuses, and answers in its dialect."""

import json

import pytest

from support.client import Client
from support.sim_gemini import SimGemini
from support.simulator import KEY

PATH = "/v1beta/models/gemini-2.0-flash"
USER = {"role": "user", "parts": [{"text": "hello"}]}
WEATHER = {"name": "weather", "parametersJsonSchema": {
    "type": "object", "properties": {"city": {"type": "string"}, "days": {"type": "integer"}}}}
TIME = {"name": "time"}
TOOLS = [{"functionDeclarations": [WEATHER, TIME]}]


@pytest.fixture
def sim():
    made = SimGemini()
    yield made
    made.stop()
    assert not made.upstream.errors, made.upstream.errors


@pytest.fixture
def ask(sim):
    """Posts to the simulator: status and body."""
    def post(body, path=f"{PATH}:generateContent", key=KEY):
        with Client(sim.upstream.address) as client:
            headers = [("Content-Type", "application/json")]
            if key:
                headers.append(("x-goog-api-key", key))
            text = body if isinstance(body, bytes) else json.dumps(body).encode()
            response = client.request("POST", path, headers, text)
            return response
    return post


def call(name, **more):
    return {"functionCall": {"name": name, "args": {}}, **more}


def answer(name, **more):
    return {"functionResponse": {"name": name, "response": {"output": "sunny"}, **more}}


REFUSED = {
    "no contents": ({}, "contents is not specified"),
    "unknown field": ({"contents": [USER], "model": "x"}, 'Unknown name "model"'),
    "unknown nested field": ({"contents": [{**USER, "name": "x"}]}, 'Unknown name "name"'),
    "no parts": ({"contents": [{"role": "user", "parts": []}]}, "parts must not be empty"),
    "role": ({"contents": [{"role": "assistant", "parts": [{"text": "a"}]}]}, "valid role"),
    "empty part": ({"contents": [{"role": "user", "parts": [{}]}]}, "oneof field 'data'"),
    "two in a part": ({"contents": [{"role": "user", "parts": [
        {"text": "a", "inlineData": {"mimeType": "image/png", "data": ""}}]}]}, "oneof"),
    "alternation": ({"contents": [USER, USER]}, "alternate"),
    "base64": ({"contents": [{"role": "user", "parts": [
        {"inlineData": {"mimeType": "image/png", "data": "%%"}}]}]}, "Base64"),
    "media type": ({"contents": [{"role": "user", "parts": [{"inlineData": {"data": "QQ=="}}]}]},
                   "MIME type"),
    "call without response": ({"contents": [USER, {"role": "model", "parts": [call("f")]}, USER]},
                              "number of function response parts"),
    "call at the end": ({"contents": [USER, {"role": "model", "parts": [call("f")]}]},
                        "followed by a response"),
    "response without call": ({"contents": [{"role": "user", "parts": [answer("f")]}]},
                              "number of function response parts"),
    "another name": ({"contents": [USER, {"role": "model", "parts": [call("f")]},
                                   {"role": "user", "parts": [answer("g")]}]}, "does not match"),
    "another id": ({"contents": [USER, {"role": "model", "parts": [call("f")]},
                                 {"role": "user", "parts": [answer("f", id="7")]}]},
                   "does not match"),
    "a signature of nobody": ({"contents": [USER, {"role": "model", "parts": [
        {"text": "a", "thoughtSignature": "QQ=="}]}, USER]}, "Thought signature is not valid"),
    "name of a function": ({"contents": [USER], "tools": [
        {"functionDeclarations": [{"name": "a b"}]}]}, "Invalid function name"),
    "two of a name": ({"contents": [USER], "tools": [{"functionDeclarations": [TIME, TIME]}]},
                      "Duplicate"),
    "allowed without ANY": ({"contents": [USER], "tools": TOOLS, "toolConfig": {
        "functionCallingConfig": {"mode": "AUTO", "allowedFunctionNames": ["time"]}}}, "mode is ANY"),
    "allowed but not declared": ({"contents": [USER], "tools": TOOLS, "toolConfig": {
        "functionCallingConfig": {"mode": "ANY", "allowedFunctionNames": ["x"]}}}, "not declared"),
    "temperature": ({"contents": [USER], "generationConfig": {"temperature": 3}}, "temperature"),
    "type": ({"contents": [USER], "generationConfig": {"maxOutputTokens": "5"}}, "maxOutputTokens"),
    "stops": ({"contents": [USER], "generationConfig": {"stopSequences": list("abcdef")}}, "at most 5"),
    "schema without type": ({"contents": [USER], "generationConfig": {"responseJsonSchema": {}}},
                            "responseMimeType"),
    "level and budget": ({"contents": [USER], "generationConfig": {"thinkingConfig": {
        "thinkingBudget": 1, "thinkingLevel": "LOW"}}}, "only one of"),
    "level": ({"contents": [USER], "generationConfig": {"thinkingConfig": {"thinkingLevel": "x"}}},
              "thinkingLevel"),
    "no JSON": (b"{", "Invalid JSON"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_wrong_requests_are_refused(ask, sim, name):
    body, why = REFUSED[name]
    response = ask(body)
    error = json.loads(response.body)["error"]
    assert (response.status, error["code"], error["status"]) == (400, 400, "INVALID_ARGUMENT")
    assert why in error["message"]
    assert sim.refused == [error["message"]]


def test_keys(ask):
    assert ask({"contents": [USER]}, key=None).status == 403
    wrong = ask({"contents": [USER]}, key="other")
    assert wrong.status == 400
    assert json.loads(wrong.body)["error"]["details"][0]["reason"] == "API_KEY_INVALID"
    assert ask({"contents": [USER]}, f"{PATH}:generateContent?key={KEY}").status == 400


def test_addresses(ask):
    for path in ("/v1beta/models/a/b:generateContent", f"{PATH}:countTokens", f"{PATH}",
                 f"{PATH}:streamGenerateContent", f"{PATH}:generateContent?alt=sse"):
        assert ask({"contents": [USER]}, path).status == 404, path


def test_gemini_3_wants_signatures(ask):
    path = "/v1beta/models/gemini-3-flash:generateContent"
    body = {"contents": [USER], "tools": TOOLS}
    content = json.loads(ask(body, path).body)["candidates"][0]["content"]
    reply = {"role": "user", "parts": [answer("weather")]}
    ok = ask({**body, "contents": [USER, content, reply]}, path)
    assert ok.status == 200, ok.body
    assert "The result is sunny." in "".join(
        part["text"] for part in json.loads(ok.body)["candidates"][0]["content"]["parts"])
    del content["parts"][0]["thoughtSignature"]
    assert b"thought_signature" in ask({**body, "contents": [USER, content, reply]}, path).body


def test_a_stream_says_what_the_whole_answer_says(ask):
    whole = json.loads(ask({"contents": [USER]}).body)
    response = ask({"contents": [USER]}, f"{PATH}:streamGenerateContent?alt=sse")
    events = [json.loads(data) for data in response.data()]
    parts = [part for event in events for part in event["candidates"][0]["content"]["parts"]]
    assert parts == whole["candidates"][0]["content"]["parts"]
    assert events[-1]["candidates"][0]["finishReason"] == "STOP"


def test_parallel_calls_and_schemas(ask):
    path = "/v1beta/models/gemini-2.5-parallel:generateContent"
    parts = json.loads(ask({"contents": [USER], "tools": TOOLS}, path).body)
    parts = parts["candidates"][0]["content"]["parts"]
    assert [part["functionCall"]["name"] for part in parts] == ["weather", "time"]
    assert parts[0]["functionCall"]["args"] == {"city": "Köln", "days": 3}
    config = {"responseMimeType": "application/json",
              "responseJsonSchema": WEATHER["parametersJsonSchema"]}
    parts = json.loads(ask({"contents": [USER], "generationConfig": config}).body)
    text = "".join(part["text"] for part in parts["candidates"][0]["content"]["parts"])
    assert json.loads(text) == {"city": "Köln", "days": 3}


def test_on_demand(ask):
    def of(word):
        return ask({"contents": [USER]}, f"/v1beta/models/gemini-{word}:generateContent")

    assert "promptFeedback" in json.loads(of("blocked").body)
    assert json.loads(of("x-safety").body)["candidates"][0]["finishReason"] == "SAFETY"
    late = of("error-429")
    assert late.status == 429
    assert json.loads(late.body)["error"]["details"][0]["retryDelay"] == "2s"
    assert json.loads(of("thinking").body)["usageMetadata"]["thoughtsTokenCount"] == 7
    stream = ask({"contents": [USER]}, "/v1beta/models/stream-error:streamGenerateContent?alt=sse")
    assert "error" in json.loads(stream.data()[-1])


def test_embeddings(ask):
    one = {"model": "models/e", "content": {"parts": [{"text": "abc"}]}, "outputDimensionality": 2}
    path = "/v1beta/models/e"
    assert json.loads(ask(one, f"{path}:embedContent").body) == {
        "embedding": {"values": [0.03, -0.5]}}
    both = json.loads(ask({"requests": [one, one]}, f"{path}:batchEmbedContents").body)
    assert len(both["embeddings"]) == 2
    assert ask({**one, "model": "e"}, f"{path}:embedContent").status == 400
    assert ask({"model": "models/e"}, f"{path}:embedContent").status == 400
