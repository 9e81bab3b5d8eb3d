"""M130 verb-as-label: "For pay a bill", "For to continue"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.menu import Menu

_VERBS: Mapping[str, str] = {
    "en": (
        "activate|add|apply|ask|book|buy|cancel|change|check|confirm|continue|dispute|enroll|enter|file|find|get|hear|leave"
        "|listen|make|open|order|pay|register|renew|repeat|replace|report|request|reschedule|return|schedule|speak|start"
        "|stop|talk|track|transfer|update|use|verify"
    ),
    "de": (
        "ändern|anmelden|bestellen|bezahlen|beantragen|buchen|erfahren|fortfahren|hören|kaufen|kündigen|melden|sprechen"
        "|stornieren|überweisen|verlängern|wiederholen|zahlen"
    ),
}
_FOR_TO: Mapping[str, str] = {"en": r"\bfor to\b", "de": r"\bfür zu\b", "es": r"\bpara para\b", "fr": r"\bpour pour\b"}


def check(context: Context) -> Iterator[Problem]:
    """Check the labels of composed menus, and written prompts for "for to"."""
    menus = dict(context.nodes(Menu))
    for text in context.texts:
        tongue = text.language.partition("-")[0].lower()
        if (twice := _FOR_TO.get(tongue)) and (found := re.search(twice, text.words, re.IGNORECASE)):
            message = f"{text.node!r} says {found[0]!r}: the purpose is opened twice"
            yield Problem(text.path, message, "leave one of the two words out", of_key=False)
            continue
        menu = menus.get(text.node)
        if menu is None or menu.prompt is not None or text.prompt[2] != "choices" or text.prompt[-1] != "label":
            continue
        verbs = _VERBS.get(tongue)
        begins = rf"(?:{verbs})\b" if tongue == "en" else rf"(?:\S+ )*(?:{verbs})$"
        if verbs and re.match(begins, text.words, re.IGNORECASE):
            said = context.spoken(text.node, text.language).options
            heard = next((option.text for option in said if text.words in option.text), text.words)
            yield Problem(
                text.path,
                f"{text.words!r} is what callers do, and is announced as {heard!r}",
                f"write 'verb: {text.words}' instead of 'label'",
            )


RULE = Rule(
    code="M130",
    name="verb-as-label",
    severity="warning",
    check=check,
    summary="'For pay a bill', 'For to continue'",
    what=(
        "The label of a composed menu begins with a verb in English (or ends with one in German), which is announced "
        "as 'For pay a bill, press 1', or a text says 'for to'. Languages in which both are said alike are left out."
    ),
    why="It is not how anybody speaks; callers hear that nobody listened to the line before them.",
    example="choices:\n  - {key: 1, label: pay a bill, next: pay}",
    better="choices:\n  - {key: 1, verb: pay a bill, next: pay}",
    source="Guides: wording of options in Cohen, Giangola & Balogh 2004, Voice User Interface Design",
)
