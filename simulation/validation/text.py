"""A validation as a table 96 columns wide: true values, theory, and each engine with its z-score."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

from simulation.validation.models import all_models
from simulation.validation.run import Validation
from simulation.validation.target import LIMIT_Z, Target, Verdict

__all__ = ["WIDTH", "Line", "lines"]

WIDTH = 96
_MOST_DECIMALS = 6
_WORKED = (
    "WORKED OUT BY HAND from the documentation: small scenarios (simulation/validation/scenarios). Where there is no z"
    " nothing is random, and every decimal must agree."
)
_COLUMNS = (28, 17, 8)  # quantity, true, theory
_OF_ENGINE = (11, 7)  # value, z


@dataclass(frozen=True)
class Line:
    """One line: its text, its style, and the word it ends with.

    Parameters
    ----------
    text : str
    style : {"title", "plain", "dim"}
    verdict : {"", "pass", "FAIL"}
    """

    text: str = ""
    style: str = "plain"
    verdict: str = ""


def lines(found: Validation, width: int = WIDTH) -> list[Line]:
    """Return the table and its summary.

    Parameters
    ----------
    found : Validation
    width : int
        Columns of the sentences; the table itself is 96 columns wide with two engines.

    Examples
    --------
    >>> from simulation.validation import validate
    >>> print(lines(validate({}, only=["erlang_b"]))[-1].text)
    6 targets of 1 model met.
    """
    out = [Line(_head(found.engines), "dim")]
    known, headed = all_models(), False
    for name in dict.fromkeys(v.model for v in found.verdicts):
        verdicts = [v for v in found.verdicts if v.model == name]
        worked = not hasattr(known[name], "simulated")
        if worked and not headed:
            out += [Line(), *(Line(text, "title") for text in wrap(_WORKED, width))]
            headed = True
        out += [Line(), Line(known[name].TITLE, "title")]
        if not worked:
            out += _sources(verdicts, "  ", width)
        for case in dict.fromkeys(target.case for target in known[name].TARGETS):
            of_case = [v for v in verdicts if v.target.case == case]
            out.append(Line(f"  {case}"))
            if worked:
                out += _sources(of_case, "    ", width)
            for target in (target for target in known[name].TARGETS if target.case == case):
                out += _rows(target, [v for v in of_case if v.target is target], found.engines, whole=worked)
    return [*out, Line(), *_summary(found, width)]


def _sources(verdicts: Sequence[Verdict], indent: str, width: int) -> list[Line]:
    """Who published the values, or how they are derived."""
    sources = dict.fromkeys(v.target.source for v in verdicts)
    return [
        Line(text, "dim")
        for source in sources
        for text in wrap(source, width, initial_indent=indent, subsequent_indent=indent)
    ]


def _head(engines: Sequence[str]) -> str:
    cells = f"    {'quantity':<{_COLUMNS[0] - 4}}{'true':>{_COLUMNS[1]}}{'theory':>{_COLUMNS[2]}}"
    return cells + "".join(f"{engine:>{_OF_ENGINE[0]}}{'z':>{_OF_ENGINE[1]}}" for engine in engines)


def _rows(target: Target, verdicts: Sequence[Verdict], engines: Sequence[str], *, whole: bool) -> list[Line]:
    """The row of a target, and why it fails; an exactly known value (`whole`) loses its trailing zeros."""
    by = {v.by: v for v in verdicts}
    true = f"{target.value:.{min(target.decimals, _MOST_DECIMALS)}f}"
    if whole:
        true = _short(true)
    if target.half_width:
        true += f" ±{target.half_width:.2g}"
    theory = ("exact" if by["theory"].passed else f"{by['theory'].found:.5g}") if "theory" in by else ""
    text = f"    {target.quantity}{true:>{sum(_COLUMNS[:2]) - 4 - len(target.quantity)}}{theory:>{_COLUMNS[2]}}"
    for engine in engines:
        v = by.get(engine)
        value = f"{v.found:.{_decimals(v)}f}" if v else ""
        if v and v.error is None:
            value = _short(value)
        text += f"{value:>{_OF_ENGINE[0]}}{'' if v is None or v.z is None else format(v.z, '+.2f'):>{_OF_ENGINE[1]}}"
    faults = [v for v in verdicts if not v.passed]
    row = Line(f"{text}  ", "plain", "FAIL" if faults else "pass")
    return [row, *(Line(f"      {v.by}: {v.fault}") for v in faults)]


def _short(number: str) -> str:
    return number.rstrip("0").rstrip(".") if "." in number else number


def _decimals(verdict: Verdict) -> int:
    """Decimals for two significant digits of the standard error, but no more than the true value has."""
    most = min(verdict.target.decimals, _MOST_DECIMALS)
    if not verdict.error:
        return most
    return min(max(1 - math.floor(math.log10(verdict.error)), 0), most)


def _summary(found: Validation, width: int) -> list[Line]:
    out: list[Line] = []
    if found.largest is not None:
        worst, n = found.largest, len(found.z_scores)
        low, high = found.expected_squares()
        for text in (
            (
                f"Largest z-score: {worst.z:+.2f} ({worst.by}; {worst.model}: {worst.target.case},"
                f" {worst.target.quantity}). Beyond {LIMIT_Z:g} a target fails."
            ),
            (
                f"Sum of their squares: {found.sum_of_squares:.0f} of {n}. If they were independent, it would be"
                f" {low:.0f} to {high:.0f} in 98 of 100 cases; those of one model are correlated, so it varies more."
            ),
            (
                f"A correct engine would fail somewhere with at most {100 * found.false_alarm(LIMIT_Z):.2g} % of seeds."
                " The seed is fixed: every run gives the same figures."
            ),
        ):
            out += [Line(part) for part in wrap(text, width)]
    failed = sum(not v.passed for v in found.verdicts)
    targets = len({(v.model, v.target.key) for v in found.verdicts})
    of_models = len({v.model for v in found.verdicts})
    what = (
        f"{targets} {'target' if targets == 1 else 'targets'} of {of_models} {'model' if of_models == 1 else 'models'}"
    )
    out.append(
        Line(f"{failed} of {len(found.verdicts)} comparisons FAILED ({what})." if failed else f"{what} met.", "title")
    )
    return out
