"""D012 secret-not-inserted: a secret's name is sent as it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.lookup import Lookup
from flows.source.document import Path

_MEANT = re.compile(r"\$(?:\{[A-Za-z_]\w*\}|[A-Za-z_]\w*)", re.ASCII)
_SECRET = re.compile(r"\$IVR_SECRET_[A-Z0-9_]+")


def check(context: Context) -> Iterator[Problem]:
    """Find a $NAME in a header that is not read from the environment, and a secret's $NAME in a URL or body."""
    for name, lookup in context.nodes(Lookup):
        parts: list[tuple[Path, str, bool]] = [(("headers", key), text, True) for key, text in lookup.headers.items()]
        parts += [(("url",), lookup.url, False), *((("body", key), text, False) for key, text in lookup.body.items())]
        for rest, text, is_header in parts:
            path = ("nodes", name, *rest)
            for found in _MEANT.finditer(text):
                secret = _SECRET.fullmatch(found[0])
                if bool(secret) == is_header or (not is_header and "IVR" not in found[0].upper()):
                    continue
                where = "header" if is_header else "URL" if rest == ("url",) else "body"
                hint = _hint(found[0]) if is_header else "send the secret in a header; URLs and bodies end up in logs"
                at = context.document.within(path, found.start())
                yield Problem(path, f"{found[0]!r} in the {where} is sent literally", hint, at=at)


def _hint(written: str) -> str:
    name = re.sub(r"\W", "", written).upper()
    name = re.sub(r"^(?:IVR_)?(?:SECRE?T?E?_)?", "", name) or "NAME"
    return f"write $IVR_SECRET_{name}, and set that variable where the line is served"


RULE = Rule(
    code="D012",
    name="secret-not-inserted",
    severity="error",
    check=check,
    summary="a secret's name is sent as it stands",
    what=(
        "A header of a lookup contains a $NAME that does not have the form $IVR_SECRET_NAME; or the URL or body of a "
        "lookup contains such a name, where no secret is inserted."
    ),
    why=(
        "The remote system receives the name of the secret instead of the secret, and rejects every call. It looks "
        "like an outage."
    ),
    example="headers: {Authorization: Bearer $TOKEN}",
    better="headers: {Authorization: Bearer $IVR_SECRET_TOKEN}",
    source="Our own: the service reads only variables named IVR_SECRET_..., so that a flow cannot ask for any other",
)
