"""What is expected when the caller speaks another dialect than the provider that misbehaves.

An answer that does not stream is read whole before it is translated: wherever it was cut, it can
still be asked for elsewhere.
"""

from . import dialects
from .fault_rows import (AFTER, BAD_CHUNK, BEGAN, BEFORE, ENDED, ISE, LEFT_1, LEFT_2, NEXT, NO_CLASS,
                         NO_OBJECT, NOTHING, RETRIED_NEXT, SAME, STALLED, STREAM, UNAVAILABLE, WHOLE,
                         Row, broken, fine, lost, status)

CHAT_MESSAGES, RESPONSES_MESSAGES, MESSAGES_CHAT, CHAT_GEMINI = dialects.TRANSLATED
BY_MESSAGES = (CHAT_MESSAGES, RESPONSES_MESSAGES)

# By who the provider is: what its dialect's reader says of a stream that is not whole, of an event
# that is cut, of one that is no JSON, and of a whole answer of which a half came, or none.
SAID = (
    (BY_MESSAGES, "the stream ended before the answer did", NO_OBJECT, NO_OBJECT,
     "the answer is no JSON object", "the answer is no JSON object"),
    ((MESSAGES_CHAT,), "the stream ended before the answer did", "the answer is no well-formed JSON",
     "the answer is no JSON object", "the answer is no well-formed JSON",
     "the answer is no JSON object"),
    ((CHAT_GEMINI,), "the provider's stream ended without a finishReason",
     *["the provider's answer is not valid JSON"] * 4),
)


def all_ways(make, *args, **more):
    return make(*args, of=dialects.TRANSLATED, **more)


def both_of_all(make, *args, **more):
    return [all_ways(make, *args, answer, **more) for answer in (WHOLE, STREAM)]


def cut_anywhere(fault):
    return [all_ways(lost, fault, "upstream_closed", BEGAN, WHOLE),
            all_ways(lost, fault, "upstream_closed", BEGAN, STREAM),
            all_ways(broken, fault, ENDED)]


def bad_framing(fault):
    said = ("upstream_protocol", BAD_CHUNK)
    return [*both_of_all(lost, fault, *said, upstream=LEFT_2),
            all_ways(lost, fault, *said, WHOLE, commit=AFTER, upstream=LEFT_2),
            all_ways(broken, fault, BAD_CHUNK, LEFT_1)]


def by_provider(ways, no_end, cut_event, no_json, half, nothing):
    """The rows in which the reader of the provider's dialect says what is wrong."""
    def protocol(fault, why, answer, **more):
        return lost(fault, "upstream_protocol", why, answer, of=ways, **more)

    def ended(fault):
        return [lost(fault, "upstream_closed", no_end, STREAM, of=ways),
                broken(fault, no_end, of=ways)]
    return [
        protocol("gzip unasked", nothing, WHOLE),
        protocol("Content-Length too short", nothing, WHOLE),
        *ended("Content-Length too short"),
        protocol("closed without length or chunks", nothing, WHOLE),
        protocol("closed without length or chunks", half, WHOLE, commit=AFTER),
        *ended("closed without length or chunks"),
        *ended("ends without its end"),
        protocol("malformed event", cut_event, STREAM, upstream=LEFT_2),
        broken("malformed event", cut_event, LEFT_1, of=ways),
        protocol("event that is no JSON", no_json, STREAM, upstream=LEFT_2),
        broken("event that is no JSON", no_json, LEFT_1, of=ways),
    ]


def refused(fault, answer, ways, upstream, spare, attempts):
    """An error told under the status 200: it counts as the status that it stands for."""
    return Row(fault, answer, BEFORE, "error 502", spare, upstream, attempts,
               f"upstream_status \u00d7 {attempts}", "overloaded", "error", ISE, ISE, of=ways)


