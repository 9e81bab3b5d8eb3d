"""R012 bad-number: a wrong or premium-rate number."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.dial import Dial
from flows.nodes.message import Message
from flows.source.document import Path
from flows.values.numbering_plans import phone_number

_DIGITS = "check it digit by digit"


def check(context: Context) -> Iterator[Problem]:
    """Check dialled and texted numbers against the numbering plan of their country."""
    for path, text in _numbers(context):
        number = phone_number(text)
        if number is None:
            yield Problem(path, f"{text} begins with a country code that does not exist", _DIGITS)
        elif not number.possible:
            least, most = number.lengths[0], number.lengths[-1]
            wanted = str(least) if least == most else f"{least} to {most}"
            yield Problem(
                path, f"{text} cannot be a number: {wanted} digits follow country code {number.code}", _DIGITS
            )
        elif number.premium:
            whose = f" of {number.country}" if number.country else ""
            message = f"{text} is a premium-rate number{whose}: whoever is billed for this leg pays its charge"
            yield Problem(path, message, "dial a number without an extra charge", severity="warning")
        elif not number.known:
            yield Problem(
                path,
                f"no number in use with country code {number.code} begins like {text}",
                _DIGITS,
                severity="warning",
            )


def _numbers(context: Context) -> Iterator[tuple[Path, str]]:
    for name, dial in context.nodes(Dial):
        for path, number in (*dial.numbers(), (("caller_id",), dial.caller_id)):
            if number.startswith("+"):
                yield ("nodes", name, *path), number
    for name, message in context.nodes(Message):
        if message.to.startswith("+"):
            yield ("nodes", name, "to"), message.to


RULE = Rule(
    code="R012",
    name="bad-number",
    severity="error",
    check=check,
    summary="a wrong or premium-rate number",
    what=(
        "A dialled or texted number has a country code that does not exist, or too few or too many digits for its "
        "country; or, as a warning, it is a premium-rate number, or in no range that is in use. A number that is not "
        "in E.164 form (+ and country code) is rejected when the file is read (F003)."
    ),
    why="The transfer fails for every caller; or a stranger earns money on every minute, a common kind of toll fraud.",
    example='sales: {type: dial, number: "+1415555010", otherwise: desk}',
    better='sales: {type: dial, number: "+14155550100", otherwise: desk}',
    source="ITU-T E.164 and the national numbering plans, as in libphonenumber's metadata 9.0.43; ITU-T E.169.2 (+979)",
)
