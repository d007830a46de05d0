"""Is a built site fit to reach a patient? Reads what was built, so that it holds whatever built it.

Each problem is “file:line: what”, with the file below the site's folder.
"""

from __future__ import annotations

import base64
import hashlib
import html
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import pikepdf

from guide.clinic import file
from guide.clinic.problems import TEMPLATE_TEXT
from guide.edition import Edition
from guide.environment import sheets_wanted
from guide.sheets import catalog, typeset

NO_VALUE = re.compile(r"\bNone\b(?! of\b)|\bUndefined\b|\bnan\b|<[\w.]+ object at")
"""What Python writes for a value that is not there."""
FILLED = {"a", "b", "button", "caption", "dd", "dt", "figcaption", "h1", "h2", "h3", "h4", "label", "li", "summary", "th", "title"}
"""Elements that say nothing if they hold no word."""
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
LOADS = {"src", "srcset", "poster", "data", "action", "formaction", "background"}
"""Attributes that make a browser ask for something by itself."""
DATA_IN_SCRIPT = {"application/json", "application/ld+json"}
NOT_FOR_PATIENTS = ("staff/", *(f"{page.removesuffix('.md')}/" for page in catalog.PAGES), "404.html")
OF_THE_CLINIC = "more/"
"""The clinic's own pages; what stands there is read by guide/clinic/notes.py."""
WORDS_OF_THE_CLINIC = {"from-clinic", "by-clinic", "notice"}


def read(site: Path) -> dict[str, Page]:
    """{file below the site's folder: what it holds} of every page."""
    return {path.relative_to(site).as_posix(): Page(path.read_text("utf-8")) for path in sorted(site.rglob("*.html"))}


def problems(site: Path, edition: Edition, pages: dict[str, Page] | None = None) -> list[str]:
    """Everything that must not be published. `pages`: those of the site, if they have been read before."""
    pages = pages or read(site)
    root = _root(pages)
    numbers = _numbers(dict(edition.said)) | _numbers(edition.rules.__dict__)
    typed = [text for _, text in file.texts(edition.clinic)]
    found = [*([] if pages else ["index.html:1: this page is missing"]), *_template_text(site, typed), *_sheets(site, edition), *_styles(site)]
    for name, page in pages.items():
        for line, what in [*page.faults, *_parts(name, page), *_missing_values(name, page, typed), *_dead_links(site, name, page, pages, root), *_wrong_numbers(name, page, numbers)]:
            found.append(f"{name}:{line}: {what}")
    return found


@dataclass
class _Open:
    """An element that is not closed yet. `heard`: a word stands in it."""

    element: ElementTree.Element
    line: int
    heard: bool = False


