"""The command line: what it prints, and what it exits with."""

import signal
import socket

import pytest

from support.configs import openai_config
from support.gateway import run

GOOD = 'server: {address: "127.0.0.1:0"}\nproviders: {mock: {type: mock}}\n'
BAD = """\
server:
  read_timeout: 30
providers:
  openai:
    keys: [{key: sk-marked-secret, weight: -1}]
routing:
  default_provider: nobody
  failover:
    max_retries: three
"""


@pytest.fixture
def write(tmp_path):
    def to_file(text):
        path = tmp_path / "given.yaml"
        path.write_text(text)
        return path
    return to_file


def test_version_names_the_version():
    result = run("version")
    assert result.returncode == 0
    assert result.stderr == ""
    assert result.stdout.splitlines()[0].removeprefix("version: ").strip()


@pytest.mark.parametrize("flag", ["-h", "-help", "--help", "--h"])
def test_help_is_exit_0(flag):
    result = run(flag)
    assert result.returncode == 0
    text = result.stdout + result.stderr
    for word in ("-config", "version", "check"):
        assert word in text


@pytest.mark.parametrize("args", [["-foo"], ["--foo"], ["-foo=1"], ["check", "-foo"]])
def test_unknown_flag_is_exit_2(args):
    result = run(*args)
    assert result.returncode == 2
    assert "flag provided but not defined: -foo" in result.stderr


def test_flag_without_its_value_is_exit_2():
    result = run("-config")
    assert result.returncode == 2
    assert "-config" in result.stderr


@pytest.mark.parametrize("spelling", [["-config", "{}"], ["--config", "{}"], ["-config={}"],
                                      ["--config={}"]])
def test_every_spelling_of_config(start, write, spelling):
    path = str(write(GOOD))
    assert start(args=[part.format(path) for part in spelling]).get("/healthz").body == b"ok"


def test_config_yaml_of_the_folder_is_the_default(start):
    gateway = start(openai_config("http://127.0.0.1:9"), args=[])
    assert gateway.get("/healthz").body == b"ok"
    assert gateway.address[1] != 8080


def test_check_of_a_good_file(write):
    result = run("check", "-config", write(GOOD))
    assert (result.returncode, result.stderr) == (0, "")


def test_check_finds_every_mistake_with_its_place(write):
    path = write(BAD)
    result = run("check", "-config", path)
    text = result.stdout + result.stderr
    assert result.returncode == 1
    for place in ("given.yaml:2:", "given.yaml:5:", "given.yaml:9:"):
        assert place in text, text
    for name in ("server.read_timeout", "weight", "routing.failover.max_retries"):
        assert name in text, text
    assert "sk-marked-secret" not in text


def test_check_finds_a_provider_that_is_not_there(write):
    result = run("check", "-config", write("routing:\n  default_provider: nobody\n"))
    assert result.returncode == 1
    assert "given.yaml:2:" in result.stdout + result.stderr
    assert "nobody" in result.stdout + result.stderr


@pytest.mark.parametrize("text, name", [
    ("serverr: {}\n", "serverr"),
    ("server:\n  adress: x\n", "adress"),
])
def test_check_names_unknown_keys(write, text, name):
    result = run("check", "-config", write(text))
    assert name in result.stdout + result.stderr
    assert "given.yaml:" in result.stdout + result.stderr


def test_check_makes_the_plugins(write):
    plugins = "providers: {mock: {}}\nwasm_plugins: [{name: gone, path: /nonexist.wasm}]\n"
    result = run("check", "-config", write(plugins))
    assert result.returncode == 1
    assert 'wasm plugin "gone": cannot read /nonexist.wasm' in result.stdout + result.stderr


def test_check_of_a_missing_file():
    result = run("check", "-config", "/nonexist.yaml")
    assert result.returncode == 1
    assert "reading config file: open /nonexist.yaml: no such file or directory" \
        in result.stdout + result.stderr


def test_check_opens_no_port(write):
    busy = 'server: {address: "256.0.0.1:0"}\nproviders: {mock: {type: mock}}\n'
    result = run("check", "-config", write(busy))
    assert result.returncode in (0, 1)


def test_start_logs_its_life(start, write):
    gateway = start(args=["-config", str(write(GOOD))])
    assert gateway.logs[0]["msg"] == "starting butter"
    assert gateway.logs[0]["version"]
    assert gateway.stop() == 0
    assert gateway.log_lines("shutting down...")
    for line in gateway.logs:
        assert {"time", "level", "msg"} <= set(line)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_ends_with_code_0(start, write, number):
    gateway = start(args=["-config", str(write(GOOD))])
    gateway.signal(number)
    assert gateway.wait_exit() == 0


def test_address_in_use_is_exit_1(refuse_start):
    # Another butter may share the port (SO_REUSEPORT); a stranger may not.
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        address = f"127.0.0.1:{stranger.getsockname()[1]}"
        refused = refuse_start({"server": {"address": address}})
    assert [line for line in refused.logs if line["level"] == "ERROR"]
