"""Days drawn from those of a file: counts as they were, at moments within their interval; both drawings alike."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ivr.__main__ import main
from simulation.drawing.draw import drawing
from simulation.loading.load import load_scenario
from simulation.sampling.streams import Streams
from simulation.tables.call_table import CallTable
from simulation.workload.build_call_table import Prepared, build_call_table, prepare
from tests.support.small_scenarios import TWO_STEPS, TWO_STEPS_CALLED, write

# Two Mondays and a Sunday, each with its own counts of 8:00 and 8:30 (and one interval outside the horizon of 8 to 10).
ROWS = {
    "2026-11-02": [(5, 1), (2, 2), (9, 9)],
    "2026-11-08": [(0, 0), (1, 0), (9, 9)],
    "2026-11-09": [(10, 3), (4, 1), (9, 9)],
}
FILE = "date,at,buys,phone,half\n" + "".join(
    f"{day},{at},{buy},{phone},{buy / 2}\n"
    for day, of in ROWS.items()
    for at, (buy, phone) in zip(("08:00", "08:30", "10:00"), of, strict=True)
)
BY_INTENT = "{kind: history, file: days.csv, time_column: at, columns: {buy: buys, phone: phone}}"
INTENTS = "intents={buy: {goal: sales_queue}, phone: {goal: phones_queue}}"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write(tmp_path, TWO_STEPS, TWO_STEPS_CALLED)
    (tmp_path / "days.csv").write_text(FILE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def prepared(*settings: str) -> Prepared:
    return prepare(load_scenario("scenario.yaml", settings=settings))


def both(of: Prepared, seed: int) -> CallTable:
    draw = drawing(of)
    assert draw is not None
    ours, theirs = draw(Streams(seed)), build_call_table(of, Streams(seed))
    for name in ("arrived_us", "intent", "talk_us", "menu_us"):
        assert np.array_equal(getattr(ours, name), getattr(theirs, name)), name
    return theirs


def counted(calls: CallTable, day: int = 0) -> tuple[tuple[int, int], ...]:
    """Calls of both intents from 8:00 and from 8:30 of a date."""
    half = (calls.arrived_us - day * 86_400_000_000) // 1_800_000_000
    return tuple(
        (int(np.sum((half == i) & (calls.intent == 0))), int(np.sum((half == i) & (calls.intent == 1))))
        for i in range(2)
    )


def test_each_day_is_one_that_has_been_with_its_counts(folder: Path) -> None:
    of = prepared(f"arrivals={BY_INTENT}", INTENTS)
    known = {tuple(rows[:2]) for rows in ROWS.values()}
    found = [counted(both(of, seed)) for seed in range(40)]
    assert set(found) == known
    # each is drawn with probability 1/3: 40 / 3 ± 4 sqrt(40 * 2 / 9)
    assert all(abs(found.count(one) - 40 / 3) <= 4 * np.sqrt(80 / 9) for one in known)
    # (10 + 1 + 18) / 3 calls a morning; 22 of the 40 of all days, the interval from 10:00 with them
    assert of.arrivals.expected_calls(of.horizon_us) == pytest.approx(29 / 3)


def test_the_counts_are_not_made_poisson_again(folder: Path) -> None:
    """One day in the file: all mornings have its 29... 18 calls; only their moments differ."""
    one = "".join(line for line in FILE.splitlines(keepends=True) if line.startswith(("date", "2026-11-09")))
    (folder / "days.csv").write_text(one, encoding="utf-8")
    tables = [both(prepared(f"arrivals={BY_INTENT}", INTENTS), seed) for seed in range(5)]
    assert [len(calls) for calls in tables] == [18] * 5
    assert len({tuple(calls.arrived_us) for calls in tables}) == 5


def test_dates_draw_days_of_their_own_day_of_the_week(folder: Path) -> None:
    two = BY_INTENT.replace("}}", "}, same_weekday: true}")
    of = prepared(f"arrivals={two}", INTENTS, "start=2026-11-22 08:00", "horizon=40h", "groups.helpers.agents=4")
    mondays = {tuple(ROWS[day][:2]) for day in ("2026-11-02", "2026-11-09")}
    for seed in range(12):
        calls = both(of, seed)
        assert counted(calls) == tuple(ROWS["2026-11-08"][:2])
        assert counted(calls, day=1) in mondays


def test_counts_of_all_calls_are_shared_out_by_shares(folder: Path) -> None:
    of = prepared("arrivals={kind: history, file: days.csv, time_column: at, column: buys}")
    assert {len(both(of, seed)) for seed in range(20)} == {7, 1, 14}
    assert set(both(of, 3).intent) <= {0, 1, 2}


def test_a_day_without_calls(folder: Path) -> None:
    (folder / "days.csv").write_text("date,calls\n2026-11-02 08:00,0\n", encoding="utf-8")
    assert len(both(prepared("arrivals={kind: history, file: days.csv}"), 1)) == 0


def test_other_agents_meet_the_same_day(folder: Path) -> None:
    one, other = (both(prepared(f"arrivals={BY_INTENT}", INTENTS, f"groups.sellers.agents={n}"), 2) for n in (1, 9))
    assert np.array_equal(one.arrived_us, other.arrived_us)
    assert np.array_equal(one.intent, other.intent)


@pytest.mark.parametrize(
    ("arrivals", "told"),
    [
        ("{kind: history, file: days.csv, time_column: at, column: half}", "days.csv:2:22: error X005 '2.5' in column"),
        ("{kind: history, file: days.csv, column: buys}", "hint: write time_column: at"),
        ("{kind: history, file: days.csv, time_column: at, column: buy}", "no column 'buy'"),
        ("{kind: history, file: day.csv}", "X001 'day.csv' cannot be read"),
        ("{kind: history, file: days.csv, date_column: day}", "no column 'day'"),
        ("{kind: history, file: days.csv, busyness: {gamma: 3}}", "a history is what happened"),
        ("{kind: csv, file: days.csv, same_weekday: true}", "arrivals of kind csv have no days to draw"),
        (
            "{kind: history, file: days.csv, time_column: at, column: buys, same_weekday: true}",
            "no day of the file is a tue",
        ),
        (
            "{kind: history, file: days.csv, time_column: at, columns: {buy: buys}}",
            "X005 'buy' has both a share and a column under arrivals",
        ),
        ("{kind: history, file: days.csv, time_column: at, columns: {buys: buys}}", "X001 there is no intent 'buys'"),
    ],
)
def test_what_is_wrong(folder: Path, capsys: pytest.CaptureFixture[str], arrivals: str, told: str) -> None:
    assert main(["simulate", "scenario.yaml", "--set", f"arrivals={arrivals}"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert told in err


def test_every_intent_has_a_column(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stated = "arrivals={kind: history, file: days.csv, time_column: at, columns: {buy: buys}}"
    assert main(["simulate", "scenario.yaml", "--set", stated, "--set", INTENTS]) == 1
    assert "X005 there is no column for 'phone'" in capsys.readouterr().err


def test_a_row_that_is_there_twice(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "days.csv").write_text("date,calls\n2026-11-02 08:00,5\n2026-11-02 08:00,5\n", encoding="utf-8")
    assert main(["simulate", "scenario.yaml", "--set", "arrivals={kind: history, file: days.csv}"]) == 1
    assert "days.csv:3:1: error X005 2026-11-02 08:00 is there twice" in capsys.readouterr().err
