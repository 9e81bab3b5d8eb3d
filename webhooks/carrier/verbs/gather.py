"""<Gather>: keys or speech, with all its timers. Source: twilio.com/docs/voice/twiml/gather.

- The first key stops the prompt, and so does speech unless ``bargeIn`` is false.
- ``timeout`` starts when the prompts end, and again with every key. A pause after the last prompt comes first.
- Whatever is detected first, keys or speech, counts.
- The finishing key works only after a digit: pressed first, it ends nothing and is not input.
- Speech ends after ``speechTimeout`` seconds of silence (default: ``timeout``). The length of ``auto`` is not
  documented: `AUTO_S`.
- Recognition stops ``maxSpeechTime`` seconds after the first word, and returns what was said until then.
- During speech ``partialResultCallback`` receives the words so far; how often is not documented: `PARTIAL_EVERY_S`. The
  call does not wait for its answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from webhooks.carrier.protocol import Goto, Happened, Key, LineEvent, Next, Steps, Waits, Words
from webhooks.carrier.requests.fetch import notify_in_background
from webhooks.carrier.steps.prompts import prompt

if TYPE_CHECKING:
    from webhooks.carrier.call import Call
    from webhooks.carrier.twiml.document import Element

__all__ = ["AUTO_S", "PARTIAL_EVERY_S", "perform"]

AUTO_S = 1.0
PARTIAL_EVERY_S = 1.0
_DEFAULT_TIMEOUT = 5
_NO_LIMIT = 14_400
_NESTED = ("Say", "Play", "Pause")


@dataclass(frozen=True)
class _Listening:
    """The input that a Gather accepts, and its timers."""

    keys: bool
    speech: bool
    barges: bool
    most: int
    finish: str
    timeout_s: float
    speech_timeout_s: float
    most_speech_s: float
    partial: Goto | None

    def takes(self, event: LineEvent) -> bool:
        return (isinstance(event, Key) and self.keys) or (isinstance(event, Words) and self.speech)

    def counts(self, event: LineEvent, digits: str) -> bool:
        """Whether an event counts after these digits: speech only before the first, the finishing key only after
        it.
        """
        if not self.takes(event):
            return False
        return (
            not digits
            if isinstance(event, Words)
            else bool(digits) or not (isinstance(event, Key) and event.key in self.finish)
        )

    def stops_prompt(self, event: LineEvent) -> bool:
        return self.takes(event) and (self.barges or isinstance(event, Key))


def perform(call: Call, element: Element, url: str) -> Steps[Next]:
    """Play the prompts, take input, then go to the action.

    Without input the next verb follows, unless ``actionOnEmptyResult`` is true.
    """
    call.answer()
    listening = _listening(call, element, url)
    waits, first = replace(call.waits("gather"), listens=listening.keys, speech=listening.speech), None
    nested = [child for child in element.children if child.name in _NESTED]
    spoken = _before_silence(nested) if listening.barges else len(nested)
    for child in nested[:spoken]:
        if first is None:
            first = yield from prompt(call, child, url, waits, listening.stops_prompt)
    silence_s = 0.0 if first else sum(call.whole_number(child, "length", 1, 0) for child in nested[spoken:])
    form = yield from _input(call, listening, first, replace(waits, open=True), silence_s)
    call.took("Gather", *(form.get(name, "") for name in ("Digits", "SpeechResult")) if form else ())
    if form is None and element.get("actionOnEmptyResult") == "true":
        form = {"Digits": ""} if listening.keys else {}
    return None if form is None else call.goto(element, url, form)


def _before_silence(nested: Sequence[Element]) -> int:
    """The number of prompts before the pauses at their end."""
    count = len(nested)
    while count and nested[count - 1].name == "Pause":
        count -= 1
    return count


def _listening(call: Call, element: Element, url: str) -> _Listening:
    modes = element.get("input", "dtmf").split()
    timeout_s = (
        _DEFAULT_TIMEOUT
        if element.get("timeout") == "auto"
        else call.whole_number(element, "timeout", _DEFAULT_TIMEOUT)
    )
    speech = element.get("speechTimeout")
    return _Listening(
        keys="dtmf" in modes,
        speech="speech" in modes,
        barges=element.get("bargeIn") != "false",
        most=call.whole_number(element, "numDigits", 0),
        finish=element.get("finishOnKey", "#"),
        timeout_s=timeout_s,
        speech_timeout_s=AUTO_S if speech == "auto" else call.whole_number(element, "speechTimeout", timeout_s),
        most_speech_s=call.whole_number(element, "maxSpeechTime", _NO_LIMIT),
        partial=_partial(element, url),
    )


def _partial(element: Element, url: str) -> Goto | None:
    address = element.get("partialResultCallback")
    method = element.method("partialResultCallbackMethod")
    return Goto(urljoin(url, address), method) if address else None


def _input(
    call: Call, listening: _Listening, first: Happened | None, waits: Waits, silence_s: float
) -> Steps[dict[str, str] | None]:
    """Parameters for the input; None without input. The time-out starts after the silence or with a key."""
    digits = ""
    happened = first
    silent_until_s = call.now_s + silence_s
    deadline_s = silent_until_s + listening.timeout_s
    while True:
        if happened is None:
            happened = yield from call.until(deadline_s, replace(waits, digits=digits))
            if happened is None:
                break
            call.did(happened.event, taken=listening.counts(happened.event, digits))
        event, happened = happened.event, None
        if isinstance(event, Words) and listening.speech and not digits:
            return (yield from _spoken(call, listening, event, waits))
        if not isinstance(event, Key) or not listening.keys:
            continue
        if event.key in listening.finish:
            if digits:
                break
            if call.now_s < silent_until_s:
                silent_until_s, deadline_s = call.now_s, call.now_s + listening.timeout_s
            continue
        digits += event.key
        deadline_s = call.now_s + listening.timeout_s
        if len(digits) == listening.most:
            break
    return {"Digits": digits} if digits else None


def _spoken(call: Call, listening: _Listening, words: Words, waits: Waits) -> Steps[dict[str, str]]:
    """Wait until the caller has finished or has spoken for the longest time allowed; keys no longer count."""
    began_s, waits = call.now_s, replace(waits, open=False, listens=False, speech=False)
    spoken_s = min(words.seconds, listening.most_speech_s)
    end_s = began_s + min(words.seconds + listening.speech_timeout_s, listening.most_speech_s)
    if listening.partial:
        moments = [n * PARTIAL_EVERY_S for n in range(1, ceil(spoken_s / PARTIAL_EVERY_S))] + [spoken_s]
        for number, moment_s in enumerate(moments):
            yield from _silent(call, began_s + moment_s, waits)
            yield from _tell(call, listening.partial, _until(words, moment_s), number)
    yield from _silent(call, end_s, waits)
    return {"SpeechResult": _until(words, spoken_s), "Confidence": str(words.confidence)}


def _silent(call: Call, at_s: float, waits: Waits) -> Steps[None]:
    while happened := (yield from call.until(at_s, waits)):
        call.did(happened.event, taken=False)


def _tell(call: Call, partial: Goto, text: str, number: int) -> Steps[None]:
    told = {"UnstableSpeechResult": text, "StableSpeechResult": "", "SequenceNumber": str(number)}
    yield from notify_in_background(call, partial.url, told, partial.method)


def _until(words: Words, seconds: float) -> str:
    """The words said after some seconds, at an even pace."""
    parts = words.text.split()
    return words.text if seconds >= words.seconds else " ".join(parts[: int(len(parts) * seconds / words.seconds)])
