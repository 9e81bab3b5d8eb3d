"""What happens to callers who say nothing: told once where one default would fix it, and not where one does."""

from __future__ import annotations

import itertools

from flows.lint.engine import lint
from flows.model.load import load_text

HEAD = "ivr: 1\nname: Line\nstart: main\nkeys: {0: desk}\n"
TAIL = '  desk: {type: dial, number: "+14155550100", otherwise: bye}\n  bye: {type: hangup, say: Goodbye.}\n'


def menus(number: int, otherwise: str = "") -> str:
    names = ["main", *(f"m{i}" for i in range(1, number)), "bye"]
    end = f", otherwise: {otherwise}" if otherwise else ""
    return "".join(
        f"  {a}: {{type: menu, choices: [{{key: 1, label: on, next: {b}}}]{end}}}\n"
        for a, b in itertools.pairwise(names)
    )


def found(text: str) -> list[tuple[str, int, str, str]]:
    return [(f.code, f.line, f.message, f.hint) for f in lint(load_text(text), select=["M110", "M111"])]


def test_one_menu_is_told_of_itself_and_several_of_the_default() -> None:
    assert found(f"{HEAD}nodes:\n{menus(1)}{TAIL}") == [
        (
            "M110",
            6,
            "'main' (menu) does not say what happens after silence or a wrong key, 3 times",
            "add 'otherwise: desk', or another node that helps",
        )
    ]
    assert found(f"{HEAD}nodes:\n{menus(8)}{TAIL}") == [
        (
            "M110",
            6,
            (
                "8 nodes do not say what happens after silence or a wrong key: 'main', 'm1', 'm2', 'm3', 'm4', 'm5' and"
                " 2 more"
            ),
            "add 'fallback: desk' to the flow, for all of them, or 'otherwise' to each",
        )
    ]


def test_a_default_that_helps_is_an_answer_and_one_that_does_not_is_none() -> None:
    assert found(f"{HEAD}fallback: desk\nnodes:\n{menus(3)}{TAIL}") == []
    assert [hint for _, _, _, hint in found(f"{HEAD}fallback: bye\nnodes:\n{menus(3)}{TAIL}")] == [
        "lead 'fallback' to 'desk', for all of them, or add 'otherwise' to each"
    ]


def test_menus_that_hang_up_are_told_once_for_each_end() -> None:
    assert found(f"{HEAD}nodes:\n{menus(3, 'bye')}{TAIL}") == [
        (
            "M111",
            6,
            "3 nodes send silent callers to 'bye', which only ends the call: 'main', 'm1', 'm2'",
            "leave 'otherwise' out in all of them and add 'fallback: desk' to the flow",
        )
    ]
    assert found(f"{HEAD}nodes:\n{menus(1, 'bye')}{TAIL}") == [
        (
            "M111",
            6,
            "after 3 attempts 'main' sends silent callers to 'bye', which only ends the call",
            "lead 'otherwise' to 'desk', or to a message box",
        )
    ]


def test_a_goodbye_that_others_hear_stays_a_goodbye() -> None:
    """What only silent callers hear may go on to a person; what served callers hear too may not."""
    sorry = (
        "  main: {type: menu, choices: [{key: 1, label: on, next: %s}], otherwise: sorry}\n  sorry: {type: play, say:"
        " Bye now., next: bye}\n"
    )
    assert [hint for _, _, _, hint in found(f"{HEAD}nodes:\n{sorry % 'desk'}{TAIL}")] == [
        "lead 'next' of 'sorry' to 'desk', or to a message box"
    ]
    assert [hint for _, _, _, hint in found(f"{HEAD}nodes:\n{sorry % 'sorry'}{TAIL}")] == [
        "lead 'otherwise' to 'desk', or to a message box"
    ]


def test_a_recording_that_goes_on_to_a_menu_is_no_help() -> None:
    """A name of ten seconds: the line has neither a person nor a message box, which M108 and not M111 is about."""
    text = """ivr: 1
name: Line
start: main
nodes:
  main:
    type: menu
    choices: [{key: 1, label: your name, next: named}, {key: 2, label: the times, next: times}]
    otherwise: bye
  named: {type: voicemail, box: names, say: Say your name after the tone., max: 10s, next: main}
  times: {type: play, say: We open at nine., serves: true, next: main}
  bye: {type: hangup, say: Goodbye.}
"""
    assert found(text) == []
    assert [code for code, *_ in found(text.replace("max: 10s, next: main", "next: bye"))] == ["M111"]
