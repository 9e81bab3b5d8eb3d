"""What a line says about entries and payments, and how callers say numbers, dates and times; one file a language."""

from __future__ import annotations

import sys
from functools import cache

from flows.registry import members
from flows.speech.entering.base import Entering

__all__ = ["Entering", "entering"]


@cache
def entering(tag: str) -> Entering:
    """The words of a language for entries; a language without a file of its own has none.

    Examples
    --------
    >>> entering("en-GB").at_least.format(least=5), entering("xx-XX").at_least
    ('It must be 5 or more.', '')
    """
    code = tag.partition("-")[0].lower()
    module = members(sys.modules[__name__]).get(code)
    return module.ENTERING if module else Entering(code=code)
