"""HTTP/1.1 messages as exact bytes: reading them from a socket, with nothing tidied up."""

import json
import socket
from dataclasses import dataclass, field


class Closed(Exception):
    """The peer closed or reset the connection before the message was complete."""


class Headers:
    """Header lines in the order and spelling in which they came."""

    def __init__(self, lines=()):
        self.lines = list(lines)

    def all(self, name):
        return [value for key, value in self.lines if key.lower() == name.lower()]

    def get(self, name, default=None):
        values = self.all(name)
        return values[0] if values else default

    def __contains__(self, name):
        return bool(self.all(name))

    def __getitem__(self, name):
        values = self.all(name)
        if len(values) != 1:
            raise KeyError(f"{name}: {len(values)} values in {self.lines}")
        return values[0]

    def names(self):
        return [key.lower() for key, _ in self.lines]

    def __repr__(self):
        return f"Headers({self.lines})"


def parse_head(head):
    """Start line and headers of a head without its empty line."""
    start, *lines = head.decode("latin-1").split("\r\n")
    pairs = []
    for line in lines:
        name, _, value = line.partition(":")
        pairs.append((name, value.strip(" \t")))
    return start, Headers(pairs)


class Reader:
    """Reads lines, counts and chunks from a socket. Keeps what it has read in `raw`."""

    def __init__(self, sock):
        self.sock = sock
        self.buffer = b""
        self.raw = bytearray()
        self.keep_raw = True

    def fill(self, size=65536):
        try:
            data = self.sock.recv(size)
        except (ConnectionError, OSError) as error:
            if isinstance(error, socket.timeout):
                raise
            raise Closed("reset") from error
        if not data:
            raise Closed("closed")
        if self.keep_raw:
            self.raw += data
        self.buffer += data

    def until(self, mark):
        while mark not in self.buffer:
            self.fill()
        before, self.buffer = self.buffer.split(mark, 1)
        return before

    def exactly(self, count):
        parts, have = [self.buffer], len(self.buffer)
        while have < count:
            self.buffer = b""
            try:
                self.fill(1 << 18)
            except Closed:
                self.buffer = b"".join(parts)  # what came of it may still be looked at
                raise
            parts.append(self.buffer)
            have += len(self.buffer)
        whole = b"".join(parts)
        self.buffer = whole[count:]
        return whole[:count]

    def head(self):
        return parse_head(self.until(b"\r\n\r\n"))

    def chunk(self):
        """The next chunk, b"" for the last one (its trailers are read too)."""
        size = int(self.until(b"\r\n").split(b";")[0], 16)
        if size == 0:
            while self.until(b"\r\n"):
                pass
            return b""
        data = self.exactly(size)
        if self.exactly(2) != b"\r\n":
            raise AssertionError("a chunk does not end with CRLF")
        return data

    def to_end(self):
        """All until the peer closes. \"reset\" or \"closed\" says how it did."""
        while True:
            try:
                self.fill()
            except Closed as end:
                rest, self.buffer = self.buffer, b""
                return rest, str(end)


@dataclass
class Response:
    """An answer as it came. `complete` is False when its framing was cut off."""

    status: int = 0
    reason: str = ""
    headers: Headers = field(default_factory=Headers)
    body: bytes = b""
    chunks: list = field(default_factory=list)
    complete: bool = False
    closed: str = ""

    @property
    def text(self):
        return self.body.decode()

    def json(self):
        return json.loads(self.body)

    @property
    def error(self):
        """The error object of an OpenAI-shaped body."""
        return self.json()["error"]

    def events(self):
        """The blocks of an event stream, without their blank lines."""
        blocks = self.text.replace("\r\n", "\n").split("\n\n")
        return [block for block in blocks if block]

    def data(self):
        """The `data:` payloads of an event stream, in order."""
        lines = self.text.replace("\r\n", "\n").split("\n")
        return [line[5:].strip() for line in lines if line.startswith("data:")]


def read_response(reader, method="GET"):
    """Reads one whole answer; 1xx answers are passed over."""
    response = Response()
    while response.status < 200:
        start, response.headers = reader.head()
        _, status, response.reason = (start.split(" ", 2) + [""])[:3]
        response.status = int(status)
    if method == "HEAD" or response.status in (204, 304):
        response.complete = True
        return response
    try:
        read_body(reader, response)
    except Closed as end:
        response.body += reader.buffer
        response.closed = str(end)
    return response


def read_body(reader, response):
    headers = response.headers
    if headers.get("transfer-encoding", "").lower() == "chunked":
        while chunk := reader.chunk():
            response.chunks.append(chunk)
            response.body += chunk
        response.complete = True
    elif "content-length" in headers:
        response.body = reader.exactly(int(headers["content-length"]))
        response.complete = True
    else:
        response.body, response.closed = reader.to_end()
        response.complete = response.closed == "closed"
