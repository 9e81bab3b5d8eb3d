"""Estimates worked out by hand."""

import doctest
import math

import pytest

import simulation.experiment.estimates
from ivr.records.measures import sums
from simulation.experiment.estimates import Estimate, estimate, paired_difference, student_t
from tests.support.six_calls import six_calls


def test_estimates_by_hand():
    # Service level: replication 1 has 2 of 3, replication 2 has 1 of 3: ratio 3/6 = 0.5.
    # Deviations (N - 0.5 D) / average D = (2 - 1.5)/3 and (1 - 1.5)/3 = +-1/6; standard error
    # sqrt((2/36) / 1 / 2) = 1/6; t(0.95, 1) = 12.706.
    parts = [sums(six_calls()), sums(six_calls(waits_s=(50, 30, 4, 20)))]
    found = estimate(parts)
    assert student_t(0.95, 1) == pytest.approx(12.7062047, rel=1e-8)
    assert found["service_level"].mean == 0.5
    assert found["service_level"].half_width == pytest.approx(12.7062047 / 6, rel=1e-8)
    # ASA: 50/3 and 100/3, mean 25, deviations -+25/3
    assert found["asa_s"].half_width == pytest.approx(12.7062047 * 25 / 3, rel=1e-8)
    assert found["arrived"] == Estimate(6, 0)
    # longest waits 30 s and 50 s: 40 s on average, deviations -+10 s
    assert found["max_wait_s"] == Estimate(40, pytest.approx(12.7062047 * 10, rel=1e-8))
    assert estimate(parts, queue="tech")["asa_s"] == Estimate(20, 0)


@pytest.mark.parametrize(
    ("confidence", "degrees", "exact"),
    [
        # the columns of any table of Student's t; 1 and 2 degrees in closed form: tan(pi c / 2) and c sqrt(2 / (1 -
        # c^2))
        (0.95, 1, math.tan(0.475 * math.pi)),
        (0.95, 2, 0.95 * math.sqrt(2 / (1 - 0.95**2))),
        (0.95, 3, 3.182446305),
        (0.95, 9, 2.262157163),
        (0.99, 10, 3.169272673),
        (0.9, 30, 1.697260887),
        (0.95, 120, 1.979930405),
        (0.95, 10**9, 1.959963985),
    ],
)
def test_student_t(confidence, degrees, exact):
    assert student_t(confidence, degrees) == pytest.approx(exact, rel=1e-8)


@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.99])
def test_student_t_agrees_with_scipy_and_with_itself_where_the_methods_meet(confidence):
    from scipy.special import stdtrit

    for degrees in (1, 2, 3, 4, 5, 17, 50, 199, 200, 201, 202, 1000):
        assert student_t(confidence, degrees) == pytest.approx(stdtrit(degrees, (1 + confidence) / 2), rel=1e-8)


def test_one_replication_has_no_interval():
    assert estimate([sums(six_calls())])["service_level"] == Estimate(pytest.approx(2 / 3), None)


def test_a_count_has_the_usual_interval():
    # waits of the handled add up to 50, 100 and 150 s over 3 handled each: ASA is the plain mean of 50/3, 100/3
    # and 50, with standard deviation 50/3
    parts = [sums(six_calls(waits_s=(w, 30, 4, 20))) for w in (0, 50, 100)]
    found = estimate(parts, confidence=0.9)["asa_s"]
    assert found.mean == pytest.approx(100 / 3)
    assert found.half_width == pytest.approx(student_t(0.9, 2) * (50 / 3) / math.sqrt(3))


def test_paired_difference_by_hand():
    # ASA of call 0 later by 30 s in both replications: each has +30/3 = +10 s, so the pair varies not at all,
    # although the replications themselves differ.
    baseline = [sums(six_calls(waits_s=(w, 30, 4, 20))) for w in (0, 50)]
    later = [sums(six_calls(waits_s=(w + 30, 30, 4, 20))) for w in (0, 50)]
    difference = paired_difference(later, baseline)
    assert difference["asa_s"] == Estimate(pytest.approx(10), pytest.approx(0, abs=1e-12))
    assert estimate(later)["asa_s"].half_width > 100
    assert difference["arrived"] == Estimate(0, 0)
    # the longest wait is 30 -> 30 s and 50 -> 80 s: 0 and 30 s more, 15 on average
    assert difference["max_wait_s"] == Estimate(15, pytest.approx(student_t(0.95, 1) * 15))
    with pytest.raises(ValueError, match="cannot be paired"):
        paired_difference(later, baseline[:1])


def test_examples_in_the_docstrings():
    assert doctest.testmod(simulation.experiment.estimates).failed == 0
