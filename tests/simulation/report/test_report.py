"""The report: its content, that it opens offline, and that its texts are escaped."""

import doctest
import hashlib
import importlib
import itertools
import json
import re
from importlib.resources import files

import pytest
from lxml import html

from flows.display.embed import embed
from flows.display.theme import DARK, LIGHT, MEANINGS, css, echarts_theme, meaning_colour, queue_colour, queue_dash
from ivr.records.measures import sums
from ivr.records.schema import OUTCOMES
from ivr.records.tables import empty
from simulation.experiment.estimates import Estimate
from simulation.experiment.verdict import signed, verdict
from simulation.report.charts.of_a_run import charts
from simulation.report.comparison import comparison, render_comparison
from simulation.report.html import render, report_data, written
from simulation.report.page import prose
from tests.support.hand_worked_calls import DATA, WAITS, of, parts, records, text
from tests.support.units import S

# -- what it says ---------------------------------------------------------------------------------------------------


def test_titles_are_sentences_computed_from_the_data():
    report = report_data(parts(WAITS), target_share=0.8, **DATA)
    assert {chart.key: chart.title for chart in charts(report)} == {
        # first half hour: 5 offered, 3 within 20 s, 1 gone after 40 s: 60 %; second: 3 of 3
        "service-level": "The service level is below 80 % from 8:00 to 8:30; lowest at 8:00 with 60 %",
        "wait": "Answered callers wait longest at 8:00, 26.2 s on average",  # (0 + 5 + 90 + 10) / 4
        # 5 calls x 60 s / 1800 s = 0.17 agents
        "staffing": "Across all skills, agents are most loaded at 8:00: work for 0.2 of the 1.0 on duty",
        "outcomes": (
            "Of 100 calls, 70 are handled by an agent, 20 are served by the menu and 10 are abandoned while waiting"
        ),
        # 8 offered: 7 handled, 87.5 of 100; 6 of them within 20 s, 75 of 100
        "stages": "Of 100 callers offered to queues, 88 are handled by an agent, 75 of them within 20 s",
        # waits 0 0 0 5 10 20 40 90: the fourth is the median, the eighth the 95 % quantile
        "waits": "Half of callers in queues wait at most 5 s; 19 in 20 wait at most 1 min 30 s",
        "menu": "Callers spend 10 s in the menu on average; nine in ten spend at most 10 s",
    }


def test_other_titles():
    def title(key, *each, **more):
        found = {chart.key: chart.title for chart in charts(report_data(parts(*each), **DATA, **more))}
        return found[key]

    assert title("service-level", WAITS) == "The service level is lowest at 8:00 with 60 %"
    assert (
        title("service-level", WAITS, target_share=0.5)
        == "The service level is at least 50 % in every interval; it is lowest at 8:00 with 60 %"
    )
    assert title("wait", (0, 0)) == "Answered callers wait less than half a second on average in every interval"
    assert title("waits", (0, 0)) == "Nobody in a queue waits at all"
    busy = report_data([sums(records(waits_s=(0,) * 8), interval_us=1800 * S)], **DATA)
    tight = {"aht_s": Estimate(900.0)}  # 5 calls of 900 s in 1800 s need 2.5 agents of one, 3 calls 1.5
    longer = type(busy)(**{**vars(busy), "by_interval": tuple(of | tight for of in busy.by_interval)})
    assert {c.key: c.title for c in charts(longer)}[
        "staffing"
    ] == "From 8:00 to 9:00, there is more work than all agents on duty can do"


def test_figures_carry_units_and_intervals():
    # ASA 125/7 s and 55/7 s: mean 90/7 = 12.9 s, t(0.95, 1) x 5 = 63.5
    page = of(report_data(parts(WAITS, (0, 5, 20, 10, -40, 20, 0, 0)), target_share=0.9, exact={"asa_s": 20.0}, **DATA))
    cards = {
        li.find_class("name")[0].text: " ".join(li.text_content().split())
        for li in page.find_class("figure")
        if li.tag == "li"
    }
    # 13 ± 64 would reach below 0: the ends are shown, 12.857 + 63.53 = 76.4 s
    assert cards["ASA"] == "ASA12.9 s (0 s to 1 min 16 s)mean wait of handled callersexact 20 s, inside the interval"
    # handled within 20 s: 6 and 7 of 8, none gone by then
    # 81.25 % ± t(0.95, 1) x 6.25 = 79.4 would leave 0..100 %: by the logit, 1.466 ± 0.794 / (0.8125 x 0.1875), 2.3 % to
    # 99.87 %
    assert cards["Service level"].startswith("Service level81.2 % (2 % to 100 %)handled within")
    assert "too close to call: the target of 90 %" in cards["Service level"]
    assert cards["Arrived"] == "Arrived10 ± 0calls per run"
    assert "Blocked share" not in cards  # none was blocked


