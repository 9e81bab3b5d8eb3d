"""Language packs: those shipped against Unicode's CLDR, those beside a flow, and what is wrong with them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel import Locale
from babel.dates import format_date
from num2words import num2words

from flows.model.load import load
from flows.source.finding import FlowError
from flows.source.yaml_reader import parse
from flows.speech import languages
from flows.speech.languages import built_in, language, language_of_pack, supported
from flows.speech.plurals import examples, form, forms_of
from flows.speech.values import spoken_value

PACKS = {
    "it": "giorno/giorni",
    "pl": "dzień/dni/dni",
    "el": "ημέρα/ημέρες",
    "ja": "日",
    "ar": "يوم/يوم/يومان/أيام/يومًا/يوم",
}
ORDER = ("zero", "one", "two", "few", "many", "other")
NUMBERS = (*range(131), 200, 202, 205, 211, 1_000, 1_001, 1_002, 1_103, 999_999)
LINE = "{ivr: 1, name: Line, languages: [sw-KE], start: bye, nodes: {bye: {type: hangup, say: Kwaheri.}}}"


@pytest.fixture(autouse=True)
def _no_pack_stays() -> Iterator[None]:
    yield
    languages.forget()


def test_the_five_are_packs_and_no_files() -> None:
    assert set(PACKS) <= set(supported()) - set(built_in())


@pytest.mark.parametrize("code", PACKS)
def test_counts_take_the_form_that_cldr_says(code: str) -> None:
    """The position of CLDR's category among those of the language gives the noun; written beside: all nouns."""
    nouns = PACKS[code].split("/")
    taken = set(map(Locale(code).plural_form, range(201)))
    names = [name for name in ORDER if name in taken]
    assert len(nouns) == len(names)
    for number in NUMBERS:
        noun = nouns[names.index(Locale(code).plural_form(number))]
        joint = "" if code == "ja" else " "
        assert spoken_value(str(number), "count", more=PACKS[code], language=code) == f"{number}{joint}{noun}"


@pytest.mark.parametrize("code", PACKS)
def test_every_day_of_a_year_is_cldrs_long_date(code: str) -> None:
    for day in range(365):
        date = dt.date(2026, 1, 1) + dt.timedelta(day)
        assert spoken_value(date.isoformat(), "date", language=code) == format_date(date, "long", locale=code)


@pytest.mark.parametrize("code", sorted({*PACKS} - {"el"}))
def test_number_words_are_those_of_num2words(code: str) -> None:
    words = language(code).number_words + language(code).more_numbers
    assert words == tuple(num2words(number, lang=code) for number in range(17))


def test_hundreds_of_currencies_have_a_name_in_each_form() -> None:
    assert [spoken_value(n, "money", more="CZK", language="pl-PL") for n in ("1", "2", "5", "22")] == [
        "1 korona czeska",
        "2 korony czeskie",
        "5 koron czeskich",
        "22 korony czeskie",
    ]


@pytest.mark.parametrize("code", built_in())
def test_the_languages_with_files_agree_with_cldr(code: str) -> None:
    """Months are CLDR's, and so is the singular, but where CLDR has one for all (Chinese) or both nouns are alike."""
    values, locale = language(code).values, Locale(code)
    if code not in ("vi", "zh"):  # numbered months
        assert values.months == tuple(locale.months["format"]["wide"][month] for month in range(1, 13))
        for number in range(201):
            assert values.form(number, ("one", "other")) == locale.plural_form(number)


def test_polish_callers_hear_minutes_in_their_three_forms() -> None:
    spoken = language("pl-PL")
    said = [spoken.values.form(n, spoken.expected_wait).format(minutes=n) for n in (1, 2, 5, 22)]
    assert [text.removeprefix("Przewidywany czas oczekiwania to ") for text in said] == [
        "jedna minuta.",
        "2 minuty.",
        "5 minut.",
        "22 minuty.",
    ]


def test_two_forms_or_one_stand_for_all() -> None:
    assert [form(n, ("day", "days"), "ar") for n in (0, 1, 2, 11)] == ["days", "day", "days", "days"]
    assert form(7, ("day",), "pl") == "day"
    assert form(2_000_000, ("giorno", "giorni"), "it") == "giorni"  # CLDR's "many" is for millions alone
    assert (forms_of("zz"), examples("zz"), form(1, ("a", "b"), "zz")) == (("one", "other"), (1, 2), "a")


