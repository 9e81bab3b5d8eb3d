"""The table of ``ivr show --leaves``, as text for people and as data for programs."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from flows.analysis.quickest_paths import Leaf
from flows.analysis.times_to_leaf import LeafTime, ahead_time, first_time
from flows.analysis.traffic import Traffic
from flows.display.numbers import duration, share
from flows.display.tables import table
from flows.model.flow import Flow
from flows.nodes.base_dialogue import NO_INPUT, NO_MATCH
from flows.source.counted import counted
from flows.speech.timing import SHARE_HEAR_ALL, SHARE_KEY_AHEAD, SHARE_SILENT

__all__ = ["leaves_dict", "leaves_text", "pressed"]

_WIDTH = 80
_NAME = 22
_LEAST_WAY = 8
"""Fewest columns needed to show the keys of a path."""


def leaves_text(flow: Flow, leaves: Sequence[Leaf], traffic: Traffic | None = None, *, width: int = _WIDTH) -> str:
    """The leaves, slowest first, with the time and keys it takes to reach each.

    Parameters
    ----------
    flow : Flow
    leaves : sequence of Leaf
    traffic : Traffic, optional
        Traffic of a scenario, for the share of its calls that end at each leaf.
    width : int
        Terminal columns; sentences stay within 80.
    """
    if not leaves:
        return f"{flow.name} has no leaf: the menus lead no caller to an end."
    timed = sorted(
        ((first_time(leaf.legs), ahead_time(leaf.legs), leaf) for leaf in leaves),
        key=lambda row: (-row[0].mean_s, row[2].node),
    )
    rows = [_row(first, ahead, leaf, traffic) for first, ahead, leaf in timed]
    head = ("leaf", "first", "90 %", "ahead", "90 %", "menus", "keys", *(("calls", "mean") if traffic else ()))
    aligned = table(rows, head=head, indent="")
    room = width - len(aligned[0]) - 2
    paths = ("presses", *(_short(pressed(flow, leaf), room) for _, _, leaf in timed))
    lines = [
        f"{line}  {path}".rstrip() if room >= _LEAST_WAY else line for line, path in zip(aligned, paths, strict=True)
    ]
    text = min(width, _WIDTH)
    means = [first.mean_s for first, _, _ in timed]
    head_line = (
        f"{flow.name}: 1 leaf, reached after {duration(means[0])}"
        if len(leaves) == 1
        else (
            f"{flow.name}: {len(leaves)} leaves, reached after {duration(means[-1])} to {duration(means[0])}, "
            f"{duration(sum(means) / len(means))} on average"
        )
    )
    return "\n".join([*textwrap.wrap(head_line, text), "", *lines, "", *_notes(leaves, traffic, text)])


def _row(first: LeafTime, ahead: LeafTime, leaf: Leaf, traffic: Traffic | None) -> tuple[str, ...]:
    seconds = tuple(f"{value:.1f}" for value in (first.mean_s, first.p90_s, ahead.mean_s, ahead.p90_s))
    row = (_short(leaf.node, _NAME), *seconds, str(leaf.quickest.levels), str(leaf.quickest.presses))
    if traffic is None:
        return row
    ending = traffic.endings.get(leaf.node)
    return (*row, *((share(ending.share), f"{ending.mean_s:.1f}") if ending else ("0 %", "-")))


def _notes(leaves: Sequence[Leaf], traffic: Traffic | None, width: int) -> list[str]:
    said = [
        (
            "Seconds on the quickest announced path, on average and within which 90 % of callers are there: for"
            " first-time callers, and for those who key ahead."
        ),
        (
            f"Assumed: {share(SHARE_HEAR_ALL / (1 - SHARE_KEY_AHEAD))} of first-time callers hear all of a menu first;"
            f" {share(SHARE_SILENT)} of prompts get no answer and are said again; on average every leaf counts alike,"
            " whatever share of callers wants it."
        ),
    ]
    if traffic is not None:
        rest = 1.0 - sum(ending.share for leaf in leaves if (ending := traffic.endings.get(leaf.node)))
        calls = counted(round(traffic.calls), "call")
        said.append(
            f"calls, mean: of the {calls} of {traffic.scenario!r}, the share that ends at the leaf, and their"
            f" mean seconds until then. At no leaf: {share(max(0.0, rest))}."
        )
        if traffic.assumed:
            said.append(f"Assumed of them: {'; '.join(traffic.assumed)}.")
    return [line for text in said for line in textwrap.wrap(text, width)]


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: max(0, most - 1)]}…"


def pressed(flow: Flow, leaf: Leaf) -> str:
    """What the caller does on the path to a leaf: keys, digits, a language, silence.

    Examples
    --------
    >>> from flows.model.load import load
    >>> from flows.analysis.quickest_paths import leaves
    >>> flow = load("northwind").flow
    >>> [pressed(flow, leaf) for leaf in leaves(flow) if leaf.node == "office_address"]
    ['en-US, 4, 3']
    """
    words = {
        "collected": "digits",
        "confirmed": "digits, 1",
        "otherwise": "silence",
        NO_INPUT: "silence",
        NO_MATCH: "a wrong key",
    }
    return ", ".join(words.get(outcome, {"*": "star", "#": "pound"}.get(outcome, outcome)) for _, outcome in leaf.way)


def leaves_dict(flow: Flow, leaves: Sequence[Leaf], traffic: Traffic | None = None) -> dict[str, object]:
    """The table as JSON-ready data, in the stable schema of ``ivr show --leaves --json``; see ``docs/designing.md``."""
    return {
        "flow": flow.name,
        **(
            {"scenario": traffic.scenario, "calls": round(traffic.calls, 3), "assumed": list(traffic.assumed)}
            if traffic
            else {}
        ),
        "leaves": [
            _data(leaf, traffic) for leaf in sorted(leaves, key=lambda leaf: (-first_time(leaf.legs).mean_s, leaf.node))
        ],
    }


def _data(leaf: Leaf, traffic: Traffic | None) -> dict[str, object]:
    first, ahead = first_time(leaf.legs), ahead_time(leaf.legs)
    data: dict[str, object] = {
        "node": leaf.node,
        "seconds": round(leaf.quickest.seconds, 1),
        "first_time": {"mean_s": round(first.mean_s, 2), "p90_s": round(first.p90_s, 2)},
        "key_ahead": {"mean_s": round(ahead.mean_s, 2), "p90_s": round(ahead.p90_s, 2)},
        "levels": leaf.quickest.levels,
        "presses": leaf.quickest.presses,
        "way": [{"node": node, "outcome": outcome} for node, outcome in leaf.way],
    }
    if traffic is not None:
        ending = traffic.endings.get(leaf.node)
        data["share"] = round(ending.share, 6) if ending else 0.0
        data["scenario_mean_s"] = round(ending.mean_s, 2) if ending else None
    return data
