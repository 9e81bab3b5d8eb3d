"""Settings of the linter: severities, thresholds, ignored rules and the profile.

Settings come from the flow (``lint:``), from the nearest settings file (``[lint]`` in ``ivr.toml``, ``[tool.ivr.lint]``
in ``pyproject.toml``) and from the command line. Invalid settings are reported, so that a misspelt code does not
silently have no effect.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flows.lint.profiles import PROFILES
from flows.lint.rule_codes import OWN_CODE, begins
from flows.lint.rules import Rule, rules
from flows.source.document import Path, nearest
from flows.source.finding import Finding, Severity

__all__ = ["KEYS", "NO_SETTINGS", "SEVERITIES", "Settings", "settings_of"]

SEVERITIES = ("error", "warning", "info")
"""The severities that can be set; to turn a rule off, use ``ignore``."""
KEYS = ("severity", "options", "ignore", "profile")

Placed = Callable[[str, Path, str], Finding]
"""Makes a finding from a message, a path within the settings, and a hint."""


@dataclass(frozen=True)
class Settings:
    """Settings of the linter; a field is empty if it is not set.

    Parameters
    ----------
    severity : mapping of code to severity
    options : mapping of (code, option name) to number
    ignore : tuple of str
        Codes or code prefixes.
    profile : str
        Empty if none is chosen.

    Examples
    --------
    Settings closer to the flow win:

    >>> project = Settings(severity={"M101": "info", "R004": "info"}, profile="es")
    >>> project.under(Settings(severity={"M101": "error"}, ignore=("P1",)))
    Settings(severity={'M101': 'error', 'R004': 'info'}, options={}, ignore=('P1',), profile='es')
    """

    severity: Mapping[str, Severity] = field(default_factory=dict)
    options: Mapping[tuple[str, str], float] = field(default_factory=dict)
    ignore: tuple[str, ...] = ()
    profile: str = ""

    def under(self, nearer: Settings) -> Settings:
        """These settings, overridden by those of `nearer`."""
        return Settings(
            {**self.severity, **nearer.severity},
            {**self.options, **nearer.options},
            (*self.ignore, *nearer.ignore),
            nearer.profile or self.profile,
        )


NO_SETTINGS = Settings()


def settings_of(
    data: Mapping[str, Any], placed: Placed, *, also: tuple[str, ...] = ()
) -> tuple[Settings, tuple[Finding, ...]]:
    """Return the valid settings in `data`, and a finding (L003) for each invalid one.

    Parameters
    ----------
    data : mapping
        ``severity``, ``options``, ``ignore``, ``profile``, as in the file.
    placed : callable
        Makes the finding from a message, a path within the settings, and a hint.
    also : tuple of str
        Other names that are allowed beside these settings, for the hint.

    Examples
    --------
    >>> found = lambda message, path, hint: Finding(code="L003", severity="error", message=message, hint=hint)
    >>> settings, wrong = settings_of({"severity": {"M101": "info", "MM101": "info"}}, found)
    >>> settings.severity, wrong[0].message, wrong[0].hint
    ({'M101': 'info'}, "no rule has the code 'MM101'", 'did you mean M101?')
    """
    reader = _Reader(placed)
    for key in data:
        if key not in KEYS:
            reader.say(f"unknown setting {key!r}", (key,), _near(str(key), (*KEYS, *also), quoted=True))
    severity = {
        code: value
        for code, value in reader.entries(data, "severity")
        if reader.rule(code, ("severity", code)) and reader.severity(code, value)
    }
    options = {
        (code, name): float(value)
        for code, values in reader.entries(data, "options")
        if (rule := reader.rule(code, ("options", code)))
        for name, value in reader.entries(values, path=("options", code))
        if reader.option(rule, name, value)
    }
    ignore = tuple(
        str(part).upper() for index, part in enumerate(reader.listed(data)) if reader.beginning(part, ("ignore", index))
    )
    return Settings(severity, options, ignore, reader.profile(data.get("profile", ""))), tuple(reader.found)


class _Reader:
    def __init__(self, placed: Placed) -> None:
        self._placed = placed
        self.found: list[Finding] = []
        self._codes = [code for code, rule in rules().items() if rule.check]

    def say(self, message: str, path: Path, hint: str = "") -> bool:
        """Report an invalid setting and return False, so that it is skipped."""
        self.found.append(self._placed(message, path, hint))
        return False

    def entries(self, data: Any, key: str = "", path: Path = ()) -> Iterable[tuple[str, Any]]:
        path, value = (*path, key) if key else path, data.get(key, {}) if key else data
        if isinstance(value, Mapping):
            return [(str(k), v) for k, v in value.items()]
        self.say(f"{value!r} is where 'name: value' entries belong", path, "write e.g. {M101: info}")
        return ()

    def listed(self, data: Mapping[str, Any]) -> Iterable[Any]:
        value = data.get("ignore", ())
        if isinstance(value, list | tuple):
            return value
        self.say(f"{value!r} is not a list", ("ignore",), f"write [{value}]")
        return ()

    def rule(self, code: str, path: Path) -> Rule | None:
        """The rule with this code; None, and a finding, if it does not exist or cannot be set."""
        known = rules().get(code)
        if known and known.check:
            return known
        if known:
            self.say(
                f"{code} ({known.name}) is found before any rule runs and cannot be set", path, "fix what it finds"
            )
        elif OWN_CODE.fullmatch(code):
            self.not_here(code, path)
        else:
            self.say(f"no rule has the code {code!r}", path, _near(code, self._codes))
        return None

    def not_here(self, code: str, path: Path) -> bool:
        """Tell about the code of a rule from outside that this run does not have, which is no mistake."""
        self.say(
            f"{code} is not set: there is no such rule here",
            path,
            "name the folder of the rule with --rules, or install it",
        )
        self.found[-1] = replace(self.found[-1], severity="info")
        return False

    def severity(self, code: str, value: Any) -> bool:
        if value in SEVERITIES:
            return True
        hint = (
            f"write 'ignore: [{code}]'"
            if str(value).lower() in ("off", "none", "false", "ignore")
            else _near(str(value), SEVERITIES, quoted=True)
        )
        return self.say(f"{value!r} is not a severity; use one of {', '.join(SEVERITIES)}", ("severity", code), hint)

    def option(self, rule: Rule, name: str, value: Any) -> bool:
        path, names = ("options", rule.code, name), [option.name for option in rule.settings]
        if name not in names:
            hint = _near(name, names, quoted=True) if names else f"{rule.code} has no options"
            return self.say(f"{rule.code} has no option {name!r}", path, hint)
        try:
            fine = not isinstance(value, bool) and 0 <= float(value) < 1e9
        except (TypeError, ValueError):
            fine = False
        return fine or self.say(
            f"{value!r} is not a number for {name!r} of {rule.code}",
            path,
            "write a number of 0 or more, without a unit",
        )

    def beginning(self, part: Any, path: Path) -> bool:
        code = str(part).upper()
        if OWN_CODE.fullmatch(code) and code not in self._codes:
            return self.not_here(code, path)
        return (bool(code) and any(begins(known, code) for known in self._codes)) or self.say(
            f"no rule has the code {str(part)!r}, or a code that begins with it", path, _near(code, self._codes)
        )

    def profile(self, value: Any) -> str:
        if not value or value in PROFILES:
            return str(value)
        self.say(
            f"{value!r} is not a profile; use one of {', '.join(PROFILES)}",
            ("profile",),
            _near(str(value), list(PROFILES), quoted=True),
        )
        return ""


def _near(word: str, known: Iterable[str], *, quoted: bool = False) -> str:
    names = list(known)
    near = nearest(word.upper() if not quoted else word.lower(), names)
    if near:
        return f"did you mean {near!r}?" if quoted else f"did you mean {near}?"
    return f"allowed here: {', '.join(names)}" if quoted else "'ivr explain' lists all rules"
