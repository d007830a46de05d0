"""One clinic's guide in one language: the clinic's details married once to the words. Knows no HTML page and no engine.

Whoever makes pages, sheets or checks asks an Edition; nobody reads clinic.yml a second time.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from guide import __version__
from guide.clinic import file, noticeboard, notes, zones
from guide.clinic.countries import Country, Line
from guide.clinic.hours import DAYS, Day
from guide.clinic.kinds import abroad
from guide.clinic.model import Clinic, Closing, Location, Treatment
from guide.environment import DOCS, ROOT, now, today
from guide.escape import plain, web
from guide.words import say, visit
from guide.words.language import Language
from guide.words.phrases import Phrases
from guide.words.rules import Choices, Told, tell
from guide.words.say import Times

EPOCH = datetime.date(1970, 1, 1)
A_FEW_MINUTES = 15
"""How long a dose takes whose length the clinic leaves open: its patients wait that much longer before they go."""

VISITED = ("arrive", "escort", "companion", "leave", "stay")
"""Rules that are others for who is visited at home."""

MANY = 3
"""Places that are named beside a number; more are “our other places”."""


@dataclass(frozen=True)
class Edition:
    """All that a page, a sheet or a check may ask. Made once, then only read."""

    clinic: Clinic
    language: Language
    phrase: Phrases
    day: datetime.date
    sample: bool
    own: tuple[notes.Text, ...] = ()
    notices: tuple[noticeboard.Notice, ...] = ()
    root: Path = ROOT
    version: str = __version__

    @classmethod
    def of(cls, path: Path | None = None, docs: Path = DOCS) -> Edition:
        """The edition of the file at `path`, by default the chosen one. Raises file.ClinicProblems."""
        path = path or file.chosen()
        clinic, language = file.load(path), Language(docs)
        phrases = Phrases(language.phrases, say.locale(docs.name, clinic.country), f"docs/{docs.name}/phrases.yml")
        return cls(clinic, language, phrases.at_home() if at_home(clinic) else phrases, today(),
                   file.is_sample(path), tuple(notes.read(path.resolve().parent)[0]), tuple(noticeboard.read(path.resolve().parent, clinic.timezone)[0]), path.resolve().parent)

    @property
    def country(self) -> Country:
        """The country's pack, with the lines that the clinic added."""
        return self.clinic.pack

    @property
    def overdue(self) -> bool:
        """Has the day of the clinic's next check passed?"""
        return bool(self.clinic.review and self.clinic.review.next < self.day)

    @property
    def paper(self) -> str:
        return self.country.paper

    @cached_property
    def times(self) -> Times:
        return Times(self.phrase)

    @cached_property
    def rules(self) -> Told:
        """Rules and signs as HTML, with numbers to call as links."""
        return tell(self.language.rules, slots(self, linked=True), choices(self), self.offers)

    @cached_property
    def plain(self) -> Told:
        """The same as plain text, for paper and for whoever compares."""
        return tell(self.language.rules, slots(self, linked=False), choices(self), self.offers)

    def at(self, place: Location) -> Edition:
        """The edition for somebody who goes to that place alone, or is visited: its sheets."""
        clinic = self.clinic.of(place)
        return replace(self, clinic=clinic, phrase=self.phrase.at_home() if at_home(clinic) else self.phrase)

    @property
    def at_home(self) -> bool:
        """Is every dose given at the patient's home?"""
        return at_home(self.clinic)

    @cached_property
    def visited(self) -> Edition | None:
        """The edition for who is visited at home, of a clinic where others come."""
        return next((self.at(place) for place in self.clinic.doses if place.kind == "visits_you"), None) if not self.at_home else None

    def where(self, place: Location) -> list[str]:
        """The lines that say where a patient meets the clinic, as typed: an address, or how else."""
        return address(place, self.country) if place.address else [self.phrase(f"place.{place.kind}", **({"area": place.area} if place.area else {}))]

    @cached_property
    def when_closed(self) -> tuple[dict[str, str], ...]:
        """Whom to call when the clinic is closed: its night line, else the country's line for urgent advice, else nobody.

        Each is {"tel", "phone", "kind": "night" or "urgent", "name", "place": which places it is for, where they differ}.
        """
        return tuple({**self.closed_at(places[0]), "place": plain(self.named(places))} for night, places in self.nights if self.closed_at(places[0]))

    def closed_at(self, place: Location) -> dict[str, str]:
        """Whom to call when that place is closed; empty where it is nobody."""
        night, urgent = self.clinic.night(place), self.country.urgent
        if night != "none":
            return {"kind": "night", "name": "", "tel": say.tel(night), "phone": plain(say.phone(night, self.clinic.country)), "place": ""}
        return {"kind": "urgent", "name": plain(urgent.name), "tel": say.tel(urgent.phone), "phone": plain(urgent.phone), "place": ""} if urgent else {}

    @cached_property
    def nights(self) -> tuple[tuple[str, list[Location]], ...]:
        """(number at night or none, its places), those without one last."""
        nights: dict[str, list[Location]] = {}
        for place in self.clinic.locations:
            nights.setdefault(self.clinic.night(place), []).append(place)
        return tuple(sorted(nights.items(), key=lambda one: (one[0] == "none", len(one[1]))))

    @property
    def nowhere(self) -> bool:
        """Has one place somebody to call when it is closed, and another nobody?"""
        return len({bool(self.closed_at(places[0])) for _, places in self.nights}) > 1

    def named(self, places: list[Location]) -> str:
        """The names of some of the places; nothing where they are all of them. Most of many need no name: they are the others."""
        if MANY < len(places) < len(self.clinic.locations) and len(places) == max(len(alike) for _, alike in self.nights):
            return self.phrase("call.elsewhere")
        return self.phrase.either([place.name or "" for place in places]) if len(places) < len(self.clinic.locations) else ""

    @cached_property
    def offers(self) -> Mapping[str, bool]:
        """Which ways of giving it the clinic offers."""
        offered = {key for key, _ in self.clinic.treatments.offered()}
        return {
            "drip": "iv" in offered,
            "shot": bool({"im", "sc"} & offered),
            "spray": "nasal_esketamine" in offered,
            "mouth": bool({"sublingual", "oral"} & offered),
            "ketamine": bool(offered - {"nasal_esketamine"}),
            # All but the drip, so that a new treatment is not taken for one that can be stopped (F9.9).
            "cannot_be_stopped": bool(offered - {"iv"}),
        }

    @cached_property
    def said(self) -> Mapping[str, Any]:
        """Every variable that a page may use, as HTML."""
        clinic, pack, phrase, where = self.clinic, self.country, self.phrase, self.phrase.where
        offered = dict(clinic.treatments.offered())
        return {
            "country": clinic.country,
            "region": plain(clinic.region or ""),
            "clinic": {
                "name": plain(clinic.name), "said_as": plain(clinic.said_as or ""),
                "stop_signal": plain(clinic.visit.stop_signal),
                "email": plain(clinic.email or ""), "website": web(clinic.website), "portal": web(clinic.portal),
                "privacy_policy": web(clinic.privacy_policy), "complaints": plain(clinic.complaints or ""),
            },
            "phone": {name: slots(self, linked=True)[slot] for name, slot in
                      (("day", "phone"), ("emergency", "emergency"), ("crisis", "crisis"), ("poison", "poison"))} | {name: say.link(line.phone) for name, line in pack.help.items()},
            "lines": {
                "day": {"tel": say.tel(clinic.phone), "phone": plain(say.phone(clinic.phone, clinic.country))},
                "when_closed": self.when_closed,
                "nowhere": self.nowhere,
                "emergency": {"tel": say.tel(pack.emergency), "phone": pack.emergency},
                "other": [{"purpose": plain(_capital(one.purpose)), "how": one.how, "phone": plain(say.phone(one.number, clinic.country)), "language": plain(one.language or ""),
                           "href": {"text": say.sms(one.number), "whatsapp": f"https://wa.me/{say.sms(one.number).removeprefix('sms:+')}", "fax": ""}.get(one.how, say.tel(one.number))}
                          for one in clinic.phones],
                "crisis": [_line(line) for line in pack.crisis_lines],
                "poison": _line(pack.poison) if pack.poison else None,
                "urgent": _line(pack.urgent) if pack.urgent else None,
                "reporting": _line(pack.reporting) if pack.reporting else None,
            },
            "locations": [self._place(place) for place in clinic.locations],
            "at_home": self.at_home,
            "visited": [{who: _ruled(name, getattr(self.visited.rules.rules[name], who)) for who in ("you", "they")} for name in VISITED] if self.visited else [],
            "rule": {name: _ruled(name, rule.you) for name, rule in self.rules.rules.items()},
            "they": {name: _ruled(name, rule.they) for name, rule in self.rules.rules.items()},
            "short": {name: _ruled(name, rule.short) for name, rule in self.rules.rules.items()},
            "word": self.words,
            "offers": self.offers,
            "treatments": [self._treatment(key, treatment) for key, treatment in offered.items()],
            "days": [self._day(key, treatment) for key, treatment in offered.items()],
            "bring": [plain(thing) for thing in clinic.visit.bring],
            "price_list": [(plain(item.label), say.price(item.amount, clinic.cost.currency, phrase), plain(item.includes or "")) for item in clinic.cost.items]
            if clinic.cost else [],
            "insurance": plain(clinic.cost.insurance or "") if clinic.cost else "",
            "people": [(plain(person.name), plain(person.role), web(person.public_register)) for person in clinic.team],
            "review": {"people": plain(self.reviewers()), "next": say.date(clinic.review.next, where)} if clinic.review else None,
            "reviewed": clinic.review is not None,
            "overdue_from": _milliseconds(zones.day_ends(clinic.review.next, clinic.timezone)) if clinic.review else "",
            "notices": [(_milliseconds(notice.ends), say.date(notice.last, where), [plain(line) for line in notice.lines]) for notice in self.notices],
            "site_name": phrase("site.name", clinic=plain(clinic.name)),
        }

    def reviewers(self, most: int = 99) -> str:
        """Who checked the guide and when, as plain text; beyond `most` only how many more they are."""
        review = self.clinic.review or ()
        named = "; ".join(self.phrase("review.one_of" if one.of else "review.one", by=one.by, role=one.role, on=say.date(one.on, self.phrase.where), **({"version": one.of} if one.of else {})) for one in review[:most])
        return self.phrase("review.more", people=named, n=len(review) - most) if len(review) > most else named

    @cached_property
    def words(self) -> Mapping[str, str]:
        """The words that differ by country, as this country has them."""
        return self.language.words_of(self.country.words, self.country.code, self.at_home)

    @cached_property
    def visits(self) -> Mapping[str, visit.Rules]:
        """What the times of a visit are counted from, for each treatment that the clinic offers."""
        clinic, home, told = self.clinic, self.clinic.going_home, self.language.rules.visit
        return {key: visit.Rules(
            session=treatment.session_minutes or A_FEW_MINUTES, stay=treatment.stay_minutes, food=60 * treatment.no_food_hours, drinks=round(60 * treatment.no_drinks_hours),
            early=clinic.visit.arrive_early_minutes, adult=60 * home.escort_stays_hours, alcohol=60 * home.no_alcohol_hours, papers=60 * home.no_decisions_hours,
            children=60 * home.no_childcare_alone_hours, drive=60 * told.drive_after if clinic.driving == "24_hours_and_sleep" else 0, alcohol_before=60 * told.alcohol_before,
            mood_days=told.mood_days, morning=60 * told.morning, morning_after=60 * told.morning_after, night=60 * told.night, wake=60 * told.wake,
        ) for key, treatment in clinic.treatments.offered()}

    def _place(self, place: Location) -> dict[str, Any]:
        clinic = self.clinic
        return {
            "slug": place.slug,
            "name": plain(place.name or ""),
            "kind": place.kind,
            "address": [plain(line) for line in self.where(place)],
            "website": web(place.website),
            "phone": {"tel": say.tel(place.phone), "phone": plain(say.phone(place.phone, clinic.country))} if place.phone else None,
            "when_closed": self.closed_at(place),
            "pictures": [(name, plain(one.shows)) for name, one in zip(photo_names(place), place.pictures, strict=True)],
            "treatments": [self.phrase(f"treatment.{key}.name") for key, _ in clinic.of(place).treatments.offered()] if place.treatments else [],
            "hours": self.times.opening(place.hours),
            "closed": [self._closed(day) for day in clinic.days_off(place) if zones.day_ends(day.last, clinic.zone(place)) > now()],
            "week": self._week(place),
            "notes": [(self.phrase(f"place.{name}"), plain(text)) for name, text in place.notes.items()],
            "map": web(place.map),
            "card": card_name(clinic, place),
        }

    def _closed(self, day: Closing) -> str:
        """“December 24, 2026 to January 1, 2027 (holidays)”, as HTML."""
        first, last = (say.date(one, self.phrase.where) for one in (day.first, day.last))
        said = first if day.first == day.last else self.phrase("contact.closed_days", first=first, last=last)
        return self.phrase("contact.closed_why", days=said, why=plain(day.why)) if day.why else said

    def _week(self, place: Location) -> dict[str, Any] | None:
        """What overrides/assets/open.js needs: {"zone", "changes": its clock, "until": the minute at which this table ends, "night", "whole": are all days known, "spans": [[opens, closes, day, time, time], …], "closed": [[first, last], …] in days since 1970}."""
        clinic, zone, year = self.clinic, self.clinic.zone(place), self.day.year
        if not place.hours or abroad(zone, clinic.country):  # “Open now” would be a guess
            return None
        names = self.phrase.where.days["stand-alone"]["wide"]
        spans = [[n * 1440 + opens, n * 1440 + closes, names[n], self.times.clock(opens), self.times.clock(closes)]
                 for n, day in enumerate(DAYS) for opens, closes in place.hours.get(day, Day()).spans]
        closed = [[(one - EPOCH).days for one in (day.first, day.last)] for day in clinic.days_off(place)]
        return {"zone": zone, **({"closed": closed, "midnight": self.times.clock(0), "locale": str(self.phrase.where).replace("_", "-")} if closed else {}), "changes": zones.changes(zone, year, year + zones.YEARS[1]), "until": zones.first_minute(year + zones.YEARS[1] + 1),
                "night": clinic.night(place) != "none", "whole": len(place.hours) == len(DAYS), "spans": spans}

    def _treatment(self, key: str, treatment: Treatment) -> dict[str, str]:
        phrase, times = self.phrase, self.times
        length = phrase("treatment.about", time=times.minutes(treatment.session_minutes)) if treatment.session_minutes else phrase("treatment.a_few_minutes")
        whole = (treatment.session_minutes or A_FEW_MINUTES) + treatment.stay_minutes
        course = treatment.course
        even = course.per_week % 1 == 0
        pace = "" if course.sessions == 1 else phrase("course.a_week" if even else "course.every_2_weeks", n=f"{course.per_week if even else 2 * course.per_week:g}")
        return {
            "key": key,
            "name": phrase(f"treatment.{key}.name"),
            "session": length,
            "stay": phrase("treatment.at_least", time=times.minutes(treatment.stay_minutes)),
            "visit": phrase("treatment.about", time=times.minutes(30 * -(-whole // 30))),
            "food": _ruled("food", self.rules.by_treatment["food"][key].you),
            "course": phrase("course.whole", sessions=phrase("units.session", n=course.sessions), pace=pace, review=min(course.review_after, course.sessions)),
        }

    def _day(self, key: str, treatment: Treatment) -> dict[str, Any]:
        """The steps of a treatment day as (name, length in words, minutes to draw)."""
        phrase, told = self.phrase, self._treatment(key, treatment)
        early = self.clinic.visit.arrive_early_minutes
        home = "adult" if self.clinic.going_home.escort == "adult" else "ride"
        return {"key": key, "name": told["name"], "steps": [
            (phrase("day.arrive.name"), phrase("day.arrive.early", time=self.times.minutes(early)) if early else phrase("day.arrive.on_time"), early or 5),
            (phrase("day.checks.name"), phrase("day.checks.what"), 15),
            (phrase("day.dose.name"), told["session"], treatment.session_minutes or A_FEW_MINUTES),
            (phrase("day.rest.name"), phrase("day.rest.what", time=told["stay"]), treatment.stay_minutes),
            (phrase("day.home.name"), phrase(f"day.home.{home}"), 15),
        ]}


def at_home(clinic: Clinic) -> bool:
    """Does the clinic give every dose at the patient's home?"""
    return all(place.kind == "visits_you" for place in clinic.doses)


def address(place: Location, pack: Country) -> list[str]:
    """The lines of an address in the country's order, without what the clinic left out; none where nobody comes."""
    if not place.address:
        return []
    given = place.address.model_dump(include={"city", "region", "postal_code"})
    lines = []
    for line in pack.address:
        if line == "{street}":
            lines += place.where
            continue
        for name in (name for name, value in given.items() if not value):
            line = line.replace(f"{{{name}}}", "")
        if line := re.sub(r"\s+", " ", line).strip(" ,"):  # before it is filled: a town may begin with a comma
            lines.append(line.format(**given))
    return lines


def card_name(clinic: Clinic, place: Location) -> str:
    """The file of a location's vCard: clinic.vcf, or clinic-SLUG.vcf where there are several locations."""
    return f"clinic-{place.slug}.vcf" if len(clinic.locations) > 1 else "clinic.vcf"


def photo_names(place: Location) -> list[str]:
    """Where the site keeps the pictures of a location."""
    return [f"assets/{place.slug}-{n}.jpg" for n in range(1, len(place.pictures) + 1)]


def _line(line: Line) -> dict[str, Any]:
    """A crisis or poison line as buttons need it."""
    return {
        "name": plain(line.name),
        "phone": plain(line.phone), "tel": say.tel(line.phone) if line.phone else "",
        "text": plain(line.text), "sms": say.sms(line.text) if line.text else "",
        "hours": plain(line.hours), "url": web(line.url), "spanish": plain(line.spanish),
    }


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _milliseconds(moment: datetime.datetime) -> int:
    """A moment as a script counts it, since 1970."""
    return int(moment.timestamp() * 1000)


def _ruled(name: str, said: str) -> str:
    return f'<span data-rule="{name}">{said}</span>'


def choices(edition: Edition) -> Choices:
    """Which variant of each rule the clinic chose, and its numbers for each treatment."""
    clinic, times, doses = edition.clinic, edition.times, edition.language.rules.doses
    visit, cancel = clinic.visit, clinic.cost and clinic.cost.cancel_hours
    return Choices(
        variant={
            "drive": clinic.driving, "escort": clinic.going_home.escort, "stay": clinic.going_home.escort,
            "leave": "at_clinic", "watch": visit.watching, "companion": visit.companion, "pregnancy_test": visit.pregnancy_test,
            "arrive": "early" if visit.arrive_early_minutes else "on_time", "cancel": "hours" if cancel else "soon",
            "interpreter": visit.interpreter, "private_room": {True: "own", False: "shared", None: "unknown"}[visit.private_room],
            "after_hours": ("lines" if edition.nights[-1][0] != "none" else "lines_urgent" if edition.country.urgent else "lines_none") if len(edition.nights) > 1
            else {"night": "line", "urgent": "urgent"}[edition.when_closed[0]["kind"]] if edition.when_closed else "none",
        },
        treatments={key: {
            "name": doses[key]["name"], "after": doses[key]["after"],
            "no_food_hours": times.hours(treatment.no_food_hours), "no_drinks_hours": times.hours(treatment.no_drinks_hours),
            "stay_minutes": times.minutes(treatment.stay_minutes), "session_minutes": times.minutes(treatment.session_minutes or 0),
        } for key, treatment in clinic.treatments.offered()},
        at_home=edition.at_home, country=edition.country.code, region=clinic.region or "", urgent=edition.country.urgent is not None, poison=edition.country.poison is not None, either=edition.phrase.either)


def slots(edition: Edition, linked: bool) -> dict[str, str]:
    """What fills the slots of rules.yml. `linked`: as HTML with numbers to call as links, else as plain text."""
    clinic, pack, times, phrase = edition.clinic, edition.country, edition.times, edition.phrase
    typed = plain if linked else str
    number = say.link if linked else (lambda number, said="": said or number)
    calls = [line for line in pack.crisis_lines if line.phone]
    texts = [line for line in pack.crisis_lines if line.text]
    crisis = [number(line.phone) + (f" ({typed(line.choose)})" if line.choose else "") for line in calls] or [number(pack.emergency)]
    home, visit = clinic.going_home, clinic.visit
    nights = [(edition.named(places), number(night, say.phone(night, clinic.country))) for night, places in edition.nights if night != "none"]
    day, night = number(clinic.phone, say.phone(clinic.phone, clinic.country)), "; ".join(phrase("call.at_place", place=typed(place), phone=phone) if place else phone for place, phone in nights)
    ways = [phrase(f"treatment.{key}.name") for key, _ in clinic.treatments.offered()]
    write = '<span class="write"></span>' if linked else "____"
    return {
        **edition.words,
        "emergency": number(pack.emergency), "crisis": crisis[0], "crisis_next": next((one for one in crisis[1:] if one != crisis[0]), ""), "crisis_text": typed(texts[0].text) if texts else "",
        "poison": number(pack.poison.phone) if pack.poison else number(pack.emergency), "urgent": number(pack.urgent.phone) if pack.urgent else "",
        "phone": day, "night": night, "phones": " / ".join(filter(None, (day, night))),
        "no_line": typed(edition.named(edition.nights[-1][1])) if edition.nights[-1][0] == "none" else "",
        "clinic": typed(clinic.name), "watched_by": typed(visit.watched_by), "write": write,
        "substance": " / ".join(phrase(f"substance.{one}") for one, given in (("ketamine", any(key != "nasal_esketamine" for key, _ in clinic.treatments.offered())), ("spray", edition.offers["spray"])) if given), "treatment": write if len(ways) > 1 else ways[0],
        "no_alcohol_hours": times.hours(home.no_alcohol_hours), "no_decisions_hours": times.hours(home.no_decisions_hours),
        "no_childcare_alone_hours": times.hours(home.no_childcare_alone_hours), "escort_stays_hours": times.hours(home.escort_stays_hours),
        "arrive_early_minutes": times.minutes(visit.arrive_early_minutes), "cancel_hours": times.hours(clinic.cost.cancel_hours) if clinic.cost and clinic.cost.cancel_hours else "",
    }
