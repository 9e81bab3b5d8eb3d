"""No interval leaves what its measure can be: in texts, tables, pages and JSON, also with two uneven days."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ivr.__main__ import main
from ivr.records.measures import MEASURES
from simulation.experiment.estimates import Estimate
from tests.support.small_scenarios import QUEUE_CALLED, QUEUE_ONLY

_MARKUP = re.compile(r"<[^>]+>")
_SHARE = re.compile(r"(?<![+−\d.])([\d.]+) % ± ([\d.]+)")
_DIFFERENCE = re.compile(r"([+−][\d.]+) pp ± ([\d.]+)")


@pytest.fixture
def day(tmp_path: Path) -> str:
    """Days that differ by a factor of two, so that with two of them Student's t (12.7) leads far beyond 0 and 100 %."""
    (tmp_path / "flow.yaml").write_text(QUEUE_ONLY)
    text = QUEUE_CALLED.replace("per_hour: 100", "per_hour: 100, busyness: {gamma: 2}")
    (tmp_path / "scenario.yaml").write_text(text + "patience: {exponential: 2m}\nservice_level: {target: 80%}\n")
    return str(tmp_path / "scenario.yaml")


def _estimates(data: object) -> Iterator[tuple[str, dict[str, float]]]:
    if isinstance(data, dict):
        for name, value in data.items():
            if isinstance(value, dict) and "half_width" in value:
                yield name, value
            else:
                yield from _estimates(value)
    elif isinstance(data, list):
        for value in data:
            yield from _estimates(value)


def test_of_two_days_in_text_page_and_json(day: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.html"
    shown, beyond = "", 0
    for command in (
        ["simulate", day],
        ["compare", day, "--set", "fewer: groups.agents.agents=3", "--set", "more: groups.agents.agents=20"],
    ):
        assert main([*command, "--replications", "2", "--report", str(page)]) == 0
        shown += capsys.readouterr().out + _MARKUP.sub("", page.read_text("utf-8"))
        assert main([*command, "--replications", "2", "--json"]) == 0
        found = json.loads(capsys.readouterr().out)
        differences = found.pop("differences", {})
        for name, value in _estimates(found):
            most = 1 if name in MEASURES and MEASURES[name].unit == "share" else float("inf")
            if value["half_width"] is None:  # a quantile whose interval extends beyond all waits
                continue
            assert 0 <= value["low"] <= value["mean"] + 1e-12, name
            assert value["mean"] - 1e-12 <= value["high"] <= most, name
            beyond += most == 1 and value["mean"] + value["half_width"] > 1
        for name, value in _estimates(differences):
            if value["half_width"] is not None and MEASURES.get(name) and MEASURES[name].unit == "share":
                assert -1 <= value["low"] <= value["high"] <= 1, name
    assert beyond > 0  # the days do differ enough
    shares = [tuple(map(float, pair)) for pair in _SHARE.findall(shown)]
    assert [pair for pair in shares if pair[0] - pair[1] < -0.05 or pair[0] + pair[1] > 100.05] == []
    differences = [(float(mean.replace("−", "-")), float(half)) for mean, half in _DIFFERENCE.findall(shown)]
    assert [pair for pair in differences if abs(pair[0]) + pair[1] > 100.05] == []
    assert re.search(r"\d % \(0 % to (\d\d|100) %\)", shown)
    assert "confidence interval, wide with so few replications" in shown


def test_the_ends_of_an_estimate() -> None:
    """A share of 3 % with a half-width of 5 points: logit ln(0.03/0.97) = -3.4761, half-width 0.05/(0.03 x 0.97) =
    1.7182; the ends are 1/(1+e^5.1943) = 0.00552 and 1/(1+e^1.7579) = 0.14705.
    """
    share = Estimate(0.03, 0.05, least=0.0, most=1.0)
    assert (share.low, share.high) == (pytest.approx(0.00552, abs=5e-6), pytest.approx(0.14705, abs=6e-6))
    wait = Estimate(6.0, 43.0, least=0.0)
    assert (wait.low, wait.high) == (0.0, 49.0)
    change = Estimate(-0.5, 0.75, least=-1.0, most=1.0)
    assert (change.low, change.high) == (-1.0, 0.25)
    assert Estimate(0.5).low is Estimate(0.5).high is None
