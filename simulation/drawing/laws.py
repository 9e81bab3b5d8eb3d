"""Distributions as the records that compiled code reads."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from simulation.arrays import Floats
from simulation.drawing.state import LAW
from simulation.sampling.distributions import (
    Capped,
    Constant,
    Distribution,
    Empirical,
    Erlang,
    Exponential,
    Gamma,
    Hyperexponential,
    Lognormal,
    Mixture,
    Triangular,
    Uniform,
    Weibull,
    WithZero,
)
from simulation.sampling.gamma_table import gamma_table

__all__ = ["KINDS", "Laws"]

KINDS = (
    Constant,
    Exponential,
    Lognormal,
    Uniform,
    Weibull,
    Gamma,
    Hyperexponential,
    Empirical,
    Triangular,
    WithZero,
    Capped,
    Mixture,
)
"""In the order of the codes in ``simulation.drawing.quantiles``. An Erlang distribution is written as a gamma one."""


class Laws:
    """All distributions of a scenario, each once."""

    def __init__(self) -> None:
        self._number: dict[Distribution, int] = {}
        self._rows: list[tuple[int, int, int, float, float]] = []
        self._values: list[Floats] = []
        self._tables: dict[float, int] = {}
        self._length = 0

    def number(self, of: Distribution | None) -> int:
        """The row of a distribution; -1 for none.

        Raises
        ------
        KeyError
            If no compiled code draws this kind.
        """
        if of is None:
            return -1
        if of not in self._number:
            row = self._row(of)
            self._number[of] = len(self._rows)
            self._rows.append(row)
        return self._number[of]

    def records(self) -> npt.NDArray[np.void]:
        """The records."""
        return np.array([*self._rows, (0, 0, 0, 0.0, 0.0)], LAW)

    def values(self) -> Floats:
        """The values to which the records refer."""
        return np.concatenate([*self._values, np.zeros(1)])

    def keep(self, values: Any) -> int:
        """Keep values and return where they begin."""
        first = self._length
        self._values.append(np.asarray(values, np.float64).ravel())
        self._length += len(self._values[-1])
        return first

    def _row(self, of: Distribution) -> tuple[int, int, int, float, float]:
        match of:
            case Erlang():
                return (KINDS.index(Gamma), self._table(of.phases), 0, of.mean / of.phases, 0.0)
            case Gamma():
                return (KINDS.index(Gamma), self._table(of.alpha), 0, of.mean / of.alpha, 0.0)
            case Constant():
                a, b, first, count = of.value, 0.0, 0, 0
            case Exponential():
                a, b, first, count = of.mean, 0.0, 0, 0
            case Lognormal():
                a, b, first, count = of.mu, of.sigma, 0, 0
            case Uniform():
                a, b, first, count = of.low, of.high - of.low, 0, 0
            case Weibull():
                a, b, first, count = of.scale, of.shape, 0, 0
            case _:
                a, b, first, count = self._with_values(of)
        return (KINDS.index(type(of)), first, count, a, b)

    def _with_values(self, of: Distribution) -> tuple[float, float, int, int]:
        """Two numbers, and the values or the other record that a distribution refers to."""
        match of:
            case Hyperexponential():
                return 0.0, 0.0, self.keep([*of.edges, *of.means]), len(of.means)
            case Empirical():
                return 0.0, 0.0, self.keep(of.values), len(of.values)
            case Triangular():
                return of.low, of.high, self.keep([of.rising, *of.sides]), 0
            case Mixture():
                numbers = [self.number(part) for part in of.parts]
                return 0.0, 0.0, self.keep([*of.edges, *numbers]), len(numbers)
            case WithZero():
                return of.share_zero, 0.0, self.number(of.other), 0
            case Capped():
                return of.most, 0.0, self.number(of.other), 0
            case _:
                raise KeyError(of.kind)

    def _table(self, alpha: float) -> int:
        if alpha not in self._tables:
            self._tables[alpha] = self.keep(gamma_table(float(alpha)))
        return self._tables[alpha]
