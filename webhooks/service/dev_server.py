"""The server of ``ivr serve``: listens, answers with threads, and stops cleanly. In production gunicorn does this."""

from __future__ import annotations

import errno
import signal
import socket
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from flows.source.finding import UsageError
from webhooks.settings.problems import problem

__all__ = ["address_of", "bind", "run"]

_OWN_ADDRESS = "use an address of this machine, e.g. 127.0.0.1"


class _QuietHandler(WSGIRequestHandler):
    """Logs no requests: calls are logged by node and outcome, without addresses."""

    protocol_version = "HTTP/1.1"

    def log_request(self, *_: Any) -> None:
        """Log nothing."""


def bind(host: str, port: int) -> socket.socket:
    """A listening socket.

    Raises
    ------
    UsageError
        When the port is in use, or the address does not belong to this machine.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        return socket.create_server(address[:2], family=family, backlog=128)
    except (OSError, UnicodeError) as error:  # a name with an empty or a long label cannot be looked up
        raise _unusable(error, host, port) from None


def _unusable(error: OSError | UnicodeError, host: str, port: int) -> UsageError:
    if isinstance(error, UnicodeError):
        message, hint = f"cannot listen on {host}: it is not a host name", _OWN_ADDRESS
    elif error.errno == errno.EADDRINUSE:
        message = f"port {port} on {host} is in use"
        hint = f"stop what listens there, or use another: --port {port % 65535 + 1}"
    elif error.errno == errno.EACCES:
        message, hint = f"port {port} needs more rights", "use a port from 1024 on, e.g. --port 5000"
    else:
        message, hint = f"cannot listen on {host}: {error.strerror or error}", _OWN_ADDRESS
    return problem(message, hint, code="W002")


def address_of(listening: socket.socket) -> str:
    """The URL of a listening socket."""
    host, port = listening.getsockname()[:2]
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{port}"


def run(app: Flask, listening: socket.socket, *, ready: Callable[[], None]) -> None:
    """Answer requests until Ctrl+C or a termination signal, then write the last records.

    Parameters
    ----------
    app : Flask
    listening : socket
        As `bind` made it.
    ready : callable
        Called when requests can be answered.
    """
    host, port = listening.getsockname()[:2]
    server = make_server(host, port, app, threaded=True, request_handler=_QuietHandler, fd=listening.fileno())
    listening.close()  # the server has a copy of its own

    def stop(_number: int, _frame: FrameType | None) -> None:
        # From another thread: shutdown waits for the loop that this signal interrupts.
        threading.Thread(target=server.shutdown, daemon=True).start()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    running = [one for name in ("dispatcher", "later") if (one := app.extensions["ivr"][name])]
    for one in running:
        one.start()
    ready()
    try:
        server.serve_forever()
    finally:
        journal, store = app.extensions["ivr"]["journal"], app.extensions["ivr"]["store"]
        for one in running:
            one.stop()
        if journal:
            journal.flush()
            store.close()
        server.server_close()
