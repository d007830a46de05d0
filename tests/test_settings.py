"""Reading clinic.yml: which files are accepted, and what is said of every fault, where."""

import datetime
import os
import random
import time

import pytest
from conftest import CLINICS

from guide import environment
from guide.clinic import file

GOOD = sorted(CLINICS.glob("*.yml"))
BAD = sorted((CLINICS.parent / "bad").glob("*.yml"))
NOISE = [b"\t", b"\n", b"\r", b"\0", b": ", b"- ", b" #", b"'", b'"', b"[", b"]", b"{", b"}", b"&a ", b"*a", b"!", b"!!str ", b"|", b">", b"%", b"@",
         b"? ", b"---\n", b"...\n", b"\xff", b"\xef\xbb\xbf", b"\xe2\x80\xae", b"\\", b'"\\U99999999"', b'"\\ud800"', b"~", b"9" * 400, b"1e999",
         b"<<: ", b"\xc2\x85", b"\xe2\x80\xa8", b"\xf0\x9f\x98\x80", b"%YAML 9." + b"9" * 5000 + b"\n", b"https://[", b"@", b"2026-02-30"]

pytestmark = pytest.mark.usefixtures("the_day")


def lines(problems):
    """The problems as `python -m guide.check` prints them, without the file's name."""
    return [f"{problem.line}:{problem.column}: {problem.told}" for problem in problems]


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_a_good_file_is_accepted(path):
    """A real clinic's file, however odd its values look to YAML, has no problem."""
    clinic, problems = file.read(path)
    assert lines(problems) == []
    assert clinic.name


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_fault_is_told_with_its_place_and_remedy(path):
    """Every fault of a bad file is told at its line and column, in the words that stand beside it in a file of the same name."""
    clinic, problems = file.read(path)
    assert clinic is None
    assert lines(problems) == path.with_suffix(".txt").read_text("utf-8").splitlines()


def test_every_fault_has_its_words_and_every_word_its_fault():
    """No golden file is left over, and none is missing."""
    assert {path.stem for path in BAD} == {path.stem for path in BAD[0].parent.glob("*.txt")}


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_every_problem_says_what_to_do(path):
    """A message fits on one line, has a remedy, and shows nothing of Python."""
    for line in path.with_suffix(".txt").read_text("utf-8").splitlines():
        assert line.endswith("]") and " [" in line
        assert len(line) < 400
        assert not any(word in line for word in ("None", "Undefined", "Traceback", "Error", "str_type", "pydantic", "ctx", "\ufeff"))


@pytest.mark.parametrize("seed", range(10))
def test_no_noise_can_break_the_reading(tmp_path, seed):
    """30 files with random damage a seed: reading never raises, takes less than 2 seconds, and places each problem in the file."""
    dice = random.Random(seed)
    path = tmp_path / "clinic.yml"
    for _ in range(30):
        raw = damaged(dice, dice.choice(GOOD).read_bytes()[:4000])
        path.write_bytes(raw)
        began = time.process_time()
        clinic, problems = file.read(path)
        assert time.process_time() - began < 2
        assert (clinic is None) == bool(problems)
        for problem in problems:
            assert 1 <= problem.line <= raw.count(b"\n") + raw.count(b"\r") + 1
            assert problem.column >= 1
            assert problem.message and "\n" not in problem.told
            problem.told.encode()


def damaged(dice, raw):
    """The bytes with one to six things inserted, overwritten, taken away or swapped."""
    for _ in range(dice.choice((1, 1, 2, 6))):
        at, kind = dice.randrange(len(raw)), dice.randrange(5)
        if kind == 0:
            raw = raw[:at] + dice.choice(NOISE) + raw[at:]
        elif kind == 1:
            raw = raw[:at] + bytes([dice.randrange(256)]) + raw[at + 1:]
        elif kind == 2:
            raw = raw[:at] + raw[at + dice.choice((1, 2, 40)):] or b"\n"
        elif kind == 3:
            row = raw.split(b"\n")
            a, b = dice.randrange(len(row)), dice.randrange(len(row))
            row[a], row[b] = row[b], row[a]
            raw = b"\n".join(row)
        else:
            row = raw.split(b"\n")
            a = dice.randrange(len(row))
            key, colon, _ = row[a].partition(b": ")
            row[a] = key + (colon + dice.choice(NOISE) if colon else b"")
            raw = b"\n".join(row) or b"\n"
    return raw


