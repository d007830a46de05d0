"""My visit: the same times in Python, in a browser, on paper and in a calendar; never too early, and none from a bad link."""

import datetime
import gzip
import hashlib
import html
import io
import json
import random
import re
import unicodedata
import zoneinfo

import icalendar
import pytest
import yaml
import zxingcpp
from conftest import CLINICS, EPOCH, ROOT, build, served
from PIL import Image
from pypdf import PdfReader
from test_browser import found_by_axe, view  # noqa: F401 - a fixture

from guide.clinic import file, zones
from guide.edition import Edition
from guide.pages import my_visit
from guide.words import visit
from guide.words.visit import Rules

CASES = yaml.safe_load((ROOT / "tests" / "visit_cases.yml").read_text("utf-8"))
CLOCKS = ["Asia/Tokyo", "America/Vancouver", "Europe/London"]
SCRIPT = (ROOT / "overrides" / "assets" / "my-visit.js").read_text("utf-8")
UTC = datetime.UTC
ONE = "#t=iv&p=escondido&at=2026-12-10T0900"
NOW = "2026-12-01T12:00:00Z"


def rules_of(row):
    """The numbers of a case as the guide has them."""
    given, fixed = row["rules"], Edition.of(file.SAMPLE).visits["iv"]
    hours = {name: round(60 * given[name]) for name in ("food", "drinks", "adult", "alcohol", "papers", "children")}
    return Rules(**hours, **{name: given[name] for name in ("session", "stay", "early")}, drive=24 * 60 if given["drive"] == "24" else 0,
                 **{name: getattr(fixed, name) for name in ("alcohol_before", "mood_days", "morning", "morning_after", "night", "wake")})


def counted(row):
    """What the reference says of a case, in the form of the cases."""
    left = datetime.datetime.fromisoformat(row["left"]) if "left" in row else None
    try:
        times = visit.times(rules_of(row), zoneinfo.ZoneInfo(row["zone"]), datetime.datetime.fromisoformat(row["at"]), row.get("which", 0), left)
    except visit.Refused as reason:
        return {"refuse": str(reason)}
    except visit.ShownTwice as both:
        return {"ask": [moment.isoformat(timespec="minutes") for moment in both.args]}
    said = {name: moment.isoformat(timespec="minutes") for name, moment in times.moments.items()}
    said["drive"] = times.drive.isoformat(timespec="minutes") if isinstance(times.drive, datetime.datetime) else str(times.drive)
    said["mood_until"] = str(times.mood_until)
    said |= {"meal_evening": str(times.meal_evening)} if times.meal_evening else {}
    said |= {"adult_night": times.adult_night.isoformat(timespec="minutes")} if times.adult_night else {}
    return said | ({"said_twice": list(times.said_twice)} if times.said_twice else {}) | ({"clocks_change": True} if times.clocks_change else {})


@pytest.mark.words
@pytest.mark.parametrize("row", CASES, ids=lambda row: row["visit"])
def test_the_reference_counts_each_case(row):
    """Each visit of the table has its times."""
    assert counted(row) == row["times"]


@pytest.mark.words
@pytest.mark.parametrize("zone", sorted({row["zone"] for row in CASES} | {"America/Edmonton", "Africa/Casablanca", "UTC"}))
def test_the_table_of_changes_is_that_of_the_package(zone):
    """At each hour of five years the table has the clock of the package tzdata, and no entry too many."""
    table, clock = zones.changes(zone, 2025, 2029), zoneinfo.ZoneInfo.no_cache(zone)
    offsets = [east for _, east in table]
    assert all(one != other for one, other in zip(offsets, offsets[1:]))
    now, n = datetime.datetime(2025, 1, 1, tzinfo=UTC), 0
    while now.year < 2030:
        minute = int(now.timestamp()) // 60
        while n + 1 < len(table) and table[n + 1][0] <= minute:
            n += 1
        assert now.astimezone(clock).utcoffset() == datetime.timedelta(minutes=table[n][1]), now
        now += datetime.timedelta(hours=1)


