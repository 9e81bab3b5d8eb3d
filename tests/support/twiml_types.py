"""What Twilio's npm package says about TwiML: elements, where they may be, attributes and the kinds of their values.

    npm pack twilio@6.2.0 && tar xzf twilio-6.2.0.tgz
    python tests/support/twiml_types.py package/lib/twiml/VoiceResponse.d.ts

reads the typings of its ``VoiceResponse`` and regenerates ``twiml_types.json``. A kind is ``number``, ``boolean``,
``string``, or the list of words that are allowed; ``several`` are separated by spaces.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

FACTS = Path(__file__).with_name("twiml_types.json")
_CLASS = re.compile(r"^ *(?:export |declare )?class (\w+) extends TwiML \{$(.*?)^ *\}$", re.MULTILINE | re.DOTALL)
_CHILD = re.compile(
    r"^ *\w+\((?:attributes\??: (?:VoiceResponse\.)?(\w+).*)?.*\): VoiceResponse\.(\w+);$", re.MULTILINE
)
_INTERFACE = re.compile(r"export interface (\w+) \{(.*?)^    \}", re.MULTILINE | re.DOTALL)
_ATTRIBUTE = re.compile(r"^ *'?([\w:]+)'?\??: ([\w.\[\]]+);$", re.MULTILINE)
_WORDS = re.compile(r"^    type (\w+) = (.*);$", re.MULTILINE)


def kind(name: str, words: dict[str, list[str]]) -> dict[str, Any]:
    """The kind of an attribute by its type's name; voices, of which there are a thousand, count as any text."""
    plain = name.removesuffix("[]")
    if plain in words and plain != "SayVoice":
        return {"words": words[plain], **({"several": True} if plain != name else {})}
    return {"type": plain if plain in ("number", "boolean") else "string"}


def facts(typings: str) -> dict[str, Any]:
    """Elements by name: attributes with their kinds, and the elements they may contain."""
    words = {name: re.findall(r'"([^"]*)"', text) for name, text in _WORDS.findall(typings)}
    attributes = {
        name: {a: kind(t, words) for a, t in _ATTRIBUTE.findall(body)} for name, body in _INTERFACE.findall(typings)
    }
    found: dict[str, Any] = {}
    for owner, body in _CLASS.findall(typings):
        element = "Response" if owner == "VoiceResponse" else owner
        own = found.setdefault(element, {"attributes": {}, "children": []})
        for given, child in _CHILD.findall(body):
            own["children"] = sorted({*own["children"], child})
            known = found.setdefault(child, {"attributes": {}, "children": []})
            known["attributes"] |= attributes.get(given, {})
    return {name: found[name] for name in sorted(found) if not name.startswith("Ssml")}


if __name__ == "__main__":
    source = "npm twilio 6.2.0, lib/twiml/VoiceResponse.d.ts"
    read = facts(Path(sys.argv[1]).read_text("utf-8"))
    lines = ",\n".join(f"    {json.dumps(name)}: {json.dumps(one)}" for name, one in read.items())
    FACTS.write_text(f'{{\n  "source": {json.dumps(source)},\n  "elements": {{\n{lines}\n  }}\n}}\n', "utf-8")
