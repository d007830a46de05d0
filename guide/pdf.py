"""HTML to PDF/UA with WeasyPrint, and the repairs that version 70.0 still needs to be read aloud in order.

Each repair names what WeasyPrint leaves undone. They use its inside, so requirements.in pins the version, and
tests/test_sheets.py fails when one is no longer needed or no longer works.
"""

from __future__ import annotations

import contextlib
import gc
import io
from functools import cache
from pathlib import Path
from typing import Any

import pydyf
from weasyprint import CSS, HTML, Document
from weasyprint.formatting_structure import boxes
from weasyprint.pdf import stream, tags
from weasyprint.text.fonts import FontConfiguration

FIGURE_SPACE = "\u2007"  # as wide as a digit
LOOK = Path(__file__).parents[1] / "overrides" / "print"


@cache
def _look() -> tuple[CSS, FontConfiguration]:
    fonts = FontConfiguration()
    return CSS(filename=LOOK / "print.css", font_config=fonts), fonts


def lay_out(html: str, points: float) -> Document:
    """The pages of a whole HTML document in type of `points`. An element with data-to="#id" gets the number of that id's page."""
    css, fonts = _look()
    size = CSS(string=f"html {{ font-size: {points}pt }}")
    document = HTML(string=html, base_url=LOOK.as_uri() + "/").render(stylesheets=[css, size], font_config=fonts)
    _put_page_numbers(document)
    return document


@contextlib.contextmanager
def without_collecting():
    """A book's boxes all live until it is written; looking through them for garbage costs a tenth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def write(document: Document, identifier: str) -> bytes:
    """The PDF/UA-1 file; the same bytes for the same pages and identifier."""
    _leave_running_lines_untagged(document)
    out = io.BytesIO()
    document.write_pdf(out, pdf_variant="pdf/ua-1", pdf_tags=True, pdf_identifier=identifier.encode(), finisher=_finish)
    return out.getvalue()


def _put_page_numbers(document: Document) -> None:
    """Write each number into the place kept for it: CSS's own target-counter() lays out the whole book twice, and a bit more."""
    pages: dict[str, str] = {}
    for number, page in enumerate(document.pages, 1):
        for anchor in page.anchors:
            pages.setdefault(anchor, str(number))  # what goes on over several pages is named on each
    for page in document.pages:
        for box in page._page_box.descendants():
            if isinstance(box, boxes.TextBox) and (to := box.element.get("data-to")):
                number = pages[to.removeprefix("#")]
                box.text = box.pango_layout.text = box.text.replace("00", number.rjust(2, FIGURE_SPACE) if box.text == "00" else number)


def _leave_running_lines_untagged(document: Document) -> None:
    """Lines at the head and foot of each page are pagination artifacts (ISO 14289-1, 7.8), not content."""
    for page in document.pages:
        for margin in page._page_box.children:
            if isinstance(margin, boxes.MarginBox):
                for box in margin.descendants():
                    box.running = "/Header" if "@top" in margin.at_keyword else "/Footer"


@contextlib.contextmanager
def _marked(self: stream.Stream, box: Any, tag: Any):
    if self._tags is None or not getattr(box, "running", None):
        with _marked_by_weasyprint(self, box, tag):
            yield
        return
    self.begin_marked_content("Artifact", pydyf.Dictionary({"Type": "/Pagination", "Subtype": box.running}))
    try:
        yield
    finally:
        self.end_marked_content()


def _build_box_tree(box: Any, *more: Any):
    if not isinstance(box, boxes.MarginBox):
        yield from _box_tree_by_weasyprint(box, *more)


_marked_by_weasyprint, stream.Stream.marked = stream.Stream.marked, _marked
_box_tree_by_weasyprint, tags._build_box_tree = tags._build_box_tree, _build_box_tree


def _finish(document: Document, pdf: pydyf.PDF) -> None:
    _label_pages(document, pdf)
    for page in document.pages:
        for box in page._page_box.descendants():
            if box.element is not None:
                _speak_link_text(box)
                _scope_header_cell(box)
    for obj in list(pdf.objects):
        if isinstance(obj, pydyf.Dictionary) and obj.get("S") == "/LI":
            _wrap_list_item(obj, pdf)
        if isinstance(obj, pydyf.Dictionary) and obj.get("S") == "/Figure" and "Alt" not in obj:
            raise ValueError("a picture on a sheet has no description")


def _label_pages(document: Document, pdf: pydyf.PDF) -> None:
    """A reader names the cover Cover, and every other page by the number that is printed on it (ISO 32000-1, 12.4.2)."""
    cover = any(box.element.get("class") == "cover" for box in document.pages[0]._page_box.descendants() if box.element is not None)
    first = [0, pydyf.Dictionary({"P": pydyf.String("Cover")}), 1] if cover else [0]
    pdf.catalog["PageLabels"] = pydyf.Dictionary({"Nums": pydyf.Array([*first, pydyf.Dictionary({"S": "/D", "St": len(first) // 2 + 1})])})


def _speak_link_text(box: Any) -> None:
    """A link is announced by its text, not by its address, and is there in print (7.18.5)."""
    if annotation := getattr(box, "link_annotation", None):
        annotation["Contents"] = pydyf.String(" ".join("".join(box.element.itertext()).split()))
        annotation["F"] = 4


def _scope_header_cell(box: Any) -> None:
    """A header cell says whether it heads its row or its column (7.5)."""
    mark = getattr(box, "mark", None)
    if box.element_tag == "th" and isinstance(mark, pydyf.Dictionary):
        mark["A"]["Scope"] = "/Row" if box.element.get("scope") == "row" else "/Column"


def _wrap_list_item(item: pydyf.Dictionary, pdf: pydyf.PDF) -> None:
    """What stands in a list item beside its bullet belongs in an LBody (ISO 32000-1, 14.8.4.3.3)."""
    kids = [(kid, pdf.objects[int(kid.split()[0])]) for kid in item["K"] if isinstance(kid, bytes)]
    loose = [(kid, child) for kid, child in kids if child.get("S") not in ("/Lbl", "/LBody")]
    if not loose:
        return
    body = pydyf.Dictionary({"Type": "/StructElem", "S": "/LBody", "P": item.reference, "Pg": item["Pg"], "K": pydyf.Array([kid for kid, _ in loose])})
    pdf.add_object(body)
    for _, child in loose:
        child["P"] = body.reference
    item["K"] = pydyf.Array([kid for kid, child in kids if child.get("S") in ("/Lbl", "/LBody")] + [body.reference])
