"""Which option a caller means: from docs/callers.md alone, for `tests.support.models.callers`."""

import functools
from collections import namedtuple

from tests.support.models.prompts import NAMED, Words, amount, usual_length

# Where a call is: node, menus to go back to, subflows entered, known values, drawn cases (all of them tuples).
Place = namedtuple("Place", "node path frames values drawn language")

REACTION, GAP, KEYING, RING, LOOKUP = 1.0, 0.5, 0.4, 10.0, 1.0
HOPED = {"message": "sent", "callback": "booked"}
FAILED = {"failure", "timeout", "failed", "no_mobile"}
FITS_NO_CASE = None
LEAST = 0.001
ALIKE = 1e-6


class Flow:
    """A flow file and where its exits lead."""

    def __init__(self, flow: dict, behaviour: dict) -> None:
        self.flow, self.nodes, self.behaviour = flow, flow["nodes"], behaviour
        self.keys = {NAMED.get(key, key): does for key, does in (flow.get("keys") or {}).items()}
        self.words = {tag: Words(flow, tag) for tag in flow.get("languages") or ["en-US"]}
        self.options = functools.cache(self._options)
        self.split_on = {node["value"] for node in self.nodes.values() if node["type"] == "split" and "value" in node}

    def start(self, tag: str) -> Place:
        """The first node of a call in the flow's language."""
        return self.enter(Place("", (), (), (), (), tag), self.flow["start"])

    def enter(self, place: Place, target: object) -> Place:
        """Go to a node, return from a subflow or enter one, and keep the path back."""
        if isinstance(target, dict):
            target = target["next"]
        if target is None:
            zero = self.keys["0"]
            target = zero["next"] if isinstance(zero, dict) else zero
        word, _, name = target.partition(" ")
        if word == "return":
            (subflow, _), frames = place.frames[-1], place.frames[:-1]
            node = self.nodes[subflow]
            back = (node.get("on") or {}).get(name) if name else node.get("next")
            return self.enter(place._replace(frames=frames), back or node.get("next"))
        node = self.nodes[target]
        if node["type"] == "subflow":
            return self.enter(place._replace(frames=(*place.frames, (target, place.path))), node["start"])
        if node["type"] == "menu":
            if target in place.path:
                path = place.path[: place.path.index(target) + 1]
                frames = tuple(f for f in place.frames if target not in f[1])
                return place._replace(node=target, path=path, frames=frames)
            return place._replace(node=target, path=(*place.path, target))
        return place._replace(node=target)

    def press(self, place: Place, key: str) -> Place:
        """A key that works everywhere."""
        does = self.keys[key]
        does = does["next"] if isinstance(does, dict) else does
        if does == "repeat":
            return place
        if does == "back":
            path = place.path
            if self.nodes[place.node]["type"] == "menu" and len(path) > 1:
                path = path[:-1]
            return self.enter(place._replace(path=path), path[-1]) if path else place
        return self.enter(place._replace(frames=()), does)

    def write(self, place: Place, name: str, value: object, *, known: bool = True) -> Place:
        """A value that is known, or no longer known, from now on. Only values that a split asks for are kept."""
        if name == "language":
            return place
        values = dict(place.values)
        values.pop(name, None)
        if known and name in self.split_on:
            values[name] = value
        return place._replace(values=tuple(sorted(values.items())))

    def draw(self, place: Place, case: str) -> Place:
        """The case of a split by shares holds for the whole call."""
        return place._replace(drawn=tuple(sorted((dict(place.drawn) | {place.node: case}).items())))

    def asks(self, place: Place) -> bool:
        """Whether a node tells callers something they cannot know: not a known value, not chance."""
        node = self.nodes[place.node]
        if node["type"] == "split":
            return "value" in node and node["value"] != "language" and node["value"] not in dict(place.values)
        return node["type"] in ("hours", "lookup", "message", "callback")

    def entered(self, place: Place) -> Place:
        """A number was entered: its value is unknown."""
        node = self.nodes[place.node]
        return self.enter(self.write(place, node["into"], "", known=False), node.get("next"))

    def set(self, place: Place) -> Place:
        """A set node."""
        node = self.nodes[place.node]
        for name, value in node["values"].items():
            place = self.write(place, name, value, known="{" not in value)
        return self.enter(place, node.get("next"))

    def answers(self, place: Place) -> list[tuple[str, float, Place]]:
        """What others decide at a node: outcome, chance, where it leads. For `hours` the clock decides: 0 here."""
        node, name = self.nodes[place.node], place.node
        kind, on = node["type"], node.get("on") or {}
        stated = (self.behaviour.get("splits") or {}).get(name)
        if kind == "hours":
            return [
                (way, 0.0, self.enter(place, on.get(way) or on.get("closed"))) for way in ("open", "closed", "holiday")
            ]
        if kind == "split" and "value" in node:
            return self._split(place, node, stated)
        if kind == "split":
            drawn = dict(place.drawn)
            shares = {drawn[name]: 1.0} if name in drawn else proportions(stated or node["shares"])
            return [
                (c, s, self.enter(self.draw(place, c), node["cases"].get(c) or node.get("otherwise")))
                for c, s in shares.items()
            ]
        hoped = next(iter(on)) if kind == "lookup" else HOPED[kind]
        shares = proportions((self.behaviour.get("lookups") or {}).get(name) or {hoped: 1})
        if kind == "lookup":
            for value in node.get("into") or ():
                place = self.write(place, value, "", known=False)
            default = node.get("failure")
        else:
            default = node.get("next")
        return [
            (o, s, self.enter(place, (on.get(o) or default) if o in on or o in FAILED else default))
            for o, s in shares.items()
        ]

    def _split(self, place: Place, node: dict, stated: dict | None) -> list[tuple[str, float, Place]]:
        name, cases = node["value"], node["cases"]
        known = dict(place.values)
        if name == "language":
            known["language"] = place.language
        if name in known:
            fitting = case_of(cases, known[name])
            return [(fitting, 1.0, self.enter(place, cases.get(fitting) or node.get("otherwise")))]
        return [
            (
                c,
                s,
                self.enter(
                    self.write(place, name, c.rstrip("*") if c in cases else FITS_NO_CASE),
                    cases.get(c) or node.get("otherwise"),
                ),
            )
            for c, s in proportions(stated or {"otherwise": 1}).items()
        ]

    def said_of(self, name: str) -> dict:
        """What the scenario says about one node."""
        return (self.behaviour.get("nodes") or {}).get(name) or {}

    def stated(self, name: str) -> dict[str, float]:
        """Shares that were measured at a node."""
        return {k: amount(v) for k, v in (self.said_of(name).get("shares") or {}).items()}

    def leads(self, place: Place, outcome: str) -> Place | None:
        """Where an outcome of a menu or a language node leads; None where it hangs up."""
        node = self.nodes[place.node]
        if outcome == "hung_up":
            return None
        for choice in node["choices"]:
            if choice["key"] == outcome:
                if node["type"] == "language":
                    return self.enter(place._replace(language=choice["language"]), node.get("next"))
                return self.enter(place, choice["next"])
        if outcome in self.keys:
            return self.press(place, outcome)
        return self.enter(place, node.get("otherwise") or node.get("next"))

    def _options(self, place: Place, attempt: int = 1, why: str = "") -> tuple[float, list[tuple[str, float, Place]]]:
        """Seconds of all words at a prompt, and its announced options: key, seconds until heard, where it leads."""
        node, words = self.nodes[place.node], self.words[place.language]
        if node["type"] == "menu":
            total, heard, announced = words.menu(node, self.keys, attempt, why)
            return total, [(key, heard.get(key, total), self.leads(place, key)) for key in announced]
        before = words.reprompt(node, attempt, why)
        heard, clock = words.announced(before), words.spoken(before)
        if node["type"] == "collect":
            heard |= words.announced(words.text(node["say"]))
            total = clock + words.seconds(node["say"])
            found = [("entered", total, self.entered(place))]
        else:
            clock += words.seconds(node.get("say"))
            found = []
            for order, choice in enumerate(node["choices"]):
                own = self.words[choice["language"]]
                label = own.phrases.name
                clock += (0.6 if order else 0.0) + own.spoken(own.phrases.option.format(label=label, key=choice["key"]))
                found.append((choice["key"], clock, self.leads(place, choice["key"])))
            total = clock
        taken = {key for key, _, _ in found}
        keys = [key for key in self.keys if key in heard and key not in taken]
        return total, found + [(key, heard[key], self.press(place, key)) for key in keys]


