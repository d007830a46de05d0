"""The clinic's places as machines read them: schema.org for search engines and maps, vCard for a phone's address book."""

from __future__ import annotations

import re
from typing import Any

from guide.clinic.hours import DAYS
from guide.clinic.model import Clinic, Location
from guide.environment import today
from guide.words.phrases import Phrases

WEEK = dict(zip(DAYS, ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), strict=True))
LINE = 75
"""Octets of a line of a vCard (RFC 2426, 2.6)."""


def structured(clinic: Clinic, site: str) -> list[dict[str, Any]]:
    """schema.org/MedicalClinic of each location, as JSON-LD; MedicalBusiness where nobody comes. `site` is the guide's address, given where the clinic has none."""
    return [_present({
        "@context": "https://schema.org",
        "@type": "MedicalClinic" if place.address else "MedicalBusiness",
        "name": _called(clinic, place),
        "telephone": (place.phone or clinic.phone).replace(";ext=", " ext. "),
        "email": clinic.email,
        "url": place.website or clinic.website or site,
        "areaServed": place.area,
        "hasMap": place.map,
        "address": _present({
            "@type": "PostalAddress",
            "streetAddress": ", ".join(place.where),
            "addressLocality": place.address.city,
            "addressRegion": place.address.region,
            "postalCode": place.address.postal_code,
            "addressCountry": clinic.country,
        }) if place.address else None,
        "openingHoursSpecification": _hours(place),
        "specialOpeningHoursSpecification": [{"@type": "OpeningHoursSpecification", "opens": "00:00", "closes": "00:00", "validFrom": day.first.isoformat(), "validThrough": day.last.isoformat()}
                                             for day in clinic.days_off(place) if day.last >= today()],
    }) for place in clinic.locations]


def card(clinic: Clinic, place: Location, phrase: Phrases, sample: bool = False) -> bytes:
    """A vCard 3.0 (RFC 2426), the version that every phone takes in. That of the sample clinic says so in its name."""
    name = phrase("card.sample", name=_called(clinic, place)) if sample else _called(clinic, place)
    address = place.address
    lines = [
        "BEGIN:VCARD", "VERSION:3.0",
        f"FN:{_text(name)}",
        f"N:{_text(name)};;;;",
        f"ORG:{_text(name)}",
        "X-ABShowAs:COMPANY",
        f"TEL;TYPE=WORK,VOICE,PREF:{_text(_dialled(place.phone or clinic.phone))}",
        *([f"item1.TEL;TYPE=WORK,VOICE:{_text(_dialled(clinic.night(place)))}", f"item1.X-ABLabel:{_text(phrase('card.when_closed'))}"]
          if clinic.night(place) != "none" else []),
        *(["ADR;TYPE=WORK:;;" + ";".join(_text(part or "") for part in (
            ", ".join(place.where), address.city, address.region, address.postal_code, clinic.country))] if address else []),
        *([f"EMAIL;TYPE=INTERNET:{_text(clinic.email)}"] if clinic.email else []),
        *([f"URL:{website}"] if (website := place.website or clinic.website) else []),
        "END:VCARD",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode()


def _called(clinic: Clinic, place: Location) -> str:
    return clinic.name + (f", {place.name}" if place.name else "")


def _dialled(phone: str) -> str:
    """+17605552368;ext=12 as a phone dials it by itself: the comma is a pause."""
    return phone.replace(";ext=", ",")


def _hours(place: Location) -> list[dict[str, str]]:
    """One entry for each span. A span that ends after midnight closes at a time before it opens, which schema.org takes as the next day."""
    return [{"@type": "OpeningHoursSpecification", "dayOfWeek": WEEK[name], "opens": _clock(opens), "closes": "23:59" if closes == 1440 else _clock(closes)}
            for name, day in (place.hours or {}).items() for opens, closes in day.spans]


def _clock(minute: int) -> str:
    return f"{minute // 60 % 24:02}:{minute % 60:02}"


def _present(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value}


def _text(value: str) -> str:
    """A text value of a vCard (RFC 2426, 5): backslash, comma, semicolon and line end are escaped."""
    return re.sub(r"([\\,;])", r"\\\1", value).replace("\n", "\\n")


def _folded(line: str) -> str:
    """A line longer than 75 octets goes on after CRLF and a space, and no letter is cut."""
    parts, rest = [], line
    while rest:
        room = LINE - bool(parts)
        fits = len(rest.encode()[:room].decode(errors="ignore"))
        parts.append(rest[:fits])
        rest = rest[fits:]
    return "\r\n ".join(parts)
