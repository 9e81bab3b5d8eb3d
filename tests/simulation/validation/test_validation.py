"""The validation itself: every model has targets and sources, and its statistics are right on cases worked out by
hand.
"""

import math

import numpy as np
import pytest

from simulation.sampling.streams import Streams
from simulation.validation import Sample, Target, all_models, validate
from simulation.validation.long_runs import UNIT_US, Batches, LongRun, controlled_mean
from simulation.validation.single_days import Days
from simulation.validation.target import decimals_of, judge_sample

MODELS = all_models()
WORKED = [
    "agents",
    "blend",
    "callers",
    "chats",
    "clocks",
    "conferences",
    "costs",
    "draws",
    "floor",
    "seconds",
    "visits",
]


def test_the_family_is_whole():
    assert list(MODELS) == [
        "bank",
        "bilingual",
        "call_blending",
        "call_cc",
        "chatting",
        "erlang_a",
        "erlang_b",
        "erlang_c",
        "erlang_c_staffing",
        "menu_lines_agents",
        "mmc",
        "mmc_abandonment",
        "n_model",
        "patience_general",
        "priorities",
        "retrials",
        "simple_msk",
        "telethon",
        "time_varying",
        *WORKED,
    ]


@pytest.mark.parametrize("name", MODELS)
def test_a_model_states_what_is_true_and_who_found_it(name):
    model = MODELS[name]
    assert model.TITLE
    assert len(model.TARGETS) > 1
    assert len({target.key for target in model.TARGETS}) == len(model.TARGETS)
    theory = model.theory() if hasattr(model, "theory") else {}
    for target in model.TARGETS:
        assert len(target.source) > 15
        assert target.error_below is not None or target.key in theory, "a target that nothing is held against"
        # A test that cannot distinguish the value from one a tenth larger, or from 0.12 of a share, is useless.
        assert target.error_below is None or target.error_below < max(0.03, 0.15 * target.value)
    assert set(theory) <= {target.key for target in model.TARGETS}


def test_formulas_give_every_known_digit():
    found = validate({})
    assert [v.fault for v in found.verdicts if v.fault] == []
    # Call blending 10; chats 12; Erlang B 6, C 5, staffing 6, A 11, M/M/n+G 12, menu 15, priorities 3, time-varying 4.
    # And the chain of the menus, in addition to the hand-worked values: seconds and presses 2 each of numbers, menus,
    # everything, silence, dwell, entered; seconds of stated 1, presses 1; containment, seconds and presses of split and
    # told_no 6; of zero containment, hung up, 0, seconds and presses 5.
    assert len(found.verdicts) == 10 + 12 + 62 + 12 + 2 + 6 + 5


def target(**changed):
    return Target(
        **{"case": "", "quantity": "", "value": 0.5, "decimals": 9, "source": "", "error_below": 0.01, **changed}
    )


def test_z_scores_count_the_uncertainty_of_the_truth():
    # Half-width 1.96 x 0.003, standard error 0.004: together 0.005; the simulation is 0.01 above.
    assert judge_sample("m", target(half_width=1.96 * 0.003), Sample(0.51, 0.004), by="e", size=1).z == pytest.approx(2)
    # Rounded to one decimal, a value is uniform over 0.1: standard deviation 0.1 / sqrt(12).
    assert target(decimals=1).uncertainty == pytest.approx(0.1 / math.sqrt(12))


def test_the_limit_is_four_and_a_vague_value_fails():
    assert judge_sample("m", target(), Sample(0.5399, 0.01), by="e", size=1).passed
    assert judge_sample("m", target(), Sample(0.5401, 0.01), by="e", size=1).fault == "4.0 standard errors off"
    assert judge_sample("m", target(), Sample(0.46, 0.0099), by="e", size=1).z == pytest.approx(-0.04 / 0.0099)
    # Four times as long: half the standard error is allowed.
    assert (
        judge_sample("m", target(), Sample(0.5, 0.0051), by="e", size=4).fault
        == "standard error 0.0051 is above 0.005: too vague to tell"
    )
    assert not judge_sample("m", target(), Sample(math.nan, math.nan), by="e", size=1).passed


@pytest.mark.parametrize(
    ("value", "significant", "decimals"),
    [(0.214582343107, 12, 12), (0.0183845703366, 12, 13), (14.0, 2, 0), (1.5, 4, 3)],
)
def test_decimals_of_significant_digits(value, significant, decimals):
    assert decimals_of(value, significant) == decimals


def test_a_control_variate_takes_out_what_it_explains():
    # 5 + 2 control, and 0.1, -0.1, 0, 0 besides, orthogonal to it: mean 5; residuals 0.02 over 4 - 2, over 4: 0.0025.
    control = np.array([1.0, 1.0, -1.0, -1.0])
    found = controlled_mean(5 + 2 * control + [0.1, -0.1, 0, 0], control[:, None])
    assert (found.mean, found.error) == (pytest.approx(5), pytest.approx(math.sqrt(0.0025)))


def test_batches_leave_out_the_warm_up_and_count_where_it_happens():
    run = LongRun(units=9, streams=Streams(seed=1), warm_up=1, batches=4)
    # Batches of two units from 1 on. Two arrivals per batch, one per unit; those before 1 and after 9 are left out.
    arrived = np.array([0.5, 1, 2, 3, 4, 5, 6, 7, 8, 9.5]) * UNIT_US
    batches = Batches(run, arrived, 1.0)
    assert batches.units == 2
    assert batches.sums(np.ones(10), arrived).tolist() == [2, 2, 2, 2]
    assert batches.controls.tolist() == [[0.0]] * 4


def test_time_averages_and_ratios_over_batches():
    run = LongRun(units=9, streams=Streams(seed=1), warm_up=1, batches=4)
    arrived = np.array([1, 1.5, 2, 3, 5, 5.5, 7, 8]) * UNIT_US  # 3, 1, 2, 2 in batches: 1 expected to each unit
    batches = Batches(run, arrived, 1.0)
    assert batches.controls.ravel().tolist() == [0.5, -0.5, 0, 0]
    # Open from 0 to 6 and from 8 on: 2, 2, 1 and 1 of the batches' two units. Regression on the controls has slope
    # (1 - 1) / ... = 0, so the mean is 6 / 8, over a capacity of 3: 0.25.
    open_, close = np.array([0.0, 8.0]) * UNIT_US, np.array([6.0, 99.0]) * UNIT_US
    assert batches.time_average(open_, close, 3).mean == pytest.approx(0.25)
    # 4 of 8: half. What is left by batch, ((1, 1, 0, 2) - half of (3, 1, 2, 2)) / 2, has mean 0; its regression on
    # the controls has slope -0.5 and leaves 0, 0, -0.5 and 0.5: 0.5 over 4 - 2, over 4.
    found = batches.mean(np.array([1, 0, 0, 1, 0, 0, 1, 1]), arrived)
    assert (found.mean, found.error) == (pytest.approx(0.5), pytest.approx(0.25))


def test_stratified_days_are_paired_with_the_next_busier():
    days = Days([{"lost": x} for x in (1, 7, 3, 5)], stratified_by=np.array([0.1, 0.9, 0.3, 0.6]))
    # By busyness 1 3 | 5 7: differences 2 and 2, so sqrt(4 + 4) / 4 days.
    assert days.ratio("lost") == Sample(4.0, math.sqrt(8) / 4)
