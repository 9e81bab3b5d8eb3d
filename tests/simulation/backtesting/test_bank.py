"""Two weeks of an invented bank are fitted, the next two tested: the truth is known, and talk lengthens in between."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace

import numpy as np
import pytest

from simulation.backtesting.backtest import Backtest, backtest
from simulation.backtesting.own_days import check_own_days
from simulation.backtesting.verdict import verdict
from simulation.calibration.calibration import Calibration, calibrate, part
from simulation.calibration.scenario_data import ScenarioData, scenario_data
from simulation.calibration.yaml_text import yaml_text
from simulation.call_logs.log import CallLog
from simulation.call_logs.read import read_log
from simulation.loading.load import load_scenario
from simulation.scenario.loaded import LoadedScenario
from tests.support.bank_log import Bank, write_bank

DAY_US = 86_400 * 1_000_000
BANK = Bank(outages=(dt.date(1999, 1, 13),), drift={dt.date(1999, 1, 17): 1.15})


@dataclass(frozen=True)
class Tried:
    """What the tests look at."""

    log: CallLog
    fitted: Calibration
    data: ScenarioData
    loaded: LoadedScenario
    tested: Backtest


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Tried:
    folder = tmp_path_factory.mktemp("bank")
    log = read_log([write_bank(BANK, folder / "bank.txt")])
    assert isinstance(log, CallLog)
    fitted = calibrate(part(log, 0, 14 * DAY_US))
    data = scenario_data(fitted, name="A bank", flow_file="bank.yaml")
    assert data.flow is not None
    (folder / "bank.yaml").write_text(data.flow.text)
    (folder / "bank.scenario.yaml").write_text(yaml_text(data.data, data.notes))
    loaded = load_scenario(folder / "bank.scenario.yaml")
    test = part(log, 14 * DAY_US, 28 * DAY_US)
    return Tried(log, fitted, data, loaded, backtest(loaded, test, use=("talk",), replications=6))


def test_the_day_of_the_outage_is_left_out(bank: Tried) -> None:
    (left_out,) = bank.fitted.left_out
    assert left_out.date == dt.date(1999, 1, 13)
    assert left_out.why.startswith("no calls from 11:00 to the end of the day, where about ")


def test_the_weekend_is_friday_and_saturday(bank: Tried) -> None:
    """Fridays are open from 7 to 14, Saturdays from 20 to 24, in half hours."""
    expected = bank.fitted.arrivals.expected
    assert np.flatnonzero(expected[4]).tolist() == list(range(14, 28))
    assert np.flatnonzero(expected[5]).tolist() == list(range(40, 48))
    assert all({4, 5}.isdisjoint(group) or len(group) == 1 for group in bank.fitted.arrivals.groups)


def test_estimates_hold_the_truth(bank: Tried) -> None:
    pauses, head = bank.fitted.staff.pauses, bank.fitted.head_start
    assert pauses is not None
    assert pauses.share is not None
    assert pauses.after_work is not None
    # 8 s after every call, and 75 s more after a quarter; the part of a pause is a little of the work too
    assert pauses.share.value == pytest.approx(0.25, abs=0.02)
    assert pauses.after_work.value == pytest.approx(8.0, abs=1.0)
    assert pauses.mean.value == pytest.approx(8 + 0.25 * 75, rel=0.15)
    assert head is not None
    assert head.seconds == 90.0
    retries = bank.fitted.retries
    assert retries is not None
    assert retries.share.covers(0.1)
    patience = bank.fitted.patience
    assert patience is not None
    # 3 % leave within 6 s, and of the others 1 - exp(-5 / 420) by then
    assert patience.at_once.value == pytest.approx(0.03 * 5 / 6 + 0.97 * 5 / 420, abs=0.005)
    short = [bank.fitted.talk[name].short for name in ("PS", "NW", "NE")]
    assert all(found.covers(0.05) for found in short)


def test_the_scenario_says_where_its_values_come_from(bank: Tried) -> None:
    text = yaml_text(bank.data.data, bank.data.notes)
    lines = text.splitlines()
    for key in ("arrivals:", "intents:", "  PS: {talk", "patience:", "  agents:", "after_call_work:"):
        at = next(i for i, line in enumerate(lines) if line.startswith(key))
        assert lines[at - 1].strip().startswith("#"), key
    assert "Assumed; state your own target." in text


def test_the_days_it_was_made_from_come_out(bank: Tried) -> None:
    own = check_own_days(bank.fitted, bank.data, bank.loaded.document.file, bank.loaded.flow)
    # One run of these days is busier or idler by 0.5 (standard deviation of `excess`), and pauses that are a tenth
    # longer make it so by 0.5 too: two standard deviations are a fifth of the pauses.
    assert own.factor == pytest.approx(1.0, abs=0.2)
    said = own.simulated.whole
    assert said["abandonment"].mean == pytest.approx(own.real["abandonment"], abs=0.01)
    assert said["no_wait"].mean == pytest.approx(own.real["no_wait"], abs=0.03)
    assert said["wait_p95_s"].mean == pytest.approx(own.real["wait_p95_s"], rel=0.08)


def test_with_the_talk_of_the_test_days_it_is_as_near_as_it_must_be(bank: Tried) -> None:
    real, said = bank.tested.real.whole, bank.tested.chosen.whole
    assert abs(said["abandonment"].mean - real["abandonment"]) <= 0.02
    assert said["wait_p80_s"].mean == pytest.approx(real["wait_p80_s"], rel=0.15)
    assert said["wait_p95_s"].mean == pytest.approx(real["wait_p95_s"], rel=0.15)
    assert said["no_wait"].mean <= real["no_wait"] + 0.05


def test_the_verdict_names_talk(bank: Tried) -> None:
    said = " ".join(verdict(bank.tested))
    assert verdict(bank.tested)[0].startswith("The forecast misses: abandonment ")
    assert bank.tested.changes[0].name == "talk"
    assert re.search(r"Talk was 1[2-8] % longer than in the scenario", said), said  # 15 % longer, as drawn
    assert not all(one.fits for one in bank.tested.judged_forecast)


def test_all_inputs_of_the_test_days_together_give_these_days(bank: Tried) -> None:
    real, said = bank.tested.real.whole, bank.tested.all_own
    assert said["offered"].mean == real["offered"]  # the calls as they came
    assert said["abandonment"].mean == pytest.approx(real["abandonment"], abs=0.01)
    assert said["mean_wait_s"].mean == pytest.approx(real["mean_wait_s"], rel=0.03)


def test_a_log_without_names_of_agents_still_gives_a_scenario(bank: Tried) -> None:
    nameless = replace(bank.log, known=bank.log.known - {"agents"})
    found = calibrate(part(nameless, 0, 14 * DAY_US))
    named = bank.fitted.staff.on_duty[0][bank.fitted.kept].sum()
    assert found.staff.how == "waits"
    assert found.staff.on_duty[0][found.kept].sum() == pytest.approx(named, rel=0.2)
