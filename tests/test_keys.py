"""What clinics are: each key that says so is taken and shown where a patient looks. What is refused is in tests/clinics/bad."""

import re
from html import unescape

import pytest
import yaml
from conftest import CLINICS, EPOCH, ROOT

from guide.clinic import file
from guide.edition import Edition
from guide.pages.blocks import Blocks
from guide.sheets import catalog, make

CASES = yaml.load((ROOT / "tests" / "keys.yml").read_text("utf-8"), yaml.BaseLoader)


@pytest.fixture(autouse=True)
def the_day(monkeypatch):
    """All dates are looked at from 22 November 2026."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)


@pytest.fixture
def written(tmp_path):
    """A function that writes the minimal clinic with other keys: the path of its file."""
    def of(given):
        path = tmp_path / "clinic.yml"
        data = yaml.load((CLINICS / "minimal.yml").read_text("utf-8"), yaml.BaseLoader)
        path.write_text(yaml.safe_dump({**data, **given}, sort_keys=False, allow_unicode=True), "utf-8")
        return path

    return of


def words(html):
    """What is read on a part of a page."""
    return re.sub(r" ([.,;])", r"\1", " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split()))


def leaves(value):
    """Every text in what a sheet is given."""
    if isinstance(value, dict):
        return [leaf for part in value.values() for leaf in leaves(part)]
    return [leaf for part in value for leaf in leaves(part)] if isinstance(value, list | tuple) else [str(value)]


def read_in(edition, where):
    """What is read in that part: a block, `rule NAME`, or `sheet PLACE`."""
    kind, _, name = where.partition(" ")
    if kind == "rule":
        return edition.plain.rules[name].you
    if kind == "sheet":
        sheet = next(one for one in catalog.of(edition.clinic.locations) if one.kind == "handout" and (not name or one.place.name == name))
        here = edition.at(sheet.place)
        return "\n".join(leaves(make.common(here, sheet, "") | make.handout(here) | {"labels": []}))
    values = {"call": {"who": "us"}, "foot": {"version": "1", "count": 0, "place": ""}}.get(kind, {})
    return words(Blocks(edition).fill(kind, **values))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["says"])
def test_what_a_clinic_is_is_shown(written, case):
    """The file is taken, and each text stands where a patient looks for it, and nowhere that it must not."""
    path = written(case["given"])
    assert file.read(path)[1] == []
    edition = Edition.of(path)
    for where, texts in case["shown"].items():
        assert [text for text in texts if text not in read_in(edition, where)] == [], (where, read_in(edition, where))
    for where, texts in case.get("not_shown", {}).items():
        assert [text for text in texts if text in read_in(edition, where)] == [], where
