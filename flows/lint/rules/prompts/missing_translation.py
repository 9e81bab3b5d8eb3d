"""P001 missing-translation: not said in every language."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.source.document import Path, nearest
from flows.speech.prompt import Prompt


def check(context: Context) -> Iterator[Problem]:
    """Check every prompt and label against the flow's languages."""
    tags = context.flow.languages
    for path, prompt in _prompts(context):
        missing = () if len(tags) == 1 and prompt.text.get("") else prompt.missing(tags)
        if not missing:
            continue
        written = [tag for tag in dict.fromkeys((*prompt.text, *prompt.audio)) if tag and tag not in tags]
        near = nearest(missing[0], written) or next((t for t in written if t[:2] == missing[0][:2]), "")
        here = next((tag for tag in tags if tag not in missing), tags[0])
        if near:
            hint = f"it is written for {near!r}; the flow's language is {missing[0]!r}"
        elif set(prompt.text) <= {""} and set(prompt.audio) <= {""} and len(tags) > 1:
            hint = f"write it by language: {{{here}: ..., {missing[0]}: ...}}"
        else:
            hint = f"add '{missing[0]}: ...'"
        yield Problem(path, f"nothing is said here in {' and '.join(missing)}", hint)


def _prompts(context: Context) -> Iterator[tuple[Path, Prompt]]:
    for key, bound in context.flow.keys.items():
        if bound.label is not None:
            yield (*context.key_path(("keys",), key), "label"), bound.label
    yield from ((path, prompt) for _, path, prompt in (*context.prompts, *context.unspoken_prompts))


RULE = Rule(
    code="P001",
    name="missing-translation",
    severity="error",
    check=check,
    summary="not said in every language",
    what=(
        "A prompt, a label or a reprompt has neither a text nor a recording in one of the flow's languages. A text "
        "without a language is in the flow's first."
    ),
    why="Callers who chose Spanish suddenly hear English, read by a Spanish voice.",
    example="languages: [en-US, es-US]\nnodes:\n  bye: {type: hangup, say: Goodbye.}",
    better="languages: [en-US, es-US]\nnodes:\n  bye: {type: hangup, say: {en-US: Goodbye., es-US: Hasta luego.}}",
    source="Arithmetic: every prompt in every language",
)
