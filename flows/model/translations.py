"""Translations as gettext PO: exports every text in a flow, and writes translations back into the YAML.

An entry's context (``msgctxt``) is the text's path in its file; its ``msgid`` is the text in the flow's first
language. Only translations that differ are written, as precise edits: comments, order and everything else stay.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

from flows.model.compose import prompt_paths
from flows.model.load import Loaded
from flows.nodes.menu import Menu
from flows.source import yaml_reader as native
from flows.source.document import Document, Path, value_at
from flows.source.finding import Finding, FlowError, Severity
from flows.source.yaml_edit import Edit, applied, checked, spelled, with_entry, with_text
from flows.source.yaml_spans import spans
from flows.speech.prompt import slots, words_path

__all__ = ["Text", "export", "language_of", "taken_over", "texts"]

_ROLES = {
    "no_input": "said when the caller was silent",
    "no_match": "said when the key or the words fit nothing",
    "intro": "said before the choices",
    "prompt": "said instead of the choices",
    "say": "said",
    "text": "sent as a text message",
    "thanks": "said at the end",
}
_LONG = 300


@dataclass(frozen=True)
class Text:
    """One text to translate.

    Parameters
    ----------
    place : str
        The text's address, unique in the flow.
    document : Document
    path : tuple
        Path in the document to a text, or to texts by language.
    words, translation : str
        In the flow's first language, and in the target language (empty if missing).
    about : str
        Note for the translator.
    """

    place: str
    document: Document
    path: Path
    words: str
    translation: str
    about: str


def texts(loaded: Loaded, language: str) -> tuple[Text, ...]:
    """Every text in a flow, in file order; a shared text appears once.

    Parameters
    ----------
    loaded : Loaded
    language : str
        Tag of the target language.

    Examples
    --------
    >>> from flows.model.load import load_text
    >>> flow = "{ivr: 1, name: L, start: hi, nodes: {hi: {type: hangup, say: {en-US: Bye., es-US: Adiós.}}}}"
    >>> loaded = load_text(flow)
    >>> [(text.place, text.words, text.translation) for text in texts(loaded, "es-US")]
    [('nodes.hi.say', 'Bye.', 'Adiós.')]
    """
    found: dict[tuple[str, Path], Text] = {}
    for node, path, about in _places(loaded):
        document, local = loaded.document.origin(path)
        local, written = _written(document.data, local)
        first = loaded.flow.languages[0]
        words = written if isinstance(written, str) else written.get(first, "") if isinstance(written, dict) else ""
        if not words.strip():
            continue  # a recording without text, or no text in the first language, which P001 reports
        translation = written.get(language, "") if isinstance(written, dict) else ""
        key = document.file, local
        if key in found:
            about = f"{found[key].about}; {about}" if node and len(found[key].about) < _LONG else found[key].about
        found[key] = Text(_place(loaded, document, local), document, local, words, translation, about)
    return tuple(found.values())


def _places(loaded: Loaded) -> Iterator[tuple[str, Path, str]]:
    flow = loaded.flow
    for name, path, _ in prompt_paths(flow, loaded.document):
        yield name, path, _about(loaded, name, path)
    own = loaded.document.file
    for file, document in {
        own: loaded.document,
        **{d.file: d for d, _ in loaded.document.sources.values() if d.file != own},
    }.items():
        shared = document.data.get("prompts")
        for name in shared if isinstance(shared, dict) else ():
            yield "", ("prompts", name) if file == own else ("prompts", file, name), f"shared prompt {name}"


def _about(loaded: Loaded, name: str, path: Path) -> str:
    """Context for the translator: the node, when the text is said, and what is heard around it."""
    flow = loaded.flow
    if not name:
        return f"key {path[1]}, in every menu: what it is for"
    node = flow.nodes[name]
    role, rest = str(path[2]), path[3:]
    said = _ROLES.get(role, role)
    if isinstance(node, Menu) and role == "choices":
        first = flow.languages[0]
        heard = " ".join(option.text for option in node.spoken(flow, first).options)
        heard = heard if len(heard) <= _LONG else heard[: _LONG - 1].rsplit(" ", 1)[0] + "…"
        said = f"what key {node.choices[int(rest[0])].key} is for; heard: {heard}"
    elif rest and isinstance(rest[-1], int) and role in ("no_input", "no_match"):
        said = f"{said}, time {rest[-1] + 1}"
    return f"node {name} ({node.type}): {said}" + (f" [{node.note}]" if node.note else "")


def _place(loaded: Loaded, document: Document, path: Path) -> str:
    dotted = ".".join(map(str, path))
    if document.file == loaded.document.file:
        return dotted
    return f"{_relative(document, loaded)}: {dotted}"


def _relative(document: Document, loaded: Loaded) -> str:
    return FilePath(os.path.relpath(document.file, FilePath(loaded.document.file).parent)).as_posix()


def _written(data: Any, path: Path) -> tuple[Path, Any]:
    """The path to the words themselves, inside any ``say:`` or ``text:``, and the words as written."""
    path = (*path, *words_path(value_at(data, path)))
    return path, value_at(data, path)


def export(loaded: Loaded, language: str) -> str:
    """The PO file for a language, with existing translations filled in.

    Examples
    --------
    >>> from flows.model.load import load_text
    >>> text = "{ivr: 1, name: L, start: hi, nodes: {hi: {type: hangup, say: {en-US: Bye., es-US: Adiós.}}}}"
    >>> print(export(load_text(text), "es-US").partition("\\n\\n")[2])
    #. node hi (hangup): said
    #: flow.yaml:1
    msgctxt "nodes.hi.say"
    msgid "Bye."
    msgstr "Adiós."
    <BLANKLINE>
    """
    import polib

    out = polib.POFile(wrapwidth=0)
    out.metadata = {
        "Project-Id-Version": loaded.flow.name,
        "Language": language.replace("-", "_"),
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "X-Source-Language": loaded.flow.languages[0].replace("-", "_"),
    }
    for text in texts(loaded, language):
        out.append(
            polib.POEntry(
                msgctxt=text.place,
                msgid=text.words,
                msgstr=text.translation,
                comment=text.about,
                occurrences=[(_relative(text.document, loaded), str(text.document.place(text.path)[0]))],
                flags=["python-brace-format"] if slots(text.words) else [],
            )
        )
    return str(out)


def taken_over(loaded: Loaded, po: str, file: str, language: str) -> tuple[dict[str, str], tuple[Finding, ...]]:
    """The flow's files with the translations of a PO file written into them.

    Parameters
    ----------
    loaded : Loaded
    po : str
        Text of the PO file.
    file : str
        Its name, for findings.
    language : str

    Returns
    -------
    files : dict of str to str
        New text of each file that changes, by name.
    findings : tuple of Finding
        The translations that were not written, and why.

    Raises
    ------
    FlowError
        If the PO file cannot be read or is for another language, or the flow is written in an earlier version.
    """
    if loaded.notes:
        raise FlowError(loaded.notes)
    known = {text.place: text for text in texts(loaded, language)}
    findings: list[Finding] = []
    chosen: dict[str, str] = {}
    seen: set[str] = set()
    for entry in _entries(po, file, language):
        place = entry.msgctxt or ""
        told = _problem(known.get(place), entry, place in seen)
        seen.add(place)
        if told:
            code, message, hint = told
            severity: Severity = "error" if code == "G001" else "warning"
            line = _line(po, entry)
            findings.append(
                Finding(code=code, severity=severity, message=message, file=file, line=line, column=1, hint=hint)
            )
        elif entry.msgstr and entry.msgstr != known[place].translation:
            chosen[place] = entry.msgstr
    for place, text in known.items():
        if place not in seen and not text.translation:
            message = f"{place} has no entry in {file} and no translation"
            findings.append(
                text.document.finding(
                    "G003", message, text.path, hint="export again and translate it", severity="warning"
                )
            )
    return _files([(known[place], words) for place, words in chosen.items()], loaded, language), tuple(findings)


def language_of(po: str, file: str) -> str:
    """The language that the text of a PO file states; empty if it states none.

    Raises
    ------
    FlowError
        G006, if this is not a PO file.

    Examples
    --------
    >>> language_of('msgid ""\\nmsgstr "Language: es_US\\\\n"\\n', "es.po")
    'es-US'
    """
    return str(_read(po, file).metadata.get("Language", "")).replace("_", "-")


def _read(po: str, file: str) -> Any:
    import polib

    try:
        return polib.pofile(f"{po}\n")
    except (OSError, ValueError, UnicodeError, IndexError) as error:
        found = re.search(r"line (\d+)", str(error))
        line, hint = int(found[1]) if found else 1, "export it again with ivr convert --to po"
        raise _refused("from here on this is not a gettext PO file", file, line, hint) from None


def _refused(message: str, file: str, line: int, hint: str) -> FlowError:
    return FlowError(Finding(code="G006", severity="error", message=message, file=file, line=line, column=1, hint=hint))


def _entries(po: str, file: str, language: str) -> list[Any]:
    read, of = _read(po, file), language_of(po, file)
    if of and of.lower() != language.lower():
        line = po[: max(po.find('"Language:'), 0)].count("\n") + 1
        raise _refused(f"the file is in {of!r}, not {language!r}", file, line, f"name its language: --language {of}")
    return [entry for entry in read if not entry.obsolete]


def _problem(text: Text | None, entry: Any, again: bool) -> tuple[str, str, str] | None:
    place = entry.msgctxt or ""
    if text is None:
        return "G004", f"the flow has no text at {place!r}", "it was moved or removed; export again"
    if again:
        return "G004", f"{place!r} is translated twice; the first counts", "remove one"
    if entry.msgid != text.words:
        hint = f"it is {_short(text.words)!r} now; export again and translate that"
        return "G002", f"{place}: {_short(entry.msgid)!r} is not what the flow says", hint
    if not entry.msgstr:
        return (
            None if text.translation else ("G003", f"{place}: {_short(text.words)!r} is not translated", "translate it")
        )
    if entry.msgstr == text.translation:
        return None
    if entry.fuzzy:
        return "G005", f"{place}: the translation is marked fuzzy", "have it reviewed and remove the mark"
    wanted, given = set(slots(text.words)), set(slots(entry.msgstr))
    if wanted != given or (_braces(entry.msgstr) and not _braces(text.words)):
        lost = ", ".join(sorted(wanted - given)) or "nothing"
        new = ", ".join(sorted(given - wanted)) or ("a lone brace" if wanted == given else "nothing")
        return "G001", f"{place}: the translation lacks {lost} and has {new} instead", "copy the {...} as they are"
    return None


def _line(po: str, entry: Any) -> int:
    """The line where an entry's words begin, after its comments."""
    lines = po.split("\n")[entry.linenum - 1 :]
    return int(entry.linenum) + next((i for i, line in enumerate(lines) if line.startswith("msg")), 0)