@pytest.mark.words
@pytest.mark.parametrize("name", ["sample", "us-three-locations", "england-infusions", "spray-only", "longest", "by-mouth", "scotland-spray"])
def test_the_page_counts_with_the_numbers_of_the_sentences(name, monkeypatch):
    """Each length of time that My visit counts with is the one that the rule says to people."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)
    edition = Edition.of(file.SAMPLE if name == "sample" else CLINICS / f"{name}.yml")
    told, length = edition.plain, edition.times.minutes
    for key, numbers in my_visit.data(edition)["treatments"].items():
        before, after = numbers["before"], numbers["after"]
        food, drinks = (length(before[line]) for line in ("last_food", "last_drink"))
        assert f"for {food} before" in told.by_treatment["food"][key].you and f"until {drinks} before" in told.by_treatment["food"][key].you
        stay = length(numbers["stay"] - edition.visits[key].session)
        assert f"at least {stay} " in told.by_treatment["leave"][key].you
        assert not before["be_there"] or length(before["be_there"]) in told.rules["arrive"].you
        assert f"from {length(before['alcohol_stop'])} before until {length(after['alcohol_from'])} after" in told.rules["alcohol"].you
        assert f"from {length(before['alcohol_stop'])} before until {length(after['alcohol_from'])} after" in told.rules["drugs"].you
        assert f"for {length(after['adult_until'])} from the time you leave" in told.rules["stay"].you
        assert f"For {length(after['papers_from'])} after" in told.rules["decide"].you and f"For {length(after['children_from'])} after" in told.rules["children"].you
        driving = f"until {length(after['drive'])} after your dose, and not before a full night's sleep" if after["drive"] else "until the day after your dose, and not before a full night's sleep"
        assert driving in told.rules["drive"].you and bool(numbers["drive_day"]) is not bool(after["drive"])


@pytest.mark.words
def test_the_script_holds_no_number_of_a_rule_and_no_word():
    """Rules and words come with the page: the script has the lengths of a minute and a day, and says each phrase that is there for it."""
    code = re.sub(r"//.*", "", SCRIPT)
    assert set(re.findall(r"(?<![\w.])\d[\d_]*(?!\w)", re.sub(r"slice\([^)]*\)|padStart\([^)]*\)|/\^?\[[^/]*/", "", code))) <= {"0", "00", "1", "2", "60", "75", "1440", "60_000"}
    phrases = yaml.safe_load((ROOT / "docs" / "en" / "phrases.yml").read_text("utf-8"))["visit"]["say"]
    lines = {line for line, *_ in (*my_visit.BEFORE, *my_visit.AFTER)}
    assert [name for name in phrases if f"say.{name}" not in code and f'"{name}"' not in code and name.removeprefix("title_") not in lines | {"meal_evening", "left_early", "no_such_time"}] == []


@pytest.mark.words
def test_the_library_for_the_qr_code_is_the_one_that_was_looked_at():
    """The file that is not ours has the bytes of lean-qr 2.7.4 on npm (nano.mjs), and its license beside it."""
    folder = ROOT / "overrides" / "assets" / "vendor"
    assert {path.name: hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest() for path in folder.iterdir()} == {
        "lean-qr-2.7.4.min.js": "9f064e870e3ab537ca1f87fadbaa45dd7fa56d8c32440bbddb8b893201b951d7",
        "lean-qr-2.7.4.LICENSE.txt": "dc672b829e054d6c102da8776d327f26f27edc1f88740c1878a7ca5b9f74da73",
    }


# In a browser.


@pytest.fixture(scope="module")
def site(sample):
    """The address of the sample clinic's My visit."""
    with served(sample.site) as address:
        yield f"{address}ketamine-guide/my-visit/"


def of_the_page(page):
    return json.loads(page.get_attribute("[data-visit]", "data-visit"))


def with_rules(page, row, spoil=lambda data: None):
    """Let the page that is opened next have the rules and the clocks of a case."""
    year = int(row["at"][:4])

    def answer(route):
        text = route.fetch().text()
        data = json.loads(html.unescape(re.search(r'data-visit="([^"]*)"', text)[1]))
        data["treatments"]["iv"] = my_visit.counted(rules_of(row))
        data["zones"] = [{"city": "There", "changes": zones.changes(row["zone"], year - 1, year + 3)}]
        data["until"] = (datetime.date(year + 4, 1, 1) - datetime.date(1970, 1, 1)).days * 1440
        spoil(data)
        route.fulfill(body=re.sub(r'data-visit="[^"]*"', lambda _: f'data-visit="{html.escape(json.dumps(data))}"', text), content_type="text/html")

    page.unroute("**/my-visit/")
    page.route("**/my-visit/", answer)


def link_of(row):
    more = (f"&which={row['which']}" if "which" in row else "") + (f"&left={row['left'].replace(':', '')}" if "left" in row else "")
    return f"#t=iv&p=escondido&at={row['at'].replace(':', '')}{more}"


def opened(page, site, row, spoil=lambda data: None):
    """A case on the page, by its link, on a day when it lies ahead, or after it where the patient has left."""
    with_rules(page, row, spoil)
    day = datetime.datetime.fromisoformat(row["at"]) + datetime.timedelta(days=2 if "left" in row else -3)
    page.clock.set_fixed_time(day.replace(tzinfo=UTC))
    page.goto("about:blank")
    page.goto(site + link_of(row))
    return page


def said_at(text, row=None, line=""):
    """A moment as it is said in the US: “9:00 AM on Thursday, December 10”."""
    moment = datetime.datetime.fromisoformat(text)
    if (moment.hour, moment.minute) == (0, 0):
        said = f"midnight between {said_day(moment - datetime.timedelta(days=1))} and {said_day(moment)}"
    else:
        clock = "noon" if (moment.hour, moment.minute) == (12, 0) else f"{moment.hour % 12 or 12}:{moment:%M} {'AM' if moment.hour < 12 else 'PM'}"
        said = f"{clock} on {said_day(moment)}"
    if row and line in row["times"].get("said_twice", ()):
        zone = zoneinfo.ZoneInfo(row["zone"])
        second = moment.replace(tzinfo=None) == (moment.astimezone(UTC) - datetime.timedelta(hours=1)).astimezone(zone).replace(tzinfo=None)
        said += " (the second one, after the clocks have gone back)" if second else " (the first one, before the clocks go back)"
    return said


def is_moment(value):
    return isinstance(value, str) and "T" in value


def said_day(day):
    return f"{day:%A}, {day:%B} {day.day}"


