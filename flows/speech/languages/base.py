"""What a language file defines so that prompts can be composed and timed in that language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from flows.speech import plurals

__all__ = ["Language", "Values"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Values:
    """How one language says numbers, amounts, dates and times; `flows.speech.values` uses it.

    Parameters
    ----------
    months : tuple of str
        January first, as they stand in a date.
    date : str
        ``{day}``, ``{month}``, ``{year}``.
    first_day : str
        The first of the month, if it has a special form (``1er``).
    time, full_hour : str
        ``{hour}``, ``{hours}`` (its noun), ``{minute}`` or ``{mm}`` (two digits), ``{half}``.
    hours : tuple of str
        The noun for hours in each plural form; empty strings if there is none.
    halves : tuple of (hour, words)
        Parts of the day by the hour they begin; empty if the language uses a 24-hour clock.
    currencies : mapping of ISO 4217 code to (units, hundredths)
        The nouns of the unit in each plural form, then as many of its hundredth. Names of other currencies come from
        Unicode's CLDR, which has none for hundredths.
    money : str
        Joins ``{whole}`` and ``{part}``.
    amount : str
        Joins ``{number}`` and its ``{noun}``.
    minus : str
        Said before a negative number.
    one_below : float
        Numbers that take a singular noun: only 1 (0 here), or all below this.
    plurals : str
        The language whose plural rules in Unicode's CLDR apply; empty for a singular and a plural by `one_below`.
    ordinals : tuple of str
        First to tenth, if they are written as words.
    ordinal : tuple of (pattern, words)
        For the rest, by the number's last digits; the first pattern that matches, with ``{number}``.
    digit : tuple of str
        "digit", "digits": the noun in each plural form.
    ending : str
        Reads a secret number by its last ``{digits}``.
    """

    months: tuple[str, ...]
    date: str
    time: str
    full_hour: str
    currencies: Mapping[str, tuple[str, ...]]
    money: str
    minus: str
    ordinal: tuple[tuple[str, str], ...]
    digit: tuple[str, ...]
    ending: str
    first_day: str = ""
    hours: tuple[str, ...] = ("", "")
    halves: tuple[tuple[int, str], ...] = ()
    amount: str = "{number} {noun}"
    one_below: float = 0.0
    plurals: str = ""
    ordinals: tuple[str, ...] = ()

    def form(self, number: int, forms: tuple[str, ...]) -> str:
        """The form of a noun, or of a text, that goes with a number.

        Parameters
        ----------
        number : int
        forms : tuple of str
            One for each plural form of the language, or one for all.

        Examples
        --------
        >>> from flows.speech.languages import language
        >>> [language("fr-FR").values.form(number, ("heure", "heures")) for number in (0, 1, 2)]
        ['heure', 'heure', 'heures']
        """
        if self.plurals:
            return plurals.form(number, forms, self.plurals)
        return forms[0 if number == 1 or 0 <= number < self.one_below else -1]


@dataclass(frozen=True, kw_only=True, eq=False)
class Language:
    """The phrases and the speaking rate of one language.

    Parameters
    ----------
    code : str
        Primary subtag, e.g. ``es``.
    name : str
        The language's own name for itself.
    option : str
        One option of a menu, function before key; ``{label}`` and ``{key}``.
    option_to_do : str
        The same for something that callers do ("To pay a bill, press 2."); many languages say both alike.
    option_key_first : str
        The order that guides advise against, used to recognise it.
    star, pound : str
        The names of ``*`` and ``#``.
    or_word, other_key : str
        Joins keys of which any will do, and names every key that a menu does not.
    no_input, no_match : str
        Said before the options if the caller was silent or pressed a key that is not offered.
    confirm : str
        Reads a value back; ``{value}``, and keys 1 and 2.
    position : str
        Tells waiting callers their place in the queue; ``{position}``.
    expected_wait : tuple of str
        Tells callers the expected wait of ``{minutes}``, a text for each plural form.
    whisper_new : str
        Tells an agent who has picked up which ``{queue}`` a call is for; the caller has not waited for a minute yet.
    whisper : tuple of str
        The same with the ``{minutes}`` that the caller has waited, a text for each plural form.
    take_call, caller_gone : str
        Asks the agent to press 1, and tells them that the caller has left meanwhile.
    apology : str
        Said when a call cannot continue.
    callback_offer, callback_number : str
        Offers to call back at ``{number}`` (keys 1 and 2), and asks for another number.
    callback_windows : tuple of str
        Labels for now, within the hour, later today.
    csat, nps, resolved : str
        Standard survey questions: satisfaction 1-5, recommendation 0-10, answered 1 yes 2 no.
    called_back : str
        What a caller hears who is called back; {name} = the line's.
    values : Values
        How numbers, amounts, dates and times are said.
    vowels : str
        Characters that make a syllable; a run of them counts once. Empty if every character is a syllable (Chinese).
    syllables_per_s : float
        Conversational rate (Pellegrino, Coupé & Marsico 2011, Language 87(3), table 1).
    words_per_minute : float or None
        Announcer's rate, if one is established (English: 150); None to use syllables.
    wrong_verbs : tuple of str
        Verbs that should not be used for keys ("punch", "depress").
    say_key : tuple of str
        Words before an announced key, used to find keys in a written prompt.
    before_key : tuple of str
        Words that may stand between "press" and a key: an article, "key".
    after_key : str
        Regular expression for what follows an announced key, in a language whose verb comes last.
    or_words : tuple of str
        Words that join one option to the next: "or", "and"; those of English and its neighbours are known.
    then_words : tuple of str
        Words that join a second key to the first: "press 1, followed by the pound sign".
    done_words : tuple of str
        Word stems that mean a key ends the entry: "to finish, press pound".
    any_key : str
        Regular expression for words that announce all keys not named.
    stay : str
        Regular expression for words that tell callers to do nothing.
    yes_no : tuple of str
        The words for yes and no.
    spaced : bool
        False if words are written without spaces between them.
    more_numbers : tuple of str
        Ten and above, as far as prompts use them for a number of digits.
    function_words : tuple of str
        Short, frequent words that identify the language of a text and say nothing about what an option is for.
    banned_phrases : tuple of str
        Regular expressions for phrases that tell callers nothing.
    option_nouns : tuple of str
        Nouns that follow the number of options in a prompt.
    department_words : tuple of str
        Words an organisation uses for itself that callers do not know.
    rest_words : tuple of str
        Word stems that make a label mean anything the menu has not named: "other", "else".
    ease : tuple of float or None
        Reading-ease formula: constant, weight of words per sentence, weight of syllables per word.
    """

    code: str
    name: str
    option: str
    option_to_do: str
    option_key_first: str
    star: str
    pound: str
    or_word: str
    other_key: str
    no_input: str
    no_match: str
    confirm: str
    position: str
    expected_wait: tuple[str, ...]
    whisper_new: str
    whisper: tuple[str, ...]
    take_call: str
    caller_gone: str
    apology: str
    callback_offer: str
    callback_number: str
    callback_windows: tuple[str, str, str]
    csat: str
    nps: str
    resolved: str
    called_back: str
    values: Values = field(repr=False)
    vowels: str
    syllables_per_s: float
    words_per_minute: float | None = None
    wrong_verbs: tuple[str, ...] = ()
    say_key: tuple[str, ...] = ()
    before_key: tuple[str, ...] = ()
    after_key: str = ""
    or_words: tuple[str, ...] = ()
    then_words: tuple[str, ...] = ()
    done_words: tuple[str, ...] = ()
    any_key: str = ""
    stay: str = ""
    yes_no: tuple[str, ...] = ()
    number_words: tuple[str, ...] = ()
    spaced: bool = True
    more_numbers: tuple[str, ...] = ()
    function_words: tuple[str, ...] = ()
    banned_phrases: tuple[str, ...] = ()
    option_nouns: tuple[str, ...] = ()
    department_words: tuple[str, ...] = ()
    rest_words: tuple[str, ...] = ()
    ease: tuple[float, float, float] | None = None

    def say_option(self, label: str, key: str, *, to_do: bool = False) -> str:
        """One option of a menu, function before key.

        Parameters
        ----------
        label : str
            What the key is for. One that says so by its first word ("to pay a bill", "for sales") says it once.
        key : str
            A key, several joined by spaces, or ``other``.
        to_do : bool
            Whether the label is something that callers do ("pay a bill").

        Examples
        --------
        >>> from flows.speech.languages import language
        >>> language("en-US").say_option("sales", "1"), language("en-US").say_option("to pay a bill", "2")
        ('For sales, press 1.', 'To pay a bill, press 2.')
        >>> language("en-US").say_option("pay a bill", "2 3 4", to_do=True)
        'To pay a bill, press 2, 3 or 4.'
        """
        names = [self.other_key if one == "other" else self.key_name(one) for one in key.split()]
        joined = f" {self.or_word} " if self.spaced else self.or_word
        comma = ", " if self.spaced else "、"
        said = joined.join(filter(None, (comma.join(names[:-1]), names[-1])))
        for form in (self.option, self.option_to_do):
            opening = form.partition("{label}")[0]
            if opening and label[: len(opening)].lower() == opening.lower():
                return form.format(label=label[len(opening) :], key=said)
        return (self.option_to_do if to_do else self.option).format(label=label, key=said)

    def key_name(self, key: str) -> str:
        """How a key is spoken: ``*`` and ``#`` by name, digits one by one.

        Examples
        --------
        >>> from flows.speech.languages import language
        >>> language("en-US").key_name("#"), language("es-US").key_name("12")
        ('pound', '1 2')
        """
        return " ".join({"*": self.star, "#": self.pound}.get(c, c) for c in key)

    def means_the_rest(self, label: str) -> bool:
        """Whether a label means anything the menu has not named, and so differs from menu to menu.

        Examples
        --------
        >>> from flows.speech.languages import language
        >>> english = language("en-US")
        >>> english.means_the_rest("All other questions"), english.means_the_rest("my mother's maiden name")
        (True, False)
        """
        if not self.spaced:
            return any(word in label for word in self.rest_words)
        return any(
            word.startswith(self.rest_words) for word in re.findall(r"[^\W\d_]+", label.lower()) if self.rest_words
        )
