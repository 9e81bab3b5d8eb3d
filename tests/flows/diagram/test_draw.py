"""Drawings: what is drawn where, every form by its fixture, columns, escaping, and the command."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from flows.diagram.draw import draw, forms
from flows.diagram.plan import plan
from flows.model.flow import Flow
from flows.model.load import load, load_text
from ivr.__main__ import main
from tests.support.hostile_line import NASTY
from tests.support.library import SHIPPED
from tests.support.paths import DATA

CASES = DATA / "drawings"
SMALL = load(CASES / "small.yaml").flow
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("form", forms())
def test_every_form_draws_the_small_line_as_its_fixture(form: str) -> None:
    """A new form needs ``tests/data/drawings/small.FORM``, written and looked at by its author."""
    assert draw(SMALL, form).rstrip("\n") == (CASES / f"small.{form}").read_text("utf-8").rstrip("\n")


def test_each_node_is_drawn_once_and_referred_to_elsewhere() -> None:
    drawn = plan(SMALL)
    here = [link.target for stop in drawn.stops.values() for link in stop.links if link.kind == "here"]
    assert sorted(here) == ["box", "bye", "desk", "more", "opening"]
    assert [(link.target, link.kind) for link in drawn.stops["more"].links] == [("desk", "elsewhere"), ("back", "word")]
    assert drawn.unreachable == ("lost",)
    assert drawn.roots == ()  # key 0 leads to the desk, which hangs on the tree already


def test_keys_that_work_everywhere_are_no_edges() -> None:
    drawn = plan(load("northwind").flow)
    assert drawn.keys == (("0", "an operator", "operator"), ("*", "", "back"), ("9", "", "repeat"))
    assert drawn.roots == ("operator",)
    assert not any("0" in link.outcomes for stop in drawn.stops.values() for link in stop.links)


def test_the_end_of_patience_is_said_once() -> None:
    """`otherwise: operator` is not drawn menu by menu; any other exit after the last attempt is."""
    drawn = plan(load("northwind").flow)
    assert drawn.gives_up == "operator"
    assert all("otherwise" not in link.outcomes for link in drawn.stops["main"].links)
    assert [link.target for link in drawn.stops["after_hours"].links if "otherwise" in link.outcomes] == ["message"]


@pytest.mark.parametrize("name", SHIPPED)
def test_every_reachable_node_of_a_shipped_flow_is_drawn_once(name: str) -> None:
    flow = load(name).flow
    drawn = plan(flow)
    hung = [link.target for stop in drawn.stops.values() for link in stop.links if link.kind == "here"]
    assert sorted([flow.start, *drawn.roots, *hung]) == sorted(set(flow.nodes) - set(drawn.unreachable))


@pytest.mark.parametrize("name", SHIPPED)
def test_the_tree_fits_80_columns_and_its_figures_are_aligned(name: str) -> None:
    lines = draw(load(name).flow, "tree").splitlines()
    assert max(map(len, lines)) <= 80
    heading = next(line for line in lines if line.endswith("seconds"))
    figures = [line for line in lines if re.search(r"\d\.\d$", line)]
    assert {len(line) for line in figures} == {len(heading)}
    assert "\x1b" not in "".join(lines)


def test_a_narrow_terminal_still_gets_figures() -> None:
    lines = draw(load("northwind").flow, "tree", width=10).splitlines()
    assert any(line.strip().startswith("│  ├─ 1 billing_menu") and line.endswith("9.4") for line in lines)
    assert (
        max(map(len, lines)) == 60
    )  # three rows are cut where their keys just fit: the mark takes one of their places


def test_a_wide_terminal_gets_what_callers_are_offered() -> None:
    lines = draw(SMALL, "tree", width=110).splitlines()
    assert lines[2].endswith("seconds  offered as")
    assert lines[4].split() == ["├─", "1", "opening", "→", "main", "play", "✓", "1", "1", "3.9", "hours"]
    assert max(map(len, draw(load("credit_union").flow, "tree", width=100).splitlines())) <= 100


def test_a_very_deep_flow_keeps_its_names() -> None:
    nodes = {
        f"m{i}": {"type": "menu", "choices": [{"key": "1", "next": f"m{i + 1}"}, {"key": "2", "next": "bye"}]}
        for i in range(1200)
    }
    flow = Flow.model_validate(
        {
            "ivr": "1",
            "name": "Deep",
            "start": "m0",
            "nodes": {**nodes, "m1200": {"type": "hangup"}, "bye": {"type": "hangup"}},
        }
    )
    lines = draw(flow, "tree").splitlines()
    assert max(map(len, lines)) <= 80
    assert any("1 m1199" in line for line in lines)


def test_colour_is_added_to_the_same_words() -> None:
    plain, coloured = draw(SMALL, "tree"), draw(SMALL, "tree", colour=True)
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


def test_another_language_has_its_own_seconds() -> None:
    flow = load("northwind").flow
    english, spanish = plan(flow), plan(flow, language="es-US")
    assert spanish.stops["billing_menu"].reach.seconds > english.stops["billing_menu"].reach.seconds
    assert spanish.stops["main"].links[0].labels == ("facturación y pagos",)


def test_a_flow_that_leads_nowhere_is_drawn_all_the_same() -> None:
    text = "{ivr: 1, name: L, start: main, nodes: {main: {type: menu, choices: [{key: 1, label: x, next: bilinng}]}}}"
    flow = load_text(text).flow
    assert "├─" in (tree := draw(flow, "tree")) or "└─" in tree
    assert "1 → nowhere: no node 'bilinng'" in tree
    assert "no node bilinng" in draw(flow, "mermaid")
    assert "nowhere bilinng" in draw(flow, "dot")


def test_what_people_wrote_is_text_in_mermaid() -> None:
    drawn = draw(load_text(NASTY).flow, "mermaid")
    assert "<script" not in drawn
    assert "#lt;script#gt;" in drawn
    for line in drawn.splitlines():
        assert line.count('"') % 2 == 0, line
        assert "`" not in line


def test_what_people_wrote_cannot_move_the_cursor() -> None:
    flow = load_text('{ivr: 1, name: "L", start: "a\\e[2Jb", nodes: {"a\\e[2Jb": {type: hangup, say: "x\\e[2J"}}}').flow
    assert "\x1b" not in draw(flow, "tree")


def test_types_differ_by_shape_and_by_colour() -> None:
    drawn = draw(load("northwind").flow, "dot")
    assert {"cylinder", "note", "folder", "cds", "oval"} <= set(re.findall(r"shape=(\w+)", drawn))
    tones = dict(re.findall(r'shape=(\w+), style=filled, fillcolor="#\w+", color="(#\w+)"', drawn))
    assert len(set(tones.values())) >= 4


def test_the_command_draws_in_every_form(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for form, begins in (
        ("tree", "Northwind Telecom"),
        ("mermaid", "flowchart LR"),
        ("dot", "digraph"),
        ("svg", "<svg"),
        ("html", "<!doctype html>"),
    ):
        assert main(["show", "northwind", "--format", form]) == 0
        assert capsys.readouterr().out.startswith(begins)
        file = tmp_path / f"x.{form}"
        assert main(["show", "northwind", "--format", form, "--output", str(file)]) == 0
        captured = capsys.readouterr()
        assert captured.out == ""  # the file has it
        assert file.read_text("utf-8").startswith(begins)


def test_the_files_name_says_how_it_is_drawn(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ends = {
        "svg": "<svg",
        "html": "<!doctype html>",
        "MMD": "flowchart LR",
        "mermaid": "flowchart LR",
        "dot": "digraph",
        "json": "{",
        "txt": "Northwind Telecom",
        "md": "Northwind Telecom",
    }
    for ending, begins in ends.items():
        file = tmp_path / f"x.{ending}"
        assert main(["show", "northwind", "--output", str(file)]) == 0
        assert file.read_text("utf-8").startswith(begins), ending
    for ending, begins in (("json", "{"), ("txt", "Northwind Telecom: ")):
        assert main(["show", "northwind", "--leaves", "--output", str(tmp_path / f"leaves.{ending}")]) == 0
        assert (tmp_path / f"leaves.{ending}").read_text("utf-8").startswith(begins)
    capsys.readouterr()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["x.png"], "'x.png': .png files cannot be drawn\n  = hint: name a file that ends in .svg, .html,"),
        (["x.svg", "--format", "dot"], "'x.svg' means svg, but dot is asked for"),
        (["x.svg", "--json"], "'x.svg' means svg, but json is asked for"),
        (["x.svg", "--leaves"], "'x.svg' means svg, but text is asked for"),
    ],
)
def test_a_name_that_says_something_else_is_refused(
    options: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["show", "northwind", "--output", *options]) == 2
    assert said in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_the_command_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", str(CASES / "small.yaml"), "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["nodes"][0] == {
        "node": "main",
        "type": "menu",
        "about": "3 choices, 9 s in all",
        "seconds": 0.0,
        "presses": 0,
        "levels": 0,
        "links": [
            {"outcomes": ["1"], "labels": ["hours"], "target": "opening", "kind": "here"},
            {"outcomes": ["2"], "labels": ["sales"], "target": "desk", "kind": "here"},
            {"outcomes": ["3"], "labels": ["more"], "target": "more", "kind": "here"},
        ],
    }
    assert data["keys"][0] == {"key": "0", "label": "the desk", "target": "desk"}
    assert data["unreachable"] == ["lost"]


def test_the_command_ranks_leaves(capsys: pytest.CaptureFixture[str]) -> None:
    """The whole menu takes 0.8 + 1.6 + 2.2 + 2.2 + 2.6 = 9.4 s, then d + s; option 1 ends after 2.4 s and option 2
    after 4.6 s.

    Silence at attempt 1 loses 9.4 + 5 s, and 2.4 s of "Sorry, I did not hear anything." for the 0.8 s of the
    introduction: 16.0 s; at attempt 2 another 16.0 s. The chances of 0, 1, 2 silences are 1, 0.03, 0.0009, divided by
    1.0309: 0.4935 s. First-time: 5/6 x 3.9 + 1/6 x 10.9 + 0.4935 = 5.560; 5/6 x 6.1 + 1/6 x 10.9 + 0.4935 = 7.394.
    Keying ahead: 1.5 and 14.4 s, 30.4 s lost: 1.9456."""
    assert main(["show", str(CASES / "small.yaml"), "--leaves"]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0] == "Small line: 3 leaves, reached after 5.6 s to 7.4 s, 6.8 s on average"
    assert [line.split() for line in out[2:6]] == [
        ["leaf", "first", "90", "%", "ahead", "90", "%", "menus", "keys", "presses"],
        ["box", "7.4", "10.9", "1.9", "1.5", "1", "1", "2"],
        ["desk", "7.4", "10.9", "1.9", "1.5", "1", "1", "2"],
        ["opening", "5.6", "10.9", "1.9", "1.5", "1", "1", "1"],
    ]
    assert main(["show", str(CASES / "small.yaml"), "--leaves", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["leaves"][2] == {
        "node": "opening",
        "seconds": 3.9,
        "first_time": {"mean_s": 5.56, "p90_s": 10.9},
        "key_ahead": {"mean_s": 1.95, "p90_s": 1.5},
        "levels": 1,
        "presses": 1,
        "way": [{"node": "main", "outcome": "1"}],
    }


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["show", "no_such_file.yaml"], "Y002 no such file"),
        (["show", "northwind", "--format", "gif"], "'gif' is not one of"),
        (["show", "northwind", "--language", "de-DE"], "languages: en-US, es-US"),
        (["show", "northwind", "--output", "/no/such/folder/x"], "cannot be written"),
        (["show", "northwind", "--formt", "svg"], "--formt"),
    ],
)
def test_wrong_usage_is_one_finding(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert said in captured.err
    assert "Traceback" not in captured.err
    assert captured.out == ""
