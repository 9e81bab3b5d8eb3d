"""The files around a file: the flows that it may belong to, and who checks what this package cannot."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path as FilePath

from flows.kinds import Sample, kind_of
from flows.lint.check_flow import FlowChecker
from flows.model.flow import Flow
from flows.source.finding import Finding, FlowError
from flows.source.project_file import PROJECT_NAMES
from flows.source.yaml_reader import read_text

__all__ = ["Around", "Checker", "NotCheckedError", "in_file", "same_file"]

Checker = Callable[[Sample, Flow | None], tuple[Finding, ...]]
"""Checks a file of one kind, together with the flow it belongs to, if that is known."""
_ENDINGS = (".yaml", ".yml", ".json")


class NotCheckedError(ModuleNotFoundError):
    """A check that was lent needs a library that is not installed; the text says which, and how to install it."""


@dataclass
class Around:
    """What the checks of the kinds know beside the file itself.

    Parameters
    ----------
    flows : FlowChecker
    lent : mapping of kind to Checker
        Checks from packages that this one does not import.
    remarks : list of str
        What was not checked, and why; each is a sentence for people.
    unchecked : dict of str to NotCheckedError
        Files of which nothing could be checked, and why.
    """

    flows: FlowChecker
    lent: Mapping[str, Checker] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    unchecked: dict[str, NotCheckedError] = field(default_factory=dict)
    _samples: dict[FilePath, list[Sample]] = field(default_factory=dict)

    def beside(self, file: str, kind: str) -> Iterator[Sample]:
        """The files of a kind in the folder of a file and in those above it, up to that of the project."""
        for folder in _folders(file):
            for sample in self._in_folder(folder):
                of = kind_of(sample)
                if of is not None and of.name == kind:
                    yield sample

    def users(self, file: str) -> tuple[str, ...]:
        """The flows that include a file as a part or a catalogue, as far as they can be read."""
        name = os.path.basename(file)
        named = [sample for sample in self.beside(file, "flow") if name in sample.text]
        return tuple(sample.file for sample in named if self._includes(sample.file, file))

    def _includes(self, flow: str, file: str) -> bool:
        loaded, found = self.flows.look_at(flow)
        files = loaded.document.texts if loaded else [finding.file for finding in found]
        return any(same_file(one, file) for one in files)

    def _in_folder(self, folder: FilePath) -> Sequence[Sample]:
        if folder not in self._samples:
            self._samples[folder] = list(_samples(folder))
        return self._samples[folder]


def _folders(file: str) -> Iterator[FilePath]:
    """The folder of a file and those above it up to the project's; without a project, one above it."""
    folder = FilePath(file).parent
    above = [folder, *(FilePath(os.path.normpath(folder / "/".join([".."] * up))) for up in range(1, 6))]
    marks = (*PROJECT_NAMES, ".git")
    last = next((n for n, one in enumerate(above) if any((one / mark).exists() for mark in marks)), 1)
    yield from dict.fromkeys(above[: last + 1])


def _samples(folder: FilePath) -> Iterator[Sample]:
    try:
        names = sorted(entry.name for entry in os.scandir(folder) if entry.is_file())
    except OSError:
        return
    for name in names:
        if name.endswith(_ENDINGS) and not name.startswith("."):
            file = os.path.normpath(folder / name)
            try:
                yield Sample(file, read_text(file))
            except FlowError:
                continue  # reported where it is checked itself


def same_file(one: str, other: str) -> bool:
    """Whether two names lead to the same file."""
    return one == other or os.path.realpath(one) == os.path.realpath(other)


def in_file(findings: Sequence[Finding], file: str) -> tuple[Finding, ...]:
    """Those of the findings that lie in a file."""
    return tuple(finding for finding in findings if same_file(finding.file, file))
