"""A new menu beside the old one, on three callers that are worked out by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from simulation.commands.compare import compare
from simulation.experiment.run import simulate
from simulation.experiment.runner import Runner
from simulation.flow_comparison.agents_saved import agents_saved
from simulation.flow_comparison.causes import shares
from simulation.flow_comparison.compare_flows import compare_flows
from simulation.flow_comparison.result import AgentsSaved, FlowComparison
from simulation.loading.load import load_scenario
from simulation.report.flows_text import agents_sentence
from simulation.scenario.loaded import LoadedScenario

MENU = """
ivr: 1
name: A desk
start: ask
nodes:
  ask:
    type: menu
    otherwise: desk
    prompt: {{text: "For help, press 1. For our hours, press 2.", seconds: {seconds}}}
    choices: [{{key: 1, label: help, next: desk}}, {{key: 2, label: our hours, next: {hours}}}]
  hours: {{type: play, say: {{text: We are open every day., seconds: 22.5}}, next: bye}}
  bye: {{type: hangup}}
  desk: {{type: queue, queue: desk}}
"""
DAY = """
name: Three callers
flow: {flow}.flow.yaml
start: 2026-11-23 08:00
zone: UTC
horizon: 10m
interval: 5m
arrivals: {{kind: trace, file: calls.csv, column: arrived_s, intent: wanted}}
intents: {{help: {{share: 0.6, goal: desk}}, hours: {{share: 0.4, goal: {goal}}}}}
behaviour: {{hear_all: 1, key_ahead: 0, wrong_key: 0, no_input: 0, zero_out: 0, hang_up_per_minute: 0,
  reaction: {{constant: 1s}}}}
talk: {{constant: 100s}}
groups: {{desk: {{skills: [desk], agents: 1}}}}
costs: {{agent_hour: 36, trunk_minute: 0.6, handled_call: 5}}
replications: 1
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("menus")
    (folder / "calls.csv").write_text("arrived_s,wanted\n0,help\n90,hours\n150,help\n")
    (folder / "old.flow.yaml").write_text(MENU.format(seconds=6, hours="desk"))
    (folder / "new.flow.yaml").write_text(MENU.format(seconds=4, hours="hours"))
    (folder / "old.yaml").write_text(DAY.format(flow="old", goal="[desk]"))
    (folder / "new.yaml").write_text(DAY.format(flow="new", goal="[bye]"))
    return folder


@pytest.fixture(scope="module")
def pair(folder: Path) -> tuple[tuple[str, LoadedScenario], tuple[str, LoadedScenario]]:
    return ("old", load_scenario(folder / "old.yaml")), ("new", load_scenario(folder / "new.yaml"))


@pytest.fixture(scope="module")
def found(pair: tuple[tuple[str, LoadedScenario], tuple[str, LoadedScenario]]) -> FlowComparison:
    return compare_flows(*pair, replications=1, seed=1, engine="reference")


def test_causes_by_hand(found: FlowComparison) -> None:
    """Seconds in the menus and waiting, of all three together.

    Old: 3 x 7.5 s; the second waits from 97.5 to 107.5 s, the third from 157.5 to 207.5 s: 82.5 s.
    New: 5.5, 5.5 + 22.5 and 5.5 s, and nobody waits: 39 s.
    New seconds, old ends: 39 s, and the third waits from 155.5 to 218 s for the second, who joins at 118 s: 101.5 s.
    Old seconds, new ends: 22.5 s, and nobody waits.
    So the seconds add (101.5 - 82.5 + 39 - 22.5) / 2 and who leaves (22.5 - 82.5 + 39 - 101.5) / 2.
    """
    name = "menu_and_wait_s"
    assert found.before[name].mean == pytest.approx(82.5 / 3)
    assert found.after[name].mean == pytest.approx(39 / 3)
    assert {cause: of[name].mean * 3 for cause, of in found.causes.items()} == pytest.approx(
        {"seconds": 17.75, "leaves": -61.25, "routes": 0}
    )


def test_money_by_hand(found: FlowComparison) -> None:
    """Lines at 0.01 a second: old 82.5 + 300 s, new 39 + 200 s; a contained call is worth as much as a handled one."""
    assert found.after["cost_lines"].mean - found.before["cost_lines"].mean == pytest.approx(2.39 - 3.825)
    assert found.after["value"].mean == found.before["value"].mean == 15
    # With old ends a talk more: seconds add as above; who leaves takes 100 s of talk away.
    assert found.causes["seconds"]["cost_lines"].mean == pytest.approx(0.1775)
    assert found.causes["leaves"]["cost_lines"].mean == pytest.approx(-0.6125 - 1)


def test_causes_add_up_and_the_ends_are_the_scenarios(
    found: FlowComparison, pair: tuple[tuple[str, LoadedScenario], tuple[str, LoadedScenario]]
) -> None:
    for name in next(iter(found.causes.values())):
        whole = found.after[name].mean - found.before[name].mean
        assert sum(of[name].mean for of in found.causes.values()) == pytest.approx(whole, abs=1e-9)
    for (_, loaded), of in zip(pair, (found.before, found.after), strict=True):
        alone = simulate(loaded, replications=1, engine="reference").measures
        assert {name: value.mean for name, value in of.items()} == {name: v.mean for name, v in alone.items()}


def test_agents_and_routing_are_a_cause_of_their_own(folder: Path) -> None:
    """With a second agent nobody waits in the old menu either."""
    old = load_scenario(folder / "old.yaml")
    new = load_scenario(folder / "new.yaml", settings=["groups.desk.agents=2"])
    found = compare_flows(("old", old), ("new", new), replications=1, seed=1, engine="reference")
    assert list(found.causes) == ["seconds", "leaves", "routes", "floor"]
    # 2 agents for 600 s at 0.01 a second instead of one, whatever the menus are
    assert found.causes["floor"]["cost_agents"].mean == pytest.approx(6)
    assert found.causes["leaves"]["cost_agents"].mean == 0
    name = "menu_and_wait_s"
    assert sum(of[name].mean for of in found.causes.values()) == pytest.approx((39 - 82.5) / 3)


