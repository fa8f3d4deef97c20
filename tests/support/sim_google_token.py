"""Google's token endpoint, which takes a service account's signed JWT, and the metadata server."""

import base64
import json
import time
from urllib.parse import parse_qs

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from .sim_metadata import reply_json
from .upstream import Upstream

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
SCOPE = "https://www.googleapis.com/auth/cloud-platform"
EMAIL = "sim@project.test"
TOKEN = "ya29.sim-token"


def decoded(part):
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


class SimGoogle:
    """`refused` holds why it said no."""

    METADATA = "/computeMetadata/v1/instance/service-accounts/default/token"

    def __init__(self, lives=3600):
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.lives = lives
        self.refused = []
        self.upstream = Upstream().on("*", lambda exchange: exchange.reply(404))
        self.upstream.on("/token", self._token).on(self.METADATA, self._metadata)

    @property
    def token_uri(self):
        return self.upstream.url + "/token"

    @property
    def metadata_host(self):
        return f"127.0.0.1:{self.upstream.port}"

    def stop(self):
        self.upstream.stop()

    def service_account(self):
        """The text of a key file."""
        pem = self.key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                     serialization.NoEncryption()).decode()
        return json.dumps({"type": "service_account", "project_id": "project", "private_key": pem,
                           "private_key_id": "kid-1", "client_email": EMAIL,
                           "token_uri": self.token_uri})

    def _token(self, exchange):
        why = self._complaint(exchange.request)
        if why:
            self.refused.append(why)
            return reply_json(exchange, {"error": "invalid_grant", "error_description": why}, 400)
        return self._give(exchange)

    def _metadata(self, exchange):
        if exchange.request.headers.get("metadata-flavor") != "Google":
            self.refused.append("Metadata-Flavor is missing")
            return exchange.reply(403)
        return self._give(exchange)

    def _give(self, exchange):
        reply_json(exchange, {"access_token": TOKEN, "expires_in": self.lives,
                              "token_type": "Bearer"})

    def _complaint(self, request):
        """What is wrong with a token request; "" for nothing."""
        kind = request.headers.get("content-type")
        if request.method != "POST" or kind != "application/x-www-form-urlencoded":
            return "not a form"
        form = parse_qs(request.body.decode(), strict_parsing=True)
        if form.get("grant_type") != [GRANT] or len(form.get("assertion", [])) != 1:
            return "wrong grant_type"
        parts = form["assertion"][0].split(".")
        if len(parts) != 3:
            return "no JWT"
        header, claims = json.loads(decoded(parts[0])), json.loads(decoded(parts[1]))
        if header != {"alg": "RS256", "typ": "JWT", "kid": "kid-1"}:
            return "wrong header"
        try:
            self.key.public_key().verify(decoded(parts[2]), f"{parts[0]}.{parts[1]}".encode(),
                                         padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            return "wrong signature"
        return self._wrong_claim(claims)

    def _wrong_claim(self, claims):
        if set(claims) != {"iss", "scope", "aud", "iat", "exp"}:
            return "wrong claims"
        wanted = {"iss": EMAIL, "scope": SCOPE, "aud": self.token_uri}
        for name, value in wanted.items():
            if claims[name] != value:
                return f"wrong {name}"
        if abs(claims["iat"] - time.time()) > 300 or not 0 < claims["exp"] - claims["iat"] <= 3600:
            return "wrong times"
        return ""
