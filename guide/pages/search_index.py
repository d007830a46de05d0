"""What Material's search finds besides the text of the pages: the words that people type for it.

Takes search_index.json as Material wrote it, gives it with each such word at the one section that answers it.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from guide.edition import Edition
from guide.pages.blocks import Blocks

WHERE = {"emergency": "urgent-help/#life-in-danger", "crisis": "urgent-help/#thoughts-of-suicide"}
"""Where a word of danger leads; any other word of a sign leads to its place on “Is this normal?”."""
CALLS = {"emergency": ("emergency", "crisis"), "crisis": ("crisis", "emergency")}
"""The buttons above the results, in their order."""


def finished(index: dict[str, Any], edition: Edition) -> dict[str, Any]:
    """The index with a page's keywords at its top alone, and the words of signs at their sections."""
    words = _words(edition)
    docs = []
    for doc in index["docs"]:
        keywords = doc.pop("tags", []) if "#" not in doc["location"] else []
        doc.pop("tags", None)
        if told := [*keywords, *words.get(doc["location"], [])]:
            doc["tags"] = [" ".join(told)]
        docs.append(doc)
    return {**index, "docs": docs}


def data(edition: Edition, bundle: str) -> str:
    """A line of script for overrides/assets/find.js: the theme's own script, and numbers to call with the words that show them."""
    blocks = Blocks(edition)
    danger = [{"words": sorted(edition.rules.danger[tier]), "html": " ".join(blocks.fill("call", who=who) for who in CALLS[tier])} for tier in ("crisis", "emergency")]
    return f"Object.assign(window.guide,{json.dumps({'bundle': bundle, 'danger': danger}, ensure_ascii=False)})\n"


def plain(text: str) -> str:
    """As find.js compares: lower case, without accents, apostrophes and marks."""
    return " ".join(re.sub(r"[^\w]+", " ", re.sub(r"[\u0300-\u036f'’`´]", "", unicodedata.normalize("NFKD", text.lower()))).split())


def in_danger(text: str, entries: Mapping[str, tuple[str, ...]]) -> str:
    """The tier whose numbers these words show, or nothing."""
    typed = f" {plain(text)} "
    return next((tier for tier in ("crisis", "emergency") if any((f" {entry[:-1]} " if entry.endswith(".") else f" {entry}") in typed for entry in entries[tier])), "")


def _words(edition: Edition) -> dict[str, list[str]]:
    """{address of a section: what people type for it}."""
    found: dict[str, list[str]] = {}
    for sign in edition.rules.signs.values():
        for word in sign.find:
            place = WHERE.get(in_danger(word, edition.rules.danger), f"is-this-normal/#{sign.chip}")
            found.setdefault(place, []).append(word)
    for place, words in edition.language.find.items():
        found.setdefault(place, []).extend(words)
    return found
