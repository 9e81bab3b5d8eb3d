"""Asking for a document: signed requests, time-outs, retries, redirects, and the fallback address.

Sources: twilio.com/docs/usage/webhooks, twilio.com/docs/usage/security,
twilio.com/docs/usage/security/availability-reliability, and the pages of the errors named here. Not documented, and
assumed: a POST that is redirected by 301, 302 or 303 becomes a GET without parameters, as in a browser, and
`MAX_REDIRECTS`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from email.utils import format_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urljoin, urlsplit

from webhooks.carrier.protocol import Asked, Failed, Goto, Limits, Problem, Reply, Request, Response, Steps
from webhooks.carrier.requests.overrides import overrides
from webhooks.carrier.twiml.document import Document, read
from webhooks.carrier.twiml.grammar import complaints
from webhooks.twilio.signature import SIGNATURE_HEADER, signed

if TYPE_CHECKING:
    from webhooks.carrier.call import Call

__all__ = ["APPLICATION_ERROR", "IDEMPOTENCY_HEADER", "MAX_REDIRECTS", "aside", "fetch", "shown", "tell", "timestamp"]

APPLICATION_ERROR = "We're sorry, an application error has occurred. Goodbye."
"""What a caller hears when there is no document and no fallback."""
IDEMPOTENCY_HEADER = "I-Twilio-Idempotency-Token"
MAX_REDIRECTS = 10
_FORM = "application/x-www-form-urlencoded; charset=utf-8"


def fetch(call: Call, goto: Goto, *, ends_call: bool = True) -> Steps[Document | None]:
    """The document at an address, else that of the fallback; None when there is neither, which the caller hears if it
    ends the call.
    """
    form = {**call.parameters(), **goto.form}
    found = yield from _document(call, goto.url, goto.method, form)
    if isinstance(found, Problem):
        call.notice(found)
        number = call.number
        if number.fallback_url:
            form |= {"ErrorCode": found.code, "ErrorUrl": overrides(goto.url)[0]}
            found = yield from _document(call, number.fallback_url, number.fallback_method, form)
            if isinstance(found, Problem):
                call.notice(found)
    if isinstance(found, Problem):
        if ends_call:
            call.fail(APPLICATION_ERROR)
        return None
    for verb in found.verbs:
        for problem in complaints(verb):
            call.notice(problem)
    return found


def notify(call: Call, url: str, form: Mapping[str, str], method: str = "POST") -> Steps[None]:
    """A request whose answer does not matter to the call."""
    reply, _ = yield from _exchange(call, url, method, {**call.parameters(), **form})
    problem = _refusal(reply)
    if problem:
        call.notice(Problem(problem.code, f"{shown(url)}: {problem.message}", problem.hint, "warning"))


def notify_in_background(call: Call, url: str, form: Mapping[str, str], method: str = "POST") -> Steps[None]:
    """A request that the call does not wait for."""
    now_s = call.now_s
    yield from notify(call, url, form, method)
    call.now_s = now_s


def timestamp(call: Call) -> str:
    """The present moment of the call as Twilio writes it (RFC 2822)."""
    return format_datetime((call.began + dt.timedelta(seconds=call.now_s)).replace(microsecond=0))


def _document(call: Call, url: str, method: str, form: Mapping[str, str]) -> Steps[Document | Problem]:
    where = urlsplit(url)
    if where.scheme not in ("http", "https") or not where.hostname:
        return Problem("11100", f"{url!r} is no address", "write it in full, like https://ivr.example.com/voice")
    reply, final = yield from _exchange(call, url, method, form)
    problem = _refusal(reply) or (read(reply, final) if isinstance(reply, Response) else None)
    if isinstance(problem, Problem):
        return Problem(problem.code, f"{shown(final)}: {problem.message}", problem.hint)
    assert isinstance(problem, Document)
    return problem


def _exchange(call: Call, url: str, method: str, form: Mapping[str, str]) -> Steps[tuple[Reply, str]]:
    """The last answer, and the address that gave it; each address that a redirect leads to is signed anew."""
    bare, settings = overrides(url)
    spent_s, token = 0.0, _idempotency_token(call)
    reply: Reply = Failed("connect")
    for attempt in range(settings.retries + 1):
        target, verb, params = bare, method, form
        for _ in range(MAX_REDIRECTS + 1):
            left_s = settings.total_s - spent_s
            limits = Limits(min(settings.connect_s, left_s), min(settings.read_s, left_s), left_s)
            request = _signed(call, verb, target, params, token, limits)
            reply = yield request
            call.log.append(Asked(call.now_s, request, reply))
            spent_s += reply.seconds
            call.now_s += reply.seconds
            location = (
                reply.headers.get("location", "") if isinstance(reply, Response) and reply.status in _MOVED else ""
            )
            if not location or spent_s >= settings.total_s:
                break
            target = urljoin(target, location)
            if isinstance(reply, Response) and reply.status not in (307, 308) and verb == "POST":
                verb, params = "GET", {}
        if attempt == settings.retries or spent_s >= settings.total_s or not settings.tries_again(reply):
            break
    return reply, target


_MOVED = (301, 302, 303, 307, 308)


def _signed(call: Call, method: str, url: str, form: Mapping[str, str], token: str, limits: Limits) -> Request:
    if method == "GET" and form:
        url += ("&" if urlsplit(url).query else "?") + urlencode(form)
        form = {}
    headers = {"User-Agent": "TwilioProxy/1.1 (ivr virtual carrier)", "Accept": "*/*", IDEMPOTENCY_HEADER: token}
    if method == "POST":
        headers["Content-Type"] = _FORM
    if call.number.auth_token:
        headers[SIGNATURE_HEADER] = signed(call.number.auth_token, url, tuple(form.items()))
    return Request(method, url, tuple(form.items()), headers, limits)


def _idempotency_token(call: Call) -> str:
    """The same for all tries of one request, another for the next; no chance in it, so that a call can be played
    again.
    """
    call.requests += 1
    return hashlib.sha256(f"{call.sid} {call.requests}".encode()).hexdigest()[:32]


def _refusal(reply: Reply) -> Problem | None:
    """Why an answer is none."""
    if isinstance(reply, Failed):
        code, message, hint = _FAILURES[reply.kind]
        return Problem(code, f"{message}{f' ({reply.detail})' if reply.detail else ''}", hint)
    if reply.status in _MOVED:
        if reply.headers.get("location"):
            return Problem("11215", f"redirected more than {MAX_REDIRECTS} times", "the redirects lead in a circle")
        return Problem("11216", f"a redirect ({reply.status}) to nowhere", "a redirect needs a Location header")
    if not 200 <= reply.status < 300:
        hint = (
            "look into the log of the service"
            if reply.status >= 500
            else _BY_STATUS.get(reply.status, "check the address")
        )
        return Problem("11200", f"the answer has status {reply.status}", hint)
    return None


_BY_STATUS = {
    403: "the service refuses the request: is TWILIO_AUTH_TOKEN the token it checks, and the address the one it knows?",
    404: "nothing is served at this address",
    405: "the service does not take this method; see --method",
}
_FAILURES = {
    "name": ("11210", "the host's name is not known", "check the spelling of the address"),
    "connect": ("11205", "no connection", "is the service running, at this host and port?"),
    "read": ("11205", "no complete answer in time", "a document must be there within 15 s; answer first, work later"),
    "tls": (
        "11220",
        "no secure connection",
        "the certificate must be valid for this host, and signed by a known authority",
    ),
    "protocol": ("11206", "the answer is no HTTP", "is this an http address of an https port, or the other way round?"),
}


def shown(url: str) -> str:
    """An address for people: without a user's password, and without the query, which may hold a conversation.

    Examples
    --------
    >>> shown("https://ann:secret@ivr.example.com/voice?c=abc#rc=2")
    'https://ivr.example.com/voice'
    """
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()
