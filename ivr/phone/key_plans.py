"""Plans of callers: a line per caller, as ``ivr call --keys`` takes it."""

from __future__ import annotations

from flows.kinds import Sample
from flows.model.flow import Flow
from flows.source.finding import Finding
from ivr.phone.event_words import read_keys

__all__ = ["PlanFindings", "plan_lines"]


def plan_lines(text: str) -> tuple[tuple[int, str], ...]:
    """The plans of a file with their line numbers; empty lines and comments (``# ...``) are left out.

    Examples
    --------
    >>> plan_lines("# two callers\\n1,2\\n\\n 0 \\n")
    ((2, '1,2'), (4, '0'))
    """
    lines = ((number, line) for number, line in enumerate(text.splitlines(), 1) if not line.startswith("# "))
    return tuple((number, line.strip()) for number, line in lines if line.strip())


class PlanFindings:
    """Checks files of plans.

    Examples
    --------
    >>> PlanFindings()(Sample("a.plans", "1,2\\n1,waiit\\n"), None)[0].where
    'a.plans:2:1'
    """

    def __call__(self, sample: Sample, flow: Flow | None) -> tuple[Finding, ...]:
        """C004 for every line that is not what a caller can do.

        Parameters
        ----------
        sample : Sample
        flow : Flow or None
            Not used: a plan may be played on any line.
        """
        lines = plan_lines(sample.text)
        found = [] if lines else [_finding("there is no plan in this file", sample.file, 1)]
        for number, line in lines:
            try:
                read_keys(line)
            except ValueError as error:
                found.append(_finding(str(error), sample.file, number))
        return tuple(found)


def _finding(message: str, file: str, line: int) -> Finding:
    hint = "write a line for each caller, e.g. 1,2,wait,0"
    return Finding(code="C004", severity="error", message=message, file=file, line=line, column=1, hint=hint)
