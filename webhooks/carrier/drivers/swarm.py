"""Many callers at once, each of whom must hear what they would hear alone.

First every plan is played alone: its baseline. Then the stated number of callers are on the line at the same time. What
they say and hear does not depend on how long requests take, so the service causes every difference.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count

from flows.protocol.actions import HungUp
from flows.source.finding import IvrError
from ivr.phone.event_words import read_keys
from webhooks.carrier.call import Call
from webhooks.carrier.call_log import Asked, Heard
from webhooks.carrier.drivers.apply_event import apply_event
from webhooks.carrier.drivers.handset import Handset
from webhooks.carrier.drivers.transcript import finding_of, problems
from webhooks.carrier.protocol import Failed, Number, Reply, Request, Transport
from webhooks.carrier.verbs.reject import BUSY

__all__ = ["CallSummary", "Difference", "Swarm", "percentile", "swarm"]


@dataclass(frozen=True)
class CallSummary:
    """A call as the caller notices it: the prompts in order, each with its language, and who ended it."""

    heard: tuple[tuple[str, str], ...]
    ended_by: str


@dataclass(frozen=True)
class Difference:
    """A call that differs from its baseline.

    Parameters
    ----------
    plan : str
    sid : str
    expected, found : str
        The first prompt that differs, or the end.
    problems : tuple of (code, message)
    baseline, summary : CallSummary
        The call made alone, and this one.
    tries_failed : int
        Requests of the call without an answer, or with a status of 400 or more.
    """

    plan: str
    sid: str
    expected: str
    found: str
    problems: tuple[tuple[str, str], ...]
    baseline: CallSummary
    summary: CallSummary
    tries_failed: int


@dataclass(frozen=True)
class Swarm:
    """The result of a swarm.

    Parameters
    ----------
    calls, plans : int
        Calls made together, and different plans among them.
    seconds : float
        Duration of the calls made together.
    latencies_s : tuple of float
        The latency of every request, in ascending order.
    failures : mapping of str to int
        Failed requests, by what went wrong.
    lost : int
        Calls whose caller heard an application error.
    refused : int
        Calls whose caller heard a busy tone that is not in the baseline; not counted in `different`.
    differences : tuple of Difference
        At most the first thousand.
    different : int
        Calls that differ from their baseline.
    broken : tuple of Difference
        Plans that fail even alone.
    """

    calls: int
    plans: int
    seconds: float
    latencies_s: tuple[float, ...]
    failures: dict[str, int]
    lost: int
    refused: int
    differences: tuple[Difference, ...]
    different: int
    broken: tuple[Difference, ...]

    @property
    def well(self) -> bool:
        """Whether every caller who got through heard the same as when alone."""
        return not self.different and not self.broken


_KEPT = 1_000


class _TimedTransport:
    """Times the requests of a transport, and pauses before every request but the first, while the caller listens."""

    def __init__(self, inner: Transport, pause_s: float) -> None:
        self.inner, self.pause_s = inner, pause_s
        self.latencies_s: list[float] = []
        self._asked = ""

    def send(self, request: Request) -> Reply:
        if self._asked and request.url != self._asked:  # a retry comes from the carrier, without a pause
            time.sleep(self.pause_s)
        self._asked = request.url
        began = time.perf_counter()
        reply = self.inner.send(request)
        self.latencies_s.append(time.perf_counter() - began)
        return reply

    def close(self) -> None:
        self.inner.close()


def _played(number: Number, plan: str, sid: str, transport: Transport) -> tuple[Call, CallSummary]:
    """Play one call by a plan: actions that do not fit are skipped, and after the last one the caller hangs up."""
    caller = f"+1415555{int(hashlib.sha256(plan.encode()).hexdigest(), 16) % 10_000:04d}"
    call = Call(number, sid=sid, began=dt.datetime.now(dt.UTC), ani=caller, dnis="+18005550100")
    handset = Handset(call, transport)
    handset.dial()
    for event in read_keys(plan):
        if not handset.ended:
            apply_event(handset, event)
    if not handset.ended:
        apply_event(handset, HungUp())
    heard = tuple((e.language, e.text) for e in call.log if isinstance(e, Heard) and e.text)  # without silences
    return call, CallSummary(heard, call.ended_by)


def _difference(plan: str, call: Call, baseline: CallSummary, found: CallSummary) -> Difference:
    pairs = [*zip(baseline.heard, found.heard, strict=False)]
    at = next((i for i, (a, b) in enumerate(pairs) if a != b), len(pairs))

    def told(summary: CallSummary) -> str:
        return summary.heard[at][1] if at < len(summary.heard) else f"(the end: {summary.ended_by})"

    met = tuple((p.code, p.message) for p in problems(call.log))
    return Difference(plan, call.sid, told(baseline), told(found), met, baseline, found, len(_failures(call)))


def swarm(
    number: Number,
    plans: Sequence[str],
    *,
    callers: int,
    seconds: float = 0.0,
    pause_s: float = 0.0,
    connect: Callable[[], Transport],
    run: str,
    progress: Callable[[str, int, int], None] | None = None,
) -> Swarm:
    """Call a number with many callers at once.

    Parameters
    ----------
    number : Number
    plans : sequence of str
        What callers do, as for ``--keys``; taken in turn.
    callers : int
        Callers on the line at the same time.
    seconds : float
        How long callers keep calling; 0: each calls once.
    pause_s : float
        Mean time that a caller listens before each request but the first; uniform from half to one and a half times
        this. With 0 the next request follows at once, which real callers never do.
    connect : callable
        Makes the transport of one call.
    run : str
        Part of every CallSid, to distinguish runs.
    progress : callable, optional
        Called with the phase, the calls done, and their total (0: unknown).

    Raises
    ------
    IvrError
        When no plan got an answer even alone.
    """
    tell = progress or (lambda what, done, total: None)
    numbers = count()
    broken, baselines, unreached = [], {}, []
    different_plans = list(dict.fromkeys(plans))
    for done, plan in enumerate(different_plans, 1):
        transport = connect()
        call, baselines[plan] = _played(number, plan, _sid(run, next(numbers)), transport)
        transport.close()
        if all(isinstance(entry.reply, Failed) for entry in call.log if isinstance(entry, Asked)):
            unreached += problems(call.log)[-1:]
        if call.ended_by == "error":
            broken.append(_difference(plan, call, CallSummary((), "line"), baselines[plan]))
        tell("alone", done, len(different_plans))
    if unreached and len(unreached) == len(different_plans):
        raise IvrError(finding_of(unreached[-1]))
    crowd = _Crowd(
        number=number,
        plans=plans,
        baselines=baselines,
        sids=(_sid(run, n) for n in numbers),
        connect=connect,
        tell=tell,
        callers=callers,
        total=0 if seconds else callers,
        pause_s=pause_s,
    )
    began = time.monotonic()
    with ThreadPoolExecutor(callers) as pool:
        list(pool.map(lambda caller: crowd.caller(caller, began + seconds), range(callers)))
    spent = time.monotonic() - began
    return Swarm(
        crowd.calls,
        len(different_plans),
        spent,
        tuple(sorted(crowd.latencies_s)),
        dict(crowd.failures.most_common()),
        crowd.lost,
        crowd.refused,
        tuple(crowd.differences[:_KEPT]),
        len(crowd.differences),
        tuple(broken[:_KEPT]),
    )


@dataclass
class _Crowd:
    """All callers together, and what happened to them."""

    number: Number
    plans: Sequence[str]
    baselines: Mapping[str, CallSummary]
    sids: Iterator[str]
    connect: Callable[[], Transport]
    tell: Callable[[str, int, int], None]
    callers: int
    total: int
    pause_s: float
    calls: int = 0
    lost: int = 0
    refused: int = 0
    latencies_s: list[float] = field(default_factory=list)
    failures: Counter[str] = field(default_factory=Counter)
    differences: list[Difference] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def caller(self, number: int, until: float) -> None:
        """Make one caller's calls: at least one, and more until the time is up; callers start at different times."""
        time.sleep(self.pause_s * number / max(1, self.callers))
        for turn in count(number):
            if self._one(self.plans[turn % len(self.plans)]):
                time.sleep(self.pause_s)
            if time.monotonic() >= until:
                return

    def _one(self, plan: str) -> bool:
        """Make one call; whether it was refused."""
        with self._lock:
            sid = next(self.sids)
        timed = _TimedTransport(self.connect(), self.pause_s * (0.5 + int(sid[2:6], 16) / 0xFFFF))
        call, found = _played(self.number, plan, sid, timed)
        timed.close()
        with self._lock:
            self.calls += 1
            self.lost += call.ended_by == "error"
            self.latencies_s += timed.latencies_s
            self.failures.update(_failures(call))
            refused = _busy(found) and not _busy(self.baselines[plan])
            self.refused += refused
            if not refused and found != self.baselines[plan]:
                self.differences.append(_difference(plan, call, self.baselines[plan], found))
            self.tell("together", self.calls, self.total)
        return refused


def _busy(summary: CallSummary) -> bool:
    return [text for _, text in summary.heard] == [BUSY]


def _failures(call: Call) -> list[str]:
    return [what for what in (_failure(entry.reply) for entry in call.log if isinstance(entry, Asked)) if what]


def _failure(reply: Reply) -> str:
    if isinstance(reply, Failed):
        return {"read": "time-out", "connect": "no connection", "protocol": "broken off"}.get(reply.kind, reply.kind)
    return "" if reply.status < 400 else f"status {reply.status}"


def _sid(run: str, number: int) -> str:
    return "CA" + hashlib.sha256(f"{run} {number}".encode()).hexdigest()[:32]


def percentile(ascending: Sequence[float], share: float) -> float:
    """The value that `share` of all values do not exceed (nearest rank).

    Examples
    --------
    >>> percentile([1.0, 2.0, 3.0, 4.0], 0.5), percentile([1.0, 2.0, 3.0, 4.0], 0.99), percentile([], 0.5)
    (2.0, 4.0, 0.0)
    """
    if not ascending:
        return 0.0
    return ascending[max(0, -int(-share * len(ascending) // 1) - 1)]
