"""The best order of a menu's options, and how much time a better order saves per year.

A caller who presses a key on hearing the wanted option waits ``sum_i p_i (t_1 + ... + t_i)`` on average
(`flows.speech.timing.first_time_s`). This is the weighted completion time of jobs of length t_i on one machine, which
is least when jobs are ordered by t_i / p_i: Smith (1956), "Various optimizers for single-stage production", Naval
Research Logistics Quarterly 3, 59-66. The pause after an option counts as part of its length.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flows.analysis.expected_visits import choice_shares, visits_per_call
from flows.model.flow import Flow
from flows.nodes.base_choice import OTHER
from flows.nodes.menu import Menu
from flows.speech.languages import language as language_of
from flows.speech.spoken_menu import SpokenMenu
from flows.speech.timing import GAP_S, first_time_s

__all__ = ["MenuOrder", "Option", "best_order", "menu_order", "orders"]

_EXACT = 12
"""Most free options, if there are pinned ones between them, for which every order is tried."""


@dataclass(frozen=True)
class Option:
    """One announced option.

    Parameters
    ----------
    key : str
    label : str
        As announced.
    seconds : float
        Time to say it.
    share : float
        Share of the menu's callers who want it.
    pinned : bool
        True to keep its place.
    rest : bool
        True if it covers everything the others do not ("all other questions"), so it comes after them.
    """

    key: str
    label: str
    seconds: float
    share: float
    pinned: bool = False
    rest: bool = False


@dataclass(frozen=True)
class MenuOrder:
    """A menu in its current order and in its best order.

    Parameters
    ----------
    menu : str
        Node name.
    current, best : tuple of Option
        In spoken order.
    current_s, best_s : float
        Expected seconds in the menu for a first-time caller.
    visits_per_call : float
        Visits to the menu per call.
    stated : bool
        True if the file states shares; otherwise all options count equally.
    written : bool
        True if the `prompt` is written out and so must be rewritten.
    gap_s : float
        The pause between two options.
    """

    menu: str
    current: tuple[Option, ...]
    best: tuple[Option, ...]
    current_s: float
    best_s: float
    visits_per_call: float
    stated: bool
    written: bool
    gap_s: float = GAP_S

    @property
    def saves_s(self) -> float:
        """Seconds that the best order saves a caller in the menu."""
        return self.current_s - self.best_s

    @property
    def saves_s_per_call(self) -> float:
        """Seconds that the best order saves per call, on average."""
        return self.saves_s * self.visits_per_call

    def expected_s(self, options: Sequence[Option]) -> float:
        """Expected seconds in the menu with its options in another order."""
        return self.best_s + _waits(options, self.gap_s) - _waits(self.best, self.gap_s)

    def by_key(self) -> tuple[tuple[Option, ...], float]:
        """The best order with the free options sorted by key, and its expected seconds.

        Examples
        --------
        >>> two = Option("2", "sales", 2.0, 0.2), Option("1", "billing", 3.0, 0.6)
        >>> [o.key for o in MenuOrder("main", two, two, 9.0, 9.0, 1.0, True, False).by_key()[0]]
        ['1', '2']
        """
        free = iter(sorted((o for o in self.best if not o.pinned and not o.rest), key=lambda o: o.key))
        order = tuple(o if o.pinned or o.rest else next(free) for o in self.best)
        return order, self.expected_s(order)

    def caller_hours(self, calls: float) -> float:
        """Hours that callers save in `calls` calls.

        Examples
        --------
        2 s in a menu that half of the calls reach: 7,200 calls save 7,200 s, which is 2 h.

        >>> MenuOrder("main", (), (), 9.0, 7.0, 0.5, True, False).caller_hours(7_200)
        2.0
        """
        return self.saves_s_per_call * calls / 3600.0


def best_order(options: Sequence[Option], *, gap_s: float = GAP_S) -> tuple[Option, ...]:
    """The order that minimises callers' waiting time, with pinned options kept in place.

    Exact if there are no pinned options, if they are only at the ends, or with up to 12 free options; beyond that,
    Smith's order is improved by swaps until none helps.

    Examples
    --------
    (2 + 0.6) / 0.2 = 13 comes after (3 + 0.6) / 0.6 = 6.

    >>> [o.key for o in best_order([Option("1", "sales", 2.0, 0.2), Option("2", "billing", 3.0, 0.6)])]
    ['2', '1']
    """
    free = sorted((o for o in options if not o.pinned), key=lambda option: _ratio(option, gap_s))
    places = [i for i, o in enumerate(options) if not o.pinned]
    together = not places or places[-1] - places[0] == len(places) - 1
    if together or len(free) > _EXACT:
        filled = _fill(options, free)
        return filled if together else _swapped(filled, gap_s)
    return _fill(options, _weighed(options, free, gap_s))


def _ratio(option: Option, gap_s: float) -> float:
    return (option.seconds + gap_s) / option.share if option.share else float("inf")


def _fill(options: Sequence[Option], free: Sequence[Option]) -> tuple[Option, ...]:
    """`options` with `free` in the places that are not pinned."""
    rest = iter(free)
    return tuple(o if o.pinned else next(rest) for o in options)


def _waits(options: Sequence[Option], gap_s: float) -> float:
    return first_time_s(0.0, [o.seconds for o in options], [o.share for o in options], gap_s=gap_s)


def _weighed(options: Sequence[Option], free: Sequence[Option], gap_s: float) -> tuple[Option, ...]:
    """The best of all orders, by dynamic programming over the set of free options said so far (Held & Karp)."""
    best: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
    begun_s = {0: 0.0}
    for slot in options:
        ahead: dict[int, tuple[float, tuple[int, ...]]] = {}
        ahead_s: dict[int, float] = {}
        for said, (cost, order) in best.items():
            candidates = [-1] if slot.pinned else [i for i in range(len(free)) if not said >> i & 1]
            for i in candidates:
                option = slot if i < 0 else free[i]
                heard = begun_s[said] + option.seconds
                now, total = said | (0 if i < 0 else 1 << i), cost + option.share * heard
                if now not in ahead or total < ahead[now][0]:
                    ahead[now], ahead_s[now] = (total, order if i < 0 else (*order, i)), heard + gap_s
        best, begun_s = ahead, ahead_s
    return tuple(free[i] for i in best[(1 << len(free)) - 1][1])


def _swapped(options: tuple[Option, ...], gap_s: float) -> tuple[Option, ...]:
    places = [i for i, o in enumerate(options) if not o.pinned]
    order, improved = list(options), True
    while improved:
        improved = False
        for n, i in enumerate(places):
            for j in places[n + 1 :]:
                tried = order.copy()
                tried[i], tried[j] = tried[j], tried[i]
                if _waits(tried, gap_s) < _waits(order, gap_s) - 1e-9:
                    order, improved = tried, True
    return tuple(order)


def menu_order(menu: str, flow: Flow, *, language: str = "", visits_per_call: float = 1.0) -> MenuOrder:
    """One menu in its current order and in its best order.

    Global keys stay where they are announced: they count as pinned, with a share of 0. A choice that covers the rest
    ("all other questions") comes last, however many callers want it: it means nothing before the others are said.

    Parameters
    ----------
    menu : str
        Name of a ``menu`` node.
    flow : Flow
    language : str
        Language of the prompts; default: the flow's first language.
    visits_per_call : float

    Raises
    ------
    TypeError
        If the node is not a menu.
    """
    node = flow.nodes[menu]
    if not isinstance(node, Menu):
        raise TypeError(f"node {menu!r} is of type {node.type!r}; only a menu has an order")
    tag = language or flow.languages[0]
    spoken = node.spoken(flow, tag)
    current = _options(node, spoken, flow, tag)
    true = {option.key: option for option in current}
    weighed = [replace(option, share=0.0) if option.rest else option for option in current]
    best = tuple(true[option.key] for option in best_order(weighed, gap_s=spoken.gap_s))
    current_s, best_s = (
        first_time_s(spoken.intro_s, [o.seconds for o in order], [o.share for o in order], gap_s=spoken.gap_s)
        for order in (current, best)
    )
    if current_s - best_s < 1e-9:
        best, best_s = current, current_s
    stated = any(choice.share is not None for choice in node.choices)
    return MenuOrder(
        menu, current, best, current_s, best_s, visits_per_call, stated, node.prompt is not None, spoken.gap_s
    )


def _options(node: Menu, spoken: SpokenMenu, flow: Flow, tag: str) -> tuple[Option, ...]:
    first = flow.languages[0]
    shares = choice_shares(node)
    own = {choice.key: choice for choice in node.choices}
    options, seen = [], set()
    for said in spoken.options:
        choice = own.get(said.key) if said.key not in seen else None
        seen.add(said.key)
        bound = flow.keys.get(said.key)
        prompt = choice.label if choice else bound.label if bound else None
        label = prompt.words(tag, first) if prompt else said.text
        share = shares[said.key] if choice else 0.0
        rest = choice is not None and (choice.key == OTHER or language_of(tag).means_the_rest(label))
        options.append(Option(said.key, label, said.seconds, share, choice is None or choice.pinned, rest))
    return tuple(options)


def orders(flow: Flow, *, language: str = "", visits: Mapping[str, float] | None = None) -> tuple[MenuOrder, ...]:
    """The current and the best order of every menu, in file order.

    Parameters
    ----------
    flow : Flow
    language : str
        Language of the prompts; default: the flow's first language.
    visits : mapping of node to float, optional
        Visits to each menu per call; default: computed from the flow's shares.

    Examples
    --------
    >>> from flows.model.load import load
    >>> [order.menu for order in orders(load("northwind").flow)][:2]
    ['main', 'billing_menu']
    """
    visits = visits_per_call(flow) if visits is None else visits
    return tuple(
        menu_order(name, flow, language=language, visits_per_call=visits.get(name, 0.0))
        for name, node in flow.nodes.items()
        if isinstance(node, Menu)
    )
