"""The cells of a sweep: every combination of values, or a Latin hypercube over them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from flows.source.finding import usage_error
from simulation.sweeping.values import Values, read_values

__all__ = ["MOST_CELLS", "Place", "Plan", "grid", "read_places", "sampled"]

MOST_CELLS = 100_000
_OF_ALL_CELLS = {
    "seed": "--seed",
    "replications": "--replications",
    "precision": "--replications",
    "confidence": "--set",
    "name": "--set",
    "description": "--set",
}
"""Places that all cells share, so that they are compared on the same callers, and the option that sets them."""
_FORM = "write --vary dotted.path=values, for example --vary staff_factor=0.8..1.2/5"


@dataclass(frozen=True)
class Place:
    """A place of the scenario and its values.

    Parameters
    ----------
    path : str
        As for ``--set``.
    values : Values
    written : str
        The values as written.
    """

    path: str
    values: Values
    written: str

    def setting(self, text: str) -> str:
        """The setting of one value, as for ``--set``."""
        return f"{self.path}={text}"


@dataclass(frozen=True)
class Plan:
    """Which cells there are.

    Parameters
    ----------
    places : tuple of Place
    cells : tuple of tuple of str
        For each cell the value of every place.
    is_sample : bool
        Whether cells are drawn from the space, rather than every combination of values.
    """

    places: tuple[Place, ...]
    cells: tuple[tuple[str, ...], ...]
    is_sample: bool

    def settings(self, cell: int) -> tuple[str, ...]:
        """The settings of a cell, as for ``--set``."""
        return tuple(place.setting(text) for place, text in zip(self.places, self.cells[cell], strict=True))


def read_places(texts: Sequence[str]) -> tuple[Place, ...]:
    """Read what is to vary.

    Parameters
    ----------
    texts : sequence of str
        ``dotted.path=values`` each; see ``simulation.sweeping.values.read_values``.

    Raises
    ------
    UsageError
        X007, if one is not of this form, or a place is given twice or cannot vary.

    Examples
    --------
    >>> [place.path for place in read_places(["staff_factor=0.8..1.2/5", "lines=100,150"])]
    ['staff_factor', 'lines']
    """
    if not texts:
        raise usage_error("X007", "nothing varies", _FORM)
    places = []
    for text in texts:
        path, equals, written = text.partition("=")
        path = ".".join(part.strip() for part in path.split("."))
        if not equals or not all(path.split(".")) or not written.strip():
            raise usage_error("X007", f"{text!r} varies nothing", _FORM)
        if path.split(".")[0] in _OF_ALL_CELLS:
            option = _OF_ALL_CELLS[path.split(".")[0]]
            raise usage_error(
                "X007", f"{path!r} cannot vary: all cells have the same callers", f"set it for all cells with {option}"
            )
        values = read_values(written)
        if values.count < 2:
            raise usage_error(
                "X007", f"{text!r} has one value", f"for all cells the same: --set {path}={written.strip()}"
            )
        places.append(Place(path, values, written.strip()))
    for i, one in enumerate(places):
        for other in places[:i]:
            if f"{one.path}.".startswith(f"{other.path}.") or f"{other.path}.".startswith(f"{one.path}."):
                both = repr(one.path) if one.path == other.path else f"{other.path!r} and {one.path!r}"
                raise usage_error(
                    "X007", f"{both} is varied twice" if one.path == other.path else f"{both} overlap",
                    "vary each place once, with all its values",
                )  # fmt: skip
    return tuple(places)


def grid(places: Sequence[Place]) -> Plan:
    """Every combination of values, the last place changing fastest.

    Raises
    ------
    UsageError
        X007, before any cell is made, if there are more than `MOST_CELLS`.

    Examples
    --------
    >>> grid(read_places(["lines=10,20", "staff_factor=0.9..1.1/2"])).cells
    (('10', '0.9'), ('10', '1.1'), ('20', '0.9'), ('20', '1.1'))
    """
    counts = [place.values.count for place in places]
    if math.prod(counts) > MOST_CELLS:
        raise _too_many(places, counts)
    texts = [[place.values.text(i) for i in range(place.values.count)] for place in places]
    return Plan(tuple(places), tuple(product(*texts)), is_sample=False)


def sampled(places: Sequence[Place], samples: int, seed: int) -> Plan:
    """A Latin hypercube: the range of every place is cut into as many slices as there are cells, one cell in each.

    Parameters
    ----------
    places : sequence of Place
    samples : int
        How many cells.
    seed : int

    Raises
    ------
    UsageError
        X007, if there are too few or too many.

    Notes
    -----
    McKay, Beckman and Conover (1979), "A comparison of three methods for selecting values of input variables in the
    analysis of output from a computer code", Technometrics 21.

    Examples
    --------
    >>> sorted(cell[0] for cell in sampled(read_places(["lines=1..4"]), 4, seed=1).cells)
    ['1', '2', '3', '4']
    """
    if not 2 <= samples <= MOST_CELLS:
        raise usage_error(
            "X007", f"--samples is {samples}; from 2 to {MOST_CELLS:,} cells can be drawn", "for example --samples 100"
        )
    from scipy.stats import qmc

    drawn = qmc.LatinHypercube(len(places), seed=np.random.default_rng(seed)).random(samples)
    cells = [
        tuple(place.values.spread(float(u)) for place, u in zip(places, row, strict=True)) for row in drawn.tolist()
    ]
    return Plan(tuple(places), tuple(cells), is_sample=True)


def _too_many(places: Sequence[Place], counts: Sequence[int]) -> Exception:
    each = min(int((MOST_CELLS + 0.5) ** (1 / len(places))), 10)
    ranges = [place for place in places if not place.values.listed]
    fewer = ""
    if ranges and each >= 2:
        longest = max(ranges, key=lambda place: place.values.count)
        ends = longest.written.partition("/")[0].partition(" by ")[0]
        fewer = f"fewer values for each place (--vary {longest.path}={ends}/{each}), or "
    made = " × ".join(f"{count:,}" for count in counts)
    return usage_error(
        "X007",
        f"{made} values make {math.prod(counts):,} cells; a sweep has at most {MOST_CELLS:,}"
        if len(counts) > 1
        else f"{math.prod(counts):,} cells; a sweep has at most {MOST_CELLS:,}",
        f"{fewer}--samples 200, which spreads 200 cells over the whole space",
    )
