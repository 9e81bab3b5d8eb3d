"""Make the environment in .venv what it should be, as the Makefile does: ``python -m make.set_up [setup|all|dev]``."""

from __future__ import annotations

import argparse
import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from make.environment import Environment, Note, fingerprint, pins
from make.pip_failures import explanation
from make.run_pip import run_pip, surroundings

__all__ = ["SETS", "Set", "SetUpError", "main", "set_up"]

# The Python itself, also where this runs in an environment, which may be the one to be replaced.
_PYTHON = str(getattr(sys, "_base_executable", sys.executable))
_NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"
_FIRST = (
    ("-m", "ivr", "lint", "northwind"),
    ("-m", "ivr", "simulate", "northwind", "--replications", "1"),
    ("-c", "import webhooks.wsgi, webhooks.service.dev_server"),
    ("-m", "ivr", "--version"),
)
_VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"


@dataclass(frozen=True)
class Set:
    """What can be installed, and what it takes.

    Parameters
    ----------
    file : str
        Of requirements.
    purpose : str
    fetched_mb, installed_mb : int
        Measured on Linux with Python 3.11 and without pip's cache, for all of it.
    takes : str
        The same with 100 Mbit/s: on two cores that are idle, and on two that have as much else to do.
    """

    file: str
    purpose: str
    fetched_mb: int
    installed_mb: int
    takes: str


SETS = {
    "setup": Set("requirements.txt", "the ivr command and its libraries", 110, 460, "30 to 60 seconds"),
    "all": Set(
        "requirements-optional.txt",
        "the compiled engine, forecasts, data frames, Excel, Parquet, PostgreSQL",
        236,
        950,
        "1 to 2 minutes",
    ),
    "dev": Set("requirements-dev.txt", "all libraries, and what the tests need", 360, 1350, "2 to 4 minutes"),
}


class SetUpError(Exception):
    """The set-up cannot go on; the text says why and what to do."""


def main() -> int:
    """Set up, and say in one line what went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wanted", nargs="?", choices=SETS, default="setup")
    parser.add_argument("--venv", type=Path, default=Path(".venv"))
    parser.add_argument("--asked", action="store_true", help="this Python was asked for: another does not do")
    given = parser.parse_args()
    try:
        with _alone():
            set_up(given.wanted, Environment(given.venv), _VERSION if given.asked else "")
    except SetUpError as problem:
        print(problem, file=sys.stderr)
        return 1
    except PermissionError as problem:
        print(
            f"{problem.filename} may not be written: make it yours, or remove it, then run make again.", file=sys.stderr
        )
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted; run make again, and the set-up begins anew.", file=sys.stderr)
        return 130
    return 0


def set_up(wanted: str, environment: Environment, asked: str = "") -> None:
    """Make, mend or complete an environment; nothing is done if it is as it should be.

    Parameters
    ----------
    wanted : str
        One of SETS.
    environment : Environment
    asked : str
        The "MAJOR.MINOR" that its Python must have; empty if any will do.

    Raises
    ------
    SetUpError
    """
    what = SETS[wanted]
    file = Path(what.file)
    names = {pin.partition("==")[0] for pin in pins(file)}
    fault = environment.fault(asked)
    if environment.exists() and not fault:
        note = environment.note()
        if note and note.sets.get(wanted) == fingerprint(file) and not environment.lacks(names):
            return
        fault = "" if environment.has_pip() else "has no pip that works"
    if fault:
        print(f"{environment.folder} {fault}: it is made anew.")
    print(
        f"Setting up: {what.purpose}, in {environment.folder} (once; up to {what.fetched_mb} MB to fetch, "
        f"{what.installed_mb} MB on disk; {what.takes}) ...",
        flush=True,
    )
    stated = _stated(file)
    if fault or not environment.exists():
        _make(environment)
    _install(environment, file, compiling=wanted != "setup" and _NO_BYTECODE in os.environ)
    _run_first(environment)
    _note(environment, stated)


def _stated(file: Path) -> dict[str, str]:
    # The fingerprints of what a file installs, taken before pip reads it: who changes a file meanwhile starts anew.
    installed = pins(file).keys()
    files = {name: Path(one.file) for name, one in SETS.items()}
    return {name: fingerprint(each) for name, each in files.items() if pins(each).keys() <= installed}


def _make(environment: Environment) -> None:
    if not all((spec := find_spec(name)) and spec.origin for name in ("venv", "ensurepip")):
        raise SetUpError(
            f"Python {_VERSION} here ({_PYTHON}) cannot make an environment, because it has no ensurepip. On Debian "
            f"and Ubuntu: sudo apt-get install python{_VERSION}-venv; then run make again."
        )
    _empty(environment.folder)
    environment.begun.touch()
    made = subprocess.run(
        [_PYTHON, "-m", "venv", environment.folder],
        capture_output=True,
        text=True,
        env=surroundings(os.environ),
        check=False,
    )
    if made.returncode:
        said = [line for line in (made.stdout + made.stderr).splitlines() if line.strip()]
        raise SetUpError(f"{_PYTHON} -m venv failed: {said[-1] if said else 'it said nothing'}")


def _empty(folder: Path) -> None:
    if folder.is_file():
        folder.unlink()
    folder.mkdir(parents=True, exist_ok=True)
    for each in folder.iterdir():
        if each.is_dir() and not each.is_symlink():
            shutil.rmtree(each)
        else:
            each.unlink()


def _install(environment: Environment, file: Path, *, compiling: bool) -> None:
    environment.begun.touch()
    for left in Path().glob("*.egg-info"):  # of an earlier build backend; Python would believe it
        shutil.rmtree(left, ignore_errors=True)
    log = environment.folder / "set-up.log"
    log.unlink(missing_ok=True)
    for what in (["--requirement", str(file)], ["--no-deps", "--editable", "."]):
        code, said = run_pip(environment.python, ["install", *what], log, compiling=compiling)
        if code:
            if "Installing collected packages" not in said:
                environment.begun.unlink()  # nothing has changed: what was there still works
            raise SetUpError(f"{explanation(said, pins(file), environment.version())} (all that pip said: {log})")


def _run_first(environment: Environment) -> None:
    # What a newcomer runs first is run here, so that its modules are compiled, and the fast engine if it is there.
    print("Setting up: compiling what is run first ...", flush=True)
    own = {name: value for name, value in os.environ.items() if name != _NO_BYTECODE}
    for command in _FIRST:
        done = subprocess.run([environment.python, *command], capture_output=True, text=True, env=own, check=False)
        if done.returncode:
            raise SetUpError(f"ivr does not run: {(done.stderr.strip() or 'it says nothing').splitlines()[-1]}")
    print(done.stdout.strip(), flush=True)


def _note(environment: Environment, stated: dict[str, str]) -> None:
    note = environment.note() or Note(str(environment.folder.resolve()), environment.version())
    note.sets.update(stated)
    environment.keep(note)
    environment.begun.unlink()


@contextmanager
def _alone() -> Iterator[None]:
    # One set-up at a time; the system ends the hold when the process ends, however it does.
    with Path("Makefile").open("rb") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another make is setting up; waiting for it ...", flush=True)
            fcntl.flock(held, fcntl.LOCK_EX)
        except OSError:
            pass  # a file system without locks
        yield


if __name__ == "__main__":
    with suppress(BrokenPipeError):
        sys.exit(main())
