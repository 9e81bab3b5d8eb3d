"""The mistakes that people make in flows, one file each.

Mutation operators, in the words of the field (DeMillo, Lipton and Sayward 1978, "Hints on test data selection"): small
changes that a competent designer makes by accident. Each member has a function ``edits``.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import cache

from flows.registry import members
from ivr.mutants.mistakes.base import Edit, Mistake

__all__ = ["Edit", "Mistake", "mistakes"]


@cache
def mistakes() -> Mapping[str, Mistake]:
    """Every kind of mistake by name.

    Examples
    --------
    >>> sorted(mistakes())[:3]
    ['lost_exit', 'one_attempt_less', 'other_queue']
    """
    found = members(sys.modules[__name__])
    return {name: Mistake(name, module.TITLE, module.edits) for name, module in found.items()}
