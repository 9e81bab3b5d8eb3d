"""Run pip so that it says little, asks nothing, and leaves all its words in a file."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

__all__ = ["run_pip", "surroundings"]

_LAZY = {"PIP_NO_COMPILE": "no"}  # pip takes this setting upside down
_STEP = re.compile(r"^\s*Downloading (?:\S*/)?(\S+?)-\d\S* \(([\d.]+ \wB)\)|^Installing collected packages")


def run_pip(python: Path, arguments: Sequence[str], log: Path, *, compiling: bool) -> tuple[int, str]:
    """Run pip of a Python; return its exit code and all it printed, which is added to the log as well.

    Parameters
    ----------
    python, log : Path
    arguments : sequence of str
    compiling : bool
        Whether all modules are compiled now; else each is when it is first imported.
    """
    said = []
    with (
        log.open("a", encoding="utf-8") as written,
        subprocess.Popen(
            [python, "-m", "pip", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=surroundings(os.environ) | ({} if compiling else _LAZY),
        ) as running,
    ):
        assert running.stdout
        for line in running.stdout:
            written.write(line)
            said.append(line)
            _tell(line)
    if sys.stdout.isatty():
        print("\r\033[K", end="", flush=True)
    return running.returncode, "".join(said)


def surroundings(given: Mapping[str, str]) -> dict[str, str]:
    """Return the environment variables for pip and venv.

    Nobody is asked anything, and what lies elsewhere on the machine does not count as installed.

    Examples
    --------
    >>> surroundings({"PYTHONPATH": "/opt/ros"})["PIP_NO_INPUT"]
    '1'
    """
    own = {"PIP_NO_INPUT": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_USER": "0"}
    return {name: value for name, value in given.items() if name not in ("PYTHONPATH", "PYTHONHOME")} | own


def _tell(line: str) -> None:
    # On a terminal: what is going on, in a line that the next one replaces.
    step = _STEP.match(line)
    if step and sys.stdout.isatty():
        doing = f"fetching {step[1]} ({step[2]})" if step[1] else "installing"
        print(f"\r\033[K  {doing}", end="", flush=True)
    if "Retrying (Retry(total=4" in line:
        print("The package index does not answer; pip tries again ...", flush=True)
