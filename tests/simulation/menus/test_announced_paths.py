"""What callers press: announced options only, never a path that was not announced. Every share with its derivation
(docs/callers.md).
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from flows.analysis.announced_options import options
from flows.display.numbers import share as written
from flows.model.load import load_text
from flows.nodes.base import Here
from flows.protocol.actions import Enqueue
from flows.source.finding import ScenarioError
from ivr.phone.event_words import read_keys
from ivr.phone.terminal_phone import Phone
from simulation.experiment.scenario_facts import scenario_facts
from simulation.loading.load import load_scenario
from simulation.menus.exact_solution import MenuAnswer, menu_answer
from simulation.menus.sampled_walk import walk
from simulation.menus.traffic import menu_traffic
from simulation.sampling.streams import Streams
from simulation.tables.checks import OFFERED
from simulation.workload.build_call_table import Prepared, build_call_table, prepare
from simulation.workload.key_scripts import key_scripts
from tests.support.small_scenarios import write

CALLED = """
name: Called
flow: flow.yaml
start: 2026-11-24 08:00
horizon: 2h
interval: 30m
arrivals: {kind: constant, per_hour: 1000}
intents: INTENTS
behaviour: {hear_all: 0, key_ahead: 0, wrong_key: 0, no_input: 0, zero_out: 0, no_entry: 0, wrong_entry: 0,
  hang_up_per_minute: 0MORE}
talk: {constant: 1s}
groups: {all: {skills: SKILLS, agents: 300}}
"""


def ready(folder: Path, flow: str, intents: str, *, more: str = "", settings: tuple[str, ...] = ()) -> Prepared:
    skills = f"[{', '.join(sorted(set(re.findall('queue, queue: ([abc])', flow))))}]"
    flow = f"ivr: 1\nname: Line\n{flow}\nqueues: {{a: {{}}, b: {{}}, c: {{}}}}\n"
    called = CALLED.replace("INTENTS", intents).replace("MORE", f", {more}" if more else "").replace("SKILLS", skills)
    return prepare(load_scenario(write(folder, flow, called), settings=settings))


def solved(*args, **kwargs) -> MenuAnswer:
    return menu_answer(ready(*args, **kwargs).model)


MENU = """
start: m
nodes:
  m: {type: menu, choices: [{key: 1, label: bills, next: a}, {key: 2, label: faults, next: b},
      {key: 3, label: the rest, next: c}], otherwise: c}
  a: {type: queue, queue: a, max_wait: 3m, on: {timeout: c}}
  b: {type: queue, queue: b}
  c: {type: queue, queue: c}"""


def test_nobody_waits_through_a_queue(tmp_path) -> None:
    """40, 20 and 40 %: callers who want the rest press 3, and not 1 to be passed on after three minutes."""
    answer = solved(
        tmp_path, MENU, "{bills: {share: 0.4, goal: a}, faults: {share: 0.2, goal: b}, rest: {share: 0.4, goal: c}}"
    )
    assert answer.queue == pytest.approx({"a": 0.4, "b": 0.2, "c": 0.4}, abs=1e-12)


READ_BACK = """
start: n
nodes:
  n: {type: collect, into: number, digits: 4, confirm: true, say: Your number?, attempts: 2, otherwise: b, next: m}
  m: {type: menu, choices: [{key: 1, label: people, next: b}], attempts: 1, otherwise: a}
  a: {type: queue, queue: a}
  b: {type: queue, queue: b}"""


def test_nobody_takes_a_right_number_back_for_the_way_after_the_last_attempt(tmp_path) -> None:
    """Half stay silent once, a quarter twice: they reach b without a key. Three quarters enter the number, confirm it,
    and press 1.

    Rejecting the number on the second attempt would lead to b sooner, and the mean would be 1/2 x 3 + 1/4 x 2 =
    2.
    """
    answer = solved(tmp_path, READ_BACK, "{people: {share: 1, goal: b}}", settings=("behaviour.no_entry=0.5",))
    assert answer.queue["b"] == pytest.approx(1)
    assert answer.key_presses == pytest.approx(0.75 * 3, abs=1e-12)


def test_to_give_another_number_once_more_is_no_option_on_the_last_attempt() -> None:
    flow = load_text(
        "{ivr: 1, name: L, start: c, nodes: {c: {type: callback, attempts: 2, on: {booked: bye, failed: bye}, "
        "otherwise: bye}, bye: {type: hangup}}}"
    ).flow
    told = [options(flow.nodes["c"], Here(flow, "c", "en-US", attempt=attempt, phase="check")) for attempt in (1, 2)]
    assert told == [("right", "wrong"), ("right",)]


def test_silence_wrong_keys_and_unannounced_keys_are_no_options(tmp_path) -> None:
    """Key 1 and star lead to c at once; the announced path is 2 and 1: two keys."""
    flow = """
