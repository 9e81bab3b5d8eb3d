"""Builds the caller model of a scenario: how callers behave at every position of a menu chain, as arrays.

Goal-directed: each caller wants one node (or one of several), and at a menu takes the announced option that is most
likely to lead there (`simulation.menus.goal_policy`), subject to wrong keys, silence, pressing 0 and hanging up.
Measured: where the scenario states shares for a node, those are drawn. Where no announced option leads to the goal,
callers choose by the shares that the flow states for its options, or evenly.
"""

from __future__ import annotations

import math

import numpy as np

from flows.analysis.leg_time import LISTENERS, Act
from flows.nodes.menu import Menu
from flows.nodes.queue import Queue
from flows.protocol.actions import EFFECTS, Ask, Dial, Record
from flows.source.document import Document
from flows.source.finding import ScenarioError
from ivr.answering.routing import queue_specs
from ivr.interpreter.chain import PASSED_ON
from ivr.records.schema import OUTCOMES, outcome_code
from simulation.arrays import Floats, Ints
from simulation.menus.announced_paths import announced_edges, announced_paths
from simulation.menus.caller_model import FIRST, CallerModel
from simulation.menus.chain import CHANCE, CLOCK, LISTEN, MenuChain
from simulation.menus.goal_policy import GoalPolicy, build_goal_policy, join_policies
from simulation.menus.intent_shares import Shares, shares_of_intent
from simulation.menus.opening_states import OpeningStates, opening_states, switch_key
from simulation.menus.unreachable_goals import unreachable_goal
from simulation.sampling.distributions import Capped, Constant, Distribution
from simulation.scenario.callers import HUNG_UP, Behaviour
from simulation.scenario.model import Scenario
from simulation.scenario.routing import starts_at
from simulation.tables.call_table import Column

__all__ = ["build_caller_model"]

_EXTRAS = ("", "reaction", "message", "ring", "lookup")
_RARELY_MORE = 1 - 1e-6
NO_INPUT, NO_MATCH = "no_input", "no_match"


def build_caller_model(scenario: Scenario, chain: MenuChain, document: Document, intent_share: Floats) -> CallerModel:
    """Build the behaviour of a scenario's callers on the chain of its flow.

    Parameters
    ----------
    scenario : Scenario
    chain : MenuChain
    document : Document
        The scenario as read, to locate findings.
    intent_share : numpy.ndarray
        f8[intents], among all callers of the horizon.

    Raises
    ------
    ScenarioError
        When no announced options lead to a goal.
    """
    made = _Making(scenario, chain, document)
    made.times()
    made.ends()
    start, horizon_s = starts_at(scenario, chain.flow), scenario.horizon_us / 1e6
    found = opening_states(chain.flow, start, horizon_s, scenario.switched_us if scenario.switches else {})
    shares = made.shares()
    wanted = made.goals(shares["quits"])
    at, columns = chain.dialogue, {name: of[chain.dialogue] for name, of in shares.items()}
    return CallerModel(
        chain=chain,
        intents=tuple(scenario.intents),
        languages=chain.flow.languages,
        queues=made.queues,
        intent_share=intent_share,
        language_share=(
            np.array([scenario.behaviour.languages.get(tag, 0.0) for tag in chain.flow.languages])
            if scenario.behaviour.languages
            else np.eye(1, len(chain.flow.languages)).ravel()
        ),
        **columns,
        digits=made.digits[at],
        heard_s=made.heard_s[:, at],
        rest_s=made.rest_s[at],
        extra=made.extra[at],
        extras=tuple(made.extras),
        whole_s=made.whole_s[at],
        chance=made.chance[:, at],
        chance_of=made.chance_of,
        goal_policy=wanted,
        want_language=made.want_language()[at],
        serves=made.serves[at],
        keys=made.keys[at],
        silence=made.edges_of(NO_INPUT)[at],
        zero_edge=made.edges_of("0")[at],
        miss=made.edges_of(NO_MATCH)[at],
        clock_edge=made.clock_edges(found)[:, at],
        hung_up=made.hung_up[at],
        at_end=made.at_end[at],
        end_code=made.end_code[at],
        queue=made.queue[at],
        limit_us=made.limit_us[at],
        exit_to=made.exit_to,
        exit_code={label: code[at] for label, code in made.exit_code.items()},
        exit_keys={label: keys[at] for label, keys in made.exit_keys.items()},
        urgency=made.urgency[at],
        opening_states=found,
    )


