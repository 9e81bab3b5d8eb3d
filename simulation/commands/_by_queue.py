"""Options of ``ivr report`` that a queue may have for itself: ``--within 20s --within savings=60s``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import click

from flows.display.options import Quantity

__all__ = ["ByQueue", "of_all_and_own"]

Stated = tuple[str, float]
"""A queue, or nothing for all others, and its value."""


class ByQueue(click.ParamType[Stated]):
    """A quantity, or ``QUEUE=`` and a quantity.

    Parameters
    ----------
    of : Quantity

    Examples
    --------
    >>> from flows.display.options import SECONDS
    >>> ByQueue(SECONDS).convert("20s", None, None), ByQueue(SECONDS).convert("savings=60s", None, None)
    (('', 20.0), ('savings', 60.0))
    """

    def __init__(self, of: Quantity) -> None:
        self.name, self._of = of.name, of

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Stated:
        """The queue and the number in a text."""
        if isinstance(value, tuple):
            return value
        queue, _, number = str(value).rpartition("=")
        return queue.strip(), self._of.convert(number.strip(), param, ctx)


def of_all_and_own(stated: Sequence[Stated], queue_of: Callable[[str], str]) -> tuple[float | None, dict[str, float]]:
    """Return the value of all queues, None if it is not stated, and those of queues that have their own.

    Parameters
    ----------
    stated : sequence of (queue, value)
        What is stated last counts.
    queue_of : callable
        The name of a queue from its name or label; raises if there is none.

    Examples
    --------
    >>> of_all_and_own([("", 20.0), ("savings", 60.0)], str)
    (20.0, {'savings': 60.0})
    """
    of = dict(stated)
    everywhere = of.pop("", None)
    return everywhere, {queue_of(queue): value for queue, value in of.items()}
