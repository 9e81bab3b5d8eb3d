"""Takes the requests of the real ``twilio`` client to an exchange in this process."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from twilio.http.response import Response
from werkzeug.datastructures import Authorization
from werkzeug.test import Client

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

__all__ = ["InProcessClient"]


class InProcessClient:
    """An ``http_client`` for the ``twilio`` library that calls a WSGI application instead of the network.

    Parameters
    ----------
    app : WSGI application
        The REST API.

    Examples
    --------
    >>> from twilio.rest import Client as Twilio
    >>> from webhooks.carrier.exchange import Exchange, VirtualTime
    >>> from webhooks.carrier.exchange.rest.app import RestApi
    >>> from webhooks.carrier.protocol import Number
    >>> from webhooks.carrier.requests.wsgi import Wsgi
    >>> number = Number("http://localhost/voice", account_sid="AC1")
    >>> exchange = Exchange(number, Wsgi(lambda environ, start: []), time=VirtualTime())
    >>> twilio = Twilio("AC1", "token", http_client=InProcessClient(RestApi(exchange)))
    >>> twilio.calls.create(to="client:ana", from_="+18005550100", url="http://localhost/agent").status
    'queued'
    """

    def __init__(self, app: WSGIApplication) -> None:
        self._client = Client(app)

    def request(
        self,
        method: str,
        uri: str,
        params: Mapping[str, object] | None = None,
        data: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        """The answer of the application."""
        known = Authorization("basic", {"username": auth[0], "password": auth[1]}) if auth else None
        kept = {name: text for name, text in (headers or {}).items() if name.lower() != "content-type"}
        answer = self._client.open(
            path=uri,
            method=method.upper(),
            query_string=_texts(params) if params else None,
            data=_texts(data) if method.upper() == "POST" else None,
            headers=kept,
            auth=known,
        )
        return Response(answer.status_code, answer.get_data(as_text=True), dict(answer.headers))


def _texts(values: Mapping[str, object] | None) -> dict[str, Any]:
    return {
        name: [str(each) for each in value] if isinstance(value, list | tuple) else str(value)
        for name, value in (values or {}).items()
    }
