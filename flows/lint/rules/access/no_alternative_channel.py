"""A005 no-alternative-channel: the phone is the only channel."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Option, Problem
from flows.lint.rules.base import Rule
from flows.nodes.message import Message

LEAST_NODES = Option("least_nodes", 10, "Flows of fewer nodes are parts or trials and are not checked.")
_OTHER = re.compile(
    r"\b(?:www|dot (com|org|net|gov|example)|punto (com|es|org|example)|point"
    r" (com|fr|ca)|\w+\.(com|org|net|gov|example|es|de|fr)"
    r"|web ?site|web page|online|on line|e-?mail|chat|app|apps|text message|sms|text us|relay|tty|post office"
    r"|sitio web|página web|en línea|correo electrónico|aplicación|mensaje de texto"
    r"|site web|en ligne|courriel|appli|application|texto|webseite|internetseite|im internet"
    r"|site|aplicativo|mensagem de texto)\b|trang web|ứng dụng|tin nhắn|网站|短信|应用",
    re.IGNORECASE,
)


def check(context: Context) -> Iterator[Problem]:
    """Check all texts of the flow, and whether it sends messages."""
    least_nodes = context.option("A005", LEAST_NODES)
    if sum("/" not in name for name in context.flow.nodes) < least_nodes or any(True for _ in context.nodes(Message)):
        return
    if any(_OTHER.search(text) for text in {text for _, _, prompt in context.prompts for text in prompt.text.values()}):
        return
    message = "callers are never told of another way to reach you: no web address, e-mail, app or text message"
    yield Problem(("name",), message, "name one where callers wait or are sent away, or send it with a 'message' node")


RULE = Rule(
    code="A005",
    name="no-alternative-channel",
    severity="info",
    check=check,
    summary="the phone is the only channel",
    what=(
        "A flow of ten nodes or more neither sends text messages nor mentions, in any prompt, a website, an e-mail "
        "address, an app, a chat or a number for texts."
    ),
    why=(
        "Deaf callers, callers who do not speak the language well, and callers without credit need another channel; "
        "many others would prefer one to waiting."
    ),
    example="nodes: {}  # thirty nodes, and not a word of the web site",
    better="closed: {type: play, say: 'You can also write to us at northwind dot example.', next: message}",
    options="Recognises words in the languages that this program speaks.",
    settings=(LEAST_NODES,),
    source="Law: European Accessibility Act (Directive (EU) 2019/882), annex I; Spain, Ley 10/2025",
)
