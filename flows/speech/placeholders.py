"""Finds mistakes in the placeholders of a text: ``{name}``, ``{name:format}``, ``{name:format:more}``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flows.source.document import nearest
from flows.source.finding import Fault
from flows.speech import currencies
from flows.speech.prompt import SLOT
from flows.speech.values import FORMATS, home_currency

__all__ = ["faults", "mended"]

_MEANT = re.compile(
    r"\{\s*(?P<name>[A-Za-z_]\w*)\s*(?::\s*(?P<form>[^{}:]*?)\s*(?::\s*(?P<more>[^{}]*?)\s*)?)?\}", re.ASCII
)
"""Anything probably meant to insert a value."""
_BRACE = re.compile(r"[{}]")


def faults(text: str, *, language: str, spoken: bool = True) -> Iterator[tuple[Fault, str, str]]:
    """What is wrong with the placeholders of a text, each as written and as probably meant.

    Parameters
    ----------
    text : str
    language : str
        Tag of the flow's first language; amounts are in its country's currency unless stated otherwise.
    spoken : bool
        False for texts that machines read, in which a lone brace is allowed.

    Yields
    ------
    (Fault, str, str)
        Fault, placeholder as written, and as probably meant; the last is empty if the intent is unclear.

    Examples
    --------
    >>> found = faults("You owe {fee:mony}, { name }.", language="en-US")
    >>> [(fault.offset, fault.message, meant) for fault, _, meant in found]
    [(8, "there is no format 'mony'", '{fee:money}'), (20, "'{ name }' is read out as it stands", '{name}')]
    """
    if "{" not in text and "}" not in text:
        return
    last = 0
    for found in _MEANT.finditer(text):
        if spoken:
            yield from _lone(text, last, found.start())
        last = found.end()
        name, form, more = found["name"], found["form"], found["more"]
        wrong, hint, form, more = _form(form, more, language)
        meant = "{" + ":".join(part for part in (name, form, more) if part) + "}"
        if wrong:
            yield (
                Fault(found.start(), wrong, hint or f"write {meant}"),
                found[0],
                meant if hint.startswith("did you") or not hint else "",
            )
        elif not SLOT.fullmatch(found[0]):
            yield Fault(found.start(), f"{found[0]!r} is read out as it stands", f"write {meant}"), found[0], meant
    if spoken:
        yield from _lone(text, last, len(text))


def _lone(text: str, start: int, end: int) -> Iterator[tuple[Fault, str, str]]:
    """The first brace in this stretch, if any, that inserts nothing."""
    found = _BRACE.search(text, start, end)
    if found:
        hint = "write {name} to insert a value: letters, digits and _ between two braces; else leave the brace out"
        yield Fault(found.start(), f"a {found[0]} that inserts nothing is read out", hint), found[0], ""


def _form(form: str | None, more: str | None, language: str) -> tuple[str, str, str, str]:
    """What is wrong, what to do, and the format and its argument as probably meant."""
    if form is None:
        return "", "", "", ""
    known = (
        form if form in FORMATS else form.lower() if form.lower() in FORMATS else nearest(form.lower(), list(FORMATS))
    )
    if not known:
        return f"there is no format {form!r}", f"formats: {', '.join(FORMATS)}", form, more or ""
    if form.lower() not in FORMATS:
        return f"there is no format {form!r}", f"did you mean {known}?", known, more or ""
    if known == "money":
        return *_money(more, language), known, _code(more)
    if more and known != "count":
        return f"{known} takes nothing after it, and {more!r} stands there", "", known, ""
    return "", "", known, more or ""


def _money(more: str | None, language: str) -> tuple[str, str]:
    if more:
        code = _code(more)
        if code == more:
            return "", ""
        hint = f"did you mean {code}?" if code else "write the three capital letters of ISO 4217, like USD"
        return f"there is no currency {more!r}", hint
    if not home_currency(language):
        return f"no currency is stated, and {language} names no country", "write it: {name:money:USD}"
    return "", ""


def _code(more: str | None) -> str:
    """The currency probably meant; empty if none is similar."""
    known = currencies.codes() if more else ()
    if not more or more in known:
        return more or ""
    return more.upper() if more.upper() in known else nearest(more.upper(), known)


def mended(text: str, language: str, *, spoken: bool = True) -> str:
    """The text with each placeholder corrected as probably meant; unclear ones stay.

    Examples
    --------
    >>> mended("You owe {fee:mony:usd}.", "en-US"), mended("You owe {fee:money:usd}.", "en-US")
    ('You owe {fee:money:usd}.', 'You owe {fee:money:USD}.')
    """
    for _, written, meant in reversed(list(faults(text, language=language, spoken=spoken))):
        if meant:
            text = text.replace(written, meant)
    return text
