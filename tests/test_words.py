"""How the clinic's details are said, in the words and forms of its country, and safe wherever they stand."""

import datetime
import re

import pytest
import tinyhtml5
import yaml
from babel import Locale
from conftest import CLINICS, ROOT
from jinja2 import Environment
from markdown import Markdown
from mkdocs.config import load_config

from guide import escape
from guide.clinic import file
from guide.clinic import hours as opening_hours
from guide.clinic.model import Treatments
from guide.edition import Edition, address
from guide.pages.care_cards import CareCards
from guide.words import say
from guide.words.phrases import AT_HOME, PhraseProblem, Phrases
from guide.words.say import Times

DOCS = ROOT / "docs" / "en"
TIERS = {"now": "Call us now"}
AS_TYPED = ["1. x", "1) x", "- x", "+ x", "* x", "# x", "#x", "> x", ">>> x", "| x | y |", "---", "===", "***", "```", "~~~ js", "!!! note", '??? "x"',
            "[x](y)", "![x](y)", "[x]: https://clinic.com", "[ ] x", "<b>x</b>", "</p></td></table>", "<!-- x -->", "<script>alert(1)</script>", "<https://clinic.com>",
            "https://clinic.com/a_b_c", "a@clinic.com", "`x`", "**x**", "_x_", "__x__", "a_b_c", "~~x~~", "^x^", "==x==", ":smile:", "&amp;", "&#60;", "& x",
            "{{ x }}", "{% x %}", "{# x #}", "{## x ##}", "{: .x }", "{ #x .y }", "{ x }", '"x" onload="y"', "'x'", "x\\", "\\*x\\*", "$x$", "$$x$$", "100 %", "x | y",
            "A <b>& B | C* d_e_f {{ x }}", "*[x]: y", "[^1]", "[TOC]", "::: x", "x: y", "; x", "(x)", "…", "É ß 漢 😀"]

pytestmark = pytest.mark.usefixtures("the_day")


@pytest.fixture(scope="module")
def markdown():
    """A function that turns Markdown to an HTML tree as the site does, with the extensions of mkdocs.yml."""
    config = load_config(str(ROOT / "mkdocs.yml"))
    made = Markdown(extensions=[*config["markdown_extensions"], CareCards(TIERS)], extension_configs=config["mdx_configs"])

    def turn(text):
        return tinyhtml5.parse("<!doctype html><body>" + made.reset().convert(text), namespace_html_elements=False).find("body")

    return turn


def of(name):
    """The good clinic of that name."""
    return file.load(CLINICS / f"{name}.yml")


def edition(name):
    """The guide of the good clinic of that name."""
    return Edition.of(CLINICS / f"{name}.yml")


def times(country="US"):
    """How times are said in English there."""
    return Times(Phrases(yaml.safe_load((DOCS / "phrases.yml").read_text("utf-8")), say.locale("en", country)))


def text(element):
    return "".join(element.itertext()).strip()


PLACES = {
    "a paragraph": ("{}", "p", None),
    "the middle of a paragraph": ("Before {} after", "p", None),
    "a line below another": ("Before\n{}\nafter", "p", None),
    "a list": ("- {}\n- x\n", "ul/li", None),
    "a heading": ("# Head\n\n## {}\n\nx", "h2", None),
    "a cell of a table": ("| a | b |\n|---|---|\n| {} | x |\n", "table/tbody/tr/td", None),
    "an attribute": ('<p title="{}">x</p>', "p", "title"),
    "an attribute in a line": ('Before <a href="x" title="{}">x</a> after', "p/a", "title"),
    "the text of a link": ("[{}](https://clinic.com)", "p/a", None),
    "bold": ("**{}**", "p/strong", None),
    "a block of HTML": ("<div><p>{}</p></div>", "div/p", None),
    "Markdown in HTML": ('<div markdown="1">\n\n{}\n\n</div>', "div/p", None),
    "a card": ('!!! now "Call us"\n    {}\n', "div/p", None),
    "the title of a card": ('!!! now "{}"\n    x\n', "div/h2", None),
}


