"""Models with known values, one file each, discovered automatically here and in ``simulation.validation.worked``."""

from __future__ import annotations

import sys
from typing import cast

from flows.registry import members
from simulation.validation import worked
from simulation.validation.models.base import Model

__all__ = ["Model", "all_models"]


def all_models() -> dict[str, Model]:
    """Return every model by name, with those worked out by hand last.

    >>> "erlang_a" in all_models()
    True
    """
    return cast("dict[str, Model]", members(sys.modules[__name__]) | members(worked))
