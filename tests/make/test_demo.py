"""What `make demo` prints above each command: bold on a terminal, plain in a file."""

from __future__ import annotations

import os
import pty
import subprocess
from pathlib import Path

import pytest

from tests.support.paths import ROOT

SHOWN = '$ ivr call northwind --at 2026-11-24T10:00 --keys "1,2,wait,1"'


def demo(out: Path, stdout: int, **environment: str) -> str:
    """The demo's output with a command that says nothing in the place of `ivr`."""
    done = subprocess.run(
        ["make", "--no-print-directory", "--old-file=setup", "demo", "IVR=true", f"OUT={out}"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "TERM": "xterm"} | environment,
        stdout=stdout,
        stderr=subprocess.STDOUT,
        check=True,
        timeout=60,
    )
    return (done.stdout or b"").decode()


@pytest.mark.parametrize(
    ("environment", "bold"), [({}, False), ({"FORCE_COLOR": "1"}, True), ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False)]
)
def test_in_a_pipe(environment: dict[str, str], bold: bool, tmp_path: Path) -> None:
    said = demo(tmp_path, subprocess.PIPE, **environment)
    assert ("\x1b" in said) is bold
    assert (f"\n\x1b[1m{SHOWN}\x1b[0m\n" if bold else f"\n{SHOWN}\n") in said


@pytest.mark.parametrize(("environment", "bold"), [({}, True), ({"TERM": "dumb"}, False), ({"NO_COLOR": "1"}, False)])
def test_on_a_terminal(environment: dict[str, str], bold: bool, tmp_path: Path) -> None:
    ours, its = pty.openpty()
    demo(tmp_path, its, **environment)
    said = os.read(ours, 1 << 16).decode()
    os.close(its)
    os.close(ours)
    assert ("\x1b[1m$ ivr lint northwind\x1b[0m" in said) is bold
    assert ("\x1b" in said) is bold