def expected(row):
    """{line: what stands there} of a case with times, in the words of the US."""
    times = row["times"]
    lines = {name: said_at(text, row, name) for name, text in times.items() if is_moment(text)}
    lines["alcohol_stop"] = f"from {lines['alcohol_stop']}"
    evening = times.get("meal_evening")
    lines["last_food"] = f"on the evening of {said_day(datetime.date.fromisoformat(evening))}; nothing after {lines['last_food']}" if evening else f"until {lines['last_food']}"
    lines["be_there"], lines["morning_check"] = (f"at {lines[name]}" for name in ("be_there", "morning_check"))
    lines["home_not_before"] = f"not before {lines['home_not_before']}, and not before you walk and think clearly"
    lines["adult_until"] = f"the night, at least until {said_at(times['adult_night'])}" if "adult_night" in times else f"at least until {lines['adult_until']}"
    lines |= {name: f"until {lines[name]}" for name in ("alcohol_from", "papers_from", "children_from")}
    drive = f"until {lines['drive']}" if "T" in times["drive"] else f"before {said_day(datetime.date.fromisoformat(times['drive']))}"
    lines["drive"] = f"{drive}, and not before a full night's sleep"
    lines["mood"] = f"watch it until {said_day(datetime.date.fromisoformat(times['mood_until']))}; if it drops fast, call us now"
    lines.pop("adult_night", None)
    return lines


def shown(page):
    """{line: what stands there} as a reader sees it."""
    return page.evaluate("Object.fromEntries([...document.querySelectorAll('[data-line]:not([hidden]) .visit-time')].map(e => [e.closest('tr').dataset.line, e.textContent]))")


def assert_empty(page):
    """No time stands anywhere, and the form can be filled in."""
    assert not page.locator("[data-part=result]").is_visible() and page.locator("[name=day]").is_visible()


@pytest.mark.parametrize("clock", CLOCKS)
def test_the_page_says_each_case_wherever_the_phone_is(view, site, clock):  # noqa: F811
    """Each visit of the table is said with its times, on a phone that stands in another part of the world, and as the clinic's where its clock differs."""
    page = view(timezone_id=clock)
    for row in CASES:
        opened(page, site, row)
        times = row["times"]
        if "refuse" in times:
            assert_empty(page)
            assert page.locator("[data-part=said]").inner_text().startswith({"no_such_time": "No clock shows this time", "left_early": "This is earlier than your stay"}[times["refuse"]]), row
        elif "ask" in times:
            assert_empty(page)
            assert page.locator("[name=which]").is_visible()
        else:
            found = shown(page)
            assert found.pop("dose").startswith(said_at(row["at"] + "+00:00").split(" on ")[0]), row
            assert found == expected(row), row["visit"]
            notes = page.locator("[data-part=notes]").inner_text()
            assert ("The clocks change at" in notes) == times.get("clocks_change", False), row["visit"]
            moments = [datetime.datetime.fromisoformat(text) for text in times.values() if is_moment(text)]
            here = page.evaluate("moments => moments.map(moment => -new Date(moment).getTimezoneOffset())", [moment.timestamp() * 1000 for moment in moments])  # a browser may know an older zone
            assert ("by the clock in There" in notes) == any(moment.utcoffset() != datetime.timedelta(minutes=east) for moment, east in zip(moments, here, strict=True)), row["visit"]


def events_of(page):
    """(the file's bytes, {name of the entry: entry}) of the calendar that the page gives."""
    with page.expect_download() as download:
        page.click("[data-do=calendar]")
    data = download.value.path().read_bytes()
    assert download.value.suggested_filename == "my-visit.ics"
    events = icalendar.Calendar.from_ical(data).walk("VEVENT")
    return data, {str(event["UID"]).partition("-t-")[0]: event for event in events}, events


def test_each_case_goes_into_a_calendar(view, site):  # noqa: F811
    """icalendar reads the file of each case: the visit first, with all times in its text, the same moments in UTC, neutral titles, each its own UID, no alarm from 22:00 to 7:00, no line over 75 bytes."""
    page, count = view(timezone_id="Asia/Tokyo", accept_downloads=True), 0
    for row in CASES:
        if "ask" in row["times"] or "refuse" in row["times"]:
            continue
        opened(page, site, row)
        data, named, events = events_of(page)
        times, zone, ahead = row["times"], zoneinfo.ZoneInfo(row["zone"]), "left" not in row
        assert all(len(line) <= 75 for line in data.split(b"\r\n")) and b"\n" not in data.replace(b"\r\n", b"")
        assert list(named)[0] == "visit" and len(named) == len(events)
        text, lines = str(events[0]["DESCRIPTION"]), expected(row)
        for name, said in lines.items():
            assert (said in text) == (ahead or name not in ("alcohol_stop", "last_food", "last_drink", "be_there")), (row["visit"], name)
        assert "911" in text and link_of(row) in text
        starts = {event["DTSTART"].dt for event in events}
        wanted = {datetime.datetime.fromisoformat(text) for name, text in times.items() if is_moment(text) and name not in ("home_not_before", "adult_until", "adult_night", "last_food", "alcohol_stop", "last_drink")}
        wanted |= {datetime.datetime.fromisoformat(times.get("adult_night", times["adult_until"]))}
        if ahead:
            wanted |= {datetime.datetime.fromisoformat(times[name]) for name in ("alcohol_stop", "last_drink")}
            food = named["last_food"]["DTSTART"].dt.astimezone(zone)
            assert (str(food.date()), food.hour) == (times["meal_evening"], 20) if "meal_evening" in times else food == datetime.datetime.fromisoformat(times["last_food"])
            assert str(named["last_food"]["SUMMARY"]) == "Last meal" + " this evening" * ("meal_evening" in times)
        assert wanted <= starts, row["visit"]
        assert events[0]["DTEND"].dt == datetime.datetime.fromisoformat(times["home_not_before"])
        for event in events:
            assert re.fullmatch("Appointment|Last meal|Last meal this evening|Last clear drink|Reminder: my plan", str(event["SUMMARY"]))
            assert event["DTSTAMP"].dt.tzinfo and event["DTSTART"].dt.utcoffset() == datetime.timedelta(0)
            for alarm in event.walk("VALARM"):
                assert alarm["TRIGGER"].dt <= datetime.timedelta(0)
                assert 7 <= (event["DTSTART"].dt + alarm["TRIGGER"].dt).astimezone(zone).hour < 22, (row["visit"], event["SUMMARY"])
        assert events[0].walk("VALARM")
        count += 1
    assert count > 15


