"""The rules on the keys of a menu, by flows in which they could contradict each other: what is told, what is not, and
why.
"""

from __future__ import annotations

import json
import random
from collections import Counter

import pytest

from flows.lint.apply_fixes import apply_fixes
from flows.lint.engine import lint
from flows.lint.rules import rules
from flows.lint.rules.menus._precedence import PRECEDENCE
from flows.model.load import load, load_text
from tests.support.following import followed
from tests.support.paths import DATA

FLOWS = DATA / "advice"
KEYS = ["M105", "M114", "M115"]


def found(name: str) -> list[tuple[str, int, str]]:
    return [
        (finding.code, finding.line, finding.hint) for finding in lint(load(str(FLOWS / f"{name}.yaml")), select=KEYS)
    ]


def menu(choices: str, rest: str = "otherwise: bye", more: str = "") -> list[tuple[str, str]]:
    text = (
        f"ivr: 1\nname: Line\nstart: main\nnodes:\n  main: {{type: menu, choices: [{choices}], {rest}}}\n{more}  bye:"
        " {type: hangup}\n"
    )
    return [(finding.code, finding.hint) for finding in lint(load_text(text), select=KEYS)]


def test_the_order_that_saves_time_is_not_called_disorder() -> None:
    """M105 moves the choices and leaves them their keys: 3, 2, 1, 4 are then said in that order, for a reason."""
    loaded = load(str(FLOWS / "by_share.yaml"))
    result = apply_fixes(loaded, lambda now: lint(now, select=KEYS), unsafe=False)
    assert [choice.key for choice in result.loaded.flow.nodes["main"].choices] == ["3", "2", "1", "4"]  # type: ignore[attr-defined]
    assert lint(result.loaded, select=KEYS) == ()
    assert [code for code, _, _ in found("by_share")] == ["M105"]


def test_keys_out_of_order_without_a_reason_are_told() -> None:
    """Equal shares and lengths: no order saves time, so that the keys may as well count up."""
    said = "give them the keys 1, 2 in the order in which they are said"
    assert menu("{key: 2, label: tea, share: 0.5, next: bye}, {key: 1, label: rum, share: 0.5, next: bye}") == [
        ("M115", said)
    ]
    assert menu("{key: 2, label: tea, next: bye}, {key: 1, label: rum, next: bye}") == [("M115", said)]


def test_a_gap_is_told_in_the_order_that_saves_time_too() -> None:
    long = "every single thing that you could ever want to know about our tea"
    assert menu(f"{{key: 4, label: rum, share: 0.9, next: bye}}, {{key: 2, label: {long}, share: 0.1, next: bye}}") == [
        ("M115", "give them the keys 2, 1 in the order in which they are said; callers wait for a key that never comes")
    ]


def test_one_label_gets_one_key_and_its_neighbours_one_each() -> None:
    """Repairs are on 2 in the main menu: they change places with what is on 2, or take another name where that is as
    firm.
    """
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
    lower = (
        f"  lower: {{type: menu, choices: [{{key: 1, label: gin, next: bye}}, {{key: 2, label: {label}, next: bye}}],"
        " otherwise: bye}\n"
    )
    upper = (
        f"{{key: 1, label: tea, next: lower}}, {{key: 2, label: rum, next: bye}}, {{key: 3, label: {label}, next: bye}}"
    )
    assert menu(upper, more=lower) == []
    assert [code for code, _ in menu(upper.replace(label, "the bar"), more=lower.replace(label, "the bar"))] == ["M114"]


def test_a_label_that_nobody_hears_drifts_for_nobody() -> None:
    """The written prompt calls it by another name."""
    lower = (
        "  lower: {type: menu, prompt: 'For a drink, press 1. For the bar, press 2.', choices: [{key: 1, label: tea,"
        " next: bye}, {key: 2, label: rum, next: bye}], otherwise: bye}\n"
    )
    assert menu("{key: 1, label: rum, next: lower}, {key: 2, label: cider, next: bye}", more=lower) == []


def test_the_rest_stays_last_however_many_want_it() -> None:
    """Nobody knows what the rest is before the others have been said."""
    line = (
        "{key: 1, label: opening hours of the museum on holidays, next: bye, share: 0.1}, {key: 2, label: all other"
        " questions, next: bye, share: 0.9}"
    )
    assert menu(line) == []
    assert [code for code, _ in menu(line.replace("all other questions", "tickets"))] == ["M105"]


@pytest.mark.parametrize("code", KEYS)
def test_the_page_of_each_says_which_comes_first(code: str) -> None:
    assert PRECEDENCE in rules()[code].options
    assert all(other in PRECEDENCE for other in KEYS)


LABELS = ("tea", "rum", "gin", "the history of our beloved house and its owners", "bread", "anything else", "the desk")
ADVISED = [*KEYS, "M120"]
JUDGED = ["M001", "M003", *ADVISED, "M116"]


def any_line(seed: int) -> str:
    """Up to four menus with keys, labels and shares by chance; every label at most once in a menu."""
    chance = random.Random(seed)
    number = chance.randint(1, 4)
    nodes: dict[str, object] = {
        "bye": {"type": "hangup", "say": "Bye."},
        "desk": {"type": "dial", "number": "+14155550100", "otherwise": "bye"},
    }
    for i in range(number):
        size = chance.randint(1, 5)
        digits = (
            chance.sample([*"12345678", *(["12"] if chance.random() < 0.1 else [])], size)
            if chance.random() < 0.6
            else list("12345"[:size])
        )
        weights = [chance.random() for _ in digits]
        stated = chance.random() < 0.4
        choices = [
            {
                "key": key,
                "label": label,
                "next": chance.choice([*(f"m{n}" for n in range(number)), "bye", "desk"]),
                **({"share": f"{weight / sum(weights):.3f}"} if stated else {}),
            }
            for key, label, weight in zip(digits, chance.sample(LABELS, size), weights, strict=True)
        ]
        nodes[f"m{i}"] = {"type": "menu", "choices": choices, "otherwise": "desk"}
    keys = {"keys": {"0": {"next": "desk", "label": "the desk"}, "9": "repeat"}} if chance.random() < 0.5 else {}
    return json.dumps({"ivr": "1", "name": "L", "start": "m0", "nodes": nodes, **keys})


def told(text: str) -> dict[str, str]:
    """The code by message."""
    return {finding.message: finding.code for finding in lint(load_text(text), select=JUDGED)}


@pytest.mark.parametrize("first", range(0, 160, 40))
def test_advice_on_the_keys_of_any_line_is_undone_by_none(first: int) -> None:
    """The fault is gone where it was, and no kind has become more; a key that stood in the way of counting up in
    another menu may be free after M114."""
    followed_of: Counter[str] = Counter()
    for seed in range(first, first + 40):
        loaded = load_text(any_line(seed))
        before = told(loaded.document.text)
        for finding in lint(loaded, select=ADVISED):
            text = followed(finding, loaded.document)
            if text is None:
                assert finding.hint.startswith(("use another label", "group the choices"))
                continue
            after = told(text)
            assert finding.message not in after, (seed, finding)
            more = {code for code in JUDGED if list(after.values()).count(code) > list(before.values()).count(code)}
            assert more <= ({"M115"} if finding.code == "M114" else set()), (seed, finding, more)
            followed_of[finding.code] += 1
    assert min(followed_of[code] for code in KEYS) > 0
