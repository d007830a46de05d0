"""What the model makes of a clinic's file: kinds of values, bounds, safety floors, and what a country brings along."""

import datetime
import re

import phonenumbers
import pytest
import yaml
from conftest import CLINICS, ROOT
from pydantic_core import PydanticCustomError

from guide import environment
from guide.check import notices
from guide.clinic import countries, file, hours
from guide.clinic.countries import packs
from guide.clinic.kinds import slugify
from guide.clinic.model import Clinic, floors
from guide.edition import Edition

pytestmark = pytest.mark.usefixtures("the_day")
MINIMAL = (CLINICS / "minimal.yml").read_text("utf-8")
GERMAN = (CLINICS / "germany.yml").read_text("utf-8")


@pytest.fixture
def read(tmp_path):
    """A function that reads a text as a clinic's file: (clinic or None, [key of each problem])."""
    def of(text):
        path = tmp_path / "clinic.yml"
        path.write_text(text, "utf-8")
        clinic, problems = file.read(path)
        return clinic, [problem.key for problem in problems]

    return of


def of(name):
    """The good clinic of that name."""
    return file.load(CLINICS / f"{name}.yml")


def test_bare_values_stay_what_was_typed():
    """What other readers of YAML take for a number, a date or a yes or no is text where text is asked for."""
    clinic = of("bare-values")
    place = clinic.locations[0]
    assert (clinic.name, clinic.region, clinic.phone, clinic.after_hours_phone) == ("No", "07", "+12015552368", "none")
    assert (place.name, place.address.street, place.address.city, place.address.postal_code) == ("1e3", "12_000 0x1F Street", "Off", "07030")
    assert (place.parking, place.transit, place.access, place.entrance) == ("09:30", "2026-11-22", "yes", ".inf")
    assert clinic.locations[1].name == "1.0"
    assert (clinic.visit.companion, clinic.visit.private_room, clinic.visit.bring) == ("no", True, ["no", "1_000", "0.10", "010"])
    assert clinic.cost.items[0].amount == "7.5"


def test_a_file_from_any_computer_reads_the_same():
    """Line ends of Windows, a byte order mark and pasted spaces make no difference."""
    assert of("windows-line-ends") == of("byte-order-mark") == of("pasted-spaces")
    assert of("windows-line-ends").locations[0].parking == "Behind the house. Ring twice."


FLOORS = [
    ("going_home", "no_alcohol_hours", 24, 72), ("going_home", "no_decisions_hours", 24, 72), ("going_home", "no_childcare_alone_hours", 12, 48),
    ("going_home", "escort_stays_hours", 4, 24), ("treatments.iv", "stay_minutes", 30, 360), ("treatments.nasal_esketamine", "stay_minutes", 120, 360),
    ("treatments.iv", "session_minutes", 20, 240), ("treatments.iv", "no_food_hours", 4, 12), ("treatments.iv.course", "sessions", 1, 12),
    ("treatments.oral", "stay_minutes", 120, 360), ("treatments.sublingual", "stay_minutes", 120, 360), ("treatments.nasal_esketamine", "no_food_hours", 2, 12),
    ("visit", "arrive_early_minutes", 0, 60),
]


@pytest.mark.parametrize(("group", "key", "least", "most"), FLOORS)
def test_a_bound_is_where_the_contract_puts_it(read, group, key, least, most):
    """The least and the greatest number are taken, one below and one above are not; floors cannot be configured away."""
    def typed(number):
        data = yaml.load(MINIMAL, yaml.BaseLoader)
        data["treatments"] = {"iv": {"no_drinks_hours": 1}, "nasal_esketamine": {"rems_certified": "true"}}
        inner = data
        for step in group.split("."):
            inner = inner.setdefault(step, {})
        inner[key] = str(number)
        return yaml.safe_dump(data)

    for number in (least, most):
        assert read(typed(number))[1] == []
    for number in (least - 1, most + 1):
        assert read(typed(number))[1] == [f"{group}.{key}"]


