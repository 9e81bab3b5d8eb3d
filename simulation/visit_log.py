"""The visits of a run as they come about: one list a column, a row each time a call joins a queue."""

from __future__ import annotations

import numpy as np

from ivr.record_schema import NONE
from simulation.results import VISIT_COLUMNS

__all__ = ["VisitLog"]


class VisitLog:
    """Growing columns of visits; a visit's number is its row."""

    __slots__ = (*VISIT_COLUMNS, "place_us", "waits", "estimates")

    def __init__(self) -> None:
        for name in self.__slots__:
            setattr(self, name, [])

    def begin(self, call: int, queue: int, now_us: int, place_us: int, *, called_back: bool = False) -> int:
        """A call joins a queue; return the visit."""
        self.call.append(call)
        self.queue.append(queue)
        self.offered_us.append(now_us)
        self.place_us.append(place_us)
        self.called_back.append(called_back)
        self.left_us.append(NONE)
        self.result.append(NONE)
        self.shift.append(NONE)
        self.talk_us.append(0)
        self.acw_us.append(0)
        self.announced_us.append(NONE)
        self.waits.append(False)
        self.estimates.append(None)
        return len(self.call) - 1

    def end(self, visit: int, result: int, now_us: int) -> None:
        """The call waits no longer."""
        self.result[visit], self.left_us[visit] = result, now_us

    def columns(self) -> dict[str, np.ndarray]:
        """The columns an engine hands over."""
        return {name: np.array(getattr(self, name), dtype=dtype) for name, dtype in VISIT_COLUMNS.items()}

    def estimate_rows(self) -> np.ndarray:
        """i8[visits, 3]: the estimates, NONE where there was nothing to estimate."""
        none = (NONE, NONE, NONE)
        return np.array([row or none for row in self.estimates], dtype="i8").reshape(-1, 3)
