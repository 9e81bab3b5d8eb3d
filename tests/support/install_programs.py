"""Install what tests start: ``python -m tests.support.install_programs NAME ...``; a machine that does not let us goes
without.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence

from tests.support.left_out import in_ci
from tests.support.programs import PROGRAMS, apt_get, lack, path_of

__all__ = ["installed", "main"]

_PATIENCE_S = 900


def main(names: Sequence[str]) -> int:
    """Install those that are missing; return 1 only if one could not be and nothing may be left out."""
    missing = [name for name in names if not path_of(name)]
    for name in missing:
        why = installed(name)
        if not why:
            continue
        if in_ci():
            print(f"{why}. CI=true: nothing may be left out.", file=sys.stderr)
            return 1
        print(f"{why}. The tests that need it are left out.", flush=True)
    return 0


def installed(name: str) -> str:
    """Install a program; return why it could not be, empty if it was."""
    way = apt_get()
    if isinstance(way, str):
        return lack(name)
    program = PROGRAMS[name]
    print(f"Setting up: {program.name}, which tests start (once; up to {program.megabytes} MB on disk) ...", flush=True)
    for step in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", program.package]):
        code, said = _said([*way, *step])
        if code:
            return f"{program.name} could not be installed ({said}): {program.elsewhere}"
    path_of.cache_clear()
    return "" if path_of(name) else f"{program.name} was installed, and is not found or does not start"


def _said(command: Sequence[str]) -> tuple[int, str]:
    # The exit code, and the line that says what is wrong.
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=_PATIENCE_S, check=False
        )
    except subprocess.TimeoutExpired:
        return 1, f"apt-get takes longer than {_PATIENCE_S // 60} minutes"
    lines = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()]
    wrong = [line.partition(": ")[2] for line in lines if line.startswith("E: ")]
    return done.returncode, (wrong or lines or ["apt-get said nothing"])[0]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
