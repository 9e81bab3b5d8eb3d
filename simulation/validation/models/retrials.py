"""Callers who hang up and call again later, with a new patience."""

from __future__ import annotations

import numpy as np

from ivr.records.schema import NEVER, NONE
from simulation.sampling.distributions import Exponential
from simulation.sampling.streams import Streams
from simulation.tables.checks import CallTable
from simulation.validation.long_runs import ONE_QUEUE, UNIT_S, UNIT_US, Batches, LongRun, Simulate
from simulation.validation.models.base import Key
from simulation.validation.target import Sample, Target

__all__ = ["TARGETS", "TITLE", "simulated"]

TITLE = "Retrials: three of four who hang up call again, patience redrawn"
SOURCE = "stationary distribution of the Markov chain, solved with 40 digits"
_ARRIVALS, _SERVICE, _AGENTS, _LEAVING, _RETRY_SHARE, _RETRY_RATE = 4.0, 0.5, 9, 0.5, 0.75, 0.05
_CALLS = 60_000
_CASE = "all attempts"

TARGETS = tuple(
    Target(case=_CASE, quantity=quantity, value=value, decimals=decimals, source=SOURCE, error_below=error)
    for quantity, value, decimals, error in (
        ("attempts per time", 4.42491, 5, 0.016),
        ("abandonment", 0.128036, 6, 0.0036),
        ("occupancy", 0.857414, 6, 0.002),
    )
)


def simulated(simulate: Simulate, size: float) -> dict[Key, Sample]:
    """One long run. The table holds as many further attempts of each caller as their draws to call again allow."""
    # A caller who calls again first stays away for 20 time units: the system's memory is that long.
    run = LongRun(_CALLS * size / _ARRIVALS, Streams(seed=800), warm_up=200, batches=30)
    first = run.arrivals(_ARRIVALS)
    n = len(first)
    again = run.streams.generator("again").geometric(1 - _RETRY_SHARE, n) - 1
    rows = n + int(again.sum())
    # A caller's further attempts are adjacent, after all first attempts: `begins` is where each caller's begin.
    begins = n + np.cumsum(again) - again
    attempt = np.concatenate([np.ones(n, np.int64), np.arange(n, rows) - np.repeat(begins, again) + 2])
    left = np.concatenate([again, np.repeat(again, again) - attempt[n:] + 1])
    retry = np.where(left > 0, np.concatenate([begins, np.arange(n, rows) + 1]), NONE)
    talk = run.times("talk", Exponential(UNIT_S / _SERVICE), rows)
    patience = run.times("patience", Exponential(UNIT_S / _LEAVING), rows)
    calls = CallTable.of(
        arrived_us=np.concatenate([first, np.full(rows - n, NEVER)]),
        attempt=attempt,
        retry=retry,
        retry_after_us=run.times("retry", Exponential(UNIT_S / _RETRY_RATE), rows),
        talk_us=talk,
        patience_us=patience,
    )
    records = simulate(calls, run.agents(agents=_AGENTS), ONE_QUEUE, horizon_us=run.horizon_us)
    batches = Batches(run, first, _ARRIVALS, (talk[:n], UNIT_US / _SERVICE), (patience[:n], UNIT_US / _LEAVING))
    visits = records.visits
    return {
        (_CASE, "attempts per time"): batches.rate(visits["offered_us"]),
        (_CASE, "abandonment"): batches.mean(visits["agent"] == NONE, visits["offered_us"]),
        (_CASE, "occupancy"): batches.occupancy(records, _AGENTS),
    }
