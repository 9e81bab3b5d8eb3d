"""Files that use every construct of one kind wrongly: each finding has its place, its cause and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.lint.engine import lint
from flows.model.load import load
from flows.source.finding import Finding, FlowError
from tests.support.paths import ROOT
from tests.support.rule_files import line_of

FOLDER = ROOT / "tests" / "data" / "bad_flows" / "constructs"


def found(file: Path) -> tuple[Finding, ...]:
    try:
        return tuple(lint(load(file)))
    except FlowError as error:
        return tuple(error.findings)


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.yaml")), ids=lambda file: file.stem)
def test_every_mistake_is_found_where_it_is(file: Path) -> None:
    expected = file.with_suffix(".txt").read_text("utf-8").splitlines()
    assert [line_of(finding) for finding in found(file)] == expected