@pytest.mark.parametrize(("key", "choices"), [("escort", ["adult", "adult_or_medical_transport"]), ("driving", ["next_day_after_sleep", "24_hours_and_sleep"])])
def test_only_the_safe_choices_are_there(read, key, choices):
    """Nobody goes home alone and nobody drives on the same day, whatever word a clinic tries."""
    for choice in choices:
        assert read(f"{MINIMAL}going_home: {{{key}: {choice}}}\n")[1] == []
    for choice in ("none", "no", "optional", "taxi", "same_day", "12_hours", "when_ready", "false", "0", "~", "''", "[]", "{}"):
        assert read(f"{MINIMAL}going_home: {{{key}: {choice}}}\n")[1] == [f"going_home.{key}"]


def test_only_the_spray_lets_a_patient_drive_before_24_hours(read):
    """A clinic that gives ketamine itself says 24 hours whatever it chose, and is told so; one that gives only the spray has the choice."""
    text = (CLINICS / "spray-only.yml").read_text("utf-8") + "going_home: {driving: next_day_after_sleep}\n"
    assert read(text)[0].driving == "next_day_after_sleep"
    mixed = of("australia")
    assert (mixed.going_home.driving, mixed.driving) == ("next_day_after_sleep", "24_hours_and_sleep")
    assert [problem.key for problem in notices.of(CLINICS / "australia.yml", mixed)] == ["going_home.driving"]


def test_a_time_zone_of_another_country_says_nothing_of_open_now(tmp_path):
    """A British clinic that kept the sample's time zone is told so, and no page guesses whether it is open."""
    path = tmp_path / "clinic.yml"
    for zone, told, shown in (("America/Los_Angeles", ["timezone"], False), ("Europe/London", [], True), ("Europe/Belfast", [], True), ("UTC", ["timezone"], False), ("EST5EDT", ["timezone"], False)):
        path.write_text((CLINICS / "england-infusions.yml").read_text("utf-8").replace("Europe/London", zone), "utf-8")
        clinic = file.load(path)
        assert [problem.key for problem in notices.of(path, clinic)] == told
        assert bool(Edition.of(path).said["locations"][0]["week"]) == shown


def floors_of_the_rules():
    """(treatment or going_home, key, least, told below) of every number that rules.yml says has a floor."""
    for rule in yaml.safe_load((ROOT / "docs" / "en" / "rules.yml").read_text("utf-8"))["rules"].values():
        for key, floor in rule.get("floor", {}).items():
            for group, said in ([("going_home", floor)] if "refuse" in floor else floor.items()):
                if isinstance(said["refuse"], int | float):
                    yield group, key, said["refuse"], said.get("tell", said["refuse"])


FILE = """name: Elm Street Ketamine Clinic
country: US
timezone: America/New_York
phone: (212) 555-2368
after_hours_phone: none
locations: [{{address: {{street: 1 Elm Street, city: New York}}}}]
treatments: {{{treatments}}}
visit: {{watched_by: {by}}}
going_home: {{{home}}}
"""


@pytest.mark.parametrize(("group", "key", "least", "tell"), list(floors_of_the_rules()))
def test_a_floor_is_where_the_rules_say(tmp_path, group, key, least, tell):
    """Below the number of rules.yml a file is refused with the fact, from there to what is usual it is told so, from there on nothing is said."""
    path = tmp_path / "clinic.yml"

    def told(number):
        own = f"{key}: {number:g}" + (", rems_certified: true" if group == "nasal_esketamine" else "") + (", no_drinks_hours: 2" if key == "no_food_hours" and group != "nasal_esketamine" else "")
        path.write_text(FILE.format(treatments="iv: {}" if group == "going_home" else f"{group}: {{{own}}}", by="a nurse", home=own if group == "going_home" else ""), "utf-8")
        clinic, problems = file.read(path)
        return [problem for problem in problems if problem.key.endswith(key)], [notice for notice in notices.of(path, clinic) if notice.key.endswith(key)] if clinic else []

    step = 0.25 if key == "no_drinks_hours" else 1
    refused, _ = told(least - step)
    assert len(refused) == 1 and "for safety" in refused[0].hint and re.search(r"F\d+\.\d+", refused[0].hint)
    for number in {least, tell - step} if tell > least else ():
        refused, noticed = told(number)
        assert refused == [] and len(noticed) == 1 and re.search(r"F\d+\.\d+", noticed[0].hint)
    assert told(tell) == ([], [])


