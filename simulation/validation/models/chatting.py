"""Agents with several chats in hand, each of which takes longer then."""

from __future__ import annotations

from dataclasses import dataclass, replace

from simulation import theory as formulas
from simulation.sampling.distributions import Exponential
from simulation.sampling.streams import Streams
from simulation.tables.call_table import CallTable
from simulation.tables.chats import Chats
from simulation.validation.long_runs import ONE_QUEUE, UNIT_S, UNIT_US, Batches, LongRun, Simulate, queue_figures
from simulation.validation.models.base import Key
from simulation.validation.target import Sample, Target

__all__ = ["TARGETS", "TITLE", "simulated", "theory"]

TITLE = "Chats: several at once, each takes longer then"
SOURCE = (
    "Markov chain of the chats of each agent, as in Tezcan and Zhang (2014), Operations Research 62(4); one agent by"
    " hand, three by powers of the matrix"
)
_CHATS = 60_000


@dataclass(frozen=True)
class _Case:
    """A floor; rates and times in the mean handle time of one chat alone."""

    name: str
    load: float
    agents: int
    slower: tuple[float, ...]
    patience: float | None = None


# One agent: rates 1 and 4/3, so states 0, 1, 2, 3 ... have weights 1, 1, 3/4, 9/16 ..., 5 in all. The values of three
# agents are those of the chain with every agent told apart, its matrix squared 14 times.
_CASES = (
    _Case("1 agent, 2 at once", 1.0, 1, (1, 1.5)),
    _Case("3 agents, 3 at once", 5.0, 3, (1, 1.3, 1.7), patience=2.0),
)
_VALUES: dict[str, dict[str, tuple[float, float | None]]] = {
    "1 agent, 2 at once": {
        "wait probability": (3 / 5, 0.02),
        "mean wait": (9 / 5, 0.15),
        "abandonment": (0.0, None),
        "occupancy": (4 / 5, 0.01),
        "slots taken": (7 / 10, 0.01),
        "handle time": (7 / 5, 0.02),
    },
    "3 agents, 3 at once": {
        "wait probability": (0.406393821, 0.015),
        "mean wait": (0.172258664, 0.01),
        "abandonment": (0.086129332, 0.004),
        "occupancy": (0.962787865, 0.002),
        "slots taken": (0.773722997, 0.004),
        "handle time": (1.523958962, 0.01),
    },
}
TARGETS = tuple(
    Target(case=case, quantity=quantity, value=value, decimals=8, source=SOURCE, error_below=error)
    for case, values in _VALUES.items()
    for quantity, (value, error) in values.items()
)


def theory() -> dict[Key, float]:
    """The formulas, in the unit of the mean handle time."""
    found: dict[Key, float] = {}
    for case in _CASES:
        answer = formulas.chatting_mmn(
            arrivals_per_hour=case.load * 3600 / UNIT_S,
            aht_s=UNIT_S,
            agents=case.agents,
            slower=case.slower,
            **({"patience_s": case.patience * UNIT_S} if case.patience else {}),
        )
        found |= {
            (case.name, "wait probability"): answer.wait_probability,
            (case.name, "mean wait"): answer.mean_wait_s / UNIT_S,
            (case.name, "abandonment"): answer.abandonment,
            (case.name, "occupancy"): answer.occupancy,
            (case.name, "slots taken"): answer.slot_occupancy,
            (case.name, "handle time"): answer.aht_s / UNIT_S,
        }
    return found


def simulated(simulate: Simulate, size: float) -> dict[Key, Sample]:
    """A long run of each floor."""
    found: dict[Key, Sample] = {}
    for number, case in enumerate(_CASES):
        run = LongRun(_CHATS * size / case.load, Streams(seed=1300 + number), warm_up=60.0)
        arrived = run.arrivals(case.load)
        talk_us = run.times("talk", Exponential(UNIT_S), len(arrived))
        patience = Exponential(case.patience * UNIT_S) if case.patience else None
        patience_us = run.times("patience", patience, len(arrived))
        chats = Chats(len(case.slower), case.slower)
        staff = replace(run.agents(agents=case.agents), chats=(chats,))
        calls = CallTable.of(arrived_us=arrived, talk_us=talk_us, patience_us=patience_us)
        records = simulate(calls, staff, ONE_QUEUE, horizon_us=run.horizon_us)
        batches = Batches(run, arrived, case.load, (talk_us, UNIT_US))
        found |= {(case.name, name): sample for name, sample in queue_figures(records, batches, within=0).items()}
        visits, held = records.visits, records.in_hand
        handled, busy = visits["agent"] >= 0, held["in_hand"] > 0
        answered, talked = visits["answered_us"][handled].astype(float), visits["talk_us"][handled]
        found[case.name, "occupancy"] = batches.time_average(
            held["began_us"][busy], held["ended_us"][busy], case.agents
        )
        slots = case.agents * len(case.slower)
        found[case.name, "slots taken"] = batches.time_average(answered, answered + talked, slots)
        found[case.name, "handle time"] = batches.mean(talked / UNIT_US, visits["offered_us"][handled])
    return found
