"""Records priced by a scenario: amounts by hand, nothing said that records do not know, wrong input explained."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ivr.__main__ import main
from ivr.records.definitions.cost_measures import COST_KINDS
from ivr.records.files import write
from ivr.records.selection import of_replication
from ivr.records.tables import concatenate
from simulation.experiment.run import simulate
from simulation.loading.load import load_scenario
from simulation.validation.by_hand import SCENARIOS
from tests.support.four_calls import by_hand

PRICES = str(SCENARIOS / "costs.yaml")


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The five calls of the scenario once, twice over as two replications, and four live calls."""
    folder = tmp_path_factory.mktemp("records")
    records = simulate(load_scenario(PRICES), engine="reference", keep_calls=True).records
    assert records is not None
    once = of_replication(records, 0)
    write(once, folder / "once")
    write(concatenate([once, once]), folder / "twice")
    write(by_hand(), folder / "live")
    return folder


def _reported(capsys: pytest.CaptureFixture[str], folder: Path, *options: str) -> dict[str, Any]:
    assert main(["report", str(folder), "--prices", PRICES, "--json", "--interval", "10m", *options]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    for cell in (found["measures"], *(of["measures"] for of in found["by_interval"])):
        assert cell["cost"] == pytest.approx(sum(cell.get(kind, 0) for kind in COST_KINDS), abs=1e-9)
    for name in (*COST_KINDS, "cost", "value"):
        if name in found["measures"]:
            parts = sum(of["measures"][name] for of in found["by_interval"])
            assert parts == pytest.approx(found["measures"][name], abs=1e-9)
    return found


@pytest.mark.parametrize("name", ["once", "twice"])
def test_simulated_records_cost_what_the_run_costs(
    folders: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """Calls as in ``simulation.validation.worked.costs``. The early agent, at 36 an hour, leaves at 677.5 s; the late
    one, at 18, is on duty from 600 s and leaves after the period ends at 1200 s.
    """
    found = _reported(capsys, folders / name)
    expected = {
        "cost_agents": 677.5 / 3600 * 36 + 600 / 3600 * 18,
        "cost_lost_calls": 4.0,
        "cost_lines": 4.2,
        "cost_menu": 1.2,
        "cost": 9.775 + 9.4,
        "value": 33.0,
        "net_value": 33 - 19.175,
        "cost_per_call": 19.175 / 5,
    }
    assert {key: found["measures"][key] for key in expected} == pytest.approx(expected, abs=1e-4)
    assert [of["measures"]["cost_agents"] for of in found["by_interval"]] == pytest.approx([6, 3.775], abs=1e-4)
    assert found["currency"] == "EUR"
    assert found["costs_without"] == ["cost_overtime", "overtime_hours"]
    assert not set(found["costs_without"]) & set(found["measures"])


def test_live_calls_are_priced_without_agents(folders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """65 + 65 + 14 + 35 s on lines at 0.60 a minute, 5 + 5 + 14 + 5 s of them in the menu at 1.20; two lost at 4."""
    found = _reported(capsys, folders / "live")
    expected = {"cost_lines": 1.79, "cost_menu": 0.58, "cost_lost_calls": 8.0, "cost": 10.37, "value": 20.0}
    assert {key: found["measures"][key] for key in expected} == pytest.approx(expected, abs=1e-4)
    assert "cost_agents" not in found["measures"]
    assert found["cost_notes"] == ["The cost is without agents: these records do not say when agents were on duty."]


def test_a_part_of_the_calls_is_priced_without_agents(folders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = _reported(capsys, folders / "once", "--queue", "desk")
    assert "cost_agents" not in found["measures"]
    assert found["cost_notes"] == ["The cost is without agents: their hours are not known for a part of the calls."]


def test_text_page_and_tables_show_them(folders: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page, tables = tmp_path / "day.html", tmp_path / "tables"
    files = ["--report", str(page), "--tables", str(tables)]
    assert main(["report", str(folders / "once"), "--prices", PRICES, *files]) == 0
    told = capsys.readouterr().out
    assert "\nCosts, in EUR\n  Agents " in told
    assert "on duty within the period" in told
    assert "Overtime" not in told
    assert "  An agent's time on duty within the period is paid at the agent-hour;" in told
    html = page.read_text("utf-8")
    assert "Costs, in EUR" in html
    assert "records do not say when shifts were to end." in html
    assert "an hour of an agent: " in html
    head = (tables / "total.csv").read_text("utf-8").splitlines()[0].split(",")
    assert "cost" in head
    assert "cost_overtime" not in head


def test_without_prices_nothing_is_said_of_money(folders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", str(folders / "once"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert not {"currency", "costs_without", "cost_notes"} & set(found)
    assert "cost" not in found["measures"]


def test_a_scenario_without_prices_is_refused(folders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", str(folders / "once"), "--prices", "credit_union"]) == 2
    told = capsys.readouterr().err
    assert "credit_union.scenario.yaml states no prices" in told
    assert "hint: add them to it, for example costs: {agent_hour: 30, lost_call: 3}" in told


def test_a_group_that_the_scenario_does_not_have(
    folders: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("costs.flow.yaml", "costs.csv"):
        (tmp_path / name).write_bytes((SCENARIOS / name).read_bytes())
    other = tmp_path / "other.yaml"
    other.write_text(Path(PRICES).read_text("utf-8").replace("  late:", "  later:"), "utf-8")
    assert main(["report", str(folders / "once"), "--prices", str(other)]) == 2
    told = capsys.readouterr().err
    assert "agents of the group 'late' were on duty, and the scenario" in told
    assert "hint: it has 'later'; name the scenario with the groups of these records" in told
