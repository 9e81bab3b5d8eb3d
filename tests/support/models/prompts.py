"""What a flow says, how long that takes and which keys it announces: from docs/seconds.md alone, for
`tests.support.models.callers`.
"""

import functools
import re

from flows.speech.languages import language

ALL_KEYS = "0123456789*#"
NAMED = {"star": "*", "pound": "#"}
RATES = {"es": 7.82, "pt": 7.82, "fr": 7.18, "de": 5.97, "vi": 5.22, "zh": 5.18}
PAUSE_BETWEEN_OPTIONS = 0.6
DIGIT = 0.4
TOKEN = re.compile(r"<[^>]*>|\{\w+[^}]*\}|[0-9]|[^\W\d_]+(?:['’][^\W\d_]+)*")


@functools.cache
def amount(text: str) -> float:
    """A share, a number or a duration in seconds."""
    text = str(text)
    for ending, factor in (("%", 0.01), ("ms", 0.001), ("s", 1.0), ("m", 60.0), ("h", 3600.0)):
        if text.endswith(ending):
            return float(text[: -len(ending)]) * factor
    return float(text)


def lengths(digits: str) -> tuple[int, int]:
    """Fewest and most digits of `7` or `6-10`."""
    low, _, high = digits.partition("-")
    return int(low), int(high or low)


def usual_length(digits: str) -> int:
    """The middle of the allowed lengths, rounded up."""
    low, high = lengths(digits)
    return (low + high + 1) // 2


class Words:
    """The words of one flow in one language.

    Parameters
    ----------
    flow : dict
        The flow file, every scalar a text.
    tag : str
        Language, such as es-US.
    """

    def __init__(self, flow: dict, tag: str) -> None:
        self.flow, self.tag, self.phrases = flow, tag, language(tag)
        self.first = (flow.get("languages") or [tag])[0]
        self.entered: dict[str, int] = {"ani": 11, "dnis": 11, "callback_number": 11}
        for node in flow["nodes"].values():
            if node["type"] == "collect":
                self.entered.setdefault(node["into"], usual_length(node["digits"]))
        names = "|".join(map(re.escape, (self.phrases.star, self.phrases.pound)))
        verbs = "|".join(map(re.escape, self.phrases.say_key))
        self.spoken = functools.cache(self._spoken)
        self.announcement = re.compile(rf"(?:{verbs})\s*([0-9]+|{names})", re.IGNORECASE)

    def text(self, prompt: object) -> str:
        """The words of a prompt in this language."""
        if isinstance(prompt, dict):
            return prompt.get(self.tag) or prompt.get(self.first) or ""
        return str(prompt or "")

    def seconds(self, prompt: object) -> float:
        """How long a prompt takes."""
        return self.spoken(self.text(prompt))

    def _spoken(self, text: str) -> float:
        """How long words take: by word in English, by syllable elsewhere; digits and values are extra."""
        total = 0.0
        code = self.tag.split("-")[0]
        for token in TOKEN.findall(text):
            if token[0] == "<":
                pause = re.match(r"<break time=[\"']([^\"']+)", token)
                total += amount(pause[1]) if pause else 0.0
            elif token[0] == "{":
                known = self.entered.get(re.match(r"\{(\w+)", token)[1])
                total += 1.5 if known is None else DIGIT * known
            elif token.isdigit():
                total += DIGIT
            elif code == "en":
                total += 0.4
            elif code == "zh":
                total += len(token) / (RATES[code] * 0.6058)
            else:
                runs = re.findall(f"[{self.phrases.vowels}]+", token.lower())
                total += max(1, len(runs)) / (RATES[code] * 0.6058)
        return total

    def announced(self, text: str) -> dict[str, float]:
        """Keys that the words announce, each with the seconds until it has been heard."""
        heard: dict[str, float] = {}
        names = {self.phrases.star: "*", self.phrases.pound: "#"}
        for match in self.announcement.finditer(text):
            heard.setdefault(names.get(match[1].lower(), match[1]), self.spoken(text[: match.end()]))
        return heard

    def reprompt(self, node: dict, attempt: int, why: str) -> str:
        """The words before the prompt on a second or later attempt; empty on the first, or where `why` is empty."""
        if attempt == 1 or not why:
            return ""
        texts = node.get(why)
        if not texts:
            return getattr(self.phrases, why)
        texts = texts if isinstance(texts, list) else [texts]
        return self.text(texts[min(attempt - 2, len(texts) - 1)])

    def option(self, label: object, key: str) -> str:
        """The sentence of one option of a composed menu."""
        return self.phrases.option.format(label=self.text(label), key=self.phrases.key_name(key))

    def menu(self, node: dict, keys: dict, attempt: int, why: str) -> tuple[float, dict[str, float], list[str]]:
        """All seconds of a menu, when each key has been heard, and the announced keys in the order of the outcomes."""
        own = [choice["key"] for choice in node["choices"]]
        before = self.reprompt(node, attempt, why)
        heard = dict(self.announced(before))
        clock = self.spoken(before)
        if attempt == 1 and node.get("intro"):
            intro = self.text(node["intro"])
            heard |= {k: clock + s for k, s in self.announced(intro).items() if k not in heard}
            clock += self.spoken(intro)
        extra = {key for key in heard if key in keys and key not in own}
        if node.get("prompt"):
            words = self.text(node["prompt"])
            told = {key: clock + s for key, s in self.announced(words).items()}
            clock += self.spoken(words)
            choices = [k for k in own if k in told] or [c["key"] for c in node["choices"] if c.get("label")] or own
            extra |= {key for key in told if key in keys and key not in own}
        else:
            told = {}
            offers = [(c["key"], c["label"]) for c in node["choices"] if c.get("label")]
            offers += [
                (k, v["label"]) for k, v in keys.items() if isinstance(v, dict) and v.get("label") and k not in own
            ]
            for place, (key, label) in enumerate(offers):
                clock += (PAUSE_BETWEEN_OPTIONS if place else 0.0) + self.spoken(self.option(label, key))
                told.setdefault(key, clock)
            choices = [key for key, _ in offers if key in own]
            extra |= {key for key, _ in offers if key not in own}
        for key, moment in told.items():
            heard[key] = heard[key] if key in extra and key in heard else moment
        return clock, heard, list(dict.fromkeys(choices)) + [key for key in keys if key in extra]
