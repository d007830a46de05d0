"""How a number, a time, a day, a price or a phone is said in one language and country."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import phonenumbers
from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.numbers import format_currency

from guide.escape import plain
from guide.words.phrases import Phrases

def locale(language: str, country: str) -> Locale:
    """The language as written in a country; English of a country that Babel does not know as in Europe."""
    try:
        return Locale.parse(f"{language}_{country}")
    except UnknownLocaleError:
        return Locale.parse(f"{language}_150")


@cache
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
    """The sms: address for “HOME to 741741”, “988”, or an E.164 number."""
    if how.startswith("+"):
        return f"sms:{how.partition(';')[0]}"
    return "sms:" + re.sub(r"\D", "", how.rpartition(" to ")[2])


def money(amount: float, currency: str, where: Locale) -> str:
    """425 dollars as “$425”, or as “US$425” where dollars are not the country's own."""
    told = format_currency(amount, currency, locale=where, currency_digits=False)  # yen would be rounded
    return re.sub(r"[.,]00(?!\d)", "", told).replace("\xa0", " ").replace("\u202f", " ")


def price(typed: str, currency: str, phrases: Phrases) -> str:
    """A price of clinic.yml: “425”, “400-600”, “from 400”, “free”, “billed to insurance”."""
    if not typed[-1].isdigit():
        return phrases("prices.free" if typed == "free" else "prices.insured")
    told = [money(float(figures), currency, phrases.where) for figures in typed.removeprefix("from ").split("-")]
    if len(told) > 1:
        return phrases("prices.range", least=told[0], most=told[1])
    return phrases("prices.from", least=told[0]) if typed.startswith("from") else told[0]


def date(day: datetime.date, where: Locale) -> str:
    return format_date(day, "long", locale=where)


class Times:
    """Says lengths of time, times of day and opening hours with the words of `phrases`."""

    def __init__(self, phrases: Phrases):
        self.phrases, self.where = phrases, phrases.where

    def minutes(self, number: float) -> str:
        """90 as “1 and a half hours”, 45 as “45 minutes”, 75 as “75 minutes”, 135 as “2 hours and 15 minutes”."""
        whole, rest = divmod(number, 60)
        if not whole or rest not in (0, 30) and number < 120:
            return self.phrases("units.minute", n=f"{number:g}")
        if rest == 30:
            return self.phrases("units.hours_and_a_half", n=f"{whole:g}")
        said = self.phrases("units.hour", n=f"{whole:g}")
        return self.phrases("units.hours_and_minutes", hours=said, minutes=self.minutes(rest)) if rest else said

    def hours(self, number: float) -> str:
        return self.minutes(number * 60)

    def clock(self, minute: int) -> str:
        """Minutes after midnight as people say it there: “8:30 AM”, “08:30”. No invisible spaces."""
        if minute % 1440 in (0, 720):
            return self.phrases("clock.noon" if minute % 1440 else "clock.midnight")
        return format_time(datetime.time(minute // 60 % 24, minute % 60), "short", locale=self.where).replace("\u202f", " ").replace("\xa0", " ")

    def hour(self, hour: int) -> str:
        """An hour without minutes, to choose from: “8 AM”, “08”. Where the day has two halves noon and midnight have their names."""
        halves = "a" in self.where.time_formats["short"].pattern
        if halves and hour in (0, 12):
            return self.phrases("visit.noon" if hour else "visit.midnight")
        return format_time(datetime.time(hour), self.where.datetime_skeletons["h" if halves else "H"].pattern, locale=self.where).replace("\u202f", " ").replace("\xa0", " ")

    def opening(self, week: Mapping[str, Any] | None) -> list[tuple[str, str]]:
        """[("Monday to Thursday", "8:30 AM to 5:00 PM"), …]: neighbouring days that are alike are told together.

        `week`: by the first three letters of each day's English name, from Monday on; each day has `by_appointment` and `spans`, in minutes after midnight, above 1440 on the next day.
        """
        groups: list[tuple[list[str], Any]] = []
        for n, day in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun")):
            opens = (week or {}).get(day)
            name = self.where.days["stand-alone"]["wide"][n]
            if groups and groups[-1][1] == opens:
                groups[-1][0].append(name)
            else:
                groups.append(([name], opens))
        return [(self._days(days), self._opens(opens)) for days, opens in groups if opens is not None]

    def _days(self, days: list[str]) -> str:
        return days[0] if len(days) == 1 else self.phrases("week.from_to" if len(days) > 2 else "week.two", first=days[0], last=days[-1])

    def _opens(self, day: Any) -> str:
        if not day.spans:
            return self.phrases("week.by_appointment" if day.by_appointment else "week.closed")
        if day.spans == ((0, 1440),):
            return self.phrases("week.always")
        return ", ".join(self.phrases("clock.next_day", span=self._span(*span)) if span[1] > 1440 else self._span(*span) for span in day.spans)

    def _span(self, opens: int, closes: int) -> str:
        return self.phrases("clock.span", opens=self.clock(opens), closes=self.clock(closes))
