"""The files of each rule: what lint finds in them, as expected.txt writes it."""

from __future__ import annotations

import datetime as dt
import json

from flows.analysis.traffic import staffing
from flows.lint.engine import lint
from flows.model.load import load
from flows.source.finding import Finding
from tests.support.paths import DATA

FOLDER = DATA / "rules"


def line_of(finding: Finding) -> str:
    hint = f"; {finding.hint}" if finding.hint else ""
    return f"{finding.line}:{finding.column} {finding.severity} {finding.code} {finding.message}{hint}"


def found_in(code: str, file: str, **how: object) -> tuple[Finding, ...]:
    """The findings in a rule's flow with the rule's settings."""
    given_file = FOLDER / code / "given.json"
    given = json.loads(given_file.read_text("utf-8")) if given_file.exists() else {}
    return lint(
        load(FOLDER / code / file),
        profile=given.get("profile", "default"),
        today=dt.date.fromisoformat(given["today"]) if "today" in given else None,
        staffing=staffing(given["groups"], given.get("share_answered")) if "groups" in given else None,
        **how,  # type: ignore[arg-type]
    )