def test_each_case_fits_on_one_side_of_paper(view, site):  # noqa: F811
    """Printed on Letter and A4 each case is one side, begins with the numbers to call, and names the same moments, with a line for the name and for the pills."""
    page = view()
    for n, row in enumerate(CASES):
        if "ask" in row["times"] or "refuse" in row["times"]:
            continue
        opened(page, site, row)
        if n % 4 == 0:
            page.locator("details", has_text="front desk").locator("summary").click()
            page.click("[data-do=qr]")
            page.locator("[data-part=code] svg").wait_for()
        printed = PdfReader(io.BytesIO(page.pdf(format="A4" if n % 2 else "Letter")))
        assert len(printed.pages) == 1, row["visit"]
        text = " ".join(unicodedata.normalize("NFKC", printed.pages[0].extract_text()).split())
        places = [text.find(part) for part in ("911", "(760) 555-0142", "Name:", "After your visit")]
        assert places == sorted(places) and places[0] >= 0, text
        for name, said in expected(row).items():
            assert (said in text) == ("left" not in row or name not in ("alcohol_stop", "last_food", "last_drink", "be_there")), (row["visit"], name, text)
        assert "Rules of November 22, 2026" in text and "front desk" not in text


@pytest.mark.parametrize(("name", "crisis"), [("england-infusions", "111 (select the mental health option)"), ("us-three-locations", "988")])
def test_the_fullest_visit_of_a_clinic_fits_on_one_side_of_paper(view, clinic_site, name, crisis):  # noqa: F811
    """With every note, the way there and the QR code it is still one side, and the crisis line stands with what to choose there."""
    with served(clinic_site(name).site) as address:
        page = view(timezone_id="Asia/Tokyo")
        page.clock.set_fixed_time("2027-10-25T12:00:00Z")
        page.goto(f"{address}my-visit/")
        data = of_the_page(page)
        page.goto("about:blank")
        page.goto(f"{address}my-visit/#t={next(iter(data['treatments']))}&p={next(iter(data['places']))}&at={'2027-11-06' if name == 'us-three-locations' else '2027-10-30'}T1140")
        page.fill("[name=leave]", "35")
        page.locator("summary", has_text="front desk").click()
        page.click("[data-do=qr]")
        page.locator("[data-part=code] svg").wait_for()
        for paper in ("A4", "Letter"):
            printed = PdfReader(io.BytesIO(page.pdf(format=paper)))
            assert len(printed.pages) == 1, paper
            text = " ".join(unicodedata.normalize("NFKC", printed.pages[0].extract_text()).split())
            assert f"Thoughts of suicide: {crisis}" in text and "by the clock in" in text and "Leave home" in text


HOSTILE = [
    "#t=iv", "#t=im&p=escondido&at=2026-12-10T0900", "#t=iv&p=lincoln&at=2026-12-10T0900", "#t=__proto__&p=escondido&at=2026-12-10T0900", "#t=iv&p=constructor&at=2026-12-10T0900",
    "#t=iv&p=escondido&at=2026-02-30T0900", "#t=iv&p=escondido&at=2026-12-10T2500", "#t=iv&p=escondido&at=2026-12-10T0960", "#t=iv&p=escondido&at=2026-12-10T09:00",
    "#t=iv&p=escondido&at=2026-12-10", "#t=iv&p=escondido&at=12026-12-10T0900", "#t=iv&p=escondido&at=2026-12-10T0900&drive=0", "#t=iv&p=escondido&at=2026-12-10T0900&at=2026-12-11T0900",
    "#t=iv&p=escondido&at=2026-12-10T0900&left=2026-12-11T0900", "#t=iv&p=escondido&at=2026-12-10T0900&left=soon", "#t=iv&p=escondido&at=2026-12-10T0900&which=3",
    "#p=escondido&t=iv&at=2026-12-10T0900", "#t=<script>alert(1)</script>&p=escondido&at=2026-12-10T0900", "#t=iv&p=escondido&at=2026-12-10T0900%0d%0aBEGIN:VALARM",
    "#t=iv&p=escondido&at=2026-12-10T0900\"><img src=x onerror=alert(1)>", "#javascript:alert(1)", "#t=iv&p=escondido&at=" + "9" * 100_000, "#%", "#=",
]


def test_a_link_that_does_not_fit_shows_the_empty_form(view, site):  # noqa: F811
    """Whatever else stands behind the #, no time is shown, nothing is asked from anywhere, nothing of it is on the page, and it is said; also where the page is open already."""
    page, asked, said = view(), [], []
    page.clock.set_fixed_time(NOW)
    page.on("request", lambda request: asked.append(request.url.partition("#")[0]))
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    for already in (False, True):
        for hostile in HOSTILE:
            page.goto("about:blank")
            page.goto(site + (ONE if already else ""))
            assert page.locator("[data-part=result]").is_visible() == already
            page.evaluate("hash => { location.hash = hash }", hostile) if already else page.goto(site + hostile)
            page.locator("[data-part=said]", has_text="This link does not fit").wait_for()
            assert_empty(page)
            assert page.evaluate("[...document.querySelectorAll('.visit select, .visit input')].map(e => e.value).filter(v => v && !['00', 'on', 'escondido'].includes(v))") == [], hostile
            assert "alert" not in page.locator("article").inner_text() and page.locator("article img").count() == 0
    assert {address.removeprefix(site.removesuffix("my-visit/")) for address in asked if address.startswith("http")} == {"my-visit/", "assets/guide.css", "assets/guide.js", "assets/my-visit.js", "assets/my-visit.css"}
    assert said == []


