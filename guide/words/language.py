"""The words that are kept as data, in docs/<language>/*.yml: facts, sources, numbers, warning signs, glossary."""

from __future__ import annotations

import datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from guide.environment import DOCS

YAML = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # in C, where PyYAML has it, ten times as fast


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


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
    label: str
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


class Sign(_Row):
    """A warning sign. `when` places an urgent one: session, evening, days, later."""

    id: str
    text: str
    when: list[Literal["session", "evening", "days", "later"]] = []


class Levels(_Row):
    """What belongs on each care level."""

    normal: list[str] = []
    tellus: list[str] = []
    urgent: list[str] = []
    emergency: list[str] = []


class Row(Levels):
    """One row of “Is this normal?”: the levels at one time, and in short for the sheets."""

    when: str
    facts: list[str] = []
    instead: str = ""  # what to do while staff are there, where the column says whom to call
    short: Levels | None = None


class Signs(_Row):
    emergency: list[Sign]
    urgent: list[Sign]
    table: list[Row]
    rule: str


class Term(_Row):
    term: str
    say: str = ""
    means: str
    also: list[str] = []


@cache
def _read(docs: Path, name: str) -> Any:
    return yaml.load((docs / f"{name}.yml").read_text("utf-8"), YAML)


def forget() -> None:
    """Read everything anew at the next call: while pages are served, the files change."""
    for kept in (_read, facts, sources, numbers, signs, glossary, scores):
        kept.cache_clear()


@cache
def facts(docs: Path = DOCS) -> dict[str, Fact]:
    return {key: Fact(**row) for key, row in _read(docs, "facts").items()}


@cache
def sources(docs: Path = DOCS) -> dict[str, Source]:
    return {key: Source(**row) for key, row in _read(docs, "sources").items()}


@cache
def numbers(docs: Path = DOCS) -> dict[str, Number]:
    return {key: Number(**row) for key, row in _read(docs, "numbers").items()}


@cache
def signs(docs: Path = DOCS) -> Signs:
    return Signs(**_read(docs, "is-this-normal"))


@cache
def glossary(docs: Path = DOCS) -> list[Term]:
    return sorted((Term(**row) for row in _read(docs, "glossary")), key=lambda term: term.term.casefold())


def sources_of(ids: list[str], docs: Path = DOCS) -> dict[str, Source]:
    """The sources that the named facts rest on, each once, in the order of the register. Raises KeyError."""
    named = {code for key in ids for code in facts(docs)[key].sources}
    return {code: source for code, source in sources(docs).items() if code in named}


@cache
def scores(docs: Path = DOCS) -> list[dict[str, Any]]:
    """How each patient page scores: reading grade as measured by tests/reading.py, and the two checklists of ratings.yml."""
    rated = {row["page"]: row for row in _read(docs, "ratings")}
    return [{**row, **rated.get(row["page"], {})} for row in _read(docs, "scores")]
