"""The simulators of what hands out credentials take what the vendors' SDKs send."""

import base64
import json
import time
from urllib.parse import urlencode

import botocore.utils
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from support.client import Client
from support.sim_google_token import EMAIL, GRANT, SCOPE, TOKEN, SimGoogle
from support.sim_metadata import SimContainer, SimImds

KEYS = ("AKIDROLE", "secret", "session")


@pytest.fixture
def started():
    made = []

    def start(sim):
        made.append(sim)
        return sim
    yield start
    for sim in made:
        sim.stop()
        assert not sim.upstream.errors, sim.upstream.errors


def test_imds_gives_the_sdk_its_keys(started, monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    sim = started(SimImds(KEYS))
    fetcher = botocore.utils.InstanceMetadataFetcher(
        timeout=5, num_attempts=1, config={"ec2_metadata_service_endpoint": sim.url + "/"})
    keys = fetcher.retrieve_iam_role_credentials()
    assert (keys["access_key"], keys["secret_key"], keys["token"]) == KEYS
    assert keys["role_name"] == SimImds.ROLE


def test_imds_wants_its_token(started):
    sim = started(SimImds(KEYS, role=False))
    with Client(sim.upstream.address) as client:
        assert client.request("GET", SimImds.ROLES).status == 401
        assert client.request("GET", "/latest/api/token").status == 405
        assert client.request("PUT", "/latest/api/token").status == 400
        assert client.request("GET", SimImds.ROLES,
                              [("X-aws-ec2-metadata-token", "SIMTOKEN==")]).status == 404


def test_a_container_gives_the_sdk_its_keys(started, monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    sim = started(SimContainer(KEYS, token="pod"))
    fetcher = botocore.utils.ContainerMetadataFetcher()
    keys = fetcher.retrieve_full_uri(sim.url, headers={"Authorization": "pod"})
    assert keys["AccessKeyId"] == "AKIDROLE"
    with Client(sim.upstream.address) as client:
        assert client.request("GET", SimContainer.PATH).status == 403


def signed(key, *parts):
    def encoded(data):
        return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
    text = ".".join(encoded(json.dumps(part).encode()) for part in parts)
    return f"{text}.{encoded(key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def assertion(sim, header=None, **changes):
    now = int(time.time())
    claims = {"iss": EMAIL, "scope": SCOPE, "aud": sim.token_uri, "iat": now, "exp": now + 3600}
    header = header or {"alg": "RS256", "typ": "JWT", "kid": "kid-1"}
    return signed(sim.key, header, {**claims, **changes})


def ask(sim, text, grant=GRANT):
    with Client(sim.upstream.address) as client:
        return client.request("POST", "/token",
                              [("Content-Type", "application/x-www-form-urlencoded")],
                              urlencode({"grant_type": grant, "assertion": text}))


def test_google_takes_a_signed_jwt(started):
    sim = started(SimGoogle())
    answer = json.loads(ask(sim, assertion(sim)).body)
    assert answer == {"access_token": TOKEN, "expires_in": 3600, "token_type": "Bearer"}
    assert json.loads(sim.service_account())["token_uri"] == sim.token_uri


def test_google_refuses(started):
    sim = started(SimGoogle())
    now = int(time.time())
    wrong = [assertion(sim, iss="other"), assertion(sim, aud="other"), assertion(sim, iat=now - 999),
             assertion(sim, exp=now + 9999), assertion(sim, extra=1),
             assertion(sim, header={"alg": "none"}), assertion(sim)[:-4] + "AAAA", "a.b"]
    for text in wrong:
        assert ask(sim, text).status == 400
    assert ask(sim, assertion(sim), grant="password").status == 400
    assert sim.refused == ["wrong iss", "wrong aud", "wrong times", "wrong times", "wrong claims",
                           "wrong header", "wrong signature", "no JWT", "wrong grant_type"]


def test_googles_metadata_server(started):
    sim = started(SimGoogle())
    with Client(sim.upstream.address) as client:
        assert client.request("GET", SimGoogle.METADATA).status == 403
        response = client.request("GET", SimGoogle.METADATA, [("Metadata-Flavor", "Google")])
    assert json.loads(response.body)["access_token"] == TOKEN
