"""Both engines compared with plain SimPy and Ciw, on W1 and W2, interleaved in one run.

    python -m bench.bench_engines [--rounds 5] [--hours 4] [--growth] [--cores] [--process]

Our engines run through the public scenario interface: the scenario files of ``bench/scenarios``, calls drawn from them,
per-call records, their checks and the measures. The peers draw their numbers as they go and keep one row per call.
Figures are CPU seconds of one process, medians over the rounds, and ratios to the textbook model in the same round.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from bench import w1, w2_callbacks, w2_textbook
from simulation.experiment.replicate import Effort, replicate
from simulation.experiment.run import simulate
from simulation.experiment.runner import Runner
from simulation.loading.load import load_scenario
from tests.support.documents import BLOCK

SCENARIOS = Path(__file__).parent / "scenarios"
BUDGETS = {("W2", "kernel"): 100.0, ("W2", "reference"): 2.0}
"""Times as fast as the textbook model."""


def peer(model: Callable[..., list[tuple]]) -> Callable[[float, int], tuple[int, float, float]]:
    """Calls, share of queued calls that abandoned, and mean wait in seconds, by a peer."""

    def run(hours: float, seed: int) -> tuple[int, float, float]:
        rows = model(hours=hours, seed=seed)
        queued = [row for row in rows if row[-1] != "contained"]
        waits = [row[-3] for row in queued]
        return len(rows), sum(row[-1] == "abandoned" for row in queued) / len(queued), sum(waits) / len(waits)

    return run


class Ours:
    """One of our engines on one of the scenarios; created once, as in a planner's run of many replications."""

    def __init__(self, name: str, engine: str, hours: float) -> None:
        loaded = load_scenario(SCENARIOS / f"{name}.scenario.yaml", settings=[f"horizon={hours}h"])
        self.runner = Runner.of(loaded, engine=engine)

    def __call__(self, hours: float, seed: int) -> tuple[int, float, float]:
        part, records = self.runner.replication(self.runner.calls(seed, 0, 0.5))
        queued = part.column("offered")
        return len(records.calls["call_id"]), part.column("abandoned") / queued, part.column("wait_us") / queued / 1e6


def side_by_side(hours: float, rounds: int) -> None:
    works = {
        "W1": {
            "textbook": peer(w1.textbook),
            "callbacks": peer(w1.callbacks),
            "Ciw": peer(w1.ciw_model),
            "reference": Ours("w1", "reference", hours),
            "kernel": Ours("w1", "kernel", hours),
        },
        "W2": {
            "textbook": peer(w2_textbook.run),
            "callbacks": peer(w2_callbacks.run),
            "reference": Ours("w2", "reference", hours),
            "kernel": Ours("w2", "kernel", hours),
        },
    }
    for work, contenders in works.items():
        contenders["kernel"](hours, 0)  # compiled before the clock runs
        seconds: dict[str, list[float]] = {name: [] for name in contenders}
        figures: dict[str, list[tuple[int, float, float]]] = {name: [] for name in contenders}
        for seed in range(rounds):
            for name, run in contenders.items():
                begin = process_time()
                found = run(hours, seed)
                seconds[name].append(process_time() - begin)
                figures[name].append(found)
        print(f"\n{work}: {hours:g} h, {rounds} interleaved rounds, CPU time\n")
        print(
            f"  {'':10}  {'calls/s':>11}  {'us a call':>9}  {'x textbook':>10}  {'(rounds)':>15}  {'abandoned':>9} "
            f" {'wait s':>6}  budget"
        )
        for name in contenders:
            calls = sum(n for n, _, _ in figures[name]) / rounds
            ratios = [t / s for t, s in zip(seconds["textbook"], seconds[name], strict=True)]
            spent = median(seconds[name])
            budget = BUDGETS.get((work, name))
            told = "" if budget is None else f"{budget:g} x: {'met' if median(ratios) >= budget else 'NOT MET'}"
            print(
                f"  {name:10}  {calls / spent:11,.0f}  {1e6 * spent / calls:9.3f}  {median(ratios):10.1f}  "
                f"{f'{min(ratios):.1f} to {max(ratios):.1f}':>15}  {sum(f[1] for f in figures[name]) / rounds:9.2%}  "
                f"{sum(f[2] for f in figures[name]) / rounds:6.2f}  {told}"
            )


