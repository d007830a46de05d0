"""A file with the right content in the wrong place is told by its path, with where it belongs; nothing odd ends in a traceback."""

import os
import shutil

import pytest
import yaml
from conftest import CLINICS, ROOT
from test_check import run

from guide.clinic import misplaced, notes

CASES = yaml.safe_load((ROOT / "tests" / "misplaced.yml").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["path"])
def test_a_file_where_nothing_reads_it_is_told(tmp_path, case):
    """Each place is told with the one where the file belongs, and no more than that."""
    path = tmp_path / case["path"]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("Ring at the blue door.\n", "utf-8")
    if case.get("beside"):
        (tmp_path / "clinic.yml").write_text("name: Elm\n", "utf-8")
    like = misplaced.details(tmp_path)
    assert (path in like) == (case.get("like", False) or case.get("beside", False))
    if case.get("like"):
        assert "clinic.yml is beside README.md" in misplaced.told(path, tmp_path).told or "Rename it to clinic.yml" in misplaced.told(path, tmp_path).told
    errors, notices = misplaced.of(tmp_path, set())
    errors += [problem for problem in notes.read(tmp_path)[1]]
    if "belongs" in case:
        assert [problem.file for problem in errors] == [case["path"]] and case["belongs"] in errors[0].told, errors
    elif not case.get("like"):
        assert errors == []
    assert [case["notice"] in notice.told and notice.file == case["path"] for notice in notices] == ([True] if "notice" in case else []), notices


def test_a_picture_that_a_key_names_is_not_told(tmp_path):
    """Only what nobody would see is."""
    (tmp_path / "clinic").mkdir()
    (tmp_path / "clinic" / "logo.svg").write_text("<svg/>", "utf-8")
    assert misplaced.of(tmp_path, {"clinic/logo.svg"}) == ([], [])


def check(folder):
    """The check as it is run in a copy of the project; never a traceback."""
    checked = run(cwd=folder, PYTHONPATH=str(folder))
    assert "Traceback" not in checked.err and checked.code in (0, 1), checked.err
    return checked


def test_the_sample_changed_in_place_is_told(project):
    """Nobody's details go out under the banner of the sample; the line that changed is named."""
    sample = project / "clinic.example.yml"
    sample.write_text(sample.read_text("utf-8").replace("name: Orchard Row Ketamine Clinic", "name: Mesa Ketamine"), "utf-8")
    checked = check(project)
    assert (checked.code, checked.out) == (1, ["clinic.example.yml:7:1: you changed the sample, and nobody sees that [Copy all of it into a new file clinic.yml, beside README.md. "
                                               "Then put the sample back: open it on GitHub, press History, and copy the first version.]"])


def test_the_sample_renamed_is_told_at_each_value(project):
    """Its values are known although the file is gone."""
    (project / "clinic.example.yml").rename(project / "clinic.yml")
    checked = check(project)
    assert checked.code == 1 and [line.split(": ")[1] for line in checked.out if "still the sample clinic's" in line] == [
        "name", "phone", "after_hours_phone", "email", "website", "locations[0].address.street"]


@pytest.mark.parametrize("own", [True, False])
def test_without_the_sample_all_works(project, own):
    """A clinic may delete the sample, before or after it has a file of its own."""
    (project / "clinic.example.yml").unlink()
    if own:
        shutil.copy(CLINICS / "minimal.yml", project / "clinic.yml")
    assert check(project).code == 0


ODD = {
    "a folder": lambda path: path.mkdir(parents=True),
    "a folder with the file in it": lambda path: (path.mkdir(parents=True), shutil.copy(CLINICS / "minimal.yml", path / "clinic.yml")),
    "a link to itself": lambda path: path.symlink_to(path),
    "a link to nothing": lambda path: path.symlink_to("gone"),
    "nothing": lambda path: path.write_bytes(b""),
    "zeros": lambda path: path.write_bytes(b"\0" * 2000),
    "a picture": lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n\xff\xfe"),
    "UTF-16": lambda path: path.write_bytes("name: Elm".encode("utf-16")),
    "a long line": lambda path: path.write_bytes(b"a" * 300_000),
    "brackets": lambda path: path.write_bytes(b"[" * 3_000),
    "one number": lambda path: path.write_bytes(b"5"),
}


@pytest.mark.parametrize("what", ODD)
@pytest.mark.parametrize("names", [["clinic.yml"], ["clinic.example.yml"], ["clinic", "clinic.json"], ["clinic/notes/prepare.md", "clinic/pages/x.md", "clinic/notes", "docs/rooms.md", "clinic/logo.svg", "notes"]],
                         ids=lambda names: names[0])
def test_no_odd_file_ends_in_a_traceback(project, what, names):
    """Whatever lies where a clinic's file may lie, the check says something, or nothing."""
    for name in names:
        path = project / name
        if path.parent.exists() and not path.parent.is_dir():
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_file() and not path.is_symlink():
            path.unlink()
        if not os.path.lexists(path):
            ODD[what](path)
    check(project)
