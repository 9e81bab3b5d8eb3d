"""Which of a simulation's assumptions to state first: those that move waits and staffing most."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["MOST_ASSUMED", "weightiest"]

MOST_ASSUMED = 5
"""So many are told where not all are asked for."""

_ORDER = (
    "never hang up",  # without patience a queue that is a little too long grows all day
    "all days are alike",  # days that are busy as a whole make most of the bad ones
    "stay away",
    "does not call again",  # who calls again comes when the queue is longest
    "call again",
    "of the next call",
    "always ends in",
    "takes 'otherwise'",
    "as likely as the next",  # where callers go: which queue has the work
    "press 0 unasked",
    "everybody speaks",
    "offered while waiting",
    "call back",
    "callback",
    "hear the expected wait",
    "dialled number answers",
    "hang up in a minute of menu",
)
"""Words by which an assumption is known, the weightiest first; others keep their order behind them."""


def weightiest(assumptions: Sequence[str]) -> list[str]:
    """Return assumptions in the order in which it pays to find evidence for them.

    Callers who stay or leave, come again or come all on one day decide how long queues are; then which queue they come
    to; seconds in the menu come last. That order is a judgement, not a measurement: ``ivr compare`` with the value
    changed measures it for a scenario.

    Examples
    --------
    >>> weightiest(["presses that hit a wrong key: 1 %", "who hung up or was blocked does not call again"])
    ['who hung up or was blocked does not call again', 'presses that hit a wrong key: 1 %']
    """

    def rank(text: str) -> int:
        return next((i for i, words in enumerate(_ORDER) if words in text), len(_ORDER))

    return sorted(assumptions, key=rank)
