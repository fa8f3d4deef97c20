"""What is expected of the gateway when its upstream misbehaves: one row a fault, for every dialect.

The tests hold the gateway to these rows, and docs/faults.md is made from them.
"""

from dataclasses import dataclass

from . import dialects
from .faults import AFTER, BEFORE

WHOLE, STREAM = "whole", "stream"
NOTHING = "-"
NEXT = "the whole answer by the next, attempt 2"
RETRIED_NEXT = "the whole answer by the next, attempt 3"
SAME = "the same"
RAW_CUT = "APIConnectionError / TypeError"


@dataclass(frozen=True)
class Row:
    """One fault at one time. SDKs: the exception, or `Python / Node` where they differ."""

    fault: str
    answer: str           # WHOLE or STREAM
    commit: str           # BEFORE or AFTER the first content has reached the client
    client: str           # what the caller sees, when there is no other provider
    spare: str            # and when there is
    upstream: str         # what reaches the upstream; `left` = the gateway closed the connection
    attempts: int
    failures: str         # the warnings about attempts in the log
    why: str              # the error in the request's record
    counted: str          # counters that go up by one
    openai: str
    anthropic: str
    where: str = "faulty"  # the provider of fault_bed
    of: tuple = ()         # ways; by default those of all dialects that are relayed as they are
    upload: bool = False   # a request of 8 MB

    @property
    def streams(self):
        return self.answer == STREAM

    @property
    def ways(self):
        return self.of or (dialects.STREAMING if self.streams else dialects.ALL)

    @property
    def name(self):
        return f"{self.fault}-{self.answer}-{self.commit}"


def both(make, *args, **more):
    """The same for a whole answer and for a stream."""
    return [make(*args, answer, **more) for answer in (WHOLE, STREAM)]


def fine(fault, answer, **more):
    return Row(fault, answer, BEFORE, "the whole answer", SAME, "1 request", 1, NOTHING, NOTHING,
               NOTHING, "none", "none", **more)


def lost(fault, code, why, answer, commit=BEFORE, upstream="2 requests", **more):
    """A failure that no client sees as long as there is another provider."""
    late = code == "upstream_timeout"
    return Row(fault, answer, commit, "error 504" if late else "error 502", NEXT, upstream, 2,
               f"{code} \u00d7 2", why, "error", "InternalServerError",
               "GatewayTimeoutError" if late else "InternalServerError", **more)


def told(fault, answer=STREAM, **more):
    """An error event of the upstream before any content."""
    return Row(fault, answer, BEFORE, "error 502, the upstream's words", NEXT, more.pop("upstream"),
               2, "upstream_protocol \u00d7 2", "the upstream reported an error in its stream",
               "error", "InternalServerError", "InternalServerError", **more)


def broken(fault, why, upstream="1 request", client="a part, error event, cut", **more):
    """A stream that broke off after its first content."""
    return Row(fault, STREAM, AFTER, client, SAME, upstream, 1, NOTHING, why,
               "error, broken stream", "APIError", "APIStatusError / APIError", **more)


def cut(fault, why, upstream="1 request", client="a part, cut", **more):
    """A whole answer that broke off after its first bytes."""
    return Row(fault, WHOLE, AFTER, client, SAME, upstream, 1, NOTHING, why, "error", RAW_CUT,
               RAW_CUT, **more)


def status(fault, code, openai, anthropic, attempts, spare, answer, **more):
    """Another status than 200, which is relayed as it came when nobody else answers."""
    requests = "1 request" if attempts == 1 else f"{attempts} requests"
    return Row(fault, answer, BEFORE, f"the upstream's {code}", spare,
               requests + more.pop("left", ""), attempts, f"upstream_status \u00d7 {attempts}",
               NOTHING, "error", openai, anthropic, **more)


BEGAN = "the connection was closed before the answer began"
ENDED = "the connection was closed before the answer's end"
STALLED = "the answer stalled for 150 ms"
NO_END = "the stream ended before its answer did"
NO_OBJECT_END = "the answer ended before its JSON object did"
NO_OBJECT = "an event of the stream is no JSON object"
BAD_CHUNK = "bad chunk framing in the answer"
REPORTED = "the upstream reported an error in its stream"
VERIFY = "tls: certificate verify failed: "
LEFT_2 = "2 requests, left"
LEFT_1 = "1 request, left"
NO_REQUEST = "2 connections, no request"

