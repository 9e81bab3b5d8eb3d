"""The verdict of a back-test: which figures fit, which do not, and which input explains it, in words."""

from __future__ import annotations

import math
from collections.abc import Sequence

from flows.display.numbers import duration, share
from simulation.backtesting.backtest import Backtest
from simulation.backtesting.explain import Change
from simulation.backtesting.figures import FIGURES
from simulation.backtesting.judged import Judged, judged, written

__all__ = ["fit_words", "verdict"]

_EXPLAINS = 0.2
_DIFFERS = 0.03
_LEFT_OUT = "priorities, transfers or agents who help out"
_RINGS_LEFT_OUT = "how much longer it rings at one time than at another"
_WHAT = {"arrivals": "calls", "talk": "talk", "agents": "agents", "patience": "patience"}


def verdict(of: Backtest) -> tuple[str, ...]:
    """Sentences: whether the forecast fits, what explains a miss, and whether it fits with the inputs asked for."""
    forecast = of.judged_forecast
    if not forecast:
        return ("There are no calls to compare.",)
    sentences = [fit_words("The forecast", forecast), *_beyond_inputs(of), *_explained(of)]
    if of.use:
        sentences.append(fit_words(f"With the {_and([_WHAT[name] for name in of.use])} of these days, the scenario",
                              of.judged))  # fmt: skip
        sentences += _further(of)
    left = judged(of.real.whole, of.all_own, of.tolerance)
    if any(one.misses for one in left):
        sentences.append(
            f"Even with all inputs of these days, {_missed(left)}: the scenario leaves something out that matters here,"
            f" such as {_LEFT_OUT if of.rings is None else _RINGS_LEFT_OUT}."
        )
    return tuple(sentences)


def _beyond_inputs(of: Backtest) -> list[str]:
    """What these days show that no input tells; said before any input is blamed."""
    sentences = []
    if of.at_once is not None:
        sentences.append(
            f"Agents of these days have up to {of.at_once.most} talks in hand at once, for {share(of.at_once.share)} of"
            f" the time they talk, as in chats ({_and(of.at_once.queues)}), and the scenario has them take one at a"
            " time: state `chats` of their group before you judge it."
        )
    if of.rings is not None:
        sentences.append(
            f"The log does not say who answered, and waits do not show it: {of.rings.words}. No number of agents"
            " explains that: it rings that long (`routing.after`), or nobody is at the phone."
            f" {share(of.rings.at_once)} of all calls were lost after 0 s."
        )
    if of.chatting and of.changes:
        sentences.append(
            f"The talk and the agents of these days are not tried, for agents of {_and(of.chatting)} have several chats"
            " in hand: a log tells how long a chat lasted beside others, not how much work it was."
        )
    return sentences


def fit_words(who: str, found: Sequence[Judged]) -> str:
    """What fits, what misses, and what these days cannot tell.

    A figure fits if it is near enough. One that is not misses if what happened lies outside of what 95 % of simulated
    days have; else chance may make the difference, and the days are too few to contradict the scenario.
    """
    if all(one.fits for one in found):
        return f"{who} fits: every figure is within its tolerance."
    open_ = [one for one in found if not one.fits and one.inside]
    right = [one for one in found if one.fits]
    sentences = [f"{who} misses: {_missed(found)}."] if any(one.misses for one in found) else [
        f"{who} agrees with these days: nothing lies outside of where 95 % of such days do."
    ]  # fmt: skip
    if open_:
        sentences.append(f"Too few days to tell, because days differ so much by chance: {_open(open_)}.")
    if right:
        titles = [FIGURES[one.name].title.lower() for one in right]
        sentences.append(f"{_upper(_and(titles))} {'fits' if len(right) == 1 else 'fit'}.")
    return " ".join(sentences)


def _missed(found: Sequence[Judged]) -> str:
    return "; ".join(
        f"{FIGURES[one.name].title.lower()} {written(one.name, one.said.mean)} where it was"
        f" {written(one.name, one.real)} ({one.words})"
        for one in found
        if one.misses
    )


def _open(found: Sequence[Judged]) -> str:
    return "; ".join(
        f"{FIGURES[one.name].title.lower()} {written(one.name, one.real)}, where 95 % of such days have"
        f" {_range(one)} (mean {written(one.name, one.said.mean)})"
        for one in found
    )


def _range(of: Judged) -> str:
    return f"{written(of.name, of.said.low)} to {written(of.name, of.said.high)}"


def _explained(of: Backtest) -> list[str]:
    """What explains the miss of the forecast, and how to see the scenario with it."""
    if not of.changes:
        return []
    if all(one.fits for one in of.judged_forecast):
        apart = _apart(of)
        return [f"Yet {_and([_change(one, of) for one in apart])}; together they make little difference."] * bool(apart)
    closing = [change for change in of.changes if change.closes >= _EXPLAINS]
    if closing:
        sentences = [_closed(change, of) for change in closing]
        return sentences if of.use else [*sentences, _next(closing[:2], of)]
    apart = _apart(of)
    if not apart:
        return ["No single input explains the miss."]
    return [
        f"No single input explains the miss: {_and([_change(one, of) for one in apart])}.",
        *([] if of.use else [_next(apart, of)]),
    ]


def _further(of: Backtest) -> list[str]:
    """What explains a miss that is left with the inputs asked for."""
    closing = [change for change in of.further if change.closes >= _EXPLAINS]
    return [*(f"Besides, {_lower(_closed(change, of))}" for change in closing),
            *([_next(closing[:1], of)] if closing else [])]  # fmt: skip


def _apart(of: Backtest) -> list[Change]:
    """Inputs that differ by more than their figure may; none or at least two, because one alone would show."""
    found = [
        change
        for change in of.changes
        if math.isfinite(change.ratio) and abs(change.ratio - 1) > (0.05 if change.name != "agents" else _DIFFERS)
    ]
    return found if len(found) > 1 else []


def _next(found: Sequence[Change], of: Backtest) -> str:
    """The option that shows the scenario with these inputs too."""
    names = dict.fromkeys([*of.use, *(change.name for change in found)])
    stated = ",".join("volumes" if name == "arrivals" else name for name in names)
    return f"To see the scenario with {'it' if len(found) == 1 else 'them'}: --use {stated}."


def _closed(change: Change, of: Backtest) -> str:
    closed = (
        f"that explains {share(min(change.closes, 1.0))} of the miss" if change.closes < 0.995 else "that explains it"
    )
    now = change.figures.get("abandonment")
    after = f": abandonment {share(now.mean)} with {'it alone' if change in of.changes else 'it'}" if now else ""
    return f"{_upper(_change(change, of))}; {closed}{after}."


def _change(change: Change, of: Backtest) -> str:
    """How an input differs, to go on a sentence."""
    ratio = change.ratio
    if math.isnan(ratio) or abs(ratio - 1) < _DIFFERS:
        one = change.name in ("talk", "patience")
        return f"the {_WHAT[change.name]} of these days differ{'s' if one else ''} in detail"
    percent = f"{abs(ratio - 1) * 100:.0f} %"
    if change.name == "talk":
        real, said = of.real.whole.get("talk_s", 0.0), of.forecast.whole["talk_s"].mean
        longer = "longer" if ratio > 1 else "shorter"
        return f"talk was {percent} {longer} than in the scenario ({duration(real)} instead of {duration(said)})"
    more = "more" if ratio > 1 else "fewer"
    if change.name == "arrivals":
        return f"volumes differ, {percent} {more} calls came than in the scenario"
    return f"{percent} {more} agent-hours were on duty than in the scenario"


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _and(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
