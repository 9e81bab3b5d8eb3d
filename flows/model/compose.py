"""Composes one flow from several files: parts with their own nodes, and prompts shared by name.

Each file is checked against its own document, so a mistake in a part is reported at its own line. The result is one
`Flow`, in which a part's node is called ``part/node``, and one `Document` with the position of everything.
`compose` does no I/O: it takes a function that reads files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import TypeAdapter, ValidationError

from flows.model.flow import Catalogue, Flow, Part
from flows.model.opening_hours import Calendar
from flows.model.switches import node_of
from flows.nodes.base import Node
from flows.nodes.base_dialogue import Dialogue
from flows.source.document import Document, Mark, Path, nearest, value_at
from flows.source.finding import Finding, FlowError
from flows.source.validate import validate
from flows.speech.prompt import Prompt, reference
from flows.values.scalars import TARGET_WORDS, phone_key

__all__ = ["MAX_PARTS", "Reader", "compose", "prompt_paths"]

MAX_PARTS = 200
"""Most parts in a flow, including nested parts."""

Reader = Callable[[str, Document, Path], Document]
"""Reads the file that a document names at a path; raises `FlowError` with a finding at that path."""
_PROMPT = TypeAdapter(Prompt)


class _ScopeError(ValueError):
    code = "S002"


class _Unread(dict[str, Prompt]):
    """Shared prompts if a file of them could not be read: that is already a finding, and it might define any name."""

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> Prompt:
        return Prompt()


@dataclass
class _File:
    """One use of a file: its document, the prefix of its node names, and where its parts and exits lead."""

    document: Document
    prefix: str
    parts: dict[str, _File] = field(default_factory=dict)
    exits: dict[str, str] = field(default_factory=dict)

    def names(self, section: str) -> list[str]:
        return [str(name) for name in _section(self.document, section)]

    @property
    def entry(self) -> str:
        """The full name of the part's first node."""
        start = self.document.data.get("start") if isinstance(self.document.data, dict) else None
        return self.parts[start].entry if isinstance(start, str) and start in self.parts else f"{self.prefix}{start}"

    def scope(self, target: str) -> str:
        """The full name of a target in this file."""
        if target.partition(" ")[0] in TARGET_WORDS:
            return target
        if target in self.exits:
            return self.exits[target]
        if target in self.parts:
            return self.parts[target].entry
        head, slash, _ = target.partition("/")
        if slash and head in self.parts:
            raise _ScopeError(f"{target!r} is a node of the part {head!r}, which has one way in; write {head}")
        return f"{self.prefix}{target}"

    def walk(self) -> Iterator[_File]:
        yield self
        for part in self.parts.values():
            yield from part.walk()


def compose(document: Document, read: Reader, *, calendar: Calendar | None = None) -> tuple[Flow, Document]:
    """The flow in a document and all the files it names.

    Parameters
    ----------
    document : Document
        The flow's own file.
    read : callable
        See `Reader`.
    calendar : callable, optional
        Looks up the days of a calendar such as ``US-NY``.

    Returns
    -------
    flow : Flow
    document : Document
        Includes the parts' nodes and the shared prompts.

    Raises
    ------
    FlowError
        With every mistake in every file.
    """
    found: list[Finding] = []
    main = _File(document, "")
    _read_parts(main, read, (document.file,), found, [0])
    _resolve_exits(main)
    shared, texts = _prompts(main, read, found)
    nodes: dict[str, Node] = {}
    flow: Flow | None = None
    for file in main.walk():
        scope = file.scope if main.parts else None  # a flow in one file needs no prefixes
        context = {"scope": scope, "prompts": shared, "calendar": calendar}
        try:
            if file is main:
                flow = validate(document, Flow, context=context)
                nodes |= flow.nodes
            else:
                nodes |= {
                    file.prefix + name: node
                    for name, node in validate(file.document, Part, context=context).nodes.items()
                }
        except FlowError as error:
            found += error.findings
    if not found:
        for file in main.walk():
            found += _dangling(file, nodes)
    if found or flow is None:
        raise FlowError(tuple(dict.fromkeys(found)))
    if not main.parts and not shared and not flow.menu.model_fields_set:
        return flow, _with_switches(flow, document)
    nodes = flow.menu.put_into(nodes)
    flow = flow.model_copy(update={"nodes": nodes, "parts": {}, "catalogue": None, "prompts": {}})
    return flow, _with_switches(flow, _whole(main, flow, texts))


