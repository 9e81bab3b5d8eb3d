"""What the carrier hears about agents' legs, and about callers on their way to an agent.

An agent who has picked up hears a whisper and presses 1, which a mailbox never does. Then both are dialled into a
conference named after the offer. Where a leg goes next is read from the floor, never remembered in a document: a
request that comes twice, or late, gets what holds now.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

from flows.model.flow import Flow
from flows.speech.languages import language as language_of
from flows.values.units import US_PER_S
from webhooks.dispatch import guests
from webhooks.dispatch.floor import Floor
from webhooks.dispatch.leg_addresses import LegAddresses
from webhooks.dispatch.leg_endpoints import Answer, leg_endpoints
from webhooks.dispatch.rows import Offer
from webhooks.twilio import leg_twiml
from webhooks.twilio.events import is_over

__all__ = ["Legs"]

_log = logging.getLogger("ivr.floor")
_TAKE = "1"
_MOST_SAID = 3
_MISSED = {"busy": "busy", "no-answer": "missed", "failed": "failed", "canceled": "missed"}


class Legs:
    """Answers the carrier's requests about legs.

    Parameters
    ----------
    floor : Floor
    addresses : LegAddresses
    flow : callable
        Gives the flow as it is now: how its queues are called, and the language in which agents are spoken to who
        have none of their own.
    """

    def __init__(self, floor: Floor, addresses: LegAddresses, flow: Callable[[], Flow]) -> None:
        self._floor, self._addresses, self._flow = floor, addresses, flow

    def endpoints(self) -> Mapping[str, Answer]:
        """What answers each path; each raises `webhooks.security.sealed_cursor.CursorError` for a forged address."""
        ways = {
            "/agent": self._picked_up,
            "/agent/key": self._key,
            "/agent/over": self._over,
            "/agent/handed": self._handed,
            "/agent/status": self._status,
            "/bridge": self._caller,
            "/transfer": self._caller,
        }
        instead = {"/agent/key": "/agent"}  # without the key, which is pressed again
        return leg_endpoints(self._addresses, ways, instead=instead)

    def _picked_up(self, offer: str, form: Mapping[str, str]) -> bytes:
        self._floor.offer_rings(offer, form.get("CallSid", ""))
        self._floor.offer_answered(offer)
        one = self._floor.offer(offer)
        if one is None or one.state != "answered":
            return self._gone(one)
        return leg_twiml.whisper(self._whispered(one), self._spoken(one), self._addresses.of("/agent/key", offer))

    def _key(self, offer: str, form: Mapping[str, str]) -> bytes:
        key, one = form.get("Digits", ""), self._floor.offer(offer)
        if one is not None and one.state in ("accepted", "connected"):  # the request is repeated
            return self._joined(offer)
        if is_over(form):
            self._floor.leg_over(offer)
            return leg_twiml.nothing()
        if key == _TAKE:
            return self._joined(offer) if self._floor.offer_accepted(offer) else self._gone(one)
        self._floor.offer_missed(offer, "declined" if key else "mailbox")
        return leg_twiml.hang_up()

    def _over(self, offer: str, form: Mapping[str, str]) -> bytes:
        """The conference is over for the agent."""
        one = self._floor.offer(offer)
        if one is not None and one.state == "accepted" and not is_over(form):
            return self._joined(offer)
        self._floor.leg_over(offer)
        return leg_twiml.hang_up()

    def _handed(self, offer: str, form: Mapping[str, str]) -> bytes:
        """The conference of the agent who has asked for help is over: the caller is handed to this one.

        The caller may be in the other conference already, so that the offer is connected.
        """
        one = self._floor.offer(offer)
        call = self._floor.call(one.call_sid) if one is not None else None
        if one is not None and call is not None and call["kind"] == "consult" and not is_over(form):
            self._floor.talk_over(one.call_sid)  # it ends when the agent leaves who has asked for help
            one = self._floor.offer(offer)
        if one is not None and one.state in ("accepted", "connected") and not is_over(form):
            return self._joined(offer)
        self._floor.leg_over(offer)
        return leg_twiml.hang_up()

    def _status(self, offer: str, form: Mapping[str, str]) -> bytes:
        status, sid = form.get("CallStatus", ""), form.get("CallSid", "")
        if not self.ended(offer, status) and sid:
            self._floor.offer_rings(offer, sid)
        return b""

    def ended(self, offer: str, status: str) -> bool:
        """The leg of an agent is over, if this status of the carrier's says so."""
        if status in _MISSED:
            self._floor.offer_missed(offer, _MISSED[status], leg_ended=True)
        elif status == "completed":
            self._floor.leg_over(offer)
        return status == "completed" or status in _MISSED

    def _caller(self, offer: str, form: Mapping[str, str]) -> bytes:
        """A caller who was moved: to the agent who has taken their call, or to where the floor has them now."""
        self._floor.caller_came(offer)
        one = self._floor.offer(offer)
        call_sid = form.get("CallSid", "")
        known = self._floor.call(call_sid)
        if known is None:
            _log.warning("%s was moved, but nobody knows it here", call_sid)
            return leg_twiml.hang_up()
        if is_over(form):
            self._floor.call_left(call_sid, "hung up")
            return leg_twiml.nothing()
        return self.where(call_sid, known, one.offer if one is not None else "")

    def where(self, call_sid: str, known: Mapping[str, Any], offer: str = "") -> bytes:
        """The document that takes a caller to where the floor has them.

        Parameters
        ----------
        call_sid : str
        known : mapping
            The row of the call.
        offer : str
            The offer for which they were moved.
        """
        onward = self._addresses.call("/voice", known["continues"] or "")
        live = self._floor.offer_of_call(call_sid)
        if live is not None and live.state in ("accepted", "connected"):
            self._floor.offer_connected(live.offer)
            return leg_twiml.with_each_other(live.offer, onward, ends=True, record=_recorded(known))
        if known["state"] == "taken" and guests.is_live(known):
            with_guest = guests.guest_of(known)["offer"]
            after = self._addresses.of("/guest/caller", with_guest)
            return leg_twiml.with_each_other(guests.room(with_guest), after, ends=True)
        if known["state"] == "waiting":
            return leg_twiml.enqueue(known["queue"], onward, self._addresses.call("/wait", known["continues"] or ""))
        to = json.loads(known["told"] or "{}").get("to")
        return leg_twiml.dial_out(to, onward) if to and offer else leg_twiml.go_on(onward)

    def _joined(self, offer: str) -> bytes:
        """The agent waits in the conference for the caller, or is with them."""
        one = self._floor.offer(offer)
        call = self._floor.call(one.call_sid) if one is not None else None
        consults = call is not None and call["kind"] == "consult"
        conference = one.call_sid if one is not None and consults else offer
        over = self._addresses.of("/agent/handed" if consults else "/agent/over", offer)
        return leg_twiml.with_each_other(conference, over, ends=not consults, record=_recorded(call))

    def _gone(self, one: Offer | None) -> bytes:
        tag = self._spoken(one)
        return leg_twiml.hang_up(language_of(tag).caller_gone, tag)

    def _spoken(self, one: Offer | None) -> str:
        agent = self._floor.people.agents.agents.get(one.agent) if one is not None else None
        spoken = agent.languages if agent is not None else ()
        return next(iter(spoken), self._flow().languages[0])

    def _whispered(self, one: Offer) -> list[str]:
        """What the agent hears: queue and wait, the caller's language if it is another, some of their data."""
        tag = self._spoken(one)
        words, call = language_of(tag), self._floor.call(one.call_sid) or {}
        told = json.loads(call.get("told") or "{}")
        minutes = (self._floor.now_us - call.get("joined_us", self._floor.now_us)) // (60 * US_PER_S)
        text = words.whisper_new if minutes < 1 else words.values.form(minutes, words.whisper)
        queue = self._flow().queues.get(one.queue)
        said = [text.format(queue=(queue and queue.label) or one.queue, minutes=minutes)]
        said += [told["whisper"]] if told.get("whisper") else []
        spoken = call.get("language") or ""
        if spoken and language_of(spoken).code != words.code:
            said.append(f"{language_of(spoken).name}.")
        values = {"": told.get("name", ""), **told.get("values", {})}
        said += [f"{name}: {value}." if name else f"{value}." for name, value in values.items() if value][:_MOST_SAID]
        return [*said, words.take_call]


def _recorded(call: Mapping[str, Any] | None) -> bool:
    """Whether the flow wants the conversation of a call recorded, and has said so to the caller."""
    return bool(json.loads((call and call["told"]) or "{}").get("record"))
