"""What callers want and how they behave, as stated in a scenario."""

from __future__ import annotations

import itertools
from typing import Any, Literal

from pydantic import Field, model_validator

from flows.speech.timing import DECISION_S, LOOKUP_S, MESSAGE_S, RING_S, SHARE_HEAR_ALL, SHARE_KEY_AHEAD, SHARE_SILENT
from flows.values.scalars import Duration, Key
from simulation.sampling.distributions import Constant, Exponential, Lognormal
from simulation.scenario.field_types import Part, Share, Times

__all__ = ["HUNG_UP", "Behaviour", "Intent", "IntentRetry", "NodeBehaviour", "Repeat", "Retry", "Told", "WaitingKey"]

HUNG_UP = "hung_up"
"""Outcome of a measured node: the caller hangs up there."""


class Repeat(Part):
    """Callers who were handled and call again, because the matter is not settled.

    Parameters
    ----------
    share : share
        Share of the callers whose call was handled, each time, who call again.
    after : distribution
        From the end of the handled call to the next.
    """

    share: Share
    after: Times


class IntentRetry(Part):
    """What differs from ``behaviour.retry`` for callers of one intent; unstated values are those of all callers.

    Parameters
    ----------
    share, after, attempts, after_handled
        As in ``behaviour.retry``.
    """

    share: Share | None = None
    after: Times | None = None
    attempts: int | None = Field(default=None, ge=1, le=50)
    after_handled: Repeat | None = None


