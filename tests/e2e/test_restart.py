"""Nothing is lost while the gateway is replaced, or its configuration is."""

import signal

from support.configs import openai_config
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
