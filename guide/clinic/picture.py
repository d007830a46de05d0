"""The clinic's colour, made fit to read on, and its logo. Contrast is that of WCAG 2.2: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio"""

from __future__ import annotations

import re
from pathlib import Path, PurePath
from xml.etree import ElementTree

LEAST = 7.0
"""Contrast of text at level AAA (1.4.6)."""
WHITE = "#ffffff"
MOST_PIXELS = 4000
"""Of a PNG's side. A picture that is small as a file can be too large to draw."""
ACTIVE = re.compile(
    rb"""<\s*([\w-]+:)?(script|foreignobject|iframe|a|image|use|animate\w*|set|handler)\b"""
    rb"""|[\s/"']on\w+\s*=|javascript:|<!entity|@import|@[\w-]*keyframes|&\#|url\((?!\s*['"]?\#)|href\s*=(?!\s*['"]\#)""", re.IGNORECASE)
"""What an SVG could do besides being shapes and colors. Looked for before it is parsed, so that no entity grows."""
NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?"
MEASURES = {"viewBox": re.compile(rf"\s*{NUMBER}(?:[\s,]+{NUMBER}){{3}}\s*", re.IGNORECASE),
            **dict.fromkeys(("width", "height"), re.compile(rf"\s*{NUMBER}\s*(?:px|pt|pc|in|cm|mm|q|r?em|ex|ch|%)?\s*|auto", re.IGNORECASE))}
"""How an SVG says its size; what is written in another way ends the making of the sheets."""
DARK = "#22262b"
"""The lightest ground of a dark page: --soft in overrides/assets/guide.css."""


def luminance(color: str) -> float:
    """Relative luminance of "#rrggbb", 0 to 1: L = 0.2126 R + 0.7152 G + 0.0722 B of the linear parts (WCAG 2.2, relative luminance)."""
    parts = [int(color[n:n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """1 to 21: (L1 + 0.05) / (L2 + 0.05), the lighter of the two above (WCAG 2.2, contrast ratio)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def ground(color: str) -> str:
    """The colour, darkened step by step until white text on it has a contrast of at least 7:1."""
    return _towards("#000000", color, WHITE)


def edge(color: str) -> str:
    """The colour, made lighter step by step until it has a contrast of at least 7:1 against a dark page."""
    return _towards(WHITE, color, DARK)


def style(color: str | None, name: str = "--brand", lighter: str = "--brand-edge") -> str:
    """CSS that makes the colour the site's, on screen; nothing if there is none. `name`: where it is the ground of white text, `lighter`: where it is seen against the page."""
    if not color:
        return ""
    on_white, on_dark = ground(color), edge(color)
    return (f"@media screen{{:root{{{name}:{on_white};{lighter}:{on_white}}}}}"
            f"@media screen and (prefers-color-scheme: dark){{:root{{{name}:{on_white};{lighter}:{on_dark}}}}}")


def logo_on_site(logo: str | None) -> str:
    """Where the site keeps the picture clinic/…; nothing if there is none. It is shown as an image, never as part of a page."""
    return f"assets/logo{PurePath(logo).suffix.lower()}" if logo else ""


def unfit(path: Path) -> tuple[str, str] | None:
    """Why a picture, .svg or .png, is not safe to show or cannot be drawn, and what to do; None if it is fit."""
    data = path.read_bytes()
    if path.suffix.lower() == ".svg" and ACTIVE.search(data):
        return "carries script, links or other pictures", "Ask for a plain picture: shapes and colors only."
    problem = _unfit_drawing(data) if path.suffix.lower() == ".svg" else _unfit_pixels(path, data)
    return (problem, "Save it again as a PNG or SVG picture of usual size; another ending to its name is not enough.") if problem else None


def _unfit_drawing(data: bytes) -> str:
    if b"\0" in data:  # UTF-16, which hides everything from ACTIVE
        return "is not an SVG picture"
    try:
        drawing = ElementTree.fromstring(data)
    except (ElementTree.ParseError, ValueError):  # ValueError: an encoding that Python does not know
        return "is damaged" if b"<svg" in data[:2000] else "is not an SVG picture"
    if drawing.tag != "{http://www.w3.org/2000/svg}svg":
        return "is not an SVG picture"
    measured = all(form.fullmatch(drawing.get(name, "0 0 1 1" if name == "viewBox" else "auto")) for name, form in MEASURES.items())
    return "" if measured else "has a size that cannot be read"


def _unfit_pixels(path: Path, data: bytes) -> str:
    from PIL import Image, ImageFile  # only a clinic with a PNG waits for it

    if not data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "is not a PNG picture"
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint, once it is there, lets half a picture pass
    Image.MAX_IMAGE_PIXELS = None  # MOST_PIXELS is the narrower bound, and is told in words
    try:
        with Image.open(path, formats=["PNG"]) as picture:
            if max(picture.size) > MOST_PIXELS:
                return f"is larger than {MOST_PIXELS} pixels"
            if getattr(picture, "is_animated", False):
                return "moves"
            picture.load()
    except (OSError, SyntaxError, ValueError):
        return "is damaged"
    return ""


def _towards(end: str, color: str, against: str) -> str:
    steps = 100
    for step in range(steps + 1):
        mixed = "#" + "".join(f"{round(int(color[n:n + 2], 16) + (int(end[n:n + 2], 16) - int(color[n:n + 2], 16)) * step / steps):02x}" for n in (1, 3, 5))
        if contrast(mixed, against) >= LEAST:
            return mixed
    raise ValueError(f"no shade of {color} has a contrast of {LEAST:g} against {against}")
