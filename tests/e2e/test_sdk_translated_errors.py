"""What each vendor refuses, or breaks off, reaches the official SDKs as the exception of its kind, in the
words of the API that the caller chose."""

import itertools

import pytest

from support.dialects import CHAT, MESSAGES, RESPONSES
from support.simulator import RETRY_AFTER
from support.vendors import BEDROCK_CLAUDE, NOVA, VENDORS

CLASSES = {400: "BadRequestError", 401: "AuthenticationError", 403: "PermissionDeniedError",
           404: "NotFoundError", 429: "RateLimitError", 500: "InternalServerError",
           503: "InternalServerError", 529: "InternalServerError"}
ANTHROPICS = {**CLASSES, 503: "ServiceUnavailableError", 529: "OverloadedError"}
NOT_OF_BEDROCK = (401, 529)

each_pair = pytest.mark.parametrize("vendor, dialect", [
    (vendor, dialect) for vendor in VENDORS for dialect in (CHAT, RESPONSES, MESSAGES)], ids=str)


@each_pair
def test_statuses(vendors, vendor_sdks, vendor, dialect):
    statuses = [status for status in CLASSES
                if vendor not in (NOVA, BEDROCK_CLAUDE) or status not in NOT_OF_BEDROCK]
    classes = ANTHROPICS if dialect is MESSAGES else CLASSES
    for status, sdk, stream in itertools.product(statuses, vendor_sdks, (False, True)):
        name, text = sdk.raised(dialect, vendor.ask(f"error-{status}"), stream)
        assert (name, "on demand" in text) == (classes[status], True), (status, type(sdk), stream, text)


@each_pair
def test_when_to_come_again(vendors, vendor, dialect):
    body = dialect.body(vendor.ask("error-429"), stream=False)
    answer = vendors.gateway.post("/v1" + dialect.path, body)
    told = None if vendor in (NOVA, BEDROCK_CLAUDE) else str(RETRY_AFTER)
    assert (answer.status, answer.headers.get("retry-after")) == (429, told)
    assert dialect.error_of_body(answer.body).endswith("on demand")


@each_pair
@pytest.mark.parametrize("how", ["stream-error", "cut"])
def test_streams_that_break(vendors, vendor_sdks, vendor, dialect, how):
    for sdk in vendor_sdks:
        name, text = sdk.raised(dialect, vendor.ask(how), True)
        assert name not in ("none", "TypeError", "AttributeError"), (type(sdk), name, text)
