"""A key that callers are told to press does what they are told, wherever the line listens; or a finding says that it
does not.
"""

from __future__ import annotations

import pytest

from flows.lint.engine import lint
from flows.model.load import load_text
from flows.nodes.base import Here
from ivr.phone.call_script import read_scripts
from ivr.phone.flow_scripts import run

HEAD = "ivr: 1\nname: Line\nstart: main\nqueues: {desk: {}}\n"
TAIL = "\n  desk: {type: queue, queue: desk}\n  bye: {type: hangup, say: Goodbye.}\n"


def told(node: str, keys: str = "", code: str = "M116") -> list[str]:
    """The messages of a rule about one node, `main`."""
    text = f"{HEAD}{f'keys: {keys}' if keys else ''}\nnodes:\n  main: {node}{TAIL}"
    return [finding.message for finding in lint(load_text(text), select=[code]) if finding.node == "main"]


ZERO = (
    '{type: collect, say: "Enter your 8-digit account number, or press 0 for a person.", into: a, digits: 8, next: bye,'
    " otherwise: bye}"
)
SKIP = (
    '{type: collect, say: "Enter your age in years. To skip, press pound.", into: a, digits: 1-3, next: bye, otherwise:'
    " bye}"
)
SKIP_OR = (
    '{type: collect, say: "Enter your age, or press pound to skip.", into: a, digits: 1-3, next: bye, otherwise: bye}'
)
ANY = (
    '{type: menu, prompt: "For sales, press 1. For all else, press any other key.", choices: [{key: 1, next: desk}],'
    " otherwise: bye"
)


@pytest.mark.parametrize(
    ("node", "keys", "messages"),
    [
        (ZERO, "", ["the prompt announces key 0, but nothing here accepts it"]),
        (ZERO, "{0: desk}", []),  # a lone 0 cannot be eight digits
        (
            ZERO.replace("8,", "1-8,"),
            "{0: desk}",
            ["the prompt announces key 0, which is taken as part of the number"],
        ),
        (SKIP, "", ["the prompt announces key pound, which ends an entry: pressed alone, it counts as silence"]),
        (SKIP_OR, "", ["the prompt announces key pound, which ends an entry: pressed alone, it counts as silence"]),
        (SKIP, "{pound: desk}", []),
        (SKIP.replace("To skip, press pound", "Then press pound"), "", []),
        (SKIP.replace("To skip, press pound", "To finish, press pound"), "", []),
        (SKIP.replace("To skip, press pound", "Press a key for each digit"), "", []),
        (
            (
                '{type: language, say: "For Spanish, press 2. For a person, press 0.", choices: [{key: 2, language:'
                " en-US}], next: bye}"
            ),
            "",
            ["the prompt announces key 0, but nothing here accepts it"],
        ),
        (
            "{type: queue, queue: desk, say: 'To leave a message, press 1.', while_waiting: {2: bye}}",
            "{1: bye}",
            ["the prompt announces key 1, but nothing here accepts it"],
        ),  # nothing works everywhere in a queue
        (
            "{type: queue, queue: desk, announce: {say: 'To leave a message, press 2.'}, while_waiting: {2: bye}}",
            "",
            [],
        ),
        (
            "{type: voicemail, box: b, say: 'Leave a message. For a person, press 0. When you are done, press pound.'}",
            "{0: desk}",
            ["the prompt announces key 0, but nothing here accepts it"],
        ),
        (
            (
                "{type: survey, questions: [{kind: resolved, say: 'If all is well, press 1. If not, press 2. For a"
                " person, press 3.'}], next: bye}"
            ),
            "",
            ["the question announces key 3, but nothing here accepts it"],
        ),
        (
            "{type: callback, say: 'To go back, press star.', on: {failed: bye}, otherwise: bye}",
            "",
            ["the prompt announces key star, but nothing here accepts it"],
        ),
        ("{type: callback, say: 'To go back, press star.', on: {failed: bye}, otherwise: bye}", "{star: bye}", []),
        (
            "{type: survey, questions: [{kind: nps, say: 'From 0 to 10? For a person, press 0.'}], next: bye}",
            "{0: {next: desk, label: a person}}",
            ["the question announces key 0 with its usual label, but here it leads elsewhere"],
        ),
        (
            "{type: survey, questions: [{kind: csat, say: 'From 1 to 5? For a person, press 0.'}], next: bye}",
            "{0: {next: desk, label: a person}}",
            [],
        ),
        (
            (
                '{type: menu, prompt: "For sales, press 1. For a person, press 0.", choices: [{key: 1, next: desk},'
                " {key: 0, next: bye}], otherwise: bye}"
            ),
            "{0: {next: desk, label: a person}}",
            ["the prompt announces key 0 with its usual label, but here it leads elsewhere"],
        ),
        (f"{ANY}}}", "", ["the prompt announces 'any other key', but 'main' accepts only the keys it offers"]),
        (f"{ANY}, attempts: 1}}", "", []),
        (
            (
                '{type: menu, prompt: "In an emergency, hang up and dial 911. For sales, press 1.", choices: [{key: 1,'
                " next: desk}], otherwise: bye}"
            ),
            "",
            [],
        ),
        (
            (
                '{type: menu, prompt: "For sales, press 1. Or dial 1 800 555 0100.", choices: [{key: 1, next: desk}],'
                " otherwise: bye}"
            ),
            "",
            [],
        ),
    ],
)
def test_what_is_announced_is_taken_or_told(node: str, keys: str, messages: list[str]) -> None:
    assert told(node, keys) == messages


