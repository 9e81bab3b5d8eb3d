"""`ivr simulate` and `ivr compare`: what scripts rely on, what people read, and the errors for wrong input."""

from __future__ import annotations

import json
from typing import NamedTuple

import pytest

from flows.model.load import LIBRARY
from ivr.__main__ import main
from tests.support.library import SHIPPED
from tests.support.small_scenarios import QUEUE_CALLED, QUEUE_ONLY, TWO_STEPS, TWO_STEPS_CALLED, write


class Result(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def run(capsys, monkeypatch, tmp_path):
    write(tmp_path, TWO_STEPS, TWO_STEPS_CALLED)
    monkeypatch.chdir(tmp_path)

    def run_ivr(*arguments: str) -> Result:
        code = main(list(arguments))
        return Result(code, *capsys.readouterr())

    return run_ivr


def test_json_goes_to_stdout_alone(run) -> None:
    result = run("simulate", "scenario.yaml", "--replications", "2", "--json")
    found = json.loads(result.out)
    assert (result.code, result.err) == (0, "")
    assert (found["engine"], found["replications"], found["scenario"]) == ("kernel", 2, "Two steps, called")
    assert set(found["measures"]["service_level"]) == {"mean", "half_width", "low", "high"}
    assert found["measures"]["menu_s"]["exact"] == pytest.approx(8.625)  # 0.25 x 3.1 + 0.5 x 8.4 + 0.25 x 14.6


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_scenario_runs(run, name: str) -> None:
    result = run("simulate", name, "--replications", "2")
    assert (result.code, result.err) == (0, "")
    for heading in (
        "By queue",
        "By agent group",
        "By interval",
        "How calls end",
        "Assumed without evidence from the field",
    ):
        assert f"\n{heading}\n" in result.out
    assert max(map(len, result.out.splitlines())) <= 80


@pytest.mark.parametrize(
    "name", sorted(path.name.removesuffix(".scenario.yaml") for path in LIBRARY.glob("*.scenario.yaml"))
)
def test_both_engines_give_the_same_figures_and_say_which_ran(run, name: str) -> None:
    reference, kernel = (
        json.loads(run("simulate", name, "--replications", "2", "--engine", engine, "--json").out)
        for engine in ("reference", "kernel")
    )
    assert (reference.pop("engine"), kernel.pop("engine")) == ("reference", "kernel")
    assert reference == kernel


def test_what_people_read(run) -> None:
    out = run("simulate", "scenario.yaml", "--replications", "3").out.splitlines()
    assert out[0] == "Two steps, called"
    assert out[1:3] == [
        "Tue 24 Nov 2026 08:00 to 10:00 · 3 replications · seed 1",
        "kernel engine · ± is the 95 % confidence interval, wide with so few replications",
    ]
    [menu] = [line.split() for line in out if line.startswith("  Time in the menu")]
    assert menu[4:6] == ["8.6", "s"]
    assert menu[-4:] == ["8.6", "s", "per", "call"]
    assert "  - callers who hung up or were blocked do not call again" in out


def test_exact_answers_of_single_queues_are_told(run) -> None:
    out = run(
        "simulate",
        "scenario.yaml",
        "--replications",
        "2",
        "--set",
        "horizon=20h",
        "--set",
        "interval=5h",
        "--set",
        "patience=never",
        "--set",
        "groups={all: {skills: [sales, phones], agents: 7}}",
        "--set",
        "routing={policy: single_queue, priority: {sales: 1}}",
    ).out
    # 30 and 60 calls an hour of 3 min on 7 agents: Erlang C of 4.5 erlangs is 0.21722. The first class waits
    # 0.21722 x 180 / 7 / (1 - 1.5 / 7) = 7.11 s, the second that divided by 1 - 4.5 / 7 too: 19.9 s.
    assert "Exact: M/M/n with 2 priorities" in out
    assert "  sales: mean wait 7.1 s, waited at all 21.7 %" in out
    assert "  phones: mean wait 19.9 s, waited at all 21.7 %" in out


def test_settings_engine_and_files(run, tmp_path) -> None:
    result = run(
        "simulate",
        "scenario.yaml",
        "--replications",
        "2",
        "--set",
        "lines=9",
        "--set",
        "routing=single_queue",
        "--engine",
        "reference",
        "--seed",
        "5",
        "--calls",
        "calls.parquet",
        "--report",
        "day.html",
        "--json",
    )
    assert (result.code, result.err.splitlines()) == (0, ["wrote calls.parquet", "wrote day.html"])
    assert json.loads(result.out)["seed"] == 5
    page = (tmp_path / "day.html").read_text(encoding="utf-8")
    assert "Two steps, called" in page
    assert "callers who hung up or were blocked do not call again" in page
    assert (tmp_path / "calls.parquet").read_bytes()[:4] == b"PAR1"


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["simulate", "nowhere.yaml"], 2, "nowhere.yaml: error Y002 no such file"),
        (["simulate", "scenaro.yaml"], 2, "did you mean scenario.yaml?"),
        (["simulate", "flow.yaml"], 1, "flow.yaml:2:1: error X001 this is a flow, not a scenario"),
        (["show", "scenario.yaml"], 1, "error X001 this is a scenario, not a flow"),
        (["optimise", "scenario.yaml"], 1, "= hint: name its flow: flow.yaml"),
        (["simulate", "day.calls"], 1, "day.calls:1:1: error X001 this is a file of call scripts, not a scenario"),
        (["show", "day.calls"], 1, "= hint: name a flow; 'ivr test' plays call scripts"),
        (["test", "flow.yaml"], 2, "flow.calls: error Y002 no such file\n  = hint: write it (see docs/calls.md)"),
        (
            ["simulate", "scenario.yaml", "--records", "flow.yaml"],
            2,
            "error X008 --records 'flow.yaml' is a file, not a folder",
        ),
        (
            ["simulate", "scenario.yaml", "--set", "groups.seler.agents=3"],
            1,
            "error X007 there is no 'groups.seler': no 'seler' in groups",
        ),
        (
            ["simulate", "scenario.yaml", "--set", "talk=soon"],
            1,
            "--set talk=soon: error F003 'soon' is not a distribution",
        ),
        (["simulate", "scenario.yaml", "--set", "lines"], 2, "error X007 'lines' sets nothing"),
        (["simulate", "scenario.yaml", "--workers", "0"], 2, "error X005 0 workers; there must be at least one"),
        (["simulate", "scenario.yaml", "--precision", "asa=1s"], 2, "error X005 there is no measure 'asa'"),
        (
            ["simulate", "scenario.yaml", "--precision", "asa_s"],
            2,
            "error X005 --precision: 'asa_s' is not of the form MEASURE=HALF_WIDTH",
        ),
        (
            ["simulate", "scenario.yaml", "--precision", "asa_s=0"],
            2,
            "error X005 --precision: a half-width of '0' cannot be reached",
        ),
        (["simulate", "scenario.yaml", "--time-budget", "soon"], 2, "error X005 --time-budget: 'soon'"),
        (["simulate", "scenario.yaml", "--engine", "warp"], 2, "warp"),
        (["simulate", "scenario.yaml", "--replications", "0"], 2, "error X005 0 replications; run from 1 to 100,000"),
        (["compare", "scenario.yaml", "--replications", "0"], 2, "error X005 0 replications; run from 1 to 100,000"),
        (["simulate", "scenario.yaml", "--replications", "-2"], 2, "error X005 -2 replications; run from 1 to 100,000"),
        (["simulate", "scenario.yaml", "--replications", "many"], 2, "many"),
        (["simulate", "scenario.yaml", "--speed", "9"], 2, "--speed"),
        (
            ["simulate", "scenario.yaml", "--calls", "calls.xls"],
            2,
            "error X008 --calls 'calls.xls' does not end in .csv or .parquet",
        ),
        (
            ["simulate", "scenario.yaml", "--report", "no/such/day.html"],
            2,
            "error X008 --report: there is no folder 'no/such'",
        ),
        (["compare"], 2, "SCENARIO"),
        (["compare", "scenario.yaml", "nowhere.yaml"], 2, "nowhere.yaml: error Y002 no such file"),
        (
            ["compare", "scenario.yaml", "--set", "a: lines=3", "--set", "a: lines=4"],
            2,
            "error X007 scenarios are named scenario, a, a",
        ),
        (["compare", "scenario.yaml", "--set", "lean: staff=3"], 1, "--set staff=3: error F001 unknown key 'staff'"),
    ],
)
def test_wrong_input_is_one_finding_and_an_exit_code(run, tmp_path, arguments: list[str], code: int, told: str) -> None:
    (tmp_path / "day.calls").write_text("call: one\ncall: two\n", "utf-8")
    result = run(*arguments)
    assert result.code == code
    assert result.out == ""
    assert told in result.err
    assert "Traceback" not in result.err