def test_lead():
    assert (
        text(of(report_data(parts(WAITS), **DATA)).find_class("lead")[0])
        == "75 % of callers in queues are answered within 20 s, not counting those who hang up by then. Answered"
        " callers wait 17.9 s on average; 12.5 % of callers in queues hang up. Agents are busy 11.7 % of their"
        " time."
    )


def test_exact_values_stand_beside_the_simulated():
    page = of(report_data(parts(WAITS, WAITS[::-1]), exact={"occupancy": 0.5, "abandonment": 0.125}, **DATA))
    rows = [
        [cell.text_content() for cell in row]
        for row in page.xpath("//h2[.='Compared with the exact value']/..//tbody/tr")
    ]
    assert rows == [
        ["Abandonment", "12.5 % ± 0.0", "12.5 %", "no interval"],
        ["Occupancy", "11.7 % ± 0.0", "50 %", "no interval"],
    ]


def test_every_chart_has_its_figures_in_a_table():
    report = report_data(parts(WAITS), **DATA)
    page = of(report)
    assert len(charts(report)) == 7
    for chart in charts(report):
        place = page.get_element_by_id(f"plot-{chart.key}")
        assert place.get("role") == "img"
        assert chart.title in place.get("aria-label")
        head, *rows = place.getparent().xpath(".//tr")
        assert [cell.text for cell in head] == list(chart.columns)
        assert tuple(tuple(cell.text for cell in row) for row in rows) == chart.rows
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))


def test_few_calls_are_not_rounded_twice():
    """In 3 of 20 replications the only offered caller hangs up: 0.15 of a call, not 0.1 written as 0.10; the other nine
    calls are contained.
    """
    made = {
        chart.key: {row[0]: row[-1] for row in chart.rows}
        for chart in charts(report_data(parts(*[(0,)] * 17, *[(-40,)] * 3), **DATA))
    }
    assert made["outcomes"] == {
        "Served by the menu": "9",
        "Handled by an agent": "0.85",
        "Hung up while waiting": "0.15",
    }
    assert made["stages"]["Abandoned while waiting"] == "0.15"


def test_a_bar_of_the_menu_times_says_where_it_begins():
    """Every caller takes 10 s, so all are in the bar from 9 s to 10 s."""
    menu = next(chart for chart in charts(report_data(parts(WAITS), **DATA)) if chart.key == "menu")
    assert [row[0] for row in menu.rows] == ["up to 1 s", *(f"over {n} s, up to {n + 1} s" for n in range(1, 10))]
    assert [row[1] for row in menu.rows] == ["0 %"] * 9 + ["100 %"]


def test_intervals_are_drawn_as_bands():
    level, wait, *_ = charts(report_data(parts(WAITS, WAITS[::-1]), **DATA))
    lower, height, line = wait.option["series"]
    first = report_data(parts(WAITS, WAITS[::-1]), **DATA).by_interval[0]["asa_s"]
    assert line["data"][0] == round(first.mean, 4)
    assert lower["data"][0] == max(round(first.mean - first.half_width, 4), 0)
    assert lower["data"][0] + height["data"][0] == pytest.approx(first.mean + first.half_width, abs=1e-3)
    assert (
        max(a + b for a, b in zip(*(s["data"] for s in level.option["series"][:2]), strict=True)) <= 1
    )  # no share above 100 %


def test_a_live_log_needs_no_scenario():
    live = report_data([sums(records(waits_s=WAITS, agents=False))], title="Today", source="live")
    page = of(live)
    assert [chart.key for chart in charts(live)] == ["outcomes", "stages", "waits", "menu"]
    assert text(page.find_class("subtitle")[0]) == "Live calls"
    assert "Occupancy" not in text(page)
    assert "What was simulated" not in text(page)
    assert "One run, so there are no intervals." in text(page)


def test_nobody_called():
    page = of(report_data([sums(empty(horizon_us=3600 * S), interval_us=1800 * S)], title="Quiet"))
    assert "No calls yet" in text(page)
    assert not page.find_class("plot")


def test_nobody_wanted_an_agent():
    report = report_data(parts(()), **DATA)
    assert text(of(report).find_class("lead")[0]) == "10 calls arrived, and nobody joined a queue."
    assert [chart.key for chart in charts(report)] == ["outcomes", "menu"]