def test_an_old_link_is_never_another_treatment(view, clinic_site):  # noqa: F811
    """A link for a treatment or a place that a clinic no longer has does not fall on the only one that is left."""
    with served(clinic_site("spray-only").site) as address:
        page = view()
        page.clock.set_fixed_time(NOW)
        for wanted, empty in (("t=iv&p=", True), ("t=nasal_esketamine&p=", False)):
            page.goto("about:blank")
            page.goto(f"{address}my-visit/")
            place = next(iter(of_the_page(page)["places"]))
            for one, lost in ((place, empty), (f"{place}-2", True)):
                page.goto("about:blank")
                page.goto(f"{address}my-visit/#{wanted}{one}&at=2026-12-10T0900")
                assert page.locator("[data-part=result]").is_visible() != lost, (wanted, one)


COUNT = """async rows => {
    const { times } = await import(document.querySelector("script[src$='my-visit.js']").src)
    return rows.map(([zone, rules, at]) => {
        const found = times(zone, rules, at, 0)
        return found.moment ? { ...found.moment, drive_day: found.drive_day, mood_until: found.mood_until, meal_evening: found.meal_evening, adult_night: found.adult_night } : found.refuse || "ask"
    })
}"""


def visits_near_changes(count):
    """Made-up visits, most of them within two days of a change of the clocks: (zone, rules, naive time)."""
    made = random.Random(19)
    tables = {zone: zones.changes(zone, 2025, 2029) for zone in ("America/New_York", "America/Vancouver", "America/St_Johns", "Europe/London", "Europe/Dublin", "Europe/Berlin", "Australia/Sydney",
                                                                 "Australia/Lord_Howe", "Pacific/Auckland", "Pacific/Chatham", "America/Havana", "Africa/Casablanca", "Asia/Kathmandu", "America/Santiago")}
    for _ in range(count):
        zone = made.choice(list(tables))
        around = made.choice(tables[zone][1:] or [(29_400_000, 0)])[0] + made.choice([made.randint(-2 * 1440, 2 * 1440), made.randint(-90, 90)])
        at = datetime.datetime.fromtimestamp(around * 60, UTC).astimezone(zoneinfo.ZoneInfo(zone)).replace(tzinfo=None) + datetime.timedelta(minutes=made.choice([0, 0, 0, 30, -30, 60]))
        row = {"rules": {"session": made.choice([10, 15, 40, 90]), "stay": made.choice([30, 60, 120, 240]), "food": made.choice([2, 4, 6, 8, 12]), "drinks": made.choice([0.5, 1, 2, 6]), "early": made.choice([0, 15, 60]),
                         "adult": made.choice([4, 12, 24]), "alcohol": made.choice([24, 48, 72]), "papers": 24, "children": made.choice([12, 24, 48]), "drive": made.choice(["24", "day"])}}
        yield zone, tables[zone], rules_of(row), at


def test_random_visits_near_clock_changes_agree_and_are_never_on_the_early_side(view, site):  # noqa: F811
    """Page and reference count 2,000 made-up visits alike; each wait is at least its rule in real time, each stop before the dose is at least as early as its rule."""
    page, minute, visits = view(timezone_id="America/Vancouver"), lambda moment: int(moment.timestamp()) // 60, list(visits_near_changes(2_000))  # noqa: E731 - short, asked often
    page.goto(site)
    wall = lambda day: (day - datetime.date(1970, 1, 1)).days  # noqa: E731
    found = page.evaluate(COUNT, [[table, my_visit.counted(rules), wall(at.date()) * 1440 + at.hour * 60 + at.minute] for _, table, rules, at in visits])
    counts = {"refuse": 0, "ask": 0}
    for (zone, _, rules, at), got in zip(visits, found, strict=True):
        try:
            times = visit.times(rules, zoneinfo.ZoneInfo(zone), at)
        except visit.Refused as reason:
            counts["refuse"] += 1
            assert got == str(reason), (zone, at)
            continue
        except visit.ShownTwice:
            counts["ask"] += 1
            assert got == "ask", (zone, at)
            continue
        moments = {name: minute(moment) for name, moment in times.moments.items()}
        assert {name: got[name] for name in moments} == moments, (zone, at)
        assert got["mood_until"] == wall(times.mood_until) and (got["meal_evening"] or None) == (times.meal_evening and wall(times.meal_evening))
        assert (got["adult_night"] or None) == (times.adult_night and minute(times.adult_night))
        assert got["drive"] == minute(times.drive) if rules.drive else got["drive_day"] == wall(times.drive)
        dose, home = got["dose"], got["home_not_before"]
        assert home - dose >= rules.session + rules.stay and got["morning_check"] - home >= rules.morning_after
        assert dose - got["last_food"] >= rules.food and dose - got["last_drink"] >= rules.drinks and dose - got["alcohol_stop"] >= rules.alcohol_before
        for line, length in (("adult_until", rules.adult), ("alcohol_from", rules.alcohol), ("papers_from", rules.papers), ("children_from", rules.children), ("drive", rules.drive)):
            assert got[line] - home >= length, (zone, at, line)
        assert not got["adult_night"] or got["adult_night"] >= got["adult_until"]
    assert all(count > 5 for count in counts.values()), counts


