"""The pages as documents: headings, display names, what a comparison shows, on a phone and on paper."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from lxml import html

from simulation.report.comparison import render_comparison
from simulation.report.html import report_data
from tests.support.hand_worked_calls import DATA, WAITS, of, parts, text
from tests.support.report_pages import PAGES, compared, reported


@pytest.mark.parametrize("kind", PAGES)
def test_one_main_and_headings_that_skip_no_level(kind: str) -> None:
    page = html.document_fromstring(PAGES[kind]())
    assert len(page.xpath("//main")) == len(page.xpath("//h1")) == len(page.xpath("//main//h1")) == 1
    levels = [int(heading.tag[1]) for heading in page.xpath("//h1|//h2|//h3|//h4")]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_queues_are_called_by_their_names_and_told_apart() -> None:
    named = report_data(parts(WAITS), queue_names={"billing": "Bills & payments", "tech": ""}, **DATA)
    assert list(named.by_queue) == ["Bills & payments", "tech"]
    assert list(named.waits) == [
        "",
        "Bills & payments",
        "tech",
    ]
    assert "Bills & payments" in text(of(named))
    alike = report_data(parts(WAITS), queue_names={"billing": "Desk", "tech": "Desk"}, **DATA)
    assert list(alike.by_queue) == ["Desk (billing)", "Desk (tech)"]


def rows_of(page, heading):
    return [[text(cell) for cell in row] for row in page.xpath(f"//h2[.='{heading}']/..//tr")]


def test_a_comparison_says_what_changes_and_what_it_costs() -> None:
    page = html.document_fromstring(render_comparison(compared()))
    assert rows_of(page, "What changes") == [
        ["Scenario", "Changes from plan", "Agent-hours", "Difference"],
        ["plan", "the baseline", "10", "–"],
        ["lean", "staff_factor: 0.9 (was not stated)", "9", "−1"],
        ["same", "no changes", "10", "±0"],
    ]


def test_columns_in_which_nothing_differs_are_left_out() -> None:
    """Every call spends 10 s in the menu and nobody presses 0, in every scenario."""
    page = html.document_fromstring(render_comparison(compared()))
    assert rows_of(page, "The scenarios")[0] == ["Scenario", "Service level", "ASA", "Abandonment", "Occupancy"]
    assert rows_of(page, "Compared with plan")[0] == ["Scenario", "Service level", "ASA", "Abandonment", "Occupancy"]


def test_the_weightiest_assumptions_stand_open_and_the_others_behind_a_fold() -> None:
    page = html.document_fromstring(render_comparison(compared()))
    fold = page.xpath("//h2[.='Assumed without evidence']/..//details")[0]
    assert text(fold.find("summary")) == "And 4 more, 9 in all"
    assert len(fold.xpath(".//li")) == 4


def opened(chromium, tmp_path, kind, width, scheme="light"):
    (tmp_path / "page.html").write_text(PAGES[kind](), encoding="utf-8")
    page = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True).new_page()
    page.goto((tmp_path / "page.html").as_uri())
    return page


PLACED = """() => [...document.querySelectorAll("figure")].map(figure => {
  const box = node => { const b = node.getBoundingClientRect(); return [b.left, b.top, b.right, b.bottom]; };
  const svg = figure.querySelector(".plot svg");
  const follows = c => c.compareDocumentPosition(svg) & 2 && !c.contains(svg);
  const after = [...figure.children].filter(c => c.getBoundingClientRect().height && follows(c));
  const drawn = svg.getAttribute("viewBox").split(" ").map(Number);
  return {figure: box(figure), svg: box(svg), below: after.map(c => box(c)[1]), drawn};
})"""


@pytest.mark.parametrize("kind", PAGES)
@pytest.mark.parametrize(("screen", "scheme"), [(1440, "light"), (390, "dark")])
def test_on_paper_charts_are_whole_and_nothing_lies_over_them(chromium, tmp_path, kind, screen, scheme) -> None:
    """A4 less margins is 182 mm: 688 px. A chart keeps its shape, fills the width, and overlaps nothing."""
    page = opened(chromium, tmp_path, kind, screen, scheme)
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.set_viewport_size({"width": 688, "height": 1000})
    page.emulate_media(media="print")
    placed = page.evaluate(PLACED)
    assert len(placed) == page.locator(".plot").count() >= 1
    for chart in placed:
        left, top, right, bottom = chart["svg"]
        assert chart["figure"][0] <= left < right <= chart["figure"][2] <= 688
        assert right - left > 600
        assert all(below >= bottom - 0.5 for below in chart["below"])
        assert bottom <= chart["figure"][3]
        assert (right - left) / (bottom - top) == pytest.approx(
            chart["drawn"][2] / chart["drawn"][3], rel=0.01
        )  # nothing cut
    inks = page.evaluate("[...document.querySelectorAll('.plot svg text')].map(t => t.getAttribute('fill'))")
    assert not {"#a3b0bf", "#e8edf3"} & set(inks)  # paper is light, whatever the screen was
    assert page.evaluate("document.documentElement.scrollWidth") <= 688
    assert page.evaluate(
        "[...document.querySelectorAll('details.fold')].every(d => d.open)"
    )  # paper has nothing to click on
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert not page.evaluate("[...document.querySelectorAll('details.fold')].some(d => d.open)")
    page.context.close()


@pytest.mark.parametrize(("kind", "heading"), [("report", "By queue"), ("comparison", "Compared with plan")])
def test_scrolled_tables_keep_their_row_names_on_a_phone(chromium, tmp_path, kind, heading) -> None:
    page = opened(chromium, tmp_path, kind, 390)
    sheet = page.locator(f"section:has(h2:text-is('{heading}')) .scroll")
    name = sheet.locator("tbody tr").last.locator("th")
    name.scroll_into_view_if_needed()
    edge = sheet.bounding_box()
    assert sheet.evaluate("s => { s.scrollLeft = 120; return s.scrollLeft; }") > 50  # there is more than fits
    kept = name.bounding_box()
    assert edge["x"] - 1 <= kept["x"]
    assert kept["x"] + kept["width"] <= edge["x"] + edge["width"]
    over = page.evaluate(
        "([x, y]) => document.elementFromPoint(x, y).closest('th') !== null",
        [kept["x"] + 20, kept["y"] + kept["height"] / 2],
    )
    assert over  # and nothing shines through
    page.context.close()


def test_bars_have_room_for_their_labels(chromium, tmp_path) -> None:
    page = opened(chromium, tmp_path, "report", 390)
    top, first = page.evaluate("""() => { const plot = document.getElementById("plot-outcomes");
      const texts = [...plot.querySelectorAll("text")].map(t => t.getBoundingClientRect().top);
      return [plot.getBoundingClientRect().top, Math.min(...texts)]; }""")
    assert first >= top
    page.context.close()


def test_a_plot_of_bars_is_as_high_as_it_has_bars() -> None:
    ends = of(reported()).get_element_by_id("plot-outcomes")
    assert ends.get("style") == f"height:{44 * 3}px"  # handled, contained, abandoned
    assert np.all(
        [plot.get("style") is None for plot in of(reported()).xpath("//div[@id='plot-wait' or @id='plot-menu']")]
    )
