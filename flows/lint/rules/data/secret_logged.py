"""D002 secret-logged: a secret in the records."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.collect import Collect
from flows.nodes.lookup import Lookup
from flows.nodes.split import Split

_NAMES = {
    "pin",
    "password",
    "passcode",
    "passwort",
    "secret",
    "ssn",
    "clave",
    "contrasena",
    "senha",
    "nip",
    "otp",
    "token",
}


def check(context: Context) -> Iterator[Problem]:
    """Find non-sensitive values whose name suggests a secret, and splits whose outcome reveals a secret."""
    for name, node in context.nodes(Collect):
        word = _secret_word(node.into)
        if word and not node.sensitive:
            message = (
                f"{node.into!r} looks like a secret (its name says {word}) and is not sensitive: it would be shown"
                " and logged"
            )
            yield Problem(("nodes", name, "into"), message, "add 'sensitive: true'")
    for name, lookup in context.nodes(Lookup):
        for value in lookup.into:
            word = _secret_word(value)
            if word and value not in lookup.sensitive:
                message = (
                    f"{value!r} looks like a secret (its name says {word}) and is not sensitive: it would be shown"
                    " and logged"
                )
                yield Problem(("nodes", name, "into", value), message, f"add 'sensitive: [{value}]'", of_key=True)
    for name, split in context.nodes(Split):
        if split.value in context.flow.secrets:
            case = next((case for case in split.cases if case.rstrip("*")), None)
            if case:
                message = (
                    f"the records say which case of {split.value!r} was taken, and case {case!r} is (the beginning of)"
                    " the secret itself"
                )
                yield Problem(
                    ("nodes", name, "cases", case),
                    message,
                    "let a lookup compare it, and branch on what it answers",
                    of_key=True,
                )


def _secret_word(value: str) -> str:
    words = re.split(r"[_\d]+|(?<=[a-z])(?=[A-Z])", value)
    return next((word.lower() for word in words if word.lower() in _NAMES), "")


RULE = Rule(
    code="D002",
    name="secret-logged",
    severity="error",
    check=check,
    summary="a secret in the records",
    what=(
        "A value named pin, password, ssn or the like is collected or looked up and is not sensitive; or a split "
        "compares a sensitive value with texts in the file, so that the recorded outcome reveals it. Card data are "
        "D001."
    ),
    why="Anyone who may read the call records, or the flow file, can then sign in as the caller.",
    example="ask: {type: collect, say: Your PIN?, into: pin, digits: 4, next: check}",
    better="ask: {type: collect, say: Your PIN?, into: pin, digits: 4, sensitive: true, next: check}",
    source="OWASP ASVS 4.0.3, 7.1.1 (no credentials in logs); PCI DSS 4.0.1, requirement 3.3 for PINs of cards",
)
