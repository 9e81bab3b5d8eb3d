"""money: an amount, with the star as its point or with implied hundredths."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flows.entries._limits import in_words
from flows.entries.base import Caller, Entry, Read
from flows.speech import currencies
from flows.speech.heard_numbers import in_digits
from flows.speech.languages import language as language_of
from flows.speech.values import home_currency, spoken_value
from flows.values.amounts import Amount, amount_of

_MOST_DIGITS = 8
_SIGNS = re.compile(r"(US\$|[$€£])\s*([\d.,]*\d)")


class Money(Entry):
    """An amount, stored with two decimals: ``12.50``.

    Examples
    --------
    >>> from flows.entries.base import Options
    >>> star, implied = Money(Options(least="5", most="100")), Money(Options(decimals="implied"))
    >>> caller = Caller("en-US", "en-US")
    >>> star.read("12*5", caller).value, star.read("12", caller).value, implied.read("1250", caller).value
    ('12.50', '12.00', '12.50')
    >>> star.hear("It's twelve dollars and fifty cents", caller).value, star.hear("$12.50", caller).value
    ('12.50', '12.50')
    >>> star.read("101", caller).value, star.said("12.50", caller)
    ('', '12 dollars and 50 cents')
    """

    takes = frozenset({"decimals", "currency", "least", "most"})

    @property
    def digits(self) -> tuple[int, int]:
        return self.options.digits or (1, _MOST_DIGITS)

    def faults(self) -> Iterator[tuple[str, str]]:
        of = self.options
        for name in ("least", "most"):
            text = getattr(of, name)
            amount = amount_of(text) if text else Amount(0, 0)
            if amount is None or amount.minus or amount.currency:
                yield name, f"{text!r} is not an amount; write a number such as 12.50"
                return
        if of.least and of.most and self._limit(of.least) > self._limit(of.most):
            yield "least", f"no amount is at least {of.least} and at most {of.most}; exchange them"
        if of.currency and of.currency not in currencies.codes():
            yield "currency", f"there is no currency {of.currency!r}; write three capital letters (ISO 4217), as in USD"

    @staticmethod
    def _limit(text: str) -> int:
        amount = amount_of(text)
        return amount.hundredths if amount else 0

    def read(self, keys: str, caller: Caller) -> Read:
        if self.options.decimals == "star":
            found = re.fullmatch(r"([0-9]*)(?:\*([0-9]{0,2}))?", keys)
            if not found or not any(found.groups("")):
                return Read()
            return self._within(Amount(int(found[1] or 0), int((found[2] or "").ljust(2, "0"))))
        if not re.fullmatch(r"[0-9]+", keys):
            return Read()
        if self.options.decimals == "none":
            return self._within(Amount(int(keys), 0))
        return self._within(Amount(*divmod(int(keys), 100)))

    def _within(self, amount: Amount) -> Read:
        of = self.options
        fits = (not of.least or amount.hundredths >= self._limit(of.least)) and (
            not of.most or amount.hundredths <= self._limit(of.most)
        )
        return Read(amount.plain) if fits else Read()

    def hear(self, text: str, caller: Caller) -> Read:
        """An amount as recognisers write it, or as callers say it: whole units, then hundredths."""
        for signed in (*_SIGNS.finditer(text), *re.finditer(r"()(\d[\d.,]*[.,]\d{1,2})(?!\d)", text)):
            if amount := amount_of(signed[2]):
                return self._within(amount)
        tokens = in_digits(text, caller.language)
        numbers = [int(token) for token in tokens if token.isdigit() and len(token) <= 13]
        if len(numbers) == 1:
            only_parts = self._are_parts(tokens, caller)
            return self._within(Amount(*divmod(numbers[0], 100)) if only_parts else Amount(numbers[0], 0))
        if len(numbers) == 2 and numbers[1] < 100:
            return self._within(Amount(numbers[0], numbers[1]))
        return Read()

    def _are_parts(self, tokens: list[str], caller: Caller) -> bool:
        """Whether a single number is of hundredths: "fifty cents"."""
        names = language_of(caller.language).values.currencies.get(self._currency(caller))
        whole, parts = (set(names[:2]), set(names[2:])) if names else (set(), set())
        said = set(tokens)
        return bool(said & parts) and not said & whole

    def _currency(self, caller: Caller) -> str:
        return self.options.currency or home_currency(caller.home)

    def expected(self, caller: Caller) -> str:
        words, of = caller.words, self.options
        form = {"star": words.money, "implied": words.money_in_parts, "none": words.money_whole}[of.decimals]
        names = language_of(caller.language).values.currencies.get(self._currency(caller), ("", "", "", ""))
        if not names[1] and of.decimals != "star":
            form = words.money
        asked = form.format(whole=names[1], part=names[3])
        limits = (self.said(self._plain(limit), caller) if limit else "" for limit in (of.least, of.most))
        return f"{asked} {in_words(caller, *limits)}".strip()

    @staticmethod
    def _plain(text: str) -> str:
        amount = amount_of(text)
        return amount.plain if amount else text

    def said(self, value: str, caller: Caller) -> str:
        return spoken_value(value, "money", more=self._currency(caller), language=caller.language)

    def sample(self, caller: Caller) -> str:
        return self._plain(self.options.most or self.options.least or "25")

    def keyed(self, caller: Caller) -> str:
        amount = amount_of(self.sample(caller)) or Amount(25, 0)
        if self.options.decimals == "implied":
            return str(amount.hundredths)
        return (
            str(amount.whole)
            if not amount.part or self.options.decimals == "none"
            else f"{amount.whole}*{amount.part:02d}"
        )
