"""The measured service: webhooks and a bare route in one gunicorn worker, and the resources it uses."""

from __future__ import annotations

import datetime as dt
import logging
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flows.model.load import load
from webhooks.service.app import create_app
from webhooks.settings.config import Config
from webhooks.wsgi import LOG_FORMAT

__all__ = ["PUBLIC", "TOKEN", "Worker", "served", "worker"]

PUBLIC, TOKEN = "https://ivr.example.com", "a token of the bench"
ROOT = Path(__file__).parent.parent
_CONSTANT = b'<?xml version="1.0" encoding="UTF-8"?><Response><Hangup /></Response>'
_MORNING = dt.datetime(2026, 11, 24, 15, tzinfo=dt.UTC)
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Worker:
    """One worker and the port it listens on."""

    port: int
    pid: int

    def cpu_s(self) -> float:
        """Processor time of all its threads, in user and kernel mode."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def resident_bytes(self) -> int:
        """Memory it holds."""
        return int(Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def served() -> object:
    """What gunicorn serves: the webhooks of one flow, with its log and its file watching, and the bare route."""
    from flask import Response

    logging.basicConfig(format=LOG_FORMAT, level=logging.INFO)
    loaded = load(os.environ["BENCH_FLOW"])
    app = create_app(
        Config(
            flow=loaded.flow,
            flow_files=tuple(loaded.document.texts),
            flow_folder=Path(loaded.document.file).parent,
            public_url=PUBLIC,
            auth_token=TOKEN,
            clock=lambda: _MORNING,
            database=os.environ["BENCH_DATABASE"],
        )
    )
    app.add_url_rule("/bare", view_func=lambda: Response(_CONSTANT, content_type="text/xml"), methods=["POST"])
    return app


def __getattr__(name: str) -> object:
    if name == "application":
        return served()
    raise AttributeError(name)


@contextmanager
def worker(folder: str, flow: str = "northwind") -> Iterator[Worker]:
    """A worker with production settings, its records in `folder`."""
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "bench.webhook_server:application",
        "--config",
        "python:webhooks.production",
        "--workers",
        "1",
        "--bind",
        "127.0.0.1:0",
    ]
    environment = {**os.environ, "BENCH_DATABASE": f"{folder}/calls.sqlite", "BENCH_FLOW": flow}
    log = Path(folder, "gunicorn.log")
    with log.open("w") as output:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=output)
    try:
        port = pid = None
        while not (port and pid):
            if server.poll() is not None:
                raise RuntimeError(log.read_text())
            port = re.search(r"Listening at: http://127\.0\.0\.1:(\d+)", log.read_text())
            pid = re.search(r"Booting worker with pid: (\d+)", log.read_text())
        yield Worker(int(port[1]), int(pid[1]))
    finally:
        server.terminate()
        server.wait()