CONNECTIONS = [
    *both(lost, "connection refused", "upstream_connect",
          "dial tcp HOST:PORT: connect: Connection refused", upstream=NOTHING, where="refused"),
    *both(lost, "accepts and hangs", "upstream_timeout", "no answer within 150 ms",
          upstream=LEFT_2, where="hasty"),
    *both(lost, "reset at byte N", "upstream_closed", BEGAN),
    cut("reset at byte N", ENDED),
    broken("reset at byte N", ENDED),
    *both(lost, "clean close at byte N", "upstream_closed", BEGAN),
    cut("clean close at byte N", ENDED),
    broken("clean close at byte N", ENDED),
    *both(lost, "stall", "upstream_timeout", STALLED, upstream=LEFT_2, where="hasty"),
    cut("stall", STALLED, upstream=LEFT_1, where="hasty"),
    broken("stall", STALLED, upstream=LEFT_1, where="hasty"),
]

TLS_AND_PROXY = [
    *both(lost, "TLS: expired certificate", "upstream_connect",
          VERIFY + "certificate has expired", upstream=NO_REQUEST, where="expired"),
    *both(lost, "TLS: certificate of another host", "upstream_connect",
          VERIFY + "IP address mismatch", upstream=NO_REQUEST, where="wrong_host"),
    *both(lost, "TLS: unknown authority", "upstream_connect",
          VERIFY + "unable to get local issuer certificate", upstream=NO_REQUEST,
          where="unknown_ca"),
    *both(lost, "TLS: handshake stalls", "upstream_timeout", "no connection within 150 ms",
          upstream=NO_REQUEST, where="mute"),
    *both(lost, "TLS closed without notice", "upstream_closed", ENDED, where="tls"),
    cut("TLS closed without notice", ENDED, where="tls"),
    broken("TLS closed without notice", ENDED, where="tls"),
    *both(lost, "TLS closed without notice, no length", "upstream_closed", ENDED, where="tls"),
    cut("TLS closed without notice, no length", ENDED, where="tls"),
    broken("TLS closed without notice, no length", ENDED, where="tls"),
    *both(lost, "proxy refuses", "upstream_connect", "the proxy refused CONNECT with status 403",
          upstream=NOTHING, where="proxy_refuses"),
    *both(lost, "proxy wants another password", "upstream_connect",
          "the proxy refused CONNECT with status 407", upstream=NOTHING, where="proxy_password"),
]

DELIVERY = [
    *both(fine, "one byte at a time"),
    *both(fine, "torn inside UTF-8"),
    *both(fine, "torn inside a chunk's head"),
    *both(fine, "100 Continue unasked"),
    fine("event of 10 MB", STREAM),
    Row("event of 10 MB, cut", STREAM, AFTER, "a part, cut", SAME, "1 request", 1, NOTHING, ENDED,
        "error, broken stream", RAW_CUT, "RemoteProtocolError / TypeError"),
    fine("gzip unasked", WHOLE),
    lost("gzip unasked", "upstream_protocol", "the upstream compressed its event stream", STREAM),
]

FRAMING = [
    lost("Content-Length too short", "upstream_closed", NO_OBJECT_END, WHOLE),
    lost("Content-Length too short", "upstream_closed", NO_END, STREAM),
    broken("Content-Length too short", NO_END),
    cut("Content-Length too long", ENDED, client="the whole answer, cut"),
    fine("Content-Length too long", STREAM),
    *both(lost, "bad chunk size", "upstream_protocol", BAD_CHUNK, upstream=LEFT_2),
    cut("bad chunk size", BAD_CHUNK, upstream=LEFT_1),
    broken("bad chunk size", BAD_CHUNK, upstream=LEFT_1),
    *both(lost, "chunk longer than its size", "upstream_protocol", BAD_CHUNK, upstream=LEFT_2),
    cut("chunk longer than its size", BAD_CHUNK, upstream=LEFT_1),
    broken("chunk longer than its size", BAD_CHUNK, upstream=LEFT_1),
    *both(lost, "chunk size of 17 digits", "upstream_protocol", BAD_CHUNK, upstream=LEFT_2),
    cut("chunk size of 17 digits", BAD_CHUNK, upstream=LEFT_1),
    broken("chunk size of 17 digits", BAD_CHUNK, upstream=LEFT_1),
    lost("closed without length or chunks", "upstream_closed", NO_OBJECT_END, WHOLE),
    cut("closed without length or chunks", NO_OBJECT_END),
    lost("closed without length or chunks", "upstream_closed", NO_END, STREAM),
    broken("closed without length or chunks", NO_END),
    *both(lost, "no HTTP", "upstream_protocol", "the answer's head is not HTTP/1.1",
          upstream=LEFT_2),
    *both(lost, "flood of header fields", "upstream_protocol", "the answer's head is too large"),
    *both(lost, "upgrade unasked (101)", "upstream_protocol",
          "the upstream switched protocols unasked", upstream=LEFT_2),
]

