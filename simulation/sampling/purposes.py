"""What each uniform of a caller is for.

A purpose has a key of its own, and four lanes. New purposes, or lanes in use for the first time, move no other number.
"""

from __future__ import annotations

__all__ = [
    "AGAIN",
    "AGAIN_AFTER",
    "AGAIN_AFTER_HANDLED",
    "AGAIN_SHARE",
    "AGENT",
    "ARRIVALS",
    "BALK",
    "CALLER",
    "CALL_BACK",
    "CHOICE",
    "CONFERENCE",
    "CONFER_PICK",
    "CONFER_SHARE",
    "CONFER_TALK",
    "CONFER_WORK",
    "EXITS",
    "FLOOR",
    "INTENT",
    "LANGUAGE",
    "LISTENING",
    "MENU",
    "NUMBER_ANSWERS",
    "NUMBER_RING",
    "NUMBER_TALK",
    "NUMBER_WORK",
    "OUTBOUND",
    "PATIENCE",
    "PAUSE_LENGTH",
    "PAUSE_SHARE",
    "PICK",
    "REACHED",
    "RING",
    "STAYING",
    "STEPS_A_DRAW",
    "TALK",
    "TIME",
    "TRANSFER",
    "VISIT",
    "WAITING",
    "WAITING_KEY",
    "WAITING_TIME",
    "WRAP_UP",
    "place",
    "way_after",
]

ARRIVALS = "arrivals"
"""A sequence: number k is the time between arrivals k - 1 and k."""
CALLER = "caller"
INTENT, LANGUAGE, LISTENING, STAYING = range(4)
MENU = "menu"
"""Draw i is for steps 2 i and 2 i + 1 of a walk, with two lanes for each."""
STEPS_A_DRAW = 2
CHOICE, TIME = range(2)
VISIT = "visit"
PATIENCE, TALK, WRAP_UP, TRANSFER = range(4)
WAITING = "waiting"
WAITING_KEY, WAITING_TIME = range(2)
FLOOR = "floor"
BALK, CALL_BACK, RING, REACHED = range(4)
AGENT = "agent"
"""About the agent who answers: who it is, if they are chosen at random, and whether and how long they pause after."""
PICK, PAUSE_SHARE, PAUSE_LENGTH = range(3)
AGAIN = "again"
AGAIN_SHARE, AGAIN_AFTER, AGAIN_AFTER_HANDLED = range(3)
CONFERENCE = "conference"
CONFER_SHARE, CONFER_TALK, CONFER_WORK, CONFER_PICK = range(4)
OUTBOUND = "outbound"
"""The purpose of a group is ``outbound/GROUP``, and the caller is the number dialled."""
NUMBER_RING, NUMBER_ANSWERS, NUMBER_TALK, NUMBER_WORK = range(4)

EXITS = ("limit", "full", "talk", "transfer")
"""How a caller leaves a queue for another."""


def way_after(way: int, by: str) -> int:
    """The number of the way that follows another by an exit; the first queue has way 0.

    >>> way_after(way_after(0, "limit"), "transfer")
    9
    """
    return way * (len(EXITS) + 1) + EXITS.index(by) + 1


def place(attempt: int, way: int = 0) -> int:
    """Where a caller draws: at which attempt, from 1, and after which way.

    >>> place(1), place(2, 9)
    (0, 4294967305)
    """
    return (attempt - 1 << 32) + way
