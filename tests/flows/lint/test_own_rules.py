"""Rules from outside: of folders and of installed distributions, in every place where built-in rules are known."""

from __future__ import annotations

import json
import os
import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows import Context, Problem, Rule, try_rule
from flows.lint import rules as rules_module
from flows.lint.installed_rules import installed_rules
from flows.lint.rules import rules, with_rules
from flows.source.finding import IvrError
from ivr.__main__ import main
from tests.support.documents import BLOCK
from tests.support.paths import ROOT

CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
SHOWN = {block["file"]: block["body"] for block in BLOCK.finditer(CONTRIBUTING) if block["file"]}
RULE_FILE = SHOWN["rules/too_many_nodes.py"].replace('Option("most", 40', 'Option("most", 0')
FLOW = """ivr: 1
name: Line
start: bye
nodes:
  bye: {type: hangup, say: Goodbye.}
"""
FOUND = """line.yaml:5:3: warning ACME001 a page shows 0 nodes, not 1
  5 |   bye: {type: hangup, say: Goodbye.}
    |   ^^^
    = hint: move a branch into a part
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("IVR_RULES", raising=False)
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "too_many_nodes.py").write_text(RULE_FILE, "utf-8")
    (tmp_path / "line.yaml").write_text(FLOW, "utf-8")
    return tmp_path


def said(capsys: pytest.CaptureFixture[str], *arguments: str, code: int | None = None) -> str:
    """What a command prints on either stream."""
    got = main(list(arguments))
    assert code is None or got == code
    printed = capsys.readouterr()
    return printed.out + printed.err


# -- a folder --------------------------------------------------------------------------------------------------------


def test_a_folder_that_is_named_runs(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    last = "\n1 warning. 'ivr explain ACME001 --rules rules' tells why it matters.\n"
    assert said(capsys, "lint", "line.yaml", "--rules", "rules", code=1) == FOUND + last
    assert said(capsys, "explain", "ACME001", "--rules", "rules", code=0).startswith("ACME001 too-many-nodes (warning)")
    assert "ACME001" not in rules()  # not after the command
    assert os.listdir("rules") == ["too_many_nodes.py"]  # nothing is left behind


def test_it_may_be_named_in_the_environment(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IVR_RULES", str(here / "rules"))
    assert said(capsys, "lint", "line.yaml", code=1).startswith(FOUND)
    assert "ACME  Rules of your own\n  ACME001  too-many-nodes " in said(capsys, "explain", code=0)


def test_a_folder_that_is_not_named_does_not_run(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "rules" / "evil.py").write_text("RULE = open('ran', 'w')\n", "utf-8")
    shown = said(capsys, "lint", "line.yaml", code=0)
    assert shown == (
        "rules: info L009 2 files of rules beside the flow did not run: rules are programs, and run only if their"
        " folder is named\n  = hint: if you trust them, add --rules rules\n\n"
        "1 info. 'ivr explain L009' tells why it matters.\n"
    )
    assert not (here / "ran").exists()
    (here / "rules" / "evil.py").unlink()
    (hint,) = re.findall(r"if you trust them, add (.*)", shown)
    assert said(capsys, "lint", "line.yaml", *shlex.split(hint), code=1).startswith(FOUND)


def test_a_folder_of_other_things_is_not_mentioned(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "rules" / "too_many_nodes.py").write_text("print('nothing to do with flows')\n", "utf-8")
    assert said(capsys, "lint", "line.yaml", code=0) == "No findings: every caller gets somewhere.\n"


def test_no_settings_of_the_project_run_it(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "rules" / "evil.py").write_text("RULE = open('ran', 'w')\n", "utf-8")
    for command in (["lint", "line.yaml"], ["explain"]):
        (here / "ivr.toml").write_text(f"[{command[0]}]\nrules = ['rules']\n", "utf-8")
        assert said(capsys, *command, code=2) == (
            "error U001 'rules' cannot be set in a file of the project: rules are programs, and the file comes with"
            " them\n  = hint: take it out there, and give --rules or IVR_RULES where you trust them\n"
        )
    (here / "ivr.toml").write_text("", "utf-8")
    (here / "line.yaml").write_text(FLOW + "lint: {rules: [rules]}\n", "utf-8")
    assert "error F001 unknown key 'rules'" in said(capsys, "lint", "line.yaml", code=1)
    assert not (here / "ran").exists()


# -- known everywhere ------------------------------------------------------------------------------------------------


def test_own_rules_are_selected_and_ignored(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lint = ("lint", "line.yaml", "--rules", "rules")
    assert "ACME001" in said(capsys, *lint, "--select", "ACME", code=1)
    assert "ACME001" in said(capsys, *lint, "--select", "acme001", code=1)
    assert "ACME001" not in said(capsys, *lint, "--select", "A", code=0)  # the family of access, not theirs
    assert "ACME001" not in said(capsys, *lint, "--ignore", "ACME", code=0)
    assert "ACME001" in said(capsys, *lint, "--ignore", "A,M", code=1)


def test_settings_set_them(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lint = ("lint", "line.yaml", "--rules", "rules")
    settings = "lint: {severity: {ACME001: error}, options: {ACME001: {most: 1}}}\n"
    (here / "line.yaml").write_text(FLOW + settings, "utf-8")
    assert said(capsys, *lint, code=0).startswith("No findings")
    (here / "line.yaml").write_text(FLOW + settings.replace("most: 1", "most: 0"), "utf-8")
    assert "5:3: error ACME001" in said(capsys, *lint, code=1)
    (here / "line.yaml").write_text(FLOW + settings.replace("most: 1", "least: 1"), "utf-8")
    assert "error L003 ACME001 has no option 'least'\n" in said(capsys, *lint, code=1)
    (here / "line.yaml").write_text(FLOW, "utf-8")
    (here / "pyproject.toml").write_text("[tool.ivr.lint]\nignore = ['ACME001']\n", "utf-8")
    assert said(capsys, *lint, code=0).startswith("No findings")
    (here / "pyproject.toml").write_text("[tool.ivr.lint]\nprofile = 'accessible'\n", "utf-8")
    assert "5:3: warning ACME001" in said(capsys, *lint, code=1)  # the severity of family A is not theirs


def test_settings_and_comments_may_stay_where_the_rule_is_missing(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "line.yaml").write_text(
        FLOW + "# ivr: ignore ACME001 -- small enough\nlint: {severity: {ACME001: error}, ignore: [ACME002]}\n", "utf-8"
    )
    shown = said(capsys, "lint", "line.yaml", code=0)
    for line in (
        "line.yaml:6:15: info L004 ACME001 hides nothing: there is no such rule here",
        "line.yaml:7:19: info L003 ACME001 is not set: there is no such rule here",
        "line.yaml:7:45: info L003 ACME002 is not set: there is no such rule here",
    ):
        assert line in shown
    assert said(capsys, "lint", "line.yaml", "--select", "ACME001", code=2) == (
        "error L002 no rule has the code 'ACME001', or a code that begins with it\n"
        "  = hint: name the folder of the rule with --rules, or install it\n"
    )


def test_comments_and_baselines_hide_them(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lint = ("lint", "line.yaml", "--rules", "rules")
    said(capsys, *lint, "--write-baseline", "known.json", code=0)
    assert "Nothing new: 1 finding is known" in said(capsys, *lint, "--baseline", "known.json", code=0)
    (here / "line.yaml").write_text(FLOW.replace("  bye", "  # ivr: ignore ACME001 -- it is small\n  bye"), "utf-8")
    assert said(capsys, *lint, code=0).startswith("No findings")
    (here / "line.yaml").write_text(FLOW.replace("bye: {", "bye:  # ivr: ignore ACME001 -- no\n    {"), "utf-8")
    assert said(capsys, *lint, code=0).startswith("No findings")
    settings = "lint: {options: {ACME001: {most: 9}}}\n"
    (here / "line.yaml").write_text(FLOW.replace("  bye", "  # ivr: ignore ACME001 -- x\n  bye") + settings, "utf-8")
    assert "N003" in said(capsys, *lint)  # it hides nothing any more


def test_sarif_describes_them(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = json.loads(said(capsys, "lint", "line.yaml", "--rules", "rules", "--format", "sarif", code=1))
    (described,) = log["runs"][0]["tool"]["driver"]["rules"]
    assert (described["id"], described["name"]) == ("ACME001", "too-many-nodes")
    assert described["properties"]["tags"] == ["Rules of your own"]
    assert log["runs"][0]["results"][0]["ruleId"] == "ACME001"


def test_their_fixes_are_applied(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "rules" / "say_bye.py").write_text(
        RULE_FILE.replace("ACME001", "ACME002")
        .replace("too-many-nodes", "say-bye")
        .partition("def check")[0]
        .replace("import Context, Option, Problem, Rule", "import Context, Fix, Option, Problem, Rule")
        + "def check(context):\n    path = ('nodes', 'bye', 'say')\n"
        "    if context.document.data['nodes']['bye']['say'] != 'Bye.':\n"
        "        yield Problem(path, 'long', 'say Bye.', fix=Fix(path, 'Bye.'))\n\n\nRULE ="
        + RULE_FILE.replace("ACME001", "ACME002").replace("too-many-nodes", "say-bye").partition("RULE =")[2],
        "utf-8",
    )
    said(capsys, "lint", "line.yaml", "--rules", "rules", "--fix")
    assert "say: Bye." in (here / "line.yaml").read_text("utf-8")


# -- what cannot be used ---------------------------------------------------------------------------------------------


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


# -- try_rule, and the example of the page ---------------------------------------------------------------------------


def test_a_rule_is_tried_alone() -> None:
    assert [(f.code, f.line, f.message) for f in try_rule(rule(), FLOW)] == [("ACME009", 5, "something")]

    def failing(context: Context) -> Iterator[Problem]:
        raise LookupError("not there")
        yield

    with pytest.raises(IvrError, match=r"test_own_rules.py:\d+:1: L001 rule ACME009 \(a-rule\) failed on .*not there"):
        try_rule(rule(check=failing), FLOW)


def test_the_example_of_the_page_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "too_many_nodes.py").write_text(SHOWN["rules/too_many_nodes.py"], "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    tests: dict[str, object] = {}
    exec(SHOWN["test_too_many_nodes.py"], tests)  # as pytest would
    called = [test() for name, test in tests.items() if name.startswith("test_") and callable(test)]
    assert called == [None, None]


# -- installed distributions -----------------------------------------------------------------------------------------


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of installed distributions, in which Acme's rules are."""
    site = tmp_path / "site"
    (site / "acme_rules").mkdir(parents=True)
    (site / "acme_rules" / "__init__.py").write_text('"""Acme\'s rules."""\n', "utf-8")
    (site / "acme_rules" / "too_many_nodes.py").write_text(RULE_FILE, "utf-8")
    points = SHOWN["pyproject.toml"].partition('[project.entry-points."ivr.rules"]\n')[2].replace('"', "")
    distribution(site, "acme-rules", f"[ivr.rules]\n{points}")
    monkeypatch.syspath_prepend(str(site))
    (tmp_path / "line.yaml").write_text(FLOW, "utf-8")
    monkeypatch.chdir(tmp_path)
    yield site
    for name in [name for name in sys.modules if name.startswith("acme_")]:
        del sys.modules[name]
    forget()


