"""Every problem is a `Finding`; every error raised on purpose is an `IvrError` that carries findings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

__all__ = [
    "Fault",
    "Finding",
    "Fix",
    "FlowError",
    "IvrError",
    "LimitError",
    "ScenarioError",
    "UsageError",
    "usage_error",
    "worst",
]

Severity = Literal["error", "warning", "info"]

_RANK = {"info": 0, "warning": 1, "error": 2}


class Fault(NamedTuple):
    """One mistake in a text: the character where it begins (from 0), what is wrong, and what to do."""

    offset: int
    message: str
    hint: str


@dataclass(frozen=True)
class Fix:
    """A change to the file that resolves a finding.

    Parameters
    ----------
    path : tuple of str or int
        Where in the document, as keys and indices.
    value : str or None
        The text to write there; None for a reorder.
    safe : bool
        True when every key still leads to the same place and no wording changes; `ivr lint --fix` applies these.
        Wording changes and the designer's decisions, such as where a misspelt target should lead, are not safe.
    kind : {"replace", "insert", "reorder"}
        ``replace`` the text at `path`; ``insert`` `path` as a new entry; ``reorder`` the list at `path`.
    order : tuple of int
        For a reorder: the current index of each entry; ``(1, 0)`` swaps two.
    file : str
        The file to change, to which `path` refers; empty for the finding's own file.

    Examples
    --------
    >>> Fix(("nodes", "main", "otherwise"), "operator", safe=False, kind="insert").as_dict()
    {'kind': 'insert', 'path': ['nodes', 'main', 'otherwise'], 'value': 'operator', 'order': [], 'safe': False}
    """

    path: tuple[str | int, ...]
    value: str | None
    safe: bool = True
    kind: Literal["replace", "insert", "reorder"] = "replace"
    order: tuple[int, ...] = ()
    file: str = ""

    def as_dict(self) -> dict[str, object]:
        """The fix as JSON-ready data."""
        own: dict[str, object] = {
            "kind": self.kind,
            "path": list(self.path),
            "value": self.value,
            "order": list(self.order),
            "safe": self.safe,
        }
        return own | ({"file": self.file} if self.file else {})


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One problem: what, where, and what to do.

    Parameters
    ----------
    code : str
        Stable code such as ``S002``; ``ivr explain S002`` explains it in full.
    severity : {"error", "warning", "info"}
    message : str
        What is wrong with the value, and what is allowed.
    file : str
        The file name as given to the reader, or empty.
    line, column : int
        One-based; 0 when the finding has no place in a file.
    node : str
        The flow node it is about, or empty.
    hint : str
        What to do.
    fix : Fix or None
    source : str
        Evidence or rule source.

    Examples
    --------
    >>> Finding(code="S002", severity="error", message="no node 'bilinng'", file="a.yaml", line=3, column=9).where
    'a.yaml:3:9'
    """

    code: str
    severity: Severity
    message: str
    file: str = ""
    line: int = 0
    column: int = 0
    node: str = ""
    hint: str = ""
    fix: Fix | None = None
    source: str = ""

    @property
    def where(self) -> str:
        """``file:line:column``, or as much of it as is known."""
        place = [self.file] if self.file else []
        if self.line:
            place += [str(self.line), str(self.column)]
        return ":".join(place)

    def as_dict(self) -> dict[str, object]:
        """The finding as JSON-ready data; the stable schema of ``--json``."""
        return {
            "code": self.code,
            "severity": self.severity,
            "message": self.message,
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "node": self.node,
            "hint": self.hint,
            "fix": self.fix.as_dict() if self.fix else None,
            "source": self.source,
        }


def worst(findings: tuple[Finding, ...] | list[Finding]) -> Severity | None:
    """The highest severity among `findings`, or None when there are none.

    Examples
    --------
    >>> worst([Finding(code="M101", severity="warning", message="long")])
    'warning'
    """
    return max((f.severity for f in findings), key=_RANK.__getitem__, default=None)


class IvrError(Exception):
    """Base class of every error raised on purpose; carries the findings that say what is wrong."""

    def __init__(self, findings: tuple[Finding, ...] | list[Finding] | Finding) -> None:
        self.findings: tuple[Finding, ...] = (findings,) if isinstance(findings, Finding) else tuple(findings)
        super().__init__("; ".join(f"{f.where}: {f.code} {f.message}".lstrip(": ") for f in self.findings))


class FlowError(IvrError):
    """A flow file (or its call script) that cannot be used."""


class ScenarioError(IvrError):
    """A scenario that cannot be simulated."""


class LimitError(IvrError):
    """Something that exceeds a stated limit of an engine or the interpreter."""


class UsageError(IvrError):
    """A wrong argument; on the command line, the exit code is 2."""


def usage_error(code: str, message: str, hint: str = "", *, file: str = "", node: str = "") -> UsageError:
    """A `UsageError` with one finding.

    Examples
    --------
    >>> usage_error("X005", "the seed is -1; it must be 0 or more", "for example --seed 1").findings[0].hint
    'for example --seed 1'
    """
    return UsageError(Finding(code=code, severity="error", message=message, file=file, node=node, hint=hint))
