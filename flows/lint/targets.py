"""The files that a command line names: files, folders, patterns, and shipped lines by their names."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path as FilePath

from flows.display.console import UNREADABLE
from flows.kinds import kinds
from flows.lint.left_out import LeftOut, repository
from flows.model.load import LIBRARY
from flows.source.finding import Finding

__all__ = ["STDIN", "Target", "found_in", "nothing_in", "targets"]

STDIN = "-"
"""The name of the standard input on a command line."""


@dataclass(frozen=True)
class Target:
    """A file to check.

    Parameters
    ----------
    file : str
        As it is shown; for the standard input `STDIN`.
    named : bool
        Whether it was named itself. One that was found in a folder or by a pattern is left out if it is none of ours.
    """

    file: str
    named: bool = True


def targets(given: Sequence[str], left_out: LeftOut) -> tuple[tuple[Target, ...], tuple[Finding, ...]]:
    """Return the files that a command line names, each once, in order; and a finding for each name without a file.

    Parameters
    ----------
    given : sequence of str
        Files, folders, patterns such as ``lines/**/*.yaml``, `STDIN`, or names of shipped files such as ``northwind``.
    left_out : LeftOut

    Examples
    --------
    >>> [FilePath(one.file).name for one in targets(["northwind", "northwind.calls"], LeftOut())[0]]
    ['northwind.yaml', 'northwind.calls']
    >>> targets(["*.none"], LeftOut())[1][0].message
    'no file fits this pattern'
    """
    found: dict[str, Target] = {}
    wrong: list[Finding] = []
    for name in given:
        inside = list(_found(name, left_out))
        for target in inside:
            found.setdefault(target.file if target.file == STDIN else os.path.realpath(target.file), target)
        if not inside and not left_out.excluded(name, folder=os.path.isdir(name)):
            wrong.append(nothing_in(name))
    return tuple(found.values()), tuple(wrong)


def _found(name: str, left_out: LeftOut) -> Iterator[Target]:
    if name == STDIN:
        yield Target(name)
    elif os.path.isdir(name):
        if not left_out.excluded(name, folder=True):
            yield from (Target(file, named=False) for file in found_in(name, left_out))
    elif not os.path.lexists(name) and glob.has_magic(name):
        yield from (Target(file, named=False) for file in _fitting(name, left_out))
    elif not left_out.excluded(name):
        yield Target(os.path.normpath(_shipped(name)))


def found_in(folder: str, left_out: LeftOut) -> Iterator[str]:
    """The files in a folder and below it that may be ours, by their names; those of a folder before those below it.

    Symbolic links to folders are not followed.
    """
    wanted = {ending for kind in kinds().values() for ending in kind.found_as}
    below = _below(folder, left_out)
    for at, folders, files in os.walk(folder):
        for file in sorted(files):
            path = os.path.normpath(os.path.join(at, file))
            if (file in wanted or os.path.splitext(file)[1].lower() in wanted) and not left_out.skipped(
                path, below=below
            ):
                yield path
        folders[:] = sorted(
            name for name in folders if not left_out.skipped(os.path.join(at, name), folder=True, below=below)
        )


def _fitting(pattern: str, left_out: LeftOut) -> Iterator[str]:
    """The files that fit a pattern and that a search of the folder before its first wildcard would find."""
    parts = os.path.normpath(pattern).split(os.sep)
    fixed = next(number for number, part in enumerate(parts) if glob.has_magic(part))
    folder = os.sep.join(parts[:fixed]) or (os.sep if pattern.startswith(os.sep) else os.curdir)
    below = _below(folder, left_out)
    for match in sorted(glob.glob(pattern, recursive=True)):
        path = os.path.normpath(match)
        steps = path.split(os.sep)
        on_the_way = [os.sep.join(steps[:end]) for end in range(fixed + 1, len(steps))]
        hidden = any(left_out.skipped(one, folder=True, below=below) for one in on_the_way)
        if os.path.isfile(path) and not hidden and not left_out.skipped(path, below=below):
            yield path


def _below(folder: str, left_out: LeftOut) -> str:
    """The folder itself if ``.gitignore`` files above it do not count: outside a repository, or if it is ignored."""
    return folder if repository(folder) is None or left_out.ignored(folder, folder=True) else ""


def _shipped(name: str) -> str:
    """The path of a shipped file that is named without its folder, unless there is such a file here."""
    path = FilePath(name)
    if path.name == name and not path.exists() and path.suffix in ("", ".scenario", ".calls"):
        shipped = LIBRARY / (name if path.suffix == ".calls" else f"{name}.yaml")
        if shipped.is_file():
            return str(shipped)
    return name


def nothing_in(name: str, *, of_ours: bool = False) -> Finding:
    """The finding that a folder or pattern leads to no file, or to none `of_ours`."""
    folder = os.path.isdir(name)
    fits = "no file that can be checked fits this pattern" if of_ours else "no file fits this pattern"
    message = "there is nothing to check in this folder" if folder else fits
    endings = sorted({ending for kind in kinds().values() for ending in kind.found_as})
    hint = (
        f"files to check end in {', '.join(endings)}; hidden and ignored ones are left out"
        if folder
        else ("put it in quotes, and write ** for any folders: 'lines/**/*.yaml'")
    )
    return Finding(code=UNREADABLE, severity="error", message=message, file=name, hint=hint)
