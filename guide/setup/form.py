"""The form on the page *Set up your clinic*: what it asks, and the GitHub repository that its file goes to.

Whatever is said of a key comes from guide/clinic/model.py; what is checked, and in which words, from guide/setup/checks.py.
overrides/assets/setup.js draws the form, and setup-check.js reads the checks.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from babel.dates import get_timezone_name
from babel.numbers import get_territory_currencies
from phonenumbers import PhoneMetadata
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from guide import environment
from guide.clinic import file, letters, yaml_lines
from guide.clinic import zones as clocks
from guide.clinic.countries import Country, Line, packs
from guide.clinic.hours import DAYS, EARLIEST, LONGEST_NIGHT, SPAN
from guide.clinic.kinds import COUNTRIES, HOST, MOST, NORTH_AMERICAN, PRICE, TELEPHONE, example_phones
from guide.clinic.model import LONGEST_CLOSING, NAMED, Clinic
from guide.clinic.problems import LONGEST_SHOWN, UNPRINTABLE, without_facts
from guide.setup import checks, reference

STEPS = {
    "start": ("Before all else", "From these your whole guide is made, with safe values for all the rest.",
              ("country", "region", "name", "phone", "after_hours_phone", "locations.0.kind", "locations.0.area", "locations.0.address", "timezone", "treatments", "visit.watched_by")),
    "where": ("Where and when", "What you leave empty is not shown.", ("locations",)),
    "visit": ("The visit", "What you leave empty has a safe value already.", ("treatments", "visit.*")),
    "home": ("Going home", "You may be stricter than the guide, never laxer.", ("going_home.*", "emergency")),
    "prices": ("Prices", "Without them the guide says: ask us.", ("cost.*",)),
    "people": ("People and sign-off", "Until a clinician has checked the guide, every page says so.", ("review", "team", "complaints", "privacy_policy", "said_as")),
    "look": ("Look", "Your logo and your color.", ("look.*", "languages")),
}
"""{step: (title, what is said above it, its keys)}. What is asked first, and the keys of each later step; a key of no step stands in “where”. `.*`: the questions of a group without a frame around them."""
LABELS = {
    "Clinic.region": "Part of the country", "Address.region": "State or county", "Clinic.treatments": "What you offer", "Emergency.number": "Emergency number",
    "name": "Name", "phone": "Phone", "after_hours_phone": "Number at night", "watched_by": "Who watches the patient",
    "by": "Checked by", "on": "Checked on", "next": "Next check", "checked": "Checked on", "poison": "Poison line",
    "for": "What it is for", "phones": "More phone numbers", "how": "How to use it", "said_as": "How the name is said", "shows": "What it shows",
    "text": "Text message", "url": "Web page", "register": "Public register", "items": "Prices", "label": "What for", "bring": "Things to bring",
    "look": "Logo and color", "timezone": "Time zone", "rems_certified": "REMS certified", "cancel_hours": "Notice to cancel, in hours",
    "kind": "How patients see you", "Location.website": "Page of the video talks", "area": "Where you visit", "of": "Version that was checked", "closed": "Closed days", "Clinic.closed": "Closed days, all places", "Location.closed": "Closed days, this place only", "from": "First day", "to": "Last day",
}
"""Names on the form for keys that say too little alone; any other key is its own name."""
CHOICES = {
    "iv": "drip", "im": "injection into a muscle", "sc": "injection under the skin", "nasal_esketamine": "esketamine nasal spray", "sublingual": "lozenge", "oral": "tablet or liquid",
    "24_hours_and_sleep": "24 hours and a night's sleep", "next_day_after_sleep": "the next day, after a night's sleep (spray only)", "here": "they come to you", "visits_you": "you visit them at home", "video": "by video",
    "in_room": "in the room", "waiting_room": "in the waiting room", "no": "not at the clinic", "camera": "by camera", "all_who_could_be": "all who could be pregnant", "on_request": "who asks for it",
    "adult": "an adult", "adult_or_medical_transport": "an adult, or medical transport",
}
"""What people call a choice of the file."""
HELP = {
    "name": "", "city": "", "timezone": "", "items": "", "street": "Each line of the address on a line of its own",
    "country": "The emergency number, crisis lines, paper and spelling follow it",
    "hours": "One row for days with the same hours. Days: Mon-Fri, weekdays, or Mon, Wed. Times: 9am-5pm, or 9am-12pm and 1pm-5pm, or closed, or 24/7",
    "area": "For visits at home: where you come to, such as your town and some miles around",
    "driving": "When patients may drive again. If you give ketamine itself, 24 hours and a night's sleep hold in any case",
    "color": "As #rrggbb; darkened if it would be hard to read",
    "Clinic.treatments": "Needed. Tick all that you give; pages show only these",
    "locations": "Each place where patients see you", "address": "",
    "kind": "Here: they come to you. Visits you: you come to their home. Video: for talks only, never for a dose",
}
"""Help where a form asks otherwise than a file does; any other key has the model's."""
ROWS = {"locations": "location", "crisis_lines": "crisis line", "items": "price", "team": "person", "bring": "thing", "languages": "language", "phones": "number", "review": "check", "pictures": "picture", "hours": "row", "closed": "closing"}
"""What one entry of a list is called."""
REMOTE = re.compile(r'^\[remote "origin"\][^\[]*?^\s*url\s*=\s*(\S+)', re.MULTILINE)
GITHUB = re.compile(r"(?:https?://(?:[^/@]*@)?|ssh://git@|git@)(?:ssh\.)?github\.com(?::\d+)?[:/](?P<owner>[\w.-]+)/(?P<name>[\w.-]+?)(?:\.git)?/?")


