"""Service levels of queues that have a threshold or a target of their own, in the tables of report pages."""

from __future__ import annotations

from html import escape

from flows.display.numbers import duration, share
from simulation.experiment.format_estimate import written
from simulation.experiment.queue_levels import QueueLevel
from simulation.report.page import half_width

__all__ = ["goal_cell", "level_cell"]

_MARKS = {"met": '<span class="met">✓ meets</span>', "missed": '<span class="missed">✗ misses</span>'}


def goal_cell(own: QueueLevel | None, threshold_s: float) -> str:
    """Return the threshold of a queue and, if it has a target, whether it is met; `threshold_s` is that of the others.

    >>> goal_cell(None, 20.0)
    '20 s'
    """
    within = escape(duration(threshold_s if own is None else own.threshold_s))
    return within if own is None or own.target is None else f"{within}<br>{_judged(own)}"


def level_cell(own: QueueLevel | None) -> str:
    """Return the service level of a queue and, if it has a target, whether it is met.

    >>> level_cell(None)
    '–'
    """
    if own is None or own.level is None:
        return "–"
    level = half_width(written("service_level", own.level))
    return level if own.target is None else f"{level}<br>{_judged(own)}"


def _judged(own: QueueLevel) -> str:
    if own.target is None:
        return ""
    mark = "nobody joined:" if own.judged is None else _MARKS.get(own.judged, "too close to call:")
    return f"{mark} {escape(share(own.target))}"
