"""German."""

from flows.speech.entering.base import Entering

_UNITS = ["ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"]
_TEENS = ["zehn", "elf", "zwölf", "dreizehn", "vierzehn", "fünfzehn", "sechzehn", "siebzehn", "achtzehn", "neunzehn"]
_TENS = ["zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig"]
_NUMBERS = {
    **{word: 10 + i for i, word in enumerate(_TEENS)},
    **{word: 20 + 10 * i for i, word in enumerate(_TENS)},
    **{f"{unit}und{ten}": 20 + 10 * i + j for i, ten in enumerate(_TENS) for j, unit in enumerate(_UNITS, 1)},
    **{f"{unit}hundert": 100 * j for j, unit in enumerate(_UNITS, 1)},
    "ein": 1,
    "zwo": 2,
    "dreissig": 30,
}
_DAYS = {
    **dict(
        zip(("erst", "zweit", "dritt", "viert", "fünft", "sechst", "siebt", "acht", "neunt"), range(1, 10), strict=True)
    ),
    **{f"{word}t": number for word, number in _NUMBERS.items() if 10 <= number < 20},
    **{f"{word}st": number for word, number in _NUMBERS.items() if 20 <= number <= 31},
}

ENTERING = Entering(
    code="de",
    not_valid="Das stimmt leider nicht.",
    date="Bitte geben Sie {parts} ein.",
    day="zwei Ziffern für den Tag",
    month="zwei Ziffern für den Monat",
    year="vier Ziffern für das Jahr",
    short_year="zwei Ziffern für das Jahr",
    time_24="Bitte geben Sie die Uhrzeit mit vier Ziffern ein: zwei für die Stunde, zwei für die Minuten.",
    time_12="Bitte geben Sie die Stunde ein, dann zwei Ziffern für die Minuten.",
    money="Bitte geben Sie den Betrag ein, mit der Sterntaste als Komma.",
    money_in_parts="Bitte geben Sie den Betrag ein; die letzten zwei Ziffern sind {part}.",
    money_whole="Bitte geben Sie den Betrag in {whole} ein, ohne {part}.",
    count="Bitte geben Sie eine Zahl ein.",
    phone="Bitte geben Sie die Telefonnummer mit Vorwahl ein.",
    card="Bitte geben Sie die lange Nummer auf der Vorderseite der Karte ein.",
    yes_no="Für ja drücken Sie die 1. Für nein drücken Sie die 2.",
    digits_one="Bitte geben Sie {most} Ziffern ein.",
    digits="Bitte geben Sie {least} bis {most} Ziffern ein.",
    between="Erlaubt ist {least} bis {most}.",
    at_least="Erlaubt ist {least} oder mehr.",
    at_most="Erlaubt ist {most} oder weniger.",
    from_day="Erlaubt ist der {least} oder später.",
    to_day="Erlaubt ist der {most} oder früher.",
    halves_asked="Für {first} drücken Sie die 1. Für {second} drücken Sie die 2.",
    yes="ja",
    no="nein",
    items="{first} bis {last} von {count}.",
    this_one="diesen Eintrag",
    next_items="weitere",
    items_before="die vorigen",
    none_of_these="keinen davon",
    no_items="Es gibt nichts zur Auswahl.",
    pay={
        "payment-card-number": "Bitte geben Sie Ihre Kartennummer ein, dann die Rautetaste.",
        "expiration-date": "Bitte geben Sie das Ablaufdatum ein: zwei Ziffern für den Monat, zwei für das Jahr.",
        "security-code": "Bitte geben Sie den Sicherheitscode der Karte ein, dann die Rautetaste.",
        "postal-code": "Bitte geben Sie Ihre Postleitzahl ein, dann die Rautetaste.",
        "payment-processing": "Einen Moment, bitte. Ihre Zahlung wird bearbeitet.",
    },
    paying="Sie zahlen gleich {amount} mit Karte. Mit der Sterntaste können Sie jederzeit abbrechen.",
    numbers=_NUMBERS,
    powers={"hundert": 100, "tausend": 1000},
    joiners=frozenset({"und"}),
    repeats={"doppel": 2, "doppelt": 2, "zweimal": 2, "dreimal": 3},
    fillers=frozenset(
        [
            "es",
            "ist",
            "das",
            "die",
            "der",
            "den",
            "am",
            "um",
            "meine",
            "mein",
            "nummer",
            "ja",
            "äh",
            "ähm",
            "bitte",
            "also",
            "lautet",
            "kundennummer",
            "vom",
            "von",
            "im",
        ]
    ),
    ordinals={f"{stem}{ending}": day for stem, day in _DAYS.items() for ending in ("e", "en", "er", "es")},
    days={"heute": 0, "morgen": 1, "übermorgen": 2, "gestern": -1},
    halves={
        **dict.fromkeys(("morgens", "vormittags", "früh", "nachts"), "am"),
        **dict.fromkeys(("nachmittags", "abends"), "pm"),
    },
    noon={"mittag": "12:00", "mitternacht": "00:00"},
    clock=(
        (r"halb (\d+)", -30),
        (r"viertel nach (\d+)", 15),
        (r"viertel vor (\d+)", -15),
        (r"(\d+) uhr$", 0),
    ),
)
