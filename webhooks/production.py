"""Settings of gunicorn under which calls outlive their workers: ``gunicorn --config python:webhooks.production``.

The service is built once, before workers are forked: a killed worker is replaced within milliseconds, and by the same
version of the flow, whatever has become of its file since. A reload (SIGHUP) reads the file again; if it is broken the
service goes on with what it has. Source of what the settings mean: docs.gunicorn.org/en/stable/settings.html.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from flows.display.console import report
from flows.source.finding import UsageError
from webhooks.settings.problems import problem
from webhooks.wsgi import again

if TYPE_CHECKING:
    from gunicorn.arbiter import Arbiter
    from gunicorn.workers.base import Worker


def workers_from(environ: Mapping[str, str]) -> int:
    """How many workers to start: WEB_CONCURRENCY, or four for each processor.

    Raises
    ------
    UsageError
        For a number without which nobody would answer.

    Examples
    --------
    >>> workers_from({"WEB_CONCURRENCY": "8"})
    8
    """
    text = environ.get("WEB_CONCURRENCY", "").strip()
    if text and not (text.isascii() and text.isdigit() and int(text) > 0):
        raise problem(
            f"WEB_CONCURRENCY={text!r}: nobody would answer",
            "write how many workers to start, 1 or more; missing: four for each processor",
        )
    return int(text) if text else 4 * (os.cpu_count() or 2)


def _workers() -> int:
    try:
        return workers_from(os.environ)
    except UsageError as error:  # to gunicorn, which reads this file, any error is one line without a hint
        report(error.findings)
        raise SystemExit(2) from None


wsgi_app = "webhooks.wsgi:application"
preload_app = True
workers = _workers()
worker_class = "gthread"
threads = (
    3  # as many requests die with a worker; two may wait for services, the third is for whoever is answered at once
)
keepalive = 0  # an idle connection would hold a place
backlog = 2048  # who has to wait does so here, where the death of a worker does not matter
limit_request_line = 8190  # the longest cursor
timeout = 30
graceful_timeout = 10  # longer than the longest turn: webhooks.turn.advance.TURN_S
control_socket_disable = True  # its thread would be forked along


def pre_fork(server: Arbiter, worker: Worker) -> None:
    """What is there already is never garbage: workers share its memory, and need not look through it."""
    gc.freeze()


def post_fork(server: Arbiter, worker: Worker) -> None:
    """A worker takes no more connections than it has threads: all that it holds is lost with it, and has to be tried
    again.
    """
    worker.worker_connections = worker.cfg.threads  # type: ignore[attr-defined]
    server.app.callable.extensions["ivr"]["line"].lend(worker.cfg.threads)


def on_reload(server: Arbiter) -> None:
    """The new version of the flow, for the workers that are started next."""
    server.app.callable = again(server.app.callable)
    gc.unfreeze()
    gc.collect()
