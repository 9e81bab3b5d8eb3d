"""The report on a simulation or a live log: one HTML page that opens offline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from flows.display.numbers import share
from flows.source.counted import counted
from ivr.records.measures import MEASURES, QUANTILES
from simulation.experiment.estimates import Estimate
from simulation.experiment.format_estimate import bounds, exact_written, without_interval, written
from simulation.experiment.verdict import against_target
from simulation.report.charts.of_a_run import charts
from simulation.report.costs_page import costs
from simulation.report.data import ReportData, report_data
from simulation.report.level_cells import goal_cell
from simulation.report.page import assumed, confidence_note, figure, half_width, key, page, prose, sheet, table, terms
from simulation.report.text_blocks import CHATS, CHATS_HEADS, CONFERENCES, OUTBOUND, OUTBOUND_HEADS

__all__ = ["ReportData", "render", "report_data", "written"]


def render(report: ReportData) -> str:
    """Return one self-contained HTML page.

    Parameters
    ----------
    report : ReportData
        Returned by ``report_data``; all its text is escaped.

    Returns
    -------
    str

    Examples
    --------
    >>> from ivr.records.measures import sums
    >>> from ivr.records.tables import empty
    >>> "No calls yet" in render(report_data([sums(empty(horizon_us=10))], title="Monday"))
    True
    """
    drawn = charts(report)
    parts = [_header(report)]
    if report.overall["arrived"].mean:
        parts += [f'<p class="lead">{prose(_lead(report))}</p>', _figures(report)]
        parts += [f'<h2>In charts</h2><div class="charts">{"".join(map(figure, drawn))}</div>']
        parts += [_queues(report), _groups(report), costs(report), _days(report), _times(report), _exact(report)]
    else:
        parts.append(
            '<div class="sheet empty"><strong>No calls yet</strong>'
            "This page shows results as soon as calls arrive.</div>"
        )
    parts += [_background(report), _glossary(report)]
    return page(title=report.title, body="\n".join(part for part in parts if part), charts=drawn)


def _header(report: ReportData) -> str:
    kind = "Simulated calls" if report.source == "simulated" else "Live calls"
    subtitle = " · ".join(part for part in (kind, report.subtitle) if part)
    return (
        f'<header><div><h1>{escape(report.title)}</h1><p class="subtitle">{escape(subtitle)}</p></div>'
        '<button id="theme" type="button" hidden>Dark colours</button></header>'
    )


def _lead(report: ReportData) -> str:
    of = report.overall

    def said(name: str) -> str:  # with as many digits as the interval allows
        return without_interval(written(name, of[name]))

    within = report.within
    if not of["offered"].mean:
        promised = of["callbacks_promised"].mean
        rest = (
            f"a callback was promised to {counted(said('callbacks_promised'), 'caller')}; nobody else"
            if promised
            else "nobody"
        )
        return f"{counted(said('arrived'), 'call')} arrived, and {rest} joined a queue."
    if "service_level" not in of:
        return f"{counted(said('offered'), 'caller')} joined a queue; everybody hung up within {within}."
    sentence = (
        f"{said('service_level')} of callers in queues are answered within {within}, not counting those who"
        " hang up by then."
    )
    if "asa_s" in of:
        sentence += f" Answered callers wait {said('asa_s')} on average; "
    else:
        sentence += " Nobody is answered; "
    sentence += (
        f"{said('abandonment')} of callers in queues hang up."
        if of["abandonment"].mean
        else "nobody hangs up while waiting."
    )
    if "occupancy" in of:
        sentence += f" Agents are busy {said('occupancy')} of their time."
    return sentence


def _figures(report: ReportData) -> str:
    of = report.overall
    main = {
        "service_level": f"handled within {report.within}, of all who did not hang up by then",
        "asa_s": "mean wait of handled callers",
        "abandonment": "of offered callers hang up",
        "occupancy": "of agents' time, talking or in ACW",
    }
    more = {
        "arrived": "calls per run" if report.replications > 1 else "calls",
        "menu_s": "mean, of callers who got a line",
        "containment": "served by the menu alone",
        "share_zero_out": "left the menu by pressing 0",
        "blocking": "of callers found all lines busy",
        "retries": "calls by callers not served before",
        "repeats": "calls by callers whose call before was handled",
        "balked": "hung up on hearing the expected wait",
        "full": "found no room in the queue",
        "paused_agents": "on a short pause, of those on duty",
        "handed_over": "talks cut off by the end of a shift",
        "handed_over_wait_s": "until another agent takes over",
        "callbacks_promised": "accepted a callback and left the line",
        "promise_wait_s": "on the line until they accepted",
        "callback_reached_share": "of those whose place was kept",
        "callback_level": "of them reached in time",
        "callback_wait_s": "until they were reached",
        **CONFERENCES,
        **CHATS,
        **OUTBOUND,
    }
    rows = []
    for names, style in ((main, "figures"), (more, "figures small")):
        shown = {
            name: meaning
            for name, meaning in names.items()  # no card for what the scenario lacks
            if name in of and (names is main or of[name].mean)
        }
        cards = [
            _figure(MEASURES[name].title, written(name, of[name]), meaning, _check(report, name))
            for name, meaning in shown.items()
        ]
        rows.append(f'<ul class="{style}">{"".join(cards)}</ul>' if cards else "")
    return "".join(rows)


def _figure(name: str, text: str, meaning: str, check: str) -> str:
    value = without_interval(text)
    interval = text[len(value) :].strip()
    shown = f'<span class="number">{escape(value)}</span>' + (f" <small>{prose(interval)}</small>" if interval else "")
    return (
        f'<li class="figure"><span class="name">{escape(name)}</span><span class="value">{shown}</span>'
        f'<span class="of">{prose(meaning)}</span>{check}</li>'
    )


def _check(report: ReportData, name: str) -> str:
    """The text below a figure: whether it meets its target, and its exact value."""
    value, notes = report.overall[name], []
    if name == "service_level" and report.target_share is not None:
        word = {"met": '<span class="met">✓ meets</span>', "missed": '<span class="missed">✗ misses</span>'}.get(
            against_target(value, report.target_share), "too close to call:"
        )
        notes.append(f"{word} the target of {escape(share(report.target_share))}")
    if value.exact is not None:
        notes.append(f"exact {escape(exact_written(name, value))}{_agreement(name, value)}")
    return "".join(f'<span class="check">{note}</span>' for note in notes)


def _agreement(name: str, value: Estimate) -> str:
    ends = bounds(name, value)
    if value.exact is None or ends is None or not value.half_width:
        return ""
    return ", inside the interval" if ends[0] <= value.exact <= ends[1] else ", outside the interval"


def _cells(of: Mapping[str, Estimate], names: tuple[str, ...]) -> list[str]:
    # agents on duty follow from the roster, so an interval would be meaningless
    return [
        half_width(written(name, of[name], interval=name != "staffed_agents")) if name in of else "–" for name in names
    ]


def _queues(report: ReportData) -> str:
    names = ("offered", "service_level", "asa_s", "wait_p95_s", "abandonment", "aht_s")
    if not report.by_queue:
        return ""
    rows = [[key(i) + escape(queue), *_cells(of, names)] for i, (queue, of) in enumerate(report.by_queue.items())]
    if len(rows) > 1:
        rows.append(["All queues", *_cells(report.overall, names)])
    heads = ["Queue", "Offered", "Service level", "ASA", "95 % wait at most", "Abandonment", "AHT"]
    if report.queue_levels:
        own = {one.queue: one for one in report.queue_levels}
        goals = [goal_cell(own.get(queue), report.threshold_s) for queue in report.by_queue]
        rows = [[*row[:3], goal, *row[3:]] for row, goal in zip(rows, [*goals, report.within], strict=False)]
        heads.insert(3, "Within")
    return sheet(
        "By queue",
        table(heads, rows),
        note=confidence_note(report.replications, report.confidence, known=report.has_intervals),
    )


def _groups(report: ReportData) -> str:
    names: tuple[str, ...] = ("staffed_agents", "handled", "asa_s", "aht_s", "occupancy")
    if not any("occupancy" in of for of in report.by_group.values()):
        return ""
    heads: tuple[str, ...] = ("Group", "Agents on duty", "Handled", "ASA", "AHT", "Occupancy")
    if any("concurrency" in of for of in report.by_group.values()):
        names, heads = (*names, *CHATS_HEADS), (*heads, *CHATS_HEADS.values())
    if report.overall["outbound_made"].mean:
        names, heads = (*names, *OUTBOUND_HEADS), (*heads, *OUTBOUND_HEADS.values())
    rows = [[escape(group), *_cells(of, names)] for group, of in report.by_group.items()]
    return sheet("By agent group", table(heads, rows))


_OVER_TIME = {
    "arrived": "Arrived",
    "service_level": "Service level",
    "asa_s": "ASA",
    "abandonment": "Abandonment",
    "occupancy": "Occupancy",
}


def _days(report: ReportData) -> str:
    return _over_time("By day", "Day", [(f"{date:%a %d %b %Y}", of) for date, of in report.by_day])


def _times(report: ReportData) -> str:
    found = [(f"{one.time:%H:%M}", one.measures) for one in report.by_time]
    return _over_time("By time of day", "From", found, note="Calls: mean per day. Shares and means: over all days.")


def _over_time(title: str, first: str, found: Sequence[tuple[str, Mapping[str, Estimate]]], *, note: str = "") -> str:
    names = [name for name in _OVER_TIME if any(name in of for _, of in found)]
    rows = [[escape(label), *_cells(of, tuple(names))] for label, of in found]
    return sheet(title, table((first, *(_OVER_TIME[name] for name in names)), rows), note=note) if rows else ""


def _exact(report: ReportData) -> str:
    known = {name: value for name, value in report.overall.items() if value.exact is not None}
    if not known:
        return ""
    rows = []
    for name, value in known.items():
        verdict = _agreement(name, value).removeprefix(", ") or "no interval"
        mark = {"inside the interval": "✓ ", "outside the interval": "✗ "}.get(verdict, "")
        rows.append(
            [
                escape(MEASURES[name].title if name in MEASURES else name),
                half_width(written(name, value)),
                escape(exact_written(name, value)),
                mark + verdict,
            ]
        )
    return sheet(
        "Compared with the exact value",
        table(("Measure", "Simulated", "Exact", "The exact value lies"), rows),
        note=(
            f"A formula gives the exact value of this scenario; by chance, {share(round(1 - report.confidence, 6))} of"
            " intervals do not contain it."
        ),
    )


def _background(report: ReportData) -> str:
    parts = []
    if report.inputs:
        parts.append(
            sheet("What was simulated" if report.source == "simulated" else "What was recorded", terms(report.inputs))
        )
    if report.assumptions:
        parts.append(assumed(report.assumptions))
    return f'<div class="two">{"".join(parts)}</div>' if parts else ""


def _glossary(report: ReportData) -> str:
    rows = [
        [
            escape(m.title),
            half_width(written(name, report.overall[name])) if name in report.overall else "–",
            escape(m.formula),
            escape(m.source),
        ]
        for name, m in MEASURES.items()
        if name in report.overall
    ]
    for name, part in QUANTILES.items():
        if name in report.overall:
            rows.append(
                [
                    f"{share(part)} of waits at most",
                    half_width(written(name, report.overall[name])),
                    "the smallest bound that this share of the waits of all offered callers does not exceed",
                    "",
                ]
            )
    content = table(("Measure", "Value", "Formula", "Source"), rows, text_columns=(2, 3))
    intervals = escape(confidence_note(report.replications, report.confidence, known=report.has_intervals))
    return (
        '<section class="glossary"><h2>Every measure, and what it means</h2><details class="sheet">'
        f"<summary>Show all {len(rows)} measures with their formulas</summary>"
        f'<div class="scroll" tabindex="0" role="region" aria-label="Every measure">{content}</div></details></section>'
        f"<footer>{intervals} A wait equal to the threshold is within it. Ratios are ratios of averages.</footer>"
    )
