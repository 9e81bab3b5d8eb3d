"""Profiles: stricter requirements for some phone lines, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flows.lint.rule_codes import begins
from flows.source.finding import Severity

__all__ = ["PROFILES", "Profile"]


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What a profile changes; settings of the flow or its project take precedence.

    Parameters
    ----------
    name, meaning : str
    severity : mapping of code, or beginning of codes, to severity
        The longest match wins.
    options : mapping of (code, option name) to number
    source : str

    Examples
    --------
    >>> PROFILES["es"].severity_of("M108"), PROFILES["default"].severity_of("M108")
    ('error', None)
    >>> PROFILES["accessible"].severity_of("P103")
    'warning'
    """

    name: str
    meaning: str
    severity: Mapping[str, Severity] = field(default_factory=dict)
    options: Mapping[tuple[str, str], float] = field(default_factory=dict)
    source: str = ""

    def severity_of(self, code: str) -> Severity | None:
        """The severity of a rule in this profile; None for the rule's own."""
        beginnings = sorted((part for part in self.severity if begins(code, part)), key=len)
        return self.severity[beginnings[-1]] if beginnings else None


_ALL = (
    Profile(name="default", meaning="What every line should meet."),
    Profile(
        name="accessible",
        meaning="Lines that people with limited time, hearing, memory or dexterity can also use.",
        severity={
            "A": "warning",
            "A001": "error",
            "A003": "error",
            "M108": "error",
            "M109": "error",
            "M110": "error",
            "M111": "error",
            "M118": "error",
            "P103": "warning",
        },
        options={
            ("M101", "tell_s"): 15.0,
            ("M101", "warn_s"): 20.0,
            ("M102", "tell_from"): 5,
            ("M102", "warn_from"): 6,
            ("P101", "most_s"): 15.0,
        },
        source=(
            "W3C COGA (Making Content Usable for People with Cognitive and Learning Disabilities, O6P04); "
            "ETSI ES 202 076; Ireland's public-service guide (4 options)"
        ),
    ),
    Profile(
        name="es",
        meaning="Spain's law on customer service: a person among the options, and long waits are not cut off.",
        severity={"M108": "error", "R017": "error", "R018": "error"},
        source="Spain, Ley 10/2025 (in force from 28 December 2026)",
    ),
)

PROFILES: Mapping[str, Profile] = {profile.name: profile for profile in _ALL}
"""Every profile by name."""
