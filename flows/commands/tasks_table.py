"""The table of ``ivr tasks``, as text for people and as data for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flows.display.numbers import duration, share
from flows.display.tables import table
from flows.display.wrap import wrapped
from flows.model.flow import Flow
from flows.source.counted import counted
from flows.tasks.judge import Judgement, Label, Turn, Verdict
from flows.tasks.task_share import TaskShare

__all__ = ["tasks_dict", "tasks_text"]

_WIDTH = 80
_VERDICTS: tuple[Verdict, ...] = ("unreachable", "misleading", "guess", "clear")
_WORDS = {
    "unreachable": "unreachable",
    "misleading": "misleading",
    "guess": "a guess",
    "clear": "clear",
}
_MEANT = {
    "unreachable": "nothing on offer leads there.",
    "misleading": "a wrong label has as many of the caller's words, or takes them for its own when they are said.",
    "guess": "at some menu, the right label has no more of the caller's words than others.",
    "clear": "at every menu, the right label has more of the caller's words than any other.",
}


def tasks_text(
    flow: Flow, found: Sequence[Judgement], shares: Mapping[str, TaskShare] | None = None, *, width: int = _WIDTH
) -> str:
    """Every task in a line, worst first, and what to change where labels mislead or say nothing.

    Parameters
    ----------
    flow : Flow
    found : sequence of Judgement
    shares : mapping of str to TaskShare, optional
        The callers of each task, of a scenario.
    width : int
        Columns of the sentences.
    """
    ranked = sorted(found, key=lambda one: (_VERDICTS.index(one.verdict), -one.seconds))
    counts = [(verdict, sum(one.verdict == verdict for one in found)) for verdict in reversed(_VERDICTS)]
    told = ", ".join(f"{number} {_WORDS[verdict]}" for verdict, number in counts if number)
    head = ("task", "verdict", "keys", "time", *(("calls", "arrive") if shares is not None else ()), "presses")
    rows = [_row(one, shares) for one in ranked]
    lines = [f"{flow.name}: {counted(len(found), 'task')}, {told}", ""]
    lines += table([row[:-1] for row in rows], head=head[:-1], left=2, indent="")
    ways = [head[-1], *(row[-1] for row in rows)]
    widest = max(map(len, lines[2:]))
    lines[2:] = [f"{line:<{widest}}  {way}".rstrip() for line, way in zip(lines[2:], ways, strict=True)]
    for one in ranked:
        if one.verdict != "clear":
            lines += ["", *_reasons(one, width)]
    lines.append("")
    for verdict, number in counts:
        if number:
            lines += wrapped(f"{_WORDS[verdict]}: {_MEANT[verdict]}", width)
    lines += wrapped("time: mean of first-time callers, until they get there.", width)
    if shares is not None:
        lines += wrapped(
            "calls: share of the scenario's calls that come for it; arrive: share of these for whom it begins. The"
            " others hang up, give up, or are sent elsewhere.",
            width,
        )
    return "\n".join(lines)


def _row(one: Judgement, shares: Mapping[str, TaskShare] | None) -> tuple[str, ...]:
    reached = bool(one.end)
    cells = [one.name, _WORDS[one.verdict], str(one.presses) if reached else "–"]
    cells.append(duration(one.seconds) if reached else "–")
    if shares is not None:
        of = shares[one.name]
        cells += [share(of.calls), share(of.arrive)] if of.calls else ["–", "–"]
    return (*cells, " ".join(turn.key for turn in one.turns))


def _reasons(one: Judgement, width: int) -> Iterator[str]:
    said = f"{one.name}: {one.want}" if one.want else one.name
    yield from wrapped(said, width)
    if not one.end:
        yield from wrapped(
            "no announced option leads there; offer one, or name another node in 'ends'", width, indent=2
        )
    for turn in one.turns:
        right = next((label for label in turn.labels if label.key == turn.key), None)
        if turn.wrong:
            yield from _misled(turn, right, width)
        elif turn.verdict == "guess" and right is not None:
            has = f"has only {_words(right)}, as others do" if right.shared else "has none of these words"
            yield from wrapped(f"menu {turn.node}: {_named(right)} {has}", width, indent=2)
        if turn.misheard:
            heard = turn.understood[0]
            yield from wrapped(f"menu {turn.node}: said aloud, this is understood as {heard}", width, indent=2)


def _misled(turn: Turn, right: Label | None, width: int) -> Iterator[str]:
    for label in turn.wrong:
        other = f"; right is {_named(right)}" if right is not None else ""
        yield from wrapped(f"menu {turn.node}: {_named(label)} has {_words(label)}{other}", width, indent=2)


def _words(label: Label) -> str:
    return ", ".join(repr(word) for word in label.shared)


def _named(label: Label) -> str:
    return f"{label.key} {label.words!r}"


def tasks_dict(flow: Flow, found: Sequence[Judgement], shares: Mapping[str, TaskShare] | None = None) -> dict[str, Any]:
    """The same as data, in the order of the file."""
    return {"flow": flow.name, "tasks": [_task(one, shares) for one in found]}


def _task(one: Judgement, shares: Mapping[str, TaskShare] | None) -> dict[str, Any]:
    reached = bool(one.end)
    data: dict[str, Any] = {
        "task": one.name,
        "want": one.want,
        "verdict": one.verdict,
        "end": one.end or None,
        "seconds": one.seconds if reached else None,
        "presses": one.presses if reached else None,
        "menus": one.menus if reached else None,
        "turns": [
            {
                "node": turn.node,
                "key": turn.key,
                "verdict": turn.verdict,
                "understood": list(turn.understood),
                "labels": [
                    {
                        "key": label.key,
                        "words": label.words,
                        "likeness": label.likeness,
                        "shared": list(label.shared),
                        "right": label.right,
                        "misleads": label in turn.wrong,
                    }
                    for label in turn.labels
                ],
            }
            for turn in one.turns
        ],
    }
    if shares is not None:
        of = shares[one.name]
        data |= {"intents": list(of.intents), "share_calls": of.calls, "share_arrive": of.arrive if of.calls else None}
    return data
