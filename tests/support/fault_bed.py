"""A gateway with a provider for each kind of trouble, and what is seen of one request through it."""

import base64
import datetime
import gzip
import itertools
import re

from .certs import DAY, Authority
from .configs import config, provider
from .connect_proxy import ConnectProxy
from .faults import Answer, whole
from .gateway import Gateway, closed_port
from .prometheus import Metrics
from .upstream import Upstream
from .waiting import until

# Marked secrets. None of them may stand in anything that the gateway says.
KEY_MARK = "sk-marked-5f1d"
PROXY_MARK = "proxy-marked-c04e"
CLIENT_MARK = "sk-client-marked-9a7c"
PROXY_USER = f"user:{PROXY_MARK}"
MARKS = (KEY_MARK, PROXY_MARK, CLIENT_MARK, base64.b64encode(PROXY_USER.encode()).decode())
CREDENTIALS = {"Authorization": f"Bearer {CLIENT_MARK}", "x-api-key": CLIENT_MARK,
               "Cookie": f"session={CLIENT_MARK}", "Proxy-Authorization": f"Basic {CLIENT_MARK}",
               "X-Butter-App-Key": CLIENT_MARK}

SHORT = "150ms"
FAILOVER = {"enabled": True, "max_retries": 1, "max_retry_after": "2s",
            "backoff": {"initial": "1ms", "multiplier": 1, "max": "1ms"}}
EVERYTHING_SAID = {"log": {"level": "debug"},
                   "plugins": {"metrics": {},
                               "requestlog": {"level": "info", "log_bodies": True}}}
COUNTERS = {
    "error": "butter_request_errors_total",
    "broken stream": "butter_streams_broken_total",
    "unmarked stream": "butter_streams_unmarked_total",
    "client left": "butter_clients_left_total",
}
NOTHING = "-"
GAUGES = ("butter_inflight", "butter_open_streams")


def check_no_mark(text, what):
    for mark in MARKS:
        assert mark not in text, f"{mark} in {what}"


class FaultBed:
    """The gateway, and behind it a provider for each trouble: `faulty` does what the test scripts,
    `hasty` is the same with short time limits, the others are in trouble before a request can be.

    The model `<provider>` is served by that provider alone, `<provider>+spare` by it and a sound
    one.
    """

    def __init__(self, provider_type, folder):
        self.type = provider_type
        self._ids = itertools.count()
        self._refused, port = closed_port()
        authority = Authority(folder)
        hour = datetime.timedelta(hours=1)
        good = authority.server()
        faulty = Upstream()
        mute = Upstream()
        self.spare = Upstream()
        self.proxies = {"proxy_refuses": ConnectProxy(refuse=403),
                        "proxy_password": ConnectProxy(user="user:other")}
        self.upstreams = {
            "faulty": faulty, "hasty": faulty, "narrow": faulty, "gated": faulty, "mute": mute,
            "patient": mute, "early": Upstream(),
            "tls": Upstream(tls=good),
            "expired": Upstream(tls=authority.server(begins=-2 * DAY, ends=-hour)),
            "wrong_host": Upstream(tls=authority.server("example.test")),
            "unknown_ca": Upstream(tls=Authority(folder, "Other CA").server()),
        }
        trusting = {"tls": {"ca_file": str(authority.ca_file)}}
        hasty = {"timeouts": {"connect": SHORT, "first_byte": SHORT, "idle": SHORT}}
        secure = self.upstreams["tls"].url
        silent = mute.url.replace("http", "https")
        settings = {
            "faulty": self._provider(faulty), "hasty": self._provider(faulty, **hasty),
            "early": self._provider(self.upstreams["early"]),
            "refused": self._provider(f"http://127.0.0.1:{port}"),
            "mute": self._provider(silent, **hasty),
            "patient": self._provider(silent),
            "narrow": self._provider(faulty, max_connections=1),
            "gated": self._provider(faulty, max_in_flight=1),
            **{name: self._provider(self.upstreams[name], **trusting)
               for name in ("tls", "expired", "wrong_host", "unknown_ca")},
            **{name: self._provider(secure, **trusting,
                                    proxy=proxy.url_with(PROXY_USER))
               for name, proxy in self.proxies.items()},
        }
        models = {name: [name] for name in settings}
        models |= {f"{name}+spare": [name, "spare"] for name in settings}
        settings["spare"] = self._provider(self.spare)
        whole_config = config(settings, models=models, failover=FAILOVER, **EVERYTHING_SAID)
        whole_config["server"].update(workers=1, read_timeout="1s", max_body_bytes="32MiB")
        self.gateway = Gateway(whole_config, folder=folder).wait_ready()
        self._sound = {}

    def _provider(self, where, **more):
        # Connections are not kept, so that each attempt is one connection.
        return provider(where, key=KEY_MARK, type=self.type, max_idle_connections=0, **more)

    def stop(self):
        code = self.gateway.stop()
        for upstream in {*self.upstreams.values(), self.spare}:
            upstream.stop()
            assert not upstream.errors, upstream.errors
        for proxy in self.proxies.values():
            proxy.stop()
        self._refused.close()
        assert code == 0, (code, self.gateway.stderr)
        assert "Sanitizer" not in self.gateway.stderr, self.gateway.stderr
        check_no_mark(self.gateway.output, "what the gateway printed")

    def script(self, where, handler):
        """What the upstream of this provider does from now on."""
        upstream = self.upstreams.get(where)
        if upstream is not None:
            upstream.on("*", handler, read_body=where != "early")
        return upstream

    def metrics(self):
        text = self.gateway.get("/metrics").text
        check_no_mark(text, "/metrics")
        return Metrics(text)

    def streams_are_open(self):
        return self.metrics().value("butter_open_streams") > 0

    def warm(self, way):
        """A sound request to `faulty`, after which its key is left alone no longer."""
        self.script("faulty", whole(Answer(way.provider, stream=False)))
        assert self.request(way.caller, "faulty", False).status == 200

    def sound(self, way, answer):
        """What a caller gets when nothing goes wrong: the upstream's bytes, or their translation."""
        if not way.translates:
            return answer.body
        key = (str(way), answer.stream)
        if key not in self._sound:
            self.script("faulty", whole(Answer(way.provider, answer.stream)))
            response = self.request(way.caller, "faulty", answer.stream)
            assert response.status == 200 and response.complete
            self._sound[key] = comparable(response)
        return self._sound[key]

    def sees_its_key(self, headers):
        """Whether the upstream got the marked key, and nothing of the caller's."""
        return KEY_MARK in str(headers) and CLIENT_MARK not in str(headers)

    def request(self, dialect, model, stream, headers=(), body=None):
        return self.gateway.post(f"/v1{dialect.path}", body or dialect.body(model, stream),
                                 {**CREDENTIALS, **dict(headers)})

    def watch(self):
        return Watch(self, f"fault-{next(self._ids)}")


