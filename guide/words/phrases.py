"""docs/<language>/phrases.yml: every label that a patient meets and that is no rule, no sign and no page."""

from __future__ import annotations

import string
from collections.abc import Mapping
from typing import Any

from babel import Locale
from babel.lists import format_list

AT_HOME = "at_home."
PLURALS = {"zero", "one", "two", "few", "many", "other"}
"""Names of plural forms in the CLDR."""


class PhraseProblem(ValueError):
    """A phrase that is not there, or whose slots and values do not fit together. Stops the build."""


class Phrases:
    """Says a label by its dotted name: `phrases("call.us")`, `phrases("units.hour", n=2)`."""

    def __init__(self, rows: Mapping[str, Any], where: Locale, name: str = "phrases.yml"):
        """`rows`: groups of phrases, each a text with {slots}, or the texts of its plural forms ("one", "other") chosen by {n}."""
        self.where, self.name, self.rows = where, name, dict(_flat(rows))

    def at_home(self) -> Phrases:
        """The same for a clinic that visits patients at home: what stands under at_home takes the place of the phrases of that name. Raises PhraseProblem where there is none."""
        other = {key.removeprefix(AT_HOME): text for key, text in self.rows.items() if key.startswith(AT_HOME)}
        if unknown := sorted(set(other) - set(self.rows)):
            raise PhraseProblem(f"{self.name}: {AT_HOME}{unknown[0]}: there is no phrase {unknown[0]}")
        return Phrases(self.rows | other, self.where, self.name)

    def __call__(self, key: str, /, **values: object) -> str:
        """The phrase with its slots filled. Raises PhraseProblem."""
        try:
            text = self.rows[key]
        except KeyError:
            raise PhraseProblem(f"{self.name}: {key}: there is no such phrase") from None
        if isinstance(text, dict):
            form = self.where.plural_form(float(str(values["n"])))
            text = text.get(form, text["other"])
        return filled(text, values, f"{self.name}: {key}")

    def either(self, names: list[str]) -> str:
        """“a, b, or c” as the language joins alternatives, each name once."""
        return format_list(list(dict.fromkeys(names)), "or", self.where)


def filled(text: str, values: Mapping[str, object], place: str, *, all_used: bool = True) -> str:
    """`text` with each {slot} filled. Raises PhraseProblem where nothing fills a slot, or a value has none."""
    slots = [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
    if missing := [name for name in slots if name not in values]:
        raise PhraseProblem(f"{place}: nothing fills {{{missing[0]}}}")
    if all_used and (left := set(values) - set(slots) - {"n"}):
        raise PhraseProblem(f"{place}: the phrase has no slot {{{sorted(left)[0]}}}")
    return text.format_map(values)


def _flat(rows: Mapping[str, Any], above: str = ""):
    for key, value in rows.items():
        if isinstance(value, Mapping) and not set(value) <= PLURALS:
            yield from _flat(value, f"{above}{key}.")
        else:
            yield above + key, value
