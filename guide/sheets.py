"""Page HTML to printed sheets: tagged PDFs with WeasyPrint, each fitted to its pages by the size of its type.

Knows nothing of MkDocs. A sheet that cannot fit at its smallest type stops the build; nothing is cut off.
"""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin
from xml.etree import ElementTree

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from guide import __version__, figures, settings
from guide.clinic import Clinic

LOOK = Path(__file__).parents[1] / "overrides" / "print"
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
    page: str
    pages: int | None
    largest: float
    smallest: float
    each_location: bool = False


SHEETS = (
    Sheet("handout", "print/handout.md", 2, 14, 12, each_location=True),
    Sheet("companion", "print/companion.md", 1, 14, 12),
)


class DoesNotFit(ValueError):
    """A sheet has too much text for its pages, even at its smallest type."""


class NoPango(OSError):
    """The library that draws text is not installed."""


def names(clinic: Clinic) -> list[str]:
    """The names of the PDFs that a clinic gets, without .pdf."""
    return [name for sheet in SHEETS for name, _ in _editions(sheet, clinic)]


def make(pages: dict[str, str], clinic: Clinic, view: dict[str, Any], site_url: str, sample: bool) -> Iterator[tuple[str, bytes]]:
    """(name, PDF) of every sheet. `pages`: HTML of each page by its source name, such as print/handout.md."""
    try:
        from guide import pdf
    except OSError:
        raise NoPango(PANGO) from None
    templates = Environment(loader=FileSystemLoader(LOOK), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    for sheet in SHEETS:
        for name, slug in _editions(sheet, clinic):
            body = tidy(pages[sheet.page], urljoin(site_url, sheet.page.replace(".md", "/")) if site_url else "", slug)
            html = templates.get_template("sheet.html").render(
                view, body=body, name=sheet.name, paper=clinic.pack.paper, site_url=site_url, sample=sample, version=__version__,
                qr=figures.qr(site_url, "This guide on the web") if site_url else "", stamp=_stamp(),
                here=next(place for place in view["locations"] if not slug or place["slug"] == slug))
            yield name, _fitted(pdf, sheet, name, html, clinic)


def _editions(sheet: Sheet, clinic: Clinic) -> list[tuple[str, str]]:
    """[(name of the PDF, location's slug or empty)]."""
    if not sheet.each_location or len(clinic.locations) == 1:
        return [(sheet.name, "")]
    return [(f"{sheet.name}-{place.slug}", place.slug) for place in clinic.locations]


def _stamp() -> str:
    """The time that the PDF names as its own; the same for the same SOURCE_DATE_EPOCH."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    day = datetime.datetime.fromtimestamp(int(epoch), datetime.UTC) if epoch else datetime.datetime.combine(
        settings.today(), datetime.time(), datetime.UTC)
    return day.strftime("%Y-%m-%dT%H:%M:%SZ")


def _fitted(pdf: Any, sheet: Sheet, name: str, html: str, clinic: Clinic) -> bytes:
    """The PDF in the largest type that keeps to the sheet's pages, in steps of a quarter point."""
    low, high, best = int(sheet.smallest * 4), int(sheet.largest * 4), None
    while low <= high:
        size = (low + high + 1) // 2
        document = pdf.lay_out(html, size / 4)
        if sheet.pages is None or len(document.pages) == sheet.pages:
            best, low = document, size + 1
        else:
            high = size - 1
    if best is None:
        longest = sorted(settings.texts(clinic), key=lambda found: -len(found[1]))[:3]
        raise DoesNotFit(f"print/{name}.pdf does not fit on {sheet.pages} page{'s' * (sheet.pages != 1)} in {sheet.smallest:g} point type.\n"
                         "Shorten the longest texts of clinic.yml: "
                         + ", ".join(f"{key} ({len(text)} characters)" for key, text in longest) + ".")
    return pdf.write(best, f"{name} {__version__} {clinic.name}")


# ---- page HTML for paper ------------------------------------------------------------------------------------------

def tidy(html: str, address: str, location: str = "") -> str:
    """Page HTML as paper needs it: no script, boxes to tick, links that work off the site, one location only."""
    import tinyhtml5

    body = tinyhtml5.parse(f"<!doctype html><body>{html}", namespace_html_elements=False).find("body")
    _drop(body, lambda element: element.tag in ("script", "style") or element.get("aria-hidden") == "true"
          or "headerlink" in (element.get("class") or "").split()
          or (location and element.get("data-location") not in (None, location)))
    for element in body.iter():
        if not isinstance(element.tag, str):
            continue
        element.tag = element.tag.rpartition("}")[2]
        _for_paper(element, address)
    return "".join(ElementTree.tostring(child, "unicode", method="html") for child in body) if len(body) else (body.text or "")


def _drop(parent: ElementTree.Element, unwanted: Any) -> None:
    for n in range(len(parent) - 1, -1, -1):
        child = parent[n]
        if isinstance(child.tag, str) and not unwanted(child):
            _drop(child, unwanted)
            continue
        if child.tail and n:
            parent[n - 1].tail = (parent[n - 1].tail or "") + child.tail
        elif child.tail:
            parent.text = (parent.text or "") + child.tail
        del parent[n]


def _for_paper(element: ElementTree.Element, address: str) -> None:
    match element.tag:
        case "details" | "dl" | "dd":
            element.tag = "div"
        case "summary" | "dt":
            element.tag = "p"
            element.set("class", "term")
        case "label":
            element.tag = "span"
        case "input":
            tail = element.tail
            element.clear()
            element.tag, element.text, element.tail = "span", "☐", tail
            element.set("class", "box")
        case "th":
            element.set("scope", element.get("scope") or "col")
        case "td" if not (element.text or len(element)):
            element.text = "\u00a0"
        case "svg":
            title, described = element.find("{*}title"), element.find("{*}desc")
            if described is not None:
                title.text = f"{title.text}. {described.text}"
                element.remove(described)
        case "a":
            href = element.get("href") or ""
            if not re.match(r"[a-z][a-z0-9+.-]*:", href):
                if address:
                    element.set("href", urljoin(address, href))
                else:
                    element.tag = "span"
                    element.attrib.pop("href", None)
