"""Requests that two readers could take for different ones: each file of the corpora is one shape.

Behind each shape stands a request that is as it should be. It must not be answered: whoever sent the
shape may have hidden it there.
"""

import pytest

from support.checks import CLIENT, check_error
from support.client import request_bytes
from support.corpus import names, shape
from support.replies import CHAT, HI, JSON

PATH = "/v1/chat/completions"
NEXT = request_bytes("POST", PATH, JSON, HI)
CHUNKED = request_bytes("POST", PATH, {**JSON, "Transfer-Encoding": "chunked"})

# 400 for all but these, whose form is right and whose meaning is not offered here.
OTHER_STATUS = {
    "refused_coding_gzip": 501, "refused_coding_identity": 501, "smuggling_gzip_chunked": 501,
    "smuggling_identity_and_length": 501, "smuggling_xchunked": 501,
    "refused_http_0_9": 505, "refused_http_2": 505, "refused_http_2_preface": 505,
    "refused_version_1_2": 505, "refused_fields_too_many": 431,
}
# Chunked bodies that are as they should be; the rest of that corpus is not.
WHOLE_BODIES = ("events", "hex_both_cases", "next_message_behind", "sixteen_digits",
                "trailer_framing", "trailers", "two_chunks")
OPEN_BODIES = ("cut_off_in_data", "largest_size")
BAD_BODIES = [name for name in names("chunked") if name not in WHOLE_BODIES + OPEN_BODIES]


def check_refused(gateway, upstream, data, status=400):
    client = gateway.client()
    client.send(data + NEXT)
    check_error(client.response(), status, kind=CLIENT)
    assert client.wait_closed() == (b"", "closed")
    assert upstream.connections == 0
    assert gateway.chat().body == CHAT, "the others are served"


@pytest.mark.parametrize("name", names("head", "smuggling_", "refused_"))
def test_head_is_refused_and_the_connection_closed(gateway, upstream, name):
    check_refused(gateway, upstream, shape("head", name), OTHER_STATUS.get(name, 400))


@pytest.mark.parametrize("name", BAD_BODIES)
def test_chunked_body_is_refused_and_the_connection_closed(gateway, upstream, name):
    check_refused(gateway, upstream, CHUNKED + shape("chunked", name))


def test_request_behind_a_good_one_is_answered(gateway, upstream):
    """What the tests above rely on."""
    client = gateway.client()
    client.send(NEXT + CHUNKED + b"%x\r\n%b\r\n0\r\n\r\n" % (len(HI), HI))
    assert [client.response().body for _ in range(2)] == [CHAT, CHAT]
    assert len(upstream.calls()) == 2


@pytest.mark.parametrize("name", WHOLE_BODIES)
def test_good_chunked_body_keeps_the_connection(gateway, name):
    """They hold no JSON, and that is all that is wrong with them."""
    client = gateway.client()
    # The file brings the beginning of a message of its own.
    behind = b"Host: h\r\n\r\n" if name == "next_message_behind" else b""
    client.send(CHUNKED + shape("chunked", name) + behind + NEXT)
    check_error(client.response(), 400, starts="invalid request body: ")
    if behind:
        assert client.response().status == 404
    assert client.response().body == CHAT


def test_fields_of_a_trailer_go_nowhere(gateway, upstream):
    body = b"%x\r\n%b\r\n0\r\nX-Title: late\r\nContent-Length: 1\r\n\r\n" % (len(HI), HI)
    client = gateway.client()
    client.send(CHUNKED + body)
    assert client.response().body == CHAT
    assert upstream.last.body == HI
    assert "x-title" not in upstream.last.headers
    assert upstream.last.headers["content-length"] == str(len(HI))


def test_bare_lf_is_refused_before_the_head_ends(gateway):
    """There may be no end that is one."""
    client = gateway.client()
    client.send(b"GET /healthz HTTP/1.1\nHost: h\n\n")
    check_error(client.response(), 400)
    assert client.wait_closed() == (b"", "closed")


@pytest.mark.parametrize("name", ["smuggling_bare_lf_everywhere", "smuggling_length_and_chunked",
                                  "smuggling_nul_in_name"])
def test_shape_that_comes_byte_by_byte(gateway, upstream, name):
    client = gateway.client()
    for byte in shape("head", name) + NEXT.split(b"\r\n\r\n")[0] + b"\r\n\r\n":
        try:
            client.send(bytes([byte]))
        except OSError:
            break  # refused already
    check_error(client.response(), 400)
    assert upstream.connections == 0
