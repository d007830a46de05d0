"""Several locations: each can be chosen without script, saved in a phone, and read by a machine as it was typed."""

import json
import re

import pytest
import tinyhtml5
from conftest import CLINICS, build, copy
from hypothesis import given
from hypothesis import settings as trying
from hypothesis import strategies as st

from guide.clinic import file
from guide.edition import Edition
from guide.pages import address_card

THREE = "us-three-locations"
PHRASE = Edition.of(CLINICS / "us-three-locations.yml").phrase


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The site of a clinic with three locations; its website has characters that could end a script."""
    folder = copy(tmp_path_factory.mktemp("three"))
    details = (CLINICS / f"{THREE}.yml").read_text("utf-8")
    (folder / "clinic.yml").write_text(details.replace("name: Pearl District", "name: \"Pearl </script><!-- & District, 2; 'East'\""), "utf-8")
    built = build(folder, sheets=False)
    assert built.code == 0, built.output
    return built.site


def page(site, name):
    return tinyhtml5.parse((site / name / "index.html").read_text("utf-8"), namespace_html_elements=False)


def clinics(site):
    return [found for part in page(site, ".").iter("script") if part.get("type") == "application/ld+json"
            and (found := json.loads(part.text)).get("@type") == "MedicalClinic"]


def test_a_location_can_be_chosen_without_script(site):
    """The contact block begins with a link to each location's own part of it."""
    for name in (".",):
        block = next(part for part in page(site, name).iter("div") if part.get("class") == "contact")
        ids = [part.get("id") for part in block.iter("div") if part.get("class") == "location"]
        assert len(ids) == len(set(ids)) == 3
        assert [link.get("href") for link in block[0].iter("a")] == [f"#{name}" for name in ids]


def test_one_location_has_nothing_to_choose(own_site):
    """A clinic with one address shows no list of locations, and one card."""
    html = (own_site.site / "index.html").read_text("utf-8")
    assert "#location-" not in html and 'href="clinic.vcf"' in html
    assert (own_site.site / "clinic.vcf").exists()


def test_the_home_page_tells_machines_each_location(site):
    """One MedicalClinic for each location, with names, numbers and hours as in clinic.yml; nothing ends the script early."""
    first, second, third = clinics(site)
    assert first["name"] == "Harbor Light Ketamine Center, Pearl </script><!-- & District, 2; 'East'"
    assert first["telephone"] == "+15035552301" and second["telephone"] == "+15035552368"
    assert first["address"] == {"@type": "PostalAddress", "streetAddress": "1200 NW Lantern Street, Suite 310", "addressLocality": "Portland",
                                "addressRegion": "OR", "postalCode": "97209", "addressCountry": "US"}
    assert [(row["dayOfWeek"], row["opens"], row["closes"]) for row in first["openingHoursSpecification"]] == [
        *((day, "07:30", "18:00") for day in ("Monday", "Tuesday", "Wednesday", "Thursday")),
        ("Friday", "07:30", "12:00"), ("Friday", "13:00", "16:00"), ("Saturday", "09:00", "13:00")]
    assert first["url"] == third["url"] == "https://www.harborlightketamine.com"
    assert first["hasMap"].startswith("https://www.openstreetmap.org/") and "hasMap" not in third
    assert clinics(site.parent / "site") and not any("medicalSpecialty" in found for found in (first, second, third))


def test_only_the_home_page_does(site):
    """Other pages do not repeat it."""
    assert "MedicalClinic" not in (site / "prepare" / "index.html").read_text("utf-8")


def test_the_sample_clinic_is_told_to_no_machine(tmp_path):
    """A made-up clinic is never offered to a search engine or a map, and its card says that nobody is to call it."""
    built = build(copy(tmp_path / "sample"), sheets=False)
    assert clinics(built.site) == []
    assert "FN:SAMPLE\\, do not call: Orchard Row" in (built.site / "clinic.vcf").read_text("utf-8")


def test_hours_over_midnight_and_all_day_are_said_as_schema_org_reads_them():
    """A span after midnight closes before it opens; 24 hours are 00:00 to 23:59; a closed day has no entry."""
    clinic = file.load(CLINICS / "night-clinic.yml")
    rows = address_card.structured(clinic, "")[0]["openingHoursSpecification"]
    assert all(re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", row[key]) for row in rows for key in ("opens", "closes"))
    week = clinic.locations[0].hours
    assert len(rows) == sum(len(day.spans) for day in week.values())
    assert any(row["closes"] < row["opens"] for row in rows) == any(closes > 1440 and closes % 1440 for day in week.values() for _, closes in day.spans)


def test_each_location_has_a_card_to_save(site):
    """Every contact block links to a card that is there, named after its location."""
    for name, up in ((".", ""),):
        links = [link.get("href") for link in page(site, name).iter("a") if "Save our numbers" in "".join(link.itertext())]
        assert len(links) == 3 and all(link.startswith(up + "clinic-") and (site / name / link).exists() for link in links)


def fields(card):
    """A vCard as RFC 2426 reads it: lines unfolded, then (name, value)."""
    assert card.endswith(b"\r\n") and b"\n" not in card.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in card.split(b"\r\n"))
    lines = card.decode().replace("\r\n ", "").split("\r\n")[:-1]
    assert lines[:2] == ["BEGIN:VCARD", "VERSION:3.0"] and lines[-1] == "END:VCARD"
    return [line.partition(":")[::2] for line in lines]


def parts(value):
    """The components of a value, as typed."""
    return [re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], part) for part in re.split(r"(?<!\\)(?:\\\\)*;", value)]


def test_a_card_says_what_the_clinic_typed():
    """Name, numbers by day and night, address, e-mail and website come back as they are in clinic.yml."""
    clinic = file.load(CLINICS / f"{THREE}.yml")
    told = dict(fields(address_card.card(clinic, clinic.locations[0], PHRASE)))
    assert parts(told["FN"]) == ["Harbor Light Ketamine Center, Pearl District"]
    assert told["TEL;TYPE=WORK,VOICE,PREF"] == "+15035552301" and told["item1.TEL;TYPE=WORK,VOICE"] == "+15035552399"
    assert parts(told["ADR;TYPE=WORK"]) == ["", "", "1200 NW Lantern Street, Suite 310", "Portland", "OR", "97209", "US"]
    assert told["URL"] == clinic.website and told["EMAIL;TYPE=INTERNET"] == clinic.email


@trying(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=80))
def test_no_name_breaks_a_card(name):
    """Commas, semicolons, backslashes and long words in any script are escaped and folded, and come back whole."""
    clinic = file.load(CLINICS / "minimal.yml").model_copy(update={"name": name})
    told = dict(fields(address_card.card(clinic, clinic.locations[0], PHRASE)))
    assert re.sub(r"\\(.)", r"\1", told["FN"]) == address_card._called(clinic, clinic.locations[0])
