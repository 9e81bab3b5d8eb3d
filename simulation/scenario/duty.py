"""When the agents of a group are on duty, and what they do besides the calls that come in."""

from __future__ import annotations

import itertools
from typing import Annotated

from pydantic import Field, model_validator

from flows.source.counted import counted
from flows.values.scalars import Duration
from simulation.sampling.distributions import Constant
from simulation.scenario.arrivals import Day
from simulation.scenario.field_types import Clock, Endless, Part, Share, Times

__all__ = ["Agents", "Break", "Chatting", "Outbound", "Pauses", "Shift"]

Agents = Annotated[float, Field(ge=0, le=100_000)]
"""A number of agents; of a fraction, the last is there on that share of the days."""


class Break(Part):
    """A break of every agent of a group, each day: between two times of day, or some time after the shift begins.

    Parameters
    ----------
    from, to : time of day
        Alone, all agents are away from one time to the other; with `length`, each is away for that long, one after the
        other, spread evenly between the two. A break across midnight lasts at most 12 hours.
    length : duration
        How long a break is.
    after : duration
        Time from the start of the shift.
    spread : duration
        How much later the last agent of the group begins than the first.
    """

    begin: Clock | None = Field(default=None, alias="from")
    end: Clock | None = Field(default=None, alias="to")
    length: Duration | None = Field(default=None, gt=0)
    after: Duration | None = Field(default=None, gt=0)
    spread: Duration = Field(default=0.0, ge=0)

    @model_validator(mode="after")
    def _one_way(self) -> Break:
        by_clock = self.begin is not None and self.end is not None and self.after is None and not self.spread
        by_shift = self.begin is None and self.end is None and self.after is not None and self.length is not None
        if not by_clock and not by_shift:
            raise ValueError(
                'a break has from and to, or a length and after; write {from: "12:00", to: "12:30"} or {length: 15m,'
                " after: 2h}"
            )
        if self.begin is None or self.end is None:
            return self
        if self.begin == self.end:
            raise ValueError("a break begins when it ends; write a later to")
        if (window := (self.end - self.begin) % 1440 * 60) < (self.length or 1):
            raise ValueError(f"a break of {self.length or 0:g} s does not fit in {window:g} s from its from to its to")
        return self


class Shift(Part):
    """Agents on duty from one time of day to another; an end before the start is on the next day.

    Parameters
    ----------
    agents
        Number of agents; 3.4 is three, and a fourth on 40% of the days, by chance.
    from
        Time of day they begin, such as "08:00".
    to
        Time of day they end.
    """

    agents: Agents
    begin: Clock = Field(alias="from")
    end: Clock = Field(alias="to")
    days: tuple[Day, ...] = Field(default=(), description="days of the week on which it begins; default: all")
    breaks: tuple[Break, ...] = Field(
        default=(), description="breaks of these agents, by the clock, besides those of the group"
    )

    @model_validator(mode="after")
    def _breaks_by_the_clock(self) -> Shift:
        if any(pause.begin is None or pause.length is not None for pause in self.breaks):
            raise ValueError('a break of a shift has from and to alone; write {from: "12:00", to: "12:30"}')
        return self


class Pauses(Part):
    """Short pauses of agents, at random: calls are not offered to them.

    Parameters
    ----------
    after_calls : share
        Share of calls after which an agent pauses: they stay on duty and are not busy.
    per_hour : float
        How often an agent on duty begins a pause at any time, as a break: idle agents at once, others after their call.
    length : distribution
        How long a pause lasts.
    """

    after_calls: Share = 0.0
    per_hour: float = Field(default=0.0, ge=0, le=60)
    length: Times

    @model_validator(mode="after")
    def _any(self) -> Pauses:
        if not self.after_calls and not self.per_hour:
            raise ValueError(
                "nobody pauses; state the share of calls after which an agent does, such as after_calls: 20%, or how"
                " often they do, such as per_hour: 2"
            )
        return self


class Chatting(Part):
    """Chats of a group: its agents have several in hand at once, each of which takes longer then.

    Parameters
    ----------
    at_once : int
        Most chats in hand.
    slower : list of float
        How much longer each takes with 1, 2, ... in hand: one number for each, from 1 on.
    queues : list of queue
        The queues whose callers chat; what comes in others is taken one at a time, alone. Default: all that the group
        serves.
    """

    at_once: int = Field(ge=1, le=20)
    slower: tuple[Annotated[float, Field(ge=1, le=100)], ...]
    queues: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _one_for_each(self) -> Chatting:
        example = f"such as slower: {example_factors(self.at_once)}"
        if len(self.slower) != self.at_once:
            raise ValueError(
                f"slower has {counted(len(self.slower), 'number')} and up to {counted(self.at_once, 'chat')} are in"
                f" hand; give one for each, {example}"
            )
        if self.slower[0] != 1:
            raise ValueError(
                f"slower begins with {self.slower[0]:g}: talk times are those of one chat in hand, so the first number"
                f" is 1; give them from 1 on, {example}"
            )
        if any(later < earlier for earlier, later in itertools.pairwise(self.slower)):
            raise ValueError(
                f"slower falls: with more chats in hand none gets quicker; give numbers that do not fall, {example}"
            )
        return self

    def covers(self, queue: str) -> bool:
        """Whether the callers of a queue chat."""
        return not self.queues or queue in self.queues


def example_factors(at_once: int) -> str:
    """Numbers that `slower` may have.

    >>> example_factors(3)
    '[1, 1.3, 1.6]'
    """
    return f"[{', '.join(f'{1 + 0.3 * i:.3g}' for i in range(at_once))}]"


class Outbound(Part):
    """Calls that agents of a group make themselves when nobody waits for them.

    Parameters
    ----------
    talk : distribution
        Talk with somebody who answers.
    after_call_work : distribution
        Work after such a talk.
    calls : int or "unlimited"
        How many numbers there are to dial, in the whole horizon.
    keep_idle : int
        Agents of the group who must stay idle for one more to dial.
    ring : distribution
        How long a number rings, answered or not.
    answered : share
        Share of numbers at which somebody answers.
    """

    talk: Times
    after_call_work: Times = Constant(0.0)
    calls: Endless = "unlimited"
    keep_idle: int = Field(default=0, ge=0, le=100_000)
    ring: Times = Constant(15.0)
    answered: Share = 0.4
