"""A routing table as TaskRouter's configuration: its workflow gives every call to whom the table gives it."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from flows.protocol.actions import Enqueue
from ivr.__main__ import main
from ivr.answering.agents_file import AgentsFile
from ivr.answering.taskrouter import losses, taskrouter
from ivr.routing import IdleAgent, RoutingTable, agent_for_call
from tests.support.twilio_rest import ACCOUNT, TOKEN, FakeTwilio, Line
from webhooks.dispatch.rest_http import CarefulHttp
from webhooks.twilio import twiml

S = 1_000_000
_COMPARISON = re.compile(r'([\w.]+|"[^"]*") (==|IN|HAS) (\[.*?\]|true|"[^"]*"|[\w.]+)')


def holds(expression: str, task: Mapping[str, Any], worker: Mapping[str, Any]) -> bool:
    """Evaluate as much of TaskRouter's expressions as we write: comparisons joined by OR."""

    def value(text: str) -> Any:
        if text == "true" or text[0] in '"[0123456789':
            return json.loads(text)
        whose, _, name = text.rpartition(".")
        return {"task": task, "worker": worker, "": {**worker, **task}}[whose][name]

    def one(text: str) -> bool:
        match = _COMPARISON.fullmatch(text)
        assert match, text
        left, how, right = value(match[1]), match[2], value(match[3])
        return bool({"==": lambda: left == right, "IN": lambda: left in right, "HAS": lambda: right in left}[how]())

    return any(one(part) for part in expression.split(" OR "))


class Router:
    """TaskRouter, as far as its documentation says how it goes through a workflow."""

    def __init__(self, made: Mapping[str, Any]) -> None:
        self.routing = made["workflow"]["Configuration"]["task_routing"]
        self.queues = {queue["FriendlyName"]: queue["TargetWorkers"] for queue in made["task_queues"]}
        self.workers = {worker["FriendlyName"]: worker["Attributes"] for worker in made["workers"]}

    def targets(self, task: Mapping[str, Any]) -> list[dict[str, Any]]:
        for rule in self.routing["filters"]:
            if holds(rule["expression"], task, {}):
                return list(rule["targets"])
        return [self.routing["default_filter"]]

    def able(self, target: Mapping[str, Any], task: Mapping[str, Any], free: set[str]) -> set[str]:
        """The free workers whom a step takes."""
        asked = {name for name in free if holds(self.queues[target["queue"]], {}, self.workers[name])}
        wanted = target.get("expression", "1 == 1")
        return {name for name in asked if holds(wanted, task, self.workers[name])}

    def at_once(self, task: Mapping[str, Any], free: set[str]) -> set[str]:
        """Those who may get a call that comes now: those of the first step that is not left at once."""
        for target in self.targets(task):
            found = self.able(target, task, free)
            if found or "skip_if" not in target:
                return found
        raise AssertionError("no last step")

    def after(self, task: Mapping[str, Any], waited_s: float, everybody: set[str]) -> set[str]:
        """Those who may get a call that has waited in vain, when they become free."""
        for target in self.targets(task):
            if "skip_if" in target:
                continue
            if "timeout" not in target or waited_s < target["timeout"]:
                return self.able(target, task, everybody)
            waited_s -= target["timeout"]
        raise AssertionError("no last step")


def people(groups: int, languages: tuple[str, ...] = ()) -> AgentsFile:
    return AgentsFile.model_validate(
        {
            "groups": {f"g-{g}": {"skills": ["x"]} for g in range(groups)},
            "agents": {
                f"a{g}": {"name": f"A {g}", "group": f"g-{g}", "browser": True, "languages": languages[g : g + 1]}
                for g in range(groups)
            },
        }
    )


def random_table(seed: int) -> tuple[RoutingTable, int]:
    chance = random.Random(seed)
    queues, groups = chance.randint(1, 4), chance.randint(1, 5)
    table = RoutingTable(
        queues=tuple(f"q-{q}" for q in range(queues)),
        groups=tuple(f"g-{g}" for g in range(groups)),
        rank=tuple(tuple(chance.choice((None, 0, 1, 2)) for _ in range(groups)) for _ in range(queues)),
        after_us=tuple(tuple(chance.choice((0, 0, 30, 90)) * S for _ in range(groups)) for _ in range(queues)),
        priority=tuple(chance.choice((-1.0, 0.0, 2.5)) for _ in range(queues)),
    )
    return table, groups


@pytest.mark.parametrize("seed", range(60))
def test_the_workflow_gives_calls_to_those_to_whom_the_table_gives_them(seed: int) -> None:
    table, groups = random_table(seed)
    router = Router(taskrouter("Line", people(groups), table))
    chance = random.Random(seed)
    for q, queue in enumerate(table.queues):
        if all(rank is None for rank in table.rank[q]):
            continue
        task = {"queue": queue.replace("-", "_") + "_" + _hash(queue), "language": "en"}
        for _ in range(8):
            free = {g for g in range(groups) if chance.random() < 0.5}
            got = router.at_once(task, {f"a{g}" for g in free})
            best = agent_for_call(table, queue=q, waited_us=0, idle=[IdleAgent(g, g, 0) for g in free])
            pool = set() if best is None else {g for g in free if _same(table, q, g, best)}
            assert got == {f"a{g}" for g in pool}
        for waited_s in (0, 29, 31, 89, 91, 400):
            allowed = {
                f"a{g}"
                for g in range(groups)
                if agent_for_call(table, queue=q, waited_us=waited_s * S, idle=[IdleAgent(g, g, 0)]) is not None
            }
            assert router.after(task, waited_s, {f"a{g}" for g in range(groups)}) == allowed


