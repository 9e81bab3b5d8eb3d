"""Seconds and keys of legs, as docs/seconds.md defines them: worked by hand in every driver, and driver against driver.

d = 1 s to react, s = 0.5 s of the system, 0.4 s a word of English, a digit, and a further key; 0.6 s between two
options.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import numpy as np
import pytest

from flows.analysis.leg_time import LISTENERS, number
from flows.analysis.path_legs import ways_on
from flows.analysis.quickest_paths import leaves, quickest_paths
from flows.analysis.times_to_leaf import first_time
from flows.model.flow import Flow
from flows.model.load import load, load_text
from flows.nodes.pay import Pay
from flows.protocol.actions import Event, HungUp, Keys, Listen, Outcome, Say, Silence, Start
from flows.speech.prompt import placeholders
from flows.speech.timing import say_s
from ivr.__main__ import main
from ivr.interpreter.chain import State, offered_state, tabulate
from ivr.phone.terminal_phone import Phone, Turn
from simulation.experiment.assumptions import assumptions
from simulation.loading.load import load_scenario
from simulation.menus.exact_solution import menu_answer
from simulation.menus.sampled_walk import Callers, walk
from simulation.sampling.streams import Streams
from simulation.workload.build_call_table import prepare
from tests.support import texts
from tests.support.library import FIXTURES, SHIPPED
from tests.support.menu_callers import certain

NOON = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)


def crowd(n: int, *, language: int = 0) -> Callers:
    return Callers(
        np.zeros(n, np.int64),
        np.zeros(n, np.int16),
        np.full(n, language, np.int16),
        Streams(1).generator("kind").random(n),
        np.full(n, 1e9),
    )


def line(nodes: str, more: str = "") -> str:
    desk = "  desk: {type: queue, queue: desk}\n"
    return texts.flow(f"{nodes}{desk}", start="start", more=f"queues: {{desk: {{}}}}\n{more}")


def menu(prompt: str, second: str = "2") -> str:
    return line(f"""
  start:
    type: menu
    {prompt}
    choices:
      - {{key: 1, label: sales, next: bye}}
      - {{key: {second}, label: billing, next: desk}}
    otherwise: bye
  bye: {{type: hangup}}
""")


ENTRY = (
    "  start: {{type: collect, say: Your number?, into: id, digits: {}, confirm: {}, next: desk, otherwise: desk}}\n"
)
OFFER = line(
    "  start: {type: callback, queue: desk, WINDOWS on: {booked: bye, failed: desk}, otherwise: desk}\n  bye: {type:"
    " hangup}\n"
)
IN_SPANISH = line(
    """
  start:
    type: language
    choices: [{key: 1, language: en-US}, {key: 2, language: en-GB}]
    next: desk
