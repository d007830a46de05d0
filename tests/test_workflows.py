"""The workflows are pinned, ask for little, and run what people run."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
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


# ---- thin copies, groups, and the settings of Pages ---------------------------------------------------------------

PUBLISH = yaml.safe_load((ROOT / ".github" / "workflows" / "publish.yml").read_text("utf-8"))
BUILD, README = PUBLISH["jobs"]["build"], (ROOT / "README.md").read_text("utf-8")
STEPS = {step.get("name", step.get("uses", "").partition("@")[0]): step for step in BUILD["steps"]}
THIN = re.search(r"```yaml\n(name: Publish\n.*?)```", README, re.DOTALL)[1]


def ran(step, folder, **env):
    """(exit code, what was printed, {output: value}) of a step's script in a folder."""
    given = folder / "output.txt"
    given.unlink(missing_ok=True)
    run = subprocess.run(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", STEPS[step]["run"]], cwd=folder, capture_output=True, text=True,
                         env={"PATH": os.environ["PATH"], "GITHUB_OUTPUT": str(given), **env})
    said = given.read_text("utf-8").split("\n") if given.exists() else []
    return run.returncode, run.stdout + run.stderr, dict(line.partition("=")[::2] for line in said if line)


def test_a_thin_copys_workflow_is_a_dozen_lines_and_gives_what_the_guide_asks():
    """What the README tells people to paste calls the publishing workflow, and grants all that its jobs ask for and no more."""
    flow = yaml.safe_load(THIN)
    (job,) = flow["jobs"].values()
    assert len(THIN.strip().splitlines()) <= 14 and flow["permissions"] == {}
    asked = {}
    for inner in PUBLISH["jobs"].values():
        asked |= {key: value for key, value in inner["permissions"].items() if asked.get(key) != "write"}
    assert job["permissions"] == asked
    assert "workflow_call" in PUBLISH[True] and job["uses"].endswith("/.github/workflows/publish.yml@v1")


@pytest.mark.parametrize(("line", "found"), [
    ("    uses: hill/ketamine-guide/.github/workflows/publish.yml@v1", {"repository": "hill/ketamine-guide", "ref": "v1"}),
    (f"    uses: \"hill/my.guide/.github/workflows/publish.yml@{'a' * 40}\" # v1.2.3", {"repository": "hill/my.guide", "ref": "a" * 40}),
    ("    # uses: hill/ketamine-guide/.github/workflows/publish.yml@v1", None),
    ("    uses: hill/ketamine-guide/.github/workflows/other.yml@v1", None),
])
def test_a_thin_copy_names_the_guide_in_one_place(tmp_path, line, found):
    """Address and version are read from the line that calls the workflow, also where Dependabot pinned it; without such a line the run says so."""
    path = tmp_path / ".github" / "workflows" / "publish.yml"
    path.parent.mkdir(parents=True)
    path.write_text(re.sub(r"^ *uses: .*$", lambda _: line, THIN, flags=re.MULTILINE), "utf-8")
    code, printed, outputs = ran("Find the guide that a thin copy calls", tmp_path, CALLER="elm/our-guide/.github/workflows/publish.yml@refs/heads/main")
    assert (code, outputs) == ((0, found) if found else (1, {}))
    assert found or printed.startswith("::error title=No guide::.github/workflows/publish.yml does not say")


def test_the_guide_is_laid_beside_a_thin_copys_files(tmp_path):
    """The clinic's files, its git and its workflows stay; the project's files come, and its clone lies where its history is looked for."""
    copy, temp = tmp_path / "copy", tmp_path / "temp"
    for name, text in {"clinic.yml": "ours", ".git/config": "ours", ".github/workflows/publish.yml": "ours", "README.md": "ours", ".guide/README.md": "theirs",
                       ".guide/guide/x.py": "theirs", ".guide/.git/config": "theirs", ".guide/.github/workflows/publish.yml": "theirs", ".guide/mkdocs.yml": "theirs"}.items():
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_text(text, "utf-8")
    temp.mkdir()
    assert ran("Lay it beside the clinic's files", copy, RUNNER_TEMP=str(temp))[:2] == (0, "")
    said = {name: (copy / name).read_text("utf-8") for name in ("clinic.yml", ".git/config", ".github/workflows/publish.yml", "mkdocs.yml", "guide/x.py")}
    assert said == {"clinic.yml": "ours", ".git/config": "ours", ".github/workflows/publish.yml": "ours", "mkdocs.yml": "theirs", "guide/x.py": "theirs"}
    assert not (copy / ".guide").exists() and (temp / "guide" / ".git" / "config").exists()
    assert '"$RUNNER_TEMP/guide"' in STEPS["Check the built site"]["run"]


@pytest.mark.parametrize(("files", "group"), [
    ([], False), (["clinic.yml"], False), (["clinics/north.yml"], True), (["clinic.yml", "clinics/north.yml"], False), (["clinics/README.md"], False)])
def test_one_clinic_or_a_group_is_seen_from_the_files(tmp_path, files, group):
    """Only clinics/*.yml without a clinic.yml is a group; one clinic is as it always was."""
    for name in files:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert ran("One clinic, or a group", tmp_path) == (0, "", {"here": "true"} if group else {})
    own = [name for name, step in STEPS.items() if "steps.group.outputs.here" in str(step.get("if"))]
    assert own == ["Check the clinic's details", "Build", "Check the built site", "Take the group's sites of the last run", "Build the group's clinics"]


@pytest.mark.parametrize(("code", "ends", "refused"), [(0, 0, False), (3, 0, True), (1, 1, False)])
def test_a_refused_clinic_lets_the_others_out_and_ends_red(tmp_path, code, ends, refused):
    """3 is told to the jobs that follow: the site is published, then the last job fails; anything else stops the run."""
    (tmp_path / "python").write_text(f"#!/bin/sh\nexit {code}\n", "utf-8")
    (tmp_path / "python").chmod(0o755)
    found = ran("Build the group's clinics", tmp_path, PATH=f"{tmp_path}:{os.environ['PATH']}")
    assert (found[0], found[2]) == (ends, {"refused": "true"} if refused else {})
    assert "needs.build.outputs.refused == 'true'" in PUBLISH["jobs"]["refused"]["if"] and PUBLISH["jobs"]["refused"]["needs"] == ["build", "deploy"]


@pytest.mark.parametrize(("found", "private", "kind", "state"), [
    ("success", "false", "workflow", ""), ("success", "false", "legacy", "branch"), ("failure", "false", "", "off"), ("failure", "true", "", "private"), ("success", "false", None, "")])
def test_what_is_wrong_with_pages_is_known_before_the_check(tmp_path, found, private, kind, state):
    """Off, private and “Deploy from a branch” are found out by asking GitHub; where it does not answer, nothing is said. The check comes after."""
    (tmp_path / "gh").write_text("#!/bin/sh\nexit 4\n" if kind is None else f"#!/bin/sh\necho {kind}\n", "utf-8")
    (tmp_path / "gh").chmod(0o755)
    assert ran("Look at the setting of Pages", tmp_path, PATH=f"{tmp_path}:{os.environ['PATH']}", FOUND=found, PRIVATE=private, GITHUB_REPOSITORY="hill/guide") == (0, "", {"pages": state})
    order = list(STEPS)
    assert order.index("Look at the setting of Pages") < order.index("Check the clinic's details") and STEPS["Find the site's address"]["continue-on-error"] is True
    for name in ("Check the clinic's details", "Build the group's clinics"):
        assert STEPS[name]["env"]["PAGES"] == "${{ steps.setting.outputs.pages }}"
