"""Translations of a flow's texts: a gettext PO file."""

from __future__ import annotations

import re

from flows.kinds.base import Kind, Sample

__all__ = ["KIND"]

_ENTRY = re.compile(r"^msgid +\"", re.MULTILINE)


def _fits(sample: Sample) -> bool:
    return sample.ending == ".po" or (not sample.ending and bool(_ENTRY.search(sample.text)))


KIND = Kind(
    name="translations",
    title="a file of translations",
    plural="files of translations",
    needs="the ending .po and entries of 'msgctxt', 'msgid' and 'msgstr'",
    fits=_fits,
    found_as=(".po",),
    clean="every text is translated",
)
