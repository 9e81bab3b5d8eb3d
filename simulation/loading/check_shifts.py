"""Checks that kinds of shifts can be worked: breaks fit and follow each other, and groups and people are known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flows.source.document import Document, Path, nearest, value_at
from flows.source.finding import Finding
from simulation.scenario.model import Scenario
from simulation.scenario.shift_kinds import ShiftBreak, ShiftKind, clock_text, span_text

__all__ = ["check_shift_kinds", "check_shifts_of"]

_WEEK_S = 7 * 86_400


def check_shift_kinds(kinds: Mapping[str, ShiftKind], document: Document) -> tuple[Finding, ...]:
    """What is wrong with kinds of shifts, whatever the scenario.

    Parameters
    ----------
    kinds : mapping of str to ShiftKind
    document : Document
        As read; the kinds stand under ``shifts``.
    """
    found: list[Finding] = []
    for name, kind in kinds.items():
        at: Path = ("shifts", name)
        found += _breaks(name, kind, at, document)
        shortest = min((kind.paid(length) for length in kind.lengths()), default=0)
        if kind.hours_a_day is not None and kind.hours_a_day < shortest:
            found.append(
                document.finding(
                    "X005",
                    f"the shortest shift of {name} works {span_text(shortest)}; hours_a_day allows"
                    f" {span_text(kind.hours_a_day)}",
                    (*at, "hours_a_day"),
                    hint=f"write hours_a_day: {span_text(shortest)} or more, or a shorter length",
                )
            )
        found += _weekly(name, kind, shortest, at, document)
    return tuple(found)


def _weekly(name: str, kind: ShiftKind, shortest: int, at: Path, document: Document) -> Iterator[Finding]:
    if kind.hours_a_week is not None and 0 < kind.hours_a_week[1] < shortest:
        yield document.finding(
            "X005",
            f"the shortest shift of {name} works {span_text(shortest)}; hours_a_week allows"
            f" {span_text(kind.hours_a_week[1])}",
            (*at, "hours_a_week"),
            hint=f"write hours_a_week: {span_text(shortest)} or more, or a shorter length",
        )
    if kind.days_a_week is not None and not 1 <= kind.days_a_week[1] <= 7:
        yield document.finding(
            "X005",
            f"days_a_week of {name} is {kind.days_a_week[1]}; it is from 1 to 7",
            (*at, "days_a_week"),
            hint="write days_a_week: 5",
        )


def _breaks(name: str, kind: ShiftKind, at: Path, document: Document) -> Iterator[Finding]:
    """Each break lies within every shift that has it, and ends before the next begins."""
    wrong: dict[int, list[tuple[int, int]]] = {}
    for length in kind.lengths():
        free = 0
        for number, pause in enumerate(kind.breaks):
            if length <= pause.over:
                continue
            first, last = _window(pause, length)
            if first < free or last + pause.length > length:
                wrong.setdefault(number, []).append((length, free))
            free = last + pause.length
    one = isinstance(value_at(document.data, (*at, "breaks")), dict)
    for number, lengths in wrong.items():
        path = (*at, "breaks") if one else (*at, "breaks", number)
        yield _misfit(name, kind.breaks[number], lengths, path, document)


def _misfit(name: str, pause: ShiftBreak, lengths: list[tuple[int, int]], at: Path, document: Document) -> Finding:
    """The finding about a break that does not fit in shifts of some lengths, told for the shortest of them."""
    length, free = lengths[0]
    first, last = _window(pause, length)
    shift = f"in a shift of {name} that lasts {span_text(length)}, "
    which = "after" if pause.after is not None else "before_end"
    over = f"write over: {span_text(lengths[-1][0])}, so that only longer shifts have it"
    if first < 0 or last + pause.length > length:
        message = f"{shift}this break of {span_text(pause.length)} would not lie within the shift"
        return document.finding("X005", message, (*at, which), hint=f"{over}, or a narrower {which}")
    message = (
        f"{shift}this break may begin {span_text(first)} after the start, and the one before it may end"
        f" {span_text(free)} after it"
    )
    return document.finding("X005", message, (*at, which), hint=f"{over}, or put breaks in order and further apart")


def _window(pause: ShiftBreak, length: int) -> tuple[int, int]:
    """The earliest and latest minute of a shift at which a break begins."""
    if pause.before_end is not None:
        return length - pause.length - pause.before_end[1], length - pause.length - pause.before_end[0]
    return pause.after or (0, 0)


def check_shifts_of(kinds: Mapping[str, ShiftKind], scenario: Scenario, document: Document) -> tuple[Finding, ...]:
    """What keeps kinds of shifts from being those of a scenario.

    Parameters
    ----------
    kinds : mapping of str to ShiftKind
    scenario : Scenario
    document : Document
        Where they stand, under ``shifts``.
    """
    found: list[Finding] = []
    groups = list(scenario.groups)
    if scenario.horizon > _WEEK_S:
        found.append(
            document.finding(
                "X005",
                f"a roster is for a week at most; the horizon of the scenario is {scenario.horizon / 86_400:g} days",
                ("shifts",),
                hint="give the scenario a shorter one: --set horizon=7d; of a forecast, make it anew with --weeks 1",
            )
        )
    for name, kind in kinds.items():
        at: Path = ("shifts", name)
        named: list[tuple[str, Path, bool]] = [(one, (*at, "groups", i), False) for i, one in enumerate(kind.groups)]
        if isinstance(kind.agents, dict):
            named += [(one, (*at, "agents", one), True) for one in kind.agents]
        named += [(who.group, (*at, "people", one, "group"), False) for one, who in kind.people.items() if who.group]
        found += [
            _unknown(document, one, groups, path, of_key=of_key) for one, path, of_key in named if one not in groups
        ]
        found += _of_kind(kind, groups, at, document)
    if not found:
        found += _uncovered(kinds, groups, document)
    return tuple(found)


def _unknown(document: Document, name: str, groups: list[str], path: Path, *, of_key: bool) -> Finding:
    near = nearest(name, groups)
    hint = f"did you mean {near!r}?" if near else f"there are {', '.join(groups)}"
    return document.finding("X001", f"there is no group {name!r} in the scenario", path, hint=hint, of_key=of_key)


def _of_kind(kind: ShiftKind, groups: list[str], at: Path, document: Document) -> Iterator[Finding]:
    """People and numbers are for groups of the kind."""
    mine = kind.groups or tuple(groups)
    for name, who in kind.people.items():
        if not who.group and len(mine) > 1:
            yield document.finding(
                "X005",
                f"{name} may belong to any of {', '.join(mine)}",
                (*at, "people", name),
                hint=f"say which: {name}: {{group: {mine[0]}}}",
                of_key=True,
            )
        elif who.group in groups and who.group not in mine:
            yield document.finding(
                "X005",
                f"{name} belongs to {who.group}, which does not work such shifts",
                (*at, "people", name, "group"),
                hint=f"add {who.group} to groups, or name one of {', '.join(mine)}",
            )
        if who.end is not None and who.begin == who.end:
            yield document.finding(
                "X005",
                f"{name} is there from {clock_text(who.begin)} to {clock_text(who.end)}, which is no time",
                (*at, "people", name, "to"),
                hint="write a later to",
            )
    for group in kind.agents if isinstance(kind.agents, dict) else ():
        if group in groups and group not in mine:
            yield document.finding(
                "X005",
                f"agents of {group} do not work such shifts",
                (*at, "agents", group),
                hint=f"add {group} to groups, or leave it out here",
                of_key=True,
            )


def _uncovered(kinds: Mapping[str, ShiftKind], groups: list[str], document: Document) -> Iterator[Finding]:
    for group in groups:
        if not any(group in (kind.groups or groups) for kind in kinds.values()):
            name = next(iter(kinds), "day")
            yield document.finding(
                "X005",
                f"no kind of shift is for the group {group!r}",
                ("shifts",),
                hint=f"add it to the groups of {name}, or write a kind for it" if kinds else "write a kind for it",
            )
