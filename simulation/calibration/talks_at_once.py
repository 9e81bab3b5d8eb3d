"""Agents with more than one talk in hand, as in chats: a scenario that is made of such a log is not theirs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flows.display.numbers import share
from flows.source.finding import Finding
from flows.values.units import US_PER_S
from ivr.records.tables import Records
from simulation.calibration.agents import Answers, answers_of

__all__ = ["TalksAtOnce", "talks_at_once"]

_LEAST = 0.02
"""Less of the time is a fault in some rows, which K008 shows one by one."""
_OFTEN = 0.05


@dataclass(frozen=True)
class TalksAtOnce:
    """How much agents talk to several callers at once.

    Parameters
    ----------
    share : float
        Of the time in which agents talk: with more than one talk in hand.
    most : int
        Talks in hand at once.
    queues : tuple of str
        Of whose talks more than one in twenty goes on beside another of the same agent.
    """

    share: float
    most: int
    queues: tuple[str, ...]

    @property
    def words(self) -> str:
        """What is wrong with a scenario that is made of such a log."""
        return (
            f"agents have up to {self.most} talks in hand at once, for {share(self.share)} of the time they talk, as in"
            f" chats ({', '.join(self.queues)}): the scenario has them take one at a time, each for as long as it"
            " lasted beside the others"
        )

    def finding(self, file: str) -> Finding:
        """The same with what to do."""
        return Finding(
            code="K008",
            severity="warning",
            message=self.words,
            file=file,
            hint=f"if these are chats, state `chats` of their group in the scenario (at_once: {self.most}, and slower),"
            " and as talk what a chat takes that is alone in hand; if not, check the times of talk",
        )


def talks_at_once(records: Records) -> TalksAtOnce | None:
    """How much agents talk to several callers at once; None if they do not, but for clocks and single faults.

    A talk is counted up to two units of the log's clock before its end: whole seconds, or minutes where all times are
    whole minutes, make talks overlap that do not.
    """
    answers = answers_of(records)
    until = np.maximum(answers.until_us - 2 * _unit_us(answers), answers.at_us)
    count = len(until)
    if not count:
        return None
    # Of each agent in order of time, ends before beginnings at the same moment; the sum is 0 again after each agent.
    agent, at = np.tile(answers.agent, 2), np.concatenate([until, answers.at_us])
    step = np.repeat([-1, 1], count)
    order = np.lexsort((step, at, agent))
    in_hand = np.cumsum(step[order])
    length = np.append(np.diff(at[order]), 0)
    talking, several = length[in_hand > 0].sum(), length[in_hand > 1].sum()
    if not talking or several < _LEAST * talking:
        return None
    return TalksAtOnce(float(several / talking), int(in_hand[length > 0].max()), _queues(records, answers, until))


def _unit_us(answers: Answers) -> int:
    """The unit of the log's clock, but at least a second."""
    minute = 60 * US_PER_S
    whole = not np.any(answers.at_us % minute) and not np.any(answers.until_us % minute)
    return minute if whole else US_PER_S


def _queues(records: Records, answers: Answers, until: np.ndarray) -> tuple[str, ...]:
    """The queues of talks that begin in another of the agent, or go on when another begins."""
    # Beginnings are in order, so the latest end so far is that of a running maximum, apart for each agent.
    far = int(until.max()) + 1
    latest = np.maximum.accumulate(until + answers.agent * far)
    begins_in = np.append(False, (latest[:-1] > answers.at_us[1:] + answers.agent[1:] * far))
    same = np.append(answers.agent[1:] == answers.agent[:-1], False)
    goes_on = same & np.append(answers.at_us[1:] < until[:-1], False)
    names = records.names["queue"]
    found, all_ = (np.bincount(answers.queue[rows], minlength=len(names)) for rows in (begins_in | goes_on, until >= 0))
    return tuple(
        name for name, some, of in zip(names, found.tolist(), all_.tolist(), strict=True) if some > _OFTEN * of
    )