def test_the_rules_know_every_floor():
    """No number has a floor that rules.yml, and so the page for staff and the clinician's sign-off, does not name."""
    held = {(*place[-2:], floor.refuse, floor.tell) for place, _, floor in floors(of("longest"))}
    assert held == set(floors_of_the_rules())


@pytest.mark.parametrize(("country", "ways", "camera"), [
    ("US", "iv: {}", "refused"), ("US", "im: {}", "refused"), ("GB", "sc: {}", "refused"), ("US", "nasal_esketamine: {rems_certified: true}", "refused"),
    ("GB", "nasal_esketamine: {}", "told"), ("US", "oral: {}", "told"), ("GB", "nasal_esketamine: {}, iv: {}", "refused")])
def test_a_camera_is_enough_only_where_help_can_wait(tmp_path, country, ways, camera):
    """Where a drip, an injection or the spray in the US is given, somebody is in the room; elsewhere a clinic with a camera is told what it cannot do."""
    path = tmp_path / "clinic.yml"
    text = FILE.format(treatments=ways, by="a nurse, watching: camera", home="")
    if country == "GB":
        text = text.replace("country: US", "country: GB\nregion: England").replace("America/New_York", "Europe/London").replace("(212) 555-2368", "020 7946 0456")
    path.write_text(text, "utf-8")
    clinic, problems = file.read(path)
    assert [problem.key for problem in problems] == (["visit.watching"] if camera == "refused" else [])
    assert clinic is None or [notice.key for notice in notices.of(path, clinic)] == ["visit.watching"]


@pytest.mark.parametrize(("by", "taken"), [
    ("a nurse trained in ketamine care", True), ("an anaesthetist", True), ("a nurse with a monitor", True), ("a family doctor", True), ("a person trained to monitor you", True),
    ("an APP", True), ("eine Pflegefachkraft", True), ("a ward sister", True), ("a medical assistant", True),
    ("a camera", False), ("a monitor", False), ("an app", False), ("a medical device", False), ("your adult", False), ("a relative", False), ("my sister", False), ("the patient's wife", False)])
def test_who_watches_is_someone_trained(read, by, taken):
    """A trained role of any name is taken; a device, a relative or the adult who takes the patient home is none."""
    assert read(FILE.format(treatments="iv: {}", by=by, home=""))[1] == ([] if taken else ["visit.watched_by"])


def test_every_floor_cites_a_fact_that_is_in_the_register():
    """The number that a message gives for its reason can be looked up."""
    cited = set(re.findall(r"F\d+\.\d+", (ROOT / "guide" / "clinic" / "model.py").read_text("utf-8")))
    assert len(cited) > 8
    assert cited <= set(yaml.safe_load((ROOT / "docs" / "en" / "facts.yml").read_text("utf-8")))


def test_a_file_that_says_nothing_of_safety_gets_the_stricter_rules():
    """What a clinic leaves out is the safer choice."""
    home, visit = of("minimal").going_home, of("minimal").visit
    assert (home.escort, home.driving) == ("adult", "24_hours_and_sleep")
    assert (home.escort_stays_hours, home.no_alcohol_hours, home.no_decisions_hours, home.no_childcare_alone_hours) == (12, 24, 24, 24)
    assert (visit.watching, visit.companion, visit.pregnancy_test) == ("in_room", "waiting_room", "all_who_could_be")