start: m
keys: {star: c}
nodes:
  m: {type: menu, choices: [{key: 1, next: c}, {key: 2, label: more, next: n}], attempts: 1, otherwise: c}
  n: {type: menu, choices: [{key: 1, label: people, next: c}], attempts: 1, otherwise: c}
  c: {type: queue, queue: c}"""
    answer = solved(tmp_path, flow, "{people: {share: 1, goal: c}}")
    assert answer.queue["c"] == pytest.approx(1)
    assert answer.key_presses == pytest.approx(2, abs=1e-12)


def test_the_likeliest_way_is_taken_before_the_quickest(tmp_path) -> None:
    """1 leads there one time in ten, 2 always, by one menu more."""
    flow = """
start: m
nodes:
  m: {type: menu, choices: [{key: 1, label: luck, next: find}, {key: 2, label: more, next: n}], otherwise: b}
  find: {type: lookup, url: "https://example.com/x", on: {found: c, not_found: b}, failure: b}
  n: {type: menu, choices: [{key: 1, label: people, next: c}], otherwise: b}
  b: {type: queue, queue: b}
  c: {type: queue, queue: c}"""
    rules = ready(
        tmp_path, flow, "{people: {share: 1, goal: c}}", more="lookups: {find: {found: 0.1, not_found: 0.9}}"
    ).model
    assert menu_answer(rules).queue == pytest.approx({"b": 0, "c": 1}, abs=1e-12)
    # Without the second the first is the only one, and worth trying.
    alone = ready(
        tmp_path,
        flow.replace("{key: 2, label: more, next: n}", "{key: 2, label: more, next: b}"),
        "{people: {share: 1, goal: c}}",
        more="lookups: {find: {found: 0.1, not_found: 0.9}}",
    )
    assert menu_answer(alone.model).queue == pytest.approx({"b": 0.9, "c": 0.1}, abs=1e-12)


def test_nobody_counts_on_a_failure(tmp_path) -> None:
    flow = """
