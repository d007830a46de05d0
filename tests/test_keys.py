"""What clinics are: each key that says so is taken and shown where a patient looks. What is refused is in tests/clinics/bad."""

import io
import json
import random
import re
import zoneinfo
from collections import Counter
from html import unescape

import pytest
import yaml
from conftest import CLINICS, ROOT, build
from PIL import Image

from guide import __version__
from guide.check import notices
from guide.clinic import file, kinds, picture
from guide.clinic.countries import packs
from guide.edition import Edition
from guide.pages import address_card, my_visit
from guide.pages.blocks import Blocks
from guide.sheets import catalog, make

pytestmark = pytest.mark.usefixtures("the_day")
CASES = yaml.load((ROOT / "tests" / "keys.yml").read_text("utf-8"), yaml.BaseLoader)


@pytest.fixture
def written(tmp_path):
    """A function that writes the minimal clinic with other keys: the path of its file."""
    def of(given, without=""):
        path = tmp_path / "clinic.yml"
        data = yaml.load((CLINICS / "minimal.yml").read_text("utf-8"), yaml.BaseLoader)
        data.pop(without, None)
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
        sheet = next(one for one in catalog.of(edition.clinic.doses) if one.kind == "handout" and (not name or one.place.name == name))
        here = edition.at(sheet.place)
        return "\n".join(leaves(make.common(here, sheet, "") | make.handout(here) | {"labels": []}))
    if kind == "card":
        return address_card.card(edition.clinic, edition.clinic.locations[int(name)], edition.phrase).decode()
    if kind == "machines":
        return json.dumps(address_card.structured(edition.clinic, ""))
    if kind == "my_visit":
        return words(Blocks(edition).fill(kind, **my_visit.for_page(edition)))
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


STATES = [(country, state, zone) for country in ("US", "CA") for zone, states in packs()[country].zones.items() for state in states]


def test_each_state_has_a_time_zone_that_is_one_of_its_country():
    """All 50 states, the capital's district and the 13 provinces and territories are there, by code and by name, and each zone is a place in that country."""
    assert Counter(country for country, _ in {(country, state) for country, state, _ in STATES}) == {"US": 51, "CA": 13}
    assert {state[3:] for country, state, _ in STATES if country == "CA"} == set(packs()["CA"].regions)
    for country, state, zone in STATES:
        assert re.fullmatch(r"[A-Z]{2} [A-Z].+", state) and kinds.abroad(zone, country) == "" and zone in zoneinfo.available_timezones(), (state, zone)
        assert zone in packs()[country].clocks(state[:2].lower()) == packs()[country].clocks(state[3:])


@pytest.mark.parametrize(("given", "zones"), [
    ({"region": "California"}, ["America/Los_Angeles"]),
    ({"locations": [{"address": {"street": "1 Elm Street", "city": "Boston", "region": "ma"}}]}, ["America/New_York"]),
    ({"country": "England", "phone": "020 7946 0456"}, ["Europe/London"]),
    ({"country": "CA", "region": "Saskatchewan", "phone": "306 652 2368"}, ["America/Regina"]),
    ({"locations": [{"name": name, "address": {"street": "1 Elm Street", "city": name, "region": state}} for name, state in (("Boston", "MA"), ("Santa Fe", "NM"), ("Boise", "ID"))]}, ["America/New_York", "America/Denver", "America/New_York"]),
    ({"timezone": "America/Boise", "locations": [{"name": name, "address": {"street": "1 Elm Street", "city": name, "region": state}} for name, state in (("Boise", "ID"), ("Denver", "CO"), ("Seattle", "WA"))]},
     ["America/Boise", "America/Boise", "America/Los_Angeles"]),
])
def test_a_time_zone_that_can_be_only_one_need_not_be_typed(written, given, zones):
    """A clinic, and each of its places in another state, has the zone of its state or country; what is typed stands."""
    path = written(given, without="timezone")
    clinic = file.load(path)
    assert [clinic.zone(place) for place in clinic.locations] == zones


@pytest.mark.parametrize(("given", "told"), [
    ({"timezone": "America/Chicago", "locations": [{"address": {"street": "1 Elm Street", "city": "Boston", "region": "MA"}}]}, ["timezone: America/Chicago is not the time of MA [Write America/New_York, or correct the state.]"]),
    ({"timezone": "America/Toronto", "locations": [{"address": {"street": "1 Elm Street", "city": "Boston", "region": "MA"}}]}, ["timezone: this is the time of Canada, so no page says if you are open now [Write the time zone of the clinic's own town.]"]),
    ({"timezone": "America/Detroit", "locations": [{"address": {"street": "1 Elm Street", "city": "Boston", "region": "MA"}}]}, []),
    ({"timezone": "America/New_York", "locations": [{"name": name, "address": {"street": "1 Elm Street", "city": name, "region": state}} for name, state in (("Boston", "MA"), ("Boise", "ID"))]},
     ["locations[1].timezone: America/New_York is not the time of ID [Write America/Boise or America/Los_Angeles, or correct the state.]"]),
    ({"locations": [{"kind": "visits_you", "area": "Elm"}], "treatments": {"iv": {}}}, ["locations[0].kind: the US society of ketamine clinicians is against a drip at home without an exam in person [Have your clinician agree that each patient is seen in person before the first drip.]"]),
    ({"locations": [{"kind": "visits_you", "area": "Elm"}], "treatments": {"im": {}}}, []),
    ({"closed": ["2025-12-24"]}, ["closed[0]: this day is over [Did you mean 2026-12-24? Else delete it.]"]),
    ({"closed": [{"from": "2026-02-28", "to": "2026-03-01"}]}, ["closed[0]: this day is over [Did you mean 2027-03-01? Else delete it.]"]),
    ({"closed": ["2026-12-24"]}, []),
    ({"cost": {"currency": "GBP", "items": [{"label": "A drip", "amount": "$425"}]}}, ["cost.items[0].amount: “$425” is not in GBP, and patients read 425 GBP [Correct the price, or the currency.]"]),
    ({"cost": {"currency": "AUD", "items": [{"label": "A drip", "amount": "$425"}, {"label": "A talk", "amount": "free"}]}}, []),
    ({"visit": {"watched_by": "José, RN"}}, ["visit.watched_by: “José, RN” may be somebody's name [Write a role, such as a nurse trained in ketamine care: it stays right when people change.]"]),
    *(({"visit": {"watched_by": role}}, []) for role in ("Registered Nurse, RN", "Charge Nurse", "a nurse", "RN")),
    ({"review": {"by": "Ann", "role": "doctor", "on": "2026-11-02", "next": "2027-11-02", "of": "0.0.9"}}, [f"review.of: the guide is version {__version__} by now [Show your clinician what has changed since, then write the new on, next and of.]"]),
])
def test_what_may_be_otherwise_is_told(written, given, told):
    """A zone that is not that of the state, a drip at home, a version that was checked and is an older one, a day that is over, a price in other money, a name for a role: a notice each, on its own line."""
    path = written(given)
    assert [problem.told for problem in notices.of(path, file.load(path))] == told
