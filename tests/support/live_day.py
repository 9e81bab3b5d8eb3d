"""One day twice: callers at a virtual exchange whose agents answer through the service, and the same day simulated.

Both days have the same callers: when each calls, how long they wait at most, and how long they talk. So they differ by
what the service adds: the dispatcher's look at the floor, the ringing and the whisper.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from flows.model.load import load_text
from ivr.records.tables import Records
from simulation.engines.reference.engine import run
from simulation.engines.results import records_of
from simulation.tables.checks import CallTable, StaffTable
from tests.support.floor_exchange import company
from tests.support.floors import people_of
from webhooks.carrier.exchange.leg import Leg
from webhooks.carrier.exchange.people import ScriptedAgent
from webhooks.store import read_records

__all__ = ["FLOW", "Day", "live", "simulated"]

FLOW = load_text("""
ivr: 1
name: Line
start: hello
nodes:
  hello: {type: play, say: "Hello.", next: billing}
  billing: {type: queue, queue: billing, announce: {expected_wait: true, every: 60s}, on: {answered: bye}}
  bye: {type: hangup}
queues: {billing: {}}
""").flow
WRAP_UP_S = 30
_US = 1_000_000


@dataclass(frozen=True)
class Day:
    """The callers of a day, in seconds.

    Parameters
    ----------
    arrived_s, patience_s, talk_s : numpy.ndarray
    agents : int
    """

    arrived_s: np.ndarray
    patience_s: np.ndarray
    talk_s: np.ndarray
    agents: int

    @classmethod
    def drawn(cls, seed: int, *, calls: int, agents: int, per_s: float) -> Day:
        """Exponential times: between calls, of patience (mean 120 s) and talk (150 s)."""
        rng = np.random.default_rng(seed)
        return cls(
            np.cumsum(rng.exponential(1 / per_s, calls)),
            rng.exponential(120.0, calls),
            rng.exponential(150.0, calls),
            agents,
        )

    @property
    def horizon_s(self) -> float:
        """When the last call has come, and some time after it."""
        return float(self.arrived_s[-1]) + 600.0


class _QuickAgent(ScriptedAgent):
    """Somebody who presses 1 as soon as they are spoken to, as agents do who know the words."""

    def _moved(self, leg: Leg) -> None:
        waits = leg.waiting.waits if leg.waiting else None
        if waits is not None and waits.listens and waits.serial != self._serial:
            self._serial = waits.serial
            self.press(leg, self.key, self.accept_s)
        else:
            super()._moved(leg)


def simulated(day: Day) -> Records:
    """The day by the reference engine."""
    horizon_us = round(day.horizon_s * _US)
    table = CallTable.of(
        arrived_us=np.rint(day.arrived_s * _US).astype("i8"),
        patience_us=np.rint(day.patience_s * _US).astype("i8"),
        talk_us=np.rint(day.talk_s * _US).astype("i8"),
        acw_us=WRAP_UP_S * _US,
        queue=0,
        queues=("billing",),
    )
    staff = StaffTable.constant({"office": day.agents}, 0, horizon_us)
    routing = people_of().table
    found = run(table, staff, routing, horizon_us=horizon_us)
    return records_of(found, table, staff, horizon_us=horizon_us)


def live(day: Day, folder: Path, *, turn_s: float = 0.25) -> Records:
    """The day through the service: HTTP, database, dispatcher, REST API."""
    names = [f"a{number:02d}" for number in range(day.agents)]
    people = people_of(
        {name: {"name": name, "group": "office", "browser": True} for name in names}, wrap_up=f"{WRAP_UP_S}s"
    )
    database = str(folder / "calls.sqlite")
    with company(database, FLOW, people, turn_s=turn_s) as line:
        for name in names:
            line.floor.sign_in(name)
            line.floor.ready(name)
            line.agents[name] = _QuickAgent(line.exchange, f"client:{name}", answer_s=0.0, accept_s=0.0, talk_s=None)
        for at_s, patience_s, talk_s in zip(day.arrived_s, day.patience_s, day.talk_s, strict=True):
            line.calls(float(at_s), patience_s=float(patience_s), talk_s=float(talk_s))
        line.run_until(day.horizon_s)
        for name in names:
            line.floor.sign_out(name)
    return read_records(database)
