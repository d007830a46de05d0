"""What people type, as the file writes it: “9am-5pm” is 09:00-17:00, “$425” is 425, “England” is GB. A golden file of both is tests/typed.yml.

Each function gives `Read`, or None for what it does not understand: the check then says what is wrong. The form does the same
before it writes the file (overrides/assets/setup-typed.js).
"""

from __future__ import annotations

import datetime
import re
from typing import NamedTuple

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Read(NamedTuple):
    """`means`: as the file writes it. `sure`: whether it can mean nothing else; what can is asked, never guessed."""

    means: str
    sure: bool = True


def asked(typed: str, read: Read) -> tuple[str, str]:
    """(message, hint) of what was typed and may mean something else."""
    return f"“{typed}” can be read in two ways", f"Did you mean {read.means}? Then write that."


NAMED_DAYS = {"weekdays": "mon-fri", "weekday": "mon-fri", "weekends": "sat-sun", "weekend": "sat-sun", "daily": "mon-sun", "every day": "mon-sun", "all days": "mon-sun",
              "everyday": "mon-sun", "all week": "mon-sun", "m-f": "mon-fri", "mo-fr": "mon-fri"}
WHOLE_DAYS = re.compile(r"(mon|tue|tues|wed|weds|thu|thur|thurs|fri|sat|sun|monday|tuesday|wednesday|thursday|friday|saturday|sunday)s?")


def days(typed: str) -> list[str] | None:
    """The days that “Mon, Wed, Fri”, “mon-fri”, “Monday to Friday” or “weekdays” name."""
    said = re.sub(r"\s*(?:[–—-]|\bto\b|\bthrough\b|\bthru\b|\buntil\b)\s*", "-", " ".join(typed.lower().replace(".", "").split()))
    found: list[str] = []
    for part in re.split(r"\s*(?:,|;|&|\+|/|\band\b)\s*", NAMED_DAYS.get(said, said)):
        ends = NAMED_DAYS.get(part, part).split("-")
        if len(ends) > 2 or not all(WHOLE_DAYS.fullmatch(end) for end in ends):
            return None
        first, last = DAYS.index(ends[0][:3]), DAYS.index(ends[-1][:3])
        found += [DAYS[(first + n) % 7] for n in range((last - first) % 7 + 1)]
    return found


ALWAYS = re.compile(r"24 ?/ ?7|24 ?h|24 ?hours|(open )?24 hours( a day)?|always( open)?|all day|round the clock")
ASKED_FOR = re.compile(r"(only )?by (appointment|arrangement)( only)?|appointments? only")
SHUT = re.compile(r"closed|shut|not open")
CLOCK = r"(?:(noon|midnight|midday)|([0-9]{1,2})(?:[:.h]?([0-9]{2}))?\s*(a\.?m\.?|p\.?m\.?|[ap])?)"
FROM_TO = re.compile(rf"(?:from )?{CLOCK}\s*(?:[-–—]|to|until|till|til)\s*{CLOCK}")


def times(typed: str) -> Read | None:
    """“9am-5pm”, “8.30–16.30”, “9-12, 1-5”, “24/7”, “closed” as spans between commas: “09:00-12:00, 13:00-17:00”."""
    said = " ".join(typed.lower().split())
    if ALWAYS.fullmatch(said):
        return Read("24h")
    if SHUT.fullmatch(said):
        return Read("closed")
    if ASKED_FOR.fullmatch(said):
        return Read("by appointment")
    spans, sure = [], True
    for part in re.split(r"\s*(?:,|;|&|\+|\band\b)\s*", said):
        found = FROM_TO.fullmatch(part)
        span = found and _span(*found.groups())
        if not span:
            return None
        spans.append(span[0])
        sure &= span[1]
    return Read(", ".join(spans), sure)


def _span(word: str, hour: str, minute: str, half: str, word2: str, hour2: str, minute2: str, half2: str) -> tuple[str, bool] | None:
    opens, closes = _minutes(word, hour, minute), _minutes(word2, hour2, minute2)
    if opens is None or closes is None:
        return None
    if word:
        opens, half = (720, "p") if word != "midnight" else (0, "a")
    if word2:
        closes, half2 = (720, "p") if word2 != "midnight" else (1440, "p")
    if not half and not half2:
        if max(opens, closes) >= 780 or opens in (0, closes) or (hour or "").startswith("0") or (hour2 or "").startswith("0"):  # a 24-hour clock
            return _written(opens, closes), True
        sure = 360 <= opens < closes
        opens += 720 if opens < 360 else 0
        return _written(opens, closes if closes > opens else closes + 720), sure
    if max(opens % 1440, closes % 1440) >= 780:  # 13 pm
        if (half and opens >= 780) or (half2 and closes >= 780 and not word2):
            return None
    sure = True
    if half2 and not half:
        half = half2[0] if _on_clock(opens) < _on_clock(closes) else {"p": "a", "a": "p"}[half2[0]]
    elif half and not half2:
        before = _on_clock(closes) <= _on_clock(opens)
        half2, sure = {"p": "a", "a": "p"}[half[0]] if before else half[0], bool(word) or before
    opens = opens if word else _on_clock(opens) + (720 if half[0] == "p" else 0)
    closes = closes if word2 else (_on_clock(closes) + (720 if half2[0] == "p" else 0)) or 1440
    return _written(opens, closes), sure


