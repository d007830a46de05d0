"""The clinic's colour, made fit to read on, and its logo. Contrast is that of WCAG 2.2: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio"""

from __future__ import annotations

import io
import re
import subprocess
import sys
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

if TYPE_CHECKING:
    from PIL import Image

LEAST = 7.0
"""Contrast of text at level AAA (1.4.6)."""
WHITE = "#ffffff"
MOST_BYTES = {".svg": 100_000, ".png": 5_000_000, ".jpg": 5_000_000, ".jpeg": 5_000_000}
"""What a file may weigh. A drawing is shown as it is; pixels are made small first."""
MOST_PIXELS = 40_000_000
WIDEST = 5
"""Times its height. What is wider is shown with empty space above and below, so that it fits wherever a logo stands."""
LARGEST = (600, 300)
"""Pixels of the picture that is shown; its place is a third of that on a screen, and 12 mm high on paper."""
PHOTO = (1000, 1000)
"""Pixels of a photograph at most."""
PHOTO_BYTES = 100_000
"""What one weighs on the site: three are 300 kB."""
MOST_PHOTO = 20_000_000
"""What one may weigh as it comes from a camera."""
SECONDS = 4
"""For drawing an SVG once. What takes longer would keep a phone busy on every page."""
ACTIVE = re.compile(
    rb"""<\s*([\w-]+:)?(script|foreignobject|iframe|a|image|feimage|use|animate\w*|set|handler)\b"""
    rb"""|[\s/"']on\w+\s*=|javascript:|<!entity|@import|@[\w-]*keyframes|&\#|\\|<\?xml-stylesheet|url\((?!\s*['"]?\#)|href\s*=(?!\s*['"]\#)""", re.IGNORECASE)
"""What an SVG could do besides being shapes and colors; a backslash could hide any of it. Looked for before it is parsed, so that no entity grows."""
NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?"
BOX = re.compile(rf"\s*{NUMBER}(?:[\s,]+{NUMBER}){{3}}\s*", re.IGNORECASE)
LENGTH = re.compile(rf"\s*({NUMBER})\s*(px|pt|pc|in|cm|mm|q|r?em|ex|ch|%)?\s*|auto", re.IGNORECASE)
"""How an SVG says its size; what is written in another way ends the making of the sheets."""
ROOT = re.compile(rb"<(?:[\w-]+:)?svg\b(?:[^>\"']|\"[^\"]*\"|'[^']*')*>")
SIZE = re.compile(rb"""\s(?:width|height|viewBox|x|y|preserveAspectRatio)\s*=\s*(?:"[^"]*"|'[^']*')""")
DRAW = """
import pathlib, sys, tempfile, typst
with tempfile.TemporaryDirectory() as folder:
    at = pathlib.Path(folder)
    (at / "logo.svg").write_bytes(sys.stdin.buffer.read())
    (at / "logo.typ").write_text('#set page(width: auto, height: auto, margin: 0pt, fill: none)\\n#image("logo.svg", width: 150pt)')
    sys.stdout.buffer.write(typst.compile(str(at / "logo.typ"), root=folder, format="png", ppi=72, ignore_system_fonts=True))
"""
"""Draws an SVG in a process of its own, which one that is made to harm can only end or keep busy."""
KNOWN = ((b"\x89PNG\r\n\x1a\n", "PNG"), (b"\xff\xd8\xff", "JPEG"), (b"GIF8", "GIF"), (b"RIFF", "WebP"), (b"BM", "BMP"), (b"%PDF", "PDF"), (b"8BPS", "Photoshop"), (b"II*", "TIFF"), (b"MM\0*", "TIFF"))
KIND = {".svg": "SVG", ".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG"}
FAINTEST = 250
"""The lightest grey, 0 to 255, that is told from white."""
AGAIN = "Save it again as a PNG, JPEG or SVG picture of usual size; another ending to its name is not enough."
DARK = "#22262b"
"""The lightest ground of a dark page: --soft in overrides/assets/guide.css."""


