"""A complete webhook (signature, cursor, step, TwiML, records) beside a bare Flask route, same gunicorn, interleaved.

    python -m bench.bench_webhook [--rounds 9]

One worker under the settings of production, one connection at a time. The bare route is part of the same application and returns a constant.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import re
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter, sleep
from urllib.parse import urlencode

from flows.load import load
from webhooks.app import create_app
from webhooks.config import Config
from webhooks.signature import SIGNATURE_HEADER, Signature

ROOT = Path(__file__).parent.parent
PUBLIC, TOKEN = "https://ivr.example.com", "a token of the bench"
KEYS = ("", "2", "7", "", "*", "3", "1")
CONSTANT = b'<?xml version="1.0" encoding="UTF-8"?><Response><Hangup /></Response>'
MORNING = dt.datetime(2026, 11, 24, 15, tzinfo=dt.UTC)


def served() -> object:
    """What gunicorn serves: the webhooks of northwind, and the bare route."""
    from flask import Response

    app = create_app(Config(flow=load("northwind").flow, public_url=PUBLIC, auth_token=TOKEN, clock=lambda: MORNING,
                            database=os.environ["BENCH_DATABASE"]))  # fmt: skip
    app.add_url_rule("/bare", view_func=lambda: Response(CONSTANT, content_type="text/xml"), methods=["POST"])
    return app


def __getattr__(name: str) -> object:
    if name == "application":
        return served()
    raise AttributeError(name)


def send(port: int, url: str, form: dict[str, str], signer: Signature) -> tuple[float, bytes]:
    """Seconds and answer of one POST on a connection of its own."""
    path, _, query = url.partition("?")
    body = urlencode(form).encode()
    head = (f"POST {url} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
            f"{SIGNATURE_HEADER}: {signer.sign(path, query, list(form.items()))}\r\nConnection: close\r\n\r\n")  # fmt: skip
    request = head.encode() + body
    began = perf_counter()
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(request)
        answer = b""
        while part := connection.recv(65536):
            answer += part
    return perf_counter() - began, answer


def calls(port: int, signer: Signature, first: int, count: int) -> tuple[list[float], list[float]]:
    """Seconds of every request of so many calls, and of as many bare requests between them."""
    full, bare = [], []
    for number in range(first, first + count):
        form = {"CallSid": f"CA{number:032x}", "AccountSid": "AC1", "From": "+14155550123", "To": "+18005550100"}
        url = "/voice"
        for key in ("-", *KEYS):
            asked = {**form, **({} if key == "-" else {"Digits": key})}
            seconds, answer = send(port, url, asked, signer)
            assert answer.startswith(b"HTTP/1.1 200"), answer[:200]
            full.append(seconds)
            bare.append(send(port, url.replace("/voice", "/bare"), asked, signer)[0])
            found = re.search(rb'action="([^"#]+)', answer)
            if not found:
                break
            url = found[1].decode().removeprefix(PUBLIC)
    return full, bare


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--calls", type=int, default=60, help="calls a round")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "gunicorn", "bench.bench_webhook:application", "--config", "python:webhooks.production", "--workers", "1",
                   "--bind", "127.0.0.1:0"]  # fmt: skip
        environment = {**os.environ, "BENCH_DATABASE": f"{folder}/calls.sqlite"}
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
        assert server.stderr is not None
        try:
            while not (found := re.search(r"Listening at: http://127\.0\.0\.1:(\d+)", server.stderr.readline())):
                sleep(0.01)
            port, signer = int(found[1]), Signature(TOKEN, PUBLIC)
            calls(port, signer, 0, 10)  # warm
            ratios, tails, fulls, bares = [], [], [], []
            for turn in range(args.rounds):
                full, bare = (sorted(seconds) for seconds in calls(port, signer, 1_000 * (turn + 1), args.calls))
                ratios.append(sum(bare) / sum(full))
                tails.append(full[int(0.99 * len(full))] / bare[int(0.99 * len(bare))])
                fulls.append(median(full))
                bares.append(median(bare))
        finally:
            server.terminate()
            server.communicate()
    print(f"bare Flask route   {median(bares) * 1e6:7.0f} us")
    print(f"complete webhook   {median(fulls) * 1e6:7.0f} us")
    print(f"throughput         {median(ratios):7.2f} x the bare route ({min(ratios):.2f} to {max(ratios):.2f})")
    print(f"p99                {median(tails):7.2f} x the bare route")


if __name__ == "__main__":
    main()
