"""Checks that many tests share."""

PROXY = "proxy_error"
CLIENT = "invalid_request_error"


def check_error(response, status, message=None, starts=None, contains=None, kind=None, code=None):
    """An error of the gateway's own: status, shape, headers, and what it says."""
    assert response.status == status, (response.status, response.body)
    assert response.headers["content-type"] == "application/json"
    assert response.headers["x-should-retry"] in ("true", "false")
    assert set(response.json()) == {"error"}
    error = response.error
    assert set(error) == {"message", "type", "param", "code"}, error
    assert error["param"] is None
    if message is not None:
        assert error["message"] == message
    if starts is not None:
        assert error["message"].startswith(starts), error["message"]
    if contains is not None:
        assert contains in error["message"], error["message"]
    if code is not None:
        assert error["code"] == code
    assert error["type"] == (kind or (CLIENT if status < 500 else PROXY)), error
    return error


def check_broken_stream(response):
    """A stream that failed: an error event last, no end made up, the framing cut off."""
    assert response.status == 200
    assert not response.complete, "the stream looks finished"
    assert b"[DONE]" not in response.body
    last = response.events()[-1]
    assert last.startswith('data: {"error":'), last
    return last


def check_whole_stream(response):
    """A stream that ended as it should: `[DONE]` once and last, the framing complete."""
    assert response.status == 200
    assert response.complete, response.body
    assert response.headers["content-type"].startswith("text/event-stream")
    assert response.data().count("[DONE]") == 1
    assert response.body.endswith(b"data: [DONE]\n\n")


def check_served_by(response, provider):
    assert response.status == 200, response.body
    assert response.headers["x-butter-provider"] == provider
