"""The report of a comparison: several scenarios on the same callers, side by side."""

from __future__ import annotations

from html import escape
from typing import Any

from flows.figures import count, duration, share
from flows.look import queue_hue
from ivr.measures import MEASURES
from simulation.estimates import Estimate
from simulation.report import written
from simulation.report_charts import Chart
from simulation.report_data import Comparison, Variant, comparison
from simulation.report_page import confidence_note, figure, half_width, page, prose, sheet, table, terms

__all__ = ["Comparison", "comparison", "render_comparison", "verdict"]

_IF_ANY = ("blocking", "callbacks_promised", "callback_reached_share", "callback_level", "callback_wait_s")
_SHOWN = ("service_level", "asa_s", "abandonment", "occupancy", "menu_s", "share_zero_out", *_IF_ANY)
_HOW_TO_READ = ("Points are means, bars their intervals. Scenarios whose intervals overlap may still differ clearly, "
                "because they met the same callers: see the differences below.")
_QUESTIONS = {"service_level": "Who answers in time?", "asa_s": "Where is the wait shortest?",
              "abandonment": "Where do fewest hang up?", "occupancy": "How busy are the agents?"}


def render_comparison(report: Comparison) -> str:
    """Return one self-contained HTML page that compares scenarios.

    Parameters
    ----------
    report : Comparison
        Made by ``comparison``; its first scenario is the baseline.

    Returns
    -------
    str

    Examples
    --------
    >>> from ivr.measures import sums
    >>> from ivr.records import empty
    >>> html = render_comparison(comparison({"plan": [sums(empty(horizon_us=10))]}, title="Plans"))
    >>> "Plans" in html
    True
    """
    charts = [_chart(report, name) for name in _QUESTIONS if all(name in v.overall for v in report.variants)]
    subtitle = " · ".join(part for part in (f"{len(report.variants)} scenarios on the same callers", report.subtitle) if part)
    parts = [
        f'<header><div><h1>{escape(report.title)}</h1><p class="subtitle">{escape(subtitle)}</p></div>'
        '<button id="theme" type="button" hidden>Dark colours</button></header>',
        f'<p class="lead">{prose(_lead(report))}</p>',
        f'<div class="charts">{"".join(map(figure, charts))}</div>' if charts else "",
        f'<p class="note">{_HOW_TO_READ}</p>' if charts and report.replications > 1 else "",
        _figures(report), _differences(report)]
    background = [sheet("What was simulated", terms(report.inputs))] if report.inputs else []
    if report.assumptions:
        items = "".join(f"<li>{prose(text)}</li>" for text in report.assumptions)
        background.append(sheet("Assumed without evidence", f"<ul>{items}</ul>"))
    parts.append(f'<div class="two">{"".join(background)}</div>' if background else "")
    parts.append(f"<footer>{escape(confidence_note(report.replications, report.confidence))} Differences are taken caller "
                 "by caller, on the same random draws, so their intervals are narrower than those of the values.</footer>")
    return page(title=report.title, body="\n".join(part for part in parts if part), charts=charts)


def verdict(name: str, difference: Estimate) -> str:
    """Return what a difference means to callers: better, worse, or no clear difference.

    Parameters
    ----------
    name : str
        The measure.
    difference : Estimate
        To the baseline.

    Returns
    -------
    str
        ``"better"``, ``"worse"``, ``"higher"``, ``"lower"`` (where neither is better) or ``"no clear difference"``.

    Examples
    --------
    >>> verdict("asa_s", Estimate(-4.0, 1.0)), verdict("asa_s", Estimate(-4.0, 5.0)), verdict("occupancy", Estimate(0.1, 0.01))
    ('better', 'no clear difference', 'higher')
    """
    if difference.mean == 0 or (difference.half_width is not None and abs(difference.mean) <= difference.half_width):
        return "no clear difference"
    direction = "higher" if difference.mean > 0 else "lower"
    better = MEASURES[name].better
    return direction if not better else "better" if direction == better else "worse"


def _lead(report: Comparison) -> str:
    known = [variant for variant in report.variants if "service_level" in variant.overall]
    if not known:
        return "No caller joined a queue in any of the scenarios."
    best = max(known, key=lambda variant: variant.overall["service_level"].mean)
    level, within = _said("service_level", best), duration(report.threshold_s)
    if len(report.variants) == 1:
        return f"{best.name} answers {level} of the callers who want an agent within {within}."
    sentence = f"{best.name} answers most callers in time: {level} within {within}"
    if best.difference:
        difference = best.difference["service_level"]
        points = share(difference.mean, difference.half_width).replace(" %", "")
        clear = verdict("service_level", difference) != "no clear difference"
        sentence += (f", {points} points more than {report.variants[0].name}" if clear
                     else f", but not clearly more than {report.variants[0].name}")
    return sentence + "."


def _said(name: str, variant: Variant) -> str:
    return written(name, variant.overall[name]).partition(" ± ")[0]