def test_weights_of_three_causes_are_those_of_the_six_orders() -> None:
    """First in two of six orders, after one given other in one, last in two."""
    found = {"".join(sorted(of)): weight for of, weight in shares(["a", "b", "c"], "a").items()}
    third, sixth = 1 / 3, 1 / 6
    assert found == pytest.approx(
        {"": -third, "a": third, "b": -sixth, "ab": sixth, "c": -sixth, "ac": sixth, "bc": -third, "abc": third}
    )


def test_agents_saved_by_hand(folder: Path) -> None:
    """Four callers at once: with the old menu all four join the queue, and four agents answer at once; with the new one
    three join it, and three agents do. With two, one of three waits 100 s, and with three, one of four.
    """
    (folder / "four.csv").write_text("arrived_s,wanted\n0,help\n0,help\n0,hours\n0,help\n")
    settings = ["arrivals.file=four.csv", "groups.desk.agents=4"]
    old, new = (load_scenario(folder / f"{name}.yaml", settings=settings) for name in ("old", "new"))
    before = simulate(old, replications=1, engine="reference").parts
    same = agents_saved(Runner.of(old, engine="reference"), before, seed=1, confidence=0.95)
    assert same is not None
    assert same.saved == pytest.approx(0)
    assert same.cost is not None
    assert same.cost.mean == pytest.approx(0)
    found = agents_saved(Runner.of(new, engine="reference"), before, seed=1, confidence=0.95)
    assert found is not None
    assert found.level_before == 1
    assert (found.hours_before, found.hours_needed) == pytest.approx((4 / 6, 3 / 6))
    # an agent for 600 s at 0.01 a second, and lines: 4 x 107.5 s before, 3 x 105.5 + 28 s now
    assert found.cost is not None
    assert found.cost.mean == pytest.approx(-6 - 0.01 * (4 * 107.5 - 3 * 105.5 - 28))


@pytest.mark.parametrize(
    ("settings", "refused", "hint"),
    [
        (["talk={constant: 90s}"], "old and new differ in talk", "state them alike"),
        (["intents.help.urgency=1"], "callers of 'help' differ in more than their goal", "state the same share"),
    ],
)
def test_what_cannot_be_compared(folder: Path, settings: list[str], refused: str, hint: str) -> None:
    old, new = load_scenario(folder / "old.yaml"), load_scenario(folder / "new.yaml", settings=settings)
    found = compare_flows(("old", old), ("new", new), replications=1, seed=1, engine="reference")
    assert found.refused.startswith(refused)
    assert found.hint.startswith(hint)


def test_an_intent_of_one_scenario_only(folder: Path) -> None:
    text = DAY.format(flow="new", goal="[bye]").replace("hours: {share", "the hours: {share")
    (folder / "odd.yaml").write_text(text)
    (folder / "odd.csv").write_text("arrived_s,wanted\n0,help\n")
    odd = load_scenario(folder / "odd.yaml", settings=["arrivals.file=odd.csv"])
    found = compare_flows(("old", load_scenario(folder / "old.yaml")), ("odd", odd), replications=1, seed=1)
    assert found.refused == "nobody in odd wants what 'hours' of old want"
    assert "a queue, if the menu does not" in found.hint


def test_the_command(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [str(folder / "old.yaml"), str(folder / "new.yaml")]
    page = folder / "menus.html"
    with pytest.raises(SystemExit) as left:
        compare.main([*files, "--engine", "reference", "--report", str(page)])
    assert left.value.code == 0
    told = capsys.readouterr().out
    assert "The menus of new instead of those of old" in told
    assert "who leaves in the menus" in told
    assert "waterfall-menu-and-wait-s-new" in page.read_text()
    with pytest.raises(SystemExit):
        compare.main([*files, "--engine", "reference", "--json"])
    found = json.loads(capsys.readouterr().out)
    assert found["menus"]["new"]["causes"]["leaves"]["menu_and_wait_s"]["mean"] == pytest.approx(-61.25 / 3)
    assert found["days"]["old"]["cost"]["p50"] == pytest.approx(6 + 3.825)


def test_the_flow_option(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = str(folder / "old.yaml"), str(folder / "new.flow.yaml")
    with pytest.raises(SystemExit):
        compare.main([old, "--flow", new, "--engine", "reference"])
    told = capsys.readouterr().out
    assert "The menus of new instead of those of old" in told  # everybody still goes to the desk
    for words, message in (
        ([old, old, "--flow", new], "--flow goes with one scenario"),
        ([old, "--flow", new, "--set", "lines=3"], "here are both"),
        ([old, "--flow", "none.yaml"], "there is no file 'none.yaml'"),
    ):
        with pytest.raises(SystemExit):
            compare.main(words)
        assert message in capsys.readouterr().err


@pytest.mark.parametrize(("needed", "said"), [(40.0, "(0 ± 1)"), (40.02, "(0 ± 1)"), (40.3, "(+0.3 ± 1)")])
def test_nothing_has_no_sign(needed: float, said: str) -> None:
    """What the new menu needs as many agent-hours for as the old is neither more nor less."""
    saved = AgentsSaved(40.0, needed, 1.0, 0.8, None, 50, half_width=1.0)
    assert agents_sentence(FlowComparison("a", "b", {}, {}, {}, agents=saved), "").endswith(f"difference {said}.")
