"""list: read the items of a looked-up list, as a menu or one after the other, and let the caller choose one."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from flows.nodes.base import FALLBACK, Here, Move, Reading, Wire
from flows.nodes.base_dialogue import NO_INPUT, NO_MATCH, Dialogue, is_global
from flows.protocol.actions import Action, Event, Keys, Listen, Say, Silence, Speech
from flows.speech.entering import entering
from flows.speech.heard_numbers import digits_heard
from flows.speech.languages import language as language_of
from flows.speech.prompt import SLOT, Prompt
from flows.speech.timing import say_s
from flows.values.scalars import Key, PlacedError, Target

_CHOSEN, _EMPTY = "chosen", "empty"
_SAMPLES = {"date": "2026-05-23", "time": "15:30", "money": "25.00", "count": "3", "ordinal": "3", "digits": "402317"}
"""Fields of typical length by their format."""
_SAMPLE = "Main Street"
_Item = Mapping[str, str]


class ListKeys(BaseModel):
    """The keys of a list, besides those of its items."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    choose: Key = Field(default="1", description="this item, where they are read one by one")
    next: Key = Field(default="#", description="the next items")
    previous: Key = Field(default="*", description="the items before")
    none: Key = Field(default="0", description="none of them, where `none` has a node")


class List(Dialogue):
    """Read the items of a list that a lookup returned, and let the caller choose one of them.

    A menu has up to nine items at a time; one by one, each item is followed by its keys. The fields of an item are
    inserted into `item` by their names; `into` sets values from those of the item that is chosen.

    Parameters
    ----------
    items
        The value that holds the list, see `lists` of a lookup.
    item
        How an item is said: for a menu, a label such as `the claim of {day:date}`.
    say
        Said before the items, the first time.
    none
        Node for callers who choose none of them; announced where it is given.
    empty
        Node when there is no item.
    nothing
        Said when there is no item; default: that there is nothing to choose from.

    Examples
    --------
    >>> claims = List.model_validate({"type": "list", "items": "claims", "item": "claim {number:digits}",
    ...     "into": {"claim": "number"}, "next": "tell", "empty": "desk"})
    >>> [(wire.outcome, wire.target) for wire in claims.wires()][:2]
    [('chosen', 'tell'), ('empty', 'desk')]
    """

    drawn: ClassVar[bool] = True

    type: Literal["list"]
    items: str = Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")
    item: Prompt
    say: Prompt | None = None
    read: Literal["menu", "one_by_one"] = Field(default="menu", description="several items at a time, or one by one")
    page: int = Field(default=9, ge=1, le=9, description="items of a menu at a time")
    limit: int = Field(default=20, ge=1, le=40, alias="most", description="items that are read at most")
    assumed: int = Field(default=3, ge=1, le=40, description="how many items a simulation assumes, all equally wanted")
    keys: ListKeys = Field(default=ListKeys(), description="keys to the next items, those before, and none")
    into: dict[str, str] = Field(default={}, description="values to set from the fields of the chosen item")
    nothing: Prompt | None = None
    then: Target | None = Field(default=None, alias="next", description="node after a choice")
    none: Target | None = None
    empty: Target | None = None

    @model_validator(mode="after")
    def _keys_differ(self) -> List:
        own = [self.keys.next, self.keys.previous, *([self.keys.none] if self.none else [])]
        taken = [self.keys.choose] if self.read == "one_by_one" else [str(n) for n in range(1, self.page + 1)]
        for key in own:
            if (own + taken).count(key) > 1:
                raise PlacedError(f"key {key!r} has two meanings in this list; give each its own key", ("keys",))
        if self.assumed > self.limit:
            raise PlacedError(f"{self.assumed} items are assumed and at most {self.limit} are read", ("assumed",))
        return self

    @property
    def _size(self) -> int:
        """Items at a time."""
        return 1 if self.read == "one_by_one" else self.page

    @property
    def _pages(self) -> int:
        return -(-self.limit // self._size)

    def wires(self) -> tuple[Wire, ...]:
        none = (Wire("none", self.none, ("none",)),) if self.none else ()
        return (
            Wire(_CHOSEN, self.then, ("next",)),
            Wire(_EMPTY, self.empty, ("empty",)),
            *none,
            *self.retry_wires(),
        )

    def prompts(self) -> tuple[tuple[tuple[str | int, ...], Prompt], ...]:
        own = (("say", self.say), ("item", self.item), ("nothing", self.nothing))
        return (*(((name,), prompt) for name, prompt in own if prompt), *self.retry_prompts())

    def local_values(self) -> tuple[str, ...]:
        return self._fields

    @property
    def _fields(self) -> tuple[str, ...]:
        """The fields of an item that its text inserts, or that become values."""
        slots = [slot[1] for text in self.item.text.values() for slot in SLOT.finditer(text)]
        return tuple(dict.fromkeys([*slots, *self.into.values()]))

    def reads(self) -> tuple[tuple[tuple[str | int, ...], str], ...]:
        return ((("items",), self.items),)

    def writes(self) -> tuple[str, ...]:
        return tuple(self.into)

    def writes_on(self, outcome: str) -> tuple[str, ...]:
        return self.writes() if outcome == _CHOSEN else ()

    def about(self) -> str:
        return f"items of {self.items}"

    def usual_values(self, phase: str = "") -> Mapping[str, str]:
        sample = dict.fromkeys(self._fields, _SAMPLE)
        for text in self.item.text.values():
            sample |= {slot[1]: _SAMPLES.get(slot[2] or "", _SAMPLE) for slot in SLOT.finditer(text)}
        return {self.items: json.dumps([sample] * self.assumed)}

    def phases(self) -> tuple[str, ...]:
        return ("", *(str(number) for number in range(1, self._pages + 1)), _CHOSEN, _EMPTY)

    def _all(self, here: Here) -> Sequence[_Item]:
        return read_items(here.value(self.items))[: self.limit]

    def _here(self, here: Here) -> Sequence[_Item]:
        """The items of this part."""
        first = (int(here.phase) - 1) * self._size
        return self._all(here)[first : first + self._size]

    def _more(self, here: Here) -> bool:
        return len(self._all(here)) > int(here.phase) * self._size

    def enter(self, here: Here) -> tuple[Action, ...]:
        words = entering(here.language)
        if here.phase == _EMPTY:
            said = here.say(self.nothing, barge_in=False) if self.nothing else Say(words.no_items, here.language)
            return (said,) if said.text or said.audio else ()
        if not here.phase.isdigit():
            return ()
        before: list[Action] = list(self.reprompt(here))
        if self.say and here.phase == "1" and here.attempt == 1:
            before.append(here.say(self.say, barge_in=True))
        options = [Say(text, here.language, barge_in=True) for _, text in self._options(here)]
        keys = tuple(dict.fromkeys([*self._own(here), *here.flow.keys]))
        finish = "" if "#" in (*keys, self.keys.next, self.keys.previous) else "#"
        longest = max(map(len, keys))
        listen = Listen(keys, longest, finish, self.timeout, self.interdigit, here.language)
        return (*before, *options, listen)

    def _own(self, here: Here) -> dict[str, str]:
        """The outcome of each key that the list itself takes here."""
        items = self._here(here)
        one = self.read == "one_by_one"
        own = {
            self.keys.choose if one else str(n): self.keys.choose if one else str(n) for n in range(1, len(items) + 1)
        }
        if self._more(here):
            own[self.keys.next] = self.keys.next
        if here.phase != "1":
            own[self.keys.previous] = self.keys.previous
        return own | ({self.keys.none: "none"} if self.none else {})

    def _options(self, here: Here) -> list[tuple[str, str]]:
        """What is announced: the outcome, and the sentence."""
        language, words = language_of(here.language), entering(here.language)
        said: list[tuple[str, str]] = []
        labels = {
            self.keys.next: words.next_items,
            self.keys.previous: words.items_before,
            self.keys.none: words.none_of_these,
        }
        if self.read == "one_by_one":
            said = [("", self._said(here, item)) for item in self._here(here)]
            labels[self.keys.choose] = words.this_one
        else:
            for number, item in enumerate(self._here(here), 1):
                labels[str(number)] = self._said(here, item)
        own = self._own(here)
        return said + [(outcome, language.say_option(labels[key] or key, key)) for key, outcome in own.items()]

    def _said(self, here: Here, item: _Item) -> str:
        values = here.flow.usual_values if here.values is None else here.values
        return replace(here, values={**values, **item}).say(self.item, barge_in=True).text

    def classify(self, here: Here, event: Event | None) -> Reading | None:
        if not here.phase:
            return Reading("items" if self._all(here) else "no_items") if event is None else None
        if not here.phase.isdigit():
            return Reading(here.phase) if event is None else None
        if isinstance(event, Silence):
            return Reading(NO_INPUT)
        if not isinstance(event, Keys | Speech):
            return None
        key = event.keys if isinstance(event, Keys) else digits_heard(event.text, here.language)
        if not key:
            return Reading(NO_INPUT)
        own = self._own(here)
        if key not in own:
            return Reading(key if self._free(here, key) else NO_MATCH)
        chosen = self._item_of(here, key)
        values = {name: chosen.get(field, "") for name, field in self.into.items()} if chosen is not None else {}
        return Reading(own[key], values)

    def _item_of(self, here: Here, key: str) -> _Item | None:
        if key in (self.keys.next, self.keys.previous) or (self.none and key == self.keys.none):
            return None
        return self._here(here)[0 if self.read == "one_by_one" else int(key) - 1]

    def _may(self, here: Here) -> tuple[str, ...]:
        """Every outcome of this part, whatever the list holds."""
        at = int(here.phase)
        items = (self.keys.choose,) if self.read == "one_by_one" else tuple(str(n) for n in range(1, self.page + 1))
        onward = (self.keys.next,) if at < self._pages else ()
        back = (self.keys.previous,) if at > 1 else ()
        return (*items, *onward, *back, *(("none",) if self.none else ()))

    def _free(self, here: Here, key: str) -> bool:
        """Whether a global key has its global meaning here."""
        may = {self.keys.none if outcome == "none" else outcome for outcome in self._may(here)}
        return is_global(here, key) and key not in may

    def outcomes(self, here: Here) -> tuple[str, ...]:
        if not here.phase:
            return ("items", "no_items")
        if not here.phase.isdigit():
            return (here.phase,)
        free = tuple(key for key in here.flow.keys if self._free(here, key))
        return (*self._may(here), *free, NO_INPUT, NO_MATCH)

    def next(self, here: Here, outcome: str) -> Move:
        if not here.phase:
            return Move(here.name, phase="1" if outcome == "items" else _EMPTY)
        if here.phase.isdigit() and outcome in self._may(here) and outcome != "none":
            at = int(here.phase)
            if outcome == self.keys.next:
                return Move(here.name, phase=str(at + 1))
            if outcome == self.keys.previous:
                return Move(here.name, phase=str(at - 1))
            return Move(here.name, phase=_CHOSEN)
        if outcome in self._ends:
            target = self._ends[outcome]
            return Move(FALLBACK if target is None else target)
        return super().next(here, outcome)

    @property
    def _ends(self) -> dict[str, str | None]:
        return {_CHOSEN: self.then, _EMPTY: self.empty, "none": self.none}

    def usual(self, here: Here) -> Mapping[str, float]:
        """All items, and none of them where that can be chosen, are equally wanted."""
        if not here.phase:
            return {"items": 1.0, "no_items": 0.0}
        if not here.phase.isdigit():
            return {}
        left = max(self.assumed - (int(here.phase) - 1) * self._size, 1)
        now, total = min(left, self._size), left + bool(self.none)
        items = self._may(here)[: 1 if self.read == "one_by_one" else now]
        share = dict.fromkeys(items, 1 / total)
        last = left <= self._size
        if self.none and last:
            share["none"] = 1 / total
        if not last:
            share[self.keys.next] = 1 - now / total
        return share

    def hearing(self, here: Here) -> Callable[[str], float]:
        actions = self.enter(here)
        whole_s = sum(say_s(action) for action in actions if isinstance(action, Say))
        if not here.phase.isdigit():
            return lambda outcome: whole_s
        heard: dict[str, float] = {}
        so_far = whole_s - sum(say_s(Say(text, here.language)) for _, text in self._options(here))
        for outcome, text in self._options(here):
            so_far += say_s(Say(text, here.language))
            heard[outcome] = so_far
        return lambda outcome: heard.get(outcome, whole_s) if outcome else whole_s


def read_items(text: str) -> Sequence[_Item]:
    """The items of a list as a value holds it: a JSON array of objects, or of texts, which are then called ``item``.

    Examples
    --------
    >>> read_items('[{"number": "4", "day": "2026-05-23"}]'), read_items('["Main Street", 7]'), read_items("soon")
    ([{'number': '4', 'day': '2026-05-23'}], [{'item': 'Main Street'}, {'item': '7'}], [])
    """
    try:
        data = json.loads(text, parse_float=str, parse_int=str, parse_constant=str) if text else []
    except (ValueError, RecursionError):
        return []
    return [_fields(item) for item in data if isinstance(item, dict | str)] if isinstance(data, list) else []


def _fields(item: Any) -> _Item:
    if isinstance(item, str):
        return {"item": item}
    return {str(name): value for name, value in item.items() if isinstance(value, str)}
