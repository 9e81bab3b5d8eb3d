"""What people do, in the words of ``--keys`` and call scripts, done at a telephone of the virtual carrier."""

from __future__ import annotations

from typing import assert_never

from flows.protocol.actions import Event, HungUp, Keys, Outcome, Silence, Speech, Start
from ivr.phone.terminal_phone import in_words
from webhooks.carrier.drivers.handset import Handset
from webhooks.carrier.protocol import Waits

__all__ = ["do", "other_side"]

_OTHER = {
    "answered": "answer",
    "busy": "busy",
    "no_answer": "no-answer",
    "failed": "failed",
    "full": "full",
    "closed": "error",
}
_FITS = {
    "answered": ("queue", "dial"),
    "full": ("queue",),
    "closed": ("queue",),
    "timeout": ("queue", "dial"),
    "busy": ("dial",),
    "no_answer": ("dial",),
    "failed": ("dial",),
    "recorded": ("record",),
    "empty": ("record",),
}
"""What can happen while the call waits for what."""


def apply_event(handset: Handset, event: Event, *, secret: bool = False) -> bool:
    """Do what an event says, when the call waits for such a thing.

    Parameters
    ----------
    handset : Handset
        Dialled, and not yet ended.
    event : Event
    secret : bool
        Whether keys are shown as dots.

    Returns
    -------
    bool
        False when the event does not fit what the call waits for; nothing has happened then.
    """
    waits = handset.waits
    match event:
        case Keys():
            handset.press(event.keys, in_words(Keys("•" * len(event.keys))) if secret else "")
        case Speech():
            handset.say(event.text)
        case Silence():
            handset.wait()
        case HungUp():
            handset.hang_up()
        case Outcome():
            return _outcome(handset, event.label, waits)
        case Start():
            return False
        case _:
            assert_never(event)
    return True


def other_party_action(outcome: Outcome, waits: Waits) -> str:
    """What the other side does when it comes to this outcome, as `webhooks.carrier.protocol.Other` says it; else empty.

    Examples
    --------
    >>> other_side(Outcome("no_answer"), Waits("dial", 1)), other_side(Outcome("no_answer"), Waits("queue", 1))
    ('no-answer', '')
    """
    return _OTHER.get(outcome.label, "") if waits.kind in _FITS.get(outcome.label, ()) else ""


def _outcome(handset: Handset, label: str, waits: Waits | None) -> bool:
    if waits is None or waits.kind not in _FITS.get(label, ()):
        return False
    if label == "recorded":
        handset.leave_message()
    elif label == "empty":
        handset.wait()
    elif label == "timeout":
        handset.outlast()
    else:
        handset.other(_OTHER[label], label.replace("_", " "))
    return True
