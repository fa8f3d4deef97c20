"""A long run at full load, with streams, cuts on both sides and reloads, that watches the memory.

Three providers: `steady`, whose clients must lose nothing; `broken`, which cuts, resets and refuses;
`bench`, the upstream of the benchmarks, when the load client of the benchmarks asks as well.
"""

import itertools
import json
import os
import random
import signal
import subprocess
import threading
import time
from pathlib import Path
from statistics import fmean

from .client import request_bytes
from .configs import FAILOVER, config, provider
from .gateway import Gateway
from .load import CHAT, Load, chat, stream
from .replies import (BANG, CHAT as ANSWER, DONE, HELLO, HI, HI_STREAM, JSON, ROLE, by_stream, cut,
                      mock_error, reset, stream_then)
from .upstream import Upstream

BROKEN = HI_STREAM.replace(b"gpt-4o", b"broken")
SETTINGS = 6  # configurations that reloads go through


def broken_upstream(choice):
    """Every way to fail that costs the gateway an exchange, and now and then none."""
    def half_an_answer(exchange):
        exchange.head(200, {**JSON, "Content-Length": str(len(ANSWER))})
        exchange.send(ANSWER[: len(ANSWER) // 2])
        exchange.close()

    ways = [
        stream_then([ROLE], cut), stream_then([ROLE, HELLO], cut), stream_then([], cut),
        stream_then([ROLE, HELLO], reset), stream_then([ROLE, HELLO + BANG + DONE], reset),
        lambda exchange: exchange.close(), lambda exchange: exchange.reset(), half_an_answer,
        mock_error(503), mock_error(429, {"Retry-After": "0"}), by_stream, by_stream,
    ]
    return lambda exchange: choice(ways)(exchange)


class Soak:
    """\\param seconds  of load; the first `warm_up` of them do not count
    \\param bench  folder of load_client and mock_upstream; None = without them"""

    def __init__(self, seconds, warm_up, folder, bench=None, clients=16, seed=1):
        self.seconds, self.warm_up, self.folder = seconds, warm_up, folder
        self.bench = Path(bench) if bench else None
        self.clients = clients
        self.random = random.Random(seed)
        self.samples = []  # (seconds since the start, resident KiB)
        self.cuts = self.reloads = 0
        self._children = []

    def run(self, tell=lambda line: None):
        """Runs it all. Returns the figures, failures among them."""
        steady, broken = Upstream(), Upstream()
        steady.on("/chat/completions", by_stream)
        broken.on("/chat/completions", broken_upstream(self.random.choice))
        self._upstreams = [steady, broken]
        settings = self._settings(steady.url, broken.url)
        gateway = Gateway(settings[0], folder=self.folder).wait_ready()
        self._path = gateway.path
        jobs = [chat, stream, self._leave, self._ask_the_broken] * (self.clients // 4)
        try:
            with Load(gateway.address, jobs, fresh=self.clients // 4) as load:
                self._start_bench(gateway.address[1])
                self._watch(gateway, settings, load, tell)
            bench = [json.loads(child.communicate(timeout=60)[0]) for child in self._children[1:]]
            code = gateway.stop(30)
        finally:
            gateway.process.kill()
            for child in self._children:
                child.kill()
            for upstream in self._upstreams:
                upstream.stop()
        return self._figures(load, bench, code)

    def _settings(self, steady, broken):
        mock = self._start(["mock_upstream"]) if self.bench else None
        port = int(mock.stdout.readline().split()[-1]) if mock else 9
        made = []
        for number in range(SETTINGS):
            caps = {"max_in_flight": 40 + number % 3, "max_connections": 30 + number % 2}
            providers = {
                "steady": provider(steady, key=f"key-{number}", type="openai", **caps),
                "broken": provider(broken, type="openai", **caps),
                "openai": provider(f"http://127.0.0.1:{port}/v1"),
            }
            made.append(config(providers, default="openai", failover={**FAILOVER, "max_retries": 1},
                               models={"gpt-4o": ["steady"], "broken": ["broken"]},
                               plugins={"metrics": {}}, log={"level": "info"}))
        return made

    # The load.

    def _leave(self, client):
        """Begins a stream and leaves: before its head, in the middle, politely or not."""
        client.send(request_bytes("POST", CHAT, JSON, HI_STREAM))
        if self.random.random() < 0.7:
            client.read_until(b"Hello")
        self.cuts += 1
        (client.reset if self.random.random() < 0.5 else client.close)()
        return None

    def _ask_the_broken(self, client):
        """Whatever comes is right, but a broken stream must not look whole."""
        client.send(request_bytes("POST", CHAT, JSON, BROKEN))
        answer = client.response()
        if answer.status == 200 and answer.complete and b"[DONE]" not in answer.body:
            raise AssertionError(f"a broken answer looks whole: {answer.body[-200:]}")
        return answer if answer.complete else None

    def _start(self, command):
        command = [str(self.bench / command[0]), *command[1:]]
        child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self._children.append(child)
        return child

    def _start_bench(self, port):
        if not self.bench:
            return
        common = ["load_client", "--port", str(port), "--seconds", str(self.seconds)]
        self._start([*common, "--connections", "16"])
        self._start([*common, "--connections", "16", "--chunks", "20"])

    def _watch(self, gateway, settings, load, tell):
        began = time.monotonic()
        configurations = itertools.cycle(settings)
        for second in itertools.count(1):
            while time.monotonic() < began + second:
                threading.Event().wait(0.25)
                self._reload(gateway, next(configurations))
            now = time.monotonic() - began
            self.samples.append((now, gateway.resident_kib()))
            # What the tools remember is not what is measured.
            del gateway.logs[:-100]
            for upstream in self._upstreams:
                del upstream.requests[:-100]
            if second % 30 == 0 or now >= self.seconds:
                fds = len(os.listdir(f"/proc/{gateway.process.pid}/fd"))
                tell(f"{now:.0f} s: {self.samples[-1][1]} KiB, {fds} descriptors, {load.done} "
                     f"answers, {self.cuts} left, {self.reloads} reloads, "
                     f"{len(load.failures)} failures")
            if now >= self.seconds:
                return

    def _reload(self, gateway, settings):
        self.reloads += 1
        if self.reloads % 2:
            gateway.write(settings)
        else:
            gateway.signal(signal.SIGHUP)

    # What came of it.

    def _mean(self, begin, end):
        return fmean(kib for at, kib in self.samples if begin <= at <= end)

    def _figures(self, load, bench, code):
        window = (self.seconds - self.warm_up) / 8
        first = self._mean(self.warm_up, self.warm_up + window)
        last = self._mean(self.seconds - window, self.seconds + 1)
        return {
            "seconds": self.seconds, "answers": load.done, "left": self.cuts,
            "reloads": self.reloads, "exit_code": code, "failures": load.failures[:10],
            "bench_requests": sum(each["requests"] for each in bench),
            "bench_errors": [each["first_error"] for each in bench if each["errors"]],
            "resident_kib_after_warm_up": round(first), "resident_kib_at_the_end": round(last),
            "growth_percent": round((last / first - 1) * 100, 2),
        }


def complaints(figures, most_growth_percent):
    """What is wrong with a run, in words; empty = nothing."""
    found = list(figures["failures"]) + list(figures["bench_errors"])
    if figures["exit_code"] != 0:
        found.append(f"exit code {figures['exit_code']}")
    if figures["growth_percent"] >= most_growth_percent:
        found.append(f"resident memory grew by {figures['growth_percent']} %")
    return found
