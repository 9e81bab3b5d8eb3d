"""What a page shows of a call: the prompt being spoken, what the caller may do, and what has happened since the last
answer.

All words that a page shows are here; sensitive digits become dots.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from flows.source.counted import counted
from webhooks.browser_phone.call import PhoneCall
from webhooks.carrier.call_log import Asked, Did, Entry, Heard, Noted, Noticed, Problem, Took
from webhooks.carrier.protocol import Key, OtherParty, Response, Spoken, Talk, Until, Waits, Words
from webhooks.carrier.twiml.document import told_state
from webhooks.settings.rehearsals import Unanswered

__all__ = ["View"]

_DIGITS = "0123456789"
_OUTCOMES = {
    "contained": "was served by the line",
    "handled": "was served by an agent",
    "abandoned": "gave up waiting",
    "abandoned_in_menu": "gave up in the menu",
    "voicemail": "left a message",
    "callback": "will be called back",
    "transferred_out": "was connected to another number",
    "closed": "called outside opening hours",
    "failed": "could not be helped",
    "turned_away": "was turned away before an answer",
}
_ENDINGS = {
    "line": "The line hung up",
    "caller": "You hung up",
    "error": "The line failed",
    "carrier": "The call was cut off",
}
_STATES = {"queue": "holding", "dial": "dialling", "talk": "talking", "record": "recording", "speaking": "speaking"}
_KEY_NAMES = {"#": "pound", "*": "star"}
_UNTAKEN = "Ignored: the line is not listening for that"


class View:
    """A call as its page sees it; remembers what the page knows.

    Parameters
    ----------
    phone : PhoneCall
    asked : callable
        Returns the lookup whose answer the page must choose, or None.
    others : callable or None
        Returns who else is on the line, in words; None where the page plays the others.
    """

    def __init__(
        self,
        phone: PhoneCall,
        asked: Callable[[], Unanswered | None] = lambda: None,
        others: Callable[[], str] | None = None,
    ) -> None:
        self.phone, self._others = phone, others
        self._asked = asked
        self._asked_before: Unanswered | None = None
        self._told = 0
        self._state: Mapping[str, Any] = {}
        self._longest_wait: object = None
        self._open_prompt: int | None = None
        self._agent = False

    def next(self) -> dict[str, Any]:
        """What is new to the page, and the current state of the call, as JSON-ready data."""
        call, waiting = self.phone.call, self.phone.waiting
        entries = [*self._cut(), *self._since(), *self._unanswered()]
        self._open_prompt = call.sounding
        told: dict[str, Any] = {"turn": self.phone.turn, "at_s": round(call.now_s, 3), "entries": entries}
        return told | (self._stands(waiting) if waiting else {"ended": self._ended()})

    @property
    def asks(self) -> bool:
        """Whether the call waits until the page chooses the answer of a lookup."""
        call = self.phone.call
        sounding = call.log[call.sounding] if call.sounding is not None else None
        return self._asked() is not None and not (isinstance(sounding, Heard) and sounding.verb != "Pause")

    # --- what has happened ----------------------------------------------------------------------------------------

    def _cut(self) -> Iterator[dict[str, Any]]:
        entry = self.phone.call.log[self._open_prompt] if self._open_prompt is not None else None
        if isinstance(entry, Heard) and entry.cut:
            yield {"kind": "cut", "id": self._open_prompt}

    def _unanswered(self) -> Iterator[dict[str, Any]]:
        asked = self._asked()
        if asked and asked is not self._asked_before:
            why = f": {asked.why}" if asked.why else ""
            yield {"kind": "problem", "text": f"{asked.name} got no answer{why}", "hint": "", "severity": "warning"}
        self._asked_before = asked

    def _since(self) -> Iterator[dict[str, Any]]:
        log = self.phone.call.log
        for index in range(self._told, len(log)):
            if index in self.phone.notes:
                yield _event(self.phone.notes[index])
            if index not in self.phone.passed_over or not isinstance(log[index], Heard):
                yield from self._entry(index, log[index])
        self._told = len(log)

    def _entry(self, index: int, entry: Entry) -> Iterator[dict[str, Any]]:
        match entry:
            case Heard(verb="Pause"):
                return
            case Heard():
                yield {
                    "kind": "prompt",
                    "id": index,
                    "text": _words(entry),
                    "language": entry.language,
                    "node": entry.place,
                    "cut": entry.cut,
                }
            case Asked(reply=Response() as reply):
                yield from self._moved(told_state(reply))
            case Took():
                yield from self._took(entry)
            case Did():
                if not self._ends_it(index):
                    yield from self._did(entry, self.phone.during.get(index))
            case Noted(text=text) if self._others and " the conference " in text:
                return  # its name says nothing to anybody
            case Noted(text=text):
                yield _event(text[:1].upper() + text[1:])
            case Noticed(problem=problem):
                yield {
                    "kind": "problem",
                    "text": _told_problem(problem),
                    "hint": problem.hint,
                    "severity": problem.severity,
                }

    def _moved(self, state: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        if "node" not in state:
            return
        self._state = state
        self._longest_wait = state.get("max_wait_s", self._longest_wait)
        node = "" if state.get("ended") else state["node"]
        yield {"kind": "moved", "passed": state.get("passed", []), "node": node, "language": state.get("language", "")}

    def _took(self, took: Took) -> Iterator[dict[str, Any]]:
        if took.digits:
            yield {"kind": "keys", "text": " ".join(took.digits) if not self._secret else "•" * len(took.digits)}
        elif took.seconds:
            yield {"kind": "caller", "text": f"leaves a message of {took.seconds:g} s"}
        elif not took.words and "queue" not in self._state:
            yield _event("says nothing")

    def _did(self, did: Did, waits: Waits | None) -> Iterator[dict[str, Any]]:
        match did.event:
            case Words(text=text) if did.taken:
                yield {"kind": "words", "text": text}
            case Talk(words=text) if text:
                yield {"kind": "words", "text": text}
            case Words() | Key() if not did.taken:
                yield {"kind": "lost", "text": _UNTAKEN}  # which key it was may be a secret
            case Spoken(text=text, by=by):
                yield {"kind": "other", "text": text, "by": by}
            case OtherParty(what=what, party=party) if (
                self._others and waits and waits.kind in ("talk", "dial") and party
            ):
                yield _event(f"{party} is on the line" if what == "answer" else f"{party} has left")
            case OtherParty(what=what) if waits:
                self._agent = waits.kind == "queue" if what == "answer" else self._agent
                yield _event(_happening(what, waits, self._party(waits)))

    def _party(self, waits: Waits) -> str:
        return "the agent" if self._agent or waits.kind == "queue" else waits.name

    def _ends_it(self, index: int) -> bool:
        """Whether the other party ended the call by this hang-up; if so, the ending reports it."""
        call, did = self.phone.call, self.phone.call.log[index]
        return (
            self.phone.is_over
            and call.ended_by == "line"
            and isinstance(did, Did)
            and did.event == OtherParty("over")
            and not any(isinstance(entry, Heard | Took | Did) for entry in call.log[index + 1 :])
        )

    @property
    def _secret(self) -> bool:
        return bool(self._state.get("sensitive"))

    # --- where the call is -----------------------------------------------------------------------------------------

    def _stands(self, waiting: Until) -> dict[str, Any]:
        call, waits = self.phone.call, waiting.waits
        sounding = call.log[call.sounding] if call.sounding is not None else None
        spoken = sounding if isinstance(sounding, Heard) and sounding.verb != "Pause" else None
        listens = waits.open or sounding is not None
        asked = self._asked() if self.asks else None
        name = "asking" if asked else _STATES.get(waits.kind, "listening" if listens else "hearing")
        keys = self._keys(waits)
        title, detail = self._connected(waits) or self._words(name, waits, keys)
        return {
            "state": name,
            "title": title,
            "detail": detail,
            "node": self._state.get("node", ""),
            "prompt": _prompt(call.sounding, spoken) if spoken and call.sounding is not None else None,
            "left_s": round(waiting.at_s - call.now_s, 3),
            "counts": "" if self.phone.is_connected else self._counts(name, waits),
            "asked": _question(asked) if asked else None,
            "keys": keys,
            "speech": waits.speech or waits.kind == "record",
            "choices": [] if self.phone.is_connected else self._choices(name, waits),
            "skip": (
                ("Skip the prompt" if spoken else "Skip the wait")
                if name in ("speaking", "listening", "holding", "hearing")
                else ""
            ),
            "entered": "•" * len(waits.digits) if self._secret else waits.digits,
        }

    def _connected(self, waits: Waits) -> tuple[str, str] | None:
        """The words for a call in a conference with others; None for any other."""
        if self._others is None or self.phone.call.room is None:
            return None
        if waits.kind != "talk":
            return "Connecting", "Somebody joins you in a moment."
        with_ = self._others()
        return (f"Talking to {with_}", "Type what you say.") if with_ else ("On the line", "The others have left.")

    def _keys(self, waits: Waits) -> list[str]:
        bound = [str(key) for key in self._state.get("keys", [])]
        if waits.kind == "queue":
            return bound
        if not waits.listens or waits.kind != "gather":
            return []
        least, most = self._state.get("entry") or (0, 0)
        finish = str(self._state.get("finish_key", "#")) if least < most or not most else ""
        return bound or [*_DIGITS, *finish]

    def _counts(self, name: str, waits: Waits) -> str:
        """What happens when the time is up, if the caller should know; else empty."""
        return {
            "listening": "Time-out in" if waits.open else "",
            "dialling": "No answer in",
            "recording": "Full in" if self.phone.talking else "Silence ends it in",
        }.get(name, "")

    def _words(self, name: str, waits: Waits, keys: list[str]) -> tuple[str, str]:
        bound = bool(self._state.get("keys"))
        return {
            "asking": ("Looking up", f"{self._state.get('node', '')} got no answer. Choose one."),
            "speaking": ("Line speaks", "Please listen."),
            "listening": (
                "Listening",
                "" if waits.open else "Press a lit key, or stay silent." if bound else self._wanted(),
            ),
            "hearing": ("Listening", "The line is waiting for you to finish."),
            "holding": ("On hold", f"Queue: {waits.name}{'. A lit key leaves it.' if keys else ''}"),
            "talking": (
                f"Talking to {'an agent' if self._agent else waits.name}",
                "Hang up, or let the other party do it.",
            ),
            "dialling": ("Ringing", f"Calling {waits.name}."),
            "recording": (
                "Recording",
                "Speaking. Press pound to finish." if self.phone.talking else "Speak after the tone.",
            ),
        }[name]

    def _wanted(self) -> str:
        """What to enter; the finishing key is mentioned only if more digits are possible."""
        least, most = self._state.get("entry") or (0, 0)
        if not most:
            return "Enter digits."
        if least == most:
            return f"Enter {counted(most, 'digit')}."
        finish = _KEY_NAMES.get(str(self._state.get("finish_key", "")), str(self._state.get("finish_key", "")))
        return f"Enter {least} to {most} digits{f', then {finish}' if finish else ''}."

    def _choices(self, name: str, waits: Waits) -> list[tuple[str, str, bool]]:
        match name:
            case "holding":
                runs_out = [("timeout", "Wait time runs out", False)] if self._longest_wait else []
                return [("answered", "Agent answers", True), *runs_out, ("full", "Queue is full", False)]
            case "talking":
                return [("over", _happening("over", waits, self._party(waits)), False)]
            case "dialling":
                asked = [("declined", "They do not accept", False)] if self._state.get("asks") else []
                answers = ("answered", "They answer and accept" if asked else "They answer", True)
                return [answers, *asked, ("busy", "Busy", False), ("no_answer", "No answer", False)]
            case _ if waits.kind == "paying":
                return [("declined", "The bank declines", False), ("failed", "The payment fails", False)]
            case "recording" if self.phone.talking:
                return [("done", "Done recording", True)]
            case "recording":
                return [("speak", "Start speaking", True), ("empty", "Say nothing", False)]
            case _:
                return []

    def _ended(self) -> dict[str, Any]:
        call = self.phone.call
        outcome = str(self._state.get("ended", ""))
        title = "The line did not accept the call" if call.status in ("busy", "no-answer") else _ENDINGS[call.ended_by]
        last = next((index for index in reversed(range(len(call.log))) if self._ends_it(index)), None)
        if last is not None:
            waits = self.phone.during.get(last)
            title = "The agent hung up" if waits and self._party(waits) == "the agent" else "The other party hung up"
        text = f"The caller {_OUTCOMES.get(outcome, outcome)}" if outcome else ""
        return {"title": title, "text": text, "harm": call.ended_by in ("error", "carrier")}


def _question(asked: Unanswered) -> dict[str, Any]:
    return {"name": asked.name, "labels": list(asked.labels), "values": list(asked.values), "came_to": asked.came_to}


def _event(text: str) -> dict[str, Any]:
    return {"kind": "event", "text": text}


def _happening(what: str, waits: Waits, party: str) -> str:
    """What the other party does, in words."""
    match what:
        case "answer":
            return "An agent answers" if waits.kind == "queue" else f"{party} answers"
        case "over":
            return "The agent hangs up" if party == "the agent" else "The other party hangs up"
        case "decline":
            return f"{party} does not accept the call"
        case "busy":
            return f"{party} is busy"
        case "no-answer":
            return f"{party} does not answer"
        case "full":
            return "The queue is full"
        case "leave":
            return "Taken out of the queue"
        case "declined":
            return "The bank declines the card"
        case _ if waits.kind == "paying":
            return "The payment fails"
        case _:
            return "The call fails" if waits.kind == "dial" else "The queue fails"


def _prompt(index: int, heard: Heard) -> dict[str, Any]:
    audio = heard.text if heard.verb == "Play" and "://" in heard.text else ""
    return {
        "id": index,
        "text": heard.text if heard.verb == "Say" else "",
        "audio": audio,
        "language": heard.language,
        "node": heard.place,
        "seconds": round(heard.seconds, 2),
    }


def _words(heard: Heard) -> str:
    if heard.verb != "Play" or "://" not in heard.text:
        return heard.text
    return f"Recording: {urlsplit(heard.text).path.rpartition('/')[2] or heard.text}"


def _told_problem(problem: Problem) -> str:
    return f"{problem.severity.capitalize()}{f' {problem.code}' if problem.code else ''}: {problem.message}"
