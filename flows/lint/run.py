"""Checks and fixes the files of one command: findings, changes, and how much time a bad menu order costs callers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from flows.analysis.menu_order import orders
from flows.analysis.traffic import Facts, Traffic, with_shares
from flows.display.console import UNREADABLE, sources_of
from flows.display.numbers import count
from flows.kinds import Kind, needs
from flows.lint.around import Around, Checker, NotCheckedError
from flows.lint.check_flow import Change, FlowChecker
from flows.lint.checks import check_of
from flows.lint.engine import chosen, lint
from flows.lint.left_out import LeftOut
from flows.lint.read_target import ReadTarget, read_target
from flows.lint.targets import nothing_in, targets
from flows.model.flow import Flow
from flows.model.load import Loaded
from flows.source.counted import counted
from flows.source.finding import Finding

__all__ = ["CALLS_A_YEAR", "Change", "Run", "check_files"]

CALLS_A_YEAR = 1_000_000
"""Calls a year on which caller-hours are based, as in ``ivr optimise``."""


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
    checked : mapping of file to Kind
        What was checked; None for a file that could not be read, or is none of ours.
    left_out : tuple of str
        Files that were found in folders and are none of ours.
    remarks : tuple of str
        What was not checked, and why.
    unchecked : tuple of str
        Files that were named, and of which nothing could be checked.
    """

    found: tuple[Finding, ...]
    sources: Mapping[str, str]
    changes: tuple[Change, ...]
    refused: tuple[Finding, ...]
    flows: Mapping[str, Loaded]
    traffic: Mapping[str, Traffic] = field(default_factory=dict)
    checked: Mapping[str, Kind | None] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    unchecked: tuple[str, ...] = ()

    @property
    def missing(self) -> bool:
        """Whether a file could not be opened, or not be checked although it was named."""
        return bool(self.unchecked) or any(finding.code == UNREADABLE for finding in self.found)

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
    left_out: LeftOut | None = None,
    lent: Mapping[str, Checker] | None = None,
    options: Sequence[str] = (),
    also: Sequence[Finding] = (),
    stdin: tuple[str, str] = ("<stdin>", ""),
    rule_folders: Sequence[str] = (),
) -> Run:
    """Check files of every kind, flows with the settings of their projects.

    Parameters
    ----------
    files : sequence of str
        Files, folders, patterns, names of shipped flows, or ``-`` for the standard input.
    select, ignore : sequence of str
        Codes, or their beginnings: of rules, and of warnings about files of other kinds.
    profile : str
    fix, unsafe : bool
        Whether to apply fixes, in memory; with `unsafe`, also those that a designer should review.
    today : date, optional
        The date of the check, for rules that depend on the date.
    facts : callable, optional
        Returns what a scenario says about a flow: its agents, and what its callers choose.
    left_out : LeftOut, optional
        Which files are not checked; default: hidden and ignored ones, if they are not named.
    lent : mapping of kind to Checker, optional
        Checks of kinds that other packages know.
    options : sequence of str
        Options whose defaults a project may set beside the settings of the rules.
    also : sequence of Finding
        What was found before: in the settings of the command.
    stdin : tuple of (str, str)
        Name and text of the standard input.
    rule_folders : sequence of str
        Folders whose rules run; one beside a flow that is not among them is told about.

    Raises
    ------
    UsageError
        If codes or the profile are unknown, or a shipped flow would be changed.
    NotCheckedError
        If a library is missing without which nothing can be checked.

    Examples
    --------
    >>> check_files(["northwind"]).found
    ()
    """
    chosen(select=select, ignore=ignore)
    rules = partial(lint, select=select, ignore=ignore, profile=profile, today=today)
    flows = FlowChecker(
        rules,
        fix=fix,
        unsafe=unsafe,
        facts=facts,
        options=options,
        texts=dict([stdin]),
        rule_folders=rule_folders,
    )
    around = Around(flows, lent or {})
    named, nowhere = targets(files, left_out or LeftOut())
    found = [*nowhere]
    read = [read_target(target, stdin) for target in named]
    results = {id(one): _check(one, around) for one in sorted(read, key=lambda one: not one.is_flow)}
    shown = partial(_is_shown, select=_codes(select), ignore=_codes(ignore))
    for one in read:
        found += (finding for finding in results[id(one)] if one.is_flow or shown(finding))
    found += also
    kept = [one for one in read if (one.named or one.kind is not None) and one.sample.file not in around.unchecked]
    if around.unchecked and not kept:
        raise next(iter(around.unchecked.values()))
    if read and not kept:
        found += (nothing_in(name, of_ours=True) for name in files)
    texts = {one.sample.file: one.sample.text for one in kept}
    return Run(
        _by_file(found),
        texts | sources_of([finding for finding in found if finding.file not in texts]) | flows.sources,
        tuple(flows.changes.values()),
        tuple(flows.refused),
        flows.flows,
        flows.traffic,
        {one.sample.file: one.kind for one in kept},
        tuple(one.sample.file for one in read if not one.named and one.kind is None and one.worth_a_word),
        tuple(dict.fromkeys(around.remarks)),
        tuple(one.sample.file for one in read if one.named and one.sample.file in around.unchecked),
    )


def _check(one: ReadTarget, around: Around) -> tuple[Finding, ...]:
    if one.wrong:
        return one.wrong if one.named or one.kind is not None else ()
    if one.kind is not None:
        try:
            return check_of(one.kind)(one.sample, around)
        except NotCheckedError as error:
            around.unchecked[one.sample.file] = error
            around.remarks.append(f"{one.sample.file}: not checked, because {error}")
            return ()
    if not one.named:
        return ()
    message = "this is none of the files that can be checked"
    hint = f"name another file, or make it one: {needs(one.sample)}"
    return (Finding(code="Y011", severity="error", message=message, file=one.sample.file, hint=hint),)


def _codes(parts: Sequence[str]) -> tuple[str, ...]:
    return tuple(part.strip().upper() for part in parts if part.strip())


def _is_shown(finding: Finding, *, select: tuple[str, ...], ignore: tuple[str, ...]) -> bool:
    """Whether a finding in a file without rules is asked for; what keeps the file from being used always is."""
    if finding.severity == "error":
        return True
    return (not select or finding.code.startswith(select)) and not (ignore and finding.code.startswith(ignore))


def _by_file(found: Sequence[Finding]) -> tuple[Finding, ...]:
    """Each finding once, those of a file together, the files in the order in which something is found in them."""
    first = {file: number for number, file in enumerate(dict.fromkeys(finding.file for finding in found))}
    return tuple(sorted(dict.fromkeys(found), key=lambda finding: first[finding.file]))
