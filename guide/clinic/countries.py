"""What differs by country: numbers to call, paper, addresses, words. The data is countries.yml."""

from __future__ import annotations

import datetime
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Line(_Strict):
    """A telephone or text line that somebody in trouble can reach."""

    name: str
    phone: str = ""
    choose: str = Field("", description="What to choose in the menu that answers; said wherever the number stands without the name")
    text: str = ""
    hours: str = ""
    url: str = ""
    checked: datetime.date | None = None
    until: datetime.date | None = None
    region: str | list[str] = Field(default="", description="Part of the country that it serves; empty: all of it")

    spanish: str = Field("", description="How to reach somebody who speaks Spanish")
    instead: dict[str, Line] = Field({}, description="By part of the country: the line that answers there, not this one")

    def serves(self, region: str) -> bool:
        return not self.region or region == self.region or region in self.region

    def at(self, region: str) -> Line | None:
        """The line for that part of the country: the one instead of this, this one, or none."""
        return self.instead.get(region) or (self if self.serves(region) else None)


class PostalCode(_Strict):
    pattern: str
    example: str


class Country(_Strict):
    """One pack of countries.yml, or what is known of a country that has none."""

    code: str = ""
    name: str
    emergency: str
    crisis_lines: list[Line] = []
    poison: Line | None = None
    urgent: Line | None = Field(None, description="Where urgent advice is given that is not an emergency")
    reporting: Line | None = Field(None, description="Where side effects are reported")
    help: dict[str, Line] = Field({}, description="Lines that the pages name, by what each is for")
    regions: list[str] = []
    paper: str = Field("a4", pattern="^(letter|a4)$")
    postal_code: PostalCode | None = None
    address: list[str] = ["{street}", "{postal_code} {city}", "{region}"]
    zones: dict[str, list[str]] = Field({}, description="By time zone the states that keep it, each as “CA California”")
    words: str = Field("british", pattern="^(american|canadian|british)$")

    def clocks(self, state: str) -> list[str]:
        """The time zones of a state or province, which is called by its name or its code; nothing for one that is not known."""
        return [zone for zone, states in self.zones.items() if state.casefold() in {name for one in states for name in (one[:2].casefold(), one[3:].casefold())}]


PACKS = Path(__file__).with_name("countries.yml")


class PackProblem(Exception):
    """A pack is not right. No ValueError: the check of a clinic's file would take it for a mistake of the clinic."""


@cache
def packs() -> dict[str, Country]:
    """Every country pack by ISO 3166 alpha-2 code. Raises PackProblem."""
    return dict(_pack(code, pack) for code, pack in yaml.safe_load(PACKS.read_text("utf-8")).items())


def _pack(code: str, pack: dict) -> tuple[str, Country]:
    try:
        return code, Country(code=code, **pack)
    except ValidationError as error:
        told = (f"{'.'.join(map(str, (code, *found['loc'])))}: {found['msg']}" for found in error.errors(include_url=False))
        raise PackProblem("guide/clinic/countries.yml: " + "; ".join(told)) from None
