"""What a clinic has to do soon, or may want to say otherwise. Nothing here keeps a guide from being published."""

from __future__ import annotations

import datetime
from pathlib import Path

from guide import __version__
from guide.check import dates
from guide.clinic import against_rules, misplaced, noticeboard, notes, typed, zones
from guide.clinic.file import NAMES, RENAMED, YEAR, prose, rename, state_zones
from guide.clinic.kinds import abroad
from guide.clinic.model import NAMED, Clinic, floors
from guide.clinic.problems import Problem, quoted
from guide.clinic.yaml_lines import Document, value_at
from guide.clinic.yaml_lines import path as key_of
from guide.environment import ROOT, today


def of(path: Path, clinic: Clinic, renamed: dict[str, tuple[str, datetime.date]] = RENAMED) -> list[Problem]:
    """What the `clinic` of that file has to do soon, and words that it may want to change. Nothing here keeps a guide from being published."""
    document = Document(path.read_bytes())
    told = rename(document, renamed)
    for n, one in enumerate(clinic.review or ()):
        way = ("review", n) if ("review", n) in document.values else ("review",)
        if one.of and one.of != __version__:
            told.append(Problem(*document.place_of((*way, "of")), key_of((*way, "of")), f"the guide is version {__version__} by now", "Show your clinician what has changed since, then write the new on, next and of."))
        if one.next >= today():
            continue
        place = (*way, "next")
        told.append(Problem(*document.place_of(place), key_of(place), "this day has passed, so every page and sheet says that the check is overdue",
                            "Have a clinician check the guide, then write the new days of on and next."))
    for n, line in enumerate(clinic.emergency.crisis_lines):
        if line.checked + YEAR < today():
            told.append(Problem(*document.place_of(("emergency", "crisis_lines", n, "checked")), f"emergency.crisis_lines[{n}].checked",
                                "nobody has looked at this number for more than a year", "Call it, or look at its own page. Then write the new day."))
    if clinic.driving != clinic.going_home.driving:
        told.append(Problem(*document.place_of(("going_home", "driving")), "going_home.driving", "the guide says 24 hours and a night's sleep, because you give ketamine itself",
                            "Write 24_hours_and_sleep. Only a clinic that gives nothing but the spray has the choice (F10.5)."))
    for place, value, floor in floors(clinic):
        if value < floor.tell:
            told.append(Problem(*document.place_of(place), ".".join(place), f"{value:g} is allowed, and most clinics choose {floor.tell:g} or more",
                                f"Write {floor.tell:g}, or have your clinician agree to {value:g}: {floor.why}."))
    if clinic.visit.watching == "camera":
        told.append(Problem(*document.place_of(("visit", "watching")), "visit.watching", "a camera cannot help at once",
                            "Write in_room, or have your clinician agree: someone trained must be able to help at once (F9.8)."))
    for way, zone in [(("timezone",), clinic.timezone), *((("locations", n, "timezone"), place.timezone) for n, place in enumerate(clinic.locations) if place.timezone)]:
        if there := abroad(zone, clinic.country):
            told.append(Problem(*document.place_of(way), key_of(way), f"this is the time of {there}, so no page says if you are open now",
                                "Write the time zone of the clinic's own town."))
    for n, place in enumerate(clinic.locations):
        usual = state_zones(clinic.country, place.address and place.address.region)
        way = ("locations", n, "timezone") if len(clinic.locations) > 1 or ("locations", n, "timezone") in document.values else ("timezone",)
        if usual and not abroad(clinic.zone(place), clinic.country) and not zones.among(clinic.zone(place), usual, today().year):
            told.append(Problem(*document.place_of(way), key_of(way), f"{clinic.zone(place)} is not the time of {place.address.region}", f"Write {' or '.join(usual)}, or correct the state."))
        if place.kind == "visits_you" and "iv" in dict(clinic.of(place).treatments.offered()):
            told.append(Problem(*document.place_of(("locations", n, "kind")), key_of(("locations", n, "kind")), "the US society of ketamine clinicians is against a drip at home without an exam in person",
                                "Have your clinician agree that each patient is seen in person before the first drip (F7.10)."))
    for way, days in (((), clinic.closed), *((("locations", n), place.closed) for n, place in enumerate(clinic.locations))):
        for n, day in enumerate(days):
            if (over := day.last or day.first) < today():
                told.append(Problem(*document.place_of((*way, "closed", n)), key_of((*way, "closed", n)), "this day is over", f"Did you mean {again(over)}? Else delete it."))
    for n, item in enumerate(clinic.cost.items if clinic.cost else ()):
        way = ("cost", "items", n, "amount")
        written = str(value_at(document.data, way))
        if (signs := typed.signs(written)) and clinic.cost.currency not in signs:
            told.append(Problem(*document.place_of(way), key_of(way), f"{quoted(written)} is not in {clinic.cost.currency}, and patients read {item.amount} {clinic.cost.currency}", "Correct the price, or the currency."))
    if NAMED.search(clinic.visit.watched_by):
        told.append(Problem(*document.place_of(("visit", "watched_by")), "visit.watched_by", f"{quoted(clinic.visit.watched_by)} may be somebody's name", "Write a role, such as a nurse trained in ketamine care: it stays right when people change."))
    for place, text in prose(document):
        at, key = document.place_of(place), key_of(place)
        told += [Problem(*at, key, message, hint) for _, _, message, hint in notes.doubtful(text)]
        if place[-1] in NAMES:
            told += [Problem(*at, key, message, hint) for _, _, level, message, hint in against_rules.found(text) if level == "error"]
    root = path.resolve().parent
    return told + notes.warnings(root) + noticeboard.read(root, clinic.timezone)[1] + (misplaced.of(ROOT, pictures(clinic))[1] if root == ROOT else [])


def again(day: datetime.date) -> datetime.date:
    """The next time that this day of the year comes."""
    year = today().year + (day.replace(year=2000) < today().replace(year=2000))
    return day.replace(year=year, day=28 if (day.month, day.day) == (2, 29) else day.day)


def pictures(clinic: Clinic) -> set[str]:
    """The pictures that clinic.yml names."""
    return {clinic.look.logo, *(one.file for place in clinic.locations for one in place.pictures)} - {None}


def out_of_date() -> list[Problem]:
    """One notice for all facts and numbers of the guide itself that nobody has looked at in time."""
    late = dates.past(today())
    return [Problem(late[0].line, 1, "", f"{len(late)} fact{'s' * (len(late) > 1)} or number{'s' * (len(late) > 1)} of this guide should have been looked at again by now, "
                    f"the first by {late[0].last}", "Take the project's corrections: open your copy on GitHub and press Sync fork. "
                    "If it is told again after that, have your clinician look at it.", late[0].file)] if late else []
