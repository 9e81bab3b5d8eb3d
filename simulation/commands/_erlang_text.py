"""What ``ivr erlang`` prints: one answer, the answers around the fewest agents, or the most callers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from flows.source.counted import counted

if TYPE_CHECKING:
    from simulation.commands._erlang_queue import Asked
    from simulation.theory import Answer

__all__ = ["WHAT_CALLERS_DO", "Line", "answer_lines", "load_line", "on_the_schedule", "target_lines"]

WHAT_CALLERS_DO = {
    "b": "callers who find every agent busy are lost",
    "c": "callers wait in order of arrival and never hang up",
    "a": "callers wait in order of arrival and hang up after a while",
}
_GROWS = "–"
"""Instead of a figure where the queue would grow for ever."""


class Line(NamedTuple):
    """A line in three parts, of which the second is printed bold and the third dim."""

    plain: str = ""
    bold: str = ""
    dim: str = ""


class _Row(NamedTuple):
    name: str
    label: str
    written: Callable[[float], str]
    meaning: str


def _rows(within: str) -> tuple[_Row, ...]:
    from flows.display.numbers import count, duration, share

    return (
        _Row("blocking", "Blocked", share, "of callers find every agent busy"),
        _Row("wait_probability", "Wait at all", share, "of callers find every agent busy"),
        _Row("abandonment", "Abandonment", share, "of callers hang up"),
        _Row("service_level", "Service level", share, f"handled within {within}, of all who did not hang up by then"),
        _Row("service_level_of_offered", "  of offered", share, f"handled within {within}, of all callers"),
        _Row("asa_s", "ASA", duration, "mean wait of handled callers"),
        _Row("mean_wait_s", "Mean wait", duration, "of all callers"),
        _Row("queue_length", "Callers waiting", count, "on average"),
        _Row("occupancy", "Occupancy", share, "of their time agents are busy"),
    )


def answer_lines(answer: Answer, within: str) -> list[Line]:
    """The figures of one answer, each with its meaning."""
    known = answer.as_dict()
    if known.get("service_level") == known.get("service_level_of_offered"):  # nobody hangs up: one row is enough
        known.pop("service_level_of_offered", None)
    shown = [(row.label, row.written(known[row.name]), row.meaning) for row in _rows(within) if row.name in known]
    wide = [max(len(cells[i]) for cells in shown) for i in (0, 1)]
    return [Line(f"{label:<{wide[0]}}  ", f"{text:>{wide[1]}}", f"  {meaning}") for label, text, meaning in shown]


def target_lines(
    answers: Mapping[int, Answer | None], *, fewest: int, target: float, within: str, occupancy: float | None = None
) -> list[Line]:
    """A sentence that answers the question, and a column for each number of agents around the answer.

    Parameters
    ----------
    answers : mapping of int to Answer or None
        By number of agents; None where the queue would grow for ever.
    fewest : int
        The number of agents that is the answer.
    target : float
        The share that was asked for, 0..1.
    within : str
        Threshold of the service level, in words.
    occupancy : float, optional
        The most that was allowed.
    """
    from flows.display.numbers import share
    from flows.display.tables import table

    of = answers[fewest]
    assert of is not None
    lost = of.blocking is not None
    who, does = ("line", "turn away at most") if lost else ("agent", "handle")
    asked = f"{share(target)} of callers" + ("" if lost else f" within {within}")
    said = f"It takes {counted(fewest, who)} to {does} {asked}" + _at_most_busy(occupancy)
    if fewest > 1:
        said += f"; {_less(fewest - 1, answers[fewest - 1], target, lost=lost)}"
        said += _too_busy(answers[fewest - 1], target, occupancy)
    columns = [[f"{agents:,}" for agents in answers], *_cells(answers, within)]
    labels = ["Lines" if lost else "Agents", *(row.label for row in _shown(of, within))]
    cells = table([[label, *texts] for label, texts in zip(labels, columns, strict=True)], indent="")
    notes = [] if lost else [Line(), Line(dim=f"Service level: {_meaning('service_level', within)}.")]
    return [Line(bold=f"{said}."), Line(), *(Line(line) for line in cells), *notes]


def _shown(answer: Answer, within: str) -> list[_Row]:
    """The rows that tell numbers of agents apart."""
    known = answer.as_dict()
    names = ("blocking", "abandonment", "service_level", "asa_s", "occupancy")
    return [row for row in _rows(within) if row.name in names and row.name in known]


def _meaning(name: str, within: str) -> str:
    return next(row.meaning for row in _rows(within) if row.name == name)


def _cells(answers: Mapping[int, Answer | None], within: str) -> list[list[str]]:
    known = [answer.as_dict() if answer else {} for answer in answers.values()]
    shown = next(_shown(answer, within) for answer in answers.values() if answer)
    return [[row.written(values[row.name]) if row.name in values else _GROWS for values in known] for row in shown]


def _less(agents: int, answer: Answer | None, target: float, *, lost: bool) -> str:
    """What one agent less achieves, with as many decimals as it takes to tell it from the target."""
    if answer is None:
        return f"with {agents:,} the queue would grow for ever"
    value = (answer.blocking if lost else answer.service_level) or 0.0
    places = next((n for n in range(1, 9) if f"{100 * value:.{n}f}" != f"{100 * target:.{n}f}"), 9)
    does = counted(agents, "turns away", "turn away") if lost else counted(agents, "handles", "handle")
    return f"{does} {100 * value:.{places}f} %"


def _at_most_busy(occupancy: float | None) -> str:
    from flows.display.numbers import share

    return "" if occupancy is None else f", busy for at most {share(occupancy)} of their time"


def _too_busy(answer: Answer | None, target: float, occupancy: float | None) -> str:
    """Why one agent less is not enough, if it is not the service level."""
    if answer is None or occupancy is None or (answer.service_level or 0.0) < target:
        return ""
    return f" and would be busy for {100 * answer.occupancy:.1f} %"


def load_line(asked: Asked, most: float, within: str) -> Line:
    """A sentence: how many may call. The rate is rounded down, so that the target holds at what is shown."""
    from flows.display.numbers import count, share

    agents, lost = asked.agents or 0, asked.model == "b"
    who = counted(agents, "line" if lost else "agent")
    load = most * asked.aht_s / 3600
    verb = ("turns" if agents == 1 else "turn") if lost else ("handles" if agents == 1 else "handle")
    asks = share(asked.target or 0.0)
    does = f"{verb} away at most {asks} of them" if lost else f"{verb} {asks} of them within {within}"
    said = f"Up to {_floored(most)} callers may call an hour, {counted(count(load), 'erlang')}: {who} then {does}"
    return Line(bold=f"{said}{_at_most_busy(asked.occupancy)}.")


def _floored(value: float) -> str:
    """Three digits and whole numbers, rounded down."""
    places = 0 if value >= 100 else 1 if value >= 10 else 2
    unit = 10**places
    return f"{int(value * unit) / unit:,.{places}f}"


def on_the_schedule(asked: Asked, agents: int) -> list[Line]:
    """How many people to schedule; nothing without shrinkage."""
    if not asked.shrinkage:
        return []
    from flows.display.numbers import share
    from simulation.theory import scheduled

    people = scheduled(agents, asked.shrinkage)
    who = counted(people, "person", "people")
    return [Line(), Line(f"Schedule {who}, so that {agents:,} take calls: {share(asked.shrinkage)} are away.")]
