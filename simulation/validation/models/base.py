"""The interface of a validation model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from simulation.validation.long_runs import Simulate
from simulation.validation.target import Sample, Target

__all__ = ["Key", "Model"]

Key = tuple[str, str]
"""A target's case and quantity."""


class Model(Protocol):
    """A module of this package; a model that is only simulated has no ``theory``.

    A model worked out by hand (``simulation.validation.worked``) has neither function: its targets name scenarios.
    """

    TITLE: str
    """The model in one line."""
    TARGETS: tuple[Target, ...]

    def theory(self) -> Mapping[Key, float]:
        """Return the values that formulas give for the targets."""

    def simulated(self, simulate: Simulate, size: float) -> Mapping[Key, Sample]:
        """Return what an engine measures for every target with ``error_below``; the run grows with `size`."""
