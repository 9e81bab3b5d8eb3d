"""Files of shifts: every mistake is one finding at its place, with a hint that works."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from flows.source.finding import Finding, ScenarioError
from simulation.loading.load import load_scenario
from simulation.loading.shifts import load_shifts, parse_shifts
from simulation.scenario.loaded import LoadedScenario


def finding(kind: str) -> Finding:
    """The only finding about a kind of shift, which begins in column 9 of line 1."""
    with pytest.raises(ScenarioError) as caught:
        parse_shifts(f"shifts: {{day: {{{kind}}}}}", "shifts.yaml")
    (found,) = caught.value.findings
    assert (found.file, found.line) == ("shifts.yaml", 1)
    return found


@pytest.mark.parametrize(
    ("kind", "code", "message", "hint"),
    [
        ("lenght: 8h", "F001", "unknown key 'lenght'", "did you mean 'length'?"),
        ("start: '08:00'", "F002", "'length' is missing", "add 'length: ...'"),
        ("length: 8", "F003", "'8' is not a multiple of 5 minutes", "write one like 4h, 30m or 1h45m"),
        ("length: long", "F003", "'long' is not a duration", "write 30s, 15m or 1h"),
        ("length: 9h..4h", "F003", "'9h..4h' runs backwards", "write the shorter first, like 4h..9h"),
        (
            "length: 20h",
            "F003",
            "a shift of 20h is not more than 0 and at most 16h",
            "write for example length: 4h..9h",
        ),
        ("length: 8h, start: noon", "F003", "'noon' is not a time of day", 'write one like "08:30", in quotes'),
        (
            "length: 8h, start: '12:00..07:00'",
            "F003",
            "'12:00..07:00' runs backwards",
            'write the earlier first, like "07:00..12:00"',
        ),
        (
            "length: 8h, agents: many",
            "F003",
            "'many' is not a whole number from 0 to 10,000",
            "write one like 12, or 4..12",
        ),
        ("length: 8h, agents: 9..4", "F003", "'9..4' runs backwards", "write the smaller first, like 4..12"),
        ("length: 8h, days: [monday]", "F003", "'monday' is not one of", "did you mean 'mon'?"),
        ("length: 8h, every: 7m", "F003", "'7m' is not a multiple of 5 minutes", "write one like 4h, 30m or 1h45m"),
        (
            "length: 8h, breaks: {length: 30m}",
            "F003",
            "a break has after or before_end",
            "write for example {length: 30m, after: 3h..5h}",
        ),
        (
            "length: 4h..8h, breaks: {length: 30m, after: 3h..5h}",
            "X005",
            "in a shift of day that lasts 4h, this break of 30m would not lie within the shift",
            "write over: 5h, so that only longer shifts have it, or a narrower after",
        ),
        (
            "length: 8h, breaks: [{length: 30m, after: 2h..4h}, {length: 30m, after: 4h}]",
            "X005",
            "in a shift of day that lasts 8h, this break may begin 4h after the start, and the one before it may end",
            "write over: 8h, so that only longer shifts have it, or put breaks in order and further apart",
        ),
        (
            "length: 8h, hours_a_day: 7h",
            "X005",
            "the shortest shift of day works 8h; hours_a_day allows 7h",
            "write hours_a_day: 8h or more, or a shorter length",
        ),
        (
            "length: 8h, hours_a_week: 6h",
            "X005",
            "the shortest shift of day works 8h; hours_a_week allows 6h",
            "write hours_a_week: 8h or more, or a shorter length",
        ),
        ("length: 8h, days_a_week: 9", "X005", "days_a_week of day is 9; it is from 1 to 7", "write days_a_week: 5"),
        ("length: 8h, rest: 30h", "F003", "30h is not from 0h to 24h", "write a duration from 0h to 24h"),
        (
            "length: 8h, agents: 3, people: {Ann: {}}",
            "F003",
            "agents and people both say how many work such shifts",
            "leave agents out: it is the people named",
        ),
    ],
)
def test_a_mistake_is_one_finding_with_a_hint(kind: str, code: str, message: str, hint: str) -> None:
    found = finding(kind)
    assert found.code == code
    assert found.message.startswith(message)
    assert found.hint == hint


@pytest.fixture(scope="module")
def loaded() -> LoadedScenario:
    """Groups billing, technicians, second tier, sales, service and generalists."""
    return load_scenario("northwind")


@pytest.mark.parametrize(
    ("kind", "code", "message", "hint"),
    [
        ("groups: bilings", "X001", "there is no group 'bilings' in the scenario", "did you mean 'billing'?"),
        ("agents: {saels: 3}", "X001", "there is no group 'saels' in the scenario", "did you mean 'sales'?"),
        (
            "groups: [billing], agents: {sales: 3}",
            "X005",
            "agents of sales do not work such shifts",
            "add sales to groups",
        ),
        (
            "groups: [billing, sales], people: {Ann: {}}",
            "X005",
            "Ann may belong to any of billing, sales",
            "say which: Ann",
        ),
        (
            "groups: [billing], people: {Ann: {group: sales}}",
            "X005",
            "Ann belongs to sales, which does not",
            "add sales to",
        ),
        ("groups: [billing]", "X005", "no kind of shift is for the group 'technicians'", "add it to the groups of day"),
    ],
)
def test_kinds_fit_the_groups_of_the_scenario(
    loaded: LoadedScenario, tmp_path: Path, kind: str, code: str, message: str, hint: str
) -> None:
    file = tmp_path / "shifts.yaml"
    file.write_text(f"shifts: {{day: {{length: 8h, {kind}}}}}", "utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_shifts(file, loaded)
    found = caught.value.findings[0]
    assert (found.code, found.line) == (code, 1)
    assert found.message.startswith(message)
    assert found.hint.startswith(hint)


def test_a_roster_is_for_a_week_at_most(loaded: LoadedScenario, tmp_path: Path) -> None:
    file = tmp_path / "shifts.yaml"
    file.write_text("shifts: {day: {length: 8h}}", "utf-8")
    longer = replace(loaded, scenario=loaded.scenario.model_copy(update={"horizon": 8 * 86_400.0}))
    with pytest.raises(ScenarioError, match="a roster is for a week at most; the horizon of the scenario is 8 days"):
        load_shifts(file, longer)
    assert load_shifts(file, loaded)["day"].length == (480, 480)


def test_another_file_is_named_as_what_it_is(loaded: LoadedScenario, tmp_path: Path) -> None:
    file = tmp_path / "monday.yaml"
    file.write_text("flow: northwind\nhorizon: 12h\n", "utf-8")
    with pytest.raises(ScenarioError, match="this is a scenario, not a file of shifts"):
        load_shifts(file, loaded)
    with pytest.raises(ScenarioError, match="Y002"):
        load_shifts(tmp_path / "missing.yaml", loaded)


def test_a_scenario_may_state_its_own(tmp_path: Path) -> None:
    own = load_scenario("northwind", settings=["shifts={day: {length: 8h, start: '08:00'}}"])
    assert load_shifts(None, own)["day"].start == (480, 480)
    with pytest.raises(ScenarioError, match="there is no group 'sale' in the scenario"):
        load_scenario("northwind", settings=["shifts={day: {length: 8h, groups: [sale]}}"])
