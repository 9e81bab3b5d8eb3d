"""A target as people write it, and the same in words."""

from __future__ import annotations

import pytest

from flows.source.finding import UsageError
from simulation.staffing.target import Target, level_of


@pytest.mark.parametrize(
    ("text", "read"),
    [("80%/20s", (0.8, 20.0)), ("0.9/1m", (0.9, 60.0)), ("95% / 15", (0.95, 15.0)), ("100%", (1.0, None))],
)
def test_a_share_and_a_time(text: str, read: tuple[float, float | None]) -> None:
    assert level_of(text) == read


@pytest.mark.parametrize(
    ("text", "said"), [("80/20", "80"), ("0%/20s", "the share is 0"), ("80%/soon", "soon"), ("80%/25h", "90000 s")]
)
def test_what_is_not_a_target_is_said_with_an_example(text: str, said: str) -> None:
    with pytest.raises(UsageError) as refused:
        level_of(text)
    (finding,) = refused.value.findings
    assert (finding.code, said in finding.message) == ("X005", True), finding.message
    assert "80%/20s" in finding.hint


def test_a_promise_in_words() -> None:
    target = Target(level=0.8, threshold_s=20, per="interval", confidence=0.95, most_occupied=0.85)
    assert target.in_words() == "80 % within 20 s in every interval on 95 % of days, agents busy at most 85 %"
