"""What is measured: each scenario is one run of load_client, and the figures taken from it."""
import dataclasses
import json
import subprocess
import time

from children import Failure, resident_kib

OPEN_STREAMS = 4000
_SETTLE_SECONDS = 0.5  # until what a process does after it began to listen is over


@dataclasses.dataclass(frozen=True)
class Metric:
    title: str
    digits: int = 1
    is_cost: bool = True  # less is better


@dataclasses.dataclass(frozen=True)
class Scenario:
    name: str
    title: str
    arguments: tuple  # of load_client
    metrics: dict  # name in what figures() returns -> Metric
    streams: bool = False
    only: str = ''  # the one proxy that can do it


_CPU = {'cpu_us_per_request': Metric('CPU per request, µs', 2)}
_SPEED = {'rps': Metric('requests per second', 0, is_cost=False)}
_LATENCY = {'p50_us': Metric('p50, µs'), 'p99_us': Metric('p99, µs')}
_STREAM = ('--connections', 64, '--chunks', 100, '--chunk-bytes', 200, '--gap-us', 1000)
_EVENTS = {'cpu_us_per_chunk': Metric('CPU per event, µs', 2),
           'chunks_per_s': Metric('events per second', 0, is_cost=False),
           'delay_p50_us': Metric('delay p50, µs'), 'delay_p99_us': Metric('delay p99, µs'),
           'first_p50_us': Metric('first event p50, µs')}
_16K = ('--request-bytes', 16384, '--answer-bytes', 16384)

SCENARIOS = (
    Scenario('json_1k_32', '1 KiB JSON, 32 connections', ('--connections', 32),
             _CPU | _SPEED | _LATENCY),
    Scenario('json_1k_256', '1 KiB JSON, 256 connections', ('--connections', 256),
             _CPU | _SPEED | _LATENCY),
    Scenario('json_16k_32', '16 KiB JSON both ways, 32 connections', ('--connections', 32, *_16K),
             _CPU | _SPEED | _LATENCY),
    Scenario('latency_1', '1 KiB JSON, 1 connection', ('--connections', 1), _LATENCY),
    Scenario('rate_5000', '1 KiB JSON, 5,000 requests per second',
             ('--connections', 64, '--rate', 5000), _CPU | _LATENCY),
    Scenario('stream', '64 streams of 100 events of 200 B, 1 ms apart', _STREAM, _EVENTS,
             streams=True),
    Scenario('translated_stream', 'the same, chat from an upstream of messages',
             (*_STREAM, '--translated', 1), _EVENTS, streams=True, only='butter'),
)

MEMORY = Scenario('memory', f'memory, idle and with {OPEN_STREAMS:,} open streams',
                  ('--hold', OPEN_STREAMS, '--chunks', 100000, '--gap-us', 5000000),
                  {'idle_mib': Metric('idle, MiB'),
                   'kib_per_stream': Metric('per open stream, KiB')}, streams=True)

ALL = (*SCENARIOS, MEMORY)


def _client(tools, running, scenario, more):
    port = running.stream_port if scenario.streams else running.port
    return [tools.client, '--port', port, *scenario.arguments, *more]


def _judge(name, scenario, output):
    """The client's JSON; a wrong answer makes every figure worthless."""
    try:
        result = json.loads(output.splitlines()[-1])
    except (IndexError, ValueError):
        raise Failure(f'{scenario.name} through {name}: the client said {output!r}') from None
    if result['errors']:
        raise Failure(f'{scenario.name} through {name}: {result["errors"]} errors, '
                      f'first: {result["first_error"]}')
    return result


def measure(name, running, scenario, tools, seconds):
    """One run. Returns {metric: figure}; those of CPU are missing where there is no proxy."""
    more = ['--seconds', seconds, '--warm-up', min(0.5, seconds / 3)]
    if running.pids:
        more += ['--watch', ','.join(map(str, running.pids))]
    client = tools.children.start(_client(tools, running, scenario, more), tools.core,
                                  stdout=subprocess.PIPE, text=True)
    try:
        output, _ = client.communicate(timeout=seconds + 30)
    except subprocess.TimeoutExpired:
        raise Failure(f'{scenario.name} through {name}: the client does not end') from None
    finally:
        tools.children.end(client)
    result = _judge(name, scenario, output)
    latency, delay = result['latency_us'], result['chunk_delay_us']
    figures = {'rps': result['rps'], 'p50_us': latency['p50'], 'p99_us': latency['p99'],
               'chunks_per_s': result['chunks_per_s'], 'delay_p50_us': delay['p50'],
               'delay_p99_us': delay['p99'], 'first_p50_us': result['first_byte_us']['p50']}
    if running.pids:
        cpu = result['watched_cpu_us']
        figures['cpu_us_per_request'] = cpu / max(result['requests'], 1)
        figures['cpu_us_per_chunk'] = cpu / max(result['chunks'], 1)
    return {metric: figures[metric] for metric in scenario.metrics if metric in figures}


def measure_memory(name, running, tools):
    """Needs a proxy that has served nothing yet. All streams have had their first event when the
    second figure is read."""
    time.sleep(_SETTLE_SECONDS)
    idle = resident_kib(running.pids)
    client = tools.children.start(_client(tools, running, MEMORY, ['--seconds', 60]), tools.core,
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        line = client.stdout.readline()
        if not line.startswith('holding'):
            _judge(name, MEMORY, line)
        loaded = resident_kib(running.pids)
        output, _ = client.communicate('\n', timeout=30)
    finally:
        tools.children.end(client)
    _judge(name, MEMORY, output)
    return {'idle_mib': idle / 1024, 'kib_per_stream': (loaded - idle) / OPEN_STREAMS}
