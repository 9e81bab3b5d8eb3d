"""Check every target against the formulas and the engines."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from simulation.validation import by_hand
from simulation.validation.long_runs import Simulate
from simulation.validation.models import Model, all_models
from simulation.validation.target import Verdict, judge_exact, judge_sample

__all__ = ["SIZES", "Validation", "validate"]

SIZES = {"reference": 1.0, "kernel": 3.0}
"""How much of a model each engine simulates; standard errors fall with the square root. Cases worked out by hand are
simulated as their scenarios specify."""
# The fewest degrees of freedom of any z-score here: 30 batches minus a mean and five controls.
_FEWEST_DEGREES = 24


@dataclass(frozen=True)
class Validation:
    """All verdicts of one validation.

    Parameters
    ----------
    verdicts : tuple of Verdict
    engines : tuple of str
    seconds : float
        Processor time used.
    finished, models : int
        How many models were finished, and how many there are; after Ctrl-C fewer are finished.
    """

    verdicts: tuple[Verdict, ...]
    engines: tuple[str, ...]
    seconds: float
    finished: int
    models: int

    @property
    def passed(self) -> bool:
        """Whether every target is met; False if some were not checked."""
        return self.finished == self.models and all(v.passed for v in self.verdicts)

    @property
    def z_scores(self) -> list[float]:
        return [v.z for v in self.verdicts if v.z is not None]

    @property
    def largest(self) -> Verdict | None:
        """The verdict with the largest z-score."""
        return max((v for v in self.verdicts if v.z is not None), key=lambda v: abs(v.z or 0.0), default=None)

    @property
    def sum_of_squares(self) -> float:
        """Sum of squares of all z-scores; about their number if they were independent."""
        return sum(z * z for z in self.z_scores)

    def expected_squares(self) -> tuple[float, float]:
        """The range of the sum of squares in 98 % of cases, for independent z-scores and correct engines."""
        from scipy.special import chdtri

        n = max(len(self.z_scores), 1)
        return float(chdtri(n, 0.99)), float(chdtri(n, 0.01))

    def false_alarm(self, limit: float) -> float:
        """An upper bound on the chance that a correct engine fails with a new seed (Bonferroni, over z-scores)."""
        from scipy.special import stdtr

        return min(1.0, len(self.z_scores) * 2 * float(stdtr(_FEWEST_DEGREES, -limit)))

    def as_dict(self) -> dict[str, object]:
        """The JSON of ``ivr validate``."""
        largest = self.largest
        return {
            "passed": self.passed,
            "finished": self.finished,
            "models": self.models,
            "engines": list(self.engines),
            "seconds": self.seconds,
            "largest_z": None if largest is None else largest.z,
            "sum_of_squares": self.sum_of_squares,
            "z_scores": len(self.z_scores),
            "targets": [v.as_dict() for v in self.verdicts],
        }


def validate(
    engines: Mapping[str, Simulate],
    *,
    only: Sequence[str] = (),
    sizes: Mapping[str, float] | None = None,
    progress: Callable[[int, int], None] | None = None,
    on_compile: Callable[[], None] | None = None,
) -> Validation:
    """Check targets against the formulas and the given engines.

    Parameters
    ----------
    engines : mapping of str to function
        Name to its ``simulate``. Cases worked out by hand run with the engine of that name, as in ``ivr simulate``.
    only : sequence of str
        Names of models; all if empty.
    sizes : mapping of str to float, optional
        How much each engine simulates; default SIZES, and 1 for an engine that is not in it.
    progress : function, optional
        Called with the number of steps done and the total.
    on_compile : function, optional
        Called if the kernel has to be compiled first, which takes a while.

    Returns
    -------
    Validation
        After Ctrl-C, the verdicts of the models finished by then.

    Raises
    ------
    KeyboardInterrupt
        If no model was finished.

    Examples
    --------
    The formulas alone:

    >>> found = validate({}, only=["erlang_b"])
    >>> found.passed, len(found.verdicts)
    (True, 6)
    """
    began = time.process_time()
    chosen = {name: model for name, model in all_models().items() if not only or name in only}
    done: list[list[Verdict]] = []
    try:
        if "kernel" in engines:
            from simulation.engines.kernel.warm_up import warm_up

            warm_up(on_compile=on_compile)
        if progress:
            progress(0, len(chosen) * (1 + len(engines)))
        for name, model in chosen.items():
            done.append(
                _judged(
                    name,
                    model,
                    engines,
                    SIZES if sizes is None else sizes,
                    lambda step: (
                        progress and progress(len(done) * (1 + len(engines)) + step, len(chosen) * (1 + len(engines)))
                    ),
                )
            )
    except KeyboardInterrupt:
        if not done:
            raise
    verdicts = tuple(verdict for of in done for verdict in of)
    return Validation(verdicts, tuple(engines), time.process_time() - began, len(done), len(chosen))


def _judged(
    name: str,
    model: Model,
    engines: Mapping[str, Simulate],
    sizes: Mapping[str, float],
    progress: Callable[[int], object],
) -> list[Verdict]:
    """All verdicts of one model."""
    targets = {target.key: target for target in model.TARGETS}
    worked = not hasattr(model, "simulated")
    known = by_hand.exact(model.TARGETS) if worked else model.theory() if hasattr(model, "theory") else {}
    verdicts = [judge_exact(name, targets[key], value, by="theory") for key, value in known.items()]
    for step, (engine, simulate) in enumerate(engines.items(), 1):
        progress(step)
        size = 1.0 if worked else sizes.get(engine, 1.0)
        found = by_hand.measured(model.TARGETS, engine) if worked else model.simulated(simulate, size)
        verdicts += [
            judge_sample(name, target, found[key], by=engine, size=size)
            for key, target in targets.items()
            if target.error_below is not None
        ]
    return verdicts
