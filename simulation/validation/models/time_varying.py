"""Sinusoidal arrivals, and staffing that follows them so that the delay stays the same."""

from __future__ import annotations

import math

import numpy as np

from ivr.records.schema import outcome_code
from simulation.sampling.distributions import Exponential
from simulation.sampling.streams import Streams
from simulation.tables.checks import CallTable, StaffTable
from simulation.validation.long_runs import (
    ONE_QUEUE,
    UNIT_S,
    UNIT_US,
    Floats,
    LongRun,
    Simulate,
    Times,
    controlled_mean,
)
from simulation.validation.models.base import Key
from simulation.validation.target import Sample, Target

__all__ = ["TARGETS", "TITLE", "simulated", "theory"]

TITLE = "Time-varying: arrivals 100 + 20 sin t, agents ceil(100 + 10 (sin t - cos t))"
SOURCE = (
    'Feldman, Mandelbaum, Massey and Whitt (2008), "Staffing of time-varying queues to achieve time-stable'
    ' performance", Management Science 54(2): modified offered load with beta = 0'
)
# Talk and patience have mean 1, so every caller leaves the system at rate 1, waiting or not. As with infinitely many
# agents, their number is therefore exactly Poisson with mean m(t) = 100 + 10 (sin t - cos t), however many agents there
# are. When the staffing falls, an agent hands the call back to the queue, as in the model.
#
# The delay probability P(Poisson(m) >= ceil m) jumps whenever m passes a whole number. It is lowest just above
# m = 86, where it tends to 0.47136, and highest at m = 86. The published minimum is over a grid of times, and the
# abandonment, 0.0381, is 0.0380 as the cycle's mean of E[waiting] / arrival rate: three decimals of each are checked.
_CASE = "over a cycle"
TARGETS = tuple(
    Target(case=_CASE, quantity=quantity, value=value, decimals=decimals, source=SOURCE, error_below=error)
    for quantity, value, decimals, error in (
        ("delay probability, lowest", 0.4716, 3, 0.032),
        ("delay probability, mean", 0.4934, 4, 0.0068),
        ("delay probability, highest", 0.5143, 4, 0.03),
        ("abandonment, mean", 0.0381, 3, 0.0023),
    )
)
_CYCLE, _AMPLITUDE, _LAG = 2 * math.pi, 10 * math.sqrt(2), math.pi / 4
_EXTREME = 86
_CYCLES, _FIRST_CYCLES = 100, 2
_PHASES = _CYCLE * (np.arange(64) + 0.5) / 64


def _load(t: Floats | float) -> Floats:
    """m(t): the mean number in the system."""
    return 100 + _AMPLITUDE * np.sin(np.asarray(t) - _LAG)


def _arrival_rate(t: Floats | float) -> Floats:
    return 100 + 20 * np.sin(t)


def _passes(level: int) -> tuple[float, float]:
    """When the load rises above a level and falls back to it, in the cycle that starts at -pi / 4."""
    half = math.asin((level - 100) / _AMPLITUDE)
    return _LAG + half, _LAG + math.pi - half


def _at_least(n: Floats | int, mean: Floats | float) -> Floats:
    """P(Poisson(mean) >= n)."""
    from scipy.special import pdtrc

    return np.asarray(pdtrc(np.asarray(n) - 1, mean), np.float64)


def theory() -> dict[Key, float]:
    """Values from the Poisson distribution of the number in the system; means over a grid of 100,000 times."""
    t = _CYCLE * (np.arange(100_000) + 0.5) / 100_000
    load = _load(t)
    level = np.ceil(load)
    waiting = load * _at_least(level, load) - level * _at_least(level + 1, load)
    return {
        (_CASE, "delay probability, lowest"): float(_at_least(_EXTREME + 1, _EXTREME)),
        (_CASE, "delay probability, mean"): float(_at_least(level, load).mean()),
        (_CASE, "delay probability, highest"): float(_at_least(_EXTREME, _EXTREME)),
        (_CASE, "abandonment, mean"): float((waiting / _arrival_rate(t)).mean()),
    }


