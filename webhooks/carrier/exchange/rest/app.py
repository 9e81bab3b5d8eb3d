"""Twilio's REST API over an exchange, as a WSGI application: calls, queues, conferences and text messages.

Requests are authenticated, checked and refused in Twilio's form. What is not served here answers 404 with the code
20404, as an unknown resource does there. Sources: twilio.com/docs/usage/api, twilio.com/docs/usage/twilios-response.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from webhooks.carrier.exchange.rest import calls, conferences, queues
from webhooks.carrier.exchange.rest.errors import RestError, not_found
from webhooks.carrier.exchange.rest.messages import Messages
from webhooks.carrier.exchange.rest.parameters import Form

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

    from webhooks.carrier.exchange.exchange import Exchange

__all__ = ["RestApi"]

_MAX_PAGE = 1_000
_ADDRESSES = (
    ("Calls", "calls"),
    ("Calls/<sid>", "call"),
    ("Queues", "queues"),
    ("Queues/<sid>", "queue"),
    ("Queues/<sid>/Members", "members"),
    ("Queues/<sid>/Members/<call_sid>", "member"),
    ("Conferences", "conferences"),
    ("Conferences/<sid>", "conference"),
    ("Conferences/<sid>/Participants", "participants"),
    ("Conferences/<sid>/Participants/<call_sid>", "participant"),
    ("Messages", "messages"),
    ("Messages/<sid>", "message"),
)
Handler = Callable[..., Any]


class RestApi:
    """The REST API of an exchange.

    Parameters
    ----------
    exchange : Exchange
        Its number states the account; a number without a token lets everybody in.

    Examples
    --------
    >>> from webhooks.carrier.exchange import Exchange, VirtualTime
    >>> from webhooks.carrier.protocol import Number
    >>> from webhooks.carrier.requests.wsgi import Wsgi
    >>> from werkzeug.test import Client
    >>> number = Number("http://localhost/voice", account_sid="AC1")
    >>> exchange = Exchange(number, Wsgi(lambda environ, start: []), time=VirtualTime())
    >>> answer = Client(RestApi(exchange)).get("/2010-04-01/Accounts/AC1/Calls/CA1.json")
    >>> answer.status_code, answer.json["code"]
    (404, 20404)
    """

    def __init__(self, exchange: Exchange) -> None:
        self.exchange, self.messages = exchange, Messages()
        self._map = Map(
            [Rule(f"/2010-04-01/Accounts/<account>/{path}.json", endpoint=name) for path, name in _ADDRESSES]
        )
        ours = self.exchange
        self._handlers: dict[tuple[str, str], Handler] = {
            ("POST", "calls"): lambda form, path: calls.create(ours, form),
            ("GET", "call"): lambda form, path, sid: calls.fetch(ours, path, sid),
            ("POST", "call"): lambda form, path, sid: calls.update(ours, path, sid, form),
            ("GET", "queue"): lambda form, path, sid: queues.fetch(ours, path, sid),
            ("GET", "member"): lambda form, path, **who: queues.fetch_member(ours, path, **who),
            ("POST", "member"): lambda form, path, **who: queues.update_member(ours, path, **who, form=form),
            ("GET", "conference"): lambda form, path, sid: conferences.fetch(ours, path, sid),
            ("POST", "conference"): lambda form, path, sid: conferences.update(ours, path, sid, form),
            ("GET", "participant"): lambda form, path, **who: conferences.fetch_participant(ours, path, **who),
            ("POST", "participant"): lambda form, path, **who: conferences.update_participant(
                ours, path, **who, form=form
            ),
            ("DELETE", "participant"): lambda form, path, **who: conferences.remove_participant(ours, path, **who),
            ("POST", "messages"): lambda form, path: self.messages.create(ours, form),
            ("GET", "message"): lambda form, path, sid: self.messages.fetch(path, sid),
        }
        self._lists: dict[str, Handler] = {
            "calls": lambda form, path: calls.listed(ours, form),
            "queues": lambda form, path: queues.listed(ours),
            "members": lambda form, path, sid: queues.listed_members(ours, path, sid),
            "conferences": lambda form, path: conferences.listed(ours, form),
            "participants": lambda form, path, sid: conferences.listed_participants(ours, path, sid),
            "messages": lambda form, path: self.messages.listed(form),
        }

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        request = Request(environ)
        try:
            status, body = self._answer(request)
        except RestError as error:
            status, body = error.status, error.body
        text = "" if body is None else json.dumps(body, ensure_ascii=False)
        response = Response(text, status, content_type="application/json")
        return response(environ, start_response)

    def _answer(self, request: Request) -> tuple[int, object]:
        try:
            endpoint, found = self._map.bind_to_environ(request.environ).match(method=None)
        except MethodNotAllowed:
            raise self._wrong_method(request) from None
        except HTTPException:
            raise not_found(request.path) from None
        named = dict(found)
        self._authenticate(request, named.pop("account"))
        form = Form(dict((request.form if request.method == "POST" else request.args).lists()))
        if request.method == "GET" and endpoint in self._lists:
            return 200, self._page(request, endpoint, form, self._lists[endpoint](form, request.path, **named))
        handler = self._handlers.get((request.method, endpoint))
        if handler is None:
            raise self._wrong_method(request)
        made = handler(form, request.path, **named)
        return (204 if made is None else 201 if endpoint in self._lists else 200), made

    def _authenticate(self, request: Request, account: str) -> None:
        number, given = self.exchange.number, request.authorization
        token = (given.password or "") if given else ""
        if number.auth_token and not hmac.compare_digest(token.encode(), number.auth_token.encode()):
            raise RestError(401, 20003, "Authenticate")
        if account != number.account_sid:
            raise not_found(request.path)

    def _wrong_method(self, request: Request) -> RestError:
        return RestError(405, 20004, f"Method not allowed: {request.method}")

    def _page(self, request: Request, key: str, form: Form, items: list[object]) -> dict[str, object]:
        """One page of a list, with the address of the next."""
        size, page = form.whole("PageSize", 50, 1, _MAX_PAGE), form.whole("Page", 0, 0, 1_000_000)
        first = page * size
        path = f"/2010-04-01/Accounts/{self.exchange.number.account_sid}/{key}"

        def at(number: int) -> str:
            return f"{request.path}?{urlencode({**request.args.to_dict(), 'PageSize': size, 'Page': number})}"

        shown = items[first : first + size]
        return {
            {"members": "queue_members"}.get(key, key): shown,
            "page": page,
            "page_size": size,
            "start": first,
            "end": first + max(0, len(shown) - 1),
            "uri": request.full_path.rstrip("?") or path,
            "first_page_uri": at(0),
            "previous_page_uri": at(page - 1) if page else None,
            "next_page_uri": at(page + 1) if first + size < len(items) else None,
        }
