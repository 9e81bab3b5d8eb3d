"""Numbers as people read them."""

from __future__ import annotations

import pytest

from flows.display.numbers import clock, duration, money


@pytest.mark.parametrize(
    ("amount", "half_width", "text"),
    [
        (16_426.4, None, "16,426"),
        (4.1, None, "4.10"),
        (0, None, "0"),
        (-3, None, "−3.00"),
        (0.0085, None, "0.0085"),
        (4.123, 0.0312, "4.12 ± 0.03"),
        (0.05, 0.00012, "0.0500 ± 0.0001"),
        (450, 0, "450"),
    ],
)
def test_money_has_hundredths_below_a_hundred(amount: float, half_width: float | None, text: str) -> None:
    assert money(amount, half_width) == text


def test_durations_have_everyday_units() -> None:
    assert [duration(s) for s in (59.4, 60, 72, 3_599.6, 7_300, -7_300)] == [
        "59.4 s",
        "1 min",
        "1 min 12 s",
        "1 h",
        "2 h 2 min",
        "−2 h 2 min",
    ]
    assert duration(90, 12) == "1 min 30 s ± 12 s"
    assert duration(7_300, 100) == "2 h 2 min ± 2 min"


def test_a_clock_goes_on_after_midnight() -> None:
    assert [clock(s) for s in (37_800, 90_000)] == ["10:30", "1:00 (+1 d)"]
