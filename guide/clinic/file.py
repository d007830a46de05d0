"""clinic.yml to a checked `Clinic`, or to every problem at once with its line, column and remedy."""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from guide.clinic import against_rules, misplaced, notes, typed, zones
from guide.clinic.countries import packs
from guide.clinic.explain import left_empty, problems_of
from guide.clinic.kinds import COUNTRIES
from guide.clinic.misplaced import NAME, SAMPLE
from guide.clinic.model import Clinic
from guide.clinic.problems import Problem
from guide.clinic.yaml_lines import Document, Place, path, value_at
from guide.environment import ROOT, today

MOST_TOLD = 200
YEAR = datetime.timedelta(days=365)

RENAMED: dict[str, tuple[str, datetime.date]] = {}
"""Keys that once had another name: {"visit.alarm": ("visit.stop_signal", day of the change)}. [] stands for any entry of a list."""

class ClinicProblems(ValueError):
    """The file cannot be used. `problems` says why."""

    def __init__(self, path: Path, problems: list[Problem]):
        self.path, self.problems = path, problems
        super().__init__("\n".join(f"{p.file or path.name}:{p.line}:{p.column}: {p.told}" for p in problems))


def chosen(root: Path = ROOT) -> Path:
    """The clinic's own clinic.yml if there is one, or a file that seems meant for it, else the sample clinic."""
    if os.path.lexists(root / NAME):
        return root / NAME
    return next(iter(misplaced.details(root)), SAMPLE if SAMPLE.exists() else misplaced.VALUES)


def is_sample(path: Path) -> bool:
    """Is it the sample clinic's file, or its values, which stand in for it where it is gone?"""
    return os.path.realpath(path) in (os.path.realpath(SAMPLE), os.path.realpath(misplaced.VALUES))  # unlike resolve, no link that leads to itself ends it


def load(path: Path | None = None) -> Clinic:
    """The clinic described in `path` (by default the chosen one). Raises ClinicProblems."""
    path = path or chosen()
    clinic, problems = read(path)
    if clinic is None:
        raise ClinicProblems(path, problems)
    return clinic


def read(path: Path, renamed: dict[str, tuple[str, datetime.date]] = RENAMED) -> tuple[Clinic | None, list[Problem]]:
    """(clinic, no problems) or (None, every problem in order of line, then those of the folder clinic/ beside it).

    Never raises for what is in the files. `renamed` is used as RENAMED is.
    """
    try:
        document = Document(path.read_bytes())
    except OSError as error:
        return None, [Problem(1, 1, "", f"this file cannot be opened ({error.strerror})", "Create it from clinic.example.yml.")]
    rename(document, renamed)
    problems, clinic = list(document.problems), None
    if document.readable:
        sample = is_sample(path)
        country = _country_typed(document.data)
        context = {"country": country, "zones": _zones_typed(document.data, country or ""), "sample": sample, "root": path.resolve().parent, "today": today()}
        try:
            clinic = Clinic.model_validate(document.data, context=context)
        except ValidationError as error:
            problems += [problem for found in error.errors(include_url=False)[:MOST_TOLD] for problem in problems_of(found, document)]
        problems += left_empty(document)
        problems += _against(document)
        if not sample:
            left = _left_from_the_sample(document)
            places = {(problem.line, problem.column) for problem in left}
            problems = left + [problem for problem in problems if (problem.line, problem.column) not in places]
    root = path.resolve().parent
    at = Path(os.path.realpath(path))
    if misplaced.is_like(at) and at in misplaced.details(ROOT):
        problems.append(misplaced.told(path))
        root = ROOT
    problems = sorted(set(problems)) + notes.read(root)[1] + (misplaced.of(ROOT, set())[0] if root == ROOT else [])
    return (None, problems) if problems else (clinic, [])


def rename(document: Document, renamed: dict[str, tuple[str, datetime.date]]) -> list[Problem]:
    """Give keys that had another name until less than a year ago their new one, and tell so. After that they are unknown."""
    told = []
    for place in list(document.keys):
        new, since = renamed.get(re.sub(r"\[\d+]", "[]", path(place)), ("", datetime.date.min))
        if not new or today() > since + YEAR:
            continue
        numbers = [step for step in place if isinstance(step, int)]
        to = tuple(numbers.pop(0) if step == "[]" else step for step in re.findall(r"\[]|\w+", new))
        if to not in document.keys and document.move(place, to):
            told.append(Problem(*document.keys[to], path(place), f"is called {new} now", f"Change the name. The old one works until {since + YEAR}."))
    return told


