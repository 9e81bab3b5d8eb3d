"""How long it takes to refuse files meant to exhaust the reader: as a process, less the time for a file with one
mistake.

    python -m bench.bench_refusal [--rounds 7]

The budget is 0.1 s on top of process start, in CPU seconds, at the minimum of several runs.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

BUDGET_S = 0.1
BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(20)
)
FILES = {
    "alias bomb": BOMB,
    "a million aliases": "a: &a [x]\nb: [" + "*a," * 1_000_000 + "]",
    "5,000 levels": "[" * 5000 + "]" * 5000,
    "5,000 levels of lines": "\n".join(" " * n + "a:" for n in range(2500)),
    "10 MB": "# " + "x" * 10_000_000,
}
COMMANDS = {
    "flow": ("lint", "FILE"),
    "scenario": ("simulate", "FILE"),
    "script": ("test", "northwind", "FILE"),
    "translation": ("convert", "northwind", "--from-po", "FILE", "--language", "es-US"),
}
BASE = "ivr: ["


def cpu_s(*arguments: str) -> float:
    """CPU seconds of one ``ivr`` process that must refuse a file."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-m", "ivr", *arguments], capture_output=True, env={**os.environ, "NO_COLOR": "1"}, check=False
    )
    if done.returncode not in (1, 2) or b"Traceback" in done.stderr:
        raise SystemExit(done.stderr.decode())
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        paths = {name: Path(folder) / f"{i}.yaml" for i, name in enumerate(["one mistake", *FILES])}
        for name, path in paths.items():
            path.write_text(FILES.get(name, BASE), "utf-8")
        print("".join(f"{title:>24}" for title in ("read as", "file", "CPU", "over one mistake", "budget")))
        for kind, command in COMMANDS.items():
            wanted = (
                paths
                if kind in ("flow", "scenario")
                else {name: path for name, path in paths.items() if name in ("one mistake", "10 MB")}
            )
            least = {name: float("inf") for name in wanted}
            for _ in range(rounds):  # interleaved, so that all see the same machine load
                for name, path in wanted.items():
                    least[name] = min(least[name], cpu_s(*(str(path) if word == "FILE" else word for word in command)))
            for name, took in least.items():
                over = "" if name == "one mistake" else f"{took - least['one mistake']:+.3f} s"
                print(
                    "".join(
                        f"{cell:>24}"
                        for cell in (kind, name, f"{took:.3f} s", over, f"{BUDGET_S:.1f} s" if over else "")
                    )
                )
    print(f"least of {rounds} rounds, user and system time of the process")


if __name__ == "__main__":
    main()
