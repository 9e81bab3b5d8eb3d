"""Checks for local times that do not name exactly one moment because clocks change."""

from __future__ import annotations

import datetime as dt

from flows.source.document import Path
from flows.values.units import US_PER_S
from simulation.clock.local_time import DAY_US, LocalClock
from simulation.loading.checks import Checks
from simulation.workload.build_arrivals import surge_wall_us

__all__ = ["local_times"]


def local_times(checks: Checks) -> None:
    """Check the local times of start, surges, shifts and breaks."""
    scenario = checks.scenario
    clock = scenario.clock
    _dated(checks, clock.wall_of(scenario.start), ("start",), stated=True)
    for i, surge in enumerate(scenario.arrivals.surges):
        _dated(
            checks,
            surge_wall_us(scenario, surge),
            ("arrivals", "surges", i, "at"),
            stated=isinstance(surge.at, dt.datetime),
        )
    for name, group in scenario.groups.items():
        for i, shift in enumerate(group.shifts):
            days = [day for day in _days_of_change(clock) if not shift.days or clock.weekday(day) in shift.days]
            over = [
                day for day in _days_of_change(clock, later=1) if not shift.days or clock.weekday(day) in shift.days
            ]
            _daily(checks, shift.begin, days, f"the shift of {name}", ("groups", name, "shifts", i, "from"))
            _daily(
                checks,
                shift.end,
                over if shift.end <= shift.begin else days,
                f"the shift of {name}",
                ("groups", name, "shifts", i, "to"),
                of_next=shift.end <= shift.begin,
            )
        for path, pause in [
            *((("groups", name, "breaks", i), pause) for i, pause in enumerate(group.breaks)),
            *(
                (("groups", name, "shifts", i, "breaks", k), pause)
                for i, shift in enumerate(group.shifts)
                for k, pause in enumerate(shift.breaks)
            ),
        ]:
            for key, minutes in (("from", pause.begin), ("to", pause.end)):
                if minutes is not None:
                    _daily(
                        checks,
                        minutes,
                        _days_of_change(clock),
                        f"the break of {name}",
                        (*path, key),
                    )


def _days_of_change(clock: LocalClock, *, later: int = 0) -> list[int]:
    """Days on which clocks change within the horizon, or (`later` = 1) the days before them."""
    found = []
    for low, high, twice in clock.jumps_of_the_wall:
        at_us = clock.at_us(high if twice else low)
        if 0 <= at_us <= clock.length_us:
            found.append(int(low // DAY_US) - later)
    return found


def _daily(checks: Checks, minutes: int, days: list[int], what: str, path: Path, *, of_next: bool = False) -> None:
    clock = checks.scenario.clock
    for day in days:
        wall = (day + of_next) * DAY_US + minutes * 60 * US_PER_S
        if _odd(clock, wall):
            checks.note(
                "X010", f"{what}: {_told(clock, wall)}", path, hint="choose another time where this is not meant"
            )


def _dated(checks: Checks, wall: int, path: Path, *, stated: bool) -> None:
    clock = checks.scenario.clock
    if not _odd(clock, wall):
        return
    if stated and not clock.shown(wall):
        checks.add(
            "X005",
            f"{_local(clock, wall)} does not exist in {clock.zone}: clocks skip it when they go forward",
            path,
            hint="write a time before or after the change",
        )
    else:
        checks.note("X010", _told(clock, wall), path, hint="choose another time where this is not meant")


def _odd(clock: LocalClock, wall: int) -> bool:
    """Whether the clock shows a time twice or skips it. The first skipped time counts as shown: it is the change."""
    return any(low < wall < high or (twice and wall == low) for low, high, twice in clock.jumps_of_the_wall)


def _told(clock: LocalClock, wall: int) -> str:
    taken = clock.moment(clock.at_us(wall))
    if clock.shown(wall):
        return f"the clock of {clock.zone} shows {_local(clock, wall)} twice; the first is taken ({taken.tzname()})"
    return f"the clock of {clock.zone} skips {_local(clock, wall)}; the moment of the change is taken, {taken:%H:%M}"


def _local(clock: LocalClock, wall: int) -> str:
    moment = dt.datetime.combine(clock.first_day, dt.time()) + dt.timedelta(microseconds=int(wall))
    return f"{moment:%Y-%m-%d %H:%M}"
