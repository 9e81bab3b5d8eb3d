"""The languages in which prompts can be composed and timed, one file each."""

from __future__ import annotations

import sys
from functools import cache

from flows.registry import members
from flows.speech.languages.base import Language

__all__ = ["Language", "language", "supported"]


@cache
def _all() -> dict[str, Language]:
    return {name: module.LANGUAGE for name, module in members(sys.modules[__name__]).items()}


def supported() -> tuple[str, ...]:
    """Primary subtags of the supported languages.

    Examples
    --------
    >>> "es" in supported()
    True
    """
    return tuple(_all())


@cache
def language(tag: str) -> Language:
    """The language for a BCP 47 tag, by its primary subtag.

    Raises
    ------
    KeyError
        If there is no file for it; the model refuses such a tag earlier.

    Examples
    --------
    >>> language("en-GB").code
    'en'
    """
    return _all()[tag.partition("-")[0].lower()]
