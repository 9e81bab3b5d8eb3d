"""What a waiting caller may be told: their place in the order of the dispatcher, and the expected wait."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ivr.dispatch.matches import HeldCall
from ivr.routing import RoutingTable, WaitingCall, call_for_agent

__all__ = ["Place", "calls_ahead", "place_of"]

_MANY = 1_000_000_000
"""Idle agents enough for any group that keeps some back."""


@dataclass(frozen=True, slots=True)
class Place:
    """What is known of a waiting call.

    Parameters
    ----------
    position : int or None
        From 1; None: it cannot be told.
    expected_wait_s : float or None
    """

    position: int | None = None
    expected_wait_s: float | None = None


def calls_ahead(
    table: RoutingTable, waiting: Sequence[HeldCall], call: HeldCall, groups: Collection[int], now_us: int
) -> int:
    """How many calls will be taken before this one, by the group that comes to it first.

    Parameters
    ----------
    table : RoutingTable
    waiting : sequence of HeldCall
        The calls that nobody is being asked for; whether this one is among them does not matter.
    call : HeldCall
    groups : collection of int
        Those with somebody on duty; of these, the ones that may take the call now count. Without any, all groups.
    now_us : int

    Examples
    --------
    >>> table = RoutingTable(queues=("gold", "plain"), groups=("all",), rank=((0,), (0,)), priority=(1, 0))
    >>> calls = [HeldCall("CA1", 1, 10, 10), HeldCall("CA2", 1, 20, 20), HeldCall("CA3", 0, 30, 30)]
    >>> [calls_ahead(table, calls, one, [0], 40) for one in calls]
    [1, 2, 0]
    """
    mine = WaitingCall(0, call.queue, call.place_us, call.urgency)
    others = [
        WaitingCall(-1 if one.call < call.call else 1, one.queue, one.place_us, one.urgency)
        for one in waiting
        if one.call != call.call
    ]

    def first(group: int, some: list[WaitingCall]) -> int | None:
        return call_for_agent(table, group=group, idle_in_group=_MANY, now_us=now_us, waiting=some)

    able = [group for group in groups if first(group, [mine]) is not None]
    able = able or [group for group in range(len(table.groups)) if first(group, [mine]) is not None]
    return min((sum(first(group, [mine, one]) != 0 for one in others) for group in able), default=len(others))


def place_of(
    table: RoutingTable,
    waiting: Sequence[HeldCall],
    call: HeldCall,
    on_duty: Sequence[int],
    mean_handle_s: float | None,
    now_us: int,
) -> Place:
    """The place of a call, and its expected wait: the calls up to it, each of mean length, shared by the agents.

    That is the simulation's estimator ``queue_length``, with the calls that will be taken before this one in place of
    those that wait in its queue.

    Parameters
    ----------
    table : RoutingTable
    waiting : sequence of HeldCall
    call : HeldCall
    on_duty : sequence of int
        The group of each agent who is on duty and not paused.
    mean_handle_s : float or None
        Talk and wrap-up of a call of this queue; None: not known yet.
    now_us : int

    Examples
    --------
    >>> table = RoutingTable(queues=("q",), groups=("all",), rank=((0,),))
    >>> calls = [HeldCall(f"CA{n}", 0, n, n) for n in range(4)]
    >>> place_of(table, calls, calls[3], [0, 0], 180.0, 9)
    Place(position=4, expected_wait_s=360.0)
    """
    ahead = calls_ahead(table, waiting, call, sorted(set(on_duty)), now_us)
    agents = sum(table.rank[call.queue][group] is not None for group in on_duty)
    known = mean_handle_s is not None and agents > 0
    return Place(ahead + 1, (ahead + 1) * mean_handle_s / agents if known and mean_handle_s is not None else None)
