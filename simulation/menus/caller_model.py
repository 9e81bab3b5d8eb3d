"""The behaviour of callers at every position of a menu chain, as arrays: everything a walk through the menus reads."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from simulation.arrays import Flags, Floats, Ints, Times
from simulation.menus.chain import MenuChain
from simulation.menus.goal_policy import GoalPolicy
from simulation.menus.opening_states import OpeningStates
from simulation.sampling.distributions import Distribution

__all__ = ["AHEAD", "FIRST", "HEAR_ALL", "CallerModel"]

FIRST, HEAR_ALL, AHEAD = range(3)
"""Kinds of caller, by when they press: on hearing their option, after the whole prompt, or at once from memory."""


@dataclass(frozen=True)
class CallerModel:
    """Behaviour by position; arrays are [position], [position, edge] or as stated.

    Parameters
    ----------
    chain : MenuChain
    intents, languages, queues : tuple of str
    intent_share, language_share : numpy.ndarray
    hear_all, key_ahead : numpy.ndarray
        Shares of callers of these kinds at the position.
    silent, zero, wrong : numpy.ndarray
        Chances per prompt of staying silent and of pressing 0 unasked; chance of a wrong press otherwise.
    digits : numpy.ndarray
        b1: digits are entered here, so a wrong press is a wrong entry and not another key.
    rate_per_s, quits : numpy.ndarray
        Rate of hanging up; or instead of it, the measured share of callers who hang up here.
    drawn : numpy.ndarray
        b1: a draw by `chance` decides, whatever the caller wants.
    heard_s : numpy.ndarray
        f8[3, position, edge]: seconds that each kind of caller listens for the edge.
    rest_s : numpy.ndarray
        f8[position, edge]: seconds after listening for the edge taken: keying, pause and gap, or a time-out.
    extra : numpy.ndarray
        i2[position, edge]: index into `extras` of the random time that is added.
    extras : tuple of Distribution
    whole_s : numpy.ndarray
        Seconds of speech where the menu ends.
    chance : numpy.ndarray
        f8[set, position, edge]: cumulative shares, where a draw decides or no goal can be reached.
    chance_of : numpy.ndarray
        i2[intent]: the set of shares of the callers of an intent.
    goal_policy : GoalPolicy
        What callers mean to press on their way to a goal.
    want_language : numpy.ndarray
        i1[position, language]: edge that chooses the language, -2 where none is chosen.
    serves : numpy.ndarray
        b1[position, intent]: once callers have heard this, they have what they called for and hang up.
    keys : numpy.ndarray
        i2[position, edge]: number of keys pressed.
    silence, zero_edge, miss : numpy.ndarray
        i1: edges of no input, key 0 and no match; -1 where there are none.
    clock_edge : numpy.ndarray
        i1[opening state, position]: the edge taken where opening hours decide.
    hung_up, at_end : numpy.ndarray
        i1: outcome of hanging up here, and of the hang-up node.
    end_code : numpy.ndarray
        i1[position, edge]: outcome where the edge ends the call.
    queue : numpy.ndarray
        i2: the queue joined here, -1 elsewhere.
    limit_us : numpy.ndarray
        Longest wait there.
    exit_to, exit_code, exit_keys : dict of str to numpy.ndarray
        By outcome of a queue (timeout, full, answered, ``key #``): the position after it or -1, the outcome of a call
        that ends there, and the keys pressed.
    urgency : numpy.ndarray
        f8[position, intent]: added to the priority of the queue joined here.
    opening_states : OpeningStates
    """

    chain: MenuChain
    intents: tuple[str, ...]
    languages: tuple[str, ...]
    queues: tuple[str, ...]
    intent_share: Floats
    language_share: Floats
    hear_all: Floats
    key_ahead: Floats
    silent: Floats
    zero: Floats
    wrong: Floats
    digits: Flags
    rate_per_s: Floats
    quits: Floats
    drawn: Flags
    heard_s: Floats
    rest_s: Floats
    extra: Ints
    extras: tuple[Distribution, ...]
    whole_s: Floats
    chance: Floats
    chance_of: Ints
    goal_policy: GoalPolicy
    want_language: Ints
    serves: Flags
    keys: Ints
    silence: Ints
    zero_edge: Ints
    miss: Ints
    clock_edge: Ints
    hung_up: Ints
    at_end: Ints
    end_code: Ints
    queue: Ints
    limit_us: Times
    exit_to: dict[str, Ints]
    exit_code: dict[str, Ints]
    exit_keys: dict[str, Ints]
    urgency: Floats
    opening_states: OpeningStates

    @cached_property
    def urgencies(self) -> Floats:
        """The different urgencies of callers anywhere, ascending."""
        return np.unique(self.urgency)

    @cached_property
    def heard_language(self) -> Ints:
        """i2[position]: the language of the conversation there."""
        code = {language: i for i, language in enumerate(self.languages)}
        spoken = [code[self.chain.states[at].session.language] for at in self.chain.sample]
        return np.array(spoken, dtype=np.int16)[self.chain.dialogue]