def test_a_broken_scenario_shows_the_place(run, tmp_path) -> None:
    (tmp_path / "scenario.yaml").write_text(
        TWO_STEPS_CALLED.replace("goal: sales_queue", "goal: sales_queu"), encoding="utf-8"
    )
    result = run("simulate", "scenario.yaml")
    assert result.code == 1
    assert result.err.splitlines() == [
        "scenario.yaml:9:28: error X001 there is no node 'sales_queu'",
        "  9 |   buy: {share: 0.25, goal: sales_queu}",
        "    |                            ^^^^^^^^^^",
        "    = hint: did you mean 'sales_queue'?",
    ]


def test_variants_of_one_scenario(run, tmp_path) -> None:
    result = run(
        "compare",
        "scenario.yaml",
        "--replications",
        "4",
        "--set",
        "more: groups.helpers.agents=7; lines=50",
        "--set",
        "routing=single_queue",
        "--report",
        "plans.html",
    )
    assert (result.code, result.err) == (0, "wrote plans.html\n")
    assert "3 scenarios on the same callers: Two steps, called" in result.out
    assert "Differences from scenario, paired by replication" in result.out
    assert "    identical in every measure" not in result.out.split("  more\n")[1].split("\n\n")[0]
    assert "more" in (tmp_path / "plans.html").read_text(encoding="utf-8")
    assert max(map(len, result.out.splitlines())) <= 80


