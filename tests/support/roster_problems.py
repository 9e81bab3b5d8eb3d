"""Random problems of rosters, and a checker that shares nothing with the solver but the types."""

from __future__ import annotations

import itertools
import random
from collections import Counter, defaultdict

import numpy as np

from simulation.rosters.problem import Problem
from simulation.rosters.roster import Roster, Rostered
from simulation.scenario.shift_kinds import ShiftKind

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = 1440


def kind(**stated: object) -> ShiftKind:
    """A kind of shift as a file states it."""
    return ShiftKind.model_validate(stated)


def problem(
    need: dict[str, list[int]], kinds: dict[str, ShiftKind], *, step: int = 60, first: int = 480, days: int = 1
) -> Problem:
    """A problem whose slots begin at 08:00, on Monday; agents cost 10 an hour."""
    return Problem(
        need={group: np.array(of) for group, of in need.items()},
        step=step,
        first=first,
        weekdays=WEEK[:days],
        repeats=tuple((day,) for day in range(days)),
        rates=dict.fromkeys(need, 10.0),
        kinds=kinds,
    )


def random_problem(seed: int) -> Problem:
    """A problem of one to three days, with breaks, and limits that are now wide and now narrow."""
    of = random.Random(seed)
    days = of.choice([1, 1, 1, 2, 2, 3])
    kinds = {}
    for name in ("long", "short")[: of.choice([1, 2, 2])]:
        shortest = 360 if name == "long" else 180
        stated: dict[str, object] = {
            "length": f"{shortest}m..{shortest + of.choice([0, 60, 120])}m",
            "start": of.choice(["07:00..11:00", "08:00..12:00", "08:00..15:00"]),
            "every": "1h",
            "breaks": [{"length": "30m", "after": of.choice(["1h..2h", "1h30m", "1h..1h30m"]), "every": "30m"}],
        }
        if name == "long" and of.random() < 0.5:
            stated["breaks"] += [{"length": "30m", "before_end": "1h..2h", "every": "30m", "paid": "yes"}]  # type: ignore[operator]
        stated |= {"agents": of.choice(["2", "6", "12"])} if of.random() < 0.6 else {}
        stated |= {"rest": of.choice(["11h", "14h", "16h"])} if of.random() < 0.6 else {}
        stated |= {"days_a_week": of.choice(["1", "2"])} if of.random() < 0.4 else {}
        stated |= {"hours_a_week": of.choice(["8h", "12h", "16h"])} if of.random() < 0.4 else {}
        stated |= {"hours_a_day": of.choice(["6h", "7h"])} if of.random() < 0.3 else {}
        stated |= {"days": ["mon", "tue"]} if of.random() < 0.2 else {}
        stated |= {"overtime": {"after": "5h"}} if of.random() < 0.2 else {}
        if "agents" not in stated and of.random() < 0.3:
            names = [f"{name} {n}" for n in range(of.choice([3, 5, 8]))]
            free = [{}, {"days": ["mon"]}, {"from": "08:00", "to": "16:00"}, {"from": "10:00"}]
            stated["people"] = {one: of.choice(free) | {"group": "desk"} for one in names}
        kinds[name] = kind(**stated)
    groups = ["desk"] if any(one.people for one in kinds.values()) else of.choice([["desk"], ["desk", "sales"]])
    slots = (days - 1) * 48 + 24
    need = {group: [0] * slots for group in groups}
    for group in groups:
        for day in range(days):
            level = of.randint(0, 2)
            for slot in range(of.randint(0, 4), of.randint(14, 24)):
                need[group][day * 48 + slot] = max(level + of.choice([-1, 0, 0, 1]), 0)
    return problem(need, kinds, step=30, days=days)


def narrow_problem(seed: int) -> Problem:
    """Up to three days of two slots of four hours, with so few people and starts that there is seldom a roster."""
    of = random.Random(seed)
    days, kinds = of.choice([1, 2, 3]), {}
    for name in ("early", "late")[: of.choice([1, 2])]:
        stated: dict[str, object] = {
            "length": "4h..8h",
            "start": of.choice(["08:00", "08:00..12:00", "12:00"]),
            "every": "4h",
            "agents": of.choice(["1", "2"]),
        }
        stated |= {"days": of.choice([["mon"], ["mon", "tue"]])} if of.random() < 0.4 else {}
        stated |= {"rest": of.choice(["13h", "17h"])} if of.random() < 0.5 else {}
        stated |= {"days_a_week": of.choice(["1", "2"])} if of.random() < 0.4 else {}
        stated |= {"hours_a_week": of.choice(["4h", "8h", "12h"])} if of.random() < 0.4 else {}
        stated |= {"hours_a_day": "4h"} if of.random() < 0.3 else {}
        kinds[name] = kind(**stated)
    need = [of.randint(0, 3) if slot % 6 < 2 else 0 for slot in range(6 * (days - 1) + 2)]
    return problem({"desk": need}, kinds, step=240, days=days)


