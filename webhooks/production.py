"""Settings of gunicorn under which calls outlive their workers: ``gunicorn --config python:webhooks.production``.

The service is built once, before workers are forked: a killed worker is replaced within milliseconds, and by the same version
of the flow, whatever has become of its file since. A reload (SIGHUP) reads the file again; if it is broken the service goes
on with what it has. Source of what the settings mean: docs.gunicorn.org/en/stable/settings.html.
"""

from __future__ import annotations

import gc
import os
from typing import TYPE_CHECKING

from webhooks.wsgi import again

if TYPE_CHECKING:
    from gunicorn.arbiter import Arbiter
    from gunicorn.workers.base import Worker

wsgi_app = "webhooks.wsgi:application"
preload_app = True
workers = int(os.environ.get("WEB_CONCURRENCY") or 4 * (os.cpu_count() or 2))
worker_class = "gthread"
threads = 3  # as many requests die with a worker; two may wait for services, the third is for whoever is answered at once
keepalive = 0  # an idle connection would hold a place
backlog = 2048  # who has to wait does so here, where the death of a worker does not matter
limit_request_line = 8190  # the longest cursor
timeout = 30
graceful_timeout = 10  # longer than the longest turn: webhooks.voice.TURN_S
control_socket_disable = True  # its thread would be forked along


def pre_fork(server: Arbiter, worker: Worker) -> None:
    """What is there already is never garbage: workers share its memory, and need not look through it."""
    gc.freeze()


def post_fork(server: Arbiter, worker: Worker) -> None:
    """A worker takes no more connections than it has threads: all that it holds is lost with it, and has to be tried again."""
    worker.worker_connections = worker.cfg.threads  # type: ignore[attr-defined]
    server.app.callable.extensions["ivr"]["line"].lend(worker.cfg.threads)


def on_reload(server: Arbiter) -> None:
    """The new version of the flow, for the workers that are started next."""
    server.app.callable = again(server.app.callable)
    gc.unfreeze()
    gc.collect()
