"""A crowd of callers: everyone hears what they would hear alone, or the swarm reports who did not."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from flows.protocol.actions import Listen
from flows.source.finding import IvrError
from ivr.phone.event_words import read_keys
from ivr.phone.terminal_phone import Phone, fits
from simulation.loading.load import load_scenario
from simulation.menus.sampled_walk import walk
from simulation.sampling.streams import Streams
from simulation.workload.build_call_table import prepare
from simulation.workload.key_scripts import key_scripts
from tests.support.twiml_app import BASE, App
from tests.support.twiml_service import Service, ivr, serving
from webhooks.carrier.drivers.swarm import Swarm, swarm
from webhooks.carrier.protocol import Failed, Number, Reply, Request

PAGES = {
    "/voice": "<Gather action='/menu' numDigits='1'><Say>One or two?</Say></Gather>",
    "/menu": lambda form: f"<Say>{form['Digits']}.</Say>",
}
PLANS = ["1", "2", "wait"]


@pytest.fixture
def service() -> Iterator[Service]:
    with serving() as made:
        yield made


class Locked:
    """A transport for one caller at a time, to a service that can be disturbed once the calls made alone are over."""

    def __init__(self, app: App, disturb: object = None) -> None:
        self.app, self.disturb = app, disturb
        self.lock = threading.Lock()
        self.sent = 0

    def send(self, request: Request) -> Reply:
        with self.lock:
            self.sent += 1
            reply = self.disturb(self.sent) if self.disturb else None  # type: ignore[operator]
            return reply or self.app.send(request)

    def close(self) -> None:
        """There is nothing to release."""


def crowd(transport: Locked, *, callers: int = 30) -> Swarm:
    return swarm(Number(f"{BASE}/voice#rc=0"), PLANS, callers=callers, connect=lambda: transport, run="test")


def test_everybody_hears_the_same_as_alone() -> None:
    found = crowd(Locked(App(PAGES)))
    # 3 plans alone and 30 callers: those who press ask twice, those who wait once; 10 callers a plan.
    assert (found.calls, found.plans, len(found.latencies_s), found.lost, found.different, found.failures) == (
        30,
        3,
        50,
        0,
        0,
        {},
    )
    assert found.well


def test_a_service_that_is_not_there_is_one_finding_and_no_load(tmp_path: Path) -> None:
    dead = Locked(App(PAGES), lambda _: Failed("connect"))
    with pytest.raises(IvrError, match=r"11205 .*: no connection"):
        crowd(dead)
    assert dead.sent == 3  # each plan alone, and no crowd
    (tmp_path / "p.txt").write_text("1\n2\n")
    done = ivr("swarm", "http://127.0.0.1:1/voice#rc=2", "--plans", "p.txt", "--callers", "6", folder=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert "error 11205 http://127.0.0.1:1/voice: no connection" in done.stderr
    assert "check that the service is running at this host and port" in done.stderr


def test_every_call_has_a_sid_of_its_own() -> None:
    app = App(PAGES)
    crowd(Locked(app))
    assert len({form["CallSid"] for _, form in app.asked}) == 33


def test_failures_are_counted_and_tries_save_the_call() -> None:
    def disturb(sent: int) -> Reply | None:
        return (
            Failed("protocol") if sent > 5 and sent % 2 else None
        )  # every second request; the first five are the twins'

    # Overrides apply to the address that contains them, not to those that its document names.
    pages = {**PAGES, "/voice": PAGES["/voice"].replace("'/menu'", "'/menu#rc=5&amp;rp=all'")}  # type: ignore[attr-defined]
    found = crowd(Locked(App(pages), disturb), callers=1)
    # The one caller presses 1: request 6 passes, 7 breaks off, 8 passes.
    assert (found.failures, found.lost, found.different) == ({"broken off": 1}, 0, 0)
    assert found.well


def test_a_lost_call_is_lost_and_heard_otherwise() -> None:
    found = crowd(Locked(App(PAGES), lambda sent: Failed("tls") if sent > 6 else None), callers=1)
    assert (found.lost, found.different) == (1, 1)
    [each] = found.differences
    assert (each.plan, each.expected, each.found) == (
        "1",
        "1.",
        "We're sorry, an application error has occurred. Goodbye.",
    )
    assert each.problems == (("11220", f"{BASE}/menu: no secure connection"),)


def test_a_service_that_mixes_callers_up_is_found_out() -> None:
    app = App({**PAGES, "/menu": [*(lambda form: f"<Say>{form['Digits']}.</Say>" for _ in range(2)), "<Say>2.</Say>"]})
    found = crowd(Locked(app))
    assert (found.lost, found.different) == (0, 10)  # those who press 1
    assert {(each.plan, each.expected, each.found) for each in found.differences} == {("1", "1.", "2.")}


def test_a_plan_that_does_not_work_even_alone_is_said() -> None:
    found = crowd(Locked(App({"/voice": PAGES["/voice"]})))
    assert [each.plan for each in found.broken] == ["1", "2"]
    assert not found.well


# --- The command -----------------------------------------------------------------------------------------------------


def test_the_command_with_plans(service: Service, tmp_path: Path) -> None:
    (tmp_path / "p.txt").write_text("# who they are\n1\n2,answer\nwait,1\n", "utf-8")
    done = ivr("swarm", f"{service.url}/voice", "--plans", "p.txt", "--callers", "6", "--json", folder=tmp_path)
    data = json.loads(done.stdout)
    # Alone: 2 + 4 (voice, menu, wait, left) + 3; then each plan twice.
    assert (data["calls"], data["plans"], data["requests"], data["lost"], data["different"]) == (6, 3, 18, 0, 0)
    assert len(service.asked) == 27
    assert (done.returncode, done.stderr) == (0, "")


def test_the_command_says_what_is_heard_otherwise(service: Service, tmp_path: Path) -> None:
    (tmp_path / "p.txt").write_text("5\n", "utf-8")
    done = ivr("swarm", f"{service.url}/voice", "--plans", "p.txt", "--callers", "1", folder=tmp_path)
    assert "Failed alone       1 plan\n" in done.stdout
    assert "12100" in done.stdout
    assert done.returncode == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["swarm", "x", "--plans", "p"], "'x' is not an address"),
        (["swarm", "http://x/"], "state the callers: either --scenario or --plans"),
        (["swarm", "http://x/", "--plans", "no.txt"], "no such file"),
        (["swarm", "http://x/", "--scenario", "nortwind"], "did you mean 'northwind'?"),
        (["callers", "nortwind"], "did you mean 'northwind'?"),
    ],
)
def test_wrong_use_is_one_finding_and_exit_code_two(arguments: list[str], says: str) -> None:
    done = ivr(*arguments)
    assert says in done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    assert done.returncode == 2


# --- Plans of a scenario ---------------------------------------------------------------------------------------------


def test_what_a_planned_caller_presses_leads_where_the_simulated_one_went() -> None:
    """In the interpreter, at the time of arrival: the same choices at every node that listens."""
    loaded = load_scenario("northwind")
    prepared, streams = prepare(loaded), Streams(7)
    chain, here = prepared.model.chain, prepared.draw_callers(streams)
    menus = walk(prepared.model, here, streams, record=True)
    expected: list[list[tuple[str, str]]] = [[] for _ in here.arrived_us]
    for active, at, edge, _ in menus.steps:
        for caller, position, k in zip(active.tolist(), at.tolist(), edge.tolist(), strict=True):
            if k >= 0 and isinstance(chain.states[position].waits, Listen):
                expected[caller].append((chain.node(position), chain.label[position][k]))
    listening = {chain.node(i) for i, state in enumerate(chain.states) if isinstance(state.waits, Listen)}
    zone = ZoneInfo(next(iter(loaded.flow.hours.values())).zone)
    for caller, plan in enumerate(key_scripts(prepared, 300, seed=7)):
        moment = loaded.scenario.start.replace(tzinfo=zone) + dt.timedelta(microseconds=int(here.arrived_us[caller]))
        phone = Phone(loaded.flow, moment)
        phone.dial()
        for event in read_keys(plan):
            if not phone.ended:
                phone.send(fits(phone.waits, event))
        path = [(node, outcome) for node, outcome in phone.path if node in listening and outcome != "hung_up"]
        assert path[: len(expected[caller])] == expected[caller], plan
