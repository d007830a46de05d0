"""What Material's search finds besides the text of the pages: the words that people type for it.

Takes search_index.json as Material wrote it, gives it with each such word at the one section that answers it.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from guide.edition import Edition
from guide.pages.blocks import ELSEWHERE, Blocks

URGENT, SIGNS = "urgent-help", "is-this-normal"
PLACE = "danger"
"""With the name of a tier: the word that find.js asks for when it has heard a word of danger, for that knows whole phrases."""
CALLS = {"emergency": ("emergency", "crisis"), "crisis": ("crisis", "emergency")}
"""The buttons above the results, in their order."""


def finished(index: dict[str, Any], edition: Edition) -> dict[str, Any]:
    """The index with each word that people type at the section of its page that says most about it."""
    pages: dict[str, list[dict[str, Any]]] = {}
    for doc in index["docs"]:
        pages.setdefault(doc["location"].partition("#")[0].rstrip("/"), []).append(doc)
    said = {doc["location"]: f"{doc['title']} " * 4 + doc["text"] for doc in index["docs"]}
    said = {place: plain(re.sub("<[^>]*>", " ", text)) for place, text in said.items()}
    ours, common = _ours(edition), Counter(part for text in said.values() for part in set(text.split()))
    tags: dict[str, list[str]] = {}
    for page, section, word in _words(pages, edition):
        if page in pages:
            places, named = [doc["location"] for doc in pages[page]], f"{page}/#{section}"
            best = named if named in places else max(places, key=lambda place: sum(said[place].count(part[:max(4, len(part) - 2)]) / common[part] for part in _parts(word, ours, common)))
            tags.setdefault(best, []).append(word)
    bare = ({key: value for key, value in doc.items() if key != "tags"} for doc in index["docs"])
    return {**index, "docs": [doc | ({"tags": [" ".join(tags[doc["location"]])]} if doc["location"] in tags else {}) for doc in bare]}


def _ours(edition: Edition) -> dict[str, list[str]]:
    """{what people say: the guide's words for it}."""
    rows = [(ours, theirs) for group in (edition.language.find.things, edition.language.find.feelings) for ours, theirs in group.items()]
    return {word: [ours for ours, theirs in rows if word in theirs] for _, words in rows for word in words}


def _words(pages: Mapping[str, list[dict[str, Any]]], edition: Edition) -> Iterator[tuple[str, str, str]]:
    """(page, section, word): keywords of the pages, words of danger, words of signs.

    What one feels leads to the signs, whatever other page names it; a thing leads to the pages that speak of it.
    """
    find, danger = edition.language.find, edition.rules.danger
    things = {part for ours, theirs in find.things.items() for word in (ours, *theirs) for part in plain(word).split()}
    felt = [(sign.chip, word) for sign in edition.rules.signs.values() for word in sign.find if not in_danger(word, danger) and not things & set(plain(word).split())]
    for chip, word in felt:
        yield *ELSEWHERE.get(chip, (SIGNS, f"{chip}-signs")), word
    for tier in CALLS:
        here = max(pages.get(URGENT, []), key=lambda doc: sum(entry.rstrip(".") in plain(f"{doc['title']} {doc['text']}") for entry in danger[tier]), default=None)
        if here:
            yield URGENT, here["location"].partition("#")[2], f"{PLACE}{tier}"
    for page, docs in pages.items():
        for word in docs[0].get("tags", []):
            if word not in {word for _, word in felt}:
                yield page, "", word
    for place, words in find.places.items():
        for word in words:
            yield *place.split("/#"), *[""] * ("/#" not in place), word


def _parts(word: str, ours: Mapping[str, list[str]], common: Counter[str]) -> set[str]:
    """The words to look for in the text of a page: those that are typed and those that the guide has for them, but for the smallest."""
    said = (plain(word), *ours.get(word, []), *(our for part in plain(word).split() for our in ours.get(part, [])))
    return {part for one in said for part in one.split() if len(part) > 3 and common[part]}


def data(edition: Edition, **theme: Any) -> str:
    """A line of script for overrides/assets/find.js: numbers to call with the words that show them, the guide's own words, and what it needs of the `theme`."""
    blocks = Blocks(edition)
    danger = [{"words": sorted(edition.rules.danger[tier]), "place": f"{PLACE}{tier}", "html": " ".join(blocks.fill("call", who=who) for who in CALLS[tier])} for tier in ("crisis", "emergency")]
    none = " ".join(blocks.fill("call", who=who) for who in ("emergency", "crisis", "us"))
    also = {word: " ".join(ours) for word, ours in _ours(edition).items()}
    return f"Object.assign(window.guide,{json.dumps({**theme, 'danger': danger, 'none': none, 'words': also}, ensure_ascii=False)});\n"


def plain(text: str) -> str:
    """As find.js compares: lower case, without accents, apostrophes and marks."""
    return " ".join(re.sub(r"[^\w]+", " ", re.sub(r"[\u0300-\u036f'’`´]", "", unicodedata.normalize("NFKD", text.lower()))).split())


def in_danger(text: str, entries: Mapping[str, tuple[str, ...]]) -> str:
    """The tier whose numbers these words show, or nothing."""
    typed = f" {plain(text)} "
    return next((tier for tier in ("crisis", "emergency") if any((f" {entry[:-1]} " if entry.endswith(".") else f" {entry}") in typed for entry in entries[tier])), "")
