"""``--fix`` changes what it says and nothing else; applied twice it changes nothing more."""

from __future__ import annotations

import difflib
import os
import re
import stat
from pathlib import Path

import pytest

from flows.lint.apply_fixes import apply_fixes
from flows.lint.engine import lint
from flows.model.load import Loaded, load, load_text
from flows.source.atomic_write import write_whole
from flows.source.finding import Finding, Fix
from ivr.__main__ import main
from tests.support.paths import DATA

FULL_OF_COMMENTS = """# A clinic, full of comments
ivr: 1   # the version
name: "Riverside Clinic"   # quoted
start: main

keys: {0: {next: recepton, label: 'reception'}, star: back}   # misspelt target
nodes:
  # the main menu
  main:
    type: menu    # spoken

    intro: Riverside.
    choices:
      # most callers do not want this
      - key: 1    # first
        label: changes of your personal data and everything else   # long
        next: data
        share: 0.1

      # but this
      - {key: 2, label: 'bills', share: 0.9, next: bills}  # most callers
    # the end
  bills:
    type: menu
    prompt: >
      Press 1 for sales
      and such things. Or press 2
      for billing.
    choices: [{key: 1, next: desk}, {key: 2, next: desk}]   # no labels
    otherwise: desk
  data: {type: play, say: "Say \\"what\\".", serves: true, next: desk }   # trailing
  desk: {type: dial, number: "+14155550100", otherwise: bye}
  reception: {type: dial, number: "+14155550100", otherwise: bye}
  bye: {type: hangup, say: Goodbye.}
"""
SAFE = """--- a.yaml
+++ a.yaml
@@ -11,14 +11,14 @@\n \n     intro: Riverside.
     choices:
+      # but this
+      - {key: 2, label: 'bills', share: 0.9, next: bills}  # most callers
+
       # most callers do not want this
       - key: 1    # first
         label: changes of your personal data and everything else   # long
         next: data
         share: 0.1
-
-      # but this
-      - {key: 2, label: 'bills', share: 0.9, next: bills}  # most callers
     # the end
   bills:
     type: menu
"""
RULES = ["S002", "M105", "M110", "P103"]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_text(FULL_OF_COMMENTS, "utf-8")
    return tmp_path


def fix(*options: str) -> int:
    return main(["lint", "a.yaml", "--select", ",".join(RULES), *options])


