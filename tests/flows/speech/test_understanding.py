"""What callers mean by what they say, case by case; the right answers are written out by hand."""

from __future__ import annotations

import pytest

from flows.entries.base import Caller, Options
from flows.entries.yes_no import YesNo
from flows.model.flow import Flow
from flows.nodes.base import Here
from flows.protocol.actions import Speech
from flows.speech.languages import supported
from flows.speech.understanding import SpokenChoice, answer, hints, shortened, understand

BYE = {"type": "hangup", "say": "Goodbye."}
TELECOM = (
    SpokenChoice("1", ("billing and payments",), ("invoice",)),
    SpokenChoice("2", ("technical support",), ("no signal",)),
    SpokenChoice("3", ("a payment plan",)),
    SpokenChoice("0", (), (), ("operator", "agent")),
    SpokenChoice("*", (), (), ("go back", "back")),
)


@pytest.mark.parametrize(
    ("said", "keys"),
    [
        ("Billing and payments.", ("1",)),
        ("BILLING AND PAYMENTS, PLEASE!", ("1",)),
        ("billing", ("1",)),  # a word of one label
        ("my bill", ("1",)),  # a form of a word of one label
        ("payment plan", ("3",)),  # two words of one label, one of another: the more words, the better
        ("a payment", ("3",)),  # the very word of one label, a form of one in another
        ("payments plan", ("1", "3")),  # the very words of each: 1 has "payments", 3 has "plan"
        ("invoice", ("1",)),
        ("I want an invoice", ("1",)),
        ("technical support about my invoice", ("1", "2")),  # a label and a phrase of another
        ("there's no signal", ("2",)),
        ("signal", ()),  # part of a phrase is not the phrase
        ("one", ("1",)),
        ("press two", ("2",)),
        ("number 3 please", ("3",)),
        ("option two", ("2",)),
        ("12", ("12",)),
        ("one two", ("12",)),
        ("seven", ("7",)),  # understood, whether or not it is on offer
        ("for", ("4",)),  # a lone digit, as recognisers write it
        ("for billing", ("1",)),
        ("star", ("*",)),
        ("agent", ("0",)),
        ("I'd like to talk to an agent", ("0",)),
        ("take me back", ("*",)),
        ("an agent for billing", ("1",)),  # an option of the menu comes first
        ("roaming", ()),
        ("", ()),
        ("…", ()),
        ("please", ()),
    ],
)
def test_english(said: str, keys: tuple[str, ...]) -> None:
    assert understand(said, TELECOM, "en-US") == keys


@pytest.mark.parametrize(
    ("language", "labels", "said", "keys"),
    [
        ("es-US", ("facturación", "soporte técnico"), "facturacion", ("1",)),  # without the accent
        ("es-US", ("facturación", "soporte técnico"), "la uno", ("1",)),
        ("es-US", ("facturación", "soporte técnico"), "opción dos por favor", ("2",)),
        ("es-US", ("facturación", "soporte técnico"), "quiero soporte", ("2",)),
        ("fr-FR", ("l'électricité", "le gaz"), "electricite", ("1",)),
        ("fr-FR", ("l'électricité", "le gaz"), "tapez deux", ("2",)),
        ("fr-FR", ("l'électricité", "le gaz"), "le gaz, s'il vous plaît", ("2",)),
        ("de-DE", ("Straßenlaterne", "Rechnungsfragen"), "Laterne", ("1",)),  # part of a compound
        ("de-DE", ("Straßenlaterne", "Rechnungsfragen"), "eine Frage zur Rechnung", ("2",)),
        ("de-DE", ("Straßenlaterne", "Rechnungsfragen"), "STRASSENLATERNE", ("1",)),  # ß is ss
        ("de-DE", ("Straßenlaterne", "Rechnungsfragen"), "die Zwei", ("2",)),
        ("de-DE", ("Straßenlaterne", "Rechnungsfragen"), "zwo", ("2",)),
        ("pt-BR", ("segunda via", "pagamento"), "pagamento por favor", ("2",)),
        ("pt-BR", ("segunda via", "pagamento"), "aperte um", ("1",)),
        ("pt-BR", ("segunda via", "pagamento"), "meia", ("6",)),  # half a dozen
        ("vi-VN", ("đèn đường", "rác"), "đèn đường", ("1",)),
        ("vi-VN", ("đèn đường", "rác"), "den duong", ("1",)),  # without tones, where only one fits
        ("vi-VN", ("má", "mạ"), "má", ("1",)),
        ("vi-VN", ("má", "mạ"), "ma", ("1", "2")),
        ("vi-VN", ("đèn đường", "rác"), "số hai", ("2",)),
        ("zh-CN", ("路灯故障", "垃圾回收"), "路灯坏了。", ("1",)),
        ("zh-CN", ("路灯故障", "垃圾回收"), "请帮我垃圾回收", ("2",)),
        ("zh-CN", ("路灯故障", "垃圾回收"), "请按一", ("1",)),
        ("zh-CN", ("路灯故障", "垃圾回收"), "第二个", ("2",)),
        ("zh-CN", ("路灯故障", "垃圾回收"), "星号键", ("*",)),
        ("zh-CN", ("路灯故障", "垃圾回收"), "你好", ()),
    ],
)
def test_other_languages(language: str, labels: tuple[str, str], said: str, keys: tuple[str, ...]) -> None:
    offered = tuple(SpokenChoice(str(i + 1), (label,)) for i, label in enumerate(labels))
    assert understand(said, offered, language) == keys


