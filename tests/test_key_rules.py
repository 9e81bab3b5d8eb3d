"""The rules on the keys of a menu, by flows in which they could contradict each other: what is told, what is not, and why."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.lint import lint
from flows.load import load, load_text
from flows.mend import mended
from flows.rules import rules
from flows.rules._precedence import PRECEDENCE

FLOWS = Path(__file__).parent / "advice"
KEYS = ["M105", "M114", "M115"]


def found(name: str) -> list[tuple[str, int, str]]:
    return [(finding.code, finding.line, finding.hint) for finding in lint(load(str(FLOWS / f"{name}.yaml")), select=KEYS)]


def menu(choices: str, rest: str = "otherwise: bye", more: str = "") -> list[tuple[str, str]]:
    text = f"ivr: 1\nname: Line\nstart: main\nnodes:\n  main: {{type: menu, choices: [{choices}], {rest}}}\n{more}  bye: {{type: hangup}}\n"
    return [(finding.code, finding.hint) for finding in lint(load_text(text), select=KEYS)]


def test_the_order_that_saves_time_is_not_called_disorder() -> None:
    """M105 moves the choices and leaves them their keys: 3, 2, 1, 4 are then said in that order, for a reason."""
    loaded = load(str(FLOWS / "by_share.yaml"))
    result = mended(loaded, lambda now: lint(now, select=KEYS), unsafe=False)
    assert [choice.key for choice in result.loaded.flow.nodes["main"].choices] == ["3", "2", "1", "4"]  # type: ignore[attr-defined]
    assert lint(result.loaded, select=KEYS) == ()
    assert [code for code, _, _ in found("by_share")] == ["M105"]


def test_keys_out_of_order_without_a_reason_are_told() -> None:
    """Equal shares and lengths: no order saves time, so that the keys may as well count up."""
    said = "give them the keys 1, 2 in the order in which they are said"
    assert menu("{key: 2, label: tea, share: 0.5, next: bye}, {key: 1, label: rum, share: 0.5, next: bye}") == [("M115", said)]
    assert menu("{key: 2, label: tea, next: bye}, {key: 1, label: rum, next: bye}") == [("M115", said)]


def test_a_gap_is_told_in_the_order_that_saves_time_too() -> None:
    long = "every single thing that you could ever want to know about our tea"
    assert menu(f"{{key: 4, label: rum, share: 0.9, next: bye}}, {{key: 2, label: {long}, share: 0.1, next: bye}}") == [
        ("M115", "give them the keys 2, 1 in the order in which they are said; callers wait for what does not come")
    ]


def test_one_label_gets_one_key_and_its_neighbours_one_each() -> None:
    """Repairs are on 2 in the main menu: they change places with what is on 2, or take another name where that is as firm."""
    assert found("drifting") == [
        ("M115", 17, "give them the keys 1, 2, 3 in the order in which they are said"),
        ("M114", 19, "use key 2 here too, and key 3 for 'all other questions'; or use another label"),
        ("M114", 26, "use key 1 here too, and key 2 for 'a flat tyre'; or use another label"),
        ("M114", 32, "use another label: key 2 is 'spare parts' here, as in another menu"),
        ("M114", 33, "use key 3 here too, and key 2 for 'anything else'; or use another label"),
    ]


def test_a_key_that_its_label_has_elsewhere_leaves_a_gap_in_peace() -> None:
    """Prices are on 3 in two menus; in the second nothing is on 2."""
    assert not any(line == 16 for _, line, _ in found("held"))


@pytest.mark.parametrize("label", ["anything else", "all other questions", "Everything else.", "other matters"])
def test_what_means_the_rest_has_no_key_of_its_own(label: str) -> None:
    lower = f"  lower: {{type: menu, choices: [{{key: 1, label: gin, next: bye}}, {{key: 2, label: {label}, next: bye}}], otherwise: bye}}\n"
    upper = f"{{key: 1, label: tea, next: lower}}, {{key: 2, label: rum, next: bye}}, {{key: 3, label: {label}, next: bye}}"
    assert menu(upper, more=lower) == []
    assert [code for code, _ in menu(upper.replace(label, "the bar"), more=lower.replace(label, "the bar"))] == ["M114"]


def test_a_label_that_nobody_hears_drifts_for_nobody() -> None:
    """The written prompt calls it by another name."""
    lower = (
        "  lower: {type: menu, prompt: 'For a drink, press 1. For the bar, press 2.', choices: [{key: 1, label: tea, next: bye}, "
        "{key: 2, label: rum, next: bye}], otherwise: bye}\n"
    )
    assert menu("{key: 1, label: rum, next: lower}, {key: 2, label: cider, next: bye}", more=lower) == []


def test_the_rest_stays_last_however_many_want_it() -> None:
    """Nobody knows what the rest is before the others have been said."""
    line = "{key: 1, label: opening hours of the museum on holidays, next: bye, share: 0.1}, {key: 2, label: all other questions, next: bye, share: 0.9}"
    assert menu(line) == []
    assert [code for code, _ in menu(line.replace("all other questions", "tickets"))] == ["M105"]


@pytest.mark.parametrize("code", KEYS)
def test_the_page_of_each_says_which_comes_first(code: str) -> None:
    assert PRECEDENCE in rules()[code].options
    assert all(other in PRECEDENCE for other in KEYS)