@pytest.mark.parametrize("place", PLACES)
def test_what_a_clinic_types_comes_out_as_typed(markdown, place):
    """No character of a clinic's text means anything in Markdown, HTML or Jinja, wherever on a page the text stands."""
    around, found, attribute = PLACES[place]
    hostile = [typed for key, typed in file.texts(of("hostile-text"))]
    for typed in [*AS_TYPED, *hostile]:
        element = markdown(around.format(escape.plain(typed))).find(found)
        assert element is not None, typed
        said = element.get(attribute) if attribute else text(element).removeprefix("Call us now.").removeprefix("Before").removesuffix("after").strip()
        assert said == typed
        assert len(list(element)) == len(list(markdown(around.format("x")).find(found))), typed


def test_plain_leaves_no_character_that_jinja_knows():
    """Text that a template is made of is not taken for a part of it, with the signs of mkdocs.yml or with Jinja's own."""
    for typed in AS_TYPED:
        said = escape.plain(typed)
        assert Environment(comment_start_string="{##", comment_end_string="##}").from_string(said).render() == said
        assert Environment().from_string(said).render() == said


PHONES = [
    ("us-three-locations", "(503) 555-2368", "tel:+15035552368"),
    ("spray-only", "(303) 555-2368 ext. 12", "tel:+13035552368;ext=12"),
    ("canada", "(416) 555-2368", "tel:+14165552368"),
    ("england-infusions", "020 7946 0456", "tel:+442079460456"),
    ("ireland", "(01) 555 2368", "tel:+35315552368"),
    ("australia", "(02) 5550 2368", "tel:+61255502368"),
    ("new-zealand", "09 555 2368", "tel:+6495552368"),
    ("germany", "030 23125123", "tel:+493023125123"),
]


@pytest.mark.parametrize(("name", "said", "address"), PHONES)
def test_a_phone_is_said_as_its_country_writes_it(name, said, address):
    """However a clinic types its number, patients read the national form, and the link dials the international one."""
    clinic = of(name)
    assert say.phone(clinic.phone, clinic.country) == said
    assert say.tel(clinic.phone) == address


def test_a_phone_of_another_country_is_said_in_full():
    """A number that does not belong to the country is read with its country code."""
    assert say.phone("+442079460456", "US") == "+44 20 7946 0456"
    assert say.phone("+14165552368", "US") == "(416) 555-2368"


def test_public_numbers_are_dialled_as_they_are():
    """Short numbers and numbers of the packs keep their digits; a text goes to the number, without its word."""
    assert [say.tel(number) for number in ("911", "116 123", "1-800-222-1222", "0508 828 865")] == ["tel:911", "tel:116123", "tel:18002221222", "tel:0508828865"]
    assert [say.sms(how) for how in ("988", "HOME to 741741", "SHOUT to 85258")] == ["sms:988", "sms:741741", "sms:85258"]
    assert say.link("116 123") == '<a href="tel:116123">116 123</a>'


MINUTES = {0: "0 minutes", 1: "1 minute", 10: "10 minutes", 30: "30 minutes", 45: "45 minutes", 59: "59 minutes", 60: "1 hour", 75: "75 minutes",
           90: "1 and a half hours", 100: "100 minutes", 120: "2 hours", 135: "2 hours and 15 minutes", 150: "2 and a half hours", 240: "4 hours",
           241: "4 hours and 1 minute", 360: "6 hours"}
HOURS = {0.5: "30 minutes", 0.75: "45 minutes", 1: "1 hour", 1.25: "75 minutes", 1.5: "1 and a half hours", 2: "2 hours", 2.25: "2 hours and 15 minutes",
         6: "6 hours", 24: "24 hours", 72: "72 hours"}


@pytest.mark.parametrize(("number", "said"), MINUTES.items())
def test_minutes_are_said_as_people_say_them(number, said):
    """Whole and half hours are said as hours."""
    assert times().minutes(number) == said


@pytest.mark.parametrize(("number", "said"), HOURS.items())
def test_hours_are_said_as_people_say_them(number, said):
    """Parts of an hour are said as minutes."""
    assert times().hours(number) == said


