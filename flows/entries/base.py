"""The interface of every type of entry: pure methods from keys or words to one canonical form, and back to speech."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal, NamedTuple

from flows.speech.entering import Entering, entering
from flows.speech.heard_numbers import digits_heard
from flows.speech.languages import language as language_of

__all__ = ["Caller", "Entry", "Options", "Read"]


class Caller(NamedTuple):
    """Who enters something: the language they hear, the first language of the line, and the day, if it is known."""

    language: str
    home: str
    today: dt.date | None = None

    @property
    def country(self) -> str:
        """The country of the line, by its first language; empty if that names none."""
        return self.home.rpartition("-")[2].upper() if "-" in self.home else ""

    @property
    def words(self) -> Entering:
        """The words of the caller's language."""
        return entering(self.language)


@dataclass(frozen=True)
class Options:
    """What a node says about an entry; each type reads those that it takes, and the others keep their defaults.

    Parameters
    ----------
    order : {"", "dmy", "mdy", "ymd"}
        Of day, month and year; empty for that of the caller's country.
    year : {"four", "two", "none"}
        The digits of the year.
    must_be : {"", "past", "future"}
        On which side of today a date must be; today is on both.
    within : int or None
        Most days from today.
    clock : {"", "12", "24"}
        Empty for that of the language.
    decimals : {"star", "implied", "none"}
        How hundredths are keyed: after a star, as the last two digits, or not at all.
    currency : str
        ISO 4217; empty for that of the line's country.
    least, most : str
        Limits of an amount or a number; empty for none.
    country : str
        ISO 3166 code of telephone numbers; empty for the line's own.
    pattern : str
        Regular expression for the digits of a pattern.
    digits : tuple of int or None
        Fewest and most digits, where they are stated.
    """

    order: str = ""
    year: Literal["four", "two", "none"] = "four"
    must_be: str = ""
    within: int | None = None
    clock: str = ""
    decimals: Literal["star", "implied", "none"] = "star"
    currency: str = ""
    least: str = ""
    most: str = ""
    country: str = ""
    pattern: str = ""
    digits: tuple[int, int] | None = None


class Read(NamedTuple):
    """What was entered: its canonical form, or two forms of which the caller must choose; empty if it is not valid."""

    value: str = ""
    other: str = ""


class Entry(ABC):
    """One type of entry, with the options of one node.

    Parameters
    ----------
    options : Options
    """

    takes: ClassVar[frozenset[str]] = frozenset()
    """The options that have a meaning for this type."""
    sensitive: ClassVar[bool] = False
    """Whether it is a secret unless a node says otherwise."""

    def __init__(self, options: Options) -> None:
        """Keep the options."""
        self.options = options

    @property
    @abstractmethod
    def digits(self) -> tuple[int, int]:
        """Fewest and most keys of an entry, without the finish key."""

    @property
    def needs_today(self) -> bool:
        """Whether the entry can only be judged when the day is known."""
        return False

    @property
    def has_halves(self) -> bool:
        """Whether what is keyed may mean two things, of which callers choose one."""
        return False

    def faults(self) -> Iterator[tuple[str, str]]:
        """What is wrong with the options themselves: the option's name, and a message with its remedy."""
        return iter(())

    @abstractmethod
    def read(self, keys: str, caller: Caller) -> Read:
        """What keys mean."""

    def hear(self, text: str, caller: Caller) -> Read:
        """What words mean; by default, the digits in them."""
        return self.read(digits_heard(text, caller.language), caller)

    @abstractmethod
    def expected(self, caller: Caller) -> str:
        """What the caller is asked for after an entry that is not valid."""

    def said(self, value: str, caller: Caller) -> str:
        """A value as it is read back."""
        return " ".join(value)

    @abstractmethod
    def sample(self, caller: Caller) -> str:
        """A value of typical length, in canonical form."""

    def keyed(self, caller: Caller) -> str:
        """Keys that are a valid entry."""
        return self.sample(caller)

    def hints(self, language: str) -> tuple[str, ...]:
        """Words that callers may say, for the recogniser."""
        words = entering(language)
        return (*language_of(language).number_words, *words.repeats)

    def again(self, caller: Caller) -> str:
        """What is said after an entry that is not valid: that it is not, and what is expected."""
        return " ".join(part for part in (caller.words.not_valid, self.expected(caller)) if part)
