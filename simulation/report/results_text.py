"""Results as text for a terminal or a file: aligned, with units, readable at 80 columns, no colour needed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from textwrap import wrap

from flows.display.numbers import count, duration, share
from ivr.records.measures import MEASURES
from ivr.records.schema import OUTCOMES
from simulation.experiment.advice import Plan, advice
from simulation.experiment.advice import hours as _agent_hours
from simulation.experiment.assumptions import MOST_ASSUMED, weightiest
from simulation.experiment.compare import ComparisonResult
from simulation.experiment.daily_measures import by_day
from simulation.experiment.estimates import Estimate
from simulation.experiment.format_estimate import written
from simulation.experiment.run_result import RunResult
from simulation.experiment.verdict import against_target, signed, verdict
from simulation.experiment.wait_estimators import EstimatorResult

__all__ = ["comparison_text", "estimators_text", "outcome_of", "result_text", "stretches", "table"]

WIDTH = 80
Paint = Callable[[str], str]
_BLOCKS = " ▁▂▃▄▅▆▇█"
_CALLBACKS = {
    "callbacks_promised": "left the line for the promise of a callback",
    "promise_wait_s": "on the line until the promise",
    "callback_reached_share": "of those whose place was kept",
    "callback_level": "reached within {callback} of the promise",
    "callback_wait_s": "until they were reached",
}
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
    ("attempts", "calls until served or tired of it"),
    ("balked", "hung up on hearing the expected wait"),
    ("full", "found the queue full"),
    ("handed_over", "talks cut by the end of a shift"),
    ("handed_over_wait_s", "until another agent goes on"),
    *_CALLBACKS.items(),
)
_IF_ANY = {"attempts": 1.0} | dict.fromkeys(("balked", "full", "handed_over", "handed_over_wait_s", *_CALLBACKS), 0.0)
"""Headlines that are left out where they say nothing, with the value that says nothing."""
_STOPPED = {
    "precise": "as many replications as the half-width asked for needs",
    "most": "as many replications as are allowed; the half-width asked for is not reached",
    "absent": "the measure to be known precisely is in none of them: stopped",
    "time": "as many replications as the time allowed",
    "interrupted": "interrupted: only the replications finished by then",
}
_COMPARED = ("service_level", "asa_s", "abandonment", "occupancy", "menu_s", "share_zero_out")
_COLUMN_MEANS = {
    "asa_s": "ASA: mean wait of handled callers.",
    "menu_s": "Menu: mean time in the menu.",
    "share_zero_out": "Press 0: calls that asked for the operator.",
}
_SHORT = {
    "service_level": "Service",
    "asa_s": "ASA",
    "abandonment": "Abandon",
    "occupancy": "Occup.",
    "menu_s": "Menu",
    "share_zero_out": "Press 0",
    "blocking": "Blocked",
    "arrived": "Arrived",
    "staffed_agents": "Agents",
    "offered": "Offered",
    "handled": "Handled",
}


def table(rows: Sequence[Sequence[str]], *, head: Sequence[str] = (), left: int = 1, indent: str = "  ") -> list[str]:
    """Aligned lines: the first `left` columns to the left, the others to the right.

    >>> table([["a", "1"], ["bcd", "23"]], head=["name", "n"])
    ['  name   n', '  a      1', '  bcd   23']
    """
    cells = [list(head), *map(list, rows)] if head else [list(row) for row in rows]
    wide = [max(len(row[i]) for row in cells) for i in range(len(cells[0]))]
    return [
        (
            indent
            + "  ".join(f"{cell:<{w}}" if i < left else f"{cell:>{w}}" for i, (cell, w) in enumerate(zip(row, wide)))
        ).rstrip()
        for row in cells
    ]


def result_text(result: RunResult, *, full: bool = False, all_assumptions: bool = False, paint: Paint = str) -> str:
    """Everything a planner reads of one simulation.

    Parameters
    ----------
    result : RunResult
    full : bool
        Whether every interval has a line, also over several days; else a day has.
    all_assumptions : bool
        Whether all assumptions are told, or a few.
    paint : callable
        What a verdict is printed as; a terminal paints it.
    """
    scenario = result.loaded.scenario
    lines = [scenario.name, _about(result), ""]
    if not any(part.column("arrived") for part in result.parts):
        return "\n".join([*lines, *_paragraph("Nobody called: look at arrivals and horizon.")])
    lines += _headlines(result, paint)
    lines += _queues(result)
    lines += ["", "By agent group", *_by(result.by_group, ("staffed_agents", "handled", "aht_s", "occupancy"))]
    if result.parts[0].intervals > 1:
        lines += _over_time(result, full=full)
    lines += ["", "Where callers end", *_endings(result)]
    for exact in result.exact:
        lines += ["", f"Exact: {exact.model}", *_paragraph(exact.note)]
        for queue, values in exact.by_queue.items():
            told = (
                f"{MEASURES[name].title.lower()} {written(name, Estimate(value), interval=False)}"
                for name, value in values.items()
            )
            lines += _paragraph(f"{queue}: {', '.join(told)}")
    return "\n".join([*lines, *_noted(result), *_assumed(result.assumptions, all_of_them=all_assumptions)])


def _assumed(assumptions: Sequence[str], *, all_of_them: bool) -> list[str]:
    """What was assumed: all of it, or the weightiest and how many more there are."""
    if not assumptions:
        return []
    shown = weightiest(assumptions)
    more = 0 if all_of_them else max(len(shown) - MOST_ASSUMED, 0)
    rest = _paragraph(f"and {more} more of less weight: --assumptions prints all {len(shown)}") if more else []
    return ["", "Assumed, without evidence from the field", *_bullets(shown[: len(shown) - more]), *rest]


def _noted(result: RunResult) -> list[str]:
    """What was found in the scenario that is no mistake."""
    notes = result.loaded.notes
    return ["", "Worth knowing", *_bullets([note.message for note in notes])] if notes else []


def _about(result: RunResult) -> str:
    scenario, runs = result.loaded.scenario, len(result.parts)
    end = scenario.clock.moment(scenario.horizon_us)
    until = f"{end:%H:%M}" if end.date() == scenario.start.date() else f"{end:%d %b %H:%M}"
    about = (
        f"{scenario.start:%a %d %b %Y %H:%M} to {until} · {runs} replication{'s' if runs > 1 else ''} · seed"
        f" {result.seed}"
    )
    about += f"\n{_STOPPED[result.stopped]}" if result.stopped in _STOPPED else ""
    about += (
        f"\nthe first {duration(scenario.warm_up)} are simulated and not counted (warm-up)" if scenario.warm_up else ""
    )
    known = (
        f"± is the {share(scenario.confidence)} confidence interval" if runs > 1 else "one replication: no intervals"
    )
    return f"{about}\n{result.engine} engine · {known}"


def _headlines(result: RunResult, paint: Paint) -> list[str]:
    found, scenario = result.measures, result.loaded.scenario
    within = duration(scenario.service_level.threshold)
    names = [
        name
        for name, _ in _HEADLINES
        if name in found
        and not (name == "blocking" and scenario.lines is None)
        and not found[name].mean == _IF_ANY.get(name)
    ]
    meaning = {
        name: text.format(within=within, callback=duration(scenario.service_level.callback_within))
        for name, text in _HEADLINES
    }
    exact = any(found[name].exact is not None for name in names)
    head = ["", "simulated", "exact"] if exact else ()
    rows = []
    for name in names:
        row = [MEASURES[name].title, written(name, found[name])]
        if exact:
            value = found[name].exact
            row.append("" if value is None else written(name, Estimate(value), interval=False))
        rows.append(row)
    wide = table(rows, head=head)
    lines = wide[:1] if head else []
    size = max(map(len, wide))
    for name, line in zip(names, wide[1:] if head else wide):
        text = f"{line:<{size}}  {meaning[name]}"
        lines.append(text if len(text) <= WIDTH else line)
    lines += _paragraph(
        f"{written('arrived', found['arrived'])} calls"
        f" arrived{' in a replication on average' if len(result.parts) > 1 else ''}"
    )
    target = scenario.service_level.target
    if target is None or "service_level" not in found:
        return lines
    met, days = against_target(found["service_level"], target), result.target_met
    often = (
        f"; it is met on {share(days.share)} of days ({share(days.low)} to {share(days.high)})"
        if days is not None and days.days > 1
        else ""
    )
    first, *rest = _paragraph(f"target {share(target)} within {within}: {met}{often}")
    return [*lines, first.replace(f": {met}", f": {paint(met)}", 1), *rest]


def _queues(result: RunResult) -> list[str]:
    """Queues with at least a call a replication; the others by name only."""
    found = result.by_queue
    busy = {name: values for name, values in found.items() if values.get("offered", Estimate(0.0)).mean >= 1}
    idle = [name for name in found if name not in busy]
    rare = [name for name in idle if found[name].get("offered", Estimate(0.0)).mean]
    never = [name for name in idle if name not in rare]
    lines = ["", "By queue"]
    if busy:
        lines += _by(busy, ("offered", "service_level", "asa_s", "abandonment", "wait_p95_s"))
    elif not rare:
        return [*lines, "  nobody joined a queue"]
    lines += _paragraph(f"fewer than one caller a replication: {', '.join(rare)}" if rare else "")
    return lines + _paragraph(f"nobody joined: {', '.join(never)}" if never else "")


def _by(found: Mapping[str, Mapping[str, Estimate]], names: Sequence[str]) -> list[str]:
    titles = {"wait_p95_s": "95 % wait", "abandonment": "Abandoned", "staffed_agents": "On duty", "aht_s": "AHT"}
    head = ["", *(titles.get(name) or MEASURES[name].title for name in names)]
    for interval in (True, False):  # without intervals where they would not fit
        lines = table(
            [[key, *(_cell(name, values, interval=interval) for name in names)] for key, values in found.items()],
            head=head,
        )
        if max(map(len, lines)) <= WIDTH:
            break
    return lines


def _cell(name: str, values: Mapping[str, Estimate], *, interval: bool = True) -> str:
    if name not in values:
        return "–"
    value = values[name]
    if name in ("offered", "handled", "arrived"):
        return count(round(value.mean))
    if name == "staffed_agents":
        return f"{value.mean:.1f}".removesuffix(".0")
    return written(name, value, interval=interval and name not in ("wait_p95_s", "aht_s"))


def _over_time(result: RunResult, *, full: bool) -> list[str]:
    """A line an interval; over several days a line a day, unless all are asked for."""
    scenario, found = result.loaded.scenario, result.by_interval
    labels, edges_us = scenario.labels, scenario.reported.edges_us[:-1].tolist()
    dates = [scenario.clock.moment(at).date() for at in edges_us]
    if full or dates[0] == dates[-1]:
        return ["", "By interval", *stretches(list(zip(labels, found)))]
    days = by_day(result.parts, dates, confidence=scenario.confidence)
    return [
        "",
        "By day",
        *stretches([(f"{date:%a %d %b}", values) for date, values in days]),
        *_paragraph(f"--full prints all {len(found)} intervals"),
    ]


def stretches(found: Sequence[tuple[str, Mapping[str, Estimate]]], *, places: int = 0) -> list[str]:
    """Stretches of time with their measures; the bars compare what arrived with the most that did in one of them.

    Parameters
    ----------
    found : sequence of (str, mapping of str to Estimate)
        What each is called, and its measures. A column that says nothing of any of them is left out.
    places : int
        Decimals of the calls that arrived.
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
                _cell("staffed_agents", values),
                share(level.mean) if level else "–",
                *(
                    written(n, values[n], interval=False) if n in values else "–"
                    for n in ("asa_s", "abandonment", "occupancy")
                ),
            ]
        )
    head = ["", "Arrived", "", "Agents", "Service", "ASA", "Abandoned", "Occupancy"]
    kept = [i for i in range(len(head)) if i < 3 or any(row[i] not in ("–", "0") for row in rows)]
    return table([[row[i] for i in kept] for row in rows], head=[head[i] for i in kept], left=2)


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
    """Calls a replication; what happens now and then does not read as never."""
    text = count(round(number)) if number >= 0.95 else count(number)
    return f"{text} call{'' if text == '1' else 's'}"