class Page(HTMLParser):
    """What one page holds: its elements without their text below `root`, `ids`, `texts` and `links` as (line, …), and `faults` of the page alone."""

    def __init__(self, text: str):
        super().__init__()
        self.ids: set[str] = set()
        self.canonical = ""
        self.policy = ""
        self.texts: list[tuple[int, str]] = []
        self.links: list[tuple[int, str]] = []
        self.calls: list[tuple[int, str]] = []
        self.faults: list[tuple[int, str]] = []
        self._open: list[_Open] = []
        self.root = ElementTree.Element("html")
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line, given = self.getpos()[0], {name: value or "" for name, value in attrs}
        if "id" in given:
            self._id(given["id"], line)
        self._look_at(tag, given, line)
        if tag == "img":
            self._heard(given.get("alt", ""))
        if tag == "html":
            self.root.attrib |= given
            return
        element = ElementTree.SubElement(self._open[-1].element if self._open else self.root, tag, given)
        if tag not in VOID:
            self._open.append(_Open(element, line))

    def handle_endtag(self, tag: str) -> None:
        while any(one.element.tag == tag for one in reversed(self._open)):
            hidden = any("hidden" in one.element.attrib for one in self._open)
            closed = self._open.pop()
            name = closed.element.tag
            silent = hidden or "aria-label" in closed.element.attrib or closed.element.get("class", "").endswith("overlay")  # Material's label over the page takes a tap
            if name in FILLED and not closed.heard and not silent:
                self.faults.append((closed.line, f"an empty <{name}>"))
            if name == tag:
                return

    def handle_data(self, data: str) -> None:
        if not data.strip():
            return
        inside = self._open[-1].element if self._open else self.root
        if inside.tag in ("script", "style"):
            if inside.tag == "script" and inside.get("type") not in DATA_IN_SCRIPT and f"'{policy_hash(data)}'" not in self.policy:
                self.faults.append((self.getpos()[0], "a script in the page itself"))
            return
        self._heard(data)
        if not self._in_words_of_the_clinic():
            self.texts.append((self.getpos()[0], data))

    def _heard(self, text: str) -> None:
        for one in reversed(self._open):
            if one.heard or not text.strip():
                return  # what is around it has been heard, too
            one.heard = True

    def _id(self, name: str, line: int) -> None:
        if name in self.ids:
            self.faults.append((line, f"the id “{name}” stands here for the second time"))
        self.ids.add(name)

    def _look_at(self, tag: str, given: dict[str, str], line: int) -> None:
        if tag in ("iframe", "object", "embed", "base"):
            self.faults.append((line, f"a <{tag}>"))
        if tag == "meta" and given.get("http-equiv") == "Content-Security-Policy":
            self.policy = given.get("content", "")
        if tag == "meta" and given.get("http-equiv", "").lower() == "refresh":
            self.faults.append((line, "a page that goes to another one by itself"))
        rel = given.get("rel", "").split()
        for name, value in given.items():
            if name.startswith("on"):
                self.faults.append((line, f"a script in the attribute {name}"))
            asks = name in LOADS or tag == "link" and name == "href" and not {"canonical", "alternate", "license"} & set(rel)
            if asks and _outside(value):
                self.faults.append((line, f"a request to another server: {value}"))
        if tag == "link" and "canonical" in rel:
            self.canonical = given.get("href", "")
        elif ("href" in given or "src" in given) and not ("icon" in rel and given.get("href", "").startswith("data:image/svg+xml,")):
            self._link(tag, given.get("href", given.get("src", "")), line)

    def _link(self, tag: str, address: str, line: int) -> None:
        address = re.sub(r"[\t\r\n]", "", address).strip()  # as a browser reads it
        scheme, _, rest = address.partition(":")
        if not address or scheme in ("tel", "sms", "mailto") and not rest or scheme.lower() in ("javascript", "vbscript", "file", "http"):
            self.faults.append((line, f"a link to “{address}”"))
        elif scheme in ("tel", "sms"):
            if not self._in_words_of_the_clinic():
                self.calls.append((line, address))
        elif scheme.lower() in ("https", "mailto") and rest:
            return
        elif re.match(r"[a-z][a-z0-9+.-]*:", address, re.IGNORECASE):
            if tag != "a" and scheme == "data":
                return
            self.faults.append((line, f"a link to “{address}”"))
        elif not _outside(address):
            self.links.append((line, address))

    def _in_words_of_the_clinic(self) -> bool:
        return any(WORDS_OF_THE_CLINIC & set(one.element.get("class", "").split()) for one in self._open)


def policy_hash(script: str) -> str:
    """How a content security policy names a script that stands in the page: https://www.w3.org/TR/CSP3/#grammardef-hash-source"""
    return f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}"


def _outside(address: str) -> bool:
    return bool(re.match(r"\s*(?:[a-z][a-z0-9+.-]*:)?//", address, re.IGNORECASE))


def _root(pages: dict[str, Page]) -> str:
    """The path of the site on its server: “/ketamine-guide/”."""
    return unquote(urlsplit(pages["index.html"].canonical).path) or "/" if "index.html" in pages else "/"


def _parts(name: str, page: Page) -> Iterator[tuple[int, str]]:
    """What every page has, and what every page for patients has besides."""
    for tag in ("title", "h1", "main"):
        if page.root.find(f".//{tag}") is None:
            yield 1, f"no <{tag}>"
    if not page.root.get("lang"):
        yield 1, "no language"
    classes = {name for element in page.root.iter() for name in element.get("class", "").split()}
    if "guide-urgent" not in classes:
        yield 1, "no way to urgent help"
    if not name.startswith(NOT_FOR_PATIENTS) and "page-foot" not in classes:
        yield 1, "no word on who checked this page and when"


