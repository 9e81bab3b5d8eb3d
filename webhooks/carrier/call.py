"""The state of one call, and what verbs do to it. This module does no input or output: see
`webhooks.carrier.protocol`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Literal
from urllib.parse import urljoin

from flows.values.caller_numbers import WITHHELD
from webhooks.carrier.call_log import Did, Entry, Heard, Noted, Noticed, Problem, Took
from webhooks.carrier.others import Others
from webhooks.carrier.protocol import (
    CallerHungUp,
    CallRedirected,
    Dequeued,
    Goto,
    HangUp,
    Happened,
    LineEvent,
    Next,
    Number,
    OtherParty,
    Over,
    QueueState,
    Redirected,
    SideStream,
    Steps,
    Until,
    Waits,
)
from webhooks.carrier.twiml.document import Document, Element
from webhooks.carrier.twiml.grammar import known, nested

__all__ = ["MAX_CALL_S", "MAX_IDLE_DOCUMENTS", "Call", "CallTooLong", "Verb"]

_ANONYMOUS = "anonymous"
"""``From`` of a caller who withholds their number."""
MAX_CALL_S = 14_400.0
"""Four hours: the longest call of an account by default (twilio.com/docs/voice/api/call-resource)."""
MAX_IDLE_DOCUMENTS = 100
"""Consecutive documents that take no time. Twilio states no such limit, but a redirect loop must end."""


class CallTooLong(Exception):  # noqa: N818 - a signal that ends the call, not an error
    """The call has lasted `MAX_CALL_S`."""


Verb = Callable[["Call", Element, str], Steps[Next]]
"""Carries out one verb of a document at this address, and says where it leads."""


class Call:
    """One call to a number.

    Parameters
    ----------
    number : Number
    sid : str
        ``CallSid``; everything that is random on a real line is derived from it here.
    ani, dnis : str
        The caller's number and the number called, as Twilio writes them; empty leaves the parameter out.
    began : datetime
        Start of the call, for timestamps.
    direction : str
        ``Direction``: ``inbound``, or ``outbound-api`` for a call that the REST API made.
    others : Others or None
        The others at the exchange; None for a call on its own, whose number states the queue.

    Attributes
    ----------
    now_s : float
        Seconds since the start of the call.
    log : list of Entry
        What was requested, heard, done and noticed, in order.
    sounding : int or None
        Position in the log of the prompt (or Pause) that is playing.
    paying : bool
        Whether payment details are being entered, which no log keeps.
    side_streams : dict of str to SideStream
        Streams, recordings and transcriptions that are running, by name.
    queued : str
        The queue the caller waits in, or the conference that has not started; else empty.
    room : Element or None
        The conference that the call is in.
    held : {"queue", "dial"}
        ``queue`` while `queued` is a queue, ``dial`` while it is a conference.
    documents : int
        Documents carried out so far.
    status : str
        ``ringing``, ``in-progress``, and at the end ``completed``, ``busy``, ``no-answer`` or ``failed``.
    verbs : mapping of str to Verb
        Carries out each verb, by its name in TwiML; set by `webhooks.carrier.run_call.run`.
    """

    def __init__(
        self,
        number: Number,
        *,
        sid: str,
        began: dt.datetime,
        ani: str = "",
        dnis: str = "",
        direction: str = "inbound",
        others: Others | None = None,
    ) -> None:
        self.number, self.sid, self.began, self.others = number, sid, began, others
        self.now_s = 0.0
        self.log: list[Entry] = []
        self.sounding: int | None = None
        self.status = "ringing"
        self.answered = False
        self.queued = ""
        self.room: Element | None = None
        self.held: Literal["queue", "dial"] = "queue"
        self.paying = False
        self.verbs: Mapping[str, Verb] = {}
        self.side_streams: dict[str, SideStream] = {}
        self.ended_by = ""
        self.requests = 0
        self.documents = 0
        self.recordings = 0
        self.state: Mapping[str, object] = {}
        self._places: list[str] = []
        self._serial = 0
        self._idle = 0
        ani = _ANONYMOUS if ani == WITHHELD else ani
        self._standard = {
            "CallSid": sid,
            "AccountSid": number.account_sid,
            "ApiVersion": "2010-04-01",
            "Direction": direction,
            **({"From": ani, "Caller": ani} if ani else {}),
            **({"To": dnis, "Called": dnis} if dnis else {}),
        }

    @property
    def secret(self) -> bool:
        """Whether keys are shown as dots."""
        return self.paying or bool(self.state.get("sensitive"))

    def parameters(self) -> dict[str, str]:
        """The parameters of every request."""
        return {**self._standard, "CallStatus": self.status}

    def perform(self, document: Document, allowed: frozenset[str] = frozenset()) -> Steps[Next]:
        """Carry out a document's verbs until one leads elsewhere; None at the end of the document."""
        began_s = self.now_s
        self.documents += 1
        self.state, self._places = document.state or self.state, _places(document)
        for verb in document.verbs:
            if not known(verb.name) or verb.name not in nested("Response"):
                self.warn(verb, f"there is no verb <{verb.name}>", "it is ignored", code="12200")
            elif allowed and verb.name not in allowed:
                hint = f"allowed: {', '.join(sorted(allowed))}"
                self.warn(verb, f"<{verb.name}> is not allowed in a wait document", hint, code="12200")
            elif verb.name not in self.verbs:
                self.warn(verb, f"this carrier does not support <{verb.name}>", "it is ignored")
            else:
                following = yield from self.verbs[verb.name](self, verb, document.url)
                if following is not None:
                    return self._lively(began_s, following)
        return self._lively(began_s, None)

    def _lively(self, began_s: float, following: Next) -> Next:
        """End a call that is stuck in a redirect loop."""
        self._idle = self._idle + 1 if self.now_s == began_s else 0
        if self._idle < MAX_IDLE_DOCUMENTS:
            return following
        self.notice(
            Problem(
                "",
                f"{self._idle} documents in a row say nothing and wait for nothing",
                "look for a redirect loop",
            )
        )
        return Over("failed")

    def place_in(self, queue: str) -> QueueState:
        """The state of a queue for this caller."""
        return self.others.place(self.sid, queue) if self.others else self.number.queue

    # --- for verbs ----------------------------------------------------------------------------------------------

    def serial(self) -> int:
        """The serial number of a new wait."""
        self._serial += 1
        return self._serial

    def waits(self, kind: Literal["speaking", "gather"], *, is_open: bool = False) -> Waits:
        """A new wait of this kind; in a queue or conference it takes the kind from there."""
        return Waits(self.held if self.queued else kind, self.serial(), self.queued, open=is_open)

    def speaking(self, *, hold: bool = False) -> Waits:
        """The wait during a prompt that no key interrupts; with `hold` it is hold music, which ends when somebody
        acts.
        """
        return self.waits("speaking", is_open=hold and bool(self.queued))

    def until(self, at_s: float, waits: Waits) -> Steps[Happened | None]:
        """Wait until `at_s`, or until something happens before it; None when nothing does.

        Raises
        ------
        CallerHungUp, CallRedirected, Dequeued, CallTooLong
        """
        happened = yield Until(min(at_s, MAX_CALL_S), waits)
        assert happened is None or isinstance(happened, Happened)
        self.now_s = max(self.now_s, min(at_s, MAX_CALL_S)) if happened is None else max(self.now_s, happened.at_s)
        if happened is None:
            if self.now_s >= MAX_CALL_S:
                raise CallTooLong
            return None
        self._idle = 0
        event = happened.event
        if isinstance(event, HangUp):
            self.did(event, taken=True)
            raise CallerHungUp(event.by)
        if isinstance(event, Redirected):
            self.did(event, taken=True)
            self.answer()
            raise CallRedirected(urljoin(self.number.url, event.url))
        if self.queued and isinstance(event, OtherParty):
            self.did(event, taken=True)
            raise Dequeued(event.what)
        return happened

    def answer(self) -> None:
        """Mark the call as answered."""
        self.answered = True

    def did(self, event: LineEvent, *, taken: bool) -> None:
        """Log what somebody did, and whether it had an effect."""
        self.log.append(Did(self.now_s, event, taken))

    def note(self, text: str) -> None:
        """Log something that nobody on the call hears."""
        self.log.append(Noted(self.now_s, text))

    def notice(self, problem: Problem) -> None:
        """Log a problem; each warning only once."""
        if problem.severity == "error" or not any(isinstance(e, Noticed) and e.problem == problem for e in self.log):
            self.log.append(Noticed(self.now_s, problem))

    def warn(self, element: Element, message: str, hint: str, *, code: str = "") -> None:
        """Log a warning about an element of the document."""
        self.notice(Problem(code, f"line {element.line}: {message}", hint, "warning"))

    def heard(self, element: Element, url: str, seconds: float, text: str) -> None:
        """Log the start of a prompt."""
        place = (
            self._places.pop(0)
            if self._places and element.name != "Pause"
            else str(self.state.get("node") or _path(url))
        )
        self.log.append(Heard(self.now_s, seconds, element.name, text, element.get("language", "en-US"), place))

    def took(self, verb: Literal["Gather", "Record"], digits: str = "", words: str = "", seconds: float = 0.0) -> None:
        """Log the input of a Gather or the length of a recording."""
        self.log.append(Took(self.now_s, verb, digits, words, seconds))

    def interrupted(self) -> None:
        """Cut the last prompt in the log short at the present time."""
        index = max(i for i, entry in enumerate(self.log) if isinstance(entry, Heard))
        last = self.log[index]
        assert isinstance(last, Heard)
        self.log[index] = replace(last, seconds=self.now_s - last.at_s, cut=True)

    def fail(self, text: str) -> None:
        """Tell the caller that the application has failed."""
        self.log.append(Heard(self.now_s, 0.0, "Say", text, "en-US", "carrier"))
        self.status, self.ended_by = "failed" if not self.answered else "completed", "error"

    def goto(self, element: Element, url: str, form: Mapping[str, str], attribute: str = "action") -> Goto:
        """The request for a verb's action; without an action, for the document itself."""
        address = urljoin(url, element.get(attribute)) if element.get(attribute) else url
        return Goto(address, element.method("method"), form)

    def whole_number(self, element: Element, name: str, default: int, least: int = 1) -> int:
        """An attribute that is a whole number; any other value logs a warning and counts as the default."""
        text = element.get(name).strip()
        if text.isascii() and text.isdigit() and int(text) >= least:
            return int(text)
        if text:
            message = f"<{element.name}> {name}={text!r} is not a whole number of at least {least}"
            self.warn(element, message, f"{default} is used instead", code="12200")
        return default


def _places(document: Document) -> list[str]:
    said = document.state.get("said", [])
    return [str(place) for place in said] if isinstance(said, list) else []


def _path(url: str) -> str:
    return "/" + url.partition("://")[2].partition("/")[2].partition("?")[0]
