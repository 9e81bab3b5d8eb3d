"""``ivr lint`` on files of every kind, on folders and on the standard input, in every format."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from flows.model.load import LIBRARY
from ivr.__main__ import main

FLOW = """\
ivr: 1
name: Line
languages: [en-US, es-US]
description: A line.
start: who
parts: {identify: {file: parts/identify.yaml, exits: {person: bye}}}
catalogue: prompts.yaml
nodes:
  who: {type: subflow, start: identify, next: bye}
  bye: {type: hangup, say: $bye}
"""
PART = """\
ivr: 1
part: Identify the caller
start: ask
exits: [person]
nodes:
  ask:
    type: collect
    say: {en-US: Your number?, es-US: ¿Su número?}
    into: account
    digits: 6
    otherwise: person
    next: return
"""
PROMPTS = "ivr: 1\nprompts:\n  bye: {en-US: Goodbye., es-US: Adiós.}\n"
DESK = "{ivr: 1, name: Desk, start: desk, nodes: {desk: {type: queue, queue: desk}}, queues: {desk: {}}}\n"
SCENARIO = """\
name: Monday
flow: desk.yaml
start: 2026-11-23 08:00
zone: America/New_York
horizon: 1h
arrivals: {kind: constant, per_hour: 30}
intents: {help: {share: 1, goal: desk}}
talk: {exponential: 3m}
groups: {people: {skills: [desk], agents: 2}}
"""
RULE = ("--select", "P001")
COMPOSE = "services: {web: {image: nginx}}\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own, without settings."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(**texts: str) -> None:
    """Write files; ``__`` in a name stands for the dot, ``___`` for a slash."""
    for name, text in texts.items():
        path = Path(name.replace("___", "/").replace("__", "."))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def line() -> None:
    """A flow of three files."""
    write(line__yaml=FLOW, parts___identify__yaml=PART, prompts__yaml=PROMPTS)


def found(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    """``file:line:column code message`` of every finding."""
    capsys.readouterr()
    main(["lint", *arguments, "--json"])
    return [
        f"{one['file']}:{one['line']}:{one['column']} {one['code']} {one['message']}"
        for one in json.loads(capsys.readouterr().out)
    ]


# --- scenarios ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("", "", []),
        ("horizon", "horizont", ["monday.yaml:5:1 F001 unknown key 'horizont'"]),
        ("goal: desk", "goal: dsk", ["monday.yaml:7:34 X001 there is no node 'dsk'"]),
        ("skills: [desk]", "skills: [dsk]", None),
        ("flow: desk.yaml", "flow: dsk.yaml", ["monday.yaml:2:7 X001 there is no flow 'dsk.yaml'"]),
        ("zone: America/New_York", "zone: America/New_Yrok", None),
        ("kind: constant, per_hour: 30", "kind: csv, file: counts.csv", None),
    ],
)
def test_a_scenario_has_the_findings_with_which_a_simulation_refuses_it(
    capsys: pytest.CaptureFixture[str], old: str, new: str, shown: list[str] | None
) -> None:
    write(desk__yaml=DESK, monday__yaml=SCENARIO.replace(old, new))
    linted = main(["lint", "monday.yaml"])
    text = capsys.readouterr().out
    if not old:
        assert (linted, text) == (0, "No findings: it can be simulated.\n")
        return
    assert main(["simulate", "monday.yaml", "--engine", "reference", "--replications", "1"]) == linted == 1
    refused = capsys.readouterr().err
    assert text.startswith(refused)
    assert text.removeprefix(refused).lstrip("\n").startswith(f"{refused.count(': error ')} error")
    if shown is not None:
        assert found(capsys, "monday.yaml") == shown


def test_a_goal_that_no_announced_path_leads_to_is_found_without_simulating(
    capsys: pytest.CaptureFixture[str],
) -> None:
    menu = "main: {type: menu, choices: [{key: 1, label: the end, next: bye}], otherwise: bye}, bye: {type: hangup}"
    silent = f"start: main, keys: {{5: desk}}, nodes: {{{menu}, "
    write(desk__yaml=DESK.replace("start: desk, nodes: {", silent), monday__yaml=SCENARIO)
    assert main(["lint", "monday.yaml"]) == 1
    text = capsys.readouterr().out
    assert text.startswith("monday.yaml:7:34: error X001 ")
    assert main(["simulate", "monday.yaml", "--engine", "reference", "--replications", "1"]) == 1
    assert text.startswith(capsys.readouterr().err)


def test_a_table_of_calls_is_checked_with_its_scenario(capsys: pytest.CaptureFixture[str]) -> None:
    write(
        desk__yaml=DESK,
        monday__yaml=SCENARIO.replace("kind: constant, per_hour: 30", "kind: csv, file: counts.csv"),
        counts__csv="calls\n12\nmany\n",
    )
    wrong = "counts.csv:3:1 X005 'many' in column 'calls' is not a number of calls, 0 or more"
    assert found(capsys, "counts.csv") == found(capsys, "monday.yaml") == [wrong]
    write(counts__csv="calls\n12\n13\n")
    assert found(capsys, "counts.csv") == found(capsys, ".", *RULE) == []
    write(monday__yaml=SCENARIO)
    assert found(capsys, "counts.csv") == [
        "counts.csv:0:0 Y011 no scenario here names this table, so there is nothing to check it against"
    ]
    assert found(capsys, ".", *RULE) == []


# --- column maps ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("arrived: came\nqueue: line\noutcomes: {HANG: abandoned}\nnobody: [NONE]\n", []),
        ("arrived: came\nquew: line\n", ["map.yaml:2:1 K009 a column map has no 'quew'"]),
        ("queue: line\narrived: [came]\n", ["map.yaml:2:10 K009 arrived: ['came'] is not the name of a column"]),
        (
            "arrived: came\noutcomes: {HANG: gone}\n",
            [("map.yaml:2:11 K009 outcomes: 'HANG' means 'gone'")],
        ),
        ("arrived: [\n", ["map.yaml:2:1 Y001 "]),
    ],
)
def test_a_column_map_is_checked_without_its_table(
    text: str, shown: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    write(map__yaml=text)
    assert [line[: len(wanted)] for line, wanted in zip(found(capsys, "map.yaml"), shown, strict=True)] == shown


# --- call scripts ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "shown"),
    [
        (["expect node dsk"], "2:3 C003 the flow has no node 'dsk' | did you mean 'desk'?"),
        (["expect queue dsk"], "2:3 C003 the flow has no queue 'dsk' | did you mean 'desk'?"),
        (["expect language fr-FR"], "2:3 C003 the flow has no language 'fr-FR' | there is en-US"),
        (["expect path desk > bye"], "2:3 C003 the flow has no node 'bye' | there is desk"),
        (["expect value tier = gold"], "2:3 C003 the flow has no value 'tier' | there is ani, dnis, language"),
        (["expect value tier ="], ""),  # a value that is not set is empty
        (["given tier = gold", "expect value tier = gold"], ""),
        (["answer", "ends handeld"], "3:3 C003 no call to this flow can end as 'handeld' | did you mean 'handled'?"),
        (["ends voicemail"], None),
        (["press one"], "2:3 C003 'one' is not a row of keys | write digits, star or pound"),
        (
            ["record"],
            "2:3 C003 no node of this flow has the outcome 'recorded' | call the flow that this script was written for",
        ),
        (
            ["lookup found"],
            "2:3 C003 no lookup of this flow has the outcome 'found' | remove this line: there is no outcome",
        ),
        (["at noon"], None),
        (["language fr-FR"], "2:3 C003 this flow does not speak 'fr-FR' | it speaks en-US"),
        (["draw desk = a"], "2:3 C003 'desk = a' is not a case of a split by shares | write 'draw NODE = CASE'"),
        (["from abc"], None),
        (
            ["wait", "at 2026-11-23 10:00"],
            "3:3 C003 'at' comes after the call has begun | move it to the top of the call",
        ),
        (["pres 1"], "2:3 C001 'pres 1' is not a line of a call script | did you mean 'press'?"),
        (["timeout", "full", "closed", "answer", "hang up", "wait", "say help", "press 1 star", 'hear "x"'], ""),
    ],
)
def test_a_script_has_a_finding_for_every_line_that_no_call_can_fulfil(
    capsys: pytest.CaptureFixture[str], lines: list[str], shown: str | None
) -> None:
    write(desk__yaml=DESK, desk__calls="\n  ".join(["call: one", *lines]) + "\n")
    main(["lint", "desk.calls", "--json"])
    wrong = [
        f"{f['line']}:{f['column']} {f['code']} {f['message']} | {f['hint']}"
        for f in json.loads(capsys.readouterr().out)
    ]
    if shown is None:
        assert len(wrong) == 1
        assert wrong[0].startswith("2:3 C003 ")
    else:
        assert wrong == [shown] * bool(shown)


def test_what_a_script_may_name_is_what_a_call_that_goes_well_meets(capsys: pytest.CaptureFixture[str]) -> None:
    """The shipped scripts take every kind of exit, and all of their calls go as written."""
    assert main(["lint", *sorted(path.name for path in LIBRARY.glob("*.calls"))]) == 0
    assert capsys.readouterr().out == "No findings in 4 files: every line can be played; 'ivr test' plays them.\n"


@pytest.mark.parametrize(
    ("script", "flows", "calls"),
    [
        ("desk.calls", ["desk.yaml", "other.yaml"], "desk.yaml"),
        ("desk-night.calls", ["desk.yaml", "other.yaml"], "desk.yaml"),
        ("calls/any.calls", ["desk.yaml"], "desk.yaml"),
        ("any.calls", ["desk.yaml", "other.yaml"], ""),
        ("any.calls", [], ""),
    ],
)
def test_the_flow_of_a_script_is_told_by_its_name(
    capsys: pytest.CaptureFixture[str], script: str, flows: list[str], calls: str
) -> None:
    for flow in flows:
        stem = Path(flow).stem
        text = f"{{ivr: 1, name: A, start: {stem}, nodes: {{{stem}: {{type: hangup, say: Goodbye.}}}}}}\n"
        Path(flow).write_text(text, "utf-8")
    Path(script).parent.mkdir(exist_ok=True)
    Path(script).write_text("call: one\n  expect node desk\n  expect node nobody\n", "utf-8")
    assert main(["lint", script, "--json"]) == int(bool(calls))
    out, err = capsys.readouterr()
    assert [one["message"] for one in json.loads(out)] == (["the flow has no node 'nobody'"] if calls else [])
    stem = Path(script).stem
    assert err == (
        "" if calls else f"{script}: no flow {stem}.yaml lies beside it, so only the form of its lines was checked\n"
    )


# --- parts, catalogues, translations, baselines ---------------------------------------------------------------------


def test_a_part_and_a_catalogue_are_checked_with_their_flow(capsys: pytest.CaptureFixture[str]) -> None:
    line()
    assert found(capsys, "parts/identify.yaml", *RULE) == found(capsys, "prompts.yaml", *RULE) == []
    write(parts___identify__yaml=PART.replace(", es-US: ¿Su número?", ""))
    write(prompts__yaml=PROMPTS.replace("Adiós.", '""'))
    of_part = ["parts/identify.yaml:8:10 P001 nothing is said here in es-US"]
    of_catalogue = ["prompts.yaml:3:8 P001 nothing is said here in es-US"]
    assert found(capsys, "parts/identify.yaml", *RULE) == of_part
    assert found(capsys, "prompts.yaml", *RULE) == of_catalogue
    assert found(capsys, ".", *RULE) == of_part + of_catalogue


def test_what_keeps_a_part_from_being_read_is_found_in_it(capsys: pytest.CaptureFixture[str]) -> None:
    line()
    write(parts___identify__yaml=PART.replace("digits", "digts"))
    wrong = ["parts/identify.yaml:10:5 F001 unknown key 'digts'"]
    assert found(capsys, "parts/identify.yaml") == found(capsys, "line.yaml") == found(capsys, ".") == wrong


def test_a_part_that_no_flow_includes_is_checked_for_its_structure(capsys: pytest.CaptureFixture[str]) -> None:
    write(identify__yaml=PART.replace("otherwise: person", "otherwise: persn"))
    assert main(["lint", "identify.yaml"]) == 1
    out, err = capsys.readouterr()
    assert out.startswith("identify.yaml:11:16: error S002 there is no node 'persn'\n")
    assert err == "identify.yaml: no flow here includes this part, so only its structure was checked\n"
    write(identify__yaml=PART.replace("part: Identify the caller", "part: [a]"))
    assert [one.partition(" ")[0] for one in found(capsys, "identify.yaml")] == ["identify.yaml:2:7"]


def test_a_catalogue_that_no_flow_names_is_checked_for_its_form(capsys: pytest.CaptureFixture[str]) -> None:
    write(prompts__yaml="ivr: 1\nprompts: {a b: Hello.}\n")
    assert found(capsys, "prompts.yaml") == ["prompts.yaml:2:11 F003 'a b' cannot name a shared prompt"]
    main(["lint", "prompts.yaml"])
    assert capsys.readouterr().err == "prompts.yaml: no flow here names this catalogue, so only its form was checked\n"


def test_a_part_is_fixed_with_its_flow(capsys: pytest.CaptureFixture[str]) -> None:
    line()
    choice = "{key: 1, label: {en-US: a person, es-US: una persona}, next: person}"
    menu = f"ask: {{type: menu, prompt: {{en-US: Press 1 for a person., es-US: Oprima.}}, choices: [{choice}]}}"
    part = PART.partition("  ask:")[0] + f"  {menu}\n"
    write(parts___identify__yaml=part)
    assert main(["lint", "parts/identify.yaml", "--fix", "--unsafe-fixes", "--select", "P103"]) == 0
    assert "parts/identify.yaml: fixed together with its flow: ivr lint line.yaml --fix\n" in capsys.readouterr().err
    assert Path("parts/identify.yaml").read_text("utf-8") == part
    main(["lint", "parts/identify.yaml", "line.yaml", "--fix", "--unsafe-fixes", "--select", "P103"])
    fixed = Path("parts/identify.yaml").read_text("utf-8")
    assert fixed == part.replace("Press 1 for a person.", '"For a person, press 1."')


def test_translations_are_checked_against_their_flow(capsys: pytest.CaptureFixture[str]) -> None:
    line()
    assert main(["convert", "line.yaml", "--to", "po", "--language", "es-US", "--output", "es.po"]) == 0
    assert found(capsys, "es.po") == []
    text = Path("es.po").read_text("utf-8")
    write(es__po=text.replace('msgid "Goodbye."', 'msgid "Good bye."'))
    assert [one.partition(" ")[2] for one in found(capsys, "es.po")] == [
        "G002 prompts.yaml: prompts.bye: 'Good bye.' is not what the flow says"
    ]
    write(es__po=text.replace("Language: es_US", "Language: fr_FR"))
    assert found(capsys, "es.po") == ["es.po:1:1 G006 the file is in 'fr-FR', which line.yaml does not speak"]
    Path("line.yaml").unlink()
    assert found(capsys, "es.po") == []
    main(["lint", "es.po"])
    assert capsys.readouterr().err == (
        "es.po: the flow that they translate is not here, so only the form of the translations was checked\n"
    )
    write(es__po='msgid "a"\nmsgstr "b"\nnonsense\n')
    assert [one.partition(" ")[2][:4] for one in found(capsys, "es.po")] == ["G006"]


def test_a_baseline_is_checked_for_its_form(capsys: pytest.CaptureFixture[str]) -> None:
    write(known__json='{"ivr-lint-baseline": 2, "findings": []}')
    assert found(capsys, "known.json") == []
    write(known__json='{"ivr-lint-baseline": 1, "findings": []}')
    assert found(capsys, "known.json") == ["known.json:0:0 L006 this is not a baseline: written by another version"]


def test_plans_of_callers_are_checked_line_by_line(capsys: pytest.CaptureFixture[str]) -> None:
    write(callers__txt="# two callers\n1,2,wait\n0,waiit\n", none__plans="# nobody\n")
    (wrong,) = found(capsys, "callers.txt")
    assert wrong.startswith("callers.txt:3:1 C004 'waiit' is neither keys nor one of wait, hangup, ")
    assert found(capsys, "none.plans") == ["none.plans:1:1 C004 there is no plan in this file"]


# --- many files, others' files, the standard input ------------------------------------------------------------------


def test_findings_of_many_files_stand_under_headings_with_a_total(capsys: pytest.CaptureFixture[str]) -> None:
    write(
        desk__yaml="{ivr: 1, name: Desk, start: by, nodes: {bye: {type: hangup, say: Goodbye.}}}\n",
        other__yaml="{ivr: 1, name: Desk, start: bye, nodes: {bye: {type: hangup, say: Goodbye.}}}\n",
        desk__calls="call: one\n  ends handeld\n",
        compose__yaml=COMPOSE,
    )
    assert main(["lint", ".", "--select", "S001"]) == 1
    out, err = capsys.readouterr()
    assert out == (
        "desk.calls, a file of call scripts: 1 error\n"
        "\n"
        "desk.calls:2:3: error C003 no call to this flow can end as 'handeld'\n"
        "  2 |   ends handeld\n"
        "    |   ^^^^\n"
        "    = hint: there is contained, abandoned_in_menu, failed\n"
        "\n"
        "desk.yaml, a flow: 1 error\n"
        "\n"
        "desk.yaml:1:29: error S001 the call starts at 'by', but there is no such node\n"
        "  1 | {ivr: 1, name: Desk, start: by, nodes: {bye: {type: hangup, say: Goodbye.}}}\n"
        "    |                             ^^\n"
        "    = hint: did you mean 'bye'?\n"
        "\n"
        "2 errors in 2 of 3 files. 'ivr explain C003' tells why the first matters.\n"
        "1 fix available: repeat with '--fix --unsafe-fixes'; '--diff' instead of '--fix' shows the changes.\n"
    )
    assert err == "left out, because nothing of a phone line is in it: compose.yaml\n"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (".", "there is nothing to check in this folder"),
        ("*.yaml", "no file that can be checked fits this pattern"),
    ],
)
def test_files_of_which_none_is_ours_are_nothing_to_check(
    name: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A misspelt folder in a workflow would else pass for ever."""
    write(compose__yaml="services: {db: {image: postgres}}\n")
    assert found(capsys, name) == [f"{name}:0:0 Y002 {message}"]
    assert main(["lint", name]) == 2
    capsys.readouterr()
    write(desk__yaml=DESK)
    assert found(capsys, name, *RULE) == []


