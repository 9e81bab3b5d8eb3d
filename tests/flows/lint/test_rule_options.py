"""Thresholds of rules are options: what a designer may want to change can be set, and pages and guides say so."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path

import pytest

from flows.lint.explain import options_text
from flows.lint.rules import Rule, rules
from tests.support.paths import ROOT

RULES_BY_FILE = {rule.name.replace("-", "_"): rule.code for rule in rules().values()}
RULES = ROOT / "flows" / "lint" / "rules"
CHECKED = [rule for rule in rules().values() if rule.check]
_WORDS = dict(
    zip(
        ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "fifteen", "twenty"),
        (2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 20),
        strict=True,
    )
)
_NUMBER = re.compile(
    rf"(?<![\w:'.,-])(?:\d+(?:,\d{{3}})*(?:\.\d+)?|{'|'.join(_WORDS)})(?![\w:'-]|[.,]\d)", re.IGNORECASE
)

# Numbers on pages that are no thresholds: facts that no setting changes.
FACTS: dict[str, dict[float, str]] = {
    "S012": {2: "a key twice is the fault itself"},
    "M119": {2: "between two digits"},
    "M120": {2: "several keys"},
    "M002": {4: "the language's longest key"},
    "M003": {1: "an example", 12: "an example"},
    "M112": {3: "the first time and two repetitions"},
    "M108": {0: "a key"},
    "M109": {0: "a key"},
    "M115": {0: "keys", 1: "keys", 2: "keys", 3: "keys", 9: "keys"},
    "M103": {2: "yes and no"},
    "P006": {4217: "a standard"},
    "M123": {2: "an example of jargon"},
    "P108": {5: "one more than most_digits"},
    "R005": {168: "hours of a week"},
    "R021": {1: "the key that accepts"},
    "R018": {3: "minutes of the law, which the simulation counts"},
    "D003": {2: "what the reader ever says of a secret"},
    "T001": {1600: "the carriers' limit"},
    "T002": {64: "digits of a gather", 500: "hints of a gather", 100: "characters of a hint"},
    "T003": {
        64: "the service's limit",
        64000: "the service's limit",
        13000: "left for addresses",
        3000: "the voice's limit",
    },
    "T004": {10: "the language's longest lookup", 15: "the service's limit"},
}

# Numbers in rule modules that are no thresholds of a designer's.
CONSTANTS: dict[str, str] = {
    "M105 _CALLS": "a round number for the hint",
    "M119 USUAL_S": "for the hint",
    "S003 _MOST_NAMED": "a hint names so many",
    "P007 _LINES": "saves time: no text is longer",
    "P007 _SHOWN": "room in a message",
    "P101 _SHORT_S": "saves time: no language needs longer for a character",
    "P107 _CHARACTERS_PER_WORD": "saves time",
    "P112 _MANY": "one option is no number of options",
    "R031 _MOST_DAYS": "limit of effort",
    "R005 YEAR": "a year to take the seasons of",
    "R005 _TWO": "enough to know of another",
    "R005 (_DAY_MIN, _WEEK_MIN)": "minutes of a day and a week",
    "S011 DEPTH": "limit of the interpreter",
    "S016 MOST_LOOKUPS": "limit of effort",
    "T001 TEXT_CHARACTERS": "the carriers' limit",
    "T002 (HINTS, HINT_CHARACTERS)": "the service's limits",
    "T003 MOST_BYTES": "the service's limit",
    "T003 ADDRESS_BYTES": "what addresses take of it",
    "T003 _SHORT_CHARACTERS": "saves time",
    "T004 MOST_S": "the service's limit",
    **{
        f"{code} SHOWN": "names listed in a message"
        for code in ("M110", "M111", "M128", "P002", "S002", "S005", "S007", "S013")
    },
}


def numbers(rule: Rule) -> set[float]:
    text = f"{rule.what} {rule.options}"
    return {float(_WORDS.get(found.lower(), found.replace(",", ""))) for found in _NUMBER.findall(text)}


def settable(rule: Rule) -> set[float]:
    """Defaults as a page may say them: as they are, in percent, in minutes."""
    return {value for option in rule.settings for value in (option.default, option.default * 100, option.default / 60)}


@pytest.mark.parametrize("rule", CHECKED, ids=lambda rule: rule.code)
def test_every_number_on_a_page_can_be_set_or_is_a_fact(rule: Rule) -> None:
    left = {n for n in numbers(rule) if not any(abs(n - value) < 1e-9 for value in settable(rule))}
    assert left == set(FACTS.get(rule.code, {}))


def test_no_number_of_a_rule_is_a_bare_constant() -> None:
    found = set()
    for path in sorted(RULES.rglob("[a-z]*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                name = ast.unparse(node.targets[0] if isinstance(node, ast.Assign) else node.target)
                parts = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
                if all(isinstance(part, ast.Constant) and isinstance(part.value, int | float) for part in parts):
                    found.add(f"{RULES_BY_FILE.get(path.stem, path.stem)} {name}")
    assert found == set(CONSTANTS)


def test_no_rule_compares_with_a_number_of_its_own() -> None:
    """0, 1 and 2 count things (none, one, several); anything else is a threshold or a constant with a name."""
    found = []
    for path in sorted(RULES.rglob("[a-z]*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Compare):
                sides = [node.left, *node.comparators]
                found += [
                    (RULES_BY_FILE.get(path.stem, path.stem), s.value)
                    for s in sides
                    if isinstance(s, ast.Constant) and type(s.value) in (int, float) and s.value not in (0, 1, 2)
                ]
    assert found == []


@pytest.mark.parametrize("rule", [rule for rule in CHECKED if rule.settings], ids=lambda rule: rule.code)
def test_every_option_is_on_its_page(rule: Rule) -> None:
    text = options_text(rule)
    for option in rule.settings:
        assert f"{option.name} ({option.default:g}): {option.meaning}" in text
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", option.name)
        assert option.meaning.endswith((".", ")."))


@pytest.mark.parametrize("rule", [rule for rule in CHECKED if rule.settings], ids=lambda rule: rule.code)
def test_the_check_asks_for_every_option(rule: Rule) -> None:
    source = Path(str(inspect.getsourcefile(rule.check))).read_text("utf-8")
    asked = set(re.findall(rf'context\.option\("{rule.code}", (\w+)\)', source))
    declared = set(re.findall(r"^(\w+) = (?:Option|Threshold)\(", source, re.M))
    assert asked == declared
    assert len(declared) == len(rule.settings)