def test_each_treatment_has_its_own_defaults(read):
    """A bare name takes them all, and a group that says one thing keeps the others."""
    offered = of("us-three-locations").treatments
    assert (offered.im.session_minutes, offered.im.no_food_hours, offered.im.course.sessions) == (None, 6, 6)
    assert (offered.nasal_esketamine.stay_minutes, offered.nasal_esketamine.no_food_hours, offered.nasal_esketamine.no_drinks_hours) == (120, 2, 0.5)
    assert of("minimal").treatments.iv.session_minutes == 40
    clinic, _ = read(MINIMAL.replace("  iv:\n", "  nasal_esketamine: {rems_certified: true, course: {per_week: 1}}\n"))
    assert (clinic.treatments.nasal_esketamine.course.sessions, clinic.treatments.nasal_esketamine.course.per_week) == (8, 1)
    assert [key for key, _ in of("longest").treatments.offered()] == ["iv", "im", "sc", "nasal_esketamine", "sublingual", "oral"]


PHONES = {
    "US": {"(212) 555-2368": "+12125552368", "212-555-2368": "+12125552368", "2125552368": "+12125552368", "1 212 555 2368": "+12125552368",
           "+1 (212) 555-2368": "+12125552368", "212.555.2368 ext. 7": "+12125552368;ext=7", "212‑555‑2368": "+12125552368", "1-844-555-2368": "+18445552368",
           "212 555 2368 x12": "+12125552368;ext=12"},
    "GB": {"020 7946 0456": "+442079460456", "+44 (0)20 7946 0456": "+442079460456", "0044 20 7946 0456": "+442079460456", "0808 157 0456": "+448081570456",
           "020 7555 0123": "+442075550123"},
    "AU": {"(02) 5550 2368": "+61255502368", "1300 975 707": "+611300975707", "1800 160 401": "+611800160401"},
}
NOT_PHONES = {
    "US": ["911", "988", "112", "555-2368", "212 555 236", "212 555 23688", "112 555 2368", "1-800-KETAMINE", "212 555 2368 / 212 555 2369", "212 555 2368, 2369",
           "tel:+12125552368", "+12125552368;ext=1", "212 555 2368 (Ann)", "٢١٢٥٥٥٢٣٦٨", "+44 20 7946 0456", "(416) 555-2368", "900 555 2368",
           "1-800-222-1222", "+1 800 222 1222", "212 555 0150", "+1", "()", "no", "0"],
    "GB": ["999", "111", "112", "116 123", "0808 808 8000", "0909 879 0123", "20 7946 0456 7", "7946 0456"],
    "AU": ["000", "13 11 14", "131126", "+61 13 11 14", "1300 659 467"],
    "NZ": ["111", "0800 611 116", "1737"],
}


@pytest.mark.parametrize("country", PHONES)
def test_a_phone_may_be_typed_as_on_a_letter(read, country):
    """Every usual spelling of a number of the country is taken, with or without an extension."""
    for typed, kept in PHONES[country].items():
        region = "region: England\n" if country == "GB" else ""
        clinic, keys = read(MINIMAL.replace("country: US\n", f"country: {country}\n{region}").replace("(212) 555-2368", f"'{typed}'"))
        assert (typed, keys) == (typed, [])
        assert (typed, clinic.phone) == (typed, kept)


@pytest.mark.parametrize("country", NOT_PHONES)
def test_a_number_that_does_not_reach_the_clinic_is_refused(read, country):
    """Public, foreign, short, made-up and dear numbers, and anything that is not one number, are no clinic's number."""
    for typed in NOT_PHONES[country]:
        region = "region: England\n" if country == "GB" else ""
        _, keys = read(MINIMAL.replace("country: US\n", f"country: {country}\n{region}").replace("(212) 555-2368", f"'{typed}'"))
        assert (typed, keys) == (typed, ["phone"])


@pytest.mark.parametrize("typed", ["116 117", "0800 111 0 111", "0800/1110111", "+49 (0)800 1110111", "0049 (0)800 1110111", "3114"])
def test_a_crisis_line_may_be_short_or_full(read, typed):
    """Short numbers and full ones are taken; one with a country code loses the (0) that must not be dialled."""
    clinic, keys = read(GERMAN.replace("phone: 0800 111 0 111", f"phone: {typed}"))
    assert keys == []
    assert clinic.emergency.crisis_lines[0].phone == typed.replace("(0)", "").replace("0049", "+49")