def test_an_excluded_file_is_told_to_be_unchecked(capsys: pytest.CaptureFixture[str]) -> None:
    """A hook names every file that changed; that is no failure."""
    write(desk__yaml=DESK)
    assert main(["lint", "desk.yaml", "--exclude", "desk.yaml"]) == 0
    assert capsys.readouterr().out == "No findings: what is named is excluded, so nothing was checked.\n"


def test_a_folder_without_findings_is_told_by_what_is_in_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "clinic"]) == 0
    capsys.readouterr()
    assert main(["lint", "."]) == 0
    assert (
        capsys.readouterr().out
        == "No findings in 4 files: 1 agents file, 1 file of call scripts, 1 scenario, 1 flow.\n"
    )


@pytest.mark.parametrize("form", ["json", "sarif", "github"])
def test_every_format_holds_many_files(capsys: pytest.CaptureFixture[str], form: str) -> None:
    write(desk__yaml=DESK.replace("start: desk", "start: dsk"), monday__yaml=SCENARIO.replace("horizon", "horizont"))
    assert main(["lint", ".", "--format", form, "--ignore", "A,M,N,R"]) == 1
    out = capsys.readouterr().out
    files = {
        "json": lambda: [(one["file"], one["code"]) for one in json.loads(out)],
        "sarif": lambda: [
            (one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], one["ruleId"])
            for one in json.loads(out)["runs"][0]["results"]
        ],
        "github": lambda: [
            (one.partition("file=")[2].partition(",")[0], one.partition("title=")[2][:4]) for one in out.splitlines()
        ],
    }[form]()
    assert files == [("desk.yaml", "S001"), ("monday.yaml", "F001")]


