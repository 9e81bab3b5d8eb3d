"""Costs: parts add up to the whole, both engines agree, and nothing is said of money without prices.

The amounts of a day worked by hand are in ``simulation.validation.worked.costs``.
"""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
import pytest

from flows.source.finding import IvrError
from ivr.records.definitions.cost_measures import COST_KINDS, COSTS
from ivr.records.definitions.measure_type import COLUMNS
from ivr.records.schema import OUTCOMES
from simulation.experiment.compare import compare
from simulation.experiment.run import simulate
from simulation.experiment.run_result import RunResult
from simulation.experiment.scenario_changes import agent_hours
from simulation.loading.load import load_scenario
from simulation.report.comparison_text import comparison_text
from simulation.report.of_result import comparison_page, report_page
from simulation.report.results_text import result_text
from simulation.validation.by_hand import SCENARIOS

PRICES = (
    "costs={currency: EUR, agent_hour: 30, overtime_factor: 1.5, lost_call: 4, trunk_minute: 0.0137,"
    " self_service_minute: 0.021, handled_call: 9}"
)
NAMES = {measure.name for measure in COSTS}


@pytest.fixture(scope="module")
def result() -> RunResult:
    scenario = load_scenario("credit_union", settings=[PRICES])
    return simulate(scenario, replications=2, keep_calls=True, engine="reference")


def test_parts_add_up_to_the_whole(result: RunResult) -> None:
    whole = {name: value.mean for name, value in result.measures.items()}
    for cell in (whole, *({name: value.mean for name, value in of.items()} for of in result.by_interval)):
        assert cell["cost"] == pytest.approx(sum(cell[kind] for kind in COST_KINDS), abs=1e-9)
        assert cell["net_value"] == pytest.approx(cell["value"] - cell["cost"], abs=1e-9)
    for name in (*COST_KINDS, "value", "cost", "overtime_hours", "line_minutes"):
        assert sum(of[name].mean for of in result.by_interval) == pytest.approx(whole[name], abs=1e-9)
    for name in ("cost_agents", "cost_overtime", "overtime_hours"):
        assert sum(of[name].mean for of in result.by_group.values()) == pytest.approx(whole[name], abs=1e-9)
    assert min(whole[kind] for kind in COST_KINDS) > 0


def test_amounts_are_prices_times_what_the_records_say(result: RunResult) -> None:
    """Counted here call by call, in the two replications together."""
    records = result.records
    assert records is not None
    calls = {name: column.tolist() for name, column in records.calls.items()}
    outcome = [OUTCOMES[code] for code in calls["outcome"]]
    lost = sum(how in ("blocked", "turned_away", "abandoned", "abandoned_in_menu", "failed") for how in outcome)
    spans = zip(calls["arrived_us"], calls["ended_us"], outcome, strict=True)
    line_us = sum(end - begin for begin, end, how in spans if how != "blocked")
    visits = records.visits
    line_us += int(visits["talk_us"][visits["called_back"]].sum())
    menu_us = sum(us for us, how in zip(calls["menu_us"], outcome, strict=True) if how != "blocked")
    found = {name: value.mean * 2 for name, value in result.measures.items()}
    assert found["cost_lost_calls"] == pytest.approx(4 * lost, abs=1e-6)
    assert found["cost_lines"] == pytest.approx(0.0137 * line_us / 60e6, abs=2e-4)
    assert found["cost_menu"] == pytest.approx(0.021 * menu_us / 60e6, abs=2e-4)
    assert found["value"] == pytest.approx(9 * sum(how in ("handled", "contained") for how in outcome), abs=1e-6)
    # Nobody is absent and nobody breaks: agents cost their roster, and overtime on top.
    assert found["cost_agents"] == pytest.approx(2 * 30 * agent_hours(result.loaded.scenario), abs=1e-3)


@pytest.mark.skipif(not find_spec("numba"), reason="needs the kernel")
def test_both_engines_cost_the_same(result: RunResult) -> None:
    kernel = simulate(load_scenario("credit_union", settings=[PRICES]), replications=2, engine="kernel")
    at = COLUMNS.index("priced")
    assert np.array_equal(kernel.parts[1].values[:, at:], result.parts[1].values[:, at:])


def test_a_callback_takes_a_line_while_it_rings_and_talks() -> None:
    """One caller talks for 100 s; two are promised a callback at once, rung for 15 s and talk for 100 s each."""
    prices = "costs={agent_hour: 1, trunk_minute: 1, handled_call: 5}"
    found = simulate(load_scenario(SCENARIOS / "callback.yaml", settings=[prices]), engine="reference").measures
    assert found["line_minutes"].mean == pytest.approx((100 + 2 * 115) / 60)
    assert found["value"].mean == 3 * 5


