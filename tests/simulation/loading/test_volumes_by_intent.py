"""Volumes by interval of intents and queues: each intent is expected in the interval and number stated, exactly, in
both drawings, whichever way it is written.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ivr.__main__ import main
from simulation.drawing.draw import drawing
from simulation.loading.load import load_scenario
from simulation.sampling.streams import Streams
from simulation.scenario.loaded import LoadedScenario
from simulation.workload.build_call_table import Prepared, build_call_table, prepare
from tests.support.small_scenarios import TWO_STEPS, TWO_STEPS_CALLED, write

# Four intervals of 30 min; `bill` is served by the menu alone.
BUY, PHONE, BILL = (60, 50, 20, 10), (10, 20, 50, 60), (6, 0, 6, 6)
UNSTATED = (
    TWO_STEPS_CALLED.replace("share: 0.25, goal: sales", "goal: sales")
    .replace("share: 0.5, ", "")
    .replace("share: 0.25, goal: bills", "goal: bills")
)
TABLE = "from,buys,phone,bill\n" + "".join(
    f"0{8 + i // 2}:{'30' if i % 2 else '00'},{BUY[i]},{PHONE[i]},{BILL[i]}\n" for i in range(4)
)
THREE = f"{{buy: {list(BUY)}, phone: {list(PHONE)}, bill: {list(BILL)}}}"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write(tmp_path, TWO_STEPS, UNSTATED)
    (tmp_path / "volumes.csv").write_text(TABLE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def loaded(*settings: str) -> LoadedScenario:
    return load_scenario("scenario.yaml", settings=settings)


def expected(prepared: Prepared) -> np.ndarray:
    """Calls expected in each interval of each intent, f8[intervals, intents]."""
    edges = prepared.scenario.cut.edges_us
    until = [prepared.arrivals.process.expected_calls(int(at)) for at in edges]
    wants = prepared.arrivals.wants
    return np.diff(until)[:, None] * wants.share[wants.period(edges[:-1])]


STATED = [
    f"arrivals={{kind: per_interval, calls: {THREE}}}",
    f"arrivals={{kind: per_interval, per_hour: {{buy: {[2 * n for n in BUY]}, phone: {[2 * n for n in PHONE]}, "
    f"bill: {[2 * n for n in BILL]}}}}}",
    "arrivals={kind: csv, file: volumes.csv, columns: {buy: buys, phone: phone, bill: bill}}",
    f"arrivals={{kind: per_interval, calls: {{sales: {list(BUY)}, phones: {list(PHONE)}, bill: {list(BILL)}}}}}",
]


@pytest.mark.parametrize("arrivals", STATED, ids=["calls", "per_hour", "columns", "by queue"])
def test_each_intent_is_expected_where_it_is_stated(folder: Path, arrivals: str) -> None:
    found = prepare(loaded(arrivals))
    assert expected(found) == pytest.approx(np.array([BUY, PHONE, BILL], dtype=float).T, rel=1e-12)
    # among all 298 calls
    assert found.model.intent_share == pytest.approx([140 / 298, 140 / 298, 18 / 298], rel=1e-12)


def test_each_intent_has_a_column_of_its_name(folder: Path) -> None:
    (folder / "volumes.csv").write_text(TABLE.replace("buys", "buy"), encoding="utf-8")
    found = prepare(loaded("arrivals={kind: csv, file: volumes.csv, columns: intents}"))
    assert expected(found) == pytest.approx(np.array([BUY, PHONE, BILL], dtype=float).T, rel=1e-12)


def test_rates_of_intents_that_never_change(folder: Path) -> None:
    found = prepare(loaded("arrivals={kind: constant, per_hour: {buy: 60, phone: 30, bill: 10}}"))
    assert found.arrivals.expected_calls(3_600_000_000) == pytest.approx(100)
    assert found.model.intent_share == pytest.approx([0.6, 0.3, 0.1])


def test_the_calls_of_a_queue_are_split_by_shares_within_it(folder: Path) -> None:
    """Queue sales: 3 of 4 buy, 1 of 4 phones; the menu alone serves a tenth of all calls, so 40 of 36 are 10 % more."""
    path = folder / "scenario.yaml"
    path.write_text(path.read_text().replace("goal: phones_queue", "goal: sales_queue"), encoding="utf-8")
    shares = ("intents.buy.share=0.6", "intents.phone.share=[0.2, 0.2, 0.6, 0.2]", "intents.bill.share=10%")
    found = prepare(loaded("arrivals={kind: per_interval, calls: {sales: [36, 72, 36, 0]}}", *shares))
    assert expected(found) == pytest.approx(np.array([[27, 9, 4], [54, 18, 8], [18, 18, 4], [0, 0, 0]], float))


@pytest.mark.parametrize(
    "settings",
    [
        (STATED[2],),
        (STATED[0], "horizon=2d", "interval=12h", "arrivals.busyness={gamma: 4, correlation: 0.3}"),
        (STATED[0], "behaviour.retry={share: 0.5}", "arrivals.busyness={gamma: 4}"),
        (
            STATED[0],
            'arrivals.surges=[{at: "08:30", calls: 30, intents: {bill: 1}}, {at: "09:00", calls: 9}]',
            "behaviour.wrong_key=10%",
        ),
        (
            "intents.buy.share=[1, 0.5, 0, 0]",
            "intents.phone.share=[0, 0.5, 0.5, 0]",
            "intents.bill.share=[0, 0, 0.5, 1]",
        ),
    ],
)
def test_both_drawings_draw_the_same_callers(folder: Path, settings: tuple[str, ...]) -> None:
    prepared = prepare(loaded(*settings))
    draw = drawing(prepared)
    assert draw is not None
    for replication in range(3):
        streams = Streams(3, replication)
        ours, theirs = draw(streams, busy_u=0.4), build_call_table(prepared, streams, busy_u=0.4)
        for name in ("arrived_us", "intent", "talk_us", "patience_us", "menu_us"):
            assert np.array_equal(getattr(ours, name), getattr(theirs, name)), name


def test_callers_come_in_the_numbers_stated(folder: Path) -> None:
    """400 mornings: each count is Poisson, so its mean is within 4 sqrt(n / 400) of n."""
    prepared = prepare(loaded(STATED[1]))
    draw, edges = drawing(prepared), prepared.scenario.cut.edges_us
    assert draw is not None
    counts = np.zeros((4, 3))
    for replication in range(400):
        calls = draw(Streams(1, replication))
        counts += np.histogram2d(calls.arrived_us, calls.intent, bins=[edges, np.arange(4) - 0.5])[0]
    stated = np.array([BUY, PHONE, BILL], float).T
    assert np.all(np.abs(counts / 400 - stated) <= 4 * np.sqrt(stated / 400))
    assert counts[1, 2] == 0


def test_other_agents_meet_the_same_callers(folder: Path) -> None:
    one, other = (prepare(loaded(STATED[0], f"groups.sellers.agents={n}")) for n in (1, 30))
    tables = [drawing(of)(Streams(1)) for of in (one, other)]  # type: ignore[misc]
    assert np.array_equal(tables[0].intent, tables[1].intent)
    assert np.array_equal(tables[0].arrived_us, tables[1].arrived_us)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (
            ("arrivals={kind: per_interval, calls: {}}",),
            "F003 calls names no intent or queue\n  = hint: write calls: {INTENT: [60, 50, ...]}",
        ),
        (
            (STATED[0], "intents.buy.share=30%"),
            "'buy' has both a share and calls of its own under arrivals\n  = hint: leave out share: it follows from",
        ),
        (
            ("arrivals={kind: per_interval, calls: {buy: [1, 2, 3, 4], phone: [1, 2, 3, 4]}}",),
            "'share' of 'bill' is missing\n  = hint: add 'share: 30%', or its calls under arrivals",
        ),
        (
            (
                "arrivals={kind: per_interval, calls: {buy: [1, 2, 3, 4]}}",
                "intents.phone.share=60%",
                "intents.bill.share=40%",
            ),
            "X002 the shares of phone, bill leave nothing for the intents with calls of their own",
        ),
        (
            ("arrivals={kind: per_interval, calls: {buy: [1, 2, 3], phone: [1, 2, 3, 4], bill: 1}}",),
            "'buy' has 3 values; others have more\n  = hint: give 4 values, as for the others",
        ),
        (
            ("arrivals={kind: per_interval, calls: {buy: [1, 2], phone: [1, 2], bill: 1}}",),
            "X003 arrivals.calls has 2 values; the horizon has 4 intervals of 30 min",
        ),
        (
            ("arrivals={kind: per_interval, calls: {buy: [1, 2, -3, 4], phone: 1, bill: 1}}",),
            "X005 calls is -3; a rate of calls is 0 or more",
        ),
        (("arrivals={kind: per_interval, calls: {buy: x}}",), "F003 'x' is not a number"),
        (
            ("arrivals={kind: per_interval, calls: {sale: 1}}",),
            "X001 there is no intent or queue 'sale'\n  = hint: did you mean 'sales'?",
        ),
        (
            (
                "arrivals={kind: per_interval, calls: {sales: 1, buy: 2}}",
                "intents.phone.share=1%",
                "intents.bill.share=1%",
            ),
            "X005 the calls of 'buy' are stated twice\n  = hint: state 'buy' once: by itself or in its queue",
        ),
        (
            ("arrivals={kind: per_interval, calls: {sales: 1}}", "intents.buy.goal=[sales_queue, bills_told]"),
            "callers of 'buy' may be served in 'sales' or elsewhere",
        ),
        (
            ("arrivals={kind: csv, file: volumes.csv, columns: [buy, phone, bill]}",),
            "volumes.csv:1:1: error X001 no column 'buy'; the first line names from, buys, phone, bill\n  = hint: did"
            " you mean 'buys'?",
        ),
        (
            ("arrivals={kind: csv, file: volume.csv, columns: [phone]}",),
            "X001 'volume.csv' cannot be read\n  = hint: the path is relative to scenario.yaml",
        ),
        (
            ("arrivals={kind: csv, file: volumes.csv, columns: {buy: from}}",),
            "volumes.csv:2:1: error X005 '08:00' in column 'from' is not a number of calls, 0 or more",
        ),
        (
            ("arrivals={kind: csv, file: volumes.csv, column: buys, columns: [phone]}",),
            "X005 column and columns are both stated\n  = hint: leave out column, which is for all calls",
        ),
        (
            ("intents.buy.share=[0.5, 0.5, 0.5, 0.6]", "intents.phone.share=0.25", "intents.bill.share=0.25"),
            "X002 the shares of intents from 09:30 on sum to 1.1, not to 1\n  = hint: take away 0.1 somewhere",
        ),
        (
            ("intents.buy.share=[0.5, 0.5]", "intents.phone.share=0.25", "intents.bill.share=0.25"),
            "X003 share of buy has 2 values; the horizon has 4 intervals of 30 min\n  = hint: give 4 values",
        ),
        ((), "F002 'share' of 'buy' is missing\n  = hint: add 'share: 30%'"),
    ],
)
def test_what_contradicts_itself(
    folder: Path, capsys: pytest.CaptureFixture[str], settings: tuple[str, ...], told: str
) -> None:
    assert main(["simulate", "scenario.yaml", *(part for one in settings for part in ("--set", one))]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    lines = [line for line in err.splitlines() if "error" in line or "= hint" in line]
    assert told.replace("\n  = hint", "\n= hint") in "\n".join(line.strip() for line in lines)
