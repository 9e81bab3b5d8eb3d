"""How often a call comes to each node where nobody states it: who leaves, what is alike, and that all of it is
listed.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flows.analysis.assumptions import assumed
from flows.analysis.expected_visits import SHARE_LEAVES, visits_per_call
from flows.lint.engine import lint
from flows.model.flow import Flow
from flows.model.load import load_text
from ivr.__main__ import main
from tests.support import texts
from tests.support.small_scenarios import write


def flow(nodes: str, head: str = "") -> Flow:
    return load_text(texts.flow(nodes, more=head)).flow


SERVICE = """
  main:
    type: menu
    choices:
      - {key: 1, label: the tide today, next: tide, share: 0.6}
      - {key: 2, label: the ferries, next: ferries, share: 0.3}
      - {key: 3, label: to end this call, next: bye, share: 0.1}
    otherwise: bye
  tide: {type: play, say: High water is at noon., serves: true, next: main}
  ferries: {type: play, say: The next ferry leaves at ten., serves: true, next: main}
  bye: {type: hangup, say: Goodbye.}
"""


def test_who_was_served_mostly_hangs_up() -> None:
    """0.9 of those in the menu are told, 20 % of these stay: m = 1 + 0.9 x 0.2 m = 1 / 0.82; without it 1 / 0.1 =
    10.
    """
    assert SHARE_LEAVES == 0.8
    line = flow(SERVICE)
    assert visits_per_call(line)["main"] == pytest.approx(1 / 0.82)
    assert visits_per_call(line)["tide"] == pytest.approx(0.6 / 0.82)
    assert visits_per_call(line)["bye"] == pytest.approx(0.1 / 0.82)
    assert visits_per_call(line, leaves=0.0)["main"] == pytest.approx(10)
    assert visits_per_call(line, leaves=1.0)["main"] == 1.0


def test_a_message_that_leads_back_is_an_answer_whether_it_says_so_or_not() -> None:
    assert visits_per_call(flow(SERVICE.replace(", serves: true", "")))["main"] == pytest.approx(1 / 0.82)


def test_what_leads_on_to_a_menu_keeps_everybody() -> None:
    """A greeting, and a message on the way to a lower menu, are no answers."""
    line = load_text("""
ivr: 1
name: Line
start: hello
nodes:
  hello: {type: play, say: Hello., next: main}
  main: {type: menu, choices: [{key: 1, label: rooms, next: about}], otherwise: bye}
  about: {type: play, say: We have thirty rooms., next: rooms}
  rooms: {type: menu, choices: [{key: 1, label: a suite, next: bye}], otherwise: bye}
  bye: {type: hangup}
""").flow
    assert visits_per_call(line) == {"hello": 1, "main": 1, "about": 1, "rooms": 1, "bye": 1}
    assert assumed(line) == ()


def test_who_was_served_leaves_once_however_long_the_way_back() -> None:
    """Told in a subflow, on through a `set`, and back: m = 1 + 0.5 x 0.2 m = 1 / 0.9."""
    line = flow("""
  main:
    type: menu
    choices:
      - {key: 1, label: my fare, next: fare, share: 0.5}
      - {key: 2, label: bye, next: bye, share: 0.5}
    otherwise: bye
  fare: {type: subflow, start: told, next: noted}
  told: {type: play, say: It is four pounds., serves: true, next: return}
  noted: {type: set, values: {told: fare}, next: main}
  bye: {type: hangup}
