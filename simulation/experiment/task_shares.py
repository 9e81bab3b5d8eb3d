"""What a scenario says about tasks: how many of its callers come for each, and how many of them arrive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from flows.model.flow import Flow
from flows.source.finding import usage_error
from flows.tasks.task_file import Task
from flows.tasks.task_share import TaskShare
from simulation.experiment.scenario_facts import clock_shares
from simulation.loading.load import load_scenario
from simulation.menus.caller_model import CallerModel
from simulation.menus.traffic import menu_traffic
from simulation.workload.build_call_table import prepare

__all__ = ["task_shares"]


def task_shares(file: str, flow: Flow, tasks: Mapping[str, Task]) -> dict[str, TaskShare]:
    """The callers of each task, exactly, from the tabulated chain.

    Parameters
    ----------
    file : str
        A scenario file, or the name of a shipped one; its callers call `flow`, whichever flow it names.
    flow : Flow
    tasks : mapping of str to Task

    Raises
    ------
    IvrError
        If the scenario cannot be simulated, or has no intent that a task names.

    Examples
    --------
    >>> from flows.model.load import load
    >>> task = Task.model_validate({"want": "Where are you?", "ends": "office_address"})
    >>> found = task_shares("northwind", load("northwind").flow, {"address": task})
    >>> found["address"].intents, round(found["address"].calls, 2), round(found["address"].arrive, 2)
    (('address and hours',), 0.04, 0.92)
    """
    loaded = load_scenario(file, flow=flow)
    intents = loaded.scenario.intents
    unknown = [(name, intent) for name, task in tasks.items() for intent in task.intents if intent not in intents]
    if unknown:
        name, intent = unknown[0]
        message = f"task {name!r} names the intent {intent!r}, which {file} does not have"
        raise usage_error("X001", message, f"there are {', '.join(intents)}")
    named = {
        name: task.intents or tuple(intent for intent, wants in intents.items() if set(wants.goal) & set(task.ends))
        for name, task in tasks.items()
    }
    prepared = prepare(loaded)
    clock = clock_shares(prepared, prepared.arrivals.expected_calls(prepared.horizon_us))
    return {name: _share(prepared.model, named[name], task.ends, clock) for name, task in tasks.items()}


def _share(model: CallerModel, intents: tuple[str, ...], ends: tuple[str, ...], clock: Sequence[float]) -> TaskShare:
    """Callers with these intents; a call that reaches some of the nodes ends, among these, at the last of them."""
    theirs = model.intent_share * np.isin(model.intents, intents)
    calls = float(theirs.sum() / model.intent_share.sum())
    if not calls:
        return TaskShare(intents, 0.0, 0.0)
    reached = menu_traffic(replace(model, intent_share=theirs), ends, clock).endings
    return TaskShare(intents, calls, sum(ending.share for ending in reached.values()))
