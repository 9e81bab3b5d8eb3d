"""Translations of a flow's texts: a gettext PO file."""

from __future__ import annotations

import re

from flows.kinds.base import Kind, Sample

__all__ = ["KIND"]

_LANGUAGE = re.compile(r'^"Language: *([\w-]+)', re.MULTILINE)
_ENTRY = re.compile(r"^msgid +\"", re.MULTILINE)


def _fits(sample: Sample) -> bool:
    return sample.ending == ".po" or (not sample.ending and bool(_ENTRY.search(sample.text)))


def _about(sample: Sample) -> str:
    language = _LANGUAGE.search(sample.text)
    return f"Texts in {language[1].replace('_', '-')}." if language else ""


KIND = Kind(
    name="translations",
    title="a file of translations",
    plural="files of translations",
    needs="the ending .po and entries of 'msgctxt', 'msgid' and 'msgstr'",
    fits=_fits,
    found_as=(".po",),
    about=_about,
    clean="every text is translated",
)
