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
TWILIO_ACCOUNT_SID the account that sends text messages and places calls to agents
IVR_MESSAGES_FROM  the number they come from; missing: none are sent, and the flow's `failed` is taken
IVR_WHATSAPP_FROM  the number that WhatsApp messages come from; missing: none are sent
IVR_CALLS_FROM     the number that calls to agents and callbacks come from; missing: IVR_MESSAGES_FROM
TWILIO_API_KEY     with TWILIO_API_SECRET and TWILIO_APP_SID: agents may answer in the browser
IVR_NOTIFY_TO      e-mail addresses, with commas, that are told of voicemails; from IVR_NOTIFY_FROM, by
                   default the first of them
IVR_SMTP_URL       the server that sends these e-mails: smtp://USER:PASSWORD@HOST:587, or smtps://
IVR_NOTIFY_URL     address that is told of voicemails by a POST with JSON
IVR_TASKROUTER_WORKFLOW
                   SID of a TaskRouter workflow that callers join instead of a queue
IVR_COUNTRIES      ISO 3166 codes with commas: where text messages, callbacks and transfers may go;
                   missing: messages and callbacks, to the country of the number called; any: not
                   checked here
IVR_ALLOW_ERRORS   1: serve the flow although `ivr lint` finds errors in it
IVR_LOOKUP_HOSTS   HOST or HOST:PORT, several with commas: hosts that lookups may reach although they
                   are not on the public internet
IVR_DESK           1: people answer the queues, at /desk
IVR_AGENTS         who they are; missing: FLOW.agents.yaml or agents.yaml beside the flow
IVR_SECRET_NAME    a secret that the header of a lookup refers to as $IVR_SECRET_NAME
================== =====================================================================================
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Flask

from flows.display.console import report
from flows.model.flow import Flow
from flows.model.load import Loaded, load
from flows.source.finding import Finding, IvrError, UsageError
from webhooks.service.app import create_app
from webhooks.settings.config import Config
from webhooks.settings.environment import auth_tokens, readable
from webhooks.settings.flow_errors import refuse_errors
from webhooks.settings.problems import Together, problem
from webhooks.store.connection import database_url
from webhooks.store.preflight import refuse_hopeless

__all__ = ["LOG_FORMAT", "again", "config_from", "example_of", "refuse_to_start"]

LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"

_log = logging.getLogger("ivr.calls")
_EARLIER = 20
"""How many earlier versions a reload carries over; older ones are looked up in the database."""
_APP_LOAD_ERROR = 4
"""gunicorn stops for good when a worker exits with this code."""
_NEEDED = {
    "IVR_FLOW": "line.yaml",
    "IVR_PUBLIC_URL": "https://ivr.example.com",
    "TWILIO_AUTH_TOKEN": "your_auth_token",
}
_START = "  gunicorn --config python:webhooks.production --bind 127.0.0.1:8000"
_NO_FLOW = Flow.model_validate({"ivr": "1", "name": "None", "start": "end", "nodes": {"end": {"type": "hangup"}}})
"""Stands for a flow that cannot be read while the other settings are checked."""


def config_from(environ: Mapping[str, str]) -> Config:
    """Settings from environment variables.

    Raises
    ------
    IvrError
        When settings are missing or wrong: all of them at once.

    Examples
    --------
    >>> settings = {"IVR_FLOW": "northwind", "IVR_PUBLIC_URL": "https://ivr.example.com", "TWILIO_AUTH_TOKEN": "12345"}
    >>> config_from(settings).flow.name
    'Northwind Telecom'
    """
    together = Together()
    loaded = None
    with together.checking():
        loaded = _flow(environ)
    common = readable(environ, together)
    if loaded and not common.get("allow_errors", False):
        with together.checking():
            refuse_errors(loaded)
    database = environ.get("IVR_DATABASE_URL", "")
    if database:
        with together.checking():
            database_url(database)
    token, *before = auth_tokens(environ) or ("",)
    config = None
    with together.checking():
        config = Config(
            flow=loaded.flow if loaded else _NO_FLOW,
            flow_files=tuple(loaded.document.texts) if loaded else (),
            flow_folder=Path(loaded.document.file).parent if loaded else None,
            public_url=environ.get("IVR_PUBLIC_URL", ""),
            auth_token=token,
            tokens_before=tuple(before),
            database=database,
            **common,
        )
    together.refuse()
    assert config is not None
    return config


def example_of(environ: Mapping[str, str]) -> str:
    """The settings that are needed and missing, as a block to copy; empty when there are all.

    Examples
    --------
    >>> print(example_of({"IVR_FLOW": "line.yaml"}))
    What is missing, for example:
    <BLANKLINE>
      export IVR_PUBLIC_URL=https://ivr.example.com
      export TWILIO_AUTH_TOKEN=your_auth_token
      gunicorn --config python:webhooks.production --bind 127.0.0.1:8000
    <BLANKLINE>
    docs/serving.md lists every setting.
    """
    missing = [f"  export {name}={value}" for name, value in _NEEDED.items() if not environ.get(name, "").strip()]
    if not missing:
        return ""
    lines = ["What is missing, for example:", "", *missing, _START, "", "docs/serving.md lists every setting."]
    return "\n".join(lines)


def _flow(environ: Mapping[str, str]) -> Loaded:
    if not environ.get("IVR_FLOW"):
        raise problem("no flow to serve", "set IVR_FLOW to a flow file")
    return load(environ["IVR_FLOW"])


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
        refuse_to_start(error.findings)
        raise SystemExit(_APP_LOAD_ERROR) from None


def refuse_to_start(findings: Sequence[Finding]) -> None:
    """Tell everything that is wrong with the settings of this process, and what is missing, as an example."""
    report(findings)
    if example := example_of(os.environ):
        print(f"\n{example}", file=sys.stderr)


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
