"""A crowd on the line while workers are killed, the service reloaded and the database stopped: all hear the same.

The suite runs a short form; ``make swarm`` runs 500 callers for a minute with either database, and prints a table.

One exception is by design, and counted: a letter is a POST that may not be repeated. If its worker is killed
meanwhile, the caller hears that it was not sent; the same goes for a letter or a callback while the database is
stopped. None is better than two.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from itertools import cycle
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.support.live_service import Gunicorn, backend, live, told
from tests.support.postgres_server import Server
from tests.support.web_carrier import TOKEN
from webhooks.carrier.drivers.swarm import CallSummary, Difference, Swarm, percentile, swarm
from webhooks.carrier.protocol import Number
from webhooks.carrier.requests.http import Http
from webhooks.store import Store

CALLERS = int(os.environ.get("IVR_SWARM_CALLERS", "30"))
SECONDS = float(os.environ.get("IVR_SWARM_SECONDS", "4"))
PAUSE_S = float(os.environ.get("IVR_SWARM_PAUSE_S", "8" if SECONDS >= 20 else "0.2"))
KILL_S = 1.0
RELOAD_S = 10.0 if SECONDS >= 20 else 3.0
STOP_S, AWAY_S = (10.0, 3.0) if SECONDS >= 20 else (1.5, 0.5)
"""How often PostgreSQL is stopped, alternately at once and in order, and how long it stays down."""
PLANS = [
    *(f"1,{number:04d},2" for number in range(8)),
    *(f"3,{number:04d},2" for number in range(8)),
    *(f"4,{number:04d},2" for number in range(4)),
    "5,1,2",
    "2,wait,1",
    "9,1,0042,1",
    "wait",
    "1,77",
    "2,2,hangup",
]


def line(host: str) -> str:
    """An order is looked up, a payment made (with an idempotency key), a letter sent, a callback promised."""
    return f"""
ivr: 1
name: Line
start: main
queues: {{help: {{}}}}
nodes:
  main:
    type: menu
    choices:
      - {{key: 1, label: an order, next: order_number}}
      - {{key: 2, label: news, next: news}}
      - {{key: 3, label: a payment, next: payer}}
      - {{key: 4, label: a letter, next: reader}}
      - {{key: 5, label: a call back, next: promise}}
    otherwise: bye
  order_number: {{type: collect, say: "Your order, please.", into: customer, digits: 4, next: order, otherwise: bye}}
  order:
    type: lookup
    url: http://{host}/orders/{{customer}}
    timeout: 6s
    into: {{state: state}}
    on: {{found: known, timeout: late}}
    failure: unknown
  known: {{type: play, say: "Your order is {{state}}.", next: more}}
  unknown: {{type: play, say: "Your order is not known.", next: more}}
  payer:
    type: collect
    say: "Your customer number, please."
    into: customer
    digits: 4
    next: payment
    otherwise: bye
  payment:
    type: lookup
    method: POST
    repeatable: true
    url: http://{host}/payments
    body: {{customer: "{{customer}}"}}
    timeout: 6s
    into: {{receipt: receipt}}
    on: {{paid: {{status: 2xx, next: paid}}, timeout: late}}
    failure: unpaid
  paid: {{type: play, say: "You have paid, {{receipt}}.", next: more}}
  unpaid: {{type: play, say: "You have not paid.", next: more}}
  reader: {{type: collect, say: "Your reader number, please.", into: customer, digits: 4, next: letter, otherwise: bye}}
  letter:
    type: lookup
    method: POST
    url: http://{host}/letters
    body: {{customer: "{{customer}}"}}
    timeout: 6s
    on: {{sent: {{status: 2xx, next: sent}}, timeout: late}}
    failure: unsent
  sent: {{type: play, say: "{SENT}", next: more}}
  unsent: {{type: play, say: "{UNSENT}", next: more}}
  promise: {{type: callback, queue: help, on: {{booked: promised, failed: unpromised}}, otherwise: bye}}
  promised: {{type: play, say: "{PROMISED}", next: more}}
  unpromised: {{type: play, say: "{UNPROMISED}", next: more}}
  late: {{type: play, say: "That takes too long.", next: more}}
  more:
    type: menu
    choices: [{{key: 1, label: more, next: main}}, {{key: 2, label: the end, next: bye}}]
    otherwise: bye
  news:
    type: menu
    choices: [{{key: 1, label: the first, next: first}}, {{key: 2, label: the start, next: main}}]
    otherwise: bye
  first: {{type: play, say: Nothing is new., next: bye}}
  bye: {{type: hangup, say: Goodbye.}}
