"""Call logs of an invented bank whose truth is known, in the form of a row a call that banks keep.

A dozen servers answer six types of calls from one queue. They work shifts, take breaks, do work after calls, and pause
for a while after some. Callers of high priority stand in the queue as if they had come a minute and a half earlier.
Some servers hang up at once. Days are busier or quieter as a whole; the weekend is Friday and Saturday.
"""

from __future__ import annotations

import datetime as dt
import heapq
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

__all__ = ["Bank", "bank_rows", "write_bank"]

HEAD = (
    "vru+line", "call_id", "customer_id", "priority", "type", "date", "vru_entry", "vru_exit", "vru_time", "q_start",
    "q_exit", "q_time", "outcome", "ser_start", "ser_exit", "ser_time", "server",
)  # fmt: skip
TYPES = {"PS": (0.66, 190.0), "NW": (0.13, 110.0), "IN": (0.06, 380.0), "NE": (0.11, 260.0), "PE": (0.02, 170.0)} | {
    "TT": (0.02, 220.0)
}
"""Share and mean talk time, seconds, by type."""
PROFILE = (0.3, 0.7, 1.0, 1.25, 1.3, 1.2, 1.1, 1.15, 1.1, 1.0, 0.85, 0.7, 0.6, 0.55, 0.5, 0.4, 0.25)
"""Relative rates of the hours from 7:00 to 24:00."""


@dataclass(frozen=True)
class Bank:
    """What is true of the bank.

    Parameters
    ----------
    first : date
    days : int
    calls_a_day : float
        Expected calls of a working day.
    talk_factor : float
        On all talk times.
    gamma : float
        Shape of the day's factor on arrivals.
    pause_share, pause_s : float
        Share of calls after which an agent pauses, and the mean of the exponential pause.
    after_call_s : float
        Mean of the exponential work after every call.
    patience_s, leave_at_once : float
        Mean of the exponential patience, and the share who leave within seconds.
    short_share : float
        Calls that servers end at once.
    outages : tuple of date
        Days on which the log stops at 11:00.
    staff : tuple of (from hour, to hour, servers)
        Shifts of a working day.
    retry : float
        Share of those who gave up who call again.
    """

    first: dt.date = dt.date(1999, 1, 3)
    days: int = 28
    calls_a_day: float = 1500.0
    talk_factor: float = 1.0
    gamma: float = 60.0
    pause_share: float = 0.25
    pause_s: float = 75.0
    after_call_s: float = 8.0
    patience_s: float = 420.0
    leave_at_once: float = 0.03
    short_share: float = 0.05
    outages: tuple[dt.date, ...] = ()
    staff: tuple[tuple[float, float, int], ...] = ((7, 15, 3), (8, 16.5, 4), (10, 18, 2), (15, 24, 3), (17, 24, 1))
    retry: float = 0.1
    seed: int = 1
    drift: dict[dt.date, float] = field(default_factory=dict)
    """From each date on, the factor on talk times."""
    idle_pauses_an_hour: float = 0.0
    """How often idle servers begin a pause; its mean is `idle_pause_s`."""
    idle_pause_s: float = 120.0
    speed_cv: float = 0.0
    """How much the mean talk of servers differs."""
    absent: float = 0.0
    """Share of servers who do not come on a day."""
    redraw: int = 0
    """Other than 0: the same arrivals and servers meet other callers; the log of a model that knows the truth."""
    other_days: int = 0
    """Other than 0: other days of the same bank, arrivals and servers too."""


def bank_rows(bank: Bank, first_day: int = 0) -> list[list[str]]:
    """The rows of the log from a day on, without the head, phantom rows among them."""
    rows: list[list[str]] = []
    call_id = 30_000
    for day in range(first_day, bank.days):
        date = bank.first + dt.timedelta(days=day)
        generator = np.random.default_rng([bank.seed, day, *([bank.other_days] if bank.other_days else [])])
        for row in _day(bank, date, generator):
            call_id += 1
            rows.append([f"AA01{call_id % 17 + 1:02d}", str(call_id), *row])
    return rows


def write_bank(bank: Bank, path: Path) -> Path:
    """Write a log as tab-separated text."""
    lines = ["\t".join(HEAD), *("\t".join(row) for row in bank_rows(bank))]
    path.write_text("\n".join(lines) + "\n", "latin-1")
    return path


