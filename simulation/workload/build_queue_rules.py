"""Builds the rules of each queue, apart from routing: room, announcements and callbacks."""

from __future__ import annotations

import math
from collections.abc import Sequence

from flows.model.flow import Flow
from flows.nodes.queue import Queue
from flows.values.units import US_PER_S
from ivr.answering.routing import queue_specs
from ivr.records.schema import NEVER
from simulation.sampling.distributions import Distribution
from simulation.scenario.duty import Chatting
from simulation.scenario.model import Scenario
from simulation.scenario.routing import routing_table
from simulation.tables.queue_rules import QueueRule

__all__ = ["announcing", "build_queue_rules"]


def announcing(flow: Flow) -> tuple[str, ...]:
    """The queues whose expected wait is announced by at least one node that leads there."""
    told = {node.queue for node in flow.nodes.values() if isinstance(node, Queue) and node.announce.expected_wait}
    return tuple(queue.name for queue in queue_specs(flow) if queue.name in told)


def build_queue_rules(scenario: Scenario, flow: Flow) -> tuple[QueueRule, ...]:
    """One rule for each queue, in the order of `queue_specs`.

    Examples
    --------
    >>> from simulation.loading.load import load_scenario
    >>> loaded = load_scenario("northwind", settings=["queues.billing={callback: {above: 3m, share: 0.4}}"])
    >>> build_queue_rules(loaded.scenario, loaded.flow)[0].callback_above_us
    180000000
    """
    announce, rules = announcing(flow), []
    steps = [(told.above, told.leave, told.patience) for told in scenario.behaviour.told]
    if steps and steps[0][0] > 0:
        steps.insert(0, (0.0, 0.0, 1.0))
    for queue, ranks in zip(queue_specs(flow), routing_table(scenario, flow).rank, strict=True):
        stated, in_flow = scenario.queues.get(queue.name), flow.queues.get(queue.name)
        room = stated.max_calls if stated and stated.max_calls is not None else in_flow.max_calls if in_flow else None
        offer = stated.callback if stated else None
        announces = queue.name in announce
        by_group, mean_us = _handle_us(scenario, queue.name, [rank is not None for rank in ranks])
        rules.append(
            QueueRule(
                capacity=NEVER if room is None else room,
                mean_handle_us=mean_us,
                handle_us=by_group,
                announces=announces,
                estimator=(stated and stated.expected_wait) or scenario.expected_wait,
                told_us=tuple(round(above * US_PER_S) for above, _, _ in steps) if announces else (),
                balk_share=tuple(leave for _, leave, _ in steps) if announces else (),
                patience_factor=tuple(factor for _, _, factor in steps) if announces else (),
                callback_above_us=round(offer.above * US_PER_S) if offer else NEVER,
                callback_share=offer.share if offer else 1.0,
                callback_attempts=offer.attempts if offer else 1,
                callback_again_us=round(offer.again * US_PER_S) if offer else 0,
            )
        )
    return tuple(rules)


def _handle_us(scenario: Scenario, queue: str, serving: Sequence[bool]) -> tuple[tuple[int, ...], int]:
    """Mean talk and wrap-up of a queue: of each group, and over the groups that serve it.

    All intervals have equal weight, and so do all groups. Who has several chats in hand is done with one more often.
    """
    wrap_up = _mean(scenario.times("after_call_work", queue) or ())
    means = [
        _with_others(_mean(scenario.talk_of(queue, name) or ()) + wrap_up, group.chats, queue)
        for name, group in scenario.groups.items()
    ]
    of_all = math.fsum(mean for mean, serves in zip(means, serving, strict=True) if serves) / max(1, sum(serving))
    return tuple(map(_whole_us, means)), _whole_us(of_all)


def _with_others(seconds: float, chats: Chatting | None, queue: str) -> float:
    """The time between two ends of chats of an agent with all in hand that they may have; of a call, its own."""
    if chats is None or not chats.covers(queue):
        return seconds
    return round(_whole_us(seconds) * chats.slower[-1] / chats.at_once) / US_PER_S


def _whole_us(seconds: float) -> int:
    return round(min(seconds * US_PER_S, NEVER))


def _mean(of: Sequence[Distribution]) -> float:
    return math.fsum(one.mean for one in of) / len(of) if of else 0.0
