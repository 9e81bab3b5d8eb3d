"""Whether scenarios draw the same call table, so that it is drawn once for all of them."""

from __future__ import annotations

from pathlib import Path

from ivr.answering.routing import Routing
from simulation.sampling.families import Constant
from simulation.scenario.floor import Group, QueueTimes
from simulation.scenario.loaded import LoadedScenario
from simulation.scenario.model import Scenario
from simulation.scenario.service_level import ServiceLevel

__all__ = ["same_tables"]

_FROM_FILES = ("csv", "history", "trace")


def same_tables(one: LoadedScenario, other: LoadedScenario) -> bool:
    """Whether two scenarios draw the same call table from the same streams.

    They do if they are equal but for what only the floor reads: who is on duty when, which agent takes which call,
    lines, and what is counted. Whatever is not known to be of the floor is taken to be drawn.

    Examples
    --------
    >>> from simulation.loading.load import load_scenario
    >>> few, many = (load_scenario("northwind", settings=[f"staff_factor={n}"]) for n in (0.5, 2))
    >>> same_tables(few, many)
    True
    >>> same_tables(few, load_scenario("northwind", settings=["patience={exponential: 3m}"]))
    False
    """
    files = {Path(of.document.file).parent for of in (one, other)}
    return (
        one.flow.digest == other.flow.digest
        and (len(files) == 1 or one.scenario.arrivals.kind not in _FROM_FILES)
        and list(one.scenario.groups) == list(other.scenario.groups)
        and _drawn(one.scenario) == _drawn(other.scenario)
    )


def _drawn(scenario: Scenario) -> Scenario:
    """The scenario with one value for everything that only the floor reads."""
    queues = {name: of.model_copy(update={"service_level": None}) for name, of in scenario.queues.items()}
    of_the_floor = {
        "name": "",
        "description": "",
        "staff_factor": 1.0,
        "lines": None,
        "at_end": "drain",
        "service_level": ServiceLevel(),
        "costs": None,
        "replications": 1,
        "seed": 0,
        "precision": None,
        "warm_up": 0.0,
        "confidence": 0.95,
        # Whether agents are chosen at random is drawn for each call.
        "routing": Routing(choice="random") if scenario.routing.at_random else Routing(),
        "queues": {name: of for name, of in queues.items() if of != QueueTimes()},
        "groups": {name: _callers_of(group) for name, group in scenario.groups.items()},
    }
    return scenario.model_copy(update=of_the_floor)


def _callers_of(group: Group) -> Group:
    """A group with what its calls bring it, talk times and pauses, and nothing else."""
    of_the_floor = {
        "skills": {},
        "agents": (),
        "shifts": (),
        "breaks": (),
        "shrinkage": 0.0,
        "speed": Constant(1.0),
        "cost_per_hour": 1.0,
        "end_of_shift": "finish",
        "outbound": None,
    }
    return group.model_copy(update=of_the_floor)
