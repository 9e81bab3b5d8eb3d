"""D011 case-never-matches: a case that no number can match."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.split import Split
from flows.values.caller_numbers import WITHHELD, is_withheld, plain_number

_NUMBERS = ("ani", "dnis")
_BEGINS = re.compile(r"\+?[0-9]{0,20}|(?:sip|client):[\x21-\x7e]*")


def check(context: Context) -> Iterator[Problem]:
    """Find cases of splits on a phone number that are not written the way a call reports numbers."""
    for name, split in context.nodes(Split):
        if split.value not in _NUMBERS:
            continue
        for case in split.cases:
            if case.strip() == "*" or (split.value == "ani" and case.strip().lower() == WITHHELD):
                continue
            number = case.strip().removesuffix("*").lower()
            if _BEGINS.fullmatch(number) and not is_withheld(number):
                continue
            message = (
                f"{case!r} can never match: {split.value} is a number such as +14155550100, or a sip: or client:"
                " address"
            )
            yield Problem(("nodes", name, "cases", case), message, _hint(split.value, case), of_key=True)


def _hint(value: str, case: str) -> str:
    number = plain_number(case.strip().removesuffix("*"))
    if is_withheld(number):
        return (
            f"write {WITHHELD!r} for callers without a number"
            if value == "ani"
            else "the number called is never withheld; remove the case"
        )
    if re.fullmatch(r"\+?[0-9]+", number):
        return f"write it without spaces or punctuation: {number + '*' * case.strip().endswith('*')!r}"
    return "write the number, or its beginning and a star: '+1415*'"


RULE = Rule(
    code="D011",
    name="case-never-matches",
    severity="warning",
    check=check,
    summary="a case that no number can match",
    what=(
        "A split on ani or dnis has a case that is not spelt like a number in a call: a plus and digits only, a sip: "
        "or client: address, or withheld."
    ),
    why=(
        "Carriers report a withheld number in a dozen ways, and all of them become 'withheld': a branch for any other "
        "spelling is never taken."
    ),
    example="who: {type: split, value: ani, cases: {anonymous: refused}, otherwise: main}",
    better="who: {type: split, value: ani, cases: {withheld: refused}, otherwise: main}",
    source="Platform: twilio.com/docs/voice/twiml (From), help.twilio.com on +266696687 and the like",
)
