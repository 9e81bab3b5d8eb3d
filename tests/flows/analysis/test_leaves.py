"""How long it takes to come to a leaf, and how many calls end there; every number with its derivation."""

from __future__ import annotations

import itertools
import json
import math
from pathlib import Path

import pytest

from flows.analysis.quickest_paths import Leaf, leaves
from flows.analysis.times_to_leaf import LeafTime, ahead_time, first_time
from flows.analysis.traffic import Ending
from flows.model.flow import Flow
from flows.model.load import load, load_text
from ivr.__main__ import main
from simulation.experiment.scenario_facts import scenario_facts, traffic
from simulation.loading.load import load_scenario
from simulation.menus.exact_solution import menu_answer
from simulation.workload.build_call_table import prepare
from tests.support import texts
from tests.support.library import SHIPPED
from tests.support.small_scenarios import two_steps, write


def leaf(line: Flow, node: str) -> Leaf:
    return next(leaf for leaf in leaves(line) if leaf.node == node)


def flow(nodes: str) -> Flow:
    return load_text(texts.flow(nodes, start="start")).flow


# "Welcome to us." 1.2 s. "For sales, press 1." 1.6 s; the pause 0.6 s; "For billing, press 2." 1.6 s. d + s = 1.5 s.
# Said again after silence: the whole 3.8 s, 5 s of silence, "Again." of 2 s, and then the choices from the first on.
MENU = """
  start: {type: play, say: Welcome to us., next: main}
  main:
    type: menu
    choices:
      - {key: 1, label: sales, next: sales}
      - {key: 2, label: billing, next: billing}
    no_input: [{text: Again., seconds: 2}]
    attempts: 2
    timeout: 5s
    otherwise: sales
  sales: {type: hangup}
  billing: {type: hangup}
"""
SILENT_ONCE = 0.03 / 1.03
"""Of those who press on attempt 1 (0.97) or 2 (0.03 x 0.97)."""
LOST_S = 3.8 + 5 + 2


def test_a_first_time_caller_presses_on_hearing_the_option_or_hears_all_first() -> None:
    """Billing is the last option: 1.2 + 3.8 + 1.5 either way. Sales: 1.2 + 1.6 + 1.5 for 5 of 6, as long as billing for
    1 of 6 (0.15 of the 0.90 who do not key ahead); 5/6 x 0.97 is less than 90 %, so that the percentile is that of the
    others.
    """
    line = flow(MENU)
    assert first_time(leaf(line, "billing").legs) == LeafTime(pytest.approx(6.5 + SILENT_ONCE * LOST_S, abs=1e-6), 6.5)
    expected = 5 / 6 * 4.3 + 1 / 6 * 6.5 + SILENT_ONCE * LOST_S
    assert first_time(leaf(line, "sales").legs) == LeafTime(pytest.approx(expected, abs=1e-6), 6.5)


def test_a_caller_who_keys_ahead_hears_no_menu_but_every_message() -> None:
    """1.2 + 1.5; after silence the 3.8 s and 5 s are lost, and nothing of what is said again is waited for."""
    found = ahead_time(leaf(flow(MENU), "billing").legs)
    assert found == LeafTime(pytest.approx(2.7 + SILENT_ONCE * 8.8, abs=1e-6), 2.7)


def test_with_four_prompts_silence_is_in_the_percentile() -> None:
    """1.5 s a menu, and 0.97^4 = 88.5 % of callers who key ahead are never silent: one in ten loses 1.6 + 5 s once.

    The attempts are 2, so that the chance of a menu without silence is 1 / 1.03, and 1.03^-4 = 88.8 %."""
    menus = "".join(
        f"  m{i}: {{type: menu, attempts: 2, choices: [{{key: 1, label: sales, next: m{i + 1}}}]}}\n"
        for i in range(1, 5)
    ).replace("m1:", "start:")
    found = ahead_time(leaf(flow(f"{menus}  m5: {{type: hangup}}\n"), "m5").legs)
    assert found.p90_s == pytest.approx(4 * 1.5 + 1.6 + 5)


def test_a_subflow_on_the_way_is_walked_through() -> None:
    """Two words before (0.8 s), the question in the subflow (0.8 s, then 4 digits: 1.5 + 3 x 0.4), a word after it (0.4
    s).
    """
    line = flow("""
  start: {type: play, say: Hi there., next: ask}
  ask: {type: subflow, start: pin, next: thanks}
  pin: {type: collect, say: Your PIN?, into: pin, digits: 4, attempts: 1, next: return}
  thanks: {type: play, say: Thanks., next: end}
  end: {type: hangup}
""")
    assert [(leg.here.name, leg.outcome) for leg in leaf(line, "end").legs] == [
        ("start", "done"),
        ("pin", "collected"),
        ("thanks", "done"),
    ]
    assert first_time(leaf(line, "end").legs).p90_s == pytest.approx(0.8 + 0.8 + 2.7 + 0.4)
    assert ahead_time(leaf(line, "end").legs).p90_s == pytest.approx(0.8 + 2.7 + 0.4)


@pytest.mark.parametrize("name", SHIPPED)
def test_without_silence_the_legs_add_up_to_the_seconds_of_the_drawing(name: str) -> None:
    line = load(name).flow
    for language in line.languages:
        for found in leaves(line, language):
            assert math.fsum(leg.first_s for leg in found.legs) == pytest.approx(found.quickest.seconds, abs=1e-9)
            assert sum(leg.presses for leg in found.legs) == found.quickest.presses


