"""The data of a report, made from the sums of simulated or live records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from flows.display.numbers import clock
from ivr.records.measures import WAIT_BOUNDS_S, Sums, total
from ivr.records.schema import OUTCOMES
from simulation.experiment.daily_measures import TimeOfDay, by_day, by_time_of_day
from simulation.experiment.day_spread import DaySpread
from simulation.experiment.estimates import Estimate, estimate, paired_difference
from simulation.experiment.queue_levels import QueueLevel, queue_levels, within_words

__all__ = ["Comparison", "ReportData", "Variant", "comparison", "report_data"]

Estimates = Mapping[str, Estimate]
Curve = tuple[tuple[float, float], ...]
"""Points (seconds, share that took at most this long)."""


@dataclass(frozen=True, kw_only=True)
class ReportData:
    """Everything that a report shows; returned by ``report_data``.

    Parameters
    ----------
    title, subtitle : str
    source : str
        ``"simulated"`` or ``"live"``; determines the wording.
    labels : tuple of str
        Clock times of the start of each interval and the end of the last.
    lengths_s : tuple of float
        Lengths of the intervals.
    horizon_s, interval_s, threshold_s : float
        `interval_s` is 0 if there are no intervals.
    replications : int
    confidence : float
    target_share : float or None
        The target service level.
    queue_levels : tuple of QueueLevel
        Queues with a threshold or a target of their own.
    overall : Mapping[str, Estimate]
    by_queue, by_group : Mapping[str, Mapping[str, Estimate]]
    by_interval : tuple of Mapping[str, Estimate]
    outcomes : Mapping[str, float]
        Calls by outcome, per replication.
    waits : Mapping[str, Curve]
        By queue; ``""`` stands for all queues together.
    menu_times : Curve
    inputs : tuple of (name, value)
        The scenario in words; empty for live records.
    assumptions : tuple of str
    moments : tuple of datetime
        Clock time at the start of each interval; empty if the records are not dated.
    by_day : tuple of (date, Mapping[str, Estimate])
        By date; empty unless there are several dates.
    by_time : tuple of TimeOfDay
        By time of day, averaged over days, from the first to the last time with calls; empty unless there are several
        dates.
    currency : str
        Of costs, if there are any.
    cost_notes : tuple of str
        What is not in the costs, and why.
    """

    title: str
    subtitle: str
    source: str
    labels: tuple[str, ...]
    lengths_s: tuple[float, ...]
    horizon_s: float
    interval_s: float
    threshold_s: float
    replications: int
    confidence: float
    target_share: float | None
    queue_levels: tuple[QueueLevel, ...]
    overall: Estimates
    by_queue: Mapping[str, Estimates]
    by_group: Mapping[str, Estimates]
    by_interval: tuple[Estimates, ...]
    outcomes: Mapping[str, float]
    waits: Mapping[str, Curve]
    menu_times: Curve
    inputs: tuple[tuple[str, str], ...] = ()
    assumptions: tuple[str, ...] = ()
    moments: tuple[dt.datetime, ...] = ()
    by_day: tuple[tuple[dt.date, Estimates], ...] = ()
    by_time: tuple[TimeOfDay, ...] = ()
    currency: str = ""
    cost_notes: tuple[str, ...] = ()

    @property
    def within(self) -> str:
        """How soon callers should be answered, in words."""
        return within_words(self.threshold_s, self.queue_levels, of=len(self.by_queue))

    @property
    def has_intervals(self) -> bool:
        """Whether estimates have intervals; pooled replications have none."""
        return self.overall["arrived"].half_width is not None


def report_data(
    parts: Sequence[Sums],
    *,
    title: str,
    subtitle: str = "",
    source: str = "simulated",
    starts_at_s: float = 0.0,
    labels: Sequence[str] = (),
    target_share: float | None = None,
    targets: Mapping[str, float] | None = None,
    exact: Mapping[str, float] | None = None,
    inputs: Sequence[tuple[str, str]] = (),
    assumptions: Sequence[str] = (),
    confidence: float = 0.95,
    queue_names: Mapping[str, str] | None = None,
    moments: Sequence[dt.datetime] = (),
    currency: str = "",
) -> ReportData:
    """Return the data of a report about one or several replications, or a live log.

    Parameters
    ----------
    parts : sequence of Sums
        ``ivr.records.measures.sums`` of each replication, with an interval length for the charts over time; one for a
        live log.
    title, subtitle : str
        What the report is about; its file, replications and seed.
    source : str
        ``"simulated"`` or ``"live"``.
    starts_at_s : float
        Time of day when the records start, in seconds from midnight; 0 shows times since the start.
    labels : sequence of str, optional
        Clock times of the start of each interval and the end of the last; default: from `starts_at_s`.
    target_share : float, optional
        The target service level, 0..1.
    targets : mapping of str to float, optional
        Targets of queues that have their own, 0..1.
    exact : mapping of str to float, optional
        Exact values by measure, shown next to the simulated ones.
    inputs : sequence of (name, value), optional
        The scenario in words.
    assumptions : sequence of str, optional
        Assumptions without evidence.
    confidence : float
        Confidence level of the intervals.
    queue_names : mapping of str to str, optional
        Display names by queue; without one, the name in the flow is used.
    moments : sequence of datetime, optional
        Clock time at the start of each interval; over several dates the report shows each date and time of day.
    currency : str
        Of costs, if there are any.

    Returns
    -------
    ReportData

    Examples
    --------
    >>> from ivr.records.measures import sums
    >>> from ivr.records.tables import empty
    >>> report_data([sums(empty(horizon_us=3_600_000_000))], title="Nothing yet").overall["arrived"].mean
    0.0
    """
    pooled = total(parts)
    overall = estimate(parts, confidence=confidence)
    for name, value in (exact or {}).items():
        if name in overall:
            overall[name] = replace(overall[name], exact=value)
    runs = max(pooled.column("replications"), 1)
    called = _names(pooled.queues, queue_names or {})
    lengths_s = tuple(
        pooled.column("horizon_us", pooled.cell(interval=i)) / runs * 1e-6 for i in range(pooled.intervals)
    )
    dates = [moment.date() for moment in moments]
    several = len(set(dates)) > 1
    since = [starts_at_s + sum(lengths_s[:i]) for i in range(pooled.intervals + 1)]
    return ReportData(
        title=title,
        subtitle=subtitle,
        source=source,
        labels=tuple(labels) or tuple(map(clock, since)),
        lengths_s=lengths_s,
        horizon_s=pooled.column("horizon_us") / runs * 1e-6,
        interval_s=pooled.interval_us * 1e-6,
        threshold_s=pooled.threshold_us * 1e-6,
        replications=runs,
        confidence=confidence,
        target_share=target_share,
        queue_levels=queue_levels(parts, targets=targets, names=called, confidence=confidence),
        overall=overall,
        by_queue={called[name]: estimate(parts, queue=name, confidence=confidence) for name in pooled.queues},
        by_group={name: estimate(parts, group=name, confidence=confidence) for name in pooled.groups},
        by_interval=tuple(estimate(parts, interval=i, confidence=confidence) for i in range(pooled.intervals)),
        outcomes={name: pooled.column(f"ended_{name}") / runs for name in OUTCOMES},
        waits={name: _curve(counts) for name, counts in zip(("", *called.values()), pooled.waits, strict=True)},
        menu_times=_curve(pooled.menu_times),
        inputs=tuple(inputs),
        assumptions=tuple(assumptions),
        moments=tuple(moments),
        by_day=tuple(by_day(parts, dates, confidence=confidence)) if several else (),
        by_time=_with_calls(by_time_of_day(parts, moments, confidence=confidence)) if several else (),
        currency=currency,
    )


def _with_calls(found: Sequence[TimeOfDay]) -> tuple[TimeOfDay, ...]:
    """The same times, without those at both ends when nobody called."""
    busy = [i for i, one in enumerate(found) if one.measures["arrived"].mean]
    return tuple(found[busy[0] : busy[-1] + 1]) if busy else ()


def _names(queues: Sequence[str], names: Mapping[str, str]) -> dict[str, str]:
    """A unique name for each queue; if two share one, the name in the flow is added."""
    wanted = {queue: names.get(queue) or queue for queue in queues}
    return {
        queue: name if list(wanted.values()).count(name) == 1 else f"{name} ({queue})" for queue, name in wanted.items()
    }


def _curve(counts: NDArray[np.int64]) -> Curve:
    """Cumulative shares at the bounds of all non-empty bins, without the open last bin."""
    if not counts.sum():
        return ()
    reached = np.cumsum(counts)[:-1] / counts.sum()
    at = np.flatnonzero(counts[:-1])
    return tuple((float(WAIT_BOUNDS_S[i]), float(reached[i])) for i in at)


@dataclass(frozen=True, kw_only=True)
class Variant:
    """One scenario of a comparison.

    Parameters
    ----------
    name : str
    overall : Mapping[str, Estimate]
    difference : Mapping[str, Estimate]
        Difference from the baseline, on the same random draws; empty for the baseline itself.
    threshold_s : float
        The threshold of its service level.
    agent_hours : float or None
        Agent-hours on its roster.
    changes : tuple of str
        Its changes from the baseline.
    queue_levels : tuple of QueueLevel
        Queues with a threshold or a target of their own.
    days : mapping of str to DaySpread
        How its days differ, by measure.
    """

    name: str
    overall: Estimates
    difference: Estimates
    threshold_s: float
    agent_hours: float | None = None
    changes: tuple[str, ...] = ()
    queue_levels: tuple[QueueLevel, ...] = ()
    days: Mapping[str, DaySpread] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Several scenarios on the same random draws; returned by ``comparison``."""

    title: str
    subtitle: str
    threshold_s: float
    replications: int
    confidence: float
    target_share: float | None
    variants: tuple[Variant, ...]
    inputs: tuple[tuple[str, str], ...] = ()
    assumptions: tuple[str, ...] = ()
    same_callers: bool = True
    queues: int = 0
    currency: str = ""


