"""Routes of virtual telephones: each rings for the calls that the service makes to its address."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, render_template, request

from flows.values.caller_numbers import is_dialled
from webhooks.browser_phone.handset_view import shown
from webhooks.browser_phone.posted import answered, posted, refused
from webhooks.browser_phone.reports import MAX_WORDS
from webhooks.browser_phone.security import secure
from webhooks.carrier.exchange import Exchange
from webhooks.carrier.exchange.phones import Phone

__all__ = ["Directory", "handset"]

Directory = Callable[[str], tuple[str, str] | None]
"""Gives the address at which somebody's telephone rings, and their name, by their short name; None for nobody."""
_ACTS: Mapping[str, Callable[[Phone, str], bool]] = {
    "answer": lambda phone, value: phone.answer(),
    "decline": lambda phone, value: phone.decline(),
    "key": lambda phone, value: phone.press(value),
    "words": lambda phone, value: phone.say(value),
    "hangup": lambda phone, value: phone.hang_up(),
}
_KEYS = frozenset("0123456789*#")
_MAX_ADDRESS = 300


def handset(exchange: Exchange, directory: Directory = lambda name: None) -> Blueprint:
    """The pages of virtual telephones.

    Parameters
    ----------
    exchange : Exchange
    directory : callable, optional
        See `Directory`; numbers and addresses are telephones without it too.

    Returns
    -------
    Blueprint
        ``/handset/WHO``, a page of its own; ``/desk/handset.js``, which puts a telephone into the desk's page; and
        what both ask: ``/handset`` (GET the state, POST an act).
    """
    pages = Blueprint("handset", __name__, static_folder="static", static_url_path="/handset/static")
    pages.template_folder = "templates"

    def found(who: str) -> Phone | None:
        """The telephone of somebody, or at an address."""
        known = directory(who)
        if known is None and not (
            len(who) <= _MAX_ADDRESS and (is_dialled(who) or who.startswith(("client:", "sip:")))
        ):
            return None
        address, name = known or (who, "")
        phone = exchange.phone(address)
        phone.name = name or phone.name
        return phone

    @pages.get("/handset/<path:who>")
    def page(who: str) -> Response | str:
        phone = found(who)
        if phone is None:
            return refused(
                404, f"{who[:_MAX_ADDRESS]!r} is neither an agent nor a number; write +14155550123 or a short name"
            )
        return render_template("handset.html", who=who, name=phone.name or phone.address)

    @pages.get("/handset")
    def state() -> Response:
        phone = found(request.args.get("who", ""))
        if phone is None:
            return refused(404, "nobody has this telephone")
        since = request.args.get("since", "0")
        known = int(since) if since.isascii() and since.isdigit() and len(since) < 10 else 0
        return answered(shown(exchange, phone, request.args.get("call", ""), known))

    @pages.post("/handset")
    def act() -> Response:
        asked = _read(posted())
        if isinstance(asked, str):
            return refused(400, asked)
        who, what, value = asked
        phone = found(who)
        if phone is None:
            return refused(404, "nobody has this telephone")
        if not _ACTS[what](phone, value):
            return refused(409, "nothing rings" if what in ("answer", "decline") else "there is no call in hand")
        return answered({})

    @pages.get("/desk/handset.js")
    def in_the_desk() -> Response:
        return pages.send_static_file("handset.js")

    pages.after_request(secure)
    return pages


def _read(data: object) -> tuple[str, str, str] | str:
    """Who does what with which value, or what is wrong with it."""
    if not isinstance(data, dict):
        return "an act must be an object: {who, what, value}"
    told: dict[str, Any] = {name: data.get(name, "") for name in ("who", "what", "value")}
    if not all(isinstance(text, str) for text in told.values()):
        return "who, what and value must be strings"
    who, what, value = told["who"], told["what"], told["value"].strip()
    if what not in _ACTS:
        return f"what {what[:40]!r} is unknown; use one of {', '.join(_ACTS)}"
    if what == "key" and value not in _KEYS:
        return f"value {value[:40]!r} is not a key; keys are 0 to 9, * and #"
    if what == "words" and not 0 < len(value) <= MAX_WORDS:
        return f"value has {len(value):,} characters; words may have 1 to {MAX_WORDS:,}"
    return who, what, value