def texts(value: Any, place: Place = ()) -> Iterator[tuple[str, str]]:
    """(key, text) of everything that the clinic typed or that a default typed for it."""
    if isinstance(value, BaseModel):
        value = value.model_dump()
    if isinstance(value, str):
        yield path(place), value
    for step, part in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from texts(part, (*place, step))


def _country_typed(data: dict) -> str | None:
    """The code of the country that the file names. One that names a part of it, such as England, gives the region, too."""
    read, part = typed.country(text, COUNTRIES) if isinstance(text := data.get("country"), str) else (None, "")
    if part and data.get("region") is None:
        data["region"] = part
    return read.means if read else None


def _zones_typed(data: dict, country: str) -> list[str]:
    """Gives the clinic, and places in another state, the time zone that they leave out where there is only one; otherwise the zones to choose from."""
    places = [place for place in data.get("locations") or () if isinstance(place, dict)] if isinstance(data.get("locations"), list) else []
    states = [state_zones(country, (place.get("address") or {}).get("region") if isinstance(place.get("address") or {}, dict) else None) for place in places]
    usual = state_zones(country, data.get("region")) or next(filter(None, states), []) or [*zones.by_country(today().year).get(country, ())]
    if "timezone" not in data and len(usual) == 1:
        data["timezone"] = usual[0]
    for place, own in zip(places, states, strict=True):
        if len(places) > 1 and len(own) == 1 and "timezone" not in place and isinstance(data.get("timezone"), str) and not zones.among(data["timezone"], own, today().year):
            place["timezone"] = own[0]
    return usual


def state_zones(country: str, state: Any) -> list[str]:
    """The time zones of a state or province of that country; nothing where the guide does not know it."""
    return packs()[country].clocks(state) if country in packs() and isinstance(state, str) else []


NAMES = ("name", "by")
"""Keys that hold a name: nobody changes how a clinic or a person is called, so a word in it is only told."""
NO_PROSE = ("country", "timezone", "phone", "after_hours_phone", "email", "website", "portal", "privacy_policy", "url", "map", "register", "logo", "color", "currency",
            "amount", "number", "checked", "on", "next", "from", "to", "hours", "postal_code")


def _against(document: Document) -> list[Problem]:
    return [Problem(*document.place_of(place), path(place), message, hint)
            for place, text in prose(document) for _, _, level, message, hint in against_rules.found(text) if level == "error" and place[-1] not in NAMES]


def prose(document: Document) -> Iterator[tuple[Place, str]]:
    """(place, text) of all that the clinic typed in words of its own."""
    for place in document.values:
        text = value_at(document.data, place)
        if isinstance(text, str) and place and not set(place) & set(NO_PROSE) and re.search(r"\w\W+\w", text):
            yield place, text


OURS = ("name", "phone", "after_hours_phone", "email", "website", "street")
"""Keys whose sample values must never pass as a clinic's own."""


def _left_from_the_sample(document: Document) -> list[Problem]:
    typed = [(place, value_at(document.data, place)) for place in document.values]
    return [Problem(*document.values[place], path(place), "is still the sample clinic's", "Write your own clinic's.")
            for place, text in typed if set(place) & set(OURS) and alike(text) in of_the_sample()] + [
        Problem(*document.values[place], path(place), "is not filled in yet", "Write your own text, or delete the line.")
        for place, text in typed if text in ("…", "...")]


@cache
def of_the_sample() -> set[str]:
    sample = Document(misplaced.VALUES.read_bytes())
    return {alike(value_at(sample.data, place)) for place in sample.values if place[-1:] and place[-1] in OURS} - {alike("none")}


def alike(text: Any) -> str:
    """Letters and digits only, so that another way to space or to write it counts as the same."""
    return re.sub(r"\W", "", text).casefold() if isinstance(text, str) else ""