class Intent(Part):
    """What a share of callers wants. They get it at the node `goal` (a queue, a play that serves, a dial ...).

    With several nodes, any of them will do.

    Parameters
    ----------
    share
        Share of callers who want it, 0..1 or 12%; or a list with one for each interval. Left out where `arrivals`
        state the volumes of intents.
    goal
        Node where they get it, or several, any of which will do.
    retry : IntentRetry or None
        What differs from ``behaviour.retry``.
    values : dict of name to value
        What the flow's splits find for these callers, such as the number called (``dnis``) or a tier.
    splits, lookups : dict of node to dict of outcome to share
        As in ``behaviour``, for these callers.
    """

    share: tuple[Share, ...] = ()
    goal: tuple[str, ...] = Field(min_length=1)
    urgency: float = Field(
        default=0.0, ge=-1000, le=1000, description="added to the priority of every queue these callers join"
    )
    retry: IntentRetry | None = None
    values: dict[str, str] = Field(default={})
    splits: dict[str, dict[str, Share]] = Field(default={})
    lookups: dict[str, dict[str, Share]] = Field(default={})

    @model_validator(mode="before")
    @classmethod
    def _single_values(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        single = {
            name: [value[name]]
            for name, kinds in (("goal", str), ("share", str | int | float))
            if isinstance(value.get(name), kinds)
        }
        return {**value, **single}


class NodeBehaviour(Part):
    """How callers behave at one node; unstated values are those of the rest of the flow.

    Parameters
    ----------
    shares : dict of outcome to share
        Measured: how often each outcome happens, whatever callers want. The answers to each question of a survey sum to
        1 separately.
    dwell : distribution or None
        Measured: time of one visit, from entering the node to leaving it, with all its attempts, parts and questions.
        Replaces the time computed from what is said.
    hear_all, key_ahead, wrong_key, no_input, zero_out, no_entry, wrong_entry, hang_up_per_minute
        As in `behaviour`, at this node.
    """

    shares: dict[str, Share] = Field(default={})
    dwell: Times | None = None
    hear_all: Share | None = None
    key_ahead: Share | None = None
    wrong_key: Share | None = None
    no_input: Share | None = None
    zero_out: Share | None = None
    no_entry: Share | None = None
    wrong_entry: Share | None = None
    hang_up_per_minute: float | None = Field(default=None, ge=0, le=60)


class Told(Part):
    """How callers react to an announced wait from `above` on: who leaves, and how the patience of the others changes.

    Armony, Shimkin and Whitt (2009), "The impact of delay announcements in many-server queues with abandonment",
    Operations Research 57(1), section 2: customers respond by balking and by a patience that depends on what they hear.

    Parameters
    ----------
    above : duration
        The announced wait from which this holds.
    leave : share
        Share of those who hear it who hang up at once.
    """

    above: Duration = Field(ge=0)
    leave: Share = 0.0
    patience: float = Field(default=1.0, ge=0, le=1000, description="factor on the patience of those who stay")


class WaitingKey(Part):
    """Callers who press a key while they wait, if they wait long enough: their share, and after how long.

    Parameters
    ----------
    share : share
        Share of the callers who wait here.
    after : distribution
        From joining the queue to pressing the key.
    """

    share: Share
    after: Times


class Retry(Part):
    """Callers who call again: because they were not served, or because a handled call did not settle the matter.

    Parameters
    ----------
    share : share
        Share of the callers not served, each time, who try again.
    after : distribution
        From the end of one attempt to the next.
    patience : {"keep", "redraw"}
        Whether callers keep the patience of the attempt before, or draw a new one.
    attempts : int
        Most calls, including the first.
    on : list of outcome
        Outcomes after which callers try again.
    after_handled : Repeat or None
        Callers who were handled and call again.
    """

    share: Share = 0.0
    after: Times = Exponential(600.0)
    patience: Literal["keep", "redraw"] = "keep"
    attempts: int = Field(default=5, ge=2, le=50)
    on: tuple[
        Literal["blocked", "abandoned", "abandoned_in_menu", "closed", "failed", "voicemail", "turned_away"], ...
    ] = Field(default=("blocked", "abandoned", "turned_away"), min_length=1)
    after_handled: Repeat | None = None

    @model_validator(mode="after")
    def _ends(self) -> Retry:
        if "share" not in self.model_fields_set and self.after_handled is None:
            raise ValueError("nobody calls again; state the share of callers not served who do, or after_handled")
        certain = self.share == 1 or (self.after_handled is not None and self.after_handled.share == 1)
        if certain and "attempts" not in self.model_fields_set:
            raise ValueError(
                "if all callers try again they never give up; state a share below 1, or how many attempts they make"
            )
        return self


class Behaviour(Part):
    """How callers walk through the menus. Defaults are assumptions without field evidence, and reports say so.

    Parameters
    ----------
    hear_all, key_ahead : share of callers
        Callers who hear a whole menu before they press; callers who know it and press at once. The rest press on
        hearing their option.
    wrong_key : share of presses
        Presses of a key other than the one meant; the other eleven are equally likely.
    no_input : share of prompts
        Prompts after which the caller stays silent.
    zero_out : share of prompts
        Prompts at which the caller presses 0 for the operator without listening, where 0 is bound.
    no_entry, wrong_entry : share of prompts for digits, share of entries
        Prompts after which nothing is entered (the number is not at hand); entries of a wrong number.
    hang_up_per_minute : float
        Rate of hanging up in the menu.
    reaction : distribution
        From hearing the option to pressing its key.
    languages : dict of language to share
        Languages that callers speak; default: all speak the flow's first.
    splits : dict of node to dict of case to share
        Outcomes of split nodes; default: ``otherwise``, and of splits by shares those of the flow.
    lookups : dict of node to dict of outcome to share
        Outcomes of lookups, text messages and callback bookings; default: success (found, sent, booked).
    lookup : distribution
        Time until a lookup answers.
    leave_message, message : share, distribution
        Callers who leave a message at a voicemail, and how long it is.
    ring : distribution
        Time until a dialled number answers, is busy or fails.
    nodes : dict of node to NodeBehaviour
        What differs at a node.
    while_waiting : dict of queue node to dict of key to WaitingKey
        Callers who use the keys offered while waiting; default: none.
    told : list of Told
        How callers react to an announced wait; default: not at all.
    retry : Retry or None
        Callers who call again; default: none.
    """

    hear_all: Share = SHARE_HEAR_ALL
    key_ahead: Share = SHARE_KEY_AHEAD
    wrong_key: Share = 0.01
    no_input: Share = SHARE_SILENT
    zero_out: Share = 0.02
    no_entry: Share = 0.05
    wrong_entry: Share = 0.03
    hang_up_per_minute: float = Field(default=0.02, ge=0, le=60)
    reaction: Times = Lognormal(DECISION_S, 0.5)
    languages: dict[str, Share] = Field(default={})
    splits: dict[str, dict[str, Share]] = Field(default={})
    lookups: dict[str, dict[str, Share]] = Field(default={})
    lookup: Times = Constant(LOOKUP_S)
    leave_message: Share = 0.7
    message: Times = Lognormal(MESSAGE_S, 0.5)
    ring: Times = Constant(RING_S)
    nodes: dict[str, NodeBehaviour] = Field(default={})
    while_waiting: dict[str, dict[Key, WaitingKey]] = Field(default={})
    told: tuple[Told, ...] = ()
    retry: Retry | None = None

    @model_validator(mode="after")
    def _shares_fit(self) -> Behaviour:
        for parts in (("hear_all", "key_ahead"), ("no_input", "zero_out"), ("no_entry", "zero_out")):
            total = sum(getattr(self, part) for part in parts)
            if total > 1 + 1e-9:
                raise ValueError(f"{' + '.join(parts)} is {total:.6g}; together they are at most 1")
        for node, keys in self.while_waiting.items():
            if (total := sum(key.share for key in keys.values())) > 1 + 1e-9:
                raise ValueError(
                    f"the shares of keys pressed while waiting at {node!r} sum to {total:.6g}; together they are at"
                    " most 1"
                )
        bounds = [told.above for told in self.told]
        if any(a >= b for a, b in itertools.pairwise(bounds)):
            raise ValueError(
                "the steps of told must ascend; write them from the shortest announced wait to the longest"
            )
        return self