"""


SENT, UNSENT = "Your letter is sent.", "Your letter could not be sent."
PROMISED, UNPROMISED = "We will call you.", "We cannot call you back."


@dataclass
class Shop:
    """The service that the flow asks. It makes a payment once per key, and sends a letter for every request."""

    orders: int = 0
    payments: Counter[str] = field(default_factory=Counter)
    letters: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        key = handler.headers.get("Idempotency-Key", "").strip('"')
        with self.lock:
            self.orders += handler.path.startswith("/orders/")
            if handler.path == "/payments":
                self.payments[key] += 1
            if handler.path == "/letters":
                self.letters[key] += 1
        time.sleep(0.2)  # long enough for a worker to be killed meanwhile
        customer = json.loads(body)["customer"] if body else handler.path[-4:]
        told(handler, json.dumps({"state": f"on its way as {customer}", "receipt": f"number {customer}"}).encode())


class Disturber(threading.Thread):
    """Kills the oldest worker every second, reloads the service now and then, and stops and starts the database."""

    def __init__(self, server: Gunicorn, seconds: float, database: Server | None) -> None:
        super().__init__(daemon=True)
        self.server, self.seconds, self.database, self.over = server, seconds, database, threading.Event()
        self.kills = self.reloads = self.stops = 0

    def run(self) -> None:
        stopper = threading.Thread(target=self._stop_and_start, daemon=True)
        stopper.start()
        began = time.monotonic()
        while (
            not self.over.wait(max(0.0, began + (self.kills + 1) * KILL_S - time.monotonic()))
            and time.monotonic() < began + self.seconds
        ):
            self.server.kill_a_worker()
            self.kills += 1
            if time.monotonic() - began >= (self.reloads + 1) * RELOAD_S:
                self.server.process.send_signal(signal.SIGHUP)
                self.reloads += 1
        stopper.join()

    def _stop_and_start(self) -> None:
        began = time.monotonic()
        for mode in cycle(("immediate", "fast")):
            if self.database is None or began + (self.stops + 1) * STOP_S + AWAY_S > began + self.seconds:
                return
            if self.over.wait(max(0.0, began + (self.stops + 1) * STOP_S - time.monotonic())):
                return
            self.database.stop(mode)
            time.sleep(AWAY_S)
            self.database.start()
            self.stops += 1


@dataclass(frozen=True)
class Run:
    """The result of a crowd."""

    what: str
    found: Swarm
    disturber: Disturber
    shop: Shop
    log: str
    begun: set[tuple[str, str, int]]
    promises: int

    @property
    def cut_off(self) -> int:
        """Effects whose worker died, so that the caller heard of a failure."""
        return self.log.count("died before it was done; taken as failed")

    @property
    def without_ledger(self) -> int:
        """Effects during which the database could not be reached."""
        return self.log.count("the ledger is out of reach") + self.log.count("a call back could not be promised")

    def unlike(self, *told: tuple[str, str]) -> list[Difference]:
        """Calls that differ from those made alone by more than such a sentence in place of another."""
        return [
            each
            for each in self.found.differences
            if each.summary not in {_otherwise(each.baseline, *pair) for pair in told}
        ]

    def keys(self, node: str) -> set[str]:
        """The keys by which the service knows a node's effects in the ledger."""
        return {
            hashlib.sha256(f"effect {sid} {seq}".encode()).hexdigest()[:32]
            for where, sid, seq in self.begun
            if where == node
        }


def _otherwise(baseline: CallSummary, good: str, bad: str) -> CallSummary:
    return CallSummary(
        tuple((language, bad if text == good else text) for language, text in baseline.heard), baseline.ended_by
    )


RUNS: list[Run] = []