def test_a_long_way_stays_quick_and_its_mean_exact() -> None:
    """60 menus with 3 attempts would be 3^60 times; the mean is that of one, 60 times."""
    one = "  {0}: {{type: menu, choices: [{{key: 1, label: sales, next: {1}}}, {{key: 2, label: bills, next: end}}]}}\n"
    names = ["start", *(f"m{i}" for i in range(59)), "end"]
    line = flow("".join(one.format(a, b) for a, b in itertools.pairwise(names)) + "  end: {type: voicemail, box: b}\n")
    way = leaf(line, "end").legs
    assert ahead_time(way * 60).mean_s == pytest.approx(60 * ahead_time(way).mean_s, rel=1e-6)


# The scenario of two steps, see small_scenarios: sales after 3.1 s, phones after 8.4 s, bills told after 10.6 s.
def test_where_calls_end_by_hand(tmp_path: Path) -> None:
    found = traffic(prepare(two_steps(tmp_path)))
    assert {name: (round(e.share, 12), round(e.mean_s, 9)) for name, e in found.endings.items()} == {
        "sales_queue": (0.25, 3.1),
        "phones_queue": (0.5, 8.4),
        "bills_told": (0.25, 10.6),
    }
    assert found.shares["main"] == pytest.approx({"1": 0.25, "2": 0.75})
    assert found.shares["help_menu"] == pytest.approx({"1": 2 / 3, "2": 1 / 3})
    assert (found.visits["main"], found.visits["help_menu"]) == pytest.approx((1, 0.75))
    assert (found.calls, found.calls_a_year) == (240, 240 * 365)


def test_who_hangs_up_on_the_way_ends_at_no_leaf(tmp_path: Path) -> None:
    """0.6 a minute: 0.01 a second. Who stays until a moment that is the same for all took just that long."""
    found = traffic(prepare(two_steps(tmp_path, "behaviour.hang_up_per_minute=0.6")))
    assert found.endings["sales_queue"].share == pytest.approx(0.25 * math.exp(-0.031))
    assert found.endings["phones_queue"].share == pytest.approx(0.5 * math.exp(-0.084))
    assert found.endings["phones_queue"].mean_s == pytest.approx(8.4)


def test_the_last_leaf_counts(tmp_path: Path) -> None:
    """Everybody hears the notice (2 s, a leaf) and goes on to the queue: calls end there."""
    file = write(
        tmp_path,
        "ivr: 1\nname: L\nstart: notice\nnodes:\n  notice: {type: play, serves: true, say: {text: x, seconds: 2}, next:"
        " wait}\n  wait: {type: queue, queue: calls}\n",
        "name: S\nflow: flow.yaml\nstart: 2026-11-24 08:00\nhorizon: 1h\ninterval: 30m\narrivals: {kind: constant,"
        " per_hour: 60}\nintents: {help: {share: 1, goal: wait}}\nbehaviour: {hang_up_per_minute: 0}\ntalk:"
        " {exponential: 3m}\ngroups: {desk: {skills: [calls], agents: 5}}\n",
    )
    assert traffic(prepare(load_scenario(file))).endings == {"wait": Ending(pytest.approx(1.0), pytest.approx(2.0))}


def test_queues_get_what_the_chain_solved_otherwise_gives_them() -> None:
    """Two sums over the same chain: forwards to each queue, and forwards to the edge and backwards from it; the hours
    of this line do not change within the scenario."""
    ready = prepare(load_scenario("northwind"))
    found = traffic(ready)
    answer = menu_answer(ready.model)
    for queue, share in answer.queue.items():
        nodes = [n for n, node in ready.loaded.flow.nodes.items() if node.type == "queue" and node.queue == queue]
        assert sum(found.endings[n].share for n in nodes if n in found.endings) == pytest.approx(share, abs=1e-9)
    in_no_leaf = 1 - sum(e.share for e in found.endings.values())
    assert 0 <= in_no_leaf <= answer.outcome["abandoned_in_menu"] + 1e-9


def test_a_scenario_that_does_not_fit_says_why() -> None:
    found = scenario_facts("northwind", flow("  start: {type: hangup}\n"))
    assert found.traffic is None
    assert "there is no node 'ways_to_pay'" in [f.message for f in found.findings]
    assert sorted(found.staffing.groups)[:2] == ["billing", "generalists"]


def test_the_command_says_where_calls_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    two_steps(tmp_path)
    arguments = ["show", str(tmp_path / "flow.yaml"), "--leaves", "--scenario", str(tmp_path / "scenario.yaml")]
    assert main(arguments) == 0
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    assert [line.split()[:1] + line.split()[7:10] for line in lines[3:6]] == [
        ["bills_told", "25", "%", "10.6"],
        ["phones_queue", "50", "%", "8.4"],
        ["sales_queue", "25", "%", "3.1"],
    ]
    assert main([*arguments, "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["scenario"], data["calls"]) == ("Two steps, called", 240)
    assert [(row["node"], row["share"], row["scenario_mean_s"]) for row in data["leaves"]] == [
        ("bills_told", 0.25, 10.6),
        ("phones_queue", 0.5, 8.4),
        ("sales_queue", 0.25, 3.1),
    ]


@pytest.mark.parametrize("name", SHIPPED)
def test_the_table_fits_eighty_columns(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", name, "--leaves"]) == 0
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 80


def test_a_scenario_goes_with_leaves(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "northwind", "--scenario", "northwind"]) == 2
    assert "add --leaves" in capsys.readouterr().err
    assert main(["show", "northwind", "--leaves", "--scenario", "northwid"]) in (1, 2)
    assert "did you mean 'northwind'?" in capsys.readouterr().err
