"""Files that use every construct wrongly: each finding with its place, its cause and a hint, to the letter.

``NAME.txt`` lists all findings of ``NAME.yaml``: ``line:column severity code message; hint``.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.lint.engine import lint
from flows.model.load import load
from flows.source.finding import Finding, FlowError
from tests.support.paths import DATA
from tests.support.rule_files import line_of

FILES = sorted((DATA / "bad_flows" / "constructs").glob("*.yaml"))


def found_in(file: Path) -> tuple[Finding, ...]:
    try:
        return tuple(lint(load(str(file))))
    except FlowError as error:
        return error.findings


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_what_is_wrong_is_said_where_it_stands_and_how_to_mend_it(file: Path) -> None:
    expected = file.with_suffix(".txt").read_text("utf-8").splitlines()
    assert [line_of(finding) for finding in found_in(file)] == expected
    assert [line for line in expected if "; " not in line] == []
