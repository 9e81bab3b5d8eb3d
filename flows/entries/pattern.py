"""pattern: digits in a form of the designer's own, such as a post code or a meter number."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flows.entries.base import Caller, Entry, Read

_PLAIN = re.compile(r"[0-9\[\]{}(),|?\\d-]+")


class Pattern(Entry):
    """Digits that fit a regular expression as a whole; stored as they are.

    Examples
    --------
    >>> from flows.entries.base import Options
    >>> zip_code, caller = Pattern(Options(pattern="9[0-9]{4}", digits=(5, 5))), Caller("en-US", "en-US")
    >>> zip_code.read("94109", caller).value, zip_code.hear("nine four one oh nine", caller).value
    ('94109', '94109')
    >>> zip_code.read("10001", caller).value, zip_code.again(caller)
    ('', 'Sorry, that is not right. Please enter 5 digits.')
    """

    takes = frozenset({"pattern"})

    @property
    def digits(self) -> tuple[int, int]:
        return self.options.digits or (1, 64)

    def faults(self) -> Iterator[tuple[str, str]]:
        text = self.options.pattern
        if not text:
            yield "pattern", "nothing says which digits fit; add a pattern such as '9[0-9]{4}'"
        elif not _PLAIN.fullmatch(text):
            yield "pattern", f"{text!r} may hold digits, [0-9], {{4}}, ?, | and brackets only; write '9[0-9]{{4}}'"
        elif self.options.digits is None:
            yield "pattern", "nothing says how many digits there are; add 'digits: 5' beside the pattern"
        else:
            try:
                re.compile(text)
            except re.error as error:
                yield "pattern", f"{text!r} is not a pattern: {error}; write one such as '9[0-9]{{4}}'"

    def read(self, keys: str, caller: Caller) -> Read:
        least, most = self.digits
        fits = least <= len(keys) <= most and re.fullmatch(self.options.pattern, keys) and keys.isdigit()
        return Read(keys) if fits else Read()

    def expected(self, caller: Caller) -> str:
        least, most = self.digits
        return (caller.words.digits_one if least == most else caller.words.digits).format(least=least, most=most)

    def sample(self, caller: Caller) -> str:
        return "0" * self.digits[1]

    def keyed(self, caller: Caller) -> str:
        """Keys of the right number; whether they fit cannot be told without solving the pattern."""
        return next((keys for digit in "1234567890" if self.read(keys := digit * self.digits[1], caller).value), "")
