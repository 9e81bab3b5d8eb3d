"""D010 secret-in-url: a secret in a URL."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.lookup import Lookup
from flows.speech.prompt import placeholders


def check(context: Context) -> Iterator[Problem]:
    """Find lookups whose URL contains a sensitive value, or that send one unencrypted."""
    for name, node in context.nodes(Lookup):
        in_url = [value for value in placeholders(node.url) if value in context.flow.secrets]
        if in_url:
            message = f"the secret {in_url[0]!r} is part of a URL, and URLs are logged along the way"
            yield Problem(
                ("nodes", name, "url"),
                message,
                f"send it in the body: 'method: POST' and 'body: {{{in_url[0]}: \"{{{in_url[0]}}}\"}}'",
            )
        elif node.url.startswith("http://"):
            sent = [v for path, text in node.inserts() for v in placeholders(text) if v in context.flow.secrets]
            if sent:
                message = f"the secret {sent[0]!r} is sent without encryption"
                yield Problem(("nodes", name, "url"), message, "use a URL that begins with https://")


RULE = Rule(
    code="D010",
    name="secret-in-url",
    severity="error",
    check=check,
    summary="a secret in a URL",
    what="The URL of a lookup inserts a sensitive value, or a lookup sends one over http.",
    why="URLs end up in the logs of every proxy and server they pass, where others may read them years later.",
    example=(
        "ask: {type: collect, say: Your PIN?, into: pin, digits: 4, sensitive: true, next: check}\n"
        "check: {type: lookup, url: 'https://example.com/check?pin={pin}', on: {found: main}, failure: desk}"
    ),
    better=(
        "ask: {type: collect, say: Your PIN?, into: pin, digits: 4, sensitive: true, next: check}\ncheck: {type:"
        " lookup, url: https://example.com/check, method: POST, body: {pin: '{pin}'}, on: {found: main}, failure: desk}"
    ),
    source="OWASP ASVS 4.0.3, 8.3.1 (no sensitive data in URLs); RFC 9110, section 17.9",
)
