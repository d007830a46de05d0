"""When the clocks of a place change, from the pinned package `tzdata` alone.

The time zones of a machine or a phone may be older than that: files of 2025 are an hour wrong for British Columbia, Alberta
and Manitoba from November 2026. So a page that counts with local time carries this table.
"""

from __future__ import annotations

import zoneinfo
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.resources import files

zoneinfo.reset_tzpath(to=[])  # else Python would read the machine's files before the package

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
YEARS = (-1, 3)
"""How many years before and after that of the build the table of a page reaches."""
Changes = list[tuple[int, int]]
"""[(from, east), …]: from that minute since 1970 (UTC) on, clocks are so many minutes east of UTC. The first holds before, too."""


def changes(zone: str, first_year: int, last_year: int) -> Changes:
    """The clocks of the IANA zone `zone` from the first minute of `first_year` to the last of `last_year`, both in UTC. Raises ZoneInfoNotFoundError."""
    clock = zoneinfo.ZoneInfo.no_cache(zone)
    now, end = datetime(first_year, 1, 1, tzinfo=UTC), datetime(last_year + 1, 1, 1, tzinfo=UTC)
    found = [(_minute(now), _east(clock, now))]
    while now < end:
        after = min(now + DAY, end)
        if _east(clock, after) != found[-1][1]:
            before = now
            while after - before > MINUTE:
                middle = before + (after - before) // MINUTE // 2 * MINUTE
                before, after = (middle, after) if _east(clock, middle) == found[-1][1] else (before, middle)
            if after < end:
                found.append((_minute(after), _east(clock, after)))
        now = after
    return found


def alike(zone: str, other: str, year: int) -> bool:
    """Do the clocks of two IANA zones show the same all that year?"""
    return changes(zone, year, year) == changes(other, year, year)


def among(zone: str, others: list[str], year: int) -> bool:
    """Does the zone show the same all that year as one of the others? True for what is no zone: nobody can say."""
    return zone not in zoneinfo.available_timezones() or any(alike(zone, other, year) for other in others)


FIRST = ("Australia/Sydney", "Australia/Adelaide")
"""Zones that zone.tab does not have before those of small islands."""


@cache
def by_country(year: int) -> dict[str, dict[str, str]]:
    """{country: {zone: what zone.tab says of it, or nothing}}. Of zones that keep the same time all that year the first of zone.tab stands for the others, which is the best known."""
    found: dict[str, dict[tuple, tuple[str, str]]] = {}
    moments = [datetime(year, month, 15, 12, tzinfo=UTC) for month in (1, 4, 7, 10)]
    lines = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8").splitlines()
    for line in sorted(lines, key=lambda line: not any(zone in line for zone in FIRST)):
        if not line.startswith("#"):
            country, _, zone, *comment = line.split("\t")
            clock = zoneinfo.ZoneInfo(zone)
            found.setdefault(country, {}).setdefault(tuple(_east(clock, moment) for moment in moments), (zone, "".join(comment)))
    return {country: dict(kept.values()) for country, kept in sorted(found.items())}


def day_ends(day: date, zone: str) -> datetime:
    """The moment at which that day is over in the IANA zone `zone`. Raises ZoneInfoNotFoundError."""
    return datetime.combine(day + DAY, time(), zoneinfo.ZoneInfo(zone))


def first_minute(year: int) -> int:
    """Minutes since 1970 at the beginning of a year in UTC."""
    return _minute(datetime(year, 1, 1, tzinfo=UTC))


def _east(clock: zoneinfo.ZoneInfo, moment: datetime) -> int:
    return moment.astimezone(clock).utcoffset() // MINUTE


def _minute(moment: datetime) -> int:
    return int(moment.timestamp()) // 60
