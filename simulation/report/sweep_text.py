"""A sweep as text for a terminal: the cheapest cell on target, the frontier, what matters, and the cells."""

from __future__ import annotations

from collections.abc import Sequence

from flows.display.numbers import share
from flows.display.tables import table
from flows.source.counted import counted
from ivr.records.measures import MEASURES, QUANTILES
from simulation.experiment.estimates import Estimate
from simulation.experiment.format_estimate import written
from simulation.experiment.verdict import against_target, signed
from simulation.report.text_blocks import WIDTH, bullets, paragraph, shortened
from simulation.sweeping.effects import Effect
from simulation.sweeping.frontier import OF_THE_ROSTER
from simulation.sweeping.result import SweepResult

__all__ = ["figure_title", "figure_written", "sweep_text", "sweep_verdict"]

_SHOWN = ("cost", "service_level", "asa_s", "abandonment", "occupancy")
_SHORT = {
    "cost": "Cost", "agent_hours": "Agent-h", "service_level": "Service", "asa_s": "ASA", "abandonment": "Abandon",
    "occupancy": "Occup.",
}  # fmt: skip
_MOST = 20
"""Lines of cells and of the frontier, unless all are asked for."""
_BAR = 12
_VALUE = 24
"""Most columns for a value of a list."""


def figure_title(name: str) -> str:
    """The title of a measure, a quantile of waits, or a figure of the roster.

    >>> figure_title("cost"), figure_title("service_level")
    ('Cost', 'Service level')
    """
    if name in QUANTILES:
        return f"Wait of {share(QUANTILES[name])}"
    return OF_THE_ROSTER.get(name) or MEASURES[name].title


def figure_written(name: str, value: Estimate, *, interval: bool = True) -> str:
    """A figure in its unit.

    >>> figure_written("agent_hours", Estimate(1234.5)), figure_written("service_level", Estimate(0.8))
    ('1,234.5', '80 %')
    """
    if name in OF_THE_ROSTER:
        return f"{value.mean:,.1f}".removesuffix(".0")
    return written(name, value, interval=interval)


def sweep_verdict(found: SweepResult, figures: str) -> str:
    """The first sentence: the cheapest cell on target, or the best there is."""
    level, axes = found.loaded.scenario.service_level, found.axes(figures)
    wanted = f"{share(level.target)} within {level.threshold:g} s" if level.target is not None else ""
    if not found.figures:
        return "No cell could be simulated."
    cell = found.cheapest_on_target()
    if cell is not None:
        of = found.figures[cell]
        said = figure_written("service_level", of["service_level"])
        judged = against_target(of["service_level"], level.target or 0.0)
        said += ", too close to call" if judged != "met" else ""
        least = "The cheapest cell" if _priced(found) else "The cell with fewest agent-hours"
        return f"{least} that reaches {wanted} is {found.name(cell)}: {_roster(found, of)}, service level {said}."
    best = found.frontier(figures)
    if not best:
        return f"No cell has both {axes.x} and {axes.y}."
    of = found.figures[best[-1]]
    said = figure_written(axes.y, of[axes.y])
    missed = f"No cell reaches {wanted}. " if wanted else ""
    return f"{missed}The best {figure_title(axes.y).lower()} has {found.name(best[-1])}: {said}, {_roster(found, of)}."


def _priced(found: SweepResult) -> bool:
    """Whether the cost is more than the number of agent-hours."""
    return any(of["cost"].mean != of["agent_hours"].mean for of in found.figures.values())


def _roster(found: SweepResult, of: dict[str, Estimate]) -> str:
    hours = counted(figure_written("agent_hours", of["agent_hours"]), "agent-hour")
    currency = f" {found.loaded.scenario.currency}".rstrip()
    return f"{hours} at a cost of {figure_written('cost', of['cost'])}{currency}" if _priced(found) else hours


def sweep_text(
    found: SweepResult,
    *,
    figures: str = "cost,service_level",
    tornado: str = "",
    full: bool = False,
    width: int = WIDTH,
) -> str:
    """Return a sweep as text.

    Parameters
    ----------
    found : SweepResult
    figures : str
        The two figures of the frontier.
    tornado : str
        The figure whose inputs are compared; default: the second of the frontier.
    full : bool
        Whether to print every cell.
    width : int
        Columns.
    """
    room, width = width, min(width, WIDTH)
    axes = found.axes(figures)
    lines = [f"Sweep of {found.loaded.scenario.name}", _how(found), ""]
    lines += [*paragraph(sweep_verdict(found, figures), width), ""]
    best = found.frontier(figures)
    said = f"Frontier: {figure_title(axes.x).lower()} against {figure_title(axes.y).lower()}"
    lines += [f"{said}; no other cell is better in both", *_cells(found, best, axes.x, axes.y, full, room), ""]
    lines += _effects(found, tornado or axes.y, width)
    rest = [cell for cell in found.figures if cell not in best]
    if rest and (full or len(rest) <= _MOST):
        lines += ["Other cells", *_cells(found, rest, axes.x, axes.y, full, room), ""]
    elif rest:
        lines += [*paragraph(f"{len(rest):,} other cells: --full prints them, --output FILE writes them.", width), ""]
    return "\n".join([*lines, *_worth_knowing(found, width)]).rstrip("\n")


