"""The printed sheets: their pages, their words, and what a screen reader meets in them."""

import shutil
import subprocess
import sys
from pathlib import Path

import page
import pymupdf
import pytest
import zxingcpp
from conftest import ADDRESS, CLINICS, EPOCH, build
from PIL import Image
from pypdf import PdfReader

from guide import __version__
from guide.clinic import file
from guide.sheets import make, typeset

LETTER, A4 = (612, 792), (595, 842)
NAMES = [sheet.name for sheet in make.SHEETS]
SMALL = (f"SAMPLE CLINIC, DO NOT CALL · Version {__version__} · Not checked yet Sample clinic. Not a real place. Do not call. "
         f"No clinician has checked this yet. No patient has tested it yet. On the web: {ADDRESS.removeprefix('https://')} "
         "Orchard Row Ketamine Clinic Call us: When we are closed: (760) 555-0142 (760) 555-0143")
SITES = ["sample", "england-infusions", "germany"]


@pytest.fixture(params=SITES)
def site(request, sample, clinic_site):
    """The sites of the sample clinic, an English and a German one."""
    return sample.site if request.param == "sample" else clinic_site(request.param).site


def words(path):
    """The text of a PDF with single spaces."""
    return " ".join(" ".join(sheet.extract_text() for sheet in PdfReader(path).pages).split())


@pytest.mark.parametrize("name", NAMES)
def test_every_sheet_passes_all_rules_of_pdf_ua(site, name):
    """Each sheet of each clinic passes every PDF/UA-1 rule of page-validation."""
    report = page.validate_pdf(str(site / "print" / f"{name}.pdf"), profile="ua1")
    assert report.is_compliant, report.failures


def test_a_screen_reader_meets_no_error(site):
    """outloud finds no error in any sheet."""
    run = subprocess.run([str(Path(sys.executable).parent / "outloud"), "--fail-on", "error", "--no-info",
                          *(str(site / "print" / f"{name}.pdf") for name in NAMES)], capture_output=True, text=True)
    assert run.returncode == 0, run.stdout


@pytest.mark.parametrize(("name", "pages"), [("handout", 2), ("companion", 1)])
def test_a_sheet_keeps_to_its_pages(site, name, pages):
    """The handout is one sheet with two sides, the companion sheet one side."""
    assert len(PdfReader(site / "print" / f"{name}.pdf").pages) == pages


@pytest.mark.parametrize(("clinic", "size"), [("sample", LETTER), ("england-infusions", A4)])
def test_paper_follows_the_country(sample, clinic_site, clinic, size):
    """US Letter in the US, A4 in England."""
    site = sample.site if clinic == "sample" else clinic_site(clinic).site
    box = PdfReader(site / "print" / "handout.pdf").pages[0].mediabox
    assert (round(box.width), round(box.height)) == size


def test_type_is_large_enough(sample):
    """Text of the sheets is at least 12 point, of the large-print ones 18; only running lines and the notice are smaller."""
    for name in (sheet.name for sheet in make.SHEETS if sheet.page):
        sizes, least = [], 18 if name.endswith("-large") else 12
        for sheet in PdfReader(sample.site / "print" / f"{name}.pdf").pages:
            def seen(text, current, matrix, font, size):
                if len(text.strip()) > 3:
                    sizes.append((round(size * abs(current[0] * matrix[0]), 2), text))
            sheet.extract_text(visitor_text=seen)
        small = [(size, text) for size, text in sizes if size < least - 0.01 and " ".join(text.split()) not in SMALL]
        assert sizes and small == [], small[:4]


def test_both_sides_show_who_to_call(sample):
    """Clinic, day number and number after hours stand on each side of each sheet."""
    for name in NAMES:
        for sheet in PdfReader(sample.site / "print" / f"{name}.pdf").pages:
            text = " ".join(sheet.extract_text().split())
            assert "Orchard Row Ketamine Clinic" in text and "(760) 555-0142" in text and "(760) 555-0143" in text


def test_the_code_opens_the_site(sample):
    """The QR code on each side of the handout decodes to the site's address, which is spelled out once."""
    for sheet in pymupdf.open(sample.site / "print" / "handout.pdf"):
        picture = sheet.get_pixmap(dpi=300, colorspace="gray")
        found = zxingcpp.read_barcodes(Image.frombytes("L", (picture.width, picture.height), picture.samples))
        assert [code.text for code in found] == [ADDRESS]
    assert ADDRESS.removeprefix("https://") in words(sample.site / "print" / "handout.pdf")


def test_letters_come_back_as_typed(clinic_site):
    """A clinic's name with letters of other languages is read from the PDF as it was typed."""
    assert "Zoë & Jürgen Nguyễn-Ōta Clinic, Győr" in words(clinic_site("letters").site / "print" / "handout.pdf")


def test_hostile_text_is_printed_as_typed(clinic_site):
    """HTML, Markdown and template text in a name is only text on paper."""
    assert "A <b>& B | C* d_e_f {{ x }}" in words(clinic_site("hostile-text").site / "print" / "handout.pdf")


