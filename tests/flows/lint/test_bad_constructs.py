"""Files that use constructs of the language wrongly: every finding, with its place, cause and hint."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from flows.lint.run import lint
from flows.model.load import load
from flows.source.finding import FlowError
from tests.support.paths import DATA
from tests.support.rule_files import line_of

FOLDER = DATA / "bad_flows" / "constructs"


@pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.glob("*.txt")))
def test_every_finding_has_its_place_and_hint(name: str) -> None:
    expected = (FOLDER / f"{name}.txt").read_text("utf-8").splitlines()
    try:
        found = tuple(lint(load(Path(FOLDER / f"{name}.yaml")), today=dt.date(2026, 12, 1)))
    except FlowError as error:
        found = error.findings
    assert [line_of(finding) for finding in found] == expected
