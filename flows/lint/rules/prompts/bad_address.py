"""P008 bad-address: a malformed audio address."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.queue import Queue
from flows.source.document import Path
from flows.source.finding import Fix
from flows.values.addresses import is_web, web_fault


def check(context: Context) -> Iterator[Problem]:
    """Check every recording named by a URL, or with braces in its name."""
    for path, audio in _recordings(context):
        fault = web_fault(audio) if is_web(audio) else None
        if fault:
            fixed = audio.replace(" ", "%20")
            fix = Fix(path, fixed, safe=False) if web_fault(fixed) is None and context.text_at(path) == audio else None
            yield Problem(
                path,
                f"{audio!r} is not a valid address: {fault.message}",
                fault.hint,
                fix=fix,
                at=context.document.within(path, fault.offset),
            )
        elif "{" in audio and not is_web(audio):
            message, at = (
                f"{audio!r} is not a recording: values are not inserted into its name",
                context.document.within(path, audio.index("{")),
            )
            yield Problem(path, message, "name the file; a 'split' on the value can lead to a node for each", at=at)


def _recordings(context: Context) -> Iterator[tuple[Path, str]]:
    labels = [
        ((*context.key_path(("keys",), key), "label"), bound.label)
        for key, bound in context.flow.keys.items()
        if bound.label
    ]
    for path, prompt in (*((path, prompt) for _, path, prompt in (*context.prompts, *context.asides)), *labels):
        for tag, audio in prompt.audio.items():
            rests: tuple[Path, ...] = (("audio", tag), ("say", "audio", tag), ("audio",), ("say", "audio"))
            yield next((found for rest in rests if (found := (*path, *rest)) in context.document.marks), path), audio
    for name, queue in context.nodes(Queue):
        if queue.music:
            yield ("nodes", name, "music", "audio"), queue.music.audio


RULE = Rule(
    code="P008",
    name="bad-address",
    severity="error",
    check=check,
    summary="a malformed audio address",
    what=(
        "The address of a recording does not begin with http:// or https://, has no host, or contains a space or "
        "another character that addresses cannot have; or the name of a recording has braces, which insert nothing."
    ),
    why="The carrier cannot fetch it: callers hear an error, or nothing.",
    example='say: {text: Hello., audio: "https://cdn.example.com/my greeting.mp3"}',
    better='say: {text: Hello., audio: "https://cdn.example.com/my%20greeting.mp3"}',
    options=(
        "Addresses are checked, not fetched. The URL of a lookup and a SIP address are checked when the file is read "
        "(F003)."
    ),
    source="Standard: RFC 3986. Platform: Twilio <Play> fetches the address",
)