def _missing_values(name: str, page: Page, typed: list[str]) -> Iterator[tuple[int, str]]:
    for line, text in page.texts if not name.startswith(OF_THE_CLINIC) else ():
        if (hit := NO_VALUE.search(text)) and not any(hit[0] in own for own in typed):
            yield line, f"“{hit[0]}” where a value should stand: …{' '.join(text.split())[:80]}…"


def _dead_links(site: Path, name: str, page: Page, pages: dict[str, Page], root: str) -> Iterator[tuple[int, str]]:
    for line, address in page.links:
        path, _, anchor = address.partition("#")
        path = unquote(path.partition("?")[0])
        below = path.removeprefix(root) if path.startswith("/") else posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) if path else name
        below = "index.html" if below in ("", ".") else below
        target = posixpath.join(below, "index.html") if (site / below).is_dir() else below
        if path.startswith("/") and not path.startswith(root) or target.startswith("../") or not (site / target).is_file():
            yield line, f"a link to a page that is not there: {address}"
        elif anchor and target in pages and unquote(anchor) not in pages[target].ids:
            yield line, f"a link to a place that is not on its page: {address}"


def _numbers(view: object) -> set[str]:
    """Every tel: and sms: address that the clinic's file and its country give."""
    if isinstance(view, str):
        return set(re.findall(r"(?:tel|sms):[^\s\"'<>]+", html.unescape(view)))
    inside = view.values() if isinstance(view, dict) else view if isinstance(view, list | tuple) else ()
    return {number for part in inside for number in _numbers(part)}


def _wrong_numbers(name: str, page: Page, numbers: set[str]) -> Iterator[tuple[int, str]]:
    for line, number in page.calls if not name.startswith(OF_THE_CLINIC) else ():
        if number not in numbers:
            yield line, f"a number that is neither the clinic's nor its country's: {number}"


def _template_text(site: Path, typed: list[str]) -> Iterator[str]:
    """Slots and statements that were never filled in. Text that the clinic typed may hold anything."""
    own = sorted({text for text in typed if TEMPLATE_TEXT.search(text)}, key=len, reverse=True)
    for path in sorted([*site.rglob("*.html"), *site.glob("search/*.json"), *site.glob("*.xml")]):
        text = _decoded(path.read_text("utf-8"))
        for value in own:
            text = re.sub(re.escape(value), "", text, flags=re.IGNORECASE)  # a rule may begin with it, in a capital
        if found := TEMPLATE_TEXT.search(text):
            around = " ".join(text[max(0, found.start() - 20):found.end() + 40].split())
            yield f"{path.relative_to(site).as_posix()}:{text.count(chr(10), 0, found.start()) + 1}: template text would be published: …{around}…"


def _decoded(text: str) -> str:
    """The text as a reader meets it: escapes of JSON, then those of HTML, are undone; its lines stay what they are."""
    text = re.sub(r'\\u([0-9a-f]{4})|\\(["\\])', lambda found: chr(int(found[1], 16)) if found[1] else found[2], text)
    return html.unescape(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))


def _styles(site: Path) -> Iterator[str]:
    for path in sorted(site.rglob("*.css")):
        text = path.read_text("utf-8")
        for hit in re.finditer(r"@import|url\(\s*[\"']?\s*(?:https?:)?//[^)]*", text, re.IGNORECASE):
            yield f"{path.relative_to(site).as_posix()}:{text.count(chr(10), 0, hit.start()) + 1}: a request to another server: {hit[0][:60]}"


def _sheets(site: Path, edition: Edition) -> Iterator[str]:
    """A sheet that is missing, empty or of the wrong length; nothing where the build was told to leave them out."""
    for sheet in catalog.of(edition.clinic.doses) if sheets_wanted() else ():
        path = site / "print" / f"{sheet.name}.pdf"
        try:
            count = typeset.page_count(path.read_bytes())
        except (OSError, pikepdf.PdfError):
            yield f"print/{sheet.name}.pdf:1: this sheet is missing or empty"
            continue
        if not 0 < count <= sheet.pages[1]:
            yield f"print/{sheet.name}.pdf:1: this sheet has {count} pages; at most {sheet.pages[1]} fit"
