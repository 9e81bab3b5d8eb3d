"""What a scenario states in the terms of data, from its text to the waits of its callers; each case in both engines.

Calls come at stated moments and go straight to a queue, so that every wait follows by hand from the talks: one agent
is free again when the call before has ended (Lindley 1952).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from ivr.records.tables import Records
from simulation.engines.contract import ENGINES, engine
from simulation.experiment.run import simulate
from simulation.scenario.loaded import LoadedScenario
from tests.support.small_scenarios import one_queue, two_steps
from tests.support.units import S

THERE = [name for name in ENGINES if hasattr(engine(name), "run")]
in_both = pytest.mark.parametrize("engine", THERE)


def records(loaded: LoadedScenario, engine: str, replications: int = 1) -> Records:
    return simulate(loaded, replications=replications, keep_calls=True, engine=engine, workers=1).records


def seconds(of: np.ndarray) -> list[float]:
    return (of / S).tolist()


def every_half_minute(folder: Path, engine: str, talk: str) -> tuple[list[float], list[float]]:
    """Talks and waits, in seconds, of 100 callers who come every 30 s to one agent."""
    (folder / "calls.csv").write_text("\n".join(["arrived", *(str(30 * i) for i in range(100))]) + "\n", "utf-8")
    arrivals = "arrivals={kind: trace, file: calls.csv, column: arrived}"
    visits = records(
        one_queue(folder, arrivals, f"talk={talk}", "groups.agents.agents=1", "interval=1h"), engine
    ).visits
    return seconds(visits["talk_us"]), seconds(visits["answered_us"] - visits["offered_us"])


def triangular(u: float) -> float:
    """Of 10 s to 300 s with the mode at 60 s: below it are 50 / 290 of all."""
    if u < 50 / 290:
        return 10 + (u * 290 * 50) ** 0.5
    return 300 - ((1 - u) * 290 * 240) ** 0.5


def mixed(u: float) -> float:
    """A fifth is 5 s; half is triangular; the rest is between 100 s and 200 s. A share is used up to its end."""
    if u < 0.2:
        return 5.0
    return triangular((u - 0.2) / 0.5) if u < 0.7 else 100 + 100 * (u - 0.7) / 0.3


def observed(u: float) -> float:
    """Of four talks, in order: 10, 20, 20 and 45 s, each as likely."""
    return (10.0, 20.0, 20.0, 45.0)[int(4 * u)]


TRIANGULAR = "triangular: {low: 10s, mode: 1m, high: 5m}"
STATED: dict[str, tuple[str, Callable[[float], float]]] = {
    "triangular": (f"{{{TRIANGULAR}}}", triangular),
    "a mixture of three kinds": (
        f"{{mix: [{{share: 0.2, constant: 5s}}, {{share: 0.5, {TRIANGULAR}}},"
        " {share: 0.3, uniform: {low: 100s, high: 200s}}]}",
        mixed,
    ),
    "a column of times": ("{empirical: {file: talks.csv, column: talk}}", observed),
    "a column of times of one kind of row": (
        "{empirical: {file: talks.csv, column: talk, where: {queue: sales}}}",
        lambda u: (20.0, 45.0)[int(2 * u)],
    ),
}


@in_both
@pytest.mark.parametrize("name", STATED)
def test_talks_are_what_is_stated_and_waits_follow(name: str, engine: str, tmp_path: Path) -> None:
    """The draw of each caller is seen from a talk that is uniform up to 100 s; other talks have the same draws."""
    (tmp_path / "talks.csv").write_text("queue,talk\nsales,20\nhelp,10\nhelp,0:00:20\nsales,45s\n", "utf-8")
    text, of_draw = STATED[name]
    draws = [talk / 100 for talk in every_half_minute(tmp_path, engine, "{uniform: {low: 0, high: 100s}}")[0]]
    talks, waits = every_half_minute(tmp_path, engine, text)
    assert len(talks) == 100
    assert talks == pytest.approx([of_draw(u) for u in draws], abs=0.001)
    expected = [0.0]
    for talk in talks[:-1]:
        expected.append(max(expected[-1] + talk - 30, 0.0))
    assert waits == pytest.approx(expected, abs=1e-5)


@in_both
def test_handle_times_and_agents_from_columns(engine: str, tmp_path: Path) -> None:
    """One agent and talks of a minute in the first hour, two agents and talks of two minutes in the second.

    call  arrives  what happens
    0     0 s      talks to 60 s
    1     10 s     waits for 50 s, talks to 120 s
    2     3,600 s  talks to 3,720 s
    3     3,610 s  the second agent is free: no wait
    4     3,620 s  both talk until 3,720 s: waits for 100 s, talks to 3,840 s
    """
    (tmp_path / "monday.csv").write_text("from;aht;agents\n08:00;60;1\n09:00;120;2\n", "utf-8")
    (tmp_path / "calls.csv").write_text("arrived\n0\n10\n3600\n3610\n3620\n", "utf-8")
    loaded = one_queue(
        tmp_path,
        "horizon=2h",
        "arrivals={kind: trace, file: calls.csv, column: arrived}",
        "talk={csv: {file: monday.csv, column: aht, unit: s, like: constant}}",
        "groups.agents.agents={file: monday.csv, column: agents}",
    )
    visits = records(loaded, engine).visits
    assert seconds(visits["talk_us"]) == [60, 60, 120, 120, 120]
    assert seconds(visits["answered_us"] - visits["offered_us"]) == [0, 50, 0, 0, 100]


@in_both
def test_a_column_of_calls_for_each_queue(engine: str, tmp_path: Path) -> None:
    """Sales in the first hour alone, phones in the second alone; 400 days of 12 and 30 expected calls.

    A Poisson count has its mean as its variance: 400 * 12 = 4,800 with a standard deviation of 69, 12,000 with 110.
    """
    (tmp_path / "monday.csv").write_text("from,sales,phones\n08:00,12,0\n09:00,0,30\n", "utf-8")
    loaded = two_steps(
        tmp_path,
        "horizon=2h",
        "interval=1h",
        "arrivals={kind: csv, file: monday.csv, columns: {sales: sales, phones: phones}}",
        "intents={buy: {goal: sales_queue}, phone: {goal: phones_queue}}",
        "groups.helpers.agents=4",
    )
    calls = records(loaded, engine, replications=400).calls
    hour = calls["arrived_us"] // (3600 * S)
    counts = [[int(np.count_nonzero((hour == h) & (calls["intent"] == i))) for i in (0, 1)] for h in (0, 1)]
    assert (counts[0][1], counts[1][0]) == (0, 0)
    assert counts[0][0] == pytest.approx(4_800, abs=4 * 69)
    assert counts[1][1] == pytest.approx(12_000, abs=4 * 110)
