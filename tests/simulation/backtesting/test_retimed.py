"""A scenario moved to other days, and its inputs replaced, on lists that can be followed by eye."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from simulation.backtesting.retimed import as_scenario, retimed, with_inputs
from simulation.calibration.scenario_data import ScenarioData
from simulation.loading.load import parse_scenario
from simulation.scenario.loaded import LoadedScenario

FLOW = "ivr: 1\nname: Line\nstart: calls\nnodes:\n  calls: {type: queue, queue: calls}\n"


def loaded(
    tmp_path: Path, start: str, horizon: str, calls: str, agents: str, interval: str = "12h", arrivals: str = ""
) -> LoadedScenario:
    (tmp_path / "line.yaml").write_text(FLOW)
    text = f"""name: Line
flow: line.yaml
start: {start}
zone: UTC
horizon: {horizon}
interval: {interval}
arrivals: {arrivals or f"{{kind: per_interval, calls: {calls}}}"}
intents: {{all: {{share: 1, goal: calls}}}}
talk: {{exponential: 3m}}
patience: {{exponential: 2m}}
groups: {{agents: {{skills: [calls], agents: {agents}}}}}
"""
    return parse_scenario(text, str(tmp_path / "a.yaml"))


def test_each_new_day_is_like_the_days_of_the_scenario_with_its_weekday(tmp_path: Path) -> None:
    """Monday 2 to Sunday 8 March with 10, 20 ... calls in the morning; moved to Saturday 14 and Sunday 15."""
    calls = [n for day in range(1, 8) for n in (10 * day, 0)]
    scenario = loaded(tmp_path, "2026-03-02 00:00", "7d", str(calls), str([day for day in range(1, 8) for _ in "ab"]))
    data = retimed(scenario, dt.date(2026, 3, 14), 2)
    assert (data["start"], data["horizon"]) == ("2026-03-14 00:00", "2d")
    assert data["arrivals"]["calls"] == ["60", "0", "70", "0"]
    assert data["groups"]["agents"]["agents"] == ["6", "6", "7", "7"]


def test_several_days_with_the_same_weekday_take_turns(tmp_path: Path) -> None:
    """Two weeks; Mondays have 1 and 8 calls. Three Mondays in a row get 1, 8, 1."""
    calls = [n for day in range(14) for n in (day + 1, 0)]
    scenario = loaded(tmp_path, "2026-03-02 00:00", "14d", str(calls), "1")
    data = retimed(scenario, dt.date(2026, 3, 16), 15)
    assert [data["arrivals"]["calls"][2 * day] for day in (0, 7, 14)] == ["1", "8", "1"]


def test_a_list_for_one_day_repeats(tmp_path: Path) -> None:
    scenario = loaded(tmp_path, "2026-03-02 00:00", "1d", "[5, 6]", "[1, 2]")
    assert retimed(scenario, dt.date(2026, 3, 14), 2)["arrivals"]["calls"] == ["5", "6"]


def test_part_of_a_day_becomes_a_day_with_nothing_around_it(tmp_path: Path) -> None:
    scenario = loaded(tmp_path, "2026-03-02 06:00", "12h", "[5, 6]", "[1, 2]", interval="6h")
    data = retimed(scenario, dt.date(2026, 3, 14), 2)
    assert data["arrivals"]["calls"] == ["0", "5", "6", "0"]
    assert data["groups"]["agents"]["agents"] == ["0", "1", "2", "0"]


def test_inputs_are_replaced_one_by_one() -> None:
    data: dict[str, Any] = {
        "arrivals": {"kind": "per_interval", "calls": ["1"], "busyness": {"gamma": "9"}},
        "queues": {"a": {"talk": "old", "patience": "old", "after_call_work": "old"}, "b": {"talk": "old"}},
        "patience": "old",
        "groups": {"x": {"skills": ["a", "b"], "agents": ["1"], "talk": "old"}},
        "staff_factor": "0.9",
    }
    test = {
        "arrivals": {"kind": "per_interval", "calls": ["2"]},
        "queues": {"a": {"talk": "new"}},
        "talk": "all",
        "patience": "new",
        "groups": {"y": {"skills": ["a", "b"], "agents": ["7"]}},
        "after_call_work": "new",
    }
    own = ScenarioData(test, {}, (), None)
    assert with_inputs(data, own, ()) == data
    assert with_inputs(data, own, ("arrivals",))["arrivals"] == test["arrivals"]
    assert with_inputs(data, own, ("arrivals",), trace=Path("r"))["arrivals"] == {"kind": "trace", "file": "r"}
    talk = with_inputs(data, own, ("talk",))
    assert (talk["talk"], talk["queues"]["a"]["talk"], "talk" in talk["queues"]["b"]) == ("all", "new", False)
    assert "talk" not in talk["groups"]["x"]
    patience = with_inputs(data, own, ("patience",))
    assert (patience["patience"], "patience" in patience["queues"]["a"]) == ("new", False)
    agents = with_inputs(data, own, ("agents",))
    # Only the talk of group x is not replaced: who serves the same skills keeps it.
    assert (agents["groups"]["y"], agents["after_call_work"]) == (test["groups"]["y"] | {"talk": "old"}, "new")
    assert with_inputs(data, own, ("talk", "agents"))["groups"] == test["groups"]
    assert "staff_factor" not in agents
    assert "after_call_work" not in agents["queues"]["a"]
    assert data["queues"]["a"]["talk"] == "old"  # what is given is left alone


@pytest.mark.parametrize(
    ("daily", "key", "moved"),
    [
        # Monday 2 to Sunday 8 March have 10, 20 ... calls; Saturday 14 is like Saturday 7, Sunday 15 like Sunday 8
        ("[10, 20, 30, 40, 50, 60, 70]", "daily", ["60", "70"]),
        (
            "{2026-03-02: 10, 2026-03-07: 60, 2026-03-08: 70, 2026-03-15: 5}",
            "dated",
            {"2026-03-14": "60", "2026-03-15": "5"},
        ),
        ("40", "daily", "40"),
    ],
)
def test_totals_of_dates_move_and_the_profile_of_a_day_stays(
    tmp_path: Path, daily: str, key: str, moved: object
) -> None:
    stated = f"{{kind: profile, profile: [2, 1], daily: {daily}}}"
    days = "7d" if key == "daily" else "1d"
    scenario = loaded(tmp_path, "2026-03-02 00:00", days, "[1]", "1", arrivals=stated)
    data = retimed(scenario, dt.date(2026, 3, 14), 2)
    assert data["arrivals"][key] == moved
    assert data["arrivals"]["profile"] == ["2", "1"]
    as_scenario(data, str(tmp_path / "a.yaml"), scenario.flow)  # nothing of it is refused


def test_a_profile_of_part_of_a_day_has_nothing_around_it(tmp_path: Path) -> None:
    stated = "{kind: profile, profile: [5, 6], daily: [90]}"
    scenario = loaded(tmp_path, "2026-03-02 06:00", "12h", "[1]", "1", interval="6h", arrivals=stated)
    moved = retimed(scenario, dt.date(2026, 3, 14), 2)["arrivals"]
    assert (moved["profile"], moved["daily"]) == (["0", "5", "6", "0"], ["90", "90"])


def test_what_callers_want_moves_with_the_calls(tmp_path: Path) -> None:
    """Volumes by intent from 6:00 to 18:00 in intervals of 6 h: before and after, nobody calls, whatever the shares."""
    (tmp_path / "line.yaml").write_text(FLOW)
    text = """name: Line
flow: line.yaml
start: 2026-03-02 06:00
zone: UTC
horizon: 12h
interval: 6h
arrivals: {kind: per_interval, calls: {a: [30, 10], b: [10, 30]}}
intents: {a: {goal: calls}, b: {goal: calls}}
talk: {exponential: 3m}
groups: {agents: {skills: [calls], agents: 2}}
"""
    data = retimed(parse_scenario(text, str(tmp_path / "a.yaml")), dt.date(2026, 3, 3), 1)
    assert data["arrivals"]["calls"] == ["0", "40.0", "40.0", "0"]
    assert data["intents"]["a"]["share"] == ["0.75", "0.75", "0.25", "0.75"]
    assert data["intents"]["b"]["share"] == ["0.25", "0.25", "0.75", "0.25"]
