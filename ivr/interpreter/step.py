"""The interpreter: one pure function from a session and an event to the next session and the actions to take.

A call that exceeds a limit goes to the flow's fallback instead of looping: `MAX_IDLE` nodes without input, `MAX_STEPS`
nodes per call, `MAX_DEPTH` nested subflows.
"""

from __future__ import annotations

from dataclasses import replace

from flows.analysis.leg_time import presses_of
from flows.model.flow import Flow
from flows.nodes.base import END, FALLBACK, Move
from flows.protocol.actions import (
    WAITING,
    Action,
    Enqueue,
    Event,
    HangUp,
    HungUp,
    Keys,
    Passed,
    Speech,
    Start,
)
from flows.speech.languages import language as language_of
from flows.values.caller_numbers import normal_number
from ivr.interpreter.action_cache import Enter, enter
from ivr.interpreter.session import Session
from ivr.interpreter.shared_attempts import tried

__all__ = ["MAX_DEPTH", "MAX_IDLE", "MAX_STEPS", "awaiting", "begin", "leave", "passed_on", "step"]

MAX_IDLE = 100
MAX_STEPS = 1_000
MAX_DEPTH = 8


def step(flow: Flow, session: Session, event: Event, *, entering: Enter = enter) -> tuple[Session, tuple[Action, ...]]:
    """Advance a call by one event.

    Parameters
    ----------
    flow : Flow
    session : Session
        ``Session()`` before the call begins.
    event : Event
        `Start` first; then what the last action waits for, or `HungUp` at any time. An event that does not fit changes
        nothing and returns the current actions again.
    entering : Enter
        Gives the actions of a node that is entered. A driver of many calls passes an
        `ivr.interpreter.action_cache.Remembered`.

    Returns
    -------
    session : Session
        The session after the event.
    actions : tuple of Action
        In order; the last one waits for an event or ends the call. Empty once the call has ended.

    Examples
    --------
    >>> from flows.model.flow import Flow
    >>> flow = Flow.model_validate({"ivr": "1", "name": "Line", "start": "hi", "nodes": {
    ...     "hi": {"type": "play", "say": "Hello.", "next": "bye"}, "bye": {"type": "hangup"}}})
    >>> session, actions = step(flow, Session(), Start())
    >>> [type(action).__name__ for action in actions], session.outcome
    (['Say', 'Passed', 'Passed', 'HangUp'], 'contained')
    """
    if session.ended:
        return session, ()
    if isinstance(event, HungUp):
        return _hung_up(flow, session, entering)
    out: list[Action] = []
    if not session.node:
        if not isinstance(event, Start):
            return session, ()
        known = dict(event.values) | {k: v for k, v in _numbers(event) if v}
        language = event.language if event.language in flow.languages else flow.languages[0]
        session = replace(session.with_values(known), language=language, seq=1)
        session = _resolve(flow, session, Move(flow.start), out)
        return _run(flow, session, out, entering)
    reading = flow.nodes[session.node].classify(session.here(flow), event)
    if reading is None:
        return session, entering(flow, session)
    acted = isinstance(event, (Keys, Speech))
    session = replace(
        session.with_values(dict(reading.values)),
        seq=session.seq + 1,
        key_presses=session.key_presses + presses_of(event),
        idle=0 if acted else session.idle,
        zero_out=session.zero_out or (acted and reading.outcome == "0"),
    )
    session = _leave(flow, session, reading.outcome, out)
    return _run(flow, session, out, entering)


def _numbers(event: Start) -> tuple[tuple[str, str], ...]:
    """The numbers of caller and line in one format, whatever the driver uses; empty when withheld."""
    return ("ani", normal_number(event.ani)), ("dnis", normal_number(event.dnis))


def awaiting(flow: Flow, session: Session, *, entering: Enter = enter) -> Action | None:
    """The action that the call waits for; None before it begins and after it has ended."""
    if session.ended or not session.node:
        return None
    return entering(flow, session)[-1]


def _run(flow: Flow, session: Session, out: list[Action], entering: Enter) -> tuple[Session, tuple[Action, ...]]:
    """Enter nodes until one waits or the call ends."""
    while not session.ended:
        actions = entering(flow, session)
        out.extend(actions)
        if actions and isinstance(actions[-1], HangUp):
            out.insert(len(out) - 1, Passed(session.node, "hangup"))
            session = replace(session, ended=True, outcome=actions[-1].outcome)
        elif actions and isinstance(actions[-1], WAITING):
            break
        else:
            reading = flow.nodes[session.node].classify(session.here(flow), None)
            if reading is None:
                session = _resolve(flow, session, Move(FALLBACK), out)
            else:
                session = _leave(flow, session.with_values(dict(reading.values)), reading.outcome, out)
    return session, tuple(out)


