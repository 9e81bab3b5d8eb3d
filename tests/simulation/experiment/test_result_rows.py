"""Results as data frames: parts add up to wholes, and numbers are those of the result."""

from __future__ import annotations

import pandas as pd
import pytest

from ivr.records.definitions.all_measures import MEASURES
from simulation.experiment.result_rows import TABLES
from simulation.experiment.run import simulate
from simulation.experiment.run_result import RunResult
from simulation.loading.load import load_scenario
from simulation.report.table_files import write_tables

HALF = "_half_width"
ENDS = ("_half_width", "_low", "_high")


@pytest.fixture(scope="module")
def result() -> RunResult:
    return simulate(load_scenario("credit_union"), replications=3, keep_calls=True, engine="reference")


@pytest.fixture(scope="module")
def frames(result: RunResult) -> dict[str, pd.DataFrame]:
    return {name: result.to_pandas(name) for name in TABLES}


def test_every_table_is_there(frames: dict[str, pd.DataFrame]) -> None:
    assert list(frames) == list(TABLES)


def test_intervals_add_up(frames: dict[str, pd.DataFrame]) -> None:
    for name in ("arrived", "offered", "handled", "abandoned"):
        assert frames["intervals"][name].sum() == pytest.approx(frames["total"][name][0])
        assert frames["days"][name].sum() == pytest.approx(frames["total"][name][0])
    of_queues = frames["queue_intervals"].groupby("queue", sort=False)
    whole = frames["queues"].set_index("queue")
    for name in ("offered", "handled", "abandoned"):
        assert of_queues[name].sum().to_dict() == pytest.approx(whole[name].to_dict())
    of_groups = frames["group_intervals"].groupby("group", sort=False)
    assert of_groups["handled"].sum().to_dict() == pytest.approx(
        frames["groups"].set_index("group")["handled"].to_dict()
    )


def test_numbers_are_those_of_the_result(result: RunResult, frames: dict[str, pd.DataFrame]) -> None:
    estimate = result.measures["service_level"]
    assert frames["total"]["service_level"][0] == estimate.mean
    assert frames["total"]["service_level" + HALF][0] == estimate.half_width
    assert frames["total"]["service_level_low"][0] == estimate.low
    assert frames["total"]["service_level_high"][0] == estimate.high
    runs = frames["replications"]
    assert runs["arrived"].mean() == pytest.approx(result.measures["arrived"].mean)


@pytest.mark.parametrize(("table", "scope"), [("queue_intervals", "queue"), ("group_intervals", "group")])
def test_a_queue_has_the_measures_of_queues(frames: dict[str, pd.DataFrame], table: str, scope: str) -> None:
    names = [n for n in frames[table].columns if n not in (scope, "start", "end") and not n.endswith(ENDS)]
    assert [name for name in names if scope not in MEASURES[name].scopes] == []


def test_one_replication_has_no_half_widths_and_needs_calls_for_some_tables() -> None:
    result = simulate(load_scenario("credit_union"), replications=1, engine="reference")
    assert [name for name in result.to_pandas("queues") if name.endswith(HALF)] == []
    with pytest.raises(ValueError, match="simulate with keep_calls=True"):
        result.to_pandas("calls")
    with pytest.raises(ValueError, match="there is no table 'weeks'; there are calls, total"):
        result.to_pandas("weeks")


def test_calls_are_a_table_too(result: RunResult) -> None:
    assert len(result.to_pandas("calls")) == round(3 * result.measures["arrived"].mean)


@pytest.mark.parametrize("form", ["csv", "parquet", "xlsx"])
def test_files_read_back(result: RunResult, frames: dict[str, pd.DataFrame], tmp_path, form: str) -> None:
    few = {name: result.tables()[name] for name in ("queues", "intervals")}
    if form == "xlsx":
        assert write_tables(few, tmp_path / "day.xlsx") == [tmp_path / "day.xlsx"]
        read = pd.read_excel(tmp_path / "day.xlsx", sheet_name=None)
    else:
        assert [f.name for f in write_tables(few, tmp_path / "out", form)] == [f"{name}.{form}" for name in few]
        reader = pd.read_csv if form == "csv" else pd.read_parquet
        read = {name: reader(tmp_path / "out" / f"{name}.{form}") for name in few}
    for name in few:
        table = frames[name]
        assert read[name].columns.tolist() == table.columns.tolist()
        assert read[name]["offered"].tolist() == pytest.approx(table["offered"].tolist())
