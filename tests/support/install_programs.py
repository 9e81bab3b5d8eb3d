"""Install what tests start: ``python -m tests.support.install_programs NAME ...``; a machine that does not let us goes
without.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from functools import cache

from flows.source.counted import counted
from tests.support.left_out import in_ci
from tests.support.programs import PROGRAMS, apt_get, lack, path_of

__all__ = ["installed", "main"]

_PATIENCE_S = 900
_LOOK_S = 60
"""How long to look for the network where tests may be left out."""
_TOO_LONG = (124, 137)
"""The exit codes of timeout, of which the second means that what it ran had to be killed."""
_QUICKLY = (
    *("-o", "APT::Update::Error-Mode=any", "-o", "Acquire::Retries=0"),
    *("-o", "Acquire::http::Timeout=8", "-o", "Acquire::https::Timeout=8"),
)
"""A server that cannot be asked is a failure, and known soon."""


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
    code, said = _updated(way, patient=in_ci())
    if not code:
        code, said = _said(way, ["install", "-y", "-qq", "--no-install-recommends", program.package], _PATIENCE_S)
    if code:
        return f"{program.name} could not be installed ({said}): {program.elsewhere}"
    path_of.cache_clear()
    return "" if path_of(name) else f"{program.name} was installed, and is not found or does not start"


@cache
def _updated(way: tuple[str, ...], *, patient: bool) -> tuple[int, str]:
    # Once for all programs: without a network the next one would fail as the first did, as slowly.
    return _said(way, ["update", "-qq", *(() if patient else _QUICKLY)], _PATIENCE_S if patient else _LOOK_S)


def _said(way: Sequence[str], step: Sequence[str], patience_s: int) -> tuple[int, str]:
    # The exit code, and the line that says what is wrong. Behind sudo only another root can end what takes too long.
    at = way.index("env")
    command = [*way[:at], "timeout", "--kill-after=5", str(patience_s), *way[at:], *step]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode in _TOO_LONG:
        return 1, f"apt-get takes longer than {counted(patience_s // 60, 'minute')}"
    lines = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()]
    wrong = [line.partition(": ")[2] for line in lines if line.startswith("E: ")]
    return done.returncode, (wrong or lines or ["apt-get said nothing"])[0]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
