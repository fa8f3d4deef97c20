"""Verifies requests signed by AWS's Signature Version 4 with AWS's own implementation (botocore)."""

import datetime
import hashlib
import re

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from .sim_bedrock_rules import Refused

_FORM = re.compile(r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/([^/]+)/aws4_request, ?"
                   r"SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})")
_MOST_SKEW = datetime.timedelta(minutes=5)


def forbidden(message, kind):
    return Refused(message, 403, kind)


def check_signature(request, url, keys, region):
    """`keys`: (access key id, secret access key, session token or None)."""
    match = _FORM.fullmatch(request.headers.get("authorization", ""))
    if not match:
        raise forbidden("Missing Authentication Token", "MissingAuthenticationTokenException")
    key_id, day, signed_region, name, signed, signature = match.groups()
    if key_id != keys[0]:
        raise forbidden("The security token included in the request is invalid.",
                        "UnrecognizedClientException")
    if request.headers.get("x-amz-security-token") != keys[2]:
        raise forbidden("The security token included in the request is invalid.",
                        "UnrecognizedClientException")
    if (signed_region, name) != (region, "bedrock"):
        raise forbidden(f"Credential should be scoped to a valid region and service, not "
                        f"{signed_region}/{name}.", "InvalidSignatureException")
    names = signed.split(";")
    if names != sorted(names) or not {"host", "x-amz-date"} <= set(names):
        raise forbidden("'Host' must be a 'SignedHeader'.", "InvalidSignatureException")
    for header in ("x-amz-security-token", "x-amz-content-sha256"):
        if request.headers.get(header) and header not in names:
            raise forbidden(f"{header} is not signed", "InvalidSignatureException")
    _check_time(request.headers.get("x-amz-date", ""), day)
    stated = request.headers.get("x-amz-content-sha256")
    if stated and stated != hashlib.sha256(request.body).hexdigest():
        raise forbidden("The provided 'x-amz-content-sha256' header does not match what was "
                        "computed.", "InvalidSignatureException")
    if _signature(request, url, keys, region, names) != signature:
        raise forbidden("The request signature we calculated does not match the signature you "
                        "provided.", "InvalidSignatureException")


def _check_time(text, day):
    try:
        signed_at = datetime.datetime.strptime(text, "%Y%m%dT%H%M%SZ")
    except ValueError:
        raise forbidden("Date must be in ISO-8601 'basic format'.",
                        "IncompleteSignatureException") from None
    now = datetime.datetime.now(datetime.UTC).replace(tzinfo=None)
    if abs(now - signed_at) > _MOST_SKEW or not text.startswith(day):
        raise forbidden("Signature expired", "InvalidSignatureException")


def _signature(request, url, keys, region, names):
    headers = {name: request.headers.get(name, "") for name in names}
    again = AWSRequest(request.method, url + request.target, headers=headers, data=request.body)
    again.context["timestamp"] = headers["x-amz-date"]
    auth = SigV4Auth(Credentials(keys[0], keys[1]), "bedrock", region)
    return auth.signature(auth.string_to_sign(again, auth.canonical_request(again)), again)
