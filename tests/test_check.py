"""`python -m guide.check` and the build, run as people and workflows run them."""

import os
import re
import shutil
import subprocess
import sys
from types import SimpleNamespace

import pytest
from conftest import CLINICS, EPOCH, ROOT, build

from guide.check import report
from guide.clinic.problems import Problem

BAD = CLINICS.parent / "bad"


def run(*arguments, cwd=ROOT, **env):
    """The exit code and the lines that the check prints; `env` is added to a terminal's environment."""
    terminal = {name: value for name, value in os.environ.items() if not name.startswith("GITHUB_")}
    made = subprocess.run([sys.executable, "-m", "guide.check", *map(str, arguments)], cwd=cwd, capture_output=True,
                          env={**terminal, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "SOURCE_DATE_EPOCH": EPOCH, **env})
    return SimpleNamespace(code=made.returncode, out=made.stdout.decode("utf-8").splitlines(), err=made.stderr.decode("utf-8"))


def golden(name):
    """The lines that belong to a bad file."""
    return (BAD / f"{name}.txt").read_text("utf-8").splitlines()


def test_a_good_file_ends_with_0_and_one_line():
    """The clinic is named, so that the office manager sees which file was looked at."""
    checked = run(CLINICS / "minimal.yml")
    assert (checked.code, checked.out, checked.err) == (0, ["tests/clinics/good/minimal.yml: right, for Elm."], "")


@pytest.mark.parametrize("name", ["many-faults", "anchor-bomb", "a-picture", "hidden-character-as-a-code"])
def test_a_bad_file_ends_with_1_and_its_problems(name):
    """Each problem is one line, file:line:column: what is wrong [what to write]; nothing else is printed."""
    checked = run(BAD / f"{name}.yml")
    assert (checked.code, checked.err) == (1, "")
    assert checked.out == [f"tests/clinics/bad/{name}.yml:{line}" for line in golden(name)]


def test_a_file_that_is_not_there_is_told():
    """A wrong path is a problem like any other."""
    checked = run("nothing.yml")
    assert (checked.code, checked.err) == (1, "")
    assert checked.out == ["nothing.yml:1:1: this file cannot be opened (No such file or directory) [Create it from clinic.example.yml.]"]


def test_a_console_that_knows_few_letters_is_no_trouble():
    """On a console of Windows the lines come out, with codes for the letters that it lacks."""
    good = run(CLINICS / "new-zealand.yml", PYTHONUTF8="0", PYTHONIOENCODING="cp1252")
    assert (good.code, good.out, good.err) == (0, ["tests/clinics/good/new-zealand.yml: right, for K\\u014dwhai Terrace Ketamine Clinic."], "")


@pytest.mark.parametrize("name", ["clinic.yaml", "Clinic.yml", "clinic.yml.txt", "clinic (1).yml", "clinic copy 2.yml", "clinic - Copy.yml", "Copy of clinic.yml", "my_clinic.yml", "clinic.example copy.yml", "clinic.txt", "clinic/clinic.yml"])
def test_a_clinics_file_under_another_name_stops_everything(project, name):
    """Nobody wonders why the sample clinic is still there: the name is told, and nothing is built."""
    (project / name).parent.mkdir(exist_ok=True)
    shutil.copy(CLINICS / "minimal.yml", project / name)
    checked = run(cwd=project, PYTHONPATH=str(project))
    assert checked.code == 1
    assert re.fullmatch(rf"{re.escape(name)}:1:1: the guide does not read .* \[(Rename|Move) it .*clinic\.yml.*\]", checked.out[0]), checked.out
    built = build(project, sheets=False)
    assert built.code != 0 and "the guide does not read" in built.output


def test_without_a_path_the_sample_is_checked_until_there_is_a_clinic(project):
    """`make check` looks at clinic.yml as soon as there is one."""
    own = {"cwd": project, "PYTHONPATH": str(project)}
    assert run(**own).out == ["clinic.example.yml: right, for Orchard Row Ketamine Clinic."]
    shutil.copy(CLINICS / "minimal.yml", project / "clinic.yml")
    assert run(**own).out == ["clinic.yml: right, for Elm."]
    (project / "clinic.yml").write_text("", "utf-8")
    assert run(**own).out == [f"clinic.yml:{line}" for line in golden("empty-file")]


