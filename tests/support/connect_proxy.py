"""A small HTTP proxy: CONNECT tunnels, with or without a password, and absolute-form requests."""

import base64
import socket
import threading

from .http1 import Closed, Reader, parse_head
from .upstream import shut


class ConnectProxy:
    """Notes what it was asked for in `targets`, and tunnels. One pair of threads a connection."""

    def __init__(self, user=None, refuse=None, resolve=None):
        self.expected = user and "Basic " + base64.b64encode(user.encode()).decode()
        self.refuse = refuse
        self.resolve = resolve or {}
        self.targets = []
        self.heads = []
        self._sockets = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def url_with(self, user):
        return self.url.replace("//", f"//{user}@")

    def stop(self):
        shut(self._listener)
        for sock in self._sockets:
            shut(sock)

    def _accept(self):
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self._sockets.append(sock)
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock):
        reader = Reader(sock)
        try:
            raw = reader.until(b"\r\n\r\n")
        except Closed:
            return
        start, headers = parse_head(raw)
        method, target, _ = start.split(" ")
        self.heads.append((start, headers))
        self.targets.append(f"{method} {target}")
        if self.expected and headers.get("proxy-authorization") != self.expected:
            sock.sendall(b"HTTP/1.1 407 Who\r\nContent-Length: 0\r\n\r\n")
            return shut(sock)
        if self.refuse:
            sock.sendall(b"HTTP/1.1 %d No\r\nContent-Length: 0\r\n\r\n" % self.refuse)
            return shut(sock)
        if method == "CONNECT":
            return self._tunnel(sock, target, reader.buffer)
        return self._forward(sock, target, raw, reader.buffer)

    def _connect(self, host_port):
        host, _, port = host_port.rpartition(":")
        peer = socket.create_connection((self.resolve.get(host, host), int(port)))
        self._sockets.append(peer)
        return peer

    def _tunnel(self, sock, target, early):
        peer = self._connect(target)
        sock.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        peer.sendall(early)
        pump_both(sock, peer)

    def _forward(self, sock, target, raw, early):
        host_port, _, path = target.removeprefix("http://").partition("/")
        peer = self._connect(host_port if ":" in host_port else host_port + ":80")
        head = raw.replace(target.encode(), b"/" + path.encode(), 1)
        peer.sendall(head + b"\r\n\r\n" + early)
        pump_both(sock, peer)


def pump_both(one, other):
    thread = threading.Thread(target=pump, args=(other, one), daemon=True)
    thread.start()
    pump(one, other)


def pump(source, sink):
    try:
        while data := source.recv(65536):
            sink.sendall(data)
    except OSError:
        pass
    shut(source)
    shut(sink)
