"""``ivr lint``, ``explain`` and ``schema`` as people and machines call them."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest

from flows.display.console import guarded, render_text, sources_of, summary, wants_colour
from flows.lint.explain import page
from flows.lint.rules import rules
from flows.source.finding import Finding, FlowError, UsageError
from ivr.__main__ import main
from tests.support.paths import DATA

BAD = """ivr: 1
name: Line
start: hello
nodes:
  hello: {type: play, say: Hello., next: by}
  bye: {type: hangup, say: Goodbye.}
"""
INFO = """ivr: 1
name: Line
start: main
keys: {0: desk}
nodes:
  main:
    type: menu
    prompt: "Press 0 for a person. To end this call, press 1."
    choices: [{key: 0, label: a person, next: desk}, {key: 1, label: the end of this call, next: bye}]
    otherwise: desk
  desk: {type: dial, number: "+14155550100", otherwise: bye}
  bye: {type: hangup, say: Goodbye.}
"""
SHOWN = """bad.yaml:5:42: error S002 there is no node 'by'
  5 |   hello: {type: play, say: Hello., next: by}
    |                                          ^^
    = hint: did you mean 'bye'?

1 error. 'ivr explain S002' tells why it matters.
1 fix available: repeat with '--fix --unsafe-fixes'; '--diff' instead of '--fix' shows the changes.
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.yaml").write_text(BAD, "utf-8")
    (tmp_path / "good.yaml").write_text(BAD.replace("next: by}", "next: bye}"), "utf-8")
    (tmp_path / "info.yaml").write_text(INFO, "utf-8")
    return tmp_path


