"""Answers from outside that are stated for a call."""

from __future__ import annotations

import pytest

from flows.model.load import load_text
from flows.protocol.actions import Outcome
from flows.source.finding import UsageError
from ivr.interpreter.clock_and_chance import stated_answers

FLOW = load_text(
    """\
ivr: 1
name: Line
start: who
nodes:
  who: {type: lookup, url: "https://example.com", into: {tier: tier}, on: {found: bye}, failure: bye}
  bye: {type: hangup}
""",
    "line.yaml",
).flow


def test_an_answer_may_bring_values() -> None:
    assert stated_answers(FLOW, "--lookup", ["who=found:tier=gold", "who = found : tier = lead , "]) == {
        "who": Outcome("found", {"tier": "lead"})
    }
    assert stated_answers(FLOW, "--lookup", []) == {}


@pytest.mark.parametrize(
    ("pair", "message", "hint"),
    [
        ("whom=found", "--lookup 'whom=found': there is no node 'whom'", "did you mean 'who'?"),
        ("xyz=found", "--lookup 'xyz=found': there is no node 'xyz'", "name a node of the flow"),
        ("who=lost", "--lookup 'who=lost': 'who' cannot answer 'lost'", "it can answer found, "),
        ("who=found:tier", "--lookup 'tier' gives nothing", "write NAME=TEXT"),
    ],
)
def test_what_cannot_be_answered_is_told(pair: str, message: str, hint: str) -> None:
    with pytest.raises(UsageError) as error:
        stated_answers(FLOW, "--lookup", [pair])
    (finding,) = error.value.findings
    assert finding.message == message
    assert finding.hint.startswith(hint)
