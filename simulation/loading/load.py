"""Reads a scenario file, applies settings from the command line, and checks that it fits its flow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path as FilePath

from flows.kinds import Sample, kind_of
from flows.model.flow import Flow
from flows.model.load import LIBRARY, load, or_shipped, refuse_scripts
from flows.source import yaml_reader as native
from flows.source.document import Document, nearest
from flows.source.finding import Finding, FlowError, IvrError, ScenarioError
from flows.source.validate import validate
from simulation.loading.check import check
from simulation.loading.observed_times import with_observed_times
from simulation.loading.settings import with_settings
from simulation.loading.tables import with_tables
from simulation.scenario.loaded import LoadedScenario
from simulation.scenario.model import Scenario
from simulation.scenario.routing import zone_of

__all__ = ["flow_file", "library", "load_scenario", "parse_scenario"]


def load_scenario(file: str | FilePath, *, settings: Sequence[str] = (), flow: Flow | None = None) -> LoadedScenario:
    """Read and check a scenario; a bare name that is not a file here names a shipped scenario.

    Parameters
    ----------
    file : str or Path
    settings : sequence of str
        ``dotted.path=value``, applied to the plain document before it is checked.
    flow : Flow, optional
        The flow that callers call; default: the one that the scenario names.

    Returns
    -------
    LoadedScenario
        Its `notes` hold the findings that are only warnings.

    Raises
    ------
    ScenarioError
        With every mistake in the scenario (or its flow), each with its place.
    UsageError
        When a setting is not of the form ``dotted.path=value``.

    Examples
    --------
    >>> load_scenario("northwind", settings=["routing=single_queue"]).scenario.routing.policy
    'single_queue'
    """
    path = library(file)
    try:
        text = native.read_text(path)
        refuse_scripts(text, str(path), wanted="a scenario", beside=".scenario.yaml")
        document = native.parse(text, str(path))
    except FlowError as error:
        about = (or_shipped(f, str(file), ".scenario.yaml") for f in error.findings)
        raise ScenarioError([_about_scenarios(f) for f in about]) from None
    return _typed(document, settings, flow)


def parse_scenario(
    text: str, file: str = "scenario.yaml", *, settings: Sequence[str] = (), flow: Flow | None = None
) -> LoadedScenario:
    """Read and check a scenario from text, like `load_scenario`; paths in it are relative to `file`."""
    try:
        document = native.parse(text, file)
    except FlowError as error:
        raise ScenarioError([_about_scenarios(f) for f in error.findings]) from None
    return _typed(document, settings, flow)


def library(file: str | FilePath) -> FilePath:
    """The path of `file`, or of the shipped scenario of that name (``northwind`` or ``northwind.scenario``)."""
    path = FilePath(file)
    if path.name != str(file) or path.exists():
        return path
    name = str(file).removesuffix(".yaml").removesuffix(".scenario")
    shipped = LIBRARY / f"{name}.scenario.yaml"
    return shipped if shipped.exists() else path


def _about_scenarios(finding: Finding) -> Finding:
    if "begin with 'ivr: 1'" in finding.hint:
        return replace(finding, hint="begin with 'name: ...', as in flows/library/northwind.scenario.yaml")
    return finding


def _typed(document: Document, settings: Sequence[str], flow: Flow | None = None) -> LoadedScenario:
    if not isinstance(document.data, dict):
        hint = "begin with 'name: ...', as in flows/library/northwind.scenario.yaml"
        raise ScenarioError(document.finding("F003", "the file must be 'key: value' lines", (), hint=hint))
    kind = kind_of(Sample(document.file, document.text))
    if kind is not None and kind.name in ("flow", "part", "catalogue"):
        beside = FilePath(document.file).with_suffix(".scenario.yaml")
        hint = (
            f"name its scenario: {beside}"
            if beside.is_file()
            else "name its scenario (NAME.scenario.yaml), or write one: see docs/planning.md"
        )
        raise ScenarioError(
            document.finding("X001", f"this is {kind.title}, not a scenario", ("ivr",), of_key=True, hint=hint)
        )
    document, notes = with_tables(with_settings(document, settings), lambda: flow or _flow_named(document))
    read, more = with_observed_times(document)
    notes += more
    try:
        scenario = validate(read, Scenario)
    except FlowError as error:
        raise ScenarioError(error.findings) from None
    flow = flow or _flow_of(scenario.flow, document)
    scenario = scenario.model_copy(update={"zone": zone_of(scenario, flow).key})
    findings = check(scenario, flow, document)
    if any(f.severity == "error" for f in findings):
        raise ScenarioError(findings)
    return LoadedScenario(scenario, flow, document, (*notes, *findings))


def _flow_named(document: Document) -> Flow | None:
    """The flow of a scenario that is not checked yet; None if it cannot be read, which is told later."""
    try:
        return _flow_of(str(document.data.get("flow", "")), document)
    except IvrError:
        return None


def flow_file(stated: str, document: Document) -> str:
    """The flow that a scenario names: a file beside it, or the name of a shipped flow."""
    local = FilePath(document.file).parent / stated
    return str(local) if local.is_file() else stated


def _flow_of(stated: str, document: Document) -> Flow:
    name = flow_file(stated, document)
    try:
        return load(name).flow
    except FlowError as error:
        if any(f.code == "Y002" for f in error.findings):
            shipped = sorted(p.stem for p in LIBRARY.glob("*.yaml") if "." not in p.stem)
            near = nearest(stated, shipped)
            hint = f"did you mean {near!r}?" if near else f"a path beside the scenario, or one of {', '.join(shipped)}"
            missing = document.finding("X001", f"there is no flow {stated!r}", ("flow",), hint=hint)
            raise ScenarioError(missing) from None
        raise ScenarioError(error.findings) from None
