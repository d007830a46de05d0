"""The clinic's colour and logo: always readable, never run, named for people who do not see them."""

import base64
import io
import re
import time
import zlib

import page as pdf_rules
import pymupdf
import pytest
import tinycss2
import typst
from conftest import CLINICS, ROOT
from hypothesis import example, given
from hypothesis import settings as trying
from hypothesis import strategies as st
from PIL import Image

from guide.clinic import file, picture


def chunk(kind, data):
    return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)


def drawn(attributes):
    return f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}><path d="M0 0h9v9z"/></svg>'.encode()


def pixels(mode, color, kind="PNG", size=(120, 60), **how):
    """A picture of one color as a file."""
    kept = io.BytesIO()
    Image.new(mode, size, color).save(kept, kind, **how)
    return kept.getvalue()


def grey(value):
    """A PNG of one grey with 16 bits, 0 to 65535."""
    row = b"\0" + value.to_bytes(2) * 9
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", (9).to_bytes(4) * 2 + b"\x10\0\0\0\0") + chunk(b"IDAT", zlib.compress(row * 9)) + chunk(b"IEND", b"")


PIXEL = pixels("RGB", (120, 60, 90), size=(9, 9))
SVG = '<svg xmlns="http://www.w3.org/2000/svg" {}><rect width="{}" height="{}" fill="#783c5a"/></svg>'
SHOWN = {
    "a picture": ("logo.png", PIXEL, (120, 60, 90)),
    "a picture with a palette": ("logo.png", pixels("P", 0), (0, 0, 0)),
    "a light grey of 16 bits": ("logo.png", grey(59110), (230, 230, 230)),
    "a dark grey of 16 bits": ("logo.png", grey(7710), (30, 30, 30)),
    "grey with a see-through part": ("logo.png", pixels("LA", (30, 128)), (142, 142, 142)),
    "a photograph": ("logo.jpg", pixels("RGB", (120, 60, 90), "JPEG", quality=95), (120, 60, 90)),
    "a grey photograph": ("logo.jpeg", pixels("L", 90, "JPEG"), (90, 90, 90)),
    "a large picture": ("logo.png", pixels("RGB", (120, 60, 90), size=(5000, 2500)), (120, 60, 90)),
    "a drawing": ("logo.svg", SVG.format('viewBox="0 0 120 60"', 120, 60).encode(), (120, 60, 90)),
    "a drawing that says its size": ("logo.svg", SVG.format('width="3.5cm" height=".5e2" viewBox="0,0 9  1e1"', 9, 10).encode(), (120, 60, 90)),
    "a drawing that fills its place": ("logo.svg", SVG.format('width="100%" height="100%" viewBox="0 0 120 60"', 120, 60).encode(), (120, 60, 90)),
    "a drawing without a box": ("logo.svg", SVG.format('width="120px" height="60"', 120, 60).encode(), (120, 60, 90)),
    "a drawing without a size": ("logo.svg", SVG.format('width="100%" height="auto"', 300, 150).encode(), (120, 60, 90)),
    "a drawing of a drawing program": ("logo.svg", b'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">\n'
                                       b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 60" x="0px" y="0px" style="enable-background:new 0 0 120 60;" xml:space="preserve">'
                                       b'<style type="text/css">.st0{fill:#783c5a;}</style><rect class="st0" width="120" height="60"/></svg>', (120, 60, 90)),
}
"""Logos as people have them, and the color in their middle on white paper."""
REFUSED = {
    "half a picture": ("logo.png", PIXEL[:45], "is damaged"),
    "a picture with a wrong sum": ("logo.png", PIXEL[:-20] + b"\0\0\0\0" + PIXEL[-16:], "is damaged"),
    "a picture that says to be immense": ("logo.png", PIXEL[:16] + b"\0\0\x75\x30" * 2 + PIXEL[24:], "is damaged"),
    "a picture that is immense": ("logo.png", PIXEL[:8] + chunk(b"IHDR", b"\0\0\x75\x30" * 2 + b"\x08\2\0\0\0") + PIXEL[33:], "has more than 40 million pixels"),
    "a picture that moves": ("logo.png", PIXEL[:33] + chunk(b"acTL", b"\0\0\0\2" + bytes(4)) + PIXEL[33:], "moves"),
    "a picture of nothing": ("logo.png", pixels("RGBA", (0, 0, 0, 0)), "shows nothing on white paper"),
    "a white picture": ("logo.png", pixels("RGB", "white"), "shows nothing on white paper"),
    "the colors of a printing press": ("logo.jpg", pixels("CMYK", (0, 99, 99, 0), "JPEG"), "has the colors of a printing press (CMYK)"),
    "another kind of picture": ("logo.png", pixels("P", 0, "GIF"), "is not a PNG picture but a GIF one"),
    "a photograph called a picture": ("logo.png", pixels("RGB", 0, "JPEG"), "is not a PNG picture but a JPEG one"),
    "a drawing called a picture": ("logo.png", SVG.format("", 9, 9).encode(), "is not a PNG picture but an SVG one"),
    "an empty file": ("logo.png", b"", "is not a PNG picture"),
    "a drawing whose size is words": ("logo.svg", drawn('viewBox="a b c d"'), "has a size that cannot be read"),
    "a drawing whose size is half a size": ("logo.svg", drawn('viewBox="0 0 9"'), "has a size that cannot be read"),
    "a drawing whose size is a sum": ("logo.svg", drawn('width="calc(1px + 2px)"'), "has a size that cannot be read"),
    "a drawing of no width": ("logo.svg", drawn('viewBox="0 0 9 9" width="0" height="9"'), "has no width or no height"),
    "a drawing of nothing": ("logo.svg", b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><g opacity="0"><rect width="9" height="9"/></g></svg>', "shows nothing on white paper"),
    "a drawing that moves": ("logo.svg", drawn('viewBox="0 0 9 9"').replace(b"<path", b"<style>@-webkit-keyframes a {}</style><path"), "carries script, links or other pictures"),
    "a drawing that hides what it loads": ("logo.svg", drawn('viewBox="0 0 9 9"').replace(b"<path", rb"<style>@imp\6Frt '//127.0.0.1:9/x.css';</style><path"), "carries script, links or other pictures"),
    "a drawing that hides an address": ("logo.svg", drawn('viewBox="0 0 9 9"').replace(b"<path", rb"<style>.a{mask:\75 rl(//127.0.0.1:9/x.svg#m)}</style><path"), "carries script, links or other pictures"),
    "a drawing with a style of another file": ("logo.svg", b'<?xml-stylesheet href="//127.0.0.1:9/x.css"?>' + drawn('viewBox="0 0 9 9"'), "carries script, links or other pictures"),
    "a drawing in a drawing, 4,000 times": ("logo.svg", b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">' + b"<g>" * 4000 + b'<rect width="9" height="9"/>' + b"</g>" * 4000 + b"</svg>", "cannot be drawn"),
    "a drawing in other bytes": ("logo.svg", "<svg xmlns='http://www.w3.org/2000/svg'><!--\u733c\u6776--><script/></svg>".encode("utf-16"), "is not an SVG picture"),
    "half a drawing": ("logo.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0', "is damaged"),
    "a drawing that no browser shows as a picture": ("logo.svg", b'<svg><path d="M0 0h9v9z"/></svg>', "is not an SVG picture"),
    "a drawing inside of something": ("logo.svg", b'<g xmlns="http://www.w3.org/2000/svg"><svg/></g>', "is not an SVG picture"),
    "a drawing that is too large": ("logo.svg", drawn('viewBox="0 0 9 9"') + b" " * 100_000, "is larger than 100 kB"),
}
COLORS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


def test_contrast_is_that_of_wcag():
    """Figures of WCAG itself: black on white is 21, #767676 on white is the known least for 4.5, #595959 for 7."""
    assert picture.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert picture.contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
    assert picture.contrast("#595959", "#ffffff") == pytest.approx(7.0, abs=0.01)
    assert picture.contrast("#777777", "#777777") == 1


@trying(deadline=None)
@given(COLORS)
@example("#ffff00")
@example("#000000")
@example("#ffffff")
def test_every_color_becomes_readable(color):
    """White on the colour, and the colour's edge on a dark page, reach 7:1; one that does already is not changed."""
    ground, edge = picture.ground(color), picture.edge(color)
    assert picture.contrast(ground, "#ffffff") >= 7 and picture.contrast(edge, picture.DARK) >= 7
    assert ground == color or picture.contrast(color, "#ffffff") < 7
    assert edge == color or picture.contrast(color, picture.DARK) < 7
    assert re.fullmatch("#[0-9a-f]{6}", ground) and re.fullmatch("#[0-9a-f]{6}", edge)


@trying(deadline=None)
@given(COLORS)
def test_a_color_is_darkened_no_more_than_it_must(color):
    """Two steps of a hundred lighter would no longer do."""
    ground = picture.ground(color)
    lighter = "#" + "".join(f"{min(255, round(int(ground[n:n + 2], 16) * 1.02 + 3)):02x}" for n in (1, 3, 5))
    assert ground == color or picture.contrast(lighter, "#ffffff") < 7


def test_the_dark_ground_is_that_of_the_style_sheet():
    """The ground against which edges are measured is the lightest one of the dark style sheet."""
    css = (ROOT / "overrides" / "assets" / "guide.css").read_text("utf-8")
    dark = css[css.index("prefers-color-scheme: dark"):]
    assert re.search(r"--soft: (#\w+)", dark)[1] == picture.DARK
    assert picture.luminance(re.search(r"--paper: (#\w+)", dark)[1]) < picture.luminance(picture.DARK)


def test_the_site_wears_the_color(own_site):
    """The last word of the style sheet on --brand is the clinic's colour, in light and in dark, and no page styles itself."""
    css = (own_site.site / "assets" / "guide.css").read_text("utf-8")
    said = re.findall(r"--brand:\s*(#\w+)", css)
    assert said[-2:] == [picture.ground("#ff8800")] * 2 and picture.edge("#ff8800") in css
    assert not [rule for rule in tinycss2.parse_stylesheet(css) if rule.type == "error"]
    assert "style-src 'self';" in (own_site.site / "index.html").read_text("utf-8")


def with_logo(folder, name, data):
    """(clinic, problems) of a clinic whose logo is that file."""
    (folder / "clinic").mkdir()
    (folder / "clinic" / name).write_bytes(data)
    (folder / "clinic.yml").write_text((CLINICS / "minimal.yml").read_text("utf-8") + f"\nlook: {{logo: clinic/{name}}}\n", "utf-8")
    return file.read(folder / "clinic.yml")


@pytest.mark.parametrize("what", REFUSED)
def test_a_logo_that_cannot_be_shown_is_told_at_once(tmp_path, what):
    """A damaged, empty or active picture is a problem of clinic.yml within five seconds, not an empty box on the site or a failing sheet."""
    name, data, message = REFUSED[what]
    began = time.monotonic()
    _, problems = with_logo(tmp_path, name, data)
    assert [(problem.key, message in problem.message) for problem in problems] == [("look.logo", True)], problems
    assert time.monotonic() - began < 5


def test_a_drawing_that_keeps_the_machine_busy_is_given_up(tmp_path, monkeypatch):
    """What is not drawn in the time that a picture has is refused, however long it would take."""
    monkeypatch.setattr(picture, "DRAW", "import time; time.sleep(60)")
    monkeypatch.setattr(picture, "SECONDS", 0.5)
    _, problems = with_logo(tmp_path, "logo.svg", drawn('viewBox="0 0 9 9" id="slow"'))
    assert ["cannot be drawn, or takes too long" in problem.message for problem in problems] == [True]


@pytest.mark.parametrize("what", SHOWN)
def test_a_logo_shows_right_in_a_browser_and_on_paper(tmp_path, chromium, what):
    """Any PNG, JPEG or SVG that people have is shown in its own color, whole, by the browser and by Typst alike."""
    name, data, color = SHOWN[what]
    clinic, problems = with_logo(tmp_path, name, data)
    assert problems == []
    shown, ending = picture.shown(tmp_path / "clinic" / name), picture.logo_on_site(clinic.look.logo)[-4:]
    (tmp_path / f"shown{ending}").write_bytes(shown)
    (tmp_path / "sheet.typ").write_text(f'#set page(width: auto, height: auto, margin: 0pt)\n#image("shown{ending}", height: 60pt)', "utf-8")
    on_paper = Image.open(io.BytesIO(typst.compile(str(tmp_path / "sheet.typ"), format="png", ppi=72))).convert("RGB")
    page = chromium.new_page(viewport={"width": 300, "height": 60})
    page.set_content(f'<body style="margin:0"><img src="data:image/{"svg+xml" if ending == ".svg" else "png"};base64,{base64.b64encode(shown).decode()}" style="display:block;height:60px">')
    size = page.evaluate("(image => [image.width, image.height])(document.images[0])")
    on_screen = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    page.close()
    assert on_paper.size == tuple(size)
    for seen in (on_paper, on_screen):
        assert seen.getpixel((size[0] // 2, 30)) == pytest.approx(color, abs=3)


@pytest.mark.parametrize("name", ["logo.png", "logo.svg"])
def test_a_logo_wider_than_its_place_is_whole(tmp_path, name):
    """What is wider than five times its height gets room above and below, so that it is neither cut nor wider than the sheet."""
    data = pixels("RGB", (120, 60, 90), size=(2000, 30)) if name.endswith("png") else SVG.format('viewBox="0 0 4000 60"', 4000, 60).encode()
    assert with_logo(tmp_path, name, data)[1] == []
    shown = picture.shown(tmp_path / "clinic" / name)
    assert Image.open(io.BytesIO(shown)).size == (600, 120) if name.endswith("png") else b'viewBox="0 -370 4000 800" width="4000" height="800"' in shown


def test_a_photograph_leaves_its_place_behind(tmp_path):
    """What a camera wrote into a picture is not on the site."""
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    assert with_logo(tmp_path, "logo.jpg", pixels("RGB", (120, 60, 90), "JPEG", exif=exif))[1] == []
    assert b"taken at home" not in picture.shown(tmp_path / "clinic" / "logo.jpg")


def test_a_clinic_without_a_color_has_the_guides():
    """Nothing is added to the style sheet."""
    assert picture.style(None) == ""


def test_the_logo_is_an_image_with_the_clinics_name(own_site):
    """Every page shows it through <img>, named; its drawing is not part of any page, so nothing in it can run."""
    for path in own_site.site.rglob("*.html"):
        html = path.read_text("utf-8")
        assert re.search(r'<img src="[^"]*assets/logo.svg" alt="Thornfield Square Ketamine Service">', html), path
        assert "Logo of a made-up clinic" not in html
    assert (own_site.site / "assets" / "logo.svg").read_bytes() == picture.shown(own_site.folder / "clinic" / "logo.svg")


@pytest.mark.parametrize(("name", "figures"), [("handout", 1), ("companion", 1), ("guide", 1)])
def test_the_logo_is_on_every_sheet_and_pdf_ua_holds(own_site, name, figures):
    """It is drawn on the first side; a picture with the clinic's name."""
    path = own_site.site / "print" / f"{name}.pdf"
    blue = sum(1 for r, g, b in _pixels(pymupdf.open(path)[0]) if b > 60 and b > r + 50)
    assert blue > 200
    named = re.findall(rb"/Alt ?\(Thornfield Square Ketamine Service\)", b"".join(_objects(path)))
    assert len(named) == figures
    report = pdf_rules.validate_pdf(str(path), profile="ua1")
    assert report.is_compliant, report.failures


def _pixels(sheet):
    picture = sheet.get_pixmap(dpi=72)
    return list(zip(*[iter(picture.samples)] * picture.n))


def _objects(path):
    document = pymupdf.open(path)
    return [document.xref_object(n, compressed=True).encode() for n in range(1, document.xref_length())]
