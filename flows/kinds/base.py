"""What a kind of file is, and what is known of a file before it is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath

from flows.source.top_names import top_names

__all__ = ["Kind", "Sample"]


@dataclass(frozen=True)
class Sample:
    """A file by its name and its text.

    Parameters
    ----------
    file : str
    text : str
        Need not be readable as anything.

    Examples
    --------
    >>> sample = Sample("lines/clinic.yaml", "ivr: 1\\nname: Clinic\\n")
    >>> sample.name, sample.ending, sample.names
    ('clinic.yaml', '.yaml', ('ivr', 'name'))
    """

    file: str
    text: str

    @property
    def name(self) -> str:
        """The file's name without its folder."""
        return PurePath(self.file).name

    @property
    def ending(self) -> str:
        """How the name ends, with the dot; empty without one."""
        return PurePath(self.file).suffix.lower()

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names at the top of the file."""
        return top_names(self.text)


@dataclass(frozen=True)
class Kind:
    """A kind of file that people write for a line.

    Parameters
    ----------
    name : str
        One word, as in messages and in ``ivr list``.
    title : str
        With its article: ``a flow``.
    plural : str
    needs : str
        What makes a file one of this kind, to be read after ``a flow has``.
    fits : callable
        Whether a sample is of this kind. Every file is of one kind at most.
    found_as : tuple of str
        Endings, or whole names, of the files that are looked at in a folder; empty if a file of this kind is only
        checked with another, or when it is named.
    clean : str
        What it means that nothing is wrong with such a file, to be read after ``No findings:``.
    """

    name: str
    title: str
    plural: str
    needs: str
    fits: Callable[[Sample], bool]
    found_as: tuple[str, ...] = ()
    clean: str = "it can be used"
