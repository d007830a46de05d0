"""What clinics are: each key that says so is taken and shown where a patient looks. What is refused is in tests/clinics/bad."""

import io
import random
import re
from html import unescape

import pytest
import yaml
from conftest import CLINICS, ROOT, build
from PIL import Image

from guide.check import notices
from guide.clinic import file, picture
from guide.edition import Edition
from guide.pages.blocks import Blocks
from guide.sheets import catalog, make

pytestmark = pytest.mark.usefixtures("the_day")
CASES = yaml.load((ROOT / "tests" / "keys.yml").read_text("utf-8"), yaml.BaseLoader)


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


def photograph(path, size=(1600, 1200), kind="JPEG"):
    """A picture full of detail, with the place where it was taken, as a phone writes it."""
    made = Image.frombytes("RGB", (size[0] // 8, size[1] // 8), random.Random(1).randbytes(size[0] * size[1] * 3 // 64)).resize(size)
    told = Image.Exif()
    told[0x8825] = {1: "N", 2: (43.0, 36.0, 54.0), 3: "W", 4: (116.0, 12.0, 9.0)}
    told[0x0110] = "Camera of somebody"
    path.parent.mkdir(exist_ok=True)
    made.save(path, kind, exif=told)


def test_pictures_of_the_way_in_are_small_and_say_nothing_of_the_camera(project):
    """A photograph stands folded in the contact block with what it shows; on the site it is small, and without place, time and camera."""
    photograph(project / "clinic" / "door.jpg")
    photograph(project / "clinic" / "hall.png", kind="PNG")
    given = yaml.load((CLINICS / "minimal.yml").read_text("utf-8"), yaml.BaseLoader)
    given["locations"][0]["pictures"] = [{"file": "clinic/door.jpg", "shows": "The <b>green</b> door & the steps"}, {"file": "clinic/hall.png", "shows": "The hall"}]
    (project / "clinic.yml").write_text(yaml.safe_dump(given), "utf-8")
    built = build(project, sheets=False)
    assert built.code == 0, built.output
    page = (built.site / "index.html").read_text("utf-8")
    shown = unescape(re.findall(r'<details class="on-screen"><summary>Pictures of the way in</summary>.*?</details>', page)[0])
    assert "<b>green" not in page
    names = re.findall(r'<img src="([^"]+)" alt="" loading="lazy">', shown)
    assert len(names) == 2 and "The <b>green</b> door & the steps" in shown
    for name in names:
        data = (built.site / name).read_bytes()
        with Image.open(io.BytesIO(data)) as small:
            assert small.format == "JPEG" and max(small.size) <= 1000 and len(data) <= picture.PHOTO_BYTES
            assert not small.getexif() and "exif" not in small.info and b"Camera of somebody" not in data
    clinic = file.load(project / "clinic.yml")
    assert notices.pictures(clinic) == {"clinic/door.jpg", "clinic/hall.png"}


@pytest.mark.parametrize(("name", "told"), [
    ("clinic/door.gif", "“clinic/door.gif” is not a picture in the folder clinic/ [Upload it there and write clinic/door.jpg.]"),
    ("clinic/door.svg", "“clinic/door.svg” is not a picture in the folder clinic/ [Upload it there and write clinic/door.jpg.]"),
    ("../door.jpg", "“../door.jpg” is not a picture in the folder clinic/ [Upload it there and write clinic/door.jpg.]"),
    ("clinic/window.jpg", "there is no file “clinic/window.jpg” [Upload it, or correct its name; capital letters count.]"),
    ("clinic/half.jpg", "“clinic/half.jpg” is damaged [Save it again as a PNG, JPEG or SVG picture of usual size; another ending to its name is not enough.]"),
    ("clinic/renamed.png", "“clinic/renamed.png” is not a PNG picture but a JPEG one [Save it again as a PNG, JPEG or SVG picture of usual size; another ending to its name is not enough.]"),
])
def test_a_picture_that_cannot_be_shown_is_refused(written, tmp_path, name, told):
    """What is no photograph in the folder clinic/ is told with its name and what to do."""
    photograph(tmp_path / "clinic" / "door.jpg", (80, 60))
    whole = (tmp_path / "clinic" / "door.jpg").read_bytes()
    (tmp_path / "clinic" / "half.jpg").write_bytes(whole[:len(whole) // 2])
    (tmp_path / "clinic" / "renamed.png").write_bytes(whole)
    path = written({"locations": [{"address": {"street": "1 Elm Street", "city": "Boise"}, "pictures": [{"file": name, "shows": "The door"}]}]})
    assert [problem.told for problem in file.read(path)[1]] == [f"locations[0].pictures[0].file: {told}"]
