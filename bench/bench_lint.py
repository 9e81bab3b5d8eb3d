"""How long ``ivr lint`` takes as a process, and where the time goes: shipped and generated flows, trees and dense
graphs.

    python -m bench.bench_lint [--rounds 7]

For each process: the elapsed seconds and the CPU seconds it uses, at the minimum over the rounds. Each flow is
compared, in the same round, with a process that only reads the file with PyYAML's C loader (its peer). Budgets: a
shipped flow 0.5 s, a flow of 5,000 nodes three times its peer, in CPU seconds. The phases are measured in a separate
process; work that several rules share counts towards the first that needs it.
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
from functools import partial
from pathlib import Path
from time import perf_counter, process_time

from bench.large_flows import dense, tree

SIZES = (100, 1_000, 5_000)
BUDGET_S = {"--help": 0.15, "northwind": 0.5}
MOST_PEERS = 3.0
COSTLIEST = 10
_PEER = "import sys, yaml; yaml.load(open(sys.argv[1], 'rb').read(), yaml.CBaseLoader)"
_PHASES = ("start and imports", "read YAML", "schema", "graph", "rules", "print")


def process_s(*arguments: str) -> tuple[float, float]:
    """Seconds until a Python process ends, and the CPU seconds it uses, with a warm bytecode cache."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | {
        "NO_COLOR": "1"
    }
    before, begun = _children_s(), perf_counter()
    done = subprocess.run([sys.executable, *arguments], capture_output=True, env=environment, check=False)
    took_s = perf_counter() - begun
    if done.returncode not in (0, 1):
        raise SystemExit(done.stderr.decode())
    return took_s, _children_s() - before


def _children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def phases(file: str) -> dict[str, dict[str, float]]:
    """CPU seconds of each phase and of each rule, in a process that has done nothing else."""

    from flows.display.console import render_text
    from flows.lint.context import Context
    from flows.lint.engine import chosen, lint
    from flows.model.flow import Flow
    from flows.model.load import Loaded, library
    from flows.source.validate import validate
    from flows.source.yaml_reader import read

    rules = chosen()
    marks = [process_time()]
    document = read(library(file))
    marks.append(process_time())
    flow = validate(document, Flow)
    marks.append(process_time())
    context = Context(flow, document)
    _ = context.graph.edges, context.graph.reachable
    marks.append(process_time())
    by_rule = {}
    for rule in rules:
        assert rule.check is not None
        begun = process_time()
        list(rule.check(context))
        by_rule[f"{rule.code} {rule.name}"] = process_time() - begun
    marks.append(process_time())
    found = lint(Loaded(flow, document))
    begun = process_time()
    render_text(found, sources=document.texts)
    took = [marks[0], *(b - a for a, b in itertools.pairwise(marks)), process_time() - begun]
    return {"phases": dict(zip(_PHASES, took, strict=True)), "rules": by_rule}


def least(found: list[dict[str, dict[str, float]]], part: str) -> dict[str, float]:
    """The minimum of several measurements, by name."""
    return {name: min(one[part][name] for one in found) for name in found[0][part]}


def measured(file: str) -> dict[str, dict[str, float]]:
    """`phases` in a separate process."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.bench_lint", "--phases", file], capture_output=True, check=True, text=True
    )
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--phases", metavar="FILE", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.phases:
        print(json.dumps(phases(arguments.phases)))
        return
    from flows.model.load import library

    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        files = {"northwind": "northwind"}
        for kind, made in (
            ("tree", tree),
            ("back", partial(tree, back=True)),
            ("dense", dense),
            ("dense back", partial(dense, back=True)),
        ):
            for size in SIZES:
                path = Path(folder) / f"{kind}{size}.yaml"
                path.write_text(made(size), "utf-8")
                files[f"{kind} {size}"] = str(path)
        lint_s: dict[str, list[tuple[float, float]]] = {name: [] for name in ("--help", *files)}
        peer_s: dict[str, list[tuple[float, float]]] = {name: [] for name in files}
        parts: dict[str, list[dict[str, dict[str, float]]]] = {name: [] for name in files}
        for _ in range(arguments.rounds):  # interleaved, so that all see the same machine load
            lint_s["--help"].append(process_s("-m", "ivr", "--help"))
            for name, file in files.items():
                lint_s[name].append(process_s("-m", "ivr", "lint", file))
                peer_s[name].append(process_s("-c", _PEER, str(library(file))))
                parts[name].append(measured(file))
    titles = "".join(f"{title:>19}" for title in _PHASES)
    print(f"{'':<16}{'process':>9}{'budget':>9}{'CPU':>9}{'peer':>9}{'ratio':>7}   {titles}")
    for name, took in lint_s.items():
        passed_s, used_s = (min(column) for column in zip(*took, strict=True))
        peer = ratio = ""
        budget = f"{BUDGET_S[name]:.2f} s" if name in BUDGET_S else ""
        if name in peer_s:
            read_s = min(s for _, s in peer_s[name])
            peer, ratio = f"{read_s:.2f} s", f"{used_s / read_s:.1f} x"
            budget = f"{MOST_PEERS:.0f} x" if name.endswith(f" {SIZES[-1]}") else budget
        cells = [f"{1000 * s:.0f} ms" for s in least(parts[name], "phases").values()] if name in parts else []
        figures = f"{name:<16}{passed_s:>7.2f} s{budget:>9}{used_s:>7.2f} s{peer:>9}{ratio:>7}"
        print(f"{figures}   {''.join(f'{cell:>19}' for cell in cells)}")
    for name in (f"tree {SIZES[-1]}", f"dense {SIZES[-1]}"):
        ranked = sorted(least(parts[name], "rules").items(), key=lambda pair: -pair[1])[:COSTLIEST]
        print(f"\nThe costliest rules of {name}: " + ", ".join(f"{rule} {1000 * s:.0f} ms" for rule, s in ranked))
    print(
        f"\nLeast of {arguments.rounds} rounds; 'process' is time that passes, all else CPU seconds. Load before:"
        f" {load:.1f}."
    )


if __name__ == "__main__":
    main()