@pytest.mark.parametrize("typed", ["1", "0", "12", "call us", "0800 111 0", "0800 1110111/0800 1110222", "0800 111 0 111 ext 2", "030 23125 123", "+49 30 23125999", "0900 1 234567 8 9", "0900 1 234567"])
def test_a_crisis_line_must_be_able_to_help(read, typed):
    """A number that nobody could reach, or that is the clinic's own, is no crisis line."""
    assert read(GERMAN.replace("phone: 0800 111 0 111", f"phone: {typed}"))[1] == ["emergency.crisis_lines[0].phone"]


def test_a_pack_is_added_to_and_never_cut():
    """A clinic's own crisis lines stand behind its country's; where there is no pack, they stand alone."""
    assert [line.phone for line in of("hostile-text").pack.crisis_lines] == ["988", "988", "312-555-2377"]
    german = of("germany").pack
    assert (german.emergency, german.name, german.paper, german.words) == ("112", "Germany", "a4", "british")
    assert [line.phone for line in german.crisis_lines] == ["0800 111 0 111", "+49 800 1110222"]
    assert german.poison.phone == "030 19240"


@pytest.mark.parametrize(("region", "poison", "urgent"), [("Ontario", "1-844-764-7669", "811"), ("Quebec", "1-800-463-5060", "811"), ("Manitoba", "1-844-764-7669", None), ("Nunavut", "1-844-764-7669", None)])
def test_a_province_has_its_own_lines(read, region, poison, urgent):
    """In Canada the poison line is that of the province, and 811 is given only where it answers."""
    clinic, keys = read((CLINICS / "canada.yml").read_text("utf-8").replace("region: Ontario", f"region: {region}"))
    assert keys == []
    assert clinic.pack.poison.phone == poison
    assert (clinic.pack.urgent.phone if clinic.pack.urgent else None) == urgent


@pytest.mark.parametrize(("region", "phone", "poison"), [("England", "111", "111"), ("Scotland", "111", "111"), ("Wales", "111", "111"),
                                                         ("Northern Ireland", "0808 808 8000", None)])
def test_each_nation_has_its_own_crisis_line(read, region, phone, poison):
    """In the United Kingdom the first line to call is that of the nation, and 111 is given only where it answers."""
    clinic, keys = read((CLINICS / "england-infusions.yml").read_text("utf-8").replace("region: England", f"region: {region}"))
    assert keys == []
    assert clinic.pack.crisis_lines[0].phone == phone
    assert (clinic.pack.poison.phone if clinic.pack.poison else None) == poison
    assert (clinic.pack.urgent.phone if clinic.pack.urgent else None) == poison
    assert [line.name for line in clinic.pack.crisis_lines[1:]] == ["Samaritans", "Shout"]


def test_a_clinic_may_name_a_poison_line_where_the_guide_has_none():
    """The clinic's own line takes the empty place."""
    assert of("overdue-review").pack.poison.phone == "028 9018 0999"


@pytest.mark.parametrize("code", packs())
def test_every_pack_can_be_called(code):
    """A pack has an emergency number and crisis lines with an official page; every number was checked on a day that has come, and is a short one or one that works there."""
    pack = packs()[code]
    assert pack.emergency.isdigit()
    for line in pack.crisis_lines:
        assert (line.phone or line.text) and line.url.startswith("https://"), line.name
        assert not line.text or re.fullmatch(r"(\w+ to )?\d{3,6}", line.text) or phonenumbers.is_valid_number(phonenumbers.parse(line.text, code)), line.text
    tomorrow = datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=1)
    for line in [line for line in [*pack.crisis_lines, pack.poison, *(pack.poison.instead.values() if pack.poison else []), pack.urgent, pack.reporting] if line and (line.phone or line.text)]:
        assert line.checked and line.checked <= tomorrow, f"{line.name}: nobody has checked it, or the day has not come yet"
        assert not line.phone or re.fullmatch(r"\d{3}( ?\d){0,3}", line.phone) or phonenumbers.is_valid_number(phonenumbers.parse(line.phone, code)), line.phone


