"""How a changed file is noticed, in whatever way it changes."""

import os
import signal
import time

from support.configs import config, openai_config, provider
from support.gateway import config_text
from support.replies import by_stream
from support.waiting import until


def with_key(upstream, key):
    return openai_config(provider(upstream, key=key))


def key_used(gateway, upstream):
    gateway.pass_by_all_workers()
    assert gateway.chat().status == 200
    return upstream.last.headers["authorization"].removeprefix("Bearer ")


def test_file_written_in_place(gateway, upstream):
    gateway.path.write_text(config_text(with_key(upstream, "in-place")))
    gateway.wait_log("config reloaded")
    assert key_used(gateway, upstream) == "in-place"


def test_older_file_put_back(gateway, upstream):
    old = gateway.path.with_name("old.yaml")
    old.write_text(config_text(with_key(upstream, "from-the-past")))
    past = time.time() - 86400
    os.utime(old, (past, past))
    old.replace(gateway.path)
    gateway.wait_log("config reloaded")
    assert key_used(gateway, upstream) == "from-the-past"


def test_symlink_that_is_swapped(start, upstream, tmp_path):
    """As an orchestrator does it: config.yaml -> ..data/config.yaml, ..data -> a dated folder."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        text = config_text(with_key(upstream, name))
        (tmp_path / name / "config.yaml").write_text(text)
    (tmp_path / "..data").symlink_to("one")
    (tmp_path / "config.yaml").symlink_to("..data/config.yaml")
    gateway = start(args=["-config", str(tmp_path / "config.yaml")])
    assert key_used(gateway, upstream) == "one"
    (tmp_path / "..new").symlink_to("two")
    (tmp_path / "..new").replace(tmp_path / "..data")
    gateway.wait_log("config reloaded")
    assert key_used(gateway, upstream) == "two"


def test_file_that_is_away_for_a_moment(gateway, upstream):
    gateway.path.unlink()
    assert gateway.chat().status == 200
    gateway.write(with_key(upstream, "back-again"))
    gateway.wait_log("config reloaded")
    assert key_used(gateway, upstream) == "back-again"


def test_mistake_is_told_once_and_located(gateway, upstream):
    message = "config watcher: reload failed, keeping current config"
    gateway.reload("server:\n  read_timeout: 30\n", message=message)
    gateway.reload(with_key(upstream, "right"))
    (line,) = gateway.log_lines(message)
    assert "config.yaml:2:" in line["error"]


def test_sighup_reloads_the_present_file(gateway):
    gateway.signal(signal.SIGHUP)
    gateway.wait_log("config reloaded")
    assert gateway.chat().status == 200


def test_no_request_fails_while_configurations_change(start, make_upstream):
    upstream = make_upstream(by_stream)
    gateway = start(openai_config(upstream))
    with gateway.client() as client:
        for number in range(20):
            gateway.write(with_key(upstream, f"key-{number}"))
            for _ in range(10):
                body = b'{"model":"m","messages":[]}'
                assert client.request("POST", "/v1/chat/completions", (), body).status == 200
    until(lambda: key_used(gateway, upstream) == "key-19", "the last configuration")


def test_default_provider_changes(start, make_upstream):
    first, second = make_upstream(), make_upstream()
    both = {"openai": first, "groq": second}
    gateway = start(config(both, default="openai"))
    gateway.reload(config(both, default="groq"))
    assert gateway.chat().headers["x-butter-provider"] == "groq"