def test_a_finding_is_shown_with_its_line_and_a_caret(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", "bad.yaml"]) == 1
    assert capsys.readouterr().out == SHOWN


def test_a_clean_flow_gets_one_friendly_line(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", "good.yaml"]) == 0
    assert capsys.readouterr().out == "No findings: every caller gets somewhere.\n"


def test_infos_are_advice_and_do_not_fail(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", "info.yaml"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("info.yaml:8:13: info P103 the key comes before what it is for: 'Press 0 for a person'\n")
    assert out.endswith(
        "\n\n1 info. 'ivr explain P103' tells why it matters.\n1 fix available: repeat with '--fix --unsafe-fixes';"
        " '--diff' instead of '--fix' shows the changes.\n"
    )
    assert main(["lint", "info.yaml", "--quiet"]) == 0
    assert capsys.readouterr().out == ""
    assert main(["--quiet", "lint", "bad.yaml"]) == 1
    assert capsys.readouterr().out == SHOWN.partition("\n\n")[0] + "\n"


def test_several_files_at_once(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", "good.yaml", "bad.yaml", "info.yaml"]) == 1
    assert (
        capsys.readouterr().out.partition("\n\n1 error, ")[2]
        == "1 info in 2 of 3 files. 'ivr explain S002' tells why the first matters.\n"
        "2 fixes available: repeat with '--fix --unsafe-fixes'; '--diff' instead of '--fix' shows the changes.\n"
    )
    assert main(["lint", "good.yaml", "northwind"]) == 0
    assert capsys.readouterr().out == "No findings in 2 files: every caller gets somewhere.\n"


@pytest.mark.parametrize("options", [["--json"], ["--format", "json"]])
def test_json_is_a_list_of_findings(here: Path, capsys: pytest.CaptureFixture[str], options: list[str]) -> None:
    assert main(["lint", "bad.yaml", *options]) == 1
    (finding,) = json.loads(capsys.readouterr().out)
    assert finding == {
        "code": "S002",
        "severity": "error",
        "message": "there is no node 'by'",
        "file": "bad.yaml",
        "line": 5,
        "column": 42,
        "node": "hello",
        "hint": "did you mean 'bye'?",
        "fix": {"kind": "replace", "path": ["nodes", "hello", "next"], "value": "bye", "order": [], "safe": False},
        "source": rules()["S002"].source,
    }
    assert main(["lint", "good.yaml", *options]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_github_annotations(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", "bad.yaml", "--format", "github"]) == 1
    assert (
        capsys.readouterr().out
        == "::error file=bad.yaml,line=5,col=42,title=S002::there is no node 'by' (did you mean 'bye'?)\n"
    )
    assert main(["lint", "info.yaml", "--format", "github"]) == 0
    assert capsys.readouterr().out.startswith("::notice file=info.yaml,line=8,col=13,title=P103::")
    assert main(["lint", "good.yaml", "--format", "github"]) == 0
    assert capsys.readouterr().out == ""


def test_sarif_names_the_rule_and_the_place(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", "bad.yaml", "--format", "sarif"]) == 1
    log = json.loads(capsys.readouterr().out)
    (run,) = log["runs"]
    assert log["version"] == "2.1.0"
    assert [(r["id"], r["name"]) for r in run["tool"]["driver"]["rules"]] == [("S002", "unknown-target")]
    (result,) = run["results"]
    assert (result["ruleId"], result["ruleIndex"], result["level"]) == ("S002", 0, "error")
    assert result["message"]["text"] == "there is no node 'by'. did you mean 'bye'?"
    assert result["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "bad.yaml"},
                "region": {"startLine": 5, "startColumn": 42, "endLine": 5, "endColumn": 44},
            },
            "logicalLocations": [{"name": "hello", "kind": "member"}],
        }
    ]


def test_a_file_that_cannot_be_read_is_a_finding_like_any_other(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("broken.yaml").write_text("ivr: 1\nname: 'It's late'\n", "utf-8")
    assert main(["lint", "broken.yaml"]) == 1
    assert (
        capsys.readouterr().out == "broken.yaml:2:11: error Y001 more follows after the closing quote\n"
        "  2 | name: 'It's late'\n"
        "    |           ^\n"
        "    = hint: inside '...' write '' for an apostrophe, or put the text in \"...\"\n"
        "\n1 error. 'ivr explain Y001' tells why it matters.\n"
    )


def test_a_missing_file_is_wrong_usage(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", "god.yaml"]) == 2
    assert (
        capsys.readouterr().out
        == "god.yaml: error Y002 no such file\n  = hint: did you mean good.yaml?\n\n1 error. 'ivr explain Y002' tells"
        " why it matters.\n"
    )
    assert main(["lint", "god.yaml", "--json"]) == 2
    assert [f["code"] for f in json.loads(capsys.readouterr().out)] == ["Y002"]


def test_an_unknown_code_or_option_is_wrong_usage(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", "good.yaml", "--select", "S02"]) == 2
    assert (
        capsys.readouterr().err == "error L002 no rule has the code 'S02', or a code that begins with it\n"
        "  = hint: did you mean S012? 'ivr explain' lists all\n"
    )
    assert main(["lint", "good.yaml", "--jsn"]) == 2
    assert "--json" in capsys.readouterr().err
    assert main(["lint"]) == 2
    assert "U001" in capsys.readouterr().err


def test_select_and_ignore_take_codes_and_their_beginnings(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", "bad.yaml", "--select", "M,P001"]) == 0
    assert main(["lint", "bad.yaml", "--ignore", "s002"]) == 0
    assert main(["lint", "bad.yaml", "--select", "S", "--ignore", "S003,S004"]) == 1
    capsys.readouterr()


def test_what_a_designer_reads_on_the_first_day(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A flow full of typical mistakes, and the whole output, read and judged by people."""
    folder = DATA / "bad_flows"
    monkeypatch.chdir(folder)
    assert main(["lint", "first_day.yaml"]) == 1
    assert capsys.readouterr().out == (folder / "first_day.txt").read_text("utf-8")


# --- the text form -------------------------------------------------------------------------------------------


def shown(line: str, column: int, *, colour: bool = False) -> list[str]:
    finding = Finding(code="X001", severity="warning", message="m", file="f", line=1, column=column)
    return render_text([finding], sources={"f": line}, colour=colour).split("\n")[1:]


def test_the_caret_stands_under_wide_characters() -> None:
    # 会員 takes four columns of a terminal; the word starts after 7 + 4 + 1.
    assert shown("label: 会員 sales", 11) == ["  1 | label: 会員 sales", "    |             ^^^^^"]
    assert shown("label: 会員", 8) == ["  1 | label: 会員", "    |        ^^^^"]


def test_the_caret_stands_under_letters_with_combining_marks() -> None:
    assert shown("cafe\u0301: bar", 8) == ["  1 | cafe\u0301: bar", "    |       ^^^"]


def test_tabs_and_control_characters_take_a_known_width() -> None:
    assert shown('{\t"a": by}', 8) == ['  1 | {    "a": by}', "    |           ^^"]
    assert shown("a\x1b[31m: by", 9) == ["  1 | a·[31m: by", "    |         ^^"]


def test_quoted_texts_are_marked_as_a_whole() -> None:
    assert shown('say: "For sales, press 1."', 6)[1] == "    |      ^^^^^^^^^^^^^^^^^^^^^"
    assert shown("mon-fri: 9:00-17:00, x", 10)[1] == "    |          ^^^^^^^^^^"


def test_long_lines_are_cut_around_the_place() -> None:
    line, caret = shown("x" * 300 + " by " + "y" * 300, 302)
    assert line == "  1 | …" + "x" * 48 + " by " + "y" * 48 + "…"
    assert line[caret.index("^") :].startswith("by")
    assert caret.count("^") == 2


def test_a_place_outside_the_file_is_shown_without_a_line() -> None:
    finding = Finding(code="X001", severity="error", message="m", file="f", line=9, column=1, hint="h")
    assert render_text([finding], sources={"f": "one"}) == "f:9:1: error X001 m\n  = hint: h"
    assert render_text([Finding(code="L001", severity="error", message="m")], sources={}) == "error L001 m"


def test_colours_mean_severity_and_are_only_for_terminals(monkeypatch: pytest.MonkeyPatch) -> None:
    head, line, caret = render_text(
        [Finding(code="X001", severity="warning", message="m", file="f", line=1, column=1)],
        sources={"f": "by"},
        colour=True,
    ).split("\n")
    assert head == "\x1b[1mf:1:1\x1b[0m: \x1b[33;1mwarning X001\x1b[0m m"
    assert (line, caret) == ("  \x1b[2m1 |\x1b[0m by", "    \x1b[2m|\x1b[0m \x1b[33;1m^^\x1b[0m")
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert wants_colour(terminal)
    assert not wants_colour(io.StringIO())
    monkeypatch.setenv("NO_COLOR", "1")
    assert not wants_colour(terminal)


def test_the_summary_counts_by_severity() -> None:
    made = [
        Finding(code=c, severity=s, message="m")
        for c, s in (("M105", "info"), ("S002", "error"), ("M101", "warning"), ("M112", "warning"))
    ]
    assert summary(made) == "1 error, 2 warnings, 1 info. 'ivr explain S002' tells why the worst matters."


def test_sources_of_files_that_are_gone_are_left_out(tmp_path: Path) -> None:
    assert sources_of([Finding(code="X001", severity="error", message="m", file=str(tmp_path / "gone"), line=1)]) == {}


# --- what every command does with errors ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (FlowError(Finding(code="S002", severity="error", message="there is no node 'by'")), 1),
        (FlowError(Finding(code="Y002", severity="error", message="no such file")), 2),
        (UsageError(Finding(code="U001", severity="error", message="no option --jsn")), 2),
    ],
)
def test_errors_raised_on_purpose_become_findings(
    error: FlowError, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    @guarded
    def command() -> None:
        raise error

    assert command() == code
    assert capsys.readouterr().err == f"error {error.findings[0].code} {error.findings[0].message}\n"


def test_an_interrupted_command_ends_quietly(capsys: pytest.CaptureFixture[str]) -> None:
    @guarded
    def command() -> int:
        raise KeyboardInterrupt

    assert command() == 130
    assert capsys.readouterr().err == "\ninterrupted\n"


def test_faults_of_ours_are_not_hidden() -> None:
    @guarded
    def command() -> int:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        command()


# --- explain and schema ----------------------------------------------------------------------------------------


def test_explain_without_a_code_lists_every_rule_by_family(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain"]) == 0
    out = capsys.readouterr().out
    assert [line.split()[0] for line in out.splitlines() if line.startswith("  ")] == list(rules())
    assert max(map(len, out.splitlines())) <= 80
    assert re.search(r"  M105  order-wastes-time +info     another order saves time\n", out)


def test_explain_tells_the_whole_story(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "R001"]) == 0
    assert (
        capsys.readouterr().out
        == """R001 unknown-queue (error)

What
  A queue node names a queue that is not under 'queues:'.

Why
  No agent serves it: callers wait until they give up.

Example
    tech: {type: queue, queue: tehc}
    queues: {tech: {}}

Better
    tech: {type: queue, queue: tech}
    queues: {tech: {}}

Options
  None.

Source
  Arithmetic: names compared
"""
    )


def test_explain_knows_names_and_small_letters() -> None:
    assert page("unknown-queue") == page("r001") == page("R001")


@pytest.mark.parametrize(
    ("asked", "hint"),
    [
        ("R01", "did you mean R001 (unknown-queue)?"),
        ("unknown-quue", "did you mean R001 (unknown-queue)?"),
        ("hello", "'ivr explain' lists all rules"),
    ],
)
def test_explain_suggests_the_nearest_code(asked: str, hint: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", asked]) == 2
    assert capsys.readouterr().err == f"error L002 no rule has the code '{asked}'\n  = hint: {hint}\n"


def test_explain_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "S002", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["name"] == "unknown-target"
    assert main(["explain", "--json"]) == 0
    assert [rule["code"] for rule in json.loads(capsys.readouterr().out)] == list(rules())


def test_schema_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "Flow"