def _open(date: dt.date) -> tuple[float, float, float, float]:
    """From and to which hour calls are answered, the factor on arrivals, and the share of servers."""
    if date.weekday() == 4:
        return 7, 14, 0.75, 0.8
    if date.weekday() == 5:
        return 20, 24, 0.8, 0.7
    return 7, 24, 1.15 if date.weekday() == 6 else 1.0, 1.0


def _day(bank: Bank, date: dt.date, generator: np.random.Generator) -> list[list[str]]:
    begin, end, level, staffed = _open(date)
    busy = generator.gamma(bank.gamma) / bank.gamma
    factor = bank.talk_factor * next((f for d, f in sorted(bank.drift.items(), reverse=True) if date >= d), 1.0)
    arrivals = []
    for hour, rate in enumerate(PROFILE, start=7):
        if begin <= hour < end:
            mean = bank.calls_a_day * busy * level * rate / sum(PROFILE)
            arrivals += (3600 * (hour + generator.random(generator.poisson(mean)))).tolist()
    if bank.redraw:
        generator = np.random.default_rng([bank.seed, date.toordinal(), bank.redraw])
    agents = _agents(bank, begin, end, staffed, generator)
    if bank.absent:
        agents = [[] if generator.random() < bank.absent else stretches for stretches in agents]
    rows = _Floor(bank, factor, agents, generator).run(sorted(arrivals))
    last = 11 * 3600 if date in bank.outages else np.inf
    return [[row[0], row[1], row[2], f"{date:%y%m%d}", *row[3:]] for at, row in rows if at < last]


def _agents(
    bank: Bank, begin: float, end: float, staffed: float, generator: np.random.Generator
) -> list[list[tuple[float, float]]]:
    """Stretches of work by server, seconds from midnight."""
    made = []
    for on, off, servers in bank.staff:
        for _ in range(round(servers * staffed)):
            start, stop = max(on, begin) * 3600, min(off, end) * 3600
            if on < begin and off < end and begin >= 20:
                continue
            if stop - start < 3600:
                continue
            start += generator.uniform(0, 300)
            if stop - start < 5 * 3600:
                made.append([(start, stop)])
                continue
            lunch = start + (stop - start) * generator.uniform(0.4, 0.6)
            made.append([(start, lunch), (lunch + generator.uniform(1500, 2400), stop)])
    if begin >= 20:
        made = [[(20 * 3600 + generator.uniform(0, 200), 24 * 3600)] for _ in range(6)]
    return made