def test_a_diff_shows_what_would_change_and_changes_nothing(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert fix("--diff") == 1
    assert capsys.readouterr().out == SAFE
    assert Path("a.yaml").read_text("utf-8") == FULL_OF_COMMENTS


def test_safe_fixes_change_only_what_they_say_and_unsafe_ones_come_on_top(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fix("--fix") == 1
    assert capsys.readouterr().err == "a.yaml: 1 fixed\n"
    shown = "".join(
        difflib.unified_diff(
            FULL_OF_COMMENTS.splitlines(True), Path("a.yaml").read_text("utf-8").splitlines(True), "a.yaml", "a.yaml"
        )
    )
    assert shown == SAFE
    assert fix("--fix", "--unsafe-fixes") == 0
    text = Path("a.yaml").read_text("utf-8")
    assert "keys: {0: {next: reception, label: 'reception'}, star: back}   # misspelt target\n" in text
    assert "      For sales and such things, press 1. Or press 2\n      for billing.\n" in text
    assert "        share: 0.1\n    otherwise: reception\n    # the end\n" in text
    assert sorted(re.findall(r"#.*", text)) == sorted(re.findall(r"#.*", FULL_OF_COMMENTS))


@pytest.mark.parametrize("options", [["--fix"], ["--fix", "--unsafe-fixes"]])
def test_applied_twice_it_changes_nothing_more(
    here: Path, capsys: pytest.CaptureFixture[str], options: list[str]
) -> None:
    fix(*options)
    once = Path("a.yaml").read_bytes()
    capsys.readouterr()
    fix(*options)
    more = "" if options[1:] else "; --unsafe-fixes may have some"
    assert Path("a.yaml").read_bytes() == once
    assert capsys.readouterr().err == f"no fixes available{more}\n"
    assert fix("--diff", *options[1:]) == 0


def test_a_diff_says_when_there_is_nothing_to_mend_and_why_when_no_flow_can_be_read(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["lint", "a.yaml", "--select", "S002", "--diff"]) == 0
    assert capsys.readouterr() == ("", "no fixes available; --unsafe-fixes may have some\n")
    assert main(["lint", "a.yaml", "--select", "M101", "--diff"]) == 0
    assert capsys.readouterr() == ("", "no fixes available\n")
    assert main(["lint", "none.yaml", "--diff"]) == 2
    assert "Y002" in capsys.readouterr().err


def test_a_misspelt_start_and_queue_are_mended_when_it_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for code in ("S001", "R001"):
        flow, good = tmp_path / f"{code}.yaml", DATA / "rules" / code / "good.yaml"
        flow.write_text((good.parent / "bad.yaml").read_text("utf-8"), "utf-8")
        assert main(["lint", str(flow), "--select", code, "--fix"]) == 1
        assert capsys.readouterr().err == "no fixes available; --unsafe-fixes may have some\n"
        assert main(["lint", str(flow), "--select", code, "--fix", "--unsafe-fixes"]) == 0
        assert capsys.readouterr().err == f"{flow}: 1 fixed\n"
        assert flow.read_text("utf-8") == good.read_text("utf-8")


def test_a_menu_without_handler_is_told_of_a_node_that_is_there() -> None:
    """Where 0 says nothing: the first node with a person; without one no node's name is made up."""
    menu = (
        "{{ivr: 1, name: L, start: main, nodes: {{main: {{type: menu, choices: [{{key: 1, label: sales, next: a}}]}},"
        " {}}}}}"
    )
    for nodes, said in (
        ('bye: {type: hangup}, a: {type: dial, number: "+14155550100", otherwise: bye}', "a"),
        ("a: {type: hangup}", "NODE"),
    ):
        (found,) = lint(load_text(menu.format(nodes)), select=["M110"])
        assert (found.hint, found.fix) == (f"add 'otherwise: {said}', or another node that helps", None)


def test_unsafe_fixes_alone_are_wrong_usage(here: Path) -> None:
    assert fix("--unsafe-fixes") == 2
    assert Path("a.yaml").read_text("utf-8") == FULL_OF_COMMENTS


def test_a_shipped_flow_is_not_changed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", "northwind", "--fix"]) == 2
    assert "error U001 a shipped flow cannot be changed" in capsys.readouterr().err


@pytest.mark.parametrize("code", RULES)
def test_each_fix_mends_its_finding(code: str) -> None:
    loaded = load(DATA / "rules" / code / "bad.yaml")

    def check(flow: Loaded) -> tuple[Finding, ...]:
        return lint(flow, select=[code])

    before = check(loaded)
    result = apply_fixes(loaded, check, unsafe=True)
    offered = [f for f in before if f.fix]
    assert offered
    assert len(check(result.loaded)) == len(before) - len(offered)
    assert result.refused == ()


# --- refused -------------------------------------------------------------------------------------------------------


def offering(*fixes: Fix):  # type: ignore[no-untyped-def]
    """A check that always offers these fixes."""
    return lambda loaded: tuple(
        Finding(code="S002", severity="error", message="m", file="flow.yaml", fix=one) for one in fixes
    )


BY = "{ivr: 1, name: L, start: a, nodes: {a: {type: play, say: Hi., next: by}, bye: {type: hangup}}}"


@pytest.mark.parametrize(
    "bad",
    [
        Fix(("ivr",), "2"),
        Fix(("nodes", "a", "type"), "mneu"),
        Fix(("nodes", "bye", "type"), "x: ["),
        Fix(("nodes", "a"), "x"),
        Fix(("nodes", "zz", "next"), "bye", kind="insert"),
        Fix(("nodes", "a", "next"), "bye", kind="insert"),
        Fix(("nodes", "bye", "sya"), "x", kind="insert"),
        Fix(("nodes",), None, kind="reorder", order=(1, 0)),
        Fix(("zz", 3), "x"),
    ],
    ids=str,
)
def test_a_fix_that_would_break_the_file_is_refused_and_the_others_are_made(bad: Fix) -> None:
    good = Fix(("nodes", "a", "next"), "bye")
    result = apply_fixes(load_text(BY), offering(bad, good), unsafe=False)
    assert result.text == BY.replace("next: by}", "next: bye}")
    assert bad in {f.fix for f in offering(bad)(None)}
    assert [f.code for f in result.refused].count("L007") >= 1


def test_fixes_that_undo_each_other_end() -> None:
    forth, back = Fix(("nodes", "a", "say"), "One."), Fix(("nodes", "a", "say"), "Two.")
    result = apply_fixes(
        load_text(BY),
        lambda loaded: offering(forth if loaded.flow.nodes["a"].say.words("", "") != "One." else back)(loaded),
        unsafe=False,
    )
    assert load_text(result.text).flow.name == "L"


# --- writing -------------------------------------------------------------------------------------------------------


def test_a_file_keeps_its_permissions_its_mark_and_its_line_ends(here: Path) -> None:
    path = Path("a.yaml")
    path.write_bytes("\ufeff".encode() + FULL_OF_COMMENTS.replace("\n", "\r\n").encode())
    path.chmod(0o640)
    Path("link.yaml").symlink_to("a.yaml")
    assert main(["lint", "link.yaml", "--select", "P103", "--fix", "--unsafe-fixes"]) == 0
    raw = path.read_bytes()
    assert raw.startswith("\ufeff".encode())
    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert b"For sales and such things, press 1." in raw
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert Path("link.yaml").is_symlink()
    assert sorted(p.name for p in here.iterdir()) == ["a.yaml", "link.yaml"]


def test_a_file_that_was_changed_meanwhile_or_cannot_be_replaced_is_left(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.source.finding import UsageError

    with pytest.raises(UsageError, match="was changed while it was being mended"):
        write_whole("a.yaml", "x", before="y")

    def refuse(source: str, target: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(UsageError, match="cannot be written: No space left on device"):
        write_whole("a.yaml", "x")
    assert Path("a.yaml").read_text("utf-8") == FULL_OF_COMMENTS
    assert [p.name for p in here.iterdir()] == ["a.yaml"]
