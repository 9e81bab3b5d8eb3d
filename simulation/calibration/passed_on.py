"""Which callers agents pass on to another queue after the talk, and how many lines a switch has."""

from __future__ import annotations

import numpy as np

from ivr.records.schema import outcome_code, result_code
from ivr.records.tables import Records
from simulation.arrays import Flags
from simulation.calibration.estimated import Estimated, share_of

__all__ = ["lines_of", "promised", "transfers_of"]

_LEAST = 20
_ALIKE = 0.9


def transfers_of(records: Records, used: Flags) -> dict[str, dict[str, Estimated]]:
    """By queue, the share of answered callers who then joined another queue, by that queue.

    Parameters
    ----------
    records : Records
    used : numpy.ndarray
        b1[visits]. Visits of days that are kept.
    """
    visits, names = records.visits, records.names["queue"]
    order = np.lexsort((visits["seq"], visits["call_id"]))
    call, queue, result = (visits[name][order] for name in ("call_id", "queue", "result"))
    handled = (result == result_code("handled")) & used[order]
    colleague = np.isin(result, [result_code("joined"), result_code("unjoined")])  # who is asked into the talk
    follows = handled
    if len(call):
        follows = np.append((call[1:] == call[:-1]) & (queue[1:] != queue[:-1]) & ~colleague[1:], False)
    to = np.append(queue[1:], -1) if len(call) else queue
    found: dict[str, dict[str, Estimated]] = {}
    for code, name in enumerate(names):
        answered = int(np.count_nonzero(handled & (queue == code)))
        counts = np.bincount(to[handled & follows & (queue == code)], minlength=len(names))
        own = {names[i]: share_of(int(n), answered) for i, n in enumerate(counts.tolist()) if n >= _LEAST}
        if own:
            found[name] = own
    return found


def lines_of(records: Records) -> int | None:
    """How many calls a switch holds at once: as many as are there whenever one is refused; None if that differs."""
    calls = records.calls
    blocked = calls["outcome"] == outcome_code("blocked")
    if np.count_nonzero(blocked) < _LEAST:
        return None
    began, ended = np.sort(calls["arrived_us"][~blocked]), np.sort(calls["ended_us"][~blocked])
    at = calls["arrived_us"][blocked]
    held = np.searchsorted(began, at, "right") - np.searchsorted(ended, at, "right")
    most = int(held.max())
    return most if most > 1 and np.mean(held >= most - 1) >= _ALIKE else None


def promised(records: Records) -> dict[str, int]:
    """How many callers of each queue were promised a callback; queues without any are left out."""
    visits = records.visits
    rows = (visits["result"] == result_code("callback")) & ~visits["called_back"]
    counts = np.bincount(visits["queue"][rows], minlength=len(records.names["queue"]))
    return {name: int(n) for name, n in zip(records.names["queue"], counts.tolist(), strict=True) if n}
