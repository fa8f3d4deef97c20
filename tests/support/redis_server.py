"""A redis-server of the test's own, on 127.0.0.1 and a free port; nothing is kept on disk."""

import signal
import socket
import subprocess
import tempfile

from .gateway import closed_port


class RedisServer:
    def __init__(self, *options):
        self.options = options
        self.folder = tempfile.TemporaryDirectory(prefix="butter-redis-")
        for _ in range(5):  # somebody else may take the port meanwhile
            sock, self.port = closed_port()
            sock.close()
            if self._start():
                return
        raise RuntimeError("redis-server does not start: scripts/install_packages.sh test")

    def _start(self):
        self.process = subprocess.Popen(
            ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "",
             "--appendonly", "no", "--dir", self.folder.name, *self.options],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        for line in self.process.stdout:
            if b"Ready to accept connections" in line:
                return True
        self.process.wait()
        return False

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    def ask(self, *words):
        """The raw reply to one command."""
        command = f"*{len(words)}\r\n" + "".join(f"${len(w)}\r\n{w}\r\n" for w in words)
        with socket.create_connection(("127.0.0.1", self.port)) as sock:
            sock.sendall(command.encode())
            sock.shutdown(socket.SHUT_WR)
            reply = b""
            while piece := sock.recv(65536):
                reply += piece
        return reply.decode()

    def freeze(self):
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self):
        self.process.send_signal(signal.SIGCONT)

    def restart(self):
        self.end()
        if not self._start():
            raise RuntimeError("redis-server does not start again")

    def end(self):
        """At once."""
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def stop(self):
        if self.process.returncode is None:
            self.end()
        self.folder.cleanup()
