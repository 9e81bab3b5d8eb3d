"""Every rule by its own files: what it finds in ``bad.yaml``, to the letter, and that ``good.yaml`` is clean of it.

``tests/data/rules/CODE/expected.txt`` lists ALL findings of the bad flow, so that a rule that repeats what another has
reported is noticed too. A line is ``line:column severity code message; hint``. A rule that needs a profile, a
day or a scenario has them in ``given.json``.
"""

from __future__ import annotations

import inspect
import re
import textwrap
from pathlib import Path

import pytest

from flows.lint.engine import lint
from flows.lint.explain import FAMILIES
from flows.lint.problem import Problem
from flows.lint.rules import Rule, rules
from flows.model.load import load, load_text
from flows.source.yaml_reader import parse
from flows.speech.readability import reading_ease
from tests.support.paths import ROOT
from tests.support.rule_files import FOLDER, found_in, line_of

CHECKED = [code for code, rule in rules().items() if rule.check]


@pytest.mark.parametrize("code", CHECKED)
def test_the_bad_flow_has_exactly_these_findings(code: str) -> None:
    expected = (FOLDER / code / "expected.txt").read_text("utf-8").splitlines()
    assert [line_of(finding) for finding in found_in(code, "bad.yaml")] == expected
    assert any(f" {code} " in line for line in expected)


@pytest.mark.parametrize("code", CHECKED)
def test_the_good_flow_has_none_of_it_and_no_error(code: str) -> None:
    found = found_in(code, "good.yaml")
    assert [line_of(f) for f in found if f.code == code or f.severity == "error"] == []


def test_every_folder_belongs_to_a_rule() -> None:
    assert sorted(path.name for path in FOLDER.iterdir()) == sorted(CHECKED)


@pytest.mark.parametrize("code", CHECKED)
def test_every_file_of_a_rule_is_named_by_its_slug(code: str) -> None:
    rule = rules()[code]
    assert Path(str(inspect.getsourcefile(rule.check))).stem == rule.name.replace("-", "_")


@pytest.mark.parametrize("rule", rules().values(), ids=lambda rule: rule.code)
def test_every_page_has_all_its_parts(rule: Rule) -> None:
    parts = (rule.name, rule.summary, rule.what, rule.why, rule.example, rule.better, rule.options, rule.source)
    assert all(part.strip() for part in parts)
    assert len(rule.summary) <= 38
    assert rule.code[0] in FAMILIES
    assert rule.severity in ("error", "warning", "info")
    assert rule.name == rule.name.lower()
    assert " " not in rule.name
    assert rule.what.endswith(".")
    assert rule.why.endswith((".", "'"))
    assert rule.options.endswith(".")


def test_every_code_in_the_program_has_a_page() -> None:
    root = ROOT
    files = [path for package in ("flows", "ivr", "simulation", "webhooks") for path in (root / package).rglob("*.py")]
    used = {code for path in files for code in re.findall(r'"([A-Z]\d{3})"', path.read_text("utf-8"))}
    assert sorted(used - set(rules())) == []


@pytest.mark.parametrize("code", [code for code in CHECKED if (FOLDER / code / "given.json").exists()])
def test_a_rule_that_is_given_nothing_finds_nothing(code: str) -> None:
    assert [line_of(f) for f in lint(load(FOLDER / code / "bad.yaml")) if f.code == code] == []


def test_a_profile_adds_rules_and_takes_none_away() -> None:
    run = {
        profile: {code for code in CHECKED if rules()[code].within(profile)}
        for profile in ("default", "accessible", "es")
    }
    assert run["accessible"] - run["default"] == {"A001"}
    assert run["es"] - run["default"] == {"R017", "R018"}
    assert run["default"] <= run["accessible"] & run["es"]


def test_names_of_rules_differ() -> None:
    assert len({rule.name for rule in rules().values()}) == len(rules())


@pytest.mark.parametrize(
    "rule", [r for r in rules().values() if r.check or r.code[0] in "FS"], ids=lambda rule: rule.code
)
def test_what_a_page_calls_better_can_be_read(rule: Rule) -> None:
    parse(textwrap.dedent(rule.better), "page")


def test_a_rule_that_fails_is_a_finding_and_the_others_still_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(context: object):  # type: ignore[no-untyped-def]
        yield Problem(("start",), "found before the crash")
        raise ZeroDivisionError("division by zero")

    planted = Rule(
        code="S999",
        name="planted",
        severity="info",
        summary="x",
        what="x",
        why="x",
        example="x",
        better="x",
        source="x",
        check=crash,
    )
    known = {"S999": planted, "S002": rules()["S002"]}
    monkeypatch.setattr("flows.lint.engine.rules", lambda: known)
    loaded = load_text(
        "ivr: 1\nname: Line\nstart: hi\nnodes:\n  hi: {type: play, say: Hi., next: by}\n  bye: {type: hangup}\n"
    )
    assert [line_of(finding) for finding in lint(loaded)] == [
        (
            "0:0 error L001 rule S999 (planted) failed on this flow: ZeroDivisionError: division by zero; "
            "the other rules ran; please report this with the flow file"
        ),
        "3:8 info S999 found before the crash",
        "5:36 error S002 there is no node 'by'; did you mean 'bye'?",
    ]


def test_only_selected_rules_run() -> None:
    loaded = load(FOLDER / "R003" / "bad.yaml")
    assert [f.code for f in lint(loaded, select=["R"])] == ["R003"]
    assert lint(loaded, select=["r001", "S"]) == ()
    assert lint(loaded, ignore=["R00"]) == ()


@pytest.mark.parametrize("name", ["northwind", "credit_union", "power_outage"])
def test_shipped_flows_are_clean(name: str) -> None:
    assert [line_of(finding) for finding in lint(load(name))] == []


def test_recordings_are_looked_for_beside_the_file_only(tmp_path: Path) -> None:
    text = "ivr: 1\nname: L\nstart: b\nnodes:\n  b: {type: hangup, say: {audio: {'': %s}}}\n"
    (tmp_path / "here.wav").write_bytes(b"RIFF")
    for name, missing in (
        ("here.wav", False),
        ("gone.wav", True),
        ("https://example.com/gone.wav", False),
        ("a" * 300, True),
    ):
        (tmp_path / "a.yaml").write_text(text % name, "utf-8")
        assert bool(lint(load(tmp_path / "a.yaml"), select=["P004"])) is missing
    assert lint(load_text(text % "gone.wav"), select=["P004"]) == ()


@pytest.mark.parametrize(
    ("text", "language", "ease"),
    [
        # 5 words in 2 sentences, a syllable each; the e of "one" is mute.
        ("Press one. We will pay.", "en-US", 206.835 - 1.015 * 2.5 - 84.6 * 5 / 5),
        # 3 words in 1 sentence, 7 syllables (Lla-me ma-ña-na pron-to): Fernández Huerta.
        ("Llame mañana pronto.", "es-US", 206.84 - 1.02 * 3 - 60.0 * 7 / 3),
        # 3 words in 1 sentence, 5 syllables (Wir ru-fen heu-te; "eu" is one run): Amstad.
        ("Wir rufen heute.", "de-DE", 180.0 - 3 - 58.5 * 5 / 3),
    ],
)
def test_reading_ease_by_the_formula_of_the_language(text: str, language: str, ease: float) -> None:
    found = reading_ease(text, language)
    assert found is not None
    assert found[0] == pytest.approx(ease, abs=0.006)


def test_languages_without_a_formula_are_not_judged() -> None:
    assert reading_ease("我们会给您回电。", "zh-CN") is None
    assert reading_ease("{value} 12", "en-US") is None
