"""The page and the tables of a staffing: what whoever pays for it reads."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import html
from playwright.sync_api import Browser

from simulation.report.staffing_page import staffing_page
from simulation.report.staffing_tables import staffing_tables
from simulation.report.table_files import write_tables
from simulation.rosters.result import RosterResult
from tests.support.staffing_pages import planned, rostered


@pytest.fixture(scope="module")
def page() -> html.HtmlElement:
    return html.document_fromstring(staffing_page(planned()))


def text(element: html.HtmlElement) -> str:
    """What it says, with plain spaces."""
    return " ".join(str(element.text_content()).split())


def rows(page: html.HtmlElement, heading: str) -> list[list[str]]:
    return [[text(cell) for cell in row] for row in page.xpath(f'//h2[.="{heading}"]/..//tr')]


def test_the_plan_stands_beside_todays_agents(page: html.HtmlElement) -> None:
    """At 08:00 today's groups are 5, 4, 6, 3, 5 and 7: 30 in all; the plan has one less in each."""
    table = rows(page, "Agents by interval")
    assert (table[0][0], table[0][-2:]) == ("From", ["All", "Today"])
    assert table[1] == ["08:00", "4", "3", "5", "2", "4", "6", "24", "30"]
    assert len(table) == 1 + 24


def test_the_cost_and_the_chance_of_keeping_the_promise_are_told_with_its_interval(page: html.HtmlElement) -> None:
    cards = [text(card) for card in page.xpath("//li[@class='figure']")]
    assert "2,900" in cards[0]
    assert "562 agent-hours; today 3,000" in cards[0]
    assert "93 % of days" in cards[1]
    assert "88.6 % to 95.8 %; today 84.5 %" in cards[1]
    assert "90 %: too close to call" in cards[1]
    assert rows(page, "Against today's staffing")[1:] == [
        ["This plan", "562", "2,900", "93 %", "90.7 %", "2.3 %", "70.8 %"],
        ["Today", "565", "3,000", "84.5 %", "87.9 %", "3.3 %", "67.3 %"],
    ]


def test_all_costs_of_a_day_stand_beside_todays(page: html.HtmlElement) -> None:
    assert [[cell.split()[-1] for cell in row] for row in rows(page, "What a day costs, USD")[1:]] == [
        ["Agents", "2,900", "2,900"],
        ["calls", "270", "270"],
        ["Cost", "3,170", "3,170"],
    ]


def test_costs_are_told_by_queue_and_by_interval(page: html.HtmlElement) -> None:
    assert rows(page, "By queue") == [["Queue", "Lost calls"], ["billing", "170"], ["sales", "100"]]
    assert rows(page, "By interval")[:2] == [["From", "Agents", "Lost calls", "Cost"], ["08:00", "120", "–", "130"]]


def test_the_hardest_half_hours_come_first(page: html.HtmlElement) -> None:
    """The promise is kept on 81 % of days at 09:30, then 93 % at 09:00, 95 % at 08:00, 97 % at 08:30."""
    assert [row[:2] for row in rows(page, "The hardest intervals")[1:5]] == [
        ["09:30", "81 %"],
        ["09:00", "93 %"],
        ["08:00", "95 %"],
        ["08:30", "97 %"],
    ]


def test_one_agent_more_or_less_is_told_where_it_tells_most(page: html.HtmlElement) -> None:
    """Each adds 0.1 points of service an interval: most at 09:30, least at 08:00."""
    table = rows(page, "One agent more, one agent less")
    assert table[1] == ["+1 billing, 09:30", "+0.5", "+0.40 %", "-0.02 %", "+1 %"]
    assert table[4] == ["-1 billing, 08:00", "-0.5", "-0.10 %", "+0.02 %", "-1 %"]


