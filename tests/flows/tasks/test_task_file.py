"""Files of tasks: what they may say, and every mistake at its place."""

from __future__ import annotations

import json

import pytest

from flows.kinds import Sample
from flows.model.load import LIBRARY, load
from flows.source.finding import FlowError
from flows.source.json_schema import file_schema
from flows.tasks.task_file import TasksFile, load_tasks, parse_tasks, tasks_findings

WRONG = [
    ("tasks: {}", (1, 8, "F003", "the list is empty")),
    ("tasks:\n  bill: {want: My bill}\n", (2, 9, "F002", "'ends' is missing")),
    ("tasks:\n  bill: {wants: My bill, ends: billing_queue}\n", (2, 10, "F001", "unknown key 'wants'")),
    ("tasks:\n  bill:\n    want: My bill\n    ends: [billing_queue, biling]\n", (4, 27, "X001", "no node 'biling'")),
    ("tasks:\n  bill: {want: {fr-FR: Ma facture}, ends: billing_queue}\n", (2, 17, "X001", "does not speak 'fr-FR'")),
    ("ivr: 1\nname: A\nstart: b\nnodes: {b: {type: hangup}}\n", (1, 1, "X001", "this is a flow, not a file of tasks")),
    ("- a\n", (1, 1, "F003", "the file must be 'key: value' lines")),
]


@pytest.mark.parametrize(("text", "expected"), WRONG)
def test_every_mistake_has_its_place(text: str, expected: tuple[int, int, str, str]) -> None:
    line, column, code, words = expected
    with pytest.raises(FlowError) as raised:
        parse_tasks(text, load("northwind").flow, "t.yaml")
    (found,) = raised.value.findings
    assert (found.file, found.line, found.column, found.code) == ("t.yaml", line, column, code)
    assert words in found.message
    assert found.hint


def test_one_end_and_one_language_need_no_list() -> None:
    task = parse_tasks("tasks: {bill: {want: My bill, ends: a, intents: billing}}", None)["bill"]
    assert (task.want, task.ends, task.intents) == ({"": "My bill"}, ("a",), ("billing",))
    assert (task.words("en-US", "en-US"), task.words("es-US", "en-US")) == ("My bill", "")


def test_lint_checks_the_form_without_a_flow_and_the_nodes_with_it() -> None:
    sample = Sample("t.yaml", "tasks: {bill: {want: My bill, ends: nowhere}}")
    assert tasks_findings(sample, None) == ()
    assert [found.code for found in tasks_findings(sample, load("northwind").flow)] == ["X001"]


def test_the_shipped_tasks_can_be_read_and_cover_both_departments() -> None:
    """Five of the ten belong to customer service, three to product support and technicians, and both send on sales."""
    tasks = load_tasks(LIBRARY / "northwind.tasks.yaml", load("northwind").flow)
    assert len(tasks) == 10
    assert all(set(task.want) == {"en-US", "es-US"} for task in tasks.values())


def test_the_schema_takes_the_short_forms() -> None:
    schema = file_schema(TasksFile)
    wants = json.dumps(schema["$defs"]["Task"]["properties"])
    assert wants.count('"anyOf"') == 3
    assert schema["required"] == ["tasks"]
