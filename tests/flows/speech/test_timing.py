"""Seconds of prompts and menus; every number with its derivation."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.model.load import load_text
from flows.protocol.actions import Say
from flows.speech.languages import supported
from flows.speech.timing import DECISION_S, GAP_S, SYSTEM_GAP_S, first_time_s, hear_all_s, key_ahead_s, say_s, speech_s

# The announcer speaks at 150 / 60 * 1.5 / 6.19 = 0.605816 of the conversational rate, in every language.
ANNOUNCER = 150 / 60 * 1.5 / 6.19


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("", 0.0),
        ("...", 0.0),
        ("Welcome.", 1 / 2.5),
        ("For billing and payments, press 1.", 5 / 2.5 + 0.4),  # five words at 150 a minute, one digit
        ("Call 911.", 1 / 2.5 + 3 * 0.4),  # digits are spoken singly
        ("You don't owe us", 4 / 2.5),  # an apostrophe does not split a word
        ("Your balance is {balance:money}.", 3 / 2.5 + 1.5),  # a value that is not known yet
        ("{a} {b}", 2 * 1.5),
        ("{not a value}", 0.0),
        ("Wi-Fi", 2 / 2.5),
    ],
)
def test_english_goes_by_words(text: str, seconds: float) -> None:
    assert speech_s(text, "en-US") == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("text", "tag", "syllables", "rate", "digits"),
    [
        # pa-ra ven-tas o-pri-ma: 7 syllables; 7.82 a second in conversation
        ("Para ventas, oprima 3.", "es-US", 7, 7.82, 1),
        # fac-tu-ra-ción: a run of vowels is one syllable
        ("facturación", "es-US", 4, 7.82, 0),
        # pour les ventes: pour, les, ven, tes: 4 runs of vowels; 7.18 a second
        ("Pour les ventes", "fr-FR", 4, 7.18, 0),
    ],
)
def test_other_languages_go_by_syllables(text: str, tag: str, syllables: int, rate: float, digits: int) -> None:
    assert speech_s(text, tag) == pytest.approx(syllables / (rate * ANNOUNCER) + 0.4 * digits)


def test_spanish_takes_longer_than_its_words_at_the_english_rate() -> None:
    text = "Para hablar con una operadora, oprima 0."  # 6 words, 15 runs of vowels: 3.17 s against 2.4 s
    assert speech_s(text, "es-US") - 0.4 == pytest.approx(15 / (7.82 * ANNOUNCER))
    assert speech_s(text, "es-US") > 6 / 2.5 + 0.4


@pytest.mark.parametrize("code", supported())
def test_every_language_is_timed(code: str) -> None:
    assert speech_s("a e i o u", f"{code}-XX") > 0
    assert speech_s("5", f"{code}-XX") == pytest.approx(0.4)


def test_a_stated_length_counts() -> None:
    assert say_s(Say("Good bye now.", "en-US")) == pytest.approx(3 / 2.5)
    assert say_s(Say("Good bye now.", "en-US", seconds=0.9)) == 0.9
    assert say_s(Say("Good bye now.", "en-US", seconds=0.0)) == 0.0


def test_first_time_caller_by_hand() -> None:
    """0.8 + 1 + 0.5 + 0.25 * 1.6 + 0.75 * (1.6 + 0.6 + 1.6) = 2.3 + 0.4 + 2.85."""
    assert first_time_s(0.8, [1.6, 1.6], [0.25, 0.75]) == pytest.approx(5.55)


def test_hears_everything_by_hand() -> None:
    """0.8 + 1.6 + 0.6 + 1.6 + 1 + 0.5."""
    assert hear_all_s(0.8, [1.6, 1.6]) == pytest.approx(6.1)
    assert hear_all_s(0.8, []) == pytest.approx(2.3)


def test_keys_ahead_by_hand() -> None:
    """One key: 1 + 0.5; four digits: three more at 0.4."""
    assert key_ahead_s(1) == pytest.approx(1.5)
    assert key_ahead_s(4) == pytest.approx(2.7)


def test_shares_need_not_sum_to_one() -> None:
    assert first_time_s(0.0, [2.0, 3.0], [1, 3]) == pytest.approx(first_time_s(0.0, [2.0, 3.0], [0.25, 0.75]))


def test_nobody_wants_anything() -> None:
    assert first_time_s(1.0, [2.0], [0.0]) == pytest.approx(1.0 + DECISION_S + SYSTEM_GAP_S)


lengths = st.lists(st.floats(0, 20), min_size=1, max_size=6)


@given(intro=st.floats(0, 20), options=lengths, data=st.data())
def test_keying_ahead_is_quickest_and_hearing_all_is_slowest(
    intro: float, options: list[float], data: st.DataObject
) -> None:
    shares = data.draw(st.lists(st.floats(0.01, 1), min_size=len(options), max_size=len(options)))
    expected = first_time_s(intro, options, shares)
    assert key_ahead_s(1) <= expected + 1e-9
    assert expected <= hear_all_s(intro, options) + 1e-9


@given(intro=st.floats(0, 20), options=lengths, data=st.data())
def test_expectation_is_the_mean_over_callers(intro: float, options: list[float], data: st.DataObject) -> None:
    """Caller i hears options 0..i and the pauses between them."""
    shares = data.draw(st.lists(st.floats(0.01, 1), min_size=len(options), max_size=len(options)))
    ends = itertools.accumulate(options)
    each = [intro + end + GAP_S * i + DECISION_S + SYSTEM_GAP_S for i, end in enumerate(ends)]
    mean = sum(p * t for p, t in zip(shares, each, strict=True)) / sum(shares)
    assert first_time_s(intro, options, shares) == pytest.approx(mean)


MENU = """
ivr: 1
name: Line
languages: [en-US]
start: main
keys: {0: {next: bye, label: an operator}, star: back}
nodes:
  main:
    type: menu
    intro: Main menu.
    {prompt}
    choices:
      - {key: 1, label: sales, share: 0.25, next: bye}
      - {key: 2, label: billing, share: 0.75, next: bye}
    otherwise: bye
  bye: {type: hangup}
