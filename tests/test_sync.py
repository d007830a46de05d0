"""A clinic's copy over the years: corrections never meet its files, its runs tell it what to do, and it needs no GitHub."""

import datetime
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from conftest import CLINICS, ROOT, build, copy

from guide.check import notices
from guide.clinic import file

CLINICS_OWN = ("clinic.yml", "clinic/notes/prepare.md", "clinic/pages/our-rooms.md", "clinic/logo.svg")
OVERDUE = CLINICS / "overdue-review.yml"


def git(folder, *arguments):
    env = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@b.org",
           "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@b.org"}
    run = subprocess.run(["git", *arguments], cwd=folder, env=env, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def the_project(folder):
    """Every file of the project, as a clinic gets it, copied to `folder`."""
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(".git", ".venv", "site", "__pycache__", ".cache", ".pytest_cache", ".hypothesis", "clinic.yml"))
    shutil.rmtree(folder / "clinic", ignore_errors=True)
    return folder


@pytest.fixture(scope="module")
def years(tmp_path_factory):
    """A fork that has its own files, after the project changed each of its own files and the fork took that in."""
    home = tmp_path_factory.mktemp("years")
    project, fork = the_project(home / "project"), home / "fork"
    git(project, "init", "-q", "-b", "main")
    git(project, "add", "-A")
    git(project, "commit", "-q", "-m", "The project")
    git(home, "clone", "-q", str(project), str(fork))
    shutil.copytree(CLINICS.parent / "own", fork / "clinic")
    shutil.copy(CLINICS / "england-infusions.yml", fork / "clinic.yml")
    git(fork, "add", "-A")
    git(fork, "commit", "-q", "-m", "Our details")
    before = {name: (fork / name).read_bytes() for name in CLINICS_OWN}
    for year in (1, 2):
        for name in git(project, "ls-files", "-z").split("\0")[:-1]:
            (project / name).write_bytes((project / name).read_bytes() + b"\n" * year)
        (project / "docs" / "en" / f"year-{year}.yml").write_text("x: 1\n", "utf-8")
        git(project, "mv", "LICENSE", f"LICENSE-{year}") if year == 1 else git(project, "rm", "-qf", "LICENSE-1")
        git(project, "add", "-A")
        git(project, "commit", "-q", "-m", f"Corrections of year {year}")
        git(fork, "pull", "-q", "--no-rebase", "--no-edit", "origin", "main")
    return project, fork, before


def test_corrections_never_meet_the_clinics_files(years):
    """The project changes, renames and deletes its files for years; the fork merges without a conflict and its files are untouched."""
    project, fork, before = years
    assert git(fork, "status", "--porcelain") == ""
    assert {name: (fork / name).read_bytes() for name in CLINICS_OWN} == before
    assert git(fork, "diff", "--name-only", "origin/main", "HEAD").split() == sorted(
        name for name in git(fork, "ls-files").split("\n") if name.split("/")[0] in ("clinic", "clinic.yml"))


def test_a_merged_fork_still_builds(years):
    """After the merges the clinic's site is built from its own details."""
    built = build(years[1], sheets=False)
    assert built.code == 0, built.output
    assert "Thornfield Square" in (built.site / "index.html").read_text("utf-8") and (built.site / "more" / "our-rooms").exists()


def test_the_project_never_tracks_what_is_a_clinics():
    """Neither clinic.yml nor the folder clinic/ is in the project, so no update can bring one into a copy."""
    if not (ROOT / ".git").exists():
        pytest.skip("a plain folder tracks nothing")
    if (ROOT / "clinic.yml").exists():
        pytest.skip("this is a clinic's own copy")
    listed = subprocess.run(["git", "ls-files", "clinic.yml", "clinic"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert listed.stdout == ""


def test_a_plain_folder_without_git_or_github_builds(tmp_path):
    """A copy from a template or a download needs no git, no GitHub and no address; pages link to each other all the same."""
    folder = copy(tmp_path / "plain")
    shutil.copytree(CLINICS.parent / "own", folder / "clinic")
    shutil.copy(CLINICS / "england-infusions.yml", folder / "clinic.yml")
    assert not [path for path in [folder, *folder.parents] if (path / ".git").exists()]
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "GIT_"))}
    run = subprocess.run([sys.executable, "-m", "mkdocs", "build", "--strict"], cwd=folder, capture_output=True, text=True,
                         env={**bare, "PATH": str(Path(sys.executable).parent), "NO_SHEETS": "1", "NO_MKDOCS_2_WARNING": "1", "SITE_URL": ""})
    assert run.returncode == 0, run.stdout + run.stderr
    assert 'href="../clinic.vcf"' in (folder / "site" / "prepare" / "index.html").read_text("utf-8")