""")
    assert visits_per_call(line)["main"] == pytest.approx(1 / 0.9)
    assert visits_per_call(line)["noted"] == pytest.approx(0.5 * 0.2 / 0.9)


def test_an_agent_a_box_and_a_promise_serve_too() -> None:
    """Of three ways that go on to the menu: 20 % of those answered, of those who left a message, of those promised a
    call.
    """
    line = flow(
        """
  main:
    type: menu
    choices:
      - {key: 1, label: a, next: desk}
      - {key: 2, label: b, next: box}
      - {key: 3, label: c, next: promise}
      - {key: 4, label: d, next: bye}
    otherwise: bye
  desk: {type: dial, number: "+14155550100", on: {answered: main}, otherwise: bye}
  box: {type: voicemail, box: b, next: main}
  promise: {type: callback, on: {booked: main, failed: bye}, otherwise: bye}
  bye: {type: hangup}
""",
        "",
    )
    assert visits_per_call(line)["main"] == pytest.approx(1 / (1 - 0.75 * 0.2))


def test_back_leads_to_the_menu_before() -> None:
    """In the lower menu half go back: m = 1 + l / 2 and l = m, so both are met twice."""
    line = flow("""
  main: {type: menu, choices: [{key: 1, label: more, next: lower}], otherwise: bye}
  lower: {type: menu, choices: [{key: 1, label: back, next: back}, {key: 2, label: bye, next: bye}], otherwise: bye}
  bye: {type: hangup}
""")
    assert visits_per_call(line) == {
        "main": pytest.approx(2, rel=1e-5),
        "lower": pytest.approx(2, rel=1e-5),
        "bye": pytest.approx(1, rel=1e-5),
    }


def test_a_message_with_back_leads_to_the_menu_it_came_from() -> None:
    """l = 1 + 0.5 x 0.2 l; the main menu is met once."""
    line = flow("""
  main: {type: menu, choices: [{key: 1, label: more, next: lower}], otherwise: bye}
  lower: {type: menu, choices: [{key: 1, label: news, next: news}, {key: 2, label: bye, next: bye}], otherwise: bye}
  news: {type: play, say: Nothing new., next: back}
  bye: {type: hangup}
""")
    assert visits_per_call(line) == {
        name: pytest.approx(n, rel=1e-5)
        for name, n in {"main": 1, "lower": 1 / 0.9, "news": 0.5 / 0.9, "bye": 0.5 / 0.9}.items()
    }


def test_many_ways_back_take_no_longer_than_they_are_worth() -> None:
    """From each of 60 menus a fifth goes back and as many end the call: five menus on average."""
    choices = ", ".join(f"{{key: {key}, label: l{key}, next: %s}}" for key in range(1, 6))
    menus = "".join(
        f"  m{i}: {{type: menu, choices: [{choices % ('back', 'bye', *(f'm{(i * k + k) % 60}' for k in (1, 3, 7)))}],"
        " otherwise: bye}\n"
        for i in range(60)
    )
    visits = visits_per_call(load_text(texts.flow(f"{menus}  bye: {{type: hangup}}\n", start="m0")).flow)
    assert sum(n for name, n in visits.items() if name != "bye") == pytest.approx(5, rel=0.01)


LOOKUP = """
  main:
    type: menu
    choices:
      - {key: 1, label: my parcel, next: ask}
      - {key: 2, label: prices, next: prices, share: 0.4}
      - {key: 3, label: jobs, next: bye}
    otherwise: bye
  ask:
    type: lookup
    url: https://example.com/parcels
    on: {found: told, moving: {status: 409, next: told}, not_found: again}
    failure: desk
  told: {type: menu, choices: [{key: 1, label: a, next: bye}], otherwise: bye}
  again: {type: menu, choices: [{key: 1, label: a, next: kind}], otherwise: bye}
  kind: {type: split, value: ani, cases: {"1*": bye}, otherwise: prices}
  prices: {type: menu, choices: [{key: 1, label: x, next: bye}, {key: 2, label: y, next: bye}], otherwise: bye}
  desk: {type: dial, number: "+14155550100", otherwise: bye}
  bye: {type: hangup}