def test_words_that_tell_nothing_count_where_they_tell_options_apart() -> None:
    offered = (SpokenChoice("1", ("who can join",)), SpokenChoice("2", ("how to join",)))
    assert understand("who can join, please", offered, "en-US") == ("1",)
    assert understand("join", offered, "en-US") == ("1", "2")


def test_one_word_or_two() -> None:
    offered = (SpokenChoice("1", ("a check book",)), SpokenChoice("2", ("deposits",)))
    assert understand("checkbook", offered, "en-US") == ("1",)
    assert understand("I need a new checkbook", offered, "en-US") == ("1",)
    joined = (SpokenChoice("1", ("my voicemail",)), SpokenChoice("2", ("deposits",)))
    assert understand("new voice mail", joined, "en-US") == ("1",)


def test_the_longer_phrase_holds_the_shorter() -> None:
    offered = (SpokenChoice("1", (), ("bill",)), SpokenChoice("2", (), ("dispute a bill",)))
    assert understand("I dispute a bill now", offered, "en-US") == ("2",)


def test_values_in_labels_are_not_said() -> None:
    offered = (SpokenChoice("1", ("the account {name}",)), SpokenChoice("2", ("{name}",)))
    assert understand("account", offered, "en-US") == ("1",)
    assert hints(offered, "en-US") == ("the account", "one", "two")


@pytest.mark.parametrize(
    ("language", "said", "meant"),
    [
        ("en-US", "yes please", "yes"),
        ("en-US", "yeah", "yes"),
        ("en-US", "one", "yes"),
        ("en-US", "2", "no"),
        ("en-US", "no, that's wrong", "no"),
        ("en-US", "that's not right", "no"),
        ("en-US", "yes and no", ""),
        ("en-US", "perhaps", ""),
        ("es-US", "Sí.", "yes"),
        ("es-US", "no", "no"),
        ("fr-FR", "c'est ça", "yes"),
        ("de-DE", "das stimmt nicht", "no"),
        ("pt-BR", "isso mesmo", "yes"),
        ("vi-VN", "không phải", "no"),
        ("zh-CN", "是的", "yes"),
        ("zh-CN", "不是", "no"),
    ],
)
def test_yes_or_no(language: str, said: str, meant: str) -> None:
    assert answer(said, language) == meant


@pytest.mark.parametrize("code", supported())
def test_every_hint_is_understood(code: str) -> None:
    offered = (SpokenChoice("1", ("alpha",)), SpokenChoice("2", ("omega",), ("beta",)))
    for hint in hints(offered, code):
        assert len(understand(hint, offered, code)) == 1, hint


def test_a_label_of_stop_words_stays_whole() -> None:
    assert shortened("the question", "en-US") == "the question"
    assert shortened("请问", "zh-CN") == "请问"


@pytest.mark.parametrize(
    ("text", "tag", "meant"),
    [
        ("Yes, please.", "en-US", "yes"),
        ("one", "en-US", "yes"),
        ("press two", "en-US", "no"),
        ("that is not right", "en-US", "no"),
        ("no, that is right", "en-US", ""),  # both: asked again
        ("I have no problem with that, yes", "en-US", ""),
        ("no, gracias", "es-US", "no"),
        ("不对", "zh-CN", "no"),
        ("nie", "pl-PL", "no"),
        ("hm", "en-US", ""),
    ],
)
def test_yes_and_no_mean_the_same_wherever_they_are_asked(text: str, tag: str, meant: str) -> None:
    """A menu that asks back, a question of its own, and an entry that is read back."""
    node = {"type": "yes_no", "say": "Is it?", "yes": "a", "no": "b", "speech": "true"}
    flow = Flow.model_validate(
        {"ivr": "1", "name": "Line", "languages": [tag], "start": "q", "nodes": {"q": node, "a": BYE, "b": BYE}}
    )
    reading = flow.nodes["q"].classify(Here(flow, "q", tag), Speech(text))
    assert answer(text, tag) == meant
    assert reading is not None
    assert reading.outcome == (meant or "no_match")
    assert YesNo(Options()).hear(text, Caller(tag, tag)).value == meant
