"""Page HTML to printed sheets: tagged PDFs with WeasyPrint, each fitted to its pages by the size of its type.

Knows nothing of MkDocs. A sheet that cannot fit at its smallest type stops the build; nothing is cut off.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from guide import __version__, environment
from guide.clinic import file
from guide.clinic.model import Clinic
from guide.pages import figures
from guide.sheets import from_html

LOOK = environment.OVERRIDES / "print"
PANGO = """\
The sheets need Pango, which is not on this machine. Install it, then build again:
  Debian, Ubuntu:  sudo apt-get install -y libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
  macOS:           brew install pango
  Windows (MSYS2): pacman -S mingw-w64-ucrt-x86_64-pango
To build the site without sheets, set NO_SHEETS=1."""


@dataclass(frozen=True)
class Sheet:
    """One kind of sheet. `pages` is exact, None for any number; type goes from `largest` down to `smallest` points."""

    name: str
    title: str
    use: str
    page: str
    pages: int | None
    largest: float
    smallest: float
    each_location: bool = False
    template: str = "sheet.html"


SHEETS = (
    Sheet("handout", "Your ketamine visit", "For you: before, on the day, and after. Print both sides of one sheet.",
          "print/handout.md", 2, 14, 12, each_location=True),
    Sheet("companion", "For the adult who takes them home", "For the adult who comes with you: what to do that evening, and when to call.",
          "print/companion.md", 1, 14, 12),
    Sheet("handout-large", "Your ketamine visit, in large print", "The same as the handout, in large letters.", "print/handout.md", None, 18, 18),
    Sheet("companion-large", "For the adult who takes them home, in large print", "The same as the companion sheet, in large letters.",
          "print/companion.md", None, 18, 18),
    Sheet("guide", "Your guide to ketamine therapy", "Every page of this guide in one file, with a list of contents.", "", None, 12, 12,
          template="guide.html"),
)
PAGES = tuple(dict.fromkeys(sheet.page for sheet in SHEETS if sheet.page))
"""Pages of the site that are there to be printed: search leaves them out, and they have no page foot."""


@dataclass(frozen=True)
class Book:
    """The pages to print from: HTML by source name, such as print/handout.md, and (part, sources in it) in reading order."""

    html: dict[str, str]
    parts: list[tuple[str, list[str]]]
    address: str


class DoesNotFit(ValueError):
    """A sheet has too much text for its pages, even at its smallest type, or too little at its largest."""


class NoPango(OSError):
    """The library that draws text is not installed."""


def _wanted() -> list[Sheet]:
    return [sheet for sheet in SHEETS if sheet.page or environment.whole_guide_wanted()]


def names(clinic: Clinic) -> list[str]:
    """The names of the PDFs that a clinic gets, without .pdf."""
    return [name for name, _ in lengths(clinic)]


def lengths(clinic: Clinic) -> list[tuple[str, int | None]]:
    """(name of the PDF, how many pages it must have, None for any number) of every sheet of a clinic."""
    return [(name, sheet.pages) for sheet in _wanted() for name, _ in _editions(sheet, clinic)]


def offered(edition: Edition) -> list[dict[str, str]]:
    """What the Print page shows of each PDF: file name, kind, title, use, and the location's name if it has its own."""
    places = {place.slug: place.name or "" for place in edition.clinic.locations}
    return [{"name": name, "kind": sheet.name, "title": sheet.title, "use": sheet.use, "place": places.get(slug, "") if slug else ""}
            for sheet in _wanted() for name, slug in _editions(sheet, edition.clinic)] if environment.sheets_wanted() else []


def make(book: Book, clinic: Clinic, view: dict[str, Any], sample: bool, overdue: bool) -> Iterator[tuple[str, int, bytes]]:
    """(name, number of pages, PDF) of every sheet. Raises DoesNotFit, NoPango."""
    try:
        from guide.sheets import typeset as pdf
    except OSError:
        raise NoPango(PANGO) from None
    templates = Environment(loader=FileSystemLoader(LOOK), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    shared = {**view, "paper": clinic.pack.paper, "site_url": book.address, "sample": sample, "overdue": overdue, "version": __version__,
              "stamp": environment.stamp().strftime("%Y-%m-%dT%H:%M:%SZ"), "logo": (environment.ROOT / clinic.look.logo).as_uri() if clinic.look.logo else "",
              "qr": figures.qr(book.address, "This guide on the web") if book.address else ""}
    for sheet in _wanted():
        size = None
        for name, slug in _editions(sheet, clinic):
            here = next(place for place in view["locations"] if not slug or place["slug"] == slug)
            text = {"body": from_html.page(book.html[sheet.page], sheet.page, book.address, slug, here["phone"] if sheet.each_location else None)} if sheet.page else \
                {"parts": from_html.whole(book.html, book.parts)}
            html = templates.get_template(sheet.template).render(shared, **text, sheet=sheet, here=here)
            with pdf.without_collecting():
                document, size = _fitted(pdf, sheet, name, html, clinic, size)
                written = pdf.write(document)
            yield name, len(document.pages), written


def _editions(sheet: Sheet, clinic: Clinic) -> list[tuple[str, str]]:
    """[(name of the PDF, location's slug or empty)]."""
    if not sheet.each_location or len(clinic.locations) == 1:
        return [(sheet.name, "")]
    own = {other.name for other in SHEETS}  # a location may be called Large
    return [(f"{sheet.name}{'--' if f'{sheet.name}-{place.slug}' in own else '-'}{place.slug}", place.slug) for place in clinic.locations]


def _fitted(pdf: Any, sheet: Sheet, name: str, html: str, clinic: Clinic, like: float | None) -> tuple[Any, float]:
    """The pages in the largest type that keeps to the sheet's pages, in steps of a quarter point, and that size.

    `like`: the size of the same sheet for another location; if it fits here, too, the search is saved.
    """
    if like and sheet.pages in (None, len((document := pdf.lay_out(html, like)).pages)):
        return document, like
    low, high, best, pages = int(sheet.smallest * 4), int(sheet.largest * 4), None, 0
    while low <= high:
        step = (low + high + 1) // 2
        document = pdf.lay_out(html, step / 4)
        pages = len(document.pages)
        if sheet.pages in (None, pages):
            best = document, step / 4
        if sheet.pages is None or pages <= sheet.pages:
            low = step + 1
        else:
            high = step - 1
    if best is None and pages < sheet.pages:
        raise DoesNotFit(f"print/{name}.pdf fills only {pages} of its {sheet.pages} pages, even in {sheet.largest:g} point type. "
                         "Say more on it, or give it fewer pages in guide/sheets/make.py.")
    if best is None:
        raise DoesNotFit(f"print/{name}.pdf does not fit on {sheet.pages} page{'s' * (sheet.pages != 1)} in {sheet.smallest:g} point type. "
                         f"{_too_long(unescape(html), clinic)}")
    return best


def _too_long(shown: str, clinic: Clinic) -> str:
    """Which texts of clinic.yml to shorten: the longest that the sheet shows."""
    shown = re.sub(r"\s+", " ", shown).casefold()
    used = [(key, text) for key, text in file.texts(clinic) if len(text) > 12 and text.casefold() in shown]
    longest = sorted(used, key=lambda found: -len(found[1]))[:3]
    return "Shorten in clinic.yml: " + ", ".join(f"{key} ({len(text)} characters)" for key, text in longest) + "."
