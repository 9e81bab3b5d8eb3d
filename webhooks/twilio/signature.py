"""Whether a request comes from Twilio: Twilio's signature, checked more strictly than its scheme demands.

Twilio signs base64(HMAC-SHA1(token, URL + every POST parameter's name and value, sorted by name)). The scheme joins
names and values without separators and drops repeated values, so one signature fits several requests. The following
are refused even with a valid signature:

- a request without a signature, and a service without a token;
- a URL other than the configured public one (forwarded headers are never read);
- names that Twilio does not use (so ``Digits=12`` cannot be re-cut as ``Digits1=2``);
- repeated parameters;
- (by the endpoints, see `cut_anew`) a CallSid that is not Twilio's, and values that contain the name of one;
- (by the endpoints) unknown paths and query parameters, so that a body cannot move into the URL.

Source: twilio.com/docs/usage/security, and twilio-python's ``request_validator.py`` (9.13).
"""

from __future__ import annotations

import hmac
import re
from base64 import b64encode
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import urlsplit

__all__ = ["SIGNATURE_HEADER", "WRONG", "Signature", "cut_anew", "signed"]

SIGNATURE_HEADER = "X-Twilio-Signature"
WRONG = "wrong signature"
"""Why a request with another signature is refused."""
_NAME = re.compile(r"[A-Za-z]+(?:_[A-Za-z-]+)*")
_USUAL = frozenset(
    [
        "AccountSid",
        "ApiVersion",
        "CallSid",
        "CallStatus",
        "Called",
        "CalledCity",
        "CalledCountry",
        "CalledState",
        "CalledZip",
        "Caller",
        "CallerCity",
        "CallerCountry",
        "CallerName",
        "CallerState",
        "CallerZip",
        "Confidence",
        "Digits",
        "Direction",
        "From",
        "FromCity",
        "FromCountry",
        "FromState",
        "FromZip",
        "SpeechResult",
        "To",
        "ToCity",
        "ToCountry",
        "ToState",
        "ToZip",
    ]
)
"""Common names, which need no further check."""
_CALL = "CallSid"
_CALL_SID = re.compile(r"CA[0-9a-fA-F]{32}")
"""Source: twilio.com/docs/voice/api/call-resource."""
_DIGIT = re.compile(r"[0-9]")  # digits that a caller entered, re-cut into a name, must not reach a log
_DEFAULT_PORT = {"http": 80, "https": 443}


class Signature:
    """Checks requests against the token of one account and one public address.

    Parameters
    ----------
    token : str
        The account's auth token; not empty.
    public_url : str
        Base URL, as Twilio knows it.
    also : tuple of str
        Earlier tokens, still accepted while they are being replaced.

    Raises
    ------
    ValueError
        When a token is empty: anyone could sign with it.

    Examples
    --------
    >>> check = Signature("12345", "https://mycompany.com")
    >>> check.refusal("/voice", "", [("CallSid", "CA1"), ("CallSid", "CA1")], "x")
    "parameter 'CallSid' is repeated"
    """

    def __init__(self, token: str, public_url: str, also: tuple[str, ...] = ()) -> None:
        if not all(known.strip() for known in (token, *also)):
            raise ValueError("the auth token is empty; anyone could sign with it")
        self.public_url = public_url.rstrip("/")
        self._sum, *_ = self._sums = tuple(_Sum(known) for known in (token, *also))
        self._bases = _spellings(self.public_url)

    def refusal(self, path: str, query: str, form: Sequence[tuple[str, str]], given: str | None) -> str:
        """Why a request is refused; an empty string when Twilio sent it.

        Parameters
        ----------
        path : str
            The route's own path, e.g. ``/voice``.
        query : str
            The query as sent, without its question mark.
        form : sequence of (name, value)
            POST parameters, repetitions included.
        given : str or None
            Value of the signature header.
        """
        if not given:
            return f"no {SIGNATURE_HEADER} header"
        names = [name for name, _ in form]
        if not _USUAL.issuperset(names) or len(set(names)) < len(names):
            seen: set[str] = set()
            for name in names:
                if not _NAME.fullmatch(name):
                    return f"parameter name {_DIGIT.sub('#', name[:40])!r} is not a name that Twilio sends"
                if name in seen:
                    return f"parameter {name!r} is repeated"
                seen.add(name)
        tail = f"{path}?{query}" if query else path
        presented = given.encode("utf-8", "replace")
        joined = _joined(form)
        try:
            for keyed in self._sums:
                for base in self._bases:
                    if hmac.compare_digest(keyed.of(base + tail + joined), presented):
                        return ""
        except UnicodeEncodeError:
            return "a parameter is not Unicode text"
        return WRONG

    def fits(self, base: str, tail: str, form: Sequence[tuple[str, str]], given: str) -> bool:
        """Whether one of the tokens signed a request to another address; such a request is still refused."""
        joined, presented = _joined(form), given.encode("utf-8", "replace")
        return any(
            hmac.compare_digest(keyed.of(spelt + tail + joined), presented)
            for keyed in self._sums
            for spelt in _spellings(base)
        )

    def sign(self, path: str, query: str, form: Sequence[tuple[str, str]]) -> str:
        """The signature that Twilio would send; for tests and for the virtual carrier."""
        return self._sum.of(self._bases[0] + (f"{path}?{query}" if query else path) + _joined(form)).decode()


