"""Reads SSML in a text: the elements that a carrier's <Say> supports, and where each mistake is.

A text that begins with ``<speak>`` is SSML; in any other text, tags are words. Only elements with a builder class in
Twilio's library are allowed. Source: twilio.com/docs/voice/twiml/say/text-speech; W3C, SSML 1.1 (2010).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from xml.parsers import expat

from flows.source.document import nearest
from flows.source.finding import Fault

__all__ = ["ELEMENTS", "Element", "Kind", "is_ssml", "pause_s", "plain", "rate_in", "rate_of_all", "read", "safe"]

ROOT = "speak"
_WHOLE = ("break", "emphasis", "lang", "p", "phoneme", "prosody", "s", "say-as", "sub", "w")
_IN_SENTENCE = tuple(name for name in _WHOLE if name not in ("p", "s"))
_IN_WORD = tuple(name for name in _IN_SENTENCE if name not in ("lang", "w"))
_HARMLESS = ("version", "xmlns")
"""Attributes of ``<speak>`` that make no difference to a caller."""
_TAG = re.compile(r"<[^<>]*>")
_PAUSE = re.compile(r"\+?([0-9]*\.?[0-9]+)(m?s)")
_SLOT = re.compile(r"\{[^{}]*\}")
_PER_CENT = re.compile(r"([0-9]{1,3})%")
_EXACT = "close every tag, put attributes in quotes, and write &amp; for &"


@dataclass(frozen=True)
class Kind:
    """What an element may contain.

    Parameters
    ----------
    children : tuple of str
        Elements allowed inside it.
    attributes : mapping of str to (pattern, in words)
        A regular expression that the whole value must match, and what to write.
    needs : tuple of str
        Required attributes; alternatives as ``volume|rate|pitch``.
    """

    children: tuple[str, ...] = ()
    attributes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    needs: tuple[str, ...] = ()


def _words(names: str) -> tuple[str, str]:
    return "|".join(map(re.escape, names.split())), f"one of {', '.join(names.split())}"


ELEMENTS: Mapping[str, Kind] = {
    "break": Kind(
        (),
        {
            "strength": _words("none x-weak weak medium strong x-strong"),
            "time": (
                r"\+?(?:(?:[0-9](?:\.[0-9]+)?|\.[0-9]+|10(?:\.0+)?)s|(?:[0-9]{1,4}|10000)ms)",
                '"500ms" or "1s", at most 10 s',
            ),
        },
    ),
    "emphasis": Kind(_IN_SENTENCE, {"level": _words("strong moderate reduced none")}),
    "lang": Kind(
        _WHOLE, {"xml:lang": (r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", 'a language tag like "es-US"')}, ("xml:lang",)
    ),
    "p": Kind((*_IN_SENTENCE, "s")),
    "phoneme": Kind(
        (), {"alphabet": (r"ipa|x-sampa|x-amazon-[a-z-]+", '"ipa" or "x-sampa"'), "ph": (".+", "the sounds")}, ("ph",)
    ),
    "prosody": Kind(
        _WHOLE,
        {
            "volume": (
                r"default|silent|x-soft|soft|medium|loud|x-loud|[+-][0-9]+(\.[0-9]+)?dB",
                '"soft", "loud" or "+6dB"',
            ),
            "rate": (r"x-slow|slow|medium|fast|x-fast|[0-9]{1,3}%", '"slow", "fast" or "90%"'),
            "pitch": (r"default|x-low|low|medium|high|x-high|[+-][0-9]+(\.[0-9]+)?%", '"low", "high" or "+10%"'),
        },
        ("volume|rate|pitch",),
    ),
    "s": Kind(_IN_SENTENCE),
    "say-as": Kind(
        (),
        {
            "interpret-as": _words(
                "characters spell-out cardinal number ordinal digits fraction unit date time address expletive"
                " telephone"
            ),
            "format": (r"[dmyDMY]{1,3}|[0-9]{8}|hms(12|24)", 'an order of the date like "mdy"'),
        },
        ("interpret-as",),
    ),
    "sub": Kind((), {"alias": (".+", "what is said instead")}, ("alias",)),
    "w": Kind(_IN_WORD, {"role": (r"[a-z]+:[A-Za-z0-9_]+", 'a part of speech like "amazon:VB"')}, ("role",)),
}
"""Every element by name; the content of ``<speak>`` goes into the carrier's ``<Say>``."""


