"""Keeps what callers enter in secret: the address of the next request carries a handle and a mask, not the value.

A value is kept in memory, and sealed in the database so that another worker can continue the call; both for an hour.
When neither has it any more, the call continues with the mask. Callers hear the same, since only the last two digits
of a secret are ever spoken, but no service can be asked with it.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from flows.model.flow import Flow
from flows.protocol.actions import Effect
from flows.speech.prompt import slots
from flows.values.units import US_PER_S
from ivr.interpreter.session import Session
from ivr.interpreter.step import awaiting
from webhooks.security.mask import DOT, mask
from webhooks.security.sealed_cursor import CursorError, Seal
from webhooks.store import Store

__all__ = ["KEPT_S", "SecretVault", "masked", "needs_lost"]

_log = logging.getLogger("ivr.calls")
KEPT_S = 3_600.0
"""Seconds for which a secret is kept."""
_KEPT = 10_000
_HANDLE = re.compile("\x1a([A-Za-z0-9_-]{22})(.*)", re.DOTALL)
_LOST, _OTHER = "\ufdd0", "\ufdd1"
"""Mask characters for a value that is no longer known, and for another such value. Texts may hold a dot, but not
these: Unicode reserves them for a program's own use (noncharacters, chapter 23.7)."""


def masked(value: str, dot: str = DOT) -> str:
    """A secret as it may be spoken: only the last two characters, or none if there are fewer than five.

    Examples
    --------
    >>> masked("4111111111111111"), masked("4021")
    ('••••••••••••••11', '••••')
    """
    return mask(value, 2 if len(value) >= 5 else 0, dot)


def needs_lost(flow: Flow, session: Session, effect: Effect) -> bool:
    """Whether an effect that a call waits on depends on a secret that is no longer known.

    It does when another mask would make it a different effect. A text with only the length and the last two characters
    of a secret does not depend on it.

    Examples
    --------
    >>> flow = Flow.model_validate({"ivr": "1", "name": "Line", "start": "card", "nodes": {
    ...     "card": {"type": "collect", "say": "Card?", "into": "card", "digits": 6, "sensitive": True, "next": "link"},
    ...     "link": {"type": "message", "text": "• Card {card}", "next": "bye"}, "bye": {"type": "hangup"}}})
    >>> values = (("ani", "+14155550123"), ("card", masked("402188", _LOST)))
    >>> session = Session(node="link", language="en-US", values=values)
    >>> needs_lost(flow, session, awaiting(flow, session))
    False
    """
    lost = _lost(flow, session)
    return (
        bool(lost)
        and awaiting(flow, session.with_values({name: masked(session.value(name), _OTHER) for name in lost})) != effect
    )


def _lost(flow: Flow, session: Session) -> set[str]:
    """Names of the values that are lost, and of those made from them in a format that may leave nothing of a mask."""
    lost = {name for name, value in session.values if _LOST in value}
    made = [(name, text) for node in flow.nodes.values() for name, text in node.copies().items()] if lost else []
    before = 0
    while before < len(lost):
        before = len(lost)
        lost |= {
            name
            for name, text in made
            if any(":" in slot and slot[1:].partition(":")[0] in lost for slot in slots(text))
        }
    return lost


class SecretVault:
    """Keeps secrets of calls in progress.

    Parameters
    ----------
    seal : Seal
    store : Store or None
        None when there is no database: another worker then knows only the mask.
    clock_s : callable
        Seconds since 1970.
    """

    def __init__(self, seal: Seal, store: Store | None, clock_s: Callable[[], float] = time.time) -> None:
        self._seal, self._store, self._clock_s = seal, store, clock_s
        self._lock = threading.Lock()
        self._here: OrderedDict[str, tuple[float, str]] = OrderedDict()

    def hidden(self, flow: Flow, session: Session, call_sid: str) -> Session:
        """The session with handles in place of secrets, safe to send."""
        if not flow.secrets:
            return session
        secret = {
            name: value for name, value in session.values if name in flow.secrets and value and _LOST not in value
        }
        return session.with_values({name: self._keep(value, name, call_sid) for name, value in secret.items()})

    def shown(self, flow: Flow, session: Session, call_sid: str) -> Session:
        """The session with its secrets put back; with masks where a value is no longer known."""
        if not flow.secrets:
            return session
        return session.with_values(
            {name: self._known(value, call_sid) for name, value in session.values if name in flow.secrets}
        )

    def forget(self) -> None:
        """Drop the secrets held in memory; those that were not erased are still in the database."""
        with self._lock:
            self._here.clear()

    def _keep(self, value: str, name: str, call_sid: str) -> str:
        handle = self._seal.handle(f"{call_sid} {name} {value}")
        until_s = self._clock_s() + KEPT_S
        with self._lock:
            new = handle not in self._here
            if new:
                self._here[handle] = (until_s, value)
            while len(self._here) > _KEPT or (self._here and next(iter(self._here.values()))[0] < self._clock_s()):
                self._here.popitem(last=False)
        if new and self._store:
            self._store.keep_secret(handle, call_sid, self._seal.hide(value, handle), int(until_s * US_PER_S))
        return f"\x1a{handle}{masked(value)}"

    def _known(self, text: str, call_sid: str) -> str:
        parts = _HANDLE.fullmatch(text)
        if not parts:
            return text
        handle, shown = parts.groups()
        now_s = self._clock_s()
        with self._lock:
            until_s, value = self._here.get(handle, (0.0, ""))
        if until_s >= now_s:
            return value
        sealed = self._store.secret(handle, int(now_s * US_PER_S)) if self._store else ""
        try:
            if sealed:
                return self._seal.shown(sealed, handle)
        except CursorError as error:
            _log.warning("%s: %s", call_sid, error)
        _log.warning("%s: a secret is no longer known; what needs it fails", call_sid)
        return masked(shown, _LOST)
