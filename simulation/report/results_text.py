"""The result of a simulation as text for a terminal: aligned, with units, at most 80 columns wide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flows.display.numbers import count, duration, share
from flows.display.tables import table
from flows.source.counted import counted
from ivr.records.measures import MEASURES
from ivr.records.schema import OUTCOMES
from simulation.experiment.daily_measures import by_day
from simulation.experiment.estimates import Estimate
from simulation.experiment.format_estimate import exact_written, written
from simulation.experiment.run_result import RunResult
from simulation.experiment.verdict import against_target
from simulation.report.costs_table import costs_heading, costs_lines
from simulation.report.text_blocks import (
    CALLBACKS,
    CHATS,
    CHATS_HEADS,
    CONFERENCES,
    OUTBOUND,
    OUTBOUND_HEADS,
    WIDTH,
    Paint,
    about,
    assumed,
    cell,
    fitted,
    noted,
    paragraph,
    queue_targets,
    time_table,
)

__all__ = ["result_text"]

_HEADLINES = (
    ("service_level", "handled within {within}, of all who did not hang up by then"),
    ("asa_s", "mean wait of handled callers"),
    ("mean_wait_s", "of all who joined a queue"),
    ("abandonment", "of callers in a queue hang up"),
    ("occupancy", "of their time agents talk or do after-call work"),
    ("menu_s", "per call"),
    ("key_presses", "per call"),
    ("share_zero_out", "of calls"),
    ("containment", "of calls, served by the menu alone"),
    ("share_abandoned_in_menu", "of calls"),
    ("blocking", "of calls found all lines busy"),
    ("attempts", "calls until served or given up"),
    ("repeats", "by callers whose call before was handled"),
    ("balked", "hung up on hearing the expected wait"),
    ("full", "found the queue full"),
    ("paused_agents", "on a short pause, of those on duty"),
    ("handed_over", "talks cut off by the end of a shift"),
    ("handed_over_wait_s", "until another agent takes over"),
    *CALLBACKS.items(),
    *CONFERENCES.items(),
    *CHATS.items(),
    *OUTBOUND.items(),
)
_IF_ANY = {"attempts": 1.0} | dict.fromkeys(
    (
        "repeats",
        "balked",
        "full",
        "paused_agents",
        "handed_over",
        "handed_over_wait_s",
        *CALLBACKS,
        *CONFERENCES,
        *CHATS,
        *OUTBOUND,
    ),
    0.0,
)
"""Headlines that are left out at this value, as it tells nothing."""


def result_text(
    result: RunResult, *, full: bool = False, all_assumptions: bool = False, paint: Paint = str, width: int = WIDTH
) -> str:
    """Return everything a planner reads about one simulation.

    Parameters
    ----------
    result : RunResult
    full : bool
        Whether each interval has a line even over several days; if not, each day has one.
    all_assumptions : bool
        Whether to list all assumptions, or only the most important.
    paint : callable
        Colours a verdict for a terminal.
    width : int
        Columns of the terminal; sentences are no longer than 80.
    """
    room, width = width, min(width, WIDTH)
    scenario = result.loaded.scenario
    lines = [scenario.name, about(result), ""]
    if not any(part.column("arrived") for part in result.parts):
        return "\n".join([*lines, *paragraph("No calls arrived: check arrivals and horizon.", width)])
    lines += _headlines(result, paint, room)
    lines += _queues(result, room)
    lines += ["", "By agent group", *_by(result.by_group, _of_groups(result.by_group), room)]
    heading = costs_heading(scenario.currency, len(result.parts))
    lines += costs_lines(result.measures, heading, room)
    if result.parts[0].intervals > 1:
        lines += _over_time(result, full=full, width=room)
    lines += ["", "How calls end", *_endings(result)]
    for exact in result.exact:
        lines += ["", f"Exact: {exact.model}", *paragraph(exact.note, width)]
        for queue, values in exact.by_queue.items():
            told = (
                f"{MEASURES[name].title.lower()} {written(name, Estimate(value), interval=False)}"
                for name, value in values.items()
            )
            lines += paragraph(f"{queue}: {', '.join(told)}", width)
    return "\n".join(
        [*lines, *noted(result, width), *assumed(result.assumptions, all_of_them=all_assumptions, width=width)]
    )


def _headlines(result: RunResult, paint: Paint, width: int) -> list[str]:
    found, scenario = result.measures, result.loaded.scenario
    names = [
        name
        for name, _ in _HEADLINES
        if name in found
        and not (name == "blocking" and scenario.lines is None)
        and found[name].mean != _IF_ANY.get(name)
    ]
    within = duration(scenario.service_level.threshold)
    meaning = {
        name: text.format(within=within, callback=duration(scenario.service_level.callback_within))
        for name, text in _HEADLINES
    }
    if _own_thresholds(result):
        meaning["service_level"] = "handled within the threshold of their queue"
    exact = any(found[name].exact is not None for name in names)
    head = ["", "simulated", "exact"] if exact else ()
    rows = []
    for name in names:
        row = [MEASURES[name].title, written(name, found[name])]
        if exact:
            row.append(exact_written(name, found[name]))
        rows.append(row)
    wide = table(rows, head=head)
    lines = wide[:1] if head else []
    size = max(map(len, wide))
    for name, line in zip(names, wide[1:] if head else wide, strict=True):
        text = f"{line:<{size}}  {meaning[name]}"
        lines.append(text if len(text) <= width else line)
    width = min(width, WIDTH)
    lines += paragraph(
        f"{counted(written('arrived', found['arrived']), 'call')} arrived"
        f"{' per replication, on average' if len(result.parts) > 1 else ''}",
        width,
    )
    return [*lines, *_targets(result, paint, width), *queue_targets(result.queue_levels, paint, width)]


def _own_thresholds(result: RunResult) -> bool:
    """Whether the service level is by thresholds of queues."""
    return any(one.own_threshold for one in result.queue_levels)


def _targets(result: RunResult, paint: Paint, width: int) -> list[str]:
    """Whether the target of the whole is met, and how often."""
    found, target = result.measures, result.loaded.scenario.service_level.target
    if target is None or "service_level" not in found:
        return []
    met, days = against_target(found["service_level"], target), result.target_met
    often = (
        f"; it is met on {share(days.share)} of days ({share(days.low)} to {share(days.high)})"
        if days is not None and days.days > 1
        else ""
    )
    first, *rest = paragraph(f"target {share(target)} within {result.within}: {met}{often}", width)
    return [first.replace(f": {met}", f": {paint(met)}", 1), *rest]


def _queues(result: RunResult, width: int) -> list[str]:
    """Queues with at least one call per replication; others are listed by name only."""
    found = result.by_queue
    busy = {name: values for name, values in found.items() if values.get("offered", Estimate(0.0)).mean >= 1}
    idle = [name for name in found if name not in busy]
    rare = [name for name in idle if found[name].get("offered", Estimate(0.0)).mean]
    never = [name for name in idle if name not in rare]
    lines = ["", "By queue"]
    if busy:
        of = result.parts[0]
        within = {name: duration(us * 1e-6) for name, us in zip(of.queues, of.thresholds_us, strict=True)}
        lines += _by(
            busy,
            ("offered", "service_level", "asa_s", "abandonment", "wait_p95_s"),
            width,
            within=within if _own_thresholds(result) else None,
        )
    elif not rare:
        return [*lines, "  nobody joined a queue"]
    text = min(width, WIDTH)
    lines += paragraph(f"fewer than one caller per replication: {', '.join(rare)}" if rare else "", text)
    return lines + paragraph(f"nobody joined: {', '.join(never)}" if never else "", text)


def _of_groups(found: Mapping[str, Mapping[str, Estimate]]) -> Sequence[str]:
    dial = any(of["outbound_made"].mean for of in found.values() if "outbound_made" in of)
    chat = any("concurrency" in of for of in found.values())
    return ("staffed_agents", "handled", "aht_s", "occupancy", *(CHATS if chat else ()), *(OUTBOUND if dial else ()))


def _by(
    found: Mapping[str, Mapping[str, Estimate]],
    names: Sequence[str],
    width: int,
    within: Mapping[str, str] | None = None,
) -> list[str]:
    """A line for each queue or group; `within` has the threshold of each queue, if they differ."""
    titles = {"wait_p95_s": "95 % wait", "abandonment": "Abandoned", "staffed_agents": "On duty", "aht_s": "AHT"}
    titles |= CHATS_HEADS | OUTBOUND_HEADS
    head = ["", *(titles.get(name) or MEASURES[name].title for name in names)]
    head = [head[0], "Within", *head[1:]] if within else head

    def rows(*, interval: bool) -> list[list[str]]:
        cells = {key: [cell(name, values, interval=interval) for name in names] for key, values in found.items()}
        return [[key, *([within[key]] if within else []), *row] for key, row in cells.items()]

    lines = table(rows(interval=True), head=head)
    return lines if max(map(len, lines)) <= width else fitted(rows(interval=False), head, width)  # without intervals


def _over_time(result: RunResult, *, full: bool, width: int) -> list[str]:
    """A line per interval; over several days, a line per day unless `full`."""
    scenario, found = result.loaded.scenario, result.by_interval
    labels, edges_us = scenario.labels, scenario.reported.edges_us[:-1].tolist()
    dates = [scenario.clock.moment(at).date() for at in edges_us]
    if full or dates[0] == dates[-1]:
        # the last label is the end of the horizon
        return ["", "By interval", *time_table(list(zip(labels, found, strict=False)), width=width)]
    days = by_day(result.parts, dates, confidence=scenario.confidence)
    return [
        "",
        "By day",
        *time_table([(f"{date:%a %d %b}", values) for date, values in days], width=width),
        *paragraph(f"--full prints all {len(found)} intervals", min(width, WIDTH)),
    ]


def _endings(result: RunResult) -> list[str]:
    total = sum(part.column("arrived") for part in result.parts)
    numbers = {outcome: sum(part.column(f"ended_{outcome}") for part in result.parts) for outcome in OUTCOMES}
    ordered = sorted(((outcome, number) for outcome, number in numbers.items() if number), key=lambda end: -end[1])
    return table(
        [
            [outcome.replace("_", " "), share(number / total), _calls(number / len(result.parts))]
            for outcome, number in ordered
        ]
    )


def _calls(number: float) -> str:
    """Calls per replication; a rare outcome keeps its decimals so that it does not read as 0."""
    text = count(round(number)) if number >= 0.95 else count(number)
    return counted(text, "call")