@dataclass(frozen=True)
class Element:
    """An element as read: its attributes, and the text and elements inside it, in order."""

    name: str
    attributes: tuple[tuple[str, str], ...] = ()
    parts: tuple[str | Element, ...] = ()

    @property
    def spoken(self) -> str:
        """The words a caller hears; for a ``<sub>``, its alias."""
        if self.name == "sub":
            return dict(self.attributes).get("alias", "")
        return "".join(
            part if isinstance(part, str) else " " if part.name == "break" else part.spoken for part in self.parts
        )


def is_ssml(text: str) -> bool:
    """Whether a text is SSML, that is, begins with ``<speak>``.

    Examples
    --------
    >>> is_ssml(" <speak>One moment.</speak>"), is_ssml("Press < 5 keys.")
    (True, False)
    """
    return "<" in text and re.match(rf"\s*<{ROOT}\b", text) is not None


def plain(text: str) -> str:
    """The words of a text: SSML without its tags, any other text unchanged.

    SSML that cannot be parsed, which lint refuses, loses anything that looks like a tag.

    Examples
    --------
    >>> plain("<speak>Code <say-as interpret-as='digits'>4021</say-as>, <sub alias='extension'>ext.</sub> 7</speak>")
    'Code 4021, extension 7'
    """
    if not is_ssml(text):
        return text
    root, _ = read(text)
    return " ".join((_TAG.sub(" ", text) if root is None else root.spoken).split())


def safe(value: str) -> str:
    """A value escaped for use in SSML, in text or in attributes.

    Examples
    --------
    >>> safe('Fish & "Chips"')
    'Fish &amp; &quot;Chips&quot;'
    """
    return escape(value)


def pause_s(time: str) -> float:
    """The seconds in a ``<break time="...">``; 0 for a text that is not a duration.

    Examples
    --------
    >>> pause_s("1.5s"), pause_s("250ms"), pause_s("soon")
    (1.5, 0.25, 0.0)
    """
    match = _PAUSE.fullmatch(time)
    return float(match[1]) / (1000 if match[2] == "ms" else 1) if match else 0.0


def rate_in(attribute: str) -> float:
    """How fast a ``<prosody rate="...">`` is, as a share of normal; 1 for a rate in words, which each voice has its own
    way with.

    Examples
    --------
    >>> rate_in("80%"), rate_in("slow")
    (0.8, 1.0)
    """
    match = _PER_CENT.fullmatch(attribute)
    return int(match[1]) / 100 if match and int(match[1]) else 1.0


def rate_of_all(text: str) -> float:
    """How fast a text is spoken by the ``<prosody>`` around all of it, as a share of normal.

    Examples
    --------
    >>> rate_of_all('<speak><prosody rate="80%">One moment.</prosody></speak>'), rate_of_all("One moment.")
    (0.8, 1.0)
    """
    if "<prosody" not in text or not is_ssml(text):
        return 1.0
    element, rate = read(text)[0], 1.0
    while element is not None:
        inner = [part for part in element.parts if not isinstance(part, str) or part.strip()]
        only = inner[0] if len(inner) == 1 else ""
        element = only if isinstance(only, Element) and only.name == "prosody" else None
        rate *= rate_in(dict(element.attributes).get("rate", "")) if element else 1.0
    return rate