def faults(roster: Roster) -> list[str]:
    """Everything that a roster breaks of its problem."""
    of = roster.problem
    found = [fault for one in roster.shifts for fault in _of_shift(one, of)]
    found += _of_cover(roster)
    theirs: dict[tuple[str, str, str], list[Rostered]] = defaultdict(list)
    for one in roster.shifts:
        theirs[one.shift.kind, one.shift.group, one.person].append(one)
    for (name, _, person), shifts in theirs.items():
        found += _of_person(person, of.kinds[name], sorted(shifts, key=lambda one: one.shift.day), len(of.weekdays))
    for name, stated in of.kinds.items():
        number = sum(1 for team in theirs if team[0] == name)
        if isinstance(stated.agents, tuple) and not stated.agents[0] <= number <= stated.agents[1]:
            found.append(f"{number} people work {name}")
    return found


def _of_shift(one: Rostered, of: Problem) -> list[str]:
    stated, shift = of.kinds[one.shift.kind], one.shift
    found = []
    length = shift.length
    if not (stated.length[0] <= length <= stated.length[1] and (length - stated.length[0]) % stated.every == 0):
        found.append(f"{one} has a length that is not allowed")
    if not (stated.start[0] <= shift.start <= stated.start[1] and (shift.start - stated.start[0]) % stated.every == 0):
        found.append(f"{one} begins when it may not")
    if stated.days and of.weekdays[shift.day] not in stated.days:
        found.append(f"{one} is on a day that is not allowed")
    wanted = [pause for pause in stated.breaks if length > pause.over]
    if len(wanted) != len(one.breaks):
        return [*found, f"{one} has {len(one.breaks)} breaks"]
    paid, free = length, shift.start
    for pause, (begin, end) in zip(wanted, one.breaks, strict=True):
        since = begin - shift.start if pause.after else shift.start + length - end
        low, high = pause.after or pause.before_end or (0, 0)
        if not (low <= since <= high and end - begin == pause.length and free <= begin and end <= shift.start + length):
            found.append(f"{one} has a break that is not allowed")
        paid, free = paid - (0 if pause.paid else pause.length), end
    if stated.hours_a_day is not None and paid > stated.hours_a_day:
        found.append(f"{one} is too long a day")
    over = max(paid - stated.overtime.after, 0) * (stated.overtime.factor - 1) if stated.overtime else 0
    if abs(shift.cost - (paid + over) / 60 * of.rates[shift.group]) > 1e-9:
        found.append(f"{one} costs {shift.cost}")
    return found


def _of_cover(roster: Roster) -> list[str]:
    """Counts heads at every five minutes."""
    of = roster.problem
    heads: Counter[tuple[str, int]] = Counter()
    for one in roster.shifts:
        for date in of.repeats[one.shift.day]:
            for minute in range(one.shift.start, one.shift.start + one.shift.length, 5):
                if not any(begin <= minute < end for begin, end in one.breaks):
                    heads[one.shift.group, date * DAY + minute] += 1
    return [
        f"{group} has {heads[group, minute]} of {need} at {minute}"
        for group, needs in of.need.items()
        for slot, need in enumerate(needs.tolist())
        for minute in range(of.first + slot * of.step, of.first + (slot + 1) * of.step, 5)
        if heads[group, minute] < need
    ]


def _of_person(person: str, stated: ShiftKind, shifts: list[Rostered], days: int) -> list[str]:
    found = []
    for one, after in itertools.pairwise(shifts):
        ends = one.shift.day * DAY + one.shift.start + one.shift.length
        if one.shift.day == after.shift.day or after.shift.day * DAY + after.shift.start < ends + (stated.rest or 0):
            found.append(f"{person} rests too little between {one} and {after}")
    hours = sum(
        one.shift.length
        - sum(e - b for (b, e), p in zip(one.breaks, stated.breaks_of(one.shift.length), strict=True) if not p.paid)
        for one in shifts
    )
    if days > 1 and stated.hours_a_week and not stated.hours_a_week[0] <= hours <= stated.hours_a_week[1]:
        found.append(f"{person} works {hours} minutes")
    if days > 1 and stated.days_a_week and not stated.days_a_week[0] <= len(shifts) <= stated.days_a_week[1]:
        found.append(f"{person} works {len(shifts)} days")
    if stated.people:
        who = stated.people[person]
        for one in shifts:
            if who.days and WEEK[one.shift.day] not in who.days:
                found.append(f"{person} cannot come on that day: {one}")
            if one.shift.start < who.begin or (who.end and one.shift.start + one.shift.length > who.end):
                found.append(f"{person} cannot come then: {one}")
    return found