def _same(table: RoutingTable, queue: int, group: int, other: int) -> bool:
    return table.rank[queue][group] == table.rank[queue][other] and table.after_us[queue][group] == 0


def _hash(name: str) -> str:
    from ivr.answering.taskrouter_names import plain_name

    return plain_name(name)[-6:]


@pytest.mark.parametrize("seed", range(20))
def test_queues_keep_their_order_of_priority(seed: int) -> None:
    table, groups = random_table(seed)
    made = taskrouter("Line", people(groups), table)
    filters = made["workflow"]["Configuration"]["task_routing"]["filters"]
    given = {rule["filter_friendly_name"]: {target["priority"] for target in rule["targets"]} for rule in filters}
    stated = dict(zip(table.queues, table.priority, strict=True))
    for one, [first] in given.items():
        for other, [second] in given.items():
            assert (first < second) == (stated[one] < stated[other])


def test_languages_are_asked_for_where_agents_state_theirs() -> None:
    table = RoutingTable(queues=("q",), groups=("g-0", "g-1"), rank=((0, 0),))
    router = Router(taskrouter("Line", people(2, ("es-US",)), table))
    assert router.at_once({"queue": "q", "language": "es"}, {"a0", "a1"}) == {"a0", "a1"}
    assert router.at_once({"queue": "q", "language": "en"}, {"a0", "a1"}) == {"a1"}


def test_what_taskrouter_cannot_do_is_told() -> None:
    table = RoutingTable(
        queues=("a", "b"),
        groups=("g", "h"),
        rank=((0, 0), (0, 1)),
        pull=((0, 1), (1, 0)),
        weight_per_s=(0.5, 0.0),
        keep_idle=(1, 0),
        choice=("fewest_calls", "fewest_calls"),
        order=("time_in_system", "time_in_queue"),
    )
    assert losses(table) == (
        "group 'g' keeps 1 agent back for its own queues; TaskRouter gives any free worker a task",
        "group 'g' chooses by fewest_calls; TaskRouter takes the worker who has been idle longest",
        "group 'h' chooses by fewest_calls; TaskRouter takes the worker who has been idle longest",
        "the priority of queue 'a' grows by 0.5 a second; TaskRouter's stays",
        "queue 'a' counts from when the call began; TaskRouter counts from when it joined the queue",
        "groups prefer different queues (pull); TaskRouter has one priority for all workers, that of the queues",
    )
    assert losses(RoutingTable(queues=("a",), groups=("g",), rank=((0,),))) == ()


def test_twilio_takes_every_resource() -> None:
    """Twilio's own client makes them; its OpenAPI description knows each parameter."""
    from twilio.rest import Client

    table = RoutingTable(queues=("q",), groups=("g-0", "g-1"), rank=((0, 1),), after_us=((0, 30 * S),))
    made, carrier = taskrouter("Line", people(2), table), FakeTwilio()
    client = Client(ACCOUNT, TOKEN, http_client=CarefulHttp(Line(carrier)))
    spaces = client.taskrouter.v1.workspaces
    spaces.create(friendly_name=made["workspace"]["FriendlyName"], multi_task_enabled=False)
    space = spaces("WS" + "0" * 32)
    for activity in made["activities"]:
        space.activities.create(friendly_name=activity["FriendlyName"], available=activity["Available"])
    for queue in made["task_queues"]:
        space.task_queues.create(
            friendly_name=queue["FriendlyName"], target_workers=queue["TargetWorkers"], task_order=queue["TaskOrder"]
        )
    workflow = made["workflow"]
    space.workflows.create(
        friendly_name=workflow["FriendlyName"],
        configuration=json.dumps(workflow["Configuration"]),
        task_reservation_timeout=workflow["TaskReservationTimeout"],
    )
    for worker in made["workers"]:
        space.workers.create(friendly_name=worker["FriendlyName"], attributes=json.dumps(worker["Attributes"]))
    assert carrier.wrong == []
    assert [done.operation for done in carrier.done] == [
        "CreateWorkspace",
        "CreateActivity",
        "CreateActivity",
        "CreateTaskQueue",  # q: g-0, in the first 30 s and while it has somebody free
        "CreateTaskQueue",  # q
        "CreateWorkflow",
        "CreateWorker",
        "CreateWorker",
    ]


def test_the_shipped_line_is_exported(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "taskrouter", "northwind"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert list(made) == ["workspace", "activities", "task_queues", "workflow", "workers"]
    assert made["workspace"]["FriendlyName"] == "Northwind Telecom"
    known = {queue["FriendlyName"] for queue in made["task_queues"]}
    routing = made["workflow"]["Configuration"]["task_routing"]
    assert {target["queue"] for rule in routing["filters"] for target in rule["targets"]} <= known


def test_a_line_without_agents_says_what_to_write(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "line.yaml"
    file.write_text("{ivr: 1, name: L, start: q, nodes: {q: {type: queue, queue: billing}}}", "utf-8")
    assert main(["export", "taskrouter", str(file)]) == 2
    assert "write line.agents.yaml, or name one by --agents" in capsys.readouterr().err


def test_callers_join_the_workflow_with_what_its_filters_ask_for() -> None:
    actions = [Enqueue("tech-es", 0, None, None, 60.0, (), "en-US", ("answered",), False)]
    said = twiml.document(actions, action_url="/voice", wait_url="/wait", workflow="WW1").decode()
    assert ' waitUrl="/wait" waitUrlMethod="POST" workflowSid="WW1"><Task>{' in said
    assert '{"queue": "tech_es_1e34bb", "language": "en"}</Task></Enqueue>' in said
    assert "workflowSid" not in twiml.document(actions, action_url="/voice", wait_url="/wait").decode()
