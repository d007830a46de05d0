"""“Open now” in every time zone that a place may have, on any phone: right, or not there."""

import json
import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
import yaml
from conftest import CLINICS, served
from pydantic import TypeAdapter

from guide.check import notices
from guide.clinic import file, hours
from guide.clinic.model import ClosedDays
from guide.edition import Edition
from guide.pages import address_card, my_visit
from guide.pages.blocks import Blocks

CASES = yaml.safe_load((Path(__file__).parent / "open_cases.yml").read_text("utf-8"))
WEEK = {"mon-fri": "09:00-17:00", "sat-sun": "closed"}

pytestmark = pytest.mark.usefixtures("the_day")


def week_of(zone, country, week=WEEK, closed=()):
    """What open.js is told of a place with these hours and closed days, in that country and with that clock."""
    sample = Edition.of(file.SAMPLE)
    place = sample.clinic.locations[0].model_copy(update={"hours": hours.parse(week)})
    days = TypeAdapter(ClosedDays).validate_python(json.loads(json.dumps(closed, default=str)), context={"country": country})
    return replace(sample, clinic=sample.clinic.model_copy(update={"timezone": zone, "country": country, "closed": days}))._week(place)


@pytest.fixture(scope="module")
def says(sample, chromium):
    """A function that gives what the first page says at moments in UTC, on a phone in Tokyo, with `week` in place of the sample's."""
    with served(sample.site) as address, chromium.new_context(timezone_id="Asia/Tokyo") as context:
        def at(week, moments):
            page, found = context.new_page(), []
            page.route(address, lambda route: route.fulfill(response=(got := route.fetch()), body=re.sub(r"data-week='[^']*'", lambda _: f"data-week='{json.dumps(week)}'", got.text())))
            for moment in moments:
                page.clock.set_fixed_time(f"{moment}:00Z")
                with page.expect_response("**/assets/open.js"):
                    page.goto(address)
                page.wait_for_timeout(100)
                line = page.locator(".open-now")
                found.append(line.locator("b").inner_text() if line.is_visible() else "")
            page.close()
            return found
        yield at


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['zone']}-{len(case.get('closed', ()))}")
def test_open_now_is_right_in_every_zone(says, case):
    """To the minute, by the clock of the place, on both sides of a clock change."""
    week = week_of(case["zone"], case["country"], case.get("hours", WEEK), case.get("closed", ()))
    found = says(week, case["at"])
    assert [text.replace(" Call the number for when we are closed.", "").replace("Closed now. ", "").rstrip(".") for text in found] == list(case["at"].values())


def test_it_is_silent_where_nobody_knows_the_time(says):
    """Years after the last build a browser's own clock of the zone is asked; where it knows none, the hours stand alone."""
    week = week_of("America/Phoenix", "US")
    assert says(week, ["2040-07-02T16:30"]) == ["Open now, until 5:00 PM."]
    assert says({**week, "zone": "America/Atlantis"}, ["2040-07-02T16:30", "2026-11-23T16:30"]) == ["", "Open now, until 5:00 PM."]


def test_each_place_has_its_own_clock(tmp_path):
    """Boise and Portland of one clinic: each its own hours now, and its own times on My visit; a place without a zone has the clinic's."""
    path = tmp_path / "clinic.yml"
    path.write_text((CLINICS / "us-three-locations.yml").read_text("utf-8").replace("name: Pearl District", "name: Boise\n    timezone: America/Boise"), "utf-8")
    edition = Edition.of(path)
    assert [place["week"]["zone"] for place in edition.said["locations"]] == ["America/Boise", "America/Los_Angeles", "America/Los_Angeles"]
    data = my_visit.data(edition)
    assert [zone["city"] for zone in data["zones"]] == ["Boise", "Los Angeles"] and [place[0] for place in data["places"].values()] == [0, 1, 1]


@pytest.mark.parametrize(("zone", "told"), [("America/Boise", []), ("Europe/London", ["this is the time of the United Kingdom"]), ("UTC", ["this is the time of no place in the United States"])])
def test_a_place_with_a_clock_of_elsewhere_is_told(tmp_path, zone, told):
    """On its own line, and neither its hours nor My visit guess."""
    path = tmp_path / "clinic.yml"
    path.write_text((CLINICS / "us-three-locations.yml").read_text("utf-8").replace("name: Pearl District", f"name: Pearl District\n    timezone: {zone}"), "utf-8")
    edition = Edition.of(path)
    found = notices.of(path, edition.clinic)
    assert [(problem.key, problem.message.partition(", so ")[0]) for problem in found] == [("locations[0].timezone", text) for text in told]
    assert (edition.said["locations"][0]["week"] is None) == bool(told) and (my_visit.for_page(edition)["data"] == "") == bool(told)


CLOSED = """
closed:
  - 2025-11-21
  - 2026-11-20
  - {from: 2026-11-20, to: 2026-11-21, why: Training & "rest"}
  - 2026-12-25
  - {from: 2026-12-30, to: 2027-01-02, why: new year}
"""


def test_closed_days_stand_with_the_hours(tmp_path):
    """All that are not over at the clinic, the first first, escaped, at the place that they are for; those that are over are told, with the day that may have been meant."""
    path = tmp_path / "clinic.yml"
    text = (CLINICS / "us-three-locations.yml").read_text("utf-8").replace("name: Pearl District", "name: Pearl District\n    closed: [2026-12-08]")
    path.write_text(text + CLOSED, "utf-8")
    edition = Edition.of(path)
    every = ["November 20, 2026 to November 21, 2026 (Training & \"rest\")", "December 25, 2026", "December 30, 2026 to January 2, 2027 (new year)"]
    assert [[unescape(day) for day in place["closed"]] for place in edition.said["locations"]] == [[every[0], "December 8, 2026", *every[1:]], every, every]
    first, *others = Blocks(edition).fill("contact").split('class="location"')[1:]
    assert "<b>Closed:</b> November 20" in first and '"rest"' not in first and "December 8, 2026<br>December 25, 2026<br>" in first and not any("December 8" in other for other in others)
    assert [(problem.line, problem.key) for problem in notices.of(path, edition.clinic)] == [(text.count("\n") + 3 + n, f"closed[{n}]") for n in range(3)]
    assert "Did you mean 20" in notices.of(path, edition.clinic)[0].hint
    assert address_card.structured(edition.clinic, "")[0]["specialOpeningHoursSpecification"][0] == {
        "@type": "OpeningHoursSpecification", "opens": "00:00", "closes": "00:00", "validFrom": "2026-12-08", "validThrough": "2026-12-08"}


def test_by_appointment_is_said_and_is_no_opening_time():
    """Beside closed days, not as one of them."""
    edition = Edition.of(file.SAMPLE)
    week = hours.parse({"mon-fri": "09:00-17:00", "sat": "By appointment only", "sun": "closed"})
    assert edition.times.opening(week)[1:] == [("Saturday", "by appointment"), ("Sunday", "closed")]
    assert len(address_card._hours(edition.clinic.locations[0].model_copy(update={"hours": week}))) == 5