class _Making:
    """The arrays of `CallerModel` while they are built, by dialogue instead of position: far fewer."""

    def __init__(self, scenario: Scenario, chain: MenuChain, document: Document) -> None:
        self.scenario, self.chain, self.flow, self.document = scenario, chain, chain.flow, document
        self.behaviour: Behaviour = scenario.behaviour
        self.size, self.width = len(chain.sample), chain.to.shape[1]
        self.states = [chain.states[at] for at in chain.sample]
        self.label = [chain.label[at] for at in chain.sample]
        self.kind = chain.kind[chain.sample]
        self.queues = tuple(q.name for q in queue_specs(chain.flow))
        of = self.behaviour
        self.extras: list[Distribution] = [Constant(0.0), of.reaction, of.message, of.ring, of.lookup]
        self.measured = np.zeros(self.size, dtype=bool)
        self.chance = np.ones((1, self.size, self.width))
        self.announced = announced_edges(chain)
        self._draws()
        self.chance_of = self._draws_by_intent()

    # Who chooses what

    def _draws(self) -> None:
        """Cumulative shares: those stated, the defaults of a dial or voicemail, or those of the flow for a menu."""
        for at, state in enumerate(self.states):
            node = self.behaviour.nodes.get(state.node)
            labels = self.label[at]
            usual = self.flow.nodes[state.node].usual(state.session.here(self.flow))
            if node and len(labels) > 1 and any(label in node.shares for label in labels):
                shares = [node.shares.get(label, 0.0) for label in labels]
                self.measured[at] = True
            elif usual and self.flow.nodes[state.node].drawn:
                shares = [usual.get(label, 0.0) for label in labels]
                self.measured[at] = True
            elif isinstance(state.waits, Dial):
                shares = [float(label == "answered") for label in labels]
            elif isinstance(state.waits, Record):
                kept = self.behaviour.leave_message
                shares = [kept if label == "recorded" else 1 - kept for label in labels]
            elif self.kind[at] == CHANCE:
                usual = usual or {"otherwise" if "otherwise" in labels else labels[0]: 1.0}
                given = self.behaviour.lookups if isinstance(state.waits, EFFECTS) else self.behaviour.splits
                stated = given.get(state.node, usual)
                shares = [stated.get(label, 0.0) for label in labels]
            else:
                shares = self._by_the_flow(at, labels)
            total = sum(shares)
            if total > 0:
                self.chance[0, at, : len(labels)] = np.cumsum(shares) / total

    def _draws_by_intent(self) -> Ints:
        """Add the shares of intents that state their own; return the set of each intent."""
        known: list[Shares] = [{}]
        sets = []
        for intent in self.scenario.intents.values():
            own = shares_of_intent(intent, self.flow)
            if own not in known:
                known.append(own)
                self.chance = np.concatenate([self.chance, self._drawn_by(own)[None]])
            sets.append(known.index(own))
        return np.array(sets, dtype=np.int16)

    def _drawn_by(self, own: Shares) -> Floats:
        """The cumulative shares of callers for whom some nodes find something else."""
        chance: Floats = self.chance[0].copy()
        for at, state in enumerate(self.states):
            if state.node in own and self.kind[at] == CHANCE and not self.measured[at]:
                shares = [own[state.node].get(label, 0.0) for label in self.label[at]]
                if (total := sum(shares)) > 0:
                    chance[at, : len(shares)] = np.cumsum(shares) / total
        return chance

    def _by_the_flow(self, at: int, labels: tuple[str, ...]) -> list[float]:
        """Shares of a menu's announced options: as the flow states them, else equal; elsewhere the usual ones."""
        state, heard = self.states[at], {labels[k] for k in self.announced[at]}
        node = self.flow.nodes[state.node]
        stated = {c.key: c.share for c in reversed(node.choices) if c.key in heard} if isinstance(node, Menu) else {}
        if stated and all(share is not None for share in stated.values()) and any(stated.values()):
            return [stated.get(label) or 0.0 for label in labels]
        if stated:
            return [float(label in stated) for label in labels]
        usual = node.usual(state.session.here(self.flow))
        return [usual.get(label, 0.0) for label in labels] if usual else [float(i == 0) for i in range(len(labels))]

    def shares(self) -> dict[str, Column]:
        """Chances by position, including those that the scenario states for single nodes; 0 where a draw decides."""
        node_of = [self.behaviour.nodes.get(state.node) for state in self.states]

        def stated(name: str) -> Floats:
            usual = getattr(self.behaviour, name)
            own = [getattr(node, name) if node else None for node in node_of]
            return np.array([usual if value is None else value for value in own], dtype=float)

        asked = (self.kind == LISTEN) & ~self.measured
        silent = np.where(self.digits, stated("no_entry"), stated("no_input"))
        quits = np.array([node.shares.get(HUNG_UP, 0.0) if node else 0.0 for node in node_of])
        # A recording normally ends with a hang-up; a measured share of hanging up replaces the rate.
        no_rate = np.array(
            [
                isinstance(state.waits, Record) or bool(node and HUNG_UP in node.shares)
                for state, node in zip(self.states, node_of, strict=True)
            ]
        )
        return {
            "hear_all": stated("hear_all"),
            "key_ahead": stated("key_ahead"),
            "silent": np.where(asked & (self.edges_of(NO_INPUT) >= 0), silent, 0.0),
            "zero": np.where(asked & (self.edges_of("0") >= 0), stated("zero_out"), 0.0),
            "wrong": np.where(asked, np.where(self.digits, stated("wrong_entry"), stated("wrong_key")), 0.0),
            "rate_per_s": np.where(no_rate, 0.0, stated("hang_up_per_minute") / 60),
            "quits": quits,
            "drawn": (self.kind == CHANCE) | self.measured,
        }

    def _edge(self, at: int, outcome: str) -> int:
        return self.chain.edge(self.chain.sample[at], outcome)

    def edges_of(self, outcome: str) -> Ints:
        return np.array([self._edge(at, outcome) for at in range(self.size)], dtype=np.int8)

    # Times

    def times(self) -> None:
        """Seconds and keys of every leg, as all drivers count them; a measured dwell falls in a visit's first leg."""
        self.heard_s, self.rest_s = np.zeros((3, self.size, self.width)), np.zeros((self.size, self.width))
        self.extra, self.keys = (np.zeros((self.size, self.width), dtype=np.int16) for _ in range(2))
        self.whole_s = np.array([state.times[""].whole_s for state in self.states])
        self.digits = np.array(
            [bool(self.flow.nodes[state.node].entry(state.session.here(self.flow))) for state in self.states]
        )
        dwell = {}
        for name, node in self.behaviour.nodes.items():
            if node.dwell is not None:
                dwell[name] = len(self.extras)
                self.extras.append(node.dwell)
        for at, state in enumerate(self.states):
            begins = state.session.attempt == 1 and not state.session.phase
            for k, label in enumerate(self.label[at]):
                if label.startswith(PASSED_ON):
                    continue
                time = state.times[label]
                self.keys[at, k] = time.act.presses
                if state.node not in dwell:
                    self.heard_s[:, at, k] = [time.hears_s(listener) for listener in LISTENERS]
                    self.rest_s[at, k] = time.act.rest_s
                    self.extra[at, k] = self._extra(time.act)
                elif begins:
                    self.extra[at, k] = dwell[state.node]

    def _extra(self, act: Act) -> int:
        """Index of the random time of a leg, cut off at the node's limit."""
        usual = _EXTRAS.index(act.extra)
        of = self.extras[usual]
        if act.most_s == math.inf or float(of.quantile(np.array([_RARELY_MORE]))[0]) <= act.most_s:
            return usual
        capped = Capped(of, act.most_s)
        if capped not in self.extras:
            self.extras.append(capped)
        return self.extras.index(capped)

    # Ends

    def ends(self) -> None:
        states = self.states
        self.hung_up = np.array([outcome_code(state.session.if_hung_up) for state in states], dtype=np.int8)
        self.at_end = np.array([outcome_code(state.ends or "contained") for state in states], dtype=np.int8)
        self.end_code = np.full((self.size, self.width), outcome_code("contained"), dtype=np.int8)
        for at, position in enumerate(self.chain.sample):
            for k, outcome in enumerate(self.chain.ends[position]):
                if outcome:
                    self.end_code[at, k] = OUTCOMES.index(outcome)
        self.queue = np.full(self.size, -1, dtype=np.int16)
        self.limit_us = np.full(self.size, 2**62, dtype=np.int64)
        self.exit_to: dict[str, Ints] = {}
        self.exit_code: dict[str, Ints] = {}
        self.exit_keys: dict[str, Ints] = {}
        self.urgency = np.zeros((self.size, 1)) + [intent.urgency for intent in self.scenario.intents.values()]
        for at, state in enumerate(states):
            node = self.flow.nodes[state.node]
            if isinstance(node, Queue):
                self.queue[at] = self.queues.index(node.queue)
                self.urgency[at] += [node.urgency_of(intent.values) for intent in self.scenario.intents.values()]
                if node.max_wait is not None:
                    self.limit_us[at] = round(node.max_wait * 1e6)
                self._exits(at)
        goals = [intent.goal for intent in self.scenario.intents.values()]
        self.is_goal = np.array([[state.node in goal for goal in goals] for state in states])
        spoken = np.array([getattr(self.flow.nodes[state.node], "serves", False) for state in states])
        self.serves = self.is_goal & spoken[:, None]

    def _exits(self, at: int) -> None:
        here = self.chain.dialogue == at
        for k, label in enumerate(self.label[at]):
            to = self.exit_to.setdefault(label, np.full(len(here), -1, dtype=np.int32))
            code = self.exit_code.setdefault(label, np.full(self.size, outcome_code("closed"), dtype=np.int8))
            self.exit_keys.setdefault(label, np.zeros(self.size, dtype=np.int16))[at] = self.keys[at, k]
            to[here] = self.chain.to[here, k]
            if ends := self.chain.ends[self.chain.sample[at]][k]:
                code[at] = outcome_code(ends)

    def want_language(self) -> Ints:
        """Where a language is chosen, the edge of the caller's own, or silence if they already hear it."""
        tags = self.flow.languages
        table = np.full((self.size, len(tags)), -2, dtype=np.int8)
        for at, labels in enumerate(self.label):
            if self.kind[at] == LISTEN and not self.measured[at] and set(labels) & set(tags):
                for k, tag in enumerate(tags):
                    edge = self._edge(at, tag)
                    silent = self._edge(at, NO_INPUT)
                    table[at, k] = edge if edge >= 0 else silent
        return table

    # Goals

    def goals(self, quits: Floats) -> GoalPolicy:
        """What callers mean to press to reach the goal of their intent."""
        mean = np.array([extra.mean if np.isfinite(extra.mean) else 0.0 for extra in self.extras])
        policies = []
        is_goal = self.is_goal[self.chain.dialogue]
        for number in range(len(self.chance)):
            paths = announced_paths(
                self.chain,
                self.announced,
                drawn=(self.kind == CHANCE) | self.measured,
                share=np.diff(self.chance[number], axis=1, prepend=0.0) * (1 - quits[:, None]),
                cost_s=self.heard_s[FIRST] + self.rest_s + mean[self.extra],
            )
            own = np.flatnonzero(self.chance_of == number)
            policies.append((own, build_goal_policy(paths, is_goal[:, own])) if len(own) else None)
        found = join_policies([policy for policy in policies if policy], is_goal)
        for number, (name, intent) in enumerate(self.scenario.intents.items()):
            if not found.leads[self.chain.start, number]:
                message, hint = unreachable_goal(self.chain, intent.goal, name)
                raise ScenarioError(self.document.finding("X001", message, ("intents", name, "goal"), hint=hint))
        return found

    def clock_edges(self, opening: OpeningStates) -> Ints:
        """i1[opening state, position]: the edge that is taken in each opening state."""
        edges = np.full((len(opening.states), self.size), -1, dtype=np.int8)
        for at in np.flatnonzero((self.kind == CLOCK) & ~self.measured).tolist():
            edges[:, at] = [self._clock_edge(at, labels) for labels in opening.states]
        return edges

    def _clock_edge(self, at: int, labels: dict[str, str]) -> int:
        ask = self.states[at].waits
        assert isinstance(ask, Ask)
        label = labels.get(switch_key(ask.name) if ask.what == "switch" else ask.name)
        # The last is closed, and so is a holiday without an edge.
        return self._edge(at, label if label in ask.labels else ask.labels[-1])