def proportions(shares: dict) -> dict[str, float]:
    """Shares that add up to 1."""
    given = {str(k): amount(v) for k, v in shares.items()}
    total = sum(given.values())
    return {k: v / total for k, v in given.items() if v > 0}


def case_of(cases: dict, value: str | None) -> str:
    """The case of a known value: the whole value, or its beginning."""
    if value is not FITS_NO_CASE:
        for case in cases:
            if value.lower() == case.lower() or (case.endswith("*") and value.lower().startswith(case[:-1].lower())):
                return case
    return "otherwise"


class Chances:
    """How likely each place leads to a goal, and how soon: for one intent and the refusals so far."""

    def __init__(self, flow: Flow, goals: frozenset[str], noes: frozenset) -> None:
        self.flow, self.goals, self.noes = flow, goals, noes
        self.chance: dict[Place, float] = {}
        self.time: dict[Place, float] = {}

    def of(self, place: Place) -> tuple[float, float]:
        """Chance to reach a goal from a place, and the seconds until then."""
        if place not in self.chance:
            self._solve(place)
        return self.chance[place], self.time[place]

    def _solve(self, start: Place) -> None:
        ways: dict[Place, tuple[str, list]] = {}
        todo = [start]
        while todo:
            place = todo.pop()
            if place in ways or place in self.chance:
                continue
            ways[place] = self._ways(place)
            todo += [there for _, _, there in ways[place][1]]
        chance, time = self.chance, self.time
        for place, (rule, _) in ways.items():
            chance[place] = 1.0 if rule == "goal" else 0.0
            time[place] = 0.0 if rule == "goal" else float("inf")
        order = list(reversed(ways.items()))
        moved = 1.0
        while moved > 1e-8:
            moved = 0.0
            for place, (rule, exits) in order:
                if exits:
                    new = self._combine(rule, exits)
                    moved = max(moved, abs(new - chance[place]))
                    chance[place] = new
        for _ in range(200):
            moved = 0.0
            for place, (rule, exits) in order:
                if exits and chance[place] > 0:
                    new = self._sooner(rule, exits, chance[place])
                    moved = (
                        max(moved, abs(new - time[place]))
                        if time[place] < float("inf") or new < float("inf")
                        else moved
                    )
                    time[place] = new
            if moved < 1e-5:
                break

    def _combine(self, rule: str, exits: list) -> float:
        values = [self.chance[there] for _, _, there in exits]
        if rule == "best":
            return max(values)
        if rule == "open":
            return values[0] if values[0] > 0 else max(values)
        return sum(weight * value for (weight, _, _), value in zip(exits, values, strict=True))

    def _sooner(self, rule: str, exits: list, chance: float) -> float:
        if rule == "mean":
            each = [(w * self.chance[t], s + self.time[t]) for w, s, t in exits if w * self.chance[t] > 0]
            return sum(w * s for w, s in each) / sum(w for w, _ in each)
        return min(s + self.time[t] for _, s, t in exits if self.chance[t] >= chance - ALIKE)

    def _ways(self, place: Place) -> tuple[str, list]:
        """How a place depends on the next ones: the rule, and (share, seconds, place) of each."""
        flow, name = self.flow, place.node
        node, kind = flow.nodes[name], flow.nodes[name]["type"]
        words = flow.words[place.language]
        if name in self.goals:
            return "goal", []
        if same(flow, name) in self.noes or kind in ("queue", "dial", "hangup"):
            return "none", []
        said = words.seconds(node.get("say")) if kind not in ("menu", "language", "collect") else 0.0
        stated = flow.stated(name)
        if stated and kind in ("menu", "language"):
            ways = {k: flow.leads(place, k) for k in stated}
            return "mean", [(s, 0.0, ways[k]) for k, s in proportions(stated).items() if ways[k] is not None]
        if kind in ("play", "set", "survey"):
            return "mean", [(1.0, said, flow.set(place) if kind == "set" else flow.enter(place, node.get("next")))]
        if kind == "voicemail":
            left = amount(flow.behaviour.get("leave_message", 0.7))
            exits = [
                (left, said + 30, node.get("next")),
                (1 - left, said + 5, node.get("otherwise") or node.get("next")),
            ]
            return "mean", [(w, s, flow.enter(place, t)) for w, s, t in exits if t]
        if kind == "collect":
            keyed = REACTION + GAP + KEYING * (usual_length(node["digits"]) - 1)
            options = flow.options(place)[1]
            return "best", [(1.0, heard + keyed, there) for _, heard, there in options]
        if kind in ("menu", "language"):
            return "best", [(1.0, heard + REACTION + GAP, there) for _, heard, there in flow.options(place)[1]]
        answers = flow.answers(place)
        if kind == "hours":
            return "open", [(1.0, 0.0, there) for _, _, there in answers]
        if kind in ("lookup", "message"):
            said += LOOKUP if kind == "lookup" else 0.0
            on = node.get("on") or {}
            hoped = flow.enter(place, on.get(next(iter(on), None)) or node.get("next")).node
            answers = [(o, s, t) for o, s, t in answers if o not in FAILED or t.node == hoped]
        return "mean", [(share, said, there) for _, share, there in answers]


