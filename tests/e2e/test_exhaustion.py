"""Descriptors and memory that run out: requests are refused or wait, and afterwards all is well."""

import json
import os
import resource
import subprocess
from pathlib import Path

import pytest

from support.checks import check_error
from support.client import request_bytes
from support.configs import mock_config, openai_config
from support.gateway import binary, environment
from support.replies import HI, JSON, hang
from support.waiting import until

CHAT_PATH = "/v1/chat/completions"
MIB = 1 << 20


def descriptors(gateway):
    return len(os.listdir(f"/proc/{gateway.process.pid}/fd"))


@pytest.fixture
def limit():
    """Limits a gateway, as `ulimit` does before the start."""
    def begin(gateway, what, most):
        before = resource.prlimit(gateway.process.pid, what)
        resource.prlimit(gateway.process.pid, what, (most, before[1]))
        return lambda: resource.prlimit(gateway.process.pid, what, before)
    return begin


def test_without_descriptors_accepting_pauses(start, upstream, limit):
    settings = openai_config(upstream)
    settings["server"]["workers"] = 1  # each has a queue of its own of who waits to be accepted
    gateway = start(settings)
    assert gateway.chat().status == 200
    most = descriptors(gateway) + 5
    limit(gateway, resource.RLIMIT_NOFILE, most)
    clients = [gateway.client() for _ in range(20)]
    until(lambda: descriptors(gateway) == most, "the last descriptor")
    gateway.wait_log("accepting paused", error="Too many open files")
    for client in clients[:5]:
        client.send(request_bytes("GET", "/healthz"))
        assert client.response().body == b"ok"
    for client in clients[:15]:
        client.close()
    for client in clients[15:]:
        client.send(request_bytes("GET", "/healthz"))
        assert client.response().body == b"ok", "accepted when there is room"
        client.close()
    assert gateway.chat().status == 200


def test_without_a_descriptor_for_the_upstream_it_is_503(start, make_upstream, limit):
    """That is nothing that the provider did: its breaker hears nothing of it."""
    upstream = make_upstream(hang)
    settings = openai_config(upstream)
    settings["routing"]["breaker"] = {"enabled": True, "failures": 1, "open_for": "1h"}
    gateway = start(settings)
    client = gateway.client()
    assert client.request("GET", "/healthz").status == 200
    lift = limit(gateway, resource.RLIMIT_NOFILE, descriptors(gateway))
    answer = client.request("POST", CHAT_PATH, JSON, HI)
    check_error(answer, 503, contains="Too many open files", code="overloaded")
    assert answer.headers["retry-after"] == "1"
    assert not gateway.log_lines("provider breaker opened")
    lift()
    client.send(request_bytes("POST", CHAT_PATH, JSON, HI))
    until(upstream.calls, "the request")


def address_space(gateway):
    status = Path(f"/proc/{gateway.process.pid}/status").read_text()
    return int(status.split("VmSize:")[1].split()[0]) * 1024


def padded(size):
    """A request with a body of so many bytes."""
    body = HI[:-1] + b',"pad":"'
    return body + b"a" * (size - len(body) - 2) + b'"}'


@pytest.mark.parametrize("framing", ["length", "chunks"])
def test_large_bodies_without_memory_are_503(start, upstream, limit, framing):
    gateway = start(openai_config(upstream))
    gateway.pass_by_all_workers()
    large, small = padded(40 * MIB), padded(100_000)
    with gateway.client() as client:
        assert client.request("POST", CHAT_PATH, JSON, small).status == 200
    limit(gateway, resource.RLIMIT_AS, address_space(gateway) + 24 * MIB)
    for _ in range(5):
        client = gateway.client()
        head, body = JSON, large
        if framing == "chunks":
            head = {**JSON, "Transfer-Encoding": "chunked"}
            body = b"%x\r\n%s\r\n0\r\n\r\n" % (len(large), large)
        try:
            client.send(request_bytes("POST", CHAT_PATH, head, body))
        except ConnectionError:
            pass  # Refused before it was read to its end.
        answer = client.response()
        check_error(answer, 503, contains="no memory", code="overloaded")
        client.close()
        assert gateway.post(CHAT_PATH, small).status == 200
    assert len(upstream.calls()) == 6
    assert gateway.process.poll() is None


def test_many_bodies_without_memory_are_503(start, upstream, limit):
    """Together they would take more than there is: what is refused leaves room for the others."""
    gateway = start(openai_config(upstream))
    gateway.pass_by_all_workers()
    limit(gateway, resource.RLIMIT_AS, address_space(gateway) + 12 * MIB)
    data = request_bytes("POST", CHAT_PATH, JSON, padded(1_000_000))
    clients = [gateway.client() for _ in range(60)]
    for client in clients:
        try:
            client.send(data[:-1])
        except ConnectionError:
            pass  # Refused already.
    statuses = set()
    for client in clients:
        try:
            client.send(data[-1:])
        except ConnectionError:
            pass
        statuses.add(client.response().status)
        client.close()
    assert statuses == {200, 503}
    assert gateway.chat().status == 200


def test_the_built_in_provider_without_memory_is_503(start, limit):
    gateway = start(mock_config())
    gateway.pass_by_all_workers()
    limit(gateway, resource.RLIMIT_AS, address_space(gateway) + 24 * MIB)
    body = {"model": "gpt-4o", "dimensions": 3072, "input": ["x"] * 2048}
    answer = gateway.post("/v1/embeddings", json.dumps(body).encode())
    assert (answer.status, answer.error["code"]) == (503, "overloaded")
    assert answer.error["message"] == "no memory for the answer"
    assert gateway.chat().status == 200


@pytest.mark.parametrize("mib", [16, 24, 32])
def test_a_start_without_memory_fails_with_a_word(tmp_path, mib):
    path = tmp_path / "config.yaml"
    path.write_text("server: {address: '127.0.0.1:0', workers: 64}\nproviders: {mock: }\n")
    result = subprocess.run(
        ["sh", "-c", f"ulimit -v {mib * 1024}; exec '{binary()}' -config '{path}'"],
        env=environment(), capture_output=True, text=True, timeout=10, check=False)
    assert result.returncode == 1, result
    assert result.stderr.startswith("butter: "), result
