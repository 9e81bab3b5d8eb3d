"""`ivr validate`: the table, its JSON, and exit code 1 when an engine is wrong."""

import json
import re
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

import simulation.engines.contract
from ivr.__main__ import main
from simulation.validation import SIZES

simulate = simulation.engines.contract.engine("reference").simulate
KEYS = [
    "model",
    "case",
    "quantity",
    "true",
    "decimals",
    "half_width",
    "source",
    "by",
    "found",
    "standard_error",
    "z",
    "passed",
    "fault",
]


@pytest.fixture
def run(capsys, monkeypatch):
    for name in SIZES:
        monkeypatch.setitem(SIZES, name, 0.2)

    def run_validate(*arguments):
        code = main(["validate", *arguments])
        return (code, *capsys.readouterr())

    return run_validate


@pytest.fixture
def slow_engine(monkeypatch):
    """Both engines talk a tenth longer than they should."""

    def slow(calls, *tables, **options):
        return simulate(replace(calls, talk_us=np.rint(calls.talk_us * 1.1).astype(np.int64)), *tables, **options)

    monkeypatch.setattr(simulation.engines.contract, "engine", lambda name: SimpleNamespace(simulate=slow))


def test_json(run):
    code, out, err = run("--engine", "reference", "--only", "erlang_c_staffing", "--json")
    found = json.loads(out)
    assert (code, err) == (0, "")
    assert list(found) == [
        "passed",
        "finished",
        "models",
        "engines",
        "seconds",
        "largest_z",
        "sum_of_squares",
        "z_scores",
        "targets",
    ]
    assert (found["passed"], found["engines"], found["z_scores"]) == (True, ["reference"], 3)
    assert [list(target) for target in found["targets"]] == [KEYS] * 9
    z = [target["z"] for target in found["targets"] if target["by"] == "reference"]
    assert found["sum_of_squares"] == pytest.approx(sum(x * x for x in z))
    assert abs(found["largest_z"]) == max(map(abs, z))
    # Formulas: the fewest agents and their service level, for each of three loads; no z-score.
    theory = [target for target in found["targets"] if target["by"] == "theory"]
    assert [round(target["found"], 8) for target in theory] == [14, 0.88835002, 24, 0.80888189, 176, 0.80283066]
    assert {(target["z"], target["standard_error"]) for target in theory} == {(None, None)}


def test_the_table_is_aligned_and_narrow(run):
    code, out, _ = run("--engine", "reference", "--only", "erlang_c_staffing")
    lines = out.splitlines()
    assert code == 0
    assert max(map(len, lines)) <= 96
    assert "Erlang C staffing: the fewest agents that answer 80 % within 20 s" in lines
    levels = [line for line in lines if line.startswith("    service level")]
    # True value, the formula's word, the engine's value and its z-score, the verdict: each ends in the same column.
    assert len({line.index("exact") for line in levels}) == 1
    assert [re.split(r" +", line.strip())[2:4] + line.split()[-1:] for line in levels] == [
        ["0.888350", "exact", "pass"],
        ["0.808882", "exact", "pass"],
        ["0.802831", "exact", "pass"],
    ]
    assert "6 targets of 1 model met." in lines


def test_a_wrong_engine_gives_exit_code_1(run, slow_engine):
    code, out, _ = run("--engine", "both", "--only", "telethon")
    assert code == 1
    failed = [line for line in out.splitlines() if line.endswith("FAIL")]
    assert any(line.startswith("    occupancy") for line in failed)
    assert re.search(r"^      reference: [\d.]+ standard errors off$", out, re.MULTILINE)
    assert re.search(r"^      kernel: [\d.]+ standard errors off$", out, re.MULTILINE)
    assert re.search(r"^\d+ of 12 comparisons FAILED \(6 targets of 1 model\)\.$", out, re.MULTILINE)


def test_a_wrong_engine_in_json(run, slow_engine):
    code, out, _ = run("--engine", "reference", "--only", "telethon", "--json")
    faults = {target["quantity"]: target["fault"] for target in json.loads(out)["targets"]}
    assert (code, faults["arrived, calls"]) == (1, "")
    assert faults["occupancy"].endswith("standard errors off")


def test_an_unknown_model_is_refused_with_the_nearest(run):
    code, _, err = run("--only", "erlang_d", "--only", "nothing at all")
    assert code == 2
    assert "X009 --only: there is no model 'erlang_d'" in err
    assert "models: bank, bilingual" in err
    assert run("--engine", "quick")[0] == 2


def test_without_numba_the_reference_engine_alone_is_checked(run, monkeypatch):
    monkeypatch.setattr("simulation.engines.contract.find_spec", lambda name: None)
    code, out, err = run("--only", "erlang_c_staffing", "--json")
    assert (code, err) == (
        0,
        "the reference engine alone is checked: the compiled one needs numba, which is not installed\n",
    )
    assert json.loads(out)["engines"] == ["reference"]
    code, _, err = run("--engine", "both", "--only", "erlang_c_staffing")
    assert (code, err.partition(";")[0]) == (2, "ivr validate needs numba for the compiled engine")
