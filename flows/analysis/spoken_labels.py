"""Whether a menu understands the labels that it announces, said in the ways in which callers say them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from flows.model.flow import Flow
from flows.nodes.base_listening import ears
from flows.nodes.menu import Menu
from flows.speech.languages import language as language_of
from flows.speech.listening import SpeechInput
from flows.speech.understanding import shortened, understand

__all__ = ["AS_ANNOUNCED", "POLITELY", "SHORTENED", "WAYS", "Saying", "sayings"]

AS_ANNOUNCED, POLITELY, SHORTENED = "as announced", "politely", "shortened"
WAYS = (AS_ANNOUNCED, POLITELY, SHORTENED)
"""How a label is said: in its own words; with the words of a polite caller; by the words alone that tell something."""


class Saying(NamedTuple):
    """One label, said in one way.

    Parameters
    ----------
    node, key : str
        The menu, and the key that the label is announced for.
    way : str
        One of `WAYS`.
    text : str
        What is said.
    means : tuple of str
        The keys it may mean.
    """

    node: str
    key: str
    way: str
    text: str
    means: tuple[str, ...]

    @property
    def understood(self) -> bool:
        """Whether it means its own key and no other."""
        return self.means == (self.key,)


def sayings(flow: Flow, language: str, *, all_menus: bool = False) -> Iterator[Saying]:
    """Every label of every menu, said in every way.

    Parameters
    ----------
    flow : Flow
    language : str
        BCP 47 tag of the language spoken.
    all_menus : bool
        Whether menus that take keys only count as if they listened; else they are left out.

    Examples
    --------
    >>> from flows.model.load import load_text
    >>> menu = "{type: menu, choices: [{key: 1, label: your bill, next: bye}, {key: 2, label: sales, next: bye}]}"
    >>> nodes = f"{{m: {menu}, bye: {{type: hangup}}}}"
    >>> flow = load_text(f"{{ivr: 1, name: L, start: m, speech: true, nodes: {nodes}}}").flow
    >>> [(said.key, said.text, said.understood) for said in sayings(flow, "en-US")][:3]
    [('1', 'your bill', True), ('1', 'your bill, please', True), ('1', 'bill', True)]
    """
    polite = language_of(language).hearing.polite
    for name, node in flow.nodes.items():
        if not isinstance(node, Menu):
            continue
        heard = node.ears(flow, language)
        if all_menus:
            own = [(choice.key, choice) for choice in node.choices]
            heard = ears(flow, language, own, own=SpeechInput(), prompt=node.prompt, tells=False)
        choices = heard.choices
        for choice in choices:
            for label in choice.labels[:1]:
                said = {
                    AS_ANNOUNCED: label,
                    POLITELY: polite.format(label=label),
                    SHORTENED: shortened(label, language),
                }
                for way, text in said.items():
                    yield Saying(name, choice.key, way, text, understand(text, choices, language))