def test_the_finding_stands_where_the_key_is_announced() -> None:
    text = f"{HEAD}nodes:\n  main: {ZERO}{TAIL}"
    (found,) = lint(load_text(text), select=["M116"])
    line = text.splitlines()[found.line - 1]
    assert line[found.column - 1 :].startswith("press 0 for a person")


@pytest.mark.parametrize(
    ("pressed", "ends"), [("#", "skipped"), ("4#", "age 4"), ("41#", "age 41"), ("123", "age 123")]
)
def test_a_pound_that_works_everywhere_is_heard_alone_and_ends_a_number(pressed: str, ends: str) -> None:
    """Alone it leads where it leads everywhere; behind digits it ends them."""
    text = (
        f"{HEAD}keys: {{pound: skipped}}\nnodes:\n  main: {SKIP.replace('next: bye', 'next: told')}\n"
        f"  told: {{type: hangup, say: 'age {{a}}'}}\n  skipped: {{type: hangup, say: skipped}}{TAIL}"
    )
    loaded = load_text(text)
    listen = loaded.flow.nodes[
        "main"
    ].enter  # what the carrier is told: no key that ends, or pound alone would never arrive
    assert listen(Here(loaded.flow, "main", "en-US"))[-1].finish_key == ""  # type: ignore[union-attr]
    (script,) = read_scripts(f"call: one\n  press {pressed}\n  hear {ends}\n", "one.calls")
    assert run(loaded.flow, script).findings == ()


def test_a_longer_key_that_works_everywhere_delays_the_keys_of_menus() -> None:
    menu = (
        "{type: menu, choices: [{key: 1, label: sales, next: desk}, {key: 2, label: bills, next: bye}], otherwise: bye}"
    )
    text = f"{HEAD}keys: {{19: bye, 35: bye}}\nnodes:\n  main: {menu}{TAIL}"
    assert [(f.line, f.column, f.message) for f in lint(load_text(text), select=["M003"])] == [
        (5, 8, "19, which works everywhere, begins with key 1 of 'main': callers who press 1 wait 3 s for nothing")
    ]


def test_pound_after_a_key_that_acts_at_once_is_told_and_after_a_longer_one_it_is_taken() -> None:
    prompt = (
        '{{type: menu, prompt: "For sales, press 1, followed by the pound sign. For the spa, press {key}, then press'
        ' pound.", choices: [{{key: 1, next: desk}}, {{key: {key}, next: bye}}], otherwise: bye}}'
    )
    assert told(prompt.format(key=2), code="M125") == [
        "the prompt says 'followed by the pound sign', but one key acts at once: the pound goes to the next node"
    ]
    assert told(prompt.format(key=2)) == []  # pound is announced with a key and not by itself
    assert told(prompt.format(key=31), code="M125") == []
