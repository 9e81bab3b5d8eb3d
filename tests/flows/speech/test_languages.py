"""Languages: each complete, and each saying values as its speakers do; every text written out by hand."""

from __future__ import annotations

import dataclasses

import pytest

from flows.speech.languages import built_in, language, supported
from flows.speech.languages.base import Language
from flows.speech.languages.base_texts import SLOTS, holds, slots
from flows.speech.prompt import fill
from flows.speech.values import FORMATS, masked, spoken_value


def test_there_are_at_least_six() -> None:
    assert set(supported()) >= {"de", "en", "es", "fr", "pt", "zh"}


@pytest.mark.parametrize("code", supported())
def test_a_language_is_complete(code: str) -> None:
    spoken = language(code)
    assert spoken.code == code
    for field in dataclasses.fields(Language):
        value = getattr(spoken, field.name)
        if isinstance(value, str) and field.name not in ("vowels", "after_key"):
            assert value, field.name
            assert not holds(value, SLOTS.get(field.name, ())), field.name
    assert len(spoken.number_words) == 10
    assert len(set(spoken.callback_windows)) == 3
    values = spoken.values
    assert len(set(values.months)) == 12
    assert slots(values.date) == {"day", "month", "year"}
    assert {"hour"} <= slots(values.full_hour) <= slots(values.time) - {"minute", "mm"}
    assert slots(values.time) & {"minute", "mm"}
    assert slots(values.ending) == {"digits"}
    if code in built_in():
        assert values.currencies.keys() == language("en").values.currencies.keys()
        assert all(len(names) == 4 and all(names) for names in values.currencies.values())


@pytest.mark.parametrize("code", supported())
def test_no_language_speaks_another_ones_words(code: str) -> None:
    for other in supported():
        if other != code:
            for name in ("confirm", "no_input", "no_match", "callback_offer", "csat", "nps", "resolved", "apology"):
                assert getattr(language(code), name) != getattr(language(other), name)


SAID = {
    "en-US": (
        "12 dollars and 50 cents",
        "December 1, 2026",
        "3:30 PM",
        "9 AM",
        "third",
        "1 day",
        "3 days",
        "minus 1 dollar",
    ),
    "es-US": (
        "12 dólares con 50 centavos",
        "1 de diciembre de 2026",
        "3:30 de la tarde",
        "9 de la mañana",
        "tercero",
        "1 día",
        "3 días",
        "menos 1 dólar",
    ),
    "fr-CA": (
        "12 dollars et 50 cents",
        "1er décembre 2026",
        "15 heures 30",
        "9 heures",
        "troisième",
        "1 jour",
        "3 jours",
        "moins 1 dollar",
    ),
    "de-DE": (
        "12 Dollar und 50 Cent",
        "1. Dezember 2026",
        "15 Uhr 30",
        "9 Uhr",
        "3.",
        "1 Tag",
        "3 Tage",
        "minus 1 Dollar",
    ),
    "pt-BR": (
        "12 dólares e 50 centavos",
        "1º de dezembro de 2026",
        "15 horas e 30",
        "9 horas",
        "terceiro",
        "1 dia",
        "3 dias",
        "menos 1 dólar",
    ),
    "vi-VN": (
        "12 đô la 50 xu",
        "ngày 1 tháng 12 năm 2026",
        "3 giờ 30 phút chiều",
        "9 giờ sáng",
        "thứ ba",
        "1 ngày",
        "3 ngày",
        "âm 1 đô la",
    ),
    "zh-CN": ("12美元50美分", "2026年12月1日", "下午3点30分", "上午9点", "第3", "1天", "3天", "负 1美元"),
    "it-IT": (
        "12 dollari e 50 centesimi",
        "1 dicembre 2026",
        "15 e 30",
        "9",
        "terzo",
        "1 giorno",
        "3 giorni",
        "meno 1 dollaro",
    ),
    "pl-PL": (
        "12 dolarów 50 centów",
        "1 grudnia 2026",
        "15 30",
        "godzina 9",
        "trzeci",
        "1 dzień",
        "3 dni",
        "minus 1 dolar",
    ),
    "el-GR": (
        "12 δολάρια και 50 σεντ",
        "1 Δεκεμβρίου 2026",
        "3 και 30 το απόγευμα",
        "9 το πρωί",
        "τρίτο",
        "1 ημέρα",
        "3 ημέρες",
        "μείον 1 δολάριο",
    ),
    "ja-JP": (
        "12ドル50セント",
        "2026年12月1日",
        "午後3時30分",
        "午前9時",
        "三番目",
        "1日",
        "3日",
        "マイナス 1ドル",
    ),
    "ar-EG": (
        "12 دولارًا و 50 سنتًا",
        "1 ديسمبر 2026",
        "3:30 مساءً",
        "9 صباحًا",
        "ثالث",
        "1 يوم",
        "3 أيام",
        "سالب 1 دولار",
    ),
}
DAYS = {
    "en": "day/days",
    "es": "día/días",
    "fr": "jour/jours",
    "de": "Tag/Tage",
    "pt": "dia/dias",
    "vi": "ngày",
    "zh": "天",
    "it": "giorno/giorni",
    "pl": "dzień/dni/dni",
    "el": "ημέρα/ημέρες",
    "ja": "日",
    "ar": "يوم/يوم/يوم/أيام/يومًا/يوم",
}