"""
SAID = (
    "every choice alike in 'prices'",
    "every choice without a share alike in 'main'",
    "every case alike at 'kind'",
    "every answer alike at 'ask'",
    "no lookup fails",
)


def test_what_a_lookup_answers_is_not_known() -> None:
    """0.3 of the calls ask, a third of them for each answer, two of which lead to one menu; nobody sees it fail."""
    visits = visits_per_call(flow(LOOKUP))
    assert visits["told"] == pytest.approx(0.3 * 2 / 3)
    assert visits["again"] == pytest.approx(0.1)
    assert visits["prices"] == pytest.approx(0.4 + 0.1 / 2)
    assert "desk" not in visits


def test_what_is_assumed_is_listed() -> None:
    assert assumed(flow(LOOKUP)) == SAID
    assert assumed(flow(SERVICE)) == ("80 % of callers hang up once they were served or are led back to a menu",)
    assert assumed(flow(SERVICE), leaves=0.5) == (
        "50 % of callers hang up once they were served or are led back to a menu",
    )


def test_shares_that_do_not_sum_to_one_are_listed() -> None:
    line = flow(SERVICE.replace("share: 0.1", "share: 0.3"))
    assert assumed(line)[1:] == ("shares made to sum to 100 % in 'main'",)


def test_optimise_lists_it_and_takes_another_share(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "line.yaml"
    file.write_text(texts.flow(SERVICE), "utf-8")
    assert main(["optimise", str(file)]) == 0
    out = capsys.readouterr().out
    assert "main  1.22 x" in out
    assert " ".join(out.split()).endswith(
        "Assumed: 80 % of callers hang up once they were served or are led back to a menu; callers press on hearing the"
        " option."
    )
    assert main(["optimise", str(file), "--json", "--leave", "1"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["menus"][0]["visits_per_call"] == 1
    assert data["assumed"] == ["100 % of callers hang up once they were served or are led back to a menu"]
    assert main(["optimise", str(file), "--leave", "80"]) == 2


def test_the_finding_lists_it() -> None:
    """Now 1.5 + 0.05 x 2.8 + 0.95 x 5.0 = 6.39 s with labels of 1 and 5 words, 0.95 first 3.2 s; visits 1 / 0.8."""
    nodes = """
  main:
    type: menu
    choices:
      - {key: 1, label: the story of our house, next: told, share: 0.05}
      - {key: 2, label: rooms, next: told, share: 0.95}
    otherwise: told
  told: {type: play, say: We have thirty rooms., serves: true, next: main}
"""
    (found,) = lint(load_text(texts.flow(nodes)), select=["M105"])
    saves_s = float(found.message.split("costs callers ")[1].split(" s")[0])
    assert f"saves {saves_s * 1.25:.1f} s a call" in found.hint
    assert found.hint.endswith("; assumed: 80 % of callers hang up once they were served or are led back to a menu")


def test_leaves_say_that_they_count_alike_and_what_a_scenario_leaves_open(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    queued = LOOKUP.replace('{type: dial, number: "+14155550100", otherwise: bye}', "{type: queue, queue: calls}")
    write(
        tmp_path,
        texts.flow(queued, more="queues: {calls: {skills: [any]}}\n"),
        "name: A day\nflow: flow.yaml\nstart: 2026-11-24 08:00\nhorizon: 1h\ninterval: 30m\n"
        "arrivals: {kind: constant, per_hour: 60}\nintents: {work: {share: 1, goal: bye}}\n"
        "talk: {exponential: 3m}\ngroups: {desk: {skills: [any], agents: 1}}\n",
    )
    assert main(["show", str(tmp_path / "flow.yaml"), "--leaves"]) == 0
    assert "on average every leaf counts alike" in " ".join(capsys.readouterr().out.split())
    assert main(["show", str(tmp_path / "flow.yaml"), "--leaves", "--scenario", str(tmp_path / "scenario.yaml")]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert (
        "Assumed of them: a value that is not known takes 'otherwise' at kind (no shares are stated); 'ask' always ends"
        " in 'found'" in out
    )