start: m
nodes:
  m: {type: menu, choices: [{key: 1, label: records, next: find}, {key: 2, label: people, next: n}], otherwise: b}
  find: {type: lookup, url: "https://example.com/x", on: {found: b}, failure: c}
  n: {type: split, value: kind, cases: {x: c}, otherwise: b}
  b: {type: queue, queue: b}
  c: {type: queue, queue: c}"""
    answer = solved(
        tmp_path,
        flow,
        "{people: {share: 1, goal: c}}",
        more="lookups: {find: {found: 0.1, failure: 0.9}}, splits: {n: {x: 0.2, otherwise: 0.8}}",
    )
    assert answer.queue["c"] == pytest.approx(0.2, abs=1e-12)


SPLIT = """
start: m
nodes:
  m: {type: menu, choices: [{key: 1, label: version, next: ab}, {key: 2, label: person, next: a}], otherwise: a}
  ab: {type: split, shares: {a: 0.3, b: 0.7}, cases: {a: pa, b: pb}}
  pa: {type: play, serves: true, say: Version a., next: bye}
  pb: {type: menu, choices: [{key: 1, label: start over, next: m}, {key: 2, label: person, next: a}], otherwise: a}
  a: {type: queue, queue: a}
  bye: {type: hangup}"""


def test_a_split_by_shares_is_drawn_once_a_call(tmp_path) -> None:
    """30 % hear version a, however often the others start over: exactly, and in the walk."""
    made = ready(tmp_path, SPLIT, "{info: {share: 1, goal: pa}}")
    answer = menu_answer(made.model)
    assert answer.outcome == pytest.approx({"contained": 0.3}, abs=1e-9)
    # Of the 70 % each start over with the chance 1/2 and then take the version, which is b, with 1/2; else a person:
    # keys = 1 + 0.7 (1 + 1/2 (1 + 1/2 (1 + ...))) with x = 1 + 1/2 y, y = 1 + 1/2 x: x = 2.
    assert answer.key_presses == pytest.approx(1 + 0.7 * 2, abs=1e-9)
    walked = walk(made.model, made.draw_callers(Streams(1)), Streams(1))
    n = len(walked.ending)
    assert abs((walked.ending != OFFERED).mean() - 0.3) < 4 * np.sqrt(0.21 / n)


def test_a_share_that_lacks_a_little_of_all_is_written() -> None:
    """Sums of shares end just below 1 by rounding; less than all is not written as all."""
    assert written(0.9999999999999) == "100 %"
    assert written(0.99999999) == "99.9999 %"


def test_who_was_told_no_does_not_ask_again(tmp_path) -> None:
    """Power outage: callers who hear that no outage is known press "reporting one" in 80 % and "another ZIP code" in
    20 %, as the flow states.

    With no slips 15 % of those who ask (1,997 of 4,248 calls) reach that menu, and 20 % of them once more to the ZIP
    code: 1 / (1 - 0.15 x 0.2) times.
    """
    quiet = [
        f"behaviour.{name}=0"
        for name in ("wrong_key", "no_input", "zero_out", "no_entry", "wrong_entry", "hang_up_per_minute")
    ]
    rules = prepare(load_scenario("power_outage", settings=quiet)).model
    taken = menu_traffic(rules, ["goodbye"], [1.0]).taken["no_known_outage"]
    assert taken["1"] / (taken["1"] + taken["2"]) == pytest.approx(0.8, abs=1e-9)
    assert taken["1"] + taken["2"] == pytest.approx(1997 / 4248 * 0.15 / (1 - 0.15 * 0.2), abs=1e-9)


def test_a_business_presses_what_everybody_presses(tmp_path) -> None:
    """Northwind: 8 % call the business line and 10 % of the others have a business account, which callers cannot see:
    8 % + 92 % x 10 % of those with slow internet are led to the second tier; nobody stays silent to avoid it.
    """
    quiet = [
        f"behaviour.{name}=0"
        for name in ("wrong_key", "no_input", "zero_out", "no_entry", "wrong_entry", "hang_up_per_minute")
    ]
    answer = menu_answer(one_intent(load_scenario("northwind", settings=quiet), "slow internet, phone or television"))
    assert answer.queue["tech_tier2"] == pytest.approx(0.08 + 0.92 * 0.10, abs=1e-9)
    assert answer.queue["tech"] == pytest.approx(0.92 * 0.90, abs=1e-9)
    # As shipped 98 % get past the choice of a language (2 % press 0), 97.5 % past each of two menus (of every prompt 95
    # % mean a key and 99 % of them hit it; 3 % of silence and 0.6 % of harmless wrong keys ask again: 0.9405 / 0.964),
    # 97.2 % enter the number at one of two attempts (0.93 x 0.97 = 0.902, and 7.8 % ask again) and 99 % do not hang up:
    # 0.98 x 0.975^2 x 0.972 x 0.99 x 0.172.
    shipped = menu_answer(one_intent(load_scenario("northwind"), "slow internet, phone or television"))
    assert shipped.queue["tech_tier2"] == pytest.approx(0.154, abs=0.001)


def one_intent(loaded, name: str):
    rules = prepare(loaded).model
    return replace(rules, intent_share=np.array([float(of == name) for of in rules.intents]))


HOURS = """
start: m
hours: {shop: {zone: UTC, mon-sun: "12:00-13:00"}}
keys: {0: {next: desk, label: people}}
nodes:
  m: {type: menu, choices: [{key: 1, label: sales, next: sales}, {key: 2, label: news, next: news}], otherwise: bye}
  sales: {type: hours, hours: shop, on: {open: a, closed: shut}}
  desk: {type: hours, hours: shop, on: {open: b, closed: shut}}
  a: {type: queue, queue: a}
  b: {type: queue, queue: b}
  shut:
    type: menu
    intro: We are closed.
    choices: [{key: 1, label: news, share: 0.25, next: news}, {key: 2, label: the menu again, share: 0.25, next: m},
        {key: 3, label: the end, share: 0.5, next: bye}]
    otherwise: bye
  news: {type: play, serves: true, say: News., next: bye}
  bye: {type: hangup}"""


def test_nobody_knows_the_opening_hours_before_they_hear_them(tmp_path) -> None:
    """At 8 the shop is closed. All press 1, hear it, and then go by the stated shares: 25 % hear the news, 25 % are in
    the main menu again, where sales, and people too, have told them no: each of its two choices has half, so that x =
    1/4 + 1/4 (1/2 + 1/2 x).
    """
    rules = ready(tmp_path, HOURS, "{sales: {share: 1, goal: a}}").model
    taken = menu_traffic(rules, ["news"], [1.0])
    assert taken.taken["m"]["1"] > 1
    assert taken.taken["m"].get("0", 0) == 0
    assert taken.endings["news"].share == pytest.approx((1 / 4 + 1 / 8) / (1 - 1 / 8), abs=1e-9)


def test_open_is_no_no(tmp_path) -> None:
    """Callers who found one `hours` node open also find another with the same hours open."""
    flow = HOURS.replace("start: m\n", "start: door\n").replace(
        "nodes:\n", "nodes:\n  door: {type: hours, hours: shop, on: {open: m, closed: bye}}\n"
    )
    rules = ready(tmp_path, flow.replace("12:00-13:00", "06:00-13:00"), "{people: {share: 1, goal: b}}").model
    assert menu_answer(rules).queue == pytest.approx({"a": 0, "b": 1}, abs=1e-12)


def test_after_a_wrong_key_callers_go_back_where_that_is_announced(tmp_path) -> None:
    """All press wrongly once in 10 presses, each of eleven keys alike. 1 leads astray, where "main menu" is 9 (and 9
    wrong keys of ten ask again); without that option they take what is offered there.
    """
    flow = """
