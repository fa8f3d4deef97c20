"""Upstreams behind an HTTP proxy: by configuration and by the environment."""

import pytest

from support.certs import Authority
from support.checks import check_error
from support.configs import openai_config, provider
from support.connect_proxy import ConnectProxy
from support.replies import CHAT


@pytest.fixture
def make_proxy():
    made = []

    def make(**options):
        made.append(ConnectProxy(**options))
        return made[-1]

    yield make
    for proxy in made:
        proxy.stop()


@pytest.fixture
def secure(make_upstream, tmp_path):
    """A TLS upstream, and the settings that reach it."""
    authority = Authority(tmp_path)
    upstream = make_upstream(tls=authority.server())
    return upstream, provider(upstream, tls={"ca_file": str(authority.ca_file)})


def tunnel(upstream):
    return f"CONNECT 127.0.0.1:{upstream.port}"


def test_https_goes_through_a_tunnel(start, secure, make_proxy):
    upstream, settings = secure
    proxy = make_proxy()
    gateway = start(openai_config({**settings, "proxy": proxy.url}))
    assert gateway.chat().body == CHAT
    assert proxy.targets == [tunnel(upstream)]
    assert "test-key" not in str(proxy.heads)


def test_password_of_the_proxy(start, secure, make_proxy):
    _, settings = secure
    proxy = make_proxy(user="user:pa ss")
    gateway = start(openai_config({**settings, "proxy": proxy.url_with("user:pa%20ss")}))
    assert gateway.chat().body == CHAT


def test_wrong_password_is_502_and_not_shown(start, secure, make_proxy):
    upstream, settings = secure
    proxy = make_proxy(user="user:right")
    gateway = start(openai_config({**settings, "proxy": proxy.url_with("user:wrongpass")}))
    error = check_error(gateway.chat(), 502, starts="openai request failed: ")
    assert "wrongpass" not in error["message"] + gateway.output
    assert upstream.connections == 0


def test_proxy_that_refuses_is_502(start, secure, make_proxy):
    _, settings = secure
    gateway = start(openai_config({**settings, "proxy": make_proxy(refuse=403).url}))
    check_error(gateway.chat(), 502, starts="openai request failed: ")


def test_proxy_that_is_down_is_502(start, secure, refused):
    upstream, settings = secure
    gateway = start(openai_config({**settings, "proxy": refused}))
    check_error(gateway.chat(), 502, starts="openai request failed: ")
    assert upstream.connections == 0


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy"])
def test_https_proxy_of_the_environment(start, secure, make_proxy, variable):
    upstream, settings = secure
    proxy = make_proxy()
    gateway = start(openai_config(settings), env={variable: proxy.url})
    assert gateway.chat().body == CHAT
    assert proxy.targets == [tunnel(upstream)]


@pytest.mark.parametrize("exception", ["127.0.0.1", "*", "other.test,127.0.0.1"])
def test_no_proxy_goes_straight(start, secure, make_proxy, exception):
    _, settings = secure
    proxy = make_proxy()
    gateway = start(openai_config(settings),
                    env={"HTTPS_PROXY": proxy.url, "NO_PROXY": exception})
    assert gateway.chat().body == CHAT
    assert proxy.targets == []


def test_plain_http_goes_through_http_proxy(start, upstream, make_proxy):
    proxy = make_proxy()
    gateway = start(openai_config(upstream), env={"HTTP_PROXY": proxy.url})
    assert gateway.chat().body == CHAT
    assert len(proxy.targets) == 1
    assert f"127.0.0.1:{upstream.port}" in proxy.targets[0]


def test_https_proxy_is_not_for_plain_http(start, upstream, make_proxy):
    proxy = make_proxy()
    gateway = start(openai_config(upstream), env={"HTTPS_PROXY": proxy.url})
    assert gateway.chat().body == CHAT
    assert proxy.targets == []


def test_proxy_resolves_the_name(start, make_upstream, make_proxy, tmp_path):
    authority = Authority(tmp_path)
    upstream = make_upstream(tls=authority.server("hidden.test"))
    proxy = make_proxy(resolve={"hidden.test": "127.0.0.1"})
    settings = provider(f"https://hidden.test:{upstream.port}", proxy=proxy.url,
                        tls={"ca_file": str(authority.ca_file)})
    assert start(openai_config(settings)).chat().body == CHAT
    assert proxy.targets == [f"CONNECT hidden.test:{upstream.port}"]
