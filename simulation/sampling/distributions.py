"""Every distribution in one place, and by its name in scenarios."""

from __future__ import annotations

from simulation.sampling.base import Distribution
from simulation.sampling.composed import Capped, Empirical, Hyperexponential, WithZero
from simulation.sampling.families import Constant, Erlang, Exponential, Gamma, Lognormal, Uniform, Weibull
from simulation.sampling.mixture import Mixture
from simulation.sampling.triangular import Triangular

__all__ = [
    "Capped",
    "Constant",
    "Distribution",
    "Empirical",
    "Erlang",
    "Exponential",
    "Gamma",
    "Hyperexponential",
    "Lognormal",
    "Mixture",
    "Triangular",
    "Uniform",
    "Weibull",
    "WithZero",
    "kinds",
]


def kinds() -> dict[str, type[Distribution]]:
    """Return every distribution by the name scenarios use; its fields are what a scenario states.

    >>> kinds()["exponential"](60)
    Exponential(mean=60)
    """
    return {cls.kind: cls for cls in Distribution.__subclasses__() if cls.stated}
