"""How long the rows of calls are kept: a number of days for each kind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from webhooks.settings.problems import problem

__all__ = ["FOREVER", "KINDS", "keep_days"]

KINDS = ("calls", "messages", "callbacks", "effects", "audit")
"""``calls`` are the records: calls, visits, steps, endings. ``messages`` are links to recordings."""
FOREVER = None
_DEFAULT: Mapping[str, int | None] = MappingProxyType(dict.fromkeys(KINDS, FOREVER) | {"effects": 30})


def keep_days(text: str) -> Mapping[str, int | None]:
    """Days for each kind, from a setting; None means forever.

    Parameters
    ----------
    text : str
        Comma-separated ``KIND=DAYS``; other kinds keep their default.

    Raises
    ------
    UsageError

    Examples
    --------
    >>> dict(keep_days("calls=400, callbacks=forever"))
    {'calls': 400, 'messages': None, 'callbacks': None, 'effects': 30, 'audit': None}
    """
    days = dict(_DEFAULT)
    for part in filter(None, (part.strip() for part in text.split(","))):
        kind, _, value = (piece.strip() for piece in part.partition("="))
        if kind not in days or not re.fullmatch(r"[1-9][0-9]{0,4}|forever", value):
            raise problem(
                f"{part!r} does not say how long a kind of row is kept",
                f"write KIND=DAYS, with 1 to 99999 days or 'forever'; kinds: {', '.join(KINDS)}",
            )
        days[kind] = FOREVER if value == "forever" else int(value)
    return MappingProxyType(days)
