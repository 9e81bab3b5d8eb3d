"""Prompts as Say verbs: a text in parts short enough for the carrier, or SSML as children of a Say.

Source: twilio.com/docs/voice/twiml/say/text-speech (a Say holds 3,000 characters of a Polly voice; SSML goes in it
without ``<speak>``; an element that its voice does not know is an error, so it is replaced by its content).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from twilio.twiml import TwiML
from twilio.twiml.voice_response import Say as SayVerb

from flows.protocol.actions import Say
from flows.speech import ssml
from flows.speech.voice import NORMAL
from flows.values.voices import sent_tag, understands, unknown_attributes

__all__ = ["MAX_SAY", "say_verbs", "sentences", "xml_text"]

MAX_SAY = 3_000
_SENTENCE = re.compile(r"(?<=[.!?…;])\s+")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_Part = str | ssml.Element


def say_verbs(say: Say, language: str) -> list[TwiML]:
    """A prompt as Say verbs, in its voice, with a language tag of the carrier; none when nothing is said.

    Examples
    --------
    >>> marked = Say("One moment.", "en-US", ssml="<speak>One <emphasis>moment</emphasis>.</speak>")
    >>> [verb.to_xml(xml_declaration=False) for verb in say_verbs(marked, "en-US")]
    ['<Say language="en-US">One <emphasis>moment</emphasis>.</Say>']
    >>> slow = Say("One moment.", "en-US", voice="Polly.Joanna-Neural", rate=0.9)
    >>> [verb.to_xml(xml_declaration=False) for verb in say_verbs(slow, "en-US")]
    ['<Say language="en-US" voice="Polly.Joanna-Neural"><prosody rate="90%">One moment.</prosody></Say>']
    """
    spoken = {"language": sent_tag(say.voice, language), "voice": say.voice} if say.voice else {"language": language}
    root = ssml.read(xml_text(say.ssml))[0] if say.ssml else None
    if root is None:  # malformed SSML, which lint refuses, is heard as its words
        portions: list[list[_Part]] = [[part] for part in sentences(xml_text(say.text))]
    else:
        found = _portions(_known(root.parts, say.voice))
        portions = [parts for parts in found if any(_heard(part).strip() for part in parts)]
    if say.rate != NORMAL:
        at = (("rate", f"{100 * say.rate:g}%"),)
        portions = [[ssml.Element("prosody", at, tuple(parts))] for parts in portions]
    return [_marked(SayVerb(**spoken), parts) for parts in portions]


def xml_text(text: str) -> str:
    """`text` without the characters that XML 1.0 does not allow.

    >>> xml_text("One\\x07 moment.")
    'One moment.'
    """
    return _NOT_XML.sub("", text)


def sentences(text: str, limit: int = MAX_SAY) -> tuple[str, ...]:
    """`text` in parts of at most `limit` characters, cut between sentences, else between words.

    Examples
    --------
    >>> sentences("One. Two. Three.", 10)
    ('One. Two.', 'Three.')
    """
    parts: list[str] = []
    for sentence in _SENTENCE.split(text):
        if parts and len(parts[-1]) + 1 + len(sentence) <= limit:
            parts[-1] += f" {sentence}"
            continue
        while len(sentence) > limit:
            cut = sentence.rfind(" ", 1, limit + 1)
            cut = cut if cut > 0 else limit
            parts.append(sentence[:cut])
            sentence = sentence[cut:].lstrip()
        parts.append(sentence)
    return tuple(part for part in parts if part.strip())


def _portions(parts: Iterable[_Part]) -> list[list[_Part]]:
    """The parts of each Say, cut between elements and between sentences."""
    portions: list[list[_Part]] = [[]]
    room = MAX_SAY
    for part in parts:
        pieces: Iterable[_Part] = sentences(part) if isinstance(part, str) and len(part) > room else [part]
        for piece in pieces:
            if len(_heard(piece)) > room and portions[-1]:
                portions.append([])
                room = MAX_SAY
            portions[-1].append(piece)
            room -= len(_heard(piece))
    return portions


def _heard(part: _Part) -> str:
    """The words of a part; for a pause, its name."""
    return part if isinstance(part, str) else part.spoken or part.name


def _known(parts: Iterable[_Part], voice: str) -> list[_Part]:
    """The parts with elements that the voice does not know replaced by their content."""
    flat: list[_Part] = []
    for part in parts:
        for piece in _kept(part, voice):
            before = flat[-1] if flat else None
            if isinstance(piece, str) and isinstance(before, str):
                flat[-1] = before + piece
            else:
                flat.append(piece)
    return flat


def _kept(part: _Part, voice: str) -> list[_Part]:
    if isinstance(part, str):
        return [part]
    unknown = unknown_attributes(voice, part.name)
    kept = tuple((name, value) for name, value in part.attributes if name not in unknown)
    if part.name in understands(voice) and (kept or not part.attributes):
        return [replace(part, attributes=kept, parts=tuple(_known(part.parts, voice)))]
    return [part.spoken] if part.name == "sub" else _known(part.parts, voice)


def _marked(verb: TwiML, parts: Iterable[_Part]) -> TwiML:
    """The words and elements of SSML as children of a verb."""
    for part in parts:
        if isinstance(part, str):
            verb.append(part)
        else:
            child = verb.add_child(part.name)
            child.attrs = dict(part.attributes)
            _marked(child, part.parts)
    return verb
