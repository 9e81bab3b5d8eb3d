"""The pages of a report and of a comparison, for calls worked out by hand."""

from __future__ import annotations

from simulation.report.comparison import comparison, render_comparison
from simulation.report.html import render, report_data
from simulation.report.sweep_page import sweep_page
from simulation.sweeping.run import sweep
from tests.support.hand_worked_calls import DATA, WAITS, parts
from tests.support.small_sweeps import half_an_hour
from tests.support.staffing_pages import staffing_document

CHANGES = {"lean": ["staff_factor: 0.9 (was not stated)"], "same": []}


def compared(**more):
    variants = {
        "plan": parts(WAITS, WAITS[::-1]),
        "lean": parts((60,) * 8, (0, 60) * 4),
        "same": parts(WAITS, WAITS[::-1]),
    }
    return comparison(
        variants,
        title="Plans",
        target_share=0.8,
        assumptions=[f"assumed {i}" for i in range(9)],
        agent_hours={"plan": 10.0, "lean": 9.0, "same": 10.0},
        changes=CHANGES,
        **more,
    )


def reported():
    return report_data(
        parts(WAITS, WAITS[::-1]),
        target_share=0.8,
        exact={"asa_s": 20.0},
        assumptions=["one"],
        inputs=[("Lines", "9")],
        **DATA,
    )


def swept(folder):
    """The page of a sweep over agents, lines and patience: eight cells."""
    vary = ["groups.desk.agents=2,3", "lines=2,30", "patience={exponential: 1m},{exponential: 2m}"]
    found, _ = sweep(half_an_hour(folder), vary, engine="reference", workers=1)
    return sweep_page(found)


PAGES = {
    "report": lambda: render(reported()),
    "comparison": lambda: render_comparison(compared()),
    "staffing": staffing_document,
}
