"""Offers waiting calls to agents who are ready: the matches of ``ivr.dispatch``, written as offers and orders."""

from __future__ import annotations

import json
import secrets
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from ivr.dispatch.agent_state import AgentState
from ivr.dispatch.matches import FreeAgent, HeldCall, matches
from ivr.dispatch.offer_state import MISSED
from ivr.routing import place_us
from webhooks.dispatch.people import People, rings_at
from webhooks.dispatch.rows import Offer, Rows
from webhooks.dispatch.times import FloorTimes
from webhooks.store.floor_tables import AGENT_STATES, OFFERS, WAITING

__all__ = ["free_agents", "held_calls", "offer_all"]


def offer_all(rows: Rows, people: People, times: FloorTimes, now_us: int) -> list[str]:
    """Offer every call that an agent who is ready may take; the offers made."""
    table, agents = people.table, people.agents
    idle = free_agents(people, rows.agents(AGENT_STATES.c.state == "ready"))
    waiting = held_calls(rows, people, times)
    offered: list[str] = []
    for match in matches(table, waiting, idle, now_us):
        call = rows.call(match.call)
        assert call is not None
        offer = Offer(
            secrets.token_hex(16),
            match.agent,
            match.call,
            call["queue"],
            "made",
            now_us,
            visit=call["visit"],
            grouped=agents.group_of(match.agent),
        )
        rows.add_offer(offer)
        rows.put_agent(match.agent, rows.agent(match.agent).offer(now_us), now_us)
        details = {
            "to": rings_at(match.agent, agents.agents[match.agent]),
            "agent": match.agent,
            "call_sid": match.call,
            "timeout_s": times.ring_s,
        }
        rows.order("ring", details, offer=offer.offer, now_us=now_us)
        offered.append(offer.offer)
    return offered


def free_agents(people: People, states: Mapping[str, AgentState]) -> list[FreeAgent]:
    """The agents who are ready; those who are no longer in the file are not."""
    groups = people.table.groups
    return [
        FreeAgent(
            name,
            number,
            groups.index(people.agents.group_of(name)),
            state.since_us,
            state.idle_since_us,
            state.calls,
            state.worked_us,
            state.shift_began_us,
        )
        for number, name in enumerate(people.agents.agents)
        for state in [states.get(name)]
        if state is not None and state.state == "ready" and people.agents.group_of(name) in groups
    ]


def held_calls(rows: Rows, people: People, times: FloorTimes) -> list[HeldCall]:
    """The calls that wait and that nobody is being asked for; those of a queue that nobody serves are left out."""
    table = people.table
    offered = {offer.call_sid for offer in rows.live_offers()}
    calls = [call for call in rows.all(WAITING, WAITING.c.state == "waiting") if call["call_sid"] not in offered]
    asked = _asked(rows, [call["call_sid"] for call in calls], times)
    found = []
    for call in calls:
        if call["queue"] not in table.queues:
            continue
        queue = table.queues.index(call["queue"])
        found.append(
            HeldCall(
                call["call_sid"],
                queue,
                place_us(table, queue, joined_us=call["joined_us"], began_us=call["began_us"]),
                call["since_us"],
                call["urgency"],
                int(call["draw"]),
                _never(people, call),
                asked[call["call_sid"]],
            )
        )
    return found


def _asked(rows: Rows, sids: list[str], times: FloorTimes) -> dict[str, dict[str, int]]:
    """By call, the agents who did not take it, and when they may be asked again."""
    asked: dict[str, dict[str, int]] = defaultdict(dict)
    if sids:
        for offer in rows.offers(OFFERS.c.call_sid.in_(sids), OFFERS.c.state.in_(MISSED)):
            asked[offer.call_sid][offer.agent] = (offer.ended_us or offer.made_us) + times.us(times.again_s)
    return asked


def _never(people: People, call: Mapping[str, Any]) -> frozenset[str]:
    """The agents who cannot take a call: it is for another one, or they do not speak its language."""
    only = json.loads(call["told"] or "{}").get("only")
    if only:
        return frozenset(people.agents.agents.keys() - {only})
    tag = (call["language"] or "").partition("-")[0].lower()
    return frozenset(
        name
        for name, agent in people.agents.agents.items()
        if tag and agent.languages and tag not in {one.partition("-")[0].lower() for one in agent.languages}
    )
