"""What a rule is: a small file that finds one kind of mistake and explains it.

A rule file holds a function ``check(context)`` that yields `Problem`s and a constant ``RULE``. It says *what* is wrong
and at which path of the document; ``flows.lint`` finds the line and the column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flows.document import Path
from flows.errors import Fix, Severity

if TYPE_CHECKING:
    from flows.context import Context

__all__ = ["Check", "Problem", "Rule"]


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
    """

    path: Path
    message: str
    hint: str = ""
    node: str = ""
    severity: Severity | None = None
    of_key: bool = False
    fix: Fix | None = None


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
        Thresholds and variants, in words.
    source : str
        The evidence: experiment, standard, guide, arithmetic, platform or law.
    check : callable or None
        None for what the reader finds before any rule runs.

    Examples
    --------
    >>> from flows.rules import rules
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
    check: Check | None = None
