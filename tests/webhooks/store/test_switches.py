"""Switches in the database: turned by command, read by every worker, off by themselves, kept while it is away."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from flows.model.flow import Flow
from flows.model.load import load_text
from flows.source.finding import UsageError
from webhooks.store import Store
from webhooks.store.switch_states import SwitchState, SwitchStates, turn_switch
from webhooks.store.switch_texts import described, message_texts, moment_until, said_of

STORM = SwitchState(True, {"en-US": "Storm."}, at_us=5, until_us=9, by_whom="ana")
HOUR_US = 3_600_000_000
TEN = 1_796_119_200_000_000  # Tuesday 2026-12-01, 10:00 in London


def london() -> Flow:
    return load_text(
        "{ivr: 1, name: L, start: bye, languages: [en-GB, cy-GB], nodes: {bye: {type: hangup}}, "
        "hours: {office: {zone: Europe/London, mon: '08:00-09:00'}}}".replace("cy-GB", "fr-FR")
    ).flow


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(str(tmp_path / "calls.sqlite"))


def test_what_one_worker_turns_another_sees(store: Store, tmp_path: Path) -> None:
    assert SwitchStates(store).now() == {}
    turn_switch(store, "storm", STORM)
    other = Store(str(tmp_path / "calls.sqlite"))
    assert SwitchStates(other).now() == {"storm": STORM}


def test_turned_off_it_keeps_what_calls_in_progress_still_say(store: Store) -> None:
    turn_switch(store, "storm", STORM)
    turn_switch(store, "storm", SwitchState(False, {}, at_us=7, by_whom="bo"))
    assert SwitchStates(store).now() == {"storm": SwitchState(False, STORM.messages, 7, None, "bo")}
    turn_switch(store, "storm", SwitchState(True, {}, at_us=8))
    assert SwitchStates(store).now()["storm"].messages == {}  # on again, with the flow's own words


def test_without_a_database_everything_is_off() -> None:
    assert SwitchStates(None).now() == {}


def test_while_the_database_is_away_they_stay_as_they_were(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    states = SwitchStates(store)
    turn_switch(store, "storm", STORM)
    assert states.now() == {"storm": STORM}
    states._until_s = 0.0
    store.close()
    assert store.file is not None
    store.file.unlink()
    store.file.mkdir()  # a folder cannot be opened as a database
    assert states.now() == {"storm": STORM}
    assert "switches cannot be read now" in caplog.text
    states.now()
    assert caplog.text.count("switches cannot be read") == 1  # not once a caller


@pytest.mark.parametrize(
    ("now_us", "on", "changed_us"),
    [(5, True, 5), (8, True, 5), (9, False, 9), (100, False, 9)],
)
def test_it_goes_off_by_itself(now_us: int, on: bool, changed_us: int) -> None:
    assert (STORM.on(now_us), STORM.changed_us(now_us)) == (on, changed_us)


def test_a_switch_without_an_end_stays_on() -> None:
    endless = dataclasses.replace(STORM, until_us=None)
    assert (endless.on(10**18), endless.changed_us(10**18)) == (True, 5)


@pytest.mark.parametrize(
    ("written", "problem", "hint"),
    [
        ("de-DE=Zu.", "the line does not speak 'de-DE'", "it speaks en-GB, fr-FR"),
        ("fr-CA=Fermé.", "the line does not speak 'fr-CA'", "it speaks en-GB, fr-FR"),
        ("fr-FR=", "the message is empty", "write what callers hear, or leave it out"),
        (
            "x" * 601,
            "a message of 601 characters is longer than 600",
            "callers hear all of it before anything else: say the most important",
        ),
    ],
)
def test_messages_that_are_refused(written: str, problem: str, hint: str) -> None:
    with pytest.raises(UsageError) as error:
        message_texts(london(), [written])
    (finding,) = error.value.findings
    assert (finding.message, finding.hint) == (problem, hint)


def test_a_message_may_contain_an_equals_sign() -> None:
    assert message_texts(london(), ["2 = two"]) == {"en-GB": "2 = two"}


@pytest.mark.parametrize(
    ("written", "hours"),
    [
        ("18:00", 8),
        ("09:30", 23.5),  # tomorrow
        ("10:00", 24),  # now is over
        ("90m", 1.5),
        ("2026-12-01T12:15", 2.25),
        ("2026-12-01 12:15+01:00", 1.25),  # in Madrid
    ],
)
def test_when_it_ends(written: str, hours: float) -> None:
    assert moment_until(london(), written, TEN) - TEN == hours * HOUR_US


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("noon", "--until 'noon' is not a time"),
        ("25:00", "--until '25:00' is not a time"),
        ("2 fortnights", "--until '2 fortnights' is not a time"),
        ("2026-12-01T09:59", "--until '2026-12-01T09:59' is over already"),
    ],
)
def test_ends_that_are_refused(written: str, problem: str) -> None:
    with pytest.raises(UsageError, match=problem):
        moment_until(london(), written, TEN)


def test_in_words() -> None:
    on = SwitchState(True, {"en-GB": "Storm.", "fr-FR": "Tempête."}, TEN, TEN + HOUR_US, "ana")
    assert described(on, london(), TEN) == (
        "on since 2026-12-01 10:00, until 2026-12-01 11:00, by ana; en-GB: “Storm.”; fr-FR: “Tempête.”"
    )
    assert described(SwitchState(True, {}, TEN), london(), TEN) == "on since 2026-12-01 10:00"
    assert described(on, london(), TEN + HOUR_US) == "off"
    assert said_of("storm", on, london()) == "storm; until 2026-12-01 11:00; Storm.; Tempête."
