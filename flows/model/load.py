"""Reads a flow from a file or a text; refuses a flow that cannot be run at all."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from flows.kinds import Sample, kind_of, kinds
from flows.model import holidays as calendars
from flows.model import versions
from flows.model.compose import compose
from flows.model.flow import Flow
from flows.model.number_lists import hold_lists
from flows.source import document as documents
from flows.source import yaml_reader as native
from flows.source.document import Document, nearest
from flows.source.finding import Finding, FlowError
from flows.source.shipped import LIBRARY, shipped
from flows.speech import languages
from flows.values.addresses import is_web

__all__ = ["LIBRARY", "Loaded", "library", "load", "load_text", "or_shipped", "refuse_scripts"]

PACKS = "languages"
"""The folder beside a flow in which its language packs are found."""
_TAKEN_FOR_FLOWS = {
    "part": ("Y009", "part"),
    "catalogue": ("Y009", "prompts"),
    "language": ("Y009", "language"),
    "scenario": ("X001", "flow"),
}
"""Other kinds of files that are given for a flow: the code, and the key that shows what it is."""


@dataclass(frozen=True)
class Loaded:
    """A flow and the document it came from (which has every file, line and column).

    Parameters
    ----------
    flow : Flow
    document : Document
    missing_audio : frozenset of str
        Recordings that the flow names by path but that are not in its folder. Empty for a flow read from a text.
    notes : tuple of Finding
        Findings that do not stop the flow from loading, such as an old version.
    """

    flow: Flow
    document: Document
    missing_audio: frozenset[str] = frozenset()
    notes: tuple[Finding, ...] = ()


def load(file: str | Path, *, texts: Mapping[str, str] | None = None) -> Loaded:
    """Read a flow file and the files it names; a bare name such as ``northwind`` may also be a shipped flow.

    Parameters
    ----------
    file : str or Path
    texts : mapping of file to str, optional
        Texts to use instead of reading these files.

    Raises
    ------
    FlowError
        With every mistake that stops the flow from loading.

    Examples
    --------
    >>> load("northwind").flow.name
    'Northwind Telecom'
    """
    path = library(file)
    try:
        text = texts[str(path)] if texts and str(path) in texts else native.read_text(path)
        refuse_scripts(text, str(path), wanted="a flow", beside=".yaml")
        document = native.parse(text, str(path))
    except FlowError as error:
        raise FlowError([or_shipped(finding, str(file)) for finding in error.findings]) from None
    loaded = _loaded(document, texts or {})
    return replace(loaded, missing_audio=_missing_audio(loaded.flow, library(file).parent))


def _missing_audio(flow: Flow, folder: Path) -> frozenset[str]:
    """The recordings of a flow that are neither an address nor a file; checked here, since rules do no I/O."""
    named = {name for node in flow.nodes.values() for _, name in node.recordings()}
    named |= {name for bound in flow.keys.values() if bound.label for name in bound.label.audio.values()}
    files = (name for name in named if name and not is_web(name) and "{" not in name)
    return frozenset(name for name in files if not _is_file(folder, name))


def _is_file(folder: Path, name: str) -> bool:
    try:
        return (folder / name).is_file()
    except (OSError, ValueError):  # not a valid file name
        return False


def or_shipped(finding: Finding, name: str, suffix: str = ".yaml") -> Finding:
    """A finding about a missing file, with a hint about the one in a folder or the shipped one that may be meant.

    Parameters
    ----------
    finding : Finding
    name : str
        The file name as given.
    suffix : str
        Suffix of shipped files of that kind.
    """
    if finding.code != "Y002":
        return finding
    inside = [file for file in sorted(Path(name).glob(f"*{suffix}")) if "." not in file.name.removesuffix(suffix)]
    if len(inside) == 1:
        return replace(finding, hint=f"did you mean {inside[0]}?")
    if inside or not name.isidentifier():
        return finding
    names = shipped(suffix)
    near = nearest(name, names)
    return replace(finding, hint=f"did you mean {near!r}?" if near else f"shipped: {', '.join(names)}")


def refuse_scripts(text: str, file: str, *, wanted: str, beside: str) -> None:
    """Refuse call scripts that are given for something else, before they are read as YAML.

    Parameters
    ----------
    text, file : str
    wanted : str
        What should be here: ``a flow``.
    beside : str
        How the name of such a file ends; if it stands beside the scripts, the hint names it.

    Raises
    ------
    FlowError
        X001 at the first line.
    """
    script = kinds()["script"]
    if not script.fits(Sample(file, text)):
        return
    message, meant = f"this is {script.title}, not {wanted}", Path(file).with_suffix(beside)
    hint = f"name {meant}" if meant.is_file() else f"name {wanted}; 'ivr test' plays call scripts"
    raise FlowError(Finding(code="X001", severity="error", message=message, file=file, line=1, column=1, hint=hint))


def load_text(text: str, file: str = "flow.yaml", *, texts: Mapping[str, str] | None = None) -> Loaded:
    """Like `load`, but from a text; the files it names are looked up next to `file` unless `texts` has them.

    Examples
    --------
    >>> load_text("{ivr: 1, name: Line, start: bye, nodes: {bye: {type: hangup}}}").flow.start
    'bye'
    """
    return _loaded(native.parse(text, file), texts or {})


def library(file: str | Path) -> Path:
    """The path of `file`, or of the shipped flow of that name."""
    path = Path(file)
    ours = LIBRARY / f"{file}.yaml"
    return ours if path.name == str(file) and not path.suffix and not path.exists() and ours.exists() else path


def _loaded(document: Document, texts: Mapping[str, str]) -> Loaded:
    document, notes = versions.current(document)
    _refuse_others(document)
    files = _Files(Path(document.file).parent, texts)
    _use_packs(document, files)
    flow, whole = compose(document, files.read, calendar=calendars.days)
    return Loaded(flow, whole, notes=(*notes, *files.notes, *hold_lists(flow, whole)))


def _use_packs(document: Document, files: _Files) -> None:
    """Put in force the language packs beside a flow, ``languages/pl.yaml``, of the languages that it speaks."""
    tags = document.data.get("languages") if isinstance(document.data, dict) else None
    for index, tag in enumerate(tags if isinstance(tags, list) else ()):
        if isinstance(tag, str):
            for name in dict.fromkeys((tag, tag.partition("-")[0])):
                if files.has(pack := f"{PACKS}/{name}.yaml"):
                    languages.use(files.read(pack, document, ("languages", index)))


def _refuse_others(document: Document) -> None:
    """Refuse a file of another kind as a whole; its keys would all be unknown."""
    if not isinstance(document.data, dict) or {"ivr", "name", "nodes"} <= document.data.keys():
        return
    kind = kind_of(Sample(document.file, document.text))
    if kind is None or kind.name not in _TAKEN_FOR_FLOWS:
        return
    code, mark = _TAKEN_FOR_FLOWS[kind.name]
    hint = "name the flow that uses it"
    if kind.name == "scenario":
        hint = "name the flow that is called"
        if isinstance(stated := document.data.get("flow"), str):
            hint = f"name its flow: {_seen_from_here(stated, document.file)}"
    raise FlowError(document.finding(code, f"this is {kind.title}, not a flow", (mark,), hint=hint, of_key=True))


def _seen_from_here(flow: str, scenario: str) -> str:
    """The flow that a scenario names, as it is named from the current folder."""
    beside = Path(scenario).parent / flow
    return str(beside) if beside.exists() else flow


class _Files:
    """Reads the files that a flow names, each once, from its own folder only."""

    def __init__(self, folder: Path, texts: Mapping[str, str]) -> None:
        self.folder = os.path.realpath(folder)
        self.notes: list[Finding] = []
        self._read: dict[str, Document] = {}
        self._texts = texts

    def has(self, name: str) -> bool:
        """Whether there is such a file, or a text for it."""
        file = Path(os.path.normpath(os.path.join(self.folder, name)))
        return str(file) in self._texts or _is_file(file.parent, file.name)

    def read(self, name: str, document: Document, at: documents.Path) -> Document:
        """The file that `document` names at the path `at`.

        Raises
        ------
        FlowError
            Y007 if it does not exist or is outside the folder; mistakes in the file itself are reported in that file.
        """
        file = os.path.normpath(Path(document.file).parent / name)
        if "\0" in name:
            raise FlowError(
                document.finding("Y007", f"{name!r} is not a path", at, hint="write a path like parts/identify.yaml")
            )
        real = os.path.realpath(file)
        if os.path.isabs(name) or os.path.commonpath([real, self.folder]) != self.folder:
            hint = "keep the files of a flow together, so that it can be copied and served as a whole"
            raise FlowError(document.finding("Y007", f"{name!r} lies outside the flow's folder", at, hint=hint))
        if real not in self._read:
            try:
                found, notes = versions.current(
                    native.parse(self._texts[file], file) if file in self._texts else native.read(file)
                )
            except FlowError as error:
                raise FlowError([_named_at(finding, name, document, at) for finding in error.findings]) from None
            self.notes += notes
            self._read[real] = found
        return self._read[real]


def _named_at(finding: Finding, name: str, document: Document, at: documents.Path) -> Finding:
    """Reports a file that cannot be opened where it is named."""
    if finding.code != "Y002":
        return finding
    return document.finding(
        "Y007", f"{name!r}: {finding.message}", at, hint=finding.hint.replace("where you stand", document.file)
    )
