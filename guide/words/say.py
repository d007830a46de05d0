"""How the clinic's details are said: phones, addresses, hours, minutes, dates, rules. The only place that words them.

Every text that a page gets from here is safe to stand anywhere in Markdown or HTML: what a clinic typed comes out as
typed, because each character with a meaning in Markdown, HTML or Jinja is written as a character reference.
"""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import Any

import phonenumbers
import yaml
from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.numbers import format_currency

from guide.clinic.countries import Country, Line
from guide.clinic.hours import DAYS, Span, Week
from guide.clinic.kinds import abroad
from guide.clinic.model import Clinic, Location, Treatment
from guide.escape import plain, web

TREATMENTS = {
    "iv": "IV drip",
    "im": "injection into a muscle",
    "sc": "injection under the skin",
    "nasal_esketamine": "esketamine nasal spray",
    "sublingual": "lozenge under the tongue",
    "oral": "tablet or liquid",
}
DOSES = {"iv": "the drip", "im": "the injection", "sc": "the injection", "nasal_esketamine": "the spray"}
DOSE_ENDS = {"im": "after the injection", "sc": "after the injection", "iv": "after the drip ends", "nasal_esketamine": "after the last spray"}


def locale(clinic: Clinic) -> Locale:
    """English as written in the clinic's country."""
    try:
        return Locale.parse(f"en_{clinic.country}")
    except UnknownLocaleError:
        return Locale.parse("en_150")


def differing(docs: Path, words: str) -> dict[str, str]:
    """The word list of docs/<language>/words.yml for "american", "british" or "canadian"."""
    rows = yaml.safe_load((docs / "words.yml").read_text("utf-8"))
    return {name: row.get(words, row["american"]) for name, row in rows.items()}


def phone(number: str, country: str) -> str:
    """An E.164 number as people of `country` write it."""
    parsed = phonenumbers.parse(number)
    national = phonenumbers.region_code_for_number(parsed) == country or parsed.country_code == phonenumbers.country_code_for_region(country)
    form = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(parsed, form.NATIONAL if national else form.INTERNATIONAL)


def tel(number: str) -> str:
    """The tel: address of a number, E.164 or as printed in a country pack."""
    return "tel:" + re.sub(r"[^\d+;ext=]", "", number)


def link(number: str, said: str = "") -> str:
    """An inline link that calls `number`."""
    return f'<a href="{tel(number)}">{plain(said or number)}</a>'


def sms(how: str) -> str:
    """The sms: address for “HOME to 741741”, “988”."""
    return "sms:" + re.sub(r"\D", "", how.rpartition(" to ")[2])


def count(number: float, one: str, many: str = "") -> str:
    """2, "hour" as “2 hours”; half an hour is said in minutes."""
    return f"{number:g} {one if number == 1 else many or one + 's'}"


def minutes(number: float) -> str:
    """90 as “1 and a half hours”, 45 as “45 minutes”, 75 as “75 minutes”, 135 as “2 hours and 15 minutes”."""
    whole, rest = divmod(number, 60)
    if not whole or rest not in (0, 30) and number < 120:
        return count(number, "minute")
    return f"{whole:g} and a half hours" if rest == 30 else count(whole, "hour") + (f" and {count(rest, 'minute')}" if rest else "")


def hours(number: float) -> str:
    return minutes(number * 60)


def date(day: datetime.date, where: Locale) -> str:
    return format_date(day, "long", locale=where)


