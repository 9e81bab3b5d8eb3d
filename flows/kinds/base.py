"""What a kind of file is, and what is known of a file before it is read."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from flows.source.finding import FlowError
from flows.source.top_names import top_names
from flows.source.yaml_reader import parse

__all__ = ["Kind", "Sample", "first_sentence"]

_SENTENCE_ENDS = r"(?<=[.!?])\s+"


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
        return self.file.replace("\\", "/").rpartition("/")[2]

    @property
    def folder(self) -> str:
        """What stands before the name, with the last slash."""
        return self.file[: len(self.file) - len(self.name)]

    @property
    def stem(self) -> str:
        """The name up to its last dot."""
        return self.name[: len(self.name) - len(self.ending)]

    @property
    def ending(self) -> str:
        """How the name ends, in lower case and with the dot; empty without one, and for a hidden file."""
        at = self.name.rfind(".")
        return self.name[at:].lower() if at > 0 else ""

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
    about : callable
        What one file is about, in a sentence; empty if it does not say.
    has_schema : bool
        Whether a JSON Schema says what may stand in such a file (``ivr schema``).
    """

    name: str
    title: str
    plural: str
    needs: str
    fits: Callable[[Sample], bool]
    found_as: tuple[str, ...] = ()
    clean: str = "it can be used"
    about: Callable[[Sample], str] = field(default=lambda sample: "")
    has_schema: bool = False


def first_sentence(sample: Sample, *names: str) -> str:
    """The first sentence of the first of some texts at the top of a YAML file; empty if there is none.

    Parameters
    ----------
    sample : Sample
    names : str
        Names of the texts.

    Examples
    --------
    >>> first_sentence(Sample("a.yaml", "name: A\\ndescription: One line. More.\\n"), "description", "name")
    'One line.'
    """
    try:
        data = parse(sample.text, sample.file).data
    except FlowError:
        return ""
    texts = (data.get(name) for name in names) if isinstance(data, dict) else iter(())
    text = next((text for text in texts if isinstance(text, str) and text.strip()), "")
    return re.split(_SENTENCE_ENDS, text.strip(), maxsplit=1)[0]