start: m
keys: {9: {next: m, label: the main menu}}
nodes:
  m: {type: menu, choices: [{key: 1, label: bills, next: n},
      {key: 2, label: people, next: c}], attempts: 10, otherwise: b}
  n: {type: menu, choices: [{key: 1, label: paying, next: a}], attempts: 10, otherwise: b}
  a: {type: queue, queue: a}
  b: {type: queue, queue: b}
  c: {type: queue, queue: c}"""
    astray = solved(tmp_path, flow, "{people: {share: 1, goal: c}}", settings=("behaviour.wrong_key=0.1",))
    # Let x be the chance of a from m: astray by the one key in eleven that is 1; there by the one that is 1 to a, else
    # on.
    slip = 0.1 / 11
    from_m = slip / (1 - (0.1 - slip))  # sooner or later astray rather than to c, up to attempts that run out (1e-9)
    from_n = slip / (1 - (0.1 - slip))
    x = from_m * from_n / (1 - from_m * (1 - from_n))
    assert astray.queue["a"] == pytest.approx(x, abs=1e-6)
    silent = solved(
        tmp_path,
        flow.replace("{next: m, label: the main menu}", "m"),
        "{people: {share: 1, goal: c}}",
        settings=("behaviour.wrong_key=0.1",),
    )
    assert silent.queue["a"] > 0.9 * from_m


def test_after_the_goal_nothing_is_wanted_any_more(tmp_path) -> None:
    """Callers who have left a message follow the shares of the menu after it, and do not leave another: 3/4 end, 1/4
    begin anew, and of these in the main menu half each: x = 1/4 (1/2 + 1/2 (1 + x)) further visits of it for each that
    leads to the message again.
    """
    flow = """
