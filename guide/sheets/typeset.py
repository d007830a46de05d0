"""Data and a template of overrides/print/ to a tagged PDF, by Typst. Needs nothing of the machine, its fonts least of all."""

from __future__ import annotations

import io
import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pikepdf
import typst

from guide.environment import OVERRIDES, stamp

LOOK = OVERRIDES / "print"
DESK = tempfile.TemporaryDirectory()
"""Where the templates lie beside the data of the sheet that is made. As a file and not as an input of the system: only then does Typst keep what it has set, and the sheets of a second place cost a third."""
COMPILER = typst.Compiler(root=DESK.name, font_paths=[str(LOOK)], ignore_system_fonts=True)


class NotSet(ValueError):
    """Typst refused the sheet: a letter that its font does not have, or text that breaks PDF/UA-1."""


def pdf(template: str, data: dict[str, Any]) -> bytes:
    """The template filled with `data`, as PDF/UA-1 (ISO 14289-1). The same data give the same bytes. Raises NotSet."""
    return _compiled(template, data, "pdf", pdf_standards=["ua-1"], timestamp=int(stamp().timestamp()))


def picture(template: str, data: dict[str, Any]) -> bytes:
    """The first page as a small PNG."""
    made = _compiled(template, data, "png", ppi=36)
    return made[0] if isinstance(made, list) else made


def page_count(made: bytes) -> int:
    """How many pages the PDF has."""
    with pikepdf.open(io.BytesIO(made)) as opened:
        return len(opened.pages)


class Part(NamedTuple):
    """A part of a PDF: how deep it lies, from 0, and its first and last page, from 1."""

    level: int
    title: str
    first: int
    last: int


def parts(made: bytes) -> list[Part]:
    """What the bookmarks of the first two levels lead to, in order. A page on which the next part begins below its top belongs to both."""
    with pikepdf.open(io.BytesIO(made)) as opened, opened.open_outline() as outline:
        number, pages = {page.objgen: n for n, page in enumerate(opened.pages, 1)}, len(opened.pages)
        found = [(level, str(item.title), *_begin(item.destination, number)) for top in outline.root for level, item in ((0, top), *((1, child) for child in top.children))]
    begins = [*found, (0, "", pages + 1, True)]
    ends = [next((page - atop for deep, _, page, atop in begins[n + 1:] if deep <= level), pages) for n, (level, *_) in enumerate(found)]
    return [Part(level, title, first, max(first, last)) for (level, title, first, _), last in zip(found, ends, strict=True)]


def _begin(destination: Any, number: Mapping[tuple[int, int], int]) -> tuple[int, bool]:
    """(page, does it begin there at the top of the first column) of a destination [page /XYZ left top zoom]."""
    page, _, left, top, *_ = destination
    _, _, width, height = (float(side) for side in page.MediaBox)
    return number[page.objgen], float(left) < width / 2 and float(top) > height - 80



def packed(made: bytes) -> bytes:
    """The same PDF with its objects in compressed streams: less than half the size. From file to file, which is faster than in memory."""
    loose, dense = Path(DESK.name) / "loose.pdf", Path(DESK.name) / "dense.pdf"
    loose.write_bytes(made)
    with pikepdf.open(loose) as opened:
        opened.save(dense, object_stream_mode=pikepdf.ObjectStreamMode.generate, compress_streams=True, deterministic_id=True)
    return dense.read_bytes()


def _compiled(template: str, data: dict[str, Any], kind: str, **options: Any) -> Any:
    desk = Path(DESK.name)
    for name in ("lib.typ", f"{template}.typ"):
        shutil.copyfile(LOOK / name, desk / name)
    (desk / "data.json").write_text(json.dumps(data, ensure_ascii=False), "utf-8")
    try:
        return COMPILER.compile(str(desk / f"{template}.typ"), format=kind, **options)
    except typst.TypstError as error:
        raise NotSet(str(getattr(error, "message", error))) from None
