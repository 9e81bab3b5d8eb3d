"""A whole call, from the first document to the status callback at its end."""

from __future__ import annotations

from webhooks.carrier.call import MAX_CALL_S, Call, CallTooLong
from webhooks.carrier.call_log import Problem
from webhooks.carrier.protocol import CallerHungUp, CallRedirected, Goto, Next, Over, Steps
from webhooks.carrier.requests.fetch import fetch, notify, timestamp
from webhooks.carrier.steps.side_streams import end
from webhooks.carrier.verbs import verbs

__all__ = ["run"]


def run(call: Call) -> Steps[None]:
    """Run a call to its end: yields requests and waits, and takes their answers.

    Parameters
    ----------
    call : Call
        Not begun yet.
    """
    call.verbs = verbs()
    goto: Next = Goto(call.number.url, call.number.method)
    try:
        while isinstance(goto, Goto):
            try:
                document = yield from fetch(call, goto)
                call.status = "in-progress" if call.status == "ringing" else call.status
                goto = (yield from call.perform(document)) if document else Over(call.status)
            except CallRedirected as redirected:
                goto = Goto(str(redirected))
        call.ended_by = call.ended_by or "line"
        call.status = goto.status if isinstance(goto, Over) else "completed"
    except CallerHungUp as hung_up:
        call.status, call.ended_by = "completed", str(hung_up)
    except CallTooLong:
        call.notice(
            Problem("", f"the call has lasted {MAX_CALL_S / 3600:g} hours and is cut off", "let the line hang up")
        )
        call.status, call.ended_by = "completed", "carrier"
    for name in tuple(call.side_streams):
        yield from end(call, name)
    if call.number.status_url:
        form = {"CallDuration": str(round(call.now_s)), "SequenceNumber": "0", "Timestamp": timestamp(call)}
        yield from notify(call, call.number.status_url, form)
