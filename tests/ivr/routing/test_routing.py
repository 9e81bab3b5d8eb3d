"""Routing: what the two choices do, what a table refuses, and one fixture a policy."""

import numpy as np
import pytest

from ivr.routing import (
    GroupSpec,
    IdleAgent,
    QueueSpec,
    RoutingError,
    RoutingTable,
    WaitingCall,
    agent_for_call,
    call_for_agent,
    policies,
    ticket,
)
from tests.support.units import S

# Queue "gold" needs one skill, "spanish" two, "any" none. Levels: 1 = best.
QUEUES = (QueueSpec("gold", ("gold",), priority=2), QueueSpec("spanish", ("gold", "es")), QueueSpec("any", priority=-1))
GROUPS = (GroupSpec("experts", {"gold": 1}), GroupSpec("all", {"gold": 2, "es": 3}), GroupSpec("novices"))

# policy: (rank, pull, priority) worked by hand from the specs above.
ZEROS = ((0, 0, 0),) * 3
EXPECTED = {
    "single_queue": (((0, 0, None), (None, 0, None), (0, 0, 0)), ZEROS, (0, 0, 0)),
    # "all" has level 2 for gold, and max(2, 3) = 3 for spanish; no skill needed counts as level 1.
    "longest_wait": (((1, 2, None), (None, 3, None), (1, 1, 1)), ZEROS, (0, 0, 0)),
    # rank = number of skills of the group: 1, 2, 0
    "specialists_first": (((1, 2, None), (None, 2, None), (1, 2, 0)), ZEROS, (2, 0, -1)),
    "skill_priority": (((1, 2, None), (None, 3, None), (1, 1, 1)), ((1, 2, 0), (0, 3, 0), (1, 1, 1)), (2, 0, -1)),
}


def test_every_policy_has_its_fixture():
    assert sorted(policies()) == sorted(EXPECTED)


@pytest.mark.parametrize("name", sorted(policies()))
def test_policy(name):
    table = policies()[name](QUEUES, GROUPS)
    assert (table.rank, table.pull, table.priority) == EXPECTED[name]
    assert table.queues == ("gold", "spanish", "any")
    assert table.groups == ("experts", "all", "novices")
    assert table.unserved_queues() == ()


def one_queue(**changes):
    return RoutingTable(**{"queues": ("q",), "groups": ("front", "back"), "rank": ((0, 1),)} | changes)


@pytest.mark.parametrize(
    ("table", "waited_us", "idle", "chosen"),
    [
        # The lower rank wins although the other has been idle longer.
        (one_queue(), 0, [IdleAgent(1, 1, 0), IdleAgent(2, 0, 50)], 2),
        # Equal ranks are one pool: the longest idle of both groups.
        (one_queue(rank=((0, 0),)), 0, [IdleAgent(1, 1, 0), IdleAgent(2, 0, 50)], 1),
        # A tie goes to the lower id.
        (one_queue(rank=((0, 0),)), 0, [IdleAgent(4, 0, 50), IdleAgent(3, 1, 50)], 3),
        # None = never.
        (one_queue(rank=((0, None),)), 0, [IdleAgent(1, 1, 0)], None),
        (one_queue(), 0, [], None),
        # Overflow: the back group only after 30 s, at 30 s sharp.
        (one_queue(after_us=((0, 30 * S),)), 30 * S - 1, [IdleAgent(1, 1, 0)], None),
        (one_queue(after_us=((0, 30 * S),)), 30 * S, [IdleAgent(1, 1, 0)], 1),
        (one_queue(choice=("fewest_calls",) * 2), 0, [IdleAgent(1, 0, 0, calls=3), IdleAgent(2, 0, 9, calls=2)], 2),
        # 30/100 against 20/50; an agent who has just come (0 of 0) counts as 0.
        (
            one_queue(choice=("least_occupied",) * 2),
            0,
            [IdleAgent(1, 0, 0, worked_us=30, staffed_us=100), IdleAgent(2, 0, 0, worked_us=20, staffed_us=50)],
            1,
        ),
        (
            one_queue(choice=("least_occupied",) * 2),
            0,
            [IdleAgent(1, 0, 0, worked_us=30, staffed_us=100), IdleAgent(2, 0, 0)],
            2,
        ),
    ],
)
def test_agent_for_call(table, waited_us, idle, chosen):
    assert agent_for_call(table, queue=0, waited_us=waited_us, idle=idle) == chosen
    assert agent_for_call(table, queue=0, waited_us=waited_us, idle=reversed(idle)) == chosen


# SplitMix64 that starts with 1234567: 6.5e18, 3.2e18, 9.8e18, 4.6e18, 16.4e18 (published with its C code by Vigna).
PUBLISHED = (6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821)


def test_tickets_are_the_numbers_of_splitmix64():
    assert [ticket(1234567, agent) for agent in range(5)] == [number >> 11 for number in PUBLISHED]


def test_the_lowest_ticket_takes_the_call_whoever_else_is_idle():
    """In order of their tickets: agents 1, 3, 0, 2, 4. They are in both groups, which are one pool."""
    table = one_queue(rank=((0, 0),), choice=("random",) * 2)
    idle, taken = [IdleAgent(agent, agent % 2, agent) for agent in range(5)], []
    while idle:
        taken.append(agent_for_call(table, queue=0, waited_us=0, idle=idle, draw=1234567))
        idle = [agent for agent in idle if agent.agent != taken[-1]]
    assert taken == [1, 3, 0, 2, 4]


