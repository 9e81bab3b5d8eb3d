"""What an exact formula returns, and how its arguments are checked."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, fields

from flows.source.counted import counted
from flows.source.finding import Finding, LimitError, UsageError

__all__ = ["Answer", "PriorityAnswer", "check", "refuse_growth"]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The steady state of a queue; None where a value does not apply to the model.

    Parameters
    ----------
    blocking : float, optional
        Share of arriving callers who find no agent (Erlang B) or no line free, 0..1.
    wait_probability : float, optional
        Share of offered callers who find every agent busy, 0..1.
    abandonment : float, optional
        Share of offered callers who hang up in the queue, 0..1.
    asa_s : float, optional
        Mean wait of the handled callers, seconds.
    mean_wait_s : float, optional
        Mean wait of all offered callers, seconds.
    occupancy : float
        Share of their time that agents are busy, 0..1.
    service_level : float, optional
        Handled within the threshold / (offered - abandoned within the threshold).
    service_level_of_offered : float, optional
        Handled within the threshold / offered: the stricter variant.
    queue_length : float, optional
        Mean number of callers waiting.

    Examples
    --------
    >>> Answer(blocking=0.5, occupancy=0.25).as_dict()
    {'blocking': 0.5, 'occupancy': 0.25}
    """

    blocking: float | None = None
    wait_probability: float | None = None
    abandonment: float | None = None
    asa_s: float | None = None
    mean_wait_s: float | None = None
    occupancy: float
    service_level: float | None = None
    service_level_of_offered: float | None = None
    queue_length: float | None = None

    def as_dict(self) -> dict[str, float]:
        """The values that apply, by name: the JSON of ``ivr erlang``."""
        values = ((field.name, getattr(self, field.name)) for field in fields(self))
        return {name: float(value) for name, value in values if value is not None}


@dataclass(frozen=True, kw_only=True)
class PriorityAnswer:
    """The steady state of a queue with classes of priority, highest first.

    Parameters
    ----------
    wait_probability : float
        Share of callers who find every agent busy; the same for all classes.
    mean_wait_s : tuple of float
        Mean wait of each class, seconds.
    mean_wait_fifo_s : float
        Mean wait of all callers without priorities, seconds.
    queue_length : tuple of float
        Mean number of callers waiting, by class.
    occupancy : float
    """

    wait_probability: float
    mean_wait_s: tuple[float, ...]
    mean_wait_fifo_s: float
    queue_length: tuple[float, ...]
    occupancy: float


_KINDS: dict[str, tuple[Callable[[float], bool], str]] = {
    "positive": (lambda x: x > 0, "a number above 0"),
    "from 0": (lambda x: x >= 0, "0 or more"),
    "share": (lambda x: 0 < x <= 1, "above 0 and at most 1"),
    "whole": (lambda x: x >= 1 and x == int(x), "a whole number of at least 1"),
}


def check(**arguments: tuple[float, str]) -> None:
    """Reject arguments outside their range, all of them at once.

    Parameters
    ----------
    **arguments : (value, kind)
        `kind` is "positive", "from 0", "share" or "whole".

    Raises
    ------
    UsageError
        With one finding (code Q001) for each bad argument; `node` holds its name.

    Examples
    --------
    >>> check(aht_s=(-3, "positive"))
    Traceback (most recent call last):
    flows.source.finding.UsageError: Q001 aht_s is -3; it must be a number above 0
    """
    findings = []
    for name, (value, kind) in arguments.items():
        allows, wanted = _KINDS[kind]
        number = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
        if not number or not allows(value):
            shown = f"{value:g}" if isinstance(value, float) else repr(value)
            findings.append(
                Finding(
                    code="Q001",
                    severity="error",
                    node=name,
                    message=f"{name} is {shown}; it must be {wanted}",
                    hint=f"give {name} as {wanted}",
                )
            )
    if findings:
        raise UsageError(findings)


def refuse_growth(load: float, agents: int) -> None:
    """Raise when callers who never hang up bring more work than the agents can do.

    Raises
    ------
    LimitError
        With code Q002, saying how many agents are needed.

    Examples
    --------
    >>> refuse_growth(10.0, 10)
    Traceback (most recent call last):
    flows.source.finding.LimitError: Q002 10 agents cannot serve a load of 10 erlangs: the queue would grow for ever
    """
    if load >= agents:
        raise LimitError(
            Finding(
                code="Q002",
                severity="error",
                node="agents",
                message=(
                    f"{counted(agents, 'agent')} cannot serve a load of {load:.6g} erlangs: "
                    "the queue would grow for ever"
                ),
                hint=(
                    f"give at least {counted(math.floor(load) + 1, 'agent')}, or let callers hang up (Erlang A, with a"
                    " patience)"
                ),
                source="Erlang C needs load < agents",
            )
        )
