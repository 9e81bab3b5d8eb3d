"""Checks and fixes the files of one command: findings, changes, and how much time a bad menu order costs callers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from flows.analysis.menu_order import orders
from flows.analysis.traffic import Facts, Traffic, with_shares
from flows.display.console import UNREADABLE, sources_of
from flows.display.numbers import count
from flows.lint.engine import chosen, lint
from flows.lint.project_settings import project_settings
from flows.model.flow import Flow
from flows.model.load import LIBRARY, Loaded, load
from flows.source.counted import counted
from flows.source.finding import Finding, IvrError, usage_error

__all__ = ["CALLS_A_YEAR", "Change", "Run", "check_files"]

CALLS_A_YEAR = 1_000_000
"""Calls a year on which caller-hours are based, as in ``ivr optimise``."""


@dataclass(frozen=True)
class Change:
    """The changes that fixes make in a file.

    Parameters
    ----------
    file, before, after : str
    number : int
        How many findings are fixed.
    """

    file: str
    before: str
    after: str
    number: int


@dataclass(frozen=True)
class Run:
    """The result of checking some files.

    Parameters
    ----------
    found : tuple of Finding
        Findings left after the fixes.
    sources : mapping of file to text
    changes : tuple of Change
    refused : tuple of Finding
        An L007 for each fix that was not applied; also in `found`.
    flows : mapping of file to Loaded
    traffic : mapping of file to Traffic
        What a scenario's callers do, if one was given.
    """

    found: tuple[Finding, ...]
    sources: Mapping[str, str]
    changes: tuple[Change, ...]
    refused: tuple[Finding, ...]
    flows: Mapping[str, Loaded]
    traffic: Mapping[str, Traffic] = field(default_factory=dict)

    @property
    def missing(self) -> bool:
        """Whether a file could not be opened."""
        return any(finding.code == UNREADABLE for finding in self.found)

    @property
    def diffs(self) -> tuple[str, ...]:
        """The changes as unified diffs."""
        from flows.lint.apply_fixes import diff

        return tuple(diff(change.before, change.after, change.file) for change in self.changes)

    def costs(self, found: Sequence[Finding]) -> list[str]:
        """A line for each flow whose menu order wastes time (M105): seconds per call, hours per year."""
        out = []
        for file in dict.fromkeys(f.file for f in found if f.code == "M105" and f.file in self.flows):
            traffic = self.traffic.get(file)
            flow = with_shares(self.flows[file].flow, traffic)
            saved_s = sum(
                order.saves_s_per_call
                for order in orders(flow, visits=traffic.visits if traffic else None)
                if order.stated
            )
            calls = traffic.calls_a_year if traffic else CALLS_A_YEAR
            which = f" of {file}" if len(self.flows) > 1 else ""
            year = counted(round(calls), "call") + (f", as in {traffic.scenario!r}" if traffic else " ('ivr optimise')")
            hours = counted(round(saved_s * calls / 3600.0), "caller-hour")
            out.append(f"The order of the menus{which} costs {count(saved_s)} s a call: {hours} a year for {year}.")
        return out


def check_files(
    files: Sequence[str],
    *,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    profile: str = "",
    fix: bool = False,
    unsafe: bool = False,
    today: dt.date | None = None,
    facts: Callable[[Flow], Facts] | None = None,
) -> Run:
    """Check flow files with the settings of their projects.

    Parameters
    ----------
    files : sequence of str
        Files, or names of shipped flows.
    select, ignore : sequence of str
    profile : str
    fix, unsafe : bool
        Whether to apply fixes, in memory; with `unsafe`, also those that a designer should review.
    today : date, optional
        The date of the check, for rules that depend on the date.
    facts : callable, optional
        Returns what a scenario says about a flow: its agents, and what its callers choose.

    Raises
    ------
    UsageError
        If codes or the profile are unknown, or a shipped flow would be changed.

    Examples
    --------
    >>> check_files(["northwind"]).found
    ()
    """
    chosen(select=select, ignore=ignore)
    check = partial(lint, select=select, ignore=ignore, profile=profile, today=today)
    checker = _Checker(check, fix=fix, unsafe=unsafe, facts=facts)
    for file in files:
        checker.check_file(file)
    return checker.result()


class _Checker:
    """Checks files one after another; findings in files they share are reported once and fixed once."""

    def __init__(
        self,
        check: Callable[..., tuple[Finding, ...]],
        *,
        fix: bool,
        unsafe: bool,
        facts: Callable[[Flow], Facts] | None,
    ) -> None:
        self._check, self._fix, self._unsafe, self._facts = check, fix, unsafe, facts
        self._found: list[Finding] = []
        self._refused: list[Finding] = []
        self._sources: dict[str, str] = {}
        self._changes: dict[str, Change] = {}
        self._flows: dict[str, Loaded] = {}
        self._traffic: dict[str, Traffic] = {}
        self._shared: set[Finding] = set()

    def check_file(self, file: str) -> None:
        """Check a flow, including the changes that fixes in earlier flows have made to its parts."""
        try:
            loaded = load(file, texts={change.file: change.after for change in self._changes.values()})
        except IvrError as error:
            self._found.extend(error.findings)
            self._sources |= sources_of(error.findings)
            return
        settings, wrong = project_settings(loaded.document.file)
        self._report_once(wrong)
        known = self._facts(loaded.flow) if self._facts else Facts()
        self._report_once(known.findings)
        self._sources |= sources_of(known.findings)
        check = partial(self._check, settings=settings, staffing=known.staffing, traffic=known.traffic)
        if self._fix:
            loaded = self._fixed(loaded, check)
        self._found += check(loaded)
        self._sources |= loaded.document.texts
        self._flows[loaded.document.file] = loaded
        if known.traffic is not None:
            self._traffic[loaded.document.file] = known.traffic

    def _report_once(self, findings: Sequence[Finding]) -> None:
        self._found += [finding for finding in findings if finding not in self._shared]
        self._shared.update(findings)

    def _fixed(self, loaded: Loaded, check: Callable[[Loaded], tuple[Finding, ...]]) -> Loaded:
        from flows.lint.apply_fixes import apply_fixes

        _refuse_shipped(loaded.document.file)
        result = apply_fixes(loaded, check, unsafe=self._unsafe)
        before = loaded.document.texts
        for name, after in result.loaded.document.texts.items():
            if after != before[name]:
                earlier = self._changes.get(name, Change(name, before[name], "", 0))
                number = earlier.number + result.fixed_in(name)
                self._changes[name] = replace(earlier, after=after, number=number)
        self._refused += result.refused
        self._found += result.refused
        return result.loaded

    def result(self) -> Run:
        """The result for all files."""
        changes, refused = tuple(self._changes.values()), tuple(self._refused)
        return Run(tuple(self._found), self._sources, changes, refused, self._flows, self._traffic)


def _refuse_shipped(file: str) -> None:
    if file.startswith(str(LIBRARY)):
        hint = "copy it to a file of your own first"
        raise usage_error("U001", "a shipped flow cannot be changed", hint, file=file)
