"""What a search of folders leaves out: hidden files, what ``.gitignore`` files name, and what ``--exclude`` names."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path as FilePath
from typing import TYPE_CHECKING

from flows.source.finding import UsageError, usage_error

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

__all__ = ["LeftOut", "repository"]

_NEVER = ("node_modules", "__pycache__")
"""Folders of other tools, full of files of other tools."""


class LeftOut:
    """Says which files and folders are left out.

    Parameters
    ----------
    exclude : sequence of str
        Patterns as in a ``.gitignore``.
    base : path, optional
        The folder that patterns with a slash are relative to; default: the current one.

    Raises
    ------
    UsageError
        If a pattern cannot be read.

    Examples
    --------
    >>> left_out = LeftOut(["drafts/", "*.old.yaml"], base="/lines")
    >>> left_out.excluded("/lines/a/drafts/x.yaml"), left_out.excluded("/lines/x.yaml")
    (True, False)
    """

    def __init__(self, exclude: Sequence[str] = (), *, base: str | FilePath = "") -> None:
        self._base = os.path.abspath(base or os.curdir)
        self._exclude = _spec(exclude) if exclude else None
        self._gitignores: dict[FilePath, GitIgnoreSpec | None] = {}

    def excluded(self, path: str, *, folder: bool = False) -> bool:
        """Whether ``--exclude`` names a file or folder, however it was found."""
        if self._exclude is None:
            return False
        inside = os.path.relpath(os.path.abspath(path), self._base).replace(os.sep, "/")
        while inside.startswith("../"):
            inside = inside[3:]
        return inside not in (".", "..") and bool(self._exclude.match_file(inside + "/" * folder))

    def skipped(self, path: str, *, folder: bool = False, below: str = "") -> bool:
        """Whether a search leaves out a file or folder that it finds.

        Parameters
        ----------
        path : str
        folder : bool
        below : str
            Only ``.gitignore`` files from this folder on count; default: from that of the repository on.
        """
        name = os.path.basename(path)
        if name.startswith(".") or (folder and (name in _NEVER or os.path.exists(os.path.join(path, "pyvenv.cfg")))):
            return True
        return self.excluded(path, folder=folder) or self.ignored(path, folder=folder, below=below)

    def ignored(self, path: str, *, folder: bool = False, below: str = "") -> bool:
        """Whether a ``.gitignore`` names a file or folder: the nearest file counts first, in it the last pattern."""
        at = FilePath(os.path.abspath(path))
        top = FilePath(os.path.abspath(below)) if below else repository(at.parent) or at.parent
        for parent in at.parents:
            if parent not in self._gitignores:
                self._gitignores[parent] = _gitignore(parent)
            spec = self._gitignores[parent]
            if spec is not None:
                found = spec.check_file(at.relative_to(parent).as_posix() + "/" * folder)
                if found.include is not None:
                    return found.include
            if parent == top:
                break
        return False


def repository(folder: str | FilePath) -> FilePath | None:
    """The repository that a folder is in; None if it is in none."""
    at = FilePath(os.path.abspath(folder))
    return next((one for one in (at, *at.parents) if (one / ".git").exists()), None)


def _gitignore(folder: FilePath) -> GitIgnoreSpec | None:
    try:
        lines = (folder / ".gitignore").read_text("utf-8", "replace").splitlines()
    except OSError:
        return None
    return _spec([line for line in lines if _is_pattern(line)])  # git passes over what it cannot read, too


def _is_pattern(text: str) -> bool:
    try:
        _spec([text])
    except UsageError:
        return False
    return True


def _spec(patterns: Sequence[str]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec

    for pattern in patterns:
        try:
            GitIgnoreSpec.from_lines([pattern])
        except (ValueError, re.error):
            message = f"--exclude {pattern!r} is not a pattern"
            raise usage_error("U001", message, "write it as in a .gitignore, e.g. drafts/ or *.old.yaml") from None
    return GitIgnoreSpec.from_lines(patterns)
