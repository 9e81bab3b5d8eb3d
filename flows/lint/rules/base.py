"""A rule: a small file that finds one kind of mistake and explains it.

A rule file has a function ``check(context)`` that yields `Problem`s, and a constant ``RULE``. It states *what* is wrong
at which path of the document; ``flows.lint.engine`` finds the line and column.
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
        What the rule finds, in at most 38 characters.
    what : str
        What the rule finds, in a sentence or two.
    why : str
        Why it matters to callers.
    example, better : str
        YAML: the mistake and the correction.
    options : str
        Variants of the rule, in words.
    settings : tuple of Option
        Thresholds that can be set; the page lists them.
    profiles : tuple of str
        Profiles in which it runs, such as ``es``; empty for all.
    source : str
        The evidence: experiment, standard, guide, arithmetic, platform or law.
    check : callable or None
        None for findings made by the reader or by other commands.

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
        """Whether the rule runs in a profile."""
        return not self.profiles or profile in self.profiles
