"""One call that an agent made, during the run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from simulation.engines.results import OUTBOUND_COLUMNS

__all__ = ["Dialled", "dialled_columns"]


@dataclass(slots=True, frozen=True)
class Dialled:
    """An outbound call: OUTBOUND_COLUMNS."""

    shift: int
    dialled_us: int
    ring_us: int
    reached: bool
    talk_us: int
    acw_us: int


def dialled_columns(made: Sequence[Dialled]) -> dict[str, npt.NDArray[Any]] | None:
    """The columns an engine returns; None without any calls."""
    if not made:
        return None
    return {name: np.array([getattr(one, name) for one in made], dtype) for name, dtype in OUTBOUND_COLUMNS.items()}