@pytest.mark.parametrize("code", packs())
def test_every_number_to_call_is_one_of_the_facts(code):
    """A line's number, and how to text it, stand in a fact that says where it was read."""
    read = re.sub(r"[^\d ;,.a-z]", "", " ".join(fact["says"] for fact in yaml.safe_load((ROOT / "docs" / "en" / "facts.yml").read_text("utf-8")).values()).replace("-", "").lower())
    known = {re.sub(r"\D", "", part) for part in re.findall(r"\d[\d ]*", read)}
    pack = packs()[code]
    urgent = [line for line in (pack.poison, pack.urgent) if line]
    for line in [*pack.crisis_lines, *urgent, *(other for line in urgent for other in line.instead.values())]:
        for way in filter(None, (line.phone, line.text.rpartition(" to ")[2])):
            assert re.sub(r"\D", "", way) in known, (line.name, way)


@pytest.mark.parametrize(("right", "wrong", "told"), [
    ('emergency: "111"', "emergency: 111", "NZ.emergency"), ("urgent:", "urgnt:", "CA.urgnt"), ('name: "Shout", ', "", "GB.crisis_lines.5.name")])
def test_a_mistake_in_a_pack_is_not_taken_for_one_of_the_clinic(tmp_path, monkeypatch, right, wrong, told):
    """Who adds a country reads which pack and which key is wrong, not that the clinic's own file is."""
    text = countries.PACKS.read_text("utf-8")
    assert right in text
    (tmp_path / "countries.yml").write_text(text.replace(right, wrong, 1), "utf-8")
    monkeypatch.setattr(countries, "PACKS", tmp_path / "countries.yml")
    packs.cache_clear()
    try:
        with pytest.raises(countries.PackProblem, match=rf"^guide/clinic/countries.yml: {told}: "):
            file.read(CLINICS / "minimal.yml")
    finally:
        packs.cache_clear()


def test_a_check_long_past_does_not_stop_the_guide():
    """A review whose next day is over is accepted; the pages say so in a banner."""
    assert of("overdue-review").review.next < environment.today()


@pytest.mark.parametrize(("on", "following", "right"), [
    ("2026-11-22", "2027-11-22", True), ("2026-11-22", "2027-11-23", False), ("2026-11-22", "2026-11-23", True), ("2026-11-22", "2026-11-22", False),
    ("2024-02-29", "2025-02-28", True), ("2024-02-29", "2025-03-01", False), ("2026-11-23", "2027-11-23", True), ("2026-11-24", "2027-11-24", False)])
def test_a_review_holds_for_a_year_at_most(read, on, following, right):
    """The day of the check has come (somewhere on Earth), and the next is after it, within 12 months."""
    _, keys = read(f"{MINIMAL}review: {{by: The lead, role: Psychiatrist, on: {on}, next: {following}}}\n")
    assert (keys == []) is right


