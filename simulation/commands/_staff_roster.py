"""The part of ``ivr staff`` that makes a roster: options, the loop, files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import click

from flows.completion import any_file
from flows.source.finding import usage_error

if TYPE_CHECKING:
    from flows.display.progress import Bar
    from simulation.rosters.result import RosterResult
    from simulation.scenario.loaded import LoadedScenario
    from simulation.scenario.shift_kinds import ShiftKind
    from simulation.staffing.finder import Effort
    from simulation.staffing.result import StaffingResult

__all__ = [
    "check_roster_files",
    "kinds_of_shifts",
    "later",
    "roster_options",
    "rostered",
    "with_roster",
    "without_breaks",
    "write_roster",
]

F = TypeVar("F", bound=Callable[..., Any])
_STAFFING = 0.75
"""The part of the time that the staffing takes, about; the roster takes the rest."""


def roster_options(command: F) -> F:
    """Name a file of shifts, and a file for the roster."""
    shifts = click.option(
        "--shifts",
        "shifts_file",
        metavar="FILE.yaml",
        shell_complete=any_file,
        help="Kinds of shifts; find a roster of them. Default: shifts of the scenario, if it states some.",
    )
    roster = click.option(
        "--roster",
        "roster_file",
        metavar="FILE.csv|.xlsx",
        shell_complete=any_file,
        help="Write the roster, one row a shift.",
    )
    return shifts(roster(command))


def check_roster_files(roster_file: str | None) -> None:
    """Reject a file for the roster that cannot be written."""
    from simulation.commands._output_files import check_libraries, check_target

    check_target(roster_file, "--roster", (".csv", ".xlsx"))
    if roster_file and roster_file.lower().endswith(".xlsx"):
        check_libraries(tables_at=roster_file)


def kinds_of_shifts(
    loaded: LoadedScenario, shifts_file: str | None, roster_file: str | None
) -> dict[str, ShiftKind] | None:
    """The kinds of shifts for a roster; None if none is asked for."""
    from simulation.loading.shifts import load_shifts

    if shifts_file is None and not loaded.scenario.shifts:
        if roster_file:
            raise usage_error(
                "X005",
                "--roster needs kinds of shifts, and none are stated",
                "name a file of shifts: --shifts FILE.yaml; docs/planning.md shows one",
            )
        return None
    return load_shifts(shifts_file, loaded)


def without_breaks(loaded: LoadedScenario) -> LoadedScenario:
    """The scenario without the breaks of its groups: a roster has those of its shifts."""
    groups = {name: group.model_copy(update={"breaks": ()}) for name, group in loaded.scenario.groups.items()}
    return replace(loaded, scenario=loaded.scenario.model_copy(update={"groups": groups}))


def later(bar: Bar, kinds: object) -> Callable[[int, int], None] | None:
    """Progress of the staffing, when a roster follows."""
    progress = bar.progress
    if progress is None or kinds is None:
        return progress
    return lambda done, steps: progress(round(_STAFFING * done), steps)


def rostered(
    found: StaffingResult, kinds: dict[str, ShiftKind], loaded: LoadedScenario, effort: Effort, bar: Bar
) -> RosterResult:
    """The roster for a staffing, with progress that goes on where that of the staffing ended."""
    from simulation.rosters.keep import find_roster

    progress = bar.progress
    bar.says("fitting shifts")
    own = loaded.scenario
    threshold = found.loaded.scenario.service_level
    today = (
        own.model_copy(update={"service_level": threshold})
        if any(group.breaks for group in own.groups.values())
        else found.loaded.scenario
    )
    return find_roster(
        found,
        kinds,
        today=today,
        effort=effort,
        progress=(lambda done, steps: progress(round(_STAFFING * steps + (1 - _STAFFING) * done), steps))
        if progress
        else None,
        on_compile=bar.on_compile,
    )


def with_roster(data: dict[str, Any], made: RosterResult) -> dict[str, Any]:
    """The data of a scenario with the shifts of a roster in place of agents and breaks."""
    for name, shifts in made.roster.scenario_groups().items():
        group = data["groups"][name]
        group.pop("agents", None)
        group.pop("breaks", None)
        group["shifts"] = shifts
    return data


def write_roster(made: RosterResult, file: str) -> None:
    """Write one row a shift, as CSV or as a workbook."""
    from pathlib import Path

    from simulation.commands._output_files import written
    from simulation.report.table_files import write_rows

    written(file, lambda: write_rows("roster", made.roster.rows, Path(file)))
