"""Call tables in which the same callers do in part what they do in an old menu, and in part what they do in a new."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from ivr.records.schema import NONE
from simulation.arrays import Flags, Ints
from simulation.tables.call_table import CallTable
from simulation.tables.columns import CALL_COLUMNS, VISIT_COLUMNS, Column

__all__ = ["differs", "mixed"]

_NEXT = ("limit_next", "full_next", "talk_next", "confer_next")
_OF_VISITS = ("queue", "talk_us", "pause_us", "u", *(name for name, _, _ in VISIT_COLUMNS))
_SECONDS = ("menu_us", "key_presses")
_SAME = ("arrived_us", "intent", "attempt", "retry")


def differs(old: CallTable, new: CallTable) -> str:
    """Why the rows of two tables are not the same callers; empty if they are.

    >>> differs(CallTable.of(arrived_us=[0, 5]), CallTable.of(arrived_us=[0, 6]))
    'other callers'
    """
    if len(old) != len(new) or any(not np.array_equal(getattr(old, name), getattr(new, name)) for name in _SAME):
        return "other callers"
    if set(old.queues) != set(new.queues):
        return "other queues"
    if old.talk_us.shape[1] != new.talk_us.shape[1] or old.pause_us.shape[1] != new.pause_us.shape[1]:
        return "other talk times"
    return ""


def mixed(old: CallTable, new: CallTable, *, seconds: bool, leaves: bool, routes: bool) -> CallTable:
    """Return the callers of `old`, changed in part into those of `new`.

    Parameters
    ----------
    old, new : CallTable
        The same callers in two menus; see ``differs``.
    seconds : bool
        Whether callers take the new menu's time and key presses.
    leaves : bool
        Whether callers who reach a queue in one menu only, or leave the two in different ways, do what they do in the
        new.
    routes : bool
        Whether the others do what they do in the new: the queue they join, and what follows it.

    Examples
    --------
    >>> old = CallTable.of(arrived_us=[0, 0], menu_us=[5, 5], queue=[0, 1], queues=("a", "b"))
    >>> new = CallTable.of(arrived_us=[0, 0], menu_us=[9, 9], ending=[0, -1], queue=[-1, 0], queues=("a", "b"))
    >>> half = mixed(old, new, seconds=False, leaves=True, routes=False)
    >>> half.ending.tolist(), half.queue.tolist(), half.menu_us.tolist()
    ([0, -1], [-1, 1], [5, 5])
    """
    n, further = len(old), old.queue_visits - len(old)
    leaving = old.ending != new.ending
    take = (leaving & leaves) | (~leaving & routes)
    made: dict[str, Any] = {}
    for name, _, _ in CALL_COLUMNS:
        picked = np.full(n, seconds) if name in _SECONDS else take
        made[name] = np.where(picked, getattr(new, name), getattr(old, name))
    for name in ("path", "language", "intent", *_SAME[2:], "retry_after_us", "repeat_after_us"):
        made[name] = np.asarray(getattr(old, name))
    for name in _OF_VISITS:
        ours, theirs = _columns(name, old, new, n, further)
        first = np.where(take if ours.ndim == 1 else take[:, None], theirs[:n], ours[:n])
        made[name] = np.concatenate([first, ours[n:], theirs[n:]])
    return replace(old, **made)


def _columns(name: str, old: CallTable, new: CallTable, n: int, further: int) -> tuple[Column, Column]:
    """A column of each table, the new one in the codes and rows of the mixed table."""
    ours, theirs = np.asarray(getattr(old, name)), np.asarray(getattr(new, name))
    if name == "queue":
        code = np.array([*(old.queues.index(queue) for queue in new.queues), NONE])
        theirs = code[theirs].astype(ours.dtype)
    elif name in _NEXT:
        theirs = _moved(theirs, n, further)
    elif name == "urgency" and old.urgencies != new.urgencies:
        theirs = np.array([old.urgencies.index(of) for of in new.urgencies])[theirs].astype(ours.dtype)
    elif name == "u" and ours.shape[1] != theirs.shape[1]:
        ours, theirs = (_never(of) for of in (ours, theirs))
    return ours, theirs


def _moved(rows: Ints, n: int, further: int) -> Ints:
    """Rows of further visits, after those of the old table."""
    beyond: Flags = rows >= n
    return np.where(beyond, rows + further, rows)


def _never(u: Column) -> Column:
    """Uniforms by which nobody balks or takes a callback, where a menu asks for neither."""
    return u if u.shape[1] else np.ones((len(u), 2))
