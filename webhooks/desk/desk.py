"""The desk assembled: pages, events and actions of those who answer a line."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from flask import (
    Blueprint,
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from werkzeug.wrappers import Response as BaseResponse

from flows.display.theme import css
from flows.model.flow import Flow
from webhooks.desk.actions import add_actions
from webhooks.desk.events import events
from webhooks.desk.floor_view import FloorView
from webhooks.desk.guard import Guard, Person
from webhooks.desk.number_in_hand import NumberInHand
from webhooks.desk.people import People
from webhooks.desk.sign_in import add_sign_in
from webhooks.desk.softphone import Softphone
from webhooks.desk.switches import Switches
from webhooks.desk.view import View
from webhooks.desk.work import Work
from webhooks.dispatch.floor import Floor
from webhooks.dispatch.voicemails import Sound
from webhooks.store import Store

__all__ = ["Desk", "desk"]

_ALIVE_S = 5.0
"""A sign of life of a page is told to the floor this often."""


@dataclass(frozen=True)
class Desk:
    """What the pages of a desk need.

    Parameters
    ----------
    flow : callable
        Gives the version of the line that new calls hear.
    store : Store
    people : People
    floor : Floor
    public_url : str
        Where browsers reach the desk; empty on this machine, where nobody needs a password.
    held_s : float
        How long a stream of events stays open, which occupies a thread.
    softphone : Softphone or None
        Makes tokens with which pages answer calls themselves.
    login : tuple of str
        The account and its auth token, with which the carrier gives recordings out.
    numbers : NumberInHand
        What an agent is shown of the number of the call that they have.
    notice : callable
        Gives what everybody at the desk should know now; empty for nothing.
    kept : callable or None
        The recordings of a virtual carrier; None: they are fetched from the real one.
    """

    flow: Callable[[], Flow]
    store: Store
    people: People
    floor: Floor
    public_url: str = ""
    held_s: float = 0.0
    softphone: Softphone | None = None
    login: tuple[str, str] = ("", "")
    numbers: NumberInHand = field(default_factory=NumberInHand)
    notice: Callable[[], str] = lambda: ""
    kept: Sound | None = None


def desk(of: Desk) -> Blueprint:
    """The pages under ``/desk``.

    Parameters
    ----------
    of : Desk
    """
    pages = Blueprint("desk", __name__, url_prefix="/desk", static_folder="static", template_folder="templates")
    guard = Guard(of.store, of.people, of.public_url, softphone=of.softphone is not None)
    work = Work(of.flow, of.store, lambda: of.floor.now_us, of.login, of.kept)
    view = View(of.flow, of.store, of.floor, work, of.numbers, of.notice)
    add_sign_in(pages, guard, of.floor, of.flow)
    switches = Switches(of.flow, of.store)
    add_actions(pages, guard, of.floor, work, switches)
    _add_pages(pages, guard, of)
    _add_streams(pages, guard, of, view, FloorView(of.flow, of.store, of.people, of.floor, view, switches))

    @pages.get("/look.css")
    def look() -> Response:
        return Response(css(), content_type="text/css; charset=utf-8")

    @pages.post("/softphone/token")
    def token() -> Response:
        person = guard.posting()
        made = of.softphone.token(person.agent) if of.softphone and person.stated.browser else ""
        if not made:
            return Response("you do not answer in the browser\n", 404, content_type="text/plain; charset=utf-8")
        return Response(json.dumps({"token": made}), content_type="application/json; charset=utf-8")

    @pages.get("/voicemails/<call_sid>/<int:seq>")
    def sound(call_sid: str, seq: int) -> BaseResponse:
        guard.person()
        found = work.sound(call_sid, seq)
        if found is None:
            return Response("this message cannot be heard now\n", 404, content_type="text/plain; charset=utf-8")
        return send_file(io.BytesIO(found[0]), mimetype=found[1], conditional=True)

    pages.after_request(guard.secure)
    return pages


def _add_pages(pages: Blueprint, guard: Guard, of: Desk) -> None:
    def shown(template: str, person: Person) -> str:
        return render_template(
            template,
            flow=of.flow(),
            person=person,
            csrf=person.sign_in.csrf,
            handset=bool(current_app.extensions.get("ivr", {}).get("handset")),
            softphone=of.softphone is not None and person.stated.browser,
            no_passwords=guard.without_passwords,
        )

    @pages.get("", strict_slashes=False)
    def page() -> BaseResponse | str:
        person = guard.signed_in(request)
        return shown("desk.html", person) if person else redirect(url_for("desk.sign_in"))

    @pages.get("/floor")
    def floor() -> BaseResponse | str:
        person = guard.signed_in(request)
        if person is None:
            return redirect(url_for("desk.sign_in"))
        if not person.may("supervisor"):
            return make_response(shown("not_yours.html", person), 403)
        return shown("floor.html", person)


def _add_streams(pages: Blueprint, guard: Guard, of: Desk, view: View, floor_view: FloorView) -> None:
    alive_s: dict[str, float] = {}

    def lives(person: Person) -> None:
        now_s = time.monotonic()
        if now_s - alive_s.get(person.agent, -_ALIVE_S) >= _ALIVE_S:
            alive_s[person.agent] = now_s
            of.floor.alive(person.agent)

    @pages.get("/events")
    def agent_events() -> Response:
        asked = request._get_current_object()  # type: ignore[attr-defined]  # werkzeug documents it
        guard.person()

        def state() -> dict[str, object] | None:
            person = guard.signed_in(asked)
            if person is None:
                return None
            lives(person)
            return view.of_agent(person)

        return events(state, of.held_s)

    @pages.get("/floor/events")
    def floor_events() -> Response:
        asked = request._get_current_object()  # type: ignore[attr-defined]  # werkzeug documents it
        guard.person("supervisor")

        def state() -> dict[str, object] | None:
            person = guard.signed_in(asked)
            return floor_view.now() if person and person.may("supervisor") else None

        return events(state, of.held_s)
