"""Comparisons: the same callers, paired differences, and words that do not claim too much."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from flows.source.finding import UsageError
from ivr.records.measures import measures
from simulation.experiment.compare import compare
from simulation.experiment.estimates import Estimate
from simulation.experiment.run import simulate
from simulation.experiment.verdict import verdict
from simulation.loading.load import load_scenario
from tests.support.small_scenarios import TWO_STEPS, TWO_STEPS_CALLED, two_steps, write


def of(tmp_path, **variants: str):
    return [
        ("base", two_steps(tmp_path)),
        *((name, two_steps(tmp_path, *settings.split("; "))) for name, settings in variants.items()),
    ]


def test_differences_are_paired_replication_by_replication(tmp_path) -> None:
    found = compare(of(tmp_path, more="groups.helpers.agents=6"), replications=6)
    base, more = (result.parts for result in found.results.values())
    # Equal denominators (offered) replication by replication: the mean difference is the difference of the pooled
    # means.
    assert all(a.column("offered") == b.column("offered") for a, b in zip(base, more, strict=True))
    each = np.array([measures(b)["handled"] - measures(a)["handled"] for a, b in zip(base, more, strict=True)])
    difference = found.differences["more"]["handled"]
    assert difference.mean == pytest.approx(each.mean())
    # Student's t with 5 degrees of freedom, two-sided 95 %: 2.5706
    assert difference.half_width == pytest.approx(2.570582 * each.std(ddof=1) / np.sqrt(6), rel=1e-6)


def test_pairing_narrows_the_interval(tmp_path) -> None:
    found = compare(of(tmp_path, more="groups.helpers.agents=6"), replications=8)
    base, more = (result.measures["asa_s"] for result in found.results.values())
    assert found.differences["more"]["asa_s"].half_width < np.hypot(base.half_width, more.half_width)


def test_what_does_not_touch_the_callers_meets_the_very_same(tmp_path) -> None:
    found = compare(of(tmp_path, lines="lines=30", same="routing=longest_wait"), replications=3)
    assert found.same_callers
    assert found.differences["same"]["asa_s"] == Estimate(0.0, 0.0)
    assert compare(of(tmp_path, brave="patience={exponential: 5m}"), replications=1).same_callers is False


def test_the_same_callers_meet_other_groups(tmp_path: Path) -> None:
    """Two specialist groups or one pool: nobody calls, wants or talks otherwise. Groups that talk otherwise are another
    matter.
    """
    pool = "groups={all: {skills: [sales, phones], agents: 7}}"
    loaded = [two_steps(tmp_path), two_steps(tmp_path, pool)]
    one, other = (simulate(each, replications=2, keep_calls=True).records.calls for each in loaded)
    for column in ("arrived_us", "intent", "path", "menu_us"):
        assert np.array_equal(one[column], other[column])
    assert compare(of(tmp_path, pool=pool), replications=2).same_callers
    slow = "groups={all: {skills: [sales, phones], agents: 7, talk: {exponential: 5m}}}"
    assert not compare(of(tmp_path, slow=slow), replications=2).same_callers


def test_another_flow_means_other_callers(tmp_path) -> None:
    (tmp_path / "other").mkdir()
    longer = TWO_STEPS.replace("label: sales,", "label: sales and much else besides,")
    other = load_scenario(write(tmp_path / "other", longer, TWO_STEPS_CALLED))
    found = compare([("base", two_steps(tmp_path)), ("longer", other)], replications=2)
    assert found.same_callers is False
    assert found.differences["longer"]["menu_s"].mean > 0
    assert found.differences["longer"]["arrived"] == Estimate(0.0, 0.0)


def test_other_callers_are_still_drawn_alike(tmp_path) -> None:
    found = compare(of(tmp_path, brave="patience={exponential: 5m}"), replications=3)
    for name in ("arrived", "offered", "menu_s"):  # what does not depend on patience does not change at all
        assert found.differences["brave"][name] == Estimate(0.0, 0.0)
    assert found.differences["brave"]["abandonment"].mean < 0


@pytest.mark.parametrize(
    ("name", "mean", "half_width", "words"),
    [
        ("service_level", 0.05, 0.01, "better"),
        ("service_level", -0.05, 0.01, "worse"),
        ("asa_s", -5.0, 1.0, "better"),
        ("occupancy", 0.05, 0.01, "higher"),
        ("occupancy", -0.05, 0.01, "lower"),
        ("asa_s", 0.5, 1.0, "no clear difference"),
        ("asa_s", 1.0, 1.0, "no clear difference"),
        ("asa_s", -5.0, None, "cannot tell"),
        ("wait_p95_s", -5.0, 1.0, "better"),
    ],
)
def test_words(name: str, mean: float, half_width: float | None, words: str) -> None:
    assert verdict(name, Estimate(mean, half_width)) == words


def test_names_must_differ(tmp_path) -> None:
    with pytest.raises(UsageError):
        compare([("a", two_steps(tmp_path)), ("a", two_steps(tmp_path))])
    with pytest.raises(UsageError):
        compare([])


def test_json(tmp_path) -> None:
    found = compare(of(tmp_path, more="groups.helpers.agents=6"), replications=2).as_dict()
    assert (found["baseline"], found["same_callers"], list(found["scenarios"]), list(found["differences"])) == (
        "base",
        True,
        ["base", "more"],
        ["more"],
    )
    assert set(found["differences"]["more"]["asa_s"]) == {"mean", "half_width", "low", "high", "verdict"}
    assert found["scenarios"]["more"]["engine"] == "kernel"
