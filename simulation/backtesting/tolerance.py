"""How near a simulated figure must be to the real one to fit; stated for every figure, and settable."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from flows.display.numbers import duration
from flows.source.document import nearest
from flows.source.finding import usage_error
from simulation.backtesting.figures import FIGURES

__all__ = ["TOLERANCE", "Limit", "near", "tolerance_of"]

_RESOLUTION_S = 1.0
"""Most logs have whole seconds: waits that differ by no more are the same, whatever their ratio."""
_UNITS: Mapping[str, Literal["points", "percent", "seconds"]] = {
    "points": "points",
    "point": "points",
    "%": "percent",
    "s": "seconds",
}


@dataclass(frozen=True)
class Limit:
    """How far the mean of the runs may be from what happened.

    Parameters
    ----------
    most : float
        In `unit`; infinite where the figure is not judged.
    unit : {"points", "percent", "seconds"}
        Percentage points of a share; percent of the real value; seconds.
    only_above : bool
        Whether a figure below the real one always fits.

    Examples
    --------
    >>> Limit(2, "points").allows(0.142, 0.16), Limit(15, "percent").allows(100.0, 116.0)
    (True, False)
    >>> str(Limit(5, "points", only_above=True))
    '5 points more'
    """

    most: float
    unit: Literal["points", "percent", "seconds"]
    only_above: bool = False

    def allows(self, real: float, said: float) -> bool:
        """Whether a simulated figure is near enough to the real one; a figure right on the limit is."""
        off = said - real
        if self.only_above and off <= 0:
            return True
        most = self.most / 100 if self.unit == "points" else self.most
        if self.unit == "percent":
            most = self.most / 100 * abs(real)
        return abs(off) <= most + 1e-9

    def __str__(self) -> str:
        if math.isinf(self.most):
            return "not judged"
        more = " more" if self.only_above else ""
        if self.unit == "seconds":
            return duration(self.most) + more
        unit = "%" if self.unit == "percent" else "point" if self.most == 1 else "points"
        return f"{self.most:g} {unit}{more}"


TOLERANCE: Mapping[str, Limit] = {
    "offered": Limit(5, "percent"),
    "abandonment": Limit(2, "points"),
    "no_wait": Limit(5, "points", only_above=True),
    "mean_wait_s": Limit(15, "percent"),
    "wait_p80_s": Limit(15, "percent"),
    "wait_p95_s": Limit(15, "percent"),
    "in_time": Limit(5, "points"),
    "talk_s": Limit(5, "percent"),
}
"""What a back-test asks for, unless it is told otherwise. Fewer callers without a wait always fit, because the waits
themselves are judged; more of them are the sign that agents are readier than real ones.
"""


def near(name: str, limit: Limit, real: float, said: float) -> bool:
    """Whether a figure fits, as far as a log of whole seconds can tell."""
    if FIGURES[name].kind == "time" and abs(said - real) <= _RESOLUTION_S and not math.isinf(limit.most):
        return True
    return limit.allows(real, said)


def tolerance_of(stated: Sequence[str]) -> dict[str, Limit]:
    """The default tolerance with some limits replaced.

    Parameters
    ----------
    stated : sequence of str
        Each ``FIGURE=LIMIT``, or several with commas between them: ``abandonment=1.5 points``, ``wait_p95=20%``,
        ``mean_wait=5s``, ``offered=off``.

    Raises
    ------
    UsageError
        When there is no such figure, or the limit is not one.

    Examples
    --------
    >>> found = tolerance_of(["abandonment=1, wait_p80=20%"])
    >>> str(found["abandonment"]), str(found["wait_p80_s"]), str(found["wait_p95_s"])
    ('1 point', '20 %', '15 %')
    """
    found = dict(TOLERANCE)
    for one in ",".join(stated).split(","):
        if one.strip():
            name, limit = _read(one.strip())
            found[name] = limit
    return found


def _read(text: str) -> tuple[str, Limit]:
    short, _, value = (part.strip() for part in text.partition("="))
    names = {name.removesuffix("_s"): name for name in FIGURES}
    name = names.get(short.removesuffix("_s"))
    if name is None:
        close = nearest(short, list(names))
        hint = f"did you mean {close!r}?" if close else f"figures: {', '.join(names)}"
        raise usage_error("X005", f"--tolerance: there is no figure {short!r}", hint)
    share = FIGURES[name].kind == "share"
    if value == "off":
        return name, Limit(math.inf, "points" if share else "percent")
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(points?|%|s)?", value)
    unit = _UNITS[match[2]] if match and match[2] else "points" if share else "percent"
    fits = unit in (("points",) if share else ("percent", "seconds") if FIGURES[name].kind == "time" else ("percent",))
    if not match or not fits:
        example = "2 points" if share else "15% or 5s" if FIGURES[name].kind == "time" else "5%"
        raise usage_error(
            "X005", f"--tolerance: {short}={value!r} is not a limit", f"for example {short}={example}, or {short}=off"
        )
    return name, Limit(float(match[1]), unit, only_above=TOLERANCE[name].only_above)
