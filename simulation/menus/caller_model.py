"""What decides at every position of a menu chain, as arrays: all that a walk through the menus reads."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from simulation.menus.chain import MenuChain
from simulation.menus.goal_policy import GoalPolicy
from simulation.menus.opening_states import OpeningStates
from simulation.sampling.distributions import Distribution

__all__ = ["AHEAD", "FIRST", "HEAR_ALL", "CallerModel"]

FIRST, HEAR_ALL, AHEAD = range(3)
"""A caller presses on hearing the option, after the whole prompt, or knows the menu and presses at once."""


@dataclass(frozen=True)
class CallerModel:
    """Behaviour by position; arrays are [position], [position, edge] or as stated.

    Parameters
    ----------
    chain : MenuChain
    intents, languages, queues : tuple of str
    intent_share, language_share : numpy.ndarray
    hear_all, key_ahead : numpy.ndarray
        Shares of callers of these kinds, where the caller is.
    silent, zero, wrong : numpy.ndarray
        Chances a prompt of staying silent and of pressing 0 unasked; of a wrong press otherwise.
    digits : numpy.ndarray
        b1: digits are entered here, so that a wrong press is a wrong entry and not another key.
    rate_per_s, quits : numpy.ndarray
        Rate of hanging up; measured share of callers who hang up here, instead of it.
    drawn : numpy.ndarray
        b1: a draw by `chance` decides, whatever the caller wants.
    heard_s : numpy.ndarray
        f8[3, position, edge]: seconds that a kind of caller hears who listens for the edge.
    rest_s : numpy.ndarray
        f8[position, edge]: seconds from then on for the edge that is taken: keying, pause and gap, or a time-out.
    extra : numpy.ndarray
        i2[position, edge]: index of `extras` of the time that is added.
    extras : tuple of Distribution
    whole_s : numpy.ndarray
        Seconds of speech where the menu ends.
    chance : numpy.ndarray
        f8[position, edge]: cumulative shares where a draw decides, or where no goal can be reached.
    goal_policy : GoalPolicy
        What callers mean to press on their way to a goal.
    want_language : numpy.ndarray
        i1[position, language]: edge that chooses the language, -2 where none is chosen.
    serves : numpy.ndarray
        b1[position, intent]: having heard this, the caller has what he came for and hangs up.
    keys : numpy.ndarray
        i2[position, edge]: keys that are pressed for it.
    silence, zero_edge, miss : numpy.ndarray
        i1: edges of no input, key 0 and no match; -1 where there are none.
    clock_edge : numpy.ndarray
        i1[clock, position].
    hung_up, at_end : numpy.ndarray
        i1: outcome of hanging up here, and of the hang-up node.
    end_code : numpy.ndarray
        i1[position, edge]: outcome where the edge ends the call.
    queue : numpy.ndarray
        i2: the queue joined here, -1 elsewhere.
    limit_us : numpy.ndarray
        Longest wait there.
    exit_to, exit_code, exit_keys : dict of str to numpy.ndarray
        By outcome of a queue (timeout, full, answered, ``key #``): the position after it, -1 where there is none, what
        the call has come to when it ends there, and the keys pressed for it.
    urgency : numpy.ndarray
        f8[position, intent]: added to the priority of the queue joined here.
    opening_states : OpeningStates
    """

    chain: MenuChain
    intents: tuple[str, ...]
    languages: tuple[str, ...]
    queues: tuple[str, ...]
    intent_share: np.ndarray
    language_share: np.ndarray
    hear_all: np.ndarray
    key_ahead: np.ndarray
    silent: np.ndarray
    zero: np.ndarray
    wrong: np.ndarray
    digits: np.ndarray
    rate_per_s: np.ndarray
    quits: np.ndarray
    drawn: np.ndarray
    heard_s: np.ndarray
    rest_s: np.ndarray
    extra: np.ndarray
    extras: tuple[Distribution, ...]
    whole_s: np.ndarray
    chance: np.ndarray
    goal_policy: GoalPolicy
    want_language: np.ndarray
    serves: np.ndarray
    keys: np.ndarray
    silence: np.ndarray
    zero_edge: np.ndarray
    miss: np.ndarray
    clock_edge: np.ndarray
    hung_up: np.ndarray
    at_end: np.ndarray
    end_code: np.ndarray
    queue: np.ndarray
    limit_us: np.ndarray
    exit_to: dict[str, np.ndarray]
    exit_code: dict[str, np.ndarray]
    exit_keys: dict[str, np.ndarray]
    urgency: np.ndarray
    opening_states: OpeningStates

    @cached_property
    def heard_language(self) -> np.ndarray:
        """i2[position]: the language of the conversation there."""
        code = {language: i for i, language in enumerate(self.languages)}
        return np.array([code[state.session.language] for state in self.chain.states], dtype=np.int16)
