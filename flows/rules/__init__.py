"""Rules, one file each, and the pages of what the reader itself finds."""

from __future__ import annotations

import sys
from functools import cache

from flows.registry import members
from flows.rules._reading import PAGES
from flows.rules.base import Problem, Rule

__all__ = ["Problem", "Rule", "rules"]

_FAMILIES = "ULYFSMPRD"


@cache
def rules() -> dict[str, Rule]:
    """Every rule by its code, by family: U usage, L the linter, Y YAML, F form, S structure, M menus, P prompts, R routing, D data.

    Examples
    --------
    >>> rules()["M101"].severity
    'warning'
    """
    found = [module.RULE for module in members(sys.modules[__name__]).values()]
    ordered = sorted((*PAGES, *found), key=lambda rule: (_FAMILIES.index(rule.code[0]), rule.code))
    return {rule.code: rule for rule in ordered}
