"""Rules, one file each, and pages for findings made elsewhere: by the reader, in scripts, scenarios and services."""

from __future__ import annotations

import sys
from functools import cache

from flows.lint import codes
from flows.lint.rules.base import Rule
from flows.registry import members

__all__ = ["Rule", "rules"]

_FAMILIES = "ULYVFSMPRDATNGCEXKQW"


@cache
def rules() -> dict[str, Rule]:
    """Return every rule and page by code, in the order of the families (`flows.lint.explain.FAMILIES`).

    Examples
    --------
    >>> rules()["M101"].severity
    'warning'
    """
    found: list[Rule] = [module.RULE for module in members(sys.modules[__name__]).values()]
    for module in members(codes).values():
        found += module.PAGES
    found.sort(key=lambda rule: (_FAMILIES.index(rule.code[0]), rule.code))
    return {rule.code: rule for rule in found}
