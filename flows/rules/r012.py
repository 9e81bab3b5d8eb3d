"""R012 bad-number: a number that cannot be right, or that costs extra."""

from __future__ import annotations

from collections.abc import Iterator

from flows.context import Context
from flows.dial_plan import plan_of
from flows.document import Path
from flows.nodes.dial import Type as Dial
from flows.nodes.message import Type as Message
from flows.rules.base import Problem, Rule


def check(context: Context) -> Iterator[Problem]:
    """Dialled and texted numbers against the numbering plan of their country."""
    for path, number in _numbers(context):
        found = plan_of(number)
        if found is None:
            continue
        plan, national = found
        least, most = plan.digits
        if not least <= len(national) <= most or (plan.country == "North America" and national[0] in "01"):
            span = str(least) if least == most else f"{least} to {most}"
            wanted = f"{span} digits after the country code"
            if len(national) == least == most:
                wanted = "an area code that begins with 2 to 9"
            yield Problem(path, f"{number} is no number of {plan.country}, where numbers have {wanted}", "check it digit by digit")
        elif national.startswith(plan.premium) and plan.premium:
            message = f"{number} is a premium-rate number of {plan.country}: whoever is billed for this leg pays its charge"
            yield Problem(path, message, "dial a number without an extra charge", severity="warning")


def _numbers(context: Context) -> Iterator[tuple[Path, str]]:
    for name, dial in context.nodes(Dial):
        if dial.number.startswith("+"):
            yield ("nodes", name, "number"), dial.number
    for name, message in context.nodes(Message):
        if message.to.startswith("+"):
            yield ("nodes", name, "to"), message.to


RULE = Rule(
    code="R012", name="bad-number", severity="error", check=check,
    summary="a wrong or a premium number",
    what="A number that is dialled or texted has too few or too many digits for its country; or, as a warning, it is a "
    "premium-rate number. A number that is not in E.164 form (+ and country code) is refused when the file is read (F003).",
    why="The transfer fails for every caller; or a stranger earns by the minute on every call, a common kind of toll fraud.",
    example='sales: {type: dial, number: "+1415555010", otherwise: desk}',
    better='sales: {type: dial, number: "+14155550100", otherwise: desk}',
    options="Lengths and premium prefixes of 24 countries; elsewhere only E.164's limit of 15 digits is checked.",
    source="ITU-T E.164 and national numbering plans, as in libphonenumber's metadata 9.0.43; ITU-T E.169.2 (+979)",
)  # fmt: skip
