"""Answers that any driver can give to an `Ask`: the clock, switches, and draws that stay the same in one call."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

from flows.model.flow import Flow
from flows.model.switches import closing, unknown_switch
from flows.nodes.appointment import SLOTS, Appointment
from flows.nodes.switch import MESSAGE, SPOKEN_IN
from flows.protocol.actions import Action, Ask, Event
from flows.protocol.actions import Outcome as Answer
from flows.source.document import nearest
from flows.source.finding import UsageError, usage_error
from ivr.interpreter.free_slots import Taken, free_slots
from ivr.interpreter.session import Session
from ivr.interpreter.step import step

__all__ = ["OFF", "Switched", "advance", "answer", "drawn", "spoken", "stated_answers", "switched_on"]

Switched = Mapping[str, Mapping[str, str]]
"""The switches that are on, and their messages by language: none for a switch that says what the flow says."""
OFF: Switched = {}
"""Every switch is off."""
NOBODY: Taken = {}
"""Every time of an appointment is free."""


def answer(
    flow: Flow,
    ask: Ask,
    now: dt.datetime,
    *,
    call: str = "",
    language: str = "",
    switched: Switched = OFF,
    taken: Taken = NOBODY,
) -> Answer:
    """The answer to an `Ask` at a moment.

    Parameters
    ----------
    flow : Flow
    ask : Ask
        About opening hours, a switch, times of an appointment, the day, or a draw.
    now : datetime
        With a time zone.
    call : str
        Identity of the call, which decides its draws.
    language : str
        The caller's language.
    switched : mapping of str to dict
        The switches that are on, and their messages by language.
    taken : mapping of str to int
        How many have each time of an appointment already.

    Returns
    -------
    Outcome
        Its label is one of ``ask.labels``.

    Examples
    --------
    >>> flow = Flow.model_validate({"ivr": "1", "name": "Line", "start": "bye", "nodes": {"bye": {"type": "hangup"}},
    ...     "hours": {"office": {"zone": "UTC", "mon-fri": "08:00-20:00"}}})
    >>> sunday = dt.datetime(2026, 11, 22, tzinfo=dt.timezone.utc)
    >>> answer(flow, Ask("hours", "office", ("open", "closed")), sunday).label
    'closed'
    """
    if ask.what == "draw":
        return Answer(drawn(ask, call))
    if ask.what == "today":
        zone = next((ZoneInfo(hours.zone) for hours in flow.hours.values()), dt.UTC)
        return Answer(ask.labels[0], {"today": now.astimezone(zone).date().isoformat()})
    if ask.what == "switch":
        return Answer("on", spoken(switched[ask.name], language)) if ask.name in switched else Answer("off")
    node = flow.nodes.get(ask.name)
    if ask.what == "slots":
        slots = free_slots(flow, node, now, taken) if isinstance(node, Appointment) else ()
        return Answer("offered", {SLOTS: " ".join(slots)}) if slots else Answer("none")
    if closing(flow.switches, switched, ask.name):
        return Answer("closed")
    hours = flow.hours.get(ask.name)
    label = hours.label(now) if hours else ""
    return Answer(label if label in ask.labels else ask.labels[-1])  # a holiday without an outcome of its own is closed


def spoken(messages: Mapping[str, str], language: str) -> dict[str, str]:
    """The values with which a switch is on: its message in the caller's language, else in another that it has.

    Parameters
    ----------
    messages : mapping of language to str
        Empty when the switch was turned on without a message.
    language : str
        The caller's.

    Examples
    --------
    >>> spoken({"en-US": "Closed today."}, "es-US")
    {'switch_message': 'Closed today.', 'switch_language': 'en-US'}
    """
    tag = language if language in messages else next(iter(messages), "")
    return {MESSAGE: messages[tag], SPOKEN_IN: tag} if tag else {}


def drawn(ask: Ask, call: str) -> str:
    """The label drawn for a call: always the same for one call, and distributed by the shares over many.

    Parameters
    ----------
    ask : Ask
        Its `labels`, and their `shares`, which sum to 1.
    call : str
        Identity of the call.

    Examples
    --------
    >>> ask = Ask("draw", "wording", ("a", "b"), (0.25, 0.75))
    >>> drawn(ask, "CA1") == drawn(ask, "CA1")
    True

    1,000 of 4,000 are expected, with a standard deviation of 27.

    >>> abs([drawn(ask, f"CA{i}") for i in range(4000)].count("a") - 1000) < 4 * 27.4
    True
    """
    number = int.from_bytes(hashlib.sha256(f"{ask.name}\n{call}".encode()).digest()[:8], "big") / 2**64
    for label, share in zip(ask.labels, ask.shares, strict=True):
        number -= share
        if number < 0:
            return label
    return ask.labels[-1]


def stated_answers(flow: Flow, option: str, pairs: Iterable[str]) -> dict[str, Answer]:
    """Answers by node, read from ``NODE=LABEL`` or ``NODE=LABEL:NAME=TEXT,...`` and checked against the flow.

    Parameters
    ----------
    flow : Flow
    option : str
        The option that states them, for messages.
    pairs : iterable of str

    Returns
    -------
    dict of str to Outcome

    Raises
    ------
    UsageError
        When there is no such node, or it has no such outcome.

    Examples
    --------
    >>> who = {"type": "lookup", "url": "https://example.com", "into": {"tier": "tier"},
    ...     "on": {"found": "bye"}, "failure": "bye"}
    >>> nodes = {"who": who, "bye": {"type": "hangup"}}
    >>> flow = Flow.model_validate({"ivr": "1", "name": "Line", "start": "who", "nodes": nodes})
    >>> stated_answers(flow, "--lookup", ["who=found:tier=gold"])
    {'who': Outcome(label='found', values={'tier': 'gold'})}
    """
    answers = {}
    for pair in pairs:
        answer_text, _, brought = pair.partition(":")
        name, _, label = (part.strip() for part in answer_text.partition("="))
        if name not in flow.nodes:
            near = nearest(name, list(flow.nodes))
            raise _wrong(
                f"{option} {pair!r}: there is no node {name!r}",
                f"did you mean {near!r}?" if near else "name a node of the flow",
            )
        known = [wire.outcome for wire in flow.nodes[name].wires()]
        if label not in known:
            raise _wrong(f"{option} {pair!r}: {name!r} cannot answer {label!r}", f"it can answer {', '.join(known)}")
        values = {}
        for part in filter(None, (part.strip() for part in brought.split(","))):
            value, equals, text = (piece.strip() for piece in part.partition("="))
            if not equals:
                raise _wrong(f"{option} {part!r} gives nothing", "write NAME=TEXT")
            values[value] = text
        answers[name] = Answer(label, values)
    return answers


def switched_on(flow: Flow, option: str, pairs: Iterable[str]) -> Switched:
    """The switches that are on, read from ``NAME=on``, ``NAME=on:MESSAGE`` or ``NAME=off``.

    Parameters
    ----------
    flow : Flow
    option : str
        The option that states them, for messages.
    pairs : iterable of str

    Raises
    ------
    UsageError
        When the flow declares no such switch, or it is neither on nor off.

    Examples
    --------
    >>> flow = Flow.model_validate({"ivr": "1", "name": "Line", "start": "bye", "nodes": {"bye": {"type": "hangup"}},
    ...     "switches": {"storm": {"say": "We are closed."}}})
    >>> switched_on(flow, "--switch", ["storm=on:Back at noon."]), switched_on(flow, "--switch", ["storm=off"])
    ({'storm': {'en-US': 'Back at noon.'}}, {})
    """
    found: dict[str, dict[str, str]] = {}
    for pair in pairs:
        stated, _, message = pair.partition(":")
        name, _, state = (part.strip() for part in stated.partition("="))
        if problem := unknown_switch(flow.switches, name):
            raise _wrong(f"{option} {pair!r}: {problem[0]}", problem[1])
        if state not in ("on", "off"):
            raise _wrong(f"{option} {pair!r}: a switch is on or off, not {state!r}", f"write {name}=on or {name}=off")
        found.pop(name, None)
        if state == "on":
            found[name] = {flow.languages[0]: message.strip()} if message.strip() else {}
    return found


def _wrong(message: str, hint: str) -> UsageError:
    return usage_error("U001", message, hint)


def advance(
    flow: Flow,
    session: Session,
    event: Event,
    now: dt.datetime,
    *,
    call: str = "",
    answers: Mapping[str, Answer] | None = None,
    switched: Switched = OFF,
) -> tuple[Session, tuple[Action, ...]]:
    """`step`, with every `Ask` answered by the clock or a draw, so that the actions end in one that a caller or a
    service answers.

    Parameters
    ----------
    flow : Flow
    session : Session
    event : Event
    now : datetime
        With a time zone.
    call : str
        Identity of the call, which decides its draws.
    answers : mapping of str to Outcome, optional
        Stated answers by the name of what is asked, instead of clock and draw.
    switched : mapping of str to dict
        The switches that are on, and their messages by language.

    Returns
    -------
    session, actions
        As from `ivr.interpreter.step.step`; no action is an `Ask`.
    """
    session, actions = step(flow, session, event)
    while actions and isinstance(ask := actions[-1], Ask):
        stated = (answers or {}).get(ask.name) if ask.what != "switch" else None
        found = answer(flow, ask, now, call=call, language=session.language, switched=switched)
        reply = stated if stated and stated.label in ask.labels else found
        session, more = step(flow, session, reply)
        actions = (*actions[:-1], *more)
    return session, actions
