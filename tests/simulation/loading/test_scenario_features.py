"""What a scenario may get wrong about queues, agents and arrivals: each is one finding with its place."""

import pytest

from flows.source.finding import ScenarioError
from simulation.loading.load import load_scenario
from tests.support.small_scenarios import FEATURES_CALLED, features, write


# (setting, code, beginning of the message, hint)
@pytest.mark.parametrize(
    ("setting", "code", "message", "hint"),
    [
        (
            "queues.help={transfer: {to: secnd, share: 0.1}}",
            "X001",
            "there is no queue 'secnd'",
            "did you mean 'second'?",
        ),
        (
            "queues.help={transfer: {to: help, share: 0.1}}",
            "X005",
            "'help' transfers callers to itself",
            "name another queue",
        ),
        (
            "queues={help: {transfer: {to: second, share: 1}}, second: {transfer: {to: help, share: 1}}}",
            "X005",
            "all callers are transferred in a circle: help > second > help",
            "let a share of the callers of one of them be done after the talk",
        ),
        (
            "queues.help={transfer: [{to: second, share: 0.6}, {to: second, share: 0.6}]}",
            "F003",
            "the shares of transfers sum to 1.2",
            "together they are at most 1",
        ),
        (
            "queues.help={callback: {above: 3m, answered: 1.2}}",
            "F003",
            "'1.2' is not a share",
            "write a number from 0 to 1, or from 0% to 100%",
        ),
        ("queues.help={callback: {share: 0.4}}", "F002", "", None),
        (
            "queues.help={expected_wait: best}",
            "F003",
            "'best' is not one of 'queue_length', 'head_of_line', 'last_to_enter'",
            None,
        ),
        ("queues.help={max_calls: -1}", "F003", "'-1' must be at least 0", None),
        (
            "behaviour.told=[{above: 1m}, {above: 30s}]",
            "F003",
            "the steps of told must ascend",
            "write them from the shortest announced wait to the longest",
        ),
        (
            "behaviour.retry={after: {constant: 1m}}",
            "F003",
            "nobody calls again",
            "state the share of callers not served who do, or after_handled",
        ),
        (
            "behaviour.retry={share: 0.5, after_handled: {share: 0.1}}",
            "F002",
            "'after' is missing",
            "add 'after: ...'",
        ),
        (
            "intents.urgent.retry={after_handled: {share: 1, after: {constant: 1h}}}",
            "X005",
            "if all callers of 'urgent' call again they never give up",
            "state a share below 1, or how many calls they make (attempts: 3)",
        ),
        (
            "behaviour.retry={share: 1}",
            "F003",
            "if all callers try again they never give up",
            "state a share below 1, or how many attempts they make",
        ),
        ("behaviour.retry={share: 0.5, on: [bored]}", "F003", "'bored' is not one of", None),
        ("behaviour.retry={share: 0.5, after: {exponential: 0s}}", "F003", "exponential: mean is 0.0", None),
        (
            "behaviour.while_waiting={help_queue: {1: {share: 0.1, after: {constant: 1m}}}}",
            "X001",
            "'help_queue' does not offer key 1 to waiting callers",
            "it offers #",
        ),
        (
            "behaviour.while_waiting={main: {1: {share: 0.1, after: {constant: 1m}}}}",
            "X001",
            "there is no queue node 'main'",
            None,
        ),
        ('groups.first.breaks=[{from: "12:00"}]', "F003", "a break has from and to, or a length and after", None),
        (
            'groups.first.breaks=[{from: "12:00", to: "12:10", length: 20m}]',
            "F003",
            "a break of 1200 s does not fit in 600 s",
            None,
        ),
        ("groups.first.speed=0", "F003", "a speed of 0 is not between 0.01 and 100", "1 is the usual speed"),
        (
            "groups.first.speed={empirical: [0, 3]}",
            "X005",
            "the slowest agent of first works at a speed of 0",
            "choose a distribution that keeps away from 0, such as {uniform: {low: 0.8, high: 1.2}}",
        ),
        (
            'groups.first.breaks=[{from: "12:00", to: "11:00"}]',
            "X005",
            "a break of first begins at 12:00 and ends at 11:00: across midnight it would last 23 h",
            "write a to that is later than its from; only breaks of less than 12 h may cross midnight",
        ),
        (
            "routing={policy: longest_wait, rank: {second: {first: never, tier2: never}}}",
            "X004",
            "nobody serves the queue 'second': every group with its skills is ranked never",
            "rank one of them with a number, or give the skill to another group",
        ),
        (
            'groups.first.breaks=[{from: "12:00", to: "12:00"}]',
            "F003",
            "a break begins when it ends",
            "write a later to",
        ),
        ("groups.first.speed=fast", "F003", "'fast' is not a speed", None),
        (
            "groups.first.speed=[1, 2]",
            "X003",
            "first has 2 speeds and 3 agents",
            "give one for each agent, or a distribution over them",
        ),
        ("groups.first.shrinkage=1", "F003", "", None),
        ("groups.first.end_of_shift=run", "F003", "'run' is not one of 'finish', 'hand_over', 'serve_queue'", None),
        (
            "queues.help={conference: {with: secnd, share: 0.1, talk: {exponential: 1m}}}",
            "X001",
            "there is no queue 'secnd'",
            "did you mean 'second'?",
        ),
        ("queues.help={conference: {with: second, share: 0.1}}", "F002", "'talk' is missing", "add 'talk: ...'"),
        ("groups.first.outbound={calls: 5}", "F002", "'talk' is missing", "add 'talk: ...'"),
        (
            "groups.first.outbound={talk: {exponential: 2m}, calls: many}",
            "F003",
            "'many' is not a whole number from 0 to 1,000,000, nor unlimited",
            "write one like 200, or unlimited",
        ),
        ("groups.first.outbound={talk: {exponential: 2m}, answered: 2}", "F003", "", None),
        (
            "groups.first.outbound={talk: {exponential: 2m}, keep_idle: 3}",
            "X005",
            "nobody in first ever dials: 3 of 3 agents must stay idle",
            "write keep_idle: 2, or less",
        ),
        (
            "groups.first.outbound={talk: {exponential: 2m}, answered: 0, ring: {constant: 0s}}",
            "X005",
            "an outbound call of first takes 0 s on average, so that calls never end",
            "state how long it rings, 1 s or more: ring: {constant: 15s}",
        ),
        ("groups.first.agents=0", "X004", "no agent is on duty at any time of the horizon", None),
        (
            "groups.tier2.agents=[0, 0, 0, 0]",
            "X004",
            "nobody who serves the queue 'second' is on duty at any time of the horizon",
            "give tier2 agents, or the skill to others",
        ),
        (
            'arrivals.surges=[{at: "11:00", calls: 20}]',
            "X005",
            "the surge begins outside the horizon",
            "choose a moment from 2026-11-24 08:00 to before 2026-11-24 10:00",
        ),
        ("arrivals.surges=[{at: noon, calls: 20}]", "F003", "'noon' is not a moment", None),
        (
            'arrivals.surges=[{at: "09:00", calls: 20, intents: {help: 0.5}}]',
            "X002",
            "the shares of the surge's intents sum to 0.5, not to 1",
            None,
        ),
        (
            "arrivals.busyness={gamma: {help: 10}}",
            "F003",
            "shapes by intent need a correlation between the intents",
            None,
        ),
        (
            "arrivals.busyness={gamma: 10, correlation: {help: {urgnt: 0.5}}}",
            "X001",
            "there is no intent 'urgnt'",
            "did you mean 'urgent'?",
        ),
        ("arrivals.busyness={gamma: 10, correlation: 2}", "F003", "", None),
        (
            "arrivals={kind: trace, file: calls.csv, busyness: {gamma: 10}}",
            "F003",
            "a trace is what happened, so its days cannot be busier",
            None,
        ),
        ("arrivals={kind: trace, file: nowhere.csv}", "X001", "'nowhere.csv' cannot be read", None),
        ("horizon=100d", "X003", "", None),
        ("arrivals.weekdays={sat: -1}", "F003", "'-1' must be at least 0", None),
    ],
)
def test_each_wrong_input_is_a_finding_that_explains(tmp_path, setting, code, message, hint):
    if setting == "horizon=100d":  # four values that are neither the horizon's nor a day's
        with pytest.raises(ScenarioError) as caught:
            features(tmp_path, setting, "groups.first.agents=[1, 2, 3, 4]")
    else:
        with pytest.raises(ScenarioError) as caught:
            features(tmp_path, *([setting, "groups.tier2.agents=0"] if "first.agents=0" in setting else [setting]))
    found = caught.value.findings[0]
    assert (found.code, found.message[: len(message)]) == (code, message), found.hint
    assert found.file.startswith("--set") or found.line
    assert hint is None or found.hint == hint


