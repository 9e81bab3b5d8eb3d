"""The fourth stage of a turn: what it adds to the records."""

from __future__ import annotations

import datetime as dt
import logging
import re

from flows.protocol.actions import Outcome, Passed, Record
from flows.values.units import US_PER_S
from webhooks.records.changes import Change, MessageLeft, changes
from webhooks.records.journal import Journal
from webhooks.security.caller_numbers import CallerNumbers
from webhooks.turn.request import CallRequest
from webhooks.turn.turn import Turn
from webhooks.twilio.events import whole_number

__all__ = ["epoch_us", "log_path", "record"]

_log = logging.getLogger("ivr.calls")
_RECORDING = re.compile(r"https?://[\x21-\x7e]{1,480}")


def record(turn: Turn, request: CallRequest, journal: Journal, numbers: CallerNumbers) -> None:
    """Pass what a turn adds to the journal; a repeated turn adds nothing."""
    if turn.repeats:
        return
    event, at_us = turn.event or Outcome(""), epoch_us(turn.now)
    new: list[Change] = [
        *changes(
            turn.call_sid,
            turn.before,
            turn.stands,
            turn.awaited,
            event,
            turn.actions,
            at_us,
            _seconds_us(request, "QueueTime"),
            numbers.kept(turn.stands.session.value("ani")),
            taken=request.form.get("QueueResult") == "redirected",
        )
    ]
    url = request.form.get("RecordingUrl", "")
    if isinstance(turn.awaited, Record) and event == Outcome("recorded") and _RECORDING.fullmatch(url):
        length_us = _seconds_us(request, "RecordingDuration") or 0
        new.append(MessageLeft(turn.call_sid, turn.before.rows, turn.awaited.box, url, length_us, at_us))
    journal.add(new)


def log_path(turn: Turn, level: int) -> None:
    """Log the nodes that a turn passed, with their outcomes."""
    if turn.repeats or not _log.isEnabledFor(level):
        return
    if passed := [f"{action.node}={action.outcome}" for action in turn.actions if isinstance(action, Passed)]:
        _log.log(level, "%s %s", turn.call_sid, " ".join(passed))


def epoch_us(moment: dt.datetime) -> int:
    """Microseconds since 1970.

    Examples
    --------
    >>> epoch_us(dt.datetime(1970, 1, 1, 0, 0, 2, tzinfo=dt.UTC))
    2000000
    """
    return int(moment.timestamp() * US_PER_S)


def _seconds_us(request: CallRequest, name: str) -> int | None:
    seconds = whole_number(request.form.get(name))
    return None if seconds is None else seconds * US_PER_S
