"""All estimates of a calibration as rows: for people, for pages and for JSON."""

from __future__ import annotations

from dataclasses import dataclass

from flows.source.counted import counted
from simulation.calibration.arrivals import ArrivalEstimate, tells
from simulation.calibration.calibration import Calibration
from simulation.calibration.estimated import Estimated
from simulation.calibration.from_intervals import FromIntervals
from simulation.calibration.menu_behaviour import silent, wrong_keys
from simulation.clock.local_time import DAYS

__all__ = ["Row", "rows", "rows_of_intervals"]


@dataclass(frozen=True)
class Row:
    """One estimate.

    Parameters
    ----------
    about : str
        What it belongs to: arrivals, talk, patience, agents, callers, menus.
    key : str
        Its name in JSON.
    title : str
    kind : {"count", "share", "time", "number"}
    value : Estimated
    note : str
    told : bool
        False where the log cannot tell: the value is next to chance.
    """

    about: str
    key: str
    title: str
    kind: str
    value: Estimated
    note: str = ""
    told: bool = True


def rows(of: Calibration) -> tuple[Row, ...]:
    """The estimates of a calibration, in reading order."""
    return (*_arrivals(of), *_talk(of), *_patience(of), *_agents(of), *_callers(of))


def rows_of_intervals(of: FromIntervals) -> tuple[Row, ...]:
    """The estimates of a report by intervals; its means of times have no intervals of confidence."""
    found = _days(of.arrivals)
    for queue, counts in of.counts.items():
        calls = int(counts[of.kept].sum())
        for key, what, times in (("talk", "talk", of.talk_s), ("acw", "after-call work", of.acw_s)):
            if times[queue]:
                value = Estimated(times[queue], times[queue], times[queue], calls)
                found.append(Row("talk", f"{key}_{queue}_s", f"{what}, {queue}", "time", value))
    if of.patience_s:
        value = Estimated(of.patience_s, of.patience_s, of.patience_s)
        found.append(Row("patience", "patience_s", "mean patience", "time", value, "inferred from those who gave up"))
    return tuple(found)


def _days(of: ArrivalEstimate) -> list[Row]:
    """Calls of each day of the week, and how days differ."""
    found = [
        Row(
            "arrivals",
            f"calls_{DAYS[w]}",
            f"calls on {DAYS[w].capitalize()}",
            "count",
            level,
            counted(level.count, "day"),
        )
        for w, level in enumerate(of.level)
        if level.value and level.count
    ]
    if of.gamma is not None:
        found.append(
            Row("arrivals", "busyness_gamma", "shape of busy days", "number", of.gamma, "gamma factor of whole days")
        )
    if of.within is not None:
        found.append(
            Row("arrivals", "correlation_within_days", "first and second half of a day", "number", of.within,
                "correlation, free of chance", tells(of.within))
        )  # fmt: skip
    return found


def _arrivals(of: Calibration) -> list[Row]:
    found = _days(of.arrivals)
    if of.together is not None:
        found.append(
            Row("arrivals", "correlation_between_types", "commonest kind and the others", "number", of.together,
                "correlation, free of chance", tells(of.together))
        )  # fmt: skip
    if len(of.types) > 1:
        found += [Row("arrivals", f"share_{name}", f"wants {name}", "share", share) for name, share in of.types.items()]
    if of.head_start is not None:
        head = of.head_start
        seconds = Estimated(head.seconds, head.seconds, head.seconds, head.explained.count)
        found.append(Row("arrivals", "head_start_s", "head start of high priority", "time", seconds))
    return found


def _talk(of: Calibration) -> list[Row]:
    found = []
    for name, talk in of.talk.items():
        family = talk.fits[0].family if talk.fits else "exponential (assumed)"
        found.append(Row("talk", f"talk_{name}_s", f"talk, {name}", "time", talk.mean, f"{family}, cv {talk.cv:.2f}"))
        if talk.short.value:
            found.append(Row("talk", f"short_{name}", f"ended at once, {name}", "share", talk.short))
    return found


def _patience(of: Calibration) -> list[Row]:
    found = []
    for name, patience in [("", of.patience), *of.own_patience.items()]:
        if patience is None:
            continue
        suffix, whose = (f"_{name}", f", {name}") if name else ("", "")
        note = f"{patience.fits[0].family}, {patience.gave_up:,} gave up"
        found.append(Row("patience", f"patience{suffix}_s", f"mean patience{whose}", "time", patience.mean, note))
        found.append(Row("patience", f"leave_at_once{suffix}", f"leave within 5 s{whose}", "share", patience.at_once))
    return found


def _agents(of: Calibration) -> list[Row]:
    found = []
    days = max(int(of.kept.sum()), 1)
    for group, on_duty in zip(of.staff.groups, of.staff.on_duty, strict=True):
        hours = on_duty[of.kept].sum(axis=1) * of.days.interval_s / 3600
        mean = float(hours.mean()) if len(hours) else 0.0
        note = f"{round(float(on_duty.max())) if on_duty.size else 0} at most; {_HOW[of.staff.how]}"
        value = Estimated(mean, float(hours.min(initial=mean)), float(hours.max(initial=mean)), days)
        found.append(
            Row("agents", f"hours_{group.name.replace(' ', '_')}", f"hours a day, {group.name}", "count", value, note)
        )
    pauses = of.staff.pauses
    if pauses is not None:
        found.append(
            Row("agents", "ready_again_s", "ready again after a talk", "time", pauses.mean, pauses.fits[0].family)
        )
        if pauses.told_apart and pauses.after_work and pauses.pause and pauses.share:
            found.append(Row("agents", "after_call_work_s", "work after a call", "time", pauses.after_work))
            found.append(Row("agents", "pause_share", "calls with a pause after", "share", pauses.share))
            found.append(Row("agents", "pause_s", "length of a pause", "time", pauses.pause))
    return found


_HOW = {
    "answers": "inferred from answers",
    "records": "from the agents' records",
    "waits": "inferred from who talks while callers wait",
    "rings": "assumed, as waits show how long it rings",
    "assumed": "assumed",
}


def _told(above_s: float) -> str:
    return f"told {above_s / 60:g} min or more" if above_s else "told under a minute"


def _callers(of: Calibration) -> list[Row]:
    found = []
    if of.retries is not None:
        note = f"within an hour, after {of.retries.after_s / 60:.0f} min on average"
        found.append(Row("callers", "retry", "not served, call again", "share", of.retries.share, note))
    found += [
        Row("callers", f"told_{step.above_s:g}_s", f"{_told(step.above_s)}, leave", "share", step.leave)
        for step in of.told
    ]
    if of.menu is not None:
        found.append(Row("menus", "menu_s", "time until the queue", "time", of.menu.mean))
    for key, title, share in (
        ("zero_out", "ask for the operator", of.zero_out),
        ("hung_up", "hang up in the menu", of.hung_up),
    ):
        if share is not None:
            found.append(Row("menus", key, title, "share", share))
    if of.nodes:
        found += [
            Row("menus", "wrong_keys", "visits that end by wrong keys", "share", wrong_keys(of.nodes)),
            Row("menus", "silence", "visits that end in silence", "share", silent(of.nodes)),
        ]
        for name, node in of.nodes.items():
            found += [
                Row("menus", f"{name}_{label}", f"{name}: {label}", "share", share)
                for label, share in node.shares.items()
            ]
            found.append(Row("menus", f"{name}_s", f"{name}: time", "time", node.seconds))
    return found