def test_a_finding_has_its_line_and_column(tmp_path):
    text = FEATURES_CALLED.replace(
        "talk: {constant: 3m}", "talk: {constant: 3m}\nqueues: {help: {transfer: {to: secnd, share: 10%}}}"
    )
    from tests.support.small_scenarios import FEATURES

    with pytest.raises(ScenarioError) as caught:
        load_scenario(write(tmp_path, FEATURES, text))
    [found] = caught.value.findings
    line = text.splitlines().index("queues: {help: {transfer: {to: secnd, share: 10%}}}") + 1
    assert (found.line, found.column, found.message) == (line, 32, "there is no queue 'secnd'")


def test_a_correlation_that_no_days_can_have(tmp_path):
    # Three intents cannot all pull apart by -0.9: the smallest eigenvalue is 1 - 2 * 0.9 < 0.
    three = (
        "intents={a: {share: 0.5, goal: help_queue}, b: {share: 0.3, goal: help_queue}, c: {share: 0.2, goal:"
        " urgent_queue}}"
    )
    with pytest.raises(ScenarioError) as caught:
        features(tmp_path, three, "arrivals.busyness={gamma: 10, correlation: -0.9}")
    [found] = caught.value.findings
    assert found.code == "X005"
    assert "positive semidefinite" in found.message
