"""The columns of a forecast by type as the volumes of a scenario: by intent, or by queue."""

from __future__ import annotations

from flows.display.numbers import share
from flows.nodes.queue import Queue
from flows.source.document import nearest
from flows.source.finding import UsageError, usage_error
from simulation.forecasting.by_type import NO_QUEUE
from simulation.forecasting.csv_text import type_columns
from simulation.forecasting.forecast import Forecast
from simulation.scenario.loaded import LoadedScenario

__all__ = ["volumes_of"]


def volumes_of(of: Forecast, loaded: LoadedScenario) -> tuple[dict[str, str], set[str]]:
    """The column of each intent or queue, and the intents that state no share any more: it follows from the calls.

    Parameters
    ----------
    of : Forecast
        With types.
    loaded : LoadedScenario
        The scenario that is to have these volumes.

    Raises
    ------
    UsageError
        When the types are not those of the scenario.
    """
    intents, wanted = loaded.scenario.intents, _wanted(loaded)
    columns = {name: column for name, column in type_columns(of).items() if name != NO_QUEUE}
    for name in columns:
        if name not in intents and name not in wanted.values():
            raise _strange(name, [*intents, *wanted.values()], "is no intent or queue of the scenario")
    shareless, queues = {name for name in intents if name in columns}, columns.keys() - intents.keys()
    for queue in queues:
        of_queue = [name for name, its in wanted.items() if its == queue]
        shareless |= set(of_queue) if len(of_queue) == 1 else set()
    rest = [name for name in intents if name not in columns and wanted.get(name) not in queues]
    if rest and not queues:
        raise _strange(rest[0], list(columns), "is an intent of the scenario, and has no calls in the history")
    menu = sum(float(one.parts.sum()) for one in of.types if one.name == NO_QUEUE)
    if menu and not rest:
        part = share(menu / max(float(of.parts.mean.sum()), 1e-12))
        raise usage_error(
            "X005",
            f"{part} of the calls join no queue, and every intent of the scenario wants one",
            "write --by intent, or leave out --by: the scenario's own shares then divide all calls",
        )
    return columns, shareless


def _wanted(loaded: LoadedScenario) -> dict[str, str]:
    """The queue that callers of an intent want, of those who want one queue only."""
    queue_of = {name: node.queue for name, node in loaded.flow.nodes.items() if isinstance(node, Queue)}
    found = {}
    for name, intent in loaded.scenario.intents.items():
        queues = {queue_of.get(goal, "") for goal in intent.goal}
        if len(queues) == 1 and (queue := queues.pop()):
            found[name] = queue
    return found


def _strange(name: str, others: list[str], why: str) -> UsageError:
    near = nearest(name, others)
    meant = f"did you mean {near!r}? rename it" if near else f"the others are {', '.join(dict.fromkeys(others))}"
    return usage_error(
        "X005",
        f"{name!r} {why}",
        f"{meant}; or leave out --by, and the scenario's own shares divide the calls",
    )
