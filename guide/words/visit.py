"""The times of one visit: a clinic's numbers, and the day and time on a patient's card, to moments.

This is the reference for overrides/assets/my-visit.js, which counts the same on the reader's device. All lengths are real
time: six hours are six hours also in a night when the clocks change. Nobody knows the real time of the dose before it is
given, so what follows it counts from the earliest time home, or from when the person left, which is never too early.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo


@dataclass(frozen=True)
class Rules:
    """The numbers of one treatment at one clinic. Lengths in minutes; times of day in minutes after midnight."""

    session: int
    stay: int
    food: int
    drinks: int
    early: int
    adult: int
    alcohol: int
    papers: int
    children: int
    drive: int
    """0: from the day after getting home on."""
    alcohol_before: int
    mood_days: int
    morning: int
    morning_after: int
    """The look in the morning is the first `morning` that is at least so long after getting home."""
    night: int
    """From then until `wake` nobody is woken, and no meal is eaten."""
    wake: int


class Refused(ValueError):
    """No times: the reason is the name of a phrase, visit.say.REASON."""


class ShownTwice(ValueError):
    """The clocks go back, and show this time twice that night: the two moments are its arguments."""


@dataclass(frozen=True)
class Times:
    """What is said of a visit. Moments are in the zone of the clinic."""

    moments: dict[str, datetime]
    drive: datetime | date
    """A day where the rule is the next day; a full night's sleep comes on top of either."""
    mood_until: date
    meal_evening: date | None
    """The evening of the last meal, where food ends in the night."""
    adult_night: datetime | None
    """When the adult may leave, where their hours end in the night."""
    said_twice: tuple[str, ...]
    clocks_change: bool


def moments(zone: tzinfo, shown: datetime) -> list[datetime]:
    """The moments at which a clock of `zone` shows the naive time `shown`: none, one or two, the earlier first."""
    both = (shown.replace(tzinfo=zone, fold=fold).astimezone(UTC).astimezone(zone) for fold in (0, 1))
    return sorted({moment.astimezone(UTC): moment for moment in both if moment.replace(tzinfo=None, fold=0) == shown}.values(), key=lambda moment: moment.astimezone(UTC))


def times(rules: Rules, zone: tzinfo, at: datetime, which: int = 0, left: datetime | None = None) -> Times:
    """The times of the visit `at`, naive as on the card. `which`: 1 or 2, where the clock shows it twice; `left`: naive, when the person really left. Raises Refused, ShownTwice."""
    found = moments(zone, at)
    if not found:
        raise Refused("no_such_time")
    if len(found) > 1 and not which:
        raise ShownTwice(*found)
    dose = found[-1 if which == 2 else 0]
    home = _after(dose, rules.session + rules.stay)
    if left:
        really = moments(zone, left)
        if not really:
            raise Refused("no_such_time")
        if really[-1].astimezone(UTC) < home.astimezone(UTC):
            raise Refused("left_early")
        home = really[-1]
    adult, food = _after(home, rules.adult), _after(dose, -rules.food)
    all_of_them = {
        "alcohol_stop": _after(dose, -rules.alcohol_before), "last_food": food, "last_drink": _after(dose, -rules.drinks),
        "be_there": _after(dose, -rules.early), "home_not_before": home, "adult_until": adult,
        "morning_check": _next(rules.morning, _after(home, rules.morning_after)),
        "alcohol_from": _after(home, rules.alcohol), "papers_from": _after(home, rules.papers), "children_from": _after(home, rules.children),
    }
    drive = _after(home, rules.drive) if rules.drive else home.date() + timedelta(days=1)
    offsets = {moment.utcoffset() for moment in (*all_of_them.values(), dose, *([drive] if rules.drive else ()))}
    return Times(
        moments=all_of_them,
        drive=drive,
        mood_until=home.date() + timedelta(days=rules.mood_days),
        meal_evening=food.date() - timedelta(days=_minute(food) < rules.wake) if _in_the_night(food, rules.night, rules.wake) else None,
        adult_night=_next(rules.morning, adult) if _in_the_night(adult, rules.night, rules.morning) else None,
        said_twice=tuple(name for name, moment in all_of_them.items() if len(moments(zone, moment.replace(tzinfo=None, fold=0))) > 1),
        clocks_change=len(offsets) > 1)


def _after(moment: datetime, minutes: int) -> datetime:
    """So many real minutes later, by the clock of the same zone."""
    return (moment.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(moment.tzinfo)


def _minute(moment: datetime) -> int:
    return moment.hour * 60 + moment.minute


def _in_the_night(moment: datetime, night: int, day: int) -> bool:
    return not day <= _minute(moment) < night


def _next(minute: int, earliest: datetime) -> datetime:
    """The first moment, not before `earliest`, at which the clock shows `minute`."""
    day = earliest.date()
    while True:
        shown = moments(earliest.tzinfo, datetime.combine(day, time(minute // 60, minute % 60)))
        if found := next((moment for moment in shown if moment.astimezone(UTC) >= earliest.astimezone(UTC)), None):
            return found
        day += timedelta(days=1)
