"""Days as a level that wanders, a day of the week, a trend and a shape of the year, by statsmodels."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from simulation.arrays import Floats, Ints
from simulation.forecasting.history import History
from simulation.forecasting.simple_rules import MeanOfWeeks, recent_means
from simulation.forecasting.spread import Expected

__all__ = ["QUIET", "YEARLY_DAYS", "StateSpace"]

QUIET = 20.0
"""Days of the week with fewer calls on average are forecast by their mean: logarithms of such counts are all chance."""
YEARLY_DAYS = 700
"""Days of history from which a shape of the year is estimated; with less, nothing has happened twice."""
_WEEKS = 8
_HARMONICS = 3
_MOST_GROWTH = 3.0
"""No day is forecast above so many times the largest that was seen."""


@dataclass(frozen=True)
class StateSpace:
    """A structural model of the logarithm of whole days; days that do not count are missing values in it.

    The level is a random walk, so that recent weeks count most. Days of the week have fixed factors. Harvey (1989),
    "Forecasting, Structural Time Series Models and the Kalman Filter"; `UnobservedComponents` of statsmodels.

    Parameters
    ----------
    trend : bool
        Whether the level grows by a constant factor.
    yearly : bool
        Whether a year has a shape: harmonics of 365.25 days.
    """

    trend: bool = False
    yearly: bool = False

    @property
    def name(self) -> str:
        """In words."""
        also = [word for word, has in (("trend", self.trend), ("shape of the year", self.yearly)) if has]
        return "level and days of the week" + "".join(f", {word}" for word in also)

    def totals(self, history: History, ahead: int) -> Expected:
        """Whole days after the history.

        Parameters
        ----------
        history : History
        ahead : int
            Days.
        """
        quiet = MeanOfWeeks(_WEEKS).totals(history, ahead)
        loud = np.flatnonzero(recent_means(history, 13) >= QUIET)
        days = len(history.dates) + np.arange(ahead)
        weekday = (int(history.weekday[0]) + days) % 7
        if not len(loud):
            return quiet
        mean, cv = self._filtered(history, ahead, loud)
        of_model = np.isin(weekday, loud)
        return Expected(np.where(of_model, mean, quiet.mean), np.where(of_model, cv, quiet.cv))

    def _filtered(self, history: History, ahead: int, loud: Ints) -> tuple[Floats, Floats]:
        used = history.usual & np.isin(history.weekday, loud) & (history.totals > 0)
        logs = np.where(used, np.log(np.maximum(history.totals, 1.0)), np.nan)
        beside = self._beside(history, ahead, loud)
        days = len(history.dates)
        model = _model(logs, beside[:days], trend=self.trend)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a variance of 0 is a fit, and not a failure
            found = model.fit(disp=False, maxiter=100).get_forecast(ahead, exog=beside[days:] if beside.size else None)
            centre, variance = np.asarray(found.predicted_mean), np.asarray(found.var_pred_mean)
        largest = _MOST_GROWTH * float(history.totals[used].max())
        mean = np.minimum(np.exp(np.minimum(centre + variance / 2, 50.0)), largest)
        # The variance of the logarithm of a Poisson number is about 1 / mean: the counts bring their own chance.
        factor = np.expm1(np.minimum(variance, 2.0)) - 1 / np.maximum(mean, 1.0)
        return mean, np.sqrt(np.maximum(factor, 0.0))

    def _beside(self, history: History, ahead: int, loud: Ints) -> Floats:
        """f8[days, columns]. What explains a day besides the level: the day of the week, the time of the year."""
        days = np.arange(len(history.dates) + ahead)
        weekday = (int(history.weekday[0]) + days) % 7
        columns = [(weekday == w).astype(float) for w in loud.tolist()[1:]]
        if self.yearly:
            at = 2 * np.pi * (history.dates[0].timetuple().tm_yday + days) / 365.25
            columns += [wave(k * at) for k in range(1, _HARMONICS + 1) for wave in (np.sin, np.cos)]
        return np.array(columns).T if columns else np.zeros((len(days), 0))


def _model(logs: Floats, beside: Floats, *, trend: bool) -> Any:
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    return UnobservedComponents(
        logs,
        level="local linear deterministic trend" if trend else "local level",
        exog=beside if beside.size else None,
        mle_regression=False,
    )
