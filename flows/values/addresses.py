"""Checks web and SIP addresses as people write them, and locates the first mistake; names of browsers that are called.

Sources: RFC 3986 (URI), RFC 3261, 19.1 (SIP URI); twilio.com/docs/voice/twiml/play, /sip and /client.
"""

from __future__ import annotations

import re
import unicodedata

from flows.source.document import nearest
from flows.source.finding import Fault

__all__ = ["SIP", "as_client_name", "is_web", "sip_fault", "web_fault"]

_HOST = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*"
_USER = r"(?:[A-Za-z0-9._~!$&'()*+,=;?/-]|%[0-9A-Fa-f]{2}){1,128}"
SIP = rf'sip:{_USER}@{_HOST}(?::[0-9]{{1,5}})?(?:[;?][^\s<>"{{}}]{{0,200}})?'
"""A SIP address as a regular expression."""
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):(/*)")
_WEB_HOST = re.compile(rf"{_HOST}\.?(?::([0-9]{{1,5}}))?(?=[/?#]|$)")
_VALUE = re.compile(r"\{[A-Za-z_]\w*\}", re.ASCII)
_WRONG = re.compile(r"[\s<>\"\\^`|{}]")
_LONGEST_CLIENT_NAME = 100
_NOT_INSERTED = "values are not inserted into it"


def as_client_name(text: str) -> str:
    """A name as a browser that is called may have it, with letters, digits and ``_`` only; itself if it is one.

    Examples
    --------
    >>> as_client_name("ana_2"), as_client_name("José María"), as_client_name("-")
    ('ana_2', 'Jose_Maria', 'agent')
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    name = re.sub(r"[^A-Za-z0-9_]+", "_", plain)[:_LONGEST_CLIENT_NAME]
    return name if name == text else name.strip("_") or "agent"


def is_web(text: str) -> bool:
    """Whether a text is meant as an address rather than a file path.

    Examples
    --------
    >>> is_web("htps://x"), is_web("https:/x"), is_web("prompts/hello.wav"), is_web("C:/hello.wav")
    (True, True, False, False)
    """
    return _SCHEME.match(text) is not None


def web_fault(text: str, *, values: bool = False) -> Fault | None:
    """What is wrong with a web address, or None.

    Parameters
    ----------
    text : str
    values : bool
        True if ``{name}`` may insert a value; allowed only after the host.

    Examples
    --------
    >>> web_fault("https://cdn.example.com/hello.mp3"), web_fault("https://cdn.example.com/my greeting.mp3").offset
    (None, 26)
    """
    begun = _SCHEME.match(text)
    if begun is None or begun[1].lower() not in ("http", "https"):
        scheme = f"it begins with {begun[1]!r}" if begun else "it does not begin with https://"
        near = "did you mean https://?" if begun and nearest(begun[1].lower(), ["https"]) else "write https://HOST/PATH"
        return Fault(0, scheme, near)
    if begun[2] != "//":
        return Fault(begun.end(1) + 1, "two slashes stand before the host", f"write {begun[1]}://")
    host = _WEB_HOST.match(text, begun.end())
    if host is None or int(host[1] or 0) > 65535:
        wrong = _WRONG.search(text, begun.end(), begun.end() + 255)
        brace = wrong is not None and wrong[0] == "{" and "/" not in text[begun.end() : wrong.start()]
        return Fault(
            begun.end(),
            "a value stands in its host" if brace else "it has no valid host",
            "write https://HOST/PATH, with {values} after the host only" if values else "write https://HOST/PATH",
        )
    at = host.end()
    while wrong := _WRONG.search(text, at):
        value = _VALUE.match(text, wrong.start()) if values else None
        if value is None:
            return Fault(wrong.start(), *_odd(wrong[0], values=values))
        at = value.end()
    return None


def _odd(character: str, *, values: bool) -> tuple[str, str]:
    if character.isspace():
        return "a blank stands in it", "write %20 for a blank"
    if character in "{}":
        return (
            (f"a {character} stands in it", "write {name}, without a format")
            if values
            else (_NOT_INSERTED, "write it out")
        )
    return f"{character!r} may not stand in it", f"write %{ord(character):02X} for it"


def sip_fault(text: str) -> Fault | None:
    """What is wrong with a SIP address, or None.

    Examples
    --------
    >>> sip_fault("sip:desk@pbx.example.com;transport=tls"), sip_fault("sip:{ext}@pbx.example.com").offset
    (None, 4)
    """
    if re.fullmatch(SIP, text):
        return None
    odd = re.search(r"[{}]|\s|[<>\"]", text)
    if odd and odd[0] in "{}":
        return Fault(
            odd.start(), _NOT_INSERTED, "write the address out; a 'split' on the value can lead to a dial for each"
        )
    if odd:
        return Fault(
            odd.start(),
            "a blank stands in it" if odd[0].isspace() else f"{odd[0]!r} may not stand in it",
            "write sip:NAME@HOST",
        )
    if "@" not in text:
        return Fault(len("sip:"), "it names no user at a host", "write sip:NAME@HOST")
    user = re.compile(_USER).match(text, len("sip:"))
    at = text.index("@")
    if user is None or user.end() < at:
        return Fault(user.end() if user else len("sip:"), "this cannot stand in the name", "write sip:NAME@HOST")
    return Fault(at + 1, "it has no valid host", "write sip:NAME@HOST, like sip:desk@example.com")
