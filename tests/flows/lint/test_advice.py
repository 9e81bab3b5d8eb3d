"""What findings advise, done: the fault is gone and nothing new has come, for every fix and for every hint a machine
can follow.

Flows are the bad ones of every rule and those in ``tests/data/advice``. Hints that only a person can follow are listed
in ``by_hand.yaml`` with the reason.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import Counter

import pytest
import yaml

from flows.analysis.traffic import staffing
from flows.lint.apply_fixes import apply_fixes
from flows.lint.engine import lint
from flows.model.load import Loaded, load, load_text
from flows.source.finding import Finding, FlowError
from tests.support.following import followed, reread
from tests.support.paths import DATA

HERE = DATA
FLOWS = {file.parent.name: file for file in sorted(HERE.glob("rules/*/bad.yaml"))} | {
    file.stem: file
    for file in sorted([*HERE.glob("advice/*.yaml"), *HERE.glob("bad_flows/*.yaml")])
    if not file.stem.endswith("by_hand")
}
UNCOVERED: dict[str, dict[str, str]] = {
    "D001": {"D002": "only of a secret is it told that it is compared"},
    "P002": {"P002": "the name that is meant is set on some ways only, which could not be told of the misspelt one"},
    "S005": dict.fromkeys(("S006", "S014"), "was not told of callers who cannot get out"),
    "M109": dict.fromkeys(("S006", "S014"), "the same: 0 lets callers out of what S005 tells of"),
    "M117": dict.fromkeys(("S006", "S014"), "the same: 9 and star let callers out of what S005 tells of"),
}
"""What another fault has hidden, and comes to light when that is fixed."""
BY_HAND: dict[str, str] = yaml.safe_load((HERE / "advice" / "by_hand.yaml").read_text("utf-8"))


def found_in(name: str, loaded: Loaded) -> tuple[Finding, ...]:
    """What is found in a flow with what its rule is given."""
    given_file = HERE / "rules" / name / "given.json"
    given = json.loads(given_file.read_text("utf-8")) if given_file.exists() else {}
    return lint(
        loaded,
        profile=given.get("profile", "default"),
        today=dt.date.fromisoformat(given["today"]) if "today" in given else None,
        staffing=staffing(given["groups"], given.get("share_answered")) if "groups" in given else None,
    )


def told(found: tuple[Finding, ...]) -> Counter[str]:
    return Counter(finding.code for finding in found)


def at(found: tuple[Finding, ...], finding: Finding) -> int:
    """How many findings of its kind there are where it is."""
    return sum((f.code, f.node) == (finding.code, finding.node) for f in found)


def judged(name: str, findings: list[Finding], before: tuple[Finding, ...], text: str) -> list[str]:
    """What is wrong with the flow after the advice was followed."""
    try:
        after = found_in(name, load_text(text, findings[0].file))
    except FlowError as error:
        return [f"cannot be read: {wrong.message}" for wrong in error.findings]
    first = findings[0]
    allowed = UNCOVERED.get(first.code, {})
    still = (
        [] if first.code in allowed or at(after, first) <= at(before, first) - len(findings) else ["it is still there"]
    )
    more = told(after) - told(before)
    return still + [f"{code} is new" for code in more if code not in allowed]


def advised(name: str, loaded: Loaded) -> list[tuple[list[Finding], tuple[Finding, ...], str | None]]:
    """What is found, alone or with the rest of what is fixed in one go, what was found before, and the text after
    it.
    """
    document = loaded.document
    found = found_in(name, loaded)
    plain = found_in(name, load_text(reread(document.text), document.file))
    out: list[tuple[list[Finding], tuple[Finding, ...], str | None]] = []
    for finding in found:
        if finding.fix is None:
            out.append(([finding], found if finding.code == "N003" else plain, followed(finding, document)))
    fixed: dict[tuple[str, str], list[Finding]] = {}
    for finding in found:
        if finding.fix is not None:
            fixed.setdefault((finding.code, finding.node), []).append(finding)
    for together in fixed.values():
        first = together[0]
        result = apply_fixes(
            loaded,
            lambda now, first=first: tuple(
                f for f in found_in(name, now) if (f.code, f.node) == (first.code, first.node)
            ),
            unsafe=True,
        )
        out.append((together, found, result.text if result.applied and not result.refused else None))
    return out


@pytest.mark.parametrize("name", FLOWS)
def test_what_is_advised_mends_the_fault_and_breeds_no_other(name: str) -> None:
    wrong = {}
    for findings, before, text in advised(name, load(str(FLOWS[name]))):
        if text is not None and (problems := judged(name, findings, before, text)):
            wrong[f"{findings[0].line}: {findings[0].code} {findings[0].message}; {findings[0].hint}"] = problems
    assert wrong == {}


@pytest.mark.parametrize("name", FLOWS)
def test_a_hint_is_followed_by_a_machine_or_listed_with_the_reason(name: str) -> None:
    for findings, _, text in advised(name, load(str(FLOWS[name]))):
        listed = [pattern for pattern in BY_HAND if re.search(pattern, findings[0].hint)]
        if findings[0].fix is None:
            assert len(listed) == (text is None), f"{findings[0].code}: {findings[0].hint}"
        else:
            assert text is not None, f"{findings[0].code}: {findings[0].fix}"


def test_what_is_listed_is_advised_somewhere() -> None:
    hints = [
        findings[0].hint
        for name, file in FLOWS.items()
        for findings, _, text in advised(name, load(str(file)))
        if text is None
    ]
    assert [pattern for pattern in BY_HAND if not any(re.search(pattern, hint) for hint in hints)] == []
    assert all(reason.endswith(".") for reason in BY_HAND.values())
