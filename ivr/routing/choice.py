"""The two routing decisions, as pure functions of a routing table, idle agents and waiting calls.

They define what every engine and the live dispatcher must do. Engines keep
faster structures and are tested against these.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flows.values.units import US_PER_S
from ivr.routing.table import RoutingTable

__all__ = ["IdleAgent", "WaitingCall", "agent_for_call", "call_for_agent", "place_us", "ticket"]

_64_BITS = 2**64 - 1


@dataclass(frozen=True, slots=True)
class IdleAgent:
    """An agent who could take a call now: who is idle, or has fewer chats in hand than they may.

    Parameters
    ----------
    agent : int
        Sortable id.
    group : int
        Index into the table's groups.
    idle_since_us : int
        When the agent became idle, or last was done with a chat, microseconds.
    calls : int
        Calls answered in this shift.
    worked_us : int
        Talk and after-call work in this shift, microseconds.
    staffed_us : int
        Time since the shift began, microseconds.
    in_hand : int
        Chats in hand.
    """

    agent: int
    group: int
    idle_since_us: int
    calls: int = 0
    worked_us: int = 0
    staffed_us: int = 0
    in_hand: int = 0

    def sort_key(self, choice: str, draw: int = 0) -> float:
        """The number by which `choice`, one of `CHOICES`, compares agents; the lowest is chosen first.

        `draw` is the random number of the call, for the choice ``random``.
        """
        if choice == "longest_idle":
            return self.idle_since_us
        if choice == "fewest_calls":
            return self.calls
        if choice == "random":
            return ticket(draw, self.agent)
        return self.worked_us / self.staffed_us if self.staffed_us else 0.0


@dataclass(frozen=True, slots=True)
class WaitingCall:
    """A call that waits in a queue.

    Parameters
    ----------
    call : int
        Sortable id.
    queue : int
        Index into the table's queues.
    offered_us : int
        Its place (``place_us``), microseconds: waits are counted from it.
    urgency : float
        Added to the queue's priority.
    """

    call: int
    queue: int
    offered_us: int
    urgency: float = 0.0


def ticket(draw: int, agent: int) -> int:
    """The number that an agent draws for a call under the choice ``random``; of the idle agents, the lowest takes it.

    It depends on nothing but the call and the agent. So the same call goes to the same agent, whoever else is idle,
    unless an agent with a lower ticket becomes free.

    Parameters
    ----------
    draw : int
        The random number of the call, from 0 to 2**64 - 1.
    agent : int
        The agent's id, from 0.

    Returns
    -------
    int
        Below 2**53, uniform over calls and independent from agent to agent: the upper bits of number `agent` of the
        generator SplitMix64 that starts with `draw` (Steele, Lea and Flood 2014, "Fast splittable pseudorandom number
        generators", OOPSLA '14, figure 16).

    Examples
    --------
    >>> [ticket(1_234_567, agent) for agent in range(2)]
    [3153236189995295, 1564046978124417]
    """
    mixed = (draw + (agent + 1) * 0x9E3779B97F4A7C15) & _64_BITS
    mixed = ((mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9) & _64_BITS
    mixed = ((mixed ^ mixed >> 27) * 0x94D049BB133111EB) & _64_BITS
    return (mixed ^ mixed >> 31) >> 11


def agent_for_call(
    table: RoutingTable, *, queue: int, waited_us: int, idle: Iterable[IdleAgent], draw: int = 0
) -> int | None:
    """Which agent takes this call.

    Among the groups that may serve the queue (ranked, the call has waited long
    enough, and the group has more idle agents than it keeps back, unless the
    queue is its own best), those of the lowest rank that have an idle agent
    form one pool. Of those in it with the fewest chats in hand the groups' choice picks; ties go to the lower id.

    Parameters
    ----------
    table : RoutingTable
    queue : int
        Index of the call's queue.
    waited_us : int
        How long it has waited, microseconds.
    idle : iterable of IdleAgent
    draw : int
        The random number of the call, for groups that choose at random; it stays with the call.

    Returns
    -------
    int or None
        The agent's id, or None if the call must wait.

    Examples
    --------
    >>> table = RoutingTable(queues=("q",), groups=("front", "back"), rank=((0, 1),))
    >>> agent_for_call(table, queue=0, waited_us=0, idle=[IdleAgent(7, 1, 50), IdleAgent(3, 0, 90)])
    3
    """
    agents = list(idle)
    counts = [sum(a.group == g for a in agents) for g in range(len(table.groups))]
    open_groups = {
        g
        for g in range(len(table.groups))
        if table.may_serve(queue, g, counts[g]) and waited_us >= table.after_us[queue][g]
    }
    candidates = [a for a in agents if a.group in open_groups]
    if not candidates:
        return None
    best = min(
        candidates,
        key=lambda a: (table.rank[queue][a.group], a.in_hand, a.sort_key(table.choice[a.group], draw), a.agent),
    )
    return best.agent


def place_us(table: RoutingTable, queue: int, *, joined_us: int, began_us: int) -> int:
    """The time that gives a call its place in a queue, and from which its wait is counted.

    Parameters
    ----------
    table : RoutingTable
    queue : int
        Index of the call's queue.
    joined_us, began_us : int
        When the call joined the queue, and when it began, microseconds.

    Returns
    -------
    int
        Microseconds; the earliest stands first.

    Examples
    --------
    >>> table = RoutingTable(queues=("q",), groups=("g",), rank=((0,),), order=("time_in_system",))
    >>> place_us(table, 0, joined_us=90, began_us=20)
    20
    """
    return began_us if table.order[queue] == "time_in_system" else joined_us


def call_for_agent(
    table: RoutingTable,
    *,
    group: int,
    idle_in_group: int,
    now_us: int,
    waiting: Iterable[WaitingCall],
) -> int | None:
    """Which waiting call an agent of this group takes.

    Among the calls of queues that the group may serve: lowest pull, then the
    highest score ``priority + urgency + weight_per_s * seconds waited``, then the call
    offered earliest, then the lower call id.

    Parameters
    ----------
    table : RoutingTable
    group : int
        Index of the agent's group.
    idle_in_group : int
        Idle agents of the group, this one included.
    now_us : int
        The present moment, microseconds.
    waiting : iterable of WaitingCall

    Returns
    -------
    int or None
        The call's id, or None if the agent must wait.

    Examples
    --------
    >>> table = RoutingTable(queues=("a", "b"), groups=("g",), rank=((0,), (0,)), priority=(1, 2))
    >>> call_for_agent(table, group=0, idle_in_group=1, now_us=9, waiting=[WaitingCall(0, 0, 1), WaitingCall(1, 1, 5)])
    1
    """
    candidates = [
        call
        for call in waiting
        if table.may_serve(call.queue, group, idle_in_group)
        and now_us - call.offered_us >= table.after_us[call.queue][group]
    ]
    if not candidates:
        return None
    return min(
        candidates,
        key=lambda c: (
            table.pull[c.queue][group],
            -score(table, c.queue, now_us - c.offered_us, c.urgency),
            c.offered_us,
            c.call,
        ),
    ).call


def score(table: RoutingTable, queue: int, waited_us: int, urgency: float = 0.0) -> float:
    """The priority of a waiting call: the queue's and its own, plus the queue's weight for each second waited.

    Parameters
    ----------
    table : RoutingTable
    queue : int
    waited_us : int
        Microseconds.
    urgency : float
        The call's own priority.

    Returns
    -------
    float
        The highest goes first.
    """
    return (table.priority[queue] + urgency) + table.weight_per_s[queue] * (waited_us / US_PER_S)
