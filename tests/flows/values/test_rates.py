"""Rates as people write them."""

from __future__ import annotations

import pytest

from flows.values.rates import per_hour_of


@pytest.mark.parametrize(
    ("text", "per_hour"),
    [("360", 360.0), (90, 90.0), ("360/h", 360.0), ("6 / min", 360.0), ("180/30m", 360.0), ("0.1/s", 360.0)],
)
def test_a_rate_is_so_many_in_a_time(text: object, per_hour: float) -> None:
    """6 a minute are 6 x 60, 180 in half an hour 2 x 180, 0.1 a second 0.1 x 3,600."""
    assert per_hour_of(text) == pytest.approx(per_hour, rel=1e-12)


@pytest.mark.parametrize("text", ["many", "6/0m", "6/fortnight", None])
def test_what_is_not_a_rate_is_told(text: object) -> None:
    with pytest.raises(ValueError, match="is not a rate; write 360 for so many an hour"):
        per_hour_of(text)
