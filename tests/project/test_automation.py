"""Workflows, forms and hooks: GitHub understands them, and the workflow offered to others does what it says."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from check_jsonschema.builtin_schemas import get_builtin_schema

from tests.support.paths import ROOT

PAGE = (ROOT / "docs" / "automation.md").read_text("utf-8")
OFFERED = re.findall(r"\*\*`lines.yml`\*\*\n\n```yaml\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)[0]
FORMS = ROOT / ".github" / "ISSUE_TEMPLATE"


def as_github_reads(text: str) -> Any:
    """YAML in which `on` is a word, as in JSON: GitHub's reader knows no other truth values than true and false."""
    return json.loads(json.dumps(yaml.safe_load(re.sub(r"^on:", '"on":', text, flags=re.MULTILINE))))


def mistakes(text: str, schema: str) -> list[str]:
    rules = get_builtin_schema(schema)
    return [
        error.message for error in jsonschema.validators.validator_for(rules)(rules).iter_errors(as_github_reads(text))
    ]


@pytest.mark.parametrize("text", [OFFERED, (ROOT / ".github" / "workflows" / "test.yml").read_text("utf-8")])
def test_workflows_are_sound(text: str) -> None:
    assert mistakes(text, "vendor.github-workflows") == []
    assert mistakes(text, "custom.github-workflows-require-timeout") == []
    used = re.findall(r"uses: (\S+)", text)
    assert [action for action in used if not re.fullmatch(r"(actions|github)/[\w/-]+@v\d+", action)] == []
    assert as_github_reads(text)["permissions"] == {"contents": "read"}


def test_a_workflow_can_be_unsound() -> None:
    assert mistakes(OFFERED.replace("runs-on: ubuntu-latest", "run-on: ubuntu-latest"), "vendor.github-workflows")


@pytest.mark.parametrize("form", ["bug.yml", "feature.yml"])
def test_forms_are_sound(form: str) -> None:
    assert mistakes((FORMS / form).read_text("utf-8"), "vendor.github-issue-forms") == []


def test_the_choice_of_forms_is_sound() -> None:
    assert mistakes((FORMS / "config.yml").read_text("utf-8"), "vendor.github-issue-config") == []


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of somebody else's, with two lines of which one has a call script and a scenario."""
    lines = tmp_path / "lines"
    lines.mkdir()
    for name in ("power_outage.yaml", "power_outage.calls", "power_outage.scenario.yaml", "northwind.yaml"):
        shutil.copy(ROOT / "flows" / "library" / name, lines)
    tool = tmp_path / "bin" / "ivr"
    tool.parent.mkdir()
    tool.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m ivr "$@"\n', "utf-8")
    tool.chmod(0o755)
    return tmp_path


def steps(project: Path) -> dict[str, int]:
    """Run the steps of the offered workflow that are commands, as GitHub does: their exit codes."""
    (job,) = as_github_reads(OFFERED)["jobs"].values()
    environment = {**os.environ, "PATH": f"{project / 'bin'}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    return {
        step["name"]: subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]],
            cwd=project,
            env=environment,
            capture_output=True,
            timeout=120,
        ).returncode
        for step in job["steps"]
        if "run" in step and step["name"] != "Install"
    }


def test_the_offered_workflow_checks_plays_and_draws(project: Path) -> None:
    assert steps(project) == {"Check the flows": 0, "Play the call scripts": 0, "Draw the lines": 0}
    log = json.loads((project / "findings.sarif").read_text("utf-8"))
    assert log["runs"][0]["results"] == []
    drawn = {file.name: file.read_text("utf-8")[:5] for file in (project / "drawings").iterdir()}
    assert drawn == {"northwind.svg": "<svg ", "power_outage.svg": "<svg "}


def test_the_offered_workflow_fails_where_it_should(project: Path) -> None:
    flow = project / "lines" / "power_outage.yaml"
    flow.write_text(re.sub(r"^start: .*", "start: nowhere", flow.read_text("utf-8"), flags=re.MULTILINE), "utf-8")
    done = steps(project)
    assert (done["Check the flows"], done["Play the call scripts"]) == (1, 1)
    results = json.loads((project / "findings.sarif").read_text("utf-8"))["runs"][0]["results"]
    where = {(one["ruleId"], one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]) for one in results}
    assert ("S001", "lines/power_outage.yaml") in where
