"""Cases 206 to 210: a new configuration without a restart."""

import signal
import threading

import pytest

from support.checks import check_error, check_served_by
from support.client import request_bytes
from support.configs import config, openai_config, provider
from support.gateway import config_text
from support.replies import HI_STREAM, JSON, stream_pausing
from support.waiting import until

REFUSED = "config watcher: reload failed, keeping current config"


def test_case_206_new_route_is_applied(start, make_upstream):
    first, second = make_upstream(), make_upstream()
    both = {"openai": first, "groq": second}
    gateway = start(config(both, models={"gpt-4o": ["openai"]}))
    check_served_by(gateway.chat(), "openai")
    gateway.reload(config(both, models={"gpt-4o": ["groq"]}))
    check_served_by(gateway.chat(), "groq")


def test_case_206_new_key_is_applied(start, upstream):
    gateway = start(openai_config(upstream))
    gateway.reload(openai_config(provider(upstream, key="second-key")))
    gateway.chat()
    assert upstream.last.headers["authorization"] == "Bearer second-key"


@pytest.mark.parametrize("broken", ["server: [", "providers: {openai: {keys: 3}}\n", "", "\n# x\n"])
def test_case_207_and_208_broken_file_keeps_the_old_configuration(gateway, broken):
    gateway.reload(broken, message=REFUSED)
    line = gateway.wait_log(REFUSED)[0]
    assert line["level"] == "ERROR"
    assert line["error"]
    assert gateway.chat().status == 200


def test_case_207_recovers_when_the_file_is_right_again(gateway, upstream):
    gateway.reload("server: [", message=REFUSED)
    gateway.reload(openai_config(provider(upstream, key="later")))
    gateway.chat()
    assert upstream.last.headers["authorization"] == "Bearer later"


def test_case_208_request_in_flight_keeps_its_configuration(start, make_upstream):
    go_on = threading.Event()
    first, second = make_upstream(stream_pausing(go_on)), make_upstream()
    gateway = start(openai_config(first))
    client = gateway.client()
    client.send(request_bytes("POST", "/v1/chat/completions", JSON, HI_STREAM))
    client.read_until(b"Hello")
    gateway.reload(openai_config(second))
    assert gateway.chat().status == 200
    assert len(second.calls()) == 1
    go_on.set()
    assert b"[DONE]" in client.read_until(b"0\r\n\r\n")


def test_case_209_new_provider_is_applied(start, make_upstream):
    first, second = make_upstream(), make_upstream()
    gateway = start(openai_config(first))
    check_error(gateway.chat(b'{"model":"m","provider":"groq"}'), 404)
    gateway.reload(config({"openai": first, "groq": second}, default="openai"))
    check_served_by(gateway.chat(b'{"model":"m","provider":"groq"}'), "groq")


def test_case_209_removed_provider_is_gone(start, make_upstream):
    first, second = make_upstream(), make_upstream()
    gateway = start(config({"openai": first, "groq": second}, default="openai"))
    gateway.reload(openai_config(first))
    check_error(gateway.chat(b'{"model":"m","provider":"groq"}'), 404)
    assert second.calls() == []


def test_case_209_changed_base_url_is_applied(start, make_upstream):
    first, second = make_upstream(), make_upstream()
    gateway = start(openai_config(first))
    gateway.chat()
    gateway.reload(openai_config(second))
    gateway.chat()
    assert (len(first.calls()), len(second.calls())) == (1, 1)


def test_case_210_sighup_reloads(start, make_upstream):
    first, second = make_upstream(), make_upstream()
    gateway = start(openai_config(first))
    gateway.signal(signal.SIGHUP)
    until(lambda: gateway.log_lines("config reloaded") or gateway.process.poll() is not None,
          "the reload")
    gateway.path.write_text(config_text(openai_config(second)))
    gateway.signal(signal.SIGHUP)
    until(lambda: gateway.chat().status == 200 and second.calls(), "the new configuration")