def for_page() -> dict[str, Any]:
    """What the block setup_form needs: the description, and the same as JSON that may stand inside a script element."""
    described = description()
    return {**described, "model": json.dumps(described, separators=(",", ":")).replace("<", "\\u003c")}


def for_notice(clinic: Clinic) -> dict[str, Any]:
    """What the block setup_notice needs: where a new file goes, and the clinic's time, whose day it is."""
    return {"repository": repository(environment.ROOT), "zone": clinic.timezone, "several": len(clinic.locations) > 1}


def description() -> dict[str, Any]:
    """What overrides/assets/setup.js needs to know: fields, countries, patterns, the sample's values, the repository."""
    return {
        **checks.schema(drawn), "elsewhere": checks.elsewhere(), "across": checks.across(),
        "steps": steps(), "choices": CHOICES,
        "countries": " ".join(sorted(COUNTRIES, key=COUNTRIES.get)),
        "packs": {code: _pack(pack) for code, pack in packs().items()},
        "zones": {code: zones()[code] for code in packs()},
        "currencies": " ".join(sorted({currency for territory in COUNTRIES for currency in get_territory_currencies(territory)})),
        "dearest": MOST, "patterns": {"price": PRICE.pattern, "phone": TELEPHONE.pattern, "host": HOST.pattern, "span": SPAN.pattern, "north_american": NORTH_AMERICAN.pattern, "named": NAMED.pattern, "unprintable": UNPRINTABLE.pattern, "lacking": letters.lacking().pattern},
        "days": DAYS, "shut": checks.shut(), "earliest": EARLIEST, "longest_night": LONGEST_NIGHT, "longest_closing": LONGEST_CLOSING, "longest_shown": LONGEST_SHOWN, "largest": yaml_lines.LARGEST,
        "ours": file.OURS, "sample": sorted(file.of_the_sample()),
        "exists": not file.is_sample(file.chosen()),
        "repository": repository(environment.ROOT),
    }


def steps() -> list[dict[str, Any]]:
    """[{"id", "title", "says", "keys"}] in their order; each key of the model is in one, but for the parts that are asked first."""
    known = {key.removesuffix(".*") for _, _, keys in STEPS.values() for key in keys}
    other = [key for name, field in Clinic.model_fields.items() if (key := field.alias or name) not in known]
    return [{"id": step, "title": title, "says": says, "keys": [*keys, *(other if step == "where" else ())]} for step, (title, says, keys) in STEPS.items()]


@cache
def zones() -> dict[str, str | list[tuple[str, str]]]:
    """{country: its time zone, or [(time zone, what people call it)]}."""
    named = {country: [(zone, _zone_said(zone, comment, several=len(those) > 1)) for zone, comment in those.items()] for country, those in clocks.by_country(environment.today().year).items() if country in COUNTRIES}
    return {country: those if len(those) > 1 else those[0][0] for country, those in named.items()}


def _zone_said(zone: str, comment: str = "", several: bool = False) -> str:
    still = several and len(clocks.changes(zone, year := environment.today().year, year)) == 1
    name, city = get_timezone_name(zone, locale="en"), zone.rpartition("/")[2].replace("_", " ")
    return f"{comment or city if '(' in name else name} ({city}{', no summer time' if still else ''})"