def test_the_page_of_a_roster_speaks_of_the_roster() -> None:
    """Ten shifts in each of six groups; at 08:00 five of each group are there, at 10:00 two of them are on a break."""
    made = rostered()
    page = html.document_fromstring(staffing_page(made.staffing, made))
    lead = text(page.xpath("//p[@class='lead']")[0])
    assert lead.startswith("60 shifts of 60 people keep the promise on 96 % of days (92.3 % to 98 %): 90 % is met")
    assert (
        "It pays 330 hours at a cost of 1,650 USD, where the agents needed, could they come by the interval, cost"
        in lead
    )
    assert lead.endswith("That is 1,350 USD less than the scenario's own agents.")  # 3,000 today
    cards = [text(card) for card in page.xpath("//li[@class='figure']")]
    assert "330 agent-hours; today 3,000" in cards[0]
    assert "96 % of days" in cards[1]
    plan = {row[0]: row[1:8] for row in rows(page, "Agents by interval")}
    assert (plan["08:00"], plan["10:00"]) == (["5"] * 6 + ["30"], ["3"] * 6 + ["18"])
    assert [row[:3] for row in rows(page, "Against today's staffing")[1:]] == [
        ["Agents needed", "300", "1,500"],
        ["This roster", "330", "1,650"],
        ["Today", "565", "3,000"],
    ]
    shifts = rows(page, "Shifts")
    assert len(shifts) == 1 + 36
    assert shifts[1] == ["billing", "half", "08:00–14:00", "10:00–10:30", "2", ""]
    # A bar over 12 hours with a gap from 10:00 to 10:30.
    bars = page.xpath('//h2[.="Shifts"]/..//svg')[0].xpath("./rect")
    assert [(bar.get("x"), bar.get("width")) for bar in bars] == [("0", "120"), ("150", "210")]
    costs = {row[0]: row[1:] for row in rows(page, "The roster against what is needed")}
    assert costs["In shifts"] == ["60", "330", "1,650.0"]
    assert costs["Shifts do not fit"][-1] == "+150.0"
    assert costs["Not proven needed"][-1] == "10.0"


@pytest.mark.parametrize(("made", "sheets"), [(None, 1), (rostered, 2)])
def test_it_prints_on_one_sheet_of_a4_and_a_roster_on_another(
    chromium: Browser, tmp_path: Path, made: Callable[[], RosterResult] | None, sheets: int
) -> None:
    file = tmp_path / "plan.html"
    file.write_text(staffing_page(planned(), made() if made else None), encoding="utf-8")
    tab = chromium.new_page()
    tab.goto(file.as_uri())
    printed = tab.pdf(prefer_css_page_size=True)
    tab.close()
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == sheets
    box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", printed)
    assert box is not None
    width, height = map(float, box.groups())
    assert (round(width), round(height)) == (595, 842)  # 210 x 297 mm in points


def test_the_tables_hold_the_plan(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    (file,) = write_tables(staffing_tables(planned()), tmp_path / "plan.xlsx")
    book = load_workbook(file)
    assert book.sheetnames == ["plan", "intervals", "one_agent", "against_today", "queues"]
    head, first, *_ = ([cell.value for cell in row] for row in book["plan"])
    assert head == ["from", *planned().by_group, "all", "today"]
    assert first == ["08:00", 4, 3, 5, 2, 4, 6, 24, 30]
    assert [row[0].value for row in book["against_today"]] == ["staffing", "plan", "today"]


def test_the_tables_hold_the_roster() -> None:
    made = rostered()
    tables = staffing_tables(made.staffing, made)
    assert [row["staffing"] for row in tables["against_today"]] == ["plan", "roster", "today"]
    assert tables["roster"][0] == {
        "person": "half 0", "group": "billing", "kind": "half", "day": "tue", "start": "08:00", "end": "14:00",
        "breaks": "10:00-10:30", "paid_hours": 5.5, "cost": 27.5,
    }  # fmt: skip
    assert [(row["from"], row["billing"]) for row in tables["on_duty"][3:5]] == [("09:30", 5), ("10:00", 3)]
