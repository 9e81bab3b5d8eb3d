"""What a language file defines so that entries can be asked for, understood and corrected in that language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Entering"]


@dataclass(frozen=True, kw_only=True)
class Entering:
    """What is said about entries and payments in one language, and the words of callers who speak an entry.

    Parameters
    ----------
    code : str
        Primary subtag, e.g. ``es``.
    not_valid : str
        Said before what is expected, after an entry that cannot be.
    date : str
        Asks for a date; ``{parts}``, in order.
    day, month, year, short_year : str
        The parts of a date, with their digits.
    time_24, time_12 : str
        Asks for a time.
    money, money_in_parts, money_whole : str
        Asks for an amount: with star as the point, with the last two digits as hundredths, or without any.
    count, phone, card, yes_no : str
        Asks for a number, a telephone number, a card number, and for key 1 or 2.
    digits_one, digits : str
        Asks for ``{most}`` digits, or for ``{least}`` to ``{most}``.
    between, at_least, at_most : str
        The limits of a number or an amount.
    from_day, to_day : str
        The limits of a date.
    halves_asked : str
        A time on a 12-hour clock that may be either; ``{first}`` on key 1 and ``{second}`` on key 2.
    yes, no : str
        What key 1 and key 2 of a question mean, as they are read back.
    items : str
        Which of the items follow; ``{first}`` to ``{last}`` of ``{count}``.
    this_one, next_items, items_before, none_of_these : str
        What the keys of a list are for, in the form of an option's label.
    no_items : str
        A list without items.
    pay : Mapping of field to str
        What a payment asks for, by the name of its step at the carrier.
    paying : str
        Said before a payment of ``{amount}``.
    numbers : mapping of str to int
        Words of numbers, besides those of the digits: all below a hundred that are not put together from others, and
        words such as "seiscientos".
    powers : mapping of str to int
        Words that multiply what stands before them: hundred, thousand.
    joiners : frozenset of str
        Words between the parts of a number that say nothing: "and".
    repeats : mapping of str to int
        How often the next digit is meant: double, triple.
    fillers : frozenset of str
        Words around a number that say nothing: "it's", "my".
    ordinals : mapping of str to int
        Words for the days of a month, besides those that are put together from others.
    days : mapping of str to int
        Days counted from today: tomorrow is 1.
    halves : mapping of str to str
        ``am`` or ``pm`` by the words for a half of the day.
    noon : mapping of str to str
        Times with a name of their own.
    clock : tuple of (pattern, minutes)
        Ways to tell the time, with the hour as the group; minutes after that hour, or before it if negative.
    """

    code: str
    not_valid: str = ""
    date: str = ""
    day: str = ""
    month: str = ""
    year: str = ""
    short_year: str = ""
    time_24: str = ""
    time_12: str = ""
    money: str = ""
    money_in_parts: str = ""
    money_whole: str = ""
    count: str = ""
    phone: str = ""
    card: str = ""
    yes_no: str = ""
    digits_one: str = ""
    digits: str = ""
    between: str = ""
    at_least: str = ""
    at_most: str = ""
    from_day: str = ""
    to_day: str = ""
    halves_asked: str = ""
    yes: str = "1"
    no: str = "2"
    items: str = ""
    this_one: str = ""
    next_items: str = ""
    items_before: str = ""
    none_of_these: str = ""
    no_items: str = ""
    pay: Mapping[str, str] = field(default_factory=dict)
    paying: str = ""
    numbers: Mapping[str, int] = field(default_factory=dict)
    powers: Mapping[str, int] = field(default_factory=dict)
    joiners: frozenset[str] = frozenset()
    repeats: Mapping[str, int] = field(default_factory=dict)
    fillers: frozenset[str] = frozenset()
    ordinals: Mapping[str, int] = field(default_factory=dict)
    days: Mapping[str, int] = field(default_factory=dict)
    halves: Mapping[str, str] = field(default_factory=dict)
    noon: Mapping[str, str] = field(default_factory=dict)
    clock: tuple[tuple[str, int], ...] = ()
