"""A file of tasks: what callers come for, in their own words, and where each should end."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler, field_validator
from pydantic_core import CoreSchema

from flows.kinds import Sample, kind_of
from flows.model.flow import Flow
from flows.source import yaml_reader as native
from flows.source.checks import Checks
from flows.source.document import Document
from flows.source.finding import Finding, FlowError
from flows.source.validate import validate

__all__ = ["Task", "TasksFile", "load_tasks", "parse_tasks", "tasks_findings"]


class Task(BaseModel):
    """One thing that callers come for.

    Parameters
    ----------
    want
        What a caller would say they want, by language.
    ends
        The node, or nodes, at which they get it.
    intents
        Names of the scenario's intents that are this task; default: those whose goals are among `ends`.

    Examples
    --------
    >>> Task.model_validate({"want": "I have a question about my bill.", "ends": "billing_queue"}).ends
    ('billing_queue',)
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    want: dict[str, Annotated[str, Field(min_length=1)]] = Field(min_length=1)
    ends: tuple[str, ...] = Field(min_length=1)
    intents: tuple[str, ...] = ()

    @field_validator("want", mode="before")
    @classmethod
    def _in_one_language(cls, value: Any) -> Any:
        return {"": value} if isinstance(value, str) else value

    @field_validator("ends", "intents", mode="before")
    @classmethod
    def _one(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value

    def words(self, language: str, first: str) -> str:
        """What is wanted, in a language; empty if that is not stated. Words without a tag are in the `first`."""
        return self.want.get(language, "") or (self.want.get("", "") if language == first else "")

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        schema = handler(core)
        properties = handler.resolve_ref_schema(schema)["properties"]
        for name in ("want", "ends", "intents"):
            full = {key: value for key, value in properties[name].items() if key != "description"}
            properties[name] = {"anyOf": [{"type": "string", "minLength": 1}, full]}
        return schema


class TasksFile(BaseModel):
    """What callers come for, by short names.

    Parameters
    ----------
    tasks
        By name.
    description
        For people.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    tasks: dict[str, Task] = Field(min_length=1, description="what callers come for, by name")
    description: str = Field(default="", description="for people")


def load_tasks(file: str | Path, flow: Flow) -> Mapping[str, Task]:
    """Read the tasks of a flow from a file.

    Raises
    ------
    FlowError
        With every mistake, each with its place.
    """
    return parse_tasks(native.read_text(file), flow, str(file))


def parse_tasks(text: str, flow: Flow | None, file: str = "tasks.yaml") -> Mapping[str, Task]:
    """Read tasks from a text.

    Parameters
    ----------
    text : str
    flow : Flow or None
        The flow in which they should end; None to check their form only.
    file : str
        For findings.

    Raises
    ------
    FlowError
        With every mistake, each with its place: a node that the flow does not have, a language that it does not speak.

    Examples
    --------
    >>> from flows.model.load import load
    >>> parse_tasks("tasks: {bill: {want: My bill, ends: biling_queue}}", load("northwind").flow)
    Traceback (most recent call last):
    ...
    flows.source.finding.FlowError: tasks.yaml:1:37: X001 there is no node 'biling_queue'
    """
    document = native.parse(text, file)
    _refuse_others(document)
    tasks = validate(document, TasksFile).tasks
    if flow is not None and (found := _against(tasks, flow, document)):
        raise FlowError(found)
    return tasks


def tasks_findings(sample: Sample, flow: Flow | None) -> tuple[Finding, ...]:
    """What is wrong with a file of tasks, for ``ivr lint``."""
    try:
        parse_tasks(sample.text, flow, sample.file)
    except FlowError as error:
        return error.findings
    return ()


def _against(tasks: Mapping[str, Task], flow: Flow, document: Document) -> tuple[Finding, ...]:
    checks = Checks(document)
    for name, task in tasks.items():
        written = document.data["tasks"][name]["ends"]
        for index, end in enumerate(task.ends):
            path = ("tasks", name, "ends", *(() if isinstance(written, str) else (index,)))
            checks.unknown("node", end, flow.nodes, path, of_key=False)
        for tag in task.want:
            if tag and tag not in flow.languages:
                languages = ", ".join(flow.languages)
                message = f"the line does not speak {tag!r}"
                checks.add("X001", message, ("tasks", name, "want", tag), hint=f"languages: {languages}", of_key=True)
    return tuple(checks.found)


def _refuse_others(document: Document) -> None:
    kind = kind_of(Sample(document.file, document.text))
    if kind is not None and kind.name != "tasks":
        hint = "name a file that begins with 'tasks:'; see docs/designing.md"
        raise FlowError(document.finding("X001", f"this is {kind.title}, not a file of tasks", (), hint=hint))
