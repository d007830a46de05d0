"""Data and a template of overrides/print/ to a tagged PDF, by Typst. Needs nothing of the machine, its fonts least of all."""

from __future__ import annotations

import io
import json
from functools import cache
from typing import Any

import pikepdf
import typst
from fontTools.ttLib import TTFont

from guide.environment import OVERRIDES, stamp

LOOK = OVERRIDES / "print"
COMPILER = typst.Compiler(str(LOOK / "handout.typ"), root=str(LOOK), font_paths=[str(LOOK)], ignore_system_fonts=True)


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
    with pikepdf.open(io.BytesIO(made)) as opened:
        return len(opened.pages)


def first_pages(made: bytes) -> list[tuple[str, int]]:
    """[(title, page)] of the bookmarks of the first two levels, in order; the first page is 1."""
    with pikepdf.open(io.BytesIO(made)) as opened, opened.open_outline() as outline:
        number = {page.objgen: n for n, page in enumerate(opened.pages, 1)}
        return [(str(item.title), number[pikepdf.Page(item.destination[0]).objgen]) for top in outline.root for item in (top, *top.children)]


def packed(made: bytes) -> bytes:
    """The same PDF with its objects in compressed streams: less than half the size."""
    with pikepdf.open(io.BytesIO(made)) as opened:
        out = io.BytesIO()
        opened.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, compress_streams=True, deterministic_id=True)
    return out.getvalue()


@cache
def letters() -> frozenset[int]:
    """Every character that both cuts of the sheets' font have."""
    return frozenset.intersection(*(frozenset(TTFont(path, lazy=True).getBestCmap()) for path in sorted(LOOK.glob("*.ttf"))))


def missing_letters(text: str) -> set[str]:
    """The characters of `text` that no sheet can print."""
    return {letter for letter in text if not letter.isspace() and ord(letter) not in letters()}


def _compiled(template: str, data: dict[str, Any], kind: str, **options: Any) -> Any:
    try:
        return COMPILER.compile(str(LOOK / f"{template}.typ"), format=kind, sys_inputs={"data": json.dumps(data, ensure_ascii=False)}, **options)
    except typst.TypstError as error:
        raise NotSet(str(getattr(error, "message", error))) from None
