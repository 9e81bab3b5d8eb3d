"""A TwiML application written by hand, on a real socket, and the ivr command that calls it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qsl
from wsgiref.simple_server import WSGIRequestHandler, make_server

from twilio.request_validator import RequestValidator

from tests.support.paths import ROOT

TOKEN = "canary-of-the-auth-token"
MENU = (
    "<Gather action='/menu' numDigits='1'><Say>For billing, press 1.</Say></Gather><Say>We did not hear"
    " you.</Say><Redirect>/voice</Redirect>"
)
PAGES = {
    "/voice": MENU,
    "/menu": {
        "1": "<Say language='de-DE'>Guten Tag.</Say><Hangup/>",
        "2": "<Enqueue action='/left' waitUrl='/wait'>billing</Enqueue>",
        "3": "<Dial action='/left'>+14155550199</Dial>",
        "4": "<Record action='/left'/><Say>No message.</Say>",
        "5": "<Say>a",
    },
    "/wait": "<Say>Please wait.</Say><Pause length='20'/>",
    "/left": "<Say>Thank you.</Say>",
    "/warns": "<Say lang='en'>Hello.</Say>",
}


class Service:
    """The application, and the requests it got."""

    def __init__(self) -> None:
        self.url = ""
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.signatures: list[bool] = []

    def __call__(self, environ: dict, start_response: object) -> list[bytes]:  # type: ignore[type-arg]
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode()
        form, path = dict(parse_qsl(body, keep_blank_values=True)), environ["PATH_INFO"]
        self.asked.append((path, form))
        url = f"http://{environ['HTTP_HOST']}{path}"
        self.signatures.append(RequestValidator(TOKEN).validate(url, form, environ.get("HTTP_X_TWILIO_SIGNATURE", "")))
        page = PAGES.get(path)
        if page is None:
            start_response("404 Not Found", [("Content-Type", "text/plain")])  # type: ignore[operator]
            return [b"no"]
        verbs = page if isinstance(page, str) else page.get(form.get("Digits", ""), "<Redirect>/voice</Redirect>")
        start_response("200 OK", [("Content-Type", "text/xml")])  # type: ignore[operator]
        return [f"<Response>{verbs}</Response>".encode()]


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def serving() -> Iterator[Service]:
    """The application, on a free port."""
    made = Service()
    server = make_server("127.0.0.1", 0, made, handler_class=_Quiet)
    made.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


def ivr(*arguments: str, folder: Path = ROOT, typed: str = "", token: str = TOKEN) -> subprocess.CompletedProcess[str]:
    environment = {
        "PYTHONPATH": str(ROOT),
        "PATH": os.environ["PATH"],
        "COLUMNS": "80",
        **({"TWILIO_AUTH_TOKEN": token} if token else {}),
    }
    return subprocess.run(
        [sys.executable, "-m", "ivr", *arguments],
        cwd=folder,
        input=typed,
        capture_output=True,
        text=True,
        timeout=60,
        env=environment,
    )
