"""The single wishes of a problem: what each says, the problem without some of them, and how each could be relaxed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from simulation.rosters.problem import Problem
from simulation.scenario.shift_kinds import DAY_MIN, LONGEST_MIN, Person, ShiftKind, clock_text, span_text

__all__ = ["Wish", "ladders", "only", "wishes_of"]

_STEPS_MIN = 30
_UNLIMITED: dict[str, object] = {
    "agents": None,
    "start": (0, DAY_MIN - 1),
    "breaks": (),
    "days": (),
    "hours_a_day": None,
    "hours_a_week": None,
    "days_a_week": None,
    "rest": None,
}
"""What each field of a kind is when nothing is wished."""


@dataclass(frozen=True, order=True)
class Wish:
    """One wish: a field of a kind of shift, what one person can do, or that a group is covered.

    Parameters
    ----------
    kind : str
        Empty for cover.
    field : str
        Such as ``rest``; ``people`` are the persons named; ``cover`` is the need of a group.
    of : str
        The group of a cover.
    """

    kind: str
    field: str
    of: str = ""

    def in_words(self, problem: Problem) -> str:
        """What is wished, as the file says it."""
        if self.field == "cover":
            return f"the agents that {self.of} needs"
        kind = problem.kinds[self.kind]
        value = getattr(kind, self.field)
        return f"{self.field} {_text(self.field, value)} of {self.kind}"


def wishes_of(problem: Problem) -> list[Wish]:
    """Every wish that a problem states, in order."""
    several = len(problem.weekdays) > 1
    found = [Wish("", "cover", group) for group, need in problem.need.items() if need.any()]
    for name, kind in problem.kinds.items():
        if not any(team[0] == name for team in problem.teams):
            continue
        fields = [field for field, free in _UNLIMITED.items() if getattr(kind, field) != free]
        fields += ["people"] if kind.people else []
        found += [
            Wish(name, field) for field in fields if several or field not in ("hours_a_week", "days_a_week", "rest")
        ]
    return found


def only(problem: Problem, wishes: Sequence[Wish]) -> Problem:
    """The problem with these wishes alone."""
    held = set(wishes)
    for name in problem.kinds:
        changes: dict[str, object] = {f: free for f, free in _UNLIMITED.items() if Wish(name, f) not in held}
        if Wish(name, "people") not in held:
            changes["people"] = {}
        problem = problem.with_kind(name, **changes)
    need = {group: of if Wish("", "cover", group) in held else np.zeros_like(of) for group, of in problem.need.items()}
    return replace(problem, need=need)


def ladders(problem: Problem, wish: Wish) -> Iterator[list[tuple[Problem, str]]]:
    """Ways to relax a wish, each as problems that ask for less and less, and what the file then says."""
    if wish.field in ("cover", "people"):
        return
    kind = problem.kinds[wish.kind]
    for values in _values(kind, wish.field):
        yield [
            (problem.with_kind(wish.kind, **{wish.field: value}), f"{wish.field}: {_text(wish.field, value)}")
            for value in values
        ]


def _values(kind: ShiftKind, field: str) -> Iterator[list[object]]:
    """Lists of values, each asking for less than the one before."""
    now = getattr(kind, field)
    if field == "agents":
        yield from _agents(kind)
    elif field == "start":
        low, high = now
        steps = range(1, DAY_MIN // kind.every + 1)
        yield [(low - step * kind.every, high) for step in steps if low >= step * kind.every]
        yield [(low, high + step * kind.every) for step in steps if high + step * kind.every < DAY_MIN]
    elif field == "length":
        low, high = now
        steps = range(1, LONGEST_MIN // kind.every + 1)
        longest_break = sum(pause.length for pause in kind.breaks)
        yield [(low - s * kind.every, high) for s in steps if low - s * kind.every > longest_break]
        yield [(low, high + s * kind.every) for s in steps if high + s * kind.every <= LONGEST_MIN]
    elif field == "breaks":
        yield [kind.breaks[: len(kind.breaks) - 1 - n] for n in range(len(kind.breaks))]
    elif field == "days":
        others = [day for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun") if day not in now]
        yield [(*now, *others[: n + 1]) for n in range(len(others))]
    elif field == "hours_a_day":
        yield [now + step * kind.every for step in range(1, LONGEST_MIN // kind.every + 1) if now < LONGEST_MIN]
    elif field == "hours_a_week":
        yield [(now[0], now[1] + s * 60) for s in range(1, 7 * 16 - now[1] // 60 + 1)]
        if now[0]:
            yield [(max(now[0] - s * 60, 0), now[1]) for s in range(1, -(-now[0] // 60) + 1)]
    elif field == "days_a_week":
        yield [(now[0], most) for most in range(now[1] + 1, 8)]
        yield [(least, now[1]) for least in range(now[0] - 1, -1, -1)]
    elif field == "rest":
        yield [now - s * _STEPS_MIN for s in range(1, now // _STEPS_MIN + 1)]


def _agents(kind: ShiftKind) -> Iterator[list[object]]:
    now = kind.agents
    if isinstance(now, tuple):
        yield [(now[0], now[1] + more) for more in _growing(now[1])]
        yield [(least, now[1]) for least in range(now[0] - 1, -1, -1)]
    elif isinstance(now, dict):
        for group, (least, most) in now.items():
            yield [{**now, group: (least, most + more)} for more in _growing(most)]
            yield [{**now, group: (fewer, most)} for fewer in range(least - 1, -1, -1)]


def _growing(most: int) -> range:
    return range(1, max(200, 2 * most) + 1)


def _text(field: str, value: object) -> str:
    """A value as a file of shifts states it."""
    if value in (None, ()):
        return "none"
    if field == "agents" and isinstance(value, dict):
        return "{" + ", ".join(f"{group}: {_text(field, one)}" for group, one in value.items()) + "}"
    if field in ("agents", "days_a_week") and isinstance(value, tuple):
        return str(value[1]) if not value[0] else f"{value[0]}..{value[1]}"
    if field == "start" and isinstance(value, tuple):
        return f'"{clock_text(value[0])}..{clock_text(value[1])}"'
    if field in ("length", "hours_a_week") and isinstance(value, tuple):
        low, high = value
        one = low == high or (field == "hours_a_week" and not low)
        return span_text(high) if one else f"{span_text(low)}..{span_text(high)}"
    if isinstance(value, int):
        return span_text(value)
    if field == "days" and isinstance(value, tuple):
        return f"[{', '.join(value)}]"
    if field == "people" and isinstance(value, dict):
        return f"({', '.join(value)})"
    return ", ".join(span_text(pause.length) for pause in value) if isinstance(value, tuple) else str(value)


def anybody(kind: ShiftKind) -> dict[str, Person]:
    """The people of a kind, as if each could always come."""
    return {name: Person(group=who.group) for name, who in kind.people.items()}