def test_several_scenarios(run, tmp_path) -> None:
    (tmp_path / "queue.yaml").write_text(QUEUE_ONLY, encoding="utf-8")
    (tmp_path / "straight.yaml").write_text(QUEUE_CALLED.replace("flow.yaml", "queue.yaml"), encoding="utf-8")
    (tmp_path / "shorter.scenario.yaml").write_text(QUEUE_CALLED.replace("flow.yaml", "queue.yaml"), encoding="utf-8")
    result = run(
        "compare", "straight.yaml", "shorter.scenario.yaml", "--replications", "2", "--set", "lines=40", "--json"
    )
    found = json.loads(result.out)
    assert (result.code, found["baseline"], list(found["differences"])) == (0, "straight", ["shorter"])
    assert found["differences"]["shorter"]["asa_s"] == {
        "mean": 0.0,
        "half_width": 0.0,
        "low": 0.0,
        "high": 0.0,
        "verdict": "no clear difference",
    }


def test_ctrl_c_is_clean(run, monkeypatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("simulation.experiment.runner.Runner.found", interrupted)
    result = run("simulate", "scenario.yaml")
    assert (result.code, result.out, result.err.strip()) == (130, "", "interrupted")


def test_intervals_begin_after_the_warm_up_and_the_report_says_how_the_run_went(run, tmp_path) -> None:
    out = run(
        "simulate",
        "scenario.yaml",
        "--replications",
        "2",
        "--engine",
        "reference",
        "--set",
        "warm_up=20m",
        "--set",
        "service_level.target=80%",
        "--report",
        "day.html",
    ).out
    labels = [line.split()[0] for line in out.split("By interval\n")[1].split("\n\n")[0].splitlines()[1:]]
    assert labels == ["08:20", "08:50", "09:20", "09:50"]  # 100 of 120 minutes in half hours; the last has ten
    page = (tmp_path / "day.html").read_text(encoding="utf-8").replace("\u00a0", " ").replace("\u202f", " ")
    assert "the first 20 min, simulated but not counted" in page
    assert "Target met" in page
