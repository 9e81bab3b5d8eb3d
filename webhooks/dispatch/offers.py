"""What happens to an offer: the phone rings, is answered, the call is taken or not, and the talk ends.

Every function changes rows inside the transaction of its caller, and returns whether anything has changed: what the
carrier reports twice, or late, changes nothing.
"""

from __future__ import annotations

import logging

from ivr.dispatch.offer_state import MISSED, follows, said
from webhooks.dispatch.rows import Offer, Rows
from webhooks.store.floor_tables import OFFERS

__all__ = [
    "accept",
    "answer",
    "cancel",
    "connect",
    "hand_over",
    "hang_up",
    "hang_up_leg",
    "leg_over",
    "miss",
    "not_moved",
    "offer_of_call",
    "over",
    "rings",
]

_log = logging.getLogger("ivr.floor")


def offer_of_call(rows: Rows, call_sid: str) -> Offer | None:
    """The live offer of a call."""
    return next(iter(rows.live_offers(OFFERS.c.call_sid == call_sid)), None)


def rings(rows: Rows, offer: Offer, leg_sid: str, now_us: int) -> bool:
    """The carrier has placed the call to the agent."""
    if offer.leg_sid != leg_sid:
        rows.change_offer(offer.offer, leg_sid=leg_sid)
        rows.carried_out(offer.offer, "ring", leg_sid, now_us)
    if follows("ringing", offer.state):
        rows.change_offer(offer.offer, state="ringing")
        return True
    if offer.state in (*MISSED, "cancelled") and offer.leg_sid != leg_sid:
        _order_hang_up(rows, offer.offer, leg_sid, now_us)
    return False


def answer(rows: Rows, offer: Offer, now_us: int) -> bool:
    """Somebody, or a mailbox, has picked up."""
    if not follows("answered", offer.state):
        return False
    rows.change_offer(offer.offer, state="answered", answered_us=now_us)
    return True


def accept(rows: Rows, offer: Offer, now_us: int) -> bool:
    """The agent takes the call, if it still waits: the caller is moved to them."""
    call = rows.call(offer.call_sid)
    if not follows("accepted", offer.state) or call is None or call["state"] != "waiting":
        return False
    connected = call["kind"] == "consult"
    rows.change_offer(
        offer.offer,
        state="connected" if connected else "accepted",
        answered_us=offer.answered_us or now_us,
        accepted_us=now_us,
        connected_us=now_us if connected else None,
    )
    rows.change_call(offer.call_sid, state="taken", left_us=now_us, until_us=None)
    rows.put_agent(offer.agent, rows.agent(offer.agent).accept(now_us), now_us)
    if call["kind"] == "call":
        details = {"queue_sid": call["queue_sid"] or "", "call_sid": offer.call_sid, "path": "/bridge"}
        rows.order("move", {**details, "offer": offer.offer}, offer=offer.offer, now_us=now_us)
    elif call["kind"] == "callback":
        rows.order("dial", {"call_sid": offer.call_sid, "conference": offer.offer}, offer=offer.offer, now_us=now_us)
    return True


def connect(rows: Rows, offer: Offer, now_us: int) -> bool:
    """The caller is with the agent."""
    if not follows("connected", offer.state):
        return False
    rows.change_offer(offer.offer, state="connected", connected_us=now_us)
    return True


def miss(rows: Rows, offer: Offer, how: str, now_us: int, *, why: str = "", leg_ended: bool = False) -> bool:
    """The agent does not take the call, which waits on in its place; `how` is one of `MISSED`."""
    if not follows(how, offer.state):
        return False
    rows.change_offer(offer.offer, state=how, ended_us=now_us, why=(why or said(how))[:200])
    agent = rows.agent(offer.agent)
    if offer.state == "accepted":  # they hung up before the caller was with them
        rows.withdraw(offer.offer, "move", now_us)
        rows.withdraw(offer.offer, "dial", now_us)
        agent = agent.excuse(now_us)
    rows.put_agent(offer.agent, agent.miss(now_us), now_us)
    rows.change_call(offer.call_sid, state="waiting", left_us=None, since_us=now_us)
    rows.withdraw(offer.offer, "ring", now_us)
    if not leg_ended:
        hang_up_leg(rows, offer, now_us)
    _log.info("%s did not take %s: %s", offer.agent, offer.call_sid, why or said(how))
    return True


