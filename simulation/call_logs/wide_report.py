"""Reports by intervals with columns of their own for each queue, and perhaps some for all queues together."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from simulation.call_logs.propose import plain

__all__ = ["QueueColumns", "WideReport", "wide_report"]

_BETWEEN = re.compile(r"[\s_\-./:()]+")
_LONGEST = 4
"""Words that the name of a figure has at most."""


@dataclass
class QueueColumns:
    """The columns of a queue.

    Parameters
    ----------
    name : str
    by_role : dict of str to str
        Its column for ``offered``, ``abandoned``, and so on.
    """

    name: str
    by_role: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class WideReport:
    """The columns of queues, and those of all queues together.

    Parameters
    ----------
    queues : tuple of QueueColumns
    together : dict of str to str
        By role.
    """

    queues: tuple[QueueColumns, ...]
    together: dict[str, str]


def wide_report(counts: Sequence[str], roles: Mapping[str, Sequence[str]]) -> WideReport | None:
    """Tell the columns of queues by their names; None if there are none.

    Parameters
    ----------
    counts : sequence of str
        Columns of numbers and durations.
    roles : mapping of str to sequence of str
        Names of what a report counts, in small letters and without spaces; ``offered`` among them.

    Examples
    --------
    >>> found = wide_report(["Sales calls", "Sales AHT", "Help calls", "agents"],
    ...     {"offered": ["calls"], "aht": ["aht"], "agents": ["agents"]})
    >>> [(queue.name, queue.by_role) for queue in found.queues]
    [('Sales', {'offered': 'Sales calls', 'aht': 'Sales AHT'}), ('Help', {'offered': 'Help calls'})]
    >>> found.together
    {'agents': 'agents'}

    A number without a word for what it counts is a queue's calls, if no column has these.

    >>> [queue.by_role for queue in wide_report(["sales", "aht"], {"offered": ["calls"], "aht": ["aht"]}).queues]
    [{'offered': 'sales'}]
    """
    queues: dict[str, QueueColumns] = {}
    together: dict[str, str] = {}
    bare = []
    for column in counts:
        role = next((role for role, names in roles.items() if plain(column) in names), "")
        if role:
            together.setdefault(role, column)
            continue
        queue, role = _split(column, roles)
        if role:
            queues.setdefault(queue.lower(), QueueColumns(queue)).by_role.setdefault(role, column)
        else:
            bare.append(column)
    if not queues and "offered" not in together:
        queues = {column: QueueColumns(column, {"offered": column}) for column in bare}
    found = tuple(one for one in queues.values() if "offered" in one.by_role)
    return WideReport(found, together) if found else None


def _split(column: str, roles: Mapping[str, Sequence[str]]) -> tuple[str, str]:
    """The queue and the role that the name of a column has; empty if it has no such."""
    words = [word for word in _BETWEEN.split(column.strip()) if word]
    for size in range(min(_LONGEST, len(words) - 1), 0, -1):
        for part, rest in ((words[-size:], words[:-size]), (words[:size], words[size:])):
            role = next((role for role, names in roles.items() if plain("".join(part)) in names), "")
            if role:
                return " ".join(rest), role
    return "", ""
