"""Material's options: which of them hold here, which are refused, and why. Nothing that mkdocs.yml says of the theme is silently ignored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

STORES: str = "it stores something in the reader's browser. This guide stores nothing. Take it out."
ASKS: str = "a reader's address would go to another host. Take it out."
FEATURES: dict[str, str] = {
    **dict.fromkeys(("navigation.tabs", "navigation.tabs.sticky", "navigation.sections", "navigation.path", "navigation.footer", "navigation.indexes", "navigation.expand",
                     "navigation.prune", "toc.integrate", "search.suggest"), ""),
    "announce.dismiss": STORES, "content.tabs.link": STORES, "navigation.instant": STORES, "navigation.instant.prefetch": STORES, "navigation.instant.progress": STORES,
    "navigation.instant.preview": STORES,
    **dict.fromkeys(("navigation.top", "toc.follow", "content.tooltips"), "it waits for the theme's script, which comes with the search alone. Take it out."),
    "search.highlight": "the page of a hit would load the whole search again to mark a word. The list of hits marks it. Take it out.",
    "search.share": "what somebody types here belongs to nobody else, and an address is kept in the browser's history. Take it out.",
    "header.autohide": "urgent help would be hidden while one scrolls. Take it out.",
    "navigation.tracking": "each part that is read would be kept in the browser's history. Take it out.",
    "content.action.edit": "a patient cannot edit a page. Write down what is wrong with it in an issue. Take it out.",
    "content.action.view": "a patient has no use for the text of a page. Take it out.",
    "content.code.copy": "no page for patients has code. Take it out.",
    "content.code.annotate": "no page for patients has code. Take it out.",
    "content.code.select": "no page for patients has code. Take it out.",
    "content.footnote.tooltips": "pages have no footnotes; what they rest on stands at their foot. Take it out.",
}
"""Each feature of Material, with why it is refused; empty where it holds."""
OPTIONS: dict[str, str] = {
    **dict.fromkeys(("name", "custom_dir", "static_templates", "locale", "language", "direction", "icon", "favicon", "logo", "features", "font", "palette", "code_wrap", "static"), ""),
    "include_search_page": "", "search_index_only": "",
    "analytics": ASKS,
}
"""Each option of `theme:`."""
EXTRA: dict[str, str] = {"analytics": ASKS, "consent": STORES, "version": "the site has one edition. Take it out.", "tags": "", "social": "", "homepage": "", "generator": "", "alternate": "",
         "annotate": "no page for patients has code. Take it out.", "status": "", "polyfills": ASKS, "scope": STORES}
"""Material's own keys of `extra:`; others are the project's."""
COLORS = {  # Material's names, as its own palette has them: https://squidfunk.github.io/mkdocs-material/setup/changing-the-colors/
    "red": "#ef5552", "pink": "#e92063", "purple": "#ab47bd", "deep-purple": "#7e56c2", "indigo": "#4051b5", "blue": "#2094f3", "light-blue": "#02a6f2", "cyan": "#00bdd6",
    "teal": "#009485", "green": "#4cae4f", "light-green": "#8bc34b", "lime": "#cbdc38", "yellow": "#ffec3d", "amber": "#ffc105", "orange": "#ffa724", "deep-orange": "#ff6e42",
    "brown": "#795649", "grey": "#757575", "blue-grey": "#546d78", "black": "#000000", "white": "#ffffff",
}


UNKNOWN: str = "nobody has looked yet at what it does here. Take it out, or write it into the table of guide/pages/theme.py."


class ThemeProblem(str):
    """What mkdocs.yml asks of the theme and cannot have, as a sentence that says what to do."""


def problems(theme: Mapping[str, Any], config: Mapping[str, Any]) -> list[ThemeProblem]:
    """All that is refused, in the order of the file's keys."""
    found = [ThemeProblem(f"theme: {name}: {why}") for name in theme if (why := OPTIONS.get(name, UNKNOWN))]
    found += [ThemeProblem(f"theme: features: {name}: {why}") for name in theme.get("features") or () if (why := FEATURES.get(name, UNKNOWN))]
    found += [ThemeProblem(f"extra: {name}: {why}") for name in config.get("extra") or () if (why := EXTRA.get(name, ""))]
    if theme.get("font") is not False:
        found.append(ThemeProblem("theme: font: a reader's address would go to Google, whose fonts these are. Write: font: false"))
    found += _palette(theme.get("palette"))
    found += [ThemeProblem(f"{key}: {address}: a reader's address would go there. Put the file into docs/en/.")
              for key in ("extra_javascript", "extra_css") for address in map(str, config.get(key) or ()) if "//" in address]
    return found


def colors(theme: Mapping[str, Any]) -> dict[str, str]:
    """The palette's primary and accent color, as "#rrggbb", where it has them."""
    return {name: COLORS[str(value).replace(" ", "-")] for name, value in (theme.get("palette") or {}).items() if name in ("primary", "accent")}


def _palette(palette: Any) -> Iterator[ThemeProblem]:
    if isinstance(palette, list):
        yield ThemeProblem(f"theme: palette: a choice of palettes: {STORES} Dark follows the reader's system by itself. Write one palette.")
        return
    for name, value in (palette or {}).items():
        if name == "toggle":
            yield ThemeProblem(f"theme: palette: toggle: {STORES} Dark follows the reader's system by itself.")
        elif name in ("scheme", "media"):
            yield ThemeProblem(f"theme: palette: {name}: light and dark are the guide's own, for their contrast is measured, and follow the reader's system. Take it out.")
        elif name not in ("primary", "accent"):
            yield ThemeProblem(f"theme: palette: {name}: {UNKNOWN}")
        elif str(value).replace(" ", "-") not in COLORS:
            yield ThemeProblem(f"theme: palette: {name}: there is no color {value!r}. Take one of {', '.join(COLORS)}; any other color goes into clinic.yml, look: color.")
