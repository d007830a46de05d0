"""Parts of a page that are made from data: each is a template in overrides/blocks/ filled with the clinic's view."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown import markdown

from guide import __version__
from guide.environment import OVERRIDES
from guide.pages import figures
from guide.words import language

BLOCKS = OVERRIDES / "blocks"
LEVELS = ("normal", "tellus", "urgent", "emergency")


class Blocks:
    """Fills block templates for one clinic. Each method returns HTML on one line, so that it may stand in a list or card."""

    def __init__(self, view: dict[str, Any], root: Callable[[], str] = str):
        """`root` gives the way from the page that is being made to the site's first page: "", "../"."""
        self.view = view
        self.templates = Environment(loader=FileSystemLoader(BLOCKS), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
        self.templates.globals |= view | {"root": root}
        self.templates.filters["words"] = self.words

    def words(self, text: str) -> str:
        """Text of a data file, with its variables filled, as inline HTML."""
        filled = self.templates.from_string(text).render()
        return re.sub(r"^<p>|</p>$", "", markdown(filled))

    def fill(self, name: str, **values: Any) -> str:
        html = self.templates.get_template(f"{name}.html").render(**values)
        return re.sub(r"\s*\n\s*", " ", html).strip()

    def card(self, level: str, when: str = "") -> str:
        """A red-flag card as Markdown: an admonition with its signs and the numbers to call.

        `when`: "" for every sign; session, evening, days or later for the urgent ones of that time; "short" for a sheet.
        """
        signs, number = language.signs(), self.view["lines"]["emergency"]["phone"]
        if when == "short":
            short = next(row.short for row in signs.table if row.short)
            told = getattr(short, level)
        else:
            told = [sign.text for sign in getattr(signs, level) if not when or when in sign.when]
        shown = f"<b class='number'>{number}</b>" if when == "short" else number
        title = {"urgent": "Call us today", "emergency": f"Call {shown} now"}[level] + (
            " for:" if when == "short" else {"urgent": " if:", "emergency": " if you or the person with you:"}[level])
        bullets = "".join(f"    - {self.templates.from_string(text).render()}\n" for text in told)
        if when == "short" and level == "emergency":
            return f'!!! {level} "{title}"\n{bullets}\n'
        button = self.fill("call", who={"urgent": "us", "emergency": "emergency"}[level])
        return f'!!! {level} "{title}"\n{bullets}\n    {button}\n'

    def traffic_light(self, which: str = "") -> str:
        """The whole table, the row whose time is `which`, or the "short" form. Raises KeyError for another name."""
        signs = language.signs()
        if which == "short":
            return self.fill("traffic_light_short", rows=[(row.when, row.short.model_dump()) for row in signs.table if row.short])
        rows = {row.when: row.model_dump() for row in signs.table}
        return self.fill("traffic_light", rows=[(which, rows[which])] if which else list(rows.items()), rule_line=signs.rule)

    def hundred(self, key: str) -> str:
        number = language.numbers()[key]
        pictures = [figures.people(
            f"{number.title}: {group.label}",
            f"About {group.in_100} in 100 people {number.outcome}.", group.in_100, f"{key}-{n}") for n, group in enumerate(number.groups)]
        return self.fill("hundred", number=number, pictures=list(zip(number.groups, pictures, strict=True)))

    def timeline(self, day: dict[str, Any]) -> str:
        told = "; ".join(f"{n}. {name}, {length}" for n, (name, length, _) in enumerate(day["steps"], 1))
        return self.fill("timeline", day=day, picture=figures.timeline(day["steps"], f"The day with the {day['name']}", told, day["key"]))

    def foot(self, ids: list[str]) -> str:
        return self.fill("foot", version=__version__, sources=language.sources_of(ids))
