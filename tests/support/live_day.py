"""One day twice: callers at a virtual exchange whose agents answer through the service, and the same day simulated.

Both days have the same callers: when each calls, how long they wait at most, and how long they talk. So they differ by
what the service adds: the dispatcher's look at the floor, the ringing and the whisper.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from flows.model.load import load_text
from ivr.records.tables import Records
from simulation.engines.reference.engine import run
from simulation.engines.results import records_of
from simulation.tables.checks import CallTable, QueueRule, StaffTable
from tests.support.floor_exchange import company
from tests.support.floors import people_of
from webhooks.store import read_records

__all__ = ["FLOW", "Day", "live", "simulated", "told_too_much_s"]

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
MEAN_TALK_S = 150.0
WRAP_UP_S = 30
_US = 1_000_000


@dataclass(frozen=True)
class Day:
    """The callers of a day, in seconds.

    Parameters
    ----------
    arrived_s, patience_s, talk_s : numpy.ndarray
    agents : int
    pause_s : float
        Each agent pauses once for so long, one after the other; 0: nobody does.
    after_s : float
        So long the line is open after the last call has come.
    """

    arrived_s: np.ndarray
    patience_s: np.ndarray
    talk_s: np.ndarray
    agents: int
    pause_s: float = 120.0
    after_s: float = 600.0

    @classmethod
    def drawn(cls, seed: int, *, calls: int, agents: int, per_s: float) -> Day:
        """Exponential times: between calls, of patience (mean 120 s) and talk (150 s).

        Nobody hangs up in the first five seconds: a telephone rings for one, which no simulated call does.
        """
        rng = np.random.default_rng(seed)
        return cls(
            np.cumsum(rng.exponential(1 / per_s, calls)),
            5.0 + rng.exponential(115.0, calls),
            rng.exponential(MEAN_TALK_S, calls),
            agents,
        )

    @property
    def horizon_s(self) -> float:
        """When the last call has come, and some time after it."""
        return float(self.arrived_s[-1]) + self.after_s

    @property
    def pauses_s(self) -> list[float]:
        """When each agent's pause begins: so that they share the calls' time evenly."""
        if not self.pause_s:
            return []
        return [float(self.arrived_s[-1]) * (number + 1) / (self.agents + 1) for number in range(self.agents)]


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
    # A pause splits an agent's day into two rows; one that is asked for in a call begins after it, as at the desk.
    away_us = [round(at_s * _US) for at_s in day.pauses_s]
    back_us = [at_us + round(day.pause_s * _US) for at_us in away_us]
    staff = StaffTable(
        agent=np.r_[np.arange(len(away_us)), np.arange(day.agents)],
        group=np.zeros(len(away_us) + day.agents),
        on_us=np.r_[np.zeros(len(away_us)), back_us or np.zeros(day.agents)],
        off_us=np.r_[away_us, np.full(day.agents, horizon_us)],
        groups=("office",),
        to_break=np.r_[np.full(len(away_us), True), np.full(day.agents, False)],
    )
    routing = people_of().table
    mean_us = round(float(day.talk_s.mean()) + WRAP_UP_S) * _US
    rule = QueueRule(announces=True, mean_handle_us=mean_us)
    found = run(table, staff, routing, horizon_us=horizon_us, queue_rules=[rule])
    return records_of(found, table, staff, horizon_us=horizon_us)


def live(day: Day, folder: Path, *, turn_s: float = 0.25) -> Records:
    """The day through the service, with agents at the desk's pages: HTTP, database, dispatcher, REST API."""
    names = [f"a{number:02d}" for number in range(day.agents)]
    people = people_of(
        {name: {"name": name, "group": "office", "browser": True} for name in names},
        wrap_up="300s",  # agents end it themselves
    )
    database = str(folder / "calls.sqlite")
    with company(database, FLOW, people, turn_s=turn_s) as line:
        line.idle_s = 5.0
        agents = [line.works_at_the_desk(name, wrap_up_s=WRAP_UP_S) for name in names]
        for agent, at_s in zip(agents, day.pauses_s, strict=False):
            line.time.at(at_s, partial(agent.pause, "lunch"))
            line.time.at(at_s + day.pause_s, agent.ready)
        for at_s, patience_s, talk_s in zip(day.arrived_s, day.patience_s, day.talk_s, strict=True):
            line.calls(float(at_s), patience_s=float(patience_s), talk_s=float(talk_s))
        line.run_until(day.horizon_s)
        for agent in agents:
            agent.signs_out()
            assert agent.said == []  # nothing was refused
        done = {what for agent in agents for what in agent.posted}
        assert done >= {"ready", "answer", "wrapped_up", *(["pause"] if day.pause_s else [])}
    return read_records(database)


def told_too_much_s(records: Records) -> np.ndarray:
    """Of the callers who were told an expected wait and were answered, by how much that was longer than their wait.

    Told in whole minutes, rounded up, on the line; so those of a simulation are rounded here.
    """
    visits = records.visits
    told = (visits["announced_wait_us"] > 0) & (visits["agent"] >= 0)
    minutes = np.ceil(visits["announced_wait_us"][told] / 60e6)
    return np.asarray(minutes * 60.0 - (visits["left_us"] - visits["offered_us"])[told] / 1e6)
