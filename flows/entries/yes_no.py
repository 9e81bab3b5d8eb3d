"""yes_no: key 1 or 2, or the words for yes and no."""

from __future__ import annotations

from flows.entries.base import Caller, Entry, Read
from flows.speech.languages import language as language_of
from flows.speech.understanding import answer

_KEYS = {"1": "yes", "2": "no"}


class YesNo(Entry):
    """A yes or a no, stored as ``yes`` or ``no``.

    Examples
    --------
    >>> from flows.entries.base import Options
    >>> answer, caller = YesNo(Options()), Caller("en-US", "en-US")
    >>> answer.read("1", caller).value, answer.hear("Yes, please.", caller).value, answer.read("3", caller).value
    ('yes', 'yes', '')
    >>> answer.again(caller)
    'Sorry, that is not right. For yes, press 1. For no, press 2.'
    """

    @property
    def digits(self) -> tuple[int, int]:
        return 1, 1

    def read(self, keys: str, caller: Caller) -> Read:
        return Read(_KEYS.get(keys, ""))

    def hear(self, text: str, caller: Caller) -> Read:
        return Read(answer(text, caller.language))

    def expected(self, caller: Caller) -> str:
        return caller.words.yes_no

    def said(self, value: str, caller: Caller) -> str:
        return {"yes": caller.words.yes, "no": caller.words.no}.get(value, value)

    def sample(self, caller: Caller) -> str:
        return "yes"

    def keyed(self, caller: Caller) -> str:
        return "1"

    def hints(self, language: str) -> tuple[str, ...]:
        heard = language_of(language).hearing
        return (*heard.yes, *heard.no)
