"""What a log tells of its days: only that can be compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from flows.source.finding import Finding, IvrError
from simulation.backtesting.figures import waits_of
from simulation.backtesting.simulated import Figures
from simulation.call_logs.log import CallLog

__all__ = ["as_told", "inputs_told", "refuse_untold"]

_TALK = "talk_s"


def refuse_untold(log: CallLog) -> None:
    """Refuse a log that does not say how long callers waited: that it is silent is not that nobody waited.

    Records that were made of such a log have no wait and no talk at all.

    Raises
    ------
    IvrError
        K013.
    """
    waits = waits_of(log.records)
    silent = len(waits.wait_s) > 0 and not (np.any(waits.wait_s > 0) or np.any(waits.talk_s > 0))
    if "waits" in log.known and not silent:
        return
    unused = f": {', '.join(log.unused)} {'is' if len(log.unused) == 1 else 'are'} not used" if log.unused else ""
    raise IvrError(
        Finding(
            code="K013",
            severity="error",
            message=f"the log does not say how long callers waited, so there is nothing to compare{unused}",
            file=log.name,
            hint="name the column of wait_seconds or answered in the map that 'ivr calibrate' writes, and give --map",
        )
    )


def as_told(real: Figures, log: CallLog) -> Figures:
    """The figures of real days without those that the log does not tell."""
    if "talk" in log.known:
        return real
    parts = (real.by_day, real.by_time)
    by_day, by_time = (tuple(_without_talk(one) for one in part) for part in parts)
    by_queue = {name: _without_talk(one) for name, one in real.by_queue.items()}
    return replace(real, whole=_without_talk(real.whole), by_day=by_day, by_time=by_time, by_queue=by_queue)


def inputs_told(inputs: Sequence[str], log: CallLog) -> tuple[str, ...]:
    """Those inputs of a scenario that the log tells.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> inputs_told(("arrivals", "talk"), SimpleNamespace(known=frozenset({"waits"})))
    ('arrivals',)
    """
    return tuple(one for one in inputs if one != "talk" or "talk" in log.known)


def _without_talk(figures: dict[str, float]) -> dict[str, float]:
    return {name: value for name, value in figures.items() if name != _TALK}
