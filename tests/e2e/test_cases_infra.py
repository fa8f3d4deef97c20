"""Cases 1 to 20: what stands around the requests. HTTP of its own, the command line, the start."""

import pytest

from support.checks import check_error
from support.client import request_bytes
from support.configs import config, openai_config, provider
from support.gateway import run


def test_case_001_healthz_says_ok(gateway):
    response = gateway.get("/healthz")
    assert (response.status, response.body) == (200, b"ok")


def test_case_002_head_healthz_has_the_length_and_no_body(gateway):
    with gateway.client() as client:
        response = client.request("HEAD", "/healthz")
        assert (response.status, response.headers["content-length"]) == (200, "2")
        # Body bytes would come before the next answer and break it.
        assert client.request("GET", "/healthz").body == b"ok"


def test_case_003_head_models_has_no_body(gateway):
    with gateway.client() as client:
        response = client.request("HEAD", "/v1/models")
        assert response.status == 200
        assert client.request("GET", "/v1/models").json()["object"] == "list"


def test_case_004_post_healthz_is_not_allowed(gateway):
    response = gateway.post("/healthz", b"")
    assert (response.status, response.headers["allow"]) == (405, "GET, HEAD")


def test_case_005_unknown_path_is_404_as_text(gateway):
    response = gateway.get("/nope")
    assert response.status == 404
    assert response.headers["content-type"].startswith("text/plain")
    assert response.body == b"404 page not found\n"


def test_case_006_trailing_slash_is_another_path(gateway, upstream):
    assert gateway.post("/v1/chat/completions/", b"{}").status == 404
    assert upstream.calls() == []


def test_case_007_double_slash_is_redirected(gateway):
    response = gateway.get("//v1/models")
    assert (response.status, response.headers["location"]) == (307, "/v1/models")


@pytest.mark.parametrize("path", ["/metrics", "/v1/app-keys"])
def test_case_008_parts_that_are_off_do_not_exist(gateway, path):
    assert gateway.get(path).status == 404


def test_case_009_head_above_the_limit_is_431(gateway, upstream):
    with gateway.client() as client:
        data = request_bytes("POST", "/v1/chat/completions", {"X-Big": "a" * (1 << 20)})
        try:
            client.send(data)
        except OSError:
            pass  # The gateway answers and closes before it has read all.
        assert client.response().status == 431
    assert upstream.calls() == []


def test_case_010_options_is_not_allowed(gateway):
    response = gateway.request("OPTIONS", "/v1/chat/completions")
    assert response.status == 405
    assert "POST" in response.headers["allow"]


def test_case_011_version_is_five_lines():
    result = run("version")
    names = [line.split(":")[0] for line in result.stdout.splitlines()]
    assert names == ["version", "commit", "built", "compiler", "platform"]
    assert result.returncode == 0


def test_case_012_missing_file_is_the_second_log_line(refuse_start):
    gateway = refuse_start(args=["-config", "/nonexist.yaml"])
    line = gateway.logs[1]
    assert (line["level"], line["msg"]) == ("ERROR", "failed to load config")
    assert line["error"] == \
        "reading config file: open /nonexist.yaml: no such file or directory"


def test_case_013_unknown_flag_is_exit_2():
    result = run("-foo")
    assert result.returncode == 2
    assert result.stderr.startswith("flag provided but not defined: -foo")


def test_case_014_bare_integer_is_no_duration(load_error):
    error = load_error("server: {read_timeout: 30}")
    assert "config.yaml:1:" in error
    assert "server.read_timeout" in error
    assert "duration" in error


def test_case_015_duplicate_key_is_refused(load_error):
    error = load_error('server:\n  address: "127.0.0.1:0"\n  address: "127.0.0.1:0"\n')
    assert "config.yaml:3:" in error
    assert 'mapping key "address" already defined' in error


def test_case_016_azure_needs_an_api_version(load_error):
    error = load_error('providers: {azureopenai-x: {base_url: "http://127.0.0.1:1/d"}}')
    assert "config.yaml:1:" in error
    assert "api_version" in error


def test_case_017_unknown_provider_without_type_is_a_located_error(load_error):
    error = load_error('providers:\n  homemade:\n    base_url: "http://127.0.0.1:1"\n')
    assert "config.yaml:" in error
    assert "providers.homemade" in error


def test_case_018_key_comes_from_the_environment(start, upstream):
    settings = openai_config(provider(upstream, key="${BUTTER_TEST_KEY}"))
    gateway = start(settings, env={"BUTTER_TEST_KEY": "sk-from-env"})
    assert gateway.chat().status == 200
    assert upstream.last.headers["authorization"] == "Bearer sk-from-env"


def test_case_019_unset_variable_of_a_routed_provider_is_a_located_error(upstream, load_error):
    error = load_error(openai_config(provider(upstream, key="${BUTTER_NOT_SET}")))
    assert "config.yaml:" in error
    assert "variable BUTTER_NOT_SET is not set" in error


def test_case_019_unset_variable_turns_another_provider_off(start, upstream, make_upstream):
    """The text ${...} must never go out as a key."""
    other = make_upstream()
    gateway = start(config({"openai": provider(upstream, key="${BUTTER_NOT_SET}"), "groq": other},
                           default="groq"))
    assert gateway.chat().status == 200
    assert len(other.calls()) == 1
    response = gateway.chat(b'{"model":"m","provider":"openai"}')
    check_error(response, 503, contains="BUTTER_NOT_SET")
    assert upstream.calls() == []
    assert "BUTTER_NOT_SET" in gateway.output


def test_case_020_minimal_file_gets_the_defaults(tmp_path):
    (tmp_path / "config.yaml").write_text("providers: {openai: {keys: [{key: k}]}}\n")
    result = run("check", "-config", tmp_path / "config.yaml")
    assert result.returncode == 0, result.stdout + result.stderr