def test_each_place_has_its_own_clock(view, clinic_site):  # noqa: F811
    """Where a clinic has several places, the one that is chosen decides which clock counts; a link without a place does not fit."""
    with served(clinic_site("us-three-locations").site) as address:
        page, site = view(timezone_id="America/Los_Angeles"), f"{address}my-visit/"
        row = {"at": "2027-03-14T08:00", "zone": "America/Los_Angeles", "rules": CASES[0]["rules"]}

        def two_zones(data):
            data["zones"].append({"city": "Phoenix", "changes": zones.changes("America/Phoenix", 2026, 2030)})
            data["places"]["lake-oswego"][0] = 1

        with_rules(page, row, two_zones)
        page.clock.set_fixed_time("2027-03-10T12:00:00Z")
        for place, food, city in (("pearl-district", "1:00 AM", False), ("lake-oswego", "2:00 AM", True)):
            page.goto("about:blank")
            page.goto(f"{site}#t=iv&p={place}&at=2027-03-14T0800")
            assert f"nothing after {food} on Sunday, March 14" in shown(page)["last_food"] and ("Phoenix" in page.locator("[data-part=notes]").inner_text()) == city
        page.goto("about:blank")
        page.goto(f"{site}#t=iv&at=2027-03-14T0800")
        assert heard(page).startswith("This link does not fit")


def test_a_place_counts_only_what_it_gives(view, clinic_site):  # noqa: F811
    """For a treatment that the chosen place does not give no time is told, and the page says why."""
    with served(clinic_site("places-that-differ").site) as address:
        page = view()
        page.clock.set_fixed_time(NOW)
        for treatment, place, given in (("iv", "boise", True), ("im", "boise", False), ("im", "ontario", True)):
            page.goto("about:blank")
            page.goto(f"{address}my-visit/#t={treatment}&p={place}&at=2026-12-10T0900")
            assert page.locator("[data-part=result]").is_visible() == given
            assert heard(page).startswith("We do not give that treatment at this place.") != given


def test_a_day_on_which_the_place_is_closed_is_told(view, clinic_site):  # noqa: F811
    """Nothing is counted for a day on which the chosen place is closed, the first and the last of some days, too; the day after, and another place, it is."""
    closed = [[1440 * (datetime.date(2026, 12, day) - datetime.date(1970, 1, 1)).days for day in (10, 12)]]
    with served(clinic_site("places-that-differ").site) as address:
        page = view()
        page.clock.set_fixed_time(NOW)
        with_rules(page, {"at": "2026-12-10T09:00", "zone": "America/Boise", "rules": CASES[0]["rules"]}, lambda data: data["places"].update({name: [*place[:2], 0, *(closed if name == "boise" else [])] for name, place in data["places"].items()}))
        for place, day, open_ in (("boise", 9, True), ("boise", 10, False), ("boise", 11, False), ("boise", 12, True), ("ontario", 10, True)):
            page.goto("about:blank")
            page.goto(f"{address}my-visit/#t=iv&p={place}&at=2026-12-{day:02}T0900")
            assert (heard(page) == "We are closed that day. Ask us.") != open_, (place, day)


def test_the_days_on_which_a_place_is_closed_are_on_the_page(tmp_path):
    """Those of the clinic and those of the place alone, from the first minute to the one after the last; those that are over are left out."""
    path = tmp_path / "clinic.yml"
    path.write_text((CLINICS / "minimal.yml").read_text("utf-8").replace("locations:\n  - ", "closed: [2020-12-24]\nlocations:\n  - closed: [{from: 2030-12-24, to: 2030-12-25}]\n    "), "utf-8")
    (_, _, given, *closed), = my_visit.data(Edition.of(path))["places"].values()
    assert given == 0 and closed == [[1440 * (datetime.date(2030, 12, day) - datetime.date(1970, 1, 1)).days for day in (24, 26)]]


def test_a_change_that_is_missing_is_found(view, site):  # noqa: F811
    """Without one change of the clocks in its table the page says other times, so the cases would tell."""
    row = next(row for row in CASES if row["zone"] == "Europe/London" and row["times"].get("clocks_change"))
    page = opened(view(), site, row, spoil=lambda data: data["zones"][0]["changes"].pop(3))
    assert shown(page) and {name: text for name, text in shown(page).items() if name != "dose"} != expected(row)


# As a patient, and at the desk.


@pytest.fixture
def form(view, site):  # noqa: F811
    """The page on a phone in the clinic's own zone, nine days before the visit."""
    page = view(timezone_id="America/Los_Angeles", accept_downloads=True)
    page.clock.set_fixed_time(NOW)
    page.goto(site)
    return page


def choose(page, day="2026-12-10", hour="09", minute="00", treatment="iv"):
    page.select_option("[name=treatment]", treatment)
    page.fill("[name=day]", day)
    page.select_option("[name=hour]", hour)
    page.select_option("[name=minute]", minute)


def heard(page):
    return page.locator("[data-part=said]").inner_text()


