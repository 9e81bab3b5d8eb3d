"""What varies, and which cells that makes."""

from __future__ import annotations

import pytest

from flows.source.finding import UsageError
from simulation.sweeping.plan import grid, read_places, sampled
from simulation.sweeping.values import read_values


@pytest.mark.parametrize(
    ("written", "values"),
    [
        ("0.8..1.2/5", ["0.8", "0.9", "1", "1.1", "1.2"]),
        ("4..7", ["4", "5", "6", "7"]),
        ("1.0..2.0", ["1", "1.25", "1.5", "1.75", "2"]),  # five values, for fractions
        ("5..12/4", ["5", "7", "10", "12"]),  # 5, 7 1/3, 9 2/3 and 12, as whole numbers
        ("0.0..1.0/4", ["0", "0.333333", "0.666667", "1"]),
        ("60..150 by 40", ["60", "100", "140"]),
        ("0.8..1.2 by 0.2", ["0.8", "1", "1.2"]),
        ("4m..5m/3", ["4m", "4.5m", "5m"]),
        ("4..6m/3", ["4m", "5m", "6m"]),
        ("90s..3m/2", ["90s", "180s"]),
        ("1m..2m by 30s", ["1m", "1.5m", "2m"]),
        ("80%..90%/3", ["80%", "85%", "90%"]),
        ("08:00..09:00 by 30m", ["08:00", "08:30", "09:00"]),
        ("{exponential: 3m}, {lognormal: {mean: 3m, cv: 1}}", ["{exponential: 3m}", "{lognormal: {mean: 3m, cv: 1}}"]),
        ("../a.csv,../b.csv", ["../a.csv", "../b.csv"]),
    ],
)
def test_values_as_written(written: str, values: list[str]) -> None:
    read = read_values(written)
    assert [read.text(i) for i in range(read.count)] == values


@pytest.mark.parametrize(
    ("written", "message", "hint"),
    [
        ("lines", "'lines' varies nothing", "--vary staff_factor=0.8..1.2/5"),
        ("lines=", "'lines=' varies nothing", "--vary staff_factor=0.8..1.2/5"),
        ("lines=9..3", "9 is not below 3", "write the smaller value first"),
        ("lines=3..3", "3 is not below 3", "write the smaller value first"),
        ("lines=few..many", "is not a range of numbers or times", "a..b/5"),
        ("lines=3..9/0", "0 is not a number of values", "from 2 on"),
        ("lines=3..9 by 0", "the step is 0; it must be a number above 0", "by 0.1"),
        ("lines=3..9 by -1", "the step is -1; it must be a number above 0", "by 0.1"),
        ("lines=3..5/9", "from 3 to 5 there are 3 whole numbers, not 9", "3.0..5.0/9"),
        ("lines=4m..90%", "has ends of different kinds", "the same unit"),
        ("lines=5", "has one value", "--set lines=5"),
        ("lines=5,5", "has '5' twice", "once"),
        ("lines=5,,6", "has an empty value", "a,b,c"),
        ("seed=1,2", "'seed' cannot vary", "--seed"),
        ("replications=1..9", "'replications' cannot vary", "--replications"),
    ],
)
def test_what_cannot_vary_is_told(written: str, message: str, hint: str) -> None:
    with pytest.raises(UsageError) as raised:
        read_places([written])
    (finding,) = raised.value.findings
    assert message in finding.message
    assert hint in finding.hint


def test_a_place_varies_once() -> None:
    with pytest.raises(UsageError, match="'lines' is varied twice"):
        read_places(["lines=1,2", "lines=3,4"])
    with pytest.raises(UsageError, match=r"'groups.a' and 'groups.a.agents' overlap"):
        read_places(["groups.a={agents: 1},{agents: 2}", "groups.a.agents=3,4"])


def test_a_billion_cells_are_refused_before_one_is_made() -> None:
    places = read_places([f"{name}=1..1000" for name in "abc"])
    with pytest.raises(UsageError) as raised:
        grid(places)
    (finding,) = raised.value.findings
    assert finding.message == "1,000 × 1,000 × 1,000 values make 1,000,000,000 cells; a sweep has at most 100,000"
    assert finding.hint.startswith("fewer values for each place (--vary a=1..1000/10), or --samples 200")
    assert len(grid(read_places([f"{name}=1..1000/10" for name in "abc"])).cells) == 1000
    with pytest.raises(UsageError, match="1,000,000,000 cells; a sweep has at most 100,000"):
        grid(read_places(["a=1..1000000000"]))


def test_a_latin_hypercube_has_one_cell_in_each_slice() -> None:
    places = read_places(["a=0.0..1.0", "b=1..10", "c=x,y"])
    plan = sampled(places, 10, seed=4)
    assert sorted(int(float(a) * 10) for a, _, _ in plan.cells) == list(range(10))
    assert sorted(int(b) for _, b, _ in plan.cells) == list(range(1, 11))
    assert sorted(c for *_, c in plan.cells) == ["x"] * 5 + ["y"] * 5
    assert sampled(places, 10, seed=4) == plan
    assert sampled(places, 10, seed=5) != plan
    with pytest.raises(UsageError, match="--samples is 1; from 2 to 100,000"):
        sampled(places, 1, seed=4)
