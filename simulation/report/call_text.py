"""One call in words, for a terminal."""

from __future__ import annotations

import datetime as dt
from textwrap import wrap
from zoneinfo import ZoneInfo

from flows.display.numbers import duration
from flows.source.counted import counted
from ivr.records.one_call import Floor, OneCall, Visit
from ivr.records.schema import NONE
from ivr.records.tables import Records
from simulation.clock.local_time import EPOCH
from simulation.report.text_blocks import WIDTH

__all__ = ["call_text"]

_ENDS = {
    "abandoned": "hangs up",
    "overflowed": "goes on to the next queue",
    "callback": "accepts a callback",
    "voicemail": "is led to voicemail",
    "timeout": "has waited as long as the queue allows",
    "full": "finds the queue full",
    "closed": "the queue closes",
    "unreached": "is called back and does not answer",
}
_ATTEMPTS = {1: "first attempt", 2: "second attempt", 3: "third attempt"}


def call_text(call: OneCall, records: Records, *, title: str, zone: str | None = None, width: int = WIDTH) -> str:
    """Return a call as a list of moments, each with its clock time and what happened.

    Parameters
    ----------
    call : OneCall
    records : Records
        Where it came from: their date, zone and labels of queues.
    title : str
    zone : str, optional
        Whose clock is shown; default: that of the records.
    width : int
        Columns of the terminal; sentences are no longer than 80.

    Examples
    --------
    >>> from ivr.records.one_call import OneCall
    >>> from ivr.records.tables import empty
    >>> call = OneCall(arrived_us=0, menu_us=5_000_000, ended_us=5_000_000, intent="", language="", path="",
    ...     outcome="contained", attempt=1, repeat=False, key_presses=1, steps=(), visits=())
    >>> print(call_text(call, empty(), title="Call 7"))
    Call 7: contained after 5 s
      first attempt, 1 key press
    <BLANKLINE>
      0:00:00     0:00  arrives
      0:00:05     0:05  the call ends: contained
    """
    when = _Clock(records, zone)
    facts = [
        f"intent: {call.intent}" if call.intent else "",
        call.language,
        "the call before was handled" if call.repeat else _ATTEMPTS.get(call.attempt, f"attempt {call.attempt}"),
        "" if call.key_presses == NONE else counted(call.key_presses, "key press", "key presses"),
    ]
    rows = [(call.arrived_us, f"arrives{when.date(call.arrived_us)}")]
    rows += [(at_us, f"{node}: {outcome}" if outcome else node) for at_us, node, outcome in call.steps]
    if call.path and not call.steps:
        rows.append((call.arrived_us, f"menu: {call.path}"))
    for visit in call.visits:
        rows += _of_visit(visit, records)
    rows.append((call.ended_us, f"the call ends: {call.outcome.replace('_', ' ')}"))
    since = call.arrived_us
    ordered = sorted(rows, key=lambda row: row[0])
    lines = [line for at_us, text in ordered for line in _lines(when(at_us), _elapsed(at_us - since), text, width)]
    lasted = duration((call.ended_us - since) * 1e-6)
    return "\n".join(
        [f"{title}: {call.outcome.replace('_', ' ')} after {lasted}", "  " + ", ".join(filter(None, facts)), "", *lines]
    )


def _lines(time: str, elapsed: str, text: str, width: int) -> list[str]:
    """One moment, wrapped under its own words."""
    begin = f"  {time}  {elapsed:>7}  "
    return wrap(text, min(width, WIDTH), initial_indent=begin, subsequent_indent=" " * len(begin))


def _elapsed(us: int) -> str:
    seconds = round(us * 1e-6)
    return f"{seconds // 60}:{seconds % 60:02d}"


def _of_visit(visit: Visit, records: Records) -> list[tuple[int, str]]:
    queue = records.labels.get(visit.queue) or visit.queue
    met = visit.met
    on_duty = [(group, number) for group, number in met.on_duty.items() if number]
    ahead = "nobody is waiting" if not met.waiting else f"{met.waiting} waiting ahead"
    floor = [f"{met.busy[group]} of {number} busy in {group}{_beside(group, met)}" for group, number in on_duty]
    told = "" if visit.announced_wait_us == NONE else f", is told {duration(visit.announced_wait_us * 1e-6)}"
    joins = "a place is kept in" if visit.called_back else "joins"
    found = [(visit.offered_us, f"{joins} {queue}{told}: " + "; ".join([ahead, *floor]))]
    waited = duration((visit.left_us - visit.offered_us) * 1e-6)
    if visit.agent == NONE or visit.result == "unreached":
        return [*found, (visit.left_us, f"{_ENDS.get(visit.result, visit.result)} after {waited}")]
    ended_us = visit.left_us + visit.talk_us
    work = f"; {duration(visit.acw_us * 1e-6)} of after-call work follow" if visit.acw_us else ""
    over = "the agent leaves and hands the talk over" if visit.result == "handed_over" else "the talk ends"
    return [
        *found,
        (visit.left_us, f"agent {visit.agent}{f' ({visit.group})' if visit.group else ''} answers after {waited}"),
        (ended_us, f"{over} after {duration(visit.talk_us * 1e-6)}{work}"),
    ]


def _beside(group: str, met: Floor) -> str:
    """What else the agents of a group do: chats in hand, and pauses."""
    chats = f" with {met.in_hand[group]} in hand" if group in met.in_hand else ""
    return chats + (f", {met.paused[group]} on a short pause" if group in met.paused else "")


class _Clock:
    """Clock time of moments in records; time since their beginning if they have no date."""

    def __init__(self, records: Records, zone: str | None) -> None:
        self.begins_us, self.zone = records.begins_us, ZoneInfo(zone or records.zone or "UTC")

    def _moment(self, at_us: int) -> dt.datetime:
        return (EPOCH + dt.timedelta(microseconds=(self.begins_us or 0) + at_us)).astimezone(self.zone)

    def __call__(self, at_us: int) -> str:
        if self.begins_us is None:
            seconds = at_us // 1_000_000
            return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
        return f"{self._moment(at_us):%H:%M:%S}"

    def date(self, at_us: int) -> str:
        return "" if self.begins_us is None else f" on {self._moment(at_us):%A %d %B %Y}"