def test_each_idle_agent_is_equally_likely_and_one_more_takes_only_their_share():
    """Of 4,000 calls three agents take 1,333.3 +- 29.8 each; of the calls a fourth does not take, none moves."""
    table = one_queue(choice=("random",) * 2)
    draws = np.random.default_rng(1).integers(0, 2**53, 4000).tolist()

    def taken(agents):
        idle = [IdleAgent(agent, 0, 0) for agent in agents]
        return [agent_for_call(table, queue=0, waited_us=0, idle=idle, draw=draw) for draw in draws]

    three, four = taken([2, 5, 9]), taken([2, 5, 7, 9])
    assert all(abs(three.count(agent) - 4000 / 3) < 4 * 29.8 for agent in (2, 5, 9))
    assert abs(four.count(7) - 1000) < 4 * 27.4
    assert all(after in (before, 7) for before, after in zip(three, four, strict=True))


# Group 0 is best at queue 0 and keeps one agent back from queue 1.
KEEPS = RoutingTable(queues=("own", "other"), groups=("g",), rank=((0,), (1,)), keep_idle=(1,))


@pytest.mark.parametrize(("queue", "idle", "chosen"), [(0, 1, 0), (1, 1, None), (1, 2, 0)])
def test_agents_kept_idle_serve_only_their_best_queue(queue, idle, chosen):
    agents = [IdleAgent(i, 0, i) for i in range(idle)]
    assert agent_for_call(KEEPS, queue=queue, waited_us=0, idle=agents) == chosen
    waiting = [WaitingCall(0, queue, 0)]
    assert call_for_agent(KEEPS, group=0, idle_in_group=idle, now_us=5, waiting=waiting) == chosen


def two_queues(**changes):
    return RoutingTable(**{"queues": ("a", "b"), "groups": ("g",), "rank": ((0,), (0,))} | changes)


@pytest.mark.parametrize(
    ("table", "waiting", "chosen"),
    [
        # No preference: the longest-waiting; then the lower id.
        (two_queues(), [WaitingCall(1, 0, 20 * S), WaitingCall(2, 1, 10 * S)], 2),
        (two_queues(), [WaitingCall(2, 0, 20 * S), WaitingCall(1, 1, 20 * S)], 1),
        # Pull beats priority, priority beats waiting.
        (two_queues(pull=((0,), (1,)), priority=(0, 9)), [WaitingCall(1, 0, 20 * S), WaitingCall(2, 1, 10 * S)], 1),
        (two_queues(priority=(1, 0)), [WaitingCall(1, 0, 20 * S), WaitingCall(2, 1, 10 * S)], 1),
        # At 30 s: a has 1 + 0 * 10 s, b 0 + 0.05 * 20 s = 1.0, a tie, so the earlier offered; with 0.06, b.
        (two_queues(priority=(1, 0), weight_per_s=(0, 0.05)), [WaitingCall(1, 0, 5 * S), WaitingCall(2, 1, 10 * S)], 1),
        (two_queues(priority=(1, 0), weight_per_s=(0, 0.06)), [WaitingCall(1, 0, 5 * S), WaitingCall(2, 1, 10 * S)], 2),
        (two_queues(rank=((None,), (0,))), [WaitingCall(1, 0, 0), WaitingCall(2, 1, 10 * S)], 2),
        (two_queues(rank=((None,), (0,))), [WaitingCall(1, 0, 0)], None),
        (two_queues(after_us=((15 * S,), (25 * S,))), [WaitingCall(1, 0, 15 * S), WaitingCall(2, 1, 10 * S)], 1),
        (two_queues(), [], None),
    ],
)
def test_call_for_agent(table, waiting, chosen):
    assert call_for_agent(table, group=0, idle_in_group=1, now_us=30 * S, waiting=waiting) == chosen
    assert call_for_agent(table, group=0, idle_in_group=1, now_us=30 * S, waiting=reversed(waiting)) == chosen


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"rank": ((0,),)}, "rank must have a row for each queue and a column for each group: 1 row, 2 columns"),
        ({"pull": ((0, 0), (0, 0))}, "pull must have a row"),
        ({"priority": (1, 2)}, "priority has 2 values; it needs one for each queue, 1 in all"),
        ({"keep_idle": (1,)}, "keep_idle has 1 value; it needs one for each group, 2 in all"),
        ({"keep_idle": (1, -1)}, "keep_idle and after_us must be 0 or more"),
        ({"after_us": ((0, -1),)}, "keep_idle and after_us must be 0 or more"),
        ({"weight_per_s": (-0.5,)}, "weight_per_s of queue 'q' is -0.5; it must be 0 or more"),
        ({"weight_per_s": (float("nan"),)}, "weight_per_s of queue 'q' is nan"),
        ({"choice": ("dice", "dice")}, "choice of group 'front' is 'dice'; it must be one of longest_idle, "),
        ({"order": ("age",)}, "order of queue 'q' is 'age'; it must be one of time_in_queue, time_in_system"),
        ({"rank": ((0, 0),), "choice": ("longest_idle", "fewest_calls")}, "queue 'q' ranks front, back equally"),
    ],
)
def test_contradictory_tables_are_refused(changes, message):
    with pytest.raises(RoutingError, match=message):
        one_queue(**changes)


def test_queue_that_nobody_can_serve_is_named():
    table = policies()["single_queue"](QUEUES, GROUPS[:1])
    assert table.unserved_queues() == ("spanish",)