def _minutes(word: str, hour: str, minute: str) -> int | None:
    if word:
        return 720
    return 60 * int(hour) + int(minute or 0) if int(hour) <= 24 and int(minute or 0) < 60 else None


def _on_clock(minutes: int) -> int:
    return minutes % 720


def _written(opens: int, closes: int) -> str:
    return "-".join(f"{at // 60:02}:{at % 60:02}" for at in (opens, closes if closes <= 1440 else closes - 1440))


UNITS = {"minutes": {"m": 1, "min": 1, "mins": 1, "minute": 1, "minutes": 1, "h": 60, "hr": 60, "hrs": 60, "hour": 60, "hours": 60},
         "hours": {"m": 1 / 60, "min": 1 / 60, "mins": 1 / 60, "minute": 1 / 60, "minutes": 1 / 60, "h": 1, "hr": 1, "hrs": 1, "hour": 1, "hours": 1, "d": 24, "day": 24, "days": 24}}
NUMBER = re.compile(r"([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:[.]([0-9]{1,2}))?")
AND_MINUTES = re.compile(r"([0-9]+) ?h(?:ours?|rs?)? ?(?:and )?([0-9]+) ?(?:m(?:inutes?|ins?)?)?")


def number(typed: str, unit: str = "") -> Read | None:
    """“6 hrs” is 6 where hours are asked, “2 hours” is 120 where minutes are: `unit` is "minutes", "hours" or empty."""
    said = " ".join(typed.lower().replace("½", ".5").split())
    said = re.sub(r"^\.", "0.", said).rstrip(".")
    if unit and (both := AND_MINUTES.fullmatch(said)):
        minutes = 60 * int(both[1]) + int(both[2])
        return _short(minutes if unit == "minutes" else minutes / 60)
    figures = re.match(r"[0-9.,]+", said)
    if not figures:
        return None
    value, word = _value(figures[0]), said[figures.end():].strip()
    if value is None or word and word not in UNITS.get(unit, ()):
        return None
    return _short(value * (UNITS[unit][word] if word else 1))


def _value(figures: str) -> float | None:
    figures = re.sub(r"^([0-9]+),([0-9]{1,2})$", r"\1.\2", figures)  # 0,5 as in much of the world
    found = NUMBER.fullmatch(figures)
    return float(f"{found[1].replace(',', '')}.{found[2] or 0}") if found else None


def _short(value: float) -> Read:
    return Read(f"{value:.2f}".rstrip("0").rstrip("."))


MONEY = re.compile(r"(?:[a-z]{2,3}\$?|[$£€¥])?\s*([0-9.,]+)\s*(?:[a-z]{3}|[$£€¥])?", re.IGNORECASE)


FREE = re.compile(r"(for )?free( of charge)?|(at )?no (charge|cost)|nothing", re.IGNORECASE)
INSURED = re.compile(r"((we )?bill(ed)? (to )?)?(your |the )?insur(ance|er)", re.IGNORECASE)
FROM = re.compile(r"(?:from|starting (?:at|from)|at least) (.+)|(.+?) ?(?:\+|(?:and|or) (?:up|more))", re.IGNORECASE)
RANGE = re.compile(r"(?:from |between )?(.+?) ?(?:[-–—]|\bto\b|\band\b) ?(.+)", re.IGNORECASE)


def amount(typed: str) -> Read | None:
    """A price: “$425” is 425, “$400 – $600” is 400-600, “starting at 400” is from 400; free, billed to insurance."""
    said = " ".join(typed.split())
    if FREE.fullmatch(said):
        return Read("free")
    if INSURED.fullmatch(said):
        return Read("billed to insurance")
    if (found := RANGE.fullmatch(said)) and (ends := [_money(end) for end in found.groups()]) and all(ends):
        return Read("-".join(dict.fromkeys(end.means for end in ends)), all(end.sure for end in ends))
    if (found := FROM.fullmatch(said)) and (least := _money(found[1] or found[2])):
        return Read(f"from {least.means}", least.sure)
    return _money(said)


def _money(typed: str) -> Read | None:
    """“$425”, “1,200”, “£225.00”, “EUR 80” without the sign. “1.200” may be a thousand or one."""
    found = MONEY.fullmatch(" ".join(typed.split()))
    if not found:
        return None
    if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{3})+", found[1]):
        return Read(found[1].replace(".", ""), False)
    figures = re.sub(r"^([0-9]{1,3}(?:\.[0-9]{3})+),([0-9][0-9])$", lambda parts: f"{parts[1].replace('.', '')}.{parts[2]}", found[1])
    value = _value(figures)
    return None if value is None else _short(value)


