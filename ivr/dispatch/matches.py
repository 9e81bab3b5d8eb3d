"""Which waiting call goes to which free agent now, by the two choices of ``ivr.routing.choice``.

Nothing is remembered between two looks at the floor. Every look replays, in order of time, what could have made a
match: a call that came to wait, an agent who became ready, and a delay of overflow that was over. Whoever is still
there was refused at all earlier moments, so the replay finds what a dispatcher would have found that had looked at each
event; a test compares it with the simulation's reference engine. At the same moment agents come first, then calls, then
overflow, each in order of their ids: the tie rule of the engines.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ivr.routing import IdleAgent, RoutingTable, WaitingCall, agent_for_call, call_for_agent

__all__ = ["FreeAgent", "HeldCall", "Match", "matches"]

_READY, _JOINED, _DUE = range(3)


@dataclass(frozen=True, slots=True)
class FreeAgent:
    """An agent who is ready.

    Parameters
    ----------
    agent : str
    number : int
        Their number, which stays: of equals, the lower one comes first.
    group : int
        Index into the table's groups.
    ready_us : int
        Since when they are ready.
    idle_since_us : int
        As in `ivr.routing.IdleAgent`: earlier than `ready_us` if they lost a call through no fault of their own.
    calls, worked_us, shift_began_us : int
        Calls and time of work in this shift, and when it began.
    """

    agent: str
    number: int
    group: int
    ready_us: int
    idle_since_us: int
    calls: int = 0
    worked_us: int = 0
    shift_began_us: int = 0


@dataclass(frozen=True, slots=True)
class HeldCall:
    """A call that waits, and that no agent is being asked to take.

    Parameters
    ----------
    call : str
    queue : int
        Index into the table's queues.
    place_us : int
        Its place, as `ivr.routing.place_us` gives it.
    since_us : int
        Since when it may be given away: when it joined, or when the last agent did not take it.
    urgency : float
    draw : int
        Its random number.
    never : frozenset of str
        Agents who cannot take it.
    asked : mapping of str to int
        Agents who were asked and did not take it, and when they may be asked again.
    """

    call: str
    queue: int
    place_us: int
    since_us: int
    urgency: float = 0.0
    draw: int = 0
    never: frozenset[str] = frozenset()
    asked: Mapping[str, int] = field(default_factory=dict)

    def may_ask(self, agent: str, now_us: int) -> bool:
        """Whether an agent may be asked now."""
        return agent not in self.never and self.asked.get(agent, now_us) <= now_us


@dataclass(frozen=True, slots=True)
class Match:
    """An agent, and the call that is offered to them."""

    agent: str
    call: str


def matches(
    table: RoutingTable,
    waiting: Sequence[HeldCall],
    idle: Sequence[FreeAgent],
    now_us: int,
    *,
    due_us: int | None = None,
) -> tuple[Match, ...]:
    """The calls that are to be offered now, and to whom.

    An agent who did not take a call is asked for it again only if nobody else can take it, and not before their time.

    Parameters
    ----------
    table : RoutingTable
    waiting : sequence of HeldCall
        Of the calls, those that nobody is being asked for.
    idle : sequence of FreeAgent
    now_us : int
        Microseconds, as all times here.
    due_us : int, optional
        Delays that were over by then count; by default, by now. A moment less says that of what happens now, the end
        of delays has not come yet, which by the tie rule is after calls have come and agents have come and gone.

    Examples
    --------
    >>> table = RoutingTable(queues=("billing",), groups=("office",), rank=((0,),))
    >>> calls = [HeldCall("CA2", 0, 20, 20), HeldCall("CA1", 0, 10, 10)]
    >>> matches(table, calls, [FreeAgent("ana", 0, 0, 30, 30)], 40)
    (Match(agent='ana', call='CA1'),)
    """
    if not waiting or not idle:
        return ()
    return tuple(_Replay(table, waiting, idle, now_us, now_us if due_us is None else due_us).run())


def _dues(table: RoutingTable, call: HeldCall) -> Iterator[int]:
    """The moments at which more agents may take a call."""
    ranks, delays = table.rank[call.queue], table.after_us[call.queue]
    yield from {call.place_us + after for rank, after in zip(ranks, delays, strict=True) if rank is not None and after}
    yield from call.asked.values()


class _Replay:
    """Plays the events of those who are still there."""

    def __init__(
        self,
        table: RoutingTable,
        waiting: Sequence[HeldCall],
        idle: Sequence[FreeAgent],
        now_us: int,
        due_us: int,
    ) -> None:
        self.table, self.now_us, self.due_us = table, now_us, due_us
        self.agents = {one.number: one for one in idle}
        self.calls = dict(enumerate(sorted(waiting, key=lambda one: one.call)))
        self.free: set[int] = set()
        self.held: set[int] = set()

    def run(self) -> Iterator[Match]:
        """The matches in order of time."""
        for at_us, kind, number in self._events():
            agent: int | None = number
            call: int | None = number
            if kind == _READY:
                call = self._call_for(number, at_us)
                self.free.add(number)
            elif kind == _JOINED or number in self.held:
                agent = self._agent_for(number, at_us)
                self.held.add(number)
            else:
                continue
            if agent is not None and call is not None:
                self.free.discard(agent)
                self.held.discard(call)
                yield Match(self.agents[agent].agent, self.calls[call].call)

    def _events(self) -> list[tuple[int, int, int]]:
        found = [(min(one.ready_us, self.now_us), _READY, number) for number, one in self.agents.items()]
        for number, call in self.calls.items():
            joined_us = min(call.since_us, self.now_us)
            found.append((joined_us, _JOINED, number))
            found += [(due, _DUE, number) for due in _dues(self.table, call) if joined_us < due <= self.due_us]
        return sorted(found)

    def _agent_for(self, number: int, at_us: int) -> int | None:
        """The agent for a call: of those who were not asked yet, else of those who may be asked again."""
        call = self.calls[number]
        able = [one for n in self.free for one in [self.agents[n]] if call.may_ask(one.agent, at_us)]
        fresh = [one for one in able if one.agent not in call.asked]
        for some in (fresh, able) if len(fresh) < len(able) else (able,):
            found = agent_for_call(
                self.table,
                queue=call.queue,
                waited_us=at_us - call.place_us,
                idle=[_idle(one, at_us) for one in some],
                draw=call.draw,
            )
            if found is not None:
                return found
        return None

    def _call_for(self, number: int, at_us: int) -> int | None:
        agent = self.agents[number]
        return call_for_agent(
            self.table,
            group=agent.group,
            idle_in_group=1 + sum(self.agents[n].group == agent.group for n in self.free),
            now_us=at_us,
            waiting=[
                WaitingCall(n, call.queue, call.place_us, call.urgency)
                for n in self.held
                for call in [self.calls[n]]
                if call.may_ask(agent.agent, at_us)
            ],
        )


def _idle(one: FreeAgent, at_us: int) -> IdleAgent:
    return IdleAgent(one.number, one.group, one.idle_since_us, one.calls, one.worked_us, at_us - one.shift_began_us)
