"""What visits to queues come to, row by row: the columns that ``ivr.measures`` adds up."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ivr.record_schema import NONE, RESULTS

__all__ = ["call_keys", "calls_back", "joined", "on_the_line", "visit_columns"]

_HANDLED, _ABANDONED, _OVERFLOWED, _FULL = (RESULTS.index(r) for r in ("handled", "abandoned", "overflowed", "full"))


def call_keys(table) -> NDArray[np.int64]:
    """One number that identifies the call of a row, replications told apart."""
    ids = table["call_id"].astype(np.int64)
    return ids + (table["replication"].astype(np.int64) << 40) if "replication" in table else ids


def on_the_line(visits) -> dict[str, NDArray]:
    """The visits of callers who were on the line."""
    called_back = visits["called_back"]
    if not called_back.any():
        return dict(visits)
    return {name: column[~called_back] for name, column in visits.items()}


def joined(visits) -> tuple[NDArray[np.int64], NDArray[np.bool_], NDArray[np.int64]]:
    """When each visit's caller was first offered, whether the visit was the last of it, and how long he waited in all.

    Visits that overflowed are one with what followed; time in a menu between two queues is no wait.
    """
    count = len(visits["call_id"])
    wait_us = visits["left_us"] - visits["offered_us"]
    overflowed = visits["result"] == _OVERFLOWED
    if not overflowed.any():
        return visits["offered_us"], np.ones(count, bool), wait_us
    order = np.lexsort((visits["seq"], call_keys(visits)))
    key = call_keys(visits)[order]
    same_call = np.concatenate([key[1:] == key[:-1], [False]])
    # In this order an overflowed visit is followed by its continuation, if the line was not closed before.
    goes_on = overflowed[order] & same_call
    begins = np.concatenate([[True], ~goes_on[:-1]])
    start = np.maximum.accumulate(np.where(begins, np.arange(count), 0))
    total = np.cumsum(wait_us[order])
    offered_us, final, waited_us = np.empty(count, np.int64), np.empty(count, bool), np.empty(count, np.int64)
    offered_us[order] = visits["offered_us"][order][start]
    final[order] = ~goes_on
    waited_us[order] = total - (total - wait_us[order])[start]
    return offered_us, final, waited_us


def visit_columns(visits, offered_us: NDArray[np.int64], *, threshold_us: int, short_us: int) -> dict[str, NDArray]:
    """What each visit adds to the sums, its wait counted from `offered_us`."""
    wait = visits["left_us"] - offered_us
    handled, abandoned = visits["result"] == _HANDLED, visits["result"] == _ABANDONED
    return {
        "offered": np.ones(len(wait), bool), "waited": wait > 0, "handled": handled,
        "handled_within": handled & (wait <= threshold_us), "abandoned": abandoned,
        "abandoned_within": abandoned & (wait <= threshold_us), "short_abandoned": abandoned & (wait <= short_us),
        "overflowed": visits["result"] == _OVERFLOWED, "wait_us": wait, "handled_wait_us": np.where(handled, wait, 0),
        "abandoned_wait_us": np.where(abandoned, wait, 0), "full": visits["result"] == _FULL,
        "balked": abandoned & (wait == 0) & (visits["announced_wait_us"] != NONE), "talk_us": visits["talk_us"], "acw_us": visits["acw_us"],
    }


def calls_back(visits) -> tuple[NDArray[np.int64], NDArray[np.integer], dict[str, NDArray]]:
    """For each place kept for a call back: when it was promised, its queue, and what became of it."""
    rows = np.flatnonzero(visits["called_back"])
    kept = {name: column[rows] for name, column in visits.items()}
    order = np.lexsort((kept["seq"], call_keys(kept)))
    kept = {name: column[order] for name, column in kept.items()}
    first = np.ones(len(rows), bool)
    first[1:] = np.diff(call_keys(kept)) != 0
    promised_us = kept["offered_us"][np.maximum.accumulate(np.where(first, np.arange(len(first)), 0))]
    reached = kept["result"] == _HANDLED
    return promised_us, kept["queue"], {
        "callbacks_promised": first, "callback_attempts": kept["agent"] != NONE, "callbacks_reached": reached,
        "callback_wait_us": np.where(reached, kept["left_us"] - promised_us, 0),
    }