# ---- what a run tells ---------------------------------------------------------------------------------------------

def check(folder, **env):
    """`python -m guide.check` as the workflow runs it: exit code, what it printed, what it wrote on the run's page."""
    page = folder / "summary.md"
    run = subprocess.run([sys.executable, "-m", "guide.check"], cwd=folder, capture_output=True, text=True, env={
        **os.environ, "GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(page), "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_REPOSITORY": "hill/guide", "GITHUB_REF_NAME": "main", "GITHUB_HEAD_REF": "", "PYTHONDONTWRITEBYTECODE": "1", **env})
    assert "Traceback" not in run.stderr, run.stderr
    return run.returncode, run.stdout, page.read_text("utf-8") if page.exists() else ""


def test_a_copy_without_clinic_yml_is_told_how_to_begin(project):
    """The run is green, and it and its page say what to do next, with a link that begins the file."""
    code, printed, page = check(project)
    assert code == 0
    assert "::notice title=Make this guide yours::" in printed
    for told in (printed, page):
        assert "https://github.com/hill/guide/new/main?filename=clinic.yml" in told


def test_an_overdue_check_is_a_warning_on_its_line(project):
    """Past review.next the run says so on that line, and publishes."""
    shutil.copy(OVERDUE, project / "clinic.yml")
    line = next(n for n, text in enumerate(OVERDUE.read_text("utf-8").splitlines(), 1) if "next:" in text)
    code, printed, page = check(project)
    assert code == 0
    assert f"::warning file=clinic.yml,line={line},col=" in printed and "overdue" in printed
    assert f"https://github.com/hill/guide/edit/main/clinic.yml#L{line}" in page


def test_mistakes_and_words_of_notes_are_told_in_their_file(project):
    """A mistake in a note is an error on its own file and line; a word of the lists is a warning and stops nothing."""
    shutil.copy(CLINICS / "minimal.yml", project / "clinic.yml")
    note = project / "clinic" / "notes" / "prepare.md"
    note.parent.mkdir(parents=True)
    note.write_text("Hello\nYour journey\n", "utf-8")
    code, printed, page = check(project)
    assert code == 0 and "::warning file=clinic/notes/prepare.md,line=2,col=6,title=Clinic details::“journey”" in printed
    note.rename(note.with_name("prepear.md"))
    code, printed, page = check(project)
    assert code == 1 and "::error file=clinic/notes/prepear.md,line=1,col=1,title=Clinic details::the guide has no page" in printed
    assert "[clinic/notes/prepear.md, line 1](https://github.com/hill/guide/edit/main/clinic/notes/prepear.md#L1)" in page


PUBLISH = yaml.safe_load((ROOT / ".github" / "workflows" / "publish.yml").read_text("utf-8"))
STEP = next(step for step in PUBLISH["jobs"]["build"]["steps"] if "corrections" in step.get("name", ""))
ANSWERS = {
    "behind": ('case $2 in *compare/main...project:trunk) echo 7;; *) echo project:trunk;; esac', "Corrections are waiting::The project has made changes that your copy does not have yet (7). Open https://github.com/hill/guide"),
    "level": ('case $2 in *compare*) echo 0;; *) echo project:trunk;; esac', ""),
    "no parent": ('case $2 in *compare*) echo "{\\"message\\": \\"Not Found\\"}"; exit 1;; *) echo :;; esac', ""),
    "no answer": ('echo "gh: could not connect" >&2; exit 4', ""),
    "nonsense": ('echo "::error::x"', ""),
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_fork_that_has_fallen_behind_is_told_by_its_own_run(tmp_path, answer):
    """The step asks GitHub once for the project and once for the difference; whatever comes back, it ends well."""
    script, told = ANSWERS[answer]
    (tmp_path / "gh").write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    (tmp_path / "gh").chmod(0o755)
    run = subprocess.run(["bash", "-e", "-c", STEP["run"]], capture_output=True, text=True, env={
        "PATH": f"{tmp_path}:{os.environ['PATH']}", "GITHUB_REPOSITORY": "hill/guide", "GITHUB_REF_NAME": "main", "COPY": "https://github.com/hill/guide"})
    assert run.returncode == 0, run.stderr
    assert run.stdout == "" if not told else told in run.stdout and run.stdout.startswith("::notice title=")


def test_that_step_can_never_stop_a_build():
    """It runs only in a fork, may fail, and may only read."""
    assert STEP["continue-on-error"] is True and "github.event.repository.fork" in STEP["if"]
    assert set(PUBLISH["jobs"]["build"]["permissions"].values()) == {"read"}


# ---- renamed keys -------------------------------------------------------------------------------------------------

TODAY = datetime.date(2026, 11, 22)
RENAMED = {"visit.alarm": ("visit.stop_signal", TODAY), "e_mail": ("email", TODAY), "locations[].garage": ("locations[].parking", TODAY),
           "end_of_visit": ("going_home", TODAY), "alcohol": ("going_home.no_alcohol_hours", TODAY)}


@pytest.fixture
def written_long_ago(tmp_path):
    """A right clinic.yml with keys that have other names today."""
    text = (CLINICS / "minimal.yml").read_text("utf-8")
    data = yaml.load(text, yaml.BaseLoader)
    data["visit"]["alarm"], data["e_mail"], data["alcohol"] = "wave", "office@thornfieldsquare.co.uk", "48"
    data["locations"][0]["garage"] = "Behind the house"
    path = tmp_path / "clinic.yml"
    path.write_text(json.dumps(data, indent=1), "utf-8")
    return path


def test_a_renamed_key_works_for_a_year_with_a_notice(written_long_ago, monkeypatch):
    """The value is read under its new name, wherever that is, and the notice stands on the old key's line."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795305600")
    clinic, problems = file.read(written_long_ago, RENAMED)
    assert problems == []
    assert (clinic.visit.stop_signal, clinic.email, clinic.locations[0].parking, clinic.going_home.no_alcohol_hours) == (
        "wave", "office@thornfieldsquare.co.uk", "Behind the house", 48)
    lines = written_long_ago.read_text("utf-8").splitlines()
    told = notices.of(written_long_ago, clinic, RENAMED)
    assert {notice.key: notice.message for notice in told} == {"visit.alarm": "is called visit.stop_signal now", "e_mail": "is called email now",
                                                               "locations[0].garage": "is called locations[].parking now", "alcohol": "is called going_home.no_alcohol_hours now"}
    assert all(notice.key.rpartition(".")[2] in lines[notice.line - 1] for notice in told)
    assert "until 2027-11-22" in told[0].hint


def test_after_a_year_a_renamed_key_is_unknown(written_long_ago, monkeypatch):
    """The old name is then a problem like any other key that the guide does not know."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(1795305600 + 366 * 86400))
    clinic, problems = file.read(written_long_ago, RENAMED)
    assert clinic is None and {problem.key for problem in problems} == {"visit.alarm", "e_mail", "alcohol", "locations[0].garage"}


def test_a_key_under_both_names_is_a_problem(written_long_ago, monkeypatch):
    """Two answers to one question are never settled silently."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795305600")
    data = json.loads(written_long_ago.read_text("utf-8"))
    data["email"] = "other@thornfieldsquare.co.uk"
    written_long_ago.write_text(json.dumps(data, indent=1), "utf-8")
    assert [problem.key for problem in file.read(written_long_ago, RENAMED)[1]] == ["e_mail"]
