"""The hand-worked cases of `ivr validate`: every measure, every place that prints it, and faults that must be
detected.

That both engines meet every value: ``test_reference_truth.py``.
"""

from dataclasses import replace
from importlib.util import find_spec

import numpy as np
import pytest

import ivr.records.count_records
import simulation.experiment.run
import simulation.experiment.runner
from ivr.records.definitions.cost_measures import COSTS
from ivr.records.files import read, write
from ivr.records.measures import MEASURES, QUANTILES, measures, sums
from simulation.engines.contract import ENGINES, engine
from simulation.loading.load import load_scenario
from simulation.validation import all_models, by_hand, validate
from simulation.validation.target import Sample, judge_sample
from simulation.validation.text import lines

WORKED = {name: model for name, model in all_models().items() if not hasattr(model, "simulated")}
TARGETS = [target for model in WORKED.values() for target in model.TARGETS]
HERE = [name for name in ENGINES if name == "reference" or find_spec("numba")]
PRICED = {measure.name for measure in COSTS}
"""Records do not hold prices."""
FILES = sorted(path.stem for path in by_hand.SCENARIOS.glob("*.yaml") if ".flow" not in path.name)


def place(target):
    return target.case.partition(", ")[2].split()[0].replace("all", "overall")


def test_every_measure_is_worked_out_wherever_it_is_printed():
    """`ivr simulate`, `compare` and `report` print the entries of MEASURES and QUANTILES, at the places named
    there.
    """
    printed = {(name, scope) for name, measure in MEASURES.items() for scope in measure.scopes}
    printed |= {(name, scope) for name in QUANTILES for scope in ("overall", "queue")}
    assert printed - {(target.quantity, place(target)) for target in TARGETS} == set()


def test_targets_name_scenarios_and_scenarios_have_targets():
    assert {target.case.partition(", ")[0] for target in TARGETS} == set(FILES)
    assert {place(target) for target in TARGETS} == {"overall", "queue", "group", "interval"}


@pytest.mark.parametrize("name", FILES)
def test_records_that_are_written_and_read_say_the_same(name, tmp_path):
    """What `ivr report` measures of them, overall and by queue."""
    certain = [
        target
        for target in TARGETS
        if target.case.partition(", ")[0] == name
        and not target.error_below
        and place(target) in ("overall", "queue")
        and target.quantity not in PRICED
    ]
    loaded = load_scenario(by_hand.SCENARIOS / f"{name}.yaml")
    write(simulation.experiment.run.simulate(loaded, engine="reference", keep_calls=True).records, tmp_path / "records")
    level = loaded.scenario.service_level
    part = sums(
        read(tmp_path / "records"),
        threshold_us=round(level.threshold * 1e6),
        callback_us=round(level.callback_within * 1e6),
        own_threshold_us={queue: round(s * 1e6) for queue, s in loaded.scenario.own_thresholds.items()},
    )
    for target in certain:
        where = target.case.partition(", ")[2].removeprefix("all calls").removeprefix("queue ")
        found = measures(part, queue=where or None)[target.quantity]
        assert found == pytest.approx(target.value, abs=1e-9), (target.case, target.quantity)


def missed(model, **engines):
    """Case and measure of each failure."""
    found = validate(engines or {"reference": engine("reference").simulate}, only=[model])
    return {(v.target.case, v.target.quantity) for v in found.verdicts if v.by != "theory" and not v.passed}


def test_a_visit_counted_as_a_caller_is_found_out(monkeypatch):
    """A full queue and an overflow then count two callers, and callers who are passed on stay the same."""
    true = ivr.records.count_records.offers
    monkeypatch.setattr(
        "ivr.records.count_records.offers", lambda visits, *, through_queues: true(visits, through_queues=False)
    )
    assert missed("visits") >= {("full, all calls", "offered"), ("full, all calls", "service_level")}
    assert ("transfer, all calls", "offered") not in missed("visits")
    assert missed("floor") >= {
        ("overflow, all calls", "offered"),
        ("told_patience, all calls", "mean_wait_of_abandoned_s"),
    }


