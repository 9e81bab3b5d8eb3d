"""Rules, one file each, and the pages of what is found elsewhere: by the reader, in scripts, scenarios and services."""

from __future__ import annotations

import sys
from functools import cache

from flows.lint.codes import composing as _composing
from flows.lint.codes import elsewhere as _elsewhere
from flows.lint.codes import reading as _reading
from flows.lint.rules.base import Option, Problem, Rule
from flows.registry import members

__all__ = ["Option", "Problem", "Rule", "rules"]

_FAMILIES = "ULYVFSMPRDATNGCEXQW"


@cache
def rules() -> dict[str, Rule]:
    """Every rule and page by its code, in the order of the families (`flows.lint.explain.FAMILIES`).

    Examples
    --------
    >>> rules()["M101"].severity
    'warning'
    """
    found = [module.RULE for module in members(sys.modules[__name__]).values()]
    ordered = sorted(
        (*_reading.PAGES, *_composing.PAGES, *_elsewhere.PAGES, *found),
        key=lambda rule: (_FAMILIES.index(rule.code[0]), rule.code),
    )
    return {rule.code: rule for rule in ordered}
