"""What a line with people needs to know before it starts: the account, its numbers, and who is told of messages."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from flows.values.caller_numbers import is_dialled, plain_number
from webhooks.settings.lists import listed
from webhooks.settings.problems import Together, problem

__all__ = ["TOLD", "Answering", "MailServer", "answering", "check_account", "check_desk"]

TOLD = "told"
"""Stands for a setting that was refused, so that nothing misses it besides; with it no service starts."""
_KINDS = {"AC": "account", "SK": "API key", "AP": "TwiML app", "WW": "TaskRouter workflow"}
_PORTS = {"smtp": 587, "smtps": 465}
_MAIL = re.compile(r"[^@\s,<>\"]+@[^@\s,<>\"]+\.[A-Za-z0-9-]{2,}")


@dataclass(frozen=True)
class MailServer:
    """Where e-mail is handed in.

    Parameters
    ----------
    host : str
    port : int
    user, password : str
        Empty to hand it in without a login.
    encrypted : bool
        Encrypted from the start (``smtps``); otherwise as soon as the server offers it, and always before a login.
    """

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    encrypted: bool = False


@dataclass(frozen=True)
class Answering:
    """The settings of a line that people answer.

    Parameters
    ----------
    calls_from : str
        The number that calls to agents and callbacks come from.
    api_key, api_secret, app_sid : str
        For the browser softphone: an API key, its secret, and the TwiML app.
    mail_server : MailServer or None
    notify_to : tuple of str
        Who gets an e-mail about a voicemail.
    notify_from : str
        Its sender.
    notify_url : str
        The address that is told of voicemails and callbacks.
    workflow : str
        The TaskRouter workflow that callers join in place of a queue; empty for our own dispatcher.
    """

    calls_from: str = ""
    api_key: str = ""
    api_secret: str = field(default="", repr=False)
    app_sid: str = ""
    mail_server: MailServer | None = None
    notify_to: tuple[str, ...] = ()
    notify_from: str = ""
    notify_url: str = field(default="", repr=False)
    workflow: str = ""

    @property
    def has_softphone(self) -> bool:
        """Whether agents may answer in the browser."""
        return bool(self.api_key and self.api_secret and self.app_sid)


def answering(environ: Mapping[str, str], together: Together) -> Answering:
    """Those of the settings that can be read.

    Parameters
    ----------
    environ : mapping of str to str
    together : Together
        Gets what is wrong with the others.

    Examples
    --------
    >>> environ = {"IVR_CALLS_FROM": "+1 415 555 0100", "IVR_NOTIFY_TO": "a@example.com", "IVR_SMTP_URL": "smtp://mx"}
    >>> found = answering(environ, Together())
    >>> found.calls_from, found.mail_server, found.notify_from
    ('+14155550100', MailServer(host='mx', port=587, user='', encrypted=False), 'a@example.com')
    """
    readers: dict[str, Callable[[], Any]] = {
        "calls_from": lambda: _calls_from(environ),
        "api_key": lambda: _sid(environ, "TWILIO_API_KEY", "SK"),
        "api_secret": lambda: environ.get("TWILIO_API_SECRET", "").strip(),
        "app_sid": lambda: _sid(environ, "TWILIO_APP_SID", "AP"),
        "mail_server": lambda: _mail_server(environ.get("IVR_SMTP_URL", "").strip()),
        "notify_to": lambda: tuple(_mailbox(one, "IVR_NOTIFY_TO") for one in listed(environ.get("IVR_NOTIFY_TO", ""))),
        "notify_from": lambda: _notify_from(environ),
        "notify_url": lambda: _notify_url(environ.get("IVR_NOTIFY_URL", "").strip()),
        "workflow": lambda: _sid(environ, "IVR_TASKROUTER_WORKFLOW", "WW"),
    }
    found: dict[str, Any] = {"calls_from": TOLD}
    for name, read in readers.items():
        with together.checking():
            found[name] = read()
    for check in (_check_softphone, _check_mail):
        with together.checking():
            check(environ)
    return Answering(**found)


def check_account(sid: str) -> str:
    """The SID of an account; empty when it is not set.

    Raises
    ------
    UsageError
        When it is something else.
    """
    return _sid({"TWILIO_ACCOUNT_SID": sid}, "TWILIO_ACCOUNT_SID", "AC")


def check_desk(account_sid: str, settings: Answering) -> None:
    """Refuse a line with people whose calls could not be placed.

    Parameters
    ----------
    account_sid : str
    settings : Answering

    Raises
    ------
    UsageError
        With everything that is missing.
    """
    together = Together()
    with together.checking():
        if not account_sid:
            raise problem(
                "agents cannot be called: TWILIO_ACCOUNT_SID is not set",
                "set TWILIO_ACCOUNT_SID to the SID of your account, which begins with AC",
            )
    with together.checking():
        if not settings.calls_from:
            raise problem(
                "agents cannot be called: no number to call them from",
                "set IVR_CALLS_FROM to a number of your account, e.g. +14155550100",
            )
    with together.checking():
        if settings.workflow:
            raise problem(
                "IVR_TASKROUTER_WORKFLOW sends callers to TaskRouter, so nobody at the desk would get them",
                "leave out IVR_TASKROUTER_WORKFLOW, or the desk",
            )
    together.refuse()


def _sid(environ: Mapping[str, str], name: str, prefix: str) -> str:
    sid = environ.get(name, "").strip()
    if sid and not re.fullmatch(rf"{prefix}[0-9a-fA-F]{{32}}", sid):
        kind = _KINDS[prefix]
        raise problem(
            f"{name}={_shown(sid)!r} is not the SID of {'an' if kind[0] in 'aA' else 'a'} {kind}",
            f"copy it from Twilio's console: {prefix} and 32 characters of 0-9 and a-f",
        )
    return sid


def _shown(text: str) -> str:
    """The beginning of what may be a secret in the wrong place."""
    return text if len(text) <= 8 else f"{text[:4]}..."


def _calls_from(environ: Mapping[str, str]) -> str:
    text = environ.get("IVR_CALLS_FROM", "").strip()
    if not text:
        sender = plain_number(environ.get("IVR_MESSAGES_FROM", ""))
        return sender if is_dialled(sender) else ""
    number = plain_number(text)
    if not is_dialled(number):
        raise problem(
            f"IVR_CALLS_FROM={text!r} is not a number that calls can come from",
            "write a number of your account with + and country code, e.g. +14155550100",
        )
    return number


def _mail_server(url: str) -> MailServer | None:
    if not url:
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), 0
    if parts.scheme not in _PORTS or not parts.hostname or port == 0 or parts.path.strip("/") or parts.query:
        raise problem(  # without the address, which may hold a password
            "IVR_SMTP_URL is not the address of a mail server",
            "write smtp://USER:PASSWORD@HOST:587, or smtps://USER:PASSWORD@HOST:465; escape @ in a password as %40",
        )
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return MailServer(parts.hostname, port or _PORTS[parts.scheme], user, password, parts.scheme == "smtps")


def _mailbox(text: str, name: str) -> str:
    if not _MAIL.fullmatch(text):
        raise problem(f"{name}: {text!r} is not an e-mail address", f"write {name}=office@example.com")
    return text


def _notify_from(environ: Mapping[str, str]) -> str:
    sender = environ.get("IVR_NOTIFY_FROM", "").strip()
    if sender:
        return _mailbox(sender, "IVR_NOTIFY_FROM")
    return next(iter(listed(environ.get("IVR_NOTIFY_TO", ""))), "")


def _notify_url(url: str) -> str:
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("https", "http") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or re.search(r"[\s\x00-\x1f]", url):
        raise problem(
            "IVR_NOTIFY_URL is not the address of a web service", "write it like https://hooks.example.com/voicemail"
        )
    return url


def _check_softphone(environ: Mapping[str, str]) -> None:
    names = ("TWILIO_API_KEY", "TWILIO_API_SECRET", "TWILIO_APP_SID")
    missing = [name for name in names if not environ.get(name, "").strip()]
    if missing and len(missing) < len(names):
        raise problem(
            f"the browser softphone needs {', '.join(names)}; not set: {', '.join(missing)}",
            f"set {' and '.join(missing)} too, or leave all three out",
        )


def _check_mail(environ: Mapping[str, str]) -> None:
    server, to = (environ.get(name, "").strip() for name in ("IVR_SMTP_URL", "IVR_NOTIFY_TO"))
    if to and not server:
        raise problem(
            "IVR_NOTIFY_TO names who gets an e-mail, but no server sends it",
            "set IVR_SMTP_URL=smtp://USER:PASSWORD@HOST:587, or leave out IVR_NOTIFY_TO",
        )
    if server and not to:
        raise problem(
            "IVR_SMTP_URL names a mail server, but nobody gets an e-mail",
            "set IVR_NOTIFY_TO=office@example.com, or leave out IVR_SMTP_URL",
        )