def _arrivals(run: LongRun) -> Times:
    """Poisson arrivals of rate 1, with time stretched by the inverse of 100 t + 20 (1 - cos t), without error."""
    unit = LongRun(100 * run.units + 20 * (1 - math.cos(run.units)), run.streams)
    clock = unit.arrivals(1.0) / UNIT_US
    t = clock / 100
    for _ in range(6):  # Newton: rates are 80 to 120, so each step leaves under a fifth of the error, soon its square
        t -= (100 * t + 20 * (1 - np.cos(t)) - clock) / _arrival_rate(t)
    return np.clip(np.rint(t * UNIT_US).astype(np.int64), 0, run.horizon_us - 1)


def _staff(run: LongRun) -> StaffTable:
    """Agent j is on duty while the load is above j: always, or once a cycle."""
    lowest, highest = math.floor(100 - _AMPLITUDE), math.ceil(100 + _AMPLITUDE)
    rows = [(j, 0.0, run.units) for j in range(lowest + 1)]
    for j in range(lowest + 1, highest):
        on, off = _passes(j)
        rows += [(j, on + c * _CYCLE, off + c * _CYCLE) for c in range(-1, math.ceil(run.units / _CYCLE) + 1)]
    agent, on_units, off_units = (np.array(column) for column in zip(*rows, strict=True))
    on_us, off_us = (np.rint(np.clip(t, 0, run.units) * UNIT_US).astype(np.int64) for t in (on_units, off_units))
    kept = off_us > on_us
    return StaffTable(
        agent=agent[kept],
        group=np.zeros(int(kept.sum()), np.int16),
        on_us=on_us[kept],
        off_us=off_us[kept],
        groups=("agents",),
        at_off=("hand_over",),
    )


def _present(from_us: Times, to_us: Times, at_us: Times) -> Times:
    """The number of intervals open at each time."""
    begun, over = (np.searchsorted(np.sort(edges), at_us, side="right") for edges in (from_us, to_us))
    return (begun - over).astype(np.int64, copy=False)


def simulated(simulate: Simulate, size: float) -> dict[Key, Sample]:
    """One run; cycles are the batches, and infinitely many agents with the same talk are the control variate."""
    cycles = round(_CYCLES * size)
    run = LongRun((cycles + _FIRST_CYCLES) * _CYCLE, Streams(seed=1000))
    arrived = _arrivals(run)
    n = len(arrived)
    talk = run.times("talk", Exponential(UNIT_S), n)
    calls = CallTable.of(arrived_us=arrived, talk_us=talk, patience_us=run.times("patience", Exponential(UNIT_S), n))
    records = simulate(calls, _staff(run), ONE_QUEUE, horizon_us=run.horizon_us)
    began = (np.arange(cycles) + _FIRST_CYCLES) * _CYCLE

    def share_delayed(phases: Floats, levels: Floats) -> tuple[Floats, Floats]:
        """By cycle, the share of phases with all agents busy, and that of the control minus its expectation."""
        at_us = np.rint((began[:, None] + phases) * UNIT_US).astype(np.int64)
        busy = _present(records.calls["arrived_us"], records.calls["ended_us"], at_us) >= levels
        control = (_present(arrived, arrived + talk, at_us) >= levels) - _at_least(levels, _load(phases))
        return busy.mean(axis=1), control.mean(axis=1)[:, None]

    passes = np.array(_passes(_EXTREME)) % _CYCLE
    lowest, lowest_control = share_delayed(passes, np.full(2, _EXTREME + 1))
    highest, highest_control = share_delayed(passes, np.full(2, _EXTREME))
    mean, mean_control = share_delayed(_PHASES, np.ceil(_load(_PHASES)))
    gone = records.calls["ended_us"][records.calls["outcome"] == outcome_code("abandoned")] / UNIT_US
    cycle = np.floor(gone / _CYCLE).astype(int) - _FIRST_CYCLES
    inside = (cycle >= 0) & (cycle < cycles)
    abandonment = np.bincount(cycle[inside], 1 / _arrival_rate(gone[inside]), cycles) / _CYCLE
    return {
        (_CASE, "delay probability, lowest"): controlled_mean(lowest, lowest_control),
        (_CASE, "delay probability, mean"): controlled_mean(mean, mean_control),
        (_CASE, "delay probability, highest"): controlled_mean(highest, highest_control),
        (_CASE, "abandonment, mean"): controlled_mean(abandonment, mean_control),
    }
