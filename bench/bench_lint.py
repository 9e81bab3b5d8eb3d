"""How long ``ivr lint`` takes as a process, and where the time goes: shipped and generated flows, trees and dense
graphs.

    python -m bench.bench_lint [--rounds 7]

Of each process stand the seconds that pass and the processor seconds of the user (others may use the machine), the
least of the rounds; large flows are checked in two processes, and the user's seconds are those of both. Beside each
flow stands its peer in the same round: a process that only reads the same file with PyYAML's C loader. The phases are
measured in a process of their own, the rules one after the other: what several share is counted with the first that
asks for it.
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
BUDGET_S = {"--help": 0.15, "northwind": 0.4, "tree 5000": 1.0, "dense 5000": 1.0, "dense back 5000": 2.0}
COSTLIEST = 10
_PEER = "import sys, yaml; yaml.load(open(sys.argv[1], 'rb').read(), yaml.CBaseLoader)"
_PHASES = ("start and imports", "read YAML", "schema", "graph", "rules", "print")


def process_s(*arguments: str) -> tuple[float, float]:
    """Seconds that pass until a Python process ends, and those it spends as user, with a warm bytecode cache."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | {
        "NO_COLOR": "1"
    }
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime, perf_counter()
    done = subprocess.run([sys.executable, *arguments], capture_output=True, env=environment, check=False)
    took_s = perf_counter() - begun
    if done.returncode not in (0, 1):
        raise SystemExit(done.stderr.decode())
    return took_s, resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


def phases(file: str) -> dict[str, dict[str, float]]:
    """Seconds of each phase and of each rule in this process, which has done nothing before."""



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
    """The least of several measurements, by name."""
    return {name: min(one[part][name] for one in found) for name in found[0][part]}


def measured(file: str) -> dict[str, dict[str, float]]:
    """`phases` in a process of its own."""
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
        for _ in range(arguments.rounds):  # interleaved, so that all meet the same machine
            lint_s["--help"].append(process_s("-m", "ivr", "--help"))
            for name, file in files.items():
                lint_s[name].append(process_s("-m", "ivr", "lint", file))
                peer_s[name].append(process_s("-c", _PEER, str(library(file))))
                parts[name].append(measured(file))
    print(f"{'':<16}{'process':>9}{'budget':>9}{'user':>9}{'peer':>9}   {''.join(f'{title:>19}' for title in _PHASES)}")
    for name, took in lint_s.items():
        budget = f"{BUDGET_S[name]:.2f} s" if name in BUDGET_S else ""
        passed, user = (f"{min(column):.2f} s" for column in zip(*took, strict=True))
        peer = f"{min(s for _, s in peer_s[name]):.2f} s" if name in peer_s else ""
        cells = [f"{1000 * s:.0f} ms" for s in least(parts[name], "phases").values()] if name in parts else []
        print(f"{name:<16}{passed:>9}{budget:>9}{user:>9}{peer:>9}   {''.join(f'{cell:>19}' for cell in cells)}")
    for name in (f"tree {SIZES[-1]}", f"dense {SIZES[-1]}"):
        ranked = sorted(least(parts[name], "rules").items(), key=lambda pair: -pair[1])[:COSTLIEST]
        print(f"\nThe costliest rules of {name}: " + ", ".join(f"{rule} {1000 * s:.0f} ms" for rule, s in ranked))
    print(
        f"\nLeast of {arguments.rounds} rounds; 'process' is time that passes, all else user seconds. Load before:"
        f" {load:.1f}."
    )


if __name__ == "__main__":
    main()
