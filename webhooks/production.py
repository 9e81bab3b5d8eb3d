"""Settings of gunicorn with which calls outlive their workers: ``gunicorn --config python:webhooks.production``.

The service is built once, before workers are forked: a killed worker is replaced within milliseconds, with the same
version of the flow even if its file has changed. A reload (SIGHUP) reads the file again; if it is broken, the service
continues with the version it has. Source of the settings: docs.gunicorn.org/en/stable/settings.html.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Mapping
from typing import Protocol

from flask import Flask

from webhooks.settings.problems import Together, problem
from webhooks.wsgi import again, config_from, refuse_to_start


class _Application(Protocol):
    callable: Flask


class _Arbiter(Protocol):
    """The parts of gunicorn's Arbiter used here."""

    app: _Application


class _WorkerSettings(Protocol):
    threads: int


class _Worker(Protocol):
    """The parts of gunicorn's Worker used here."""

    cfg: _WorkerSettings
    worker_connections: int


def workers_from(environ: Mapping[str, str]) -> int:
    """How many workers to start: WEB_CONCURRENCY, or four per processor.

    Raises
    ------
    UsageError
        When it is not a whole number of 1 or more.

    Examples
    --------
    >>> workers_from({"WEB_CONCURRENCY": "8"})
    8
    """
    text = environ.get("WEB_CONCURRENCY", "").strip()
    if text and not (text.isascii() and text.isdigit() and int(text) > 0):
        raise problem(
            f"WEB_CONCURRENCY={text!r} is not a number of workers",
            "write how many workers to start, 1 or more; missing: four for each processor",
        )
    return int(text) if text else 4 * (os.cpu_count() or 2)


def _workers() -> int:
    together = Together()
    with together.checking():
        return workers_from(os.environ)
    with together.checking():  # what else is wrong; gunicorn would print one line without a hint
        config_from(os.environ)
    refuse_to_start(together.findings)
    raise SystemExit(2)


wsgi_app = "webhooks.wsgi:application"
preload_app = True
workers = _workers()
worker_class = "gthread"
threads = 3  # so many requests are lost with a worker; two may wait for services, the third answers others at once
keepalive = 0  # an idle connection would occupy a thread
backlog = 2048  # requests wait here, where they survive a worker
limit_request_line = 8190  # the longest cursor
timeout = 30
graceful_timeout = 10  # longer than the longest turn: webhooks.turn.stages.advance.TURN_S
control_socket_disable = True  # its thread would be forked along


def pre_fork(server: _Arbiter, worker: _Worker) -> None:
    """Exclude existing objects from garbage collection, so that workers go on sharing their memory."""
    gc.freeze()


def post_fork(server: _Arbiter, worker: _Worker) -> None:
    """Start what runs in every worker, and have it take only as many connections as it has threads, which it loses."""
    worker.worker_connections = worker.cfg.threads
    ours = server.app.callable.extensions["ivr"]
    ours["line"].lend(worker.cfg.threads)
    for runs in (ours["dispatcher"], ours["later"]):
        if runs:
            runs.start()  # threads do not survive a fork


def on_reload(server: _Arbiter) -> None:
    """Load the new version of the flow, for the workers that start next."""
    server.app.callable = again(server.app.callable)
    gc.unfreeze()
    gc.collect()


def worker_exit(server: _Arbiter, worker: _Worker) -> None:
    """Let another worker go on with the floor at once."""
    ours = server.app.callable.extensions["ivr"]
    for runs in (ours["dispatcher"], ours["later"]):
        if runs:
            runs.stop()
