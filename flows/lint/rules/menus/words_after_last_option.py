"""M121 words-after-last-option: words after the last option."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Option, Problem
from flows.lint.rules.base import Rule
from flows.lint.sentences import SENTENCE
from flows.nodes.menu import Menu
from flows.speech.announcements import announcements, any_other_key, stays, then_pound
from flows.speech.timing import speech_s

MOST_S = Option("most_s", 1.0, "Seconds that may be said after the last option.")


def check(context: Context) -> Iterator[Problem]:
    """Check written prompts that announce keys, in the language with the most words after the last one."""
    most_s = context.option("M121", MOST_S)
    for name, menu in context.nodes(Menu):
        if menu.prompt is None:
            continue
        said = [tag for tag in context.flow.languages if tag not in menu.prompt.missing(context.flow.languages)]
        after_s, tag = max(
            ((_after_s(context, name, menu, tag), tag) for tag in said), key=lambda pair: pair[0], default=(0.0, "")
        )
        if after_s > most_s:
            message = f"menu {name!r} goes on for {after_s:.1f} s after its last option{context.in_language(tag)}"
            path = context.text_path(("nodes", name, "prompt"), tag)
            yield Problem(path, message, "say it before the options, or leave it out: end with the last key")


def _after_s(context: Context, name: str, menu: Menu, tag: str) -> float:
    """Seconds of speech after the last option, not counting options."""
    spoken = context.spoken(name, tag)
    assert menu.prompt is not None
    text = menu.prompt.words(tag, context.flow.languages[0])
    found = announcements(text, tag)
    if not found or not spoken.options:
        return 0.0
    ended = then_pound(text, tag, found[-1].end)
    closing = text[ended[1] if ended else found[-1].end :]
    rest = "".join(
        sentence for sentence in SENTENCE.findall(closing) if not (stays(sentence, tag) or any_other_key(sentence, tag))
    )
    return spoken.closing_s * speech_s(rest, tag) / (speech_s(text[found[-1].end :], tag) or 1.0)


RULE = Rule(
    code="M121",
    name="words-after-last-option",
    severity="info",
    check=check,
    summary="words after the last option",
    what=(
        "A written prompt goes on for more than a second after its last option. What happens if callers do nothing "
        "(stay on the line) or press any other key counts as an option, and a pound pressed after a key belongs to "
        "that key."
    ),
    why="Anything said after a list pushes its last items out of memory: callers forget the key they have just heard.",
    example="prompt: For billing, press 1. For sales, press 2. We are glad to be of service to you.",
    better="prompt: For billing, press 1. For sales, press 2.",
    settings=(MOST_S,),
    source=(
        "Experiment: recall of a spoken list falls with a suffix (Crowder & Morton 1969, Perception & Psychophysics 5)"
    ),
)
