"""What a rule is: a small file that finds one kind of mistake and explains it.

A rule file holds a function ``check(context)`` that yields `Problem`s and a constant ``RULE``. It says *what* is wrong
and at which path of the document; ``flows.lint.engine`` finds the line and the column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flows.lint.context import Context
from flows.lint.problem import Option, Problem
from flows.source.finding import Severity

__all__ = ["Check", "Rule"]


Check = Callable[[Context], Iterator[Problem]]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A rule and its page.

    Parameters
    ----------
    code, name : str
        For example ``S002`` and ``unknown-target``; both are stable.
    severity : {"error", "warning", "info"}
    summary : str
        What is found, in at most 38 characters.
    what : str
        What is found, in a sentence or two.
    why : str
        What it does to callers.
    example, better : str
        YAML: the mistake, and the correction.
    options : str
        Variants, in words.
    settings : tuple of Option
        Thresholds that can be set; pages and documents list them.
    profiles : tuple of str
        Names of the profiles it belongs to, such as ``es``; empty for all.
    source : str
        The evidence: experiment, standard, guide, arithmetic, platform or law.
    check : callable or None
        None for what the reader finds before any rule runs.

    Examples
    --------
    >>> from flows.lint.rules import rules
    >>> rules()["S002"].name
    'unknown-target'
    """

    code: str
    name: str
    severity: Severity
    summary: str
    what: str
    why: str
    example: str
    better: str
    source: str
    options: str = "None."
    settings: tuple[Option, ...] = ()
    profiles: tuple[str, ...] = ()
    check: Check | None = None

    def within(self, profile: str) -> bool:
        """Whether the rule is checked in a profile."""
        return not self.profiles or profile in self.profiles
