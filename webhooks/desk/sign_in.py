"""Signing in and out: by name and password; on a machine of one's own, by choosing a name."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from flows.model.flow import Flow
from webhooks.desk import audit, sign_in_limit
from webhooks.desk.guard import Guard
from webhooks.desk.passwords import fits
from webhooks.dispatch.floor import Floor

__all__ = ["add_sign_in"]

_log = logging.getLogger("ivr.desk")
_WRONG = "Name or password is wrong."


def add_sign_in(pages: Blueprint, guard: Guard, floor: Floor, flow: Callable[[], Flow]) -> None:
    """Add the page at which people sign in, and the addresses for signing in and out.

    Parameters
    ----------
    pages : Blueprint
    guard : Guard
    floor : Floor
    flow : callable
        Gives the line.
    """

    def form(wrong: str = "", status: int = 200) -> Response:
        token = guard.form_token()
        page = render_template(
            "sign_in.html",
            flow=flow(),
            agents=guard.people.agents,
            wrong=wrong,
            name=request.form.get("name", "")[:100],
            csrf=token,
            no_passwords=guard.without_passwords,
        )
        return guard.with_form_token(make_response(page, status), token)

    @pages.get("/sign-in")
    def sign_in() -> BaseResponse:
        return redirect(url_for("desk.page")) if guard.signed_in(request) else form()

    @pages.post("/sign-in")
    def signs_in() -> BaseResponse:
        if not guard.fresh_form():
            return form("This page was too old. Please sign in again.", 403)
        name = request.form.get("name", "").strip()[:100]
        wait_s = 0 if guard.without_passwords else _wait_s(guard, name)
        if wait_s:
            answer = form(f"Too many tries. Please wait {-(-wait_s // 60)} minutes.", 429)
            answer.headers["Retry-After"] = str(wait_s)
            return answer
        stated = guard.people.agents.agents.get(name)
        known = stated is not None if guard.without_passwords else _knows(guard, name)
        if not known or stated is None:
            _log.warning("desk: a sign-in as %r failed", name)
            return form(_WRONG, 403)
        if not guard.without_passwords:
            sign_in_limit.forget(guard.store, name, guard.address())
        floor.sign_in(name)
        if stated.role != "agent":
            audit.note(guard.store, name, "signed in")
        return guard.begin(redirect(url_for("desk.page"), 303), name)

    @pages.post("/sign-out")
    def signs_out() -> BaseResponse:
        person = guard.posting()
        floor.sign_out(person.agent)
        if floor.state_of(person.agent).state != "signed_out":
            return redirect(url_for("desk.page"), 303)  # still talking: the page says so
        return guard.end(redirect(url_for("desk.sign_in"), 303), person)


def _wait_s(guard: Guard, name: str) -> int:
    return sign_in_limit.wait_s(guard.store, name, guard.address(), time.time_ns() // 1_000)


def _knows(guard: Guard, name: str) -> bool:
    """Whether the password of the form is theirs; takes as long for a name that nobody has."""
    stated = guard.people.agents.agents.get(name)
    return fits(request.form.get("password", ""), stated.password_hash if stated else None)
