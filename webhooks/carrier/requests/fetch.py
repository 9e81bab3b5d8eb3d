"""Requests to webhooks: signatures, time-outs, retries, redirects, and the fallback address.

Sources: twilio.com/docs/usage/webhooks, twilio.com/docs/usage/security,
twilio.com/docs/usage/security/availability-reliability, and the pages of the errors named here. Assumed,
because it is not documented: a POST redirected by 301, 302 or 303 becomes a GET without parameters, as in a browser;
and `MAX_REDIRECTS`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from email.utils import format_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urljoin, urlsplit

from webhooks.carrier.call_log import Asked, Problem
from webhooks.carrier.protocol import Failed, Goto, Limits, Reply, Request, Response, Steps
from webhooks.carrier.requests.overrides import overrides
from webhooks.carrier.twiml.document import Document, read
from webhooks.carrier.twiml.grammar import complaints
from webhooks.twilio.signature import SIGNATURE_HEADER, signed

if TYPE_CHECKING:
    from webhooks.carrier.call import Call

__all__ = [
    "APPLICATION_ERROR",
    "IDEMPOTENCY_HEADER",
    "MAX_REDIRECTS",
    "fetch",
    "notify",
    "notify_in_background",
    "shown",
    "timestamp",
]

APPLICATION_ERROR = "We're sorry, an application error has occurred. Goodbye."
"""What the caller hears when neither the document nor the fallback can be fetched."""
IDEMPOTENCY_HEADER = "I-Twilio-Idempotency-Token"
MAX_REDIRECTS = 10
_FORM = "application/x-www-form-urlencoded; charset=utf-8"


def fetch(call: Call, goto: Goto, *, ends_call: bool = True) -> Steps[Document | None]:
    """Fetch a document or, failing that, the fallback; None when both fail.

    Parameters
    ----------
    call : Call
    goto : Goto
    ends_call : bool
        Whether a failure ends the call, so that the caller hears of it.
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
    """Send a request whose answer does not matter to the call."""
    reply, _ = yield from _exchange(call, url, method, {**call.parameters(), **form})
    problem = _refusal(reply)
    if problem:
        call.notice(Problem(problem.code, f"{shown(url)}: {problem.message}", problem.hint, "warning"))


def notify_in_background(call: Call, url: str, form: Mapping[str, str], method: str = "POST") -> Steps[None]:
    """Send a request that takes none of the call's time."""
    now_s = call.now_s
    yield from notify(call, url, form, method)
    call.now_s = now_s


def prepared(call: Call, url: str, form: Mapping[str, str]) -> Request:
    """A request that is sent later, whatever has become of the call."""
    bare, settings = overrides(url)
    limits = Limits(settings.connect_s, settings.read_s, settings.total_s)
    return _signed(call, "POST", bare, {**call.parameters(), **form}, _idempotency_token(call), limits)


def timestamp(call: Call) -> str:
    """The current time of the call as Twilio writes it (RFC 2822)."""
    return format_datetime((call.began + dt.timedelta(seconds=call.now_s)).replace(microsecond=0))


def _document(call: Call, url: str, method: str, form: Mapping[str, str]) -> Steps[Document | Problem]:
    where = urlsplit(url)
    if where.scheme not in ("http", "https") or not where.hostname:
        return Problem("11100", f"{url!r} is not an address", "write it in full, like https://ivr.example.com/voice")
    reply, final = yield from _exchange(call, url, method, form)
    problem = _refusal(reply) or (read(reply, final) if isinstance(reply, Response) else None)
    if isinstance(problem, Problem):
        return Problem(problem.code, f"{shown(final)}: {problem.message}", problem.hint)
    assert isinstance(problem, Document)
    return problem


def _exchange(call: Call, url: str, method: str, form: Mapping[str, str]) -> Steps[tuple[Reply, str]]:
    """The last answer, and the address it came from; each redirect is signed for its own address."""
    bare, settings = overrides(url)
    spent_s, token = 0.0, _idempotency_token(call)
    reply: Reply = Failed("connect")
    for attempt in range(settings.retries + 1):
        target, verb, params = bare, method, form
        for _ in range(MAX_REDIRECTS + 1):
            left_s = settings.total_s - spent_s
            limits = Limits(min(settings.connect_s, left_s), min(settings.read_s, left_s), left_s)
            request = _signed(call, verb, target, params, token, limits)
            answer = yield request
            assert isinstance(answer, Response | Failed)
            reply = answer
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
    headers |= call.number.headers
    if method == "POST":
        headers["Content-Type"] = _FORM
    if call.number.auth_token:
        headers[SIGNATURE_HEADER] = signed(call.number.auth_token, url, tuple(form.items()))
    return Request(method, url, tuple(form.items()), headers, limits)


def _idempotency_token(call: Call) -> str:
    """A token shared by all tries of one request; derived from the call, so that a call can be repeated exactly."""
    call.requests += 1
    return hashlib.sha256(f"{call.sid} {call.requests}".encode()).hexdigest()[:32]


def _refusal(reply: Reply) -> Problem | None:
    """Why an answer is not a document."""
    if isinstance(reply, Failed):
        code, message, hint = _FAILURES[reply.kind]
        return Problem(code, f"{message}{f' ({reply.detail})' if reply.detail else ''}", hint)
    if reply.status in _MOVED:
        if reply.headers.get("location"):
            return Problem("11215", f"redirected more than {MAX_REDIRECTS} times", "look for a redirect loop")
        return Problem("11216", f"a redirect ({reply.status}) without an address", "add a Location header")
    if not 200 <= reply.status < 300:
        hint = (
            "see the log of the service" if reply.status >= 500 else _BY_STATUS.get(reply.status, "check the address")
        )
        said, why = _reason(reply), f"the answer has status {reply.status}"
        return Problem("11200", f"{why}: {said}", "") if said else Problem("11200", why, hint)
    return None


def _reason(reply: Response) -> str:
    """Why a service of ours refuses a request (`webhooks.service.endpoints.refused`); empty for other answers."""
    if reply.status != 403 or not reply.headers.get("content-type", "").startswith("text/plain"):
        return ""
    told = reply.body[:_MOST_REASON].decode("utf-8", "replace").strip()
    return told.removeprefix(_REFUSED) if told.startswith(_REFUSED) and told.isprintable() else ""


_REFUSED = "refused: "
_MOST_REASON = 500
_BY_STATUS = {
    403: "the service refused it: check that TWILIO_AUTH_TOKEN and the public URL are the ones the service knows",
    404: "check the path of the address",
    405: "the service does not accept this method; see --method",
}
_FAILURES = {
    "name": ("11210", "the host name cannot be resolved", "check the spelling of the address"),
    "connect": ("11205", "no connection", "check that the service is running at this host and port"),
    "read": ("11205", "no complete answer in time", "answer within 15 s and do slow work afterwards"),
    "tls": (
        "11220",
        "no secure connection",
        "use a certificate that is valid for this host and signed by a known authority",
    ),
    "protocol": ("11206", "not an HTTP response", "check whether this port speaks http or https"),
}


def shown(url: str) -> str:
    """An address fit to show: without its password, and without the query, which may hold the state of a call.

    Examples
    --------
    >>> shown("https://ann:secret@ivr.example.com/voice?c=abc#rc=2")
    'https://ivr.example.com/voice'
    """
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()
