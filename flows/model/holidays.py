"""Public holidays by country and region, as plain dates, from the ``holidays`` package."""

from __future__ import annotations

import datetime as dt
import warnings
from functools import cache

from flows.source.document import nearest

__all__ = ["YEARS", "CalendarError", "days"]

YEARS = (2020, 2049)
"""First and last year looked up; fixed so that a flow means the same whenever it is read."""


class CalendarError(ValueError):
    """An unknown calendar; `code` is the code of the resulting finding."""

    code = "F006"


@cache
def days(calendar: str, first: int = YEARS[0]) -> tuple[dt.date, ...]:
    """The public holidays of a country or one of its regions, to the end of `YEARS`.

    Parameters
    ----------
    calendar : str
        ISO 3166 codes: ``US``, ``US-NY``, ``ES-MD``; or the code of a stock exchange, ``XNYS``.
    first : int
        The first year.

    Raises
    ------
    CalendarError
        If there is no such country or region.

    Examples
    --------
    >>> dt.date(2026, 12, 25) in days("US-NY"), dt.date(2026, 5, 15) in days("ES-MD")
    (True, False)
    """
    import holidays

    country, _, region = calendar.replace("_", "-").partition("-")
    country = country.upper()
    countries, markets = holidays.list_supported_countries(include_aliases=True), holidays.list_supported_financial()
    if country not in countries and (country not in markets or region):
        near = nearest(country, [*countries, *markets])
        hint = f"did you mean {near!r}? " if near else ""
        raise CalendarError(
            f"no holidays are known of {country!r}; {hint}codes are those of ISO 3166: US, US-NY, ES-MD, GB-SCT"
        )
    known = {name.upper(): name for name in countries.get(country, ())}
    if region and region.upper() not in known:
        near = nearest(region.upper(), list(known))
        hint = f"did you mean '{country}-{known[near]}'?" if near else f"regions: {', '.join(known.values()) or 'none'}"
        raise CalendarError(f"{country} has no region {region!r}; {hint}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some calendars cover fewer years
        years = range(first, YEARS[1] + 1)
        if country in countries:
            found = holidays.country_holidays(country, subdiv=known[region.upper()] if region else None, years=years)
        else:
            found = holidays.financial_holidays(country, years=years)
    return tuple(sorted(day for day in found if first <= day.year <= YEARS[1]))
