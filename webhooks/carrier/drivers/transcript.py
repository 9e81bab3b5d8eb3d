"""A call at the virtual carrier as a transcript, in the rows of `ivr.phone.transcript`, and as data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from flows.protocol.actions import Say
from flows.source.counted import counted
from flows.source.finding import Finding
from ivr.phone.terminal_phone import Turn
from ivr.phone.transcript import Row, rows
from webhooks.carrier.call_log import Asked, Did, Entry, Heard, Noted, Noticed, Problem
from webhooks.carrier.drivers.handset import Handset, Part
from webhooks.carrier.protocol import Failed, Key, Waits
from webhooks.carrier.requests.fetch import shown

__all__ = ["as_dict", "finding_of", "problems", "rows_of", "waiting_for"]


def rows_of(part: Part, *, requests: bool = False) -> Iterator[Row]:
    """An action and what followed it: prompts, errors and, if wanted, requests."""
    clock = int(part.at_s)
    if part.did:
        caller = part.did.startswith(("presses", "says", "hangs", "leaves"))
        yield Row(part.at_s, "caller" if caller else "other", "", part.did)
    prompts: list[Heard] = []
    for entry in part.entries:
        if isinstance(entry, Heard):
            prompts += [entry] if entry.verb != "Pause" else []
            continue
        row = _row(entry, requests=requests)
        if row:
            yield from _spoken(prompts, part, clock)
            prompts = []
            yield row
    yield from _spoken(prompts, part, clock)


def _spoken(prompts: Sequence[Heard], part: Part, clock: int) -> Iterator[Row]:
    if prompts:
        said = tuple((heard.place, Say(_words(heard), heard.language)) for heard in prompts)
        for row in rows(Turn(prompts[0].at_s, "", said, (), None)):
            follows = part.did and row.at_s is not None and int(row.at_s) == clock
            yield Row(None, row.who, row.node, row.text) if follows else row


def _words(heard: Heard) -> str:
    words = f"(plays {_file(heard.text)})" if heard.verb == "Play" else heard.text
    return f"{words} …" if heard.cut else words


def _file(address: str) -> str:
    return urlsplit(address).path.rpartition("/")[2] or address


def _row(entry: Entry, *, requests: bool) -> Row | None:
    match entry:
        case Asked() if requests:
            reply = entry.reply
            result = (
                f"no answer: {reply.kind}"
                if isinstance(reply, Failed)
                else f"{reply.status}, {counted(len(reply.body), 'byte')}"
            )
            return Row(entry.at_s, "other", "", f"{entry.request.method} {shown(entry.request.url)}: {result}")
        case Noticed():
            return Row(
                entry.at_s,
                "other",
                "",
                f"{entry.problem.severity}{f' {entry.problem.code}' if entry.problem.code else ''}",
            )
        case Noted():
            return Row(entry.at_s, "other", "", entry.text)
        case Did(event=Key(key=key), taken=False):
            return Row(entry.at_s, "other", "", f"key {key} is ignored: the line is not listening")
        case _:
            return None


def problems(entries: Sequence[Entry]) -> list[Problem]:
    """All problems of a log, as Twilio's debugger would show them."""
    return [entry.problem for entry in entries if isinstance(entry, Noticed)]


def finding_of(problem: Problem) -> Finding:
    """A problem as a finding, the form in which every command shows what is wrong.

    Examples
    --------
    >>> print(finding_of(Problem("11205", "no connection")).source)
    https://www.twilio.com/docs/api/errors/11205
    """
    source = f"https://www.twilio.com/docs/api/errors/{problem.code}" if problem.code else ""
    return Finding(
        code=problem.code or "T001",
        severity=problem.severity,
        message=problem.message,
        hint=problem.hint,
        source=source,
    )


def waiting_for(waits: Waits | None) -> str:
    """What the call waits for, in words.

    Examples
    --------
    >>> waiting_for(Waits("queue", 1, "support"))
    'an agent of queue support'
    """
    if waits is None:
        return "nothing"
    words = {
        "gather": "keys",
        "record": "a message",
        "dial": f"an answer at {waits.name}",
        "talk": f"{waits.name} to hang up",
        "paying": "a payment",
    }
    return words.get(waits.kind, f"an agent of queue {waits.name}")


def as_dict(handset: Handset) -> dict[str, object]:
    """The call as JSON-ready data: the stable schema of ``ivr call URL --json``. Addresses are without their query."""
    call = handset.call
    return {
        "url": shown(call.number.url),
        "turns": [
            {
                "at_s": round(part.at_s, 1),
                "did": part.did,
                "heard": [
                    {
                        "at_s": round(e.at_s, 1),
                        "seconds": round(e.seconds, 1),
                        "place": e.place,
                        "language": e.language,
                        "text": e.text,
                        "cut": e.cut,
                    }
                    for e in part.entries
                    if isinstance(e, Heard) and e.verb != "Pause"
                ],
                "requests": [_request(e) for e in part.entries if isinstance(e, Asked)],
                "problems": [
                    {"code": p.code, "severity": p.severity, "message": p.message, "hint": p.hint}
                    for p in problems(part.entries)
                ],
            }
            for part in handset.parts
        ],
        "ended": handset.ended,
        "ended_by": call.ended_by,
        "status": call.status,
        "waits_for": "" if handset.ended else waiting_for(handset.waits),
        "seconds": round(call.now_s, 1),
    }


def _request(entry: Asked) -> dict[str, object]:
    reply = entry.reply
    came = (
        {"status": None, "failure": reply.kind}
        if isinstance(reply, Failed)
        else {"status": reply.status, "failure": ""}
    )
    return {"at_s": round(entry.at_s, 1), "method": entry.request.method, "url": shown(entry.request.url), **came}
