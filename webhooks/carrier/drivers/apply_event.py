"""Carries out the events of ``--keys`` and call scripts on a handset of the virtual carrier."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from flows.protocol.actions import Event, HungUp, Keys, Outcome, Silence, Speech, Start
from flows.protocol.payment import PAY_LABELS
from ivr.phone.terminal_phone import in_words
from webhooks.carrier.drivers.handset import Handset
from webhooks.carrier.drivers.payer import pay
from webhooks.carrier.protocol import Waits

__all__ = ["apply_event", "other_party_action"]

_OTHER = {
    "answered": "answer",
    "busy": "busy",
    "no_answer": "no-answer",
    "failed": "failed",
    "declined": "decline",
    "full": "full",
    "closed": "error",
}
_FITS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(PAY_LABELS, ("gather",)),
    "answered": ("queue", "dial"),
    "full": ("queue",),
    "closed": ("queue",),
    "timeout": ("queue", "dial"),
    "busy": ("dial",),
    "no_answer": ("dial",),
    "failed": ("dial", "gather"),
    "declined": ("dial", "gather"),
    "recorded": ("record",),
    "empty": ("record",),
}
"""The waits during which each outcome can happen."""


def apply_event(handset: Handset, event: Event, *, secret: bool = False) -> bool:
    """Carry out an event, if it fits what the call waits for.

    Parameters
    ----------
    handset : Handset
        Dialled, and not ended.
    event : Event
    secret : bool
        Whether keys are shown as dots.

    Returns
    -------
    bool
        False when the event does not fit; nothing has happened then.
    """
    waits = handset.waits
    match event:
        case Keys():
            handset.press(event.keys, in_words(Keys("•" * len(event.keys))) if secret else "")
        case Speech():
            handset.say(event.text, event.confidence)
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
    """What `OtherParty` does to reach this outcome; empty when it does not fit what the call waits for.

    Examples
    --------
    >>> no_answer = Outcome("no_answer")
    >>> other_party_action(no_answer, Waits("dial", 1)), other_party_action(no_answer, Waits("queue", 1))
    ('no-answer', '')
    """
    if waits.kind == "paying":
        return outcome.label if outcome.label in ("declined", "failed") else ""
    return _OTHER.get(outcome.label, "") if waits.kind in _FITS.get(outcome.label, ()) else ""


def _outcome(handset: Handset, label: str, waits: Waits | None) -> bool:
    if waits is None or waits.kind not in _FITS.get(label, ()):
        return False
    if label == "recorded":
        handset.leave_message()
    elif label == "empty":
        handset.wait()
    elif waits.kind == "gather":
        return pay(handset, label)
    elif label == "timeout":
        handset.outlast()
    else:
        documents = handset.call.documents
        handset.other(_OTHER[label], label.replace("_", " "))
        # Those who are called in turn do the same, and those who ring on after one has declined.
        while handset.waits and handset.waits.kind == "dial" and handset.call.documents == documents:
            handset.other(_OTHER[label])
    return True