def test_every_length_that_a_clinic_may_give_is_said_in_whole_numbers():
    """No bound of the model lets through a length that would be read as “79.8 minutes”."""
    for quarter in range(2, 25):
        assert "." not in times().hours(quarter / 4)


DATES = {"en_US": "November 2, 2026", "en_CA": "November 2, 2026", "en_GB": "2 November 2026", "en_IE": "2 November 2026", "en_AU": "2 November 2026",
         "en_NZ": "2 November 2026", "en_DE": "2 November 2026"}


@pytest.mark.parametrize(("code", "said"), DATES.items())
def test_a_date_is_said_with_its_month_in_words(code, said):
    """No reader can take the day for the month."""
    assert say.date(datetime.date(2026, 11, 2), Locale.parse(code)) == said


MONEY = [
    ("en_US", 425, "USD", "$425"), ("en_US", 1425.5, "USD", "$1,425.50"), ("en_US", 0, "USD", "$0"), ("en_US", 20000, "USD", "$20,000"), ("en_US", 99.99, "USD", "$99.99"),
    ("en_GB", 395, "GBP", "£395"), ("en_GB", 395, "USD", "US$395"), ("en_CA", 600, "CAD", "$600"), ("en_CA", 600, "USD", "US$600"), ("en_AU", 350, "AUD", "$350"),
    ("en_NZ", 480, "NZD", "$480"), ("en_IE", 1420, "EUR", "€1,420"), ("en_DE", 1320, "EUR", "1.320 €"), ("en_DE", 149.9, "EUR", "149,90 €"), ("en_FR", 1320, "EUR", "1 320 €"),
    ("en_US", 425.5, "JPY", "¥425.50"), ("en_US", 20000, "JPY", "¥20,000"), ("en_US", 425.5, "KWD", "KWD425.50"),
]


@pytest.mark.parametrize(("code", "amount", "currency", "said"), MONEY)
def test_money_is_said_as_its_country_writes_it(code, amount, currency, said):
    """Whole amounts have no cents, and no invisible space is left."""
    assert say.money(amount, currency, Locale.parse(code)) == said


ADDRESSES = {
    "us-three-locations": ["1200 NW Lantern Street", "Suite 310", "Portland, OR 97209"],
    "minimal": ["1 Elm Street", "New York"],
    "canada": ["55 Cove Road", "Toronto ON M5V 2T6"],
    "england-infusions": ["First floor", "17 Thornfield Square", "London", "W1U 8ZZ"],
    "ireland": ["4 Cooper's Quay", "Dublin", "Co. Dublin", "D02 AF30"],
    "australia": ["9 Wattle Parade", "Sydney NSW 2000"],
    "new-zealand": ["3 Kōwhai Terrace", "Auckland 1010"],
    "germany": ["Mühlgraben 12, Hinterhaus", "10117 Berlin"],
    "bare-values": ["12_000 0x1F Street", "Off, NJ 07030"],
    "longest": [*4 * ["Every line here is as long as it may be, so that whoever lays out a page or a sheet sees the worst that can come. Every."],
                "Every city here is as long as it may be, so that whoever lays out a page or a s.", "Every region here is as long as it may be, so that whoever .", "BT1 5GS"],
    "hostile-text": ["1. High Street #5", "# Floor [2](x) | left", "St. {{ Louis }}, I_L_ 60601"],
}


@pytest.mark.parametrize(("name", "lines"), ADDRESSES.items())
def test_an_address_has_the_lines_of_its_country(name, lines):
    """Parts stand in the order of a letter there, and what the clinic left out leaves no gap."""
    clinic = of(name)
    assert address(clinic.locations[0], clinic.pack) == lines


