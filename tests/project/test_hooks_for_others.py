"""What this project offers to others through pre-commit: `ivr lint` on their flows."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from ivr.__main__ import main
from tests.support.paths import ROOT

(HOOK,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
FLOW = "ivr: 1\nname: Line\nstart: {start}\nnodes:\n  bye: {{type: hangup, say: Goodbye.}}\n"


@pytest.mark.parametrize(("start", "code"), [("bye", 0), ("by", 1)])
def test_the_hook_lints_the_files_that_it_is_given(start: str, code: int, tmp_path: Path) -> None:
    (tmp_path / "line.yaml").write_text(FLOW.format(start=start), "utf-8")
    assert (HOOK["id"], HOOK["language"], HOOK["types"]) == ("ivr-lint", "python", ["yaml"])
    command, *arguments = HOOK["entry"].split()
    assert command == "ivr"
    assert main([*arguments, str(tmp_path / "line.yaml")]) == code