""",
    "languages: [en-US, en-GB]\n",
)

CASES = [
    # "For sales, press 1." 1.6, the pause 0.6, "For billing, press 2." 1.6, and d + s.
    ("composed", menu("note: composed"), "desk", "2", 1.6 + 0.6 + 1.6 + 1.5, 1),
    # The same words as one prompt: no pause.
    ("written", menu('prompt: "For sales, press 1. For billing, press 2."'), "desk", "2", 3.2 + 1.5, 1),
    # Two seconds for six options, whose pauses alone would be 3.0: the last has been heard after 2.
    (
        "stated",
        menu(
            'prompt: {text: "For sales, press 1. For a, press 3. For b, press 4. For c, press 5. For d, press 6. For'
            ' billing, press 2.", seconds: 2}'
        ),
        "desk",
        "2",
        2 + 1.5,
        1,
    ),
    # A recording of four seconds whose words are not written down.
    ("recorded", menu("prompt: {audio: menu.wav, seconds: 4}"), "desk", "2", 4 + 1.5, 1),
    # 306 waits for nothing: 0.4 for each of two further keys; "For sales, press 1." 1.6, 0.6, "For billing, press 3 0
    # 6." 1.2 + 1.2
    ("three keys", menu("note: composed", "306"), "desk", "306", 1.6 + 0.6 + 2.4 + 1 + 0.8 + 0.5, 1),
    # Ten digits, one press: "Your number?" 0.8, nine further digits.
    ("fixed", line(ENTRY.format(10, "false")), "desk", "4017239568", 0.8 + 1 + 9 * 0.4 + 0.5, 1),
    # From six to ten: eight, and pound.
    ("open", line(ENTRY.format("6-10", "false")), "desk", "40172395#", 0.8 + 1 + 8 * 0.4 + 0.5, 1),
    # Read back: 12 words, the digits 1 and 2, and ten digits.
    ("read back", line(ENTRY.format(10, "true")), "desk", "4017239568,1", 0.8 + 5.1 + (12 + 2 + 10) * 0.4 + 1.5, 2),
    # The caller's number: 16 words, 1 and 2, and eleven digits.
    ("offer", OFFER.replace("WINDOWS", ""), "start", "1", (16 + 2 + 11) * 0.4 + 1.5, 1),
    # Then a time: "For a call as soon as possible, press 1." 8 words and a digit, the pause, "For a call later today,
    # press 2." 6 and one.
    ("window", OFFER.replace("WINDOWS", "windows: [now, later],"), "start", "1,2", 13.1 + 3.6 + 0.6 + 2.8 + 1.5, 2),
    # "For English, press 1." and "For English, press 2.": 1.6 + 0.6 + 1.6
    ("language", IN_SPANISH, "desk", "2", 3.8 + 1.5, 1),
]
NAMES = [case[0] for case in CASES]


@pytest.mark.parametrize(("name", "flow", "goal", "keys", "seconds", "presses"), CASES, ids=NAMES)
def test_the_terminal_phone_by_hand(name, flow, goal, keys, seconds, presses, tmp_path, capsys) -> None:
    file = tmp_path / "line.yaml"
    file.write_text(flow, "utf-8")
    assert main(["call", str(file), "--from", "+14155550100", "--keys", keys, "--json"]) == 0
    called = json.loads(capsys.readouterr().out)
    assert (called["seconds"], called["key_presses"]) == (pytest.approx(seconds, abs=0.051), presses)


@pytest.mark.parametrize(("name", "flow", "goal", "keys", "seconds", "presses"), CASES, ids=NAMES)
def test_simulation_and_exact_values_by_hand(name, flow, goal, keys, seconds, presses, tmp_path) -> None:
    settings = ["behaviour.languages={en-US: 0, en-GB: 1}"] if name == "language" else []
    if name == "window":
        settings.append("behaviour.nodes={start: {shares: {same: 1, now: 0, later: 1}}}")
    ready = certain(tmp_path, flow, goal, *settings)
    if goal == "start":  # the goal is the node itself; everything in it belongs to the way
        ready = certain(
            tmp_path, flow.replace("bye: {type: hangup}", "bye: {type: hangup, outcome: contained}"), "bye", *settings
        )
    answer = menu_answer(ready.model)
    assert (answer.menu_s, answer.key_presses) == pytest.approx((seconds, presses), abs=1e-9)
    menus = walk(ready.model, crowd(5, language=int(ready.model.language_share.argmax())), Streams(1))
    assert menus.key_presses.tolist() == [presses] * 5
    assert menus.menu_us / 1e6 == pytest.approx([seconds] * 5, abs=2e-6)


@pytest.mark.parametrize(("name", "flow", "goal", "keys", "seconds", "presses"), CASES, ids=NAMES)
def test_the_drawing_by_hand(name, flow, goal, keys, seconds, presses) -> None:
    if name == "window":  # the quickest is the first window: 0.6 + 2.8 less
        seconds -= 3.4
    made = load_text(flow).flow
    found = quickest_paths(made, "en-GB" if name == "language" else "")["bye" if goal == "start" else goal]
    if name == "language":  # whoever speaks the first language presses its key, which is as good a way on
        seconds -= 2.2
    assert (found.seconds, found.presses) == (pytest.approx(seconds), presses)


def test_a_key_that_could_be_the_beginning_of_a_longer_one_waits(tmp_path) -> None:
    """Key 1 beside 306: 1.6 + 1 + 3 s of pause + 0.5 in phone, drawing and simulation."""
    flow = (
        menu("note: composed", "306")
        .replace("next: bye", "next: x")
        .replace("next: desk", "next: bye")
        .replace("next: x", "next: desk")
    )
    phone = Phone(load_text(flow).flow, NOON)
    phone.dial()
    phone.press("1")
    assert phone.elapsed_s == pytest.approx(6.1)
    assert quickest_paths(load_text(flow).flow)["desk"].seconds == pytest.approx(6.1)
    assert menu_answer(certain(tmp_path, flow, "desk").model).menu_s == pytest.approx(6.1)
    assert first_time(leaves(load_text(flow).flow)[0].legs).mean_s > 0


def test_0_at_an_entry_waits_for_further_digits(tmp_path) -> None:
    """ "Your number?" of 0.8 s is not heard; d, 4 s between two digits, s."""
    flow = line(ENTRY.format("6, interdigit: 4s", "false"), "keys: {0: {next: desk}}\n")
    ready = certain(tmp_path, flow, "desk", "behaviour.zero_out=1", "behaviour.no_entry=0")
    answer = menu_answer(ready.model)
    assert (answer.menu_s, answer.key_presses, answer.share_zero_out) == pytest.approx((1 + 4 + 0.5, 1, 1))


def test_a_wrong_key_is_one_key_and_takes_its_own_time(tmp_path) -> None:
    """All slip. Whoever listens for 306 (4.6 s) hits one key, which waits out the pause: 1 if it is 1 (one of twelve),
    else none.
    """
    ready = certain(tmp_path, menu("attempts: 1", "306"), "desk", "behaviour.wrong_key=1")
    answer = menu_answer(ready.model)
    assert (answer.menu_s, answer.key_presses) == pytest.approx((4.6 + 1 + 3 + 0.5, 1))


def test_a_case_of_a_split_is_no_key(tmp_path) -> None:
    flow = line("  start: {type: split, value: tier, cases: {0: desk}, otherwise: desk}\n")
    answer = menu_answer(certain(tmp_path, flow, "desk", 'behaviour.splits={start: {"0": 1, otherwise: 0}}').model)
    assert (answer.key_presses, answer.share_zero_out) == (0, 0)


SURVEY = line("""
  start: {type: survey, questions: [{kind: csat}, {kind: resolved}], next: again}
  again: {type: collect, say: Your number?, into: id, digits: 2, confirm: true, next: desk, otherwise: desk}
