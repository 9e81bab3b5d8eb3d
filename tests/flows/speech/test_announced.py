"""Which keys a written prompt announces, in every language that prompts can be written in."""

from __future__ import annotations

import pytest

from flows.speech.announcements import announcements
from flows.speech.languages import language, supported

# One case a language: a text and what it announces, as (key, words, key first).
CASES = {
    "en": (
        "For sales, press 1. Press two for billing. To hear this again, press star. For help press the pound key.",
        [("1", "sales", False), ("2", "billing", True), ("*", "hear this again", False), ("#", "help", False)],
    ),
    "es": (
        (
            "Para ventas, oprima 1. Oprima dos para facturación. Para repetir, marque la tecla asterisco. Si urge,"
            " pulse el cero."
        ),
        [("1", "ventas", False), ("2", "facturación", True), ("*", "repetir", False), ("0", "Si urge", False)],
    ),
    "fr": (
        "Pour les ventes, appuyez sur 1. Appuyez sur le 2 pour la facturation. Pour répéter, faites l'étoile.",
        [("1", "les ventes", False), ("2", "la facturation", True), ("*", "répéter", False)],
    ),
    "de": (
        (
            "Für Rechnungen drücken Sie die 1. Drücken Sie die zwei für Verkauf. Um alles zu wiederholen, wählen Sie"
            " die Sterntaste."
        ),
        [("1", "Rechnungen", False), ("2", "Verkauf", True), ("*", "alles zu wiederholen", False)],
    ),
    "pt": (
        (
            "Para vendas, tecle 1. Digite dois para cobrança. Para repetir, aperte a tecla asterisco. Para sair, tecle"
            " jogo da velha."
        ),
        [("1", "vendas", False), ("2", "cobrança", True), ("*", "repetir", False), ("#", "sair", False)],
    ),
    "vi": (
        "Để mua hàng, nhấn phím 1. Bấm phím hai để thanh toán. Để nghe lại, nhấn phím sao. Để kết thúc, bấm thăng.",
        [("1", "mua hàng", False), ("2", "thanh toán", True), ("*", "nghe lại", False), ("#", "kết thúc", False)],
    ),
    "zh": (
        "查询账单，请按1。人工服务请按零！请按2，购买产品。重听，请按星号键。结束通话，按井号键。",
        [
            ("1", "查询账单", False),
            ("0", "人工服务", False),
            ("2", "购买产品", True),
            ("*", "重听", False),
            ("#", "结束通话", False),
        ],
    ),
    "it": (
        "Per le vendite, prema 1. Prema due per la fatturazione. Per riascoltare, digiti il tasto asterisco.",
        [("1", "le vendite", False), ("2", "la fatturazione", True), ("*", "riascoltare", False)],
    ),
    "pl": (
        "W sprawie faktur naciśnij 1. Naciśnij dwa w sprawie awarii. Aby powtórzyć, naciśnij gwiazdkę.",
        [("1", "faktur", False), ("2", "awarii", True), ("*", "powtórzyć", False)],
    ),
    "el": (
        "Για πωλήσεις, πατήστε 1. Πατήστε δύο για λογαριασμούς. Για να ακούσετε ξανά, πατήστε το αστεράκι.",
        [("1", "πωλήσεις", False), ("2", "λογαριασμούς", True), ("*", "ακούσετε ξανά", False)],
    ),
    "ja": (
        "ご請求は、1を押してください。故障は、二番を押してください。3を押すと、料金案内。終了は、シャープを押してください。",
        [("1", "ご請求", False), ("2", "故障", False), ("3", "料金案内", True), ("#", "終了", False)],
    ),
    "ar": (
        "بخصوص المبيعات، اضغط على 1. اضغط على اثنان بخصوص الفواتير. من أجل الإعادة، اضغط على النجمة.",
        [("1", "المبيعات", False), ("2", "الفواتير", True), ("*", "الإعادة", False)],
    ),
}


def found(text: str, tag: str) -> list[tuple[str, str, bool]]:
    return [(a.key, a.words, a.key_first) for a in announcements(text, tag)]


@pytest.mark.parametrize("tag", supported())
def test_every_language_has_a_text_whose_keys_are_found(tag: str) -> None:
    text, expected = CASES[tag]
    assert found(text, tag) == expected


@pytest.mark.parametrize("tag", supported())
@pytest.mark.parametrize("key", "0123456789*#")
def test_what_a_menu_says_is_read_back_in_both_orders(tag: str, key: str) -> None:
    spoken = language(tag)
    for order, first in ((spoken.option, False), (spoken.option_to_do, False), (spoken.option_key_first, True)):
        assert found(order.format(label="xyz", key=spoken.key_name(key)), tag) == [(key, "xyz", first)]


@pytest.mark.parametrize("tag", supported())
@pytest.mark.parametrize("digit", range(10))
def test_digits_may_be_written_as_words(tag: str, digit: int) -> None:
    spoken = language(tag)
    assert found(spoken.option.format(label="xyz", key=spoken.number_words[digit]), tag) == [(str(digit), "xyz", False)]


def test_each_announcement_knows_its_part_of_the_text() -> None:
    text = "Welcome. For sales, press 1. To end, press 2."
    assert [text[a.start : a.end] for a in announcements(text, "en-US")] == ["For sales, press 1", "To end, press 2"]


def test_words_before_the_function_are_left_out() -> None:
    assert found("Or for help, press pound.", "en-US") == [("#", "help", False)]
    assert found("Pour finir, faites dièse, ou pour répéter, faites étoile.", "fr-FR")[1] == ("*", "répéter", False)


@pytest.mark.parametrize(
    "text",
    ["We have 3 offices and 2 shops.", "Please enter your 9 digit number.", "Call us at any time.", "Dial it now.", ""],
)
def test_numbers_that_are_no_keys_are_not_announced(text: str) -> None:
    assert found(text, "en-US") == []


def test_keys_of_several_digits_are_one_key() -> None:
    assert found("For the shop, press 1 2. Press 10 for the desk.", "en-US") == [
        ("12", "the shop", False),
        ("10", "the desk", True),
    ]


def test_a_wrong_verb_still_announces() -> None:
    assert found("For sales, hit 1. For bills, punch 2.", "en-US") == [("1", "sales", False), ("2", "bills", False)]


def test_capitals_make_no_difference() -> None:
    assert found("FOR SALES, PRESS ONE.", "en-US") == [("1", "SALES", False)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Press 2 for billing, or to repeat, press star.", [("2", "billing", True), ("*", "repeat", False)]),
        ("Press 1 for sales or press 2 for billing.", [("1", "sales", True), ("2", "billing", True)]),
        (
            "Press 1 for sales, 2 for bills, and press 3 for help.",
            [("1", "sales, 2 for bills", True), ("3", "help", True)],
        ),
        ("Press 1 to talk to sales, or for billing, press 2.", [("1", "talk to sales", True), ("2", "billing", False)]),
        ("Press 1 for sales and for help press 0.", [("1", "sales", True), ("0", "help", False)]),
        (
            "Press 1 for you or your child, or press 2 for others.",
            [("1", "you or your child", True), ("2", "others", True)],
        ),
    ],
)
def test_an_option_ends_where_the_next_one_begins(text: str, expected: list[tuple[str, str, bool]]) -> None:
    assert found(text, "en-US") == expected
    assert found("Oprima 2 para facturación, o para repetir, oprima asterisco.", "es-US") == [
        ("2", "facturación", True),
        ("*", "repetir", False),
    ]