def luminance(color: str) -> float:
    """Relative luminance of "#rrggbb", 0 to 1: L = 0.2126 R + 0.7152 G + 0.0722 B of the linear parts (WCAG 2.2, relative luminance)."""
    parts = [int(color[n:n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """1 to 21: (L1 + 0.05) / (L2 + 0.05), the lighter of the two above (WCAG 2.2, contrast ratio)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def ground(color: str) -> str:
    """The colour, darkened step by step until white text on it has a contrast of at least 7:1."""
    return _towards("#000000", color, WHITE)


def edge(color: str) -> str:
    """The colour, made lighter step by step until it has a contrast of at least 7:1 against a dark page."""
    return _towards(WHITE, color, DARK)


def style(color: str | None, name: str = "--brand", lighter: str = "--brand-edge") -> str:
    """CSS that makes the colour the site's, on screen; nothing if there is none. `name`: where it is the ground of white text, `lighter`: where it is seen against the page."""
    if not color:
        return ""
    on_white, on_dark = ground(color), edge(color)
    return (f"@media screen{{:root{{{name}:{on_white};{lighter}:{on_white}}}}}"
            f"@media screen and (prefers-color-scheme: dark){{:root{{{name}:{on_white};{lighter}:{on_dark}}}}}")


def logo_on_site(logo: str | None) -> str:
    """Where the site keeps the picture clinic/…; nothing if there is none. It is shown as an image, never as part of a page."""
    return f"assets/logo{'.svg' if logo.lower().endswith('.svg') else '.png'}" if logo else ""


def unfit(path: Path, made: Callable[[Path], bytes] | None = None) -> tuple[str, str] | None:
    """Why a picture, .svg, .png or .jpg, is not safe to show or cannot be drawn, and what to do; None if it is fit. `made` makes it: `shown`, or `photo`."""
    try:
        (made or shown)(path)
    except Unfit as problem:
        return problem.args[0], problem.args[1]
    return None


def shown(path: Path) -> bytes:
    """The picture as the site and the sheets show it: an SVG that says its size, or a PNG with 8 bits a color. Raises Unfit."""
    ending = path.suffix.lower()
    if path.stat().st_size > MOST_BYTES[ending]:
        raise Unfit(f"is larger than {MOST_BYTES[ending] // 1000:,} kB", "Save a smaller picture.")
    return _shown(path.read_bytes(), ending)


class Unfit(ValueError):
    """Why a picture is not shown, and what to do."""


@lru_cache(maxsize=8)
def _shown(data: bytes, ending: str) -> bytes:
    kind = _kind(data)
    if kind != KIND[ending]:
        raise Unfit(f"is not {_a(KIND[ending])} picture" + (f" but {_a(kind)} one" if kind else ""),
                    f"Rename it to logo{'.jpg' if kind == 'JPEG' else f'.{kind.lower()}'}." if kind in KIND.values() else AGAIN)
    return _drawing(data) if ending == ".svg" else _pixels(data)


def _kind(data: bytes) -> str:
    known = next((kind for begins, kind in KNOWN if data.startswith(begins)), "")
    return known or ("SVG" if b"\0" not in data and ROOT.search(data) else "")  # UTF-16 hides everything from ACTIVE


def _a(kind: str) -> str:
    return f"{'an' if kind == 'SVG' else 'a'} {kind}"


def _drawing(data: bytes) -> bytes:
    """The SVG with a size and a box of its own, after it has been drawn once."""
    if ACTIVE.search(data):
        raise Unfit("carries script, links or other pictures", "Ask for a plain picture: shapes and colors only.")
    try:
        root = ElementTree.fromstring(data)
    except (ElementTree.ParseError, ValueError, RecursionError):  # ValueError: an encoding that Python does not know
        raise Unfit("is damaged", AGAIN) from None
    if root.tag != "{http://www.w3.org/2000/svg}svg":
        raise Unfit("is not an SVG picture", AGAIN)
    sized = _sized(data, *_box(root))
    drawn = _drawn(sized)
    if not drawn:
        raise Unfit("cannot be drawn, or takes too long", "Ask for a simpler picture: plain shapes, text turned into outlines.")
    from PIL import Image

    with Image.open(io.BytesIO(drawn)) as picture:
        _seen(picture)
    return sized


def _box(root: ElementTree.Element) -> tuple[float, float, float, float]:
    """x, y, width and height of what an SVG shows. Raises Unfit."""
    lengths = [LENGTH.fullmatch(root.get(name, "auto")) for name in ("width", "height")]
    box = root.get("viewBox")
    if not all(lengths) or box is not None and not BOX.fullmatch(box):
        raise Unfit("has a size that cannot be read", AGAIN)
    width, height = (float(found[1]) if found and found[1] and found[2] != "%" else None for found in lengths)
    x, y, across, down = (float(number) for number in re.split(r"[\s,]+", box.strip())) if box else (0.0, 0.0, width or 0.0, height or 0.0)
    if not box and width is None and height is None:
        across, down = 300.0, 150.0  # as a browser takes it
    if min(across, down, *(length for length in (width, height) if length is not None)) <= 0 or max(across, down) > 1e6:
        raise Unfit("has no width or no height", "Ask for the picture with its size: a viewBox that holds all of it.")
    return x, y, across, down


def _sized(data: bytes, x: float, y: float, across: float, down: float) -> bytes:
    """The SVG with that box as its size, higher where it would be too wide for its place."""
    more = max(0.0, across / WIDEST - down)
    box = f' viewBox="{x:g} {y - more / 2:g} {across:g} {down + more:g}" width="{across:g}" height="{down + more:g}"'.encode()
    return ROOT.sub(lambda tag: re.sub(rb"^<(?:[\w-]+:)?svg", lambda begin: begin[0] + box, SIZE.sub(b"", tag[0])), data, count=1)


def _drawn(data: bytes) -> bytes:
    """A small PNG of an SVG; nothing if it cannot be drawn in time."""
    try:
        return subprocess.run([sys.executable, "-c", DRAW], input=data, capture_output=True, timeout=SECONDS, check=True).stdout
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        return b""


def _opened(data: bytes, largest: tuple[int, int]) -> Image.Image:
    """The picture in RGBA and in the colors of screens, the right way up; a JPEG not much larger than it will be shown. Raises Unfit."""
    from PIL import Image, ImageCms, ImageFile, ImageOps  # only a clinic with a picture waits for it

    ImageFile.LOAD_TRUNCATED_IMAGES = False  # another library of the same process may have let half a picture pass
    Image.MAX_IMAGE_PIXELS = None  # MOST_PIXELS is the narrower bound, and is told in words
    try:
        with Image.open(io.BytesIO(data), formats=["PNG", "JPEG"]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Unfit(f"has more than {MOST_PIXELS // 1_000_000} million pixels", "Save a smaller picture.")
            if getattr(picture, "is_animated", False):
                raise Unfit("moves", AGAIN)
            if picture.mode == "CMYK":
                raise Unfit("has the colors of a printing press (CMYK), which screens show wrong", "Ask for the same picture in RGB, the colors of screens.")
            picture.draft("RGB", (largest[0] * 2, largest[1] * 2))
            profile = picture.info.get("icc_profile")
            made = ImageOps.exif_transpose(picture)
            made = made.convert("I").point(lambda value: value / 257).convert("L") if made.mode.startswith("I") else made
            made = made.convert("RGBA")
            if profile and picture.mode in ("RGB", "RGBA"):
                made = _for_screens(made, profile, ImageCms)
    except (OSError, SyntaxError, ValueError) as error:
        if isinstance(error, Unfit):
            raise
        raise Unfit("is damaged", AGAIN) from None
    return made


def _pixels(data: bytes) -> bytes:
    """The picture as a small PNG: 8 bits a color, in the colors of screens, without what a camera wrote into it."""
    from PIL import Image

    made = _opened(data, LARGEST)
    made.thumbnail(LARGEST, Image.Resampling.LANCZOS)
    if made.width > made.height * WIDEST:
        wider = Image.new("RGBA", (made.width, -(-made.width // WIDEST)))
        wider.paste(made, (0, (wider.height - made.height) // 2))
        made = wider
    _seen(made)
    kept = io.BytesIO()
    made.save(kept, "PNG", optimize=True)
    return kept.getvalue()


@lru_cache(maxsize=8)
def _photo(data: bytes, ending: str) -> bytes:
    from PIL import Image

    if (kind := _kind(data)) != KIND[ending]:
        raise Unfit(f"is not {_a(KIND[ending])} picture" + (f" but {_a(kind)} one" if kind else ""), AGAIN)
    made = _opened(data, PHOTO)
    made.thumbnail(PHOTO, Image.Resampling.LANCZOS)
    ground = Image.new("RGB", made.size, WHITE)
    ground.paste(made, mask=made.getchannel("A"))
    for quality in (80, 65, 50, 35, 20):
        kept = io.BytesIO()
        ground.save(kept, "JPEG", quality=quality, optimize=True, progressive=True)  # a new picture: place, time and camera are not in it
        if kept.tell() <= PHOTO_BYTES:
            return kept.getvalue()
    raise Unfit("has too much in it to be made small", "Take a calmer picture: the door and what is beside it.")


def photo(path: Path) -> bytes:
    """A photograph as the site shows it: a JPEG of at most PHOTO_BYTES without anything that the camera wrote into it. Raises Unfit."""
    ending = path.suffix.lower()
    if path.stat().st_size > MOST_PHOTO:
        raise Unfit(f"is larger than {MOST_PHOTO // 1_000_000} MB", "Save a smaller picture.")
    return _photo(path.read_bytes(), ending)


def _for_screens(picture: Image.Image, profile: bytes, cms: Any) -> Image.Image:
    """The picture in sRGB; as it is where its profile cannot be read."""
    try:
        alpha = picture.getchannel("A")
        made = cms.profileToProfile(picture.convert("RGB"), io.BytesIO(profile), cms.createProfile("sRGB")).convert("RGBA")
        made.putalpha(alpha)
        return made
    except (cms.PyCMSError, OSError, ValueError):
        return picture


def _seen(picture: Image.Image) -> None:
    """Raises Unfit if nothing of the picture is seen on white paper."""
    from PIL import Image

    whole = picture.convert("RGBA")
    on_white = Image.alpha_composite(Image.new("RGBA", whole.size, "white"), whole).convert("L")
    if on_white.getextrema()[0] > FAINTEST:
        raise Unfit("shows nothing on white paper", "Ask for the picture in its dark colors.")


def _towards(end: str, color: str, against: str) -> str:
    steps = 100
    for step in range(steps + 1):
        mixed = "#" + "".join(f"{round(int(color[n:n + 2], 16) + (int(end[n:n + 2], 16) - int(color[n:n + 2], 16)) * step / steps):02x}" for n in (1, 3, 5))
        if contrast(mixed, against) >= LEAST:
            return mixed
    raise ValueError(f"no shade of {color} has a contrast of {LEAST:g} against {against}")