""")


def test_dwell_is_the_time_of_one_visit(tmp_path) -> None:
    """Two questions and a number that is confirmed, half of the entries wrong: 12 + 20 s, whatever happens in the
    nodes.
    """
    settings = ("behaviour.nodes={start: {dwell: {constant: 12s}}, again: {dwell: {constant: 20s}, wrong_entry: 0.5}}",)
    ready = certain(tmp_path, SURVEY, "desk", *settings)
    assert menu_answer(ready.model).menu_s == pytest.approx(32, abs=1e-9)
    menus = walk(ready.model, crowd(200), Streams(1))
    assert set(menus.menu_us.tolist()) == {32_000_000}
    assert len(set(menus.key_presses.tolist())) > 1


def test_dwell_begins_anew_with_a_visit(tmp_path) -> None:
    """*9* says the menu again, which is another visit: half press it, each time. 10 s a visit, two visits on
    average.
    """
    flow = menu("note: composed").replace("name: Line", "name: Line\nkeys: {9: repeat}")
    ready = certain(
        tmp_path, flow, "desk", "behaviour.nodes={start: {dwell: {constant: 10s}, shares: {'2': 0.5, '9': 0.5}}}"
    )
    assert menu_answer(ready.model).menu_s == pytest.approx(20, abs=1e-6)


@pytest.mark.parametrize("name", ["desk", "bye"])
def test_a_queue_and_a_goodbye_have_no_dwell(name: str, tmp_path) -> None:
    from flows.source.finding import ScenarioError

    with pytest.raises(ScenarioError, match="its time cannot be stated"):
        certain(tmp_path, menu("note: composed"), "desk", f"behaviour.nodes={{{name}: {{dwell: {{constant: 1s}}}}}}")


# Driver against driver


def says_what_is_not_known(flow: Flow, state: State) -> bool:
    """Whether a text says a value of which not even the length is known, such as one that is looked up."""
    node = flow.nodes[state.node]
    texts = [text for _, prompt in node.prompts() for text in prompt.text.values()]
    texts += [node.amount] if isinstance(node, Pay) else []
    return any(name not in flow.usual_values for text in texts for name in placeholders(text))


def at(flow: Flow, state: State) -> Phone:
    """A phone whose call has come to a state, with values of the lengths that are usual."""
    phone = Phone(flow, NOON)
    own = {**flow.usual_values, **flow.nodes[state.node].usual_values(state.session.phase)}
    phone.session = state.session.with_values(own | {"language": state.session.language})
    phone.turns = [Turn(0.0, "", (), (), state.waits)]
    return phone


def events(flow: Flow, state: State) -> dict[str, tuple[Event, bool]]:
    """What leads to the outcomes that wait for somebody, tried out on the node itself."""
    waits, node = state.waits, flow.nodes[state.node]
    if not isinstance(waits, Listen):
        return {edge.outcome: (Outcome(edge.outcome), False) for edge in state.edges}
    entry = node.entry(state.session.here(flow))
    tries = [number(entry, waits, node.entry_keys(state.session.here(flow)))] if entry else []
    tries += [(Keys(key), False) for key in (*waits.keys, *flow.keys)]
    tries += [(Silence(), False), *((Keys(key), False) for key in "1234567890*")]
    found: dict[str, tuple[Event, bool]] = {}
    for event, finished in tries:
        reading = node.classify(state.session.here(flow), event)
        found.setdefault(reading.outcome if reading else "", (event, finished))
    return found


@pytest.mark.parametrize("name", [*SHIPPED, *FIXTURES], ids=lambda name: Path(name).stem)
def test_the_phone_takes_the_times_of_the_chain(name: str) -> None:
    flow = load(name).flow
    for state in (offered_state(flow, state, {}) for state in tabulate(flow).states):
        if says_what_is_not_known(flow, state):
            continue
        phone = at(flow, state)
        said = flow.nodes[state.node].enter(phone.session.here(flow))
        at_once_s = sum(say_s(say) for say in said if isinstance(say, Say) and not say.barge_in)
        if not isinstance(state.waits, Listen):
            assert at_once_s == pytest.approx(state.times[""].whole_s), state.node
        for outcome, (event, finished) in events(flow, state).items() if state.waits else ():
            if outcome not in state.times:
                continue
            time = state.times[outcome]
            if outcome == "no_match" and flow.nodes[state.node].entry(state.session.here(flow)):
                continue  # one key that is no number; callers who mistake a number enter as many as for a right one
            assert at_once_s + phone._takes_s(event, finished=finished) == pytest.approx(time.seconds(), abs=1e-6), (
                state.node,
                outcome,
            )
            assert phone._act(event, finished=finished).presses == time.act.presses, (state.node, outcome)


@pytest.mark.parametrize("name", SHIPPED)
def test_the_simulation_takes_the_times_of_the_chain(name: str) -> None:
    """With the usual means, which a scenario may state otherwise."""
    usual = {"lookup": 1, "ring": 10, "message": 30, "reaction": 1}
    rules = prepare(
        load_scenario(name, settings=[f"behaviour.{what}={{constant: {seconds}s}}" for what, seconds in usual.items()])
    ).model
    mean_s = np.array([extra.mean for extra in rules.extras])
    for position, state in enumerate(rules.chain.states):
        assert rules.whole_s[position] == pytest.approx(state.times[""].whole_s)
        for edge, outcome in enumerate(rules.chain.label[position]):
            time = state.times[outcome]
            taken = (
                rules.heard_s[:, position, edge] + rules.rest_s[position, edge] + mean_s[rules.extra[position, edge]]
            )
            assert taken == pytest.approx([time.seconds(listener) for listener in LISTENERS]), (state.node, outcome)
            assert rules.keys[position, edge] == time.act.presses


@pytest.mark.parametrize("name", [*SHIPPED, *FIXTURES], ids=lambda name: Path(name).stem)
def test_the_drawing_takes_the_times_of_the_chain(name: str) -> None:
    flow = load(name).flow
    first = {
        (state.node, state.session.language, state.session.phase): state
        for state in reversed(tabulate(flow).states)
        if state.session.attempt == 1 and not state.session.outcome
    }
    compared = 0
    for (node, language, phase), state in first.items():
        if phase:
            continue
        for _, _, legs, _ in ways_on(flow.nodes[node], state.session.here(flow)):
            for leg in legs:
                of = first.get((node, language, leg.here.phase))
                if of is not None and leg.outcome in of.times:
                    assert leg.time == of.times[leg.outcome], (node, leg.outcome)
                    compared += 1
    assert compared > 0


def test_a_call_from_end_to_end_is_the_sum_of_its_legs() -> None:
    """A number of open length, read back: what the phone's clock says at the end of the call is what the chain says leg
    by leg.
    """
    flow = load_text(line(ENTRY.format("6-10", "true"))).flow
    chain, phone = tabulate(flow), Phone(flow, NOON, Start(ani="+14155550100"))
    phone.dial()
    phone.press("40172395#")
    phone.press("1")
    position, seconds, keys = chain.start, 0.0, 0
    for _, outcome in phone.path:
        time = chain.states[position].times[outcome]
        seconds, keys, position = (
            seconds + time.seconds(),
            keys + time.act.presses,
            chain.states[position].edge(outcome).to,
        )
    assert (phone.elapsed_s, phone.key_presses) == (pytest.approx(seconds), keys)


def test_hanging_up_takes_no_time_and_no_key() -> None:
    phone = Phone(load_text(menu("note: composed")).flow, NOON)
    phone.dial()
    phone.send(HungUp())
    assert (phone.elapsed_s, phone.key_presses) == (0, 0)


@pytest.mark.parametrize(
    ("node", "seconds"),
    [
        ("{type: voicemail, box: b, max: 20s, next: desk}", 20),
        ("{type: voicemail, box: b, next: desk}", 30),
        ('{type: dial, number: "+14155550101", timeout: 6s, on: {answered: desk}, otherwise: desk}', 6),
    ],
)
def test_nothing_takes_longer_than_the_node_bears(node: str, seconds: float, tmp_path) -> None:
    """A message of 30 s is cut off by a box of 20 s; ten seconds of ringing by a time-out of 6 s."""
    flow = line(f"  start: {node}\n")
    ready = certain(tmp_path, flow, "start", "behaviour.message={constant: 30s}", "behaviour.leave_message=1")
    assert menu_answer(ready.model).menu_s == pytest.approx(seconds)
    phone = Phone(load_text(flow).flow, NOON)
    phone.dial()
    phone.send(Outcome("recorded" if "voicemail" in node else "answered"))
    assert phone.elapsed_s == pytest.approx(seconds)
    assert quickest_paths(load_text(flow).flow)["desk"].seconds == pytest.approx(seconds)
    # and what differs from caller to caller: an exponential with mean m cut off at m lasts m (1 - 1/e) on average
    varied = certain(
        tmp_path,
        flow,
        "start",
        f"behaviour.message={{exponential: {seconds}s}}",
        f"behaviour.ring={{exponential: {seconds}s}}",
        "behaviour.leave_message=1",
    )
    if seconds != 30:
        assert menu_answer(varied.model).menu_s == pytest.approx(seconds * (1 - np.exp(-1)), rel=1e-3)
        assert walk(varied.model, crowd(2_000), Streams(1)).menu_us.max() == seconds * 1_000_000


def test_what_is_assumed_of_numbers_is_said(tmp_path) -> None:
    said = (
        "numbers of open length have the middle of the lengths allowed and are finished with the finish key: 8 digits"
        " at start"
    )
    for digits, told in (("6-10", True), ("8", False)):
        ready = certain(tmp_path, line(ENTRY.format(digits, "true")), "desk")
        assert (said in assumptions(ready.scenario, ready.model.chain)) == told