def _paragraph(text: str) -> list[str]:
    """Lines of a text; a number stays with its unit."""
    glued = re.sub(r"(?<=\d) (?=(?:s|min|h)\b|%)", "\N{NO-BREAK SPACE}", text)
    return [
        line.replace("\N{NO-BREAK SPACE}", " ")
        for line in wrap(glued, WIDTH - 2, initial_indent="  ", subsequent_indent="  ")
    ]


def _bullets(texts: Sequence[str]) -> list[str]:
    return [line for text in texts for line in wrap(text, WIDTH - 2, initial_indent="  - ", subsequent_indent="    ")]


def estimators_text(result: EstimatorResult, *, title: str) -> str:
    """How well each estimator of the wait did, queue by queue, the best first."""
    lines = [
        title,
        f"{result.replications} replication{'s' if result.replications != 1 else ''} · {result.engine} engine",
        *([_STOPPED[result.stopped]] if result.stopped in _STOPPED else []),
        "",
    ]
    head = ["", "off by", "bias", "rms error", "a minute late"]
    for queue, errors in result.by_queue.items():
        if not errors:
            lines += [f"{queue}: nobody who was answered had to wait", ""]
            continue
        lines += [f"{queue}: {count(errors[0].waits)} callers waited {duration(errors[0].mean_wait_s)} on average"]
        rows = [
            [
                error.estimator.replace("_", " "),
                duration(error.absolute_s),
                signed_duration(error.bias_s),
                duration(error.rmse_s),
                share(error.share_late),
            ]
            for error in errors
        ]
        lines += [*table(rows, head=head), ""]
    lines += _paragraph(
        "Off by: mean distance of the estimate from the wait of callers who had to wait and were answered. Bias: "
        "above 0 it promises too long a wait. A minute late: callers who waited over a minute longer than told. "
        "The first estimator of each queue has the least root mean square error."
    )
    return "\n".join(lines)


