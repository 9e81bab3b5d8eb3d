"""Every type of entry: what is right and what is wrong, with keys and in words, in the languages that have words."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from flows.entries import Caller, Options, entry_type, entry_types
from flows.entries.base import Entry
from flows.entries.card import luhn
from flows.speech.entering import entering
from flows.speech.languages import supported

TODAY = dt.date(2026, 12, 1)  # a Tuesday
US, UK, DE = (Caller(tag, tag, TODAY) for tag in ("en-US", "en-GB", "de-DE"))
EVERY = {"pattern": {"pattern": "9[0-9]{4}", "digits": (5, 5)}}
"""Options without which a type means nothing."""


def of(kind: str, **options: Any) -> Entry:
    return entry_type(kind)(Options(**{**EVERY.get(kind, {}), **options}))


KEYED = [
    # 12-31 and 02-29 of a leap year exist, 02-29 of 2027 and a thirteenth month do not; by day first in Europe.
    ("date", {}, US, "12312026", "2026-12-31"),
    ("date", {}, US, "02292028", "2028-02-29"),
    ("date", {}, US, "02292027", ""),
    ("date", {}, US, "13012026", ""),
    ("date", {}, US, "1231", ""),
    ("date", {}, US, "1231202x", ""),
    ("date", {}, UK, "31122026", "2026-12-31"),
    ("date", {"order": "ymd"}, US, "20261231", "2026-12-31"),
    ("date", {}, Caller("zh-CN", "zh-CN", TODAY), "20261231", "2026-12-31"),
    # Two digits of the year: the allowed one nearest to 2026.
    ("date", {"year": "two"}, US, "053190", "1990-05-31"),
    ("date", {"year": "two"}, US, "053130", "2030-05-31"),
    ("date", {"year": "two", "must_be": "past"}, US, "053130", "1930-05-31"),
    # No year: the nearest; of the past or the future when it must be.
    ("date", {"year": "none"}, US, "1130", "2026-11-30"),
    ("date", {"year": "none", "must_be": "future"}, US, "1130", "2027-11-30"),
    ("date", {"year": "none", "must_be": "past"}, US, "1202", "2025-12-02"),
    # Today is on both sides; 30 days from 1 December are 31 December and 1 November.
    ("date", {"must_be": "past"}, US, "12012026", "2026-12-01"),
    ("date", {"must_be": "past"}, US, "12022026", ""),
    ("date", {"must_be": "future"}, US, "11302026", ""),
    ("date", {"within": 30}, US, "12312026", "2026-12-31"),
    ("date", {"within": 30}, US, "01012027", ""),
    ("date", {"within": 30}, US, "11012026", "2026-11-01"),
    ("date", {"within": 30}, US, "10312026", ""),
    ("date", {"within": 30, "must_be": "future"}, US, "11012026", ""),
    ("time", {}, DE, "0830", "08:30"),
    ("time", {}, DE, "2400", ""),
    ("time", {}, US, "0030", "00:30"),
    ("time", {}, US, "1330", "13:30"),
    ("time", {"clock": "24"}, US, "0330", "03:30"),
    ("time", {}, US, "33", ""),
    ("time", {}, US, "12345", ""),
    ("time", {}, US, "0960", ""),
    ("money", {}, US, "12", "12.00"),
    ("money", {}, US, "12*5", "12.50"),
    ("money", {}, US, "*75", "0.75"),
    ("money", {}, US, "12*505", ""),
    ("money", {}, US, "*", ""),
    ("money", {}, US, "1*2*3", ""),
    ("money", {"decimals": "implied"}, US, "5", "0.05"),
    ("money", {"decimals": "implied"}, US, "12*5", ""),
    ("money", {"decimals": "none"}, US, "12", "12.00"),
    ("money", {"least": "5"}, US, "4*99", ""),
    ("money", {"least": "5", "most": "5.00"}, US, "5", "5.00"),
    ("money", {"most": "5.00"}, US, "5*01", ""),
    ("count", {}, US, "007", "7"),
    ("count", {"least": "1"}, US, "0", ""),
    ("count", {"most": "12"}, US, "13", ""),
    ("count", {}, US, "1*", ""),
    ("phone", {}, US, "4155550123", "+14155550123"),
    ("phone", {}, US, "14155550123", "+14155550123"),
    ("phone", {}, US, "1155550123", ""),  # no area code begins with 1
    ("phone", {}, US, "415555012", ""),
    ("phone", {}, US, "9005550123", ""),  # costs extra
    ("phone", {}, US, "41555501*3", ""),
    ("phone", {}, UK, "02079460123", "+442079460123"),
    ("phone", {"country": "ES"}, US, "912345678", "+34912345678"),
    ("phone", {}, Caller("en", "en"), "442079460123", "+442079460123"),
    ("card", {}, US, "378282246310005", "378282246310005"),
    ("card", {}, US, "378282246310006", ""),
    ("card", {}, US, "42", ""),
    ("yes_no", {}, US, "1", "yes"),
    ("yes_no", {}, US, "2", "no"),
    ("yes_no", {}, US, "3", ""),
    ("pattern", {}, US, "94109", "94109"),
    ("pattern", {}, US, "10001", ""),
    ("pattern", {}, US, "9410", ""),
]


@pytest.mark.parametrize(("kind", "options", "caller", "keys", "value"), KEYED)
def test_what_keys_mean(kind: str, options: dict[str, Any], caller: Caller, keys: str, value: str) -> None:
    assert of(kind, **options).read(keys, caller).value == value


HEARD = [
    # Of a date without a year, the nearest: from 1 December 23 May is 173 days away, and was 192 days ago.
    ("date", "en-US", "the twenty third of May", "2027-05-23"),
    ("date", "en-US", "May 23rd, 2027", "2027-05-23"),
    ("date", "en-US", "it's May thirty-first nineteen ninety", "1990-05-31"),
    ("date", "en-US", "5/23/2027", "2027-05-23"),
    ("date", "en-GB", "23/5/2027", "2027-05-23"),
    ("date", "en-US", "2027-05-23", "2027-05-23"),
    ("date", "en-US", "tomorrow", "2026-12-02"),
    ("date", "en-US", "yesterday.", "2026-11-30"),
    ("date", "en-US", "05232027", "2027-05-23"),
    ("date", "en-US", "May", ""),
    ("date", "en-US", "May fortieth", ""),
    ("date", "en-US", "I do not know", ""),
    ("date", "de-DE", "dreiundzwanzigster Mai", "2027-05-23"),
    ("date", "de-DE", "am 23. Mai 2027", "2027-05-23"),
    ("date", "de-DE", "übermorgen", "2026-12-03"),
    ("date", "es-US", "veintitrés de mayo", "2027-05-23"),
    ("date", "es-US", "primero de enero de 2027", "2027-01-01"),
    ("date", "fr-FR", "le 1er janvier 2027", "2027-01-01"),
    ("date", "fr-FR", "vingt-trois mai", "2027-05-23"),
    ("date", "pt-BR", "vinte e três de maio", "2027-05-23"),
    ("date", "vi-VN", "ngày 23 tháng 5 năm 2027", "2027-05-23"),
    ("date", "zh-CN", "2027年5月23日", "2027-05-23"),
    ("date", "zh-CN", "五月二十三日", "2027-05-23"),
    ("time", "en-US", "3:30 p.m.", "15:30"),
    ("time", "en-US", "half past three in the afternoon", "15:30"),
    ("time", "en-US", "noon", "12:00"),
    ("time", "en-US", "midnight", "00:00"),
    ("time", "en-US", "twelve am", "00:00"),
    ("time", "en-US", "fifteen thirty", "15:30"),
    ("time", "en-US", "nine in the morning", "09:00"),
    ("time", "en-US", "15 pm", ""),
    ("time", "en-US", "later", ""),
    ("time", "de-DE", "halb vier", "03:30"),
    ("time", "de-DE", "viertel vor neun", "08:45"),
    ("time", "de-DE", "15 Uhr", "15:00"),
    ("time", "de-DE", "15 Uhr 30", "15:30"),
    ("time", "es-US", "tres y media de la tarde", "15:30"),
    ("time", "es-US", "cuatro menos cuarto de la tarde", "15:45"),
    ("time", "fr-FR", "quinze heures trente", "15:30"),
    ("time", "fr-FR", "trois heures et demie", "03:30"),
    ("time", "fr-FR", "midi", "12:00"),
    ("time", "pt-BR", "quinze horas", "15:00"),
    ("time", "vi-VN", "3 giờ rưỡi chiều", "15:30"),
    ("time", "zh-CN", "下午三点半", "15:30"),
    ("money", "en-US", "$12.50", "12.50"),
    ("money", "en-US", "12.50", "12.50"),
    ("money", "en-US", "twelve dollars and fifty cents", "12.50"),
    ("money", "en-US", "fifty cents", "0.50"),
    ("money", "en-US", "two hundred and five dollars", "205.00"),
    ("money", "en-US", "one two three four", ""),
    ("money", "en-US", "too much", ""),
    ("money", "de-DE", "zwölf Euro fünfzig", "12.50"),
    ("money", "de-DE", "12,50 €", "12.50"),
    ("money", "es-US", "doce dólares con cincuenta centavos", "12.50"),
    ("money", "fr-FR", "douze euros cinquante", "12.50"),
    ("count", "en-US", "twelve, please", "12"),
    ("count", "de-DE", "ein", "1"),
    ("count", "zh-CN", "两", "2"),
    ("count", "en-US", "one or two", ""),
    ("count", "en-US", "some", ""),
    ("phone", "en-US", "four one five, triple five, oh one two three", "+14155550123"),
    ("phone", "en-US", "it's 415-555-0123", "+14155550123"),
    ("card", "en-US", "4111 1111 1111 1111", "4111111111111111"),
    ("yes_no", "en-US", "Yes, that's right.", "yes"),
    ("yes_no", "en-US", "that is not right, no", "no"),
    ("yes_no", "en-US", "one", "yes"),
    ("yes_no", "en-US", "maybe", ""),
    ("yes_no", "de-DE", "ja", "yes"),
    ("yes_no", "zh-CN", "不是", "no"),
    ("pattern", "en-US", "nine four one oh nine", "94109"),
]


@pytest.mark.parametrize(("kind", "tag", "text", "value"), HEARD)
def test_what_words_mean(kind: str, tag: str, text: str, value: str) -> None:
    assert of(kind).hear(text, Caller(tag, tag, TODAY)).value == value


def test_a_relative_day_must_be_allowed_and_needs_the_day() -> None:
    assert of("date", must_be="past").hear("tomorrow", US).value == ""
    assert of("date").hear("tomorrow", Caller("en-US", "en-US")).value == ""


def test_a_time_on_a_12_hour_clock_may_be_two() -> None:
    assert of("time").read("1200", US) == ("00:00", "12:00")
    assert of("time").hear("quarter to four", US) == ("03:45", "15:45")
    assert of("time", clock="24").hear("quarter to four", US) == ("03:45", "")


@pytest.mark.parametrize("tag", [f"{code}-XX" for code in supported() if entering(code).pay])
@pytest.mark.parametrize("kind", entry_types())
def test_every_type_in_every_language(kind: str, tag: str) -> None:
    """What it expects is a sentence, its sample can be entered and read back, and its hints are words."""
    caller = Caller(tag, "en-US", TODAY)
    entry = of(kind)
    assert entry.expected(caller)[-1] in ".。"
    assert entry.again(caller).startswith(caller.words.not_valid)
    assert entry.said(entry.sample(caller), caller)
    assert entry.hints(tag)
    keys = entry.keyed(caller)
    least, most = entry.digits
    assert least <= len(keys) <= most
    assert entry.read(keys, caller).value
    assert list(entry.faults()) == []


@pytest.mark.parametrize(
    ("kind", "options", "expected"),
    [
        ("date", {"must_be": "past"}, "It must be December 1, 2026 or earlier."),
        ("date", {"must_be": "future"}, "It must be December 1, 2026 or later."),
        ("date", {"within": 1}, "It must be from November 30, 2026 to December 2, 2026."),
        ("date", {"year": "two"}, "two digits for the month, two digits for the day, two digits for the year."),
        ("date", {"year": "none"}, "two digits for the month, two digits for the day."),
        ("time", {}, "Please enter the hour and then two digits for the minutes."),
        ("time", {"clock": "24"}, "two for the hour, and two for the minutes."),
        ("money", {"least": "5"}, "with star for the point. It must be 5 dollars or more."),
        ("money", {"most": "9.50"}, "It must be 9 dollars and 50 cents or less."),
        ("money", {"decimals": "implied"}, "the last two digits are the cents."),
        ("money", {"decimals": "none", "currency": "EUR"}, "in euros, without cents."),
        ("money", {"decimals": "none", "currency": "KES"}, "with star for the point."),
        ("count", {"least": "1", "most": "12"}, "It must be from 1 to 12."),
        ("pattern", {"digits": (5, 9), "pattern": "[0-9]{5,9}"}, "Please enter 5 to 9 digits."),
    ],
)
def test_what_is_expected(kind: str, options: dict[str, Any], expected: str) -> None:
    assert of(kind, **options).expected(US).endswith(expected)


@pytest.mark.parametrize(
    ("kind", "options", "keys"),
    [
        ("date", {"year": "two", "must_be": "past"}, "120126"),
        ("date", {"year": "none", "order": "dmy"}, "0112"),
        ("money", {"most": "12.50"}, "12*50"),
        ("money", {"most": "12.50", "decimals": "implied"}, "1250"),
        ("money", {"most": "12", "decimals": "none"}, "12"),
        ("count", {"least": "3"}, "3"),
        ("pattern", {"pattern": "1[0-9]"}, ""),  # no digit repeated fits; it is not looked for further
    ],
)
def test_sample_keys(kind: str, options: dict[str, Any], keys: str) -> None:
    assert of(kind, **options).keyed(US) == keys


@pytest.mark.parametrize(
    ("kind", "options", "name"),
    [
        ("money", {"least": "much"}, "least"),
        ("money", {"most": "-5"}, "most"),
        ("money", {"least": "9", "most": "5"}, "least"),
        ("money", {"currency": "USS"}, "currency"),
        ("count", {"least": "1.5"}, "least"),
        ("count", {"least": "5", "most": "2"}, "least"),
        ("phone", {"country": "UK"}, "country"),
        ("phone", {"country": "XX"}, "country"),
        ("date", {"within": 5_000}, "within"),
        ("pattern", {"pattern": ""}, "pattern"),
        ("pattern", {"pattern": "[a-z]"}, "pattern"),
        ("pattern", {"pattern": "[0-9"}, "pattern"),
        ("pattern", {"digits": None}, "pattern"),
    ],
)
def test_options_that_cannot_be(kind: str, options: dict[str, Any], name: str) -> None:
    assert [wrong for wrong, _ in of(kind, **options).faults()] == [name]


def test_which_are_secrets_and_which_wait_for_the_day() -> None:
    assert {kind for kind in entry_types() if entry_type(kind).sensitive} == {"card"}
    assert {kind for kind in entry_types() if of(kind).needs_today} == {"date"}
    assert {kind for kind in entry_types() if of(kind).has_halves} == {"time"}


def test_the_check_digit() -> None:
    assert [luhn(number) for number in ("4111111111111111", "4111111111111112", "", "4x")] == [
        True,
        False,
        False,
        False,
    ]


def test_a_language_without_words_of_its_own_asks_with_nothing() -> None:
    assert of("count").again(Caller("xx-XX", "en-US")) == ""
