"""For production: ``gunicorn --config python:webhooks.production``, with settings from the environment.

================== ================================================================================== IVR_FLOW
flow file, or the name of a shipped flow IVR_PUBLIC_URL     base URL under which Twilio reaches the service
TWILIO_AUTH_TOKEN  the account's auth token; while it is replaced both, with a comma, the new one first IVR_DATABASE_URL
SQLite file, or postgresql://USER:PASSWORD@HOST/NAME, of the records; empty or missing
                   keeps none
IVR_CURSOR_KEY     secret that seals conversations, 16 characters or more; several with commas, the
                   first seals. Missing: derived from the auth token
IVR_CALLERS        what is kept of callers' numbers: hashed (missing: so), masked (and the last three
                   digits), none
IVR_CALLER_KEY     secret that hashes them; several with commas, the first hashes. Missing: as IVR_CURSOR_KEY
IVR_KEEP_DAYS      how long: KIND=DAYS with commas, e.g. calls=400,messages=90,callbacks=90
TWILIO_ACCOUNT_SID the account that sends text messages
IVR_MESSAGES_FROM  the number they come from; missing: none are sent, and the flow's `failed` is taken
IVR_COUNTRIES      ISO 3166 codes with commas: where text messages, call backs and transfers may go;
                   missing: messages and call backs, to the country of the number called; any: not
                   checked here
IVR_ALLOW_ERRORS   1: serve the flow although `ivr lint` finds errors in it
IVR_LOOKUP_HOSTS   HOST or HOST:PORT, several with commas: hosts that lookups may reach although they
                   are not on the public internet
IVR_SECRET_NAME    a secret that the header of a lookup names as $IVR_SECRET_NAME
================== ==================================================================================
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
"""Versions that calls in progress may still be on; older ones are looked for in the database."""
_APP_LOAD_ERROR = 4
"""gunicorn stops, and does not try again, when a worker exits with this code."""


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
    loaded, of_both = load(environ["IVR_FLOW"]), shared(environ)
    token, *before = auth_tokens(environ) or ("",)
    if not of_both["allow_errors"]:
        refuse_errors(loaded)
    return Config(
        flow=loaded.flow,
        flow_files=tuple(loaded.document.texts),
        flow_folder=Path(loaded.document.file).parent,
        public_url=environ.get("IVR_PUBLIC_URL", ""),
        auth_token=token,
        tokens_before=tuple(before),
        database=environ.get("IVR_DATABASE_URL", ""),
        **of_both,
    )


def again(app: Flask) -> Flask:
    """The service from its settings and its flow file as they are now; `app` itself where they are broken.

    Calls in progress finish on the flow they began on, which the new service knows whatever the database has kept.

    Parameters
    ----------
    app : Flask
        The service until now.
    """
    try:
        config = config_from(os.environ)
        known = tuple(flow for flow in app.extensions["ivr"]["line"].flows if flow.digest != config.flow.digest)
        new = _served(replace(config, earlier=known[-_EARLIER:]))
    except IvrError as error:
        report(error.findings)
        _log.error("not reloaded: the service goes on with the flow it has")
        return app
    except Exception as error:  # a reload that fails must not stop a service that works
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
        store.close()  # the service may be forked: an open SQLite file must not be carried along
        try:
            refuse_hopeless(config.database)
        except UsageError as error:  # no caller is to pay for it
            _log.error("%s; calls are answered, no records are written", error)
    return app


def __getattr__(name: str) -> Any:
    # Made when a server asks for it, so that importing this module for its documentation needs no settings.
    if name == "application":
        globals()["application"] = _application()
        return globals()["application"]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
