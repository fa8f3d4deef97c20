"""A fake upstream that records requests exactly and answers by script.

    upstream.on("/chat/completions", reply(503), reply(503), json_reply({...}))

Each request to that path takes the next handler; the last one stays. A handler is a function that
gets an Exchange and does what it likes with the socket: send, pause on an event, reset, close, hang.
Paths are matched without the query; "*" stands for every other path.
"""

import socket
import ssl
import struct
import threading
from dataclasses import dataclass, field

from .http1 import Closed, Headers, Reader
from .waiting import DEADLINE, until


@dataclass
class Request:
    """One request as it came over the wire."""

    line: str
    headers: Headers
    connection: int
    body: bytes = b""
    raw_head: bytes = b""
    chunked: bool = False
    gone: threading.Event = field(default_factory=threading.Event)

    @property
    def method(self):
        return self.line.split(" ")[0]

    @property
    def target(self):
        return self.line.split(" ")[1]

    @property
    def path(self):
        return self.target.split("?")[0]


class Exchange:
    """A request and the socket to answer it on."""

    def __init__(self, upstream, sock, reader, request):
        self.upstream = upstream
        self.sock = sock
        self.reader = reader
        self.request = request
        self.keep = True

    def send(self, data):
        self.sock.sendall(data)

    def head(self, status=200, headers=(), reason="X"):
        lines = [f"HTTP/1.1 {status} {reason}"]
        lines += [f"{name}: {value}" for name, value in dict_items(headers)]
        self.send("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n")

    def reply(self, status=200, headers=(), body=b"", reason="X"):
        pairs = dict_items(headers) + [("Content-Length", str(len(body)))]
        lines = [f"HTTP/1.1 {status} {reason}"] + [f"{name}: {value}" for name, value in pairs]
        self.send("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)

    def start_stream(self, headers=(), content_type="text/event-stream"):
        pairs = [("Content-Type", content_type), ("Transfer-Encoding", "chunked")]
        self.head(200, pairs + dict_items(headers))

    def chunk(self, data):
        self.send(b"%x\r\n%s\r\n" % (len(data), data))

    def end(self):
        self.send(b"0\r\n\r\n")

    def read_some(self, size=65536):
        """A piece of a body that was not read by the server."""
        if not self.reader.buffer:
            self.reader.fill(size)
        data, self.reader.buffer = self.reader.buffer, b""
        return data

    def pause(self, event):
        """Waits for the test's event, at most until the upstream stops."""
        until(lambda: event.is_set() or self.upstream.stopping, "the test's event")

    def wait_gone(self):
        """Waits until the gateway closes this connection; sets request.gone."""
        try:
            while self.sock.recv(65536):
                pass
        except (TimeoutError, ssl.SSLError):
            return
        except OSError:
            pass
        self.request.gone.set()

    def close(self):
        self.keep = False
        shut(self.sock)

    def reset(self):
        """Closes with a RST."""
        self.keep = False
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()


def dict_items(headers):
    return list(headers.items()) if isinstance(headers, dict) else list(headers)


def shut(sock):
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    sock.close()


class Upstream:
    """A listening fake provider. One thread for each connection."""

    def __init__(self, tls=None, backlog=128):
        self.tls = tls
        self.stopping = False
        self.requests = []
        self.connections = 0
        self.errors = []
        self.tls_errors = []
        self._scripts = {}
        self._raw_bodies = set()
        self._sockets = set()
        self._threads = []
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=backlog)
        self.address = self._listener.getsockname()
        self._start(self._accept)

    @property
    def port(self):
        return self.address[1]

    @property
    def url(self):
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"

    def on(self, path, *handlers, read_body=True):
        """Scripts a path: one handler a request, the last one for all further ones."""
        with self._lock:
            self._scripts[path] = list(handlers)
            if not read_body:
                self._raw_bodies.add(path)
        return self

    @property
    def open_connections(self):
        with self._lock:
            return len(self._sockets)

    def calls(self, path=None):
        with self._lock:
            return [r for r in self.requests if path is None or r.path == path]

    @property
    def last(self):
        return self.calls()[-1]

    def wait_calls(self, count, path=None):
        return until(lambda: len(self.calls(path)) >= count and self.calls(path),
                     f"{count} upstream requests")

    def clear(self):
        with self._lock:
            self.requests.clear()

    def stop(self):
        self.stopping = True
        shut(self._listener)
        with self._lock:
            sockets = list(self._sockets)
        for sock in sockets:
            shut(sock)
        for thread in self._threads:
            thread.join(DEADLINE)

    def drop_connections(self):
        """Closes every connection, as a restarting server does; keeps listening."""
        with self._lock:
            sockets = list(self._sockets)
        for sock in sockets:
            shut(sock)

    def _start(self, target, *args):
        thread = threading.Thread(target=target, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self):
        while not self.stopping:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                self.connections += 1
                self._sockets.add(sock)
            self._start(self._serve, sock, self.connections)

    def _serve(self, sock, number):
        wrapped = sock
        try:
            sock.settimeout(60)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.tls:
                wrapped = self.tls.wrap_socket(sock, server_side=True)
                self._replace_socket(sock, wrapped)
            self._serve_requests(wrapped, number)
        except ssl.SSLError as error:
            self.tls_errors.append(error)
        except (Closed, OSError):
            pass
        except Exception as error:  # noqa: BLE001 - a script's mistake must fail its test
            self.errors.append(error)
        finally:
            with self._lock:
                self._sockets.discard(wrapped)
                self._sockets.discard(sock)
            shut(wrapped)

    def _replace_socket(self, plain, wrapped):
        """The plain one is an empty shell from now on: closing it would close nothing."""
        with self._lock:
            self._sockets.discard(plain)
            self._sockets.add(wrapped)

    def _serve_requests(self, sock, number):
        reader = Reader(sock)
        keep = True
        while keep and not self.stopping:
            request = self._read_request(reader, number)
            exchange = Exchange(self, sock, reader, request)
            self._handler(request.path)(exchange)
            keep = exchange.keep

    def _read_request(self, reader, number):
        reader.raw.clear()
        reader.keep_raw = True
        head = reader.until(b"\r\n\r\n")
        lines = [line.partition(":") for line in head.decode("latin-1").split("\r\n")]
        headers = Headers([(name, value.strip(" \t")) for name, _, value in lines[1:]])
        request = Request(head.decode("latin-1").split("\r\n")[0], headers, number, raw_head=head)
        request.chunked = headers.get("transfer-encoding", "").lower() == "chunked"
        reader.keep_raw = False
        if self._reads_body(request.path):
            read_request_body(reader, request)
        with self._lock:
            self.requests.append(request)
        return request

    def _reads_body(self, path):
        with self._lock:
            return (path if path in self._scripts else "*") not in self._raw_bodies

    def _handler(self, path):
        with self._lock:
            script = self._scripts.get(path) or self._scripts.get("*")
            if not script:
                return echo_path
            return script.pop(0) if len(script) > 1 else script[0]


def read_request_body(reader, request):
    if request.chunked:
        while piece := reader.chunk():
            request.body += piece
    else:
        request.body = reader.exactly(int(request.headers.get("content-length", "0")))


def echo_path(exchange):
    """What a path without a script answers."""
    body = b'{"path":"%s"}' % exchange.request.path.encode()
    exchange.reply(200, {"Content-Type": "application/json"}, body)
