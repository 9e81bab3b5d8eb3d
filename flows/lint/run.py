"""Checks and mends the files of one command: what is found, what would change, and what the findings cost callers."""

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
from flows.source.finding import Finding, IvrError, usage_error

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
    traffic : mapping of file to Traffic
        What the callers of a scenario do, where one was given.
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
        from flows.lint.fix import diff

        return tuple(diff(change.before, change.after, change.file) for change in self.changes)

    def costs(self, found: Sequence[Finding]) -> list[str]:
        """A line for each flow whose menus keep callers longer than they need (M105): seconds a call, hours a year."""
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
            year = f"{round(calls):,} calls" + (f", as in {traffic.scenario!r}" if traffic else " ('ivr optimise')")
            hours = count(round(saved_s * calls / 3600.0))
            out.append(
                f"The order of the menus{which} costs {count(saved_s)} s a call: {hours} caller-hours a year for"
                f" {year}."
            )
        return out


def check_files(
    files: Sequence[str],
    *,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    profile: str = "",
    mend: bool = False,
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
    mend, unsafe : bool
        True to mend, in memory, what can be mended; `unsafe` as well what a designer should look at.
    today : date, optional
        The day on which the check runs, for rules that look at the calendar.
    facts : callable, optional
        What a scenario says of a flow: its agents, and what its callers choose.

    Raises
    ------
    UsageError
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
    changes: dict[str, Change] = {}
    flows: dict[str, Loaded] = {}
    traffic: dict[str, Traffic] = {}
    told: set[Finding] = set()
    for file in files:
        try:
            loaded = load(file, texts={change.file: change.after for change in changes.values()})
        except IvrError as error:
            found.extend(error.findings)
            sources |= sources_of(error.findings)
            continue
        document = loaded.document
        settings, wrong = project_settings(document.file)
        found += [finding for finding in wrong if finding not in told]
        told.update(wrong)
        known = facts(loaded.flow) if facts else Facts()
        found += [finding for finding in known.findings if finding not in told]
        told.update(known.findings)
        sources |= sources_of(known.findings)
        check = partial(
            lint,
            select=select,
            ignore=ignore,
            profile=profile,
            settings=settings,
            today=today,
            staffing=known.staffing,
            traffic=known.traffic,
        )
        if mend:
            from flows.lint.fix import mended

            _refuse_shipped(document.file)
            result = mended(loaded, check, unsafe=unsafe)
            before, loaded = document.texts, result.loaded
            for name, after in loaded.document.texts.items():
                if after != before[name]:
                    first = changes.get(
                        name, Change(name, before[name], "", 0)
                    )  # a part may have been mended for another flow
                    changes[name] = replace(first, after=after, number=first.number + result.mended_in(name))
            refused += result.refused
            found += result.refused
        found += check(loaded)
        sources |= loaded.document.texts
        flows[document.file] = loaded
        if known.traffic is not None:
            traffic[document.file] = known.traffic
    return Run(tuple(found), sources, tuple(changes.values()), tuple(refused), flows, traffic)


def _refuse_shipped(file: str) -> None:
    if file.startswith(str(LIBRARY)):
        hint = "copy it to a file of your own first"
        raise usage_error("U001", "a shipped flow is not mended", hint, file=file)
