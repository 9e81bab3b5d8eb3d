"""Rules from outside that cannot be used, or fail: one line each, with its place; and rules that are tried alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from flows import Context, Problem, Rule, try_rule
from flows.source.finding import IvrError
from tests.support.own_rules import FLOW, FOUND, RULE_FILE, SHOWN, said


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("IVR_RULES", raising=False)
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "too_many_nodes.py").write_text(RULE_FILE, "utf-8")
    (tmp_path / "line.yaml").write_text(FLOW, "utf-8")
    return tmp_path


def check(context: Context) -> Iterator[Problem]:
    yield Problem(("nodes",), "something", "do it")


def rule(**changed: object) -> Rule:
    page = {
        "code": "ACME009",
        "name": "a-rule",
        "severity": "info",
        "summary": "something",
        "what": "Something.",
        "why": "Because.",
        "example": "a: b",
        "better": "a: c",
        "source": "Our own",
        "check": check,
    }
    return Rule(**(page | changed))  # type: ignore[arg-type]


WRONG = {
    "raise KeyError('nothing here')": (1, "this rule cannot be loaded: KeyError: 'nothing here'"),
    "import sys\nsys.exit('no')": (2, "this rule cannot be loaded: SystemExit: no"),
    "def check(:": (1, "this rule cannot be loaded: SyntaxError: invalid syntax"),
    "from flows import Rule\n\nRULE = Rule(code='ACME002')": (3, "this rule cannot be loaded: TypeError: "),
    "x = 1": (1, "there is no rule in this file"),
    "RULE = 3": (1, "3 is not a rule"),
    RULE_FILE.replace('"ACME001",', '"M101",'): (17, "'M101' is not a code for a rule of your own"),
    RULE_FILE.replace('severity="warning"', 'severity="bad"'): (17, "'bad' is not a severity"),
    RULE_FILE: (17, "'ACME001' is a rule already in rules/too_many_nodes.py:17"),
    RULE_FILE.replace('"ACME001",', '"ACME003",'): (
        17,
        "'too-many-nodes' is a rule already in rules/too_many_nodes.py",
    ),
}


@pytest.mark.parametrize(("text", "line", "message"), [(text, *at) for text, at in WRONG.items()])
def test_a_file_that_cannot_be_used_is_one_line_with_its_place(
    text: str, line: int, message: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "rules" / "zzz.py").write_text(text + "\n", "utf-8")
    shown = said(capsys, "lint", "line.yaml", "--rules", "rules", code=1)
    assert f"rules/zzz.py:{line}:1: error L008 {message}" in shown
    assert "Traceback" not in shown
    assert FOUND in shown  # the other rule ran
    assert f"rules/zzz.py:{line}:1: error L008 {message}" in said(capsys, "explain", "--rules", "rules", code=1)


FAILS = {
    "    raise ValueError('broken')": (9, "ValueError: broken"),
    "    yield 'no problem'": (8, "TypeError: it yields 'no problem', which is not a Problem"),
    "    return None": (8, "TypeError: 'NoneType' object is not iterable"),
    "    yield Problem(('nodes',), 'found')\n    raise SystemExit(3)": (10, "SystemExit: 3"),
}


@pytest.mark.parametrize(("body", "line", "message"), [(body, *at) for body, at in FAILS.items()])
def test_a_rule_that_fails_is_one_line_with_its_place(
    body: str, line: int, message: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head, tail = RULE_FILE.partition("def check")[0], RULE_FILE.partition("RULE =")[2]
    made = f"{head.rstrip()}\ndef check(context):\n{body}\nRULE ={tail}".replace("ACME001", "ACME002")
    (here / "rules" / "zzz.py").write_text(made.replace("too-many-nodes", "failing"), "utf-8")
    shown = said(capsys, "lint", "line.yaml", "--rules", "rules", code=1)
    assert f"rules/zzz.py:{line}:1: error L001 rule ACME002 (failing) failed on line.yaml: {message}\n" in shown
    assert "= hint: correct the rule; the other rules ran\n" in shown
    assert FOUND in shown
    assert ("ACME002 found" in shown) == ("'found'" in body)  # what it found before


def test_a_folder_that_does_not_exist(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "lint", "line.yaml", "--rules", "rulez", code=2) == (
        "error L008 --rules 'rulez' is not a folder\n  = hint: name a folder of Python files, or one such file\n"
    )


def test_a_single_file_and_what_files_share(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "rules" / "_words.py").write_text("MOST = 0\n", "utf-8")
    sharing = RULE_FILE.replace("from flows import", "from ._words import MOST as SHARED\nfrom flows import")
    (here / "rules" / "too_many_nodes.py").write_text(sharing.replace('"most", 0', '"most", SHARED'), "utf-8")
    assert said(capsys, "lint", "line.yaml", "--rules", "rules/too_many_nodes.py", code=1).startswith(FOUND)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"code": "AB001"}, "'AB001' is not a code for a rule of your own"),
        ({"name": "A Rule"}, "'A Rule' is not a name for a rule"),
        ({"severity": "fatal"}, "'fatal' is not a severity"),
        ({"summary": "s" * 39}, "is not a summary: 1 to 38 characters"),
        ({"why": " "}, "'why' of the rule is empty"),
        ({"settings": [1]}, "[1] is not a tuple of options"),
        ({"profiles": ("fr",)}, "'fr' is not a profile"),
        ({"check": None}, "the rule has no check"),
    ],
)
def test_a_page_that_lacks_something(changed: dict[str, object], message: str) -> None:
    with pytest.raises(IvrError) as raised:
        try_rule(rule(**changed), FLOW)
    assert [finding.code for finding in raised.value.findings] == ["L008"]
    assert message in raised.value.findings[0].message


def test_a_rule_is_tried_alone() -> None:
    assert [(f.code, f.line, f.message) for f in try_rule(rule(), FLOW)] == [("ACME009", 5, "something")]

    def failing(context: Context) -> Iterator[Problem]:
        raise LookupError("not there")
        yield

    with pytest.raises(
        IvrError, match=r"test_unusable_rules.py:\d+:1: L001 rule ACME009 \(a-rule\) failed on .*not there"
    ):
        try_rule(rule(check=failing), FLOW)


def test_the_example_of_the_page_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "too_many_nodes.py").write_text(SHOWN["rules/too_many_nodes.py"], "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    tests: dict[str, object] = {}
    exec(SHOWN["test_too_many_nodes.py"], tests)  # as pytest would
    called = [test() for name, test in tests.items() if name.startswith("test_") and callable(test)]
    assert called == [None, None]
