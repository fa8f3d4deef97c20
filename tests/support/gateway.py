"""The gateway's process: started with a configuration, watched, stopped."""

import functools
import json
import os
import signal
import socket
import subprocess
import tempfile
import threading
from pathlib import Path

import yaml

from .client import Client
from .replies import HI, HI_STREAM, JSON
from .waiting import DEADLINE, until

REPOSITORY = Path(__file__).resolve().parents[2]


def binary():
    """The program under test: BUTTER, else the release build."""
    path = Path(os.environ.get("BUTTER", REPOSITORY / "build" / "release" / "butter"))
    if not path.exists():
        raise RuntimeError(f"{path} does not exist: build it, or set BUTTER")
    return str(path.resolve())


@functools.cache
def sanitizer():
    """The sanitizer that the program was built with: "address", "thread" or ""."""
    program = Path(binary()).read_bytes()
    return next((name for name, mark in (("address", b"__asan_init"), ("thread", b"__tsan_init"))
                 if mark in program), "")


def memory_kib(most):
    """A bound for what the program may take; its sanitizer's shadow and quarantine come on top."""
    return most * 8 if sanitizer() else most


def small_quarantine():
    """For tests that bound memory over many requests: the address sanitizer keeps up to 256 MB of
    what was freed, and gives it back sooner with this."""
    given = os.environ.get("ASAN_OPTIONS", "")
    return {"ASAN_OPTIONS": f"{given}:quarantine_size_mb=1".lstrip(":")}


def environment(extra=None):
    """A small environment: no proxy, no provider key of the person who runs the tests."""
    kept = ("PATH", "HOME", "LANG", "TMPDIR", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS")
    env = {name: os.environ[name] for name in kept if name in os.environ}
    env.update(extra or {})
    return env


def run(*args, env=None, cwd=None, deadline=DEADLINE):
    """Runs the program to its end."""
    return subprocess.run([binary(), *map(str, args)], env=environment(env), cwd=cwd, text=True,
                          capture_output=True, timeout=deadline, check=False)


def config_text(config):
    return config if isinstance(config, str) else yaml.safe_dump(config, sort_keys=False)


class Gateway:
    """A running gateway. `config` is a dictionary, YAML text, or None for no file at all."""

    def __init__(self, config=None, env=None, folder=None, args=None):
        self.folder = Path(folder or tempfile.mkdtemp(prefix="butter-e2e-"))
        self.path = self.folder / "config.yaml"
        self.logs = []
        self.other_output = []
        self.stderr = ""
        self.address = None
        self._clients = []
        if config is not None:
            self.write(config)
        if args is None:
            args = [] if config is None else ["-config", str(self.path)]
        self.process = subprocess.Popen(
            [binary(), *args], env=environment(env), cwd=self.folder, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self._threads = [self._start(self._read_stdout), self._start(self._read_stderr)]

    def _start(self, target):
        thread = threading.Thread(target=target, daemon=True)
        thread.start()
        return thread

    def _read_stdout(self):
        for raw in self.process.stdout:
            line = raw.decode("utf-8", "replace").rstrip("\n")
            try:
                self.logs.append(json.loads(line))
            except json.JSONDecodeError:
                self.other_output.append(line)

    def _read_stderr(self):
        for raw in self.process.stderr:
            self.stderr += raw.decode("utf-8", "replace")

    # Life.

    def wait_ready(self):
        """Waits for the line that names the bound address."""
        until(lambda: self.log_lines("butter listening") or self.process.poll() is not None,
              "the start")
        lines = self.log_lines("butter listening")
        if not lines:
            raise AssertionError(f"the gateway ended: {self.logs} {self.stderr}")
        host, _, port = lines[0]["address"].rpartition(":")
        self.address = (host.strip("[]") if host not in ("", "[::]", "0.0.0.0") else "127.0.0.1",
                        int(port))
        return self

    def wait_exit(self, deadline=DEADLINE):
        code = self.process.wait(deadline)
        for thread in self._threads:
            thread.join(deadline)
        return code

    def stop(self, deadline=DEADLINE):
        """SIGTERM, and the exit code."""
        for client in self._clients:
            client.close()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.wait_exit(deadline)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"the gateway did not stop: {self.logs[-5:]}") from None

    def signal(self, number):
        self.process.send_signal(number)

    def write(self, config):
        """Replaces the configuration file by a rename, as editors and orchestrators do."""
        new = self.path.with_suffix(".new")
        new.write_text(config_text(config))
        new.replace(self.path)

    def reload(self, config, message="config reloaded"):
        """Writes a configuration and waits for the line that tells what became of it."""
        before = len(self.log_lines(message))
        self.write(config)
        until(lambda: len(self.log_lines(message)) > before, f"the log line {message!r}")
        self.pass_by_all_workers()

    def pass_by_all_workers(self):
        """Requests enough that each worker has had one, and with it whatever was told it before."""
        for _ in range(16):
            self.get("/healthz")

    # What it says and uses.

    def log_lines(self, message, **fields):
        return [line for line in list(self.logs) if line.get("msg") == message
                and all(line.get(key) == value for key, value in fields.items())]

    def wait_log(self, message, **fields):
        return until(lambda: self.log_lines(message, **fields), f"the log line {message!r}")

    @property
    def output(self):
        """All it has written, as one text."""
        lines = [json.dumps(line) for line in list(self.logs)] + list(self.other_output)
        return "\n".join(lines) + self.stderr

    @property
    def url(self):
        return f"http://{self.address[0]}:{self.address[1]}"

    def resident_kib(self):
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0])

    def peak_kib(self):
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0])

    # Requests.

    def client(self, **options):
        client = Client(self.address, **options)
        self._clients.append(client)
        return client

    def request(self, method, target, headers=(), body=b""):
        """One request on a connection of its own."""
        with Client(self.address) as client:
            return client.request(method, target, headers, body)

    def get(self, target, headers=()):
        return self.request("GET", target, headers)

    def post(self, target, body, headers=()):
        pairs = list(headers.items()) if isinstance(headers, dict) else list(headers)
        if "content-type" not in [name.lower() for name, _ in pairs]:
            pairs += JSON.items()
        return self.request("POST", target, pairs, body)

    def chat(self, body=HI, headers=()):
        return self.post("/v1/chat/completions", body, headers)

    def stream(self, body=HI_STREAM, headers=()):
        return self.chat(body, headers)


def closed_port():
    """A port of 127.0.0.1 that refuses connections: bound, never listening. Keep the socket."""
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    return sock, sock.getsockname()[1]
