"""Arrival processes: counts and times against their distribution, and what a scenario may get wrong."""

import datetime as dt
import math

import numpy as np
import pytest

from flows.lint.rules import rules
from flows.source.finding import ScenarioError
from simulation.clock.local_time import local_clock
from simulation.sampling.streams import Streams, stratified_uniforms
from simulation.workload.arrivals import processes
from simulation.workload.arrivals.base import DayFactors
from simulation.workload.arrivals.constant import Constant
from simulation.workload.arrivals.csv_counts import CsvCounts
from simulation.workload.arrivals.gamma_busy import GammaBusy
from simulation.workload.arrivals.history import History
from simulation.workload.arrivals.per_interval import PerInterval
from simulation.workload.arrivals.surge import Surge
from simulation.workload.arrivals.trace import Trace

HOUR_US = 3_600_000_000
HALF = HOUR_US // 2
COUNTS = (30, 0, 90)  # calls in half an hour each


@pytest.fixture
def counts_csv(tmp_path):
    path = tmp_path / "counts.csv"
    path.write_text("start,calls\n" + "".join(f"{i}:00,{n}\n" for i, n in enumerate(COUNTS)), encoding="utf-8")
    return path


CLOCK = local_clock(dt.datetime(2026, 11, 24, 8), "America/New_York", 86_400)


@pytest.fixture
def trace_csv(tmp_path):
    """120 calls, one every 30 s; one before the first and one an hour after the last."""
    path = tmp_path / "trace.csv"
    moments = [-1, *range(0, 3600, 30), 7200]
    path.write_text(
        "arrived_us,wants\n"
        + "".join(f"{s}000000,{'help' if s % 60 else ''}\n".replace("-1000000", "1969-12-31") for s in moments),
        encoding="utf-8",
    )
    return path