"""


def test_a_composed_menu_is_what_is_spoken() -> None:
    flow = load_text(MENU.replace("{prompt}", "note: none")).flow
    spoken = flow.nodes["main"].spoken(flow, "en-US")
    assert [option.text for option in spoken.options] == [
        "For sales, press 1.",
        "For billing, press 2.",
        "For an operator, press 0.",
    ]
    assert [option.seconds for option in spoken.options] == pytest.approx([1.6, 1.6, 2.0])  # 3, 3, 4 words and a digit
    assert spoken.heard_s("2") == pytest.approx(0.8 + 1.6 + 0.6 + 1.6)
    assert spoken.heard_s("*") == pytest.approx(spoken.total_s)  # never announced
    assert spoken.total_s == pytest.approx(0.8 + 1.6 + 0.6 + 1.6 + 0.6 + 2.0)


def test_a_written_menu_is_cut_at_its_announcements_and_takes_as_long_as_its_words() -> None:
    words = "prompt: Please listen. For sales, press 1. For billing, press 2. Thank you."
    flow = load_text(MENU.replace("{prompt}", words)).flow
    spoken = flow.nodes["main"].spoken(flow, "en-US")
    assert [option.key for option in spoken.options] == ["1", "2"]
    # Main menu. Please listen. For sales press; For billing press; Thank you: 2 + 2 + 3 + 3 + 2 words and two digits
    assert spoken.total_s == pytest.approx(12 / 2.5 + 2 * 0.4)
    assert spoken.intro_s == pytest.approx(4 / 2.5)
    assert spoken.closing_s == pytest.approx(2 / 2.5)


def test_tags_are_not_spoken_and_breaks_last_as_they_say() -> None:
    """Two words, 0.8 s; a break of 1.5 s and one of 250 ms; neither the tags' names nor their numbers are words."""
    text = '<speak>One <emphasis level="strong">moment</emphasis>.<break time="1.5s"/><break time=\'250ms\'/></speak>'
    assert speech_s(text, "en-US") == pytest.approx(0.8 + 1.5 + 0.25)
    assert speech_s("5 < 6 and 7 > 6", "en-US") == pytest.approx(4 * 0.4 + 0.4)
