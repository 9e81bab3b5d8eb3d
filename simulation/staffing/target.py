"""The promise that a staffing has to keep: a service level, where it is judged, and on how many days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from flows.display.numbers import duration, share
from flows.source.finding import usage_error
from flows.values.scalars import seconds_of, share_of

__all__ = ["Per", "Target", "level_of"]

Per = Literal["day", "interval", "queue"]
_EXAMPLE = 'for example --target "80%/20s": 80 % of callers within 20 seconds'


@dataclass(frozen=True, kw_only=True)
class Target:
    """A promise, and on which share of days it is kept.

    Parameters
    ----------
    level : float
        The service level to be reached, above 0 and at most 1.
    threshold_s : float
        Longest wait that counts as in time, seconds; queues may state their own.
    per : {"day", "interval", "queue"}
        What is judged: the day as a whole, each interval, or each queue over the day.
    confidence : float
        On this share of days at least, above 0 and at most 1. Each interval or queue is judged by itself.
    most_abandoned : float or None
        The largest share of callers who may hang up in the queue, judged as the service level is.
    most_occupied : float or None
        The largest share of their time that agents may be busy, over all days: of all agents, in each interval, or of
        each group.
    own_levels : mapping of str to float
        The levels of queues that state their own, for ``per="queue"``.
    """

    level: float
    threshold_s: float
    per: Per = "day"
    confidence: float = 0.9
    most_abandoned: float | None = None
    most_occupied: float | None = None
    own_levels: Mapping[str, float] = field(default_factory=dict)

    def in_words(self) -> str:
        """The promise in a phrase.

        >>> Target(level=0.8, threshold_s=20, most_abandoned=0.05).in_words()
        '80 % within 20 s and at most 5 % hung up on 90 % of days'
        """
        said = f"{share(self.level)} within {duration(self.threshold_s)}"
        said += "" if self.most_abandoned is None else f" and at most {share(self.most_abandoned)} hung up"
        where = {"day": "", "interval": " in every interval", "queue": " in every queue"}[self.per]
        said += f"{where} on {share(self.confidence)} of days"
        return said if self.most_occupied is None else f"{said}, agents busy at most {share(self.most_occupied)}"


def level_of(text: str) -> tuple[float, float | None]:
    """Read a target as people write it: a share, and a time after a slash.

    Parameters
    ----------
    text : str
        Such as ``80%/20s``, or ``80%`` for the threshold of the scenario.

    Returns
    -------
    level, threshold_s : float, float or None

    Raises
    ------
    UsageError
        X005, if it is not of this form.

    Examples
    --------
    >>> level_of("80%/20s"), level_of("0.9")
    ((0.8, 20.0), (0.9, None))
    """
    wanted, slash, within = text.partition("/")
    try:
        level = share_of(wanted.strip())
        threshold_s = float(seconds_of(within.strip())) if slash else None
    except ValueError as error:
        raise usage_error("X005", f"--target {text!r}: {error}", _EXAMPLE) from None
    if not 0 < level <= 1:
        raise usage_error("X005", f"--target {text!r}: the share is {level:g}; it is above 0 and at most 1", _EXAMPLE)
    if threshold_s is not None and not 0 <= threshold_s <= 86_400:
        raise usage_error("X005", f"--target {text!r}: the time is {threshold_s:g} s; it is from 0 to 24h", _EXAMPLE)
    return level, threshold_s
