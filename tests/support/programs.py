"""Programs that some tests start and pip cannot install: where they are, and what is said where one is missing."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from glob import glob
from pathlib import Path

import pytest

__all__ = ["PROGRAMS", "Program", "apt_get", "lack", "needed", "path_of"]


@dataclass(frozen=True)
class Program:
    """A program that tests start.

    Parameters
    ----------
    name : str
        As people call it.
    package : str
        Debian's, with the program in it.
    megabytes : int
        That the package and what it needs take on Debian 12.
    commands : tuple of str
        The names it may have, on the PATH or in `folders`.
    folders : tuple of str
        Patterns of where it lies apart from the PATH; of several the last in natural order is taken.
    elsewhere : str
        How to get it without apt-get, as something to do.
    """

    name: str
    package: str
    megabytes: int
    commands: tuple[str, ...]
    folders: tuple[str, ...]
    elsewhere: str


_MACOS = sys.platform == "darwin"
_ASKS = "only root may install it, and sudo asks for a password"
PROGRAMS = {
    "chromium": Program(
        "Chromium",
        "chromium",
        370,
        (
            "chromium",
            "chromium-browser",
            "google-chrome",
            "google-chrome-stable",
            "Chromium",
            "Google Chrome",
            "chrome",
        ),
        (
            "~/.cache/ms-playwright/chromium-*/chrome-linux*",
            "~/Library/Caches/ms-playwright/chromium-*/*/*.app/Contents/MacOS",
            "/Applications/*Chrom*.app/Contents/MacOS",
        ),
        "run `.venv/bin/playwright install chromium`, which needs no root",
    ),
    "postgresql": Program(
        "PostgreSQL",
        "postgresql",
        120,
        ("initdb",),
        (
            "/usr/lib/postgresql*/bin",
            "/usr/lib/postgresql/*/bin",
            "/usr/pgsql-*/bin",
            "/usr/local/pgsql/bin",
            "/usr/local/opt/postgresql@*/bin",
            "/opt/homebrew/opt/postgresql@*/bin",
            "/Applications/Postgres.app/Contents/Versions/*/bin",
        ),
        "run `brew install postgresql@17`" if _MACOS else "install your system's package of the PostgreSQL server",
    ),
    "nginx": Program(
        "nginx",
        "nginx-light",
        3,
        ("nginx",),
        ("/usr/sbin", "/usr/local/sbin", "/usr/local/bin", "/opt/homebrew/bin"),
        "run `brew install nginx`" if _MACOS else "install your system's package of nginx",
    ),
}


@cache
def path_of(key: str) -> str:
    """Return where a program of PROGRAMS is; empty if it is nowhere, or does not start."""
    program = PROGRAMS[key]
    folders = sorted((each for pattern in program.folders for each in glob(os.path.expanduser(pattern))), key=_natural)
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), *reversed(folders)])
    found = (shutil.which(command, path=path) for command in program.commands)
    return next((each for each in found if each and _starts(each)), "")


def needed(key: str) -> str:
    """Return where a program is; the test that asks is left out, with the reason, where there is none."""
    path = path_of(key)
    if not path:
        pytest.skip(lack(key))
    return path


@cache
def lack(key: str) -> str:
    """Return why a program is not here, and how to get it, in one line.

    Examples
    --------
    >>> lack("nginx").startswith("nginx is not on this machine")
    True
    """
    program = PROGRAMS[key]
    way = apt_get()
    if isinstance(way, str):
        todo = f"run `sudo apt-get install {program.package}`" if way == _ASKS else program.elsewhere
        return f"{program.name} is not on this machine, and {way}: {todo}"
    return f"{program.name} is not on this machine; `make {key}` installs it, or says why it cannot"


@cache
def apt_get() -> tuple[str, ...] | str:
    """Return the start of a command that installs packages without asking anybody, or why there is none."""
    if not shutil.which("apt-get"):
        return "there is no apt-get to install it"
    command: tuple[str, ...] = ("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-o", "DPkg::Lock::Timeout=60")
    command += ("-o", "Acquire::Retries=1", "-o", "Acquire::http::Timeout=20", "-o", "Acquire::https::Timeout=20")
    if os.geteuid() == 0:
        return command
    if not shutil.which("sudo"):
        return "only root may install it, and there is no sudo"
    if not _succeeds(["sudo", "-n", "true"]):
        return _ASKS
    return ("sudo", "-n", *command)


def _starts(path: str) -> bool:
    # Ubuntu's chromium-browser without the snap only says that it needs one.
    return os.path.basename(path) == "nginx" or _succeeds([path, "--version"])


def _succeeds(command: Iterable[str]) -> bool:
    try:
        return (
            subprocess.run(
                list(command), stdin=subprocess.DEVNULL, capture_output=True, timeout=30, check=False
            ).returncode
            == 0
        )
    except (OSError, subprocess.TimeoutExpired):
        return False


def _natural(path: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", Path(path).as_posix())]