def where_the_time_goes(hours: float, rounds: int) -> None:
    from simulation.engines.contract import engine
    from simulation.engines.results import records_of

    print(f"\nThe kernel, step by step: nanoseconds a call, least of {rounds} rounds\n")
    print(f"  {'':4}  {'draw':>6}  {'engine':>6}  {'records':>7}  {'sums':>6}")
    for work in ("w1", "w2"):
        runner = Ours(work, "kernel", hours).runner
        best = [float("inf")] * 4
        for _ in range(rounds):
            marks = [process_time()]
            calls = runner.calls(1, 0, 0.5)
            marks.append(process_time())
            found = runner.found(calls)
            marks.append(process_time())
            records_of(found, calls, runner.staff, horizon_us=runner.prepared.horizon_us, finish=runner.finish)
            marks.append(process_time())
            runner.replication(calls)
            marks.append(process_time())
            spans = [b - a for a, b in itertools.pairwise(marks)]
            best = [min(a, b) for a, b in zip(best, spans, strict=True)]
        best[3] -= best[1] + best[2]
        print(
            f"  {work.upper():4}  "
            + "  ".join(f"{1e9 * s / len(calls):{w}.0f}" for s, w in zip(best, (6, 6, 7, 6), strict=True))
        )
    assert engine("kernel")


def all_features(rounds: int) -> None:
    """The shipped scenario that uses nearly every feature, with both engines on the same calls."""
    runners = {name: Runner.of(load_scenario("northwind_busy"), engine=name) for name in ("reference", "kernel")}
    best: dict[str, list[float]] = {name: [float("inf"), float("inf")] for name in runners}
    for seed in range(rounds):
        for name, runner in runners.items():
            marks = [process_time()]
            calls = runner.calls(seed, 0, 0.5)
            marks.append(process_time())
            runner.replication(calls, runner.staff_of(seed, 0))
            marks.append(process_time())
            best[name] = [
                min(a, (y - x) / len(calls)) for a, (x, y) in zip(best[name], itertools.pairwise(marks), strict=True)
            ]
    print("\nNearly every feature on (northwind_busy), microseconds a call, least of the rounds\n")
    for name, (draw, rest) in best.items():
        print(
            f"  {name:10}  draw {1e6 * draw:7.2f}  engine, records, sums {1e6 * rest:7.2f}  {1 / (draw + rest):11,.0f}"
            " calls/s"
        )


def tables_again(hours: float, rounds: int) -> None:
    """W2 drawn once and run again, as in a comparison of staffings: engine, records, checks and sums."""
    runner = Ours("w2", "kernel", hours).runner
    calls = runner.calls(1, 0, 0.5)
    best = float("inf")
    for _ in range(4 * rounds):
        begin = process_time()
        runner.replication(calls)
        best = min(best, process_time() - begin)
    print(f"\nW2 drawn once and run again: {len(calls) / best:,.0f} calls/s, least of {4 * rounds}; budget 4,000,000")


def mornings() -> None:
    """A thousand mornings of the clinic in the planner's tutorial, as one experiment."""
    with tempfile.TemporaryDirectory() as folder:
        page = (Path(__file__).parent.parent / "docs" / "planning.md").read_text("utf-8")
        for block in BLOCK.finditer(page):
            if block["file"] and not (Path(folder) / block["file"]).exists():
                (Path(folder) / block["file"]).write_text(block["body"], "utf-8")
        loaded = load_scenario(Path(folder) / "monday.yaml")
        simulate(loaded, replications=2)
        wall, cpu = [], []
        for _ in range(5):
            begin, before = perf_counter(), process_time()
            result = simulate(loaded, replications=1_000)
            wall.append(perf_counter() - begin)
            cpu.append(process_time() - before)
    arrived = result.measures["arrived"].mean
    print(
        f"\n1,000 clinic mornings of {arrived:.0f} calls: {min(wall):.2f} s ({min(cpu):.2f} s of CPU), least of 5;"
        " budget 2 s"
    )


