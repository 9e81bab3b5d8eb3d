"""Where the calls of a scenario come from, if not from its log."""

from __future__ import annotations

from dataclasses import dataclass

from flows.source.counted import counted

__all__ = ["Volumes"]


@dataclass(frozen=True)
class Volumes:
    """A report by intervals that says how many call.

    Parameters
    ----------
    name : str
        Of the report.
    days : int
        That were kept.
    calls : int
        On these days.
    shared_days : int
        Days that report and log both have.
    of_report, of_log : int
        Calls on these, by each.
    """

    name: str
    days: int
    calls: int
    shared_days: int
    of_report: int
    of_log: int

    @property
    def source(self) -> str:
        """In words, for a comment."""
        return f"{counted(self.days, 'day')} with {self.calls:,} calls of the report {self.name}"

    @property
    def words(self) -> str:
        """What is assumed."""
        both = (
            f": on the {counted(self.shared_days, 'day')} that both have it counts {self.of_report:,}, and the log"
            f" {self.of_log:,}"
            if self.shared_days
            else ", which has no day in common with the log"
        )
        return f"calls are those of the report {self.name}{both}"