def signed_duration(seconds: float) -> str:
    """A duration with its sign.

    >>> signed_duration(-90)
    '-1 min 30 s'
    """
    return ("-" if seconds < 0 else "+") + duration(abs(seconds))


def comparison_text(found: ComparisonResult, *, all_assumptions: bool = False, paint: Paint = str) -> str:
    """Scenarios side by side, then what differs clearly from the first, in words; as `result_text`."""
    first = next(iter(found.results.values()))
    scenario = first.loaded.scenario
    measures = {name: result.measures for name, result in found.results.items()}
    names = [
        name
        for name in (*_COMPARED, "blocking")
        if any(name in of for of in measures.values())
        and (name != "blocking" or any(of[name].mean for of in measures.values() if name in of))
    ]
    hours, changed = found.agent_hours, found.changes
    names = [m for m in names if m == "service_level" or _differs(m, found)]
    many = f"{len(found.results)} scenario{'s' if len(found.results) > 1 else ''}"
    on_the_same = (
        "" if len(found.results) == 1 else " on the same callers" if found.same_callers else ", some with other callers"
    )
    lines = [f"{many}{on_the_same}: {scenario.name}", _about(first), ""]
    plans = [
        Plan(name, of.get("service_level"), found.results[name].loaded.scenario.service_level.threshold, hours[name])
        for name, of in measures.items()
    ]
    lines += [*_paragraph(advice(plans, target=scenario.service_level.target)), ""]
    figures = {
        name: [_agent_hours(hours[name]), *(written(m, of[m], interval=False) if m in of else "–" for m in names)]
        for name, of in measures.items()
    }
    head = ["Agent-h", *(_SHORT[m] for m in names)]
    room = WIDTH - max(map(len, table(list(figures.values()), head=head, left=0))) - 2
    lines += table([[_cut(name, room), *cells] for name, cells in figures.items()], head=["", *head])
    told = [
        f"Service: handled within {duration(scenario.service_level.threshold)} of those who did not hang up by then."
    ]
    told += [_COLUMN_MEANS[m] for m in names if m in _COLUMN_MEANS]
    lines += ["", *_paragraph(f"Agent-h: agent-hours on the roster. {' '.join(told)}")]
    lines += _callbacks(measures)
    if len(found.results) > 1:
        lines += ["", f"Differences to {found.baseline}, replication by replication (pp: percentage points)"]
        for name, difference in found.differences.items():
            lines += ["", f"  {name}", *_changes(changed[name])]
            told_of = [
                [MEASURES[m].title, signed(m, difference[m]), verdict(m, difference[m])]
                for m in names
                if m in difference and (difference[m].mean or difference[m].half_width)
            ]
            same = all(not value.mean and not value.half_width for value in difference.values())
            nothing = "no difference at all: exactly the same" if same else "no difference in these measures"
            shown = table(told_of, indent="    ") if told_of else []
            lines += [line.removesuffix(row[-1]) + paint(row[-1]) for row, line in zip(told_of, shown)] or [
                f"    {nothing}"
            ]
        if not found.same_callers:
            lines += [
                "",
                *_paragraph("Some scenarios change the callers themselves; what is not changed is drawn alike."),
            ]
    return "\n".join([*lines, *_noted(first), *_assumed(first.assumptions, all_of_them=all_assumptions)])