def test_the_form_gives_the_times_and_says_the_choice_back(form):
    """Nothing is told before all is chosen; then the day is said in words, and each line leads to its rule."""
    assert_empty(form)
    form.select_option("[name=treatment]", "iv")
    form.fill("[name=day]", "2026-12-10")
    assert_empty(form)
    choose(form, minute="30")
    assert heard(form) == "9:30 AM on Thursday, December 10, 2026: is that what your card says? Your times stand below."
    assert shown(form)["last_drink"] == "7:30 AM on Thursday, December 10"
    assert not form.locator("[data-line=leave_home]").is_visible() and not form.locator("[data-part=left]").is_visible()
    assert form.locator("[data-line=alcohol_stop]").inner_text().split("\n")[1].startswith("Do you drink every day, shake without a drink, or did you ever have a fit when you stopped? Do not just stop: that can kill.")
    form.fill("[name=leave]", "45")
    assert shown(form)["leave_home"] == "at 8:30 AM on Thursday, December 10"
    assert "45" not in form.get_attribute("[data-part=link]", "href").partition("#")[2]
    assert form.locator("[data-line]").count() == form.locator("[data-line] th a[href]").count() == 16
    form.fill("[name=day]", "")
    assert_empty(form)


def test_what_cannot_be_told_is_said(form):
    """Too far ahead, long past, a time no clock shows, and one that is there twice, are told in a sentence; what is past of a visit is not shown."""
    choose(form, day="2027-12-10")
    assert heard(form).startswith("Too far ahead.")
    assert_empty(form)
    choose(form, day="2026-09-10")
    assert heard(form) == "Your visit was at 9:00 AM on Thursday, September 10, 2026. Nothing of it lies ahead."
    assert_empty(form)
    choose(form, day="2027-03-14", hour="02", minute="30")
    assert heard(form).startswith("No clock shows this time")
    assert_empty(form)
    choose(form, day="2027-11-07", hour="01", minute="30")
    assert_empty(form)
    form.select_option("[name=which]", "2")
    assert "the second one" in heard(form) and "&which=2" in form.get_attribute("[data-part=link]", "href")
    form.select_option("[name=hour]", "03")
    assert not form.locator("[name=which]").is_visible() and "which" not in form.get_attribute("[data-part=link]", "href")
    choose(form, day="2026-11-30")
    assert heard(form).startswith("Your visit was at") and not form.locator("[data-part=before]").is_visible() and form.locator("[data-part=after]").is_visible()


def test_after_the_visit_the_real_time_of_leaving_counts(form):
    """Whoever types when they left sees later times; too early, or still to come, is refused; past midnight is the next day."""
    choose(form, day="2026-11-30")
    before = shown(form)["drive"]
    assert before.startswith("until 10:40 AM on Tuesday, December 1")
    form.select_option("[name=left_hour]", "10")
    assert heard(form).startswith("This is earlier than your stay")
    assert_empty(form)
    form.select_option("[name=left_hour]", "12")
    assert shown(form)["drive"].startswith("until noon on Tuesday, December 1")
    assert form.get_attribute("[data-part=link]", "href").endswith("&left=2026-11-30T1200")
    form.select_option("[name=left_hour]", "08")
    assert heard(form).startswith("This time is still to come")
    assert_empty(form)
    choose(form, day="2026-11-29", hour="22")
    form.select_option("[name=left_hour]", "01")
    assert shown(form)["home_not_before"].startswith("not before 1:00 AM on Monday, November 30")


def test_the_link_holds_the_choice_and_changes_with_it(form):
    """The link is in the fragment alone, opens to the same times, also with an odd minute, and is gone from the address as soon as something else is chosen."""
    choose(form)
    link = form.get_attribute("[data-part=link]", "href")
    assert link.endswith(f"/my-visit/{ONE}")
    lines = shown(form)
    form.goto("about:blank")
    form.goto(link)
    assert shown(form) == lines
    form.select_option("[name=hour]", "10")
    assert "#" not in form.url
    form.goto("about:blank")
    form.goto(link[:-4] + "0907")
    assert shown(form)["be_there"] == "at 8:52 AM on Thursday, December 10" and form.locator("[name=minute]").input_value() == "07"


def test_the_desk_copies_sends_and_shows_the_link(form, site):
    """The link is copied, goes into an e-mail or a text message without an address, and stands in a QR code that is asked for by its button alone."""
    asked = []
    form.on("request", lambda request: asked.append(request.url))
    form.context.grant_permissions(["clipboard-read", "clipboard-write"])
    choose(form)
    link = form.get_attribute("[data-part=link]", "href")
    form.locator("summary", has_text="front desk").click()
    form.click("[data-do=copy]")
    form.locator("[data-part=done]", has_text="Copied.").wait_for()
    assert form.evaluate("navigator.clipboard.readText()") == link
    for name, begins in (("email", "mailto:?body="), ("text", "sms:?&body=")):
        href = form.get_attribute(f"[data-part={name}]", "href")
        assert href.startswith(begins) and form.evaluate("decodeURIComponent", href.removeprefix(begins)) == f"Times for the visit: {link}"
    assert asked == []
    form.click("[data-do=qr]")
    form.locator("[data-part=code] svg").wait_for()
    assert {address.rpartition("/")[2] for address in asked} == {"qr.js", "lean-qr-2.7.4.min.js"}
    picture = Image.open(io.BytesIO(form.locator("[data-part=code] svg").screenshot()))
    assert zxingcpp.read_barcode(picture).text == link
    form.select_option("[name=hour]", "10")
    assert form.locator("[data-part=code] svg").count() == 0


def test_where_nothing_can_be_copied_the_text_is_shown(view, site):  # noqa: F811
    """The browser inside an app may refuse: then the text stands on the page, to select."""
    page = view()
    page.clock.set_fixed_time(NOW)
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined }); Object.defineProperty(navigator, 'share', { value: undefined })")
    page.goto(site + ONE)
    page.click("[data-do=share]")
    told = page.locator("[data-part=done]")
    told.locator("text=Select the text").wait_for()
    assert "Clear drinks until: 7:00 AM on Thursday, December 10" in told.inner_text() and "911" in told.inner_text() and ONE in told.inner_text()