# name: (process, expected calls in 1.5 hours); 80/h * 1.5 h = 30 + 0 + 90 = 120 for all.
@pytest.fixture
def fixtures(counts_csv, trace_csv):
    per_interval = PerInterval.of_counts(COUNTS, interval_s=1800)
    return {
        "constant": Constant(per_hour=80),
        "per_interval": per_interval,
        "csv_counts": CsvCounts(counts_csv, interval_s=1800),
        "gamma_busy": GammaBusy(of=per_interval, alpha=1e9),
        "surge": Surge(calls=120, at_us=HOUR_US // 2, over_us=HOUR_US // 4),
        "trace": Trace(trace_csv, CLOCK),
        "history": History(
            CLOCK, [dt.date(2026, 11, 3)], np.array(COUNTS)[None, :, None], [16 * HALF, 17 * HALF, 18 * HALF], HALF
        ),
    }


def test_every_process_has_its_fixture(fixtures):
    assert {name: type(made) for name, made in fixtures.items()} == processes()


@pytest.mark.parametrize("name", sorted(set(processes()) - {"history", "trace"}))
def test_counts_are_poisson_and_times_sorted_whole_microseconds(fixtures, name):
    """Over 2,000 runs: mean 120 within 4 sqrt(120/2000) = 0.98; variance 120 within 4 sqrt((120 + 2 * 120^2)/2000) =
    15.2.
    """
    process = fixtures[name]
    horizon = 3 * HOUR_US // 2
    assert process.expected_calls(horizon) == pytest.approx(120)
    runs = [process.times_us(Streams(1, r).generator(name), horizon) for r in range(2_000)]
    for times in runs[:20]:
        assert times.dtype == np.int64
        assert np.all(np.diff(times) >= 0)
        assert times[0] >= 0
        assert times[-1] < horizon
    sizes = np.array([len(times) for times in runs])
    assert abs(sizes.mean() - 120) <= 0.98
    assert abs(sizes.var() - 120) <= 15.2


def test_rates_change_at_the_edges_of_intervals(fixtures):
    """Counts per half hour are Poisson 30, 0, 90, and within an interval times are uniform."""
    times = np.concatenate(
        [fixtures["per_interval"].times_us(Streams(2, r).generator("arrivals"), 2 * HOUR_US) for r in range(1_000)]
    )
    counts = np.bincount(times // (HOUR_US // 2), minlength=4)
    assert counts[1] == 0
    assert counts[3] == 0
    assert abs(counts[0] - 30_000) <= 4 * math.sqrt(30_000)
    assert abs(counts[2] - 90_000) <= 4 * math.sqrt(90_000)
    within = times[times >= HOUR_US] - HOUR_US
    # Mean of a uniform on half an hour: standard error (half an hour / sqrt 12) / sqrt n.
    assert abs(within.mean() - HOUR_US / 4) <= 4 * HOUR_US / 2 / math.sqrt(12 * len(within))


def test_horizon_cuts_an_interval(fixtures):
    assert fixtures["per_interval"].expected_calls(HOUR_US // 4) == pytest.approx(15)
    assert fixtures["per_interval"].times_us(Streams(1).generator("a"), HOUR_US // 4).max() < HOUR_US // 4


def test_no_calls():
    assert Constant(per_hour=0).times_us(Streams(1).generator("a"), HOUR_US).tolist() == []
    assert PerInterval((0, 0), interval_s=60).times_us(Streams(1).generator("a"), HOUR_US).tolist() == []


def test_a_busier_line_has_the_same_calls_earlier():
    slow = Constant(per_hour=100).times_us(Streams(1).generator("a"), 10 * HOUR_US)
    fast = Constant(per_hour=200).times_us(Streams(1).generator("a"), 5 * HOUR_US)
    assert len(slow) == len(fast)
    assert np.abs(slow // 2 - fast).max() <= 1


def test_gamma_busyness_makes_counts_vary_more():
    """Var N = m + m^2 / alpha = 100 + 100^2 / 25 = 500; by stratified days the mean is met within 1."""
    process = GammaBusy(of=Constant(per_hour=100), alpha=25)
    u = stratified_uniforms(4_000, Streams(3).generator("busyness"))
    sizes = np.array(
        [len(process.times_us(Streams(3, r).generator("arrivals"), HOUR_US, busy_u=u[r])) for r in range(4_000)]
    )
    # Stratified: only the Poisson part of the variance is left, 100 / 4000; 4 standard errors = 0.63.
    assert abs(sizes.mean() - 100) <= 0.63
    # Standard error of a variance with this skewness is about 500 sqrt(2.4 / 4000) = 12; 4 of them.
    assert abs(sizes.var() - 500) <= 49
    alone = process.times_us(Streams(3, 0).generator("arrivals"), HOUR_US)
    assert len(alone) > 0


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Constant(per_hour=-5), "arrivals per_hour is -5; it must be a number, 0 or more"),
        (lambda: Constant(per_hour=math.nan), "arrivals per_hour is nan"),
        (lambda: PerInterval((), interval_s=60), "arrivals per_hour has no value"),
        (lambda: PerInterval((1, -1), interval_s=60), "arrivals per_hour of interval 2 is -1"),
        (lambda: PerInterval((1,), interval_s=0), "interval_s is 0; it must be above 0"),
        (lambda: GammaBusy(of=Constant(per_hour=1), alpha=0), "gamma: alpha is 0; it must be a number above 0"),
    ],
)
def test_impossible_arrivals_are_findings(make, message):
    with pytest.raises(ScenarioError, match=message):
        make()


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("", 1, 1, "no column 'calls'; the first line names no columns"),
        ("start,n\n1,2\n", 1, 1, "no column 'calls'; the first line names start, n"),
        ("start,calls\n", 2, 1, "no counts"),
        ("start,calls\n9:00,12\n10:00,many\n", 3, 7, "'many' in column 'calls' is not a number of calls"),
        ("start,calls\n9:00,-1\n", 2, 6, "'-1' in column 'calls'"),
        ("start,calls\n9:00\n", 2, 6, "'' in column 'calls'"),
    ],
)
def test_bad_csv_is_a_finding_with_its_place(tmp_path, text, line, column, message):
    path = tmp_path / "counts.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError, match=message) as error:
        CsvCounts(path, interval_s=3600)
    finding = error.value.findings[0]
    assert (finding.file, finding.line, finding.column) == (str(path), line, column)


def test_csv_that_is_missing_or_not_text(tmp_path):
    with pytest.raises(ScenarioError, match="cannot be read"):
        CsvCounts(tmp_path / "none.csv", interval_s=3600)
    (tmp_path / "a.csv").write_bytes(b"calls\n\xff\xfe\n")
    with pytest.raises(ScenarioError, match="not UTF-8 text"):
        CsvCounts(tmp_path / "a.csv", interval_s=3600)