def _section(document: Document, name: str) -> Mapping[str, Any]:
    """The entries of a section as written; empty if it is not a mapping, which `validate` reports."""
    section = document.data.get(name) if isinstance(document.data, dict) else None
    return section if isinstance(section, dict) else {}


def _read_parts(file: _File, read: Reader, way: tuple[str, ...], found: list[Finding], count: list[int]) -> None:
    document = file.document
    for name, use in _section(document, "parts").items():
        at: Path = ("parts", name, "file") if isinstance(use, dict) else ("parts", name)
        path = use.get("file") if isinstance(use, dict) else use
        if not isinstance(path, str) or not path:
            continue
        count[0] += 1
        if count[0] > MAX_PARTS:
            found.append(
                document.finding("Y004", f"more than {MAX_PARTS} parts", at, hint="use fewer parts; each use counts")
            )
            return
        try:
            inner = read(path, document, at)
        except FlowError as error:
            found += error.findings
            continue
        if inner.file in way:
            chain = " > ".join((*way[way.index(inner.file) :], inner.file))
            message = f"{path!r} contains itself ({chain})"
            found.append(document.finding("Y008", message, at, hint="leave it out here; to begin again, go to a node"))
            continue
        if isinstance(inner.data, dict) and "part" not in inner.data and "name" in inner.data:
            hint = "a part begins with 'ivr: 1' and 'part: what it is for' instead of 'name:'"
            found.append(document.finding("Y009", f"{path!r} is a flow of its own, not a part", at, hint=hint))
            continue
        part = file.parts[name] = _File(inner, f"{file.prefix}{name}/")
        _read_parts(part, read, (*way, inner.file), found, count)
    found += _said_twice(file)
    for name, part in file.parts.items():
        found += _wire_exits(file, name, part)


def _said_twice(file: _File) -> Iterator[Finding]:
    """Names used for more than one of node, part and exit; each name must be unique."""
    exits = file.document.data.get("exits", []) if isinstance(file.document.data, dict) else []
    exits = [name for name in exits if isinstance(name, str)] if isinstance(exits, list) else []
    nodes, parts = file.names("nodes"), file.names("parts")
    for section, names, taken in (("parts", parts, {"node": nodes}), ("exits", exits, {"node": nodes, "part": parts})):
        for index, name in enumerate(names):
            what = next(
                (kind for kind, others in taken.items() if name in others), "exit" if name in names[:index] else ""
            )
            if what:
                path: Path = (section, name) if section == "parts" else (section, index)
                message = f"{name!r} is the name of a{'n' if what == 'exit' else ''} {what} already"
                yield file.document.finding("S008", message, path, hint="rename one of them", of_key=section == "parts")


def _wire_exits(file: _File, name: str, part: _File) -> Iterator[Finding]:
    use = _section(file.document, "parts")[name]
    wired = use.get("exits", {}) if isinstance(use, dict) else {}
    wired = wired if isinstance(wired, dict) else {}
    declared = part.document.data.get("exits", []) if isinstance(part.document.data, dict) else []
    declared = [exit_ for exit_ in declared if isinstance(exit_, str)] if isinstance(declared, list) else []
    for exit_ in declared:
        if exit_ not in wired:
            message = f"the part {name!r} leaves by {exit_!r}, and nothing says where that leads"
            hint = (
                f"write {name}: {{file: {use if isinstance(use, str) else use.get('file')}, exits: {{{exit_}: NODE}}}}"
            )
            yield file.document.finding("S009", message, ("parts", name), hint=hint)
    for exit_ in wired:
        if exit_ not in declared:
            near = nearest(exit_, declared)
            hint = f"did you mean {near!r}?" if near else f"its exits: {', '.join(declared) or 'none'}"
            yield file.document.finding(
                "F001",
                f"the part {name!r} has no exit {exit_!r}",
                ("parts", name, "exits", exit_),
                hint=hint,
                of_key=True,
            )


