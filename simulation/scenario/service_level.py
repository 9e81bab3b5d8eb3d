"""What is to be reached: how soon callers are answered, in the whole and in a queue."""

from __future__ import annotations

from pydantic import Field, model_validator

from flows.values.scalars import Duration
from simulation.scenario.field_types import Part, Share

__all__ = ["QueueLevel", "ServiceLevel"]


class ServiceLevel(Part):
    """The longest acceptable wait, and the share of calls that should wait no longer.

    Parameters
    ----------
    threshold
        Longest wait that counts as in time.
    target
        Share of calls that should be in time, 0..1 or 80%.
    callback_within
        Longest time from the promise of a callback until the caller is reached that counts as in time.
    """

    threshold: Duration = Field(default=20.0, ge=0, le=86_400)
    target: Share | None = None
    callback_within: Duration = Field(default=1_800.0, ge=0, le=604_800)


class QueueLevel(Part):
    """What is to be reached in one queue, where it differs from the whole.

    Parameters
    ----------
    threshold : duration
        Longest wait in this queue that counts as in time; default: that of the scenario.
    target : share
        Share of this queue's callers who should be in time; default: the queue is not judged by itself.
    """

    threshold: Duration | None = Field(default=None, ge=0, le=86_400)
    target: Share | None = None

    @model_validator(mode="after")
    def _says_something(self) -> QueueLevel:
        if self.threshold is None and self.target is None:
            raise ValueError("states neither threshold nor target; write {threshold: 60s, target: 90%} or leave it out")
        return self
