"""Reads a file that a command line names; one that cannot be read may still be known for what it is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from flows.kinds import Kind, Sample, kind_of, kinds
from flows.lint.targets import STDIN, Target
from flows.model.load import or_shipped
from flows.source.finding import Finding, FlowError
from flows.source.yaml_reader import read_text

__all__ = ["ReadTarget", "read_target"]

_BEGINNING = 100_000
"""Bytes that are enough to tell what a file is."""


@dataclass(frozen=True, eq=False)
class ReadTarget:
    """A target as read.

    Parameters
    ----------
    sample : Sample
        Of a file that cannot be read, the beginning as far as it is text.
    named : bool
        As for `flows.lint.targets.Target`.
    wrong : tuple of Finding
        Why it cannot be read.
    """

    sample: Sample
    named: bool
    wrong: tuple[Finding, ...] = ()

    @cached_property
    def kind(self) -> Kind | None:
        """What it is; None if it is none of ours."""
        return kind_of(self.sample)

    @property
    def is_flow(self) -> bool:
        """Whether it is a flow."""
        return self.kind is not None and self.kind.name == "flow"

    @property
    def worth_a_word(self) -> bool:
        """Whether its name promises one of ours: not a settings file of other tools."""
        return any(self.sample.ending in kind.found_as for kind in kinds().values())


def read_target(target: Target, stdin: tuple[str, str]) -> ReadTarget:
    """Read a target.

    Parameters
    ----------
    target : Target
    stdin : tuple of (str, str)
        Name and text of the standard input.
    """
    if target.file == STDIN:
        return ReadTarget(Sample(*stdin), target.named)
    try:
        return ReadTarget(Sample(target.file, read_text(target.file)), target.named)
    except FlowError as error:
        found = tuple(or_shipped(finding, target.file) for finding in error.findings)
        return ReadTarget(Sample(target.file, _beginning(target.file)), target.named, found)


def _beginning(file: str) -> str:
    try:
        with open(file, "rb") as opened:
            return opened.read(_BEGINNING).decode("utf-8", "replace")
    except (OSError, ValueError):
        return ""
