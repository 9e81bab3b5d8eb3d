"""Calls of browser phones in development: the time of each, and the lookup answers that a person gives."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from flows.protocol.actions import Fetch, Outcome
from flows.protocol.http_answer import FAILURE, TIMEOUT

__all__ = ["Rehearsals", "Unanswered"]


@dataclass(frozen=True)
class Unanswered:
    """A failed lookup whose answer a person may give.

    Parameters
    ----------
    name : str
        Its node.
    why : str
        Why it failed.
    labels : tuple of str
        Outcomes of the node.
    values : tuple of str
        Names of the values that it fetches.
    came_to : str
        The outcome it had: ``failure`` or ``timeout``.
    """

    name: str
    why: str
    labels: tuple[str, ...]
    values: tuple[str, ...]
    came_to: str


@dataclass
class _Call:
    at: Callable[[], dt.datetime]
    why: dict[int, str] = field(default_factory=dict)
    asked: tuple[int, Unanswered] | None = None
    answers: dict[int, Outcome] = field(default_factory=dict)


_MOST_CLOCKS = 1_000
"""How many calls may have a time of their own at once; nobody says when a scripted call is over."""


class Rehearsals:
    """The calls of browser phones, and the times of scripted calls, by CallSid.

    All other calls have the present time and real answers.

    Parameters
    ----------
    clock : callable
        Gives the present moment with its time zone.

    Examples
    --------
    >>> rehearsals = Rehearsals(lambda: dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC))
    >>> rehearsals.begin("CA1", dt.datetime(2027, 1, 4, 12, tzinfo=dt.UTC))
    >>> rehearsals.now("CA1").isoformat(), rehearsals.now("CA2").isoformat()
    ('2027-01-04T12:00:00+00:00', '2026-11-23T12:00:00+00:00')
    """

    def __init__(self, clock: Callable[[], dt.datetime]) -> None:
        self._clock = clock
        self._calls: dict[str, _Call] = {}
        self._clocks: dict[str, Callable[[], dt.datetime]] = {}

    def set_clock(self, sid: str, at: dt.datetime) -> None:
        """A call of a script begins at this time, from which its clock goes on."""
        while len(self._clocks) >= _MOST_CLOCKS:
            self._clocks.pop(next(iter(self._clocks)))
        self._clocks[sid] = self._from(at)

    def begin(self, sid: str, at: dt.datetime | None) -> None:
        """A call begins, now or at another time, from which its clock goes on."""
        self._calls[sid] = _Call(self._clock if at is None else self._from(at))

    def over(self, sid: str) -> None:
        """A call has ended."""
        self._calls.pop(sid, None)
        self._clocks.pop(sid, None)

    def now(self, sid: str) -> dt.datetime:
        """The time of a call."""
        call = self._calls.get(sid)
        return call.at() if call else self._clocks.get(sid, self._clock)()

    def _from(self, at: dt.datetime) -> Callable[[], dt.datetime]:
        """A clock that shows this time now."""
        began = self._clock()
        return lambda: at + (self._clock() - began)

    def tell_why(self, sid: str, seq: int, why: str) -> None:
        """Note why the lookup in row `seq` of a call failed."""
        if call := self._calls.get(sid):
            call.why[seq] = why

    def decided(self, sid: str, seq: int, fetch: Fetch, outcome: Outcome) -> Outcome | None:
        """The outcome of a lookup; None while it has failed and nobody has stated its answer."""
        call = self._calls.get(sid)
        if call is None or outcome.label not in (FAILURE, TIMEOUT):
            return outcome
        if seq not in call.answers:
            values = tuple(name for name, _ in fetch.into)
            call.asked = (seq, Unanswered(fetch.name, call.why.get(seq, ""), fetch.labels, values, outcome.label))
        return call.answers.get(seq)

    def unanswered(self, sid: str) -> Unanswered | None:
        """The lookup whose answer a call waits for."""
        call = self._calls.get(sid)
        return call.asked[1] if call and call.asked else None

    def state(self, sid: str, label: str, values: Mapping[str, str]) -> Outcome | None:
        """State the answer of the lookup that a call waits for.

        Parameters
        ----------
        sid, label : str
        values : mapping of str to str
            Those that the lookup does not fetch are ignored.

        Returns
        -------
        Outcome or None
            None when the lookup has no such outcome; nothing has changed then.
        """
        call = self._calls.get(sid)
        if call is None or call.asked is None or label not in call.asked[1].labels:
            return None
        seq, asked = call.asked
        call.answers[seq] = Outcome(label, {name: values[name] for name in asked.values if name in values})
        call.asked = None
        return call.answers[seq]
