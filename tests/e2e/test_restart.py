"""Nothing is lost while the gateway is replaced, or its configuration is."""

import itertools
import signal

from support.configs import openai_config, provider
from support.load import Load, chat, stream
from support.replies import by_stream
from support.waiting import until


def on_port_of(gateway, settings):
    """The same settings, on the port that the gateway has got."""
    settings = {**settings, "server": {**settings["server"]}}
    settings["server"]["address"] = f"{gateway.address[0]}:{gateway.address[1]}"
    return settings


def test_twenty_restarts_under_load_lose_no_request(start, make_upstream):
    settings = openai_config(make_upstream(by_stream))
    gateway = start(settings)
    settings = on_port_of(gateway, settings)
    with Load(gateway.address, [chat, stream] * 4, fresh=4) as load:
        for _ in range(20):
            successor = start(settings)
            served = load.done
            until(lambda: load.done > served + 20, "some requests with both")
            gateway.signal(signal.SIGTERM)
            assert gateway.wait_exit() == 0
            gateway = successor
    assert load.failures == []
    assert load.done > 20 * 20


def test_two_hundred_reloads_under_load_lose_no_request(start, make_upstream):
    """By file change and SIGHUP in turns; every configuration differs from the one before."""
    upstream = make_upstream(by_stream)
    settings = [openai_config(provider(upstream, key=f"key-{number}", max_in_flight=8 + number % 3,
                                       max_connections=8 + number % 2))
                for number in range(6)]
    gateway = start(settings[0])
    with Load(gateway.address, [chat, stream] * 4, fresh=2) as load:
        for number, each in zip(range(200), itertools.cycle(settings)):
            reloads = len(gateway.log_lines("config reloaded"))
            if number % 2:
                gateway.signal(signal.SIGHUP)
            else:
                gateway.write(each)
            until(lambda: len(gateway.log_lines("config reloaded")) > reloads, "the reload")
        served = load.done
        until(lambda: load.done > served + 20, "some requests with the last one")
    assert load.failures == []
    assert load.done > 200
