"""P111 translation-much-longer: a translation takes much longer."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context, Text
from flows.lint.problem import Option, Problem
from flows.lint.rules.base import Rule
from flows.speech.languages import language as language_of
from flows.speech.timing import speech_s

RATIO = Option(
    "ratio",
    1.6,
    "Times the first language's seconds (the same content takes about the same time in each language).",
)
LEAST_S = Option("least_s", 3.0, "Seconds longer that are also needed.")


def check(context: Context) -> Iterator[Problem]:
    """Compare how long translations take with the flow's first language."""
    ratio = context.option("P111", RATIO)
    least_s = context.option("P111", LEAST_S)
    home = context.flow.languages[0]
    if len(context.flow.languages) == 1:
        return
    first: dict[object, Text] = {text.prompt: text for text in context.texts if text.language == home}
    for text in context.texts:
        original = first.get(text.prompt)
        if original is None or original is text or text.words.lstrip().startswith("<speak"):
            continue
        seconds, usual_s = speech_s(text.words, text.language), speech_s(original.words, home)
        if usual_s and seconds > ratio * usual_s and seconds - usual_s > least_s:
            name = language_of(text.language).name
            message = f"in {name} this takes {seconds:.1f} s, in {language_of(home).name} {usual_s:.1f} s"
            yield Problem(
                text.path,
                message,
                f"shorten it, or check whether it says more: it takes {seconds / usual_s:.1f} times as long",
            )


RULE = Rule(
    code="P111",
    name="translation-much-longer",
    severity="info",
    check=check,
    summary="a translation takes much longer",
    what="A text takes 1.6 times as long as in the flow's first language, and at least 3 s more.",
    why=(
        "Languages differ in syllables but hardly in the time they need for the same content. So the text says more, "
        "or was translated word by word, and some callers pay for it in every call."
    ),
    example=(
        "say: {en-US: One moment., es-US: 'Le rogamos que espere un momento en la línea mientras le atendemos, por"
        " favor.'}"
    ),
    better="say: {en-US: One moment., es-US: Un momento.}",
    settings=(RATIO, LEAST_S),
    source=(
        "Experiment: Pellegrino, Coupé & Marsico 2011, Language 87(3) (rates of information are alike). Arithmetic:"
        " 'ivr show'"
    ),
)
