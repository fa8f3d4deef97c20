"""Fixtures: as many gateways and fake upstreams as a test wants, all stopped at its end."""

import pytest

from support import replies
from support.configs import config, openai_config
from support.fault_bed import CLIENT_MARK, FaultBed
from support.gateway import Gateway, closed_port
from support.sdk_calls import NodeSdks, PythonSdks
from support.upstream import Upstream
from support.vendors import CLIENT_KEY, Vendors


@pytest.fixture
def make_upstream():
    """Makes fake upstreams; with no arguments one that answers like OAI of the cases."""
    made = []

    def make(*handlers, path="/chat/completions", **options):
        upstream = replies.script(Upstream(**options))
        if handlers:
            upstream.on(path, *handlers)
        made.append(upstream)
        return upstream

    yield make
    for upstream in made:
        upstream.stop()
    errors = [error for upstream in made for error in upstream.errors]
    assert not errors, errors


@pytest.fixture
def start(make_upstream, tmp_path):
    """Starts gateways. Each must end with code 0 when told to, and without a sanitizer's report."""
    made = []

    def begin(settings=None, **options):
        folder = tmp_path / f"gateway{len(made)}"
        folder.mkdir()
        made.append(Gateway(settings, folder=folder, **options))
        return made[-1].wait_ready()

    yield begin
    for gateway in made:
        running = gateway.process.poll() is None
        code = gateway.stop()
        assert "Sanitizer" not in gateway.stderr, gateway.stderr
        assert not running or code == 0, (code, gateway.stderr, gateway.logs[-5:])


@pytest.fixture
def refuse_start(tmp_path):
    """Starts a gateway that must end by itself with code 1; gives it for its log."""
    made = []

    def begin(settings=None, **options):
        made.append(Gateway(settings, folder=tmp_path, **options))
        assert made[-1].wait_exit() == 1
        assert not made[-1].log_lines("butter listening")
        return made[-1]

    yield begin
    for gateway in made:
        gateway.stop()


@pytest.fixture
def load_error(refuse_start):
    """The error of the log line when this configuration is refused."""
    def begin(settings, **options):
        (line,) = refuse_start(settings, **options).log_lines("failed to load config")
        assert line["level"] == "ERROR"
        return line["error"]
    return begin


@pytest.fixture
def upstream(make_upstream):
    """The OAI upstream of the cases."""
    return make_upstream()


@pytest.fixture
def gateway(start, upstream):
    """Config A of the cases: `openai` at `upstream`, the default provider."""
    return start(openai_config(upstream))


@pytest.fixture
def serve(start, make_upstream):
    """Config A with an upstream that answers chat by these handlers; gives both."""
    def begin(*handlers, path="/chat/completions", **more):
        upstream = make_upstream(*handlers, path=path)
        return start(openai_config(upstream, **more)), upstream
    return begin


@pytest.fixture
def serve_many(start, make_upstream):
    """Providers with their handlers, all in one route for gpt-4o, in order."""
    def begin(providers, failover=None, route=None, **more):
        upstreams = {name: make_upstream(*handlers) for name, handlers in providers.items()}
        models = {"gpt-4o": {"providers": list(providers), **(route or {})}}
        gateway = start(config(upstreams, models=models, failover=failover, **more))
        return gateway, upstreams
    return begin


@pytest.fixture
def refused():
    """The URL of a port that refuses connections."""
    sock, port = closed_port()
    yield f"http://127.0.0.1:{port}"
    sock.close()


class Lazily(dict):
    """Makes what is asked for, once."""

    def __init__(self, make):
        super().__init__()
        self._make = make

    def __missing__(self, key):
        self[key] = self._make(key)
        return self[key]


@pytest.fixture(scope="session")
def beds(tmp_path_factory):
    """By provider type: a gateway whose upstreams misbehave. What it printed is searched at its end."""
    made = Lazily(lambda kind: FaultBed(kind, tmp_path_factory.mktemp(f"faults-{kind}")))
    yield made
    for bed in made.values():
        bed.stop()


@pytest.fixture(scope="session")
def sdks(beds):
    """By provider type: the Python and the Node SDKs, which talk to that gateway."""
    made = Lazily(lambda kind: [make(beds[kind].gateway.url, CLIENT_MARK)
                                for make in (PythonSdks, NodeSdks)])
    yield made
    for pair in made.values():
        for sdk in pair:
            sdk.close()


@pytest.fixture(scope="session")
def all_vendors(tmp_path_factory):
    made = Vendors(tmp_path_factory.mktemp("vendors"))
    yield made
    made.stop()


@pytest.fixture
def vendors(all_vendors):
    """The gateway in front of every vendor's simulator, none of which may refuse what a test sends."""
    all_vendors.forget()
    yield all_vendors
    assert not all_vendors.refused


@pytest.fixture(scope="session")
def vendor_sdks(all_vendors):
    """The Python SDKs and the Node SDKs, which talk to that gateway."""
    made = [make(all_vendors.gateway.url, CLIENT_KEY) for make in (PythonSdks, NodeSdks)]
    yield made
    for sdk in made:
        sdk.close()
