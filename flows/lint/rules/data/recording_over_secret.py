"""D005 recording-over-secret: a secret spoken into a recording."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.voicemail import Voicemail

_SECRETS = {
    "en": r"\bpin\b|\bpasswords?\b|\bpasscode\b|\b(credit |debit )?card number\b|\bsecurity code\b|\bsocial security\b",
    "es": r"\bpin\b|\bcontraseña\b|\bclave\b|\bnúmero de (la |su )?tarjeta\b|\bcódigo de seguridad\b|\bseguro social\b",
    "fr": r"\bmot de passe\b|\bcode secret\b|\bnuméro de (la |votre )?carte\b|\bnip\b",
    "de": r"\bpin\b|\bpasswort\b|\bkennwort\b|\bkartennummer\b|\bprüfziffer\b",
    "pt": r"\bsenha\b|\bnúmero do (seu )?cartão\b|\bcódigo de segurança\b",
    "vi": r"\bmật khẩu\b|\bmã pin\b|\bsố thẻ\b",
    "zh": r"密码|卡号",
}
_NOT = re.compile(r"\b(not|never|don.t|no (deje|diga)|nunca|jamais|ne|nicht|kein|keine|nie|não)\b|không|请勿|不要")


def check(context: Context) -> Iterator[Problem]:
    """Check what is said before the tone, sentence by sentence."""
    first = context.flow.languages[0]
    for name, node in context.nodes(Voicemail):
        for tag, text in node.say.text.items() if node.say else ():
            pattern = _SECRETS.get((tag or first).partition("-")[0].lower())
            for sentence in re.split(r"(?<=[.!?。])\s*", text.lower()):
                found = re.search(pattern, sentence) if pattern else None
                if found and not _NOT.search(sentence):
                    place = ("nodes", name, "say", tag)
                    path = place if tag and place in context.document.marks else ("nodes", name, "say")
                    message = f"callers are asked to speak a secret ({found[0]!r}) into a recording"
                    yield Problem(
                        path,
                        message,
                        "ask for a name and a number to call back, or use a 'collect' with 'sensitive: true'",
                    )


RULE = Rule(
    code="D005",
    name="recording-over-secret",
    severity="error",
    check=check,
    summary="a secret spoken into a recording",
    what=(
        "The text before a recording asks for a PIN, a password, a card number or the like. A sentence that asks "
        "callers not to say it is fine."
    ),
    why="The recording is stored, e-mailed and played by others. A recorded security code must not be kept at all.",
    example="message: {type: voicemail, box: pay, say: 'Please say your name and card number.'}",
    better="message: {type: voicemail, box: pay, say: 'Please say your name and when we can call you back.'}",
    source="PCI DSS 4.0.1, requirement 3.3.1 and its guide to telephone payments",
)
