"""What is remembered of nodes is what they say: in every shipped flow, whatever the values of the call are."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flows.model.load import load, load_text
from flows.protocol.actions import Keys, Say, Start
from flows.speech.prompt import placeholders
from ivr.interpreter.action_cache import Remembered, enter
from ivr.interpreter.session import Session
from ivr.interpreter.step import awaiting, step

SHIPPED = ("northwind", "credit_union", "power_outage", "city_services")
SAYS_NAME = load_text("""
{ivr: 1, name: Line, start: main, nodes: {
  main: {type: menu, otherwise: plain,
    choices: [{key: 1, label: a secret, next: told}, {key: 2, label: more, next: plain}]},
  told: {type: play, say: "Hello {name}.", next: main}, plain: {type: play, say: Hello., next: main}}}
""").flow


@pytest.mark.parametrize("name", SHIPPED)
def test_every_node_says_the_same_whoever_was_there_before(name: str) -> None:
    """Each state of each node is entered by callers with other values, with none, and by the first again."""
    flow = load(name).flow
    remembered = Remembered(flow)
    names = {name for node in flow.nodes.values() for name in node.writes()} | {"ani", "dnis"}
    names |= {
        name
        for node in flow.nodes.values()
        for _, prompt in node.prompts()
        for text in prompt.text.values()
        for name in placeholders(text)
    }
    values = [tuple(sorted((name, text) for name in names)) for text in ("7", "12")]
    entered = 0
    for node in flow.nodes:
        for language in flow.languages:
            for phase in flow.nodes[node].phases():
                for attempt, reason in ((1, ""), (2, "no_input"), (3, "no_match")):
                    state = Session(node=node, language=language, attempt=attempt, reason=reason, phase=phase)
                    for session in (
                        replace(state, values=values[0]),
                        replace(state, values=values[1]),
                        state,
                        replace(state, values=values[0]),
                    ):
                        assert remembered(flow, session) == enter(flow, session)
                        entered += 1
    assert entered == 4 * 3 * len(flow.languages) * sum(len(node.phases()) for node in flow.nodes.values())


def test_what_holds_a_value_is_said_anew_and_what_does_not_is_the_same_object() -> None:
    remembered = Remembered(SAYS_NAME)
    told = [
        remembered(SAYS_NAME, Session(node="told", language="en-US", values=(("name", name),)))
        for name in ("Ann", "Bob", "Ann")
    ]
    assert [actions[0].text for actions in told if isinstance(actions[0], Say)] == [
        "Hello Ann.",
        "Hello Bob.",
        "Hello Ann.",
    ]
    plain = [
        remembered(SAYS_NAME, Session(node="plain", language="en-US", values=(("name", name),)))
        for name in ("Ann", "Bob")
    ]
    assert plain[0] is plain[1]


def test_a_call_goes_the_same_way() -> None:
    remembered, session, other = Remembered(SAYS_NAME), Session(), Session()
    for event in (Start(values={"name": "Ann"}), Keys("1"), Keys("2"), Keys("9"), Keys("1")):
        session, actions = step(SAYS_NAME, session, event, entering=remembered)
        other, same = step(SAYS_NAME, other, event)
        assert (session, actions) == (other, same)
        assert awaiting(SAYS_NAME, session, entering=remembered) == awaiting(SAYS_NAME, session) is not None


def test_another_flow_is_refused() -> None:
    with pytest.raises(ValueError, match="another flow"):
        Remembered(SAYS_NAME)(SAYS_NAME.model_copy(), Session(node="plain", language="en-US"))
