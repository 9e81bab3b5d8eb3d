"""Reads the answer of a webhook as a document, by Twilio's rules.

Sources: twilio.com/docs/voice/twiml (MIME types), and the pages of the errors 11750, 12100, 12300.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from xml.parsers import expat

from webhooks.carrier.call_log import Problem
from webhooks.carrier.protocol import Response

__all__ = ["MAX_DOCUMENT", "Document", "Element", "read", "told_state"]

MAX_DOCUMENT = 65_536
"""Largest document in bytes (error 11750)."""
_XML = ("text/xml", "application/xml", "text/html")
_SOUND = (
    "audio/mpeg",
    "audio/mp3",
    "audio/wav",
    "audio/wave",
    "audio/x-wav",
    "audio/aiff",
    "audio/x-aifc",
    "audio/x-aiff",
    "audio/x-gsm",
    "audio/gsm",
    "audio/ulaw",
)
_MAX_DEPTH = 20


@dataclass(frozen=True)
class Element:
    """One XML element.

    Parameters
    ----------
    name : str
    attributes : mapping of str to str
    text : str
        Its text and that of the elements in it.
    children : tuple of Element
    line : int
        Line of its start tag, from 1.
    """

    name: str
    attributes: Mapping[str, str]
    text: str = ""
    children: tuple[Element, ...] = ()
    line: int = 0

    def get(self, name: str, default: str = "") -> str:
        """An attribute's value."""
        return self.attributes.get(name, default)

    def method(self, name: str) -> str:
        """The HTTP method that an attribute states: ``GET``, else ``POST``."""
        return "GET" if self.get(name).upper() == "GET" else "POST"


@dataclass(frozen=True)
class Document:
    """What a webhook answered.

    Parameters
    ----------
    url : str
        Where it came from; relative addresses in it are relative to this.
    verbs : tuple of Element
    state : mapping
        What our own service states in development (header ``X-IVR-State``); empty for others.
    """

    url: str
    verbs: tuple[Element, ...]
    state: Mapping[str, object]


def read(response: Response, url: str) -> Document | Problem:
    """The document in a successful answer, or why there is none.

    Examples
    --------
    >>> body = b"<Response><Say>Hi <emphasis>you</emphasis>.</Say></Response>"
    >>> document = read(Response(200, {"content-type": "text/xml"}, body), "/")
    >>> [(verb.name, verb.text) for verb in document.verbs]
    [('Say', 'Hi you.')]
    >>> read(Response(200, {"content-type": "application/json"}, b"{}"), "/").code
    '12300'
    """
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if response.status == 204:
        return Document(url, (), {})
    if len(response.body) > MAX_DOCUMENT:
        return Problem(
            "11750",
            f"the document is larger than {MAX_DOCUMENT:,} bytes",
            "split it, and redirect to the rest",
        )
    if kind in _SOUND:
        return Document(url, (Element("Play", {}, url),), {})
    if kind == "text/plain":
        return Document(url, (Element("Say", {}, response.body.decode("utf-8", "replace")),), {})
    if kind not in _XML:
        said = f"the content type {kind!r} is not supported" if kind else "the answer has no content type"
        return Problem("12300", said, "answer with Content-Type: text/xml")
    root = _parse(response.body)
    if isinstance(root, Problem):
        return root
    if root.name != "Response":
        return _unreadable(f"the root element is <{root.name}>, not <Response>", root.line)
    return Document(url, root.children, told_state(response))


def told_state(response: Response) -> Mapping[str, object]:
    """What our own service states about a document in development; empty for other services.

    Examples
    --------
    >>> told_state(Response(200, {"x-ivr-state": '{"node": "main"}'}, b"")), told_state(Response(200, {}, b""))
    ({'node': 'main'}, {})
    """
    try:
        state = json.loads(response.headers.get("x-ivr-state") or "{}")
    except ValueError:
        return {}
    return state if isinstance(state, dict) else {}


def _unreadable(message: str, line: int) -> Problem:
    return Problem(
        "12100",
        f"line {line} of the document: {message}",
        "answer with well-formed XML: <?xml ...?> at the very beginning, then <Response>",
    )


class _RefusedError(Exception):
    """Well-formed XML that is refused."""


def _parse(body: bytes) -> Element | Problem:
    parser = expat.ParserCreate()
    open_: list[tuple[str, Mapping[str, str], list[str], list[Element], int]] = [("", {}, [], [], 0)]

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(open_) > _MAX_DEPTH:
            raise _RefusedError(f"elements are nested more than {_MAX_DEPTH} deep")
        open_.append((name, attributes, [], [], parser.CurrentLineNumber))

    def end(_: str) -> None:
        name, attributes, texts, children, line = open_.pop()
        # <sub> is the one SSML element that is not spoken as written
        text = attributes.get("alias", "") if name == "sub" else "".join(texts)
        open_[-1][3].append(Element(name, attributes, text.strip(), tuple(children), line))
        open_[-1][2].append(text)

    def entity(*_: object) -> None:
        raise _RefusedError("it declares entities")  # as an XML bomb does

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = lambda text: open_[-1][2].append(text)
    parser.EntityDeclHandler = entity
    try:
        parser.Parse(body, True)
    except expat.ExpatError as error:
        return _unreadable(expat.ErrorString(error.code), error.lineno)
    except (_RefusedError, ValueError, LookupError) as error:  # the last two: an unknown encoding
        return _unreadable(str(error), parser.CurrentLineNumber)
    return open_[0][3][0]
