"""The clinic's colour and logo: always readable, never run, named for people who do not see them."""

import re
import zlib

import page as pdf_rules
import pymupdf
import pytest
import tinycss2
from conftest import CLINICS, ROOT
from hypothesis import example, given
from hypothesis import settings as trying
from hypothesis import strategies as st

from guide.clinic import file, picture


def chunk(kind, data):
    return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)


def drawn(attributes):
    return f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}><path d="M0 0h9v9z"/></svg>'.encode()


PIXEL = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082")
LOGOS = {
    "a picture": ("logo.png", PIXEL, ""),
    "half a picture": ("logo.png", PIXEL[:44], "is damaged"),
    "a picture that says to be immense": ("logo.png", PIXEL[:16] + b"\0\0\x75\x30" * 2 + PIXEL[24:], "is damaged"),
    "a picture that is immense": ("logo.png", PIXEL[:8] + chunk(b"IHDR", b"\0\0\x75\x30" * 2 + b"\x08\6\0\0\0") + PIXEL[33:], "is larger than 4000 pixels"),
    "a picture that moves": ("logo.png", PIXEL[:33] + chunk(b"acTL", b"\0\0\0\2" + bytes(4)) + PIXEL[33:], "moves"),
    "a drawing": ("logo.svg", b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>', ""),
    "a drawing that says its size": ("logo.svg", drawn('width="3.5cm" height=".5e2" viewBox="0,0 9  1e1"'), ""),
    "a drawing without a size": ("logo.svg", drawn('width="100%" height="auto"'), ""),
    "a drawing whose size is words": ("logo.svg", drawn('viewBox="a b c d"'), "has a size that cannot be read"),
    "a drawing whose size is half a size": ("logo.svg", drawn('viewBox="0 0 9"'), "has a size that cannot be read"),
    "a drawing whose size is a sum": ("logo.svg", drawn('width="calc(1px + 2px)"'), "has a size that cannot be read"),
    "a drawing that moves": ("logo.svg", drawn('viewBox="0 0 9 9"').replace(b"<path", b"<style>@-webkit-keyframes a {}</style><path"), "carries script, links or other pictures"),
    "a drawing in other bytes": ("logo.svg", "<svg xmlns='http://www.w3.org/2000/svg'><!--\u733c\u6776--><script/></svg>".encode("utf-16"), "is not an SVG picture"),
    "half a drawing": ("logo.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0', "is damaged"),
    "a drawing that no browser shows as a picture": ("logo.svg", b'<svg><path d="M0 0h9v9z"/></svg>', "is not an SVG picture"),
    "a drawing inside of something": ("logo.svg", b'<g xmlns="http://www.w3.org/2000/svg"><svg/></g>', "is not an SVG picture"),
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


@pytest.mark.parametrize("what", LOGOS)
def test_a_logo_that_cannot_be_drawn_is_told(tmp_path, what):
    """A damaged picture is a problem of clinic.yml, not an empty box on the site or a failing sheet."""
    name, data, message = LOGOS[what]
    (tmp_path / "clinic").mkdir()
    (tmp_path / "clinic" / name).write_bytes(data)
    (tmp_path / "clinic.yml").write_text((CLINICS / "minimal.yml").read_text("utf-8") + f"\nlook: {{logo: clinic/{name}}}\n", "utf-8")
    problems = file.read(tmp_path / "clinic.yml")[1]
    assert [(problem.key, message in problem.message) for problem in problems] == ([("look.logo", True)] if message else []), problems


def test_a_clinic_without_a_color_has_the_guides():
    """Nothing is added to the style sheet."""
    assert picture.style(None) == ""


def test_the_logo_is_an_image_with_the_clinics_name(own_site):
    """Every page shows it through <img>, named; its drawing is not part of any page, so nothing in it can run."""
    for path in own_site.site.rglob("*.html"):
        html = path.read_text("utf-8")
        assert re.search(r'<img src="[^"]*assets/logo.svg" alt="Thornfield Square Ketamine Service">', html), path
        assert "Logo of a made-up clinic" not in html
    assert (own_site.site / "assets" / "logo.svg").read_bytes() == (own_site.folder / "clinic" / "logo.svg").read_bytes()


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
