"""What command lines take: times and shares, written as in the files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

__all__ = ["SECONDS", "SHARE", "Written"]


class Written(click.ParamType):
    """A value that is written as in flow and scenario files.

    Parameters
    ----------
    name : str
    read : callable
        Raises ValueError, which says what to write instead.
    least, most : float
        The first and the last value allowed.

    Examples
    --------
    >>> SECONDS.convert("1m30s", None, None), SHARE.convert("80%", None, None)
    (90.0, 0.8)
    """

    def __init__(self, name: str, read: Callable[[Any], float], least: float = 0.0, most: float = float("inf")) -> None:
        self.name, self._read, self._least, self._most = name, read, least, most

    def between(self, least: float, most: float) -> Written:
        """The same, within bounds."""
        return Written(self.name, self._read, least, most)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number that was written."""
        try:
            number = self._read(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)
        if not self._least <= number <= self._most:
            self.fail(f"{value!r} is not between {self._least:g} and {self._most:g} {self.name}", param, ctx)
        return number


def _seconds(value: Any) -> float:
    from flows.values.scalars import seconds_of  # pydantic, which no --help needs

    return float(seconds_of(value))


def _share(value: Any) -> float:
    from flows.values.scalars import share_of

    return share_of(value)


SECONDS = Written("seconds", _seconds)
"""``90``, ``90s``, ``1m30s``."""
SHARE = Written("share", _share)
"""``0.8``, ``80%``."""
