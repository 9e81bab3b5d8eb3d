"""One visit of a call to a queue, as it comes about."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ivr.records.schema import NEVER, NONE
from simulation.engines.results import VISIT_COLUMNS

__all__ = ["Visit", "estimate_rows", "visit_columns"]


class Visit:
    """A call in a queue; `place_us` is the moment that orders it, `patience_us` how long it would wait, `waits` whether
    it still does.
    """

    __slots__ = (*VISIT_COLUMNS, "place_us", "patience_us", "waits", "estimates")

    def __init__(self, call: int, queue: int, now_us: int, place_us: int, called_back: bool) -> None:
        self.call, self.queue, self.offered_us, self.place_us, self.called_back = (
            call,
            queue,
            now_us,
            place_us,
            called_back,
        )
        self.left_us = self.result = self.shift = self.announced_us = NONE
        self.talk_us = self.acw_us = 0
        self.patience_us = NEVER
        self.waits = False
        self.estimates: tuple[int, int, int] | None = None

    def end(self, result: int, now_us: int) -> None:
        """The call waits no longer."""
        self.result, self.left_us = result, now_us


def visit_columns(visits: Sequence[Visit]) -> dict[str, np.ndarray]:
    """The columns an engine hands over."""
    return {
        name: np.array([getattr(visit, name) for visit in visits], dtype=dtype) for name, dtype in VISIT_COLUMNS.items()
    }


def estimate_rows(visits: Sequence[Visit]) -> np.ndarray:
    """i8[visits, 3]: the estimates, NONE where there was nothing to estimate."""
    none = (NONE, NONE, NONE)
    return np.array([visit.estimates or none for visit in visits], dtype="i8").reshape(-1, 3)
