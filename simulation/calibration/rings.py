"""How long it rings until an agent takes the phone, told by calls that came while nobody talked or waited."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flows.display.numbers import duration, share
from ivr.records.schema import result_code
from ivr.records.tables import Records
from simulation.arrays import Flags, Times
from simulation.calibration.log_days import LogDays

__all__ = ["Rings", "rings"]

_LEAST = 100
_MANY = 0.05
_OFTEN = 0.5
"""A free agent answers within the log's unit: if half of such callers waited longer, agents were not at the phone."""


@dataclass(frozen=True)
class Rings:
    """Callers who came when nobody talked and nobody waited, between the first and the last answered call of a day.

    Parameters
    ----------
    calls : int
    wait_s : float
        Mean wait of those who were answered.
    lost : float
        Share of them who were not.
    of_all : float
        These lost calls, as a share of all calls that joined a queue.
    at_once : float
        Lost calls with no wait at all, as a share of all calls.
    """

    calls: int
    wait_s: float
    lost: float
    of_all: float
    at_once: float

    @property
    def words(self) -> str:
        """What happened, which no queue explains."""
        return (
            f"{self.calls:,} callers came while nobody talked or waited: they were answered after"
            f" {duration(self.wait_s)} on average, or lost ({share(self.lost)} of them, {share(self.of_all)} of all"
            " calls)"
        )

    @property
    def unknown(self) -> tuple[str, ...]:
        """What the log cannot tell."""
        said = [
            f"{self.words}. So it rings that long, and waits do not show how many agents there are: enough are"
            " assumed, and each call waits as long before it is answered"
        ]
        if self.at_once >= _MANY:
            said.append(
                f"{share(self.at_once)} of all calls are lost after 0 s, taken as callers who hang up at once: either"
                " they do, or the log does not say how long they waited"
            )
        return tuple(said)


def rings(records: Records) -> Rings | None:
    """What happened to callers who came when nobody talked and nobody waited; None if agents answer at once.

    Parameters
    ----------
    records : Records
        Of a log that does not say who answered: else the time until agents are ready tells it.
    """
    visits = records.visits
    offered, left = visits["offered_us"], visits["left_us"]
    handled = visits["result"] == result_code("handled")
    gave_up = visits["result"] == result_code("abandoned")
    if not np.any(handled):
        return None
    until = np.where(handled, left + visits["talk_us"] + visits["acw_us"], left)
    here = _alone(offered, until) & _between_talks(records, handled) & (handled | gave_up)
    answered = here & handled
    wait_us = left - offered
    unit_us = 1_000_000 if np.all(wait_us % 1_000_000 == 0) else 1_000
    count = int(np.count_nonzero(here))
    waited = np.count_nonzero(wait_us[answered] > 1.5 * unit_us)
    if np.count_nonzero(answered) < _LEAST or waited < _OFTEN * np.count_nonzero(answered):
        return None
    lost = int(np.count_nonzero(here & gave_up))
    return Rings(
        count,
        float(wait_us[answered].mean() / 1e6),
        lost / count,
        lost / len(offered),
        float(np.mean(gave_up & (wait_us == 0))),
    )


def _alone(offered_us: Times, until_us: Times) -> Flags:
    """b1[visits]: nobody who came before was still there, waiting or talking, and nobody else came at that moment."""
    order = np.lexsort((until_us, offered_us))
    at, until = offered_us[order], np.maximum.accumulate(until_us[order])
    before = np.append(np.iinfo(np.int64).min, until[:-1])
    found = np.zeros(len(at), dtype=bool)
    found[order] = before < at
    return found


def _between_talks(records: Records, handled: Flags) -> Flags:
    """b1[visits]: offered between the first and the last answered call of a day of the log's own clock."""
    days = LogDays(records)
    offered = records.visits["offered_us"]
    day = days.day_of(offered)
    first, last = np.full(days.count, np.iinfo(np.int64).max), np.full(days.count, np.iinfo(np.int64).min)
    np.minimum.at(first, day[handled], offered[handled])
    np.maximum.at(last, day[handled], offered[handled])
    return np.asarray((offered >= first[day]) & (offered <= last[day]))
