"""Settings of the linter: in the flow, in pyproject.toml, in comments, in profiles and in a baseline."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from flows.lint.engine import lint
from flows.lint.profiles import PROFILES
from flows.lint.project_settings import project_settings
from flows.lint.rules import rules
from flows.lint.settings import Settings
from flows.model.load import load_text
from flows.source.finding import Finding
from ivr.__main__ import main
from tests.support.rule_files import found_in as findings

# The menu takes 25.1 s: an info of M101 by default.
LONG = "a question about something that takes quite some time to say aloud"
FLOW = f"""ivr: 1
name: Line
start: main
keys: {{0: {{next: desk, label: a person}}}}
nodes:
  main:
    type: menu
    choices:
      - {{key: 1, label: {LONG}, next: desk}}
      - {{key: 2, label: another {LONG[2:]}, next: desk}}
      - {{key: 3, label: one more {LONG[2:]}, next: desk}}
    otherwise: desk
  desk: {{type: dial, number: "+14155550100", otherwise: bye}}
  bye: {{type: hangup, say: Goodbye.}}
"""


def said(found: tuple[Finding, ...]) -> list[str]:
    return [f"{f.line}:{f.column} {f.severity} {f.code}" for f in found]


def found_in(more: str = "", **options: object) -> list[str]:
    return said(lint(load_text(FLOW + more), select=["M101"], **options))  # type: ignore[arg-type]


def test_what_is_found_without_any_setting() -> None:
    assert found_in() == ["6:3 info M101"]


def test_a_flow_sets_severities_thresholds_and_what_is_left_out() -> None:
    assert found_in("lint: {severity: {M101: error}}\n") == ["6:3 error M101"]
    assert found_in("lint: {options: {M101: {warn_s: 18}}}\n") == ["6:3 warning M101"]
    assert found_in("lint: {options: {M101: {tell_s: 40, warn_s: 40}}}\n") == []
    assert found_in("lint: {ignore: [M10]}\n") == []


@pytest.mark.parametrize("code", [code for code, rule in rules().items() if rule.settings])
def test_every_option_changes_what_its_rule_finds(code: str) -> None:
    """Set to nothing or far too high, each by itself: what the rule says of its bad flow is not the same."""

    def of(**settings: float) -> list[tuple[str, str]]:
        changed = Settings(options={(code, name): value for name, value in settings.items()})
        return [(f.severity, f.message) for f in findings(code, "bad.yaml", select=[code], settings=changed)]

    usual = of()
    assert usual
    for option in rules()[code].settings:
        assert any(of(**{option.name: value}) != usual for value in (0.0, 1e6)), option.name


@pytest.mark.parametrize(
    ("setting", "shown"),
    [
        ("severity: {MM101: info}", "15:19 L003 no rule has the code 'MM101' | did you mean M101?"),
        (
            "severity: {Y001: info}",
            "15:19 L003 Y001 (not-yaml) is found before any rule runs and cannot be set | fix what it finds",
        ),
        ("options: {M101: {warn: 40}}", "15:25 L003 M101 has no option 'warn' | did you mean 'warn_s'?"),
        ("options: {S001: {warn: 40}}", "15:25 L003 S001 has no option 'warn' | S001 has no options"),
        ("options: {Q1: {warn: 40}}", "15:18 L003 no rule has the code 'Q1' | 'ivr explain' lists all rules"),
        (
            "ignore: [S001, Q1]",
            "15:23 L003 no rule has the code 'Q1', or a code that begins with it | 'ivr explain' lists all rules",
        ),
        (
            "profile: accessable",
            "15:17 L003 'accessable' is not a profile; use one of default, accessible, es | did you mean 'accessible'?",
        ),
    ],
)
def test_what_a_flow_sets_wrongly_is_found_at_its_place(setting: str, shown: str) -> None:
    wrong = [f for f in lint(load_text(FLOW + f"lint: {{{setting}}}\n")) if f.code == "L003"]
    assert [f"{f.line}:{f.column} {f.code} {f.message} | {f.hint}" for f in wrong] == [shown]


@pytest.mark.parametrize(
    ("setting", "shown"),
    [
        (
            "severity: {M101: none}",
            "15:25 F003 'none' is not one of 'error', 'warning', 'info' | write 'error', 'warning', 'info'",
        ),
        ("severity: {M101: inof}", "15:25 F003 'inof' is not one of 'error', 'warning', 'info' | did you mean 'info'?"),
        ("options: {M101: {warn_s: 40s}}", "15:33 F003 '40s' is not a number | write a number"),
        ("ignroe: [M101]", "15:8 F001 unknown key 'ignroe' | did you mean 'ignore'?"),
    ],
)
def test_what_has_a_wrong_form_keeps_the_file_from_being_a_flow(setting: str, shown: str) -> None:
    from flows.source.finding import FlowError

    with pytest.raises(FlowError) as caught:
        load_text(FLOW + f"lint: {{{setting}}}\n")
    assert [f"{f.line}:{f.column} {f.code} {f.message} | {f.hint}" for f in caught.value.findings] == [shown]


def test_settings_do_not_change_what_a_flow_means() -> None:
    assert load_text(FLOW).flow.digest == load_text(FLOW + "lint: {ignore: [M101]}\n").flow.digest


# --- pyproject.toml --------------------------------------------------------------------------------------------


def project(folder: Path, text: str) -> tuple[Settings, list[str]]:
    (folder / "pyproject.toml").write_text(text, "utf-8")
    (folder / "lines").mkdir(exist_ok=True)
    settings, wrong = project_settings(folder / "lines" / "a.yaml")
    return settings, [f"{Path(f.file).name}:{f.line}:{f.column} {f.code} {f.message} | {f.hint}" for f in wrong]


def test_a_project_sets_the_same_things(tmp_path: Path) -> None:
    text = (
        '[tool.ivr.lint]\nignore = ["P1"]\nprofile = "es"\n[tool.ivr.lint.severity]\nM101 ='
        ' "error"\n[tool.ivr.lint.options]\nM101 = {warn_s = 18}\n'
    )
    assert project(tmp_path, text) == (Settings({"M101": "error"}, {("M101", "warn_s"): 18.0}, ("P1",), "es"), [])


def test_the_nearest_project_with_settings_counts(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    project(tmp_path / "inner", '[project]\nname = "ivr"\n')
    assert project(tmp_path, '[tool.ivr.lint]\nignore = ["M1"]\n')[0].ignore == ("M1",)
    assert project_settings(tmp_path / "inner" / "lines" / "a.yaml")[0].ignore == ("M1",)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('[tool.ivr.lint.severity]\nMM101 = "info"\n', "2:1 L003 no rule has the code 'MM101' | did you mean M101?"),
        (
            '[tool.ivr.lint]\nseverity = {M101 = "inof"}\n',
            "2:13 L003 'inof' is not a severity; use one of error, warning, info | did you mean 'info'?",
        ),
        (
            '[tool.ivr.lint.severity]\nM101 = "off"\n',
            "2:1 L003 'off' is not a severity; use one of error, warning, info | write 'ignore: [M101]'",
        ),
        (
            "[x]\nwarn = 1\n[tool.ivr.lint.options.M101]\nwarn = 1\n",
            "4:1 L003 M101 has no option 'warn' | did you mean 'warn_s'?",
        ),
        (
            "[tool.ivr.lint.options.M101]\nwarn_s = true\n",
            "2:1 L003 True is not a number for 'warn_s' of M101 | write a number of 0 or more, without a unit",
        ),
        ('[tool.ivr.lint]\nignroe = ["M101"]\n', "2:1 L003 unknown setting 'ignroe' | did you mean 'ignore'?"),
        ('[tool.ivr.lint]\nignore = "M101"\n', "2:1 L003 'M101' is not a list | write [M101]"),
        ("[tool.ivr]\nlint = 3\n", "2:1 L003 tool.ivr.lint is not a table | write '[tool.ivr.lint]'"),
        ("[tool.ivr.lint]\nignore = [\n", "0:0 L006 "),
    ],
)
def test_what_a_project_sets_wrongly_is_found_at_its_place(tmp_path: Path, text: str, shown: str) -> None:
    settings, wrong = project(tmp_path, text)
    assert settings == Settings()
    assert len(wrong) == 1
    if "L006" in shown:
        assert " L006 not TOML: " in wrong[0]
    else:
        assert wrong == [f"pyproject.toml:{shown}"]


def test_the_command_line_the_flow_and_the_project_in_this_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("pyproject.toml").write_text('[tool.ivr.lint.severity]\nM101 = "error"\n', "utf-8")
    Path("a.yaml").write_text(FLOW, "utf-8")
    assert main(["lint", "a.yaml", "--select", "M101"]) == 1
    Path("a.yaml").write_text(FLOW + "lint: {severity: {M101: info}}\n", "utf-8")
    assert main(["lint", "a.yaml", "--select", "M101"]) == 0
    assert main(["lint", "a.yaml", "--select", "M10", "--ignore", "M101"]) == 0
    assert capsys.readouterr().out.endswith("\nNo findings of the rules that were asked for.\n")


# --- profiles ----------------------------------------------------------------------------------------------------


def test_a_profile_changes_severities_and_thresholds_and_settings_outweigh_it() -> None:
    assert found_in(profile="accessible") == ["6:3 warning M101"]  # 25 s > 20 s
    assert found_in("lint: {profile: accessible}\n") == ["6:3 warning M101"]
    assert found_in("lint: {options: {M101: {warn_s: 30}}}\n", profile="accessible") == ["6:3 info M101"]
    alone = (
        FLOW.replace("keys: {0: {next: desk, label: a person}}\n", "").replace("next: desk}", "next: more}")
        + "  more: {type: menu, choices: [{key: 1, label: a person, next: desk}], otherwise: desk}\n"
    )
    for profile, severity in (("default", "warning"), ("es", "error"), ("accessible", "error")):
        assert [f.severity for f in lint(load_text(alone), select=["M108"], profile=profile)] == [severity]


def test_an_unknown_profile_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", "northwind", "--profile", "spain"]) == 2
    assert (
        capsys.readouterr().err
        == "error L002 there is no profile 'spain'\n  = hint: profiles: default, accessible, es\n"
    )


@pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda p: p.name)
def test_options_of_profiles_exist(profile: object) -> None:
    known = {(code, option.name) for code, rule in rules().items() for option in rule.settings}
    assert set(profile.options) <= known  # type: ignore[attr-defined]


def test_a_rule_meant_for_a_profile_runs_only_there(monkeypatch: pytest.MonkeyPatch) -> None:
    real = rules()
    monkeypatch.setattr("flows.lint.engine.rules", lambda: {**real, "M101": replace(real["M101"], profiles=("es",))})
    assert found_in() == []
    assert found_in(profile="es") == ["6:3 info M101"]


# --- comments ----------------------------------------------------------------------------------------------------


def hidden(comment: str, *, above: bool = False) -> list[str]:
    text = FLOW.replace("  main:\n", f"  {comment}\n  main:\n" if above else f"  main:  {comment}\n")
    found = lint(load_text(text), select=["M101", "S002", "N003"])
    return [f"{f.line}:{f.column} {f.code} {f.message} | {f.hint}" for f in found]


@pytest.mark.parametrize("above", [True, False])
def test_a_comment_with_a_reason_hides_a_finding(above: bool) -> None:
    assert hidden("# ivr: ignore M101 -- callers asked for it", above=above) == []
    assert hidden("#ivr:ignore m101--callers asked for it", above=above) == []


def test_comments_between_a_suppression_and_its_line_do_not_matter() -> None:
    assert hidden("# ivr: ignore M101 -- asked for\n\n  # the main menu", above=True) == []


M101_SAID = "6:3 M101 "
EXAMPLE = "write e.g. '# ivr: ignore M101 -- callers asked for it'"


@pytest.mark.parametrize(
    ("comment", "shown"),
    [
        ("# ivr: ignore M101", "6:10 L004 this comment hides M101 without a reason, so it hides nothing | " + EXAMPLE),
        (
            "# ivr: ignore M101 --  ",
            "6:10 L004 this comment hides M101 without a reason, so it hides nothing | " + EXAMPLE,
        ),
        ("# ivr: ignore -- because", "6:10 L004 this comment does not say which code it hides | " + EXAMPLE),
        ("# ivr: ignore MM101 -- because", "6:24 L004 no rule has the code 'MM101' | did you mean M101?"),
        (
            "# ivr: ignore S002 -- because",
            "6:24 N003 this comment hides S002, which is not found here | remove S002 from the comment",
        ),
    ],
)
def test_a_comment_that_hides_nothing_is_a_finding(comment: str, shown: str) -> None:
    found = hidden(comment)
    assert shown in found
    assert any(line.startswith(M101_SAID) for line in found)
    assert len(found) == 2


@pytest.mark.parametrize(
    "text",
    [
        'name: "Line # ivr: ignore S002 -- x"',
        "name: 'Line # ivr: ignore S002 -- x'",
        "name: >\n  Line\n  # ivr: ignore S002 -- x",
        'name: "Line\n  # ivr: ignore S002 -- x"',
        "name: Line#ivr:ignore S002 -- x",
        "name: 'It''s # ivr: ignore S002 -- x'",
        'name: "A \\" # ivr: ignore S002 -- x"',
    ],
)
def test_what_stands_in_a_text_is_no_comment(text: str) -> None:
    assert [f.code for f in lint(load_text(FLOW.replace("name: Line", text)), select=["M101", "S002", "N003"])] == [
        "M101"
    ]


def test_codes_that_did_not_run_are_not_called_stale() -> None:
    text = FLOW.replace("  main:\n", "  main:  # ivr: ignore S002, M101 -- because\n")
    assert lint(load_text(text), select=["M101", "N003"]) == ()
    assert lint(load_text(text), select=["M101", "N003", "S002"], ignore=["S002"]) == ()
    assert [f.code for f in lint(load_text(text), select=["M101", "S002", "N003"])] == ["N003"]


# --- baseline ----------------------------------------------------------------------------------------------------


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_text(FLOW, "utf-8")
    return tmp_path


def test_a_baseline_hides_what_is_known_wherever_it_has_moved(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", "a.yaml", "--select", "M101", "--write-baseline", "known.json"]) == 0
    assert capsys.readouterr().err == "known.json: 1 finding is known from now on\n"
    Path("a.yaml").write_text("# a line\n" + FLOW.replace("start: main", "start: man"), "utf-8")
    assert main(["lint", "a.yaml", "--baseline", "known.json", "--json"]) == 1
    codes = [f["code"] for f in json.loads(capsys.readouterr().out)]
    assert "M101" not in codes
    assert "S001" in codes


def test_nothing_new_and_nothing_of_some_rules_is_not_told_as_nothing_at_all(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["lint", "a.yaml", "--select", "M101", "--write-baseline", "known.json"])
    capsys.readouterr()
    assert main(["lint", "a.yaml", "--select", "M101", "--baseline", "known.json"]) == 0
    assert capsys.readouterr().out == "Nothing new: 1 finding is known in known.json.\n"
    assert main(["lint", "a.yaml", "--select", "S001"]) == 0
    assert capsys.readouterr().out == "No findings of the rules that were asked for.\n"
    assert main(["lint", "northwind", "--ignore", "S001"]) == 0
    assert capsys.readouterr().out == "No findings of the rules that were asked for.\n"


def test_what_is_known_and_gone_is_said(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["lint", "a.yaml", "--select", "M101", "--write-baseline", "known.json"])
    Path("a.yaml").write_text(FLOW.replace(LONG[2:], "bills"), "utf-8")
    capsys.readouterr()
    assert main(["lint", "a.yaml", "--select", "M101", "--baseline", "known.json", "--json"]) == 0
    (gone,) = json.loads(capsys.readouterr().out)
    assert (gone["code"], gone["severity"], gone["file"]) == ("L005", "info", "known.json")
    assert gone["message"].startswith("M101 of 'main' in a.yaml no longer occurs: menu 'main' takes")


def test_files_of_one_name_are_told_apart_and_a_project_can_be_moved(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder in ("north", "south"):
        Path(folder).mkdir()
        Path(folder, "a.yaml").write_text(FLOW, "utf-8")
    assert main(["lint", "north/a.yaml", "--select", "M101", "--write-baseline", "lists/known.json"]) in (0, 2)
    Path("lists").mkdir(exist_ok=True)
    assert main(["lint", "north/a.yaml", "--select", "M101", "--write-baseline", "lists/known.json"]) == 0
    assert json.loads(Path("lists/known.json").read_text("utf-8"))["findings"][0]["file"] == "../north/a.yaml"
    capsys.readouterr()
    main(["lint", "north/a.yaml", "south/a.yaml", "--select", "M101", "--baseline", "lists/known.json", "--json"])
    assert [f["file"] for f in json.loads(capsys.readouterr().out)] == ["south/a.yaml"]
    Path("moved").mkdir()
    for name in ("north", "lists"):
        Path(name).rename(Path("moved", name))
    main(
        [
            "lint",
            str(Path("moved/north/a.yaml").absolute()),
            "--select",
            "M101",
            "--baseline",
            "moved/lists/known.json",
            "--json",
        ]
    )
    assert json.loads(capsys.readouterr().out) == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "the baseline cannot be read: No such file or directory"),
        ("nonsense", "this is not a baseline: not JSON"),
        ("[]", "this is not a baseline: list indices must be integers or slices, not str"),
        ('{"ivr-lint-baseline": 9}', "this is not a baseline: written by another version"),
        ('{"ivr-lint-baseline": 2, "findings": [{}]}', "this is not a baseline: an entry is missing"),
        ("[" * 100_000, "this is not a baseline: nested too deeply"),
    ],
)
def test_a_file_that_is_no_baseline_is_wrong_usage(
    here: Path, capsys: pytest.CaptureFixture[str], content: str | None, message: str
) -> None:
    if content is not None:
        Path("known.json").write_text(content, "utf-8")
    assert main(["lint", "a.yaml", "--baseline", "known.json"]) == 2
    assert f"known.json: error L006 {message}\n" in capsys.readouterr().err
