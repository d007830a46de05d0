"""The words that are kept as data, in docs/<language>/*.yml: facts, sources, numbers, warning signs, glossary."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from guide.environment import DOCS

PHASES = ("clinic", "day", "later")
"""At the clinic; 24 hours after the dose, the next morning with it; later (triage, 2)."""
YAML = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # in C, where PyYAML has it, ten times as fast


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


class Source(_Row):
    """A document that a fact rests on. `read` says what was really read of it."""

    title: str
    org: str
    year: int | None = None
    url: str = Field("", pattern="^(https?://.*)?$")
    read: Literal["archived copy", "report of it", "not read"] = "archived copy"


class Fact(_Row):
    """One statement with every figure that may be published. `mark` "known": its figures were not read, so none may."""

    says: str
    sources: list[str] = Field(min_length=1)
    mark: Literal["seen", "known"]
    also_known: str = ""
    checked: datetime.date | None = None
    until: datetime.date | None = None


class Group(_Row):
    """`who`: the people, where they are more than “given LABEL”."""

    label: str
    who: str = ""
    in_100: int = Field(ge=0, le=100)
    exact: float = Field(ge=0, le=100)


class Number(_Row):
    """One comparison for the 100-person picture: how many of 100 people in each group."""

    fact: str
    title: str
    groups: list[Group] = Field(min_length=1, max_length=3)
    outcome: str
    when: str
    people: int
    sure: Literal["fairly sure", "unsure", "very unsure"]
    note: str = ""


class TierRow(_Row):
    """A tier: its word, the title of its card, its threshold, and what to do."""

    word: str
    card: str
    before: str = ""
    say: list[str]
    do: list[str] = []
    they: list[str] = []
    be_seen: list[str] = []
    judged: str = ""


class SignRow(_Row):
    """A sign, said to the patient (`you`) and to the companion (`they`), with its tier in each phase."""

    you: str
    they: str = ""
    short: str
    items: list[str | dict[str, str]] = []
    tier: dict[str, str]
    also: str = ""
    lifts: dict[str, str] = {}
    be_seen: bool = False
    do: str | dict[str, str] = ""
    they_do: str = ""
    no_needle: dict[str, str] = {}
    gone: str | dict[str, str] = ""
    mouth: str = ""
    then: list[str] = []
    facts: list[str]
    judged: str = ""
    chip: str
    group: str = ""
    find: list[str] = []
    only: str | list[str] = ""


class RuleRow(_Row):
    """A safety rule, or one of its variants."""

    you: list[str] = []
    they: list[str] = []
    short: str = ""
    only: str = ""
    facts: list[str] = []
    judged: str = ""
    floor: dict[str, Any] = {}
    find: list[str] = []
    variants: dict[str, RuleRow] = {}

    @model_validator(mode="before")
    @classmethod
    def _take_variants(cls, row: Any) -> Any:
        named = {key: value for key, value in row.items() if isinstance(value, dict) and key not in ("floor", "variants")}
        return {**{key: value for key, value in row.items() if key not in named}, "variants": row.get("variants", {}) | named}


class FirstAidRow(_Row):
    """One kind of first aid; a country may have steps of its own, as steps_AU."""

    title: str
    steps: list[str]
    by_country: dict[str, list[str]] = {}
    facts: list[str]
    judged: str = ""

    @model_validator(mode="before")
    @classmethod
    def _take_countries(cls, row: Any) -> Any:
        own = {key: value for key, value in row.items() if key.startswith("steps_")}
        return {**{key: value for key, value in row.items() if key not in own}, "by_country": {key.removeprefix("steps_"): value for key, value in own.items()}}


class StepRow(_Row):
    tier: str
    signs: list[str]
    what: str = ""
    do: list[str]


class MoodRow(_Row):
    """The ladder of moods, for the person and for the companion, from the mildest step to the most urgent."""

    you: list[StepRow]
    they: list[StepRow]
    ask: list[str]
    care: list[str]
    facts: list[str]
    judged: str = ""


class VisitRow(_Row):
    """What My visit counts besides the clinic's own numbers: hours, days for `mood_days`, hours of the day for `morning`, `night`, `wake`, `evening`."""

    alcohol_before: int
    drive_after: int
    mood_days: int
    morning: int = Field(ge=0, le=23)
    morning_after: int
    night: int = Field(ge=0, le=23)
    wake: int = Field(ge=0, le=23)
    evening: int = Field(ge=0, le=23)
    reminder: int
    facts: list[str]
    judged: str


