"""What waiting callers are told, read from the floor: place and expected wait, in the order of the dispatcher."""

from __future__ import annotations

import sqlalchemy as sa

from flows.values.units import US_PER_S
from ivr.dispatch.matches import HeldCall
from ivr.dispatch.places import Place, place_of
from ivr.routing import place_us
from webhooks.dispatch.calls import as_recorded, draw_of
from webhooks.dispatch.offering import held_calls
from webhooks.dispatch.offers import offer_of_call
from webhooks.dispatch.people import People
from webhooks.dispatch.rows import Rows, WaitingRow
from webhooks.dispatch.times import FloorTimes
from webhooks.store.floor_tables import AGENT_STATES, OFFERS

__all__ = ["announced", "mean_handle_s"]

_LATEST = 50
"""The mean of so many calls is what the next ones are expected to take."""
_WORKING = ("ready", "offered", "talking", "wrap_up")


def announced(rows: Rows, row: WaitingRow, people: People, times: FloorTimes, now_us: int) -> Place:
    """What the caller of a row may be told now, whether the floor knows the call yet or not.

    Parameters
    ----------
    rows : Rows
    row : WaitingRow
    people : People
    times : FloorTimes
    now_us : int
    """
    table, agents = people.table, people.agents
    if row.queue not in table.queues:
        return Place()
    groups = [
        table.groups.index(group)
        for name in rows.agents(AGENT_STATES.c.state.in_(_WORKING))
        if name in agents.agents and (group := agents.group_of(name)) in table.groups
    ]
    mean_s = mean_handle_s(rows, row.queue)
    waiting = held_calls(rows, people, times)
    mine = next((one for one in waiting if one.call == row.call_sid), None)
    if mine is None:
        queue, row = table.queues.index(row.queue), as_recorded(rows, row)
        at_us = place_us(table, queue, joined_us=row.joined_us, began_us=row.began_us)
        mine = HeldCall(row.call_sid, queue, at_us, now_us, row.urgency, draw_of(row.call_sid))
        if offer_of_call(rows, row.call_sid) is not None:
            waiting = []  # somebody is being asked to take it
    return place_of(table, waiting, mine, groups, mean_s, now_us)


def mean_handle_s(rows: Rows, queue: str) -> float | None:
    """How long the latest calls of a queue took with their wrap-up; if it had none, those of all queues."""
    length = sa.select(OFFERS.c.wrapped_us - OFFERS.c.accepted_us).where(
        OFFERS.c.state == "ended", OFFERS.c.wrapped_us.is_not(None), OFFERS.c.accepted_us.is_not(None)
    )
    for some in (length.where(OFFERS.c.queue == queue), length):
        found = list(rows.connection.scalars(some.order_by(OFFERS.c.made_us.desc()).limit(_LATEST)))
        if found:
            return float(sum(found) / len(found) / US_PER_S)
    return None
