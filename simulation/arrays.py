"""Types of the arrays that the simulation passes around."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["Flags", "Floats", "Ints", "Times"]

Times = npt.NDArray[np.int64]
"""Whole microseconds, i8."""
Ints = npt.NDArray[np.signedinteger]
"""Codes, positions, rows or counts, i1 to i8."""
Floats = npt.NDArray[np.float64]
"""Seconds, rates, shares or uniforms, f8."""
Flags = npt.NDArray[np.bool_]
"""Yes or no, b1."""
