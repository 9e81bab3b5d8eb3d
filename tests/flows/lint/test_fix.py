"""``--fix`` changes what it says and nothing else; applied twice it changes nothing more."""

from __future__ import annotations

import difflib
import os
import random
import re
import stat
from pathlib import Path

import pytest

from flows.lint.engine import lint
from flows.lint.fix import apply_fixes
from flows.model.load import LIBRARY, Loaded, load, load_text
from flows.source.atomic_write import write_whole
from flows.source.finding import Finding, Fix, FlowError
from flows.source.yaml_fixes import edited
from flows.source.yaml_reader import parse
from flows.source.yaml_spans import spans
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
@@ -11,14 +11,14 @@
\x20
     intro: Riverside.
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


def test_a_shipped_flow_is_not_mended(capsys: pytest.CaptureFixture[str]) -> None:
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


# --- a flow of several files ---------------------------------------------------------------------------------------

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


# --- the edits themselves ------------------------------------------------------------------------------------------


SCALARS = {
    "plain": "a: one two  # c\nb: x\n",
    "single": "a: 'one two'  # c\nb: x\n",
    "double": 'a: "one two"  # c\nb: x\n',
    "folded": "a: >\n  one\n  two\n# c\nb: x\n",
    "literal": "a: |-\n  one two\n# c\nb: x\n",
    "over lines": "a: one\n  two\n# c\nb: x\n",
    "flow": "{a: one two, b: x}  # c\n",
    "json": '{"a": "one two",\n\t"b": "x"}',
    "crlf": "a: one two  # c\r\nb: x\r\n",
    "no end of line": "b: x\na: one two",
    "wide": "会: x\na: one two # 会\nb: 📞\n",
    "quoted over lines": 'a: "one\n  two"\n# c\nb: x\n',
}
VALUES = [
    "one",
    "bye",
    "one three",
    "It's so.",
    'say "x"',
    "a: b",
    "x # y",
    "- x",
    "",
    " x ",
    "true",
    "{x}",
    "两",
    "a\\b",
    "*",
    "one two three",
    "a, b",
]


@pytest.mark.parametrize("style", SCALARS)
@pytest.mark.parametrize("value", VALUES)
def test_a_text_is_replaced_in_every_style_and_nothing_else_changes(style: str, value: str) -> None:
    text = SCALARS[style]
    after, applied = edited(text, [Fix(("a",), value)])
    assert applied
    assert parse(after, "x").data == {**parse(text, "x").data, "a": value}
    assert [line for line in after.splitlines() if "#" in line and "c" in line.partition("# ")[2]] or "# c" not in text
    span = spans(text)[("a",)]
    tail = text[span.end :].strip()
    assert after.startswith(text[: span.start])
    assert after.rstrip().endswith(tail)
    again, _ = edited(after, [Fix(("a",), value)])
    assert parse(again, "x").data == parse(after, "x").data


