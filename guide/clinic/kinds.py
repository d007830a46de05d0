"""The kinds of value in clinic.yml, such as a phone number, an address on the web or a day, each with its check.

A check that needs the country, the sample or today's date finds them in the validation context (see `file.read`).
"""

from __future__ import annotations

import datetime
import hashlib
import re
import unicodedata
import zoneinfo
from difflib import get_close_matches
from functools import cache
from typing import Annotated, Any
from urllib.parse import urlsplit

import phonenumbers
from babel import Locale
from babel.core import get_global
from babel.numbers import get_territory_currencies
from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, WithJsonSchema

from guide import environment
from guide.clinic import letters, typed, zones
from guide.clinic.countries import packs
from guide.clinic.problems import UNPRINTABLE, quoted, wrong

WORLD = Locale("en")


def _one_line(value: str) -> str:
    if UNPRINTABLE.search(value):
        raise wrong("holds a character that cannot be seen or printed", "Type the text again instead of pasting it.")
    if lacking := letters.first_lacking(value):
        raise wrong(*lacking[1:])
    return " ".join(value.split())


def Text(longest: int, **extra: Any) -> Any:
    """Text of one line, 1 to `longest` characters; runs of white space become one space."""
    return Annotated[str, AfterValidator(_one_line), Field(min_length=1, max_length=longest, **extra)]


TELEPHONE = re.compile(r"\+?[0-9 ()/.\u2010-\u2013-]+(,? ?(ext(ension|\.)?|x|#) ?[0-9]{1,6})?", re.IGNORECASE)


NORTH_AMERICAN = re.compile(r"(?:1[ .-]?)?(?:\([2-9][0-9]{2}\) ?|[2-9][0-9]{2}-)[0-9]{3}[ .-][0-9]{4}")
"""How a number of the US or Canada is written there. Such a number may exist elsewhere, and is then somebody else's."""
FICTIONAL = {"US": ["(212) 555-2368"], "CA": ["(416) 555-2368"], "GB": ["0131 496 0000"]}
"""Numbers that belong to nobody and that the check takes; of other countries the example that their numbering plan is told with."""


def example_phones(country: str | None) -> list[str]:
    """Numbers that a clinic in that country could have, the best first; none where the country is unknown."""
    number = phonenumbers.example_number_for_type(country, phonenumbers.PhoneNumberType.FIXED_LINE) if country else None
    return [*FICTIONAL.get(country or "", []), *([phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)] if number else [])]


def _phone(value: str, info: ValidationInfo) -> str:
    country = info.context["country"]
    if country is None:  # told at the country; nothing can be said of the number
        return value
    number = _dialled(value, country)
    if number is None:
        raise wrong(f"{quoted(value)} is not a phone number", f"Write one number, in digits, as on a letter: {example_phones(country)[0] if example_phones(country) else '+49 30 123456'}.")
    if number.country_code != 1 and NORTH_AMERICAN.fullmatch(value):
        raise wrong(f"{quoted(value)} is written as in the US, but the clinic is in {country_name(country)}",
                    f"Write the number that patients call, such as {example_phones(country)[0]}. Is this the right one? Then begin it with +{number.country_code}.")
    if public := _public_line(number, country):
        raise wrong(f"{quoted(value)} is {public}, not the clinic's own number",
                    "Write the clinic's own. If nobody answers at night, write after_hours_phone: none; the guide gives public numbers by itself.")
    if not phonenumbers.is_valid_number_for_region(number, country):
        region = phonenumbers.region_code_for_number(number)
        if phonenumbers.is_valid_number(number) and region and region != country:
            raise wrong(f"{quoted(value)} is a number of {country_name(region)}, but the clinic is in {country_name(country)}",
                        "Write the number that patients call, or correct the country.")
        raise wrong(f"{quoted(value)} is not a working number in {country_name(country)}",
                    "Check that no digit is missing or wrong, and that the area code is there.")
    _refuse_dear(value, number)
    if not info.context["sample"] and number.country_code == 1 and re.search(r"55501\d\d$", str(number.national_number)):
        raise wrong(f"{quoted(value)} is a made-up number (555-0100 to 555-0199)", "Write the clinic's real number.")
    return international(value, country)


def _refuse_dear(value: str, number: phonenumbers.PhoneNumber) -> None:
    if phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.PREMIUM_RATE:
        raise wrong(f"{quoted(value)} costs the caller extra", "Write a number at the usual price, so that nobody hesitates to call.")


def international(value: str, country: str) -> str:
    """The number as +17605552368;ext=12, or nothing."""
    number = _dialled(value, country)
    if number is None:
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) + (f";ext={number.extension}" if number.extension else "")


