"""The verbs of TwiML, one file each: `perform` carries a verb out and says where it leads."""

from __future__ import annotations

import sys
from functools import cache
from typing import TYPE_CHECKING

from flows.registry import members

if TYPE_CHECKING:
    from webhooks.carrier.call import Verb

__all__ = ["verbs"]


@cache
def verbs() -> dict[str, Verb]:
    """Every verb that this carrier supports, by its name in TwiML.

    Examples
    --------
    >>> "Gather" in verbs(), "Prompt" in verbs()
    (True, False)
    """
    return {name.capitalize(): module.perform for name, module in members(sys.modules[__name__]).items()}