start: m
nodes:
  m: {type: menu, choices: [{key: 1, label: a message, next: box}, {key: 2, label: people, next: a}], otherwise: a}
  box: {type: voicemail, box: b, next: more}
  more: {type: menu, choices: [{key: 1, label: the end, share: 0.75, next: bye},
      {key: 2, label: the menu, share: 0.25, next: m}], otherwise: bye}
  a: {type: queue, queue: a}
  bye: {type: hangup}"""
    rules = ready(tmp_path, flow, "{message: {share: 1, goal: box}}", more="leave_message: 1").model
    visits = menu_traffic(rules, ["bye"], [1.0]).visits
    # m is visited 1 + v times; box 1 + v / 2; v = (1 + v / 2) / 4, so v = 2/7.
    assert visits["m"] == pytest.approx(1 + 2 / 7, abs=1e-9)
    assert visits["box"] == pytest.approx(1 + 1 / 7, abs=1e-9)


def test_stated_shares_beat_goals(tmp_path) -> None:
    answer = solved(
        tmp_path, MENU, "{bills: {share: 1, goal: a}}", more='nodes: {m: {shares: {"1": 0.5, "2": 0.3, "3": 0.2}}}'
    )
    assert answer.queue == pytest.approx({"a": 0.5, "b": 0.3, "c": 0.2}, abs=1e-12)


@pytest.mark.parametrize(
    ("flow", "goal", "told"),
    [
        (
            MENU.replace("{key: 3, label: the rest, next: c}", "{key: 3, label: the end, next: bye}").replace(
                "on: {timeout: c}", "on: {timeout: b}"
            )
            + "\n  bye: {type: hangup}",
            "c",
            "silence at 'm'",
        ),
        (
            MENU.replace("label: the rest, ", "")
            .replace("otherwise: c", "otherwise: b")
            .replace("on: {timeout: c}", "on: {timeout: b}"),
            "c",
            "the key 3 at 'm', which is not announced,",
        ),
        (
            MENU.replace("{key: 3, label: the rest, next: c}", "{key: 3, label: the end, next: b}").replace(
                "otherwise: c", "otherwise: b"
            ),
            "c",
            "waiting too long at 'a'",
        ),
        (MENU + "\n  d: {type: hangup}", "d", "; nothing leads there"),
        (
            MENU.replace("nodes:\n", "nodes:\n  s: {type: split, value: x, cases: {y: c}, otherwise: m}\n")
            .replace("start: m", "start: s")
            .replace("next: c}]", "next: b}]")
            .replace("otherwise: c", "otherwise: b")
            .replace("on: {timeout: c}", "on: {timeout: b}"),
            "c",
            "leave it out",
        ),
    ],
)
def test_a_goal_without_an_announced_way_is_told(tmp_path, flow: str, goal: str, told: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        ready(tmp_path, flow, f"{{all: {{share: 1, goal: {goal}}}}}")
    [finding] = caught.value.findings
    assert (finding.code, finding.line) == ("X001", 8)
    assert finding.message.startswith(f"no announced options lead to '{goal}', the goal of the intent 'all'")
    assert told in finding.message
    loaded = load_scenario(tmp_path / "scenario.yaml")
    assert [f.message for f in scenario_facts(str(tmp_path / "scenario.yaml"), loaded.flow).findings] == [
        finding.message
    ]


def test_numbers_differ_and_follow_the_splits() -> None:
    """Northwind: 10 % of account numbers begin with 7, so 7 of ten first digits would also do; with 40 % they must be
    drawn so.
    """
    made = prepare(load_scenario("northwind", settings=['behaviour.splits.account_kind={"7*": 0.4, otherwise: 0.6}']))
    numbers = [
        word
        for plan in key_scripts(made, 3_000, seed=1)
        for word in plan.split(",")
        if len(word) == 9 and word.isdigit()
    ]
    assert len(set(numbers)) > 0.99 * len(numbers) > 1_000
    sevens = sum(number.startswith("7") for number in numbers) / len(numbers)
    assert abs(sevens - 0.4) < 4 * np.sqrt(0.24 / len(numbers))


def test_every_call_keeps_its_case(tmp_path) -> None:
    """What the chain says of a split by shares holds for a call on any line: callers who start over hear the same
    version.
    """
    flow = load_text(f"ivr: 1\nname: Line\n{SPLIT}\nqueues: {{a: {{}}}}\n").flow
    heard = []
    for number in range(200):
        phone = Phone(flow, dt.datetime(2026, 11, 24, 8, tzinfo=dt.UTC), call=f"CA{number}")
        phone.dial()
        for _ in range(3):  # the version, and in version b: start over
            for keys in ("1", "1"):
                if not phone.ended:
                    phone.press(keys)
        heard.append({outcome for node, outcome in phone.path if node == "ab"})
    assert all(len(cases) == 1 for cases in heard)
    # 60 of 200 hear version a, with a standard deviation of 6.5.
    assert abs(heard.count({"a"}) - 60) < 4 * 6.5


def test_what_callers_press_leads_where_they_went(tmp_path) -> None:
    """Northwind without the second telephone number: each plan, pressed on the flow, ends in the queue of the walk it
    was made of.
    """
    made = prepare(load_scenario("northwind", settings=["behaviour.splits.line_called={otherwise: 1}"]))
    walked = walk(made.model, made.draw_callers(Streams(1)), Streams(1))
    for plan, ending, queue in zip(
        key_scripts(made, 300, seed=1), walked.ending[:300], walked.queue[:300], strict=True
    ):
        if ending != OFFERED:
            continue
        phone = Phone(made.loaded.flow, dt.datetime(2026, 11, 24, 10, tzinfo=dt.timezone(dt.timedelta(hours=-5))))
        phone.dial()
        *done, answer = plan.split(",")
        for event in read_keys(",".join(done)) if done else ():
            phone.send(event)
        assert answer == "answer", plan
        assert isinstance(phone.waits, Enqueue), plan
        assert phone.waits.queue == made.model.queues[queue], plan


@pytest.mark.parametrize(("goal", "again"), [("a", 0.5), ("b", 0.0)])
def test_who_has_waited_for_the_goal_does_not_wait_again_on_purpose(tmp_path, goal: str, again: float) -> None:
    """After 10 s in queue a callers are offered "waiting on" and "faults". Those who called for a follow the stated
    shares, so that half of each 1,000 wait on, a quarter twice ...; those who called for b take "faults" each time.
    """
    flow = """
