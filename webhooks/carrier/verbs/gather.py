"""<Gather>: keys or speech, with all its timers. Source: twilio.com/docs/voice/twiml/gather.

- The first key stops the prompt, and so do words unless ``bargeIn`` is false.
- ``timeout`` begins when the prompts have ended, and again with every key.
- Whatever is detected first, keys or speech, is what counts.
- The finishing key works only after a digit: pressed first it ends nothing and is no input.
- Speech is over after ``speechTimeout`` seconds of silence (without it, ``timeout``). ``auto`` has no stated length: `AUTO_S`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from webhooks.carrier.prompts import prompt
from webhooks.carrier.protocol import Happened, Key, Next, Steps, Thing, Waits, Words

if TYPE_CHECKING:
    from webhooks.carrier.call import Call
    from webhooks.carrier.document import Element

__all__ = ["AUTO_S", "perform"]

AUTO_S = 1.0
_DEFAULT_TIMEOUT = 5
_NESTED = ("Say", "Play", "Pause")


@dataclass(frozen=True)
class _Listening:
    """What a Gather takes."""

    keys: bool
    speech: bool
    barges: bool
    most: int
    finish: str
    timeout_s: float
    speech_timeout_s: float

    def takes(self, thing: Thing) -> bool:
        return (isinstance(thing, Key) and self.keys) or (isinstance(thing, Words) and self.speech)

    def counts(self, thing: Thing, digits: str) -> bool:
        """Whether it means anything after these digits: words no longer do, the finishing key only then."""
        if not self.takes(thing):
            return False
        return not digits if isinstance(thing, Words) else bool(digits) or not (isinstance(thing, Key) and thing.key in self.finish)

    def stops_prompt(self, thing: Thing) -> bool:
        return self.takes(thing) and (self.barges or isinstance(thing, Key))


def perform(call: Call, element: Element, url: str) -> Steps[Next]:
    """Prompts, then input; without any the next verb follows, unless ``actionOnEmptyResult`` is true."""
    call.answer()
    listening = _listening(call, element)
    waits, first = replace(call.waits("gather"), listens=listening.keys, speech=listening.speech), None
    for child in element.children:
        if child.name in _NESTED and first is None:
            first = yield from prompt(call, child, url, waits, listening.stops_prompt)
    form = yield from _input(call, listening, first, replace(waits, open=True))
    call.took("Gather", *(form.get(name, "") for name in ("Digits", "SpeechResult")) if form else ())
    if form is None and element.get("actionOnEmptyResult") == "true":
        form = {"Digits": ""} if listening.keys else {}
    return None if form is None else call.goto(element, url, form)


def _listening(call: Call, element: Element) -> _Listening:
    modes = element.get("input", "dtmf").split()
    timeout_s = _DEFAULT_TIMEOUT if element.get("timeout") == "auto" else call.whole(element, "timeout", _DEFAULT_TIMEOUT)
    speech = element.get("speechTimeout")
    return _Listening(
        keys="dtmf" in modes, speech="speech" in modes, barges=element.get("bargeIn") != "false",
        most=call.whole(element, "numDigits", 0), finish=element.get("finishOnKey", "#"), timeout_s=timeout_s,
        speech_timeout_s=AUTO_S if speech == "auto" else call.whole(element, "speechTimeout", timeout_s),
    )  # fmt: skip


def _input(call: Call, listening: _Listening, first: Happened | None, waits: Waits) -> Steps[dict[str, str] | None]:
    """Parameters of what was pressed or said; None for nothing."""
    digits = ""
    happened = first
    deadline_s = call.now_s + listening.timeout_s
    while True:
        if happened is None:
            happened = yield from call.until(deadline_s, replace(waits, digits=digits))
            if happened is None:
                break
            call.did(happened.thing, taken=listening.counts(happened.thing, digits))
        thing, happened = happened.thing, None
        if isinstance(thing, Words) and listening.speech and not digits:
            return (yield from _spoken(call, listening, thing, waits))
        if not isinstance(thing, Key) or not listening.keys:
            continue
        if thing.key in listening.finish:
            if digits:
                break
            continue
        digits += thing.key
        deadline_s = call.now_s + listening.timeout_s
        if len(digits) == listening.most:
            break
    return {"Digits": digits} if digits else None


def _spoken(call: Call, listening: _Listening, words: Words, waits: Waits) -> Steps[dict[str, str]]:
    """Waits until the caller has finished; keys no longer count."""
    end_s = call.now_s + words.seconds + listening.speech_timeout_s
    while happened := (yield from call.until(end_s, replace(waits, open=False, listens=False, speech=False))):
        call.did(happened.thing, taken=False)
    return {"SpeechResult": words.text, "Confidence": str(words.confidence)}
