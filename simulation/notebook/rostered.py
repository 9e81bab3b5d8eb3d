"""A roster from Python: shifts and breaks that cover agents which somebody else has planned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from flows.source.finding import LimitError, usage_error
from simulation.loading.load import load_scenario
from simulation.loading.shifts import load_shifts
from simulation.rosters.out_of_shifts import out_of_shifts, out_of_time
from simulation.rosters.problem import problem_of
from simulation.rosters.roster import Roster
from simulation.rosters.solve import NoRosterError, solved
from simulation.scenario.loaded import LoadedScenario

__all__ = ["roster"]


def roster(
    scenario: LoadedScenario | str | Path,
    agents: Mapping[str, Sequence[int] | int],
    shifts: str | Path | None = None,
) -> Roster:
    """Find the shifts and breaks of least cost that cover agents at every moment; nothing is simulated.

    Parameters
    ----------
    scenario : LoadedScenario, str or Path
        Its groups, intervals and costs count. A file, a shipped name, or as ``load_scenario`` returns it.
    agents : mapping of str to sequence of int, or int
        By group, how many take calls in each interval, or in all; groups that are not named need nobody.
    shifts : str or Path, optional
        A file of shifts; default: the kinds of shifts of the scenario.

    Returns
    -------
    Roster
        ``rows`` has a row a shift, ``cost`` what they cost, ``levels(scenario)`` the agents of each group and
        interval, and ``in_scenario(scenario)`` the scenario with them, to be simulated.

    Raises
    ------
    UsageError
        X005, if agents are stated for other groups or intervals.
    LimitError
        Q005, if there is no roster, with what to relax and by how much.

    Examples
    --------
    >>> from simulation.loading.load import load_scenario
    >>> # three agents for 12 hours, at 29 an hour: 3 * 12 * 29
    >>> day = load_scenario("northwind", settings=["shifts={day: {length: 12h, start: '08:00'}}"])
    >>> made = roster(day, {"sales": [2] * 12 + [3] * 12})
    >>> made.cost, made.levels(day.scenario)["sales"].tolist() == [3] * 24
    (1044.0, True)
    """
    loaded = scenario if isinstance(scenario, LoadedScenario) else load_scenario(scenario)
    of = loaded.scenario
    levels = np.zeros((len(of.groups), of.intervals), dtype=np.int64)
    for name, stated in agents.items():
        if name not in of.groups:
            raise usage_error("X005", f"there is no group {name!r}", f"there are {', '.join(of.groups)}")
        numbers = [stated] * of.intervals if isinstance(stated, int) else list(stated)
        if len(numbers) != of.intervals or min(numbers, default=0) < 0:
            raise usage_error(
                "X005",
                f"agents of {name!r} are {len(numbers)} numbers, the least of them {min(numbers, default=0)}",
                f"give {of.intervals} numbers from 0, one for each interval",
            )
        levels[list(of.groups).index(name)] = numbers
    try:
        return solved(problem_of(of, load_shifts(shifts, loaded), levels))
    except NoRosterError as error:
        raise LimitError(out_of_shifts(error.problem)) from None
    except TimeoutError:
        raise LimitError(out_of_time()) from None
