"""From a file to a flow: read, typed, and refused when it cannot be run at all."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flows.document import Document
from flows.formats import native
from flows.model import Flow
from flows.schema import validate

__all__ = ["Loaded", "library", "load", "load_text"]

LIBRARY = Path(__file__).parent / "library"


@dataclass(frozen=True)
class Loaded:
    """A flow and the document it came from (which knows every line and column)."""

    flow: Flow
    document: Document


def load(file: str | Path) -> Loaded:
    """Read a flow file; a bare name such as ``northwind`` that is no file here is looked up among the shipped flows.

    Raises
    ------
    FlowError
        With every mistake that keeps the file from being a flow.

    Examples
    --------
    >>> load("northwind").flow.name
    'Northwind Telecom'
    """
    document = native.read(library(file))
    return Loaded(validate(document, Flow), document)


def load_text(text: str, file: str = "flow.yaml") -> Loaded:
    """As `load`, from a text.

    Examples
    --------
    >>> load_text("{ivr: 1, name: Line, start: bye, nodes: {bye: {type: hangup}}}").flow.start
    'bye'
    """
    document = native.parse(text, file)
    return Loaded(validate(document, Flow), document)


def library(file: str | Path) -> Path:
    """The path of `file`, or of the shipped flow of that name."""
    path = Path(file)
    shipped = LIBRARY / f"{file}.yaml"
    return shipped if path.name == str(file) and not path.suffix and not path.exists() and shipped.exists() else path
