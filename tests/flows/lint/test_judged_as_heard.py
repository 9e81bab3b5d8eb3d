"""Rules judge what callers hear: not labels that nobody speaks, not questions as menus, not a recorded name as a
message.
"""

from __future__ import annotations

import pytest

from flows.lint.engine import lint
from flows.model.load import load_text
from tests.support import texts

HEAD = texts.flow("", more="queues: {desk: {}}\n")
TAIL = "  desk: {type: queue, queue: desk}\n  bye: {type: hangup, say: Goodbye.}\n"


def told(nodes: str, *codes: str) -> list[tuple[str, str]]:
    """Code and message of what some rules find in nodes, the first of which is `main`."""
    return [(finding.code, finding.message) for finding in lint(load_text(HEAD + nodes + TAIL), select=codes)]


def menu(name: str, choices: str, more: str = "", otherwise: str = "desk") -> str:
    return f"  {name}: {{type: menu, choices: [{choices}], otherwise: {otherwise}{more}}}\n"


# --- M101 and M102 ----------------------------------------------------------------------------------------------------


def test_options_that_nobody_hears_do_not_count() -> None:
    """Eight keys, three of them announced."""
    spoken = ", ".join(f"{{key: {key}, label: wine, next: desk}}" for key in (1, 2, 3))
    silent = ", ".join(f"{{key: {key}, next: desk}}" for key in (4, 5, 6, 7, 8))
    assert told(menu("main", f"{spoken}, {silent}"), "M102") == []
    assert [
        code for code, _ in told(menu("main", f"{spoken}, {silent.replace(', next', ', label: tea, next')}"), "M102")
    ] == ["M102"]


def test_a_menu_that_takes_too_long_is_told_once() -> None:
    """Six options of 14 words and a key: 6 * (14 / 2.5 + 0.4) + 5 * 0.6 = 39.0 s."""
    label = " ".join(["wine"] * 12)
    choices = ", ".join(f"{{key: {key}, label: {label}, next: desk}}" for key in range(1, 7))
    assert [(code, message[:35]) for code, message in told(menu("main", choices), "M101", "M102")] == [
        ("M101", "menu 'main' takes 39.0 s to hear, 6")
    ]


# --- M103 -------------------------------------------------------------------------------------------------------------

ASKED = {
    "yes and no": ", intro: You called about an order.",
    "a question mark": ", intro: Is it a new order?",
    "neither": ", intro: Northwind.",
}


@pytest.mark.parametrize(("kind", "levels"), [("yes and no", 3), ("a question mark", 3), ("neither", 4)])
def test_a_question_with_two_answers_is_no_level(kind: str, levels: int) -> None:
    labels = ("yes", "no") if kind == "yes and no" else ("new", "old")
    nodes = menu("main", "{key: 1, label: orders, next: asked}")
    nodes += menu(
        "asked", f"{{key: 1, label: {labels[0]}, next: third}}, {{key: 2, label: {labels[1]}, next: bye}}", ASKED[kind]
    )
    nodes += menu("third", "{key: 1, label: wine, next: fourth}") + menu("fourth", "{key: 1, label: red, next: desk}")
    assert bool(told(nodes, "M103")) is (levels > 3)


def test_whether_a_number_is_right_is_no_level() -> None:
    nodes = menu("main", "{key: 1, label: orders, next: ask}")
    nodes += (
        "  ask: {type: collect, say: 'Enter your 4-digit order.', into: order, digits: 4, next: said, otherwise:"
        " desk}\n"
    )
    nodes += "  said: {type: play, say: 'You entered {order:digits}.', next: check}\n"
    nodes += menu("check", "{key: 1, label: accept, next: third}, {key: 2, label: enter it again, next: ask}")
    nodes += menu("third", "{key: 1, label: wine, next: fourth}") + menu("fourth", "{key: 1, label: red, next: desk}")
    assert told(nodes, "M103") == []
    assert told(nodes.replace("again, next: ask", "again, next: bye"), "M103")[0][1].startswith(
        "menu 'fourth' is on level 4"
    )


# --- M111 -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("after", "found"), [(", next: main", []), ("", ["M111"]), (", next: rate", ["M111"])])
def test_a_recording_that_goes_on_to_a_menu_is_no_message_box(after: str, found: list[str]) -> None:
    """Where nobody can help, silence may end the call; a recorded name helps nobody. A survey after a message takes
    nothing from it.
    """
    nodes = (
        "  main: {type: menu, choices: [{key: 1, label: your name, next: rec}, {key: 2, label: the time, next:"
        " end}], otherwise: end}\n  rec: {type: voicemail, box: names, say: Say your name after the tone., max:"
        f" 10s{after}}}\n  rate: {{type: survey, questions: [{{kind: csat}}], next: end}}\n  end: {{type: hangup, say:"
        " It is noon. Goodbye.}\n"
    )
    text = texts.flow(nodes, more="keys: {star: back}\n")
    assert [finding.code for finding in lint(load_text(text), select=["M111"])] == found


# --- M121 and M122 ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("closing", "seconds"),
    [
        ("For all other calls, please stay on the line.", ""),
        ("Or just hold the line.", ""),
        ("For a person, press any other key.", ""),
        ("We are glad to be of service.", "2.8"),  # 7 words / 2.5
        ("For all other calls, stay on the line. We are glad to serve.", "2.0"),  # 5 words / 2.5
    ],
)
def test_what_callers_get_for_doing_nothing_is_an_option(closing: str, seconds: str) -> None:
    nodes = (
        f'  main: {{type: menu, prompt: "For sales, press 1. {closing}", choices: [{{key: 1, next: desk}}], attempts:'
        " 1, otherwise: bye}\n"
    )
    found = [message for _, message in told(nodes, "M121")]
    assert found == ([f"menu 'main' goes on for {seconds} s after its last option"] if seconds else [])


def test_a_pound_after_the_last_key_belongs_to_it() -> None:
    nodes = (
        '  main: {type: menu, prompt: "For sales, press 1, followed by the pound sign.", choices: [{key: 1, next:'
        " desk}], otherwise: bye}\n"
    )
    assert told(nodes, "M121") == []


def test_labels_that_a_written_prompt_does_not_speak_are_not_compared() -> None:
    labels = "{key: 1, label: billing, next: desk}, {key: 2, label: billing questions, next: bye}"
    apart = ', prompt: "To pay, press 1. To ask about a bill, press 2."'
    alike = ', prompt: "For wine, press 1. For red wine, press 2."'
    assert told(menu("main", labels, apart), "M122") == []
    assert told(menu("main", labels.replace("billing questions", "sales"), alike), "M122") == [
        ("M122", "keys 1 and 2 of menu 'main' sound alike: all of 'wine' is in 'red wine'")
    ]