WEEKS = {
    "{mon-wed: 08:30-17:00}": {"mon": [(510, 1020)], "tue": [(510, 1020)], "wed": [(510, 1020)]},
    "{sat-mon: 10:00-12:00}": {"mon": [(600, 720)], "sat": [(600, 720)], "sun": [(600, 720)]},
    "{mon: closed}": {"mon": []},
    "{mon: [closed]}": {"mon": []},
    "{mon: 24h}": {"mon": [(0, 1440)]},
    "{mon: 00:00-24:00}": {"mon": [(0, 1440)]},
    "{fri: 22:00-06:00, sat: 06:00-08:00}": {"fri": [(1320, 1800)], "sat": [(360, 480)]},
    "{sun: 20:00-05:00, mon: 05:00-08:00}": {"mon": [(300, 480)], "sun": [(1200, 1740)]},
    "{Mon – Tue: 09:00 – 12:00}": {"mon": [(540, 720)], "tue": [(540, 720)]},
}
NOT_WEEKS = ["{}", "[]", "x", "{mo: closed}", "{mon*tue: closed}", "{'': closed}", "{-: closed}", "{mon-tue-wed: closed}", "{mon: ''}", "{mon: []}", "{mon: {}}", "{mon: [[]]}",
             "{mon: 9-5}", "{mon: 09:00}", "{mon: 09:00-25:00}", "{mon: 24:00-02:00}", "{mon: 09:00-09:00}", "{mon: 00:00-00:00}", "{mon: 9am}", "{mon: ０９:００-１７:００}",
             "{mon: 09:00-05:00}", "{mon: 01:00-05:00}", "{mon: [13:00-17:00, 09:00-12:00]}", "{mon: [09:00-12:00, 11:00-13:00]}", "{mon: [09:00-12:00, 09:00-12:00]}",
             "{mon: [24h, 09:00-12:00]}", "{mon: [closed, 09:00-12:00]}", "{mon: closed, mon-tue: closed}", "{mon: 20:00-07:00, tue: 06:00-08:00}",
             "{sun: 20:00-07:00, mon: 06:00-08:00}", "{mon-sun: [06:00-08:00, 20:00-07:00]}", "{mon: 20:00-01:00, tue: 24h}"]


@pytest.mark.parametrize("typed", WEEKS)
def test_opening_hours_are_read(typed):
    """Days, ranges of days round the week's end, spans over midnight, closed and 24h become minutes of a week."""
    assert {day: list(opens.spans) for day, opens in hours.parse(yaml.load(typed, yaml.BaseLoader)).items()} == WEEKS[typed]


@pytest.mark.parametrize("typed", NOT_WEEKS)
def test_opening_hours_that_cannot_be_are_refused(typed):
    """A day twice, times that overlap (over midnight and round the week, too), and times that were meant for the afternoon."""
    with pytest.raises(PydanticCustomError):
        hours.parse(yaml.load(typed, yaml.BaseLoader))


def test_hours_that_meet_do_not_overlap():
    """One span may begin in the minute in which another ends, even at midnight."""
    assert hours.parse({"mon": ["09:00-12:00", "12:00-13:00"], "tue": "18:00-24:00", "wed": ["00:00-08:00"]})


ADDRESSES = {
    "website": ["https://elm.com", "https://www.elm-clinic.co.uk/a/b?c=d&e=f#g", "https://elm.com:8443/", "https://mühle.de/ä", "https://xn--mhle-0ra.de", "https://ELM.com"],
    "email": ["a@elm.com", "first.last+x@mail.elm-clinic.co.uk", "o'brien@elm.com", "a_b-c@elm.health"],
}
NOT_ADDRESSES = {
    "website": ["http://elm.com", "javascript:alert(1)", "elm", "//elm.com", "https:elm.com", "https://", "https://elm", "https://localhost", "https://elm.local", "https://127.0.0.1",
                "https://[::1]/", "https://[", "https://user@elm.com", "https://user:pass@elm.com", "https://elm.com:port", "https://elm.com:99999", "https://elm.com/a b",
                "https://elm.com/<b>", "https://elm.com/{{x}}", "https://elm.com/[x](y)", "https://elm.com/`x`", "https://elm..com", "https://-elm.com", "https://elm.com\\@x.com",
                "https://www.example.com", "https://clinic.example", "https://elm.test", "https://www.your-clinic.com", "HTTPS://elm.com", "https://" + "a" * 300 + ".com"],
    "email": ["a", "@elm.com", "a@", "a@elm", "a@@elm.com", "a b@elm.com", "a@elm.com, b@elm.com", "A <a@elm.com>", "<a@elm.com>", "a@elm.com?subject=x", "a?b@elm.com", "a&b@elm.com",
              "a@1.2.3.4", "a@elm..com", ".a@elm.com", "a..b@elm.com", "mailto:a@elm.com", "a@example.com", "a@elm.invalid", "{{x}}@elm.com", "a@" + "b" * 120 + ".com"],
}


