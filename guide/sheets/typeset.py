"""HTML to PDF/UA with WeasyPrint, and the repairs that version 70.0 still needs to be read aloud in order.

Each repair names what WeasyPrint leaves undone. They use its inside, so requirements.in pins the version, and
tests/test_sheets.py fails when one is no longer needed or no longer works.
"""

from __future__ import annotations

import contextlib
import gc
import io
from functools import cache
from typing import Any

import pydyf
from weasyprint import CSS, HTML, Document
from weasyprint.formatting_structure import boxes
from weasyprint.pdf import stream, tags
from weasyprint.text.fonts import FontConfiguration

from guide.environment import OVERRIDES

FIGURE_SPACE = "\u2007"  # as wide as a digit
LOOK = OVERRIDES / "print"


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


def write(document: Document) -> bytes:
    """The PDF/UA-1 file; the same bytes for the same pages."""
    _leave_running_lines_untagged(document)
    out = io.BytesIO()
    document.write_pdf(out, pdf_variant="pdf/ua-1", pdf_tags=True, finisher=_finish)
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


def _build_box_tree(box: Any, parent: pydyf.Dictionary, pdf: pydyf.PDF, page: int, owners: dict[int, bytes], *more: Any):
    """The tags of a box. `owners`: {number of a piece of text on its page: reference of its tag}."""
    if isinstance(box, boxes.MarginBox):
        return
    for tag in _box_tree_by_weasyprint(box, parent, pdf, page, owners, *more):
        if tag["S"] == "/LI":
            _wrap_list_item(tag, pdf, owners)
        else:
            _hold_text(tag, _pieces(tag["K"], pdf), owners)
        yield tag


def _show_text(self: stream.Stream, text: str) -> None:
    """Letters that need no kerning stand together, without a 0 between them."""
    _show_by_pydyf(self, text.replace(">0<", ""))


def _set_text_matrix(self: stream.Stream, *values: float) -> None:
    """A hundredth of a pixel is near enough for a line of text."""
    _matrix_by_pydyf(self, *(round(value, 2) for value in values))


def _data(self: pydyf.Stream) -> bytes:
    """The table of objects is written as differences from row to row (ISO 32000-1, 7.4.4.4), which is a tenth of its size."""
    if self.extra.get("Type") == "/XRef":
        width, table = sum(self.extra["W"]), self.stream[0]
        above = bytes(width) + table
        rows = (bytes((now - then) % 256 for now, then in zip(table[at:at + width], above[at:], strict=False)) for at in range(0, len(table), width))
        self.extra["DecodeParms"] = pydyf.Dictionary({"Predictor": 12, "Columns": width})
        self.stream = [b"\x02" + b"\x02".join(rows)]
    return _data_by_pydyf.fget(self)


def _pieces(kids: list[Any], pdf: pydyf.PDF) -> list[int] | None:
    """The numbers of the pieces of text in `kids` if they are the newest tags and all Spans; these tags go. Else None."""
    first = len(pdf.objects) - len(kids)
    spans = pdf.objects[first:]
    if [span.reference for span in spans] != kids or any(span.get("S") != "/Span" or not all(isinstance(piece, int) for piece in span["K"]) for span in spans):
        return None
    del pdf.objects[first:]
    return [piece for span in spans for piece in span["K"]]


def _hold_text(tag: pydyf.Dictionary, pieces: list[int] | None, owners: dict[int, bytes]) -> None:
    """A tag holds its lines of text itself: with a Span for each line, as WeasyPrint has it, half of all tags would be Spans."""
    if pieces is not None:
        tag["K"] = pydyf.Array(pieces)
        owners.update(dict.fromkeys(pieces, tag.reference))


def _wrap_list_item(item: pydyf.Dictionary, pdf: pydyf.PDF, owners: dict[int, bytes]) -> None:
    """What stands in a list item beside its bullet belongs in an LBody (ISO 32000-1, 14.8.4.3.3)."""
    tags = {kid: pdf.objects[int(kid.split()[0])] for kid in item["K"]}
    loose = [kid for kid, tag in tags.items() if tag["S"] not in ("/Lbl", "/LBody")]
    if not loose:
        return
    pieces = _pieces(loose, pdf)
    body = pydyf.Dictionary({"Type": "/StructElem", "S": "/LBody", "P": item.reference, "Pg": item["Pg"], "K": pydyf.Array(loose)})
    pdf.add_object(body)
    for kid in loose:
        tags[kid]["P"] = body.reference
    _hold_text(body, pieces, owners)
    item["K"] = pydyf.Array([kid for kid in tags if kid not in loose] + [body.reference])


_marked_by_weasyprint, stream.Stream.marked = stream.Stream.marked, _marked
_data_by_pydyf, pydyf.Stream.data = pydyf.Stream.data, property(_data)
_show_by_pydyf, stream.Stream.show_text = stream.Stream.show_text, _show_text
_matrix_by_pydyf, stream.Stream.set_text_matrix = stream.Stream.set_text_matrix, _set_text_matrix
_box_tree_by_weasyprint, tags._build_box_tree = tags._build_box_tree, _build_box_tree


def _finish(document: Document, pdf: pydyf.PDF) -> None:
    _label_pages(document, pdf)
    for page in document.pages:
        for box in page._page_box.descendants():
            if box.element is not None:
                _speak_link_text(box)
                _scope_header_cell(box)
    for obj in pdf.objects:
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
