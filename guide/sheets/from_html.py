"""Finished pages to what the whole guide is set from: nodes of {"t": kind, "c": children}, in the order of the menu."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree

import tinyhtml5

Element = ElementTree.Element
Node = dict[str, Any]
FURNITURE = {"page-foot", "scores", "headerlink", "on-screen", "minutes", "chips", "back", "emergency-line", "guide-path", "sheet-list", "md-content__button"}
"""What belongs to a screen, or stands once on the inside of the cover."""
EMERGENCY = "emergency-signs"
"""The list that stands on the inside of the cover instead of in a page, and its anchor in both."""
TIERS = ("emergency", "crisis", "now", "open", "normal", "staff")
WIDEST = 6
"""Columns that a table may have on paper; a wider one becomes a list."""
HEIGHTS = {"people": 14}
"""How tall a picture stands, in mm; any other is a line drawing."""


def article(html: str) -> Element:
    """The element that holds the text of a built page."""
    begin, end = html.find("<article"), html.rfind("</article>")
    root = tinyhtml5.parse(html[begin:end] if begin >= 0 else html, namespace_html_elements=False)  # a page's menu is longer than its text
    for element in root.iter():
        if isinstance(element.tag, str):
            element.tag = element.tag.rpartition("}")[2]
    return next(root.iter("article"))


def chapters(pages: Mapping[str, str], parts: list[tuple[str, list[str]]]) -> tuple[list[Node], set[str]]:
    """([{"title": part, "chapters": [node]}], every anchor that a link may name). `pages`: built HTML by source, such as going-home.md."""
    anchors = {EMERGENCY}
    inside = {_url(source).rstrip("/"): page_anchor(source) for _, sources in parts for source in sources if source in pages}
    made = [{"title": title, "chapters": [_without_way_on(_node(article(pages[source]), source, inside, anchors)) for source in sources if source in pages]} for title, sources in parts]
    return [part for part in made if part["chapters"]], anchors


def _without_way_on(chapter: Node) -> Node:
    """The chapter without a last section of nothing but links: in a book the next page is the next page."""
    told = [node for node in chapter["c"] if isinstance(node, dict)]
    if len(told) > 2 and told[-2]["t"] == "h2" and told[-1]["t"] == "ul" and all(next(iter(_told(item)), {}).get("t") == "a" for item in told[-1]["c"]):
        chapter["c"] = [node for node in chapter["c"] if node is not told[-1] and node is not told[-2]]
    return chapter


def _told(node: Node) -> list[Node]:
    """The nodes in a node, without white space."""
    return [kid if isinstance(kid, dict) else {"t": "text"} for kid in node["c"] if kid != " "]


def _node(element: Element, page: str, inside: Mapping[str, str], anchors: set[str]) -> Any:
    tag = element.tag
    classes = set((element.get("class") or "").split())
    if not isinstance(tag, str) or tag in ("script", "style", "button", "nav") or classes & FURNITURE or element.get("hidden") is not None:
        return None
    if tag == "a" and "call" in classes and not classes & {"poison"}:
        return None
    if tag == "div" and {"admonition", "emergency"} <= classes:
        return None
    if tag == "svg":
        return None if "timeline" in classes else _drawing(element)  # its words are too small in a column, and stand in the list below it
    if "emergency-first" in classes:
        return {"t": "numbers"}  # once above all the signs, not at each of them
    if "sign-card" in classes:
        return _row(element, page, inside, anchors)
    if "doors" in classes:  # each has a picture to tap; on paper its words do
        for door in element.iter("a"):
            for drawn in door.findall("figure"):
                door.text = (door.text or "") + (drawn.tail or "")
                door.remove(drawn)
    if tag == "input":
        return {"t": "tick"} if element.get("type") == "checkbox" else None
    if tag == "span" and "write" in classes:
        return {"t": "write"}
    if tag == "table":
        return _table(element, page, inside, anchors)
    kids = _children(element, page, inside, anchors)
    if tag in ("h1", "h2", "h3", "h4"):
        anchor = page_anchor(page) + (f"-{element.get('id')}" if tag != "h1" and element.get("id") else "")
        if anchor in anchors:
            return {"t": tag, "c": kids}
        anchors.add(anchor)
        return {"t": tag, "id": anchor, "c": kids}
    if tag == "a":
        return {"t": "a", "href": _target(element.get("href") or "", page, inside), "c": kids}
    if tag in ("ul", "ol"):
        return {"t": tag, "c": [kid for kid in kids if isinstance(kid, dict)]}
    if tag == "div" and "admonition" in classes:
        return {"t": "card", "tier": next((tier for tier in TIERS if tier in classes), "normal"), "c": kids}
    if tag == "summary" or tag == "dt":
        return {"t": "p", "c": [{"t": "b", "c": kids}]}
    return {"t": {"strong": "b", "b": "b", "p": "p", "br": "br", "figcaption": "p", "dd": "p"}.get(tag, "div"), "c": kids}


def _children(element: Element, page: str, inside: Mapping[str, str], anchors: set[str]) -> list[Any]:
    found: list[Any] = [_text(element.text)] if _text(element.text) else []
    for child in element:
        node = _node(child, page, inside, anchors)
        found += [part for part in (node, _text(child.tail)) if part]
    return found


def _text(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "")


def _drawing(element: Element) -> Node:
    kind = (element.get("class") or "").split()
    told = " ".join("".join(part.itertext()) for part in element if part.tag in ("title", "desc")).strip()
    element.attrib = {name: value for name, value in element.attrib.items() if not name.startswith("{") and name != "xmlns"}
    element.set("xmlns", "http://www.w3.org/2000/svg")
    tail, element.tail = element.tail, None
    drawn = ElementTree.tostring(element, "unicode").replace("currentColor", "#000").replace("currentcolor", "#000")
    element.tail = tail
    return {"t": "svg", "svg": drawn, "alt": told or "–", "height": next((HEIGHTS[name] for name in kind if name in HEIGHTS), 15)}


def _table(element: Element, page: str, inside: Mapping[str, str], anchors: set[str]) -> Node:
    rows = [[_children(cell, page, inside, anchors) for cell in row] for row in element.iter("tr")]
    headed = element.find("thead") is not None
    if not headed:  # pairs, such as days and hours: on paper a list
        return {"t": "ul", "c": [{"t": "li", "c": [{"t": "b", "c": row[0]}, ": ", *(part for cell in row[1:] for part in cell)]} for row in rows]}
    width = max(len(row) for row in rows)
    if width > WIDEST:
        return {"t": "ul", "c": [{"t": "li", "c": [part for n, cell in enumerate(row) for part in ([", "] if n else []) + [{"t": "b", "c": rows[0][n] if n < len(rows[0]) else []}, ": ", *cell]]} for row in rows[1:]]}
    rows = [row + [[]] * (width - len(row)) for row in rows]
    caption = element.find("caption")
    return {"t": "table", "cols": width, "head": rows[0], "rows": rows[1:],
            "caption": _text("".join(caption.itertext())) if caption is not None else ""}


def _row(card: Element, page: str, inside: Mapping[str, str], anchors: set[str]) -> Node:
    """Signs of one complaint with the same way on: a word at the left, the signs beside it. What holds for all that is normal stands with the numbers."""
    word = card.find("p[@class='tier-word']")
    kids = [node for child in card if child is not word and not (child.tag == "p" and "normal" in (card.get("class") or "").split()) and (node := _node(child, page, inside, anchors))]
    return {"t": "row", "word": _text(word.text if word is not None else "").strip(), "c": kids}


def _target(href: str, page: str, inside: Mapping[str, str]) -> str:
    """The anchor of a link into the book as #…; any other address as it is."""
    if re.match(r"[a-z][a-z0-9+.-]*:", href):
        return href
    path, _, anchor = href.partition("#")
    if anchor == EMERGENCY:
        return f"#{anchor}"
    url = _url(page)
    target = posixpath.normpath(posixpath.join(url, path)) if path else url.rstrip("/")
    target = "" if target == "." else target
    return f"#{inside[target]}" + (f"-{anchor}" if anchor else "") if target in inside else ""


def _url(source: str) -> str:
    """The address of a page's folder below the site: going-home.md is going-home/, index.md is empty."""
    return "" if source == "index.md" else re.sub(r"index\.md$", "", source) if source.endswith("/index.md") else source.removesuffix(".md") + "/"


def page_anchor(source: str) -> str:
    """The anchor of a page's title in the book."""
    return "page-" + re.sub(r"[^a-z0-9]+", "-", source.removesuffix(".md"))