def test_the_quotes_stay() -> None:
    assert edited(SCALARS["single"], [Fix(("a",), "It's")])[0] == "a: 'It''s'  # c\nb: x\n"
    assert edited(SCALARS["double"], [Fix(("a",), 'a "b"')])[0] == 'a: "a \\"b\\""  # c\nb: x\n'
    assert edited(SCALARS["plain"], [Fix(("a",), "three")])[0] == "a: three  # c\nb: x\n"


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("m:\n  a: 1  # x\n  # y\nz: 1\n", "m:\n  a: 1  # x\n  k: v\n  # y\nz: 1\n"),
        ("m: {a: 1}  # x\n", "m: {a: 1, k: v}  # x\n"),
        ("m: {a: 1,}\n", "m: {a: 1, k: v,}\n"),
        ("m: {a: 1,\n  b: [x, y]  # c\n  }\n", "m: {a: 1,\n  b: [x, y], k: v  # c\n  }\n"),
        ("m:\n  a: |\n    x\n\n    y\n\n\nz: 1\n", "m:\n  a: |\n    x\n\n    y\n  k: v\n\n\nz: 1\n"),
        ("l:\n- m:\n    a: 1", None),
        ("m:\r\n  a: 1\r\n", "m:\r\n  a: 1\r\n  k: v\r\n"),
        ("m:\n  a:\n    - 1\n    - 2 # t\nz: 1\n", "m:\n  a:\n    - 1\n    - 2 # t\n  k: v\nz: 1\n"),
        ("m:\n  a: 1", "m:\n  a: 1\n  k: v"),
    ],
)
def test_an_entry_is_inserted_after_the_last(text: str, after: str | None) -> None:
    result, applied = edited(text, [Fix(("m", "k"), "v", kind="insert")])
    assert (result, bool(applied)) == (text if after is None else after, after is not None)


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("l: [a, b,  c]  # x\n", "l: [c, a,  b]  # x\n"),
        ("l:\n  - a  # 1\n  - b\n  - c  # 3\n", "l:\n  - c  # 3\n  - a  # 1\n  - b\n"),
        ("l:\n- a\n- b\n- c", "l:\n- c\n- a\n- b"),
        ("l:\n  # all of them\n  - a\n\n  - b\n  - c\n# end\n", "l:\n  # all of them\n  - c\n\n  - a\n  - b\n# end\n"),
        ("l:\n  # A\n  - a\n  # B\n  - b\n  # C\n  - c\n", "l:\n  # C\n  - c\n  # A\n  - a\n  # B\n  - b\n"),
        (
            "l:\n  - x: 1\n    y: 2\n\n  - |\n    t\n\n  - c\nz: 1\n",
            "l:\n  - c\n\n  - x: 1\n    y: 2\n\n  - |\n    t\nz: 1\n",
        ),
        ("l: [a,  # A\n  b,\n  c]\n", "l: [c,  # A\n  a,\n  b]\n"),
    ],
)
def test_a_list_is_put_into_another_order(text: str, after: str) -> None:
    result, applied = edited(text, [Fix(("l",), None, kind="reorder", order=(2, 0, 1))])
    assert result == after
    assert applied


def test_what_cannot_be_edited_by_itself_is_left() -> None:
    for text in ("- - a\n  - b\n- c\n", "l: [a]\n", "{l: a}"):
        assert edited(
            text, [Fix(("l",), None, kind="reorder", order=(1, 0)), Fix((0,), None, kind="reorder", order=(1, 0))]
        ) == (text, ())


@pytest.mark.parametrize("name", sorted(p.stem for p in LIBRARY.glob("*.yaml") if "." not in p.stem))
def test_any_text_and_any_list_of_the_shipped_flows_can_be_changed_alone(name: str) -> None:
    text = (LIBRARY / f"{name}.yaml").read_text("utf-8")
    document = parse(text, name)
    rng = random.Random(7)
    places = spans(text)
    scalars = [path for path, span in places.items() if span.scalar]
    for path in rng.sample(scalars, 25):
        value = rng.choice(VALUES)
        after, applied = edited(text, [Fix(path, value)])
        assert applied
        assert parse(after, name).scalar(path) == value
        changed = [line for line in difflib.ndiff(text.splitlines(), after.splitlines()) if line[0] in "-+"]
        span = places[path]
        assert sum(line[0] == "-" for line in changed) <= text.count("\n", span.start, span.end) + 1
    lists = [
        path
        for path, span in places.items()
        if not span.scalar and (*path, 1) in places and isinstance(document.data, dict)
    ]
    for path in lists[:10]:
        size = sum(1 for other in places if len(other) == len(path) + 1 and other[: len(path)] == path)
        order = tuple(rng.sample(range(size), size))
        after, applied = edited(text, [Fix(path, None, kind="reorder", order=order)])
        assert applied or order == tuple(range(size))
        back = tuple(order.index(i) for i in range(size))
        assert edited(after, [Fix(path, None, kind="reorder", order=back)])[0] == text


def test_a_file_that_cannot_be_read_is_not_edited() -> None:
    with pytest.raises(FlowError):
        edited("a: [", [Fix(("a",), "x")])


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
