"""The application for gunicorn, with settings from the environment: ``gunicorn --config python:webhooks.production``.

================== =====================================================================================
IVR_FLOW           flow file, or the name of a shipped flow
IVR_PUBLIC_URL     base URL under which Twilio reaches the service
TWILIO_AUTH_TOKEN  the account's auth token; while it is being replaced "new,old"
IVR_DATABASE_URL   SQLite file, or postgresql://USER:PASSWORD@HOST/NAME, for the records; empty or
                   missing: no records are kept
IVR_CURSOR_KEY     secret of 16 characters or more that seals calls in progress; several with commas,
                   the first seals; missing: derived from the auth token
IVR_CALLERS        what is kept of callers' numbers: hashed (default), masked (hashed, and the last
                   three digits), none
IVR_CALLER_KEY     secret that hashes them; several with commas, the first hashes; missing: as
                   IVR_CURSOR_KEY
IVR_KEEP_DAYS      days for which rows are kept: KIND=DAYS with commas, e.g.
                   calls=400,messages=90,callbacks=90
TWILIO_ACCOUNT_SID the account that sends text messages
IVR_MESSAGES_FROM  the number they come from; missing: none are sent, and the flow's `failed` is taken
IVR_COUNTRIES      ISO 3166 codes with commas: where text messages, callbacks and transfers may go;
                   missing: messages and callbacks, to the country of the number called; any: not
                   checked here
IVR_ALLOW_ERRORS   1: serve the flow although `ivr lint` finds errors in it
IVR_LOOKUP_HOSTS   HOST or HOST:PORT, several with commas: hosts that lookups may reach although they
                   are not on the public internet
IVR_SECRET_NAME    a secret that the header of a lookup refers to as $IVR_SECRET_NAME
================== =====================================================================================
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Flask

from flows.display.console import report
from flows.model.load import load
from flows.source.finding import IvrError, UsageError
from webhooks.service.app import create_app
from webhooks.settings.config import Config
from webhooks.settings.environment import auth_tokens, shared
from webhooks.settings.flow_errors import refuse_errors
from webhooks.settings.problems import problem
from webhooks.store.preflight import refuse_hopeless

__all__ = ["LOG_FORMAT", "again", "config_from"]

LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"

_log = logging.getLogger("ivr.calls")
_EARLIER = 20
"""How many earlier versions a reload carries over; older ones are looked up in the database."""
_APP_LOAD_ERROR = 4
"""gunicorn stops for good when a worker exits with this code."""


def config_from(environ: Mapping[str, str]) -> Config:
    """Settings from environment variables.

    Raises
    ------
    IvrError
        When one is missing or wrong.

    Examples
    --------
    >>> settings = {"IVR_FLOW": "northwind", "IVR_PUBLIC_URL": "https://ivr.example.com", "TWILIO_AUTH_TOKEN": "12345"}
    >>> config_from(settings).flow.name
    'Northwind Telecom'
    """
    if not environ.get("IVR_FLOW"):
        raise problem("no flow to serve", "set IVR_FLOW to a flow file")
    loaded, common = load(environ["IVR_FLOW"]), shared(environ)
    token, *before = auth_tokens(environ) or ("",)
    if not common["allow_errors"]:
        refuse_errors(loaded)
    return Config(
        flow=loaded.flow,
        flow_files=tuple(loaded.document.texts),
        flow_folder=Path(loaded.document.file).parent,
        public_url=environ.get("IVR_PUBLIC_URL", ""),
        auth_token=token,
        tokens_before=tuple(before),
        database=environ.get("IVR_DATABASE_URL", ""),
        **common,
    )


def again(app: Flask) -> Flask:
    """The service with its settings and its flow file as they are now; `app` itself when they are broken.

    Calls in progress finish on the version they began on, which the new service takes over from the old one.

    Parameters
    ----------
    app : Flask
        The service so far.
    """
    try:
        config = config_from(os.environ)
        known = tuple(flow for flow in app.extensions["ivr"]["line"].flows if flow.digest != config.flow.digest)
        new = _served(replace(config, earlier=known[-_EARLIER:]))
    except IvrError as error:
        report(error.findings)
        _log.error("not reloaded: the service goes on with the flow it has")
        return app
    except Exception as error:  # a failed reload must not stop a working service
        _log.error("not reloaded: %s; the service goes on with the flow it has", type(error).__name__)
        return app
    _log.info("reloaded: new calls take flow %s", config.flow.digest)
    return new


def _application() -> Flask:
    logging.basicConfig(format=LOG_FORMAT, level=logging.INFO)
    try:
        return _served(config_from(os.environ))
    except IvrError as error:
        report(error.findings)
        raise SystemExit(_APP_LOAD_ERROR) from None


def _served(config: Config) -> Flask:
    app = create_app(config)
    if store := app.extensions["ivr"]["store"]:
        store.close()  # the service may be forked, and an open SQLite file must not
        try:
            refuse_hopeless(config.database)
        except UsageError as error:  # calls are answered anyway
            _log.error("%s; calls are answered, no records are written", error)
    return app


def __getattr__(name: str) -> Any:
    # Created when a server asks for it, so that the module can be imported without settings.
    if name == "application":
        globals()["application"] = _application()
        return globals()["application"]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
