"""What waiting callers are told follows the order in which the dispatcher would answer them."""

from __future__ import annotations

import numpy as np
import pytest

from ivr.dispatch.matches import FreeAgent, HeldCall, matches
from ivr.dispatch.places import Place, calls_ahead, place_of
from ivr.routing import RoutingTable

S = 1_000_000


@pytest.mark.parametrize("seed", range(40))
def test_the_place_is_the_turn_in_which_the_dispatcher_offers_the_call(seed: int) -> None:
    """One agent after the other becomes free: the call with n ahead goes to the agent after n others.

    Priorities, urgencies, weights, pull and equal places are drawn; looks are at one moment, so that no score moves.
    """
    rng = np.random.default_rng(seed)
    table = RoutingTable(
        queues=("a", "b", "c"),
        groups=("all",),
        rank=((0,), (0,), (0,)),
        priority=tuple(rng.integers(0, 3, 3).tolist()),
        weight_per_s=tuple(rng.choice([0.0, 0.01, 0.05], 3).tolist()),
        pull=tuple((int(one),) for one in rng.integers(0, 2, 3)),
    )
    now_us = 900 * S
    calls = [
        HeldCall(f"CA{n:02d}", int(rng.integers(3)), int(at) * 60 * S, int(at) * 60 * S, float(rng.integers(0, 2)))
        for n, at in enumerate(rng.integers(0, 14, 8))
    ]
    told = {one.call: calls_ahead(table, calls, one, [0], now_us) for one in calls}
    waiting, order = list(calls), []
    while waiting:
        (match,) = matches(table, waiting, [FreeAgent("ana", 0, 0, now_us, now_us)], now_us)
        order.append(match.call)
        waiting = [one for one in waiting if one.call != match.call]
    assert [told[call] for call in order] == list(range(8))


def test_of_several_groups_the_one_that_comes_to_the_call_first_counts() -> None:
    """Specialists take bills only, so a bill has one call ahead of it, and a call about anything three."""
    table = RoutingTable(queues=("bills", "any"), groups=("specialists", "all"), rank=((0, 1), (None, 0)))
    calls = [HeldCall(f"CA{n}", queue, n, n) for n, queue in enumerate([1, 1, 0, 0, 1])]
    ahead = [calls_ahead(table, calls, one, [0, 1], 9) for one in calls]
    assert ahead == [0, 1, 0, 1, 4]
    assert [calls_ahead(table, calls, one, [1], 9) for one in calls] == [0, 1, 2, 3, 4]  # no specialist is there
    assert [calls_ahead(table, calls, one, [], 9) for one in calls] == ahead  # nobody is: as if all were


def test_a_group_that_may_not_take_the_call_yet_does_not_count() -> None:
    """Overflow after 60 s: until then the second group's short line is no promise."""
    table = RoutingTable(
        queues=("bills",), groups=("first", "second"), rank=((0, 1),), after_us=((0, 60 * S),), priority=(0,)
    )
    calls = [HeldCall("CA0", 0, 0, 0), HeldCall("CA1", 0, 30 * S, 30 * S)]
    assert calls_ahead(table, calls, calls[1], [1], 80 * S) == 1  # the first group's line
    assert calls_ahead(table, calls, calls[1], [1], 90 * S) == 1
    assert calls_ahead(table, calls[1:], calls[1], [1], 90 * S) == 0
    never = RoutingTable(queues=("bills",), groups=("first",), rank=((None,),), after_us=((0,),))
    assert calls_ahead(never, calls, calls[0], [0], 90 * S) == 1  # nobody ever takes it: after everybody


def test_the_expected_wait_is_shared_by_those_who_may_take_the_call() -> None:
    """Two calls up to this one, 90 s each, by three agents: 60 s. Nothing is promised without agents or experience."""
    table = RoutingTable(queues=("bills", "any"), groups=("specialists", "all"), rank=((0, 0), (None, 0)))
    calls = [HeldCall("CA0", 0, 0, 0), HeldCall("CA1", 0, 1, 1)]
    assert place_of(table, calls, calls[1], [0, 0, 1], 90.0, 9) == Place(2, 60.0)
    assert place_of(table, calls, HeldCall("CA2", 1, 2, 2), [0, 0, 1], 90.0, 9) == Place(3, 270.0)
    assert place_of(table, calls, calls[1], [], 90.0, 9) == Place(2, None)
    assert place_of(table, calls, calls[1], [0], None, 9) == Place(2, None)
