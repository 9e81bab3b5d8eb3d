"""A carrier's request about a call, and the reply to it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

__all__ = ["CallRequest", "Reply"]

_CALL_SID = re.compile(r"[A-Za-z0-9]{2,64}")


@dataclass(frozen=True)
class CallRequest:
    """A carrier's request, its signature already checked where one is required.

    Parameters
    ----------
    form : mapping of str to str
        The request's parameters.
    cursor : str
        The sealed cursor of the call; empty in the first request of a call.
    waited_s : float
        Seconds the request waited for a thread.
    full : bool
        Whether new calls are refused now, see `webhooks.turn.admission`.
    at : str
        When the call begins, as a call script states it; empty for now, and always in production.
    """

    form: Mapping[str, str]
    cursor: str = ""
    waited_s: float = 0.0
    full: bool = False
    at: str = ""

    @cached_property
    def call_sid(self) -> str:
        """The call's CallSid; empty when it is missing or malformed."""
        sid = self.form.get("CallSid", "")
        return sid if _CALL_SID.fullmatch(sid) else ""


@dataclass(frozen=True)
class Reply:
    """A TwiML document, and the state of the call for a browser phone.

    Parameters
    ----------
    body : bytes
    state : mapping
        As `webhooks.turn.phone_state.phone_state` gives it; empty in production.
    """

    body: bytes
    state: Mapping[str, object]
