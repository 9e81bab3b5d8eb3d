"""A conversation, and the request for a verb's action at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from webhooks.carrier.protocol import Goto, Key, Next, OtherParty, Spoken, Steps, Waits, Words
from webhooks.carrier.requests.fetch import notify

if TYPE_CHECKING:
    from webhooks.carrier.call import Call

__all__ = ["request_action", "request_action_after_hangup", "talk"]


def talk(call: Call, name: str, limit_s: float = float("inf"), *, hangs_up_on: str = "") -> Steps[None]:
    """Talk until the other party hangs up or the time limit is reached; raises `CallerHungUp` when the caller does."""
    end_s = call.now_s + limit_s
    waits = Waits("talk", call.serial(), name, open=True, speech=call.others is not None)
    while happened := (yield from call.until(end_s, waits)):
        over = happened.event == OtherParty("over") or (bool(hangs_up_on) and happened.event == Key(hangs_up_on))
        call.did(happened.event, taken=over or (call.others is not None and isinstance(happened.event, Words | Spoken)))
        if over:
            return


def request_action_after_hangup(call: Call, following: Next) -> Steps[None]:
    """Request the action after the caller has hung up; its answer is not carried out."""
    call.status = "completed"
    yield from request_action(call, following)


def request_action(call: Call, following: Next) -> Steps[None]:
    """Request the action; its answer is not carried out."""
    if isinstance(following, Goto):
        yield from notify(call, following.url, following.form, following.method)
