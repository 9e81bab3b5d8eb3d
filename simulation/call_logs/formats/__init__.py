"""The formats of call logs, one module each, found by its presence.

A format offers ``TITLE`` (what it is, in words), ``RANK`` (formats are asked from the lowest), ``recognises(source)``
and ``read(source, options)``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from flows.registry import members
from simulation.call_logs.formats.base import Source
from simulation.call_logs.log import CallLog, IntervalReport, Options

__all__ = ["Format", "formats"]


@dataclass(frozen=True)
class Format:
    """One format of call logs.

    Parameters
    ----------
    name, title : str
    rank : int
        Formats are asked in this order whether they know a file.
    recognises : callable
    read : callable
    """

    name: str
    title: str
    rank: int
    recognises: Callable[[Source], bool]
    read: Callable[[Source, Options], CallLog | IntervalReport]


@cache
def formats() -> dict[str, Format]:
    """All formats by name, in the order in which they are asked.

    >>> list(formats())
    ['own_records', 'asterisk_queue_log', 'asterisk_cdr', 'twilio', 'own_calls', 'interval_report', 'table']
    """
    found = [
        Format(name, module.TITLE, module.RANK, module.recognises, module.read)
        for name, module in members(sys.modules[__name__]).items()
    ]
    return {one.name: one for one in sorted(found, key=lambda one: one.rank)}
