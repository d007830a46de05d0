"""Opening hours: `{mon-fri: 08:30-17:00, sat: by appointment, sun: closed}` to spans of a week."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

from guide.clinic import typed as people
from guide.clinic.problems import KEY, quoted, several

DAYS = people.DAYS
TIME = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]"
SPAN = re.compile(rf"({TIME}) ?[-–] ?({TIME}|24:00)")
# Outside these, times were almost always typed on a 12-hour clock; a patient would read them as open at night.
EARLIEST = 5 * 60
LONGEST_NIGHT = 14 * 60
HINT_DAY = "Write mon, tue, wed, thu, fri, sat or sun, or a range: mon-fri."
HINT_SPAN = "Write 24-hour times with 4 digits: 08:30-17:00, or closed, by appointment, or 24h."
HINT_AFTERNOON = "After noon add 12: 1 in the afternoon is 13:00, 5 is 17:00."

Span = tuple[int, int]
"""(opens, closes) in minutes after midnight of its day; above 1440 it closes after midnight."""


@dataclass(frozen=True)
class Day:
    """When it is open on that day; without spans it is closed, or open by appointment alone."""

    spans: tuple[Span, ...] = ()
    by_appointment: bool = False


Week = dict[str, Day]
"""Each of DAYS that the clinic does not leave out."""


def parse(raw: Any) -> Week:
    """Read the mapping as typed. Raises one error that carries every problem, each with its place."""
    problems: list[tuple[tuple, str, str]] = []
    if not isinstance(raw, dict) or not raw:
        raise several([((), "needs days with their times", "Write them below it, indented: mon-fri: 08:30-17:00.")])
    week: Week = {}
    for key, value in raw.items():
        days = people.days(key)
        if days is None:
            problems.append(((key, KEY), f"{quoted(key)} is not a day as the guide reads it", HINT_DAY))
            continue
        spans: list[Span] = []
        typed = _spans_with_place(key, value)
        for place, text in typed:
            read = people.times(text) if isinstance(text, str) else None
            if read and not read.sure:
                problems.append((place, *people.asked(text.strip(), read)))
                continue
            span = _span(text, alone=len(typed) == 1)
            if isinstance(span, str):
                problems.append((place, span, HINT_SPAN))
            elif span and (mistaken := _for_afternoon(span, text, spans)):
                problems.append((place, mistaken, _swapped(span) or HINT_AFTERNOON))
            elif span:
                spans.append(span)
        if twice := [day for day in days if day in week]:
            problems.append(((key, KEY), f"{', '.join(twice)} {'are' if len(twice) > 1 else 'is'} written twice", "Keep each day once."))
        week |= {day: Day(tuple(sorted(spans)), [text for _, text in typed] == ["by appointment"]) for day in days}
    overlapping: dict[str, str] = {}
    for day, message in _overlaps(week):
        overlapping.setdefault(_key_of(raw, day), message)
    problems += [((key, KEY), message, "Let one end before the next begins.") for key, message in overlapping.items()]
    if problems:
        raise several(problems)
    return {day: week[day] for day in DAYS if day in week}


Hours = Annotated[Week, PlainValidator(parse), PlainSerializer(dict), WithJsonSchema({
    "type": "object",
    "minProperties": 1,
    "propertyNames": {"pattern": "^[A-Za-z]"},
    "additionalProperties": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
})]


def _key_of(raw: dict, day: str) -> str:
    return next(key for key in raw if day in (people.days(key) or ()))


def _spans_with_place(key: str, value: Any) -> list[tuple[tuple, Any]]:
    entries = [((key, n), text) for n, text in enumerate(value)] if isinstance(value, list) and value else [((key,), value)]
    return [(place, span) for place, text in entries for span in _spans(text)]


def _spans(text: Any) -> list[Any]:
    """The spans that one text holds, as the file writes them; the text itself where it cannot be read, or in only one way that must be asked."""
    read = people.times(text) if isinstance(text, str) else None
    return read.means.split(", ") if read and read.sure else [text]


def _span(text: Any, alone: bool) -> Span | None | str:
    """A span, None for a day without times, or what is wrong. `alone`: no other span stands beside it."""
    if not isinstance(text, str) or not text.strip():
        return "has no times"
    text = text.strip().lower()
    if text in ("closed", "by appointment", "24h") and not alone:
        return f"{text} can only stand alone, without other times"
    if text in ("closed", "by appointment"):
        return None
    if text == "24h":
        return 0, 1440
    found = SPAN.fullmatch(text)
    if not found:
        return f"{quoted(text)} cannot be read as opening times"
    opens, closes = (int(time[:2]) * 60 + int(time[3:]) for time in found.groups())
    if opens == closes:
        return f"{quoted(text)} opens and closes at the same time"
    return opens, closes if closes > opens else closes + 1440


def _swapped(span: Span) -> str:
    """What to write if the two times of a night were most likely typed the wrong way round: 17:00-09:00."""
    opens, closes = span[1] - 1440, span[0]
    return f"Are the two times swapped? {_clock(opens)}-{_clock(closes)}" if 360 <= opens < 720 < closes else ""


def _clock(at: int) -> str:
    return f"{at // 60:02}:{at % 60:02}"


def _for_afternoon(span: Span, text: str, before: list[Span]) -> str:
    """What is odd about times that were most likely meant for the afternoon: 09:00-05:00, or 01:00-05:00."""
    opens, closes = span
    if closes > 1440 and closes - opens > LONGEST_NIGHT:
        return f"{quoted(text)} would be open all night, {(closes - opens) / 60:g} hours"
    if 0 < opens < EARLIEST:
        return f"{quoted(text)} would open in the middle of the night"
    if before and opens < before[-1][0]:
        return f"{quoted(text)} is earlier than the times before it"
    return ""


def _overlaps(week: Week) -> list[tuple[str, str]]:
    spans = sorted((n * 1440 + opens, n * 1440 + closes, day) for n, day in enumerate(DAYS) for opens, closes in week.get(day, Day()).spans)
    if not spans:
        return []
    round_the_week = [*spans, (spans[0][0] + 7 * 1440, spans[0][1] + 7 * 1440, spans[0][2])]
    return [(day, f"the times of {before} and {day} overlap" if before != day else f"two times of {day} overlap")
            for (_, ends, before), (starts, _, day) in zip(round_the_week, round_the_week[1:]) if starts < ends]
