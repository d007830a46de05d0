"""The workflows are pinned, ask for little, and run what people run."""

import re
import subprocess
import sys
from pathlib import Path

import yaml
from conftest import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def test_zizmor_finds_nothing():
    """The strictest persona of the workflow checker has no finding."""
    run = subprocess.run([str(Path(sys.executable).parent / "zizmor"), "--offline", "--persona", "pedantic", ".github"],
                         cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr


def test_every_action_is_pinned_by_commit():
    """Each action is named by its commit, with its version beside it."""
    used = [line for path in WORKFLOWS for line in path.read_text("utf-8").splitlines() if re.match(r"\s*(- )?uses:", line)]
    assert used
    assert [line for line in used if not re.search(r"@[0-9a-f]{40} # v\d", line)] == []


def test_nothing_is_allowed_that_a_job_does_not_ask_for():
    """Permissions start empty, and only the job that publishes may write."""
    for path in WORKFLOWS:
        flow = yaml.safe_load(path.read_text("utf-8"))
        assert flow["permissions"] == {}
        for name, job in flow["jobs"].items():
            writes = {key for key, value in job["permissions"].items() if value == "write"}
            assert writes <= ({"pages", "id-token"} if name == "deploy" else set())


def test_a_pull_request_publishes_nothing():
    """The job that deploys does not run for a pull request, and needs the job that checks."""
    jobs = yaml.safe_load((ROOT / ".github" / "workflows" / "publish.yml").read_text("utf-8"))["jobs"]
    assert jobs["deploy"]["if"] == "github.event_name != 'pull_request'"
    assert jobs["deploy"]["needs"] == "build"
    assert [step for step in jobs["build"]["steps"] if "guide.check" in step.get("run", "")]