start: m
nodes:
  m: {type: menu, choices: [{key: 1, label: bills, next: a}, {key: 2, label: faults, next: a},
      {key: 3, label: more, next: b}], otherwise: a}
  a: {type: queue, queue: a, max_wait: 10s, on: {timeout: n}}
  n: {type: menu, choices: [{key: 1, label: waiting on, share: 0.5, next: a},
      {key: 2, label: faults, share: 0.5, next: b}], otherwise: b}
  b: {type: queue, queue: b}"""
    shares = 'nodes: {m: {shares: {"1": 0.9, "3": 0.1}}}'  # most reach queue a first, whatever they want
    made = ready(tmp_path, flow, f"{{all: {{share: 1, goal: {goal}}}}}", more=shares)
    table = build_call_table(made, Streams(3))
    in_a = int((table.queue == table.queues.index("a")).sum())
    first = int((table.queue[: len(table.arrived_us)] == table.queues.index("a")).sum())
    wanted = first * sum(again**k for k in range(6))
    assert abs(in_a - wanted) <= 4 * np.sqrt(first * 2 * again)


def test_numbers_of_open_length_are_finished(tmp_path) -> None:
    """Of one to three digits each length has a third; all but those of three end with #, which nothing else would
    end.
    """
    flow = """
start: n
nodes:
  n: {type: collect, say: How many?, into: n, digits: 1-3, next: a, otherwise: a}
  a: {type: queue, queue: a}"""
    made = ready(tmp_path, flow, "{all: {share: 1, goal: a}}")
    entered = [plan.removesuffix(",answer") for plan in key_scripts(made, 900, seed=1)]
    assert all(word.endswith("#") == (len(word.rstrip("#")) < 3) for word in entered)
    # 300 of each, with a standard deviation of 14.
    assert all(abs(sum(len(word.rstrip("#")) == length for word in entered) - 300) < 4 * 14.2 for length in (1, 2, 3))


def test_who_hangs_up_by_share_takes_as_long_as_the_others(tmp_path) -> None:
    """ "For sales, press 1." is heard in 1.6 s, 2 after 0.6 s and 1.6 s more; a second of reaction and a gap of 0.5 s:
    3.1 s and 5.3 s.

    Half hang up, at the end of either: they too are in the menu for 4.2 s on average, half of them for 5.3 s.
    """
    flow = """
start: m
nodes:
  m: {type: menu, choices: [{key: 1, label: sales, next: a}, {key: 2, label: billing, next: b}], otherwise: a}
  a: {type: queue, queue: a}
  b: {type: queue, queue: b}"""
    measured = "reaction: {constant: 1s}, nodes: {m: {shares: {'1': 0.25, '2': 0.25, hung_up: 0.5}}}"
    made = ready(tmp_path, flow, "{sales: {share: 1, goal: a}}", more=measured)
    assert menu_answer(made.model).menu_s == pytest.approx(4.2)
    streams = Streams(3, 0)
    callers = made.draw_callers(streams)
    walked = walk(made.model, callers, streams)
    left = walked.menu_us[walked.queue < 0] / 1e6
    assert sorted(set(left.tolist())) == [3.1, 5.3]
    assert len(left) > 800
    assert np.mean(left == 5.3) == pytest.approx(0.5, abs=4 * 0.5 / len(left) ** 0.5)
    # The measured share replaces the rate: six a minute change nothing.
    made = ready(
        tmp_path, flow, "{sales: {share: 1, goal: a}}", more=measured, settings=("behaviour.hang_up_per_minute=6",)
    )
    assert menu_answer(made.model).menu_s == pytest.approx(4.2)