def distribution(site: Path, name: str, entry_points: str) -> None:
    """The metadata of an installed distribution."""
    info = site / f"{name.replace('-', '_')}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", "utf-8")
    (info / "entry_points.txt").write_text(entry_points, "utf-8")
    forget()


def forget() -> None:
    """Look for distributions again."""
    rules_module.installed.cache_clear()
    rules_module._together.cache_clear()


def test_rules_of_a_distribution_run_everywhere(installed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    last = "\n1 warning. 'ivr explain ACME001' tells why it matters.\n"
    assert said(capsys, "lint", "line.yaml", code=1) == FOUND + last
    assert said(capsys, "explain", "too-many-nodes", code=0).startswith("ACME001 too-many-nodes (warning)")
    assert said(capsys, "lint", "line.yaml", "--ignore", "ACME", code=0).startswith("No findings")


def test_a_folder_may_not_take_the_code_of_a_distribution(installed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("mine").mkdir()
    Path("mine/nodes.py").write_text(RULE_FILE, "utf-8")
    assert "mine/nodes.py:17:1: error L008 'ACME001' is a rule already" in said(
        capsys, "lint", "line.yaml", "--rules", "mine", code=1
    )


@pytest.mark.parametrize(
    ("value", "file", "message"),
    [
        ("acme_nowhere", "^", "the rules of other-rules cannot be loaded: ModuleNotFoundError: No module named"),
        ("acme_rules:NOTHING", "^", "the rules of other-rules cannot be loaded: AttributeError"),
        ("acme_broken", "acme_broken.py:2:1", "the rules of other-rules cannot be loaded: ZeroDivisionError"),
        ("acme_rules.too_many_nodes:RULE", "too_many_nodes.py:17:1", "'ACME001' is a rule already in "),
        ("acme_rules.too_many_nodes:check", "^", "other-rules: <function check at"),
    ],
)
def test_a_distribution_whose_rules_cannot_be_loaded(
    value: str, file: str, message: str, installed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (installed / "acme_broken.py").write_text('"""Broken."""\nX = 1 / 0\n', "utf-8")
    distribution(installed, "other-rules", f"[ivr.rules]\nother = {value}\n")
    shown = said(capsys, "lint", "line.yaml", code=1)
    place = "^" if file == "^" else f"{re.escape(file)}: "
    assert re.search(rf"{place}error L008 .*{re.escape(message)}", shown, re.MULTILINE)
    assert "Traceback" not in shown
    assert FOUND in shown


def test_node_types_from_outside_are_refused_with_the_reason(
    installed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    distribution(installed, "acme-nodes", "[ivr.nodes]\nweather = acme_nodes:Weather\n")
    assert "warning L010 acme-nodes offers a node type, 'weather', which is not used: a flow has one meaning\n" in said(
        capsys, "lint", "line.yaml", code=1
    )
    assert "the interpreter, the chain" in " ".join(said(capsys, "explain", "L010", code=0).split())


def test_what_lies_where_the_user_stands_is_not_installed(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`python -m ivr` puts the current folder on the path, which may be a repository of somebody else."""
    assert [rule.code for rule in installed_rules({}).rules] == ["ACME001"]
    monkeypatch.chdir(installed)
    assert installed_rules({}).rules == ()


def test_the_same_code_of_a_rule_that_is_tried_replaces_the_installed_one(installed: Path) -> None:
    forget()
    assert rules()["ACME001"].name == "too-many-nodes"
    with with_rules([rule(code="ACME001")]):
        assert rules()["ACME001"].name == "a-rule"


def test_an_installation_without_own_rules_asks_no_distribution(monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(**_: object) -> None:
        raise AssertionError("reading every distribution takes longer than a small flow")

    monkeypatch.setattr("importlib.metadata.distributions", asked)
    forget()
    assert installed_rules({}).rules == ()
