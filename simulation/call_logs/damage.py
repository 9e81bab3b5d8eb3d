"""Collects what is wrong with the rows of a log: a few places of each kind, and how many more there are."""

from __future__ import annotations

from collections import defaultdict

from flows.source.finding import Finding

__all__ = ["SHOWN", "Damage"]

SHOWN = 3
"""Places that are shown of each kind of damage; the rest are counted."""


class Damage:
    """The findings of one file.

    Examples
    --------
    >>> damage = Damage("log.csv")
    >>> for line in range(2, 9):
    ...     damage.add("K002", f"a wait of -{line} s", line, what="times below 0", hint="the row is left out")
    >>> [finding.line for finding in damage.findings()], damage.findings()[-1].message
    ([2, 3, 4, 4], 'times below 0: 4 more, 7 in all')
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self._first: dict[tuple[str, str], list[Finding]] = defaultdict(list)
        self._count: dict[tuple[str, str], int] = defaultdict(int)

    def add(
        self, code: str, message: str, line: int = 0, *, what: str, hint: str, column: int = 1, file: str = ""
    ) -> None:
        """Note one place; `what` names the kind, for the line that counts the rest, and `file` another file."""
        key = (code, what)
        self._count[key] += 1
        if self._count[key] <= SHOWN:
            self._first[key].append(
                Finding(
                    code=code,
                    severity="warning",
                    message=message,
                    file=file or self.file,
                    line=line,
                    column=column if line else 0,
                    hint=hint,
                )
            )

    def take(self, other: Damage) -> None:
        """Take over what was found in another file of the same log."""
        for key, first in other._first.items():
            room = SHOWN - len(self._first[key])
            self._first[key] += first[: max(room, 0)]
            self._count[key] += other._count[key]

    def count(self, code: str) -> int:
        """How many places of a kind there are."""
        return sum(number for (kind, _), number in self._count.items() if kind == code)

    def findings(self) -> tuple[Finding, ...]:
        """The findings, kind by kind."""
        found = []
        for (code, what), first in self._first.items():
            found += first
            if (more := self._count[code, what] - len(first)) > 0:
                found.append(
                    Finding(
                        code=code,
                        severity="warning",
                        message=f"{what}: {more:,} more, {self._count[code, what]:,} in all",
                        file=first[-1].file,
                        line=first[-1].line,
                        column=first[-1].column,
                        hint=first[-1].hint,
                    )
                )
        return tuple(found)