def repository(folder: Path) -> dict[str, str] | None:
    """{"name": "owner/name", "address": …, "branch": …} of the GitHub repository that `folder` is a clone of, else None.

    Read from git's own files, because where the site is built there may be no git. A password in the address is left behind.
    """
    try:
        remote = REMOTE.search((folder / ".git" / "config").read_text("utf-8"))
        head = re.fullmatch(r"ref: refs/heads/(\S+)\s*", (folder / ".git" / "HEAD").read_text("utf-8"))
    except (OSError, UnicodeDecodeError):
        return None
    found = GITHUB.fullmatch(remote[1]) if remote else None
    if not found or not head:
        return None
    name = f"{found['owner']}/{found['name']}"
    return {"name": name, "address": f"https://github.com/{name}", "branch": quote(head[1])}


def _pack(country: Country) -> dict[str, Any]:
    """What the form knows of a country: how long its phone numbers are, and what the model refuses there, in its words."""
    phones, code = PhoneMetadata.metadata_for_region(country.code), country.code
    public = [country.emergency, *(line.phone for line in [country.urgent, *country.crisis_lines, country.poison, *(country.poison.instead.values() if country.poison else ())] if line and line.phone)]
    return {
        "emergency": country.emergency, "regions": country.regions, "postal_code": country.postal_code and country.postal_code.pattern,
        "zones": [(zone, _zone_said(zone), " ".join(state[:2] for state in states), [state[3:] for state in states]) for zone, states in country.zones.items()],
        "phone": example_phones(code)[0], "code": country.postal_code and country.postal_code.example,
        # How its numbers are printed: (first digits, digits, how they stand, how the first of them do).
        "formats": [("|".join(one.leading_digits_pattern[-1:]), one.pattern, *(re.sub(r"\\(\d)", r"$\1", form or "") for form in (one.format, one.national_prefix_formatting_rule))) for one in phones.number_format] if phones.country_code != 1 else [],
        "calling": str(phones.country_code), "trunk": phones.national_prefix or "", "digits": phones.general_desc.possible_length,
        "urgent": _said(country.urgent), "crisis": _said(next((line for line in country.crisis_lines if line.phone), None)),
        "public": [(phone, checks.said_in(Clinic, "phone", phone, code)) for phone in dict.fromkeys(public)],
        "says": checks.country(code),
    }


def _said(line: Line | None) -> list[str] | None:
    return [line.phone, line.name] if line else None


def drawn(model: type[BaseModel], key: str, field: FieldInfo) -> dict[str, Any]:
    """What the form says of a key besides what its schema does: its label, if it is not the key's own words; help; what an entry of a list is called."""
    inner, several = reference.group(field), reference.is_list(field.annotation) and not reference.may_be_text(field.annotation)
    # Present without values a group means something, such as a treatment that is offered; or it stands for its defaults.
    switch = inner and not several and not field.is_required() and field.default is None and not any(part.is_required() for part in inner.model_fields.values())
    told = {"title": field.description if switch else LABELS.get(f"{model.__name__}.{key}") or label(key), "description": "" if switch else f"{said}." if (said := HELP.get(f"{model.__name__}.{key}")) else _help(key, field), "switch": bool(switch),
            "row": ROWS.get(key, key.removesuffix("s").replace("_", " ")) if several or checks.kind_of(field) == "hours" else ""}
    return {name: said for name, said in told.items() if said and said != (key.capitalize() if name == "title" else "")}


def label(key: str) -> str:
    """What the form calls a key."""
    return LABELS.get(key) or _label(key)


def _label(key: str) -> str:
    return re.sub(r" (hours|minutes)$", r", in \1", key.replace("_", " ")).capitalize()


def _help(key: str, field: FieldInfo) -> str:
    """What the key means, its bounds, what holds if it is left out, and an example that is not the sample's own value."""
    if key in HELP and not (key == "hours" and field.is_required()):  # a crisis line's hours are plain text
        return HELP[key] and f"{HELP[key]}."
    bound, told = reference.limits(field), [without_facts(field.description or "")]
    if "le" in bound and (least := bound.get("ge", bound.get("floor"))) is not None:
        told.append(f"{least:g} to {bound['le']:g}")
    elif "le" in bound:
        told.append(f"Up to {bound['le']:g}")
    if bound and isinstance(field.default, int | float) and not field.is_required():
        told.append(f"If left out: {field.default:g}")
    example = str(field.examples[0]) if field.examples and not isinstance(field.examples[0], list | dict) else ""
    # The form gives an example of the country's own for these.
    if example and key not in ("region", "postal_code", "currency", "timezone") and not checks.kind_of(field).startswith("phone") and example not in CHOICES and file.alike(example) not in file.of_the_sample():
        told.append(f"Such as {example}")
    return ". ".join(told) + "."
