"""Verbs of TwiML, one file each: `perform` carries a verb out and says where it leads."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from typing import Any

from flows.registry import members

__all__ = ["verbs"]


@cache
def verbs() -> dict[str, Callable[..., Any]]:
    """Every verb this carrier carries out, by its name in TwiML.

    Examples
    --------
    >>> "Gather" in verbs(), "Prompt" in verbs()
    (True, False)
    """
    return {name.capitalize(): module.perform for name, module in members(sys.modules[__name__]).items()}