class Watch:
    """What the gateway counts and writes between its making and seen()."""

    def __init__(self, bed, request_id):
        self.bed = bed
        self.request_id = request_id
        self.headers = {"x-request-id": request_id}
        self.before = bed.metrics()

    def trace(self):
        """The request's one record."""
        (line,) = self.bed.gateway.wait_log("request trace", request_id=self.request_id)
        return line

    def settled_metrics(self, running):
        """The metrics as soon as only so many requests are under way."""
        def settled():
            metrics = self.bed.metrics()
            return sum(metrics.value(name) for name in GAUGES) == running and metrics
        return until(settled, f"{running} requests under way")

    def failed_attempts(self):
        """The warnings about attempts, each by its code."""
        codes = [line["errc"] for line in self.bed.gateway.log_lines(
            "upstream attempt failed", request_id=self.request_id)]
        return ", ".join(f"{code} \u00d7 {len(list(group))}"
                         for code, group in itertools.groupby(codes)) or NOTHING

    def why(self):
        """The error of the record, without the provider's name."""
        error = self.trace().get("error", NOTHING)
        return error.removeprefix(f"{self.trace()['provider']} request failed: ")

    def counted(self, running=0, requests=1):
        """The counters that went up. Checks that the request and its attempts were counted once."""
        after = self.settled_metrics(running)

        def rise(name, **labels):
            return after.value(name, **labels) - self.before.value(name, **labels)
        status = str(self.trace()["status"])
        assert rise("butter_request_total") == requests
        assert rise("butter_request_total", http_status_code=status) == requests
        assert rise("butter_attempts_total") == self.trace()["attempts"] * requests
        risen = {name: rise(counter) for name, counter in COUNTERS.items()}
        assert set(risen.values()) <= {0, 1}, risen
        return ", ".join(name for name, times in risen.items() if times) or NOTHING


def comparable(response):
    """A body without what differs from answer to answer; unpacked."""
    body = response.body
    if response.headers.get("content-encoding") == "gzip":
        body = gzip.decompress(body)
    body = body.replace(response.headers["x-request-id"].encode(), b"ID")
    return re.sub(rb'("created(?:_at)?"):\d{10}', rb"\1:0", body)


def client_saw(way, sound, response, why):
    """What came back, in words that are the same for every dialect. Checks its shape, and that an
    error tells what the record tells. `sound` is what would have come without the fault."""
    dialect = way.caller
    check_no_mark(f"{response.headers}{response.body.decode('utf-8', 'replace')}", "an answer")
    if response.status != 200:
        if b"told so" in response.body or b"<html>" in response.body:
            assert not way.translates or dialect.error_of_body(response.body)
            return f"the upstream's {response.status}"
        assert response.headers["x-should-retry"] in ("true", "false")
        message = dialect.error_of_body(response.body)
        if message == "overloaded":
            return f"error {response.status}, the upstream's words"
        assert message.endswith(why), (message, why)
        return f"error {response.status}"
    body = comparable(response)
    kept = len(body) if sound.startswith(body) else whole_events(body, sound)
    rest = body[kept:]
    words = ["nothing" if not kept else "the whole answer" if kept == len(sound) else
             "all but the end" if sound.count(b"\n\n", kept) == 1 else "a part"]
    for block in rest.decode().split("\n\n")[:-1]:
        message = dialect.error_of_event(block)
        assert message and (message == "overloaded" or message.endswith(why)), rest
        words.append("the upstream's error event" if message == "overloaded" else "error event")
    assert not rest or rest.endswith(b"\n\n"), rest
    if not response.complete:
        words.append("cut")
    return ", ".join(words)


def whole_events(body, sent):
    """How many bytes of the body are whole events that were sent."""
    low, high = 0, min(len(body), len(sent))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if body[:middle] == sent[:middle] else (low, middle - 1)
    end = body.rfind(b"\n\n", 0, low)
    return end + 2 if end >= 0 else 0