def _resolve_exits(file: _File) -> None:
    """Set where the parts' exits lead, from the outside in, once every name is known."""
    for name, part in file.parts.items():
        use = _section(file.document, "parts")[name]
        wired = use.get("exits") if isinstance(use, dict) else None
        for exit_, target in wired.items() if isinstance(wired, dict) else ():
            if isinstance(target, str):
                try:
                    part.exits[exit_] = file.scope(target)
                except _ScopeError:
                    part.exits[exit_] = target  # reported when the file is checked
        _resolve_exits(part)


def _dangling(file: _File, nodes: Mapping[str, Node]) -> Iterator[Finding]:
    """Starts and exits of parts that do not lead to a node; rules see only the exits of nodes."""
    if file.prefix and file.entry not in nodes:
        start = str(file.document.data["start"])
        near = nearest(start, [*file.names("nodes"), *file.names("parts")])
        hint = f"did you mean {near!r}?" if near else "name one of its nodes"
        yield file.document.finding(
            "S001", f"the part begins with {start!r}, which is not one of its nodes", ("start",), hint=hint
        )
    for name, part in file.parts.items():
        for exit_, target in part.exits.items():
            if target not in nodes and target.partition(" ")[0] not in TARGET_WORDS:
                written = _section(file.document, "parts")[name]["exits"][exit_]
                near = nearest(written, [*file.names("nodes"), *file.names("parts")])
                hint = f"did you mean {near!r}?" if near else "name a node of this file"
                yield file.document.finding(
                    "S002", f"there is no node {written!r}", ("parts", name, "exits", exit_), hint=hint
                )


def _prompts(
    main: _File, read: Reader, found: list[Finding]
) -> tuple[dict[str, Prompt], dict[str, tuple[Document, Path]]]:
    """Every shared prompt in every file by name, and where it is defined."""
    places: dict[str, tuple[Document, Path]] = {}
    seen: set[str] = set()
    read_all = True
    for file in main.walk():
        documents = [file.document]
        named = file.document.data.get("catalogue") if isinstance(file.document.data, dict) else None
        if isinstance(named, str):
            try:
                catalogue = read(named, file.document, ("catalogue",))
            except FlowError as error:
                found += error.findings
                read_all = False
            else:
                documents.append(catalogue)
        for document in documents:
            if document.file in seen:
                continue
            seen.add(document.file)
            if document is not file.document:
                try:
                    validate(document, Catalogue, context={"scope": None, "prompts": {}})
                except FlowError as error:
                    found += error.findings
            for name in _section(document, "prompts"):
                at: Path = ("prompts", name)
                if not name.isidentifier() or not name.isascii():
                    message = f"{name!r} cannot name a shared prompt"
                    found.append(document.finding("F003", message, at, hint="use letters, digits and _", of_key=True))
                elif name in places:
                    other, first = places[name]
                    message = (
                        f"{name!r} is a shared prompt already, in {other.file}:{other.place(first, of_key=True)[0]}"
                    )
                    found.append(document.finding("S008", message, at, hint="rename one or remove it", of_key=True))
                else:
                    places[name] = document, at
    shared = {name: _prompt(document.data["prompts"][name]) for name, (document, _) in places.items()}
    return shared if read_all else _Unread(shared), places


def _prompt(written: Any) -> Prompt:
    try:
        return _PROMPT.validate_python(written, context={"prompts": {}})
    except ValidationError:
        return Prompt()  # reported where it is defined, not at the nodes that use it


