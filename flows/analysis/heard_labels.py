"""What each option of a menu is announced for: the labels of a composed prompt, or the words of a written one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from flows.model.flow import Flow
from flows.nodes.menu import Menu
from flows.source.document import Path
from flows.speech.announcements import announcements

__all__ = ["HeardLabel", "heard_labels"]


class HeardLabel(NamedTuple):
    """An option as it is announced.

    Parameters
    ----------
    place : int
        Its index among the choices.
    words : str
    path : tuple of str or int
        Where their text is in the document.
    """

    place: int
    words: str
    path: Path


def heard_labels(flow: Flow, name: str, menu: Menu, language: str) -> Iterator[HeardLabel]:
    """The announced options of a menu, from the labels or from the written prompt.

    Parameters
    ----------
    flow : Flow
    name : str
        The menu's.
    menu : Menu
    language : str
        BCP 47 tag of the caller's language; a written prompt that is not translated announces nothing in it.

    Examples
    --------
    >>> from flows.model.load import load
    >>> flow = load("northwind").flow
    >>> next(heard_labels(flow, "main", flow.nodes["main"], "es-US")).words
    'facturación y pagos'
    """
    first = flow.languages[0]
    if menu.prompt is None:
        for index, choice in enumerate(menu.choices):
            if choice.label:
                yield HeardLabel(index, choice.label.words(language, first), ("nodes", name, "choices", index, "label"))
    elif language not in menu.prompt.missing(flow.languages):
        own = {choice.key: index for index, choice in reversed(list(enumerate(menu.choices)))}
        for one in announcements(menu.prompt.words(language, first), language):
            if one.words and one.key in own:
                yield HeardLabel(own[one.key], one.words, ("nodes", name, "prompt"))
