"""Markdown that somebody outside the project wrote: words, lists, tables and links, and nothing that acts or loads."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from itertools import accumulate
from xml.etree import ElementTree

import tinyhtml5
from markdown import Markdown
from markdown.extensions.toc import slugify, unique

from guide.clinic.problems import TEMPLATE_TEXT, quoted
from guide.escape import plain

NOT_WORDS = ("html_block", "html", "image_link", "image_reference", "short_image_ref")
"""What Python-Markdown would pass on as HTML or load as a picture; without these it is text as typed."""
SLOTS = "The guide's own slots work only on its own pages. Write the words themselves."
OURS = "own-"
"""Stands before the id of each of the clinic's headings, so that none is taken for a place of the guide."""
MOST_OPEN = 50
"""Brackets that may be open at once: Python-Markdown looks for the end of each in all the text that follows."""
PICTURE = re.compile(r"!\[[^\]\n]*\][(\[]")

Fault = tuple[int, int, str, str]
"""(line, column, what is wrong, what to do)."""


class Prose:
    """One text. `faults` says what is wrong with it; `link` gives the address of a link, or raises ValueError(what, remedy).

    `anchors`: the name of each heading, as a link gives it behind #. `read`: whether there is more to be said of the text than `faults`.
    """

    def __init__(self, text: str, link: Callable[[str], str]):
        self.text, self.faults, self.read = text, list(_refused(text)), True
        try:
            self._body = _parsed(text)
            self._look_through(link)
        except RecursionError:
            self._body, self.read = [], False
            self.faults.append((1, 1, "is nested too deeply", "Use fewer levels of lists and quotes, and close each bracket."))
        taken: set[str] = set()
        self.anchors = {element: unique(slugify(_words(element), "-"), taken) for element in self._body if re.fullmatch("h[1-6]", element.tag)}

    def take_title(self) -> str:
        """The first line, if it is a heading of the first level; it is no longer part of the text then."""
        first = next(iter(self._body), None)
        if first is None or first.tag != "h1":
            return ""
        self._body.remove(first)
        return _words(first)

    def markdown(self, above: int) -> str:
        """Safe Markdown for MkDocs. Headings begin below level `above` and skip none; all else is HTML, fully escaped."""
        parts, level, waiting = [], above, ""
        for element in [*self._body, None]:
            heading = element is not None and re.fullmatch("h([1-6])", element.tag)
            if waiting and (heading or element is None):
                parts.append(f'<div class="prose">{waiting}</div>')
                waiting = ""
            if heading:
                level = min(max(int(heading[1]), above + 1), level + 1)
                parts.append(f"{'#' * level} {plain(_words(element))} {{ #{OURS}{self.anchors[element]} }}")
            elif element is not None:
                waiting += ElementTree.tostring(element, "unicode", method="html").strip().replace("{", "&#123;")
        return "\n\n".join(parts)

    def _look_through(self, link: Callable[[str], str]) -> None:
        shown = " ".join(_words(element) for element in self._body)
        if not self.faults and TEMPLATE_TEXT.search(shown):
            self.faults.append((*self._place("{"), "template text does not work here", SLOTS))
        for element in [element for top in self._body for element in top.iter("a")]:
            typed = element.get("href") or ""
            if not _words(element):
                self.faults.append((*self._place(typed), "a link has no words", "Write them into its square brackets: [getting ready](prepare.md)."))
            try:
                element.attrib = {"href": link(typed)}
            except ValueError as problem:
                self.faults.append((*self._place(typed), *problem.args))
            if typed.startswith("https:"):
                element.set("rel", "noreferrer")

    def _place(self, part: str) -> tuple[int, int]:
        """Line and column where `part` stands first; of the beginning, if it was written in another way."""
        before, found, _ = self.text.partition(part.removeprefix("mailto:"))
        return (before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1) if found else (1, 1)


def _refused(text: str) -> list[Fault]:
    faults = []
    for n, line in enumerate(text.split("\n"), 1):
        if hit := TEMPLATE_TEXT.search(line) or TEMPLATE_TEXT.search(unescape(line)):
            faults.append((n, hit.start() + 1, f"template text such as {quoted(hit[0])} does not work here", SLOTS))
        if hit := PICTURE.search(line):
            faults.append((n, hit.start() + 1, "pictures are not shown here", "Say it in words, or link to the page that has the picture."))
    return faults


def _parsed(text: str) -> ElementTree.Element:
    if max(accumulate(text, lambda depth, letter: max(0, depth + (letter == "[") - (letter == "]")), initial=0)) > MOST_OPEN:
        raise RecursionError
    md = Markdown(extensions=["tables"])
    for part in NOT_WORDS:
        for patterns in (md.preprocessors, md.inlinePatterns):
            if part in patterns:
                patterns.deregister(part)
    body = tinyhtml5.parse(f"<!doctype html><body>{md.convert(text)}", namespace_html_elements=False).find("body")
    for above in list(body.iter()):
        for element in list(above):
            if element.tag == "th" and not _words(element):
                element.tag = "td"  # the corner of a table heads nothing
            elif re.fullmatch("li|h[1-6]", element.tag) and not _words(element):
                above.remove(element)
            elif re.fullmatch("h[1-6]", element.tag) and above is not body:
                element.tag = "strong"  # in a list or a quote it would be a heading of the page itself
    return body


def _words(element: ElementTree.Element) -> str:
    return " ".join("".join(element.itertext()).split())
