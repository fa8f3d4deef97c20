"""What all measurements stand on: an upstream, a core for what is measured, cores for the load."""
import contextlib
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import types

import proxies
from building import ROOT
from children import Children, Failure

BINARIES = ROOT / 'build/bench'


def cores():
    """(the proxy's, the client's, the upstream's). With two cores client and upstream share one:
    what they cost then bounds the requests per second, but not the CPU that a request takes."""
    usable = sorted(os.sched_getaffinity(0))
    if len(usable) < 2:
        raise Failure('needs two cores')
    return usable[0], usable[1], usable[min(2, len(usable) - 1)]


@contextlib.contextmanager
def bed(butter, logs='default', binaries=BINARIES):
    """(what starts a proxy, what measures one). All that they started ends with the block."""
    core, client_core, upstream_core = cores()
    with tempfile.TemporaryDirectory(prefix='butter-bench-') as folder, Children() as children:
        upstream = children.start([binaries / 'mock_upstream'], upstream_core,
                                  stdout=subprocess.PIPE, text=True)
        setup = proxies.Setup(children, int(upstream.stdout.readline()), pathlib.Path(folder), core,
                              logs, butter)
        tools = types.SimpleNamespace(children=children, client=binaries / 'load_client',
                                      core=client_core, folder=setup.folder)
        yield setup, tools


@contextlib.contextmanager
def told(name):
    """SIGTERM and Ctrl-C unwind, so that the children end; failures are told in a line."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        yield
    except (Failure, subprocess.CalledProcessError, FileNotFoundError) as failure:
        sys.exit(f'{name}: {failure}')
    except KeyboardInterrupt:
        sys.exit(130)
