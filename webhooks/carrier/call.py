"""One call, executed as Twilio executes TwiML, on a clock of its own. It does no input or output: see `protocol`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal
from urllib.parse import urljoin

from flows.values.caller_numbers import WITHHELD
from webhooks.carrier.protocol import (
    CallerHungUp,
    CallRedirected,
    Dequeued,
    Did,
    Entry,
    Goto,
    HangUp,
    Happened,
    Heard,
    LineEvent,
    Next,
    Noted,
    Noticed,
    Number,
    OtherParty,
    Over,
    Problem,
    Redirected,
    Steps,
    Took,
    Until,
    Waits,
)
from webhooks.carrier.requests.requests import fetch, notify, timestamp
from webhooks.carrier.steps.side_streams import SideStream, end
from webhooks.carrier.twiml.document import Document, Element
from webhooks.carrier.twiml.grammar import known, nested
from webhooks.carrier.verbs import verbs

__all__ = ["MAX_CALL_S", "MAX_IDLE_DOCUMENTS", "Call"]

_ANONYMOUS = "anonymous"
"""What Twilio sends as ``From`` of a caller who withholds their number."""
MAX_CALL_S = 14_400.0
"""Four hours: the longest call of an account by default (twilio.com/docs/voice/api/call-resource)."""
MAX_IDLE_DOCUMENTS = 100
"""Documents in a row that say nothing and wait for nothing; Twilio has no such limit, but a loop without time must
end.
"""


class _TooLong(Exception):
    """The call has lasted `MAX_CALL_S`."""


class Call:
    """One call to a number.

    Parameters
    ----------
    number : Number
    sid : str
        ``CallSid``; decides everything that is random on a real line.
    ani, dnis : str
        The caller's number and the number called, as Twilio writes them; empty to leave the parameter out.
    began : datetime
        When the call begins, for timestamps.

    Attributes
    ----------
    now_s : float
        Seconds since the call began.
    log : list of Entry
        What was asked, heard, done and met, in order.
    sounding : int or None
        Where in the log the prompt (or Pause) stands that is heard now.
    paying : bool
        While card numbers and the like are entered, which no log keeps.
    beside : dict of str to Beside
        Streams and the like that run, by name.
    queued : str
        The queue the caller waits in, or the conference that has not begun; empty outside.
    held : {"queue", "dial"}
        Which of the two `queued` is.
    status : str
        ``ringing``, ``in-progress``, and at the end ``completed``, ``busy``, ``no-answer`` or ``failed``.
    """

    def __init__(self, number: Number, *, sid: str, began: dt.datetime, ani: str = "", dnis: str = "") -> None:
        self.number, self.sid, self.began = number, sid, began
        self.now_s = 0.0
        self.log: list[Entry] = []
        self.sounding: int | None = None
        self.status = "ringing"
        self.answered = False
        self.queued = ""
        self.held: Literal["queue", "dial"] = "queue"
        self.paying = False
        self.side_streams: dict[str, SideStream] = {}
        self.ended_by = ""
        self.requests = 0
        self.state: Mapping[str, object] = {}
        self._places: list[str] = []
        self._serial = 0
        self._idle = 0
        ani = _ANONYMOUS if ani == WITHHELD else ani
        self._standard = {
            "CallSid": sid,
            "AccountSid": number.account_sid,
            "ApiVersion": "2010-04-01",
            "Direction": "inbound",
            **({"From": ani, "Caller": ani} if ani else {}),
            **({"To": dnis, "Called": dnis} if dnis else {}),
        }

    def run(self) -> Steps[None]:
        """The whole call."""
        goto: Next = Goto(self.number.url, self.number.method)
        try:
            while isinstance(goto, Goto):
                try:
                    document = yield from fetch(self, goto)
                    self.status = "in-progress" if self.status == "ringing" else self.status
                    goto = (yield from self.perform(document)) if document else Over(self.status)
                except CallRedirected as where:
                    goto = Goto(str(where))
            self.ended_by = self.ended_by or "line"
            self.status = goto.status if isinstance(goto, Over) else "completed"
        except CallerHungUp:
            self.status, self.ended_by = "completed", "caller"
        except _TooLong:
            self.notice(
                Problem("", f"the call has lasted {MAX_CALL_S / 3600:g} hours and is cut off", "let the line hang up")
            )
            self.status, self.ended_by = "completed", "carrier"
        for name in tuple(self.side_streams):
            yield from end(self, name)
        if self.number.status_url:
            over = {"CallDuration": str(round(self.now_s)), "SequenceNumber": "0", "Timestamp": timestamp(self)}
            yield from notify(self, self.number.status_url, over)

    @property
    def secret(self) -> bool:
        """Whether keys are to be shown as dots."""
        return self.paying or bool(self.state.get("sensitive"))

    def parameters(self) -> dict[str, str]:
        """What every request tells."""
        return {**self._standard, "CallStatus": self.status}

    def perform(self, document: Document, allowed: frozenset[str] = frozenset()) -> Steps[Next]:
        """A document's verbs, until one leads elsewhere; None when it has run out."""
        began_s = self.now_s
        self.state, self._places = document.state or self.state, _places(document)
        for verb in document.verbs:
            if not known(verb.name) or verb.name not in nested("Response"):
                self.notice(
                    Problem("12200", f"line {verb.line}: there is no verb <{verb.name}>", "it is left out", "warning")
                )
            elif allowed and verb.name not in allowed:
                hint = f"allowed: {', '.join(sorted(allowed))}"
                self.notice(
                    Problem(
                        "12200", f"line {verb.line}: <{verb.name}> may not stand in a wait document", hint, "warning"
                    )
                )
            elif verb.name not in verbs():
                self.notice(
                    Problem(
                        "",
                        f"line {verb.line}: this carrier does not carry out <{verb.name}>",
                        "it is left out",
                        "warning",
                    )
                )
            else:
                following = yield from verbs()[verb.name](self, verb, document.url)
                if following is not None:
                    return self._lively(began_s, following)
        return self._lively(began_s, None)

    def _lively(self, began_s: float, following: Next) -> Next:
        """Ends a call that goes from document to document in no time at all."""
        self._idle = self._idle + 1 if self.now_s == began_s else 0
        if self._idle < MAX_IDLE_DOCUMENTS:
            return following
        self.notice(
            Problem(
                "",
                f"{self._idle} documents in a row that say nothing and wait for nothing",
                "they redirect in a circle",
            )
        )
        return Over("failed")

    # --- for verbs ----------------------------------------------------------------------------------------------

    def serial(self) -> int:
        """A number for a new wait."""
        self._serial += 1
        return self._serial

    def waits(self, kind: Literal["speaking", "gather"], *, is_open: bool = False) -> Waits:
        """A new wait of this kind; in a queue, one of the queue."""
        return Waits(self.held if self.queued else kind, self.serial(), self.queued, open=is_open)

    def speaking(self, *, hold: bool = False) -> Waits:
        """While a prompt is played that no key interrupts; `hold`: what callers in a queue hear until somebody acts."""
        return self.waits("speaking", is_open=hold and bool(self.queued))

    def until(self, at_s: float, waits: Waits) -> Steps[Happened | None]:
        """What happens before `at_s`; who has hung up, or was taken out of the queue, is not waited for."""
        happened = yield Until(min(at_s, MAX_CALL_S), waits)
        self.now_s = max(self.now_s, min(at_s, MAX_CALL_S)) if happened is None else max(self.now_s, happened.at_s)
        if happened is None:
            if self.now_s >= MAX_CALL_S:
                raise _TooLong
            return None
        self._idle = 0
        event = happened.event
        if isinstance(event, HangUp):
            self.did(event, taken=True)
            raise CallerHungUp
        if isinstance(event, Redirected):
            self.did(event, taken=True)
            self.answer()
            raise CallRedirected(urljoin(self.number.url, event.url))
        if self.queued and isinstance(event, OtherParty):
            self.did(event, taken=True)
            raise Dequeued(event.what)
        return happened

    def answer(self) -> None:
        """The line is taken off the hook."""
        self.answered = True

    def did(self, event: LineEvent, *, taken: bool) -> None:
        """Write down what somebody did."""
        self.log.append(Did(self.now_s, event, taken))

    def note(self, text: str) -> None:
        """Write down what is done and not heard."""
        self.log.append(Noted(self.now_s, text))

    def notice(self, problem: Problem) -> None:
        """Write down a problem; the same warning once."""
        if problem.severity == "error" or not any(isinstance(e, Noticed) and e.problem == problem for e in self.log):
            self.log.append(Noticed(self.now_s, problem))

    def heard(self, element: Element, url: str, seconds: float, text: str) -> None:
        """Write down that a prompt begins."""
        place = (
            self._places.pop(0)
            if self._places and element.name != "Pause"
            else str(self.state.get("node") or _path(url))
        )
        self.log.append(Heard(self.now_s, seconds, element.name, text, element.get("language", "en-US"), place))

    def took(self, verb: Literal["Gather", "Record"], digits: str = "", words: str = "", seconds: float = 0.0) -> None:
        """Write down what a verb that listens has come to."""
        self.log.append(Took(self.now_s, verb, digits, words, seconds))

    def interrupted(self) -> None:
        """The prompt that began last was heard until now only."""
        index = max(i for i, entry in enumerate(self.log) if isinstance(entry, Heard))
        last = self.log[index]
        assert isinstance(last, Heard)
        self.log[index] = replace(last, seconds=self.now_s - last.at_s, cut=True)

    def fail(self, text: str) -> None:
        """The caller is told that the application has failed."""
        self.log.append(Heard(self.now_s, 0.0, "Say", text, "en-US", "carrier"))
        self.status, self.ended_by = "failed" if not self.answered else "completed", "error"

    def goto(self, element: Element, url: str, form: Mapping[str, str], attribute: str = "action") -> Goto:
        """Where a verb's action leads; without one, to the document itself."""
        method = "GET" if element.get("method", "POST").upper() == "GET" else "POST"
        return Goto(urljoin(url, element.get(attribute)) if element.get(attribute) else url, method, form)

    def whole_number(self, element: Element, name: str, default: int, least: int = 1) -> int:
        """An attribute that is a whole number; another value draws a warning, and the default holds."""
        text = element.get(name).strip()
        if text.isascii() and text.isdigit() and int(text) >= least:
            return int(text)
        if text:
            message = f"line {element.line}: <{element.name}> {name}={text!r} is no whole number from {least}"
            self.notice(Problem("12200", message, f"{default} is taken", "warning"))
        return default


def _places(document: Document) -> list[str]:
    said = document.state.get("said", [])
    return [str(place) for place in said] if isinstance(said, list) else []


def _path(url: str) -> str:
    return "/" + url.partition("://")[2].partition("/")[2].partition("?")[0]