def test_a_file_of_others_is_refused_if_it_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    write(compose__yaml=COMPOSE)
    assert main(["lint", "compose.yaml"]) == 1
    assert capsys.readouterr().out == (
        "compose.yaml: error Y011 this is none of the files that can be checked\n"
        "  = hint: name another file, or make it one: an agents file has 'agents: who answers, by a short name';"
        " a catalogue of prompts has 'ivr: 1' and 'prompts';"
        " a column map has 'arrived', and names of columns, as ivr calibrate writes it; a flow has"
        " 'ivr: 1', 'name', 'start' and 'nodes'; a language pack has 'ivr: 1' and 'language';"
        " a part of a flow has 'ivr: 1', 'part: what it is for', 'start' and"
        " 'nodes'; a scenario has 'flow', 'start', 'horizon', 'arrivals', 'intents' and 'groups';"
        " a file of shifts has 'shifts: kinds of shifts by name';"
        " a file of tasks has 'tasks: what callers come for, by name'\n"
        "\n"
        "1 error. 'ivr explain Y011' tells why it matters.\n"
    )


def test_what_cannot_be_read_is_reported_if_it_is_ours(capsys: pytest.CaptureFixture[str]) -> None:
    write(desk__yaml=DESK)
    Path("latin.yaml").write_bytes("ivr: 1\nname: a\xf1o\n".encode("latin-1"))
    Path("others.yaml").write_bytes("services: a\xf1o\n".encode("latin-1"))
    assert found(capsys, ".", "--select", "S001") == ["latin.yaml:2:8 Y003 byte 0xf1 is not UTF-8"]
    assert found(capsys, "others.yaml") == ["others.yaml:1:12 Y003 byte 0xf1 is not UTF-8"]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (["gone.yaml"], 2),
        (["gone.yaml", "desk.yaml"], 2),
        (["*.gone"], 2),
        (["empty"], 2),
        (["desk.yaml", "--select", "S"], 0),
    ],
)
def test_a_name_without_a_file_is_wrong_usage(given: list[str], code: int) -> None:
    write(desk__yaml=DESK)
    Path("empty").mkdir()
    assert main(["lint", *given]) == code


