"""The page My visit: its lines, each with the rule that it follows from, and what its script counts with."""

from __future__ import annotations

import json
import re
from typing import Any

from babel.dates import get_timezone_location

from guide.clinic import zones
from guide.clinic.kinds import abroad, slugify
from guide.clinic.model import Location
from guide.edition import EPOCH, Edition
from guide.escape import plain
from guide.words import say
from guide.words.visit import Rules

BEFORE = (
    # (line, where its rule stands, the rules that are said beside it)
    ("alcohol_stop", "prepare/#alcohol-and-drugs", ("alcohol",)),
    ("last_food", "prepare/#food-and-drink", ("food",)),
    ("last_drink", "prepare/#food-and-drink", ()),
    ("pills", "prepare/#pills", ("pills", "pills_ask")),
    ("leave_home", "prepare/#way-home", ()),
    ("be_there", "treatment-day/", ("arrive",)),
    ("dose", "treatment-day/", ()),
)
AFTER = (
    ("home_not_before", "treatment-day/#leaving", ("leave",)),
    ("adult_until", "going-home/#until-when", ("stay",)),
    ("bedtime", "companion/#checks", ()),
    ("morning_check", "companion/#checks", ()),
    ("alcohol_from", "going-home/#until-when", ("drugs",)),
    ("papers_from", "going-home/#until-when", ("decide",)),
    ("children_from", "going-home/#until-when", ("children",)),
    ("drive", "going-home/#before-you-drive", ("drive",)),
    ("mood", "days-after/#plan-for-the-drop", ()),
)
KEPT = ("alcohol_stop", "pills")
"""Lines whose rule stays beside the time: who drinks every day must not just stop, and pills have no time."""
EITHER = ("be_there", "leave_home", "home_not_before")
"""Lines that are called otherwise where some come to the clinic and some are visited."""
AHEAD = 366
"""How many days ahead times are told: a guide and its rules may be others by then."""


def for_page(edition: Edition) -> dict[str, Any]:
    """What the block my_visit needs. `data` is empty where the time zone of a place is that of another country: then no time is counted."""
    phrase, clinic = edition.phrase, edition.clinic
    return {
        "data": "" if any(abroad(clinic.zone(place), clinic.country) for place in clinic.doses) else json.dumps(data(edition), ensure_ascii=False, separators=(",", ":")),
        "lines_of_visit": (("before", [line for line in BEFORE if not edition.at_home or line[0] != "leave_home"]), ("after", AFTER)), "at_home": edition.at_home, "either": edition.visited and EITHER or (), "kept": KEPT, "names": [(one["key"], one["name"]) for one in edition.said["treatments"]],
        "ticks": {line: phrase.rows[f"sheet.time.{time}.items"] for line, time in (("bedtime", "bedtime"), ("morning_check", "morning"))},
        "places": [(slug(place), plain(place.name or "")) for place in clinic.doses],
        "hours": [(f"{hour:02}", edition.times.hour(hour)) for hour in range(24)], "minutes": [f"{minute:02}" for minute in range(0, 60, 5)],
        "made": phrase("visit.rules_of", date=say.date(edition.day, phrase.where)),
    }


def data(edition: Edition) -> dict[str, Any]:
    """What the script counts and speaks with: numbers in minutes, clock changes, and the phrases visit.say.{name} with their slots open."""
    clinic, where, told = edition.clinic, edition.phrase.where, edition.language.rules.visit
    first, last = (edition.day.year + years for years in zones.YEARS)
    rules, clocks = next(iter(edition.visits.values())), list(dict.fromkeys(clinic.zone(place) for place in clinic.doses))
    return {
        **{name: getattr(rules, name) for name in ("mood_days", "morning", "morning_after", "night", "wake")}, "evening": 60 * told.evening, "reminder": 60 * told.reminder,
        "treatments": {key: counted(rules) for key, rules in edition.visits.items()},
        "zones": [{"city": get_timezone_location(zone, locale=where, return_city=True), "changes": zones.changes(zone, first, last)} for zone in clocks],
        "places": {slug(place): [clocks.index(clinic.zone(place)), ", ".join(edition.where(place)), *_given_and_closed(edition, place)] for place in clinic.doses},
        "ahead": AHEAD * 1440, "until": zones.first_minute(last + 1),
        "days": [where.days["format"]["wide"][(n - 1) % 7] for n in range(7)], "months": list(where.months["format"]["wide"].values()),
        "hours": [edition.times.clock(hour * 60 + 59).replace("59", "{minute}") for hour in range(24)],
        "noon": edition.times.clock(720),
        "day": slotted(re.sub(r"[ ,]*y+", "", where.date_formats["full"].pattern)), "date": slotted(where.date_formats["full"].pattern),
        "say": {name.removeprefix("visit.say."): text for name, text in edition.phrase.rows.items() if name.startswith("visit.say.")},
    }


def _given_and_closed(edition: Edition, place: Location) -> list[Any]:
    """[the only treatments given there, or 0; then of each time that it is closed the first minute and the one after the last, by the clock there]; nothing where there is nothing to say."""
    closed = [[1440 * (one.first - EPOCH).days, 1440 * ((one.last - EPOCH).days + 1)] for one in edition.clinic.days_off(place) if one.last >= edition.day]
    return [place.treatments or 0, *closed] if place.treatments or closed else []


def counted(rules: Rules) -> dict[str, Any]:
    """Minutes for each line: `before` from the dose back, `after` from the earliest time home on, which is `stay` after the dose. `drive_day` 1: driving waits for the next day."""
    return {
        "stay": rules.session + rules.stay,
        "before": {"alcohol_stop": rules.alcohol_before, "last_food": rules.food, "last_drink": rules.drinks, "be_there": rules.early, "dose": 0},
        "after": {"home_not_before": 0, "adult_until": rules.adult, "alcohol_from": rules.alcohol, "papers_from": rules.papers, "children_from": rules.children, "drive": rules.drive},
        "drive_day": int(not rules.drive),
    }


def slug(place: Location) -> str:
    """The place in a link: its name, or where it has none its town."""
    return slugify(place.called)


def slotted(pattern: str) -> str:
    """A pattern of the CLDR such as “EEEE, MMMM d, y” with slots in place of its letters."""
    return re.sub(r"E+|M+|d+|y+", lambda field: {"E": "{weekday}", "M": "{month}", "d": "{day}", "y": "{year}"}[field[0][0]], pattern).replace("'", "")