def made_wrong(monkeypatch, **changes):
    """An engine that gets other tables than those of the scenario."""
    true = simulation.experiment.runner.engine_named

    class Wrong:
        def __init__(self, name):
            self.of = true(name)

        def run(self, calls, staff, routing, **options):
            return self.of.run(
                changes.get("calls", lambda x: x)(calls),
                changes.get("staff", lambda x: x)(staff),
                changes.get("routing", lambda x: x)(routing),
                **options,
            )

    monkeypatch.setattr(simulation.experiment.runner, "engine_named", Wrong)


@pytest.mark.parametrize("engine_name", HERE)
def test_agents_who_are_not_kept_back_are_found_out(monkeypatch, engine_name):
    made_wrong(monkeypatch, routing=lambda table: replace(table, keep_idle=tuple(0 for _ in table.keep_idle)))
    assert missed("floor", **{engine_name: None}) == {
        ("keep_idle, all calls", name) for name in ("service_level", "asa_s", "max_wait_s")
    }


def test_a_microsecond_is_found_out(monkeypatch):
    made_wrong(monkeypatch, calls=lambda calls: replace(calls, talk_us=calls.talk_us + (calls.talk_us > 0)))
    assert missed("visits") >= {
        ("full, all calls", "talk_s"),
        ("handed_over, all calls", "aht_s"),
        ("callback, all calls", "occupancy"),
    }


def test_shifts_by_time_that_passes_are_found_out(monkeypatch):
    """After the night on which clocks go back every shift then begins an hour early by the clock."""

    def passing(staff):
        return replace(staff, on_us=np.where(staff.on_us > 86_400_000_000, staff.on_us - 3_600_000_000, staff.on_us))

    made_wrong(monkeypatch, staff=passing)
    assert missed("clocks") >= {
        ("clocks_back, interval 33", "staffed_agents"),
        ("clocks_back, all calls", "staffed_agents"),
    }


def test_presses_that_are_not_counted_are_found_out(monkeypatch):
    true = simulation.experiment.runner.records_of

    def at_most_one(*tables, **options):
        records = true(*tables, **options)
        return replace(records, calls={**records.calls, "key_presses": np.minimum(records.calls["key_presses"], 1)})

    monkeypatch.setattr(simulation.experiment.runner, "records_of", at_most_one)
    assert missed("seconds") == {
        ("numbers, all calls", "key_presses"),
        ("menus, all calls", "key_presses"),
        ("dwell, all calls", "key_presses"),
    }


def test_what_is_certain_has_no_standard_error_to_hide_behind():
    target = by_hand.certain("full", "all calls", "", offered=4)[0]
    assert judge_sample("m", target, Sample(4.0, 0.0), by="e", size=1).passed
    off = judge_sample("m", target, Sample(4.000000001, 1.0), by="e", size=1)
    assert (off.passed, off.z, off.error) == (False, None, None)
    assert judge_sample("m", target, Sample(float("nan"), 0.0), by="e", size=1).fault == "there is no such value"


def test_the_table_has_a_heading_of_its_own_and_shows_how_each_value_follows():
    text = [
        line.text
        for line in lines(
            validate(
                {"reference": engine("reference").simulate}, only=["erlang_b", "seconds"], sizes={"reference": 0.2}
            )
        )
    ]
    heading = next(i for i, line in enumerate(text) if line.startswith("WORKED OUT BY HAND"))
    assert text.index(all_models()["erlang_b"].TITLE) < heading < text.index(all_models()["seconds"].TITLE)
    assert max(map(len, text)) <= 96
    row = next(line for line in text if line.startswith("    menu_s"))
    assert row.split() == ["menu_s", "33.6", "exact", "33.6"]
    assert text[text.index("  numbers, all calls") + 1].startswith(
        "    Ten digits: three words and nine further digits"
    )
