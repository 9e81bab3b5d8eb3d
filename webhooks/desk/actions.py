"""What people do at the desk: each a POST from a page, with its token, carried out by the floor."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, abort, request

from flows.values.addresses import sip_fault
from flows.values.caller_numbers import is_dialled, plain_number
from webhooks.desk import audit, notes
from webhooks.desk.call_in_hand import call_sid_of
from webhooks.desk.guard import Guard, Person
from webhooks.desk.passwords import hashed, too_weak
from webhooks.desk.people import as_stated, save_person
from webhooks.desk.sessions import sign_out_everywhere
from webhooks.desk.switches import Switches
from webhooks.desk.work import Work
from webhooks.dispatch.floor import Floor
from webhooks.dispatch.rows import Offer

__all__ = ["add_actions"]

_MAX_BODY = 20_000
_TOO_LATE = "That was too late: the call has moved on."
Posted = Mapping[str, str]
Action = Callable[[Person, Posted], str]
"""Carries something out; returns why it could not be, or an empty string."""


def add_actions(pages: Blueprint, guard: Guard, floor: Floor, work: Work, switches: Switches) -> None:
    """Add the actions of agents under ``/desk/do/``, and those of supervisors under ``/desk/floor/do/``.

    Parameters
    ----------
    pages : Blueprint
    guard : Guard
    floor : Floor
    work : Work
    switches : Switches
    """
    mine, of_others = _Own(guard, floor), _Others(guard, floor)
    own: dict[str, Action] = {name: getattr(mine, name) for name in mine.names}
    own |= {"callback": work.callback, "voicemail": work.voicemail}
    others: dict[str, Action] = {name: getattr(of_others, name) for name in of_others.names}
    others["switch"] = switches.turn

    @pages.post("/do/<what>")
    def do(what: str) -> Response:
        return _done(own, what, guard.posting())

    @pages.post("/floor/do/<what>")
    def do_to_others(what: str) -> Response:
        return _done(others, what, guard.posting("admin" if what == "password" else "supervisor"))


class _Own:
    """What people do about themselves and their call."""

    names = ("ready", "pause", "wrapped_up", "decline", "hang_up", "transfer", "take_back", "note")

    def __init__(self, guard: Guard, floor: Floor) -> None:
        self._guard, self._floor = guard, floor

    def ready(self, person: Person, _posted: Posted) -> str:
        if self._floor.state_of(person.agent).state == "signed_out":
            self._floor.sign_in(person.agent)
        return "" if self._floor.ready(person.agent) else "You are on a call."

    def pause(self, person: Person, posted: Posted) -> str:
        reason = posted.get("reason", "").strip()[:60]
        return "" if self._floor.pause(person.agent, reason) else "You are not signed in."

    def wrapped_up(self, person: Person, _posted: Posted) -> str:
        return "" if self._floor.wrap_up_done(person.agent) else "Wrap-up was over."

    def decline(self, person: Person, posted: Posted) -> str:
        offer = self._offer(person, posted)
        return "" if offer and self._floor.offer_declined(offer.offer) else _TOO_LATE

    def hang_up(self, person: Person, posted: Posted) -> str:
        offer = self._offer(person, posted)
        return "" if offer and self._floor.hang_up(offer.offer) else _TOO_LATE

    def transfer(self, person: Person, posted: Posted) -> str:
        offer, to = self._offer(person, posted), posted.get("to", "").strip()
        if offer is None:
            return _TOO_LATE
        if to not in self._floor.people.table.queues and to not in self._floor.people.agents.agents:
            to = to if to.startswith("sip:") else plain_number(to)
            if not is_dialled(to) and (not to.startswith("sip:") or sip_fault(to)):
                return "Write a number with + and its country code, like +14155550123."
        passed = self._floor.transfer(offer.offer, to, posted.get("kind", ""))
        return "" if passed else "The call cannot be passed on to there now."

    def take_back(self, person: Person, posted: Posted) -> str:
        offer = self._offer(person, posted)
        if offer is None:
            return _TOO_LATE
        asked = self._floor.offer_of_call(offer.offer)
        went = asked is not None and self._floor.hang_up(asked.offer)
        return "" if self._floor.call_left(offer.offer, "taken back") or went else "Nobody is being asked."

    def note(self, person: Person, posted: Posted) -> str:
        offer = self._offer(person, posted)
        if offer is None:
            return "Notes are for calls of your own."
        with self._guard.store.transaction() as connection:
            sid = call_sid_of(connection, offer.call_sid)
        kept = notes.add(self._guard.store, sid, person.agent, posted.get("text", ""))
        return "" if kept else "The note is empty."

    def _offer(self, person: Person, posted: Posted) -> Offer | None:
        offer = self._floor.offer(posted.get("offer", ""))
        return offer if offer is not None and offer.agent == person.agent else None


class _Others:
    """What supervisors do to others, and admins about passwords; each is audited."""

    names = ("pause", "ready", "sign_out", "password")

    def __init__(self, guard: Guard, floor: Floor) -> None:
        self._guard, self._floor = guard, floor

    def pause(self, person: Person, posted: Posted) -> str:
        done = self._floor.pause(posted.get("agent", ""), f"by {person.stated.name}"[:60])
        return self._audited(person, posted, "paused") if done else "They are not signed in."

    def ready(self, person: Person, posted: Posted) -> str:
        done = self._floor.ready(posted.get("agent", ""))
        return self._audited(person, posted, "made ready") if done else "They are not paused."

    def sign_out(self, person: Person, posted: Posted) -> str:
        if not self._floor.sign_out(posted.get("agent", "")):
            return "They are talking, or not signed in."
        sign_out_everywhere(self._guard.store, posted.get("agent", ""))
        return self._audited(person, posted, "signed out")

    def password(self, person: Person, posted: Posted) -> str:
        agent, given, people = posted.get("agent", ""), posted.get("password", ""), self._guard.people
        stated = people.agents.agents.get(agent)
        if stated is None or agent not in people.added:
            return f"{agent} stands in the agents file: 'ivr agents password' makes the line to put there."
        if why := too_weak(given, agent):
            return f"{why[0].upper()}{why[1:]}."
        changed = type(stated).model_validate(as_stated(stated) | {"password_hash": hashed(given)})
        save_person(self._guard.store, agent, changed)
        people.again()
        sign_out_everywhere(self._guard.store, agent)
        return self._audited(person, posted, "set the password of")

    def _audited(self, person: Person, posted: Posted, what: str) -> str:
        audit.note(self._guard.store, person.agent, what, posted.get("agent", ""))
        return ""


def _done(actions: Mapping[str, Action], what: str, person: Person) -> Response:
    if what not in actions:
        abort(404)
    why = actions[what](person, _posted())
    return Response(json.dumps({"said": why}), 409 if why else 200, content_type="application/json; charset=utf-8")


def _posted() -> Posted:
    """The JSON object of texts that a page has posted."""
    if request.mimetype != "application/json" or (request.content_length or 0) > _MAX_BODY:
        abort(415)
    try:
        given: Any = json.loads(request.get_data(cache=False) or b"{}")
    except (ValueError, RecursionError):
        abort(400)
    if not isinstance(given, dict):
        abort(400)
    return {str(key): str(value) for key, value in given.items()}
