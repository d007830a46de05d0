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


def git(folder, *arguments, env=None):
    env = {**os.environ, **(env or {}), "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@b.org",
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
    assert 'href="clinic.vcf"' in (folder / "site" / "index.html").read_text("utf-8")


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
    assert "You wrote: `Hello`" in page and "[Change line 1 of clinic/notes/prepear.md](https://github.com/hill/guide/edit/main/clinic/notes/prepear.md#L1)" in page


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
    page = tmp_path / "summary.md"
    run = subprocess.run(["bash", "-e", "-c", STEP["run"]], capture_output=True, text=True, env={
        "PATH": f"{tmp_path}:{os.environ['PATH']}", "GITHUB_REPOSITORY": "hill/guide", "GITHUB_REF_NAME": "main", "COPY": "https://github.com/hill/guide", "GITHUB_STEP_SUMMARY": str(page)})
    assert run.returncode == 0, run.stderr
    assert run.stdout == "" if not told else told in run.stdout and run.stdout.startswith("::notice title=")
    assert page.exists() == bool(told) and (not told or "## Corrections are waiting" in page.read_text("utf-8"))


def test_that_step_can_never_stop_a_build():
    """It runs only in a fork, may fail, and may only read."""
    assert STEP["continue-on-error"] is True and "github.event.repository.fork" in STEP["if"]
    assert set(PUBLISH["jobs"]["build"]["permissions"].values()) == {"read"}


# ---- what changed since the review --------------------------------------------------------------------------------

REVIEW = "review: {by: Dr. Ada Wren, role: Psychiatrist, on: 2026-06-01, next: 2027-05-30}\n"
SITE_SETTINGS = {"NO_SHEETS": "1", "NO_MKDOCS_2_WARNING": "1", "SOURCE_DATE_EPOCH": "1795305600", "SITE_URL": "https://hill.github.io/guide/"}


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory):
    """A copy that was reviewed on 1 June, and took a correction of a rule on 1 September."""
    folder = the_project(tmp_path_factory.mktemp("reviewed") / "copy")
    (folder / "clinic.yml").write_text((CLINICS / "minimal.yml").read_text("utf-8") + REVIEW, "utf-8")
    git(folder, "init", "-q", "-b", "main")
    rules = folder / "docs" / "en" / "rules.yml"
    for day, change in (("2026-06-01", None), ("2026-09-01", (": no alcohol from 24 hours before", ": no alcohol from 36 hours before"))):
        if change:
            assert change[0] in (text := rules.read_text("utf-8"))
            rules.write_text(text.replace(*change), "utf-8")
        git(folder, "add", "-A")
        git(folder, "commit", "-q", "-m", day, env={"GIT_COMMITTER_DATE": f"{day}T12:00:00Z", "GIT_AUTHOR_DATE": f"{day}T12:00:00Z"})
    run = subprocess.run([sys.executable, "-m", "mkdocs", "build", "--quiet"], cwd=folder, capture_output=True, text=True, env={**os.environ, **SITE_SETTINGS})
    assert run.returncode == 0, run.stdout + run.stderr
    return folder


def green(folder, **env):
    """The page of the run that looks at the built site."""
    page = folder / ".green.md"
    page.unlink(missing_ok=True)
    run = subprocess.run([sys.executable, "-m", "guide.check", "--site", "site"], cwd=folder, capture_output=True, text=True,
                         env={**os.environ, **SITE_SETTINGS, "GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(page), **env})
    assert run.returncode == 0, run.stdout + run.stderr
    return page.read_text("utf-8")


def test_after_a_correction_the_run_says_what_patients_read_otherwise(reviewed):
    """The rule stands there with both readings, since whose check it is, with the pages and the sheets that carry it; nothing else is said to have changed."""
    page = green(reviewed)
    assert "### What patients read otherwise since Dr. Ada Wren’s check on 2026-06-01" in page
    told = [line for line in page.split("### What patients read otherwise")[1].splitlines() if line.startswith("- ")]
    assert len(told) == 1 and told[0].startswith("- **Rule “alcohol”**: now “") and "36 hours before" in told[0] and "24 hours before" in told[0].partition("Before:")[2]
    assert "**Print again: Handout" in page
    assert "Pages with other words: " in page and "Costs and rights" not in page


def test_what_the_clinic_itself_changed_since_the_check_is_told_too(reviewed):
    """A clinician has not seen a setting that was changed after the check, whoever changed it."""
    own = reviewed / "clinic.yml"
    before = own.read_bytes()
    own.write_text(before.decode() + "going_home: {no_decisions_hours: 48}\n", "utf-8")
    try:
        assert "**Rule “decide”**: now " in green(reviewed)
    finally:
        own.write_bytes(before)


def test_a_guide_that_no_longer_runs_is_no_reason_to_say_nothing(reviewed, tmp_path):
    """Where the guide of that day cannot be asked, or is not there, the clinician is to read all rules again, and all sheets are printed again."""
    lost = shutil.copytree(reviewed, tmp_path / "lost")
    shutil.rmtree(lost / ".git")
    git(lost, "init", "-q", "-b", "main")
    (lost / "guide" / "edition.py").rename(lost / "kept.py")
    git(lost, "add", "-A")
    git(lost, "commit", "-q", "-m", "Broken", env={"GIT_COMMITTER_DATE": "2026-05-01T12:00:00Z"})
    (lost / "kept.py").rename(lost / "guide" / "edition.py")
    assert "Have your clinician read the rules and signs again." in (page := green(lost)) and "**Print again: Handout, Companion sheet**" in page
    git(lost, "commit", "-q", "--amend", "-m", "Later", "--reset-author", env={"GIT_COMMITTER_DATE": "2026-08-01T12:00:00Z"})
    assert "Nobody can say: the guide of that day is not in this copy" in green(lost)
    shutil.rmtree(lost / ".git")
    assert "What patients read otherwise" not in green(lost)


def test_a_thin_copy_reads_the_history_of_the_guide_it_calls(reviewed, tmp_path):
    """Where the clinic's repository holds only its own files, the project's clone says what the guide said that day."""
    thin = shutil.copytree(reviewed, tmp_path / "thin", ignore=shutil.ignore_patterns(".git"))
    git(thin, "init", "-q", "-b", "main")
    git(thin, "add", "clinic.yml")
    git(thin, "commit", "-q", "-m", "Our details")
    page = thin / ".green.md"
    run = subprocess.run([sys.executable, "-m", "guide.check", "--site", "site", "--history", str(reviewed)], cwd=thin, capture_output=True, text=True,
                         env={**os.environ, **SITE_SETTINGS, "GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(page)})
    assert run.returncode == 0, run.stdout + run.stderr
    assert "**Rule “alcohol”**: now “" in page.read_text("utf-8")


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
