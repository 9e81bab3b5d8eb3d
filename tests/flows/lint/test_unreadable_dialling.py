"""Dialling that cannot be loaded: each finding says what is allowed; and whose numbers are shown to nobody."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.display.console import sources_of
from flows.lint.run import lint
from flows.model.load import load
from flows.source.finding import FlowError
from tests.support.paths import DATA
from tests.support.rule_files import line_of

FOLDER = DATA / "bad_flows" / "constructs"


def test_what_cannot_be_dialled_is_refused_with_what_can() -> None:
    expected = (FOLDER / "dialling_unreadable.findings").read_text("utf-8").splitlines()
    with pytest.raises(FlowError) as caught:
        load(FOLDER / "dialling_unreadable.yaml")
    assert [line_of(finding) for finding in caught.value.findings] == expected


def test_a_report_shows_no_line_of_a_list_of_numbers() -> None:
    found = [finding for finding in lint(load(FOLDER / "dialling.yaml")) if finding.code in ("R022", "R024")]
    assert len(found) == 4
    assert [Path(file).name for file in sources_of(found)] == ["dialling.yaml"]
