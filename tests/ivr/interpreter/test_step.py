"""The interpreter: limits, fallback, ways back, hanging up; every action list written out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.model.flow import Flow
from flows.protocol.actions import HangUp, HungUp, Keys, Listen, Outcome, Passed, Say, Silence, Start
from ivr.interpreter.session import MAX_VALUE, Session
from ivr.interpreter.step import MAX_DEPTH, MAX_IDLE, MAX_STEPS, step


def flow_of(nodes: dict[str, dict[str, object]], **more: object) -> Flow:
    return Flow.model_validate({"ivr": "1", "name": "Line", "start": next(iter(nodes)), "nodes": nodes, **more})


def menu(**targets: str) -> dict[str, object]:
    choices = [{"key": key.strip("k"), "label": f"choice {key.strip('k')}", "next": to} for key, to in targets.items()]
    return {"type": "menu", "choices": choices, "otherwise": "operator"}


OPERATOR = {"type": "hangup", "say": "Operator."}


def play(flow: Flow, *events: object) -> tuple[Session, list[object]]:
    session, out = step(flow, Session(), Start())
    actions: list[object] = list(out)
    for event in events:
        session, out = step(flow, session, event)  # type: ignore[arg-type]
        actions += out
    return session, actions


def test_a_call_as_a_list_of_actions() -> None:
    flow = flow_of({"main": menu(k1="bye"), "bye": {"type": "hangup", "say": "Goodbye."}, "operator": OPERATOR})
    session, actions = play(flow, Keys("1"))
    # "For choice 1, press 1.": four words at 2.5 a second, two digits at 0.4 s = 3 / 2.5 + 0.8 = 2.0
    assert actions == [
        Say("For choice 1, press 1.", "en-US", seconds=2.0, barge_in=True),
        Listen(("1",), 1, "#", 5.0, 3.0, "en-US"),
        Passed("main", "1"),
        Say("Goodbye.", "en-US"),
        Passed("bye", "hangup"),
        HangUp("contained"),
    ]
    assert (session.steps, session.seq, session.ended) == (2, 2, True)


def test_a_silent_loop_ends_at_the_fallback_and_never_hangs() -> None:
    flow = flow_of(
        {
            "a": {"type": "play", "say": "A.", "next": "b"},
            "b": {"type": "play", "say": "B.", "next": "a"},
            "op": OPERATOR,
        },
        fallback="op",
    )
    session, actions = play(flow)
    # MAX_IDLE nodes are entered without input, then the fallback speaks.
    assert sum(isinstance(a, Passed) and a.node in "ab" for a in actions) == MAX_IDLE
    assert actions[-3:] == [Say("Operator.", "en-US"), Passed("op", "hangup"), HangUp("contained")]
    assert session.fell_back


def test_without_a_fallback_the_caller_hears_an_apology() -> None:
    flow = flow_of({"a": {"type": "play", "say": "A.", "next": "a"}})
    session, actions = play(flow)
    apology = "We are sorry, we cannot continue this call. Please call again later. Goodbye."
    assert actions[-2:] == [Say(apology, "en-US"), HangUp("failed")]
    assert session.outcome == "failed"


def test_a_fallback_that_loops_itself_ends() -> None:
    flow = flow_of({"a": {"type": "play", "say": "A.", "next": "a"}}, fallback="a")
    session, actions = play(flow)
    assert isinstance(actions[-1], HangUp)
    assert session.steps == 2 * MAX_IDLE


def test_a_caller_who_never_stops_pressing_is_let_go() -> None:
    flow = flow_of({"main": menu(k1="main"), "operator": OPERATOR}, keys={"0": "operator"})
    session, _ = step(flow, Session(), Start())
    presses = 0
    while not session.ended:
        session, _ = step(flow, session, Keys("1"))
        presses += 1
    # The start enters the first node; every press enters one more until MAX_STEPS, then the fallback.
    assert presses == MAX_STEPS


def test_subflows_deeper_than_the_limit_go_to_the_fallback() -> None:
    nodes: dict[str, dict[str, object]] = {
        f"s{i}": {"type": "subflow", "start": f"s{i + 1}", "next": "operator"} for i in range(MAX_DEPTH + 2)
    }
    nodes[f"s{MAX_DEPTH + 2}"] = {"type": "play", "say": "Deep.", "next": "return"}
    session, actions = play(flow_of({**nodes, "op": OPERATOR}, fallback="op"))
    assert not any(isinstance(a, Say) and a.text == "Deep." for a in actions)
    assert actions[-1] == HangUp("contained")
    assert session.fell_back


@pytest.mark.parametrize("target", ["nowhere", "return"])
def test_a_target_that_is_not_there_goes_to_the_operator(target: str) -> None:
    flow = flow_of({"main": menu(k1=target), "operator": OPERATOR}, keys={"0": "operator"})
    _, actions = play(flow, Keys("1"))
    assert actions[-3:] == [Say("Operator.", "en-US"), Passed("operator", "hangup"), HangUp("contained")]


def test_back_goes_to_the_menu_before_and_at_the_first_says_it_again() -> None:
    flow = flow_of(
        {"a": menu(k1="b"), "b": menu(k1="c"), "c": menu(k1="a"), "operator": OPERATOR},
        keys={"*": "back", "9": "repeat"},
    )
    walk = []
    session, _ = step(flow, Session(), Start())
    for keys in ("1", "1", "*", "*", "*", "1", "1", "1"):
        session, _ = step(flow, session, Keys(keys))
        walk.append((session.node, session.history))
    assert walk == [
        ("b", ("a", "b")),
        ("c", ("a", "b", "c")),
        ("b", ("a", "b")),
        ("a", ("a",)),
        ("a", ("a",)),
        ("b", ("a", "b")),
        ("c", ("a", "b", "c")),
        ("a", ("a",)),  # coming to a menu again forgets what lay between
    ]


def test_attempts_are_counted_together_and_repeat_starts_anew() -> None:
    flow = flow_of({"main": menu(k1="main"), "operator": OPERATOR}, keys={"9": "repeat"})
    session, _ = play(flow, Silence(), Keys("5"))
    assert (session.attempt, session.reason) == (3, "no_match")
    session, _ = step(flow, session, Keys("9"))
    assert (session.attempt, session.reason) == (1, "")
    session, _ = play(flow, Silence(), Keys("5"), Silence())
    assert session.node == "operator"


@pytest.mark.parametrize(
    ("events", "outcome"),
    [
        ((HungUp(),), "abandoned_in_menu"),
        ((Keys("1"), HungUp()), "abandoned"),
        ((Keys("1"), Outcome("answered"), HungUp()), "handled"),
        ((Keys("2"), HungUp()), "contained"),
        ((Keys("3"), Outcome("closed"), HungUp()), "closed"),
    ],
)
def test_what_a_call_has_come_to_when_the_caller_hangs_up(events: tuple[object, ...], outcome: str) -> None:
    flow = flow_of(
        {
            "main": menu(k1="tech", k2="info", k3="open"),
            "tech": {"type": "queue", "queue": "tech", "on": {"answered": "survey"}},
            "survey": menu(k1="operator"),
            "info": {"type": "play", "say": "It is 12.", "serves": True, "next": "main"},
            "open": {"type": "hours", "hours": "office", "on": {"open": "main", "closed": "main"}},
            "operator": OPERATOR,
        },
        queues={"tech": {}},
        hours={"office": {"zone": "UTC", "mon": "08:00-09:00"}},
    )
    session, actions = play(flow, *events)
    assert session.outcome == outcome
    assert actions[-1] == Passed(session.node, "hung_up")


@pytest.mark.parametrize(
    ("events", "outcome"),
    [
        ((Keys("1"), Outcome("timeout"), Keys("1")), "turned_away"),
        ((Keys("1"), Outcome("full"), Keys("1")), "turned_away"),
        ((Keys("1"), Outcome("key #"), Keys("1")), "turned_away"),
        ((Keys("2"), Outcome("busy"), Keys("1")), "turned_away"),
        ((Keys("1"), Outcome("timeout"), HungUp()), "abandoned_in_menu"),  # the caller, not the line
        ((Keys("1"), Outcome("timeout"), Keys("2")), "contained"),  # the hangup says so itself
        ((Keys("1"), Outcome("timeout"), Keys("3")), "contained"),  # has heard what serves
        ((Keys("1"), Outcome("timeout"), Keys("4"), Outcome("recorded"), Keys("1")), "voicemail"),
        ((Keys("1"), Outcome("timeout"), Keys("4"), Outcome("empty"), Keys("1")), "abandoned_in_menu"),
        (
            (Keys("1"), Outcome("timeout"), Keys("4"), Outcome("empty"), Keys("5"), Outcome("full"), Keys("1")),
            "turned_away",
        ),
        ((Keys("1"), Outcome("timeout"), Keys("5"), Outcome("answered")), "handled"),
        ((Keys("1"), Outcome("timeout"), Keys("5"), HungUp()), "abandoned"),
        ((Keys("3"), Outcome("answered"), Keys("5"), Outcome("timeout"), Keys("1")), "handled"),
        ((Keys("1"), Outcome("closed"), Keys("1")), "closed"),
    ],
)
def test_what_a_call_has_come_to_when_the_line_hangs_up_after_a_queue(events: tuple[object, ...], outcome: str) -> None:
    sorry = {"on": {"timeout": "sorry", "full": "sorry", "closed": "sorry", "answered": "sorry"}}
    flow = flow_of(
        {
            "main": menu(k1="tech", k2="store", k3="served"),
            "tech": {"type": "queue", "queue": "tech", "max_wait": "5m", "while_waiting": {"pound": "sorry"}, **sorry},
            "served": {"type": "queue", "queue": "tech", **sorry},
            "store": {"type": "dial", "number": "+14155550100", "otherwise": "sorry"},
            "sorry": menu(k1="bye", k2="done", k3="info", k4="box", k5="again"),
            "again": {"type": "queue", "queue": "tech", "on": {"timeout": "sorry", "full": "sorry"}},
            "info": {"type": "play", "say": "It is 12.", "serves": True, "next": "bye"},
            "box": {"type": "voicemail", "box": "desk", "next": "sorry"},
            "done": {"type": "hangup", "outcome": "contained"},
            "bye": {"type": "hangup"},
            "operator": OPERATOR,
        },
        queues={"tech": {}},
    )
    assert play(flow, *events)[0].outcome == outcome


def test_pressing_zero_is_remembered() -> None:
    flow = flow_of({"main": menu(k0="operator", k1="operator"), "operator": OPERATOR})
    assert play(flow, Keys("0"))[0].zero_out
    assert not play(flow, Keys("1"))[0].zero_out


def test_values_are_cut_to_their_limit() -> None:
    flow = flow_of({"bye": OPERATOR})
    session, _ = step(flow, Session(), Start(values={"note": "x" * 10_000}))
    assert len(session.value("note")) == MAX_VALUE


def test_before_the_start_nothing_happens() -> None:
    flow = flow_of({"bye": OPERATOR})
    assert step(flow, Session(), Keys("1")) == (Session(), ())
    assert step(flow, Session(), HungUp())[0].outcome == "abandoned_in_menu"


text = st.text(max_size=30)
sessions = st.builds(
    Session,
    node=text,
    language=text,
    attempt=st.integers(1, 10),
    reason=text,
    phase=text,
    outcome=text,
    history=st.lists(text, max_size=4).map(tuple),
    stack=st.lists(st.tuples(text, st.integers(0, 9)), max_size=3).map(tuple),
    values=st.dictionaries(text, text, max_size=4).map(lambda d: tuple(sorted(d.items()))),
    steps=st.integers(0, 2000),
    seq=st.integers(0, 2000),
    zero_out=st.booleans(),
    ended=st.booleans(),
)


@given(sessions)
def test_a_session_survives_json_and_the_same_session_gives_the_same_text(session: Session) -> None:
    again = Session.from_json(session.to_json())
    assert again == session
    assert again.to_json() == session.to_json()


@pytest.mark.parametrize(
    "wrong",
    ["", "[]", "7", "{", '{"node":7}', '{"nod":"x"}', '{"stack":[["a"]]}', '{"values":[1]}', '{"steps":"1"}', "null"],
)
def test_what_is_no_session_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="not a session"):
        Session.from_json(wrong)
