"""Rules, one file each, and pages for findings made elsewhere: by the reader, in scripts, scenarios and services.

Rules from outside join them: those of installed distributions always, those of a folder within `with_rules`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import TYPE_CHECKING

from flows.lint import codes
from flows.lint.rules.base import Rule
from flows.registry import members

if TYPE_CHECKING:
    from flows.lint.loaded_rules import InstalledRules

__all__ = ["Rule", "installed", "rules", "with_rules"]

_FAMILIES = "ULYVFSMPRDATNGCEXKQW"


_ADDED: ContextVar[tuple[Rule, ...]] = ContextVar("rules of folders", default=())


def rules() -> Mapping[str, Rule]:
    """Return every rule and page by code, in the order of the families (`flows.lint.explain.FAMILIES`), then own ones.

    Examples
    --------
    >>> rules()["M101"].severity
    'warning'
    """
    return _together(_ADDED.get())


@contextmanager
def with_rules(added: Iterable[Rule]) -> Iterator[None]:
    """Within the block, `rules` has these rules too; one with the code of an installed rule replaces it.

    Examples
    --------
    >>> from dataclasses import replace
    >>> with with_rules([replace(rules()["M101"], code="ACME001")]):
    ...     rules()["ACME001"].name
    'long-menu'
    >>> "ACME001" in rules()
    False
    """
    before = _ADDED.set(tuple(added))
    try:
        yield
    finally:
        _ADDED.reset(before)


@cache
def installed() -> InstalledRules:
    """The rules of installed distributions (entry point group ``ivr.rules``), and what is wrong with them."""
    from flows.lint.installed_rules import installed_rules

    return installed_rules(_built_in())


@cache
def _together(added: tuple[Rule, ...]) -> dict[str, Rule]:
    own = {rule.code: rule for rule in (*installed().rules, *added)}
    return _built_in() | dict(sorted(own.items()))


@cache
def _built_in() -> dict[str, Rule]:
    found: list[Rule] = [module.RULE for module in members(sys.modules[__name__]).values()]
    for module in members(codes).values():
        found += module.PAGES
    found.sort(key=lambda rule: (_FAMILIES.index(rule.code[0]), rule.code))
    return {rule.code: rule for rule in found}
