"""Defaults of commands from ivr.toml and pyproject.toml: which file counts, what wins, and what has no effect."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from ivr.__main__ import main

FLOW = """\
ivr: 1
name: Línea
languages: [en-US, es-US]
start: main
nodes:
  main: {type: menu, prompt: Press 1 for the end., choices: [{key: 1, label: the end, next: bye}], otherwise: bye}
  bye: {type: hangup, say: {en-US: Goodbye., es-US: Adiós.}}
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a flow in a folder of its own, outside of which nothing is set."""
    (tmp_path / "project" / "lines").mkdir(parents=True)
    (tmp_path / "project" / "lines" / "a.yaml").write_text(FLOW, "utf-8")
    monkeypatch.chdir(tmp_path / "project")
    return tmp_path / "project"


def settings(text: str, file: str = "ivr.toml") -> None:
    """Write a settings file."""
    Path(file).write_text(text, "utf-8")


def shown(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, tuple[str, str]]:
    """Value and origin of every setting that ``--show-config`` prints."""
    capsys.readouterr()
    assert main(["--show-config", *arguments]) == 0
    rows = [line.split("  ") for line in capsys.readouterr().out.splitlines()]
    return {row[0]: (" ".join(row[1:-1]).strip(), row[-1].strip()) for row in rows}


def test_the_command_line_wins_then_the_environment_then_the_project_then_the_default(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("IVR_TODAY")
    assert shown(capsys, "lint", "lines")["--today"] == ("", "default")
    settings("[lint]\ntoday = 2026-01-01\nformat = 'github'\nselect = ['S', 'M1']\n")
    stated = shown(capsys, "lint", "lines")
    assert stated["--today"] == ("2026-01-01 00:00:00", "ivr.toml:2")
    assert stated["--format"] == ("github", "ivr.toml:3")
    assert stated["--select"] == ("S, M1", "ivr.toml:4")
    assert stated["--json"] == ("no", "default")
    monkeypatch.setenv("IVR_TODAY", "2026-02-02")
    assert shown(capsys, "lint", "lines")["--today"] == ("2026-02-02 00:00:00", "environment")
    typed = shown(capsys, "lint", "lines", "--today", "2026-03-03", "--format", "sarif", "--select", "P")
    assert typed["--today"] == ("2026-03-03 00:00:00", "command line")
    assert typed["--format"] == ("sarif", "command line")
    assert typed["--select"] == ("P", "command line")


def test_a_default_does_what_the_option_does(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "lines/a.yaml"]) == 0
    drawn = capsys.readouterr().out
    assert main(["show", "lines/a.yaml", "--language", "es-US", "--json"]) == 0
    asked = capsys.readouterr().out
    settings("[show]\nlanguage = 'es-US'\njson = true\n")
    assert main(["show", "lines/a.yaml"]) == 0
    assert capsys.readouterr().out == asked != drawn


@pytest.mark.parametrize("name", ["at_least", "at-least"])
def test_a_name_may_be_written_as_the_option_or_as_in_python(capsys: pytest.CaptureFixture[str], name: str) -> None:
    settings(f"[optimise]\n{name} = 2\n")
    assert shown(capsys, "optimise", "lines/a.yaml")["--at-least"] == ("2.0", "ivr.toml:2")


def test_the_nearest_file_counts_as_a_whole(capsys: pytest.CaptureFixture[str], here: Path) -> None:
    settings("[show]\nlanguage = 'es-US'\n[lint]\nquiet = true\n")
    settings("[lint]\nformat = 'json'\n", "lines/ivr.toml")
    assert shown(capsys, "show", "northwind")["--language"] == ("es-US", "ivr.toml:2")  # from where it runs
    near = shown(capsys, "lint", "lines/a.yaml")  # from the file on
    assert near["--format"] == ("json", "lines/ivr.toml:2")
    assert near["--quiet"] == ("no", "default")
    assert shown(capsys, "show", "lines/a.yaml")["--language"] == ("", "default")


def test_ivr_toml_goes_before_pyproject_toml(capsys: pytest.CaptureFixture[str]) -> None:
    settings("[tool.ivr.show]\nlanguage = 'es-US'\n[tool.other]\nx = 1\n", "pyproject.toml")
    assert shown(capsys, "show", "lines/a.yaml")["--language"] == ("es-US", "pyproject.toml:2")
    settings("[show]\nlanguage = 'en-US'\n")
    assert shown(capsys, "show", "lines/a.yaml")["--language"] == ("en-US", "ivr.toml:2")


def test_files_are_relative_to_the_file_that_names_them(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, here: Path
) -> None:
    settings(
        "[simulate]\nreport = 'out/day.html'\n[lint]\nbaseline = 'known.json'\nscenario = 'northwind'\n"
        "exclude = ['/lines/old.yaml']\n[serve]\ndatabase = 'postgresql://ivr@localhost/ivr'\n"
    )
    (here / "lines" / "old.yaml").write_text(FLOW, "utf-8")
    monkeypatch.chdir(here / "lines")
    assert shown(capsys, "simulate", "northwind")["--report"] == ("../out/day.html", "../ivr.toml:2")
    stated = shown(capsys, "lint", ".")
    assert stated["--baseline"][0] == "../known.json"
    assert stated["--scenario"][0] == "northwind"  # a shipped one
    assert shown(capsys, "serve", "a.yaml")["--database"][0] == "postgresql://ivr@localhost/ivr"
    settings("[lint]\nexclude = ['/lines/old.yaml']\n", "../ivr.toml")
    main(["lint", ".", "--select", "M110", "--json"])
    assert capsys.readouterr().out == "[]\n"
    assert shown(capsys, "lint", ".")["--exclude"][0] == "/lines/old.yaml"


def test_defaults_of_a_command_within_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    settings("[data]\n[data.purge]\nkeep = 'numbers=1'\n")
    assert shown(capsys, "data", "purge")["--keep"] == ("numbers=1", "ivr.toml:3")


def test_what_a_command_needs_to_run_may_be_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    settings("[erlang]\naht = '3m'\n[lint]\nquiet = true\n")
    stated = shown(capsys, "erlang", "a")
    assert (stated["--aht"], stated["--agents"]) == (("180.0", "ivr.toml:2"), ("", "default"))
    assert shown(capsys, "lint")["--quiet"] == ("yes", "ivr.toml:4")
    assert main(["lint"]) == 2


def test_two_commands_of_one_name_share_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    settings("[call]\nkeys = '1'\nrequests = true\nvalue = 'tier=gold'\n")
    assert "--requests" not in shown(capsys, "call", "lines/a.yaml")
    assert shown(capsys, "call", "lines/a.yaml")["--value"] == ("tier=gold", "ivr.toml:4")
    over_http = shown(capsys, "call", "http://localhost:1/voice")
    assert (over_http["--requests"], over_http["--keys"]) == (("yes", "ivr.toml:3"), ("1", "ivr.toml:2"))
    assert "--value" not in over_http


def test_without_a_command_every_setting_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--show-config"]) == 0
    assert capsys.readouterr().out == (
        "No settings file: there is neither an ivr.toml nor a [tool.ivr] in a pyproject.toml, here or above.\n"
    )
    settings("[lint]\nquiet = true\n[lint.severity]\nM101 = 'error'\n")
    assert shown(capsys) == {"lint.quiet": ("yes", "ivr.toml:2"), "lint.severity.M101": ("error", "ivr.toml:4")}
    assert shown(capsys, "lint", ".")["severity.M101"] == ("error", "ivr.toml:4")
    settings("[lint\n")
    assert main(["--show-config"]) == 2
    assert "ivr.toml:1:6: error L006 not TOML" in capsys.readouterr().err


def test_unsafe_fixes_may_be_the_default_of_a_project(capsys: pytest.CaptureFixture[str]) -> None:
    settings("[lint]\nunsafe-fixes = true\nselect = 'P103'\n")
    assert main(["lint", "lines/a.yaml"]) == 0
    assert main(["lint", "lines/a.yaml", "--unsafe-fixes"]) == 2
    assert main(["lint", "lines/a.yaml", "--fix"]) == 0
    assert "For the end, press 1." in Path("lines/a.yaml").read_text("utf-8")


WRONG = [
    ("[shwo]\n", "1:2 there is no command 'shwo' | did you mean 'show'?"),
    ("[show]\nlangauge = 'x'\n", "2:1 ivr show has no option 'langauge' | did you mean 'language'?"),
    (
        "[show]\nzzz = 1\n",
        "2:1 ivr show has no option 'zzz' | allowed here: format, output, language, leaves, scenario, coverage, part,"
        " json, watch, color, quiet",
    ),
    (
        "[show]\nformat = 'sgv'\n",
        "2:1 format: 'sgv' is not one of 'tree', 'mermaid', 'dot', 'svg', 'html' | did you mean 'svg'?",
    ),
    ("[show]\njson = 'yes'\n", "2:1 json: 'yes' is neither true nor false | write json = true, or leave it out"),
    (
        "[show]\nlanguage = ['a']\n",
        "2:1 language: ['a'] is not a single value | 'ivr show --help' says what --language takes",
    ),
    (
        "[show]\nlanguage = true\n",
        "2:1 language: true is not a single value | 'ivr show --help' says what --language takes",
    ),
    ("show = 3\n", "1:1 show is not a table | write '[show]'"),
    ("show = {langauge = 'x'}\n", "1:9 ivr show has no option 'langauge' | did you mean 'language'?"),
]


@pytest.mark.parametrize(("text", "wrong"), WRONG)
def test_what_has_no_effect_stops_the_command_and_is_a_finding_of_lint(
    capsys: pytest.CaptureFixture[str], text: str, wrong: str
) -> None:
    settings(text)
    assert main(["show", "lines/a.yaml"]) == 2
    place, _, rest = wrong.partition(" ")
    message, _, hint = rest.partition(" | ")
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"ivr.toml:{place}: error L003 {message}\n")
    assert err.endswith(f" = hint: {hint}\n")
    assert main(["lint", "ivr.toml", "--json"]) == 1
    (found,) = json.loads(capsys.readouterr().out)
    assert (f"{found['line']}:{found['column']}", found["code"], found["message"], found["hint"]) == (
        place,
        "L003",
        message,
        hint,
    )
    assert main(["show", "--help"]) == 0  # help is shown all the same


def test_wrong_settings_of_lint_are_findings_beside_the_others(capsys: pytest.CaptureFixture[str]) -> None:
    settings("[lint]\nformat = 'sarfi'\nformta = 'x'\nselect = 'S001'\n[lint.severity]\nM1O1 = 'info'\n")
    assert main(["lint", "lines/a.yaml", "--json"]) == 1
    found = [f"{one['line']} {one['message']} | {one['hint']}" for one in json.loads(capsys.readouterr().out)]
    assert found == [
        "3 unknown setting 'formta' | did you mean 'format'?",
        "6 no rule has the code 'M1O1' | did you mean M131?",
        "2 format: 'sarfi' is not one of 'text', 'json', 'github', 'sarif' | did you mean 'sarif'?",
    ]
    assert main(["lint", "ivr.toml", "--json"]) == 1
    assert [one["line"] for one in json.loads(capsys.readouterr().out)] == [2, 3, 6]


def test_settings_for_the_rules_stand_in_the_same_table(capsys: pytest.CaptureFixture[str]) -> None:
    settings("[lint]\nignore = ['M', 'P', 'N', 'A', 'R', 'S']\nprofile = 'es'\nformat = 'json'\n")
    main(["lint", "lines/a.yaml"])
    assert capsys.readouterr().out == "[]\n"


def test_a_command_that_cannot_be_read_keeps_its_own_message(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings("[lint]\nquiet = true\n")
    assert main(["lint", "lines", "--formt"]) == 2
    assert "error U001 No such option '--formt'." in capsys.readouterr().err
    assert main(["show"]) == 2
    monkeypatch.setattr("sys.stdin", io.StringIO(FLOW))
    assert main(["lint", "-", "--select", "S"]) == 0


@pytest.mark.parametrize(
    ("table", "said", "hint"),
    [
        ("calibrate]\nzone = 'Madrid'", "zone: 'Madrid' is not a time zone", "did you mean 'Europe/Madrid'?"),
        ("report]\nzone = 'Madrid'", "zone: 'Madrid' is not a time zone", "did you mean 'Europe/Madrid'?"),
        ("backtest]\nto = '2026-13-01'", "to: '2026-13-01' is not a date", "for example to = '2026-03-01'"),
        ("forecast]\nfrom = 'May'", "from: 'May' is not a date", "for example from = '2026-03-01'"),
        (
            "report]\nfrom = 'noon'",
            "from: 'noon' is neither a date nor a time",
            "write a date, a time, or both: 2026-11-23, 09:30, '2026-11-23 09:30'",
        ),
        (
            "simulate]\ntime_budget = 'soon'",
            "time_budget: 'soon' is not a duration; write 30s, 15m or 1h",
            "for example time_budget = '30s'",
        ),
        (
            "simulate]\nprecision = 'asa'",
            "precision: 'asa' is not of the form MEASURE=HALF_WIDTH",
            "for example precision = 'service_level=0.5%'",
        ),
        (
            "simulate]\nprecision = 'asas_s=1s'",
            "precision: there is no measure 'asas_s'",
            "did you mean 'asa_s'?",
        ),
        (
            "simulate]\nreplications = 0",
            "replications: 0 replications; run from 1 to 100,000",
            "for example replications = 20",
        ),
        ("compare]\nseed = -1", "seed: the seed is -1; it must be 0 or more", "for example seed = 1"),
        ("sweep]\nworkers = 0", "workers: 0 workers; there must be at least one", "for example workers = 2"),
        ("call]\nat = 'noon'", "at: 'noon' is not a date and time", "write it like 2026-11-23T10:00"),
    ],
)
def test_a_value_that_the_command_would_refuse_is_shown_where_it_stands(
    table: str, said: str, hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    settings(f"[{table}\n")
    assert main(["lint", "ivr.toml", "--json"]) == 1
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["code"], found["line"], found["column"]) == ("L003", 2, 1)
    assert (found["message"], found["hint"]) == (said, hint)
