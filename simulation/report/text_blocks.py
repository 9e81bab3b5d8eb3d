"""Text blocks shared by terminal reports: paragraphs, lists, tables over time, notes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import takewhile
from textwrap import wrap

from flows.display.numbers import count, duration, share
from flows.display.tables import table
from flows.source.counted import counted
from simulation.experiment.assumptions import MOST_ASSUMED, weightiest
from simulation.experiment.estimates import Estimate
from simulation.experiment.format_estimate import written
from simulation.experiment.queue_levels import QueueLevel
from simulation.experiment.run_result import RunResult

__all__ = [
    "CALLBACKS",
    "CONFERENCES",
    "OUTBOUND",
    "OUTBOUND_HEADS",
    "STOPPED",
    "WIDTH",
    "Paint",
    "about",
    "assumed",
    "bullets",
    "cell",
    "fitted",
    "noted",
    "paragraph",
    "queue_targets",
    "shortened",
    "time_table",
    "told_apart",
]

WIDTH = 80
_FEW = 5
"""Student's t is then beyond 2.7, and an interval more than a third wider than with many replications."""
Paint = Callable[[str], str]
_BLOCKS = " ▁▂▃▄▅▆▇█"
_SHORT = {"Abandoned": "Abandon", "Occupancy": "Occup.", "Service level": "Service"}
"""Headings on a narrow terminal, as in tables of comparisons."""
CALLBACKS = {
    "callbacks_promised": "accepted a callback and left the line",
    "promise_wait_s": "on the line until they accepted",
    "callback_reached_share": "of those whose place was kept",
    "callback_level": "reached within {callback} of the promise",
    "callback_wait_s": "until they were reached",
}
CONFERENCES = {
    "conferences_asked": "colleagues asked into a talk",
    "conferences_joined": "of them came in time",
    "conference_wait_s": "until they came",
}
CHATS_HEADS = {"concurrency": "At once", "slot_occupancy": "Slots"}
"""Headings of chats in a table of groups."""
CHATS = {
    "concurrency": "in hand, of agents who have anything in hand",
    "slot_occupancy": "of the slots of agents who chat are taken",
}
OUTBOUND_HEADS = {"outbound_made": "Dialled", "outbound_reached": "Reached", "outbound_occupancy": "Outbound"}
"""Headings of outbound calls in a table of groups."""
OUTBOUND = {
    "outbound_made": "numbers dialled while nobody waited",
    "outbound_reached": "of them answered",
    "outbound_occupancy": "of agents' time goes to them, part of the occupancy",
}
STOPPED = {
    "precise": "requested half-width reached",
    "most": "replication limit reached before the requested half-width",
    "absent": "stopped because no replication has the requested measure",
    "time": "time limit reached",
    "interrupted": "interrupted: only finished replications count",
}


def paragraph(text: str, width: int = WIDTH) -> list[str]:
    """Return the lines of a paragraph `width` columns wide; a number stays with its unit."""
    glued = re.sub(r"(?<=\d) (?=(?:s|min|h)\b|%)", "\N{NO-BREAK SPACE}", text)
    return [
        line.replace("\N{NO-BREAK SPACE}", " ")
        for line in wrap(glued, width - 2, initial_indent="  ", subsequent_indent="  ")
    ]


def bullets(texts: Sequence[str], width: int = WIDTH) -> list[str]:
    """Return the lines of a bulleted list."""
    return [line for text in texts for line in wrap(text, width - 2, initial_indent="  - ", subsequent_indent="    ")]


def shortened(name: str, room: int) -> str:
    """Return a name, cut to fit the available width."""
    return name if len(name) <= room else name[: max(room - 1, 1)] + "…"


def told_apart(names: Iterable[str], room: int) -> list[str]:
    """Return names, cut to fit; where that makes two the same, without the words with which all begin.

    Examples
    --------
    >>> told_apart(["agents for sales", "agents for support"], 10)
    ['sales', 'support']
    >>> told_apart(["front desk", "nurses on call"], 10)
    ['front desk', 'nurses on…']
    """
    whole = list(names)
    cut = [shortened(name, room) for name in whole]
    if len(set(cut)) == len(cut):
        return cut
    words = zip(*(name.split(" ")[:-1] for name in whole), strict=False)
    shared = len(list(takewhile(lambda at: len(set(at)) == 1, words)))
    return [shortened(" ".join(name.split(" ")[shared:]), room) for name in whole]


def cell(name: str, values: Mapping[str, Estimate], *, interval: bool = True) -> str:
    """Return a measure as a table cell; a dash if it is unknown."""
    if name not in values:
        return "–"
    value = values[name]
    if name in ("offered", "handled", "arrived"):
        return count(round(value.mean))
    if name == "staffed_agents":
        return f"{value.mean:.1f}".removesuffix(".0")
    return written(name, value, interval=interval and name not in ("wait_p95_s", "aht_s"))


