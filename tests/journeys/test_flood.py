"""Three times as many calls as can be answered, for a quarter of a minute, against a real gunicorn."""

from __future__ import annotations

import datetime as dt
import sqlite3
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from tests.support.live_service import Gunicorn, backend, live, sid, told
from tests.support.web_carrier import TOKEN
from webhooks.carrier.call import Call
from webhooks.carrier.call_log import Heard
from webhooks.carrier.drivers.handset import Handset
from webhooks.carrier.drivers.swarm import percentile
from webhooks.carrier.protocol import Number, Reply, Request
from webhooks.carrier.requests.http import Http

ENOUGH_S = 10.0
"""Twilio waits 15 s, and a proxy in between less. A test cannot demand the usual speed, because the machine may be
busy.
"""
ANSWER_S = 0.5
CAPACITY = 2 * 2 / ANSWER_S
"""Calls per second: two workers have two lookups each under way, and each call has one."""
LISTENS_S, FLOOD_S = 1.0, 16
LINE = """
ivr: 1
name: Line
start: main
nodes:
  main: {type: menu, choices: [{key: 1, label: an order, next: order}], otherwise: bye}
  order: {type: lookup, url: "http://HOST/orders", timeout: 6s, on: {found: known}, failure: unknown}
  known: {type: play, say: Your order is known., next: more}
  unknown: {type: play, say: We cannot look now., next: more}
  more: {type: menu, choices: [{key: 2, label: the end, next: bye}], otherwise: bye}
  bye: {type: hangup, say: Goodbye.}
"""


class Listening:
    """A transport whose caller listens for a while before each key; records how long each answer took."""

    def __init__(self) -> None:
        self.inner, self.times_s = Http(virtual=True), list[float]()

    def send(self, request: Request) -> Reply:
        if self.times_s:
            time.sleep(LISTENS_S)
        began = time.monotonic()
        reply = self.inner.send(request)
        self.times_s.append(time.monotonic() - began)
        return reply

    def close(self) -> None:
        self.inner.close()


@dataclass
class Made:
    """A call that was made."""

    began_s: float
    heard: list[str]
    times_s: list[float]

    @property
    def refused(self) -> bool:
        return self.heard == ["busy tone"]


@dataclass
class Flood:
    """Callers who arrive at a fixed rate, however long the service takes."""

    server: Gunicorn
    calls: list[Future[Made]] = field(default_factory=list)
    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(600))

    def come(self, calls_per_s: float, seconds: float) -> list[Made]:
        """Run them for a time; returns what happened to them, once the last has hung up."""
        began, before = time.monotonic(), len(self.calls)
        for number in range(round(calls_per_s * seconds)):
            time.sleep(max(0.0, began + number / calls_per_s - time.monotonic()))
            self.calls.append(self.pool.submit(self.call, len(self.calls), began))
        return [each.result() for each in self.calls[before:]]

    def call(self, number: int, began: float) -> Made:
        began_s = time.monotonic() - began
        transport = Listening()
        line = Number(f"http://127.0.0.1:{self.server.port}/voice#rc=5&rp=all", auth_token=TOKEN)
        call = Call(
            line,
            sid=sid(number),
            began=dt.datetime(2026, 11, 24, tzinfo=dt.UTC),
            ani="+14155550123",
            dnis="+18005550100",
        )
        handset = Handset(call, transport)
        handset.dial()
        for key in "12":
            if not handset.ended:
                handset.press(key)
        transport.close()
        return Made(began_s, [entry.text for entry in call.log if isinstance(entry, Heard)], transport.times_s)


def test_three_times_the_calls_that_can_be_answered(tmp_path: Path) -> None:
    def take(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        time.sleep(ANSWER_S)
        told(handler)

    with (
        backend(take) as host,
        live(tmp_path, LINE.replace("HOST", host), IVR_LOOKUP_HOSTS=host, WEB_CONCURRENCY="2") as server,
    ):
        crowd = Flood(server)
        calm = crowd.come(CAPACITY / 2, 3)
        flood = crowd.come(CAPACITY * 3, FLOOD_S)
        time.sleep(4)  # calls that were put off have returned by then
        after = crowd.come(CAPACITY / 2, 3)
        crowd.pool.shutdown()
    refused, let_in = [each for each in flood if each.refused], [each for each in flood if not each.refused]
    told_busy, later = (
        sorted(each.times_s[0] for each in refused),
        sorted(t for each in let_in for t in each.times_s[1:]),
    )
    share = len(let_in) / FLOOD_S / CAPACITY
    known = sum("Your order is known." in each.heard for each in let_in)
    print(
        f"\nOf {len(flood)} calls {len(let_in)} were let in ({share:.2f} of what can be answered); {known} of them were"
        " looked up"
    )
    for what, times in (("refused", told_busy), ("on the line", later)):
        print(
            f"{what}: {len(times)} requests, p50 {percentile(times, 0.5):.2f} s, p99 {percentile(times, 0.99):.2f} s,"
            f" longest {times[-1]:.2f} s"
        )
    assert not any(each.refused for each in (*calm, *after))
    # Callers who are let in are served to the end, in time; the others hear it at once; and no place stays empty.
    assert {each.heard[-1] for each in (*calm, *let_in, *after)} == {"Goodbye."}
    assert max(percentile(later, 0.99), percentile(told_busy, 0.99)) < ENOUGH_S
    assert 0.4 < share < 1.5
    with closing(sqlite3.connect(tmp_path / "calls.db")) as connection:
        assert connection.execute("SELECT count(*) FROM calls WHERE outcome = 'blocked'").fetchone() == (len(refused),)
