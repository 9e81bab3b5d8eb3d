"""The settings of a service; wrong ones are refused before it starts, with advice."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from flows.model.flow import Flow
from flows.protocol.actions import Outcome
from webhooks.security.caller_numbers import KEEPING, CallerNumbers
from webhooks.settings.answering import Answering, check_desk
from webhooks.settings.lists import listed
from webhooks.settings.problems import Together, problem
from webhooks.settings.retention import keep_days
from webhooks.settings.services import Services
from webhooks.settings.spending import AllowedNumbers

__all__ = ["Config", "check_keys", "cursor_keys", "listed", "problem", "secrets_of", "wall_clock"]

_BASE = re.compile(
    r"https?://[A-Za-z0-9.\[\]:-]+(?:/[A-Za-z0-9._~-]+)*/?"
)  # nothing that needs escaping in XML or a header
_MIN_SECRET = 16
_UNREADABLE = re.compile(r"[\ud800-\udfff]")
"""What Python makes of bytes in the environment that are not UTF-8."""


def wall_clock() -> dt.datetime:
    """The present moment, in UTC."""
    return dt.datetime.now(dt.UTC)


def cursor_keys(text: str) -> tuple[str, ...]:
    """The comma-separated secrets of a setting.

    Examples
    --------
    >>> cursor_keys("new, old")
    ('new', 'old')
    """
    return listed(text)


@dataclass(frozen=True, kw_only=True)
class Config:
    """Settings of one service.

    Parameters
    ----------
    flow : Flow
        What new calls hear.
    flow_files : tuple of str
        The files `flow` was read from, its own first, read again when they change; empty to keep `flow`.
    earlier : tuple of Flow
        Earlier versions, on which calls in progress finish.
    flow_folder : Path or None
        Folder that recordings named in the flow are relative to; None to speak their text instead.
    public_url : str
        Base URL under which Twilio reaches the service, e.g. ``https://ivr.example.com``. Signatures are checked
        against it alone.
    auth_token : str
        Twilio's auth token. Empty only in development.
    tokens_before : tuple of str
        Earlier auth tokens, still accepted while they are being replaced.
    cursor_keys : tuple of str
        Secrets that seal the conversation; the first seals, all of them open. Empty to derive one from `auth_token`.
    database : str
        Path of a SQLite file, or the address of a PostgreSQL database; empty to keep no records.
    callers : {"hashed", "masked", "none"}
        What is kept about callers' numbers, see `webhooks.security.caller_numbers`.
    caller_keys : tuple of str
        Secrets that hash callers' numbers; empty to use `cursor_keys`.
    keep : mapping of str to int or None
        Days for which each kind of row is kept, see `webhooks.settings.retention`.
    development : bool
        Loopback only: no signature, and the node's name in a header.
    browser : bool
        Whether the browser phone is served; in development only, because it cannot sign.
    account_sid, messages_from : str
        Twilio's account, and the number that text messages are sent from; without them none are sent.
    whatsapp_from : str
        The number that WhatsApp messages are sent from; without it none are sent.
    countries : tuple of str
        Where text messages, callbacks and transfers may go, see `webhooks.settings.spending`.
    desk : bool
        Whether people answer the queues of the line, at its desk; it needs a database, and TLS beyond this machine.
    agents_file : Path or None
        Who answers; None for the agents file beside the flow.
    answering : Answering
        What calls to agents, callbacks and notices of voicemails need, see `webhooks.settings.answering`.
    lookup_hosts : tuple of str
        Hosts (``HOST`` or ``HOST:PORT``) that lookups may reach although they are not on the public internet.
    services : Services or None
        Carries out lookups, text messages and callbacks; None for `webhooks.effects.live_services`.
    stated : mapping of str to Outcome
        Answers by node, used instead of asking a service; in development only.
    allow_errors : bool
        Whether a flow is served although `ivr lint` finds errors in it.
    clock : callable
        Gives the present moment with its time zone.

    Raises
    ------
    UsageError
        When calls could be forged with these settings.

    Examples
    --------
    >>> flow = Flow.model_validate({"ivr": "1", "name": "Line", "start": "bye", "nodes": {"bye": {"type": "hangup"}}})
    >>> Config(flow=flow, development=True).base
    ''
    >>> Config(flow=flow)
    Traceback (most recent call last):
    flows.source.finding.UsageError: W001 no auth token: anybody could forge calls;
    W001 no public URL: signatures cannot be checked
    """

    flow: Flow
    flow_files: tuple[str, ...] = ()
    earlier: tuple[Flow, ...] = ()
    flow_folder: Path | None = None
    public_url: str = ""
    auth_token: str = field(default="", repr=False)
    tokens_before: tuple[str, ...] = field(default=(), repr=False)
    cursor_keys: tuple[str, ...] = field(default=(), repr=False)
    database: str = field(default="", repr=False)
    callers: str = "hashed"
    caller_keys: tuple[str, ...] = field(default=(), repr=False)
    keep: Mapping[str, int | None] = field(default_factory=lambda: keep_days(""))
    development: bool = False
    browser: bool = True
    account_sid: str = ""
    messages_from: str = ""
    whatsapp_from: str = ""
    countries: tuple[str, ...] = ()
    desk: bool = False
    agents_file: Path | None = None
    answering: Answering = field(default_factory=Answering)
    lookup_hosts: tuple[str, ...] = ()
    services: Services | None = None
    stated: Mapping[str, Outcome] = field(default_factory=dict)
    allow_errors: bool = False
    clock: Callable[[], dt.datetime] = wall_clock

    def __post_init__(self) -> None:
        together = Together()
        for check in (
            self._check_token,
            self._check_address,
            self._check_stated,
            lambda: check_keys("auth token", (self.auth_token, *self.tokens_before), least=0),
            lambda: check_keys("cursor key", self.cursor_keys),
            lambda: check_keys("caller key", self.caller_keys),
            self._check_callers,
            self._check_countries,
            self._check_desk,
        ):
            with together.checking():
                check()
        together.refuse()

    def _check_token(self) -> None:
        if not self.development and not self.auth_token.strip():
            raise problem("no auth token: anybody could forge calls", "set TWILIO_AUTH_TOKEN to your account's token")

    def _check_address(self) -> None:
        if self.public_url:
            _check_url(self.public_url)
        elif not self.development:
            raise problem(
                "no public URL: signatures cannot be checked",
                "set IVR_PUBLIC_URL to the address under which Twilio reaches you, e.g. https://ivr.example.com",
            )

    def _check_stated(self) -> None:
        if self.stated and not self.development:
            raise problem(
                "answers of lookups are given in a service that answers real calls", "leave out --lookup and --draw"
            )

    def _check_callers(self) -> None:
        if self.callers not in KEEPING:
            raise problem(
                f"IVR_CALLERS={self.callers!r} does not say what is kept of callers' numbers",
                f"allowed: {', '.join(KEEPING)}",
            )

    def _check_countries(self) -> None:
        for abroad in self.allowed_numbers.dialled_abroad(self.flow):
            raise problem(abroad, "name its country in IVR_COUNTRIES too, or dial another number")

    def _check_desk(self) -> None:
        if not self.desk:
            return
        together = Together()
        with together.checking():
            if not self.database:
                raise problem(
                    "a desk without a database: it keeps there who is signed in, and every call that waits",
                    "set IVR_DATABASE_URL, or --database, to a file such as calls.sqlite",
                )
        with together.checking():
            if not self.development and self.public_url and not self.public_url.startswith("https://"):
                raise problem(
                    f"a desk at {self.public_url} would send passwords in the clear",
                    "put a proxy with TLS before the service, and set IVR_PUBLIC_URL to its address, which begins with"
                    " https://",
                )
        with together.checking():
            if not self.development:
                check_desk(self.account_sid, self.answering)
        together.refuse()

    @property
    def base(self) -> str:
        """What every address begins with: the public URL without its last slash, or an empty string."""
        return self.public_url.rstrip("/")

    @property
    def secrets(self) -> tuple[str, ...]:
        """What seals the conversation; the first seals, all of them open."""
        return secrets_of(self.cursor_keys, self.auth_token, *self.tokens_before)

    @property
    def numbers(self) -> CallerNumbers:
        """What is kept of callers' numbers."""
        return CallerNumbers(self.caller_keys or self.secrets, self.callers)

    @property
    def allowed_numbers(self) -> AllowedNumbers:
        """The numbers that the line may spend money on."""
        return AllowedNumbers(self.countries, self.messages_from, lenient=self.development)

    @property
    def checks_signature(self) -> bool:
        """True unless the service is bound to loopback for development."""
        return not self.development


