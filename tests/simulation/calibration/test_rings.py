"""Waits though nobody talks or waits: it rings so long, and no number of agents explains it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ivr.records.tables import Records
from simulation.backtesting.backtest import backtest
from simulation.backtesting.from_log import FromLog, from_log
from simulation.backtesting.verdict import verdict
from simulation.calibration.files import files_of
from simulation.calibration.rings import Rings, rings
from simulation.call_logs.log import CallLog
from simulation.call_logs.read import read_log
from simulation.loading.load import load_scenario

HEAD = "arrived,wait_seconds,talk_seconds,outcome"


def log_of(folder: Path, rows: list[str]) -> CallLog:
    (folder / "desk.csv").write_text("\n".join([HEAD, *rows]) + "\n")
    log = read_log([folder / "desk.csv"])
    assert isinstance(log, CallLog)
    return log


def records_of(folder: Path, rows: list[str]) -> Records:
    return log_of(folder, rows).records


def every_minute(count: int, day: int = 2) -> list[str]:
    """A call every five minutes from 8:00: two are answered after 8 and 12 s, the next is lost after 5 s, and so on.

    The last of ten is lost after 0 s. Talks last a minute, so nobody talks or waits when a call comes.
    """
    kinds = [(8, 60), (12, 60), (5, 0), (8, 60), (12, 60), (5, 0), (8, 60), (12, 60), (10, 60), (0, 0)]
    rows = []
    for i in range(count):
        wait, talk = kinds[i % 10]
        at = 8 * 60 + 5 * i
        outcome = "answered" if talk else "abandoned"
        rows.append(f"2026-03-{day:02d} {at // 60:02d}:{at % 60:02d}:00,{wait},{talk},{outcome}")
    return rows


def test_calls_that_come_while_nobody_talks(tmp_path: Path) -> None:
    """150 calls on each of two days: 70 % answered after (3 x 8 + 3 x 12 + 10) / 7 = 10 s, 30 % lost.

    The last call of a day comes after its last answer, when nobody may be there: 2 of 300 do not count, both lost.
    """
    found = rings(records_of(tmp_path, every_minute(150, 2) + every_minute(150, 3)))
    assert found == Rings(298, pytest.approx(10.0), pytest.approx(88 / 298), pytest.approx(88 / 300), 0.1)
    assert found.words == (
        "298 callers came while nobody talked or waited: they were answered after 10 s on average, or lost (29.5 % of"
        " them, 29.3 % of all calls)"
    )
    assert len(found.unknown) == 2
    assert found.unknown[1].startswith("10 % of all calls are lost after 0 s")


def test_few_losses_without_a_wait_are_not_worth_a_word() -> None:
    assert len(Rings(298, 10.0, 0.3, 0.29, 0.04).unknown) == 1


def test_agents_who_answer_at_once_do_not_ring(tmp_path: Path) -> None:
    """Two in three callers are answered at once; those who wait came while somebody talked."""
    rows = []
    for i in range(150):
        at = 8 * 3600 + 300 * i
        for later, wait, talk in ((0, 0, 60), (30, 31, 60), (200, 0, 30)):
            clock = f"{(at + later) // 3600:02d}:{(at + later) // 60 % 60:02d}:{(at + later) % 60:02d}"
            rows.append(f"2026-03-02 {clock},{wait},{talk},answered")
    assert rings(records_of(tmp_path, rows)) is None


def test_few_calls_and_no_answered_ones_tell_nothing(tmp_path: Path) -> None:
    assert rings(records_of(tmp_path, every_minute(100))) is None  # 70 answered, less than a hundred
    lost = log_of(tmp_path, every_minute(10)).records
    gone = {**lost.visits, "result": np.full_like(lost.visits["result"], 1)}
    assert rings(Records(lost.calls, gone, lost.steps, lost.agents, lost.names, lost.horizon_us)) is None


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, CallLog, FromLog]:
    folder = tmp_path_factory.mktemp("desk")
    rows = [row for day in range(2, 7) for row in every_minute(150, day)]
    log = log_of(folder, rows)
    made = from_log(log, name="desk", file=str(folder / "desk.scenario.yaml"), flow_file="desk.yaml", check=False)
    for name, text in files_of(made.data, "desk").items():
        (folder / name).write_text(text)
    return folder, log, made


def test_the_scenario_lets_it_ring(desk: tuple[Path, CallLog, FromLog]) -> None:
    _, _, made = desk
    assert made.found.staff.how == "rings"
    assert made.data.data["routing"] == {"policy": "longest_wait", "after": {"calls": {"agents": "10s"}}}
    assert any("it rings that long" in text for text in made.data.assumed)
    assert made.data.data["queues"]["calls"]["talk"] == {"constant": "60s"}
    # 6 calls of 60 s in half an hour load one agent to 0.2, who answers 1 - 0.2 exp(-0.8 * 20 / 60) = 85 % within 20 s.
    assert set(made.found.staff.on_duty[0].ravel().tolist()) == {0.0, 1.0}


def test_a_back_test_says_what_waits_do_not_show(desk: tuple[Path, CallLog, FromLog]) -> None:
    folder, log, _ = desk
    found = backtest(load_scenario(folder / "desk.scenario.yaml"), log, replications=2, explain=False)
    assert found.chosen.whole["no_wait"].mean == pytest.approx(0.1, abs=0.02)  # only those lost after 0 s
    (told,) = [text for text in verdict(found) if text.startswith("The log does not say who answered")]
    assert "No number of agents explains that: it rings that long (`routing.after`)" in told
    assert told.endswith("10 % of all calls were lost after 0 s.")
