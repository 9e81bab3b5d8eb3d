"""Speed of the reference engine compared with a textbook SimPy model, both on W2, interleaved in one run.

python -m bench.bench_reference [--hours 4] [--rounds 7]
"""

from __future__ import annotations

import argparse
from statistics import median
from time import perf_counter

import numpy as np

from bench import w2, w2_textbook
from ivr.records.schema import outcome_code
from simulation.engines.contract import engine


def reference(*, hours: float, seed: int):
    """Sampling, simulation and records."""
    calls = w2.call_table(hours=hours, seed=seed)
    return engine("reference").simulate(
        calls, w2.staff_table(hours=hours), w2.ROUTING, horizon_us=int(hours * 3_600_000_000)
    )


def figures_of_textbook(rows: list[tuple]) -> dict[str, float]:
    offered = [row for row in rows if row[2] is not None]
    return {
        "calls": len(rows),
        "contained_percent": 100 * (1 - len(offered) / len(rows)),
        "menu_s": sum(row[1] for row in rows) / len(rows),
        "abandoned_percent": 100 * sum(row[5] == "abandoned" for row in offered) / len(offered),
        "mean_wait_s": sum(row[3] for row in offered) / len(offered),
    }


def figures_of_reference(records) -> dict[str, float]:
    calls, visits = records.calls, records.visits
    return {
        "calls": len(calls["call_id"]),
        "contained_percent": 100 * float(np.mean(calls["outcome"] == outcome_code("contained"))),
        "menu_s": float(np.mean(calls["menu_us"])) / 1e6,
        "abandoned_percent": 100 * float(np.mean(visits["agent"] < 0)),
        "mean_wait_s": float(np.mean(visits["left_us"] - visits["offered_us"])) / 1e6,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hours", type=float, default=4.0, help="simulated hours a round (3,600 calls an hour)")
    parser.add_argument("--rounds", type=int, default=7)
    args = parser.parse_args()
    seconds: dict[str, list[float]] = {"textbook": [], "reference": []}
    figures: dict[str, dict[str, float]] = {}
    for seed in range(args.rounds):
        for name, model, measure in (
            ("textbook", w2_textbook.run, figures_of_textbook),
            ("reference", reference, figures_of_reference),
        ):
            start = perf_counter()
            found = model(hours=args.hours, seed=seed)
            seconds[name].append(perf_counter() - start)
            figures[name] = measure(found)
    print(f"W2, {args.hours:g} h a round, median of {args.rounds} interleaved rounds; figures of the last round\n")
    print(f"{'':18}{'textbook':>12}{'reference':>12}")
    rows = {name: median(values) for name, values in seconds.items()}
    per_second = {name: figures[name]["calls"] / rows[name] for name in rows}
    print(f"{'median_s':18}{rows['textbook']:12.3f}{rows['reference']:12.3f}")
    print(f"{'calls_per_s':18}{per_second['textbook']:12,.0f}{per_second['reference']:12,.0f}")
    for key in figures["textbook"]:
        print(f"{key:18}{figures['textbook'][key]:12,.2f}{figures['reference'][key]:12,.2f}")
    ratios = sorted(t / r for t, r in zip(seconds["textbook"], seconds["reference"], strict=True))
    print(
        f"\nreference / textbook speed: {median(ratios):.2f} x (rounds from {ratios[0]:.2f} to {ratios[-1]:.2f});"
        " budget 2 x"
    )


if __name__ == "__main__":
    main()
