"""A further cell of a sweep against the engine alone on tables drawn before, in one process.

    python -m bench.bench_sweep [SCENARIO]

The cell reads its settings, checks the scenario, runs the engine and packs its sums; the engine alone runs the same
replications and adds up their measures.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from simulation.experiment.replicate import busy_uniforms
from simulation.experiment.runner import Runner
from simulation.loading.load import load_scenario
from simulation.sweeping.cell_runner import CellRunner
from simulation.sweeping.study import Study

_TIMES = 7


def seconds(work: Callable[[], object]) -> float:
    """Processor time of the quickest of several runs."""
    best = float("inf")
    for _ in range(_TIMES):
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    return best


def main(name: str = "northwind") -> None:
    """Print milliseconds and their ratio."""
    loaded = load_scenario(name, settings=["staff_factor=0.9"])
    scenario = loaded.scenario
    runner = Runner.of(loaded)
    days = list(enumerate(busy_uniforms(scenario.replications, scenario.seed)))
    calls = [runner.calls(scenario.seed, i, u) for i, u in days]
    drawing = seconds(lambda: [runner.calls(scenario.seed, i, u) for i, u in days])
    engine = seconds(lambda: [runner.replication(calls[i], runner.staff_of(scenario.seed, i)) for i, _ in days])
    study = Study(
        loaded.document.text, loaded.document.file, (), {"": loaded.flow}, {}, scenario.seed, scenario.replications,
        runner.engine,
    )  # fmt: skip
    cells = CellRunner(study)
    cells.run(["staff_factor=1"])  # draws the callers
    cell = seconds(lambda: cells.run(["staff_factor=0.9"]).packed())
    alone = seconds(lambda: CellRunner(study).run(["staff_factor=0.9"]))
    print(f"{name}: {scenario.replications} replications, {sum(map(len, calls)):,} calls, {runner.engine} engine")
    print(f"engine on drawn tables    {1e3 * engine:8.1f} ms")
    print(f"a further cell            {1e3 * cell:8.1f} ms   {cell / engine:.2f} x the engine")
    print(f"drawing the tables        {1e3 * drawing:8.1f} ms")
    print(f"a cell by itself          {1e3 * alone:8.1f} ms   {alone / cell:.1f} x a further one")


if __name__ == "__main__":
    main(*sys.argv[1:])
