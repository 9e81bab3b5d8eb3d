"""Everything that is estimated from a log of calls."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from flows.model.flow import Flow
from ivr.records.schema import outcome_code, result_code
from ivr.records.selection import between
from ivr.records.tables import Records
from simulation.arrays import Flags, Floats
from simulation.calibration.announcements import ToldEstimate, estimate_told
from simulation.calibration.arrivals import ArrivalEstimate, correlation, estimate_arrivals, interval_correlation
from simulation.calibration.choices import (
    ChoiceEstimate,
    estimate_choices,
    hanging_up,
    languages_of,
    outside_of,
)
from simulation.calibration.estimated import Estimated, share_of
from simulation.calibration.first_calls import first_calls
from simulation.calibration.log_days import LogDays
from simulation.calibration.menu_behaviour import NodeEstimate, estimate_nodes
from simulation.calibration.outages import LeftOut, days_left_out
from simulation.calibration.passed_on import lines_of, transfers_of
from simulation.calibration.patience import PatienceEstimate, estimate_patience
from simulation.calibration.priorities import HeadStart, estimate_head_start
from simulation.calibration.retries import RetryEstimate, estimate_retries
from simulation.calibration.talk import TalkEstimate, estimate_talk
from simulation.calibration.talks_at_once import TalksAtOnce, talks_at_once
from simulation.calibration.types_by_interval import shares_by_interval
from simulation.calibration.volumes import Volumes
from simulation.calibration.who_answers import Staff, staff_of
from simulation.call_logs.log import CallLog

__all__ = ["Calibration", "calibrate", "part"]

_OWN_PATIENCE = 300
_APART = 0.15


@dataclass(frozen=True)
class Calibration:
    """What a log tells.

    Parameters
    ----------
    log : CallLog
        The calls that were used, with those of days that are left out.
    days : LogDays
    kept : numpy.ndarray
        b1[days].
    left_out : tuple of LeftOut
    counts : numpy.ndarray
        f8[days, intervals]. Calls.
    arrivals : ArrivalEstimate
    types : dict of str to Estimated
        Share of calls by intent, or by queue where no intent is logged.
    types_by_interval : dict of str to numpy.ndarray
        Their shares in each interval of a day (f8[intervals]), if these differ beyond chance.
    together : Estimated or None
        How the busyness of types goes together: the mean correlation of the largest with the others.
    talk : dict of str to TalkEstimate
        By queue.
    drift : dict of str to float
        Talk time of the second half of the days, by that of the first; the whole log under "".
    patience : PatienceEstimate or None
        Of all queues together.
    own_patience : dict of str to PatienceEstimate
        Of queues whose callers clearly differ.
    staff : Staff
    menu : TalkEstimate or None
        Time from arrival to the queue.
    nodes : dict of str to NodeEstimate
    retries : RetryEstimate or None
    head_start : HeadStart or None
    told : tuple of ToldEstimate
        By announced wait, who leaves at once.
    parts : dict of (part, earlier part) to Estimated
        Correlations of four parts of the day with equally many calls, where they can be told.
    zero_out, hung_up : Estimated or None
        Of records of this program: share of calls that asked for the operator, and that hung up in the menu.
    again : Estimated or None
        Of records that number attempts: share of callers not served who call again.
    flow : Flow or None
    at_once : TalksAtOnce or None
        Where agents talk to several callers at once, as in chats.
    choices : dict of str to ChoiceEstimate
        By node, what callers do there besides what they mean to, where the log says what they wanted.
    outside : dict of str to dict of str to Estimated
        Shares of the answers of services and splits, by node.
    languages : dict of str to Estimated
        Share of calls by language, where there are several and steps.
    hanging_up : Estimated or None
        Callers who hang up in a minute of the menus, but for nodes whose own shares hold it.
    transfers : dict of str to dict of str to Estimated
        By queue, the share of answered callers whom agents pass on to another queue.
    lines : int or None
        How many calls there are at once whenever one is refused.
    volumes : Volumes or None
        Where `arrivals` are estimated from, if not from the log.
    """

    log: CallLog
    days: LogDays
    kept: Flags
    left_out: tuple[LeftOut, ...]
    counts: Floats
    arrivals: ArrivalEstimate
    types: dict[str, Estimated]
    types_by_interval: dict[str, Floats]
    together: Estimated | None
    talk: dict[str, TalkEstimate]
    drift: dict[str, float]
    patience: PatienceEstimate | None
    own_patience: dict[str, PatienceEstimate]
    staff: Staff
    menu: TalkEstimate | None
    nodes: dict[str, NodeEstimate]
    retries: RetryEstimate | None
    head_start: HeadStart | None
    told: tuple[ToldEstimate, ...] = ()
    parts: dict[tuple[int, int], Estimated] = field(default_factory=dict)
    zero_out: Estimated | None = None
    hung_up: Estimated | None = None
    again: Estimated | None = None
    flow: Flow | None = field(default=None, repr=False)
    at_once: TalksAtOnce | None = None
    volumes: Volumes | None = None
    choices: dict[str, ChoiceEstimate] = field(default_factory=dict)
    outside: dict[str, dict[str, Estimated]] = field(default_factory=dict)
    languages: dict[str, Estimated] = field(default_factory=dict)
    hanging_up: Estimated | None = None
    transfers: dict[str, dict[str, Estimated]] = field(default_factory=dict)
    lines: int | None = None

    @property
    def records(self) -> Records:
        """The calls that were used."""
        return self.log.records

    @property
    def calls(self) -> int:
        """Calls of the days that were kept."""
        return int(self.counts[self.kept].sum())


def part(log: CallLog, from_us: int, to_us: int) -> CallLog:
    """The calls of a period; whether a day has a hole is judged by the whole log."""
    whole = LogDays(log.records)
    _, left_out = days_left_out(whole.dates, whole.counts(log.records.calls["arrived_us"]), whole.interval_s)
    arrived = log.records.calls["arrived_us"]
    inside = (arrived >= from_us) & (arrived < to_us)
    records = between(log.records, from_us, to_us)
    order = np.arange(len(records.calls["arrived_us"]))
    # Rows are numbered anew, because callers and priorities are found by the number of a row.
    old = records.calls["call_id"]
    new = np.full(int(old.max(initial=0)) + 1, -1)
    new[old] = order
    tables = {
        name: {**getattr(records, name), "call_id": new[getattr(records, name)["call_id"]]}
        for name in ("calls", "visits", "steps")
    }
    return replace(
        log,
        records=replace(records, calls=tables["calls"], visits=tables["visits"], steps=tables["steps"]),
        caller=log.caller[inside],
        priority=log.priority[inside],
        known=log.known - {"staff"},
        left_out=tuple((one.date, one.why) for one in left_out) if log.left_out is None else log.left_out,
        counts=log.counts
        | {
            "calls": int(np.count_nonzero(inside)),
            "calls of other days": log.counts.get("calls of other days", 0) + int(np.count_nonzero(~inside)),
        },
    )


def calibrate(
    log: CallLog, *, interval_s: float = 1800.0, confidence: float = 0.95, flow: Flow | None = None
) -> Calibration:
    """Estimate everything that a log tells.

    Parameters
    ----------
    log : CallLog
    interval_s : float
        Length of an interval of the day.
    confidence : float
    flow : Flow, optional
        That the callers called, for menu behaviour.
    """
    days = LogDays(log.records, interval_s)
    calls = log.records.calls
    first = calls["attempt"] == 1 if "attempts" in log.known else np.ones(len(calls["attempt"]), dtype=bool)
    counts = days.counts(calls["arrived_us"][first_calls(log)])
    kept, left_out = days_left_out(days.dates, counts, days.interval_s)
    if log.left_out is not None:
        left_out = tuple(LeftOut(date, why) for date, why in log.left_out if date in days.dates)
        kept = ~np.isin(np.arange(days.count), [days.dates.index(one.date) for one in left_out])
    arrivals = estimate_arrivals(counts, days.weekday, kept, confidence=confidence)
    in_use = kept[days.day_of(calls["arrived_us"])]
    types, together = _types(log.records, days, kept, in_use & first, confidence)
    by_interval = shares_by_interval(_counts_of_types(log.records, days, kept, tuple(types))) if types else None
    visits = log.records.visits
    row_of = _rows(log.records)
    used = in_use[row_of]
    talk, drift = _talk(log.records, days, used, confidence)
    patience, own = _patience(log, used, confidence)
    stepped = flow if "steps" in log.known else None
    nodes = estimate_nodes(log.records, flow, confidence=confidence) if "steps" in log.known else {}
    choices = estimate_choices(log.records, stepped, in_use) if stepped else {}
    return Calibration(
        log=log,
        days=days,
        kept=kept,
        left_out=left_out,
        counts=counts,
        arrivals=arrivals,
        types=types,
        types_by_interval={} if by_interval is None else dict(zip(types, by_interval, strict=True)),
        together=together,
        talk=talk,
        drift=drift,
        patience=patience,
        own_patience=own,
        staff=staff_of(log, days, kept, counts, talk, confidence),
        menu=_menu(log, visits["call_id"], row_of, used),
        nodes=nodes,
        retries=estimate_retries(log.records, log.caller, confidence=confidence) if "callers" in log.known else None,
        head_start=estimate_head_start(log.records, log.priority) if "priority" in log.known else None,
        told=estimate_told(log.records, confidence=confidence),
        parts=interval_correlation(
            counts[kept],
            arrivals.observed[days.weekday[kept]],
            arrivals.weekdays,
            confidence=confidence,
        ),
        zero_out=_calls_with(calls["zero_out"], confidence) if log.format == "own_records" else None,
        hung_up=_calls_with(calls["outcome"] == outcome_code("abandoned_in_menu"), confidence)
        if log.format == "own_records"
        else None,
        again=_again(log, confidence) if "attempts" in log.known else None,
        flow=flow,
        choices=choices,
        outside=outside_of(log.records, stepped, in_use) if stepped else {},
        languages=languages_of(log.records, in_use) if stepped else {},
        hanging_up=hanging_up(log.records, in_use, without=nodes.keys() - choices.keys()) if stepped else None,
        transfers=transfers_of(log.records, used) if log.format == "own_records" else {},
        lines=lines_of(log.records) if log.format == "own_records" else None,
        at_once=talks_at_once(log.records) if "agents" in log.known else None,
    )


def _calls_with(rows: Flags, confidence: float) -> Estimated | None:
    """Share of calls; None if no call has it, as in a log without menus."""
    found = int(np.count_nonzero(rows))
    return share_of(found, len(rows), confidence) if found else None


def _again(log: CallLog, confidence: float) -> Estimated | None:
    """Share of calls not served that were followed by another attempt."""
    calls = log.records.calls
    lost = np.isin(calls["outcome"], [outcome_code(name) for name in ("abandoned", "blocked", "turned_away")])
    later = int(np.count_nonzero(calls["attempt"] > 1))
    return share_of(later, int(np.count_nonzero(lost)), confidence) if later and np.any(lost) else None


def _rows(records: Records) -> np.ndarray:
    """The row of the call of each visit."""
    position = np.full(int(records.calls["call_id"].max(initial=0)) + 1, 0)
    position[records.calls["call_id"]] = np.arange(len(records.calls["call_id"]))
    return np.asarray(position[records.visits["call_id"]])


def _types(
    records: Records, days: LogDays, kept: Flags, used: Flags, confidence: float
) -> tuple[dict[str, Estimated], Estimated | None]:
    """Shares of intents, or of queues; and how their busyness goes together."""
    code, names = records.calls["intent"], records.names["intent"]
    if not len(names):
        return {}, None
    code, at = code[used], records.calls["arrived_us"][used]
    sums = np.bincount(code[code >= 0], minlength=len(names))
    total = int(sums.sum())
    shares = {name: share_of(int(n), total, confidence) for name, n in zip(names, sums.tolist(), strict=True) if n}
    large = np.argsort(-sums)[:2]
    if len(large) < 2 or sums[large[1]] < 400:
        return shares, None
    parts, levels = [], 0
    for one in (code == large[0], (code != large[0]) & (code >= 0)):
        counted = days.counts(at[one])[kept]
        found = estimate_arrivals(counted, days.weekday[kept], np.ones(len(counted), dtype=bool))
        parts += [counted.sum(axis=1), found.observed.sum(axis=1)[days.weekday[kept]]]
        levels = max(levels, found.weekdays)
    return shares, correlation(parts[0], parts[1], parts[2], parts[3], levels, confidence=confidence)


def _counts_of_types(records: Records, days: LogDays, kept: Flags, types: tuple[str, ...]) -> Floats:
    """First calls of each type in each interval of a day, of all days that are kept."""
    code, at, first = records.calls["intent"], records.calls["arrived_us"], records.calls["attempt"] == 1
    names = records.names["intent"]
    return np.array([days.counts(at[first & (code == names.index(name))])[kept].sum(axis=0) for name in types], "f8")


def _talk(
    records: Records, days: LogDays, used: Flags, confidence: float
) -> tuple[dict[str, TalkEstimate], dict[str, float]]:
    visits = records.visits
    handled = used & (visits["result"] == result_code("handled"))
    talk_s = visits["talk_us"] / 1e6
    found, drift = {}, {}
    day = days.day_of(visits["offered_us"])
    late = day >= np.median(day[handled]) if np.any(handled) else handled
    for code, name in [(-1, ""), *enumerate(records.names["queue"])]:
        rows = handled & ((visits["queue"] == code) | (code == -1))
        first, second = talk_s[rows & ~late], talk_s[rows & late]
        if len(first) >= 200 and len(second) >= 200 and first.mean():
            drift[name] = float(second.mean() / first.mean())
        if name and (estimate := estimate_talk(talk_s[rows], confidence=confidence)):
            found[name] = estimate
    return found, drift


def _patience(
    log: CallLog, used: Flags, confidence: float
) -> tuple[PatienceEstimate | None, dict[str, PatienceEstimate]]:
    if "waits" not in log.known:
        return None, {}
    visits = log.records.visits
    wait_s = (visits["left_us"] - visits["offered_us"]) / 1e6
    gave_up = visits["result"] == result_code("abandoned")
    rows = used & ~visits["called_back"]
    whole = estimate_patience(wait_s[rows], gave_up[rows], confidence=confidence)
    own = {}
    rate = np.count_nonzero(gave_up[rows]) / max(wait_s[rows].sum(), 1.0)
    for code, name in enumerate(log.records.names["queue"]):
        here = rows & (visits["queue"] == code)
        events = int(np.count_nonzero(gave_up[here]))
        ratio = events / max(wait_s[here].sum(), 1.0) / max(rate, 1e-12)
        # The logarithm of a rate has a standard error of one by the root of its events.
        clearly = events >= _OWN_PATIENCE and abs(np.log(max(ratio, 1e-9))) > max(_APART, 2.6 / np.sqrt(max(events, 1)))
        if clearly and (estimate := estimate_patience(wait_s[here], gave_up[here], confidence=confidence)):
            own[name] = estimate
    return whole, own


def _menu(log: CallLog, call_id: np.ndarray, row_of: np.ndarray, used: Flags) -> TalkEstimate | None:
    """Time until the queue is joined, of calls that join one."""
    if "menu" not in log.known or not len(call_id):
        return None
    first = log.records.visits["seq"] == 0
    times = (log.records.visits["offered_us"] - log.records.calls["arrived_us"][row_of])[first & used] / 1e6
    return estimate_talk(times) if len(times) and times.max() > 0 else None
