"""The engines against exact and published values, and engines made wrong on purpose, which must be detected.

The values, their sources and how figures are taken: ``simulation/validation/models``. Here the runs are shorter than
those of ``ivr validate``, and the bounds on the standard errors wider in proportion.
"""

from dataclasses import replace
from importlib.util import find_spec

import numpy as np
import pytest

from ivr.records.schema import NEVER
from simulation.engines.contract import ENGINES, engine
from simulation.validation import all_models, validate

SIZE = 0.4
HERE = [name for name in ENGINES if name == "reference" or find_spec("numba")]
FAST = engine(HERE[-1])


def faults(found):
    return [
        f"{v.model}, {v.target.case}, {v.target.quantity}, {v.by}: {v.found} for {v.target.value}: {v.fault}"
        for v in found.verdicts
        if v.fault
    ]


@pytest.mark.parametrize("name", HERE)
@pytest.mark.parametrize("model", all_models())
def test_what_is_known_to_be_true_is_found(model, name):
    assert faults(validate({name: engine(name).simulate}, only=[model], sizes={name: SIZE})) == []


def off(model, wrong_engine, *, size):
    """The values of a model that a wrong engine misses by too many standard errors (being vague does not count)."""
    found = validate({"wrong": wrong_engine}, only=[model], sizes={"wrong": size})
    return {v.target.quantity for v in found.verdicts if v.fault.endswith("standard errors off")}


def test_hanging_up_a_second_late_is_found_out():
    """Fewer hang up, so the others wait longer: by some seconds, and each second matters."""

    def late(calls, *tables, **options):
        patience_us = np.where(calls.patience_us < NEVER, calls.patience_us + 1_000_000, NEVER)
        return FAST.simulate(replace(calls, patience_us=patience_us), *tables, **options)

    assert "mean wait" in off("erlang_a", late, size=2)


def test_talk_one_percent_longer_is_found_out():
    def slow(calls, *tables, **options):
        talk_us = np.rint(calls.talk_us * 1.01).astype(np.int64)
        return FAST.simulate(replace(calls, talk_us=talk_us), *tables, **options)

    assert off("mmc", slow, size=SIZE) == {"occupancy"}


def test_answering_the_latest_caller_first_is_found_out():
    """Later callers are more urgent, within each hundred: the mean wait stays the same, but not its distribution."""

    def latest_first(calls, *tables, **options):
        urgent = replace(
            calls, urgency=(np.arange(calls.queue_visits) % 100).astype("i1"), urgencies=tuple(map(float, range(100)))
        )
        return FAST.simulate(urgent, *tables, **options)

    assert "handled within T" in off("menu_lines_agents", latest_first, size=SIZE)


def test_an_idle_agent_overlooked_is_found_out():
    def one_fewer(calls, staff, *tables, **options):
        kept = np.arange(len(staff.agent)) > 0
        columns = {
            name: getattr(staff, name)[kept]
            for name in ("agent", "group", "on_us", "off_us", "speed", "rest_us", "to_break")
        }
        return FAST.simulate(calls, replace(staff, **columns), *tables, **options)

    assert off("telethon", one_fewer, size=SIZE) >= {"abandoned, calls", "ASA, min"}