def leave(flow: Flow, session: Session, outcome: str) -> tuple[Session, tuple[Action, ...]]:
    """Leave the current node of `session` by `outcome`; `ivr.interpreter.chain` is built from these moves.

    Returns
    -------
    session : Session
        At the next node, not yet entered, or ended.
    actions : tuple of Action
        What the move alone leads to: `Passed`, and `HangUp` where the call ends.
    """
    out: list[Action] = []
    return _leave(flow, session, outcome, out), tuple(out)


def begin(flow: Flow, language: str = "") -> Session:
    """The session at the flow's first node, not yet entered."""
    session = Session(language=language or flow.languages[0], seq=1)
    return _resolve(flow, session, Move(flow.start), [])


def passed_on(flow: Flow, session: Session, node: str) -> Session:
    """The session after an agent has talked to the caller and transfers them to the node of another queue."""
    return _resolve(flow, session, Move(node, outcome="handled"), [])


def _leave(flow: Flow, session: Session, outcome: str, out: list[Action]) -> Session:
    out.append(Passed(session.node, outcome))
    return _resolve(flow, session, flow.nodes[session.node].next(session.here(flow), outcome), out)


def _resolve(flow: Flow, session: Session, move: Move, out: list[Action]) -> Session:
    """The session after `move`: ``back``, ``repeat`` and ``return`` become nodes, limits become the fallback."""
    while True:
        if move.outcome or move.language:
            session = replace(
                session, outcome=move.outcome or session.outcome, language=move.language or session.language
            )
        to = move.to
        if to == END:
            out.append(HangUp(session.outcome or "contained"))
            return replace(session, ended=True, outcome=session.outcome or "contained")
        if to == "repeat":
            return _enter(session, Move(session.node), flow)
        if to == "back":
            return _enter(session, Move(_place_before(session)), flow)
        if to.partition(" ")[0] == "return" and session.stack:
            label = to.partition(" ")[2] or "returned"
            caller = session.stack[-1][0]
            session = replace(session, stack=session.stack[:-1])
            out.append(Passed(caller, label))
            move = flow.nodes[caller].next(session.here(flow, caller), label)
            continue
        too_far = session.idle >= MAX_IDLE or session.steps >= MAX_STEPS + MAX_IDLE * session.fell_back
        too_deep = move.call and len(session.stack) >= MAX_DEPTH
        if to not in flow.nodes or too_far or too_deep:
            if (session.fell_back and (too_far or to not in flow.nodes)) or flow.fallback_node is None:
                return _give_up(flow, session, out)
            session = replace(session, fell_back=True, idle=0, stack=())
            move = Move(flow.fallback_node)
            continue
        session, elsewhere = tried(flow, session, move)
        if elsewhere is not None:
            move = elsewhere
            continue
        if move.call:
            session = replace(session, stack=(*session.stack, (session.node, len(session.history))))
        elif move.leave:
            session = replace(session, stack=())
        return _enter(session, move, flow)


def _enter(session: Session, move: Move, flow: Flow) -> Session:
    """The session at the node moved to; returning to a menu that was entered before a subflow ends that subflow."""
    again = move.to == session.node and (move.attempt > 1 or bool(move.phase))
    history, stack = session.history, session.stack
    if flow.nodes[move.to].keeps_place and not again:
        if move.to in history:
            history = history[: history.index(move.to)]
            stack = tuple(frame for frame in stack if frame[1] <= len(history))
        history = (*history, move.to)
    # Written out, as this runs for every edge of a chain: `replace` takes twice as long.
    return Session(
        node=move.to,
        language=session.language,
        attempt=move.attempt,
        reason=move.reason,
        phase=move.phase,
        outcome=session.outcome,
        history=history,
        stack=stack,
        values=session.values,
        steps=session.steps + 1,
        idle=session.idle + 1,
        seq=session.seq,
        zero_out=session.zero_out,
        key_presses=session.key_presses,
        fell_back=session.fell_back,
        ended=session.ended,
        silences=move.silences,
        wrong_keys=move.wrong_keys,
        asked=session.asked,
    )


def _place_before(session: Session) -> str:
    """The menu before this one; outside a menu, the last menu; if there is none, the node itself."""
    before = session.history[:-1] if session.history and session.history[-1] == session.node else session.history
    return before[-1] if before else session.node


def _give_up(flow: Flow, session: Session, out: list[Action]) -> Session:
    apology = session.here(flow).speak(language_of(session.language).apology, barge_in=False)
    out += [apology, HangUp("failed")]
    return replace(session, ended=True, outcome="failed")


def _hung_up(flow: Flow, session: Session, entering: Enter) -> tuple[Session, tuple[Action, ...]]:
    if not session.node:
        return replace(session, ended=True, outcome="abandoned_in_menu"), ()
    waiting = isinstance(awaiting(flow, session, entering=entering), Enqueue)
    outcome = "abandoned" if waiting else session.if_hung_up
    return replace(session, ended=True, outcome=outcome), (Passed(session.node, "hung_up"),)