def test_every_language_has_its_examples() -> None:
    assert {tag[:2] for tag in SAID} == set(supported()) == set(DAYS)


@pytest.mark.parametrize("tag", SAID)
def test_values_as_speakers_say_them(tag: str) -> None:
    def said(value: str, form: str, more: str = "") -> str:
        return spoken_value(value, form, more=more, language=tag, home="en-US")

    days = DAYS[tag[:2]]
    assert (
        said("12.50", "money"),
        said("2026-12-01", "date"),
        said("15:30", "time"),
        said("09:00", "time"),
        said("3", "ordinal"),
        said("1", "count", days),
        said("3", "count", days),
        said("-1", "money"),
    ) == SAID[tag]
    assert said("402", "digits") == "4 0 2"


@pytest.mark.parametrize(
    ("value", "more", "said"),
    [
        ("0", "", "0 dollars"),
        ("0.50", "", "50 cents"),
        ("1", "", "1 dollar"),
        ("1.01", "", "1 dollar and 1 cent"),
        ("1,250.5", "", "1250 dollars and 50 cents"),
        ("1.250,50", "", "1250 dollars and 50 cents"),
        ("7,5", "", "7 dollars and 50 cents"),
        ("12 EUR", "", "12 euros"),
        ("€12", "", "12 euros"),
        ("$3.10", "", "3 dollars and 10 cents"),
        ("GBP 0.01", "", "1 penny"),
        ("12", "EUR", "12 euros"),
        ("12", "SEK", "12 Swedish kronor"),
        ("12.50", "SEK", "12 Swedish kronor 50"),
        ("0.05", "SEK", "0 Swedish kronor 05"),
        ("12.50", "GHS", "12 cedis and 50 pesewas"),
        ("12.50 GHS", "", "12 cedis and 50 pesewas"),
        ("12", "XYZ", "12.00 XYZ"),
        ("12 USD", "EUR", "12 dollars"),
        ("a lot", "", "a lot"),
        ("12.345.6", "", "12.345.6"),
        ("", "", ""),
        ("1e9", "", "1e9"),
    ],
)
def test_sums(value: str, more: str, said: str) -> None:
    assert spoken_value(value, "money", more=more, language="en-US", home="en-US") == said


def test_the_currency_is_that_of_the_flows_country_not_of_the_callers_language() -> None:
    assert spoken_value("5", "money", language="zh-CN", home="en-US") == "5美元"
    assert spoken_value("5", "money", language="en-US", home="de-DE") == "5 euros"
    assert spoken_value("5", "money", language="en", home="en") == "5"  # no country, no currency


@pytest.mark.parametrize(
    ("value", "form", "said"),
    [
        ("2026-02-30", "date", "2026-02-30"),
        ("20261123", "date", "November 23, 2026"),
        ("2026-11-23T09:05:00Z", "date", "November 23, 2026"),
        ("2026-11-23T09:05:00Z", "time", "9:05 AM"),
        ("00:00", "time", "12 AM"),
        ("12:15", "time", "12:15 PM"),
        ("24:00", "time", "24:00"),
        ("1:60", "time", "1:60"),
        ("930", "time", "9:30 AM"),
        ("11", "ordinal", "11th"),
        ("21", "ordinal", "21st"),
        ("112", "ordinal", "112th"),
        ("0", "ordinal", "0"),
        ("two", "count", "two"),
        ("7", "count", "7"),
        ("7", "shout", "7"),
        ("+1 415", "digits", "1 4 1 5"),
    ],
)
def test_what_cannot_be_read_is_said_as_it_stands(value: str, form: str, said: str) -> None:
    assert spoken_value(value, form, language="en-US") == said


def test_none_is_singular_in_french() -> None:
    assert spoken_value("0", "count", more="jour/jours", language="fr-FR") == "0 jour"
    assert spoken_value("0", "count", more="day/days", language="en-US") == "0 days"


def test_formats_in_a_text() -> None:
    text = "{n:count:request/requests}, {fee:money:USD}, {due:date}, {pin:digits}, {n:nonsense}."
    values = {"n": "2", "fee": "45", "due": "2027-01-31", "pin": "07"}
    assert fill(text, values, language="en-US") == "2 requests, 45 dollars, January 31, 2027, 0 7, 2."


@pytest.mark.parametrize("form", ["", *FORMATS, "nonsense"])
def test_a_secret_is_never_said_whatever_its_format(form: str) -> None:
    text = "It is {card" + (f":{form}" if form else "") + "}."
    said = fill(text, {"card": "4012888888881881"}, language="en-US", secret=frozenset({"card"}))
    assert said == "It is a number ending in 8 1."
    assert masked("1234", "de-DE") == "4 Ziffern"
