"""Collects what is wrong with one file, each finding at its place."""

from __future__ import annotations

from collections.abc import Iterable

from flows.source.document import Document, Path, nearest
from flows.source.finding import Finding

__all__ = ["Checks"]


class Checks:
    """The findings of one file.

    Parameters
    ----------
    document : Document
        The file as read, to locate findings.

    Examples
    --------
    >>> from flows.source.yaml_reader import parse
    >>> checks = Checks(parse("group: biling", "agents.yaml"))
    >>> checks.unknown("group", "biling", ["billing", "sales"], ("group",), of_key=False)
    True
    >>> checks.found[0].hint
    "did you mean 'billing'?"
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self.found: list[Finding] = []

    def add(self, code: str, message: str, path: Path, *, hint: str = "", of_key: bool = False) -> None:
        """Add an error."""
        self.found.append(self.document.finding(code, message, path, hint=hint, of_key=of_key))

    def note(self, code: str, message: str, path: Path, *, hint: str = "") -> None:
        """Add a warning: not a mistake, but worth knowing before what follows from the file is trusted."""
        self.found.append(self.document.finding(code, message, path, hint=hint, severity="warning"))

    @property
    def wrong(self) -> bool:
        """Whether any finding is an error."""
        return any(finding.severity == "error" for finding in self.found)

    def unknown(self, what: str, name: str, known: Iterable[str], path: Path, *, of_key: bool = True) -> bool:
        """Add X001 unless a name is known; return whether it is unknown."""
        names = list(known)
        if name in names:
            return False
        near = nearest(name, names)
        hint = f"did you mean {near!r}?" if near else f"there are {', '.join(names)}" if names else "there are none"
        self.add("X001", f"there is no {what} {name!r}", path, hint=hint, of_key=of_key)
        return True