def _dialled(value: str, country: str) -> phonenumbers.PhoneNumber | None:
    """The number that somebody in `country` reaches; None if `value` is anything but one number."""
    try:
        return phonenumbers.parse(value, country) if TELEPHONE.fullmatch(value) else None
    except phonenumbers.NumberParseException:
        return None


def _public_line(number: phonenumbers.PhoneNumber, country: str) -> str:
    """What a public number of the country is called, if `number` is one."""
    pack = packs().get(country)
    if pack is None:
        return "an emergency number" if phonenumbers.is_emergency_number(str(number.national_number), country) else ""
    lines = [(pack.emergency, "the emergency number"), (pack.urgent and pack.urgent.phone, "a public line for urgent advice"),
             *((line.phone, f"the number of {line.name.partition(':')[0]}") for line in [*pack.crisis_lines, pack.poison, *(pack.poison.instead.values() if pack.poison else ())] if line)]
    return next((called for phone, called in lines if phone and _dialled(phone, country) == number), "")


HOST = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+(xn--[a-z0-9-]+|[a-z]{2,})\.?", re.IGNORECASE)
NOT_IN_ADDRESS = re.compile(r"[\s<>\"'`\\{}\[\]|^]|" + UNPRINTABLE.pattern)


def _web(value: str, info: ValidationInfo) -> str:
    if read := typed.web(value):
        if not read.sure:
            raise wrong(f"{quoted(value)} is not a secure web address", f"Did you mean {read.means}?")
        value = read.means
    try:
        parts = urlsplit(value)
        host = (parts.hostname or "").encode("idna").decode()
        parts.port
    except (ValueError, UnicodeError):
        host = ""
    if not (value.startswith("https://") and HOST.fullmatch(host)) or NOT_IN_ADDRESS.search(value) or "@" in parts.netloc:
        raise wrong(f"{quoted(value)} is not a secure web address", "It starts with https://, such as https://www.your-clinic.com")
    _refuse_reserved(value, host, info)
    return value


def _email(value: str, info: ValidationInfo) -> str:
    name, _, host = value.partition("@")
    if not re.fullmatch(r"[A-Za-z0-9_'+-]+(\.[A-Za-z0-9_'+-]+)*", name) or not HOST.fullmatch(host) or host.endswith("."):
        raise wrong(f"{quoted(value)} is not an e-mail address", "Write one address, such as office@your-clinic.com")
    _refuse_reserved(value, host, info)
    return value


def _refuse_reserved(value: str, host: str, info: ValidationInfo) -> None:
    made_up = r"(^|\.)(example\.(com|net|org)|your-clinic\.com|example|invalid|test|localhost|local|internal|lan)$"
    if not info.context["sample"] and re.search(made_up, host.lower().rstrip(".")):
        raise wrong(f"{quoted(value)} is a made-up address that reaches nobody", "Write the clinic's real one, or delete the line.")


def _timezone(value: str) -> str:
    zones = zoneinfo.available_timezones() - {"localtime", "Factory", "posixrules"}
    if value not in zones:
        towns = zones & get_global("zone_territories").keys()  # a name such as US/Mountain is no town's
        near = get_close_matches(value.replace(" ", "_"), towns, 1, 0.6) if 4 < len(value) < 40 else []  # EDT is not like WET
        raise wrong(f"{quoted(value)} is not a time zone",
                    f"Did you mean {near[0]}?" if near else "Write it as continent and city: America/Los_Angeles.")
    return value


def abroad(zone: str, country: str) -> str:
    """Whose time the zone is, if it is not that of a place in `country`: another country, or no place in it for UTC and its like. Nothing if it may be right."""
    where = get_global("zone_territories")
    there = where.get(get_global("zone_aliases").get(zone, zone), "ZZ")
    if there == country:
        return ""
    if there not in ("ZZ", "001"):
        return country_name(there)
    own = [place for place, of in where.items() if of == country and place in zoneinfo.available_timezones()]
    return f"no place in {country_name(country)}" if own and not any(zones.alike(zone, place, environment.today().year) for place in own) else ""


COUNTRIES = {code: name for code, name in WORLD.territories.items()
             if re.fullmatch("[A-Z]{2}", code) and code not in {"EU", "UN", "ZZ", "EZ", "QO", "XA", "XB"}}


def _country(value: str) -> str:
    read, _ = typed.country(value, COUNTRIES)
    if not read:
        raise wrong(f"{quoted(value)} is not a country code", "Write two letters: US, CA, GB, IE, AU, NZ …")
    return read.means


def _currency(value: str, info: ValidationInfo) -> str:
    read = typed.currency(value, info.context["country"])
    if not read or read.means not in _currencies():
        raise wrong(f"{quoted(value)} is not a currency code in use today", "Write three capital letters: USD, GBP, EUR …")
    return read.means