def cancel(rows: Rows, offer: Offer, why: str, now_us: int) -> bool:
    """The call goes away before the agent has it: their phone stops ringing, and they are ready again."""
    if not follows("cancelled", offer.state):
        return False
    rows.change_offer(offer.offer, state="cancelled", ended_us=now_us, why=why[:200])
    rows.put_agent(offer.agent, rows.agent(offer.agent).excuse(now_us), now_us)
    rows.withdraw(offer.offer, "move", now_us)
    rows.withdraw(offer.offer, "dial", now_us)
    hang_up_leg(rows, offer, now_us)
    return True


def over(rows: Rows, offer: Offer, wrap_up_us: int, now_us: int) -> bool:
    """The talk is over; the agent wraps up."""
    if not follows("ended", offer.state):
        return False
    rows.change_offer(offer.offer, state="ended", ended_us=now_us)
    rows.put_agent(offer.agent, rows.agent(offer.agent).over(now_us, wrap_up_us=wrap_up_us), now_us)
    hand_over(rows, offer, now_us)
    call = rows.call(offer.call_sid)
    if call is not None and call["kind"] == "consult":  # who was asked has left: the caller stays with who asked
        rows.change_call(offer.call_sid, state="left", left_us=now_us)
    return True


def leg_over(rows: Rows, offer: Offer, wrap_up_us: int, now_us: int) -> bool:
    """The agent has hung up, or their line is gone: the talk is over, or they did not take the call."""
    return over(rows, offer, wrap_up_us, now_us) or miss(rows, offer, "declined", now_us, why="hung up", leg_ended=True)


def hang_up(rows: Rows, offer: Offer, wrap_up_us: int, now_us: int) -> bool:
    """The agent ends their part in a call that they have taken; a caller who is on the way to them waits on."""
    if offer.state == "accepted":
        return miss(rows, offer, "declined", now_us, why="hung up")
    if not over(rows, offer, wrap_up_us, now_us):
        return False
    hang_up_leg(rows, offer, now_us)
    return True


def not_moved(rows: Rows, offer: Offer, now_us: int) -> bool:
    """The caller could not be brought to the agent, who is ready again; the call waits on."""
    if not cancel(rows, offer, "the caller could not be brought to the agent", now_us):
        return False
    rows.change_call(offer.call_sid, state="waiting", left_us=None, since_us=now_us)
    return True


def hand_over(rows: Rows, offer: Offer, now_us: int) -> None:
    """Whoever the agent has asked for help gets the caller: at once, or when they take the call."""
    asked = rows.call(offer.offer)
    if asked is None or asked["state"] == "left":
        return
    second = offer_of_call(rows, offer.offer)
    with_them = second is not None and second.state == "connected"
    if second is not None:
        changed = {"state": "accepted", "connected_us": None} if with_them else {}
        rows.change_offer(second.offer, call_sid=offer.call_sid, **changed)
    rows.change_call(offer.offer, state="left", left_us=now_us)
    rows.change_call(
        offer.call_sid,
        queue=asked["queue"],
        joined_us=asked["joined_us"],
        since_us=now_us,
        state="taken" if with_them else "waiting",
        left_us=now_us if with_them else None,
    )


def hang_up_leg(rows: Rows, offer: Offer, now_us: int) -> None:
    """Take back the call to the agent, or end it."""
    rows.withdraw(offer.offer, "ring", now_us)
    if offer.leg_sid:  # a leg that is being placed now is ended when the carrier names it: see `rings`
        _order_hang_up(rows, offer.offer, offer.leg_sid, now_us)


def _order_hang_up(rows: Rows, offer: str, leg_sid: str, now_us: int) -> None:
    rows.order("hang_up", {"call_sid": leg_sid}, offer=offer, now_us=now_us)
