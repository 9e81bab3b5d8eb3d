"""The titles of a report's charts: sentences built from the charted figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flows.display.numbers import duration, share
from simulation.experiment.estimates import Estimate
from simulation.experiment.format_estimate import without_interval

__all__ = [
    "ENDS",
    "menu_title",
    "outcomes_title",
    "reaches",
    "service_title",
    "staffing_title",
    "stages_title",
    "wait_title",
    "waits_title",
]

Points = Sequence[tuple[int, Estimate]]
"""Intervals in which a measure is known, with its value."""

ENDS = {  # outcome: (label, plural verb phrase, singular verb phrase); of calls, because a caller may call again
    "handled": ("Handled by an agent", "are handled by an agent", "is handled by an agent"),
    "contained": ("Served by the menu", "are served by the menu", "is served by the menu"),
    "voicemail": ("Left a message", "leave a message", "leaves a message"),
    "callback": ("Booked a callback", "book a callback", "books a callback"),
    "transferred_out": ("Transferred elsewhere", "are transferred elsewhere", "is transferred elsewhere"),
    "closed": ("Told that the line is closed", "are told that the line is closed", "is told that the line is closed"),
    "abandoned": ("Hung up while waiting", "are abandoned while waiting", "is abandoned while waiting"),
    "abandoned_in_menu": ("Hung up in the menu", "are abandoned in the menu", "is abandoned in the menu"),
    "blocked": ("Found all lines busy", "find all lines busy", "finds all lines busy"),
    "failed": ("Cut off by a failure", "are cut off by a failure", "is cut off by a failure"),
    "turned_away": (
        "Turned away before an answer",
        "are turned away before an answer",
        "is turned away before an answer",
    ),
    "rejected": ("Refused unanswered", "are refused unanswered", "is refused unanswered"),
}


def service_title(points: Points, edges: Sequence[str], target: float | None) -> str:
    """Say when callers are answered in time.

    Parameters
    ----------
    points : sequence of (interval, Estimate)
        Service level of each interval that has one; at least one interval.
    edges : sequence of str
        Start of each interval, and end of the last.
    target : float or None

    Examples
    --------
    >>> service_title([(0, Estimate(0.6)), (1, Estimate(1.0))], ["8:00", "8:30", "9:00"], 0.8)
    'The service level is below 80 % from 8:00 to 8:30; lowest at 8:00 with 60 %'
    """
    at, lowest = min(points, key=lambda point: point[1].mean)
    figure = _apart(lowest, target)
    alike = len(points) > 1 and max(e.mean for _, e in points) == lowest.mean
    weak = f"{figure} in every interval" if alike else f"lowest at {edges[at]} with {figure}"
    if target is None:
        return f"The service level is {weak}"
    below = [i for i, e in points if e.mean < target]
    if not below:
        return f"The service level is at least {share(target)} in every interval; it is {weak}"
    runs = _runs(below)
    if len(below) == len(points):
        where = "in every interval"
    elif len(runs) > 2:
        where = f"in {len(below)} of {len(points)} intervals"
    else:
        where = " and ".join(f"from {edges[first]} to {edges[last + 1]}" for first, last in runs)
    return f"The service level is below {share(target)} {where}; {'it is ' if alike else ''}{weak}"


def wait_title(points: Points, edges: Sequence[str], unanswered: Sequence[int]) -> str:
    """Say when answered callers wait.

    Parameters
    ----------
    points : sequence of (interval, Estimate)
        Mean wait of handled callers; at least one interval.
    edges : sequence of str
    unanswered : sequence of int
        Intervals in which callers join queues and none is answered.

    Examples
    --------
    >>> edges = ["8:00", "8:30", "9:00", "9:30"]
    >>> wait_title([(0, Estimate(0.2)), (1, Estimate(26.25))], edges, [])
    'Answered callers wait longest at 8:30, 26.2 s on average'
    >>> wait_title([(0, Estimate(0.2))], edges, [2]).partition("; ")[2]
    'nobody who joins from 9:00 to 9:30 is answered'
    """
    at, peak = max(points, key=lambda point: point[1].mean)
    if peak.mean < 0.5:
        said = "Answered callers wait less than half a second on average in every interval"
    elif len(points) > 1 and min(e.mean for _, e in points) == peak.mean:
        said = (
            f"Answered callers wait {without_interval(duration(peak.mean, peak.half_width))} on average in"
            " every interval"
        )
    else:
        said = (
            f"Answered callers wait longest at {edges[at]},"
            f" {without_interval(duration(peak.mean, peak.half_width))} on average"
        )
    runs = _runs(unanswered)
    if not runs:
        return said
    first, last = max(runs, key=lambda run: run[1] - run[0])
    more = f" and in {len(unanswered) - (last - first + 1)} more intervals" if len(runs) > 1 else ""
    return f"{said}; nobody who joins from {edges[first]} to {edges[last + 1]}{more} is answered"


def staffing_title(staffed: Mapping[int, float], load: Mapping[int, float], edges: Sequence[str]) -> str:
    """Say how the workload of all queues compares with all agents on duty, whatever their skills.

    Parameters
    ----------
    staffed, load : mapping of interval to float
        Agents on duty; agents kept busy by the workload. Above 0 in at least one interval.
    edges : sequence of str

    Examples
    --------
    >>> staffing_title({0: 30.0, 1: 30.0}, {0: 15.0, 1: 24.61}, ["8:00", "8:30", "9:00"])
    'Across all skills, agents are most loaded at 8:30: work for 24.6 of the 30.0 on duty'
    """
    short = _runs([i for i in sorted(staffed) if load[i] > staffed[i]])
    if short:
        first, last = max(short, key=lambda run: run[1] - run[0])
        others = len(short) - 1
        more = f", and at {others} other {'time' if others == 1 else 'times'}" if others else ""
        return f"From {edges[first]} to {edges[last + 1]}{more}, there is more work than all agents on duty can do"
    tight = max((i for i in staffed if staffed[i]), key=lambda i: load[i] / staffed[i])
    return (
        f"Across all skills, agents are most loaded at {edges[tight]}: work for {load[tight]:.1f} of the"
        f" {staffed[tight]:.1f} on duty"
    )


def outcomes_title(outcomes: Mapping[str, float]) -> str:
    """Say how calls end: the three most frequent outcomes.

    >>> outcomes_title({"handled": 6.0, "contained": 3.0, "abandoned": 1.0})
    'Of 100 calls, 60 are handled by an agent, 30 are served by the menu and 10 are abandoned while waiting'
    """
    calls = sum(outcomes.values())
    ends = sorted(
        ((name, 100 * number / calls) for name, number in outcomes.items() if number), key=lambda end: -end[1]
    )
    whole = _whole([number for _, number in ends])
    parts = [
        _of_hundred(number, *ENDS[name][1:], whole=n) for (name, number), n in zip(ends[:3], whole[:3], strict=True)
    ]
    return f"Of 100 calls, {_listed(parts)}"


def stages_title(offered: float, handled: float, in_time: float, within: str) -> str:
    """Say what happens to callers offered to queues.

    >>> stages_title(80.0, 70.0, 60.0, "20 s")
    'Of 100 callers offered to queues, 88 are handled by an agent, 75 of them within 20 s'
    """
    handled_part = _of_hundred(100 * handled / offered, "are handled by an agent", "is handled by an agent")
    return (
        f"Of 100 callers offered to queues, {handled_part},"
        f" {_of_hundred(100 * in_time / offered, 'of them', 'of them')}"
        f" within {within}"
    )


def waits_title(none: float, half_s: float, rare_s: float) -> str:
    """Say how long callers wait.

    Parameters
    ----------
    none : float
        Share of offered callers who do not wait at all.
    half_s, rare_s : float
        The waits that half and 95 % of callers do not exceed.

    Examples
    --------
    >>> waits_title(0.845, 0.0, 44.0)
    '84.5 % of callers in queues do not wait at all; 19 in 20 wait at most 44 s'
    >>> waits_title(0.2, 5.0, 90.0)
    'Half of callers in queues wait at most 5 s; 19 in 20 wait at most 1 min 30 s'
    """
    if none == 1:
        return "Nobody in a queue waits at all"
    first = (
        f"{share(none)} of callers in queues do not wait at all"
        if half_s == 0
        else f"Half of callers in queues wait at most {duration(half_s)}"
    )
    if rare_s == 0:
        return first
    if half_s == rare_s:
        return f"At least 19 in 20 callers in queues wait at most {duration(rare_s)}"
    return f"{first}; 19 in 20 wait at most {duration(rare_s)}"


def menu_title(mean_s: float, slow_s: float | None) -> str:
    """Say how long the menu takes; `slow_s` is the time that nine in ten do not exceed, None if unknown.

    >>> menu_title(12.0, 30.0)
    'Callers spend 12 s in the menu on average; nine in ten spend at most 30 s'
    """
    said = f"Callers spend {duration(mean_s)} in the menu on average"
    return said if slow_s is None else f"{said}; nine in ten spend at most {duration(slow_s)}"


def reaches(curve: Sequence[tuple[float, float]], wanted: float) -> float | None:
    """The first bound that includes the wanted share; None if the curve ends below it."""
    return next((at for at, reached in curve if reached >= wanted - 1e-12), None)


def _apart(value: Estimate, target: float | None) -> str:
    """A share, with more digits if rounding would make it equal a target that it misses."""
    text = without_interval(share(value.mean, value.half_width))
    if target is None or value.mean == target or share(target) not in (text, text.replace(".0 %", " %")):
        return text
    return next(
        (
            more
            for more in (f"{100 * value.mean:.{places}f} %" for places in range(1, 7))
            if float(more.removesuffix(" %")) != round(100 * target, 6)
        ),
        text,
    )


def _runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Runs of consecutive numbers, as (first, last)."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and number == found[-1][1] + 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


def _whole(numbers: Sequence[float]) -> list[int]:
    """Round numbers that sum to 100 so that they still do: the largest remainders round up (Hamilton's method).

    >>> _whole([33.5, 33.5, 33.0])
    [34, 33, 33]
    """
    whole = [int(number + 1e-9) for number in numbers]
    for i in sorted(range(len(numbers)), key=lambda i: whole[i] - numbers[i])[: 100 - sum(whole)]:
        whole[i] += 1
    return whole


def _of_hundred(number: float, plural: str, singular: str, *, whole: int | None = None) -> str:
    whole = round(number) if whole is None else whole
    if whole == 0 and number > 0:
        return f"fewer than 1 {singular}"
    if whole == 100 and number < 100:
        return f"more than 99 {plural}"
    return f"{whole or 'none'} {singular if whole == 1 else plural}"


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]
