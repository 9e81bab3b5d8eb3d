"""What ``ivr diff`` prints, as text for people and as data for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

from flows.display.numbers import duration
from flows.display.tables import table
from flows.display.wrap import wrapped
from flows.model.flow import Flow
from flows.nodes.base_dialogue import Dialogue
from flows.nodes.hours import Hours
from flows.source.counted import counted
from flows.source.finding import Finding
from ivr.difference.change import Change
from ivr.difference.compare import Difference, LeafChange, Reach
from ivr.phone.event_words import FAILURES

__all__ = ["diff_dict", "diff_text", "sentence"]

_AGAIN = ", asked again"
_TITLES = {
    "leads": "Leads elsewhere",
    "lost": "No longer there",
    "gained": "New",
    "skipped": "No longer on the way",
    "passes": "New on the way",
    "waits": "Waits, numbers and queues",
    "words": "Words",
}
_SHOWN = 6
_THEN = " \N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK} "


def diff_text(found: Difference, old: Flow, new: Flow, *, width: int) -> str:
    """The differences by kind, each with the keys that lead there; then times, and findings.

    Parameters
    ----------
    found : Difference
    old, new : Flow
    width : int
        Columns.
    """
    lines: list[str] = []
    for kind, title in _TITLES.items():
        told = [change for change in found.changes if change.kind == kind]
        if told:
            lines += [title, *_changes(told, new, width), ""]
    if found.hours:
        lines += ["Opening hours"]
        for one in found.hours:
            text = f"{one.hours}, {one.day}: {one.old or 'nothing'} → {one.new or 'nothing'}"
            lines += wrapped(f"  {text}", width, indent=4)
        lines.append("")
    if found.leaves:
        lines += ["Keys and seconds to what callers want", *_leaves(found.leaves, several=len(new.languages) > 1), ""]
    for title, findings in (("New findings", found.gained), ("Findings mended", found.mended)):
        if findings:
            lines += [title, *(line for one in findings for line in _finding(one, width)), ""]
    if not lines:
        return f"{new.name}: no caller finds a difference."
    felt = [
        counted(len(found.changes) + len(found.hours), "difference"),
        f"{counted(len({one.node for one in found.leaves}), 'leaf', 'leaves')} gained, lost, nearer or farther",
        f"{counted(len(found.gained), 'finding')} new, {len(found.mended)} mended",
    ]
    return "\n".join([f"{new.name}: {', '.join(felt)}", "", *lines]).rstrip("\n")


def _changes(told: Sequence[Change], flow: Flow, width: int) -> Iterator[str]:
    for change, nodes in _grouped(told):
        where = ", ".join(nodes[:_SHOWN]) + (f" and {len(nodes) - _SHOWN} more" if len(nodes) > _SHOWN else "")
        way = _pressed(change.way, flow)
        yield from wrapped(
            f"  {where or 'start of the call'}: {sentence(change)}" + (f" [{way}]" if way else ""), width, indent=4
        )


def _grouped(told: Iterable[Change]) -> list[tuple[Change, list[str]]]:
    """Changes that are the same at several nodes, with the names of these."""
    found: dict[tuple[str, ...], tuple[Change, list[str]]] = {}
    for change in told:
        old = _AGAIN if change.old.endswith(_AGAIN) else change.old
        new = _AGAIN if change.new.endswith(_AGAIN) else change.new
        tries = str(sum(node == change.node for node, _ in change.way))
        key = (change.kind, change.about, change.language, old, new, tries if _AGAIN in (old, new) else "")
        found.setdefault(key, (change, []))[1].append(change.node)
    return list(found.values())


def sentence(change: Change) -> str:
    """One change in words, without where it is."""
    about = FAILURES.get(change.about, change.about)
    if change.kind == "words":
        said = FAILURES.get(change.about, change.about)
        after = f" after {said}" if said else ""
        return f"{change.language}{after}: {_quoted(change.old)} → {_quoted(change.new)}"
    if change.kind == "waits":
        return f"{about}: {change.old} → {change.new}"
    if change.kind == "gained":
        return f"{about} leads to {change.new}"
    if change.kind == "lost":
        return f"{about} led to {change.old}"
    if change.kind in ("passes", "skipped"):
        said = change.new or change.old
        return (f"after {about}: " if about else "") + (said if said.startswith("(") else _quoted(said))
    old, new = ("asks again" if text.endswith(_AGAIN) else text for text in (change.old, change.new))
    tries = sum(node == change.node for node, _ in change.way)
    times = f" ({counted(tries, 'time')})" if change.about in FAILURES and tries > 1 else ""
    return (f"{about}{times}: " if about else "") + f"{old} → {new}"


def _quoted(text: str) -> str:
    return f"“{text}”" if text else "nothing"


def _pressed(way: Iterable[tuple[str, str]], flow: Flow) -> str:
    """What callers press on a way, and what else decides it."""
    told = []
    for name, outcome in way:
        node = flow.nodes.get(name)
        if isinstance(node, Dialogue):
            told.append(FAILURES.get(outcome, outcome))
        elif isinstance(node, Hours) and outcome != "open":
            told.append(outcome)
    return _THEN.join(told)


def _leaves(found: Sequence[LeafChange], *, several: bool) -> list[str]:
    head = ("leaf", *(("language",) if several else ()), "keys", "→", "seconds", "→")
    rows = [
        (one.node, *((one.language,) if several else ()), _keys(one.old), _keys(one.new), _s(one.old), _s(one.new))
        for one in found
    ]
    return table(rows, head=head, left=2 if several else 1)


def _keys(reach: Reach | None) -> str:
    return str(reach.presses) if reach else "–"


def _s(reach: Reach | None) -> str:
    return duration(reach.seconds) if reach else "–"


def _finding(one: Finding, width: int) -> list[str]:
    return wrapped(f"  {one.line}:{one.column} {one.severity} {one.code} {one.message}", width, indent=4)


def diff_dict(found: Difference, old: Flow, new: Flow) -> dict[str, Any]:
    """The same as data."""
    return {
        "old": old.name,
        "new": new.name,
        "changes": [{**asdict(change), "way": [list(step) for step in change.way]} for change in found.changes],
        "hours": [asdict(one) for one in found.hours],
        "leaves": [asdict(one) for one in found.leaves],
        "findings_gained": [one.as_dict() for one in found.gained],
        "findings_mended": [one.as_dict() for one in found.mended],
    }
