"""Sweep a scenario: read what varies, simulate every cell that is not known yet, and return what they tell."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Literal

from flows.model.flow import Flow
from flows.source.finding import Finding, ScenarioError, UsageError
from flows.values.scalars import seconds_of
from ivr.missing_library import require
from simulation.experiment.assumptions import assumptions
from simulation.experiment.replicate import Progress
from simulation.experiment.run import require_whole
from simulation.experiment.runner import Runner, require_workers
from simulation.experiment.same_tables import same_tables
from simulation.loading.load import parse_scenario
from simulation.loading.settings import settings_of
from simulation.scenario.loaded import LoadedScenario
from simulation.sweeping.blocks import Block, blocks
from simulation.sweeping.cell_sums import CellSums
from simulation.sweeping.journal import Journal, opened
from simulation.sweeping.plan import Place, Plan, grid, read_places, sampled
from simulation.sweeping.processes import Done, here, in_processes
from simulation.sweeping.result import SweepResult
from simulation.sweeping.study import Study, files_named

__all__ = ["sweep"]

_TRIED = 20
"""Most values of a place that are checked before the first cell."""
_WORTH_PROCESSES_S = 4.0
"""Work of fewer seconds is done before processes have started."""


def sweep(
    loaded: LoadedScenario,
    vary: Sequence[str],
    *,
    samples: int | None = None,
    replications: int | None = None,
    seed: int | None = None,
    engine: str = "auto",
    workers: int | None = None,
    scheduler: str | None = None,
    journal: str | Path | None = None,
    afresh: bool = False,
    progress: Progress | None = None,
    on_compile: Callable[[], None] | None = None,
    on_death: Callable[[], None] = lambda: None,
) -> tuple[SweepResult, Callable[[], None]]:
    """Simulate a scenario with every combination of values, or with a sample of them.

    Parameters
    ----------
    loaded : LoadedScenario
    vary : sequence of str
        ``dotted.path=values`` each: ``a..b/5``, ``a..b by STEP``, ``a..b`` or ``a,b,c``.
    samples : int, optional
        Draw so many cells as a Latin hypercube; default: every combination.
    replications, seed : int, optional
        Of every cell; default: those of the scenario. Sequential stopping (``precision``) is not used.
    engine : {"auto", "reference", "kernel"}
    workers : int, optional
        Processes; results do not depend on it. Default: one for each processor, if there is work for them.
    scheduler : str, optional
        Address of a Dask scheduler whose workers do the work.
    journal : str or Path, optional
        File that keeps finished cells until the sweep is finished.
    afresh : bool
        Whether to discard the cells in the journal.
    progress : callable, optional
        Called with the number of cells known and the total.
    on_compile, on_death : callable, optional
        Called if the kernel has to be compiled first, and after the death of a process.

    Returns
    -------
    SweepResult
        After Ctrl-C, from the cells finished by then.
    callable
        Removes the journal, once the results are written.

    Raises
    ------
    ScenarioError
        If a value does not fit the scenario.
    UsageError
        If an option has an invalid value.

    Examples
    --------
    >>> from simulation.loading.load import load_scenario
    >>> swept, _ = sweep(load_scenario("power_outage"), ["staff_factor=1,2"], replications=1, engine="reference")
    >>> sorted(swept.figures)
    [0, 1]
    """
    scenario = loaded.scenario
    replications = scenario.replications if replications is None else replications
    seed = scenario.seed if seed is None else seed
    require_whole(replications, seed)
    require_workers(workers)
    places = read_places(vary)
    plan = grid(places) if samples is None else sampled(places, samples, seed)
    if scheduler is not None:
        require("distributed")
    tried, callers, notes = _try_values(loaded, places)
    runner = Runner.of(loaded, engine=engine, on_compile=on_compile)
    study = Study(
        loaded.document.text, loaded.document.file, settings_of(loaded.document), _flows(loaded, tried),
        files_named([loaded, *(one for _, one in tried)]), seed, replications, runner.engine,
    )  # fmt: skip
    with opened(journal, study, loaded, afresh=afresh) as kept:
        sums, stopped = _simulate(study, plan, callers, kept, workers, scheduler, progress, on_death)
    result = SweepResult(
        loaded, plan, dict(sorted(sums.items())), seed, replications, runner.engine, stopped,
        assumptions(scenario, runner.prepared.model.chain), notes,
    )  # fmt: skip
    return replace(result, notes=(*notes, *_without_effect(result, notes))), kept.forget


Stopped = Literal["all", "interrupted"]


def _simulate(
    study: Study,
    plan: Plan,
    callers: set[int],
    kept: Journal,
    workers: int | None,
    scheduler: str | None,
    progress: Progress | None,
    on_death: Callable[[], None],
) -> tuple[dict[int, CellSums], Stopped]:
    """The cells of the journal, and all others."""
    before = kept.known()
    keys = {cell: kept.key(plan.settings(cell)) for cell in range(len(plan.cells))}
    sums = {cell: before[key] for cell, key in keys.items() if key in before}
    wanted = [cell for cell in keys if cell not in sums]
    if progress:
        progress(len(sums), len(keys))
    try:
        with closing(_run(study, plan, wanted, callers, workers, scheduler, on_death)) as done:
            for cell, packed in done:
                kept.add(keys[cell], packed)
                sums[cell] = CellSums.unpacked(packed)
                if progress:
                    progress(len(sums), len(keys))
    except KeyboardInterrupt:
        if not sums:
            raise
        return sums, "interrupted"
    return sums, "all"


def _run(
    study: Study,
    plan: Plan,
    wanted: Sequence[int],
    callers: set[int],
    workers: int | None,
    scheduler: str | None,
    on_death: Callable[[], None],
) -> Generator[Done, None, None]:
    """Simulate cells where it is asked for; by default in processes if they save time."""
    if scheduler is not None:
        from simulation.sweeping.cluster import on_cluster

        yield from on_cluster(study, blocks(plan, wanted, callers, 8), scheduler)
        return
    number = workers or os.cpu_count() or 1
    ordered = blocks(plan, wanted, callers, number)
    if workers is None and number > 1:
        yield from _here_or_in_processes(study, ordered, number, on_death)
    elif number > 1 and ordered:
        yield from in_processes(study, ordered, number, on_death=on_death)
    else:
        yield from here(study, ordered)


def _here_or_in_processes(
    study: Study, ordered: Sequence[Block], number: int, on_death: Callable[[], None]
) -> Generator[Done, None, None]:
    """Begin here, and let processes go on if the rest takes longer than they take to start."""
    left = sum(map(len, ordered))
    began_s, done = time.monotonic(), set()
    with closing(here(study, ordered)) as cells:
        for cell, packed in cells:
            yield cell, packed
            done.add(cell)
            left -= 1
            took_s, began_s = time.monotonic() - began_s, time.monotonic()
            if len(done) > 1 and took_s * left > _WORTH_PROCESSES_S:
                break
    rest = [tuple(one for one in block if one[0] not in done) for block in ordered]
    if left:
        yield from in_processes(study, [block for block in rest if block], number, on_death=on_death)


def _try_values(
    loaded: LoadedScenario, places: Sequence[Place]
) -> tuple[list[tuple[str, LoadedScenario]], set[int], tuple[Finding, ...]]:
    """Check values of each place by themselves; which places change the callers, and which change nothing."""
    common = settings_of(loaded.document)
    tried: list[tuple[str, LoadedScenario]] = []
    callers: set[int] = set()
    notes = []
    for k, place in enumerate(places):
        own = []
        for text in _some(place):
            flow = None if place.path == "flow" else loaded.flow
            try:
                one = parse_scenario(
                    loaded.document.text, loaded.document.file, settings=(*common, place.setting(text)), flow=flow
                )
            except ScenarioError as error:
                raise ScenarioError([_of_option(finding, place, text) for finding in error.findings]) from None
            except UsageError as error:
                raise UsageError([_of_option(finding, place, text) for finding in error.findings]) from None
            own.append(one)
            tried.append((text, one))
        if any(not same_tables(one, loaded) for one in own):
            callers.add(k)
        if all(one.scenario == own[0].scenario and one.flow.digest == own[0].flow.digest for one in own):
            notes.append(_changes_nothing(place, "the scenario is the same with all of its values"))
    return tried, callers, tuple(notes)


def _some(place: Place) -> list[str]:
    """The values of a place, or some of them from the first to the last."""
    last = place.values.count - 1
    if last < _TRIED:
        return [place.values.text(i) for i in range(last + 1)]
    return [place.values.text(round(i * last / (_TRIED - 1))) for i in range(_TRIED)]


def _of_option(finding: Finding, place: Place, text: str) -> Finding:
    """A finding about a setting, as one about the option that it comes from."""
    if finding.file != f"--set {place.setting(text)}":
        return finding
    hint = finding.hint
    if finding.message.endswith(" is not a distribution") and _is_time(text):
        values = ",".join(f"{{exponential: {one}}}" for one in dict.fromkeys(_some(place)))
        hint = f'write --vary "{place.path}={values}", or another distribution'
    return replace(finding, file=f"--vary {place.path}={place.written}", hint=hint)


def _is_time(text: str) -> bool:
    """Whether a value is a length of time."""
    try:
        seconds_of(text)
    except ValueError:
        return False
    return True


def _flows(loaded: LoadedScenario, tried: Sequence[tuple[str, LoadedScenario]]) -> dict[str, Flow]:
    return {"": loaded.flow} | {text: one.flow for text, one in tried if one.flow is not loaded.flow}


def _changes_nothing(place: Place, why: str) -> Finding:
    return Finding(
        code="X007",
        severity="warning",
        message=f"{place.path} changes nothing: {why}",
        file=f"--vary {place.path}={place.written}",
        hint="vary something else, or over a wider range",
    )


def _without_effect(result: SweepResult, known: Sequence[Finding]) -> list[Finding]:
    """Places of a grid whose values all lead to the same results, whatever the others are."""
    if result.plan.is_sample or result.stopped != "all":
        return []
    told = {one.file for one in known}
    found = []
    for k, place in enumerate(result.plan.places):
        rests: dict[tuple[str, ...], CellSums] = {}
        if all(
            _alike(of, rests.setdefault(cell[:k] + cell[k + 1 :], of))
            for cell, of in ((result.plan.cells[i], of) for i, of in result.sums.items())
        ):
            note = _changes_nothing(place, "all cells that differ only in it have the same results")
            found += [note] if note.file not in told else []
    return found


def _alike(one: CellSums, other: CellSums) -> bool:
    return one is other or one.packed() == other.packed()
