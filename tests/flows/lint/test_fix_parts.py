"""``--fix`` in a flow that consists of several files."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.lint.engine import lint
from flows.model.load import load
from ivr.__main__ import main

WHOLE = """# the line
ivr: 1
name: Line
start: main   # first
parts:
  identify: {file: parts/identify.yaml, exits: {person: desk}}
  again: {file: parts/identify.yaml, exits: {person: desk}}   # the same file
catalogue: prompts.yaml
nodes:
  main:
    type: menu
    intro: $welcome
    choices: [{key: 1, label: one, next: who}, {key: 2, label: two, next: more}]
    otherwise: dsk
  who: {type: subflow, start: identify, on: {failed: bye}, next: bye}
  more: {type: subflow, start: again, on: {failed: bye}, next: bye}
  desk: {type: dial, number: "+14155550100", otherwise: bye}
  bye: {type: hangup}
"""
PART = """ivr: 1
part: Identify   # the caller
start: ask
exits: [person]
nodes:
  ask: {type: collect, say: Your number?, into: n, digits: 6, otherwise: person, next: chek}   # misspelt

  # what follows
  check: {type: play, say: Thanks., next: return}
"""
SHARED = """ivr: 1
prompts:
  # for everybody
  welcome: Press 1 for one. Press 2 for two.   # the wrong way round
"""


@pytest.fixture
def several(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("parts").mkdir()
    for name, text in (("line.yaml", WHOLE), ("parts/identify.yaml", PART), ("prompts.yaml", SHARED)):
        Path(name).write_text(text, "utf-8")
    return tmp_path


def fix_all(*options: str) -> int:
    return main(["lint", "line.yaml", "--select", "S002,P103", "--unsafe-fixes", *options])


def test_each_file_is_mended_where_the_mistake_stands(several: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The part is used twice and its mistake is one; the file says the short name of its node."""
    assert fix_all("--fix") == 0
    assert capsys.readouterr().err == "line.yaml: 1 fixed\nparts/identify.yaml: 1 fixed\nprompts.yaml: 1 fixed\n"
    assert Path("line.yaml").read_text("utf-8") == WHOLE.replace("dsk", "desk")
    assert Path("parts/identify.yaml").read_text("utf-8") == PART.replace("chek", "check")
    assert Path("prompts.yaml").read_text("utf-8") == SHARED.replace(
        "Press 1 for one. Press 2 for two.", '"For one, press 1. For two, press 2."'
    )
    assert fix_all("--fix") == 0
    assert capsys.readouterr().err == "no fixes available\n"


def test_a_diff_shows_every_file(several: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert fix_all("--diff") == 1
    out = capsys.readouterr().out
    assert [line for line in out.splitlines() if line[:3] in ("---", "+++")] == [
        "--- line.yaml",
        "+++ line.yaml",
        "--- parts/identify.yaml",
        "+++ parts/identify.yaml",
        "--- prompts.yaml",
        "+++ prompts.yaml",
    ]
    assert (several / "parts" / "identify.yaml").read_text("utf-8") == PART


def test_two_flows_that_share_a_part_mend_it_once(several: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("other.yaml").write_text(WHOLE.replace("dsk", "desk"), "utf-8")
    assert main(["lint", "line.yaml", "other.yaml", "--select", "S002", "--unsafe-fixes", "--fix"]) == 0
    assert capsys.readouterr().err == "line.yaml: 1 fixed\nparts/identify.yaml: 1 fixed\n"


def test_a_part_is_not_told_to_go_where_it_cannot(several: Path) -> None:
    """The operator's node is the flow's; a part has its own nodes and exits."""
    Path("parts/identify.yaml").write_text(PART.replace(" otherwise: person,", "").replace("chek", "check"), "utf-8")
    found = lint(load("line.yaml"), select=["M110"])
    assert (found[0].file, found[0].fix, found[0].hint) == (
        "parts/identify.yaml",
        None,
        "add 'otherwise:' with a node of the part, or one of its exits",
    )


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "BOM"])
@pytest.mark.parametrize("newline", [b"\n", b"\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize(
    "options",
    [["lint", "--select", "S002,P103", "--unsafe-fixes", "--fix"], ["convert", "--migrate"]],
    ids=["fix", "migrate"],
)
def test_ends_of_lines_and_a_byte_order_mark_stay(
    several: Path, mark: bytes, newline: bytes, options: list[str]
) -> None:
    old = "ivr: 0" if options[0] == "convert" else "ivr: 1"
    for name, text in (("line.yaml", WHOLE), ("parts/identify.yaml", PART), ("prompts.yaml", SHARED)):
        Path(name).write_bytes(mark + text.replace("ivr: 1", old).encode().replace(b"\n", newline))
    main([options[0], "line.yaml", *options[1:]])
    for name in ("line.yaml", "parts/identify.yaml", "prompts.yaml"):
        raw = Path(name).read_bytes()
        assert raw.startswith(mark)
        assert not raw.removeprefix(mark).startswith(b"\xef")
        assert raw.count(b"\r\n") == (raw.count(b"\n") if newline == b"\r\n" else 0)
        assert b"ivr: 1" in raw
        assert (b"chek" in raw) <= (options[0] == "convert")