def growth(most: int) -> None:
    """Time and memory from 10^4 calls up, streamed: replications of four hours of W2, keeping only sums."""
    print("\nGrowth on W2 with the kernel, replications streamed into measures\n")
    print(f"  {'calls':>12}  {'seconds':>8}  {'calls/s':>10}  {'peak memory':>11}")
    size = 10_000
    while size <= most:
        code = (
            "import resource, time\n"
            "from simulation.experiment.runner import Runner\nfrom simulation.loading.load import load_scenario\n"
            f"r = Runner.of(load_scenario({str(SCENARIOS / 'w2.scenario.yaml')!r}), engine='kernel')\n"
            "total = done = 0; begin = time.perf_counter()\n"
            f"while done < {size}:\n"
            "    part, _ = r.replication(r.calls(1, total, 0.5)); done += part.column('arrived'); total += 1\n"
            "    sums = part if total == 1 else sums + part\n"
            "print(done, time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
        )
        done, seconds, memory = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout.split()
        print(
            f"  {int(done):12,}  {float(seconds):8.2f}  {int(done) / float(seconds):10,.0f} "
            f" {int(memory) / 1024:8.0f} MB"
        )
        size *= 10


def cores() -> None:
    """The same whole days with one worker and with two."""
    runner = Ours("w2", "kernel", 24).runner

    def one(replication: int, busy_u: float) -> int:
        return runner.replication(runner.calls(1, replication, busy_u))[0].column("arrived")

    spent = {1: [], 2: []}
    replicate(one, Effort(replications=4, workers=2), seed=1)
    for _ in range(5):
        for workers in spent:
            begin = perf_counter()
            replicate(one, Effort(replications=16, workers=workers), seed=1)
            spent[workers].append(perf_counter() - begin)
    ratios = [a / b for a, b in zip(spent[1], spent[2], strict=True)]
    print(
        f"\nTwo workers: {median(ratios):.2f} x one ({min(ratios):.2f} to {max(ratios):.2f}; {os.cpu_count()}"
        " processors; budget 1.8 x)"
    )


def process() -> None:
    """From the start of the process to the answer: a day of 5,000 calls, 20 replications."""
    with tempfile.TemporaryDirectory() as folder:
        for file in SCENARIOS.glob("w2.*"):
            (Path(folder) / file.name).write_text(file.read_text())
        command = [
            sys.executable,
            "-m",
            "ivr",
            "simulate",
            f"{folder}/w2.scenario.yaml",
            "--set",
            "horizon=10h",
            "--set",
            "arrivals.per_hour=500",
            "--replications",
            "20",
            "--json",
        ]
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        wall, cpu = [], []
        for _ in range(5):
            begin, before = perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
            out = subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            wall.append(perf_counter() - begin)
            cpu.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    arrived = json.loads(out)["measures"]["arrived"]["mean"]
    print(
        f"\nA day of {arrived:,.0f} calls x 20 as a process: {min(wall):.2f} s ({min(cpu):.2f} s of CPU), least of 5;"
        " budget 2 s"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hours", type=float, default=4.0, help="simulated hours a round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--growth", type=int, metavar="CALLS", help="also: from 10,000 calls up to so many")
    parser.add_argument("--cores", action="store_true", help="also: two workers against one")
    parser.add_argument("--process", action="store_true", help="also: from process start to answer")
    args = parser.parse_args()
    side_by_side(args.hours, args.rounds)
    where_the_time_goes(args.hours, args.rounds)
    all_features(args.rounds)
    tables_again(args.hours, args.rounds)
    mornings()
    if args.growth:
        growth(args.growth)
    if args.cores:
        cores()
    if args.process:
        process()


if __name__ == "__main__":
    main()