@pytest.fixture(scope="module", autouse=True)
def table() -> Iterator[None]:
    """The results of all runs, side by side."""
    yield
    rows: list[tuple[str, Callable[[Run], object]]] = [
        ("callers on the line", lambda run: CALLERS),
        ("seconds", lambda run: round(run.found.seconds)),
        ("workers killed", lambda run: run.disturber.kills),
        ("reloads", lambda run: run.disturber.reloads),
        ("database stopped", lambda run: run.disturber.stops),
        ("calls", lambda run: run.found.calls),
        ("requests", lambda run: len(run.found.latencies_s)),
        ("requests a second", lambda run: round(len(run.found.latencies_s) / run.found.seconds)),
        (
            "p50 / p99 / longest, s",
            lambda run: " / ".join(f"{percentile(run.found.latencies_s, share):.2f}" for share in (0.5, 0.99, 1.0)),
        ),
        ("tries broken off", lambda run: sum(run.found.failures.values())),
        ("effects begun by one who died", lambda run: run.cut_off),
        ("effects without the ledger", lambda run: run.without_ledger),
        ("payments sent again", lambda run: run.shop.payments.total() - len(run.shop.payments)),
        ("letters, call backs given up", lambda run: run.found.different),
        ("effects done twice", lambda run: run.shop.letters.total() - len(run.shop.letters)),
        ("calls refused as busy", lambda run: run.found.refused),
        ("calls heard otherwise", lambda run: len(run.unlike((SENT, UNSENT), (PROMISED, UNPROMISED)))),
        ("calls lost", lambda run: run.found.lost),
    ]
    print("\n\n" + " " * 32 + "".join(f"{run.what:>22}" for run in RUNS))
    for label, cell in rows:
        print(
            f"{label:<32}"
            + "".join(f"{cell(run):>22,}" if isinstance(cell(run), int) else f"{cell(run):>22}" for run in RUNS)
        )


def crowd(folder: Path, what: str, database: str, server: Server | None) -> Run:
    """The calls made alone, undisturbed; then everyone at once, disturbed."""
    shop = Shop()
    with (
        backend(shop.take) as host,
        live(folder, line(host), IVR_LOOKUP_HOSTS=host, IVR_DATABASE_URL=database) as service,
    ):
        disturber = Disturber(service, SECONDS, server)
        number = Number(f"http://127.0.0.1:{service.port}/voice#rc=5&rp=all", auth_token=TOKEN)

        def begin(stage: str, done: int, total: int) -> None:
            if stage == "alone" and done == total:
                disturber.start()

        found = swarm(
            number,
            PLANS,
            callers=CALLERS,
            seconds=SECONDS,
            pause_s=PAUSE_S,
            connect=lambda: Http(virtual=True),
            run=what,
            progress=begin,
        )
        disturber.over.set()
        disturber.join()
        service.wait_for("")
    store = Store(database)
    with store.transaction() as connection:
        begun = {
            (node, sid, seq)
            for node, sid, seq in connection.execute(sa.text("SELECT node, call_sid, seq FROM effects"))
        }
        promises = connection.execute(sa.text("SELECT count(*) FROM callbacks")).scalar() or 0
    store.close()
    run = Run(what, found, disturber, shop, service.log, begun, promises)
    RUNS.append(run)
    return run


def check(run: Run, *told: tuple[str, str]) -> None:
    """No caller is lost or hears what they would not hear alone, except `told`, and nothing is done twice."""
    assert (run.found.lost, run.found.broken) == (0, ())
    assert [str(each) for each in run.unlike(*told)] == []
    # Callers who hear of a failure had a request cut off, or the database was unreachable; and the service logged it.
    assert run.found.different <= run.cut_off + run.without_ledger
    assert all(each.tries_failed or run.without_ledger for each in run.found.differences)
    assert set(run.shop.letters.values()) == {1}
    assert run.shop.letters.keys() <= run.keys("letter")
    assert run.disturber.kills >= int(SECONDS / KILL_S) - 1


def test_workers_are_killed_and_the_service_reloaded(tmp_path: Path) -> None:
    run = crowd(tmp_path, "SQLite", str(tmp_path / "calls.db"), None)
    check(run, (SENT, UNSENT))
    assert run.without_ledger == 0
    assert run.shop.payments.keys() == run.keys("payment")  # whatever was begun was done, whichever worker died


def test_the_database_is_stopped_and_started_as_well(tmp_path: Path, own_postgresql: Server) -> None:
    run = crowd(tmp_path, "PostgreSQL", own_postgresql.fresh(), own_postgresql)
    check(run, (SENT, UNSENT), (PROMISED, UNPROMISED))
    assert run.disturber.stops >= 1
    assert run.without_ledger