def test_csv_from_a_spreadsheet_with_byte_order_mark_and_blank_lines(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("\ufeffcalls,note\r\n 12 ,x\r\n\r\n6.5,\r\n".encode())
    assert CsvCounts(path, interval_s=1800).process.per_hour == (24, 13)


def test_a_surge_is_over_when_it_is_over(fixtures):
    times = fixtures["surge"].times_us(Streams(1).generator("a"), 2 * HOUR_US)
    assert times.min() >= HOUR_US // 2
    assert times.max() < 3 * HOUR_US // 4
    assert fixtures["surge"].expected_calls(HOUR_US // 2 + HOUR_US // 16) == 30  # a quarter of the surge


def test_a_trace_is_the_same_every_time(fixtures, trace_csv):
    trace = Trace(trace_csv, CLOCK, intent="wants")
    assert trace.times_us(Streams(1).generator("a"), HOUR_US).tolist() == [s * 1_000_000 for s in range(0, 3600, 30)]
    assert trace.expected_calls(HOUR_US // 60) == 2
    assert trace.wanted(HOUR_US // 60) == ("", "help")


@pytest.mark.parametrize(
    ("cells", "seconds"),
    [
        ("2026-11-24 08:00:01.5\n2026-11-24T13:00:30Z\n", [1.5, 30]),  # in the scenario's zone, and with one of its own
        ("7\n0.25\n", [0.25, 7]),  # seconds from the start; sorted
    ],
)
def test_moments_of_a_trace(tmp_path, cells, seconds):
    path = tmp_path / "calls.csv"
    path.write_text("at\n" + cells, encoding="utf-8")
    assert (Trace(path, CLOCK, column="at").arrived_us / 1e6).tolist() == seconds


def test_a_trace_may_be_parquet_or_a_folder_of_records(tmp_path):
    from ivr.records.files import write, write_table
    from ivr.records.schema import OUTCOMES
    from ivr.records.tables import Records, empty_table

    calls = empty_table("calls", 2) | {"arrived_us": np.array([5, 9]), "intent": np.array([0, -1], "i2")}
    calls["outcome"][:] = OUTCOMES.index("contained")
    eight = dt.datetime(2026, 11, 24, 13, tzinfo=dt.UTC)  # in New York
    records = Records(
        calls,
        *(empty_table(name) for name in ("visits", "steps", "agents")),
        names={"intent": ("help",)},
        horizon_us=10,
        begins_us=int(eight.timestamp()) * 1_000_000,
    )
    write(records, tmp_path / "records")
    write_table(records, "calls", tmp_path / "calls.parquet")
    for trace in (Trace(tmp_path / "records", CLOCK), Trace(tmp_path / "calls.parquet", CLOCK, intent="intent")):
        assert (trace.arrived_us.tolist(), trace.intents) == ([5, 9], ("help", ""))


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("when\n1\n", "no column 'at'; there are when", 0),
        ("at\n1\nsoon\n", "'soon' in column 'at' is not a date and time", 3),
        ("at\n1\n\n2\n", "0 cells; the first line names 1 column", 3),
        ("at,b\n1\n", "1 cell; the first line names 2 columns", 2),
    ],
)
def test_a_trace_with_holes_is_a_finding(tmp_path, text, message, line):
    path = tmp_path / "calls.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        Trace(path, CLOCK, column="at")
    [found] = caught.value.findings
    assert (found.message, found.line, found.file) == (message, line, str(path))
    assert found.code in rules()


def test_days_have_factors_of_their_own():
    # 3 days of 50 an hour, half as many on the first, twice as many from the second on, cut within intervals of 7 h
    process = PerInterval((50.0,) * 11, interval_s=7 * 3600)
    counts = np.zeros(3)
    for r in range(40):
        times = process.times_us(
            Streams(4, r).generator("a"),
            72 * HOUR_US,
            busyness=DayFactors(np.array([24 * HOUR_US]), np.array([0.5, 2.0])),
        )
        counts += np.bincount(times // (24 * HOUR_US), minlength=3)
    # 40 * 24 h * 50 calls * factor, within 4 standard deviations of a Poisson count
    for count, factor in zip(counts, (0.5, 2, 2), strict=True):
        assert abs(count - 48_000 * factor) <= 4 * math.sqrt(48_000 * factor)
