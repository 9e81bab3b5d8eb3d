"""Known values, simulated values, and whether they agree."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = [
    "LIMIT_Z",
    "Sample",
    "Target",
    "Verdict",
    "decimals_of",
    "judge_exact",
    "judge_sample",
    "printed_targets",
    "targets_of",
]

LIMIT_Z = 4.0
"""A simulated value fails beyond this many standard errors."""
_HALF_WIDTH_Z = 1.96


@dataclass(frozen=True, kw_only=True)
class Target:
    """A known value.

    Parameters
    ----------
    case : str
        Which system of the model, in a few words.
    quantity : str
        Which quantity of the system, with its unit unless it is a share.
    value : float
        The true value.
    decimals : int
        How many of its decimals are known.
    source : str
        Where it comes from: paper and equation, or program.
    half_width : float
        Half-width of the 95 % interval if the value is itself simulated; otherwise 0.
    error_below : float or None
        The largest standard error at which a simulation of size 1 is still a test; 0 if nothing is random, so that it
        must give the value itself; None if nothing is simulated.

    Examples
    --------
    >>> target = Target(case="1 agent", quantity="blocking", value=0.5, decimals=12, source="Erlang 1917")
    >>> target.uncertainty < 1e-12
    True
    """

    case: str
    quantity: str
    value: float
    decimals: int
    source: str
    half_width: float = 0.0
    error_below: float | None = None

    @property
    def key(self) -> tuple[str, str]:
        """Case and quantity: unique within a model."""
        return self.case, self.quantity

    @property
    def uncertainty(self) -> float:
        """Standard error of the value itself, from its simulation and its rounding (uniform over the last digit)."""
        return math.hypot(self.half_width / _HALF_WIDTH_Z, 10.0**-self.decimals / math.sqrt(12))


@dataclass(frozen=True)
class Sample:
    """A simulated value: a mean and its standard error."""

    mean: float
    error: float


@dataclass(frozen=True)
class Verdict:
    """One target compared with one computation of it.

    Parameters
    ----------
    model : str
    target : Target
    by : str
        ``theory``, or the name of an engine.
    found : float
    error : float or None
        Standard error of a simulated value; None if nothing is random.
    z : float or None
        (found - true) over the standard error of the difference; None if every decimal must match.
    fault : str
        Why it fails; empty if it passes.
    """

    model: str
    target: Target
    by: str
    found: float
    error: float | None
    z: float | None
    fault: str

    @property
    def passed(self) -> bool:
        return not self.fault

    def as_dict(self) -> dict[str, object]:
        """The JSON of a verdict."""
        target = self.target
        return {
            "model": self.model,
            "case": target.case,
            "quantity": target.quantity,
            "true": target.value,
            "decimals": target.decimals,
            "half_width": target.half_width,
            "source": target.source,
            "by": self.by,
            "found": self.found,
            "standard_error": self.error,
            "z": self.z,
            "passed": self.passed,
            "fault": self.fault,
        }


def judge_exact(model: str, target: Target, found: float, *, by: str) -> Verdict:
    """Judge a formula, or a simulation in which nothing is random: it must match every known decimal.

    >>> target = Target(case="", quantity="", value=0.333, decimals=3, source="")
    >>> judge_exact("m", target, 1 / 3, by="theory").passed, judge_exact("m", target, 0.334, by="theory").fault
    (True, 'off by 0.001: all 3 decimals are known')
    """
    off = found - target.value
    # Half a unit of the last digit, and rounding of binary fractions.
    wrong = not abs(off) <= 0.5 * 10.0**-target.decimals * (1 + 1e-6) + 1e-15
    fault = (
        "there is no such value" if math.isnan(found) else f"off by {off:.3g}: all {target.decimals} decimals are known"
    )
    return Verdict(model, target, by, found, None, None, fault if wrong else "")


def judge_sample(model: str, target: Target, found: Sample, *, by: str, size: float) -> Verdict:
    """Judge a simulated value: it must lie within LIMIT_Z standard errors, and its standard error must be small enough.

    If nothing is random, it must match every decimal.

    Parameters
    ----------
    model : str
    target : Target
    found : Sample
    by : str
        Name of the engine.
    size : float
        How long the run was: above 1, errors must shrink with its square root; below 1, they may grow as it shrinks.

    Examples
    --------
    >>> target = Target(case="", quantity="", value=0.5, decimals=9, source="", error_below=0.01)
    >>> judge_sample("m", target, Sample(0.52, 0.004), by="reference", size=1).fault
    '5.0 standard errors off'
    >>> judge_sample("m", target, Sample(0.52, 0.02), by="reference", size=1).fault
    'standard error 0.02 is above 0.01: too vague to tell'
    """
    if target.error_below == 0:
        return judge_exact(model, target, found.mean, by=by)
    # In short runs the standard error itself is imprecise, and batches are short compared with the system's memory.
    bound = math.inf if target.error_below is None else target.error_below / (math.sqrt(size) if size > 1 else size)
    spread = math.hypot(found.error, target.uncertainty)
    z = (found.mean - target.value) / spread if spread > 0 else math.inf
    fault = ""
    if not found.error <= bound:
        fault = f"standard error {found.error:.2g} is above {bound:.2g}: too vague to tell"
    elif not abs(z) <= LIMIT_Z:
        fault = f"{abs(z):.1f} standard errors off"
    return Verdict(model, target, by, found.mean, found.error, z, fault)


def decimals_of(value: float, significant: int) -> int:
    """Return how many decimals of a number are known, given its significant digits.

    >>> decimals_of(0.0183845703366, 12), decimals_of(1.050558, 7)
    (13, 6)
    """
    return significant - 1 - math.floor(math.log10(abs(value)))


def targets_of(
    case: str,
    values: Iterable[tuple[str, float, float]],
    *,
    significant: int,
    source: str,
) -> tuple[Target, ...]:
    """Return the targets of one case from (quantity, value, error_below), all known to the same number of digits.

    >>> [t.quantity for t in targets_of("5 agents", [("blocking", 0.25, 0.01)], significant=6, source="Erlang")]
    ['blocking']
    """
    return tuple(
        Target(
            case=case,
            quantity=quantity,
            value=value,
            decimals=decimals_of(value, significant),
            source=source,
            error_below=error,
        )
        for quantity, value, error in values
    )


def printed_targets(source: str, rows: Iterable[tuple[str, str, float, float, int, float]]) -> tuple[Target, ...]:
    """Return targets that another program printed with intervals.

    Parameters
    ----------
    source : str
    rows : iterable of tuple
        Case, quantity, value, half-width, decimals and `error_below` of each.

    Examples
    --------
    >>> printed_targets("Bank.res", [("savings", "talk, min", 3.781, 0.0235, 3, 0.2)])[0].key
    ('savings', 'talk, min')
    """
    return tuple(
        Target(
            case=case,
            quantity=quantity,
            value=value,
            half_width=half_width,
            decimals=decimals,
            source=source,
            error_below=error,
        )
        for case, quantity, value, half_width, decimals, error in rows
    )
