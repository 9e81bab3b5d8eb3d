"""Arrays as compiled code takes them: contiguous and read-only, so that one compiled signature serves all tables."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["plain", "read_only"]

Array = npt.NDArray[Any]


def plain(values: Array) -> Array:
    """Contiguous and read-only; the same array if it already is."""
    flags = values.flags
    if flags.c_contiguous and not flags.writeable:
        return values
    return read_only(np.ascontiguousarray(values))


def read_only(values: Array) -> Array:
    """A view that cannot be written to."""
    view = values.view()
    view.flags.writeable = False
    return view
