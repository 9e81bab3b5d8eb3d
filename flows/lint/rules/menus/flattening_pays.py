"""M107 flattening-pays: a submenu better merged upwards."""

from __future__ import annotations

from collections.abc import Iterator

from flows.analysis.menu_order import Option, best_order, menu_order
from flows.lint.context import Context
from flows.lint.problem import Option as Threshold
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.menu import Menu
from flows.source.counted import counted
from flows.speech.timing import first_time_s, hear_all_s, speech_s

MISROUTES = Threshold(
    "share_misrouted", 0.12, "Assumed share of callers who take the wrong group, hear it to the end and come back."
)
SAVES_S = Threshold("saves_s", 1.0, "Reported if a caller of the upper menu saves more seconds than this on average.")
MOST_KEYS = Threshold("most_keys", 9, "Choices that the merged menu may have.")
MOST_S = Threshold("most_s", 20.0, "Seconds that the merged menu may take to hear, as in M101.")


def check(context: Context) -> Iterator[Problem]:
    """Check pairs of menus with stated shares, the lower reached only from the upper."""
    misrouted, most_keys = context.option("M107", MISROUTES), context.option("M107", MOST_KEYS)
    above: dict[str, set[str]] = {}
    for exits in context.graph.exits.values():
        for edge in exits:
            if edge.via != "back" and edge.target != edge.source:
                above.setdefault(edge.target, set()).add(edge.source)
    for name, menu in context.nodes(Menu):
        if not _stated(menu) or name not in context.graph.reachable:
            continue
        for index, choice in enumerate(menu.choices):
            lower = context.flow.nodes.get(choice.then)
            if (
                not isinstance(lower, Menu)
                or not _stated(lower)
                or above.get(choice.then) != {name}
                or choice.then == name
            ):
                continue
            if len(menu.choices) - 1 + len(lower.choices) > most_keys or lower.intro or choice.pinned:
                continue
            saves_s = _saves_s(context, name, choice.key, choice.then)
            if saves_s > context.option("M107", SAVES_S):
                message = (
                    f"the choices of menu {choice.then!r} would be quicker in menu {name!r}: each caller of {name!r}"
                    f" would save {saves_s:.1f} s, if {misrouted:.0%} first take the wrong group"
                )
                own = "choice" if len(lower.choices) == 1 else counted(len(lower.choices), "choice")
                hint = f"move its {own} up, in place of key {choice.key}"
                yield Problem(("nodes", name, "choices", index, "next"), message, hint)


def _stated(menu: Menu) -> bool:
    return any(choice.share is not None for choice in menu.choices)


def _saves_s(context: Context, upper: str, key: str, lower: str) -> float:
    """Expected seconds saved by a caller of the upper menu, with both variants in their best order."""
    flow = context.flow
    first = flow.languages[0]
    above, below = menu_order(upper, flow), menu_order(lower, flow)
    group = next((option for option in above.best if option.key == key), None)
    if group is None:
        return 0.0
    wanted = [option for option in below.best if option.share]
    label_s = speech_s(group.label, first)  # said with each choice, which would otherwise lose its context
    merged: list[Option] = []
    for option in above.best:
        if option.key == key:
            merged += [Option(o.key, o.label, o.seconds + label_s, o.share * group.share, o.pinned) for o in wanted]
        else:
            merged.append(option)
    spoken = context.spoken(upper, first)
    flat, intro_s, gap_s = best_order(merged, gap_s=spoken.gap_s), spoken.intro_s, spoken.gap_s
    if intro_s + sum(o.seconds + gap_s for o in flat) > context.option("M107", MOST_S):
        return 0.0
    wrong_s = hear_all_s(0.0, [o.seconds for o in wanted]) + above.best_s  # heard in vain, plus the path once more
    nested_s = above.best_s + group.share * (below.best_s + context.option("M107", MISROUTES) * wrong_s)
    return nested_s - first_time_s(intro_s, [o.seconds for o in flat], [o.share for o in flat], gap_s=gap_s)


RULE = Rule(
    code="M107",
    name="flattening-pays",
    severity="info",
    check=check,
    summary="a submenu better merged upwards",
    what=(
        "The choices of a submenu, whose shares are stated, would save the average caller of the menu above more than "
        "a second if they were offered there. Compared are the seconds of both menus, including callers who take the "
        "wrong group first, with one longer menu in its best order. Each moved choice keeps the words of its group. "
        "Merged menus of more than nine keys or 20 s are not suggested."
    ),
    why=(
        "A second menu costs a decision, a prompt and a chance to take a wrong turn. With two or three short choices, "
        "that is more than hearing them among the others."
    ),
    example=(
        "main: {choices: [{key: 1, label: sales, share: 0.7, next: sales_menu}, ...]}\n"
        "sales_menu: {choices: [{key: 1, label: home, share: 0.5, ...}, {key: 2, label: business, share: 0.5, ...}]}"
    ),
    better="main: {choices: [{key: 1, label: sales for homes, ...}, {key: 2, label: sales for businesses, ...}]}",
    settings=(MISROUTES, SAVES_S, MOST_KEYS, MOST_S),
    source=(
        "Arithmetic: 4 groups of 11 targets beat a flat menu only below about 12 % misroutes. Experiments: Huguenard et"
        " al. 1997, ACM TOCHI 4(2); Commarford et al. 2008, Human Factors 50(1)"
    ),
)