def check_keys(what: str, keys: tuple[str, ...], *, least: int = _MIN_SECRET) -> None:
    """Refuse secrets that are not text, or that could be guessed.

    Parameters
    ----------
    what : str
        What the keys are for, as named in the message.
    keys : tuple of str
    least : int
        Minimum length of each key.

    Raises
    ------
    UsageError

    Examples
    --------
    >>> check_keys("cursor key", ("secret",))
    Traceback (most recent call last):
    flows.source.finding.UsageError: W001 a cursor key has 6 characters; at least 16 are needed
    """
    for key in keys:
        if _UNREADABLE.search(key):
            raise problem(f"the {what} has bytes that are not UTF-8", "write it in letters and digits, as you got it")
        if len(key) < least:
            raise problem(
                f"a {what} has {len(key)} characters; at least {least} are needed",
                "make one with: python -c 'import secrets; print(secrets.token_urlsafe(32))'",
            )


def _check_url(url: str) -> None:
    hint = "write it like https://ivr.example.com, without ? or #"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise problem(f"public URL {url!r} cannot be read", hint) from None
    if not _BASE.fullmatch(url) or not parts.hostname or port == 0 or parts.netloc.endswith(":"):
        raise problem(f"public URL {url!r} is not the base address of a service", hint)


def secrets_of(keys: tuple[str, ...], *auth_tokens: str) -> tuple[str, ...]:
    """The secrets of a service with these settings.

    Examples
    --------
    >>> secrets_of(("new key of 16 or more",), "token"), secrets_of((), "token")
    (('new key of 16 or more',), ('token',))
    """
    return keys or tuple(filter(None, auth_tokens)) or ("development, on this machine only",)