def test_the_sample_is_read_as_the_sample():
    """The sample clinic is right as it is, although its numbers and addresses are made up."""
    clinic, problems = file.read(file.SAMPLE)
    assert lines(problems) == []
    assert clinic.phone == "+17605550142"


def test_the_sample_is_the_sample_behind_a_link_as_well(tmp_path):
    """A folder that is reached through a link holds the same sample."""
    (tmp_path / "project").symlink_to(environment.ROOT)
    assert file.read(tmp_path / "project" / file.SAMPLE.name)[1] == []


def test_a_copy_of_the_sample_is_not_the_sample(tmp_path):
    """The sample under the name clinic.yml is refused at each value that would reach nobody."""
    (tmp_path / "clinic.yml").write_bytes(file.SAMPLE.read_bytes())
    told = lines(file.read(tmp_path / "clinic.yml")[1])
    assert {line.split(": ")[1] for line in told} == {"name", "phone", "after_hours_phone", "email", "website", "locations[0].address.street"}


def test_a_clinics_own_file_comes_before_the_sample(tmp_path):
    """clinic.yml is taken as soon as there is anything of that name, even if it cannot be opened."""
    assert file.chosen(tmp_path) == file.SAMPLE
    own = tmp_path / "clinic.yml"
    own.symlink_to(tmp_path / "gone")
    assert file.chosen(tmp_path) == own
    assert lines(file.read(own)[1]) == ["1:1: this file cannot be opened (No such file or directory) [Create it from clinic.example.yml.]"]
    own.unlink()
    own.mkdir()
    assert lines(file.read(own)[1]) == ["1:1: this file cannot be opened (Is a directory) [Create it from clinic.example.yml.]"]


def test_load_raises_every_problem():
    """The error that stops a build says all that is wrong, one problem a line, with the file's name."""
    path = BAD[0].with_name("many-faults.yml")
    with pytest.raises(file.ClinicProblems) as raised:
        file.load(path)
    assert str(raised.value).splitlines() == [f"many-faults.yml:{line}" for line in path.with_suffix(".txt").read_text("utf-8").splitlines()]


def test_today_is_the_day_of_the_build():
    """The same SOURCE_DATE_EPOCH gives the same day; without it, it is today."""
    assert environment.today().isoformat() == "2026-11-22"
    del os.environ["SOURCE_DATE_EPOCH"]
    before, today, after = datetime.datetime.now(datetime.UTC).date(), environment.today(), datetime.datetime.now(datetime.UTC).date()
    assert before <= today <= after


def test_texts_lists_every_text_with_its_key():
    """Texts are found in groups and lists alike, under the names that a clinic knows."""
    found = dict(file.texts(file.load(CLINICS / "us-three-locations.yml")))
    assert found["name"] == "Harbor Light Ketamine Center"
    assert found["locations[2].address.street[1]"] == "4100 Columbia Bend, Floor 2"
    assert found["cost.items[0].includes"] == "the room and the check-up before it"
    assert found["visit.stop_signal"] == "raise your hand or say stop"


@pytest.mark.parametrize(("old", "new"), [("name: Elm", 'name: "Elm\n\n  tree"'), ("  watched_by: a nurse", "  watched_by:\n    'a nurse\n    and a doctor'"),
                                          ("      city: New York", '      city: "New\n        York"')])
def test_a_quoted_text_may_run_over_lines(tmp_path, old, new):
    """Quotes that hold indented lines were meant to; only a line as far left as its key tells of a missing mark."""
    path = tmp_path / "clinic.yml"
    text = (CLINICS / "minimal.yml").read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    assert file.read(path)[1] == []