OPENING = [
    ("US", "{mon-thu: 08:30-17:00, fri: [08:30-12:00, 13:00-16:00], sat-sun: closed}",
     [("Monday to Thursday", "8:30 AM to 5:00 PM"), ("Friday", "8:30 AM to noon, 1:00 PM to 4:00 PM"), ("Saturday and Sunday", "closed")]),
    ("GB", "{mon-thu: 08:30-17:00, fri: [08:30-12:00, 13:00-16:00]}",
     [("Monday to Thursday", "08:30 to 17:00"), ("Friday", "08:30 to noon, 13:00 to 16:00")]),
    ("DE", "{mon: 09:00-12:00, wed: 09:00-12:00}", [("Monday", "09:00 to noon"), ("Wednesday", "09:00 to noon")]),
    ("AU", "{mon: 09:00-17:00}", [("Monday", "9:00 am to 5:00 pm")]),
    ("CA", "{mon: 09:00-17:00}", [("Monday", "9:00 a.m. to 5:00 p.m.")]),
    ("US", "{mon-sun: 24h}", [("Monday to Sunday", "open 24 hours")]),
    ("US", "{mon-sun: 00:00-24:00}", [("Monday to Sunday", "open 24 hours")]),
    ("US", "{fri: 22:00-02:30}", [("Friday", "10:00 PM to 2:30 AM the next day")]),
    ("GB", "{fri: 22:00-12:00}", [("Friday", "22:00 to noon the next day")]),
    ("US", "{fri: 18:00-24:00}", [("Friday", "6:00 PM to midnight")]),
    ("US", "{fri: 18:00-00:00}", [("Friday", "6:00 PM to midnight")]),
    ("US", "{fri: 00:00-06:00}", [("Friday", "midnight to 6:00 AM")]),
    ("US", "{sat-mon: 10:00-12:30}", [("Monday", "10:00 AM to 12:30 PM"), ("Saturday and Sunday", "10:00 AM to 12:30 PM")]),
    ("US", "{tue: closed, wed-thu: closed}", [("Tuesday to Thursday", "closed")]),
]


@pytest.mark.parametrize(("country", "typed", "said"), OPENING)
def test_opening_hours_are_said_day_by_day(country, typed, said):
    """Days that are alike stand together; noon, midnight, closed days and nights are said in words; days left out are not told."""
    week = opening_hours.parse(yaml.load(typed, yaml.BaseLoader))
    assert times(country).opening(week) == said


def test_a_clinic_without_hours_shows_none():
    """A location that gives no hours has no empty table."""
    assert times().opening(None) == []


COURSES = [
    ("{}", "Most people start with 6 sessions, 2 a week. We look together at how it is going after 3."),
    ("{per_week: 0.5}", "Most people start with 6 sessions, 1 every 2 weeks. We look together at how it is going after 3."),
    ("{per_week: 1}", "Most people start with 6 sessions, 1 a week. We look together at how it is going after 3."),
    ("{per_week: 1.5, review_after: 2}", "Most people start with 6 sessions, 3 every 2 weeks. We look together at how it is going after 2."),
    ("{sessions: 1}", "Most people start with 1 session. We look together at how it is going after 1."),
]


@pytest.mark.parametrize(("course", "said"), COURSES)
def test_a_course_is_said_in_whole_sessions(tmp_path, course, said):
    """No reader meets half a session, and nobody is told of a look back that comes after the end."""
    path = tmp_path / "clinic.yml"
    path.write_text((CLINICS / "minimal.yml").read_text("utf-8").replace("  iv:\n", f"  iv: {{course: {course}}}\n"), "utf-8")
    view = Edition.of(path).said
    assert view["treatments"][0]["course"] == said


@pytest.mark.parametrize("key", Treatments.model_fields)
def test_only_a_drip_is_told_to_be_one_that_can_be_stopped(tmp_path, key):
    """Whoever adds a treatment need not think of it: pages say that its dose cannot be taken back."""
    path = tmp_path / "clinic.yml"
    path.write_text((CLINICS / "minimal.yml").read_text("utf-8").replace("  iv:\n", f"  {key}: {'{rems_certified: true}' if key == 'nasal_esketamine' else '{}'}\n"), "utf-8")
    assert Edition.of(path).said["offers"]["cannot_be_stopped"] is (key != "iv")


