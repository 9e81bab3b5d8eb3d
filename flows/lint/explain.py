"""The pages of rules and codes, as ``ivr explain`` shows them."""

from __future__ import annotations

import json
import textwrap
from dataclasses import asdict, fields

from flows.lint.rule_codes import letters_of
from flows.lint.rules import Rule, rules
from flows.source.document import nearest
from flows.source.finding import usage_error

__all__ = ["FAMILIES", "family_of", "options_text", "page", "table"]

FAMILIES = {
    "U": "Calling the commands",
    "L": "The linter itself",
    "Y": "Reading the file",
    "V": "Versions of the flow language",
    "F": "The form of a flow file",
    "S": "Structure: does every call get somewhere?",
    "M": "Menus: can callers find and press what they want?",
    "P": "Prompts: are the words there, and short enough?",
    "R": "Routing: does every caller reach someone, or something?",
    "D": "Data: is what callers enter safe?",
    "A": "Access: can everyone use the line?",
    "T": "Targets: will it run on the carrier?",
    "N": "Names, leftovers and comments",
    "G": "Translations",
    "C": "Call scripts",
    "E": "Engines",
    "X": "Scenarios",
    "K": "Call logs",
    "Q": "Formulas",
    "W": "The live service",
}
"""What the first letter of a code means."""
OWN_FAMILY = "Rules of your own"
"""What a code with several letters means."""

_COLOURS = {"error": "31;1", "warning": "33;1", "info": "36;1"}
_WIDTH = 80


def page(code: str, *, form: str = "text", colour: bool = False, width: int = _WIDTH) -> str:
    """Return the page of one rule.

    Parameters
    ----------
    code : str
        Code or name.
    form : {"text", "json"}
    colour : bool
    width : int
        Columns of the text.

    Raises
    ------
    UsageError
        If there is no such rule.

    Examples
    --------
    >>> print(page("s002").splitlines()[0])
    S002 unknown-target (error)
    """
    known = rules()
    names = {rule.name: rule.code for rule in known.values()}
    wanted = names.get(code.lower(), code.upper())
    if wanted not in known:
        padded = f"{wanted[:1]}{wanted[1:].zfill(3)}"
        near = (padded if padded in known else nearest(code.upper(), list(known))) or names.get(
            nearest(code.lower(), list(names)), ""
        )
        hint = f"did you mean {near} ({known[near].name})?" if near else "'ivr explain' lists all rules"
        raise usage_error("L002", f"no rule has the code {code!r}", hint)
    rule = known[wanted]
    return (
        json.dumps(_data(rule), indent=2, ensure_ascii=False)
        if form == "json"
        else _text(rule, colour=colour, width=width)
    )


def table(*, form: str = "text", colour: bool = False) -> str:
    """Return all rules by family: code, name, severity and summary.

    Examples
    --------
    >>> "S002  unknown-target" in table()
    True
    """
    if form == "json":
        return json.dumps([_data(rule) for rule in rules().values()], indent=2, ensure_ascii=False)
    wide = max(len(rule.name) for rule in rules().values())
    out = []
    for letters in dict.fromkeys([*FAMILIES, *map(letters_of, rules())]):
        out.append(_paint(f"{letters}  {family_of(letters)}", "1", colour=colour))
        for rule in rules().values():
            if letters_of(rule.code) == letters:
                severity = _paint(f"{rule.severity:<7}", _COLOURS[rule.severity], colour=colour)
                out.append(f"  {rule.code}  {rule.name:<{wide}}  {severity}  {rule.summary}")
        out.append("")
    return "\n".join([*out, "'ivr explain CODE' says what a rule finds, why it matters and how to fix it."])


def family_of(code: str) -> str:
    """What the letters of a code mean.

    >>> family_of("M101"), family_of("ACME001")
    ('Menus: can callers find and press what they want?', 'Rules of your own')
    """
    return FAMILIES.get(letters_of(code), OWN_FAMILY)


def _data(rule: Rule) -> dict[str, object]:
    data = {f.name: getattr(rule, f.name) for f in fields(rule) if f.name != "check"}
    return data | {"settings": [asdict(option) for option in rule.settings]}


def options_text(rule: Rule) -> str:
    """Return the options of a rule in words: its thresholds, then its variants.

    Examples
    --------
    >>> options_text(rules()["P101"])
    "most_s (20): Seconds above which a warning is reported. Speaking rates are the same as in 'ivr show'."
    """
    said = [f"{option.name} ({option.default:g}): {option.meaning}" for option in rule.settings]
    return " ".join([*said, *([rule.options] if rule.options != "None." or not said else [])])


def _text(rule: Rule, *, colour: bool, width: int) -> str:
    severity = _paint(rule.severity, _COLOURS[rule.severity], colour=colour)
    sections = (
        ("What", _flow(rule.what, width)),
        ("Why", _flow(rule.why, width)),
        ("Example", _code(rule.example)),
        ("Better", _code(rule.better)),
        ("Options", _flow(options_text(rule), width)),
        ("Source", _flow(rule.source, width)),
    )
    body = "\n\n".join(f"{_paint(title, '1', colour=colour)}\n{text}" for title, text in sections)
    return f"{_paint(f'{rule.code} {rule.name}', '1', colour=colour)} ({severity})\n\n{body}"


def _flow(text: str, width: int) -> str:
    return textwrap.fill(" ".join(text.split()), width - 2, initial_indent="  ", subsequent_indent="  ")


def _code(text: str) -> str:
    return textwrap.indent(textwrap.dedent(text).strip("\n"), "    ")


def _paint(text: str, code: str, *, colour: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if colour else text
