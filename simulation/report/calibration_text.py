"""A calibration as text for a terminal: what was read, what was estimated, what is assumed."""

from __future__ import annotations

import math

from flows.display.numbers import count, duration, share
from flows.display.tables import table
from flows.source.counted import counted
from simulation.backtesting.figures import FIGURES
from simulation.backtesting.own_days import OwnDays
from simulation.calibration.calibration import Calibration
from simulation.calibration.estimated import Estimated
from simulation.calibration.estimates import Row, rows
from simulation.calibration.making import MOST_DAYS
from simulation.call_logs.formats import formats
from simulation.call_logs.log import CallLog
from simulation.report.text_blocks import WIDTH, bullets, paragraph, shortened

__all__ = ["calibration_text", "estimate_texts", "figure_text", "log_text", "own_days_title", "value_text"]

_ABOUT = {
    "arrivals": "Arrivals",
    "talk": "Talk",
    "patience": "Patience",
    "agents": "Agents",
    "callers": "Callers",
    "menus": "Menus",
}
_MAP_WIDTH = 56
_CHECKED = ("abandonment", "no_wait", "mean_wait_s", "wait_p80_s", "wait_p95_s")


def value_text(kind: str, value: float) -> str:
    """A figure with its unit.

    >>> value_text("share", 0.146), value_text("time", 191.0), value_text("number", 45.71)
    ('14.6 %', '3 min 11 s', '45.7')
    """
    if math.isinf(value):
        return "∞"
    if kind == "share":
        return share(value)
    if kind == "time":
        return duration(value)
    if kind == "count":
        return count(round(value)) if value >= 20 else count(round(value, 1))
    return f"{value:.3g}"


def figure_text(name: str, value: float) -> str:
    """A compared figure with its unit."""
    return value_text(FIGURES[name].kind, value)


def log_text(log: CallLog) -> list[str]:
    """What was read, and by which columns."""
    counts = dict(log.counts)
    said = [counted(counts.pop("rows"), "row"), counted(counts.pop("calls"), "call")]
    said += [f"{number:,} {_one(what) if number == 1 else what}" for what, number in counts.items() if number]
    lines = [f"{log.name}: {formats()[log.format].title}", *paragraph(" · ".join(said))]
    if log.proposed:
        of = [
            [name if i == 0 else "", line]
            for name, value in log.proposed.items()
            for i, line in enumerate(_map_lines(value))
        ]
        lines += ["", "Columns", *table(of, left=2)]
    if log.unused:
        advice = (
            "If one of them tells when something happened to a call, name it in a column map, and give that with --map."
        )
        lines += paragraph(f"Not used: {', '.join(log.unused)}. {advice}")
    return lines


def _one(what: str) -> str:
    """One of what is counted: its first word in the singular."""
    first, _, rest = what.partition(" ")
    return f"{first.removesuffix('s')} {rest}".strip() if first in ("calls", "rows") else what


def _map_lines(value: object) -> list[str]:
    """What a role of a column map is, in lines; what a value means stays on the line of the value."""
    if isinstance(value, tuple | list):
        parts = [str(one) for one in value]
    elif isinstance(value, dict):
        parts = [f"{key} = {meaning}" for key, meaning in value.items()]
    else:
        return [shortened(str(value), _MAP_WIDTH)]
    lines = [""]
    for part in parts:
        fits = len(lines[-1]) + len(part) + 2 <= _MAP_WIDTH
        lines[-1:] = (
            [f"{lines[-1]}, {part}"] if fits and lines[-1] else [*([f"{lines[-1]},"] if lines[-1] else []), part]
        )
    return [shortened(line, _MAP_WIDTH) for line in lines]


def calibration_text(of: Calibration, assumed: tuple[str, ...], own: OwnDays | None = None) -> str:
    """Everything about a calibration."""
    dates = of.days.dates
    lines = log_text(of.log)
    many = counted(of.days.count, "day")
    lines += ["", f"{dates[0]:%a %d %b %Y} to {dates[-1]:%a %d %b %Y}, {many}, {counted(of.calls, 'call')} used"]
    if of.left_out:
        lines += ["", "Days left out", *bullets([f"{one.date:%a %d %b %Y}: {one.why}" for one in of.left_out])]
    found = rows(of)
    for about, title in _ABOUT.items():
        if mine := [row for row in found if row.about == about]:
            lines += ["", title, *_about(mine)]
    changed = [f"{name}: {_times(ratio)}" for name, ratio in of.drift.items() if name and abs(ratio - 1) > 0.1]
    if changed:
        lines += ["", "Talk changes from the first half of the days to the second", *bullets(changed)]
    if own is not None and "waits" in of.log.known:
        lines += ["", *_own_days(of, own)]
    if assumed:
        lines += ["", "Assumed, because the log cannot tell", *bullets(list(assumed))]
    return "\n".join(lines)


def _times(ratio: float) -> str:
    return f"{abs(ratio - 1) * 100:.0f} % {'longer' if ratio > 1 else 'shorter'}"


def _about(mine: list[Row]) -> list[str]:
    """The estimates of a kind; what is said about one stands behind it as far as there is room."""
    lines = table([_cells(row) for row in mine])
    room = WIDTH - 2 - max(map(len, lines))
    noted = [f"{line:<{WIDTH - room}}{row.note}" if row.note else line for line, row in zip(lines, mine, strict=True)]
    return [line if len(line) <= WIDTH else plain for line, plain in zip(noted, lines, strict=True)]


def _cells(row: Row) -> list[str]:
    return [shortened(row.title, 30), *estimate_texts(row)]


def estimate_texts(row: Row) -> tuple[str, str]:
    """An estimate and its interval; no interval where there is none, and no figure where the log cannot tell.

    >>> estimate_texts(Row("talk", "talk_s", "talk", "time", Estimated(120.0, 110.0, 130.0)))
    ('2 min', '1 min 50 s to 2 min 10 s')
    >>> estimate_texts(Row("arrivals", "busyness_gamma", "shape of busy days", "number", Estimated(9, 5, float("inf"))))
    ('9', '5 or more')
    """
    if not row.told:
        return "cannot be told", ""
    return value_text(row.kind, row.value.value), _interval(row.kind, row.value)


def _interval(kind: str, of: Estimated) -> str:
    if of.low == of.high:
        return ""
    low, high = value_text(kind, of.low), value_text(kind, of.high)
    if math.isinf(of.high):
        return f"{low} or more"
    return f"{low.removesuffix(' %') if kind == 'share' else low} to {high}"


def own_days_title(of: Calibration) -> str:
    """What is simulated to check a calibration: a scenario covers the last days of a long log."""
    days = "These days" if of.days.count <= MOST_DAYS else f"The last {MOST_DAYS} days"
    return f"{days} simulated, with the calls as they came"


def _own_days(of: Calibration, own: OwnDays) -> list[str]:
    found = [
        [FIGURES[name].title, figure_text(name, own.real[name]), figure_text(name, own.simulated.whole[name].mean)]
        for name in _CHECKED
        if name in own.real and name in own.simulated.whole
    ]
    lines = [own_days_title(of), *table(found, head=["", "real", "simulated"])]
    if of.staff.how not in ("answers", "records"):
        lines += paragraph("The log does not say who answered, so waits need not come out: see what is assumed below.")
    if own.factor != 1.0:
        lines += paragraph(
            f"The time until agents are ready again is {_times(own.factor)} than the answers show, so that"
            " waits come out."
        )
    return lines
