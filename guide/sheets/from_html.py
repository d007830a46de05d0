"""Page HTML as paper needs it: no script, boxes to tick, pictures with their words, links that work off the site."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from html import escape, unescape
from urllib.parse import urljoin
from xml.etree import ElementTree

import tinyhtml5

Element = ElementTree.Element


def page(html: str, source: str, address: str, location: str = "", phone: dict[str, str] | None = None) -> str:
    """One page alone, with the details of one location. Links go to the site at `address`, or are plain text without it.

    `phone`: the location's own line, {"tel", "phone"}; it takes the place of the clinic's day line.
    """
    here = urljoin(address, _url(source)) if address else ""

    def link(element: Element, href: str) -> None:
        if here:
            element.set("href", urljoin(here, href))
        else:
            _unlink(element)

    body = _parsed(html, lambda element: location and element.get("data-location") not in (None, location))
    for number in body.iter() if phone else ():
        if number.get("class") == "number day":
            number.text = unescape(phone["phone"])
            if number.tag == "a":
                number.set("href", phone["tel"])
    _for_paper(body, link)
    return _text(body)


def whole(html: dict[str, str], parts: list[tuple[str, list[str]]]) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Pages as one book: [(part, [(id, title, HTML)])]. Headings go one level down; links between pages name the page number."""
    inside = {_url(source).rstrip("/"): _id(source) for _, sources in parts for source in sources}
    return [(part, [_chapter(html[source], source, inside) for source in sources]) for part, sources in parts]


def _chapter(html: str, source: str, inside: dict[str, str]) -> tuple[str, str, str]:
    name, url = _id(source), _url(source)

    def link(element: Element, href: str) -> None:
        path, _, anchor = href.partition("#")
        target = posixpath.normpath(posixpath.join(url, path)) if path else url.rstrip("/")
        target = "" if target == "." else target
        if target not in inside:
            _unlink(element)
            return
        to = f"#{inside[target]}" + (f"--{anchor}" if anchor else "")
        element.set("href", to)
        number = ElementTree.Element("span")
        number.text, number.tail, element.tail = " (page\u00a0", element.tail, None
        ElementTree.SubElement(number, "span", {"class": "page-number", "data-to": to}).text = "00)"
        element.set("data-number", "")
        numbers.append((element, number))

    numbers: list[tuple[Element, Element]] = []
    body = _parsed(html, lambda element: {"page-foot", "scores"} & set((element.get("class") or "").split()))
    for wide in body.iter("div"):
        if (wide.get("class") or "") == "traffic-light":
            _one_table_a_row(wide.find("table"), wide)
    for words in body.iter("dl"):
        if (words.get("class") or "") == "glossary":
            _run_in(words)
    _for_paper(body, link)
    parents = {child: parent for parent in body.iter() for child in parent}
    for element, number in numbers:
        del element.attrib["data-number"]
        parents[element].insert(list(parents[element]).index(element) + 1, number)
    for element in body.iter():
        if re.fullmatch(r"h[1-5]", element.tag):
            element.tag = f"h{int(element.tag[1]) + 1}"
        if element.get("id"):
            element.set("id", f"{name}--{element.get('id')}")
        if element.get("aria-labelledby"):
            del element.attrib["aria-labelledby"]
    heading = next(element for element in body if element.tag == "h2")
    body.remove(heading)
    return name, escape("".join(heading.itertext())), _text(body)


def _url(source: str) -> str:
    """The address of a page's folder below the site: going-home.md is going-home/."""
    return re.sub(r"(^|/)index\.md$|\.md$", r"\1/" if not source.endswith("index.md") else r"\1", source).removeprefix("/") if source != "index.md" else ""


def _id(source: str) -> str:
    return "page-" + re.sub(r"[^a-z0-9]+", "-", source.removesuffix(".md"))


def _parsed(html: str, unwanted: Callable[[Element], object]) -> Element:
    body = tinyhtml5.parse(f"<!doctype html><body>{html}", namespace_html_elements=False).find("body")
    _drop(body, lambda element: element.tag in ("script", "style") or "on-screen" in (element.get("class") or "").split() or unwanted(element))
    for element in body.iter():
        element.tag = element.tag.rpartition("}")[2]
    return body


def _text(body: Element) -> str:
    return (body.text or "") + "".join(ElementTree.tostring(child, "unicode", method="html") for child in body)


def _drop(parent: Element, unwanted: Callable[[Element], object]) -> None:
    """Take out comments and what is unwanted, but keep the text that follows it."""
    for n in range(len(parent) - 1, -1, -1):
        child = parent[n]
        if isinstance(child.tag, str) and not unwanted(child):
            _drop(child, unwanted)
            continue
        if n:
            parent[n - 1].tail = (parent[n - 1].tail or "") + (child.tail or "")
        else:
            parent.text = (parent.text or "") + (child.tail or "")
        del parent[n]


def _flatten(link: Element) -> None:
    """A link becomes plain text: WeasyPrint would make a link of its own of every element inside."""
    link.text, tail = " ".join("".join(link.itertext()).split()), link.tail
    for child in list(link):
        link.remove(child)
    link.tail = tail


def _one_table_a_row(table: Element, parent: Element) -> None:
    """A wide table with row heads as one narrow table for each row: level beside cell, the row head as caption."""
    made = []
    for row in table.findall("tbody/tr"):
        kept = ElementTree.Element("div", {"class": "kept"})  # a table alone leaves its caption behind at the foot of a page
        narrow = ElementTree.SubElement(kept, "table", {"class": "narrow"})
        ElementTree.SubElement(narrow, "caption").text = "".join(row[0].itertext())
        body = ElementTree.SubElement(narrow, "tbody")
        for cell in row[1:]:
            if cell.find("ul") is not None:
                line = ElementTree.SubElement(body, "tr", {"class": cell.get("class", "")})
                level = cell.find("span")
                ElementTree.SubElement(line, "th", {"scope": "row"}).text = level.text
                cell.remove(level)
                line.append(cell)
        made.append(kept)
    place = list(parent).index(table)
    parent[place:place + 1] = made


def _run_in(words: Element) -> None:
    """Each word and its meaning in one paragraph, which takes half the room of two."""
    entries = []
    for term, means in zip(words.findall("dt"), words.findall("dd"), strict=True):
        entry = ElementTree.Element("p", {"id": term.get("id")})
        term.tag, term.attrib, term.tail = "b", {}, f": {means.text or ''}"
        entry.extend([term, *means])
        entries.append(entry)
    words[:] = entries


def _unlink(element: Element) -> None:
    element.tag = "span"
    element.attrib.pop("href", None)


def _for_paper(body: Element, link: Callable[[Element, str], None]) -> None:
    for element in list(body.iter()):
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
                _speak(element)
            case "a":
                _flatten(element)
                if not re.match(r"[a-z][a-z0-9+.-]*:", element.get("href") or ""):
                    link(element, element.get("href") or "")


def _speak(picture: Element) -> None:
    """A PDF keeps one text for a picture, so its title takes in its description."""
    title, described = picture.find("title"), picture.find("desc")
    if described is not None:
        title.text = f"{title.text}. {described.text}"
        picture.remove(described)