def pack(**texts: str) -> str:
    more = "".join(f"{name}: {text}\n" for name, text in texts.items())
    return f"ivr: 1\nlanguage: sw\nlike: en\n{more}"


def beside(folder: Path, text: str, name: str = "sw") -> str:
    (folder / "languages").mkdir(exist_ok=True)
    (folder / "languages" / f"{name}.yaml").write_text(text, "utf-8")
    (folder / "line.yaml").write_text(LINE, "utf-8")
    return str(folder / "line.yaml")


def test_a_pack_beside_a_flow_makes_its_language_speakable(tmp_path: Path) -> None:
    (tmp_path / "line.yaml").write_text(LINE, "utf-8")
    with pytest.raises(FlowError, match="'sw-KE' has no phrases yet"):
        load(tmp_path / "line.yaml")
    assert load(beside(tmp_path, pack(option='"Kwa {label}, bonyeza {key}."'))).flow.languages == ("sw-KE",)
    assert language("sw-KE").say_option("malipo", "1") == "Kwa malipo, bonyeza 1."


def test_a_pack_is_read_again_when_it_has_changed_and_one_for_a_region_comes_first(tmp_path: Path) -> None:
    load(beside(tmp_path, pack(star="nyota")))
    load(beside(tmp_path, pack(star="alama")))
    assert language("sw-KE").star == "alama"
    load(beside(tmp_path, pack(star="kinyota").replace("language: sw", "language: sw-KE"), "sw-KE"))
    assert (language("sw-KE").star, language("sw-TZ").star) == ("kinyota", "alama")


def test_two_lines_with_other_words_for_one_language_are_not_mixed_up(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    load(beside(tmp_path / "a", pack(star="nyota")))
    load(beside(tmp_path / "b", pack(star="nyota")))  # the same words
    with pytest.raises(FlowError) as caught:
        load(beside(tmp_path / "b", pack(star="alama")))
    (finding,) = caught.value.findings
    assert (finding.line, finding.column) == (2, 11)
    assert finding.message.endswith("already says how sw is spoken, and in other words")
    languages.forget()
    load(tmp_path / "b" / "line.yaml")
    assert language("sw").star == "alama"


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        (
            pack(option='"Kwa {labl}, bonyeza {key}."'),
            4,
            9,
            "{labl} is nothing that is said here; write {label}, {key}",
        ),
        (pack(option='"Kwa {label}."'), 4, 9, "{key} is missing"),
        (pack(option='"Kwa {label, bonyeza {key}."'), 4, 9, "a brace is opened and not closed"),
        (pack(star='"nyota {key}"'), 4, 7, "{key} is nothing that is said here; write no braces"),
        (
            pack(expected_wait='["a {minutes}", "b {minutes}", "c {minutes}"]'),
            4,
            16,
            "3 forms, but sw has 2: one, other",
        ),
        (pack(expected_wait='["dakika moja", "dakika"]'), 4, 32, "{minutes} is missing"),
        (pack(number_words="[sifuri]"), 4, 15, "number_words has 1 words"),
        (pack(any_key='"("'), 4, 10, "'(' is not a regular expression"),
        (pack(values='{date: "{day}"}'), 4, 16, "{month} is missing"),
        (pack(values="{currencies: {KES: [shilingi]}}"), 4, 28, "1 nouns"),
        (pack().replace("like: en", "like: xx"), 3, 7, "'xx' is no language that has phrases"),
        (pack().replace("language: sw", "language: Swahili"), 2, 11, "'Swahili' is not allowed here"),
        (pack(stars="nyota"), 4, 1, "unknown key 'stars'"),
        ("ivr: 1\nlanguage: zz\n", 1, 1, "'name' is missing"),
    ],
)
def test_what_is_wrong_has_its_place(text: str, line: int, column: int, message: str) -> None:
    with pytest.raises(FlowError) as caught:
        language_of_pack(parse(text, "sw.yaml"))
    found = caught.value.findings[0]
    assert message in f"{found.message}; {found.hint}"
    assert (found.line, found.column) == (line, column)


def test_a_pack_is_no_flow() -> None:
    from flows.model.load import load_text

    with pytest.raises(FlowError, match="this is a language pack, not a flow"):
        load_text(pack(), "sw.yaml")
