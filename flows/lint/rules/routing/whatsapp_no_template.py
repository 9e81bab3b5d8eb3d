"""R036 whatsapp-no-template: a WhatsApp message in free words."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.message import Message


def check(context: Context) -> Iterator[Problem]:
    """Find WhatsApp messages that no approved template says."""
    for name, node in context.nodes(Message):
        if node.channel == "whatsapp" and not node.template:
            message = "WhatsApp delivers free words only within a day of a message from the caller, who has telephoned"
            hint = "give it the template of your account: template: HX..., and variables: for its placeholders"
            yield Problem(("nodes", name, "channel"), message, hint)


RULE = Rule(
    code="R036",
    name="whatsapp-no-template",
    severity="error",
    check=check,
    summary="a WhatsApp message in free words",
    what="A 'message' node sends by WhatsApp and has no 'template'.",
    why=(
        "WhatsApp delivers words of one's own only within 24 hours of a message that the person has written; a "
        "telephone call is none. All others need a template that WhatsApp has approved; without one the message is "
        "accepted, and fails afterwards (Twilio's error 63016)."
    ),
    example="told: {type: message, channel: whatsapp, text: We call at noon., next: bye}",
    better=(
        'told: {type: message, channel: whatsapp, template: HX0123456789abcdef0123456789abcdef, variables: {"1": '
        '"{appointment:time}"}, text: We call at noon., next: bye}'
    ),
    source="Twilio documentation, error 63016; 'Send templates created with the Content Template Builder'",
)
