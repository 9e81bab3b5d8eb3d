"""One visit of a call to a queue, during the run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ivr.records.schema import NEVER, NONE
from simulation.engines.results import VISIT_COLUMNS

__all__ = ["Visit", "estimate_rows", "visit_columns"]


@dataclass(slots=True, eq=False)
class Visit:
    """A call in a queue: VISIT_COLUMNS, plus what the engine needs while the call waits.

    Parameters
    ----------
    call, queue : int
    offered_us : int
        When the call joined.
    place_us : int
        The time that orders it among waiting visits (``ivr.routing.place_us``); kept after a handover.
    called_back : bool
        Whether an agent calls back; nobody is on the line while it waits.
    patience_us : int
        How long the caller would wait.
    pause_us : int
        How long the agent pauses after it.
    waits : bool
        Whether the visit is waiting now.
    asker : Agent or None
        The agent who asks for a colleague with this visit.
    estimates : tuple of int or None
        The expected wait by each of ESTIMATORS; None where the call did not have to wait.
    """

    call: int
    queue: int
    offered_us: int
    place_us: int
    called_back: bool
    left_us: int = NONE
    result: int = NONE
    shift: int = NONE
    announced_us: int = NONE
    talk_us: int = 0
    acw_us: int = 0
    patience_us: int = NEVER
    pause_us: int = 0
    waits: bool = False
    asker: Any = None
    estimates: tuple[int, int, int] | None = None

    def end(self, result: int, now_us: int) -> None:
        """The call leaves the queue."""
        self.result, self.left_us = result, now_us


def visit_columns(visits: Sequence[Visit]) -> dict[str, npt.NDArray[Any]]:
    """The columns an engine returns."""
    return {
        name: np.array([getattr(visit, name) for visit in visits], dtype=dtype) for name, dtype in VISIT_COLUMNS.items()
    }


def estimate_rows(visits: Sequence[Visit]) -> npt.NDArray[np.int64]:
    """i8[visits, 3]: the estimates, NONE where there was nothing to estimate."""
    none = (NONE, NONE, NONE)
    return np.array([visit.estimates or none for visit in visits], dtype="i8").reshape(-1, 3)
