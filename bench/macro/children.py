"""Child processes: pinned to a core, watched, and ended whatever happens."""
import ctypes
import os
import pathlib
import resource
import signal
import socket
import subprocess
import time

_LIBC = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1


class Failure(Exception):
    """What the user must read; the run is over."""


class Children:
    """Owns the processes that were started, and ends them by their id when the block is left."""

    def __init__(self):
        self._running = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        while self._running:
            self.end(self._running[-1])

    def start(self, argv, core, **streams):
        """`streams`: stdin, stdout, stderr, text of subprocess.Popen."""

        def prepare():
            # Ends with us even when we are killed; has as many descriptors as the system allows.
            _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
            most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
            os.sched_setaffinity(0, {core})

        # A session of its own: Ctrl-C reaches only us, and we end the children in order.
        child = subprocess.Popen([str(a) for a in argv], preexec_fn=prepare,
                                 start_new_session=True, **streams)
        self._running.append(child)
        return child

    def end(self, child):
        if child.poll() is None:
            child.terminate()
            try:
                child.wait(5)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        for stream in (child.stdin, child.stdout, child.stderr):
            if stream:
                stream.close()
        self._running.remove(child)


def free_ports(count):
    """Ports of 127.0.0.1 that are free now, all different."""
    sockets = [socket.socket() for _ in range(count)]
    for s in sockets:
        s.bind(('127.0.0.1', 0))
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


def wait_until_listening(child, port, what, seconds=10):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if child.poll() is not None:
            raise Failure(f'{what} ended with status {child.returncode}')
        try:
            socket.create_connection(('127.0.0.1', port), 1).close()
            return
        except OSError:
            time.sleep(0.02)
    raise Failure(f'{what} does not listen on port {port}')


def children_of(pid):
    text = pathlib.Path(f'/proc/{pid}/task/{pid}/children').read_text()
    return [int(child) for child in text.split()]


def resident_kib(pids):
    """VmRSS, summed."""
    total = 0
    for pid in pids:
        for line in pathlib.Path(f'/proc/{pid}/status').read_text().splitlines():
            if line.startswith('VmRSS:'):
                total += int(line.split()[1])
    return total