def test_without_script_the_table_has_the_rules_and_lines_to_write_on(view, site):  # noqa: F811
    """No form is shown that does nothing; each rule stands with its hours, and a line."""
    page = view(script=False)
    page.goto(site)
    assert not page.locator("[name=day]").is_visible() and page.locator("[data-line] .write:visible").count() == 15
    text = page.locator("article").inner_text()
    for said in ("No food for 6 hours before the drip", "Come 15 minutes early.", "An adult stays for 12 hours", "No driving until 24 hours after the dose and a night's sleep.", "Write your times on the lines"):
        assert said in text


def test_the_times_are_said_as_the_country_says_them(view, clinic_site):  # noqa: F811
    """In England: 24 hours, the day before the month."""
    with served(clinic_site("england-infusions").site) as address:
        page = view(timezone_id="Europe/London")
        page.clock.set_fixed_time(NOW)
        page.goto(f"{address}my-visit/")
        place = next(iter(of_the_page(page)["places"]))
        page.goto("about:blank")
        page.goto(f"{address}my-visit/#t=iv&p={place}&at=2026-12-10T1415")
        assert heard(page).startswith("14:15 on Thursday, 10 December 2026") or heard(page).startswith("14:15 on Thursday 10 December 2026")
        assert page.locator("[name=hour] option").nth(9).inner_text() == "08"


def test_what_a_clinic_types_is_text_here_too(view, clinic_site):  # noqa: F811
    """Names of places and addresses are shown and put into the calendar as they were typed, whatever stands in them."""
    with served(clinic_site("hostile-text").site) as address:
        page, said = view(accept_downloads=True), []
        page.on("pageerror", lambda error: said.append(str(error)))
        page.clock.set_fixed_time(NOW)
        page.goto(f"{address}my-visit/")
        data = of_the_page(page)
        clinic = file.load(CLINICS / "hostile-text.yml")
        for (place, (_, where)), typed in zip(data["places"].items(), clinic.locations, strict=True):
            assert typed.address.city in where and typed.address.street_lines[0] in where
            page.goto("about:blank")
            page.goto(f"{address}my-visit/#t={next(iter(data['treatments']))}&p={place}&at=2026-12-10T0900")
            _, _, events = events_of(page)
            assert str(events[0]["LOCATION"]) == where
            if len(clinic.locations) > 1:
                assert page.locator("[name=place] option:checked").inner_text() == typed.name
        assert said == []


def test_a_clinic_with_a_time_zone_of_another_country_counts_nothing(project):
    """Where the zone is doubtful no time is counted: the table stands alone."""
    (project / "clinic.yml").write_text((CLINICS / "england-infusions.yml").read_text("utf-8").replace("Europe/London", "America/Denver"), "utf-8")
    built = build(project, sheets=False)
    assert built.code == 0, built.output
    text = (built.site / "my-visit" / "index.html").read_text("utf-8")
    assert "data-visit" not in text and "my-visit.js" not in text and 'class="write"' in text


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_the_times_are_readable_by_everyone(view, site, width):  # noqa: F811
    """With times, the fold of the desk and the QR code on it the page passes axe in light and dark, and is not wider than the screen, also with twice the text."""
    page = view(width)
    page.clock.set_fixed_time("2026-12-10T20:00:00Z")
    page.goto(f"{site}{ONE}&left=2026-12-10T1100")
    page.locator("summary", has_text="front desk").click()
    page.click("[data-do=qr]")
    page.locator("[data-part=code] svg").wait_for()
    page.evaluate("scrollTo(0, 0)")  # where the header covers nothing
    assert found_by_axe(page) == []
    small = page.evaluate("[...document.querySelectorAll('.visit :is(button, select, input:not([type=checkbox]), summary, .visit-button, label)')].filter(e => e.offsetParent && e.getBoundingClientRect().height < 43.5).map(e => e.outerHTML.slice(0, 80))")
    assert small == []
    page.evaluate("document.documentElement.style.fontSize = '40px'")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_it_works_by_keyboard_and_the_focus_stays(form):
    """Tab and keys alone choose a visit, and what comes is told without moving the focus."""
    form.focus("[name=treatment]")
    form.keyboard.press("ArrowDown")
    form.keyboard.press("Tab")
    form.keyboard.type("12102026")
    form.focus("[name=hour]")
    for _ in range(10):
        form.keyboard.press("ArrowDown")
    assert form.evaluate("document.activeElement.name") == "hour"
    assert heard(form).startswith("9:00 AM on Thursday, December 10, 2026") and form.get_attribute("[data-part=said]", "role") == "status"
    reached = set()
    for _ in range(40):
        form.keyboard.press("Tab")
        reached.add(form.evaluate("document.activeElement.dataset.do || document.activeElement.dataset.part || document.activeElement.localName"))
    assert {"print", "calendar", "share", "link", "summary"} <= reached


def test_the_page_is_light_and_keeps_nothing(form, sample, site):
    """The script has at most 4,000 bytes packed, the style sheet 1,500; nothing is stored, and the address of the page does not change while one chooses."""
    packed = {name: len(gzip.compress((sample.site / "assets" / f"my-visit.{name}").read_bytes(), 6)) for name in ("js", "css")}
    assert packed["js"] <= 4_000 and packed["css"] <= 1_500
    choose(form)
    assert form.url == site and form.evaluate("localStorage.length + sessionStorage.length + document.cookie.length") == 0