@cache
def _currencies() -> set[str]:
    return {currency for territory in COUNTRIES for currency in get_territory_currencies(territory)}


def _date(value: Any, info: ValidationInfo) -> datetime.date:
    read = typed.date(str(value), info.context["country"])
    if not read:
        raise wrong(f"{quoted(value)} is not a date", "Write year-month-day, such as 2026-11-22.")
    if not read.sure:
        raise wrong(*typed.asked(value, read))
    return datetime.date.fromisoformat(read.means)


def past(value: datetime.date, info: ValidationInfo, hint: str) -> datetime.date:
    # The build's day is that of Greenwich; in Auckland it is tomorrow already.
    if value > info.context["today"] + datetime.timedelta(days=1):
        raise wrong(f"{value} has not come yet", hint)
    return value


def slugify(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or hashlib.sha256(name.encode(errors="surrogateescape")).hexdigest()[:8]


def _yes_or_no(value: Any) -> Any:
    read = typed.yes_or_no(str(value))
    if not read:
        raise wrong(f"must be true or false, not {quoted(value)}", "Write true or false.")
    return read.means == "true"


def _plain_number(value: Any, info: ValidationInfo) -> Any:
    if not isinstance(value, str):
        return value
    name = info.field_name or ""
    read = typed.number(value, next((unit for unit in ("minutes", "hours") if name.endswith(f"_{unit}")), ""))
    if not read or not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,2})?", read.means):
        raise wrong(f"{quoted(value)} is not a number that the guide can use", "Write digits only, such as 40 or 0.5, without a sign or a unit.")
    if not read.sure:
        raise wrong(*typed.asked(value, read))
    return read.means


MOST = 20000
"""The highest price: one with more digits is a slip."""
FIGURES = r"[0-9]{1,6}(?:\.[0-9]{1,2})?"
PRICE = re.compile(rf"{FIGURES}(-{FIGURES})?|from {FIGURES}|free|billed to insurance")


def _price(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    read = typed.amount(value)
    if not read or not PRICE.fullmatch(read.means):
        raise wrong(f"{quoted(value)} is not a price that the guide can use", "Write digits, such as 425 or 400-600, or: from 400, free, billed to insurance.")
    if not read.sure:
        raise wrong(*typed.asked(value, read))
    figures = [float(number) for number in re.findall(FIGURES, read.means)]
    if figures != sorted(figures):
        raise wrong(f"{quoted(value)} begins with the higher price", "Write the lower one first, such as 400-600.")
    if figures and figures[-1] > MOST:
        raise wrong(f"{value} is too large", f"Write a number of at most {MOST}.")
    return read.means


def empty_is_default(value: Any) -> Any:
    return {} if value is None else value


def one_or_several(value: Any) -> Any:
    return value if value is None or isinstance(value, list) else [value]


def _phone_or_none(value: str, info: ValidationInfo) -> str:
    return "none" if typed.none(value) else _phone(value, info)


Phone = Annotated[str, AfterValidator(_phone)]
PhoneOrNone = Annotated[str, AfterValidator(_phone_or_none)]
Timezone = Annotated[str, AfterValidator(_timezone)]
CountryCode = Annotated[str, AfterValidator(_country)]
Currency = Annotated[str, AfterValidator(_currency)]
Web = Annotated[str, Field(max_length=300), AfterValidator(_web)]
Email = Annotated[str, Field(max_length=120), AfterValidator(_email)]
Date = Annotated[datetime.date, BeforeValidator(_date), WithJsonSchema({"type": "string", "format": "date"})]
YesNo = Annotated[bool, BeforeValidator(_yes_or_no)]
Price = Annotated[str, BeforeValidator(_price)]
Whole = Annotated[int, BeforeValidator(_plain_number)]
Decimal = Annotated[float, BeforeValidator(_plain_number)]


def helpline(value: str | None, info: ValidationInfo) -> str | None:
    """A short number such as 116 123, or a full one that works; in its own spelling, for it is the one that people know."""
    country = info.context["country"]
    if value is None or country is None or re.fullmatch(r"[0-9][0-9 .-]*[0-9]", value) and 3 <= sum(map(str.isdigit, value)) <= 6:
        return value
    number = _dialled(value, country)
    if number is None or number.extension or not phonenumbers.is_valid_number(number):
        raise wrong(f"{quoted(value)} is not a number that can be called", "Write one number, in digits, and check that none is missing or wrong.")
    _refuse_dear(value, number)
    # +49 (0)800 … and 0049 (0)800 … are dialled without the (0)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL) if value.startswith(("+", "00")) else value


def country_name(code: str) -> str:
    name = WORLD.territories.get(code, code)
    return f"the {name}" if re.match("United|Netherlands|Philippines|Bahamas|Maldives", name) else name