def prompt_paths(flow: Flow, document: Document) -> Iterator[tuple[str, Path, Prompt]]:
    """Every text in a flow that people hear or read: node (empty for a global key), path and prompt."""
    for name, node in flow.nodes.items():
        for path, prompt in (*node.prompts(), *node.written()):
            yield name, ("nodes", name, *path), prompt
    written = _section(document, "keys")
    for spelled in written:
        bound = flow.keys[phone_key(spelled)]
        if bound.label is not None:
            yield "", ("keys", spelled, "label"), bound.label


def _whole(main: _File, flow: Flow, shared: Mapping[str, tuple[Document, Path]]) -> Document:
    """The flow's document with the contents of the other files merged in."""
    document = main.document
    sources: dict[Path, tuple[Document, Path]] = {}
    data = {**document.data, "nodes": dict(document.data["nodes"])}
    marks, keys = dict(document.marks), dict(document.keys)

    entries: dict[str, tuple[dict[Path, list[tuple[Path, Mark]]], ...]] = {}

    def take(here: Path, other: Document, there: Path) -> None:
        sources[here] = other, there
        if other.file not in entries:
            entries[other.file] = _by_entry(other.marks), _by_entry(other.keys)
        for own, taken in zip((marks, keys), entries[other.file], strict=True):
            own.update({(*here, *path[2:]): mark for path, mark in taken.get(there, ())})

    for file in main.walk():
        if file is not main:
            for name, node in _section(file.document, "nodes").items():
                data["nodes"][file.prefix + name] = node
                take(("nodes", file.prefix + name), file.document, ("nodes", name))
    sources |= _put_defaults(flow, document, data, marks, keys)
    for _, path, _ in prompt_paths(flow, document):
        name = reference(_said(data, path))
        if name in shared:
            take(path, *shared[name])
    for other, _ in shared.values():
        if other is not document:
            sources.setdefault(("prompts", other.file), (other, ("prompts",)))
    return replace(document, data=data, marks=marks, keys=keys, sources=sources)


def _with_switches(flow: Flow, document: Document) -> Document:
    """The document with the nodes that ask for switches, which are written under ``switches`` and ``start``."""
    asked = [name for name in flow.switches if node_of(name) in flow.nodes]
    if not asked:
        return document
    data, sources = {**document.data, "nodes": dict(document.data["nodes"])}, dict(document.sources)
    for name in asked:
        node = node_of(name)
        data["nodes"][node] = document.data["switches"][name]
        sources[("nodes", node)] = document, ("switches", name)
        sources[("nodes", node, "on", "on")] = document, ("switches", name, "next")
        sources[("nodes", node, "next")] = document, ("start",)
    return replace(document, data=data, sources=sources)


def _put_defaults(
    flow: Flow, document: Document, data: Any, marks: dict[Path, Mark], keys: dict[Path, Mark]
) -> dict[Path, tuple[Document, Path]]:
    """Put what ``menu:`` says into the data of the nodes that leave it open; return where each value is written."""
    found: dict[Path, tuple[Document, Path]] = {}
    for name, node in flow.nodes.items():
        if not isinstance(node, Dialogue) or not node.takes_defaults:
            continue
        for key in flow.menu.model_fields_set - set(data["nodes"][name]):
            at: Path = ("menu", key)
            data["nodes"][name] = data["nodes"][name] | {key: document.data["menu"][key]}
            found["nodes", name, key] = document, at
            for own, written in ((marks, document.marks), (keys, document.keys)):
                own.update({("nodes", name, *path[1:]): mark for path, mark in written.items() if path[:2] == at})
    return found


def _by_entry(marks: Mapping[Path, Mark]) -> dict[Path, list[tuple[Path, Mark]]]:
    """Marks grouped by the section entry they belong to."""
    found: dict[Path, list[tuple[Path, Mark]]] = {}
    for path, mark in marks.items():
        if len(path) >= 2:
            found.setdefault(path[:2], []).append((path, mark))
    return found


def _said(data: Any, path: Path) -> Any:
    """What is written at a prompt's path, inside any ``say:``."""
    said = value_at(data, path)
    return said["say"] if isinstance(said, dict) and set(said) == {"say"} else said
