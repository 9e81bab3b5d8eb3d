"""Runs commands as if libraries were not installed: ``python -m tests.support.without_libraries``.

Standard input is a JSON list of ``[libraries, arguments]``, standard output one of ``[code, out, err]``, in order. What
a command has imported stays imported, so a library must be left out before another command uses it.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from typing import Any, NamedTuple

from tests.support.paths import ROOT


class Done(NamedTuple):
    """What a command did."""

    code: int
    out: str
    err: str


class _Without:
    """Finds modules as Python does, except those of some libraries."""

    left_out: frozenset[str] = frozenset()
    find_distributions = staticmethod(PathFinder.find_distributions)

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: Any = None) -> ModuleSpec | None:
        return None if name.partition(".")[0] in self.left_out else PathFinder.find_spec(name, path, target)


def run_without(cases: Sequence[tuple[Sequence[str], Sequence[str]]], folder: Path) -> list[Done]:
    """Run commands in one process in `folder`, each without some libraries."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.without_libraries"],
        input=json.dumps(cases),
        capture_output=True,
        text=True,
        cwd=folder,
        env={"PATH": "", "PYTHONPATH": str(ROOT), "IVR_TODAY": "2026-11-24", "NO_COLOR": "1"},
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return [Done(*one) for one in json.loads(done.stdout)]


def _run(finder: _Without, left_out: Sequence[str], arguments: list[str]) -> Done:
    from ivr.__main__ import main

    finder.left_out = frozenset(left_out)
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main(arguments)
    return Done(code, out.getvalue(), err.getvalue())


if __name__ == "__main__":
    found = _Without()
    sys.meta_path[sys.meta_path.index(PathFinder)] = found  # type: ignore[arg-type, call-overload]
    print(json.dumps([_run(found, *case) for case in json.load(sys.stdin)]))
