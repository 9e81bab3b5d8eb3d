"""What Twilio accepts: verbs, where they may be, their attributes and limits. A call with a document that passes is
answered.

Three grammars, each stricter than the last: the builder classes of Twilio's Python library (names and nesting), the
typings of its npm package (kinds of values; see `twiml_types`), and this service's own rules (below).
Source: twilio.com/docs/voice/twiml; error codes 11750 (document too large), 12100 (not well-formed), 12200 (schema),
13520 (Say without text).
"""

from __future__ import annotations

import inspect
import json
import re
from typing import Any

from lxml import etree
from twilio.twiml import voice_response

from tests.support.twiml_types import FACTS
from webhooks.carrier.protocol import Response
from webhooks.carrier.twiml.document import Document, read
from webhooks.carrier.twiml.grammar import complaints, known, nested

TYPES: dict[str, Any] = json.loads(FACTS.read_text("utf-8"))["elements"]
_VOICE = {"Say", "Play", "Pause"}
_CALLED = r"(https?://[^\s\"<>]+)?/called\?c=[A-Za-z0-9_-]+(#rc=5&rp=all)?"
CHILDREN = {
    "Response": {*_VOICE, "Gather", "Redirect", "Enqueue", "Dial", "Record", "Pay", "Hangup", "Leave", "Reject"},
    "Gather": _VOICE,
    "Dial": {"Number", "Sip", "Client"},
    "Pay": {"Prompt"},
    "Prompt": {"Say"},
}
ATTRIBUTES = {
    "Say": {
        "language": r"[a-z]{2,3}-[A-Z]{2}(-WLS)?",
        "voice": r"man|woman|alice|(Polly|Google|ElevenLabs)\.[\w-]+",
    },
    "Play": {"loop": r"[1-9][0-9]{0,2}"},
    "Pause": {"length": r"[1-9][0-9]{0,3}"},
    "Gather": {
        "input": r"dtmf( speech)?",
        "action": r"(https?://[^\s\"<>]+)?/(voice|wait|called/key)\?c=[A-Za-z0-9_-]+(#rc=5&rp=all)?",
        "method": "POST",
        "actionOnEmptyResult": "true",
        "numDigits": r"[1-9][0-9]?",
        "finishOnKey": r"[0-9*#]?",
        "timeout": r"[1-9][0-9]{0,3}",
        "hints": r"[^\n]{1,50500}",
        "speechTimeout": "auto",
        "language": r"[A-Za-z-]{2,12}",
    },
    "Redirect": {"method": "POST"},
    "Enqueue": {
        "action": r"(https?://[^\s\"<>]+)?/voice\?c=[A-Za-z0-9_-]+(#rc=5&rp=all)?",
        "method": "POST",
        "waitUrl": r"(https?://[^\s\"<>]+)?/wait\?c=[A-Za-z0-9_-]+(#rc=5&rp=all)?",
        "waitUrlMethod": "POST",
    },
    "Dial": {
        "action": r"(https?://[^\s\"<>]+)?/voice\?c=[A-Za-z0-9_-]+(#rc=5&rp=all)?",
        "method": "POST",
        "timeout": r"[0-9]{1,3}",
        "answerOnBridge": "true",
        "sequential": "true",
        "callerId": r"\+[0-9]{7,15}|client:[A-Za-z0-9_]+",
        "timeLimit": r"[1-9][0-9]{0,4}",
        "record": "record-from-answer-dual",
    },
    "Number": {"url": _CALLED, "method": "POST", "sendDigits": r"[0-9*#wW]{1,64}"},
    "Sip": {"url": _CALLED, "method": "POST"},
    "Client": {"url": _CALLED, "method": "POST"},
    "Record": {
        "action": r"(https?://[^\s\"<>]+)?/voice\?c=[A-Za-z0-9_-]+(#rc=5&rp=all)?",
        "method": "POST",
        "timeout": r"[1-9]",
        "finishOnKey": r"[0-9*#]{0,12}",
        "maxLength": r"[1-9][0-9]{0,3}",
        "playBeep": "true",
    },
    "Pay": {
        "input": "dtmf",
        "action": r"(https?://[^\s\"<>]+)?/voice\?c=[A-Za-z0-9_-]+(#rc=5&rp=all)?",
        "chargeAmount": r"(?!0+\.00$)[0-9]{1,7}\.[0-9]{2}",
        "currency": r"[a-z]{3}",
        "paymentMethod": "credit-card",
        "paymentConnector": r"[A-Za-z0-9_-]{1,64}",
        "maxAttempts": r"[0-9]",
        "timeout": r"[1-9][0-9]?",
        "securityCode": r"true|false",
        "postalCode": r"true|false",
        "validCardTypes": r"[a-z -]+",
        "language": r"[a-z]{2}-[A-Z]{2}",
        "description": r"[^\n]{1,640}",
    },
    "Prompt": {"for": r"[a-z-]+", "attempt": r"[2-9]|10"},
    "Hangup": {},
    "Leave": {},
    "Reject": {"reason": "busy|rejected"},
}
NEEDED = {
    "Gather": {"action", "method", "actionOnEmptyResult", "numDigits", "finishOnKey", "timeout", "input"},
    "Enqueue": {"action", "waitUrl"},
    "Dial": {"action", "timeout"},
    "Record": {"action", "maxLength"},
    "Say": {"language"},
    "Pay": {"action", "chargeAmount", "currency", "paymentConnector"},
    "Prompt": {"for"},
}
FINAL = {"Enqueue", "Dial", "Pay", "Hangup", "Leave", "Reject"}
"""Verbs after which nothing is reached."""


