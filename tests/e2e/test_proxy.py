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


# Names that only the proxy knows: a request that does not go through it cannot arrive.


@pytest.fixture
def hidden(make_upstream, make_proxy, tmp_path):
    """A TLS upstream as https://api.hidden.test, its settings, and the proxy that knows it."""
    authority = Authority(tmp_path)
    upstream = make_upstream(tls=authority.server("api.hidden.test"))
    proxy = make_proxy(resolve={"api.hidden.test": "127.0.0.1"})
    settings = provider(f"https://api.hidden.test:{upstream.port}",
                        tls={"ca_file": str(authority.ca_file)})
    return f"CONNECT api.hidden.test:{upstream.port}", settings, proxy


def test_proxy_resolves_the_name(start, hidden):
    target, settings, proxy = hidden
    assert start(openai_config({**settings, "proxy": proxy.url})).chat().body == CHAT
    assert proxy.targets == [target]


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy"])
def test_https_proxy_of_the_environment(start, hidden, variable):
    target, settings, proxy = hidden
    assert start(openai_config(settings), env={variable: proxy.url}).chat().body == CHAT
    assert proxy.targets == [target]


@pytest.mark.parametrize("exception", ["api.hidden.test", ".hidden.test", "hidden.test", "*",
                                       "other.test, api.hidden.test"])
def test_no_proxy_goes_straight(start, hidden, exception):
    _, settings, proxy = hidden
    gateway = start(openai_config(settings),
                    env={"HTTPS_PROXY": proxy.url, "NO_PROXY": exception})
    check_error(gateway.chat(), 502, starts="openai request failed: ")
    assert proxy.targets == []


def test_no_proxy_for_other_names_changes_nothing(start, hidden):
    target, settings, proxy = hidden
    gateway = start(openai_config(settings),
                    env={"HTTPS_PROXY": proxy.url, "NO_PROXY": "den.test,other.test"})
    assert gateway.chat().body == CHAT
    assert proxy.targets == [target]


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "HTTPS_PROXY"])
def test_plain_http_goes_through_http_proxy_only(start, upstream, make_proxy, variable):
    proxy = make_proxy(resolve={"api.hidden.test": "127.0.0.1"})
    gateway = start(openai_config(f"http://api.hidden.test:{upstream.port}"),
                    env={variable: proxy.url})
    if variable == "HTTP_PROXY":
        assert gateway.chat().body == CHAT
        assert f"api.hidden.test:{upstream.port}" in proxy.targets[0]
    else:
        assert gateway.chat().status == 502
        assert proxy.targets == []


def test_this_machine_is_reached_without_the_proxy_of_the_environment(start, upstream, make_proxy):
    proxy = make_proxy()
    env = {"HTTP_PROXY": proxy.url, "HTTPS_PROXY": proxy.url}
    assert start(openai_config(upstream), env=env).chat().body == CHAT
    assert proxy.targets == []
