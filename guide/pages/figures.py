"""Pictures as inline SVG, each with a title and a description that says the same in words."""

from __future__ import annotations

from functools import cache
from html import escape

import segno

ROW, STEP = 20, 12


def people(title: str, described: str, in_100: int, key: str) -> str:
    """One hundred people as dots, `in_100` of them filled. `key` is an id that no other picture of the page has.

    A filled dot is solid, another one is a ring, so the picture reads in grey and on a fax. A row of dots is a line
    of dashes without length and with round ends: a fiftieth of the bytes of twenty circles.
    """
    def rows(kind: str, stroke: str, before: int) -> str:
        """The dots after the first `before`."""
        lines = "".join(f"M{max(before - n, 0) * STEP + STEP // 2} {n // ROW * STEP + STEP // 2}H{ROW * STEP - STEP // 2 + 1}"
                        for n in range(0, 100, ROW) if before < n + ROW)
        return f'<path class="{kind}" {stroke} stroke-linecap="round" stroke-dasharray="0 {STEP}" d="{lines}"/>' if lines else ""

    drawn = rows("all", 'stroke="#000" stroke-width="9"', 0) + rows("rest", 'stroke="#fff" stroke-width="7"', in_100)
    return _svg("people", key, title, described, ROW * STEP, 100 // ROW * STEP, drawn)


def timeline(steps: list[tuple[str, str, int]], title: str, described: str, key: str) -> str:
    """The day as a bar: steps of (name, length in words, minutes), drawn with a width that follows the minutes."""
    least, width, height = 60, 640, 84
    total = sum(minutes for *_, minutes in steps)
    spare = width - least * len(steps)
    x, bars, numbers, names = 0.0, "", "", ""
    for n, (name, _, minutes) in enumerate(steps):
        wide = least + spare * minutes / total
        middle = f'x="{x + wide / 2 - 2:.0f}"'
        bars += f'<rect x="{x:.0f}" y="4" width="{wide - 4:.0f}" height="46" rx="4"/>'
        numbers += f'<text {middle} y="34">{n + 1}</text>'
        names += f'<text {middle} y="72" class="small">{escape(name)}</text>'
        x += wide
    drawn = (f'<g fill="#fff" stroke="#000" stroke-width="2">{bars}</g><g font-family="Source Sans 3" text-anchor="middle">'
             f'<g font-size="20" font-weight="700">{numbers}</g><g font-size="16">{names}</g></g>')
    return _svg("timeline", f"day-{key}", title, described, width, height, drawn)


@cache
def qr(address: str, title: str) -> str:
    """A QR code that opens `address`, black on white with its quiet zone."""
    code = segno.make(address, error="m", micro=False)
    width, height = code.symbol_size(scale=1, border=4)
    rows = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(code.matrix_iter(border=4)) for x, dark in enumerate(row) if dark)
    return _svg("qr", "qr", title, f"Opens {address}", width, height,
                f'<path fill="#fff" d="M0 0h{width}v{height}H0z"/><path fill="#000" d="{rows}"/>')


def _svg(kind: str, key: str, title: str, described: str, width: float, height: float, inside: str) -> str:
    return (f'<svg class="{kind}" role="img" aria-labelledby="{key}-title {key}-desc" viewBox="0 0 {width:g} {height:g}" '
            f'xmlns="http://www.w3.org/2000/svg"><title id="{key}-title">{escape(title)}</title>'
            f'<desc id="{key}-desc">{escape(described)}</desc>{inside}</svg>')
