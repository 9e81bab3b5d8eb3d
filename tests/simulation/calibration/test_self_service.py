"""Intents of a log without paths whose callers are served in the menu."""

from __future__ import annotations

from pathlib import Path

from simulation.backtesting.from_log import from_log
from simulation.call_logs.log import CallLog
from simulation.call_logs.read import read_log


def test_a_goal_that_the_log_does_not_tell_is_among_what_is_assumed(tmp_path: Path) -> None:
    """Three calls of six name no queue and are served in the menu: callers of their own, named "calls"."""
    rows = ["desk,60,handled", *[",0,contained"] * 3, *["desk,60,handled"] * 2]
    lines = [f"2026-03-13 1{hour}:00:00,{row}" for hour, row in enumerate(rows)]
    (tmp_path / "a.csv").write_text("\n".join(["arrived,queue,talk_seconds,outcome", *lines]) + "\n")
    log = read_log([tmp_path / "a.csv"])
    assert isinstance(log, CallLog)
    made = from_log(log, name="a", file="a.scenario.yaml", flow_file="a.yaml", check=False)
    said = [text for text in made.data.assumed if text.startswith("callers of ")]
    assert said == [
        "callers of calls want desk_queue, though 100 % of them join no queue: the log does not say where else they"
        " are served"
    ]