def error_events(fault, left=""):
    """Overloaded: Anthropic's own status for it is 529, which is not tried again."""
    one, two = f"1 request{left}", f"2 requests{left}"
    told = "a part, the upstream's error event, cut"
    # Two of the dialect's own, and one that its SDKs raise.
    thrice = "a part, the upstream's error event, the upstream's error event, error event, cut"
    return [refused(fault, STREAM, BY_MESSAGES, one, NEXT, 1),
            refused(fault, STREAM, (MESSAGES_CHAT, CHAT_GEMINI), two, RETRIED_NEXT, 2),
            broken(fault, "overloaded", one, told, of=(CHAT_MESSAGES, MESSAGES_CHAT, CHAT_GEMINI)),
            broken(fault, "overloaded", one, thrice, of=(RESPONSES_MESSAGES,))]


TRANSLATED_ROWS = [
    *both_of_all(lost, "accepts and hangs", "upstream_timeout", "no answer within 150 ms",
                 upstream=LEFT_2, where="hasty"),
    *cut_anywhere("reset at byte N"),
    *cut_anywhere("clean close at byte N"),
    *both_of_all(lost, "stall", "upstream_timeout", STALLED, upstream=LEFT_2, where="hasty"),
    all_ways(lost, "stall", "upstream_timeout", STALLED, WHOLE, commit=AFTER, upstream=LEFT_2,
             where="hasty"),
    all_ways(broken, "stall", STALLED, LEFT_1, where="hasty"),
    *both_of_all(fine, "one byte at a time"),
    *both_of_all(fine, "torn inside UTF-8"),
    *both_of_all(fine, "torn inside a chunk's head"),
    all_ways(lost, "gzip unasked", "upstream_protocol", "the upstream compressed its event stream",
             STREAM),
    all_ways(lost, "Content-Length too long", "upstream_closed", ENDED, WHOLE),
    fine("Content-Length too long", STREAM, of=(*BY_MESSAGES, MESSAGES_CHAT)),
    # Gemini has no last event: more could have followed.
    broken("Content-Length too long", ENDED, of=(CHAT_GEMINI,)),
    *bad_framing("bad chunk size"),
    *bad_framing("chunk longer than its size"),
    *(row for said in SAID for row in by_provider(*said)),
    *both_of_all(lost, "200 with HTML", "upstream_protocol",
                 "the upstream answered with a page of HTML"),
    *(refused("200 with an error", answer, BY_MESSAGES, "1 request", NEXT, 1)
      for answer in (WHOLE, STREAM)),
    *(refused("200 with an error", answer, (MESSAGES_CHAT, CHAT_GEMINI), "2 requests", RETRIED_NEXT,
              2) for answer in (WHOLE, STREAM)),
    *both_of_all(status, "401", 401, "AuthenticationError", "AuthenticationError", 1, NEXT),
    *both_of_all(status, "upgrade wanted (426)", 426, NO_CLASS, NO_CLASS, 1, NEXT),
    *both_of_all(status, "429", 429, "RateLimitError", "RateLimitError", 2, RETRIED_NEXT),
    *both_of_all(status, "429, Retry-After long", 429, "RateLimitError", "RateLimitError", 1, NEXT),
    *both_of_all(status, "500", 500, ISE, ISE, 2, RETRIED_NEXT),
    *both_of_all(status, "502 with HTML", 502, ISE, ISE, 2, RETRIED_NEXT),
    *both_of_all(status, "503", 503, ISE, UNAVAILABLE, 2, RETRIED_NEXT),
    *both_of_all(status, "503, Retry-After long", 503, ISE, UNAVAILABLE, 1, NEXT),
    *both_of_all(status, "529", 529, ISE, "OverloadedError", 1, NEXT),
    *error_events("error event"),
    *error_events("error event, then silence", ", left"),
    *error_events("error event, then the end"),
    broken("no end after finish", SAID[0][1], client="all but the end, error event, cut",
           of=BY_MESSAGES),
    Row("no end after finish", STREAM, AFTER, "the whole answer", SAME, "1 request", 1, NOTHING,
        NOTHING, "unmarked stream", "none", "none", of=(MESSAGES_CHAT,)),
]
