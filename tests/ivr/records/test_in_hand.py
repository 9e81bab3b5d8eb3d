"""The time of agents who chat."""

from __future__ import annotations

import numpy as np

from ivr.records.in_hand import apart_from_chats, in_hand_spans, working

# One agent of group 1: nothing in hand for 10, one talk for 20, two chats of which one talks for 5, wrap-up for 8.
IN_HAND = {
    "agent": np.array([3, 3, 3, 3]),
    "group": np.array([1, 1, 1, 1]),
    "began_us": np.array([0, 10, 30, 35]),
    "ended_us": np.array([10, 30, 35, 43]),
    "in_hand": np.array([0, 1, 2, 1]),
    "talking": np.array([0, 1, 1, 0]),
    "taken": np.array([0, 1, 2, 1]),
    "slots": np.array([3, 3, 3, 3]),
}


def test_stretches_are_talk_while_any_talk_goes_on() -> None:
    found = working(IN_HAND)
    assert found["answered_us"].tolist() == [10, 30, 35]
    assert found["talk_us"].tolist() == [20, 5, 0]
    assert found["acw_us"].tolist() == [0, 0, 8]


def test_a_stretch_counts_as_often_as_there_are_chats_in_it() -> None:
    """1 x 20 + 2 x 5 + 1 x 8 in hand, 33 with anything in hand, 3 slots of 43."""
    found = {name: int((end - begin).sum()) for name, (begin, end, _) in in_hand_spans(IN_HAND).items()}
    assert found == {"in_hand_us": 38, "holding_us": 33, "taken_us": 38, "slots_us": 129}


def test_visits_of_those_who_chat_are_told_apart() -> None:
    visits = {"agent": np.array([3, 0, -1]), "group": np.array([1, 0, -1])}
    assert apart_from_chats(visits, IN_HAND).tolist() == [False, True, False]
    none = {"group": np.array([], dtype=int)}
    assert apart_from_chats(visits, none).tolist() == [True, True, False]
