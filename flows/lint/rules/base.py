"""What a rule is: a small file that finds one kind of mistake and explains it.

A rule file holds a function ``check(context)`` that yields `Problem`s and a constant ``RULE``. It says *what* is wrong
and at which path of the document; ``flows.lint.engine`` finds the line and the column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flows.source.document import Mark, Path
from flows.source.finding import Fix, Severity

if TYPE_CHECKING:
    from flows.lint.context import Context

__all__ = ["Check", "Option", "Problem", "Rule"]


@dataclass(frozen=True)
class Problem:
    """One mistake as a rule sees it.

    Parameters
    ----------
    path : tuple of str or int
        Where in the document, as keys and indices; the nearest thing that stands in the file is marked.
    message : str
        What is wrong with which value, and what is allowed.
    hint : str
        What to do.
    node : str
        The node it is about; by default the one the path leads through.
    severity : {"error", "warning", "info"} or None
        None for the rule's own.
    of_key : bool
        True to mark the key of the entry, not its value.
    fix : Fix or None
    at : (line, column) or None
        The place itself, for what stands in a comment and not in the data.
    """

    path: Path
    message: str
    hint: str = ""
    node: str = ""
    severity: Severity | None = None
    of_key: bool = False
    fix: Fix | None = None
    at: Mark | None = None


@dataclass(frozen=True)
class Option:
    """A threshold of a rule that a flow or a project may set.

    Parameters
    ----------
    name : str
        With its unit: ``warn_s``.
    default : float
        What holds when nobody sets it.
    meaning : str
        What it does, as a sentence for the rule's page.

    Examples
    --------
    A rule asks its context, which knows what was set:

    >>> from flows.lint.context import Context
    >>> from flows.model.load import load_text
    >>> loaded = load_text("{ivr: 1, name: L, start: bye, nodes: {bye: {type: hangup}}}")
    >>> Context(loaded.flow, loaded.document).option("M101", Option("warn_s", 30.0, "A warning above so many seconds."))
    30.0
    """

    name: str
    default: float
    meaning: str


Check = Callable[["Context"], Iterator[Problem]]


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
        YAML: the mistake, and how it is mended.
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
