"""The accuracy of wait estimators, as text for a terminal."""

from __future__ import annotations

from flows.display.numbers import count, duration, share
from flows.display.tables import table
from flows.source.counted import counted
from simulation.experiment.wait_estimators import EstimatorResult
from simulation.report.text_blocks import STOPPED, WIDTH, paragraph

__all__ = ["estimators_text"]


def estimators_text(result: EstimatorResult, *, title: str, width: int = WIDTH) -> str:
    """Return the accuracy of each wait estimator by queue, best first."""
    lines = [
        title,
        f"{counted(result.replications, 'replication')} · {result.engine} engine",
        *([STOPPED[result.stopped]] if result.stopped in STOPPED else []),
        "",
    ]
    head = ["", "off by", "bias", "rms error", "a minute late"]
    for queue, errors in result.by_queue.items():
        if not errors:
            lines += [f"{queue}: no answered caller had to wait", ""]
            continue
        lines += [
            f"{queue}: {counted(count(errors[0].waits), 'caller')} waited {duration(errors[0].mean_wait_s)} on average"
        ]
        rows = [
            [
                error.estimator.replace("_", " "),
                duration(error.absolute_s),
                signed_duration(error.bias_s),
                duration(error.rmse_s),
                share(error.share_late),
            ]
            for error in errors
        ]
        lines += [*table(rows, head=head), ""]
    lines += paragraph(
        "Off by: mean absolute error of the estimate, for callers who waited and were answered. Bias: above 0, the "
        "announced wait is too long. A minute late: callers who waited over a minute longer than announced. "
        "The first estimator of each queue has the smallest root mean square error.",
        min(width, WIDTH),
    )
    return "\n".join(lines)


def signed_duration(seconds: float) -> str:
    """Return a duration with its sign.

    >>> signed_duration(-90)
    '-1 min 30 s'
    """
    return ("-" if seconds < 0 else "+") + duration(abs(seconds))