def check(body: bytes, *, may_end: bool = False) -> etree._Element:
    """The parsed document; an AssertionError says what Twilio would reject.

    `may_end` is for the leg of a dialled party, whom the end of a document connects.
    """
    assert body.startswith(b'<?xml version="1.0" encoding="UTF-8"?><Response'), body[:60]
    assert len(body) <= 65_536
    root = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True))
    assert root.tag == "Response"
    assert not root.attrib
    _built(body)
    _typed(root)
    _children(root)
    verbs = [child.tag for child in root]
    for verb in verbs[:-1]:
        assert verb not in FINAL, f"nothing is reached after {verb}: {verbs}"
    if may_end and (not verbs or verbs[-1] in _VOICE):
        return root
    assert verbs
    assert verbs[-1] in {*FINAL, "Gather", "Redirect"}, f"the document ends without saying what comes next: {verbs}"
    return root


def _built(body: bytes) -> None:
    """Names and nesting, by the builder classes."""
    document = read(Response(200, {"content-type": "text/xml"}, body), "/")
    assert isinstance(document, Document), document
    for verb in document.verbs:
        assert known(verb.name), verb.name
        assert verb.name in nested("Response"), verb.name
        assert not list(complaints(verb)), [problem.message for problem in complaints(verb)]


def _typed(element: etree._Element) -> None:
    """Names, nesting and kinds of values, by the typings."""
    facts = TYPES[element.tag]
    for attribute, value in element.attrib.items():
        assert fits(facts["attributes"].get(attribute), value), (
            f"{element.tag} {attribute}={value!r}: {facts['attributes'].get(attribute)}"
        )
    for child in element if element.tag != "Say" else ():  # it contains SSML: see _ssml
        assert child.tag in facts["children"], f"{child.tag} may not stand in {element.tag}"
        _typed(child)


def _ssml(element: etree._Element, parent: str) -> None:
    """The content of a Say, by the builder classes: a method for each element, with its attributes."""
    for child in element:
        owner = getattr(voice_response, parent)
        method = getattr(owner, {"break": "break_"}.get(child.tag, str(child.tag).replace("-", "_")), None)
        assert method is not None, f"{child.tag} may not stand in {parent}"
        attributes = {re.sub("[-:]", "_", str(name)) for name in child.attrib}
        attributes = {name.replace("{http___www.w3.org_XML_1998_namespace}", "xml_") for name in attributes}
        assert attributes <= set(inspect.signature(method).parameters), f"{child.tag} {attributes}"
        _ssml(child, "Ssml" + "".join(part.capitalize() for part in str(child.tag).split("-")))


def fits(kind: dict[str, Any] | None, value: str) -> bool:
    """Whether a value is of an attribute's kind; without a kind the attribute does not exist."""
    if kind is None:
        return False
    if "words" in kind:
        return set(value.split(" ") if kind.get("several") else [value]) <= set(kind["words"])
    return {"number": value.isascii() and value.isdigit(), "boolean": value in ("true", "false"), "string": True}[
        kind["type"]
    ]


def _children(element: etree._Element) -> None:
    name = element.tag
    for attribute, value in element.attrib.items():
        assert attribute in ATTRIBUTES.get(name, {}), f"{name} has no attribute {attribute}"
        assert re.fullmatch(ATTRIBUTES[name][attribute], value), f"{name} {attribute}={value!r}"
    assert NEEDED.get(name, set()) <= set(element.attrib), f"{name} lacks {NEEDED[name] - set(element.attrib)}"
    text = element.text or ""
    if name == "Say":
        assert "".join(element.itertext()).strip() or len(element)
        assert len("".join(element.itertext())) <= 3_000
        _ssml(element, "Say")
        return
    if name == "Enqueue":
        assert 0 < len(text) <= 64
    for child in element:
        assert child.tag in CHILDREN.get(name, set()), f"{child.tag} may not stand in {name}"
        _children(child)