def clock(minute: int, where: Locale) -> str:
    """Minutes after midnight as people say it there: “8:30 AM”, “08:30”. No invisible spaces."""
    if minute % 1440 == 720:
        return "noon"
    if minute % 1440 == 0:
        return "midnight"
    return format_time(datetime.time(minute // 60 % 24, minute % 60), "short", locale=where).replace("\u202f", " ").replace("\xa0", " ")


def opening(week: Week | None, where: Locale) -> list[tuple[str, str]]:
    """[("Monday to Thursday", "8:30 AM to 5:00 PM"), …]: neighbouring days that are alike are told together."""
    if not week:
        return []
    names = where.days["stand-alone"]["wide"]
    groups: list[tuple[list[str], list[Span] | None]] = []
    for n, day in enumerate(DAYS):
        spans = week.get(day)
        if groups and groups[-1][1] == spans:
            groups[-1][0].append(names[n])
        else:
            groups.append(([names[n]], spans))
    return [(days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}" if len(days) > 2 else f"{days[0]} and {days[1]}",
             _spans(spans, where)) for days, spans in groups if spans is not None]


def week(place: Location, clinic: Clinic, where: Locale) -> dict[str, Any] | None:
    """What overrides/assets/open.js needs: {"zone", "night", "whole": are all days known, "spans": [[opens, closes, day, time, time], …]}."""
    if not place.hours or abroad(clinic.timezone, clinic.country):  # “Open now” would be a guess
        return None
    names = where.days["stand-alone"]["wide"]
    spans = [[n * 1440 + opens, n * 1440 + closes, names[n], clock(opens, where), clock(closes, where)]
             for n, day in enumerate(DAYS) for opens, closes in place.hours.get(day, [])]
    return {"zone": clinic.timezone, "night": clinic.after_hours_phone != "none", "whole": len(place.hours) == len(DAYS), "spans": spans}


def _spans(spans: list[Span], where: Locale) -> str:
    if not spans:
        return "closed"
    if spans == [(0, 1440)]:
        return "open 24 hours"
    return ", ".join(f"{clock(opens, where)} to {clock(closes, where)}{' the next day' if closes > 1440 else ''}" for opens, closes in spans)


def address(place: Location, pack: Country) -> list[str]:
    """The lines of an address in the country's order, without what the clinic left out."""
    given = place.address.model_dump(include={"city", "region", "postal_code"})
    lines = []
    for line in pack.address:
        if line == "{street}":
            lines += place.address.street_lines
            continue
        for name in (name for name, value in given.items() if not value):
            line = line.replace(f"{{{name}}}", "")
        if line := re.sub(r"\s+", " ", line).strip(" ,"):  # before it is filled: a town may begin with a comma
            lines.append(line.format(**given))
    return lines


def card_name(clinic: Clinic, place: Location) -> str:
    """The file of a location's vCard: clinic.vcf, or clinic-SLUG.vcf where there are several locations."""
    return f"clinic-{place.slug}.vcf" if len(clinic.locations) > 1 else "clinic.vcf"


def money(amount: float, currency: str, where: Locale) -> str:
    """425 dollars as “$425”, or as “US$425” where dollars are not the country's own."""
    told = format_currency(amount, currency, locale=where, currency_digits=False)  # yen would be rounded
    return re.sub(r"[.,]00(?!\d)", "", told).replace("\xa0", " ").replace("\u202f", " ")


def _contact(line: Line, country: str) -> dict[str, Any]:
    """A crisis or poison line as buttons need it."""
    return {
        "name": plain(line.name),
        "phone": plain(line.phone), "tel": tel(line.phone) if line.phone else "",
        "text": plain(line.text), "sms": sms(line.text) if line.text else "",
        "hours": plain(line.hours), "url": web(line.url),
    }


def _crisis(pack: Country) -> str:
    """The first crisis line that takes calls, with what to choose in its menu; the emergency number where there is none."""
    line = next((line for line in pack.crisis_lines if line.phone), None)
    return link(pack.emergency) if line is None else link(line.phone) + (f" ({line.choose})" if line.choose else "")


def _rules(clinic: Clinic, pack: Country, word: dict[str, str]) -> dict[str, str]:
    home, visit = clinic.going_home, clinic.visit
    adult = home.escort == "adult"  # the crew of a medical ride does not stay
    by = plain(visit.watched_by[:1].upper() + visit.watched_by[1:])
    night = clinic.after_hours_phone
    closed = (f"When we are closed, call our after-hours line: {link(night, phone(night, clinic.country))}." if night != "none" else
              "We have no after-hours line. " + (f"When we are closed, call {link(pack.urgent.phone)} for urgent advice. " if pack.urgent else "")
              + f"In an emergency, call {link(pack.emergency)}.")
    return {
        "drive": {
            "24_hours_and_sleep": "Do not drive for at least 24 hours after your dose, and have a full night's sleep first.",
            "next_day_after_sleep": "Do not drive until the next day, after a full night's sleep.",
        }[clinic.driving],
        "escort": {
            "adult": "An adult you trust must take you home.",
            "adult_or_medical_transport": f"An adult you trust, or a medical {word['ride']} that we agree on before the day, must take you home.",
        }[home.escort],
        "stay_with_you": f"{'They stay' if adult else 'An adult stays'} with you for at least {hours(home.escort_stays_hours)}." if home.escort_stays_hours else
                         f"Ask {'them' if adult else 'an adult'} to stay near you that evening.",
        "alcohol": f"Do not drink alcohol for {home.no_alcohol_hours} hours. Do not use cannabis or street drugs.",
        "decisions": f"Do not sign papers or make big decisions for {home.no_decisions_hours} hours.",
        "children": f"Do not look after children on your own for {home.no_childcare_alone_hours} hours.",
        "food": _food(dict(clinic.treatments.offered())),
        "stay": _stay(dict(clinic.treatments.offered())),
        "after_hours": closed,
        "no_answer": "If we do not answer soon, do not wait until we open. " + (f"Call {link(pack.urgent.phone)} for urgent advice. " if pack.urgent else "")
        + f"For thoughts of suicide, call {_crisis(pack)}. "
        + f"If it gets worse, or you are not sure, call {link(pack.emergency)}.",
        "watching": {"in_room": f"{by} stays in the room with you the whole time.",
                     "camera": f"{by} watches you by camera the whole time and comes in when you need it."}[visit.watching],
        "companion": {"in_room": "The adult who comes with you may sit in the room with you.",
                      "waiting_room": "The adult who comes with you can wait in our waiting room.",
                      "no": "The adult who comes with you cannot wait here. We call them when you are ready."}[visit.companion],
        "pregnancy_test": {"all_who_could_be": "If you could be pregnant, we ask you to take a test first.",
                           "on_request": "If you could be pregnant, tell us. You can have a test first."}[visit.pregnancy_test],
        "arrive": f"Come {minutes(visit.arrive_early_minutes)} early." if visit.arrive_early_minutes else "Come on time.",
        "cancel": f"If you cannot come, tell us at least {count(clinic.cost.cancel_hours, 'hour')} before."
                  if clinic.cost and clinic.cost.cancel_hours else "If you cannot come, tell us as soon as you can.",
        "private_room": {True: "You have a room to yourself.", False: "Other patients may be in the same room.",
                         None: "Ask us if you will have a room to yourself."}[visit.private_room],
    }


def _alike(treatments: dict[str, Treatment], *fields: str) -> list[tuple[list[str], Treatment]]:
    """Treatments whose `fields` are the same, together: one sentence serves them all."""
    groups: dict[tuple, list[str]] = {}
    for key, treatment in treatments.items():
        groups.setdefault((key == "nasal_esketamine", *(getattr(treatment, field) for field in fields)), []).append(key)
    return [(keys, treatments[keys[0]]) for keys in groups.values()]


def _either(names: list[str]) -> str:
    names = list(dict.fromkeys(names))
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def _food(treatments: dict[str, Treatment]) -> str:
    told = []
    groups = _alike(treatments, "no_food_hours", "no_drinks_hours")
    for keys, treatment in groups:
        before = "before " + _either([DOSES.get(key, f"the {TREATMENTS[key]}") for key in keys]) if len(groups) > 1 else "before your dose"
        drinks = "drinks without alcohol" if keys == ["nasal_esketamine"] else "clear drinks without alcohol, such as water,"
        told.append(f"Do not eat for {hours(treatment.no_food_hours)} {before}. You may have {drinks} until {hours(treatment.no_drinks_hours)} before.")
    return " ".join(told)


def _stay(treatments: dict[str, Treatment]) -> str:
    return " ".join(f"You stay at the clinic for at least {minutes(treatment.stay_minutes)} "
                    f"{_either([DOSE_ENDS.get(key, 'after the ' + TREATMENTS[key]) for key in keys])}."
                    for keys, treatment in _alike(treatments, "stay_minutes"))


def _treatment(key: str, treatment: Treatment) -> dict[str, str]:
    course = treatment.course
    length = f"about {minutes(treatment.session_minutes)}" if treatment.session_minutes else "a few minutes"
    whole = (treatment.session_minutes or 15) + treatment.stay_minutes
    pace = f"{course.per_week:g} a week" if course.per_week % 1 == 0 else f"{2 * course.per_week:g} every 2 weeks"
    return {
        "key": key,
        "name": TREATMENTS[key],
        "session": length,
        "stay": f"at least {minutes(treatment.stay_minutes)}",
        "visit": f"about {minutes(30 * -(-whole // 30))}",
        "food": _food({key: treatment}),
        "course": f"Most people start with {count(course.sessions, 'session')}{', ' + pace if course.sessions > 1 else ''}. "
                  f"We look together at how it is going after {min(course.review_after, course.sessions)}.",
    }


def _day(clinic: Clinic, key: str, treatment: Treatment) -> dict[str, Any]:
    """The steps of a treatment day as (name, length in words, minutes to draw)."""
    early = clinic.visit.arrive_early_minutes
    told = _treatment(key, treatment)
    return {"key": key, "name": TREATMENTS[key], "steps": [
        ("You arrive", f"come {minutes(early)} early" if early else "come on time", early or 5),
        ("We check you", "blood pressure, pulse and how you feel", 15),
        ("Your dose", told["session"], treatment.session_minutes or 15),
        ("You rest", f"{told['stay']}, while we keep checking you", treatment.stay_minutes),
        ("You go home", "with an adult you trust" if clinic.going_home.escort == "adult" else "never alone", 15),
    ]}


def _ruled(rules: dict[str, str]) -> dict[str, str]:
    return {name: f'<span data-rule="{name}">{said}</span>' for name, said in rules.items()}


def view(clinic: Clinic, docs: Path) -> dict[str, Any]:
    """Every variable that a page may use."""
    pack, where = clinic.pack, locale(clinic)
    word = differing(docs, pack.words)
    offered = dict(clinic.treatments.offered())
    day = phone(clinic.phone, clinic.country)
    return {
        "country": clinic.country,
        "region": plain(clinic.region or ""),
        "clinic": {
            "name": plain(clinic.name),
            "watched_by": plain(clinic.visit.watched_by),
            "stop_signal": plain(clinic.visit.stop_signal),
            "arrive_early": minutes(clinic.visit.arrive_early_minutes),
            "stay_with_them": f"stay with them for at least {hours(clinic.going_home.escort_stays_hours)}"
            if clinic.going_home.escort_stays_hours else "stay near them this evening",
            "email": plain(clinic.email or ""), "website": web(clinic.website), "portal": web(clinic.portal),
            "privacy_policy": web(clinic.privacy_policy), "complaints": plain(clinic.complaints or ""),
        },
        "phone": {
            "day": link(clinic.phone, day),
            "emergency": link(pack.emergency),
            "poison": link(pack.poison.phone) if pack.poison else link(pack.emergency),
            "crisis": _crisis(pack),
        },
        "lines": {
            "day": {"tel": tel(clinic.phone), "phone": plain(day)},
            "night": None if clinic.after_hours_phone == "none" else
            {"tel": tel(clinic.after_hours_phone), "phone": plain(phone(clinic.after_hours_phone, clinic.country))},
            "emergency": {"tel": tel(pack.emergency), "phone": pack.emergency},
            "crisis": [_contact(line, clinic.country) for line in pack.crisis_lines],
            "poison": _contact(pack.poison, clinic.country) if pack.poison else None,
            "urgent": _contact(pack.urgent, clinic.country) if pack.urgent else None,
            "reporting": _contact(pack.reporting, clinic.country) if pack.reporting else None,
        },
        "locations": [{
            "slug": place.slug,
            "name": plain(place.name or ""),
            "address": [plain(line) for line in address(place, pack)],
            "phone": {"tel": tel(place.phone), "phone": plain(phone(place.phone, clinic.country))} if place.phone else None,
            "hours": opening(place.hours, where),
            "week": week(place, clinic, where),
            "notes": [(label, plain(text)) for label, text in (("Way in", place.entrance), ("Parking", place.parking),
                                                               ("Bus or train", place.transit), ("Access", place.access)) if text],
            "map": web(place.map),
            "card": card_name(clinic, place),
        } for place in clinic.locations],
        "rule": _ruled(_rules(clinic, pack, word)),
        "word": word,
        "offers": {
            "drip": "iv" in offered,
            "shot": bool({"im", "sc"} & set(offered)),
            "spray": "nasal_esketamine" in offered,
            "mouth": bool({"sublingual", "oral"} & set(offered)),
            "ketamine": bool(set(offered) - {"nasal_esketamine"}),
            # All but the drip, so that a new treatment is not taken for one that can be stopped (F9.9).
            "cannot_be_stopped": bool(set(offered) - {"iv"}),
        },
        "treatments": [_treatment(key, treatment) for key, treatment in offered.items()],
        "days": [_day(clinic, key, treatment) for key, treatment in offered.items()],
        "bring": [plain(thing) for thing in clinic.visit.bring],
        "price_list": [(plain(item.label), money(item.amount, clinic.cost.currency, where), plain(item.includes or "")) for item in clinic.cost.items]
        if clinic.cost else [],
        "insurance": plain(clinic.cost.insurance or "") if clinic.cost else "",
        "people": [(plain(person.name), plain(person.role), web(person.public_register)) for person in clinic.team],
        "review": {"by": plain(clinic.review.by), "role": plain(clinic.review.role),
                   "on": date(clinic.review.on, where), "next": date(clinic.review.next, where)} if clinic.review else None,
        "reviewed": clinic.review is not None,
    }
