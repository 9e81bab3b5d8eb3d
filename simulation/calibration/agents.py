"""Infers from who answered which agents serve which queues."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ivr.records.schema import result_code
from ivr.records.tables import Records
from simulation.arrays import Flags, Ints, Times

__all__ = ["AgentGroup", "Answers", "agent_groups", "answers_of", "stated_groups"]

_FEW = 20
_LEAST_SHARE = 0.02
_HANDLED = (result_code("handled"), result_code("handed_over"))


@dataclass(frozen=True)
class AgentGroup:
    """Agents who serve the same queues.

    Parameters
    ----------
    name : str
    queues : tuple of str
    agents : tuple of int
        Their numbers in the records.
    """

    name: str
    queues: tuple[str, ...]
    agents: tuple[int, ...]


@dataclass(frozen=True)
class Answers:
    """Answered visits in order of agent and time.

    Parameters
    ----------
    agent, queue : numpy.ndarray
        i8[n].
    at_us, until_us : numpy.ndarray
        i8[n]. Beginning and end of the talk.
    wait_us : numpy.ndarray
        i8[n].
    """

    agent: Ints
    queue: Ints
    at_us: Times
    until_us: Times
    wait_us: Times

    def of(self, rows: Flags) -> Answers:
        """Some of them."""
        return Answers(self.agent[rows], self.queue[rows], self.at_us[rows], self.until_us[rows], self.wait_us[rows])


def answers_of(records: Records) -> Answers:
    """The answered visits of records whose agents are known."""
    visits = records.visits
    rows = np.isin(visits["result"], _HANDLED) & (visits["agent"] >= 0)
    order = np.lexsort((visits["answered_us"][rows], visits["agent"][rows]))
    at = visits["answered_us"][rows][order]
    return Answers(
        visits["agent"][rows][order].astype(np.int64),
        visits["queue"][rows][order].astype(np.int64),
        at,
        at + visits["talk_us"][rows][order],
        (visits["left_us"] - visits["offered_us"])[rows][order],
    )


def agent_groups(answers: Answers, queues: tuple[str, ...]) -> tuple[AgentGroup, ...]:
    """Agents in groups by the queues they serve, the largest first.

    An agent serves a queue if they answer at least a tenth as many of its calls as they would if all agents served all
    queues; where that would be fewer than four, they are taken to serve it. Small groups join the nearest larger one.
    """
    size = int(answers.agent.max()) + 1 if len(answers.agent) else 0
    table = np.zeros((size, len(queues)))
    np.add.at(table, (answers.agent, answers.queue), 1.0)
    total, share = table.sum(axis=1), table.sum(axis=0) / max(table.sum(), 1.0)
    expected = total[:, None] * share[None, :]
    serves = (table >= 0.1 * expected) | (expected < 4)
    serves &= share[None, :] > 0
    members: dict[tuple[bool, ...], list[int]] = {}
    for agent in np.flatnonzero(total >= _FEW).tolist():
        members.setdefault(tuple(serves[agent].tolist()), []).append(agent)
    if not members:
        members = {tuple((share > 0).tolist()): np.flatnonzero(total).tolist()}
    order = sorted(members, key=lambda of: -float(total[members[of]].sum()))
    large = [of for of in order if total[members[of]].sum() >= _LEAST_SHARE * total.sum()] or order[:1]
    for of in order:
        if of not in large:
            members[_nearest(of, large)] += members.pop(of)
    for agent in np.flatnonzero((total > 0) & (total < _FEW)).tolist():
        if not any(agent in found for found in members.values()):
            members[_nearest(tuple((table[agent] > 0).tolist()), large)].append(agent)
    _cover(members, large, share > 0)
    return tuple(
        AgentGroup(_name(of, queues, i), _named(of, queues), tuple(sorted(members[of]))) for i, of in enumerate(large)
    )


def stated_groups(records: Records) -> tuple[AgentGroup, ...]:
    """The groups that records name themselves, with the queues that each answered; none if they name none."""
    visits, names = records.visits, records.names["group"]
    rows = np.isin(visits["result"], _HANDLED) & (visits["agent"] >= 0) & (visits["group"] >= 0)
    found = []
    for code, name in enumerate(names):
        mine = rows & (visits["group"] == code)
        if np.any(mine):
            queues = np.unique(visits["queue"][mine])
            agents = np.unique(visits["agent"][mine])
            named = tuple(records.names["queue"][queue] for queue in queues.tolist())
            found.append(AgentGroup(name, named, tuple(agents.tolist())))
    return tuple(found)


def _nearest(of: tuple[bool, ...], large: list[tuple[bool, ...]]) -> tuple[bool, ...]:
    return min(large, key=lambda other: (sum(a != b for a, b in zip(of, other, strict=True)), -sum(other)))


def _cover(members: dict[tuple[bool, ...], list[int]], large: list[tuple[bool, ...]], used: Flags) -> None:
    """Let the largest group serve queues that no group would serve."""
    lacking = used & ~np.any(np.array(large), axis=0)
    if np.any(lacking):
        wider = tuple((np.array(large[0]) | lacking).tolist())
        members[wider] = members.pop(large[0])
        large[0] = wider


def _named(of: tuple[bool, ...], queues: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name, serves in zip(queues, of, strict=True) if serves)


def _name(of: tuple[bool, ...], queues: tuple[str, ...], number: int) -> str:
    served = _named(of, queues)
    if len(served) == len(queues):
        return "agents"
    return "agents for " + " and ".join(served) if len(served) <= 2 else f"agents {number + 1}"