def test_each_location_gets_its_handout(clinic_site):
    """Three locations give three handouts, each with its own name and number and none of the others."""
    site = clinic_site("us-three-locations").site
    names = sorted(path.stem for path in (site / "print").glob("handout-*.pdf") if "large" not in path.stem)
    assert len(names) == 3 and not (site / "print" / "handout.pdf").exists()
    texts = {name: words(site / "print" / f"{name}.pdf") for name in names}
    assert len(set(texts.values())) == 3
    lines = ["(503) 555-2368", "(503) 555-2301", "(360) 555-2345"]
    assert [[line for line in lines if line in text] for text in texts.values()] == [[line] for line in lines], "a sheet names one day line"


@pytest.mark.parametrize("path", sorted(CLINICS.glob("*.yml")), ids=lambda path: path.stem)
def test_no_sheet_takes_the_name_of_another(path, monkeypatch):
    """Whatever the places of a clinic are called, each sheet has a file of its own."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)
    names = make.names(file.load(path))
    assert len(names) == len(set(names))


def test_too_much_text_stops_the_build_and_names_it(project):
    """A sheet that cannot fit at its smallest type stops the build and says which text of clinic.yml is too long."""
    sheet = project / "docs" / "en" / "print" / "companion.md"
    sheet.write_text(sheet.read_text("utf-8").replace("## Who to call", "Filler sentence here for length.\n" * 40 + "\n## Who to call"), "utf-8")
    built = build(project)
    assert built.code == 1 and not list((built.folder / "site").glob("print/*.pdf"))
    assert "print/companion.pdf does not fit on 1 page in 12 point type" in built.output
    assert "Shorten in clinic.yml: name (27 characters)" in built.output


@pytest.mark.parametrize(("lines", "told"), [(5, "fills only 1 of its 2 pages, even in 14 point type"), (150, "does not fit on 2 pages in 12 point type"), (60, None), (76, None)])
def test_a_sheet_gets_the_largest_type_that_fills_its_pages(lines, told):
    """Too much text and too little are told apart, for only the one is mended by shortening; else one step larger would not fit."""
    sheet, clinic, html = make.Sheet("x", "X", "", "print/x.md", 2, 14, 12), file.load(file.SAMPLE), "<html lang=en><body>" + "<p>A line.</p>" * lines
    if told:
        with pytest.raises(make.DoesNotFit, match=told):
            make._fitted(typeset, sheet, "x", html, clinic, None)
        return
    document, size = make._fitted(typeset, sheet, "x", html, clinic, None)
    assert len(document.pages) == 2 and (size == 14 or len(typeset.lay_out(html, size + 0.25).pages) == 3)


def test_every_key_at_its_longest_fits_or_is_told(project):
    """A clinic that fills every key either gets whole sheets or is told what to shorten."""
    shutil.copy(CLINICS / "longest.yml", project / "clinic.yml")
    for extra in ("logo.svg", "logo.png"):
        if (CLINICS / "clinic" / extra).exists():
            (project / "clinic").mkdir(exist_ok=True)
            shutil.copy(CLINICS / "clinic" / extra, project / "clinic" / extra)
    built = build(project)
    assert built.code == 0 or "Shorten in clinic.yml" in built.output, built.output


def test_sheets_are_small_files(sample):
    """A sheet is at most 60 kB, the whole guide of some 75 pages at most 400 kB."""
    for name in NAMES:
        assert (sample.site / "print" / f"{name}.pdf").stat().st_size <= (400_000 if name == "guide" else 60_000), name


def test_the_guide_has_contents_with_page_numbers_and_bookmarks(sample):
    """The whole guide has a bookmark for each patient page, its contents give the page on which it begins, and a reader names pages as they are printed."""
    reader = PdfReader(sample.site / "print" / "guide.pdf")
    assert reader.page_labels[:3] == ["Cover", "2", "3"]
    titles = {}

    def walk(items):
        for item in items:
            if isinstance(item, list):
                walk(item)
            else:
                titles[item.title] = reader.get_destination_page_number(item) + 1
    walk(reader.outline)
    contents = " ".join(reader.pages[1].extract_text().split())
    assert len(titles) > 20
    assert f"Urgent help {titles['Urgent help']}" in contents
    assert f"Going home {titles['Going home']}" in contents


def test_no_other_font_is_used(sample):
    """Every glyph comes from the font that the project ships."""
    for name in NAMES:
        fonts = {font["/BaseFont"].split("+")[-1] for sheet in PdfReader(sample.site / "print" / f"{name}.pdf").pages
                 for font in (entry.get_object() for entry in sheet["/Resources"]["/Font"].values())}
        assert all("Source" in font for font in fonts), fonts


def test_a_missing_pango_is_one_plain_message(project):
    """Without Pango the build says how to install it, and shows no traceback."""
    (project / "sitecustomize.py").write_text(
        "import sys\n"
        "class NoPango:\n"
        "    def find_spec(self, name, *rest):\n"
        "        if name == 'weasyprint':\n"
        "            raise OSError('cannot load library libpango-1.0-0')\n"
        "sys.meta_path.insert(0, NoPango())\n", "utf-8")
    built = build(project, PYTHONPATH=str(project))
    assert built.code == 1
    assert "brew install pango" in built.output and "Traceback" not in built.output


def test_sheets_can_be_left_out(project):
    """NO_SHEETS=1 builds the site without PDFs and without links to them."""
    built = build(project, sheets=False)
    assert built.code == 0, built.output
    assert not list(built.site.rglob("*.pdf"))
    assert ".pdf\"" not in (built.site / "print" / "index.html").read_text("utf-8")
