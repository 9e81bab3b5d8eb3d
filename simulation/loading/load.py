"""From a scenario file (and settings on the command line) to a scenario that fits its flow."""

from __future__ import annotations

import re
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace
from pathlib import Path as FilePath
from typing import Any

from flows.model.flow import Flow
from flows.model.load import LIBRARY, load, or_shipped
from flows.source import yaml_reader as native
from flows.source.document import Document, Mark, Path, nearest
from flows.source.finding import Finding, FlowError, ScenarioError, usage_error
from flows.source.validate import validate
from simulation.loading.check import check
from simulation.scenario.loaded import LoadedScenario
from simulation.scenario.model import Scenario
from simulation.scenario.routing import zone_of

__all__ = ["library", "load_scenario", "parse_scenario"]

_OPEN_FAMILIES = {("groups",), ("intents",)}
"""Mappings whose names are made up in the scenario: a setting may change an entry, not invent one."""


def load_scenario(file: str | FilePath, *, settings: Sequence[str] = (), flow: Flow | None = None) -> LoadedScenario:
    """Read a scenario; a bare name that is no file here is looked up among the shipped ones.

    Parameters
    ----------
    file : str or Path
    settings : sequence of str
        ``dotted.path=value``, applied to the plain document before it is checked.
    flow : Flow, optional
        The flow that is called; default: the one that the scenario names.

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
        document = native.read(path)
    except FlowError as error:
        about = (or_shipped(f, str(file), ".scenario.yaml") for f in error.findings)
        raise ScenarioError([_about_scenarios(f) for f in about]) from None
    return _typed(document, settings, flow)


def parse_scenario(text: str, file: str = "scenario.yaml", *, settings: Sequence[str] = ()) -> LoadedScenario:
    """As `load_scenario`, from a text; paths in it are relative to `file`."""
    try:
        document = native.parse(text, file)
    except FlowError as error:
        raise ScenarioError([_about_scenarios(f) for f in error.findings]) from None
    return _typed(document, settings)


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
    if "ivr" in document.data and "nodes" in document.data:
        raise ScenarioError(
            document.finding(
                "X001",
                "this is a flow, not a scenario",
                ("ivr",),
                of_key=True,
                hint="name its scenario (NAME.scenario.yaml), or write one: see docs/planning.md",
            )
        )
    document = _with_settings(document, settings)
    try:
        scenario = validate(document, Scenario)
    except FlowError as error:
        raise ScenarioError([_setting_of(f, settings) for f in error.findings]) from None
    flow = flow or _flow_of(scenario, document, settings)
    scenario = scenario.model_copy(update={"zone": zone_of(scenario, flow).key})
    findings = tuple(_setting_of(f, settings) for f in check(scenario, flow, document))
    if any(f.severity == "error" for f in findings):
        raise ScenarioError(findings)
    return LoadedScenario(scenario, flow, document, findings)


def _flow_of(scenario: Scenario, document: Document, settings: Sequence[str]) -> Flow:
    beside = FilePath(document.file).parent / scenario.flow
    name = beside if beside.is_file() else scenario.flow
    try:
        return load(name).flow
    except FlowError as error:
        if any(f.code == "Y002" for f in error.findings):
            shipped = sorted(p.stem for p in LIBRARY.glob("*.yaml") if "." not in p.stem)
            near = nearest(scenario.flow, shipped)
            hint = f"did you mean {near!r}?" if near else f"a path beside the scenario, or one of {', '.join(shipped)}"
            missing = document.finding("X001", f"there is no flow {scenario.flow!r}", ("flow",), hint=hint)
            raise ScenarioError(_setting_of(missing, settings)) from None
        raise ScenarioError(error.findings) from None


def _with_settings(document: Document, settings: Sequence[str]) -> Document:
    """The document with settings applied; what is wrong with a setting is then found at line -1, -2, ..."""
    if not settings:
        return document
    data, marks, keys = deepcopy(document.data), dict(document.marks), dict(document.keys)
    for number, setting in enumerate(settings, 1):
        name, equals, text = setting.partition("=")
        parts = tuple(part.strip() for part in name.strip().split("."))
        if not equals or not all(parts) or not text.strip():
            raise usage_error(
                "X007",
                f"{setting!r} sets nothing",
                "write --set dotted.path=value, for example --set groups.billing.agents=12",
            )
        at: Mark = (-number, 0)
        value = _value(text, setting)
        place = _parent(data, parts, setting)
        _forget(marks, keys, parts)
        place[int(parts[-1]) if isinstance(place, list) else parts[-1]] = value
        for depth in range(1, len(parts) + 1):
            path = _path(data, parts[:depth])
            if depth == len(parts) or path not in marks:
                marks[path] = keys[path] = at
    return Document(data, marks, keys, document.file, document.text)


def _value(text: str, setting: str) -> Any:
    try:
        return native.parse(f"value: {text.strip()}", "").data["value"]
    except FlowError as error:
        found = error.findings[0]
        raise usage_error("X007", f"{setting!r}: {found.message}", "write the value as in the file") from None


def _parent(data: Any, parts: tuple[str, ...], setting: str) -> Any:
    """The mapping or list that holds the last part; what is not there yet is made, if the model may know it."""
    here = data
    for depth, part in enumerate(parts):
        last = depth == len(parts) - 1
        if isinstance(here, list):
            if not re.fullmatch(r"\d+", part) or int(part) >= len(here):
                raise _no_such(
                    setting, parts[: depth + 1], f"'{'.'.join(parts[:depth])}' is a list of {len(here)}", "count from 0"
                )
            if last:
                return here
            here = here[int(part)]
            continue
        if not isinstance(here, dict):
            raise _no_such(
                setting, parts[: depth + 1], f"'{'.'.join(parts[:depth])}' is a single value", "set it as a whole"
            )
        if parts[:depth] in _OPEN_FAMILIES and part not in here:
            near = nearest(part, list(here))
            hint = f"did you mean {near!r}?" if near else f"there are {', '.join(here)}"
            raise _no_such(setting, parts[: depth + 1], f"no {part!r} in {'.'.join(parts[:depth])}", hint)
        if last:
            return here
        # `routing: NAME` is short for `routing: {policy: NAME}`
        if parts[: depth + 1] == ("routing",) and isinstance(here.get(part), str):
            here[part] = {"policy": here[part]}
        here = here.setdefault(part, {})
    return here


def _no_such(setting: str, parts: tuple[str, ...], why: str, hint: str) -> ScenarioError:
    return ScenarioError(
        Finding(
            code="X007",
            severity="error",
            message=f"there is no {'.'.join(parts)!r}: {why}",
            file=f"--set {setting}",
            hint=hint,
        )
    )


def _path(data: Any, parts: tuple[str, ...]) -> Path:
    path: list[str | int] = []
    here = data
    for part in parts:
        key: str | int = int(part) if isinstance(here, list) else part
        path.append(key)
        here = here[key]
    return tuple(path)


def _forget(marks: dict[Path, Mark], keys: dict[Path, Mark], parts: tuple[str, ...]) -> None:
    """The places of what a setting replaces."""
    for places in (marks, keys):
        for path in [p for p in places if tuple(map(str, p[: len(parts)])) == parts]:
            del places[path]


def _setting_of(finding: Finding, settings: Sequence[str]) -> Finding:
    if finding.line >= 0:
        return finding
    return replace(finding, file=f"--set {settings[-finding.line - 1]}", line=0, column=0)
