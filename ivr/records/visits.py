"""What each visit to a queue contributes: the columns that ``ivr.records.count_records`` adds up."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ivr.records.columns import ColumnArray, Columns
from ivr.records.schema import NONE, RESULTS

__all__ = ["call_keys", "calls_back", "conferences", "of_colleagues", "offers", "on_the_line", "visit_columns"]

_HANDLED, _ABANDONED, _OVERFLOWED, _CALLBACK, _FULL, _HANDED_OVER = (
    RESULTS.index(r) for r in ("handled", "abandoned", "overflowed", "callback", "full", "handed_over")
)
_JOINED, _UNJOINED = RESULTS.index("joined"), RESULTS.index("unjoined")


def call_keys(table: Columns) -> NDArray[np.int64]:
    """A number for the call of each row, unique over replications; int64, shape (rows,)."""
    ids: NDArray[np.int64] = table["call_id"].astype(np.int64)
    return ids + (table["replication"].astype(np.int64) << 40) if "replication" in table else ids


def on_the_line(visits: Columns) -> dict[str, ColumnArray]:
    """The visits of callers who were on the line and waited for an agent, not with one for a colleague."""
    others = visits["called_back"] | of_colleagues(visits)
    if not others.any():
        return dict(visits)
    return {name: column[~others] for name, column in visits.items()}


def of_colleagues(visits: Columns) -> ColumnArray:
    """Which visits are those of a colleague whom an agent asked into a talk."""
    return np.asarray((visits["result"] == _JOINED) | (visits["result"] == _UNJOINED))


def conferences(visits: Columns) -> tuple[NDArray[np.int64], ColumnArray, dict[str, ColumnArray]]:
    """When colleagues were asked, of which queue, and what each counts for."""
    rows = of_colleagues(visits)
    joined, waited_us = visits["result"][rows] == _JOINED, (visits["left_us"] - visits["offered_us"])[rows]
    columns = {
        "conferences_asked": np.ones(len(joined), bool),
        "conferences_joined": joined,
        "conference_wait_us": np.where(joined, waited_us, 0),
    }
    return visits["offered_us"][rows], visits["queue"][rows], columns


def offers(visits: Columns, *, through_queues: bool) -> dict[str, ColumnArray]:
    """The visits of callers on the line, merged where they are one caller's wait for one agent.

    A caller waits until an agent has handled the call: what follows an overflow, a full queue or a hand-over is the
    same wait (`through_queues`). Seen by one queue (not `through_queues`), only what follows a hand-over is. After a
    transfer another wait begins. Time in a menu between two queues is not part of a wait.

    Parameters
    ----------
    visits : mapping of str to numpy.ndarray
        Columns of the table ``visits``, of visits that are not ``called_back``; and ``booked``, if known: whether the
        call ended with a callback booked.
    through_queues : bool
        Whether waits in several queues are one.

    Returns
    -------
    dict of str to numpy.ndarray
        One row for each wait, in order of call and seq: the columns of its last visit, with ``offered_us`` of its first
        and the sums of ``talk_us`` and ``acw_us``. Added are ``wait_us`` until the first answer (or the end),
        ``later_wait_us`` after a hand-over, and ``last_wait_us`` of the last visit; ``overflowed``, ``full`` and
        ``handed_over``: how often; ``promised``: whether it ended unanswered with the promise of a callback.

    Examples
    --------
    >>> from ivr.records.tables import empty_table
    >>> visits = empty_table("visits", 2)
    >>> visits["result"][:], visits["seq"][:], visits["left_us"][:] = [_FULL, _HANDLED], [0, 1], 7
    >>> [offers(visits, through_queues=through)["wait_us"].tolist() for through in (True, False)]
    [[14], [7, 7]]
    """
    order = np.lexsort((visits["seq"], call_keys(visits)))
    rows = {name: column[order] for name, column in visits.items()}
    result, key = rows["result"], call_keys(rows)
    goes_on = result != _HANDLED if through_queues else result == _HANDED_OVER
    another = np.append(key[1:] == key[:-1], False)[: len(key)]
    goes_on &= another
    last = np.flatnonzero(~goes_on)
    booked = rows.pop("booked", np.zeros(len(key), bool)) & (result != _HANDLED) & ~another
    first = np.append(0, last[:-1] + 1)[: len(last)]
    answered = (result == _HANDLED) | (result == _HANDED_OVER)
    answers_before = np.cumsum(answered) - answered
    later = answers_before > np.repeat(answers_before[first], last + 1 - first)
    wait_us = rows["left_us"] - rows["offered_us"]

    def total(values: ColumnArray) -> NDArray[np.int64]:
        return np.add.reduceat(values.astype(np.int64), first) if len(first) else np.zeros(0, np.int64)

    return {
        **{name: column[last] for name, column in rows.items()},
        "offered_us": rows["offered_us"][first],
        "wait_us": total(np.where(later, 0, wait_us)),
        "later_wait_us": total(np.where(later, wait_us, 0)),
        "last_wait_us": wait_us[last],
        "talk_us": total(rows["talk_us"]),
        "acw_us": total(rows["acw_us"]),
        "promised": ((result == _CALLBACK) | booked)[last],
        "overflowed": total(result == _OVERFLOWED),
        "full": total(result == _FULL),
        "handed_over": total(result == _HANDED_OVER),
    }


def visit_columns(of: Columns, *, thresholds_us: Sequence[int], short_us: int) -> dict[str, ColumnArray]:
    """What each wait, as ``offers`` returns them, adds to the sums: int64 or bool by column, shape (waits,).

    A wait is in time by the threshold of the queue in which it ends; `thresholds_us` has one for each queue.
    """
    threshold_us = np.array(thresholds_us, np.int64)[of["queue"]]
    wait, all_waits = of["wait_us"], of["wait_us"] + of["later_wait_us"]
    promised, handled = of["promised"], of["result"] == _HANDLED
    abandoned = (of["result"] == _ABANDONED) & ~promised
    return {
        "offered": ~promised,
        "waited": ~promised & (wait > 0),
        "handled": handled,
        "handled_within": handled & (wait <= threshold_us),
        "abandoned": abandoned,
        "abandoned_within": abandoned & (all_waits <= threshold_us),
        "short_abandoned": abandoned & (all_waits <= short_us),
        "overflowed": of["overflowed"],
        "wait_us": np.where(promised, 0, wait),
        "handled_wait_us": np.where(handled, wait, 0),
        "abandoned_wait_us": np.where(abandoned, all_waits, 0),
        "full": of["full"],
        "balked": abandoned & (of["last_wait_us"] == 0) & (of["announced_wait_us"] != NONE),
        "talk_us": of["talk_us"],
        "acw_us": of["acw_us"],
        "handed_over": of["handed_over"],
        "handed_over_wait_us": of["later_wait_us"],
        "promised": promised,
        "promised_wait_us": np.where(promised, wait, 0),
    }


def calls_back(visits: Columns, *, within_us: int) -> tuple[NDArray[np.int64], ColumnArray, dict[str, ColumnArray]]:
    """What became of each place that was kept for a callback.

    Returns
    -------
    promised_us : numpy.ndarray of int64, shape (places,)
    queue : numpy.ndarray, shape (places,)
        Code of its queue.
    columns : dict of str to numpy.ndarray
        What each adds to the sums.
    """
    rows = np.flatnonzero(visits["called_back"])
    kept = {name: column[rows] for name, column in visits.items()}
    order = np.lexsort((kept["seq"], call_keys(kept)))
    kept = {name: column[order] for name, column in kept.items()}
    first = np.ones(len(rows), bool)
    first[1:] = np.diff(call_keys(kept)) != 0
    promised_us = kept["offered_us"][np.maximum.accumulate(np.where(first, np.arange(len(first)), 0))]
    reached, wait_us = kept["result"] == _HANDLED, kept["left_us"] - promised_us
    return (
        promised_us,
        kept["queue"],
        {
            "callbacks_kept": first,
            "callback_attempts": kept["agent"] != NONE,
            "callbacks_reached": reached,
            "callbacks_within": reached & (wait_us <= within_us),
            "callback_wait_us": np.where(reached, wait_us, 0),
        },
    )
