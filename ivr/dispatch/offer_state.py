"""The states of an offer: one call offered to one agent."""

from __future__ import annotations

__all__ = ["LIVE", "MISSED", "OFFER_STATES", "follows", "said"]

LIVE = ("made", "ringing", "answered", "accepted", "connected")
"""States in which an offer holds its agent and its call, in their order."""
MISSED = ("missed", "busy", "declined", "mailbox", "failed")
"""Ends in which the agent did not take the call, which waits on in its place."""
OFFER_STATES = (*LIVE, *MISSED, "cancelled", "ended")
"""Cancelled: the call went away before the agent had it. Ended: the talk is over."""

_ASKED = ("made", "ringing", "answered")
_FROM = {
    **dict.fromkeys(MISSED, _ASKED),
    "ringing": ("made",),
    "answered": ("made", "ringing"),
    "accepted": _ASKED,
    "declined": (*_ASKED, "accepted"),  # they hang up before the caller is with them
    "connected": ("accepted",),
    "ended": ("connected",),
    "cancelled": (*_ASKED, "accepted"),
}

_SAID = {
    "missed": "no answer",
    "busy": "busy",
    "declined": "declined",
    "mailbox": "picked up, but nobody pressed a key",
    "failed": "could not be reached",
}


def follows(state: str, after: str) -> bool:
    """Whether an offer can go from the state `after` to `state`.

    Examples
    --------
    >>> follows("accepted", "answered"), follows("accepted", "missed")
    (True, False)
    """
    return after in _FROM.get(state, ())


def said(state: str) -> str:
    """An ending in words, for the desk and the log; empty for any other state.

    Examples
    --------
    >>> said("mailbox")
    'picked up, but nobody pressed a key'
    """
    return _SAID.get(state, "")