NATIONS = {"england": "England", "scotland": "Scotland", "wales": "Wales", "northern ireland": "Northern Ireland"}
CALLED = {"uk": "GB", "great britain": "GB", "britain": "GB", "united kingdom of great britain and northern ireland": "GB", "usa": "US", "us of a": "US", "america": "US",
          "united states of america": "US", "the states": "US", "republic of ireland": "IE", "eire": "IE", "holland": "NL", "deutschland": "DE", "aotearoa": "NZ"}


def country(typed: str, names: dict[str, str]) -> tuple[Read | None, str]:
    """(code, part of the country): “U.S.” is US, “England” is GB and England. `names`: {code: English name}."""
    said = re.sub(r"^the ", "", " ".join(typed.lower().replace(".", "").split()))
    if said in NATIONS:
        return Read("GB"), NATIONS[said]
    code = CALLED.get(said) or next((code for code, name in names.items() if said in (code.lower(), name.lower())), None)
    return (Read(code) if code else None), ""


def none(typed: str) -> Read | None:
    """That there is no number at night: “none”, “no”, “n/a”."""
    return Read("none") if typed.strip().lower().rstrip(".") in ("none", "no", "nobody", "no one", "n/a", "na", "not applicable") else None


def yes_or_no(typed: str) -> Read | None:
    said = typed.strip().lower()
    return Read("true") if said in ("true", "yes", "y") else Read("false") if said in ("false", "no", "n") else None


def web(typed: str) -> Read | None:
    """“www.x.org” is https://www.x.org. Whether “http://x.org” can be reached safely is asked."""
    said = typed.strip()
    if re.match(r"https://", said):
        return Read(said)
    if re.match(r"http://", said, re.IGNORECASE):
        return Read(f"https://{said[7:]}", False)
    return Read(f"https://{said}") if re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,}(/\S*)?", said, re.IGNORECASE) else None


POSTAL = {"GB": (r"([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][A-Z]{2})", r"\1 \2"), "CA": (r"([A-Z][0-9][A-Z])([0-9][A-Z][0-9])", r"\1 \2"), "US": (r"([0-9]{5})([0-9]{4})", r"\1-\2")}


def postal_code(typed: str, country: str | None) -> Read:
    """“ox37jx” is OX3 7JX in GB."""
    upper = " ".join(typed.upper().split())
    form, shape = POSTAL.get(country, ("", ""))
    tight = re.sub(r"[\s-]", "", upper)
    return Read(re.sub(form, shape, tight) if form and re.fullmatch(form, tight) else upper)


MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH_FIRST = ("US",)
MONTH_NAMED = re.compile(r"(?:([0-9]{1,2})(?:st|nd|rd|th)? ([a-z]{3,9})|([a-z]{3,9}) ([0-9]{1,2})(?:st|nd|rd|th)?),? ([0-9]{4})")


def date(typed: str, country: str | None) -> Read | None:
    """“22 Nov 2026”, “11/22/2026”, “22.11.2026”. Where two numbers could each be the month, it is asked."""
    said = " ".join(typed.lower().replace(".", "/").replace("-", "/").split()) if not re.search("[a-z]", typed, re.IGNORECASE) else " ".join(typed.lower().replace(".", "").split())
    if found := re.fullmatch(r"([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})", said):
        return _day(*found.groups())
    if found := MONTH_NAMED.fullmatch(said):
        month = (found[2] or found[3])[:3]
        return _day(found[5], MONTHS.index(month) + 1, found[1] or found[4]) if month in MONTHS else None
    if found := re.fullmatch(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})", said):
        one, other, year = found.groups()
        month, day = (one, other) if int(other) > 12 or country in MONTH_FIRST and int(one) <= 12 else (other, one)
        read = _day(year, month, day)
        return read and Read(read.means, int(one) > 12 or int(other) > 12 or one == other)
    return None


def _day(year: str, month: str | int, day: str) -> Read | None:
    try:
        return Read(datetime.date(int(year), int(month), int(day)).isoformat())
    except ValueError:
        return None


SIGNS = {"£": "GBP", "€": "EUR", "us$": "USD", "c$": "CAD", "ca$": "CAD", "a$": "AUD", "au$": "AUD", "nz$": "NZD"}
DOLLARS = {"US": "USD", "CA": "CAD", "AU": "AUD", "NZ": "NZD"}


def signs(typed: str) -> set[str]:
    """The currencies that a price may have been typed in; empty where it has no sign or code."""
    said = typed.lower()
    if found := next((code for sign, code in sorted(SIGNS.items(), key=lambda one: -len(one[0])) if sign in said), None):
        return {found}
    if "$" in said or "dollar" in said:
        return set(DOLLARS.values())
    found = re.search(r"\b(?:usd|gbp|eur|cad|aud|nzd)\b", said)
    return {found[0].upper()} if found else set()


def currency(typed: str, country: str | None) -> Read | None:
    """“usd”, “£”; what “$” is depends on the country."""
    said = typed.strip().lower()
    if said in ("$", "dollar", "dollars"):
        return Read(DOLLARS[country]) if country in DOLLARS else None
    return Read(SIGNS[said]) if said in SIGNS else Read(said.upper()) if re.fullmatch("[a-z]{3}", said) else None
