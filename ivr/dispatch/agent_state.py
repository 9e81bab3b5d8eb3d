"""The states of an agent on a live floor, and what leads from one to the next."""

from __future__ import annotations

from dataclasses import dataclass, replace

__all__ = ["GONE", "MISSED_CALLS", "MISSES", "ON_DUTY", "STATES", "AgentState", "can"]

STATES = ("signed_out", "ready", "offered", "talking", "wrap_up", "paused")
ON_DUTY = STATES[1:]
"""States of agents who have signed in."""
MISSES = 3
"""So many calls missed in a row pause an agent."""
MISSED_CALLS = "missed calls"
GONE = "gone"
"""Reasons of pauses that agents did not ask for."""

_FROM = {
    "sign_in": ("signed_out",),
    "sign_out": ("ready", "offered", "wrap_up", "paused"),
    "ready": ("paused", "wrap_up", "talking"),
    "pause": ("ready", "offered", "talking", "wrap_up", "paused"),
    "offer": ("ready",),
    "accept": ("offered",),
    "miss": ("offered",),
    "excuse": ("offered", "talking"),
    "over": ("talking",),
}


def can(state: str, what: str) -> bool:
    """Whether something can happen to an agent in this state.

    Examples
    --------
    >>> can("ready", "offer"), can("talking", "sign_out")
    (True, False)
    """
    return state in _FROM[what]


@dataclass(frozen=True, slots=True)
class AgentState:
    """Where an agent is, since when, and what their shift has held so far.

    Each method gives the state after something has happened; `can` says whether it can. Times are microseconds.

    Parameters
    ----------
    state : str
        One of `STATES`.
    since_us : int
        When it began.
    reason : str
        Why they pause, or will pause after the call in hand; empty when they do neither.
    until_us : int or None
        When wrap-up ends.
    idle_since_us : int
        When they last became idle; a call that was lost through no fault of theirs does not change it.
    shift_began_us, calls, worked_us : int
        The shift: when it began, calls taken, time of talk and wrap-up.
    misses : int
        Calls missed in a row.

    Examples
    --------
    >>> talking = AgentState("signed_out", 0).sign_in(5).ready(6).offer(7).accept(8)
    >>> wraps = talking.over(20, wrap_up_us=10)
    >>> wraps.state, wraps.until_us, wraps.ready(30).worked_us
    ('wrap_up', 30, 22)
    """

    state: str
    since_us: int
    reason: str = ""
    until_us: int | None = None
    idle_since_us: int = 0
    shift_began_us: int = 0
    calls: int = 0
    worked_us: int = 0
    misses: int = 0

    def sign_in(self, now_us: int) -> AgentState:
        """A shift begins, with a pause until the agent is ready."""
        return AgentState("paused", now_us, "signed in", None, now_us, now_us)

    def sign_out(self, now_us: int) -> AgentState:
        """The shift ends."""
        return replace(self._worked(now_us), state="signed_out", since_us=now_us, reason="", until_us=None)

    def ready(self, now_us: int) -> AgentState:
        """The agent can be offered calls, from the end of the line of those who are idle; after the call in hand."""
        if self.state == "talking":
            return replace(self, reason="")
        done = self._worked(now_us)
        return replace(done, state="ready", since_us=now_us, reason="", until_us=None, idle_since_us=now_us, misses=0)

    def pause(self, reason: str, now_us: int) -> AgentState:
        """The agent pauses, after the call if they are talking."""
        if self.state == "talking":
            return replace(self, reason=reason)
        return replace(self._worked(now_us), state="paused", since_us=now_us, reason=reason, until_us=None)

    def offer(self, now_us: int) -> AgentState:
        """Their phone is to ring."""
        return replace(self, state="offered", since_us=now_us)

    def accept(self, now_us: int) -> AgentState:
        """They take the call."""
        return replace(self, state="talking", since_us=now_us, calls=self.calls + 1, misses=0)

    def miss(self, now_us: int) -> AgentState:
        """They did not take the call; after `MISSES` in a row they pause."""
        misses = self.misses + 1
        if misses >= MISSES:
            return replace(self, state="paused", since_us=now_us, reason=MISSED_CALLS, misses=misses)
        return replace(self, state="ready", since_us=now_us, idle_since_us=now_us, misses=misses)

    def excuse(self, now_us: int) -> AgentState:
        """The call went away before they had it: they are ready again, and keep their place among the idle."""
        calls = self.calls - (self.state == "talking")
        return replace(self, state="ready", since_us=now_us, calls=calls)

    def over(self, now_us: int, *, wrap_up_us: int) -> AgentState:
        """The talk is over: wrap-up begins, or what comes after it."""
        wraps = replace(self._worked(now_us), state="wrap_up", since_us=now_us, until_us=now_us + wrap_up_us)
        return wraps if wrap_up_us else wraps.wrapped_up(now_us)

    def wrapped_up(self, now_us: int) -> AgentState:
        """Wrap-up is over: the pause that was asked for, or ready."""
        return self.pause(self.reason, now_us) if self.reason else self.ready(now_us)

    def _worked(self, now_us: int) -> AgentState:
        """With the time of the talk or wrap-up that ends now."""
        if self.state not in ("talking", "wrap_up"):
            return self
        return replace(self, worked_us=self.worked_us + now_us - self.since_us)
