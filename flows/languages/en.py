"""English."""

from flows.languages.base import Language

LANGUAGE = Language(
    code="en",
    name="English",
    option="For {label}, press {key}.",
    option_key_first="Press {key} for {label}.",
    star="star",
    pound="pound",
    no_input="Sorry, I did not hear anything.",
    no_match="Sorry, that is not one of the choices.",
    confirm="You entered {value}. If that is right, press 1. To enter it again, press 2.",
    position="You are number {position} in line.",
    expected_wait_one="The expected wait is one minute.",
    expected_wait="The expected wait is {minutes} minutes.",
    apology="We are sorry, we cannot continue this call. Please call again later. Goodbye.",
    vowels="aeiouy",
    syllables_per_s=6.19,
    words_per_minute=150.0,
    wrong_verbs=("punch", "depress", "hit", "push"),
    say_key=("press", "dial", "enter", "key", "or"),
    number_words=("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
)
