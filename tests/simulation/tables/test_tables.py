"""Call and staff tables: easy to create, and quick to report what is wrong."""

import numpy as np
import pytest

from flows.source.finding import ScenarioError
from ivr.records.schema import NEVER, NONE, outcome_code
from simulation.tables.checks import OFFERED, CallTable, StaffTable, microseconds


def test_microseconds_round_and_know_infinity():
    assert microseconds(np.array([0, 1e-7, 6e-7, 90.0, 1e15, np.inf])).tolist() == [0, 0, 1, 90_000_000, NEVER, NEVER]
    assert microseconds(2.5).tolist() == 2_500_000


def test_what_is_not_given_is_neutral():
    table = CallTable.of(arrived_us=[1, 2], talk_us=5)
    assert len(table) == 2
    assert table.talk_us.tolist() == [[5], [5]]
    assert table.queue.tolist() == [0, 0]
    assert table.ending.tolist() == [OFFERED] * 2
    assert table.patience_us.tolist() == [NEVER] * 2
    assert table.limit_us.tolist() == [NEVER] * 2
    assert table.intent.tolist() == [NONE] * 2
    assert table.menu_us.tolist() == [0, 0]
    assert table.u.shape == (2, 0)
    dtypes = {
        name: getattr(table, name).dtype.str[1:]
        for name in (
            "arrived_us",
            "intent",
            "language",
            "path",
            "menu_us",
            "key_presses",
            "ending",
            "queue",
            "patience_us",
            "talk_us",
            "acw_us",
            "limit_us",
            "limit_ending",
            "zero_out",
            "u",
        )
    }
    assert dtypes == {
        "arrived_us": "i8",
        "intent": "i2",
        "language": "i2",
        "path": "i4",
        "menu_us": "i8",
        "key_presses": "i2",
        "ending": "i1",
        "queue": "i2",
        "patience_us": "i8",
        "talk_us": "i8",
        "acw_us": "i8",
        "limit_us": "i8",
        "limit_ending": "i1",
        "zero_out": "b1",
        "u": "f8",
    }


def test_a_call_that_is_not_offered_has_no_queue():
    table = CallTable.of(arrived_us=[1, 2], ending=[outcome_code("contained"), OFFERED])
    assert table.queue.tolist() == [NONE, 0]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"arrived_us": [2, 1]}, "calls must be sorted by arrived_us"),
        ({"arrived_us": [-1, 1]}, "none may arrive before 0"),
        ({"patience": 3}, "a call table has no column patience; it has acw_us, "),
        ({"menu_us": [1, 2, 3]}, "column menu_us has 3 rows for 2 calls"),
        ({"talk_us": [1]}, "column talk_us has 1 row for 2 calls"),
        ({"u": np.zeros((3, 1))}, "column u has 3 rows for 2 calls"),
        ({"acw_us": [1, -1]}, "acw_us of call 1 is negative"),
        ({"talk_us": [[1, 1], [1, -1]]}, "talk_us of call 1 is negative"),
        ({"queue": 1}, "column queue has a code outside the 1 name given"),
        ({"intent": 0}, "column intent has a code outside the 0 names given"),
        ({"ending": 99}, "column ending has a code that is not an outcome"),
        ({"ending": [OFFERED, 0], "queue": 0}, "a call has a queue if and only if it is offered"),
        ({"talk_column": (0, 1)}, "talk_column must name columns 0 to 0 of talk_us"),
    ],
)
def test_impossible_calls_are_findings(columns, message):
    with pytest.raises(ScenarioError, match=message):
        CallTable.of(**({"arrived_us": [1, 2]} | columns))


def test_staff_by_levels():
    # Levels 2, 3, 1, 2: agent 0 throughout, agent 1 in intervals 0-1 and 3, agent 2 in interval 1; then the back group.
    staff = StaffTable.of_levels({"front": (2, 3, 1, 2), "back": (0, 0, 0, 1)}, interval_us=10)
    assert list(
        zip(*(getattr(staff, name).tolist() for name in ("agent", "group", "on_us", "off_us")), strict=True)
    ) == [
        (0, 0, 0, 40),
        (1, 0, 0, 20),
        (1, 0, 30, 40),
        (2, 0, 10, 20),
        (3, 1, 30, 40),
    ]
    assert staff.groups == ("front", "back")


def test_staff_by_shifts():
    staff = StaffTable.of_shifts([("front", 2, 0, 50), ("back", 0, 0, 9), ("front", 1, 20, 90)])
    assert list(
        zip(*(getattr(staff, name).tolist() for name in ("agent", "group", "on_us", "off_us")), strict=True)
    ) == [
        (0, 0, 0, 50),
        (1, 0, 0, 50),
        (2, 0, 20, 90),
    ]
    assert staff.groups == ("front", "back")


def test_no_staff():
    assert len(StaffTable.constant({"front": 0}, 0, 10).agent) == 0
    assert len(StaffTable.of_levels({"front": (0, 0)}, interval_us=10).agent) == 0


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (([0], [0], [10], [10]), "the shift of agent 0 ends no later than it begins"),
        (([0, 0], [0, 0], [0, 5], [6, 9]), "agent 0 has two shifts at the same time"),
        (([0], [1], [0], [1]), "a shift has a group outside the 1 named"),
        (([-1], [0], [0], [1]), "agent ids and on_us must be 0 or more"),
        (([0, 1], [0], [0], [1]), "the columns of a staff table must have equal length"),
    ],
)
def test_impossible_shifts_are_findings(rows, message):
    with pytest.raises(ScenarioError, match=message):
        StaffTable(*rows)
