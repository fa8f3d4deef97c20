"""The places that hand out credentials: the EC2 metadata service (version 2), a container's endpoint,
Google's metadata server."""

import json
import time

from .upstream import Upstream


def aws_keys(key_id, secret, token, lives):
    expires = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + lives))
    return {"Code": "Success", "Type": "AWS-HMAC", "AccessKeyId": key_id, "SecretAccessKey": secret,
            "Token": token, "Expiration": expires}


def reply_json(exchange, body, status=200):
    exchange.reply(status, {"Content-Type": "application/json"}, json.dumps(body).encode())


class SimImds:
    """Version 2 only: without its session token nothing is told."""

    ROLE = "sim-role"
    ROLES = "/latest/meta-data/iam/security-credentials/"

    def __init__(self, keys, lives=3600, role=True):
        self.keys = keys
        self.lives = lives
        self.given = 0
        self.upstream = Upstream().on("*", lambda exchange: exchange.reply(404))
        self.upstream.on("/latest/api/token", self._token)
        if role:
            self.upstream.on(self.ROLES, self._guarded(lambda e: e.reply(body=self.ROLE.encode())))
            self.upstream.on(self.ROLES + self.ROLE, self._guarded(self._keys))
        else:
            self.upstream.on(self.ROLES, self._guarded(lambda e: e.reply(404)))

    @property
    def url(self):
        return self.upstream.url

    def stop(self):
        self.upstream.stop()

    def _token(self, exchange):
        seconds = exchange.request.headers.get("x-aws-ec2-metadata-token-ttl-seconds", "")
        if exchange.request.method != "PUT":
            return exchange.reply(405)
        if not seconds.isdigit() or not 1 <= int(seconds) <= 21600:
            return exchange.reply(400)
        return exchange.reply(body=b"SIMTOKEN==")

    @staticmethod
    def _guarded(answer):
        def serve(exchange):
            if exchange.request.headers.get("x-aws-ec2-metadata-token") != "SIMTOKEN==":
                return exchange.reply(401)
            return answer(exchange)
        return serve

    def _keys(self, exchange):
        self.given += 1
        reply_json(exchange, aws_keys(*self.keys, self.lives))


class SimContainer:
    """The endpoint of ECS and of EKS Pod Identity."""

    PATH = "/v1/credentials"

    def __init__(self, keys, token=None, lives=3600):
        self.keys = keys
        self.token = token
        self.lives = lives
        self.upstream = Upstream().on("*", lambda exchange: exchange.reply(404))
        self.upstream.on(self.PATH, self._keys)

    @property
    def url(self):
        return self.upstream.url + self.PATH

    def stop(self):
        self.upstream.stop()

    def _keys(self, exchange):
        if exchange.request.headers.get("authorization") != self.token:
            return reply_json(exchange, {"code": "InvalidAuthorizationToken"}, 403)
        return reply_json(exchange, aws_keys(*self.keys, self.lives))
