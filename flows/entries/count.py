"""count: a whole number within limits."""

from __future__ import annotations

from collections.abc import Iterator

from flows.entries._limits import in_words
from flows.entries.base import Caller, Entry, Read
from flows.speech.heard_numbers import in_digits

_MOST_DIGITS = 6


class Count(Entry):
    """How many: a whole number, stored without leading zeros.

    Examples
    --------
    >>> from flows.entries.base import Options
    >>> tickets, caller = Count(Options(least="1", most="12")), Caller("en-US", "en-US")
    >>> tickets.read("04", caller).value, tickets.hear("twelve, please", caller).value, tickets.read("13", caller).value
    ('4', '12', '')
    >>> tickets.digits, tickets.again(caller)
    ((1, 2), 'Sorry, that is not right. Please enter a number. It must be from 1 to 12.')
    """

    takes = frozenset({"least", "most"})

    @property
    def digits(self) -> tuple[int, int]:
        most = self.options.most
        return self.options.digits or (1, len(most) if most.isdigit() else _MOST_DIGITS)

    def faults(self) -> Iterator[tuple[str, str]]:
        for name in ("least", "most"):
            text = getattr(self.options, name)
            if text and not (text.isdigit() and text.isascii()):
                yield name, f"{text!r} is not a whole number; write it in digits"
                return
        if self.options.least and self.options.most and int(self.options.least) > int(self.options.most):
            yield "least", f"no number is at least {self.options.least} and at most {self.options.most}; exchange them"

    def read(self, keys: str, caller: Caller) -> Read:
        if not (keys.isdigit() and keys.isascii()):
            return Read()
        number, of = int(keys), self.options
        fits = (not of.least or number >= int(of.least)) and (not of.most or number <= int(of.most))
        return Read(str(number)) if fits else Read()

    def hear(self, text: str, caller: Caller) -> Read:
        numbers = [token for token in in_digits(text, caller.language) if token.isdigit()]
        return self.read(numbers[0], caller) if len(numbers) == 1 else super().hear(text, caller)

    def expected(self, caller: Caller) -> str:
        return f"{caller.words.count} {in_words(caller, self.options.least, self.options.most)}".strip()

    def said(self, value: str, caller: Caller) -> str:
        return value

    def sample(self, caller: Caller) -> str:
        return self.options.most or self.options.least or "2"
