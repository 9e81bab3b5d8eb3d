"""What is compared of a set of calls: how many, how long they wait, how many give up, how long they talk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from flows.values.units import US_PER_S
from ivr.records.schema import result_code
from ivr.records.tables import Records
from ivr.records.visits import offers
from simulation.arrays import Flags, Floats, Ints, Times

__all__ = ["FIGURES", "Figure", "Waits", "figures", "waits_of"]

THRESHOLD_S = 20.0


@dataclass(frozen=True)
class Figure:
    """One figure that is compared.

    Parameters
    ----------
    title : str
    kind : {"count", "share", "time"}
    means : str
        What it is of.
    """

    title: str
    kind: str
    means: str


FIGURES: Mapping[str, Figure] = {
    "offered": Figure("Offered", "count", "callers who joined a queue"),
    "abandonment": Figure("Abandonment", "share", "of them, hung up in the queue"),
    "no_wait": Figure("No wait", "share", "of them, waited less than a second"),
    "mean_wait_s": Figure("Mean wait", "time", "of all who joined a queue"),
    "wait_p80_s": Figure("80 % wait at most", "time", "of all who joined a queue"),
    "wait_p95_s": Figure("95 % wait at most", "time", "of all who joined a queue"),
    "in_time": Figure("Within 20 s", "share", "answered within 20 s, of all who joined"),
    "talk_s": Figure("Talk", "time", "mean of the answered"),
}


@dataclass(frozen=True)
class Waits:
    """Waits of callers, one a caller who joined a queue and was not promised a callback.

    Parameters
    ----------
    offered_us : numpy.ndarray
        i8[waits].
    wait_s, talk_s : numpy.ndarray
        f8[waits].
    handled, gave_up : numpy.ndarray
        b1[waits].
    queue : numpy.ndarray
        i2[waits].
    """

    offered_us: Times
    wait_s: Floats
    talk_s: Floats
    handled: Flags
    gave_up: Flags
    queue: Ints

    def of(self, rows: Flags) -> Waits:
        """Some of them."""
        return Waits(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))


def waits_of(records: Records) -> Waits:
    """The waits of records; a wait through several queues is one, as in ``ivr report``."""
    visits = {name: values[~records.visits["called_back"]] for name, values in records.visits.items()}
    found = offers(visits, through_queues=True)
    real = ~found["promised"]
    handled = found["result"] == result_code("handled")
    return Waits(
        found["offered_us"][real],
        ((found["wait_us"] + found["later_wait_us"]) / US_PER_S)[real],
        (found["talk_us"] / US_PER_S)[real],
        handled[real],
        (found["result"] == result_code("abandoned"))[real],
        found["queue"][real],
    )


def figures(of: Waits) -> dict[str, float]:
    """The figures of some waits; those that need a caller are missing when there is none.

    Examples
    --------
    Four callers: one is answered at once, one after 10 s, one after 60 s; one gives up after 30 s.

    >>> found = figures(Waits(np.arange(4), np.array([0.0, 10.0, 60.0, 30.0]), np.array([100.0, 200.0, 300.0, 0.0]),
    ...     np.array([True, True, True, False]), np.array([False, False, False, True]), np.zeros(4, int)))
    >>> found["abandonment"], found["no_wait"], found["mean_wait_s"], found["in_time"], found["talk_s"]
    (0.25, 0.25, 25.0, 0.5, 200.0)
    """
    count = len(of.wait_s)
    if not count:
        return {"offered": 0.0}
    talk = of.talk_s[of.handled]
    p80, p95 = np.quantile(of.wait_s, (0.8, 0.95))
    return {
        "offered": float(count),
        "abandonment": float(of.gave_up.mean()),
        "no_wait": float((of.wait_s < 1.0).mean()),
        "mean_wait_s": float(of.wait_s.mean()),
        "wait_p80_s": float(p80),
        "wait_p95_s": float(p95),
        "in_time": float((of.handled & (of.wait_s <= THRESHOLD_S)).mean()),
    } | ({"talk_s": float(talk.mean())} if len(talk) else {})
