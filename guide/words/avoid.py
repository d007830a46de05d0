"""The words of avoid.yml, which hurt, promise or are hard: the guide may not use them, and a clinic is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import yaml

from guide.environment import DOCS


@cache
def lists() -> list[dict[str, Any]]:
    """Each entry: `say`, a regular expression; `why` not; `but`, phrases in which it is right; `ours`, whether it is style."""
    return yaml.safe_load((DOCS / "avoid.yml").read_text("utf-8"))


def found(text: str, clinics: bool = False) -> Iterator[tuple[int, int, str, str]]:
    """(line, column, the words, why not) of every word of the lists in `text`. `clinics`: a clinic wrote it, so that style is no matter."""
    for n, line in enumerate(text.splitlines(), 1):
        for entry in lists():
            if clinics and entry.get("ours"):
                continue
            hit = re.search(entry["say"], line, re.IGNORECASE)
            if hit and not any(phrase in line for phrase in entry.get("but", [])):
                yield n, hit.start() + 1, hit[0], entry["why"]
