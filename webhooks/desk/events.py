"""Server-sent events: a page gets its state whenever that changes.

Source: html.spec.whatwg.org, "Server-sent events". A stream ends after a while and the browser asks again: in
production at once, because each open stream would occupy a thread that a caller may need.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from flask import Response, request

__all__ = ["AGAIN_MS", "LOOK_S", "events"]

AGAIN_MS = 1_000
"""After which the browser asks again."""
LOOK_S = 0.3
"""How often an open stream looks for changes."""


def events(state: Callable[[], Mapping[str, Any] | None], held_s: float) -> Response:
    """The stream of a page.

    Parameters
    ----------
    state : callable
        Gives what the page shows; None when whoever asked may no longer see it.
    held_s : float
        How long the stream stays open; 0: it tells what is new, and ends.
    """
    known = request.headers.get("Last-Event-ID", "")
    return Response(_stream(state, known, held_s), content_type="text/event-stream; charset=utf-8")


def _stream(state: Callable[[], Mapping[str, Any] | None], known: str, held_s: float) -> Iterator[str]:
    yield f"retry: {AGAIN_MS}\n\n"
    until_s = time.monotonic() + held_s
    while True:
        told = state()
        if told is None:
            yield "event: over\ndata: {}\n\n"
            return
        mark = _mark(told)
        if mark != known:
            known = mark
            yield f"id: {mark}\ndata: {json.dumps(told, ensure_ascii=False)}\n\n"
        else:
            yield ": as before\n\n"
        if time.monotonic() + LOOK_S > until_s:
            return
        time.sleep(LOOK_S)


def _mark(told: Mapping[str, Any]) -> str:
    """Names a state; two that differ only in the present moment have one name."""
    still = {key: value for key, value in told.items() if key != "now_us"}
    return hashlib.sha256(json.dumps(still, sort_keys=True).encode()).hexdigest()[:16]