def test_written():
    assert written("wait_p95_s", Estimate(90.0, 12.0)) == "1 min 30 s ± 12 s"
    assert written("arrived", Estimate(5012.4, 27.0), interval=False) == "5,012"


# -- comparison -----------------------------------------------------------------------------------------------------


def test_comparison():
    slow, quick = (60, 60, 60, 60), (0, 0, 0, 0)
    report = comparison(
        {"as today": parts(slow, (60, 60, 60, 0)), "more agents": parts(quick, quick)}, title="Plans", target_share=0.8
    )
    page = html.document_fromstring(render_comparison(report))
    # service level 0 and 1/4 against 1 and 1: difference 87.5 points, pairs +-12.5, t x 12.5 = 158.8: not clear
    assert verdict("service_level", report.variants[1].difference["service_level"]) == "no clear difference"
    titles = [h3.text_content() for h3 in page.xpath("//h3")]
    assert titles[0] == "Service level: no scenario is clearly better than as today"
    assert (
        text(page.find_class("lead")[0])
        == "Answered within 20 s, the target being 80 %: as today 12.5 % (too close to call), more agents 100 % (met)."
    )
    clear = comparison({"as today": parts(slow, slow), "more agents": parts(quick, quick)}, title="Plans")
    page = html.document_fromstring(render_comparison(clear))
    assert [h3.text_content().replace("\N{NO-BREAK SPACE}", " ") for h3 in page.xpath("//h3")] == [
        "more agents: highest service level, 100 %",
        "more agents: shortest wait of answered callers, 0 s",
    ]  # nobody hangs up in either, and agents are as busy: no chart
    row = [cell.text_content() for cell in page.xpath("//h2[.='Compared with as today']/..//tbody/tr/*")]
    assert row == ["more agents", "+100 pp ± 0✓ better", "−1 min ± 0 s✓ better"]
    with pytest.raises(ValueError, match="at least one scenario"):
        comparison({}, title="None")


def test_differences_are_judged_by_their_interval():
    assert verdict("asa_s", Estimate(4.0, 1.0)) == "worse"
    assert verdict("asa_s", Estimate(-4.0, None)) == "cannot tell"
    assert verdict("occupancy", Estimate(-0.1, 0.01)) == "lower"
    assert signed("abandonment", Estimate(-0.02, 0.004)) == "−2.0 pp ± 0.4"


# -- one page, offline, safe ----------------------------------------------------------------------------------------

EVIL = '</script><script>alert(1)</script><img src=x onerror="alert(2)">&lt;'


def test_nothing_breaks_out_of_its_place():
    report = report_data(
        [sums(records(waits_s=WAITS, queues=(EVIL, "tech")), interval_us=1800 * S)],
        title=EVIL,
        subtitle=EVIL,
        inputs=[(EVIL, EVIL)],
        assumptions=[EVIL],
    )
    for page, plots in (
        (of(report), 7),
        (
            html.document_fromstring(
                render_comparison(
                    comparison(
                        {EVIL: parts(WAITS), "b": parts((0, -60))},
                        title=EVIL,
                        inputs=[(EVIL, EVIL)],
                        assumptions=[EVIL],
                        changes={"b": [EVIL]},
                    )
                )
            ),
            4,
        ),
    ):
        assert len(page.xpath("//script")) == 3
        assert not page.xpath("//img")
        assert not page.xpath("//@onerror")
        assert page.xpath("//h1")[0].text == EVIL
        assert page.xpath("//title")[0].text == EVIL
        data = json.loads(page.get_element_by_id("charts").text)
        assert len(data["charts"]) == plots
        names = {series.get("name") for chart in data["charts"] for series in chart["option"]["series"]}
        assert EVIL in names


def test_embedded_json_comes_back():
    value = {"a": EVIL, "b": ["\u2028", "é", 1.5, None]}
    assert json.loads(embed(value)) == value
    assert not set("<>&") & set(embed(value))
    assert embed(value).isascii()
    with pytest.raises(ValueError, match="not JSON compliant"):
        embed(float("nan"))
    assert prose("<b> 20 s") == "&lt;b&gt; 20\N{NO-BREAK SPACE}s"


def test_the_page_needs_nothing_from_outside():
    text_ = render(report_data(parts(WAITS), **DATA))
    page = html.document_fromstring(text_)
    assert not page.xpath("//@src")
    assert not page.xpath("//@href")
    assert not page.xpath("//link")
    assert not re.search(r"@import|url\((?!['\"]?(data:|#))", "".join(page.xpath("//style/text()")))
    assert "default-src 'none'" in page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]


