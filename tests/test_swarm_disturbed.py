"""A crowd on the line while workers are killed and the service is reloaded: every transcript equals its undisturbed twin.

The suite runs a short form; ``make swarm`` runs 500 callers for a minute and prints what came of it.

Not met: a POST that a killed worker had begun is not sent again, and the try that follows waits 8 s for an answer that nobody will
give. Where workers live no longer than that, such a caller can be lost; the second test says how many at most.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import threading
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from live_service import Gunicorn, backend, live, told
from web_carrier import TOKEN

from webhooks.carrier.http import Http
from webhooks.carrier.protocol import Number
from webhooks.carrier.swarm import Swarm, percentile, swarm

CALLERS = int(os.environ.get("IVR_SWARM_CALLERS", "40"))
SECONDS = float(os.environ.get("IVR_SWARM_SECONDS", "4"))
KILL_S = float(os.environ.get("IVR_SWARM_KILL_S", "1"))
RELOAD_S = float(os.environ.get("IVR_SWARM_RELOAD_S", "10" if SECONDS >= 20 else "3"))
THREADS = 2
"""Of a worker: as many requests die with it."""
PLANS = [*(f"1,{number:04d},2" for number in range(20)), "2,wait,1", "9,1,0042,1", "wait", "1,77", "2,2,hangup"]


def line(host: str, method: str) -> str:
    """Every caller of the first choice has an order looked up, or posted; what is said does not depend on what came of it."""
    return f"""
ivr: 1
name: Line
start: main
nodes:
  main:
    type: menu
    choices: [{{key: 1, label: an order, next: number}}, {{key: 2, label: news, next: news}}]
    otherwise: bye
  number: {{type: collect, say: "Your customer number, please.", into: customer, digits: 4, next: order, otherwise: bye}}
  order:
    type: lookup
    method: {method}
    url: http://{host}/orders/{{customer}}
    timeout: 8s
    on: {{taken: {{status: 2xx, next: more}}, timeout: more}}
    failure: more
  more:
    type: menu
    intro: "Thank you, {{customer:digits}}."
    choices: [{{key: 1, label: more, next: main}}, {{key: 2, label: the end, next: bye}}]
    otherwise: bye
  news: {{type: menu, choices: [{{key: 1, label: the first, next: first}}, {{key: 2, label: the start, next: main}}], otherwise: bye}}
  first: {{type: play, say: Nothing is new., next: bye}}
  bye: {{type: hangup, say: Goodbye.}}
"""


class Disturber(threading.Thread):
    """Kills the oldest worker once in every second, at some moment of it, and reloads the service now and then.

    At the stroke of each second it would not be the workers that are tested but the strokes: a full machine answers after a steady
    time, and what is broken off at one stroke comes round at another.
    """

    def __init__(self, server: Gunicorn, seconds: float) -> None:
        super().__init__(daemon=True)
        self.server, self.seconds, self.over, self.chance = server, seconds, threading.Event(), random.Random(1)
        self.kills = self.reloads = 0

    def run(self) -> None:
        began = time.monotonic()
        while not self.over.wait(max(0.0, began + (self.kills + self.chance.random()) * KILL_S - time.monotonic())):
            if time.monotonic() - began > self.seconds:
                return
            self.server.kill_a_worker()
            self.kills += 1
            if time.monotonic() - began >= (self.reloads + 1) * RELOAD_S:
                self.server.process.send_signal(signal.SIGHUP)
                self.reloads += 1


@dataclass(frozen=True)
class Run:
    """What came of a crowd."""

    found: Swarm
    kills: int
    asked: int
    begun: int
    finished: int


def crowd(folder: Path, method: str, callers: int, seconds: float) -> Run:
    """The twins undisturbed, then everybody at once, disturbed."""
    asked: Counter[str] = Counter()
    lock = threading.Lock()

    def take(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        with lock:
            asked[handler.path] += 1
        told(handler)

    with backend(take) as host, live(folder, line(host, method), IVR_LOOKUP_HOSTS=host) as server:
        disturber = Disturber(server, seconds)

        def begin(what: str, done: int, total: int) -> None:
            if what == "alone" and done == total:
                assert sum(asked.values()) == 21  # the 20 customers, and the one who comes by a wrong key
                disturber.start()

        number = Number(f"http://127.0.0.1:{server.port}/voice#rc=5&rp=all", auth_token=TOKEN)
        found = swarm(number, PLANS, callers=callers, seconds=seconds, connect=lambda: Http(virtual=True), run="disturbed", progress=begin)
        disturber.over.set()
        disturber.join()
    with closing(sqlite3.connect(folder / "calls.db")) as connection:
        [[begun, finished]] = connection.execute("SELECT count(*), count(answer) FROM effects").fetchall()
    times = found.latencies_s
    print(f"\n{method}: {callers} callers, {found.seconds:.0f} s: {found.calls:,} calls, {len(times):,} requests ({len(times) / found.seconds:.0f}/s), "
          f"p50 {percentile(times, 0.5):.2f} s, p99 {percentile(times, 0.99):.2f} s, longest {times[-1]:.2f} s\n"
          f"{disturber.kills} kills, {disturber.reloads} reloads; tries that failed {found.failures}; lost {found.lost}, different {found.different}\n"
          f"asked {sum(asked.values()):,} times for {begun:,} that were begun")  # fmt: skip
    assert disturber.kills >= int(seconds / KILL_S)
    return Run(found, disturber.kills, sum(asked.values()), begun, finished)


def test_everybody_hears_what_they_would_have_heard_alone(tmp_path: Path) -> None:
    run = crowd(tmp_path, "GET", CALLERS, SECONDS)
    assert [str(each) for each in run.found.differences] == []
    assert (run.found.lost, run.found.different, run.found.broken) == (0, 0, ())


def test_no_order_is_sent_twice(tmp_path: Path) -> None:
    run = crowd(tmp_path, "POST", CALLERS // 4, SECONDS / 2)  # whoever is cut off holds up the end
    # Each is claimed before it is sent, so more than are claimed were not sent; whoever was killed in between has answered none.
    assert run.finished <= run.asked <= run.begun
    cut_off = run.begun - run.finished
    assert cut_off <= run.kills * THREADS
    assert run.found.different <= cut_off
