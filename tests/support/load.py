"""Clients that ask without a pause and forgive nothing: whatever is not whole is a failure."""

import threading
import time

from .client import Client, request_bytes
from .replies import HI, HI_STREAM, JSON

CHAT = "/v1/chat/completions"


def chat(client):
    """One whole answer."""
    return whole(client, HI, lambda answer: b'"choices"' in answer.body)


def stream(client):
    """One stream to its end."""
    return whole(client, HI_STREAM, lambda answer: answer.body.endswith(b"data: [DONE]\n\n"))


def whole(client, body, is_right):
    client.send(request_bytes("POST", CHAT, JSON, body))
    answer = client.response()
    if answer.status != 200 or not answer.complete or not is_right(answer):
        raise AssertionError(f"{answer.status} {answer.body[-200:]} {answer.closed}")
    return answer


class Load:
    """Threads with a connection each; one is kept until an answer says that it closes.

    Nothing is tried a second time, so that `failures` tells all that the gateway lost.
    """

    def __init__(self, address, jobs, fresh=0):
        """\\param jobs  what each thread does, again and again, with its client; gives the answer, or
        None when the connection is of no use any more
        \\param fresh  so many of the threads take a new connection for every request"""
        self.address = address
        self.failures = []
        self.done = 0
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._threads = [
            threading.Thread(target=self._run, args=(job, number < fresh), daemon=True)
            for number, job in enumerate(jobs)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def _run(self, job, fresh):
        client = None
        while not self._stopping.is_set():
            began = time.monotonic()
            try:
                client = client or Client(self.address)
                answer = job(client)
                over = fresh or not answer or "close" in answer.headers.get("connection", "")
                with self._lock:
                    self.done += 1
            except Exception as error:  # noqa: BLE001 - every failure counts, whatever it is
                over = True
                with self._lock:
                    self.failures.append(f"{job.__name__} after {time.monotonic() - began:.3f} s, "
                                         f"fresh={fresh}: {error!r}")
            if over and client:
                client.close()
                client = None
        if client:
            client.close()