def _braces(text: str) -> bool:
    for slot in slots(text):
        text = text.replace(slot, "")
    return "{" in text or "}" in text


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


def _files(chosen: list[tuple[Text, str]], loaded: Loaded, language: str) -> dict[str, str]:
    by_file: dict[str, list[tuple[Text, str]]] = defaultdict(list)
    for text, words in chosen:
        by_file[text.document.file].append((text, words))
    out = {}
    first = loaded.flow.languages[0]
    for file, changes in by_file.items():
        document = _own(changes[0][0].document)
        at = spans(document.text)
        edits: list[Edit] = []
        data = deepcopy(document.data)
        for text, words in changes:
            around, last = value_at(data, text.path[:-1]), text.path[-1]
            if isinstance(around[last], str):
                span = at[text.path]
                own, other = spelled(text.words, words=True), spelled(words, words=True)
                edits.append(Edit(span.start, span.end, f"{{{first}: {own}, {language}: {other}}}"))
                around[last] = {first: text.words, language: words}
            elif language in around[last]:
                edits.append(with_text(at, (*text.path, language), words, words=True))
                around[last][language] = words
            else:
                entry = (*text.path, language)
                edits.append(with_entry(document.text, at, entry, around[last], words, words=True))
                around[last][language] = words
        out[file] = checked(document, applied(document.text, edits), data)
    return out


def _own(document: Document) -> Document:
    """The document without content from other files."""
    return native.parse(document.text, document.file) if document.sources else document