@lru_cache(maxsize=1024)
def read(text: str) -> tuple[Element | None, tuple[Fault, ...]]:
    """The ``<speak>`` element of a text (None if it is not well-formed), and everything wrong with it.

    Examples
    --------
    >>> root, faults = read("<speak>One <emphasis>moment</emphasis>.</speak>")
    >>> [part if isinstance(part, str) else part.name for part in root.parts], faults
    (['One ', 'emphasis', '.'], ())
    >>> [(fault.offset, fault.message) for fault in read("<speak>One <brake/> moment.</speak>")[1]]
    [(11, 'a voice knows no <brake>')]
    """
    if "<!" in text:
        return None, (Fault(text.index("<!"), "SSML here has no declarations and no comments (<!...)", "remove it"),)
    return _Reader(text).read()


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._bytes = text.encode("utf-8", "surrogatepass")
        self._faults: list[Fault] = []
        self._open: list[tuple[str, tuple[tuple[str, str], ...], list[str | Element], int]] = [("", (), [], 0)]
        self._parser = expat.ParserCreate("utf-8")

    def read(self) -> tuple[Element | None, tuple[Fault, ...]]:
        parser = self._parser
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = lambda words: self._open[-1][2].append(words)
        try:
            parser.Parse(self._bytes, True)
        except expat.ExpatError as error:
            self._faults.append(self._broken(error))
            return None, tuple(self._faults)
        root = self._open[0][2][0]
        assert isinstance(root, Element)
        return root, tuple(self._faults)

    def _at(self, index: int) -> int:
        return len(self._bytes[:index].decode("utf-8", "replace"))

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        at = self._at(self._parser.CurrentByteIndex)
        self._judge(name, attributes, at)
        self._open.append((name, tuple(attributes.items()), [], at))

    def _end(self, name: str) -> None:
        _, attributes, parts, _ = self._open.pop()
        self._open[-1][2].append(Element(name, attributes, tuple(parts)))

    def _broken(self, error: expat.ExpatError) -> Fault:
        """The fault in SSML that is not well-formed; an unclosed tag is reported where it opens."""
        name, _, _, at = self._open[-1]
        mismatched = error.code in (
            expat.errors.codes[expat.errors.XML_ERROR_TAG_MISMATCH],
            expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS],
        )
        if name and mismatched:
            return Fault(
                at, f"<{name}> is not closed", f"write </{name}> after it, or <{name}/> where it holds nothing"
            )
        offset = min(self._at(self._parser.ErrorByteIndex), max(0, len(self._text) - 1))
        if self._text[offset - 1 : offset] == "&":
            return Fault(offset - 1, "a bare & stands in SSML", "write &amp;")
        return Fault(offset, f"SSML that cannot be read: {expat.ErrorString(error.code)}", _EXACT)

    def _judge(self, name: str, attributes: Mapping[str, str], at: int) -> None:
        tell = self._faults.append
        parent = self._open[-1][0]
        if not parent:
            for unwanted in [name for name in attributes if name not in _HARMLESS][:1]:
                tell(
                    Fault(
                        self._place(unwanted, at),
                        f"<{ROOT}> takes no {unwanted!r}",
                        f"write <{ROOT}>; voice and language are the flow's",
                    )
                )
            return
        kind = ELEMENTS.get(name)
        if kind is None:
            near = nearest(name, list(ELEMENTS))
            tell(
                Fault(
                    at,
                    f"a voice knows no <{name}>",
                    f"did you mean <{near}>?" if near else f"use one of {', '.join(ELEMENTS)}",
                )
            )
            return
        allowed = _WHOLE if parent == ROOT else ELEMENTS[parent].children if parent in ELEMENTS else _WHOLE
        if name not in allowed:
            may = f"in <{parent}> may stand {', '.join(allowed)}" if allowed else f"<{parent}> holds words only"
            tell(Fault(at, f"<{name}> may not stand in <{parent}>", may))
        for attribute, value in attributes.items():
            self._judge_attribute(name, kind, attribute, value, at)
        for needed in kind.needs:
            if not set(needed.split("|")) & set(attributes):
                of = f"none of {needed.replace('|', ', ')}" if "|" in needed else f"no {needed!r}"
                tell(Fault(at, f"<{name}> says {of}", f'write <{name} {needed.partition("|")[0]}="...">'))

    def _judge_attribute(self, name: str, kind: Kind, attribute: str, value: str, at: int) -> None:
        place = self._place(attribute, at)
        if attribute not in kind.attributes:
            near = nearest(attribute, list(kind.attributes))
            known = f"it takes {', '.join(kind.attributes)}" if kind.attributes else "it takes none"
            self._faults.append(
                Fault(place, f"<{name}> has no attribute {attribute!r}", f"did you mean {near}?" if near else known)
            )
        elif not _SLOT.search(value) and not re.fullmatch(*kind.attributes[attribute][:1], value):
            what = kind.attributes[attribute][1]
            self._faults.append(Fault(place, f"{value!r} is not a valid {attribute} for <{name}>", f"write {what}"))

    def _place(self, attribute: str, at: int) -> int:
        found = re.compile(rf"\s{re.escape(attribute)}\s*=").search(self._text, at)
        return found.start() + 1 if found else at
