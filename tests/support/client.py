"""A raw HTTP/1.1 client: sends exactly what it is told, shows exactly what came back."""

import json
import socket

from .http1 import Closed, Reader, read_response
from .waiting import DEADLINE


def request_bytes(method, target, headers=(), body=b"", host="gateway.test"):
    """A request head and body. Content-Length is added for a body, unless framing is given."""
    if isinstance(body, (dict, list)):
        body = json.dumps(body)
    if isinstance(body, str):
        body = body.encode()
    pairs = list(headers.items()) if isinstance(headers, dict) else list(headers)
    names = {name.lower() for name, _ in pairs}
    if "host" not in names:
        pairs.insert(0, ("Host", host))
    framed = names & {"content-length", "transfer-encoding"}
    if not framed and (body or method in ("POST", "PUT", "PATCH")):
        pairs.append(("Content-Length", str(len(body))))
    lines = [f"{method} {target} HTTP/1.1"] + [f"{name}: {value}" for name, value in pairs]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


class Client:
    """One connection. Every wait has a deadline."""

    def __init__(self, address, deadline=DEADLINE, receive_buffer=None, source=None):
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if receive_buffer:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.sock.settimeout(deadline)
        if source:
            self.sock.bind((source, 0))
        self.sock.connect(address)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.reader = Reader(self.sock)

    def send(self, data):
        self.sock.sendall(data)

    def request(self, method, target, headers=(), body=b""):
        """Sends a request and reads its whole answer."""
        self.send(request_bytes(method, target, headers, body))
        return self.response(method)

    def response(self, method="GET"):
        return read_response(self.reader, method)

    def read_until(self, mark):
        """Raw bytes (chunk framing included) up to and with `mark`."""
        before = self.reader.until(mark)
        return before + mark

    def wait_closed(self):
        """Reads until the gateway closes. Returns what came before."""
        return self.reader.to_end()

    def is_open(self):
        """Whether the connection still takes a request: nothing has come, not even its end."""
        self.sock.setblocking(False)
        try:
            return bool(self.sock.recv(1, socket.MSG_PEEK))
        except BlockingIOError:
            return True
        except OSError:
            return False
        finally:
            self.sock.settimeout(DEADLINE)

    def reset(self):
        """Leaves with a RST."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.sock.close()

    def close(self):
        self.sock.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


__all__ = ["Client", "Closed", "request_bytes"]
