"""Routing that is stated: its table, and every name in it that can be wrong."""

from __future__ import annotations

import pytest

from flows.source.checks import Checks
from flows.source.yaml_reader import parse
from ivr.answering.check_routing import check_routing, check_served, check_skills
from ivr.answering.routing import Routing, table_of
from ivr.routing import GroupSpec, QueueSpec

QUEUES = (QueueSpec("sales", ("sell",)), QueueSpec("help", ("mend", "speak")))
GROUPS = (GroupSpec("front", {"sell": 1, "mend": 2, "speak": 1}), GroupSpec("back", {"sell": 2}))


def told(routing: dict[str, object]) -> list[tuple[str, str]]:
    checks = Checks(parse("routing: {}", "agents.yaml"))
    table = check_routing(checks, Routing.model_validate(routing), QUEUES, GROUPS)
    assert (table is None) == checks.wrong
    return [(finding.code, finding.message) for finding in checks.found]


def test_what_is_stated_stands_in_the_table() -> None:
    """Skill levels: sales is served by the front first, help by the front alone; everything else as stated."""
    routing = Routing.model_validate(
        {
            "policy": "skill_priority",
            "rank": {"sales": {"back": "never"}},
            "pull": {"help": {"front": 1}},
            "after": {"sales": {"front": "10s"}},
            "priority": {"help": 2},
            "weight_per_s": {"sales": 0.5},
            "keep_idle": {"front": 1},
            "own": {"front": ["help"]},
            "choice": {"front": "fewest_calls"},
            "order": "time_in_system",
        }
    )
    table = table_of(routing, QUEUES, GROUPS)
    assert table.rank == ((1, None), (2, None))
    assert table.pull[1][0] == 1
    assert table.after_us == ((10_000_000, 0), (0, 0))
    assert table.priority == (0, 2)
    assert table.weight_per_s == (0.5, 0.0)
    assert table.keep_idle == (1, 0)
    assert table.own[0][0] is False
    assert table.own[1][0] is True
    assert table.choice == ("fewest_calls", "longest_idle")
    assert table.order == ("time_in_system", "time_in_system")


@pytest.mark.parametrize(
    ("routing", "message"),
    [
        ({"policy": "skil_priority"}, "there is no routing policy 'skil_priority'"),
        ({"rank": {"sale": {"front": 1}}}, "there is no queue 'sale'"),
        ({"after": {"sales": {"fronts": "5s"}}}, "there is no group 'fronts'"),
        ({"priority": {"sale": 1}}, "there is no queue 'sale'"),
        ({"keep_idle": {"fronts": 1}}, "there is no group 'fronts'"),
        ({"own": {"front": ["sale"]}}, "there is no queue 'sale'"),
        ({"choice": "eldest"}, "there is no choice of agents 'eldest'"),
        ({"choice": {"fronts": "random"}}, "there is no group 'fronts'"),
        ({"order": {"sales": "by_name"}}, "there is no order of callers 'by_name'"),
    ],
)
def test_a_name_that_is_not_known_is_told(routing: dict[str, object], message: str) -> None:
    assert told(routing) == [("X001", message)]


def test_what_contradicts_itself_is_told() -> None:
    """Groups that a queue ranks equally are one pool, which chooses in one way."""
    ((code, message),) = told({"policy": "single_queue", "choice": {"front": "random"}})
    assert code == "X005"
    assert "front" in message


def test_skills_that_nobody_needs_or_has_are_told() -> None:
    checks = Checks(parse("groups: {one: {skills: [sell, sing]}}", "agents.yaml"))
    check_skills(checks, QUEUES, [GroupSpec("one", {"sell": 1, "sing": 1})], lambda name: ("groups", name, "skills"))
    assert [finding.message for finding in checks.found] == [
        "there is no queue that needs the skill 'sing'",
        "nobody serves the queue 'help': no group has the skill 'mend'",
    ]
    checks = Checks(parse("groups: {}", "agents.yaml"))
    apart = [GroupSpec("one", {"sell": 1, "mend": 1}), GroupSpec("two", {"speak": 1})]
    check_skills(checks, QUEUES, apart, lambda name: ("groups", name, "skills"))
    assert [finding.message for finding in checks.found] == [
        "nobody serves the queue 'help': no group has all of mend, speak"
    ]


def test_a_queue_with_groups_that_are_all_ranked_never_is_told() -> None:
    checks = Checks(parse("routing: {}", "agents.yaml"))
    never = Routing.model_validate({"rank": {"help": {"front": "never"}}})
    check_served(checks, table_of(never, QUEUES, GROUPS))
    assert [finding.message for finding in checks.found] == [
        "nobody serves the queue 'help': every group with its skills is ranked never"
    ]