def comparison(
    variants: Mapping[str, Sequence[Sums]],
    *,
    title: str,
    subtitle: str = "",
    target_share: float | None = None,
    targets: Mapping[str, float] | None = None,
    inputs: Sequence[tuple[str, str]] = (),
    assumptions: Sequence[str] = (),
    confidence: float = 0.95,
    same_callers: bool = True,
    agent_hours: Mapping[str, float] | None = None,
    changes: Mapping[str, Sequence[str]] | None = None,
    currency: str = "",
    days: Mapping[str, Mapping[str, DaySpread]] | None = None,
) -> Comparison:
    """Return several scenarios side by side; the first is the baseline.

    Parameters
    ----------
    variants : mapping of name to sequence of Sums
        The same number of replications for each; replication i has the same callers in all of them.
    title, subtitle, target_share, targets, inputs, assumptions, confidence
        As in ``report_data``.
    same_callers : bool
        Whether every scenario has the same callers.
    agent_hours, changes : mapping by name, optional
        Agent-hours on the roster; changes from the baseline.
    currency : str
        Of costs, if there are any.
    days : mapping by name, optional
        How the days differ.

    Returns
    -------
    Comparison

    Raises
    ------
    ValueError
        If there is no scenario, or the numbers of replications differ.
    """
    if not variants:
        raise ValueError("a comparison needs at least one scenario")
    baseline = next(iter(variants.values()))
    return Comparison(
        title=title,
        subtitle=subtitle,
        threshold_s=baseline[0].threshold_us * 1e-6,
        replications=total(baseline).column("replications"),
        confidence=confidence,
        target_share=target_share,
        variants=tuple(
            Variant(
                name=name,
                overall=estimate(parts, confidence=confidence),
                threshold_s=parts[0].threshold_us * 1e-6,
                difference={} if parts is baseline else paired_difference(parts, baseline, confidence=confidence),
                agent_hours=(agent_hours or {}).get(name),
                changes=tuple((changes or {}).get(name, ())),
                queue_levels=queue_levels(parts, targets=targets, confidence=confidence),
                days=(days or {}).get(name, {}),
            )
            for name, parts in variants.items()
        ),
        inputs=tuple(inputs),
        assumptions=tuple(assumptions),
        same_callers=same_callers,
        queues=len(baseline[0].queues),
        currency=currency,
    )
