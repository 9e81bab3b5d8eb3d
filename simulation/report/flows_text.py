"""A new menu beside the old one as text: agents and money saved, and the causes of each difference."""

from __future__ import annotations

from flows.display.numbers import duration, money, share
from flows.display.tables import table
from ivr.records.measures import MEASURES
from simulation.experiment.advice import hours
from simulation.experiment.estimates import Estimate
from simulation.experiment.format_estimate import written
from simulation.experiment.verdict import signed
from simulation.flow_comparison.result import CAUSES, FlowComparison
from simulation.report.text_blocks import paragraph

__all__ = ["SHOWN", "agents_sentence", "change_written", "flows_text", "seconds_sentence"]

SHOWN = ("menu_and_wait_s", "containment", "service_level", "cost", "net_value")
_NOTHING = 1e-9
_HEADS = {"menu_and_wait_s": "Time", "service_level": "Service", "containment": "Contained", "net_value": "Net value"}


def flows_text(found: FlowComparison, currency: str, width: int) -> list[str]:
    """Return the lines about one new menu.

    Parameters
    ----------
    found : FlowComparison
    currency : str
    width : int
    """
    lines = ["", f"The menus of {found.new} instead of those of {found.old}"]
    if found.refused:
        return [*lines, *paragraph(f"not taken apart: {found.refused}. {found.hint}", width)]
    lines += paragraph(agents_sentence(found, currency), width)
    lines += paragraph(seconds_sentence(found), width)
    names = [name for name in SHOWN if name in found.before and name in found.after]
    rows = [[found.old, *(written(name, found.before[name], interval=False) for name in names)]]
    rows += [
        [CAUSES[cause], *(change_written(name, of[name]) if name in of else "–" for name in names)]
        for cause, of in found.causes.items()
    ]
    rows.append([found.new, *(written(name, found.after[name], interval=False) for name in names)])
    head = ["", *(_HEADS.get(name, MEASURES[name].title) for name in names)]
    shown = table(rows, head=head)
    if max(map(len, shown)) > width:
        shown = table([[cell.partition(" ±")[0] for cell in row] for row in rows], head=head)
    note = (
        "Time: in the menus and waiting, per caller. Each cause is what it adds on the same callers, averaged over all"
        " orders of change; together they are the whole difference."
    )
    return [*lines, "", *shown, *paragraph(note, width)]


def agents_sentence(found: FlowComparison, currency: str) -> str:
    """The agents that the new menu saves, in a sentence."""
    of = found.agents
    if of is None:
        return "No number of agents between half and twice the old gives the old service."
    saved = of.saved
    spread = f" ± {hours(of.half_width)}" if of.half_width is not None else ""
    said = (
        f"The old service ({share(of.level_before)}) takes {hours(of.hours_needed)} agent-hours with the new menu and"
        f" {hours(of.hours_before)} with the old:"
    )
    if abs(saved) < 0.05 or (of.half_width is not None and abs(saved) <= of.half_width):
        size = hours(abs(saved))
        more = f"{'' if size == '0' else '+' if saved < 0 else '−'}{size}{spread}"
        return f"{said} no clear difference ({more})."
    said += f" {hours(abs(saved))}{spread} {'saved' if saved > 0 else 'more'} ({share(abs(saved) / of.hours_before)})"
    if of.cost is None:
        return f"{said}."
    less = -of.cost.mean
    amount = money(abs(less), of.cost.half_width)
    return f"{said}, and the day costs {amount}{f' {currency}' if currency else ''} {'less' if less > 0 else 'more'}."


def seconds_sentence(found: FlowComparison) -> str:
    """What the new menu does to callers, in a sentence."""
    name = "menu_and_wait_s"
    if name not in found.before or name not in found.after:
        return "No caller got a line."
    change = Estimate(found.after[name].mean - found.before[name].mean)
    calls = found.after["arrived"].mean
    a_day = duration(abs(change.mean) * calls)
    word = "less" if change.mean < 0 else "more"
    contained = Estimate(found.after["containment"].mean - found.before["containment"].mean)
    return (
        f"With the old agents, a caller spends {signed(name, change)} in the menus and waiting ({a_day} {word} for all"
        f" callers of a replication); containment {signed('containment', contained)}."
    )


def change_written(name: str, value: Estimate) -> str:
    """What a cause adds, with its sign; 0 where it adds nothing.

    >>> change_written("cost", Estimate(-19.2, 16.0)), change_written("cost", Estimate(1e-15, 1e-15))
    ('−19 ± 16', '0')
    """
    nothing = abs(value.mean) < _NOTHING and (value.half_width or 0.0) < _NOTHING
    return "0" if nothing else signed(name, value)