class RulesFile(_Row):
    """rules.yml. A sign without one of its tiers, one that leads to none that is there, or an emergency sign without a group stops the build."""

    tiers: dict[str, TierRow]
    groups: dict[str, str]
    unsure: list[str]
    doses: dict[str, dict[str, str]]
    signs: dict[str, SignRow]
    rules: dict[str, RuleRow]
    no_answer: dict[str, Any]
    first_aid: dict[str, FirstAidRow]
    mood: MoodRow
    visit: VisitRow
    phone_words: dict[str, list[str]]
    danger_words: dict[str, Any]

    @model_validator(mode="after")
    def _leads_somewhere(self) -> RulesFile:
        known = {*self.tiers, *self.signs}
        for key, sign in self.signs.items():
            if tuple(sign.tier) != PHASES:
                raise ValueError(f"signs.{key}: tier needs {', '.join(PHASES)}, in this order")
            if lost := [to for to in (*sign.tier.values(), *sign.lifts, *sign.then, *filter(None, [sign.also])) if to not in known]:
                raise ValueError(f"signs.{key}: there is no sign or tier {lost[0]}")
            if (sign.group in self.groups) != ("emergency" in (sign.tier["day"], sign.tier["later"])):
                raise ValueError(f"signs.{key}: an emergency sign, and no other, has a group: {', '.join(self.groups)}")
        return self


class Term(_Row):
    term: str
    say: str = ""
    means: str
    also: list[str] = []

    @property
    def letter(self) -> str:
        """The letter under which a reader looks for it."""
        return self.term[0].upper()


class Find(_Row):
    """What people type: for `things` and for `feelings` by the guide's own word, `places` by page."""

    things: dict[str, list[str]]
    feelings: dict[str, list[str]]
    places: dict[str, list[str]]


class Language:
    """All data of one language, each file read and checked when it is first asked for."""

    def __init__(self, docs: Path = DOCS):
        self.docs = docs

    def _read(self, name: str) -> Any:
        return yaml.load((self.docs / f"{name}.yml").read_text("utf-8"), YAML)

    @cached_property
    def facts(self) -> dict[str, Fact]:
        return {key: Fact(**row) for key, row in self._read("facts").items()}

    @cached_property
    def sources(self) -> dict[str, Source]:
        return {key: Source(**row) for key, row in self._read("sources").items()}

    @cached_property
    def numbers(self) -> dict[str, Number]:
        return {key: Number(**row) for key, row in self._read("numbers").items()}

    @cached_property
    def rules(self) -> RulesFile:
        return RulesFile(**self._read("rules"))

    @cached_property
    def phrases(self) -> dict[str, Any]:
        return self._read("phrases")

    @cached_property
    def find(self) -> Find:
        return Find(**self._read("find"))

    @cached_property
    def glossary(self) -> list[Term]:
        return sorted((Term(**row) for row in self._read("glossary")), key=lambda term: term.term.casefold())

    @cached_property
    def scores(self) -> list[dict[str, Any]]:
        """How each patient page scores: reading grade as measured by tests/reading.py, and the two checklists of ratings.yml."""
        rated = {row["page"]: row for row in self._read("ratings")}
        return [{**row, **rated.get(row["page"], {})} for row in self._read("scores")]

    def words_of(self, kind: str, country: str, at_home: bool = False) -> dict[str, str]:
        """The words of words.yml for "american", "british" or "canadian"; a column of the country's own stands above it, and that of a clinic that visits at home above all."""
        return {name: row["visits_you"] if at_home and "visits_you" in row else row.get(country, row.get(kind, row["american"])) for name, row in self._read("words").items()}

    def pages(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """(file, front matter) of each page, by name."""
        for path in sorted(self.docs.rglob("*.md")):
            yield path.relative_to(self.docs).as_posix(), yaml.load(path.read_text("utf-8").split("---\n")[1], YAML)

    def sources_of(self, ids: list[str]) -> dict[str, Source]:
        """The sources that the named facts rest on, each once, in the order of the register. Raises KeyError."""
        named = {code for key in ids for code in self.facts[key].sources}
        return {code: source for code, source in self.sources.items() if code in named}
