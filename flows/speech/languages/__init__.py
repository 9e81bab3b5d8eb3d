"""The languages in which prompts can be composed and timed: one file each here, a language pack in YAML for the rest.

Packs are found in `flows/speech/packs`, and in the folder ``languages`` beside a flow, which come first: `use` puts
those in force, by the tag of a language (``pl``) or of one region (``en-GB``).
"""

from __future__ import annotations

import sys
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from flows.source.document import Document
from flows.source.finding import FlowError
from flows.source.shipped import PACKS, shipped_packs
from flows.source.validate import validate
from flows.source.yaml_reader import read
from flows.speech.languages.base import Language
from flows.speech.languages.pack import LanguagePack, as_language

__all__ = ["Language", "built_in", "forget", "language", "language_of_pack", "refuse_unknown", "supported", "use"]

_in_use: dict[str, tuple[frozenset[str], str, Language]] = {}
"""Packs in force by tag: the files that say so, their text, the language."""


@cache
def built_in() -> tuple[str, ...]:
    """Primary subtags of the languages that have a file here.

    Examples
    --------
    >>> built_in()
    ('de', 'en', 'es', 'fr', 'pt', 'vi', 'zh')
    """
    names = (info.name for info in iter_modules(sys.modules[__name__].__path__))
    return tuple(sorted(name for name in names if len(name) == 2))


def supported() -> tuple[str, ...]:
    """Primary subtags of the languages that have phrases, packs in force included.

    Examples
    --------
    >>> "es" in supported(), "pl" in supported(), "xx" in supported()
    (True, True, False)
    """
    own = {tag.partition("-")[0] for tag in _in_use}
    return tuple(sorted({*built_in(), *shipped_packs(), *own}))


def refuse_unknown(tag: str) -> None:
    """Refuse a language that nobody has written phrases for.

    Raises
    ------
    ValueError
        That says which languages there are, and where a pack belongs.

    Examples
    --------
    >>> refuse_unknown("sw-KE")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ValueError: 'sw-KE' has no phrases yet; write languages/sw.yaml beside the flow ...
    """
    code = tag.partition("-")[0].lower()
    if code not in supported():
        raise ValueError(
            f"{tag!r} has no phrases yet; write languages/{code}.yaml beside the flow ('ivr init --language {code}' "
            f"begins it), or speak one of: {', '.join(supported())}, each with a region"
        )


def language(tag: str) -> Language:
    """The language for a BCP 47 tag: the one in force for that very tag, else by its primary subtag.

    Raises
    ------
    KeyError
        If it has no phrases; the model refuses such a tag earlier.

    Examples
    --------
    >>> language("en-GB").code, language("pl-PL").say_option("faktury", "1")
    ('en', 'W sprawie faktury naciśnij 1.')
    """
    code = tag.partition("-")[0].lower()
    own = _in_use.get(tag) or _in_use.get(code)
    return own[2] if own else _by_code(code)


@cache
def _by_code(code: str) -> Language:
    if code in built_in():
        return import_module(f"{__name__}.{code}").LANGUAGE  # type: ignore[no-any-return]
    if code not in shipped_packs():
        raise KeyError(code)
    return language_of_pack(read(PACKS / f"{code}.yaml"))[1]


def language_of_pack(document: Document) -> tuple[str, Language]:
    """The tag and the language of a pack that has been read.

    Raises
    ------
    FlowError
        With every mistake, each at its place.
    """
    pack = validate(document, LanguagePack, context={"language": language, "supported": supported()})
    return pack.language, as_language(pack)


def use(document: Document) -> None:
    """Put a pack in force for this process, in place of an earlier reading of the same file.

    Raises
    ------
    FlowError
        With every mistake in it; and if another file has given other words for the same language.

    Examples
    --------
    >>> from flows.source.yaml_reader import parse
    >>> use(parse("{ivr: 1, language: en-GB, like: en, pound: hash}", "languages/en-GB.yaml"))
    >>> language("en-GB").pound, language("en-US").pound
    ('hash', 'pound')
    >>> forget()
    """
    tag, spoken = language_of_pack(document)
    files, text, _ = _in_use.get(tag, (frozenset(), "", spoken))
    others = files - {document.file}
    if others and text != document.text:
        message = f"{min(others)} already says how {tag} is spoken, and in other words"
        hint = "keep one pack for both lines, or run this command for each line by itself"
        raise FlowError(document.finding("F003", message, ("language",), hint=hint))
    _in_use[tag] = files | {document.file}, document.text, spoken


def forget() -> None:
    """Put no pack but those shipped in force, before another line is looked at."""
    _in_use.clear()
