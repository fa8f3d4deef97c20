"""JSON that is not what it seems: each file of the corpus of the scanner is one shape.

A body is refused with 400, or it is the upstream's to judge and arrives there byte for byte.
"""

import pytest

from support.checks import check_error
from support.corpus import names, shape
from support.gateway import memory_kib
from support.replies import CHAT, chat_reply

# Bodies that name a model and that the upstream gets as they came: what is odd in them is none of
# the gateway's business.
RELAYED = (
    "block_border", "byte_order_mark_inside", "chat_stream", "deep_arrays",
    "depth_bomb_in_options", "depth_bomb_objects", "duplicate_messages", "duplicate_nested_model",
    "key_escaped", "key_long", "line_end_escaped_in_model",
    "lone_surrogate_in_content", "lone_surrogate_in_key", "mismatched_brackets", "model_escaped",
    "model_lone_surrogate", "not_a_number", "nul_escaped_in_content", "nul_escaped_in_model",
    "number_beyond_double", "number_exponent_overflow", "number_thousand_digits", "provider_object",
)
# Bodies in which `provider` is taken out, or names one that is not there; a stream whose usage is
# asked for.
CHANGED = ("chat_spaced", "key_other_case", "provider_string")
NO_MODEL = ("empty_object", "key_bad_escape", "model_empty", "model_null", "null_body",
            "options_usage_escaped")
REFUSED = [name for name in names("json_scan") if name not in RELAYED + CHANGED + NO_MODEL]


@pytest.fixture
def served(serve):
    """An upstream that takes any body."""
    return serve(chat_reply())


@pytest.mark.parametrize("name", RELAYED)
def test_body_is_relayed_byte_for_byte(served, name):
    gateway, upstream = served
    response = gateway.chat(shape("json_scan", name))
    assert response.body == CHAT
    assert upstream.last.body == shape("json_scan", name)
    assert "x-injected" not in response.headers


@pytest.mark.parametrize("name", REFUSED)
def test_body_is_refused(served, name):
    gateway, upstream = served
    with gateway.client() as client:
        for _ in range(2):  # the connection is kept: only the body was wrong
            response = client.request("POST", "/v1/chat/completions", (), shape("json_scan", name))
            error = check_error(response, 400, starts="invalid request body: ")
            assert len(error["message"]) < 200, "what and where, not the body again"
    assert upstream.connections == 0


@pytest.mark.parametrize("name", NO_MODEL)
def test_body_without_a_model_is_refused(served, name):
    gateway, upstream = served
    check_error(gateway.chat(shape("json_scan", name)), 400,
                message="missing required field: model")
    assert upstream.connections == 0


@pytest.mark.parametrize("name", [name for name in names("json_scan", "model_twice")
                                  if name in REFUSED])
def test_model_named_twice_is_told(served, name):
    gateway, _ = served
    check_error(gateway.chat(shape("json_scan", name)), 400,
                message="invalid request body: duplicate field model")


def test_bomb_of_megabytes_is_relayed_in_bounded_time_and_memory(served):
    gateway, upstream = served
    before = gateway.resident_kib()
    body = b'{"model":"m","a":' + b"[" * (4 << 20) + b"]" * (4 << 20) + b"}"
    assert gateway.chat(body).body == CHAT
    assert upstream.last.body == body
    assert gateway.peak_kib() - before < memory_kib(64 * 1024)
