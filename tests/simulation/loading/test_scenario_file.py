"""The scenario file: what it may say, and the error for each wrong input, with line and column."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from flows.model.load import load
from flows.source.finding import IvrError, ScenarioError, UsageError
from ivr.answering.routing import queue_specs
from simulation.loading.load import load_scenario
from simulation.sampling.distributions import (
    Constant,
    Exponential,
    Gamma,
    Hyperexponential,
    Lognormal,
    Mixture,
    Triangular,
    Uniform,
    WithZero,
)
from simulation.scenario.field_types import distribution
from simulation.scenario.routing import routing_table, starts_at
from simulation.workload.build_staff_table import build_staff_table
from tests.support.library import SHIPPED
from tests.support.small_scenarios import (
    QUEUE_CALLED,
    QUEUE_ONLY,
    TWO_STEPS,
    TWO_STEPS_CALLED,
    one_queue,
    two_steps,
    write,
)
from tests.support.wrong_scenarios import WRONG


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_flow_has_a_scenario(name: str) -> None:
    loaded = load_scenario(name)
    assert loaded.flow.name
    assert loaded.scenario.flow == name
    assert routing_table(loaded.scenario, loaded.flow).unserved_queues() == ()


@pytest.mark.parametrize(
    ("written", "made"),
    [
        ({"exponential": "3m"}, Exponential(180.0)),
        ({"constant": "30s"}, Constant(30.0)),
        ({"lognormal": {"mean": "4m", "cv": "0.5"}}, Lognormal(240.0, 0.5)),
        ({"lognormal": {"mean": "4m", "sd": "2m"}}, Lognormal(240.0, 0.5)),
        ({"gamma": {"mean": "1m", "alpha": "4"}}, Gamma(60.0, 4.0)),
        ({"gamma": {"mean": "1m", "cv": "0.5"}}, Gamma(60.0, 4.0)),  # alpha = 1 / cv^2
        ({"uniform": {"low": "0", "high": "2m"}}, Uniform(0.0, 120.0)),
        (
            {"mix": [{"share": "0.25", "exponential": "1m"}, {"share": "0.75", "exponential": "5m"}]},
            Hyperexponential((60.0, 300.0), (0.25, 0.75)),
        ),
        (
            {"mix": [{"share": "0.9", "exponential": "1000s"}, {"share": "0.1", "constant": "0"}]},
            WithZero(0.1, Exponential(1000.0)),
        ),
        ({"triangular": {"low": "30s", "mode": "1m", "high": "5m"}}, Triangular(30.0, 60.0, 300.0)),
        (
            {"mixture": [{"share": "25%", "constant": "1m"}, {"share": "75%", "uniform": {"low": "0", "high": "5m"}}]},
            Mixture((Constant(60.0), Uniform(0.0, 300.0)), (0.25, 0.75)),
        ),
        (
            {
                "mix": [
                    {"share": "0.5", "mix": [{"share": "0.5", "constant": "0"}, {"share": "0.5", "constant": "8"}]},
                    {"share": "0.5", "exponential": "1m"},
                ]
            },
            Mixture((WithZero(0.5, Constant(8.0)), Exponential(60.0)), (0.5, 0.5)),
        ),
    ],
)
def test_how_distributions_are_spelled(written: dict, made: object) -> None:
    assert distribution(written) == made


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("4m", "'4m' is not a distribution; write one like {exponential: 3m} or {lognormal: {mean: 4m, cv: 0.8}}"),
        ({"exponentail": "3m"}, "'exponentail' is not a distribution; did you mean exponential?"),
        ({"lognormal": "4m"}, "lognormal needs mean and cv; write {lognormal: {mean: ..., cv: ...}}"),
        ({"lognormal": {"mean": "4m"}}, "lognormal lacks cv; write {lognormal: {mean: ..., cv: ...}}"),
        ({"lognormal": {"maen": "4m", "cv": "1"}}, "lognormal has no 'maen'; did you mean 'mean'?"),
        ({"uniform": {"low": "1m", "cv": "1"}}, "uniform has no 'cv'; it has high, low"),
        ({"exponential": "0s"}, "exponential: mean is 0.0; it must be a number above 0"),
        ({"exponential": "-3m"}, "'-3m' is not a duration; write 30s, 15m or 1h"),
        (
            {"mix": [{"share": "0.5", "exponential": "1m"}, {"share": "0.6", "exponential": "5m"}]},
            "the shares of the mix sum to 1.1; they must sum to 1",
        ),
        (
            {"mixture": [{"share": "1", "exponential": "1m", "constant": "5m"}]},
            "a mix is a list of distributions with their shares;"
            " write for example [{share: 0.1, constant: 0}, {share: 0.9, exponential: 5m}]",
        ),
        (
            {"triangular": {"low": "1m", "mode": "2m", "high": "90s"}},
            "triangular: high is 90.0; it must be at least mode (120.0)",
        ),
    ],
)
def test_what_a_wrong_distribution_is_told(written: object, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        distribution(written)


@pytest.mark.parametrize(
    ("old", "new", "code", "line", "column", "message", "hint"), WRONG, ids=[w[1][:40] for w in WRONG]
)
def test_each_wrong_input_is_one_finding_with_its_place(
    tmp_path,
    old: str,
    new: str,
    code: str,
    line: int,
    column: int,
    message: str,
    hint: str,
) -> None:
    assert old in TWO_STEPS_CALLED
    path = write(tmp_path, TWO_STEPS, TWO_STEPS_CALLED.replace(old, new, 1))
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    [finding] = caught.value.findings
    assert (finding.code, finding.line, finding.column, finding.message) == (code, line, column, message)
    assert finding.hint == (f"the path is relative to {path}" if hint is None else hint)
    assert finding.file == str(path)


def test_a_missing_scenario_is_one_finding(tmp_path) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_scenario(tmp_path / "nowhere.yaml")
    assert [(f.code, f.message) for f in caught.value.findings] == [("Y002", "no such file")]


def test_a_flow_is_no_scenario(tmp_path) -> None:
    path = write(tmp_path, TWO_STEPS, QUEUE_ONLY)
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    assert [(f.code, f.line, f.message) for f in caught.value.findings] == [
        ("X001", 2, "this is a flow, not a scenario")
    ]


def test_a_file_of_another_kind_names_the_one_beside_it(tmp_path) -> None:
    flow, scenario, script = (tmp_path / f"desk{ending}" for ending in (".yaml", ".scenario.yaml", ".calls"))
    flow.write_text(QUEUE_ONLY, "utf-8")
    scenario.write_text("name: Desk\nflow: desk.yaml\nhorizon: 1h\n", "utf-8")
    script.write_text("call: one\n  ends handled\n\ncall: two\n  ends handled\n", "utf-8")

    def hint(read, path) -> str:
        with pytest.raises(IvrError) as caught:
            read(path)
        return [f.hint for f in caught.value.findings][-1]

    assert hint(load_scenario, flow) == f"name its scenario: {scenario}"
    assert hint(load, scenario) == f"name its flow: {flow}"
    assert hint(load, script) == f"name {flow}"
    assert hint(load_scenario, script) == f"name {scenario}"


def test_settings_change_the_document_before_it_is_checked(tmp_path) -> None:
    changed = two_steps(
        tmp_path,
        "groups.sellers.agents=7",
        "routing=single_queue",
        "routing.keep_idle={helpers: 1}",
        "intents.buy.goal=phones_queue",
        "groups.helpers.agents.2=9",
        "behaviour.zero_out=5%",
        "lines=40",
        "queues.sales.talk={constant: 2m}",
    ).scenario
    assert changed.groups["sellers"].agents == (7,)
    assert changed.groups["helpers"].agents == (4, 4, 9, 4)
    assert (changed.routing.policy, changed.routing.keep_idle) == ("single_queue", {"helpers": 1})
    assert changed.intents["buy"].goal == ("phones_queue",)
    assert (changed.behaviour.zero_out, changed.lines) == (0.05, 40)
    assert changed.times("talk", "sales") == (Constant(120.0),)


@pytest.mark.parametrize(
    ("setting", "kind", "file", "message", "hint"),
    [
        (
            "groups.seler.agents=7",
            ScenarioError,
            "--set groups.seler.agents=7",
            "there is no 'groups.seler': no 'seler' in groups",
            "did you mean 'sellers'?",
        ),
        (
            "group.sellers.agents=7",
            ScenarioError,
            "--set group.sellers.agents=7",
            "unknown key 'group'",
            "did you mean 'groups'?",
        ),
        ("groups.sellers.agents=-7", ScenarioError, "--set groups.sellers.agents=-7", "'-7' must be at least 0", ""),
        (
            "groups.helpers.agents.9=1",
            ScenarioError,
            "--set groups.helpers.agents.9=1",
            "there is no 'groups.helpers.agents.9': 'groups.helpers.agents' is a list of 4",
            "count from 0",
        ),
        (
            "name.first=x",
            ScenarioError,
            "--set name.first=x",
            "there is no 'name.first': 'name' is a single value",
            "set it as a whole",
        ),
        (
            "lines",
            UsageError,
            "",
            "'lines' sets nothing",
            "write --set dotted.path=value, for example --set groups.billing.agents=12",
        ),
        (
            "lines=",
            UsageError,
            "",
            "'lines=' sets nothing",
            "write --set dotted.path=value, for example --set groups.billing.agents=12",
        ),
        ("lines=[1", UsageError, "", None, "write the value as in the file"),
    ],
)
def test_a_wrong_setting_is_named(
    tmp_path, setting: str, kind: type[IvrError], file: str, message: str | None, hint: str
) -> None:
    with pytest.raises(kind) as caught:
        two_steps(tmp_path, setting)
    [finding] = caught.value.findings
    assert (finding.file, finding.line, finding.hint) == (file, 0, hint)
    assert message is None or finding.message == message


def rows(loaded) -> list[tuple[int, int, float, float]]:
    staff = build_staff_table(loaded.scenario)
    hours = 3600e6
    return list(
        zip(
            staff.agent.tolist(),
            staff.group.tolist(),
            (staff.on_us / hours).tolist(),
            (staff.off_us / hours).tolist(),
            strict=True,
        )
    )


def test_agents_by_interval_come_and_go(tmp_path) -> None:
    # sellers: 3 all along; helpers: 4, then a fifth from 1 h to 1 h 30
    assert rows(two_steps(tmp_path)) == [
        (0, 0, 0, 2),
        (1, 0, 0, 2),
        (2, 0, 0, 2),
        (3, 1, 0, 2),
        (4, 1, 0, 2),
        (5, 1, 0, 2),
        (6, 1, 0, 2),
        (7, 1, 1, 1.5),
    ]


def test_shifts_go_by_the_clock_and_are_cut_at_the_horizon(tmp_path) -> None:
    # 8:00 to 18:00: a shift under way at 8, one inside, one that continues after 18:00, one at night that never
    # touches it
    shifts = (
        '[{agents: 1, from: "06:00", to: "10:00"}, {agents: 2, from: "09:30", to: "17:00"}, '
        '{agents: 1, from: "14:00", to: "22:00"}, {agents: 5, from: "22:00", to: "06:00"}]'
    )
    loaded = one_queue(tmp_path, "groups.agents={skills: [calls], shifts: " + shifts + "}")
    assert rows(loaded) == [(0, 0, 0, 2), (1, 0, 1.5, 9), (2, 0, 1.5, 9), (3, 0, 6, 10)]


def test_a_shift_comes_back_every_day(tmp_path) -> None:
    # from 8:00 over 26 hours: 7 to 9 o'clock is the first hour today, and 23 h to 25 h tomorrow, by the same agent
    loaded = one_queue(
        tmp_path, "horizon=26h", 'groups.agents={skills: [calls], shifts: [{agents: 1, from: "07:00", to: "09:00"}]}'
    )
    assert rows(loaded) == [(0, 0, 0, 1), (0, 0, 23, 25)]


def test_a_night_shift_that_began_yesterday_is_on_duty(tmp_path) -> None:
    night = 'groups.agents={skills: [calls], shifts: [{agents: 1, from: "22:00", to: "06:00"}]}'
    assert rows(one_queue(tmp_path, "start=2026-11-24 02:00", night)) == [(0, 0, 0, 4)]


def test_the_staff_factor_is_rounded_in_all_and_not_group_by_group(tmp_path) -> None:
    # 3 and 4: 0.9 x 3 = 2.7 -> 3; 0.9 x 7 = 6.3 -> 6, so the second group has 3. In the third interval 0.9 x 8 = 7.2 ->
    # 7, so 4.
    staff = build_staff_table(two_steps(tmp_path, "staff_factor=0.9").scenario)
    on = [(staff.on_us <= t) & (staff.off_us > t) for t in (0, int(1.2 * 3600e6))]
    assert [[int((at & (staff.group == g)).sum()) for g in (0, 1)] for at in on] == [[3, 3], [3, 4]]


def test_queues_need_the_skill_of_their_own_name_unless_the_flow_says_more(tmp_path) -> None:
    assert [(q.name, q.skills) for q in queue_specs(two_steps(tmp_path).flow)] == [
        ("sales", ("sales",)),
        ("phones", ("phones",)),
    ]


def test_what_a_scenario_changes_in_the_routing_table(tmp_path) -> None:
    loaded = two_steps(
        tmp_path,
        "routing={policy: skill_priority, rank: {sales: {helpers: never}}, after: {phones: {helpers: 20s}}, "
        "priority: {phones: 3}, choice: fewest_calls, keep_idle: {sellers: 1}}",
    )
    table = routing_table(loaded.scenario, loaded.flow)
    assert table.rank == ((1, None), (None, 1))
    assert table.after_us == ((0, 0), (0, 20_000_000))
    assert (table.priority, table.keep_idle, table.choice) == ((0, 3.0), (1, 0), ("fewest_calls", "fewest_calls"))


def test_the_start_is_a_wall_clock_in_the_zone_of_the_scenario_else_of_the_flow(tmp_path) -> None:
    northwind = load_scenario("northwind")
    assert starts_at(northwind.scenario, northwind.flow) == dt.datetime(2026, 11, 24, 13, tzinfo=dt.UTC)
    plain = one_queue(tmp_path)
    assert starts_at(plain.scenario, plain.flow) == dt.datetime(2026, 11, 24, 8, tzinfo=dt.UTC)
    assert "zone" not in QUEUE_CALLED
