"""Command-line option types: times, shares, rates and zones, written as in the files, and a flow's languages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import click

__all__ = ["PER_HOUR", "SECONDS", "SHARE", "ZONE", "Checked", "Quantity", "check_language"]


class Quantity(click.ParamType[float]):
    """A number with a unit, written as in flow and scenario files.

    Parameters
    ----------
    name : str
        The unit in words, for messages.
    read : callable
        Converts text to a number; raises ValueError that says what to write instead.
    least, most : float
        The smallest and largest value allowed.

    Examples
    --------
    >>> SECONDS.convert("1m30s", None, None), SHARE.convert("80%", None, None)
    (90.0, 0.8)
    """

    def __init__(self, name: str, read: Callable[[str], float], least: float = 0.0, most: float = float("inf")) -> None:
        self.name, self._read, self._least, self._most = name, read, least, most

    def between(self, least: float, most: float) -> Quantity:
        """The same quantity, limited to a range."""
        return Quantity(self.name, self._read, least, most)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number in a text."""
        try:
            number = self._read(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)
        if number < self._least or number > self._most:
            self.fail(f"{value!r} is not between {self._least:g} and {self._most:g} {self.name}", param, ctx)
        return number


class Checked(click.ParamType[Any]):
    """What a command itself refuses, with a code of its own; a settings file is told by the same check.

    Parameters
    ----------
    check : callable
        Takes the value; raises what the command raises, or ValueError with what to write after a semicolon.
    read : click.ParamType
        Makes the value of a text.

    Examples
    --------
    >>> ZONE.convert("Madrid", None, None)
    'Madrid'
    >>> ZONE.check("Madrid")
    Traceback (most recent call last):
    ...
    ValueError: 'Madrid' is not a time zone; did you mean 'Europe/Madrid'?
    """

    def __init__(self, check: Callable[[Any], object], read: click.ParamType[Any] = click.STRING) -> None:
        self.name, self._check, self._read = read.name, check, read

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The value of a text, unchecked."""
        return self._read.convert(value, param, ctx)

    def check(self, text: str) -> None:
        """Refuse a text that the command would refuse.

        Raises
        ------
        ValueError, flows.source.finding.UsageError, click.UsageError
        """
        self._check(self.convert(text, None, None))


def _seconds(value: str) -> float:
    from flows.values.scalars import seconds_of  # imports pydantic, which --help does not need

    return float(seconds_of(value))


def _share(value: str) -> float:
    from flows.values.scalars import share_of

    return share_of(value)


def _per_hour(value: str) -> float:
    from flows.values.rates import per_hour_of

    return per_hour_of(value)


def _zone(value: str) -> None:
    from flows.values.time_zones import zone_name

    if value:
        zone_name(value)


SECONDS = Quantity("seconds", _seconds)
"""``90``, ``90s``, ``1m30s``."""
SHARE = Quantity("share", _share)
"""``0.8``, ``80%``."""
PER_HOUR = Quantity("an hour", _per_hour, least=float("-inf"))
"""``360``, ``360/h``, ``6/min``; the formulas say which numbers they allow."""

ZONE = Checked(_zone)
"""``Europe/Madrid``; empty for none."""


def check_language(spoken: Sequence[str], language: str) -> None:
    """Refuse a ``--language`` that a flow does not speak.

    Parameters
    ----------
    spoken : sequence of str
        The flow's languages.
    language : str
        Empty for the flow's first.

    Raises
    ------
    click.UsageError
    """
    if language and language not in spoken:
        raise click.UsageError(f"--language {language!r} is not spoken here; languages: {', '.join(spoken)}")
