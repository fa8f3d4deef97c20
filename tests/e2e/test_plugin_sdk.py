"""Plugins made with the kits of sdk/ do what their example says, in every language."""

import json
import os
import pathlib
import re
import shutil
import subprocess

import pytest

from support.gateway import run
from support.replies import chat_reply

ROOT = pathlib.Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(not (ROOT / "build/extism/libextism.so").exists(),
                                reason="scripts/fetch_extism.sh was not run")


def has_rust_target():
    for rustc in filter(None, (shutil.which("rustc"), shutil.which("rustc", path="/usr/bin"))):
        root = subprocess.run([rustc, "--print", "sysroot"], capture_output=True, text=True,
                              check=False).stdout.strip()
        if pathlib.Path(root, "lib/rustlib/wasm32-unknown-unknown").exists():
            return True
    return False


def has_go():
    """1.24 can export functions."""
    if not shutil.which("go"):
        return False
    said = subprocess.run(["go", "env", "GOVERSION"], capture_output=True, text=True, check=False,
                          env={**os.environ, "GOTOOLCHAIN": "local"}).stdout
    version = re.match(r"go(\d+)\.(\d+)", said)
    return version is not None and tuple(map(int, version.groups())) >= (1, 24)


LANGUAGES = {
    "c": shutil.which("wasm-ld-19") or shutil.which("wasm-ld"),
    "go": has_go(),
    "rust": has_rust_target(),
    "assemblyscript": shutil.which("npm"),
}


# Go's modules take seconds to compile, once.
PATIENCE = 120


@pytest.fixture(scope="module", params=LANGUAGES)
def plugin(request, tmp_path_factory):
    language = request.param
    if not LANGUAGES[language]:
        pytest.skip(f"no compiler for {language}")
    subprocess.run([ROOT / "sdk/build.sh", language], check=True, timeout=300,
                   stdin=subprocess.DEVNULL)
    path = ROOT / f"build/sdk/example-{language}.wasm"
    cache = tmp_path_factory.mktemp(f"cache-{language}", numbered=False)
    return language, lambda *flags: run("plugin", "test", path, "--timeout", "5s", "--cache-dir",
                                        cache, *flags, deadline=PATIENCE)


@pytest.fixture
def gateway(plugin, serve, tmp_path_factory):
    """A gateway with the example, and its upstream."""
    language, _ = plugin
    # As the folder of `plugin`: the module need not be compiled twice.
    cache = tmp_path_factory.getbasetemp() / f"cache-{language}"
    return serve(chat_reply(), wasm={"cache_dir": str(cache)}, wasm_plugins=[{
        "name": "example", "path": str(ROOT / f"build/sdk/example-{language}.wasm"),
        "config": {"deny": "mallory"}, "timeout": "5s"}])


def try_on(start, body, tmp_path, *flags):
    request = tmp_path / "request.json"
    request.write_text(json.dumps(body))
    return start("--request", request, *flags)


def test_a_request_is_marked(plugin, tmp_path):
    language, start = plugin
    body = {"model": "m", "user": "alice", "n": 1.5,
            "messages": [{"role": "user", "content": "\u00fc"}]}
    result = try_on(start, body, tmp_path, "--config", "deny=mallory", "--times", "3")
    assert result.returncode == 0, result.stdout
    assert f'metadata seen_by = "{language}"' in result.stdout
    assert f"header X-Seen-By: {language}" in result.stdout


def test_a_user_is_turned_away_and_the_log_says_so(plugin, tmp_path):
    _, start = plugin
    result = try_on(start, {"model": "m", "user": "mallory"}, tmp_path, "--config", "deny=mallory")
    assert result.returncode == 0, result.stdout
    assert 'answers with 403 {"error":{"message":"this user is not allowed"}}' in result.stdout
    assert '"msg":"turned a user away"' in result.stderr


def test_without_a_body_and_configuration_it_runs(plugin):
    _, start = plugin
    result = start()
    assert result.returncode == 0, result.stdout
    assert "seen_by" in result.stdout


def test_in_the_gateway_it_does_the_same(plugin, gateway):
    language, _ = plugin
    running, upstream = gateway
    body = {"model": "gpt-4o", "messages": [{"role": "user", "content": "hi"}]}
    assert running.chat(body | {"user": "alice"}).status == 200
    assert upstream.last.headers.get("x-seen-by") == language
    answer = running.chat(body | {"user": "mallory"})
    assert (answer.status, answer.json()) == (403,
                                              {"error": {"message": "this user is not allowed"}})
    assert running.wait_log("turned a user away")[0]["plugin"] == "example"
    assert len(upstream.requests) == 1


def test_the_command_tells_what_is_wrong():
    result = run("plugin", "test", "/nowhere/plugin.wasm")
    assert result.returncode == 1
    assert "/nowhere/plugin.wasm" in result.stdout
    result = run("plugin", "try")
    assert result.returncode == 2
    assert "Usage of butter plugin test" in result.stderr
