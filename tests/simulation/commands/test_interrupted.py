"""Ctrl-C at a real terminal: the cursor is restored, finished results are printed, and no traceback appears."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from tests.support.paths import ROOT
from tests.support.small_scenarios import TWO_STEPS, TWO_STEPS_CALLED, write

HIDDEN, SHOWN = b"\x1b[?25l", b"\x1b[?25h"


def interrupted(
    arguments: list[str], folder: Path, *, after: str, environment: dict[str, str] | None = None
) -> tuple[int, str, str]:
    """Run a command in its own terminal and press Ctrl-C once `after` appears; returns the exit code, stdout, and the
    terminal's output.
    """
    keyboard, terminal = pty.openpty()
    plain = {"PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "100"}
    with (folder / "stdout").open("w") as stdout:
        process = subprocess.Popen(
            [sys.executable, "-m", "ivr", *arguments],
            cwd=folder,
            env=os.environ | plain | (environment or {}),
            stdin=terminal,
            stdout=stdout,
            stderr=terminal,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
    os.close(terminal)
    seen, pressed, deadline = b"", False, time.monotonic() + 120
    try:
        while time.monotonic() < deadline:
            if select.select([keyboard], [], [], 0.05)[0]:
                try:
                    seen += os.read(keyboard, 65536)
                except OSError:  # the last process with the terminal open has ended
                    break
            if not pressed and re.search(after.encode(), seen):
                pressed = os.write(keyboard, b"\x03") == 1
        code = process.wait(timeout=30)
    finally:
        process.kill()
        os.close(keyboard)
    assert pressed, seen
    assert seen.count(HIDDEN) == seen.count(SHOWN)
    assert seen.rfind(SHOWN) >= seen.rfind(HIDDEN)
    assert b"Traceback" not in seen, seen.decode()
    assert b"Exception ignored" not in seen, seen.decode()
    return code, (folder / "stdout").read_text("utf-8"), seen.decode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, TWO_STEPS, TWO_STEPS_CALLED)
    return tmp_path


LONG = ["scenario.yaml", "--replications", "100000"]


@pytest.mark.parametrize(
    "command",
    [
        ["simulate", *LONG, "--engine", "reference"],
        ["simulate", *LONG, "--engine", "kernel", "--workers", "1"],
        ["simulate", *LONG, "--engine", "kernel", "--workers", "3"],
        ["compare", *LONG, "--set", "lines=9", "--workers", "2"],
        ["estimators", *LONG, "--engine", "reference"],
    ],
    ids=" ".join,
)
def test_what_was_finished_is_printed(command: list[str], folder: Path) -> None:
    code, out, seen = interrupted(command, folder, after=r" [1-9]\d*/100000")
    [done] = re.findall(r"from the (\d+) replications? finished", seen)
    assert (code, int(done) >= 1) == (1, True)
    assert f"{done} replication" in out
    assert "Two steps, called" in out


def test_validation_gives_the_verdicts_of_the_models_finished(folder: Path) -> None:
    only = [word for name in ("erlang_b", "telethon", "time_varying") for word in ("--only", name)]
    code, out, seen = interrupted(["validate", "--engine", "reference", *only], folder, after="[3-6]/6")
    assert code == 1
    assert re.search("stopped by Ctrl-C; verdicts are for the [12] of 3 models finished", seen)
    assert "Erlang B" in out
    assert "time_varying" not in out


def test_while_the_kernel_is_compiled_nothing_is_finished(folder: Path) -> None:
    code, out, seen = interrupted(
        ["simulate", *LONG, "--engine", "kernel"],
        folder,
        after="compiling the engine",
        environment={"NUMBA_CACHE_DIR": str(folder / "cache")},
    )
    assert (code, out) == (130, "")
    assert "interrupted" in seen


SUMS_ALONE = "import simulation.engines.kernel.warm_up as its; its.run = its.finish = lambda *of, **more: None; "
"""The measures alone: compiling them takes a sixth of the time that the whole engine takes."""
TOLD = "from simulation.engines.kernel.warm_up import warm_up; warm_up(on_compile=lambda: print('compiling'))"


@pytest.mark.parametrize("part", ["", SUMS_ALONE], ids=["all", "the measures in an empty folder"])
def test_a_piped_run_says_nothing_of_compiling(part: str, folder: Path) -> None:
    """With kept code nothing is compiled: `on_compile` is not called."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)} | ({"NUMBA_CACHE_DIR": str(folder / "cache")} if part else {})
    first, second = (
        subprocess.run(
            [sys.executable, "-c", part + TOLD], env=environment, capture_output=True, text=True, timeout=200
        )
        for _ in range(2)
    )
    # Where earlier runs have kept the code, the first says nothing either.
    assert (first.stdout, first.stderr) in ([("compiling\n", "")] if part else [("compiling\n", ""), ("", "")])
    assert (second.stdout, second.stderr) == ("", "")
