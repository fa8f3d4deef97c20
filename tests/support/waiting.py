"""Waiting for what another thread or process does, always with a deadline."""

import threading
import time

DEADLINE = 60.0
"""Seconds after which a test gives up. Nothing waits this long when all is well; a machine that is
busy with other work may let a process wait for ten."""


def until(condition, what="the condition", deadline=DEADLINE):
    """Polls until condition() is true and returns its value."""
    end = time.monotonic() + deadline
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"{what} did not come true within {deadline} s")
        threading.Event().wait(0.005)


def wait(event, what="the event", deadline=DEADLINE):
    """Waits for a threading.Event."""
    if not event.wait(deadline):
        raise AssertionError(f"{what} did not happen within {deadline} s")
