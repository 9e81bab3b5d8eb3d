"""A desk whose settings are missing or wrong: each is told with what to set."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.source.finding import IvrError
from tests.support.small_shop import AGENTS, LINE
from webhooks.service.app import create_app
from webhooks.settings.config import Config
from webhooks.wsgi import config_from

GOOD = {
    "IVR_FLOW": "northwind",
    "IVR_PUBLIC_URL": "https://ivr.example.com",
    "TWILIO_AUTH_TOKEN": "12345",
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "IVR_CALLS_FROM": "+14155550100",
    "IVR_DATABASE_URL": "calls.sqlite",
    "IVR_DESK": "1",
}


def test_good_settings_make_a_desk() -> None:
    config = config_from(GOOD | {"IVR_AGENTS": "night.agents.yaml"})
    assert (config.desk, config.agents_file) == (True, Path("night.agents.yaml"))
    assert not config_from({name: text for name, text in GOOD.items() if name != "IVR_DESK"}).desk


@pytest.mark.parametrize(
    ("name", "text", "message", "hint"),
    [
        ("IVR_DATABASE_URL", "", "a desk without a database", "set IVR_DATABASE_URL"),
        ("IVR_PUBLIC_URL", "http://ivr.example.com", "would send passwords in the clear", "put a proxy with TLS"),
        ("TWILIO_ACCOUNT_SID", "", "agents cannot be called", "set TWILIO_ACCOUNT_SID"),
        ("IVR_CALLS_FROM", "", "no number to call them from", "set IVR_CALLS_FROM"),
        ("IVR_DESK", "maybe", "neither yes nor no", "write IVR_DESK=1"),
    ],
)
def test_each_wrong_setting_is_told(name: str, text: str, message: str, hint: str) -> None:
    with pytest.raises(IvrError) as told:
        config_from(GOOD | {name: text})
    (finding,) = told.value.findings
    assert message in finding.message
    assert finding.hint.startswith(hint)


def test_everything_that_is_wrong_is_told_at_once() -> None:
    wrong = {"IVR_DATABASE_URL": "", "IVR_PUBLIC_URL": "http://ivr.example.com", "TWILIO_ACCOUNT_SID": ""}
    with pytest.raises(IvrError) as told:
        config_from(GOOD | wrong)
    assert len(told.value.findings) == 3


def test_a_desk_needs_people(tmp_path: Path) -> None:
    (tmp_path / "shop.yaml").write_text(LINE, "utf-8")
    from flows.model.load import load

    flow = load(str(tmp_path / "shop.yaml")).flow
    config = Config(
        flow=flow,
        flow_files=(str(tmp_path / "shop.yaml"),),
        development=True,
        desk=True,
        database=str(tmp_path / "c.db"),
    )
    with pytest.raises(IvrError, match="nobody answers Shop"):
        create_app(config)
    (tmp_path / "shop.agents.yaml").write_text(AGENTS, "utf-8")
    app = create_app(config)
    assert app.test_client().get("/desk/sign-in", base_url="http://127.0.0.1").status_code == 200
    app.extensions["ivr"]["store"].close()
