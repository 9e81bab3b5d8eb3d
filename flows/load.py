"""From a file to a flow: read, typed, and refused when it cannot be run at all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from flows.document import Document, nearest
from flows.errors import Finding, FlowError
from flows.formats import native
from flows.model import Flow
from flows.schema import validate

__all__ = ["Loaded", "library", "load", "load_text"]

LIBRARY = Path(__file__).parent / "library"


@dataclass(frozen=True)
class Loaded:
    """A flow and the document it came from (which knows every line and column).

    Parameters
    ----------
    flow : Flow
    document : Document
    missing_audio : frozenset of str
        Recordings the flow names by a path and that are not there, seen from the flow's folder. Empty for a text that
        came from no file.
    """

    flow: Flow
    document: Document
    missing_audio: frozenset[str] = frozenset()


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
    try:
        document = native.read(library(file))
    except FlowError as error:
        raise FlowError([_or_shipped(finding, str(file)) for finding in error.findings]) from None
    flow = validate(document, Flow)
    return Loaded(flow, document, _missing_audio(flow, library(file).parent))


def _missing_audio(flow: Flow, folder: Path) -> frozenset[str]:
    """The recordings of a flow that are no address and no file; the only look at the disk that rules profit from."""
    prompts = [prompt for node in flow.nodes.values() for _, prompt in node.prompts()]
    prompts += [bound.label for bound in flow.keys.values() if bound.label]
    named = {name for prompt in prompts for name in prompt.audio.values() if name and "://" not in name and "{" not in name}
    return frozenset(name for name in named if not _is_file(folder, name))


def _is_file(folder: Path, name: str) -> bool:
    try:
        return (folder / name).is_file()
    except (OSError, ValueError):  # a name that no file can have
        return False


def _or_shipped(finding: Finding, name: str) -> Finding:
    """A missing file with a bare name may be a shipped flow misspelt."""
    if finding.code != "Y002" or not name.isidentifier():
        return finding
    shipped = sorted(path.stem for path in LIBRARY.glob("*.yaml") if "." not in path.stem)
    near = nearest(name, shipped)
    return replace(finding, hint=f"did you mean {near!r}?" if near else f"shipped flows: {', '.join(shipped)}")


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
