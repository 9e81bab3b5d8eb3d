"""Twists of real phone trees, each in a flow of its own: what lint finds, to the letter, and what it must not find, and
why.

Beside ``phone_trees/NAME.yaml`` is ``NAME.txt``: its first line says what the twist is; the lines with ``+`` are all
findings, written as in ``tests/flows/lint/test_rules.py``; a line with ``-`` is a rule that would be noise here, with
the reason.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.lint.engine import lint
from flows.lint.rules import rules
from flows.model.load import load
from ivr.__main__ import main
from ivr.phone.call_script import read_scripts
from ivr.phone.flow_scripts import run
from tests.support.paths import DATA
from tests.support.rule_files import line_of

FOLDER = DATA / "phone_trees"
TREES = sorted(path.stem for path in FOLDER.glob("*.yaml"))


def expected(name: str) -> tuple[list[str], dict[str, str]]:
    """The findings of a tree, and the reasons why rules find nothing, by code."""
    twist, *lines = (FOLDER / f"{name}.txt").read_text("utf-8").splitlines()
    assert twist.startswith("# ")
    assert len(twist) > 40
    quiet = {code: why for code, _, why in (line[2:].partition(" ") for line in lines if line.startswith("- "))}
    return [line[2:] for line in lines if line.startswith("+ ")], quiet


def test_there_are_eleven_of_them() -> None:
    assert len(TREES) == 11
    assert {path.stem for path in FOLDER.glob("*.txt")} == set(TREES)


@pytest.mark.parametrize("name", TREES)
def test_a_tree_has_these_findings_and_no_others(name: str) -> None:
    found, quiet = expected(name)
    assert [line_of(finding) for finding in lint(load(str(FOLDER / f"{name}.yaml")))] == found
    assert quiet
    assert all(code in rules() and len(why) > 10 for code, why in quiet.items())
    assert not {line.split()[2] for line in found} & set(quiet)


# What a caller meets who does what is announced.
CALLS = {
    "ferry_codes": ("press 31\n  hear All sailings leave as planned", "press 1\n  hear All sailings leave as planned"),
    "clinic_return": ("press 1\n  press *\n  hear For appointments",),
    "directory_letters": (
        "press 1\n  press 272\n  given person = Brand\n  lookup found\n  hear We put you through to Brand",
        "press 1\n  press 0\n  hear One moment",
    ),
    "insurer_stay": ("wait\n  hear Please hold",),
    "transit_other": ("press 7\n  hear that is not one of the choices", "press 2\n  press 7\n  hear One moment"),
    "benefits_pound": ("press 1\n  press #\n  hear I did not hear anything",),
    "survey_gender": (
        "record\n  press 2\n  press 42#\n  hear You are 42 years old",
        "record\n  press 2\n  press 0#\n  hear You are 0 years old",
    ),
    "airline_status": ("press 1\n  press 3\n  hear One moment",),
    "hospital_rooms": ("press 1\n  press 9999\n  hear There is no such room",),
    "tax_refund": ("press 2\n  hear April 15",),
    "tax_counties": ("press 1\n  press 04\n  hear 6-digit parcel number", "press 1\n  press 0\n  hear One moment"),
}


@pytest.mark.parametrize(("name", "lines"), [(name, lines) for name in TREES for lines in CALLS[name]])
def test_a_caller_meets_what_is_found_and_nothing_else(name: str, lines: str) -> None:
    (script,) = read_scripts(f"call: one\n  {lines}\n", "one.calls")
    assert run(load(str(FOLDER / f"{name}.yaml")).flow, script).findings == ()


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.calls")), ids=lambda file: file.stem)
def test_a_tree_with_scripts_of_its_own_is_clean_and_every_exit_is_tried(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert expected(file.stem)[0] == []
    assert main(["test", str(file.with_suffix(".yaml"))]) == 0
    assert capsys.readouterr().out.endswith(" exits tried.\n")
