"""Queues with a threshold or a target of their own: what they reach, and how it is said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flows.display.numbers import duration, share
from ivr.records.measures import Sums
from simulation.experiment.estimates import Estimate, estimate
from simulation.experiment.format_estimate import without_interval, written
from simulation.experiment.verdict import Judged, against_target

__all__ = ["QueueLevel", "queue_levels", "within_words"]

_NAMED = 3
"""Most queues whose thresholds a sentence names."""


@dataclass(frozen=True)
class QueueLevel:
    """The service level of a queue that has a threshold or a target of its own.

    Parameters
    ----------
    queue : str
        As it is shown.
    level : Estimate or None
        None if none of its callers count.
    threshold_s : float
    own_threshold : bool
        Whether it differs from that of the whole.
    target : float or None
        0..1.
    """

    queue: str
    level: Estimate | None
    threshold_s: float
    own_threshold: bool
    target: float | None = None

    @property
    def goal(self) -> str:
        """What is to be reached, in words; empty without a target."""
        return "" if self.target is None else f"{share(self.target)} within {duration(self.threshold_s)}"

    @property
    def judged(self) -> Judged | None:
        """Whether the target is met; None without a target, or without callers."""
        return None if self.target is None or self.level is None else against_target(self.level, self.target)

    def as_dict(self) -> dict[str, float | str | None]:
        """The JSON of this queue: threshold, target and verdict; its service level is among its measures."""
        return {"threshold_s": self.threshold_s, "target": self.target, "judged": self.judged}

    @property
    def said(self) -> str:
        """The service level without its interval."""
        return "–" if self.level is None else without_interval(written("service_level", self.level))


def queue_levels(
    parts: Sequence[Sums],
    *,
    targets: Mapping[str, float] | None = None,
    names: Mapping[str, str] | None = None,
    confidence: float = 0.95,
) -> tuple[QueueLevel, ...]:
    """Return the service levels of the queues that have a threshold or a target of their own.

    Parameters
    ----------
    parts : sequence of Sums
        One for each replication.
    targets : mapping of str to float, optional
        Target by queue, 0..1.
    names : mapping of str to str, optional
        How a queue is shown; default: its name.
    confidence : float

    Examples
    --------
    >>> from ivr.records.measures import sums
    >>> from ivr.records.tables import empty
    >>> two = empty(horizon_us=10, names={"queue": ("sales", "support")})
    >>> found = queue_levels([sums(two, own_threshold_us={"sales": 60_000_000})], targets={"support": 0.8})
    >>> [(one.queue, one.threshold_s, one.goal) for one in found]
    [('sales', 60.0, ''), ('support', 20.0, '80 % within 20 s')]
    """
    first, targets = parts[0], targets or {}
    found = []
    for queue, threshold_us in zip(first.queues, first.thresholds_us, strict=True):
        own = threshold_us != first.threshold_us
        if own or queue in targets:
            level = estimate(parts, queue=queue, confidence=confidence).get("service_level")
            shown = (names or {}).get(queue, queue)
            found.append(QueueLevel(shown, level, threshold_us * 1e-6, own, targets.get(queue)))
    return tuple(found)


def within_words(threshold_s: float, queues: Sequence[QueueLevel] = (), *, of: int = 0) -> str:
    """Return the threshold in words, with those of the queues that have their own.

    Parameters
    ----------
    threshold_s : float
        That of all other queues.
    queues : sequence of QueueLevel
    of : int
        How many queues there are; if all have their own, that of the others is not said.

    Examples
    --------
    >>> sales = QueueLevel("sales", None, 60.0, True)
    >>> within_words(20.0), within_words(20.0, [sales], of=2), within_words(20.0, [sales], of=1)
    ('20 s', '20 s (sales: 1 min)', '1 min (sales)')
    """
    own = [one for one in queues if one.own_threshold]
    if not own:
        return duration(threshold_s)
    if len(own) > _NAMED:
        return "the threshold of their queue"
    if len(own) == of:
        return ", ".join(f"{duration(one.threshold_s)} ({one.queue})" for one in own)
    return f"{duration(threshold_s)} ({', '.join(f'{one.queue}: {duration(one.threshold_s)}' for one in own)})"
