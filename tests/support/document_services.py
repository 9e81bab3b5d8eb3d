"""Services that documents start, each on a free port instead of the one that the document names."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType

__all__ = ["SERVICES", "DocumentServices"]

SERVICES = ("ivr serve ", "gunicorn ", "flask ")
"""Commands that run until they are stopped."""
_PORTS = ("5000", "8000")
"""The ports of the documents."""
_READY_S, _SAID_S = 60.0, 10.0


class DocumentServices:
    """The services of one document; all are stopped at its end.

    Parameters
    ----------
    folder : Path
        Where they run.
    environment : mapping of str to str
        Read at each start.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._folder, self._environment = folder, environment
        self._ports = dict(zip(_PORTS, _free_ports(len(_PORTS)), strict=True))
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> DocumentServices:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for port in tuple(self._running):
            self._stop(port)

    def real(self, text: str) -> str:
        """A text of the document with the ports that the services really have."""
        return re.sub(rf"(?<=[:=])({'|'.join(_PORTS)})\b", lambda port: self._ports[port[0]], text)

    def documented(self, text: str) -> str:
        """What was printed, with the ports of the document."""
        for port, real in self._ports.items():
            text = re.sub(rf"\b{real}\b", port, text)
        return text

    def start(self, command: str, said: Callable[[str], bool]) -> str:
        """Start a service, wait until it answers and has said what the document shows, and return what it has said.

        Parameters
        ----------
        command : str
            Of the document.
        said : callable
            Whether a text is what the document shows.
        """
        port = _PORTS[1] if f":{_PORTS[1]}" in command else _PORTS[0]
        self._stop(port)
        if f":{port}" not in command:
            command += f" --port={port}"
        log = self._folder.parent / f"{port}.log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                ["sh", "-c", f"exec {self.real(command)}"],
                cwd=self._folder,
                env=dict(self._environment),
                stdout=out,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        self._running[port] = process
        self._wait(process, lambda: _answers(self._ports[port]), _READY_S)
        self._wait(process, lambda: said(self.documented(log.read_text("utf-8"))), _SAID_S)
        return self.documented(log.read_text("utf-8"))

    def _wait(self, process: subprocess.Popen[bytes], holds: Callable[[], bool], at_most_s: float) -> None:
        until = time.monotonic() + at_most_s
        while process.poll() is None and time.monotonic() < until and not holds():
            time.sleep(0.05)

    def _stop(self, port: str) -> None:
        process = self._running.pop(port, None)
        if process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _free_ports(number: int) -> list[str]:
    taken = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [str(one.getsockname()[1]) for one in taken]
    for one in taken:
        one.close()
    return ports


def _answers(port: str) -> bool:
    try:
        socket.create_connection(("127.0.0.1", int(port)), timeout=1).close()
    except OSError:
        return False
    return True
