"""The kinds of events, in the order of the tie rule.

Among events at the same moment, the smaller kind comes first; within a kind, the smaller id. Both engines order by one
integer that holds kind and id, such as ``TALK_END + agent``. The rule is in ``docs/engines.md``.
"""

from __future__ import annotations

__all__ = [
    "ABANDONMENT",
    "ARRIVAL",
    "CALL_BACK_AGAIN",
    "CLOSING",
    "ID",
    "KIND_BITS",
    "LIMIT",
    "MENU_END",
    "OVERFLOW",
    "RELEASE",
    "SHIFT_OFF",
    "SHIFT_ON",
    "TALK_END",
]

KIND_BITS = 40
"""Ids are below ``2**40``."""
ID = (1 << KIND_BITS) - 1
CLOSING, TALK_END, RELEASE, SHIFT_ON, SHIFT_OFF, ARRIVAL, MENU_END, OVERFLOW, CALL_BACK_AGAIN, LIMIT, ABANDONMENT = (
    kind << KIND_BITS for kind in range(11)
)
