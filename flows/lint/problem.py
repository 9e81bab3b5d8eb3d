"""What a rule yields (`Problem`) and what can be set for it (`Option`)."""

from __future__ import annotations

from dataclasses import dataclass

from flows.source.document import Mark, Path
from flows.source.finding import Fix, Severity

__all__ = ["Option", "Problem"]


@dataclass(frozen=True)
class Problem:
    """One mistake reported by a rule.

    Parameters
    ----------
    path : tuple of str or int
        Path in the document, as keys and indices; the nearest ancestor that is in the file is marked.
    message : str
        Which value is wrong, why, and what is allowed.
    hint : str
        What to do.
    node : str
        The node it is about; default: the node in the path.
    severity : {"error", "warning", "info"} or None
        Default: the rule's own.
    of_key : bool
        Whether to mark the key of the entry instead of its value.
    fix : Fix or None
    at : (line, column) or None
        The exact position, e.g. of a comment or of a word within a text.
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
    """A rule's threshold that a flow or a project can set.

    Parameters
    ----------
    name : str
        Name including the unit, e.g. ``warn_s``.
    default : float
        The value unless it is set.
    meaning : str
        One sentence for the rule's page.

    Examples
    --------
    The context knows what was set:

    >>> from flows.lint.context import Context
    >>> from flows.model.load import load_text
    >>> loaded = load_text("{ivr: 1, name: L, start: bye, nodes: {bye: {type: hangup}}}")
    >>> warn_s = Option("warn_s", 30.0, "Seconds above which a warning is reported.")
    >>> Context(loaded.flow, loaded.document).option("M101", warn_s)
    30.0
    """

    name: str
    default: float
    meaning: str
