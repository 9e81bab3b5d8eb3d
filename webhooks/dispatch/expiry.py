"""What time alone does on the floor: phones stop ringing, wrap-up ends, pages fall silent, callers vanish."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ivr.dispatch.agent_state import GONE
from webhooks.dispatch import guests
from webhooks.dispatch.calls import leave
from webhooks.dispatch.offers import miss, not_moved, offer_of_call, over
from webhooks.dispatch.order_times import OrderTimes
from webhooks.dispatch.people import People
from webhooks.dispatch.rows import Offer, Rows
from webhooks.dispatch.times import FloorTimes
from webhooks.store.floor_tables import AGENT_STATES, OFFERS, WAITING

__all__ = ["end_wrap_up", "expire"]

_GUEST_S = OrderTimes().ring_s
_LONGEST_CALL_S = 4 * 3_600
"""Twilio ends a call after 4 hours."""


def expire(rows: Rows, people: People, times: FloorTimes, wrap_up_us: int, now_us: int) -> None:
    """Do what is due now."""
    for offer in rows.live_offers():
        _expire_offer(rows, offer, times, wrap_up_us, now_us)
    for call in rows.all(WAITING, WAITING.c.state == "waiting", WAITING.c.until_us < now_us):
        leave(rows, call["call_sid"], "not heard of any more", wrap_up_us, now_us)
    for call in rows.all(WAITING, WAITING.c.state == "taken", WAITING.c.kind == "call"):
        if guests.is_live(call):
            _expire_guest(rows, call, times, now_us)
        else:
            _lead_on(rows, call, times, now_us)
    for agent, state in rows.agents(AGENT_STATES.c.state == "wrap_up", AGENT_STATES.c.until_us <= now_us).items():
        end_wrap_up(rows, agent, state.until_us or now_us)
    _expire_pages(rows, people, times, now_us)


def _lead_on(rows: Rows, call: Mapping[str, Any], times: FloorTimes, now_us: int) -> None:
    """A caller whose agent has gone, and who has not come back to the flow, is fetched: they may hear nothing."""
    sid, last = call["call_sid"], rows.offers(OFFERS.c.call_sid == call["call_sid"])[-1:]
    if offer_of_call(rows, sid) is not None or not last or (call["until_us"] or 0) > now_us:
        return
    if now_us >= (last[0].ended_us or now_us) + times.us(times.alone_s):
        rows.change_call(sid, until_us=now_us + times.us(times.ring_s))  # and again, until they come or are gone
        details = {"call_sid": sid, "path": "/bridge", "offer": last[0].offer}
        rows.order("move", details, offer=last[0].offer, now_us=now_us)


def _expire_guest(rows: Rows, call: Mapping[str, Any], times: FloorTimes, now_us: int) -> None:
    asked_by = rows.offer(guests.guest_of(call)["offer"])
    if asked_by is not None and guests.too_late(call, times.us(_GUEST_S + times.lost_s), now_us):
        guests.ends(rows, asked_by, "no answer", now_us)


def end_wrap_up(rows: Rows, agent: str, at_us: int) -> None:
    """The agent is done with the last call."""
    latest = rows.offers(OFFERS.c.agent == agent, OFFERS.c.state == "ended", OFFERS.c.wrapped_us.is_(None))
    for offer in latest:
        rows.change_offer(offer.offer, wrapped_us=max(at_us, offer.ended_us or at_us))
    rows.put_agent(agent, rows.agent(agent).wrapped_up(at_us), at_us)


def _expire_offer(rows: Rows, offer: Offer, times: FloorTimes, wrap_up_us: int, now_us: int) -> None:
    if offer.state in ("made", "ringing"):
        if now_us >= offer.made_us + times.us(times.ring_s + times.lost_s):
            miss(rows, offer, "missed", now_us)
    elif offer.state == "answered":
        if now_us >= (offer.answered_us or 0) + times.us(times.key_s):
            miss(rows, offer, "mailbox", now_us)
    elif offer.state == "accepted":
        if now_us >= (offer.accepted_us or 0) + times.us(times.ring_s + times.lost_s):
            not_moved(rows, offer, now_us)
    elif now_us >= (offer.connected_us or 0) + times.us(_LONGEST_CALL_S):
        over(rows, offer, wrap_up_us, now_us)


def _expire_pages(rows: Rows, people: People, times: FloorTimes, now_us: int) -> None:
    silent = rows.all(
        AGENT_STATES,
        AGENT_STATES.c.state.in_(("ready", "paused")),
        AGENT_STATES.c.seen_us < now_us - times.us(times.silent_s),
    )
    for row in silent:
        agent, person = row["agent"], people.agents.agents.get(row["agent"])
        state = rows.agent(agent)
        if person is None or row["seen_us"] < now_us - times.us(times.signed_in_s):
            rows.put_agent(agent, state.sign_out(now_us), now_us)
        elif person.browser and state.state == "ready":
            rows.put_agent(agent, state.pause(GONE, now_us), now_us)
