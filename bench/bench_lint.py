"""How long ``ivr lint`` takes as a process: the shipped flow, and generated ones of 100, 1,000 and 5,000 nodes.

    python -m bench.bench_lint [--rounds 7]

Beside each stands its peer in the same round: a process that only reads the same file with PyYAML's C loader.
Generated flows are trees of menus with eight choices, announcements at the leaves, an operator on 0 and opening hours.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

BREADTH = 8
BUDGET_S = {"northwind": 0.4, "100": 1.0, "1000": 1.0, "5000": 1.0}
_HEAD = """ivr: 1
name: Generated
start: open
hours: {office: {zone: UTC, mon-sun: "06:00-22:00"}}
keys: {0: {next: operator, label: an operator}}
queues: {desk: {}}
nodes:
  open: {type: hours, hours: office, on: {open: n0, closed: box}}
  operator: {type: queue, queue: desk, max_wait: 10m, while_waiting: {pound: box}, on: {timeout: box, full: box, closed: box}}
  box: {type: voicemail, box: desk}
  goodbye: {type: hangup, say: Goodbye.}
"""
_PEER = "import sys, yaml; yaml.load(open(sys.argv[1], 'rb').read(), yaml.CBaseLoader)"


def generated(nodes: int) -> str:
    """A flow of so many nodes.

    Examples
    --------
    >>> from flows.load import load_text
    >>> len(load_text(generated(100)).flow.nodes)
    100
    """
    left = nodes - 4
    lines = [_HEAD]
    waiting, made = 1, 0  # names given out, and nodes written
    while made < left:
        children = [f"n{waiting + i}" for i in range(BREADTH)]
        if waiting + BREADTH <= left:
            lines.append(f"  n{made}:\n    type: menu\n    choices:\n")
            lines += [f"      - {{key: {i + 1}, label: subject {made} {i}, next: {c}}}\n" for i, c in enumerate(children)]
            lines.append("    otherwise: operator\n")
            waiting += BREADTH
        else:
            lines.append(f"  n{made}: {{type: play, say: This is what we know of it today., serves: true, next: goodbye}}\n")
            waiting = max(waiting, made + 2)
        made += 1
    return "".join(lines)


def process_s(*arguments: str) -> float:
    """Wall time of a Python process."""
    begun = perf_counter()
    environment = {**os.environ, "NO_COLOR": "1"}
    done = subprocess.run([sys.executable, *arguments], capture_output=True, env=environment, check=False)
    if done.returncode not in (0, 1):
        raise SystemExit(done.stderr.decode())
    return perf_counter() - begun


def parts_s(file: str) -> dict[str, float]:
    """Where the time goes, within one process that has everything imported."""
    from flows.formats.native import read
    from flows.lint import lint
    from flows.load import Loaded, library
    from flows.model import Flow
    from flows.schema import validate

    lint(Loaded(validate(read(library(file)), Flow), read(library(file))))
    marks = [perf_counter()]
    document = read(library(file))
    marks.append(perf_counter())
    flow = validate(document, Flow)
    marks.append(perf_counter())
    found = lint(Loaded(flow, document))
    marks.append(perf_counter())
    read_s, typed_s, rules_s = (b - a for a, b in zip(marks, marks[1:], strict=False))
    return {"nodes": len(flow.nodes), "findings": len(found), "read": read_s, "typed": typed_s, "rules": rules_s}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        files = {"northwind": "northwind"}
        for number in (100, 1000, 5000):
            path = Path(folder) / f"{number}.yaml"
            path.write_text(generated(number), "utf-8")
            files[str(number)] = str(path)
        from flows.load import library

        lint_s: dict[str, list[float]] = {name: [] for name in files}
        peer_s: dict[str, list[float]] = {name: [] for name in files}
        for _ in range(rounds):  # interleaved, so that both meet the same machine
            for name, file in files.items():
                lint_s[name].append(process_s("-m", "ivr", "lint", file))
                peer_s[name].append(process_s("-c", _PEER, str(library(file))))
        head = ("flow", "nodes", "findings", "process", "budget", "peer", "ratio", "read", "types", "rules")
        print("".join(f"{title:>10}" for title in head))
        for name, file in files.items():
            part = parts_s(file)
            took, peer = median(lint_s[name]), median(peer_s[name])
            cells = (
                name, f"{part['nodes']:,}", f"{part['findings']:,}", f"{took:.2f} s", f"{BUDGET_S[name]:.1f} s",
                f"{peer:.2f} s", f"{took / peer:.1f}", *(f"{1000 * part[k]:.0f} ms" for k in ("read", "typed", "rules")),
            )  # fmt: skip
            print("".join(f"{cell:>10}" for cell in cells))
    print(f"medians of {rounds} rounds; read, types and rules within one process, garbage collector on")


if __name__ == "__main__":
    main()
