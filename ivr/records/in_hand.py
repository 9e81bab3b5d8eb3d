"""The time of agents who chat: stretches in which they have the same number of chats in hand."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ivr.records.columns import ColumnArray, Columns
from ivr.records.outbound import Spans

__all__ = ["apart_from_chats", "in_hand_spans", "working"]


def apart_from_chats(visits: Columns, in_hand: Columns) -> NDArray[np.bool_]:
    """Which visits agents who do not chat answered: their talk and work are the agents' time."""
    answered = np.asarray(visits["agent"] >= 0)
    if len(in_hand["group"]):
        answered &= ~np.isin(visits["group"], np.unique(in_hand["group"]))
    return answered


def working(in_hand: Columns) -> dict[str, ColumnArray]:
    """Stretches with something in hand, as if each were a visit: talk if any talk goes on, else after-call work."""
    busy = in_hand["in_hand"] > 0
    began = in_hand["began_us"][busy]
    length, talking = in_hand["ended_us"][busy] - began, in_hand["talking"][busy] > 0
    return {
        "agent": in_hand["agent"][busy],
        "group": in_hand["group"][busy],
        "answered_us": began,
        "talk_us": np.where(talking, length, 0),
        "acw_us": np.where(talking, 0, length),
    }


def in_hand_spans(in_hand: Columns) -> Spans:
    """What the stretches add to the sums; one with three in hand is there three times."""
    every = np.arange(len(in_hand["agent"]))
    times = {
        "in_hand_us": in_hand["in_hand"],
        "holding_us": in_hand["in_hand"] > 0,
        "taken_us": in_hand["taken"],
        "slots_us": in_hand["slots"],
    }
    rows = {name: np.repeat(every, number) for name, number in times.items()}
    return {name: (in_hand["began_us"][of], in_hand["ended_us"][of], in_hand["group"][of]) for name, of in rows.items()}
