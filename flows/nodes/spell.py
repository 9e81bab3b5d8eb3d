"""spell: a name entered by the letters on the keys."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import cached_property
from typing import Literal

from pydantic import Field

from flows.nodes.base import Here, Move, Reading, Wire
from flows.nodes.base_dialogue import NO_INPUT, NO_MATCH, Dialogue, is_global
from flows.protocol.actions import Action, Event, Keys, Listen, Say, Silence
from flows.speech.languages import language as language_of
from flows.speech.prompt import Prompt
from flows.speech.timing import announced_s, say_s
from flows.values.scalars import Digits, Target

_SEVERAL = "several "
_MOST_OFFERED = 9
_KEYS = {
    letter: key
    for key, on_it in zip("23456789", ["abc", "def", "ghi", "jkl", "mno", "pqrs", "tuv", "wxyz"], strict=True)
    for letter in on_it
}


def keyed(word: str) -> str:
    """The keys on which the letters of a word stand (ITU-T E.161), one press a letter; digits stand for themselves.

    >>> keyed("Müller"), keyed("B-12")
    ('685537', '212')
    """
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(character if character in "0123456789" else _KEYS.get(character, "") for character in plain)


class Spell(Dialogue):
    """Find a name by its first letters, one key a letter; several names on the same keys are offered by number.

    The beginning of any word of a name finds it: 264 and 764 both find Ann Smith. With more than nine, or none, it
    counts as a wrong entry.

    Parameters
    ----------
    say
        Asks for the letters.
    names
        Nodes by name, as the name is said.
    digits
        How many letters: `3`, or a range like `3-8`.
    into
        Value that stores the name; may be left out.

    Examples
    --------
    >>> names = {"Ann Smith": "ann", "Bo Poh": "bo"}
    >>> written = {"type": "spell", "say": "Spell the name.", "names": names, "digits": "3"}
    >>> Spell.model_validate(written).found("764")
    ('Ann Smith', 'Bo Poh')
    """

    type: Literal["spell"]
    say: Prompt
    names: dict[str, Target] = Field(min_length=1, max_length=200)
    digits: Digits = Field(default=(3, 3), description="how many letters")
    into: str = Field(default="", pattern=r"^([A-Za-z_][A-Za-z0-9_]*)?$", description="a name of letters, digits and _")

    def wires(self) -> tuple[Wire, ...]:
        return (*(Wire(name, target, ("names", name)) for name, target in self.names.items()), *self.retry_wires())

    def prompts(self) -> tuple[tuple[tuple[str | int, ...], Prompt], ...]:
        return ((("say",), self.say), *self.retry_prompts())

    def writes(self) -> tuple[str, ...]:
        return (self.into,) if self.into else ()

    def writes_on(self, outcome: str) -> tuple[str, ...]:
        return self.writes() if outcome in self.names else ()

    @cached_property
    def _by_keys(self) -> dict[str, tuple[str, ...]]:
        """The names that each entry finds, in file order."""
        least, most = self.digits
        codes: dict[str, dict[str, None]] = {}
        for name in self.names:
            for whole in filter(None, map(keyed, name.split())):
                for length in range(least, most + 1):
                    if length == least or length <= len(whole):
                        codes.setdefault(whole[:length], {})[name] = None
        return {code: tuple(names) for code, names in codes.items()}

    def found(self, keys: str) -> tuple[str, ...]:
        """The names that an entry finds."""
        return self._by_keys.get(keys, ())

    def phases(self) -> tuple[str, ...]:
        return ("", *(code for code, names in self._by_keys.items() if 1 < len(names) <= _MOST_OFFERED))

    def entry(self, here: Here) -> tuple[int, int] | None:
        return None if here.phase else self.digits

    def about(self) -> str:
        return f"{len(self.names)} names"

    def _options(self, here: Here) -> tuple[Say, ...]:
        spoken = language_of(here.language)
        offered = enumerate(self.found(here.phase), 1)
        return tuple(Say(spoken.say_option(name, str(i)), here.language, barge_in=True) for i, name in offered)

    def enter(self, here: Here) -> tuple[Action, ...]:
        if here.phase:
            keys = tuple(str(i + 1) for i in range(len(self.found(here.phase))))
            listen = Listen(keys, 1, "#", self.timeout, self.interdigit, here.language)
            return (*self.reprompt(here), *self._options(here), listen)
        listen = Listen((), self.digits[1], "#", self.timeout, self.interdigit, here.language)
        return (*self.reprompt(here), here.say(self.say, barge_in=True), listen)

    def classify(self, here: Here, event: Event | None) -> Reading | None:
        if isinstance(event, Silence):
            return Reading(NO_INPUT)
        if not isinstance(event, Keys):
            return None
        keys = event.keys.removesuffix("#") if len(event.keys) > 1 else event.keys
        if not keys:
            return Reading(NO_INPUT)
        if here.phase:
            offered = dict(enumerate(self.found(here.phase), 1))
            name = offered.get(int(keys)) if keys.isdecimal() and keys.isascii() else None
            if name is not None:
                return self._chosen(name)
        else:
            names = self.found(keys)
            if len(names) == 1:
                return self._chosen(names[0])
            if 1 < len(names) <= _MOST_OFFERED:
                return Reading(_SEVERAL + keys)
        return Reading(keys if keys in self._free(here) else NO_MATCH)

    def _chosen(self, name: str) -> Reading:
        return Reading(name, {self.into: name} if self.into else {})

    def _free(self, here: Here) -> tuple[str, ...]:
        """The keys that work everywhere and are no letters or numbers here."""
        taken = {str(i + 1) for i in range(len(self.found(here.phase)))} if here.phase else set(self._by_keys)
        return tuple(key for key in here.flow.keys if is_global(here, key) and key != "#" and key not in taken)

    def outcomes(self, here: Here) -> tuple[str, ...]:
        free = (*self._free(here), NO_INPUT, NO_MATCH)
        if here.phase:
            return (*self.found(here.phase), *free)
        alone = {names[0] for names in self._by_keys.values() if len(names) == 1}
        return (
            *(name for name in self.names if name in alone),
            *(_SEVERAL + code for code in self.phases()[1:]),
            *free,
        )

    def next(self, here: Here, outcome: str) -> Move:
        if outcome.startswith(_SEVERAL) and outcome not in self.names:
            return self.onward(here, outcome.removeprefix(_SEVERAL))
        return super().next(here, outcome)

    def hearing(self, here: Here) -> Callable[[str], float]:
        if not here.phase:
            return super().hearing(here)
        again_s = sum(say_s(say) for say in self.reprompt(here) if isinstance(say, Say))
        until_s = announced_s(again_s, zip(self.found(here.phase), map(say_s, self._options(here)), strict=True))
        return lambda outcome: until_s.get(outcome, until_s[""])