def _chart(report: Comparison, name: str) -> Chart:
    """A point and its interval for each scenario, on one scale."""
    values = [variant.overall[name] for variant in report.variants]
    unit = {"share": "share", "s": "duration"}.get(MEASURES[name].unit, "count")
    low = min(value.mean - (value.half_width or 0.0) for value in values)
    high = max(value.mean + (value.half_width or 0.0) for value in values)
    room = 0.06 * (high - low) or 0.01
    left, right = max(low - room, 0.0), high + room
    series: list[dict[str, Any]] = []
    for i, (variant, value) in enumerate(zip(report.variants, values)):
        width, colour = value.half_width or 0.0, f"token:{queue_hue(i)}"
        series.append({"type": "line", "silent": True, "symbol": "rect", "symbolSize": [2, 14],
                       "data": [[max(value.mean - width, left), i], [value.mean + width, i]],
                       "lineStyle": {"color": colour, "width": 2}, "itemStyle": {"color": colour}})
        series.append({"name": variant.name, "type": "scatter", "symbolSize": 12, "silent": True,
                       "data": [[value.mean, i]], "itemStyle": {"color": colour, "opacity": 1}})
        series.append({"type": "scatter", "symbolSize": 0.1, "silent": True, "data": [[left, i]], "label": {
            "show": True, "position": "right", "offset": [-6, -18], "color": "token:ink", "fontSize": 12.5,
            "formatter": f"{variant.name}:  {written(name, value)}"}})
    target = report.target_share if name == "service_level" else None
    if target is not None and left <= target <= right:
        series[-1]["markLine"] = {
            "silent": True, "symbol": "none", "data": [{"xAxis": target}], "animation": False,
            "lineStyle": {"color": "token:neutral", "type": [5, 4], "width": 1.5},
            "label": {"show": True, "formatter": f"target {share(target)}", "color": "token:ink-soft", "position": "start"}}
    option = {
        "grid": {"left": 12, "right": 24, "top": 26, "bottom": 4, "outerBoundsMode": "same", "outerBoundsContain": "axisLabel"},
        "xAxis": {"type": "value", "min": left, "max": right, "axisLabel": {
            "formatter": f"format:{unit}", "hideOverlap": True, "showMinLabel": False, "showMaxLabel": False}},
        "yAxis": {"type": "value", "min": -0.8, "max": len(values) - 0.6, "inverse": True, "show": False}, "series": series}
    return Chart(name.replace("_", "-"), _title(report, name), _QUESTIONS[name], option,
                 ("Scenario", MEASURES[name].title),
                 tuple((variant.name, written(name, variant.overall[name])) for variant in report.variants))


def _title(report: Comparison, name: str) -> str:
    """Name the best scenario, but only where it differs clearly from the baseline."""
    measure, baseline = MEASURES[name], report.variants[0]
    ordered = sorted(report.variants, key=lambda variant: variant.overall[name].mean, reverse=measure.better == "higher")
    if not measure.better:  # occupancy: neither high nor low is good in itself
        low, high = _said(name, ordered[0]), _said(name, ordered[-1])
        return f"Agents are busy {low} of their time" + (f" to {high}, depending on the scenario" if low != high else "")
    verdicts = {variant.name: verdict(name, variant.difference[name]) for variant in report.variants if variant.difference}
    clear = [variant for variant in ordered if verdicts.get(variant.name) == "better"]
    if not clear and set(verdicts.values()) != {"worse"}:
        return f"{measure.title}: no scenario is clearly better than {baseline.name}"
    best = clear[0] if clear else baseline
    praise = {"service_level": "highest service level", "asa_s": "shortest wait", "abandonment": "fewest hang up"}[name]
    return f"{best.name}: {praise}, {_said(name, best)}"


def _figures(report: Comparison) -> str:
    names = [name for name in _SHOWN
             if any(v.overall[name].mean or name not in _IF_ANY for v in report.variants if name in v.overall)]
    rows = [[escape(variant.name),
             *(half_width(written(name, variant.overall[name])) if name in variant.overall else "–" for name in names)]
            for variant in report.variants]
    return sheet("The scenarios", table(("Scenario", *(MEASURES[name].title for name in names)), rows),
                 note=confidence_note(report.replications, report.confidence))


def _differences(report: Comparison) -> str:
    others = [variant for variant in report.variants if variant.difference]
    names = [name for name in _SHOWN  # what no scenario changes at all is not worth a column
             if any(v.difference[name].mean or v.difference[name].half_width for v in others if name in v.difference)]
    if not names:
        return ""
    marks = {"better": '<span class="met">✓ better</span>', "worse": '<span class="missed">✗ worse</span>'}
    rows = []
    for variant in others:
        row = [escape(variant.name)]
        for name in names:
            if name not in variant.difference:
                row.append("–")
                continue
            difference = variant.difference[name]
            word = verdict(name, difference)
            shown = marks.get(word, f'<span class="pm">{escape(word)}</span>')
            row.append(f"{half_width(signed(name, difference))}<br>{shown}")
        rows.append(row)
    return sheet(f"Compared with {report.variants[0].name}",
                 table(("Scenario", *(MEASURES[name].title for name in names)), rows),
                 note="Paired differences; shares in percentage points.")


def signed(name: str, difference: Estimate) -> str:
    """Return a difference with its sign and unit; that of shares in percentage points.

    >>> signed("service_level", Estimate(0.081, 0.006)), signed("asa_s", Estimate(-4.0, 1.0))
    ('+8.1 pp ± 0.6', '−4 s ± 1')
    """
    unit = MEASURES[name].unit
    text = {"share": share, "s": duration}.get(unit, count)(difference.mean, difference.half_width)
    text = text.replace(" %", " pp") if unit == "share" else text
    return text if difference.mean <= 0 else f"+{text}"
