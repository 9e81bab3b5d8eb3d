"""Flask wiring: assembles the service of one line."""

from __future__ import annotations

import time

from flask import Flask, Response, abort, request, send_from_directory
from werkzeug.exceptions import HTTPException

from webhooks.browser_phone.routes import browser_phone
from webhooks.carrier.exchange import Exchange
from webhooks.desk.people import People
from webhooks.records.journal import Journal
from webhooks.security.origin import is_local
from webhooks.service.answered import desk_of, people_of
from webhooks.service.endpoints import MAX_BODY, Endpoints, log_fault, refused
from webhooks.service.operated import operated
from webhooks.service.readiness import Readiness
from webhooks.service.staffed import Staffed, staffed
from webhooks.service.virtual_floor import virtual_floor
from webhooks.settings.config import Config
from webhooks.settings.rehearsals import Rehearsals
from webhooks.store import Store
from webhooks.store.erasure_watch import ErasureWatch
from webhooks.store.failure_reason import failure_reason
from webhooks.store.privacy import purge
from webhooks.turn.line import Line
from webhooks.twilio.signature import Signature

__all__ = ["MAX_BODY", "create_app"]


def create_app(config: Config, people: People | None = None, virtual_base: str = "") -> Flask:
    """A service for one line.

    Parameters
    ----------
    config : Config
    people : People or None
        Who answers its queues; default: with ``config.desk`` those of its agents file and database, otherwise nobody.
    virtual_base : str
        The service's own address, at which a virtual carrier with several calls at once reaches it; empty for none.

    Returns
    -------
    Flask
        A WSGI application. ``app.extensions["ivr"]`` holds its `Line`, `Store` and `Journal` (the last two are None
        when no records are kept).

    Examples
    --------
    >>> from flows.model.load import load_text
    >>> flow = load_text("{ivr: 1, name: Line, start: bye, nodes: {bye: {type: hangup, say: Goodbye.}}}").flow
    >>> client = create_app(Config(flow=flow, development=True)).test_client()
    >>> client.post("/voice", data={"CallSid": "CA1"}).get_data(as_text=True)[38:]
    '<Response><Say language="en-US">Goodbye.</Say><Hangup /></Response>'
    """
    store = Store(config.database) if config.database else None
    journal = None
    if store:
        journal = Journal(
            store.write,
            chore=lambda: purge(store, config.keep, time.time_ns() // 1_000),
            glance=lambda: watch and watch(),
            reason=failure_reason,
        )
    rehearsals = Rehearsals(config.clock)
    people = people or (people_of(config, store) if config.desk and store else None)
    answered = staffed(config, store, people, lambda: line.flows[-1]) if store and people else None
    line = Line(config, store, journal, rehearsals, answered.calls if answered else None)
    watch = ErasureWatch(store, line.forget) if store else None
    signature = Signature(config.auth_token, config.base, config.tokens_before) if config.checks_signature else None

    app = Flask("webhooks", static_folder=None, template_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=MAX_BODY, MAX_FORM_MEMORY_SIZE=MAX_BODY)
    app.url_map.merge_slashes = False  # an address that Twilio did not sign is unknown, not redirected
    app.extensions["ivr"] = {
        "line": line,
        "store": store,
        "journal": journal,
        "staffed": answered,
        "people": people,
        "dispatcher": None,
    }

    more = answered.endpoints() if answered else {}
    app.wsgi_app = Endpoints(line, signature, app.wsgi_app, more)  # type: ignore[method-assign]  # Flask documents it

    @app.before_request
    def _this_machine_only() -> None:
        if config.development and not is_local(request.host):
            raise refused("the service runs for this machine only")

    @app.get("/healthz")
    def healthz() -> Response:
        return Response("ok\n", content_type="text/plain; charset=utf-8")

    readiness = Readiness(line, store)

    @app.get("/readyz")
    def readyz() -> Response:
        ready, said = readiness()
        return Response(said, 200 if ready else 503, content_type="text/plain; charset=utf-8")

    @app.get("/audio/<path:name>")
    def audio(name: str) -> Response:
        if name not in line.recordings or config.flow_folder is None:
            abort(404)
        return send_from_directory(config.flow_folder.resolve(), name)

    @app.errorhandler(Exception)
    def failed(error: Exception) -> Response | HTTPException:
        if isinstance(error, HTTPException):
            return error
        log_fault(error, request.path)
        return Response("error\n", 500)

    exchange = None
    if store and people and answered:
        exchange = _with_desk(app, config, store, people, answered, virtual_base)
    if config.development and config.browser:
        app.register_blueprint(browser_phone(config, app.wsgi_app, rehearsals, exchange))
    return app


def _with_desk(
    app: Flask, config: Config, store: Store, people: People, answered: Staffed, virtual_base: str
) -> Exchange | None:
    """Add the desk, a dispatcher, and on a virtual line the carrier, which is returned."""
    ours, line = app.extensions["ivr"], app.extensions["ivr"]["line"]
    if isinstance(people, People):
        people.follow(lambda: line.flows)
    virtual = virtual_floor(config, virtual_base, app.wsgi_app, answered) if virtual_base else None
    if virtual:
        ours |= {"dispatcher": virtual.dispatcher, "exchange": virtual.exchange}
        app.register_blueprint(virtual.handsets)
    elif not config.development:
        ours["dispatcher"] = operated(config, answered)
    ours["handset"] = virtual is not None
    kept = virtual.exchange.recordings.sound if virtual else None
    app.register_blueprint(desk_of(config, store, people, answered.floor, lambda: line.flows[-1], kept))
    return virtual.exchange if virtual else None