def _differs(measure: str, found: ComparisonResult) -> bool:
    """Whether a measure is worth a column: with one scenario always."""
    others = [of[measure] for of in found.differences.values() if measure in of]
    missing = any(measure not in result.measures for result in found.results.values())
    return len(found.results) == 1 or missing or any(value.mean or value.half_width for value in others)


def _changes(changed: Sequence[str]) -> list[str]:
    return [
        line
        for text in changed or ("says nothing otherwise",)
        for line in wrap(text, WIDTH - 4, initial_indent="    ", subsequent_indent="      ")
    ]


def _callbacks(measures: Mapping[str, Mapping[str, Estimate]]) -> list[str]:
    """What became of callbacks, scenario by scenario, where any has them."""
    if not any(of["callbacks_promised"].mean for of in measures.values()):
        return []
    names = [name for name in _CALLBACKS if any(name in of and of[name].mean for of in measures.values())]
    short = {
        "callbacks_promised": "Promised",
        "promise_wait_s": "Waited",
        "callback_reached_share": "Reached",
        "callback_level": "In time",
        "callback_wait_s": "After",
    }
    rows = [
        [name, *(written(m, of[m], interval=False) if m in of else "–" for m in names)] for name, of in measures.items()
    ]
    room = WIDTH - max(map(len, table([row[1:] for row in rows], head=[short[m] for m in names], left=0))) - 2
    return [
        "",
        "Callbacks",
        *table([[_cut(name, room), *cells] for name, *cells in rows], head=["", *(short[m] for m in names)]),
    ]


def _cut(name: str, room: int) -> str:
    """A name that fits."""
    return name if len(name) <= room else name[: max(room - 1, 1)] + "…"


def outcome_of(result: RunResult) -> list[tuple[str, str]]:
    """How the run itself went, in words, for a report: how much, why no more, what is not counted, how often on
    target.
    """
    scenario, runs = result.loaded.scenario, count(len(result.parts))
    found = [
        ("Replications", f"{runs}: {_STOPPED[result.stopped]}" if result.stopped in _STOPPED else runs),
        ("Engine", result.engine),
    ]
    if scenario.warm_up:
        found.append(("Warm-up", f"the first {duration(scenario.warm_up)}, simulated and not counted"))
    days = result.target_met
    if days is not None and days.days > 1:
        found.append(("Target met", f"on {share(days.share)} of days ({share(days.low)} to {share(days.high)})"))
    return found
