"""R013 emergency-text-late: emergency advice comes too late."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.source.counted import counted

_EMERGENCY = {
    "en": r"\bif (this|it|your call) is an? .{0,40}emergency\b|\b(in|for) an? (\w+ )?emergency\b",
    "es": r"\bsi (esto |se trata de |es |tiene )?.{0,20}\bemergencia\b|\ben caso de emergencia\b",
    "fr": r"\ben cas d.urgence\b|\bsi (c.est|il s.agit d).{0,20}urgence\b",
    "de": r"\b(im|bei einem|in einem|handelt es sich um einen) notfall\b",
    "pt": r"\b(em caso de|se for uma?|se é uma?) emergência\b",
    "vi": r"(trường hợp|nếu .{0,20}) khẩn cấp",
    "zh": r"紧急",
}
"""Sentences that tell every caller what to do in an emergency, by language."""


def check(context: Context) -> Iterator[Problem]:
    """Find texts about emergencies that callers hear only after a menu."""
    late, told = [], False
    for name, path, prompt in context.prompts:
        if path[2] == "choices" or not any(
            _matches(tag or context.flow.languages[0], text) for tag, text in prompt.text.items()
        ):
            continue
        pressed = [edge for edge in context.graph.path_to(name) if edge.needs in ("caller", "silence")]
        chosen = [edge for edge in pressed if context.flow.nodes[edge.source].keeps_place]
        if not chosen and name in context.graph.reachable and path[2] not in ("no_input", "no_match"):
            told = True
        elif name in context.graph.reachable:
            late.append((name, path, len(chosen)))
    for _, path, presses in late if not told else ():
        after = f"after {counted(presses, 'menu')}" if presses else "after silence or a wrong key"
        message = f"emergency advice is only given {after}"
        yield Problem(
            path, message, "say it at the very beginning, before the first menu", of_key=isinstance(path[-1], str)
        )


@lru_cache(maxsize=4096)
def _matches(tag: str, text: str) -> bool:
    pattern = _EMERGENCY.get(tag.partition("-")[0].lower())
    return bool(pattern and re.search(pattern, text.lower()))


RULE = Rule(
    code="R013",
    name="emergency-text-late",
    severity="info",
    check=check,
    summary="emergency advice comes too late",
    what=(
        "A sentence that tells callers what to do in an emergency comes after a menu, and nowhere before the first "
        "one. Choosing a language does not count as a menu."
    ),
    why="Callers who need it are listening to options that do not concern them.",
    example=(
        "main:\n  type: menu\n  choices: [{key: 1, label: a doctor, next: doctor}]\n"
        "doctor: {type: play, say: 'If this is an emergency, hang up and dial 911.', next: desk}"
    ),
    better=(
        "start: greeting\nnodes:\n  greeting: {type: play, say: 'If this is an emergency, hang up and dial 911.', next:"
        " main}"
    ),
    source=(
        "Our judgement, shared by published complaints about medical lines in North America that tell it after a"
        " greeting"
    ),
)
