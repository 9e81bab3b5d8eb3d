"""Translations of a flow's texts: a gettext PO file."""

from __future__ import annotations

import re

from flows.kinds.base import Kind, Sample

__all__ = ["KIND"]

_LANGUAGE = r'^"Language: *([\w-]+)'
_ENTRY = r"^msgid +\""


def _fits(sample: Sample) -> bool:
    return sample.ending == ".po" or (not sample.ending and bool(re.search(_ENTRY, sample.text, re.MULTILINE)))


def _about(sample: Sample) -> str:
    language = re.search(_LANGUAGE, sample.text, re.MULTILINE)
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
