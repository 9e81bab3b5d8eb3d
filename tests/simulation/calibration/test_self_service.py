"""Intents of a log without paths whose callers are served in the menu."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.model.load import load
from simulation.backtesting.from_log import from_log
from simulation.backtesting.retimed import as_scenario
from simulation.calibration.served_in_menu import served_at
from simulation.call_logs.log import CallLog
from simulation.call_logs.read import read_log
from simulation.call_logs.record_folder import write_records
from simulation.experiment.run import simulate
from simulation.loading.load import load_scenario


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


@pytest.mark.parametrize(
    ("line", "path", "nodes"),
    [
        ("credit_union", "main 2 > cards_menu 2 > ask_account collected > ask_pin collected", ["card_active"]),
        ("credit_union", "main 3 > loans_menu 1 > ask_account collected > ask_pin collected", ["loan_due"]),
        ("credit_union", "main 1 > accounts_menu 1 > balances_menu 2", ["savings_balance"]),
        ("power_outage", "main 2 > after_status", []),
        ("power_outage", "main > report_taken", ["report_taken"]),
        ("city_services", "main 3 > trash_zip collected", ["trash_told"]),
    ],
)
def test_a_path_leads_to_the_node_that_serves_however_many_helpers_stand_on_the_way(
    line: str, path: str, nodes: list[str]
) -> None:
    """Each path, and the node that the shipped flow has at its end; the sign-on that both first ones share is none."""
    assert served_at(path, load(line).flow) == nodes


TRANSFERS = frozenset({"moved_to_savings", "moved_to_checking", "paid_to_loan"})
"""Which of the three follows an amount is a value that a key set, and a log has no values: it names all three."""


@pytest.mark.parametrize("name", ["credit_union", "power_outage"])
def test_records_of_a_shipped_scenario_give_back_its_goals(name: str, tmp_path: Path) -> None:
    """What callers want is stated in the scenario, and must come out of what they did."""
    loaded = load_scenario(name)
    result = simulate(loaded, replications=1, seed=1, engine="reference", keep_calls=True)
    assert result.records is not None
    write_records(result.records, tmp_path / "rec")
    log = read_log([tmp_path / "rec"])
    assert isinstance(log, CallLog)
    made = from_log(log, name="a", file="a.scenario.yaml", flow_file=name, flow=loaded.flow, check=False)
    goals = {key: intent["goal"] for key, intent in made.data.data["intents"].items()}
    stated = {key: list(intent.goal) for key, intent in loaded.scenario.intents.items()}
    found = {key: sorted([goal] if isinstance(goal, str) else goal) for key, goal in goals.items()}
    extra = {"no_known_outage"} if name == "power_outage" else set()
    told = {key: TRANSFERS if TRANSFERS & set(one) else set(one) for key, one in stated.items()}
    assert {key: set(one) - extra for key, one in found.items()} == told
    as_scenario({**made.data.data, "flow": loaded.scenario.flow}, loaded.document.file, loaded.flow)
