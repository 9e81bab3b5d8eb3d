"""One meaning: `step`, the terminal phone and the chain take random callers of every flow along the same path.

The flows are the shipped ones, and one for each node type and other construct.

For the webhooks see tests/journeys/test_one_meaning_webhooks.py.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from flows.model.flow import Flow
from flows.model.load import load
from flows.protocol.actions import Ask, Event, HungUp, Listen, Outcome, Passed, Silence
from ivr.interpreter.chain import END, Chain, tabulate
from ivr.interpreter.clock_and_chance import answer
from ivr.interpreter.session import Session
from ivr.interpreter.step import awaiting, step
from ivr.phone.terminal_phone import Phone
from tests.support.library import FIXTURES, SHIPPED
from tests.support.random_caller import RandomCaller, callers

CALLERS = int(os.environ.get("IVR_CALLERS", "1000"))
"""10,000 in the long form (`make prove`, and every check of a change)."""

FLOWS = (*SHIPPED, *FIXTURES)
NAMES = tuple(Path(name).stem for name in FLOWS)


def by_step(flow: Flow, caller: RandomCaller) -> tuple[list[tuple[str, str]], Session, list[Event]]:
    """The path through the bare interpreter, whose session goes through JSON at every turn."""
    events: list[Event] = [caller.start()]
    session, actions = step(flow, Session(), events[0])
    path = [(a.node, a.outcome) for a in actions if isinstance(a, Passed)]
    while not session.ended:
        waits = actions[-1]
        event = answer(flow, waits, caller.now, call=caller.call) if isinstance(waits, Ask) else caller.event(waits)
        events.append(event)
        session = Session.from_json(session.to_json())
        session, actions = step(flow, session, event)
        path += [(a.node, a.outcome) for a in actions if isinstance(a, Passed)]
    return path, session, events


def by_phone(flow: Flow, caller: RandomCaller) -> tuple[list[tuple[str, str]], Session]:
    phone = Phone(flow, caller.now, caller.start(), call=caller.call)
    phone._takes_s = lambda event, **_: 0.0  # type: ignore[method-assign]  # the same moment for every `hours`, as in `step`
    phone.dial()
    phone.elapsed_s = 0.0
    while not phone.ended:
        assert phone.waits is not None
        phone.elapsed_s = 0.0
        phone.send(caller.event(phone.waits))
    return list(phone.path), phone.session


def by_chain(chain: Chain, path: list[tuple[str, str]], *, hung_up: bool) -> list[tuple[str, str]]:
    """The path through the chain that takes the same outcomes; returns of subflows follow by themselves."""
    walked: list[tuple[str, str]] = []
    at = chain.start
    while at != END and len(walked) < len(path):
        state = chain.states[at]
        if state.ends:
            walked.append((state.node, "hangup"))
            break
        outcome = path[len(walked)][1]
        if hung_up and len(walked) == len(path) - 1:
            walked.append((state.node, "hung_up"))
            break
        edge = state.edge(outcome)
        walked += [(state.node, outcome), *edge.returned]
        at = edge.to
    return walked


@pytest.mark.parametrize("name", FLOWS, ids=NAMES)
def test_random_callers_go_the_same_way(name: str) -> None:
    flow = load(name).flow
    chain = tabulate(flow)
    visited: set[str] = set()
    for seed, caller in enumerate(callers(flow, CALLERS)):
        path, session, _ = by_step(flow, caller)
        phone_path, phone_session = by_phone(flow, RandomCaller(flow, seed))
        assert phone_path == path, f"caller {seed}"
        assert phone_session.outcome == session.outcome
        hung_up = bool(path) and path[-1][1] == "hung_up"
        if not session.fell_back or session.steps < 500:
            assert by_chain(chain, path, hung_up=hung_up) == path, f"caller {seed}"
        visited |= {node for node, _ in path}
    if CALLERS >= 10_000 and name in SHIPPED:
        assert visited == set(flow.nodes), "random callers reach every node"


@pytest.mark.parametrize("name", FLOWS, ids=NAMES)
def test_the_chain_ends_as_the_interpreter_says(name: str) -> None:
    flow = load(name).flow
    chain = tabulate(flow)
    for seed, caller in enumerate(callers(flow, 500, first_seed=50_000)):
        path, session, _ = by_step(flow, caller)
        if path[-1][1] == "hung_up":
            continue
        at = chain.start
        ends = ""
        for _, outcome in path:
            state = chain.states[at]
            if state.ends:
                ends = state.ends
                break
            if outcome not in {edge.outcome for edge in state.edges}:
                continue  # the row of a returning subflow
            edge = state.edge(outcome)
            at, ends = edge.to, edge.ends
            if at == END:
                break
        assert ends == session.outcome, f"caller {seed}"


def test_an_event_that_does_not_belong_changes_nothing() -> None:
    flow = load("northwind").flow
    session, _ = step(flow, Session(), RandomCaller(flow, 1).start())
    waits = awaiting(flow, session)
    assert isinstance(waits, Listen)
    again, actions = step(flow, session, Outcome("answered"))
    assert again == session
    assert actions[-1] == waits


def test_a_call_that_has_ended_stays_so() -> None:
    flow = load("northwind").flow
    session, _ = step(flow, Session(), RandomCaller(flow, 1).start())
    session, _ = step(flow, session, HungUp())
    assert session.ended
    assert session.outcome == "abandoned_in_menu"
    assert step(flow, session, Silence()) == (session, ())
