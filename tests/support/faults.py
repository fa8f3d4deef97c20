"""Faults that an upstream can show, each a handler for support.upstream.

A fault is made for one Answer: a dialect, streamed or not, and how much of it is sent before things
go wrong: `before` the commit point (nothing that a client may see) or `after` it (half of it).
`FAULTS[name](answer)` gives the handler; `EVERY_BYTE[name](answer, n)` one that sends n bytes first.
"""

import gzip
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass

from .dialects import Dialect

BEFORE, AFTER = "before", "after"
PACE = 0.003  # Seconds between bytes that should not reach the gateway in one read,
LONG_PACE = 0.1  # and between bytes that must not.


@dataclass(frozen=True)
class Answer:
    """An answer as the pieces that go over the wire, and the two places that matter in it."""

    dialect: Dialect
    stream: bool
    commit: str = BEFORE
    size: int = 0  # bytes that are added to the content
    translated: bool = False  # then nothing of an answer goes on that does not stream
    reached: Callable = None  # waits until the client has something of a stream

    @property
    def content_type(self):
        return "text/event-stream" if self.stream else "application/json"

    @property
    def body(self):
        return b"".join(self.events) if self.stream else self.dialect.whole

    @property
    def begun(self):
        """The part of the body that is sent before things go wrong."""
        if not self.stream:
            return self.body[:len(self.body) // 2] if self.commit == AFTER else b""
        return b"".join(self.dialect.opening) + (self.content if self.commit == AFTER else b"")

    @property
    def content(self):
        return self.dialect.content.replace(b"llo", b"llo" + b"x" * self.size, 1)

    @property
    def events(self):
        return [*self.dialect.opening, self.content, self.dialect.finish, self.dialect.end]

    @property
    def head(self):
        return self.head_with("Transfer-Encoding: chunked" if self.stream
                              else f"Content-Length: {len(self.body)}")

    def head_with(self, *fields):
        lines = ["HTTP/1.1 200 OK", f"Content-Type: {self.content_type}", *fields]
        return "\r\n".join(lines).encode() + b"\r\n\r\n"

    @property
    def pieces(self):
        """Head, then each event as a chunk and the last chunk; or the body as it is."""
        if not self.stream:
            return [self.head, self.body]
        return [self.head, *map(chunk, self.events), b"0\r\n\r\n"]

    @property
    def raw(self):
        return b"".join(self.pieces)

    @property
    def begun_raw(self):
        """What has been sent when things go wrong."""
        if not self.stream:
            return self.head + self.begun
        sent = 1 + len(self.dialect.opening) + (self.commit == AFTER)
        return b"".join(self.pieces[:sent])

    def cuts(self):
        """All numbers of bytes after which a cut falls on this side of the commit point."""
        if not self.stream:
            finished = len(self.raw)
            committed = finished if self.translated else len(self.head) + 1
        else:
            # The last bytes of an event, CRLF of its chunk excepted, make it known.
            committed = len(b"".join(self.pieces[:2 + len(self.dialect.opening)])) - 2
            finished = len(self.raw) - len(self.pieces[-1]) - 2
        return range(committed) if self.commit == BEFORE else range(committed, finished)


def chunk(data):
    return b"%x\r\n%s\r\n" % (len(data), data)


def sends(make_bytes, ending=None):
    """A fault that sends some bytes and then does `ending`; by default it waits to be left."""
    def fault(answer):
        data = make_bytes(answer)

        def handler(exchange):
            exchange.send(data)
            (ending or hold)(exchange)
        return handler
    return fault


def hold(exchange):
    """Says nothing more and keeps the connection until the gateway leaves."""
    exchange.keep = False
    exchange.wait_gone()


def close(exchange):
    exchange.close()


def reset(exchange):
    exchange.reset()


def cut_at(ending):
    """The answer up to byte n, then its end."""
    def make(answer, n):
        def handler(exchange):
            exchange.send(answer.raw[:n])
            ending(exchange)
        return handler
    return make


def reach_client(answer):
    """Lets what was sent after the commit point reach the client before things go wrong: a failure
    in the same read is told before it does."""
    if answer.commit != AFTER:
        return
    if answer.stream and answer.reached:
        answer.reached()
    else:
        threading.Event().wait(LONG_PACE)


def then(after_begun, ending=None):
    """The begun answer, then `after_begun` (bytes, or made from the answer)."""
    def fault(answer):
        more = after_begun(answer) if callable(after_begun) else after_begun

        def handler(exchange):
            exchange.send(answer.begun_raw)
            if answer.translated:
                reach_client(answer)
            exchange.send(more)
            (ending or hold)(exchange)
        return handler
    return fault


def status(code, fields=(), body=b'{"error":{"message":"told so","type":"t","param":null,"code":null}}',
           content_type="application/json", ending=None):
    """Another status than 200, from the head on."""
    head = [f"HTTP/1.1 {code} Told", f"Content-Type: {content_type}",
            f"Content-Length: {len(body)}", *fields]
    data = "\r\n".join(head).encode() + b"\r\n\r\n" + body
    return sends(lambda answer: data, ending or close)


def paced(pieces):
    """The whole answer in these pieces, each with a read of its own."""
    def fault(answer):
        def handler(exchange):
            for piece in pieces(answer):
                exchange.send(piece)
                threading.Event().wait(PACE)
        return handler
    return fault


def drip(answer):
    def handler(exchange):
        for byte in answer.raw:
            exchange.send(bytes([byte]))
    return handler


def torn_in_utf8(answer):
    """Cut inside each character that has more than one byte."""
    raw, begin = answer.raw, 0
    for at in range(1, len(raw)):
        if raw[at] & 0xC0 == 0x80:
            yield raw[begin:at]
            begin = at
    yield raw[begin:]


def torn_in_chunk_head(answer):
    """Every chunk of the answer as one, torn in its size, its CRLF and behind it."""
    data = chunk(answer.body)
    yield answer.head_with("Transfer-Encoding: chunked") + data[:1]
    yield data[1:data.index(b"\r") + 1]
    yield data[data.index(b"\n"):] + b"0"
    yield b"\r"
    yield b"\n\r\n"


def half_of_the_content(answer):
    """Half of the content event after what opens the answer."""
    opening = b"".join(answer.pieces[:1 + len(answer.dialect.opening)])
    return opening + chunk(answer.content)[:len(answer.content) // 2]


def framed_by_length(extra):
    """The whole body under a Content-Length that is wrong by `extra` bytes."""
    def data(answer):
        length = len(answer.body) + extra if extra > 0 else len(answer.begun)
        return answer.head_with(f"Content-Length: {length}") + answer.body
    return data


def chunked_begin(answer):
    """The begun answer in chunks, whether it streams or not."""
    if answer.stream:
        return answer.begun_raw
    return (answer.head_with("Transfer-Encoding: chunked")
            + (chunk(answer.begun) if answer.begun else b""))


def bad_chunk(data):
    """The begun answer in chunks, and then a chunk that is none."""
    def fault(answer):
        def handler(exchange):
            exchange.send(chunked_begin(answer))
            reach_client(answer)
            exchange.send(data(answer))
            hold(exchange)
        return handler
    return fault


def framed_by_close(answer):
    """The begun answer, to be ended by closing."""
    return answer.head_with() + answer.begun


def compressed(answer):
    body = gzip.compress(answer.body, mtime=0)
    return answer.head_with("Content-Encoding: gzip", f"Content-Length: {len(body)}") + body


def without_end(answer):
    """All but the event that says the end, in a framing that is complete."""
    return answer.head + b"".join(map(chunk, answer.events[:-1])) + b"0\r\n\r\n"


def shut_rudely(exchange):
    """Closes the TCP connection under TLS, without the notice that TLS wants."""
    exchange.keep = False
    exchange.sock.shutdown(socket.SHUT_RDWR)


HTML = b"<html><body>It works!</body></html>"

EVERY_BYTE = {
    "reset at byte N": cut_at(reset),
    "clean close at byte N": cut_at(close),
}

FAULTS = {
    **{name: (lambda answer, make=make: make(answer, answer.cuts()[0]))
       for name, make in EVERY_BYTE.items()},
    # Connections.
    "accepts and hangs": sends(lambda answer: b""),
    "stall": then(b""),
    # Delivery that is strange, and right.
    "one byte at a time": drip,
    "torn inside UTF-8": paced(torn_in_utf8),
    "torn inside a chunk's head": paced(torn_in_chunk_head),
    "100 Continue unasked": sends(lambda a: b"HTTP/1.1 100 Continue\r\n\r\n" + a.raw, close),
    "event of 10 MB": sends(lambda a: a.raw, close),
    "event of 10 MB, cut": sends(half_of_the_content, close),
    # Framing.
    "Content-Length too short": sends(framed_by_length(0), close),
    "Content-Length too long": sends(framed_by_length(10), close),
    "bad chunk size": bad_chunk(lambda answer: b"zz\r\n"),
    "chunk longer than its size": bad_chunk(
        lambda a: b"1\r\n" + a.body[len(a.begun):][:2] + b"\r\n"),
    "chunk size of 17 digits": bad_chunk(lambda answer: b"1" * 17 + b"\r\n"),
    "closed without length or chunks": sends(framed_by_close, close),
    "no HTTP": sends(lambda answer: b"SSH-2.0-OpenSSH_9.2p1\r\n\r\n"),
    "flood of header fields": sends(
        lambda a: b"HTTP/1.1 200 OK\r\n" + b"X-Flood: " + b"f" * 200_000 + b"\r\n"),
    "upgrade unasked (101)": sends(
        lambda a: b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n"),
    "gzip unasked": sends(compressed, close),
    # Statuses.
    "413 while the request is being sent": status(413, ending=hold),
    "200 with HTML": status(200, (), HTML, "text/html"),
    "502 with HTML": status(502, (), HTML, "text/html"),
    "upgrade wanted (426)": status(426, ("Upgrade: h2c",)),
    "redirect (302)": status(302, ("Location: http://127.0.0.1:1/",)),
    "200 with an error": lambda answer: status(
        200, (), answer.dialect.error.partition(b"data: ")[2].strip())(answer),
    "401": status(401),
    "429": status(429),
    "429, Retry-After short": status(429, ("retry-after-ms: 1",)),
    "429, Retry-After long": status(429, ("Retry-After: 60",)),
    "500": status(500),
    "529": status(529),
    "503": status(503),
    "503, Retry-After short": status(503, ("retry-after-ms: 1",)),
    "503, Retry-After long": status(503, ("Retry-After: 60",)),
    # Streams.
    "error event": then(lambda a: chunk(a.dialect.error) + b"0\r\n\r\n", close),
    "error event, then silence": then(lambda a: chunk(a.dialect.error)),
    "error event, then the end": then(
        lambda a: chunk(a.dialect.error) + chunk(a.dialect.end) + b"0\r\n\r\n", close),
    "malformed event": then(
        lambda a: chunk(a.content[:-12] + b"\n\n") + chunk(a.dialect.end) + b"0\r\n\r\n"),
    "event that is no JSON": then(
        lambda a: chunk(a.content[:a.content.index(b"data: ")] + b"data: <html>\n\n")),
    "ends without its end": then(b"0\r\n\r\n", close),
    "no end after finish": sends(without_end, close),
    # TLS.
    "TLS closed without notice": then(b"", shut_rudely),
    "TLS closed without notice, no length": sends(framed_by_close, shut_rudely),
}


def whole(answer):
    """No fault at all."""
    return sends(lambda _: answer.raw, close)(answer)