@pytest.mark.parametrize("key", ADDRESSES)
def test_an_address_that_can_be_reached_is_taken(read, key):
    """Secure web addresses and plain e-mail addresses, in any script."""
    for typed in ADDRESSES[key]:
        assert (typed, read(f"{MINIMAL}{key}: '{typed.replace(chr(39), chr(39) * 2)}'\n")[1]) == (typed, [])


@pytest.mark.parametrize("key", NOT_ADDRESSES)
def test_an_address_that_is_unsafe_or_reaches_nobody_is_refused(read, key):
    """Other schemes, machines without a name, secrets, markup and reserved names."""
    for typed in NOT_ADDRESSES[key]:
        assert (typed, read(f"{MINIMAL}{key}: '{typed}'\n")[1]) == (typed, [key])


PICTURES = {
    "script": "<script>alert(1)</script>", "a script under another prefix": '<s:script xmlns:s="http://www.w3.org/2000/svg">alert(1)</s:script>',
    "an event": '<rect onload="alert(1)"/>', "an event behind a slash": '<rect/onload="alert(1)"/>', "a link": '<a href="https://elm.com"><rect/></a>',
    "another picture": '<image href="https://elm.com/x.png"/>', "a picture in itself": '<image xlink:href="data:image/png;base64,AAAA"/>', "a fill from elsewhere": '<rect fill="url( \'https://elm.com/x#y\')"/>',
    "a style from elsewhere": "<style>@import 'https://elm.com/x.css'</style>", "a page in it": "<foreignObject><p>x</p></foreignObject>", "an animation": '<set attributeName="x"/>',
    "a hidden letter": '<rect x="&#106;avascript"/>', "copies of copies": '<use href="#x"/>',
}


@pytest.mark.parametrize("what", PICTURES)
def test_a_logo_holds_shapes_only(read, tmp_path, what):
    """A logo that could run, load or lead anywhere is refused."""
    (tmp_path / "clinic").mkdir()
    logo = tmp_path / "clinic" / "logo.svg"
    logo.write_text('<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h9v9z"/></svg>', "utf-8")
    assert read(f"{MINIMAL}look: {{logo: clinic/logo.svg}}\n")[1] == []
    logo.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{PICTURES[what]}</svg>', "utf-8")
    assert read(f"{MINIMAL}look: {{logo: clinic/logo.svg}}\n")[1] == ["look.logo"]


def test_a_logo_behind_a_link_out_of_the_folder_is_refused(read, tmp_path):
    """A link in clinic/ does not bring in a file from elsewhere."""
    (tmp_path / "clinic").mkdir()
    (tmp_path / "secret.svg").write_text("<svg/>", "utf-8")
    (tmp_path / "clinic" / "logo.svg").symlink_to(tmp_path / "secret.svg")
    assert read(f"{MINIMAL}look: {{logo: clinic/logo.svg}}\n")[1] == ["look.logo"]


def test_a_locations_name_makes_a_file_name():
    """Every name gives a name of letters, digits and dashes; no name leads out of a folder, and none is empty."""
    assert [slugify(name) for name in ("Säo Paulo St.", "Pearl District", "../..//x", "a\\b:c")] == ["sao-paulo-st", "pearl-district", "x", "a-b-c"]
    assert slugify("東京").isalnum() and slugify("東京") != slugify("大阪")


def test_a_clinic_cannot_be_changed_once_it_is_read():
    """Nothing that renders a page can alter a rule on the way."""
    with pytest.raises(ValueError, match="frozen"):
        of("minimal").name = "Other"


def test_the_model_has_every_key_of_the_longest_clinic():
    """tests/clinics/good/longest.yml leaves no key out, so that every bound of text is met by a file."""
    typed = yaml.load((CLINICS / "longest.yml").read_text("utf-8"), yaml.BaseLoader)
    assert set(typed) == set(Clinic.model_fields)
    assert len(typed["name"]) == 80 and len(typed["complaints"]) == 600 and len(typed["locations"]) == 30
