"""Which letters the sheets' font has. One that it lacks would be an empty box on paper, so the clinic is told where it stands."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parents[2] / "overrides" / "print"


@cache
def lacking() -> re.Pattern[str]:
    """What finds a character, other than white space, that one of the cuts does not have. Also for JavaScript, with the flag u."""
    from fontTools.ttLib import TTFont  # not needed for plain English

    both = sorted(frozenset.intersection(*(frozenset(TTFont(path, lazy=True).getBestCmap()) for path in sorted(FONTS.glob("*.ttf")))))
    spans: list[list[int]] = []
    for code in both:
        if spans and spans[-1][1] == code - 1:
            spans[-1][1] = code
        else:
            spans.append([code, code])
    return re.compile(f"[^\\s{''.join(f'{_escaped(first)}-{_escaped(last)}' for first, last in spans)}]")


def _escaped(code: int) -> str:
    return f"\\{chr(code)}" if chr(code) in "\\]^-[" else chr(code)


def first_lacking(text: str) -> tuple[int, str, str] | None:
    """(where it stands, what is wrong, the remedy) of the first letter that no sheet can print."""
    hit = None if text.isascii() else lacking().search(text)
    return (hit.start(), f"the font of the printed sheets has no “{hit[0]}”",
            "Write it in Latin, Greek or Cyrillic letters, and leave out emoji and other small pictures.") if hit else None
