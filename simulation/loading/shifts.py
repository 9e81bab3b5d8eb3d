"""Reads a file of shifts, and checks that its kinds can be worked and fit a scenario."""

from __future__ import annotations

from pathlib import Path as FilePath

from flows.kinds import Sample, kind_of
from flows.model.flow import Flow
from flows.source import yaml_reader as native
from flows.source.document import Document
from flows.source.finding import Finding, FlowError, IvrError, ScenarioError
from flows.source.validate import validate
from simulation.loading.check_shifts import check_shift_kinds, check_shifts_of
from simulation.scenario.loaded import LoadedScenario
from simulation.scenario.shift_kinds import ShiftKind, ShiftsFile

__all__ = ["load_shifts", "parse_shifts", "shifts_findings"]


def load_shifts(file: str | FilePath | None, loaded: LoadedScenario) -> dict[str, ShiftKind]:
    """Read the kinds of shifts for a scenario.

    Parameters
    ----------
    file : str or Path or None
        None for those that the scenario itself states.
    loaded : LoadedScenario

    Raises
    ------
    ScenarioError
        With every mistake in them, each with its place; also if some group has no shifts.
    """
    if file is None:
        document, kinds = loaded.document, dict(loaded.scenario.shifts)
    else:
        try:
            text = native.read_text(file)
            document, kinds = _typed(native.parse(text, str(file)))
        except FlowError as error:
            raise ScenarioError(error.findings) from None
    if found := check_shifts_of(kinds, loaded.scenario, document):
        raise ScenarioError(found)
    return kinds


def parse_shifts(text: str, file: str = "shifts.yaml") -> dict[str, ShiftKind]:
    """Read kinds of shifts from the text of a file.

    Raises
    ------
    ScenarioError
        With every mistake, each with its place.

    Examples
    --------
    >>> parse_shifts("shifts: {day: {length: 8h30m, start: '07:00..10:00'}}")["day"].length
    (510, 510)
    """
    try:
        return _typed(native.parse(text, file))[1]
    except FlowError as error:
        raise ScenarioError(error.findings) from None


def shifts_findings(sample: Sample, flow: Flow | None) -> tuple[Finding, ...]:
    """What is wrong with a file of shifts, for ``ivr lint``.

    Parameters
    ----------
    sample : Sample
    flow : Flow or None
        Not used.

    Examples
    --------
    >>> shifts_findings(Sample("shifts.yaml", "shifts: {day: {lenght: 8h}}"), None)[0].hint
    "did you mean 'length'?"
    """
    try:
        parse_shifts(sample.text, sample.file)
    except IvrError as error:
        return error.findings
    return ()


def _typed(document: Document) -> tuple[Document, dict[str, ShiftKind]]:
    kind = kind_of(Sample(document.file, document.text))
    if kind is not None and kind.name != "shifts":
        wrong = document.finding(
            "X001",
            f"this is {kind.title}, not a file of shifts",
            (),
            hint="name a file that begins with 'shifts:'; see docs/planning.md",
        )
        raise ScenarioError(wrong)
    if not isinstance(document.data, dict):
        hint = "begin with 'shifts:', and a kind of shift by name, such as {day: {length: 8h}}"
        raise ScenarioError(document.finding("F003", "the file must be 'key: value' lines", (), hint=hint))
    kinds = validate(document, ShiftsFile).shifts
    if found := check_shift_kinds(kinds, document):
        raise ScenarioError(found)
    return document, kinds
