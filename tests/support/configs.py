"""Configurations of the cases, as dictionaries that a test may change before the start."""

FAILOVER = {
    "enabled": True, "max_retries": 2, "retry_on": [429, 500, 502, 503, 504],
    "backoff": {"initial": "1ms", "multiplier": 2, "max": "5ms"},
}


def provider(upstream, key="test-key", **more):
    """A provider at `upstream` (a fake one, or a URL)."""
    settings = {"base_url": upstream if isinstance(upstream, str) else upstream.url}
    if key:
        settings["keys"] = [{"key": key}]
    settings.update(more)
    return settings


def config(providers, default="", models=None, failover=None, **more):
    """\\param providers  name -> fake upstream, URL or settings
    \\param models  model -> list of providers, or a whole route"""
    routing = {"breaker": {"enabled": False}}
    if default:
        routing["default_provider"] = default
    if failover:
        routing["failover"] = failover
    if models is not None:
        routing["models"] = {
            name: {"providers": route} if isinstance(route, list) else route
            for name, route in models.items()
        }
    return {
        "server": {"address": "127.0.0.1:0", "workers": 2, "shutdown_timeout": "2s"},
        "providers": {
            name: settings if isinstance(settings, dict) else provider(settings)
            for name, settings in providers.items()
        },
        "routing": routing,
        **more,
    }


def openai_config(upstream, **more):
    """Config A: one provider `openai`, the default one."""
    return config({"openai": upstream}, default="openai", **more)


def mock_config():
    """The built-in provider alone, on a free port."""
    return {
        "server": {"address": "127.0.0.1:0", "workers": 2, "shutdown_timeout": "2s"},
        "providers": {"mock": {"type": "mock"}},
        "routing": {"default_provider": "mock", "models": {"gpt-4o": {"providers": ["mock"]}}},
    }