def time_table(
    found: Sequence[tuple[str, Mapping[str, Estimate]]], *, places: int = 0, width: int = WIDTH
) -> list[str]:
    """Return a table with a line for each period; its bars show arrivals relative to the peak.

    Parameters
    ----------
    found : sequence of (str, mapping of str to Estimate)
        Label and measures of each period. A column without any value is left out.
    places : int
        Decimal places of the arrivals.
    width : int
        Columns; there are no bars if the table is wider with them.
    """
    peak = max((values["arrived"].mean for _, values in found if "arrived" in values), default=0.0) or 1.0
    rows = []
    for label, values in found:
        arrived = values["arrived"].mean if "arrived" in values else 0.0
        bar = "█" * int(arrived / peak * 12) + _BLOCKS[int(arrived / peak * 12 % 1 * 8)].strip()
        level = values.get("service_level")
        rows.append(
            [
                label,
                f"{bar:<12}",
                f"{arrived:,.{places}f}" if places else count(round(arrived)),
                cell("staffed_agents", values),
                share(level.mean) if level else "–",
                *(
                    written(n, values[n], interval=False) if n in values else "–"
                    for n in ("asa_s", "abandonment", "occupancy")
                ),
            ]
        )
    head = ["", "Arrived", "", "Agents", "Service", "ASA", "Abandoned", "Occupancy"]
    kept = [i for i in range(len(head)) if i < 3 or any(row[i] not in ("–", "0") for row in rows)]
    lines = table([[row[i] for i in kept] for row in rows], head=[head[i] for i in kept], left=2)
    if max(map(len, lines)) <= width:
        return lines
    head[2], kept = head[1], [i for i in kept if i != 1]
    return fitted([[row[i] for i in kept] for row in rows], [head[i] for i in kept], width)


def fitted(rows: Sequence[Sequence[str]], head: Sequence[str], width: int) -> list[str]:
    """Return the lines of a table, on a narrow terminal with shorter headings, and then with less between its columns.

    Examples
    --------
    >>> fitted([["billing", "88.7 %"]], ["", "Service level"], 18)
    ['           Service', '  billing   88.7 %']
    """
    short = [_SHORT.get(title, title) for title in head]
    for titles, gap in ((head, 2), (short, 2), (short, 1)):
        lines = table(rows, head=titles, gap=gap)
        if max(map(len, lines)) <= width:
            break
    return lines


def queue_targets(levels: Sequence[QueueLevel], paint: Paint, width: int = WIDTH) -> list[str]:
    """Return a line for each queue that has a target of its own: whether it is met."""
    lines = []
    for one in levels:
        if one.target is None:
            continue
        judged = one.judged or "nobody joined it"
        (first, *rest) = paragraph(f"target of {one.queue}, {one.goal}: {judged}", width)
        lines += [first.replace(f": {judged}", f": {paint(judged)}", 1), *rest]
    return lines


def about(result: RunResult) -> str:
    """Return the lines below the title: period, replications, seed, engine."""
    scenario, runs = result.loaded.scenario, len(result.parts)
    end = scenario.clock.moment(scenario.horizon_us)
    until = f"{end:%H:%M}" if end.date() == scenario.start.date() else f"{end:%d %b %H:%M}"
    lines = f"{scenario.start:%a %d %b %Y %H:%M} to {until} · {counted(runs, 'replication')} · seed {result.seed}"
    lines += f"\n{STOPPED[result.stopped]}" if result.stopped in STOPPED else ""
    lines += (
        f"\nthe first {duration(scenario.warm_up)} are simulated but not counted (warm-up)" if scenario.warm_up else ""
    )
    wide = ", wide with so few replications" if runs < _FEW else ""
    known = (
        f"± is the {share(scenario.confidence)} confidence interval{wide}"
        if runs > 1
        else "one replication: no intervals"
    )
    return f"{lines}\n{result.engine} engine · {known}"


def noted(result: RunResult, width: int = WIDTH) -> list[str]:
    """Return notes on the scenario that are not errors."""
    notes = result.loaded.notes
    return ["", "Worth knowing", *bullets([note.message for note in notes], width)] if notes else []


def assumed(assumptions: Sequence[str], *, all_of_them: bool, width: int = WIDTH) -> list[str]:
    """Return the assumptions: all of them, or the most important ones and how many are left."""
    if not assumptions:
        return []
    shown = weightiest(assumptions)
    more = 0 if all_of_them else max(len(shown) - MOST_ASSUMED, 0)
    rest = paragraph(f"and {more} less important ones: --assumptions prints all {len(shown)}", width) if more else []
    return ["", "Assumed without evidence from the field", *bullets(shown[: len(shown) - more], width), *rest]
