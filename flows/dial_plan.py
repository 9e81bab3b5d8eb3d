"""Telephone numbers of some countries: how long they are, and which cost the caller of them extra.

Lengths and prefixes are those of libphonenumber's metadata 9.0.43 (Google, Apache-2.0), which follows the national
numbering plans published by ITU-T (E.129); for Spain the premium prefix 905 and 907 of its plan are added. Countries
that are not listed are only held to ITU-T E.164.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["PLANS", "Plan", "plan_of"]


@dataclass(frozen=True)
class Plan:
    """One country's numbers, without the country code.

    Parameters
    ----------
    country : str
    digits : (int, int)
        Shortest and longest national number.
    premium : tuple of str
        Beginnings of numbers with an extra charge.
    """

    country: str
    digits: tuple[int, int]
    premium: tuple[str, ...] = ()


PLANS: Mapping[str, Plan] = {
    "1": Plan("North America", (10, 10), ("900",)),
    "7": Plan("Russia and Kazakhstan", (10, 14), ("803", "809")),
    "30": Plan("Greece", (10, 12), ("901", "909")),
    "31": Plan("the Netherlands", (5, 11), ("900", "906", "909")),
    "32": Plan("Belgium", (8, 9), ("90",)),
    "33": Plan("France", (9, 9), ("89",)),
    "34": Plan("Spain", (9, 9), ("803", "806", "807", "905", "907")),
    "39": Plan("Italy", (6, 12), ("892", "894", "895", "899")),
    "41": Plan("Switzerland", (9, 12), ("900", "901", "906")),
    "43": Plan("Austria", (4, 13), ("900", "901", "930", "931", "939")),
    "44": Plan("the United Kingdom", (7, 10), ("90", "91", "98")),
    "45": Plan("Denmark", (8, 8), ("90",)),
    "46": Plan("Sweden", (6, 12), ("900", "939", "944")),
    "47": Plan("Norway", (5, 8), ("820", "829")),
    "48": Plan("Poland", (6, 10), ("70",)),
    "49": Plan("Germany", (4, 13), ("900",)),
    "52": Plan("Mexico", (10, 10), ("900",)),
    "55": Plan("Brazil", (8, 11), ("900", "500")),
    "61": Plan("Australia", (5, 12), ("190",)),
    "81": Plan("Japan", (8, 13), ("990",)),
    "84": Plan("Vietnam", (7, 10), ("1900",)),
    "86": Plan("China", (7, 12), ("160", "168")),
    "351": Plan("Portugal", (9, 9), ("601", "607", "608", "646", "648", "760", "761", "762")),
    "353": Plan("Ireland", (7, 10), ("15",)),
    "979": Plan("the international premium-rate service", (9, 9), ("",)),
}
"""By country code."""


def plan_of(number: str) -> tuple[Plan, str] | None:
    """The plan and the national part of a number in E.164 form; None for a country that is not listed.

    Examples
    --------
    >>> plan, national = plan_of("+14155550100")
    >>> plan.country, national
    ('North America', '4155550100')
    """
    digits = number.removeprefix("+")
    code = next((digits[:n] for n in (1, 2, 3) if digits[:n] in PLANS), "")
    return (PLANS[code], digits[len(code) :]) if code else None