def test_on_github_each_problem_is_an_annotation_at_its_line():
    """GitHub shows a problem at the line of the file; nothing but annotations is printed."""
    checked = run(BAD / "many-faults.yml", GITHUB_ACTIONS="true")
    assert (checked.code, checked.err) == (1, "")
    places = [re.fullmatch(r"(\d+):(\d+): (.*)", line).groups() for line in golden("many-faults")]
    assert checked.out == [f"::error file=tests/clinics/bad/many-faults.yml,line={line},col={column},title=Clinic details::{told.replace('%', '%25')}"
                           for line, column, told in places]


def test_an_annotation_cannot_be_broken_by_what_it_tells(tmp_path):
    """Per cent signs, commas and colons of a file's name, and per cent signs and line ends of a message, are written as GitHub wants them."""
    path = tmp_path / "my, clinic: 100%.yml"
    path.write_text((CLINICS / "minimal.yml").read_text("utf-8").replace("name: Elm", "name: Elm\nlanguages: ['100%, ::error::']"), "utf-8")
    checked = run(path, cwd=tmp_path, GITHUB_ACTIONS="true")
    assert checked.out == ["::error file=my%2C clinic%3A 100%25.yml,line=2,col=13,title=Clinic details::"
                           "languages[0]: the guide is not written in “100%25, ::error::” [Choose from: en.]"]
    assert report.annotation("a,b:c%\n", Problem(1, 2, "", "50%\r\n::error::x")) == "::error file=a%2Cb%3Ac%25%0A,line=1,col=2,title=Clinic details::50%25%0D%0A::error::x"


def test_the_page_of_the_run_lists_every_problem(tmp_path):
    """The summary of a run holds the whole list, with a link to each line, and leaves what stands there already."""
    page = tmp_path / "summary.md"
    page.write_text("Before\n", "utf-8")
    github = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(page), "GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "elm/guide", "GITHUB_REF_NAME": "main"}
    run(BAD / "many-faults.yml", **github)
    lines = page.read_text("utf-8").splitlines()
    assert lines[:4] == ["Before", "## 21 things to put right in tests/clinics/bad/many-faults.yml", "", "Your guide is as it was: nothing new was published."]
    assert len([line for line in lines if line.startswith("- [Line ")]) == len(golden("many-faults")) == 21
    assert lines[5] == ("- [Line 3](https://github.com/elm/guide/edit/main/tests/clinics/bad/many-faults.yml#L3): "
                        r"timezone: “America/NewYork” is not a time zone \[Did you mean America/New\_York?\]")


def test_the_summary_shows_what_was_typed_as_text(tmp_path):
    """Markup in a value stays text on the page of the run, and a pull request's link leads to its own branch."""
    page = tmp_path / "summary.md"
    path = tmp_path / "clinic.yml"
    path.write_text((CLINICS / "minimal.yml").read_text("utf-8").replace("name: Elm", "name: Elm\nlanguages: ['<b>*x*</b> [a](b) &amp;']"), "utf-8")
    run(path, cwd=tmp_path, GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=str(page), GITHUB_SERVER_URL="https://github.com", GITHUB_REPOSITORY="elm/guide",
        GITHUB_REF_NAME="12/merge", GITHUB_HEAD_REF="new phone")
    assert page.read_text("utf-8").splitlines()[-1] == ("- [Line 2](https://github.com/elm/guide/edit/new%20phone/clinic.yml#L2): languages\\[0\\]: the guide is not written in "
                                                        r"“\<b\>\*x\*\</b\> \[a\](b) \&amp;” \[Choose from: en.\]")


def test_a_right_file_leaves_no_summary(tmp_path):
    """There is nothing to put right, so nothing is written."""
    page = tmp_path / "summary.md"
    checked = run(CLINICS / "minimal.yml", GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=str(page))
    assert (checked.code, page.exists()) == (0, False)


def test_a_bad_clinic_file_stops_the_build_before_anything_is_written(project):
    """A build from a file with faults ends with 1, prints every problem and no traceback, and writes no site."""
    shutil.copy(BAD / "many-faults.yml", project / "clinic.yml")
    built = build(project, sheets=False)
    assert built.code == 1
    assert not built.site.exists()
    assert "Traceback" not in built.output
    assert [line for line in built.output.splitlines() if line.startswith("clinic.yml:")] == [f"clinic.yml:{line}" for line in golden("many-faults")]