class _Floor:
    """One day on the floor: the caller with the most waiting credit is served first, by the agent idle for longest."""

    def __init__(
        self, bank: Bank, factor: float, agents: list[list[tuple[float, float]]], generator: np.random.Generator
    ) -> None:
        self.bank, self.factor, self.agents, self.generator = bank, factor, agents, generator
        self.events: list[tuple[float, int, str, int]] = []
        self.count = 0
        self.calls: list[dict[str, object]] = []
        self.waiting: list[int] = []
        self.idle: dict[int, float] = {}
        self.busy: set[int] = set()
        self.rows: list[tuple[float, list[str]]] = []
        self.speed = [
            float(np.exp(np.random.default_rng([bank.seed, 10**6, who]).normal(0, bank.speed_cv)))
            for who in range(len(agents) if bank.speed_cv else 0)
        ]

    def push(self, at: float, kind: str, who: int) -> None:
        self.count += 1
        heapq.heappush(self.events, (at, self.count, kind, who))

    def run(self, arrivals: list[float]) -> list[tuple[float, list[str]]]:
        for at in arrivals:
            self.arrive(at)
        for agent, stretches in enumerate(self.agents):
            for on, off in stretches:
                self.push(on, "on", agent)
                self.push(off, "off", agent)
        while self.events:
            at, _, kind, who = heapq.heappop(self.events)
            if kind == "join":
                self.waiting.append(who)
                self.serve(at)
            elif kind == "leave" and who in self.waiting:
                self.waiting.remove(who)
                self.gone(at, who)
            elif kind in ("on", "free"):
                self.busy -= {who} if kind == "free" else set()
                if who not in self.busy and any(on <= at < off for on, off in self.agents[who]):
                    self.idle.setdefault(who, at)
                    self.serve(at)
                    self.grow_restless(at, who)
            elif kind == "pause" and who in self.idle:
                del self.idle[who]
                self.busy.add(who)
                self.push(at + self.generator.exponential(self.bank.idle_pause_s), "free", who)
            elif kind == "off":
                self.idle.pop(who, None)
        return sorted(self.rows, key=lambda row: row[0])

    def grow_restless(self, at: float, who: int) -> None:
        """An idle server may pause before the next call; the time until then has no memory."""
        if self.bank.idle_pauses_an_hour and who in self.idle:
            self.push(at + self.generator.exponential(3600 / self.bank.idle_pauses_an_hour), "pause", who)

    def arrive(self, at: float, *, customer: int | None = None) -> None:
        g, bank = self.generator, self.bank
        kind = list(TYPES)[int(g.choice(len(TYPES), p=[share for share, _ in TYPES.values()]))]
        known = g.random() < 0.6
        if customer is None:
            customer = int(g.integers(10_000_000, 99_999_999)) if known else 0
        menu = float(max(1.0, g.lognormal(2.0, 0.6)))
        patience = g.uniform(0, 6) if g.random() < bank.leave_at_once else g.exponential(bank.patience_s)
        mean, cv = TYPES[kind][1] * self.factor, 1.0
        sigma = np.sqrt(np.log1p(cv**2))
        talk = g.uniform(1, 5) if g.random() < bank.short_share else g.lognormal(np.log(mean) - sigma**2 / 2, sigma)
        self.calls.append(
            {
                "at": at,
                "type": kind,
                "customer": customer,
                "priority": int(known and g.random() < 0.5) * 2,
                "menu": menu,
                "patience": float(patience),
                "talk": float(max(1.0, talk)),
            }
        )
        who = len(self.calls) - 1
        self.push(at + menu, "join", who)
        self.push(at + menu + float(patience), "leave", who)

    def serve(self, at: float) -> None:
        while self.waiting and self.idle:
            joined = {who: self.of(who, "at") + self.of(who, "menu") for who in self.waiting}
            who = min(joined, key=lambda one: joined[one] - 90 * (self.calls[one]["priority"] == 2))
            agent = min(self.idle, key=lambda one: self.idle[one])
            self.waiting.remove(who)
            del self.idle[agent]
            talk = self.of(who, "talk") * (self.speed[agent] if self.speed else 1.0)
            after = self.generator.exponential(self.bank.after_call_s)
            if self.generator.random() < self.bank.pause_share:
                after += self.generator.exponential(self.bank.pause_s)
            self.busy.add(agent)
            self.push(at + talk + after, "free", agent)
            self.row(who, at, "AGENT", talk, f"SERVER{agent + 1:02d}")

    def of(self, who: int, what: str) -> float:
        return float(self.calls[who][what])  # type: ignore[arg-type]

    def gone(self, at: float, who: int) -> None:
        self.row(who, at, "HANG", 0.0, "NO_SERVER")
        if self.generator.random() < self.bank.retry and at < 23 * 3600:
            self.arrive(at + self.generator.exponential(600.0), customer=int(self.of(who, "customer")))

    def row(self, who: int, left: float, outcome: str, talk: float, server: str) -> None:
        call = self.calls[who]
        joined = self.of(who, "at") + self.of(who, "menu")
        waited = round(left) - round(joined)
        clock = [_clock(self.of(who, "at")), _clock(joined), str(round(joined) - round(self.of(who, "at")))]
        queue = [_clock(joined), _clock(left), str(waited)] if waited else ["0:00:00", "0:00:00", "0"]
        service = [_clock(left), _clock(left + talk), str(round(left + talk) - round(left))]
        cells = [str(call["customer"]), str(call["priority"]), str(call["type"])]
        if outcome == "AGENT" and self.generator.random() < 0.004:  # a row that means nothing
            ghost = [*cells, *clock, "0:00:00", "0:00:00", "0", "PHANTOM", "0:00:00", "0:00:00", "0", "NO_SERVER"]
            self.rows.append((self.of(who, "at"), ghost))
        shown = service if outcome == "AGENT" else ["0:00:00", "0:00:00", "0"]
        self.rows.append((self.of(who, "at"), [*cells, *clock, *queue, outcome, *shown, server]))


def _clock(at: float) -> str:
    seconds = round(at) % 86_400
    return f"{seconds // 3600}:{seconds % 3600 // 60:02d}:{seconds % 60:02d}"


def drifting(bank: Bank, day: dt.date, factor: float) -> Bank:
    """The same bank whose talk times change on a day."""
    return replace(bank, drift={day: factor})
