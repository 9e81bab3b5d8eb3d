"""Results from Python: they show themselves, and their charts are those of the report."""

from __future__ import annotations

import re

import pytest

import simulation
from simulation.notebook.progress import shown_progress
from simulation.report.charts.of_a_run import charts
from simulation.report.of_result import data_of
from tests.support.paths import ROOT


@pytest.fixture(scope="module")
def result() -> simulation.Result:
    return simulation.simulate(simulation.load_scenario("power_outage"), replications=2, engine="reference")


@pytest.fixture(scope="module")
def plans() -> simulation.Comparison:
    lean = simulation.load_scenario("power_outage", settings=["staff_factor=0.8"])
    both = [("today", simulation.load_scenario("power_outage")), ("<lean>", lean)]
    return simulation.compare(both, replications=2, engine="reference")


def test_a_result_shows_each_queue_and_all(result: simulation.Result) -> None:
    shown = result._repr_html_()
    assert repr(result).startswith("<Result 'Lakeshore Power, the evening of a storm': 2 replications")
    assert shown.count("<tr>") == 1 + len(result.by_queue) + 1
    assert re.search(r">All</th><td[^>]*>[\d,]+ [±(]", shown)


def test_every_chart_of_the_report_can_be_plotted(result: simulation.Result) -> None:
    plotted = [getattr(result, name)().chart.title for name in dir(result) if name.startswith("plot_")]
    assert sorted(plotted) == sorted(chart.title for chart in charts(data_of(result)))


def test_a_chart_is_a_page_in_a_frame_without_network(result: simulation.Result, tmp_path) -> None:
    view = result.plot_outcomes()
    shown = view._repr_html_()
    assert shown.startswith("<iframe")
    assert 'sandbox="allow-scripts"' in shown
    view.save(tmp_path / "outcomes.html")
    assert view.chart.title in (tmp_path / "outcomes.html").read_text(encoding="utf-8").replace(
        "\N{NO-BREAK SPACE}", " "
    )


def test_a_comparison(plans: simulation.Comparison) -> None:
    assert "&lt;lean&gt;" in plans._repr_html_()
    frame = plans.to_pandas().set_index(["scenario", "measure"])
    level = frame["mean"].unstack()["service_level"]
    assert frame.loc[("<lean>", "service_level"), "difference"] == pytest.approx(level["<lean>"] - level["today"])
    assert plans.plot("abandonment").chart.key == "abandonment"
    with pytest.raises(ValueError, match="there is no chart of 'aht'; there are service_level, asa_s"):
        plans.plot("aht")


def test_reports_are_written(result: simulation.Result, plans: simulation.Comparison, tmp_path) -> None:
    for found in (result, plans):
        found.report(tmp_path / "report.html")
        assert "Lakeshore Power" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_a_chart_draws_itself_in_the_frame_of_a_notebook(result: simulation.Result, chromium, tmp_path) -> None:
    """The frame may run scripts and nothing else; the switch of colours is that of whole pages alone."""
    (tmp_path / "cell.html").write_text(f"<!doctype html>{result.plot_waits()._repr_html_()}", encoding="utf-8")
    page = chromium.new_page(viewport={"width": 800, "height": 800})
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto((tmp_path / "cell.html").as_uri())
    frame = page.frame_locator("iframe")
    assert frame.locator(".plot svg").count() == 1
    assert frame.locator("body").evaluate("body => body.scrollHeight - window.innerHeight") <= 0  # nothing is cut off
    page.close()
    assert problems == []


def test_progress_is_silent_outside_a_notebook(capsys) -> None:
    with shown_progress("working", shown=None) as bar:
        assert bar is None
    with shown_progress("working", shown=True) as bar:
        assert bar is not None
        bar(1, 2)
    assert capsys.readouterr().out == ""


def test_the_notebook_of_the_documents_runs() -> None:
    """In a kernel of its own; the day's table, three charts, two data frames and the comparison are shown; then the
    estimates of a log, its patience, a back-test, a chart of it and a data frame.
    """
    nbformat, nbclient = pytest.importorskip("nbformat"), pytest.importorskip("nbclient")
    book = nbformat.read(ROOT / "docs" / "notebook.ipynb", as_version=4)
    assert all(not cell.get("outputs") for cell in book.cells), "keep the notebook without its outputs"
    book.metadata.kernelspec.name = "python3"
    nbclient.NotebookClient(book, timeout=300, resources={"metadata": {"path": str(ROOT)}}).execute()
    shown = [output for cell in book.cells for output in cell.get("outputs", [])]
    assert [output.output_type for output in shown if output.output_type == "error"] == []
    html = [output.data["text/html"] for output in shown if output.output_type == "execute_result"]
    kinds = " ".join("iframe" if "<iframe" in text else "table" for text in html)
    assert kinds == "table iframe iframe table table table iframe table iframe table iframe table"
    said = "".join(output.text for output in shown if output.output_type == "stream" and output.name == "stdout")
    first, second, third = said.splitlines()
    assert re.fullmatch(r"\d+\.\d% ± \d+\.\d% of callers .*", first)
    assert re.fullmatch(r"lean - today: -\d+\.\d% ± \d+\.\d%", second)
    low, high = map(float, re.findall(r"(\d+\.\d) to (\d+\.\d)", third)[0])
    assert low <= 5.0 <= high  # the truth that the log was made from