@pytest.mark.parametrize("path", sorted(CLINICS.glob("*.yml")), ids=lambda path: path.stem)
def test_every_good_clinic_can_be_told(path):
    """All that a page may ask of a clinic can be said, with a number to call in each place that needs one."""
    view = Edition.of(path).said
    assert view["lines"]["day"]["tel"].startswith("tel:+")
    assert view["lines"]["emergency"]["tel"][4:].isdigit()
    assert all(line["tel"] or line["sms"] for line in view["lines"]["crisis"]) and view["lines"]["crisis"]
    assert all(rule for rule in view["rule"].values())


def test_an_address_on_the_web_keeps_its_ampersands():
    """“&copy=2” in an address is no sign of copyright."""
    view = edition("hostile-text").said
    link = tinyhtml5.parse(f'<a href="{view["clinic"]["website"]}">x</a>', namespace_html_elements=False).find(".//a")
    assert link.get("href") == "https://www.ab-clinic.com/?a=1&copy=2#top"


def test_a_clinic_without_a_line_at_night_names_the_public_one():
    """Where nobody answers at night, the rule says so and names the country's line for urgent advice and the emergency number."""
    said = edition("england-infusions").said["rule"]["after_hours"]
    assert "We have no night line." in said and 'href="tel:111"' in said and 'href="tel:999"' in said
    said = edition("minimal").said["rule"]["after_hours"]
    assert "We have no night line." in said and 'href="tel:911"' in said


PHRASES = Phrases({"call": {"us": "Call us"}, "at": "at {time}", "hour": {"one": "{n} hour", "other": "{n} hours"}}, Locale.parse("en_US"))


@pytest.mark.parametrize(("key", "values", "said"), [("call.us", {}, "Call us"), ("at", {"time": "noon"}, "at noon"), ("hour", {"n": 1}, "1 hour"), ("hour", {"n": "2"}, "2 hours")])
def test_a_phrase_is_said_with_its_slots_filled(key, values, said):
    """A label is found by its name, and takes the plural form of its number."""
    assert PHRASES(key, **values) == said


@pytest.mark.parametrize(("key", "values", "told"), [
    ("call.them", {}, "call.them: there is no such phrase"), ("at", {}, "at: nothing fills {time}"), ("call.us", {"time": "noon"}, "call.us: the phrase has no slot {time}")])
def test_a_phrase_that_does_not_fit_stops_the_build(key, values, told):
    """An unknown name, an open slot and a value that nobody uses are told by name."""
    with pytest.raises(PhraseProblem, match=re.escape(told)):
        PHRASES(key, **values)


def test_what_is_said_at_home_stands_in_for_a_phrase_of_that_name():
    """Where the clinic visits patients at home, a phrase of at_home takes the place of the one it is named after; without that one the build stops."""
    rows = {"here": {"you": "Come."}, "at_home": {"here": {"you": "Be ready."}}}
    assert (Phrases(rows, Locale.parse("en"))("here.you"), Phrases(rows, Locale.parse("en")).at_home()("here.you")) == ("Come.", "Be ready.")
    with pytest.raises(PhraseProblem, match="there is no phrase gone"):
        Phrases(rows | {"at_home": {"gone": "x"}}, Locale.parse("en")).at_home()


def test_every_label_is_asked_for_somewhere():
    """No phrase lies about that nobody says."""
    used = " ".join(path.read_text("utf-8") for folder in ("guide", "overrides") for path in (ROOT / folder).rglob("*") if path.suffix in (".py", ".html", ".typ", ".js")) + (ROOT / "macros.py").read_text("utf-8")
    names = Phrases(yaml.safe_load((DOCS / "phrases.yml").read_text("utf-8")), Locale.parse("en_US")).rows
    names = {name.removeprefix(AT_HOME) for name in names}  # those stand in for the ones of the same name
    whole = [name for name in names if name not in used and f"l.{name.removeprefix('sheet.')}" not in used and not re.search(rf"{re.escape(name.rpartition('.')[0])}\.(\{{|\" ?~)|{re.escape('.'.join(name.split('.')[:2]))}\.\{{|{re.escape(name.split('.')[0])}\.\{{", used)]
    assert whole == []
