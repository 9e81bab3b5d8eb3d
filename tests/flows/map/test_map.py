"""The map of a flow: what stands on it, where, and that what people wrote stays text."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from itertools import pairwise
from pathlib import Path

import pytest

from bench.large_flows import tree
from flows.display.numbers import share
from flows.lint.engine import lint
from flows.map.cards import as_dict, flow_map
from flows.map.layout import PAD, Layout, PlacedCard, laid_out
from flows.map.overlays import Facts, overlays
from flows.map.page import page
from flows.map.svg import svg
from flows.map.text_width import text_width, wrapped
from flows.model.load import LIBRARY, load, load_text
from ivr.__main__ import main
from tests.support.hostile_line import NASTY
from tests.support.library import SHIPPED
from tests.support.paths import DATA

SVG = "{http://www.w3.org/2000/svg}"
SMALL = load(DATA / "drawings" / "small.yaml").flow


def of(name: str) -> Layout:
    if name.isdigit():
        return laid_out(flow_map(load_text(tree(int(name))).flow))
    return laid_out(flow_map(load(name).flow))


def test_the_small_line_by_hand() -> None:
    """As its plan says: key 1 of `more` leads to a card that is drawn elsewhere, and the star leads back."""
    found = {card.name: card for card in flow_map(SMALL).cards}
    assert "lost" not in found  # no call reaches it
    more = found["more"]
    assert [(port.target, port.kind) for port in more.ports] == [("desk", "elsewhere"), ("back", "word")]
    wires = {(wire.source, wire.target) for wire in flow_map(SMALL).wires}
    assert sorted(target for _, target in wires) == ["box", "bye", "desk", "more", "opening"]
    assert [start.target for start in flow_map(SMALL).starts] == [SMALL.start]


def test_every_language_is_on_a_card() -> None:
    found = {card.name: card for card in flow_map(load("northwind").flow).cards}
    assert found["greeting"].spoken == {
        "en-US": ["Thank you for calling Northwind Telecom."],
        "es-US": ["Gracias por llamar a Northwind Telecom."],
    }


def test_a_part_is_a_card_and_what_lies_behind_it() -> None:
    found = flow_map(load("northwind").flow, part="sales_menu")
    assert [card.name for card in found.cards] == ["sales_menu", "sales_queue", "store", "message_after_wait"]
    assert [(start.words, start.target) for start in found.starts] == [("here", "sales_menu")]


@pytest.mark.parametrize("name", [*SHIPPED, "60", "300"])
def test_nothing_lies_on_anything(name: str) -> None:
    """Cards keep apart; lines cross no card; text stays inside its card, an eighth of an inch from its border."""
    laid = of(name)
    boxes = [(card.x, card.y, card.width, card.height) for card in laid.cards]
    boxes += [(start.x, start.y, start.width, start.height) for start in laid.starts]
    for i, (x, y, w, h) in enumerate(boxes):
        for u, v, w2, h2 in boxes[i + 1 :]:
            assert x + w + 4 <= u or u + w2 + 4 <= x or y + h + 4 <= v or v + h2 + 4 <= y
    for wire in laid.wires:
        for (x, y), (u, v) in pairwise(wire.points):
            assert x == pytest.approx(u) or y == pytest.approx(v)  # straight, or straight down
            left, right, top, bottom = min(x, u), max(x, u), min(y, v), max(y, v)
            for bx, by, w, h in boxes:
                assert right <= bx + 0.01 or left >= bx + w - 0.01 or bottom <= by + 0.01 or top >= by + h - 0.01
    for card in laid.cards:
        assert widest(card) <= card.width - 2 * PAD + 0.01
        lowest = max([row.y + row.height for row in card.rows], default=0.0)
        assert lowest <= card.height - PAD / 2 + 0.01


def widest(card: PlacedCard) -> float:
    lines = [text_width(line, 13, bold=True) for line in card.title]
    lines += [text_width(line, 10) for line in card.meta] + [text_width(line, 11) for line in card.about]
    for row in card.rows:
        cap = row.cap + 8 if row.cap else 0
        lines += [cap + text_width(line, 11) for line in row.lines] + [cap + text_width(row.goes, 10)]
    return max(lines)


def test_text_is_broken_where_it_fits_in_any_script() -> None:
    assert wrapped("查询申请进度和报告问题", 10, 50) == ("查询申请进", "度和报告问", "题")  # ten pixels each
    assert wrapped("x" * 40, 10, 100) == ("x" * 20, "x" * 20)  # five pixels each
    assert wrapped("one two three four five six", 10, 40, most=2)[-1].endswith("…")
    assert text_width("é", 10) == text_width("e", 10) == pytest.approx(5.56)


@pytest.mark.parametrize("name", SHIPPED)
def test_an_svg_stands_alone_and_every_card_is_on_it(name: str) -> None:
    laid = of(name)
    root = ElementTree.fromstring(svg(laid))
    assert root.attrib["role"] == "graphics-document document"
    assert root.find(f"{SVG}title") is not None
    cards = [element for element in root.iter() if element.attrib.get("class", "").startswith("card ")]
    assert [card.attrib["data-node"] for card in cards] == [placed.card.name for placed in laid.cards]
    assert not any("href" in attribute for element in root.iter() for attribute in element.attrib)


def test_what_people_wrote_is_text_in_picture_and_page() -> None:
    laid = laid_out(flow_map(load_text(NASTY).flow))
    drawn = svg(laid)
    root = ElementTree.fromstring(drawn)
    names = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert names <= {"svg", "title", "style", "g", "rect", "path", "text", "circle"}
    assert not any(name.startswith("on") for element in root.iter() for name in element.attrib)
    made = page(laid)
    assert made.count("<script") == 2  # the data and the program
    assert "<img" not in made


@pytest.mark.parametrize("name", SHIPPED)
def test_overlays_say_what_the_linter_and_the_map_say(name: str) -> None:
    loaded = load(name)
    drawn, found = flow_map(loaded.flow), lint(loaded)
    by_name = {one.name: one for one in overlays(Facts(drawn, found))}
    assert {node: mark.text for node, mark in by_name["seconds"].marks.items()}.keys() == {c.name for c in drawn.cards}
    at_cards = [one for one in found if one.node in {card.name for card in drawn.cards}]
    assert sum(len(mark.details) for mark in by_name["findings"].marks.values()) == len(at_cards)
    levels = {card["node"]: card["levels"] for card in as_dict(drawn)["cards"]}
    assert {node: int(mark.text.split()[0]) for node, mark in by_name["levels"].marks.items()} == levels


def test_the_command_makes_both_and_refuses_what_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["show", "northwind", "-o", "line.html"]) == 0
    text = Path("line.html").read_text("utf-8")
    data = json.loads(text.partition('id="data">')[2].partition("</script>")[0])
    assert data["map"] == as_dict(flow_map(load("northwind").flow))
    assert [one["name"] for one in data["overlays"]] == ["findings", "levels", "seconds"]
    assert main(["show", "northwind", "-o", "part.svg", "--part", "sale_menu"]) == 2
    assert "did you mean 'sales_menu'?" in capsys.readouterr().err
    assert main(["show", "northwind", "-o", "part.svg", "--part", "sales_menu"]) == 0
    assert main(["show", "northwind", "--part", "sales_menu"]) == 2
    assert "--format svg or html" in capsys.readouterr().err


def test_callers_and_scripts_are_laid_over_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every call of the scenario comes to `greeting` once; what scripts try is what `ivr test --coverage` says."""
    monkeypatch.chdir(tmp_path)
    scripts = str(LIBRARY / "northwind.calls")
    assert main(["show", "northwind", "-o", "line.html", "--scenario", "northwind", "--coverage", scripts]) == 0
    capsys.readouterr()
    text = Path("line.html").read_text("utf-8")
    data = json.loads(text.partition('id="data">')[2].partition("</script>")[0])
    by_name = {one["name"]: one["marks"] for one in data["overlays"]}
    assert by_name["callers"]["greeting"]["text"] == "100 %"
    assert main(["show", "northwind", "--leaves", "--scenario", "northwind", "--json"]) == 0
    leaves = {one["node"]: one for one in json.loads(capsys.readouterr().out)["leaves"]}
    (told,) = by_name["callers"]["sales_queue"]["details"]
    assert told.startswith(f"{share(leaves['sales_queue']['share'])} of calls end here")
    assert main(["test", "northwind", scripts, "--coverage", "--json"]) == 0
    exits = json.loads(capsys.readouterr().out)["coverage"]["exits"]
    counts = [tuple(map(int, mark["text"].split(" of "))) for mark in by_name["tried"].values()]
    assert (sum(tried for tried, _ in counts), sum(of for _, of in counts)) == (exits["tried"], exits["number"])


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--scenario", "northwind"], "add --leaves"),
        (["--coverage", "x.calls", "-o", "a.svg"], "--format html"),
        (["--coverage", "no_such.calls", "-o", "a.html"], "no such file"),
    ],
)
def test_what_is_laid_over_nothing_is_refused(
    options: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["show", "northwind", *options]) == 2
    assert said in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