def signed(token: str, url: str, form: Sequence[tuple[str, str]]) -> str:
    """The signature that Twilio gives a request to any address.

    Parameters
    ----------
    token : str
        The account's auth token.
    url : str
        With its query, without a fragment.
    form : sequence of (name, value)
        POST parameters, none repeated; empty for a GET.

    Examples
    --------
    >>> form = [("CallSid", "CA1234567890ABCDE"), ("Caller", "+14158675309"), ("Digits", "1234"),
    ...         ("From", "+14158675309"), ("To", "+18005551212")]
    >>> signed("12345", "https://mycompany.com/myapp.php?foo=1&bar=2", form)
    'RSOYDt4T1cUTdK1PDd93/VVr8B8='
    """
    return _sum_with(token).of(url + _joined(form)).decode()


class _Sum:
    """HMAC with one token; preparing the key once saves half of the work."""

    def __init__(self, token: str) -> None:
        self._keyed = hmac.new(token.encode(), b"", "sha1")

    def of(self, text: str) -> bytes:
        """The signature of an address followed by its `_joined` parameters, in base64."""
        keyed = self._keyed.copy()
        keyed.update(text.encode())
        return b64encode(keyed.digest())


def _joined(form: Sequence[tuple[str, str]]) -> str:
    """Parameters as they are signed; none may be repeated."""
    return "".join([name + value for name, value in sorted(form)])


def cut_anew(form: Sequence[tuple[str, str]]) -> str:
    """Why parameters may have been cut in other places than Twilio cut them; empty when they were not.

    The signature does not cover where a CallSid ends and the next name begins, so another cut would mean another call.

    Examples
    --------
    >>> sid = "CA" + 32 * "0"
    >>> cut_anew([("CallSid", sid), ("CallStatus", "ringing")]), cut_anew([("CallSid", f"{sid}CallStatusringing")])
    ('', "a CallSid that is not one of Twilio's")
    >>> cut_anew([("A", f"piVersion1CallSid{sid}Parent"), ("CallSid", sid)])
    'a parameter that contains the name of another'
    """
    named = 0
    for name, value in form:
        if name.endswith(_CALL):
            named += 1
            if name == _CALL and not _CALL_SID.fullmatch(value):
                return "a CallSid that is not one of Twilio's"
    return "" if _joined(form).count(_CALL) == named else "a parameter that contains the name of another"


@lru_cache(maxsize=8)
def _sum_with(token: str) -> _Sum:
    return _Sum(token)


def _spellings(base: str) -> tuple[str, ...]:
    """The base address as configured, and with the default port added or left out: Twilio may sign either."""
    parts = urlsplit(base)
    default = _DEFAULT_PORT[parts.scheme]
    if parts.port not in (None, default):
        return (base,)
    bare = parts.netloc.removesuffix(f":{default}")
    other = bare if parts.port else f"{bare}:{default}"
    return (base, parts._replace(netloc=other).geturl())