def same(flow: Flow, name: str) -> tuple:
    """What counts as asking the same: the node; of opening hours, all nodes with them."""
    node = flow.nodes[name]
    return ("hours", node["hours"]) if node["type"] == "hours" else ("node", name)


class Intent:
    """What callers of one intent mean to press, and what refuses them."""

    def __init__(self, flow: Flow, goals: frozenset[str]) -> None:
        self.flow, self.goals = flow, goals
        self._chances: dict[frozenset, Chances] = {}
        self._meant: dict[tuple, str | None] = {}
        self._way: dict[str, set[tuple]] = {}

    def chances(self, noes: frozenset) -> Chances:
        """The chances of all places after these refusals."""
        return self._chances.setdefault(noes, Chances(self.flow, self.goals, noes))

    def meant(self, place: Place, attempt: int, why: str, noes: frozenset) -> str | None:
        """The announced option most likely to lead to a goal, or the quickest of several; None where none does."""
        key = (place, attempt if attempt < 4 else 4, why, noes)
        if key not in self._meant:
            options = self.flow.options(place, attempt, why)[1]
            self._meant[key] = self._best(options, noes) or self._best(
                [(o, s, t._replace(values=())) for o, s, t in self._blind(place, attempt, why)], noes
            )
        return self._meant[key]

    def _blind(self, place: Place, attempt: int, why: str) -> list:
        return self.flow.options(place._replace(values=()), attempt, why)[1]

    def _best(self, options: list, noes: frozenset) -> str | None:
        chances = self.chances(noes)
        rated = [(option, *chances.of(there), heard) for option, heard, there in options]
        best = max((chance for _, chance, _, _ in rated), default=0.0)
        if best < LEAST:
            return None
        return min(
            (time + heard, order, option) for order, (option, c, time, heard) in enumerate(rated) if c >= best - ALIKE
        )[2]

    def told(self, asked: Place, answered: Place, noes: frozenset) -> frozenset:
        """The refusals after an answer: one more if no announced path from there leads to the goal without asking the
        same.
        """
        more = noes | {same(self.flow, asked.node)}
        if more == noes:
            return noes
        if (
            self.chances(more).of(answered)[0] >= LEAST
            or self.chances(more).of(answered._replace(values=()))[0] >= LEAST
        ):
            return noes
        return more

    def on_the_way(self, own: str) -> set[tuple]:
        """The asking nodes that callers of a language reach by the options they mean if they never slip."""
        if own not in self._way:
            self._way[own] = self._led(own)
        return self._way[own]

    def _led(self, own: str) -> set[tuple]:
        flow = self.flow
        seen, found = set(), set()
        todo = [(flow.start(next(iter(flow.words))), frozenset())]
        while todo:
            here = todo.pop()
            if here in seen:
                continue
            seen.add(here)
            place, noes = here
            node = flow.nodes[place.node]
            kind = node["type"]
            if place.node in self.goals or kind in ("queue", "dial", "hangup", "voicemail"):
                continue
            if flow.stated(place.node) and kind in ("menu", "language"):
                todo += [(there, noes) for k in flow.stated(place.node) if (there := flow.leads(place, k))]
            elif kind in ("play", "survey"):
                todo += [(flow.enter(place, node.get("next")), noes)]
            elif kind == "set":
                todo += [(flow.set(place), noes)]
            elif kind == "language":
                keys = [c["key"] for c in node["choices"] if c["language"] == own]
                todo += [(flow.leads(place, keys[0] if keys else "otherwise"), noes)]
            elif kind in ("menu", "collect"):
                option = self.meant(place, 1, "", noes)
                todo += [(there, noes) for o, _, there in flow.options(place)[1] if o == option]
            else:
                asks = flow.asks(place)
                for outcome, _, there in flow.answers(place):
                    todo.append((there, self.told(place, there, noes) if asks and outcome != "open" else noes))
                if asks:
                    found.add(same(flow, place.node))
        return found