def test_apache_echarts_is_vendored_unchanged_with_its_licences():
    assets = files("simulation.report.assets")
    library = (assets / "echarts.common.min.js").read_bytes()
    # dist/echarts.common.min.js of npm echarts 6.1.0
    # (sha512-q0yaFPggC9FUdsWH4blavRWFmxdrIodbkoKNAjJudAI6CA9gNPxHtV2R...)
    assert hashlib.sha256(library).hexdigest() == "61f13280aba3161f77fc801bf5f9c786f55f10432153a0683fc5cc0700b013d5"
    assert b"</script" not in library
    for name, words in {
        "echarts-LICENSE.txt": "Apache License",
        "echarts-NOTICE.txt": "Apache ECharts",
        "echarts-LICENSE-d3.txt": "Mike Bostock",
    }.items():
        assert words in (assets / name).read_text(encoding="utf-8")


# -- the look -------------------------------------------------------------------------------------------------------


def contrast(one, other):
    """WCAG 2.2 contrast ratio of two colours."""

    def luminance(colour):
        parts_ = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts_)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_function():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)  # the well-known grey just below AA


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("name", list(LIGHT))
def test_contrast(theme, name):
    if name in ("ground", "surface", "raised", "line", "on-accent"):
        return  # grounds and hairlines carry no meaning
    wanted = 4.5 if name in ("ink", "ink-soft", "accent-ink", "good-ink", "harm-ink") else 3.0
    assert contrast(theme[name], theme["surface"]) >= wanted
    assert contrast(theme[name], theme["ground"]) >= wanted


def test_text_on_the_accent():
    assert contrast(LIGHT["on-accent"], LIGHT["accent"]) >= 4.5
    assert contrast(DARK["on-accent"], DARK["accent"]) >= 4.5


def test_every_outcome_has_a_meaning_and_only_harm_is_vermillion():
    assert set(OUTCOMES) <= set(MEANINGS)
    harm = {name for name, role in MEANINGS.items() if role == "harm"}
    assert harm == {"abandoned", "abandoned_in_menu", "blocked", "failed", "turned_away", "error"}
    for theme in ("light", "dark"):
        colours = LIGHT if theme == "light" else DARK
        assert {name for name in MEANINGS if meaning_colour(name, theme) == colours["harm"]} == harm
        assert all(queue_colour(i, theme) != colours["harm"] for i in range(20))


def test_twenty_queues_are_told_apart_without_colour_alone():
    looks = [(queue_colour(i), queue_dash(i)) for i in range(20)]
    assert len(set(looks)) == 20
    assert all(a[1] != b[1] for a, b in itertools.pairwise(looks))


def test_one_look_in_css_and_charts():
    assert set(LIGHT) == set(DARK)
    style = css()
    for name, value in LIGHT.items():
        assert f"--{name}:{value};" in style
        assert f"--{name}:{DARK[name]};" in style
    assert echarts_theme("light")["color"] == [queue_colour(i) for i in range(5)]
    assert echarts_theme("dark")["tooltip"]["backgroundColor"] == DARK["surface"]


# -- in a browser ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
@pytest.mark.parametrize("kind", ["report", "comparison"])
def test_the_page_opens_offline(chromium, tmp_path, width, scheme, kind):
    made = (
        render(report_data(parts(WAITS, WAITS[::-1]), **DATA))
        if kind == "report"
        else render_comparison(
            comparison({"as today": parts(WAITS, WAITS[::-1]), "quick": parts((0,), (0,))}, title="Plans")
        )
    )
    (tmp_path / "page.html").write_text(made, encoding="utf-8")
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True)
    page = context.new_page()
    problems, asked = [], []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto((tmp_path / "page.html").as_uri())
    assert problems == []
    assert len(asked) == 1
    assert page.locator(".plot svg").count() == page.locator(".plot").count() == (7 if kind == "report" else 4)
    assert page.evaluate("document.documentElement.scrollWidth") <= width  # no horizontal scrolling
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.keyboard.press("Tab")  # the first thing a keyboard reaches is the switch of colours
    page.keyboard.press("Enter")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != ground
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # then the table behind the first chart
    assert page.locator("details.data").first.evaluate("d => d.open")
    assert problems == []
    context.close()


@pytest.mark.parametrize(
    "name",
    [
        "flows.display.theme",
        "flows.display.numbers",
        "simulation.report.html",
        "simulation.report.charts.of_a_run",
        "simulation.report.comparison",
        "simulation.report.data",
        "simulation.report.page",
    ],
)
def test_examples_in_the_docstrings(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0
