"""Checks and mends the files of one command: what is found, what would change, and what the findings cost callers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from flows.diagnostics import UNREADABLE, sources_of
from flows.errors import Finding, IvrError, UsageProblem
from flows.figures import count
from flows.formats.project import project_settings
from flows.lint import chosen, lint
from flows.load import LIBRARY, Loaded, load
from flows.order import orders

__all__ = ["CALLS_A_YEAR", "Change", "Run", "check_files"]

CALLS_A_YEAR = 1_000_000
"""Calls a year for which caller-hours are told, as in ``ivr optimise``."""


@dataclass(frozen=True)
class Change:
    """What mending makes of a file.

    Parameters
    ----------
    file, before, after : str
    number : int
        How many findings it mends.
    """

    file: str
    before: str
    after: str
    number: int


@dataclass(frozen=True)
class Run:
    """What came of checking some files.

    Parameters
    ----------
    found : tuple of Finding
        What is left after mending.
    sources : mapping of file to text
    changes : tuple of Change
    refused : tuple of Finding
        Fixes that were not made; among `found` as well.
    flows : mapping of file to Loaded
    """

    found: tuple[Finding, ...]
    sources: Mapping[str, str]
    changes: tuple[Change, ...]
    refused: tuple[Finding, ...]
    flows: Mapping[str, Loaded]

    @property
    def missing(self) -> bool:
        """Whether a file could not be opened."""
        return any(finding.code == UNREADABLE for finding in self.found)

    @property
    def diffs(self) -> tuple[str, ...]:
        """The changes as unified diffs."""
        from flows.mend import diff

        return tuple(diff(change.before, change.after, change.file) for change in self.changes)

    def costs(self, found: Sequence[Finding]) -> list[str]:
        """A line for each flow whose menus keep callers longer than they need (M105): seconds a call, hours a year."""
        out = []
        for file in dict.fromkeys(f.file for f in found if f.code == "M105" and f.file in self.flows):
            saved_s = sum(order.saves_s_per_call for order in orders(self.flows[file].flow) if order.stated)
            hours = saved_s * CALLS_A_YEAR / 3600.0
            which = f" of {file}" if len(self.flows) > 1 else ""
            out.append(
                f"The order of the menus{which} costs {count(saved_s)} s a call: {count(round(hours))} caller-hours a year "
                f"for {CALLS_A_YEAR:,} calls ('ivr optimise')."
            )
        return out


def check_files(
    files: Sequence[str], *, select: Sequence[str] = (), ignore: Sequence[str] = (), profile: str = "", mend: bool = False, unsafe: bool = False,
    today: dt.date | None = None,
) -> Run:  # fmt: skip
    """Check flow files with the settings of their projects.

    Parameters
    ----------
    files : sequence of str
        Files, or names of shipped flows.
    select, ignore : sequence of str
    profile : str
    mend, unsafe : bool
        True to mend, in memory, what can be mended; `unsafe` as well what a designer should look at.
    today : date, optional
        The day on which the check runs, for rules that look at the calendar.

    Raises
    ------
    UsageProblem
        When codes or the profile are unknown, or a shipped flow is to be mended.

    Examples
    --------
    >>> check_files(["northwind"]).found
    ()
    """
    chosen(select=select, ignore=ignore)
    found: list[Finding] = []
    refused: list[Finding] = []
    sources: dict[str, str] = {}
    changes: list[Change] = []
    flows: dict[str, Loaded] = {}
    told: set[Finding] = set()
    for file in files:
        try:
            loaded = load(file)
        except IvrError as error:
            found.extend(error.findings)
            sources |= sources_of(error.findings)
            continue
        document = loaded.document
        settings, wrong = project_settings(document.file)
        found += [finding for finding in wrong if finding not in told]
        told.update(wrong)
        check = partial(lint, select=select, ignore=ignore, profile=profile, settings=settings, today=today)
        if mend:
            from flows.mend import mended

            _refuse_shipped(document.file)
            result = mended(loaded, check, unsafe=unsafe)
            if result.text != document.text:
                changes.append(Change(document.file, document.text, result.text, len(result.applied)))
                loaded = result.loaded
            refused += result.refused
            found += result.refused
        found += check(loaded)
        sources |= loaded.document.texts
        flows[document.file] = loaded
    return Run(tuple(found), sources, tuple(changes), tuple(refused), flows)


def _refuse_shipped(file: str) -> None:
    if file.startswith(str(LIBRARY)):
        hint = "copy it to a file of your own first"
        raise UsageProblem(Finding(code="U001", severity="error", message="a shipped flow is not mended", file=file, hint=hint))
