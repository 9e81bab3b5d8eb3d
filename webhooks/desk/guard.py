"""Who may do what at the desk: sign-ins, roles, tokens of forms, and the headers of every answer."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Response, abort, request
from werkzeug.wrappers import Request
from werkzeug.wrappers import Response as BaseResponse

from ivr.answering.agents_file import ROLES, Agent, Role
from webhooks.desk import sessions
from webhooks.desk.people import People
from webhooks.desk.sessions import ABSOLUTE_S, SignIn
from webhooks.security.origin import is_loopback
from webhooks.store import Store

__all__ = ["CSRF_HEADER", "Guard", "Person", "policy"]

CSRF_HEADER = "X-CSRF"
_COOKIE = "ivr_desk"
_BEFORE = "ivr_desk_form"
"""Carries the token of the form at which somebody signs in."""
_PATH = "/desk"
_TWILIO = {
    "connect-src": (
        "https://eventgw.twilio.com wss://voice-js.roaming.twilio.com https://media.twiliocdn.com"
        " https://sdk.twilio.com"
    ),
    "media-src": "mediastream: https://media.twiliocdn.com https://sdk.twilio.com",
}
"""What Twilio's Voice SDK needs beside our own copy of it: README.md of npm ``@twilio/voice-sdk``."""


@dataclass(frozen=True)
class Person:
    """Somebody who is signed in, as they are now.

    Parameters
    ----------
    agent : str
        Their short name.
    stated : Agent
    sign_in : SignIn
    """

    agent: str
    stated: Agent
    sign_in: SignIn

    def may(self, role: Role) -> bool:
        """Whether they may do what a role may."""
        return ROLES.index(self.stated.role) >= ROLES.index(role)


def policy(*, softphone: bool = False) -> str:
    """The content security policy: nothing from elsewhere, nothing inline; Twilio's hosts for the softphone alone.

    Examples
    --------
    >>> "unsafe" in policy(), "twilio" in policy(), "wss://voice-js.roaming.twilio.com" in policy(softphone=True)
    (False, False, True)
    """
    allowed = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "connect-src": "'self'",
        "img-src": "'self' data:",
        "media-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    for name, more in _TWILIO.items() if softphone else ():
        allowed[name] = f"{allowed[name]} {more}"
    return "; ".join(f"{name} {sources}" for name, sources in allowed.items())


class Guard:
    """Lets in who has signed in, and only what their own page sent.

    Parameters
    ----------
    store : Store
    people : People
    public_url : str
        Where browsers reach the desk; empty on this machine.
    softphone : bool
        Whether the page makes calls by Twilio's Voice SDK.
    """

    def __init__(self, store: Store, people: People, public_url: str = "", *, softphone: bool = False) -> None:
        self.store, self.people = store, people
        self._public = urlsplit(public_url)
        self._policy = policy(softphone=softphone)

    @property
    def without_passwords(self) -> bool:
        """Whether people sign in by choosing their name: only on a machine of their own."""
        return not self._public.netloc

    # Who is it?

    def signed_in(self, asked: Request) -> Person | None:
        """Who sent a request; None if they are not signed in, or no longer answer this line."""
        sign_in = sessions.found(self.store, asked.cookies.get(_COOKIE, ""))
        stated = self.people.agents.agents.get(sign_in.agent) if sign_in else None
        return Person(sign_in.agent, stated, sign_in) if sign_in and stated else None

    def person(self, role: Role = "agent") -> Person:
        """Who sends the present request; others are refused."""
        person = self.signed_in(request)
        if person is None:
            abort(_said(401, "sign in first"))
        if not person.may(role):
            abort(_said(403, f"only a {role} may do this"))
        return person

    def posting(self, role: Role = "agent") -> Person:
        """Who posts the present request, from a page of the desk; others are refused."""
        person = self.person(role)
        given = request.headers.get(CSRF_HEADER, "") or request.form.get("csrf", "")
        if self.of_elsewhere() or not person.sign_in.carries(given):
            abort(_said(403, "only a page of this desk may do this; load it again"))
        return person

    def of_elsewhere(self) -> bool:
        """Whether a browser says that a page of another site sent the present request."""
        origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site", "none")
        here = f"{self._public.scheme}://{self._public.netloc}" if self._public.netloc else request.host_url.rstrip("/")
        if origin == "null":  # what a form of a page without referrer sends
            return site != "same-origin"
        return origin not in (None, here) or site not in ("none", "same-origin")

    def address(self) -> str:
        """Where the present request comes from: through a proxy on this machine, the address that it has added."""
        peer, told = request.remote_addr or "", request.headers.get("X-Forwarded-For", "")
        return told.rpartition(",")[2].strip() if told and is_loopback(peer) else peer

    # Signing in and out

    def form_token(self) -> str:
        """The token of the form at which somebody signs in."""
        return request.cookies.get(_BEFORE) or secrets.token_urlsafe(24)

    def fresh_form(self) -> bool:
        """Whether the form to sign in was given out by this desk to this browser."""
        kept, given = request.cookies.get(_BEFORE, ""), request.form.get("csrf", "")
        return bool(kept) and hmac.compare_digest(kept.encode(), given.encode()) and not self.of_elsewhere()

    def with_form_token(self, response: Response, token: str) -> Response:
        """An answer that gives the browser the token of its form."""
        self._put(response, _BEFORE, token, 3_600)
        return response

    def begin(self, response: BaseResponse, agent: str) -> BaseResponse:
        """Sign somebody in; the token of before is worth nothing afterwards."""
        if before := sessions.found(self.store, request.cookies.get(_COOKIE, "")):
            sessions.end(self.store, before)
        self._put(response, _COOKIE, sessions.begin(self.store, agent), ABSOLUTE_S)
        response.delete_cookie(_BEFORE, path=_PATH)
        return response

    def end(self, response: BaseResponse, person: Person) -> BaseResponse:
        """Sign somebody out of this browser."""
        sessions.end(self.store, person.sign_in)
        response.delete_cookie(_COOKIE, path=_PATH)
        return response

    def _put(self, response: BaseResponse, name: str, value: str, age_s: int) -> None:
        secure = self._public.scheme == "https"
        response.set_cookie(name, value, max_age=age_s, path=_PATH, secure=secure, httponly=True, samesite="Strict")

    # Every answer

    def secure(self, response: Response) -> Response:
        """An answer with the headers of the desk."""
        response.headers["Content-Security-Policy"] = self._policy
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["X-Frame-Options"] = "DENY"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Cache-Control"] = "no-store"
        return response


def _said(status: int, message: str) -> Response:
    return Response(f"{message}\n", status, content_type="text/plain; charset=utf-8")
