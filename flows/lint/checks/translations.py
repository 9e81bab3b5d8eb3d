"""Checks translations against the flow whose texts they translate."""

from __future__ import annotations

import re

from flows.kinds import Sample
from flows.lint.around import Around, same_file
from flows.model.load import Loaded
from flows.model.translations import language_of, taken_over
from flows.source.finding import Finding, FlowError

__all__ = ["check"]

_PLACE = re.compile(r"^#: *(.+?):\d+", re.MULTILINE)


def check(sample: Sample, around: Around) -> tuple[Finding, ...]:
    """What keeps translations from being written into their flow, and what is not translated."""
    try:
        language = language_of(sample.text, sample.file)
    except FlowError as error:
        return error.findings
    file = _flow_of(sample, around)
    loaded = around.flows.look_at(file)[0] if file else None
    if loaded is None:
        why = f"{file} cannot be read" if file else "the flow that they translate is not here"
        around.remarks.append(f"{sample.file}: {why}, so only the form of the translations was checked")
        return ()
    spoken = _spoken(loaded, language)
    if not spoken:
        languages = ", ".join(loaded.flow.languages)
        message = f"the file is in {language!r}, which {file} does not speak"
        hint = f"languages: {languages}; export with 'ivr convert {file} --to po --language TAG'"
        return (Finding(code="G006", severity="error", message=message, file=sample.file, line=1, column=1, hint=hint),)
    try:
        return taken_over(loaded, sample.text, sample.file, spoken)[1]
    except FlowError as error:
        return error.findings


def _spoken(loaded: Loaded, language: str) -> str:
    """The flow's tag for a language; its first but one if the file states none."""
    others = loaded.flow.languages[1:]
    if not language:
        return others[0] if len(others) == 1 else ""
    return next((tag for tag in loaded.flow.languages if tag.lower() == language.lower()), "")


def _flow_of(sample: Sample, around: Around) -> str:
    """The flow that the file names most; else the only one there is."""
    flows = [flow.file for flow in around.beside(sample.file, "flow")]
    named = [f"{sample.folder}{name}" for name in _PLACE.findall(sample.text)]
    counts = {flow: sum(same_file(flow, name) for name in named) for flow in flows}
    best = max(counts, key=lambda flow: counts[flow], default="")
    return best if counts.get(best) else (flows[0] if len(flows) == 1 else "")
