"""The service as it runs in production: gunicorn as the guide starts it, a telephone of the virtual carrier, and
services that it asks.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.support.paths import ROOT
from tests.support.web_carrier import SECRET, TOKEN
from webhooks.carrier.call import Call
from webhooks.carrier.call_log import Heard
from webhooks.carrier.drivers.handset import Handset
from webhooks.carrier.protocol import Number
from webhooks.carrier.requests.http import Http

GUIDE = (ROOT / "docs" / "serving.md").read_text("utf-8")
PATIENCE_S = 30


def environment(**settings: str) -> dict[str, str]:
    """The environment of a command: only these settings, none of this machine's."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("IVR_", "TWILIO_"))}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error", **settings}


def documented(command: str) -> str:
    """The command of docs/serving.md that starts like this."""
    lines = (line.removeprefix("$ ") for line in GUIDE.splitlines())
    return next(line for line in lines if line.startswith(f"{command} "))


def free_port() -> int:
    """A free port."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


class Gunicorn:
    """gunicorn as the guide starts it.

    Parameters
    ----------
    log : Path
        Where its log goes.
    port : int
        0 for any.
    more : sequence of str
        Further arguments.
    largest_file : int or None
        Maximum file size in bytes, to simulate a full disk.
    settings
        Environment variables.
    """

    def __init__(
        self, log: Path, *, port: int = 0, more: Sequence[str] = (), largest_file: int | None = None, **settings: str
    ) -> None:
        command = [sys.executable, "-m", *documented("gunicorn --config").replace(":8000", f":{port}").split(), *more]
        limit = (
            None
            if largest_file is None
            else lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, resource.RLIM_INFINITY))
        )
        self.file = log
        self.log = ""
        self._read = log.stat().st_size if log.exists() else 0
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment(**settings) | {"PYTHONWARNINGS": ""},
                stdout=out,
                stderr=subprocess.STDOUT,
                preexec_fn=limit,
            )

    def wait_for(self, pattern: str) -> re.Match[str]:
        """The first match in its log so far, or soon."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            ended = self.process.poll() is not None
            with self.file.open("rb") as file:
                file.seek(self._read)
                new = file.read()
            self._read += len(new)
            self.log += new.decode()
            found = re.search(pattern, self.log)
            if found:
                return found
            assert not ended, f"{pattern} is not in the log:\n{self.log}"
            assert time.monotonic() < deadline, f"{pattern} is not in the log:\n{self.log}"
            time.sleep(0.02)

    @property
    def port(self) -> int:
        """The port it listens on; waits until it does."""
        return int(self.wait_for(r"Listening at: http://127\.0\.0\.1:(\d+)")[1])

    def workers(self) -> list[int]:
        """Worker processes, oldest first."""
        return [
            int(pid) for pid in Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        ]

    def kill_a_worker(self) -> None:
        """SIGKILL the oldest worker."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            for pid in self.workers():
                with suppress(ProcessLookupError):  # it ended by itself just now, as after a reload
                    os.kill(pid, signal.SIGKILL)
                    return
            assert time.monotonic() < deadline, "no worker is started any more"
            time.sleep(0.005)

    def reload(self) -> None:
        """SIGHUP, then wait until only workers started after it are left."""
        self.wait_for("")
        seen, before = len(self.log), set(self.workers())
        self.process.send_signal(signal.SIGHUP)
        self.wait_for(rf"(?s)^.{{{seen}}}.*reloaded: ")
        deadline = time.monotonic() + PATIENCE_S
        while before & set(self.workers()):
            assert time.monotonic() < deadline, "a worker outlived the reload"
            time.sleep(0.02)

    def limit_files(self, most: int) -> None:
        """Set the maximum file size from now on."""
        for pid in (self.process.pid, *self.workers()):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))

    def kill_all(self) -> None:
        """SIGKILL to everything."""
        everybody = (self.process.pid, *self.workers())
        for pid in everybody:
            os.kill(pid, signal.SIGKILL)
        self.process.wait(PATIENCE_S)

    def stop(self) -> int:
        """SIGTERM; returns the exit code."""
        self.process.terminate()
        try:
            code = self.process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self.kill_all()
            raise
        self.wait_for("")
        return code


@contextmanager
def live(
    folder: Path, flow: str, *, public_url: str = "", port: int = 0, largest_file: int | None = None, **settings: str
) -> Iterator[Gunicorn]:
    """A service in production that answers calls to this flow, kept in ``folder/line.yaml``, with records in
    ``folder/calls.db``.
    """
    (folder / "line.yaml").write_text(flow, "utf-8")
    port = port or free_port()
    given = {
        "IVR_FLOW": str(folder / "line.yaml"),
        "IVR_PUBLIC_URL": public_url or f"http://127.0.0.1:{port}",
        "TWILIO_AUTH_TOKEN": TOKEN,
        "IVR_CURSOR_KEY": SECRET,
        "IVR_DATABASE_URL": str(folder / "calls.db"),
        **settings,
    }
    server = Gunicorn(folder / "log", port=port, largest_file=largest_file, **given)
    try:
        assert server.port == port
        yield server
    finally:
        if server.process.poll() is None:
            server.stop()
    assert "Traceback" not in server.log, server.log


class Phone:
    """A telephone at a carrier that retries as the guide says: press keys, get what is heard."""

    def __init__(self, base: str, sid: str) -> None:
        number = Number(f"{base}/voice#rc=5&rp=all", status_url=f"{base}/status", auth_token=TOKEN)
        self.call = Call(
            number, sid=sid, began=dt.datetime(2026, 11, 24, tzinfo=dt.UTC), ani="+14155550123", dnis="+18005550100"
        )
        self.transport = Http(virtual=True)
        self.handset = Handset(self.call, self.transport)
        self.handset.dial()

    def press(self, keys: str) -> None:
        self.handset.press(keys)

    @property
    def heard(self) -> list[str]:
        """Every prompt so far."""
        return [entry.text for entry in self.call.log if isinstance(entry, Heard)]

    def hang_up(self) -> list[str]:
        """Hang up unless the call is over; returns everything heard."""
        if not self.handset.ended:
            self.handset.hang_up()
        self.transport.close()
        return self.heard


def sid(number: int) -> str:
    """A CallSid."""
    return f"CA{number:032x}"


@contextmanager
def backend(answer: Callable[[BaseHTTPRequestHandler, bytes], None]) -> Iterator[str]:
    """A service that lookups ask, as HOST:PORT."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            answer(self, self.rfile.read(int(self.headers.get("Content-Length", 0))))

        do_GET = do_POST  # noqa: N815 - the name that the standard library calls

        def log_message(self, *_: object) -> None:
            """Nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 1_024

        def handle_error(self, request: object, client_address: object) -> None:
            """A killed worker cut the request off; it still counts."""

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def told(handler: BaseHTTPRequestHandler, body: Mapping[str, str] | bytes = b"{}") -> None:
    """A 200 with a short body."""
    text = body if isinstance(body, bytes) else str(body).encode()
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(text)))
    handler.end_headers()
    handler.wfile.write(text)
