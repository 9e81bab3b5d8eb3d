"""Two people talk until one of them hangs up, or their time is up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from webhooks.carrier.protocol import Goto, Key, Next, OtherParty, Steps, Waits
from webhooks.carrier.requests.requests import notify

if TYPE_CHECKING:
    from webhooks.carrier.call import Call

__all__ = ["farewell", "inform", "talk"]


def talk(call: Call, name: str, limit_s: float = float("inf"), *, hangs_up_on: str = "") -> Steps[None]:
    """Returns when the other side has hung up; raises `Gone` when the caller has."""
    end_s, waits = call.now_s + limit_s, Waits("talk", call.serial(), name, open=True)
    while happened := (yield from call.until(end_s, waits)):
        over = happened.event == OtherParty("over") or (bool(hangs_up_on) and happened.event == Key(hangs_up_on))
        call.did(happened.event, taken=over)
        if over:
            return


def request_action_after_hangup(call: Call, following: Next) -> Steps[None]:
    """The action of a verb is asked although the caller has gone; what it answers is not carried out."""
    call.status = "completed"
    yield from request_action(call, following)


def request_action(call: Call, following: Next) -> Steps[None]:
    """The action of a verb is asked; what it answers is not carried out."""
    if isinstance(following, Goto):
        yield from notify(call, following.url, following.form, following.method)