def test_the_standard_input_is_a_file_like_any_other(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("ivr: 1\nname: 'It's\n"))
    assert found(capsys, "-") == ["<stdin>:2:11 Y001 more follows after the closing quote"]
    line()
    monkeypatch.setattr("sys.stdin", io.StringIO(PART.replace(", es-US: ¿Su número?", "")))
    assert found(capsys, "-", "--stdin-filename", "./parts/identify.yaml", *RULE) == [
        "parts/identify.yaml:8:10 P001 nothing is said here in es-US"
    ]
    write(desk__yaml=DESK)
    monkeypatch.setattr("sys.stdin", io.StringIO("call: one\n  ends handeld\n"))
    assert found(capsys, "-", "--stdin-filename", "desk.calls") == [
        "desk.calls:2:3 C003 no call to this flow can end as 'handeld'"
    ]
    monkeypatch.setattr("sys.stdin", io.StringIO(SCENARIO.replace("horizon", "horizont")))
    assert found(capsys, "-") == ["<stdin>:5:1 F001 unknown key 'horizont'"]
    assert main(["lint", "-", "--fix"]) == 2


def test_warnings_about_other_files_are_selected_by_their_codes(capsys: pytest.CaptureFixture[str]) -> None:
    write(desk__yaml=DESK, monday__yaml=SCENARIO.replace("zone: America/New_York", "zone: EST"))
    (warning,) = found(capsys, "monday.yaml")
    assert warning.startswith("monday.yaml:4:7 X005 'EST' ")
    assert found(capsys, "monday.yaml", "--ignore", "X005") == found(capsys, "monday.yaml", "--select", "S") == []


def test_shipped_files_of_every_kind_are_named_without_their_folder(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", "power_outage", "power_outage.scenario", "power_outage.calls"]) == 0
    assert capsys.readouterr().out == "No findings in 3 files: 1 flow, 1 scenario, 1 file of call scripts.\n"