def test_work_into_a_break_is_not_overtime() -> None:
    """The talk from 08:25 ends at 08:45, in the break from 08:30, which then lasts until 09:00; the agent leaves at
    09:30, as planned.
    """
    scenario = load_scenario(SCENARIOS / "late_break.yaml", settings=["costs={agent_hour: 30}"])
    found = simulate(scenario, engine="reference").measures
    assert found["overtime_hours"].mean == 0
    assert found["cost_agents"].mean == pytest.approx(30 * (45 + 30) / 60)


def test_without_prices_nothing_is_said_of_money(result: RunResult) -> None:
    plain = simulate(load_scenario("credit_union"), replications=2, engine="reference")
    assert not NAMES & set(plain.measures)
    assert "currency" not in plain.as_dict()
    for text in (result_text(plain), report_page(plain)):
        assert "Costs" not in text
        assert "Net value" not in text
    same = {name: value.mean for name, value in result.measures.items() if name not in NAMES}
    assert same == {name: value.mean for name, value in plain.measures.items()}


def test_every_result_shows_them(result: RunResult) -> None:
    told = result_text(result)
    assert "Costs, in EUR per replication\n  Agents" in told
    assert all(title in told for title in ("Overtime", "Lost calls", "Telephone lines", "Self-service", "Net value"))
    page = report_page(result)
    assert "Costs, in EUR per replication" in page
    assert "Costs and value by queue" in page
    assert "an hour of an agent: " in page
    assert result.as_dict()["currency"] == "EUR"
    assert result.as_dict()["measures"]["cost"]["half_width"] > 0
    assert "cost_half_width" in result.tables()["total"][0]
    assert "cost" in result.tables()["intervals"][0]
    assert result.to_pandas("groups")["cost_agents"].sum() == pytest.approx(result.measures["cost_agents"].mean)


def test_comparisons_show_what_is_saved() -> None:
    """One agent-hour in ten less at 30 an hour, on the same callers."""
    scenarios = [
        (name, load_scenario("credit_union", settings=[PRICES, f"staff_factor={factor}"]))
        for name, factor in (("all", 1), ("lean", 0.8))
    ]
    found = compare(scenarios, replications=2, engine="reference")
    hours = found.agent_hours
    assert found.differences["lean"]["cost_agents"].mean == pytest.approx(30 * (hours["lean"] - hours["all"]), abs=1e-3)
    told = comparison_text(found)
    assert "Costs, in EUR per replication" in told
    assert "Cost a call" in told
    assert "Costs, in EUR per replication" in comparison_page(found)


def test_prices_that_are_left_out() -> None:
    costs = load_scenario("credit_union", settings=["costs={agent_hour: 30, handled_call: 9}"]).scenario
    assert costs.prices is not None
    assert costs.prices.contained_call == 9  # a caller served by the menu is served
    assert set(costs.hourly.values()) == {30}
    own = load_scenario("credit_union", settings=["costs={agent_hour: 30}", "groups.members.cost_per_hour=44"]).scenario
    assert own.hourly["members"] == 44
    assert min(own.hourly.values()) == 30
    one = load_scenario("credit_union", settings=["costs={agent_hour: 30, lost_call: {blocked: 7}}"]).scenario
    assert one.prices is not None
    assert one.prices.lost_call == {"blocked": 7}


@pytest.mark.parametrize(
    ("costs", "message"),
    [
        ("{trunk_minute: 0.02}", "costs does not say what an hour of an agent costs in"),
        ("{agent_hour: $29}", "'$29' is not a number"),
        ("{agent_hour: 0}", "'0' must be above 0"),
        ("{agent_hour: 20, lost_call: -3}", "'-3' is not a price"),
        ("{agent_hour: 20, lost_call: {handled: 3}}", "'handled' is not how a call is lost"),
        ("{agent_hour: 20, per_minute: 3}", "unknown key 'per_minute'"),
        ("{agent_hour: 20, trunk_minute: nan}", "'nan' is not a finite number"),
    ],
)
def test_wrong_prices(costs: str, message: str) -> None:
    with pytest.raises(IvrError) as error:
        load_scenario("credit_union", settings=[f"costs={costs}"])
    assert message in str(error.value)
    assert len(getattr(error.value, "findings", [0])) == 1