def _how(found: SweepResult) -> str:
    start, places = found.loaded.scenario.start, counted(len(found.plan.places), "place")
    kind = "sampled (Latin hypercube)" if found.plan.is_sample else "every combination"
    said = f"{start:%a %d %b %Y %H:%M} · {counted(len(found.plan.cells), 'cell')} of {places}, {kind}"
    return f"{said}\n{counted(found.replications, 'replication')} each · seed {found.seed} · {found.engine} engine"


def _cells(found: SweepResult, cells: Sequence[int], x: str, y: str, full: bool, room: int) -> list[str]:
    names = list(dict.fromkeys((x, y, *_SHOWN)))
    names = [name for name in names if any(name in found.figures[cell] for cell in cells)]
    paths = _short_paths(found)
    shown = cells if full else cells[:_MOST]
    rows = [
        [
            *(shortened(text, _VALUE) for text in found.plan.cells[cell]),
            *(_cell(found, cell, name) for name in names),
        ]
        for cell in shown
    ]
    head = [*paths, *("Agent-h" if _hours_only(found, n) else _SHORT.get(n, n) for n in names)]
    while names and max(map(len, table(rows, head=head))) > room and len(names) > 2:
        names.pop()
        head.pop()
        rows = [row[:-1] for row in rows]
    lines = table(rows, head=head, left=0)
    return lines + ([f"  and {len(cells) - len(shown)} more"] if len(shown) < len(cells) else [])


def _hours_only(found: SweepResult, name: str) -> bool:
    """Whether the cost is the number of agent-hours, because no price is stated."""
    return name == "cost" and not _priced(found)


def _cell(found: SweepResult, cell: int, name: str) -> str:
    of = found.figures[cell]
    return figure_written(name, of[name], interval=False) if name in of else "–"


def _short_paths(found: SweepResult) -> list[str]:
    """The last part of each path; the whole path if two end alike."""
    paths = [place.path for place in found.plan.places]
    lasts = [path.rpartition(".")[2] for path in paths]
    return [last if lasts.count(last) == 1 else path for path, last in zip(paths, lasts, strict=True)]


def _effects(found: SweepResult, figure: str, width: int) -> list[str]:
    effects = found.effects(figure)
    if not effects:
        why = "the cells cannot tell the places apart" if found.figures else "there are no cells"
        return [*paragraph(f"What matters for the {figure_title(figure).lower()} is not known: {why}.", width), ""]
    most = max(abs(one.mean) for one in effects) or 1.0
    rows = [
        [
            shortened(one.path, 28),
            f"{shortened(one.low, _BAR)} → {shortened(one.high, _BAR)}",
            effect_written(figure, one),
            "█" * round(_BAR * abs(one.mean) / most),
            share(one.share),
        ]
        for one in effects
    ]
    lines = table(rows, head=["", "", "Effect", "", "Explains"], left=2)
    if max(map(len, lines)) > width:
        lines = table([[*row[:3], row[4]] for row in rows], head=["", "", "Effect", "Explains"], left=2)
    title = figure_title(figure).lower()
    return [f"What matters for the {title}, with the other places as they are on average", *lines, ""]


def effect_written(figure: str, effect: Effect) -> str:
    """An effect in the unit of its figure, with its sign.

    >>> effect_written("agent_hours", Effect("staff_factor", "1", "2", 30.0, None, 1.0))
    '+30'
    >>> effect_written("agent_hours", Effect("patience", "1", "2", -0.01, None, 1.0))
    '+0'
    """
    if figure in OF_THE_ROSTER:
        return f"{round(effect.mean, 1) + 0.0:+,.1f}".removesuffix(".0").replace("-", "−")
    return signed(figure, Estimate(effect.mean, effect.half_width))


def _worth_knowing(found: SweepResult, width: int) -> list[str]:
    told = [note.message for note in (*found.loaded.notes, *found.notes)]
    problems = found.problems
    if problems:
        cell, findings = next(iter(problems.items()))
        many = counted(len(problems), "cell")
        told.append(f"{many} could not be simulated; the first is {found.name(cell)}: {findings[0].message}")
    if found.figures and found.plan.places and not _priced(found):
        told.append("the scenario states no costs, so the cost is the number of agent-hours")
    return ["Worth knowing", *bullets(told, width)] if told else []