ISE = "InternalServerError"
UNAVAILABLE = "ServiceUnavailableError"
NO_CLASS = "APIStatusError / APIError"

STATUSES = [
    *both(lost, "200 with HTML", "upstream_protocol", "the upstream answered with a page of HTML"),
    *both(lost, "redirect (302)", "upstream_protocol",
          "the upstream answered with status 302, and redirects are not followed"),
    *both(status, "401", 401, "AuthenticationError", "AuthenticationError", 1, NEXT),
    *both(status, "413 while the request is being sent", 413, NO_CLASS, "ContentTooLargeError", 1,
          SAME, left=", left", where="early", upload=True),
    *both(status, "upgrade wanted (426)", 426, NO_CLASS, NO_CLASS, 1, NEXT),
    *both(status, "429", 429, "RateLimitError", "RateLimitError", 2, RETRIED_NEXT),
    *both(status, "429, Retry-After short", 429, "RateLimitError", "RateLimitError", 2,
          RETRIED_NEXT),
    *both(status, "429, Retry-After long", 429, "RateLimitError", "RateLimitError", 1, NEXT),
    *both(status, "500", 500, ISE, ISE, 2, RETRIED_NEXT),
    *both(status, "529", 529, ISE, "OverloadedError", 1, NEXT),
    *both(status, "502 with HTML", 502, ISE, ISE, 2, RETRIED_NEXT),
    *both(status, "503", 503, ISE, UNAVAILABLE, 2, RETRIED_NEXT),
    *both(status, "503, Retry-After short", 503, ISE, UNAVAILABLE, 2, RETRIED_NEXT),
    *both(status, "503, Retry-After long", 503, ISE, UNAVAILABLE, 1, NEXT),
]

CHAT, COMPLETIONS, RESPONSES, MESSAGES, _ = dialects.ALL
FINISHED = (CHAT, COMPLETIONS)
BY_EVENT = (RESPONSES, MESSAGES)
UNRAISED = "a part, the upstream's error event, error event, cut"


def error_event(fault, upstream):
    """What is the upstream's error event after content. The SDKs do not raise the one of responses,
    which is why another follows."""
    telling = (CHAT, COMPLETIONS, MESSAGES)
    return [broken(fault, REPORTED, upstream, "a part, the upstream's error event, cut", of=telling),
            broken(fault, REPORTED, upstream, UNRAISED, of=(RESPONSES,))]


EVENTS = [
    told("error event", upstream="2 requests"),
    *error_event("error event", "1 request"),
    told("error event, then silence", upstream=LEFT_2),
    *error_event("error event, then silence", LEFT_1),
    told("error event, then the end", upstream="2 requests"),
    *error_event("error event, then the end", "1 request"),
    lost("malformed event", "upstream_protocol", NO_OBJECT, STREAM, upstream=LEFT_2),
    broken("malformed event", NO_OBJECT, upstream=LEFT_1),
    lost("event that is no JSON", "upstream_protocol", NO_OBJECT, STREAM, upstream=LEFT_2),
    broken("event that is no JSON", NO_OBJECT, upstream=LEFT_1),
    lost("ends without its end", "upstream_closed", NO_END, STREAM),
    broken("ends without its end", NO_END),
    Row("no end after finish", STREAM, AFTER, "all but the end", SAME, "1 request", 1, NOTHING,
        NOTHING, "unmarked stream", "none", "none", of=FINISHED),
    broken("no end after finish", NO_END, client="all but the end, error event, cut", of=BY_EVENT),
]

ROWS = [*CONNECTIONS, *TLS_AND_PROXY, *DELIVERY, *FRAMING, *STATUSES, *EVENTS]
