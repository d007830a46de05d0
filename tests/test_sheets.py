"""The printed sheets: their pages, their words, and what a screen reader meets in them."""

import dataclasses
import io
import re
import subprocess
import sys
from pathlib import Path

import page
import pymupdf
import pytest
import zxingcpp
from conftest import ADDRESS, CLINICS, build
from PIL import Image
from pypdf import PdfReader

from guide import __version__
from guide.clinic import file
from guide.edition import Edition
from guide.sheets import catalog, make, typeset

LETTER, A4 = (612, 792), (595, 842)
NAMES = list(catalog.KINDS)
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


@pytest.mark.parametrize(("name", "pages"), [("handout", 2), ("companion", 2), ("card", 1)])
def test_a_sheet_keeps_to_its_pages(site, name, pages):
    """The handout and the companion's sheet are one leaf with two sides each, the card is one side."""
    assert len(PdfReader(site / "print" / f"{name}.pdf").pages) == pages


@pytest.mark.parametrize(("clinic", "size"), [("sample", LETTER), ("england-infusions", A4)])
def test_paper_follows_the_country(sample, clinic_site, clinic, size):
    """US Letter in the US, A4 in England."""
    site = sample.site if clinic == "sample" else clinic_site(clinic).site
    box = PdfReader(site / "print" / "handout.pdf").pages[0].mediabox
    assert (round(box.width), round(box.height)) == size


SMALL = {
    "handout": ("Name", "Date of birth", "Treatment", "IV drip", "esketamine nasal spray", "Staff tick the line"),
    "handout-large": ("Name", "Date of birth", "Treatment", "IV drip", "esketamine nasal spray"), "companion": (), "companion-large": (), "guide": (),
}
"""All that may be smaller than the text, beside the foot and the guide's running head: what a patient's label is stuck over, and a word to staff."""


@pytest.mark.parametrize("name", SMALL)
def test_type_is_large_enough(sample, name):
    """Text is at least 12 point, 18 in large print; the foot, the running head and the labels named above are at least 10, or 16."""
    path, (text, small) = sample.site / "print" / f"{name}.pdf", (18, 16) if name.endswith("-large") else (12, 10)
    tallest, found = PdfReader(path).pages[0].mediabox.height, set()
    for sheet in pymupdf.open(path):
        for block in sheet.get_text("dict")["blocks"]:
            for line in block.get("lines", ()):
                for span in line["spans"]:
                    at_the_edge = span["bbox"][1] > tallest - (70 if text == 18 else 50) or name == "guide" and span["bbox"][3] < 50
                    assert span["size"] >= small - 0.01, span["text"]
                    if span["size"] < text - 0.01 and not at_the_edge and span["text"].strip():
                        found.add(span["text"].strip())
    assert found <= set(SMALL[name]), found - set(SMALL[name])


@pytest.mark.parametrize("name", ["handout", "companion", "handout-large", "companion-large"])
def test_whom_to_call_is_found_at_once(sample, name):
    """The emergency number, the number at night, the crisis line and the day's number stand in at least 20 point."""
    large = ""
    for sheet in PdfReader(sample.site / "print" / f"{name}.pdf").pages:
        def seen(text, current, matrix, font, size):
            nonlocal large
            large += text if size * abs(current[0] * matrix[0]) >= 19.9 else ""
        sheet.extract_text(visitor_text=seen)
    assert all(number in large.replace("\n", "") for number in ("911", "(760) 555-0143", "988", "(760) 555-0142"))


@pytest.mark.parametrize("name", ["handout", "companion", "handout-large", "companion-large", "guide"])
def test_every_emergency_sign_is_on_paper(sample, name):
    """Each sign for the ambulance stands on each sheet, in the words of the table."""
    told = Edition.of(file.SAMPLE).plain.of("emergency")
    said = words(sample.site / "print" / f"{name}.pdf")
    assert [sign.id for sign in told if (sign.you if name == "guide" else sign.short) not in said] == []


@pytest.mark.parametrize("name", ["handout", "companion", "handout-large", "companion-large", "guide"])
def test_emergency_signs_stand_in_their_groups(sample, name):
    """The title of each group is followed by its signs, and the groups come in the order of the table."""
    said = words(sample.site / "print" / f"{name}.pdf")
    for title, signs in Edition.of(file.SAMPLE).plain.emergency():
        begin = said.index(f"{title} • ")
        ends = [said.index(sign.you if name == "guide" else sign.short, begin) for sign in signs]
        assert ends == sorted(ends) and "•" * len(signs) == re.sub("[^•]", "", said[begin:ends[-1]]), title


@pytest.mark.parametrize("name", ["handout", "companion"])
def test_what_counts_as_no_answer_is_on_paper(sample, name):
    """How long to let it ring, how long to wait for a call back and where to turn then stand below the numbers."""
    assert " ".join(Edition.of(file.SAMPLE).plain.no_answer) in words(sample.site / "print" / f"{name}.pdf")


@pytest.mark.parametrize("name", ["handout", "companion", "handout-large", "companion-large"])
def test_where_to_go_at_once_has_a_head_of_its_own(sample, name):
    """The signs that are seen in person follow the words that say where to go, in bold type, and none of them stands in the list of calls."""
    told = Edition.of(file.SAMPLE).plain
    said, head = words(sample.site / "print" / f"{name}.pdf"), told.tiers["now"].be_seen[0]
    rest = said[said.index(head):]
    assert all(rest.index(told.signs[key].short) < 450 and said.count(told.signs[key].short) == 1 for key in ("n39", "n25", "n38", "n11", "n12"))
    bold = {span["text"].strip() for sheet in pymupdf.open(sample.site / "print" / f"{name}.pdf") for block in sheet.get_text("dict")["blocks"] for line in block.get("lines", ()) for span in line["spans"] if "Bold" in span["font"]}
    assert head in bold


@pytest.mark.parametrize("name", ["handout", "companion"])
def test_nothing_touches_the_foot(site, name):
    """The last line of each side stands at least a line above its foot."""
    for sheet in pymupdf.open(site / "print" / f"{name}.pdf"):
        lines = [(span["origin"][1], span["size"]) for block in sheet.get_text("dict")["blocks"] for line in block.get("lines", ()) for span in line["spans"] if span["text"].strip()]
        foot = min(baseline for baseline, size in lines if size < 10.5 and baseline > sheet.rect.height - 45)
        text = max(baseline for baseline, size in lines if size > 10.5)
        assert foot - text > 12, sheet.number


def test_one_side_of_the_companions_sheet_is_enough_in_the_night(site):
    """All signs for the ambulance, the numbers, what to do without an answer and what to call for stand on the first side; the second begins with first aid."""
    first, second = (" ".join(side.extract_text().split()) for side in PdfReader(site / "print" / "companion.pdf").pages)
    assert all(title in first for title in ("Breathing and waking", "Child, baby, pregnancy", "Thoughts of suicide", "No answer?", "Call us now, day or night, for", "Say on the phone", "First aid: page 2."))
    assert second.startswith("First aid until help comes") and "When to look at them" in second


@pytest.mark.parametrize("name", NAMES)
def test_every_side_says_which_and_from_when_it_is(sample, name):
    """Each page has its number, the version and the day on which it was made; only the cover of the guide has no number."""
    for n, sheet in enumerate(PdfReader(sample.site / "print" / f"{name}.pdf").pages, 1):
        said = " ".join(sheet.extract_text().split())
        assert "SAMPLE CLINIC, DO NOT CALL" in said
        if name != "guide":
            assert f"Version {__version__}" in said and "Made November 22, 2026" in said
        if name not in ("card", "guide"):
            assert f"Page {n} of" in said


@pytest.mark.parametrize("name", ["handout", "guide"])
def test_the_code_opens_the_site(sample, name):
    """The QR code on the first side decodes to the site's address."""
    sheet = pymupdf.open(sample.site / "print" / f"{name}.pdf")[0]
    picture = sheet.get_pixmap(dpi=300, colorspace="gray")
    found = zxingcpp.read_barcodes(Image.frombytes("L", (picture.width, picture.height), picture.samples))
    assert [code.text for code in found] == [ADDRESS]


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


@pytest.mark.usefixtures("the_day")
@pytest.mark.parametrize("path", sorted(CLINICS.glob("*.yml")), ids=lambda path: path.stem)
def test_no_sheet_takes_the_name_of_another(path):
    """Whatever the places of a clinic are called, each sheet has a file of its own."""
    names = [sheet.name for sheet in catalog.of(Edition.of(path).clinic.doses)]
    assert len(names) == len(set(names))


@pytest.fixture
def edition(the_day):
    """A function that gives the edition of a good clinic, as of the day of the tests."""
    return lambda name="": Edition.of(CLINICS / f"{name}.yml" if name else file.SAMPLE)


def handout(edition, **more):
    """(sheet, data) of the handout, with some of the data replaced."""
    sheet = next(sheet for sheet in catalog.of(edition.clinic.doses) if sheet.kind == "handout")
    return sheet, make.common(edition, sheet, ADDRESS) | make.handout(edition) | more


def test_a_sheet_gets_the_largest_type_that_fits(edition):
    """A handout with little on it takes the largest type; with more on it, one size larger would not keep to one leaf."""
    sheet, data = handout(edition(), call_first=[], bring=["ID"], normal=[{"title": "Normal", "weight": 1, "items": ["Tired"]}])
    assert make.fitted(sheet, data)[1:] == (2, {"points": sheet.sizes[0], "moved": []})
    sheet, data = handout(edition())
    _, count, how = make.fitted(sheet, data)
    assert count == 2 and how["moved"] == [] and how["points"] < sheet.sizes[0]
    larger = sheet.sizes[sheet.sizes.index(how["points"]) - 1]
    assert typeset.page_count(typeset.pdf("handout", data | {"points": larger})) > 2


def test_a_full_sheet_moves_its_parts_in_order_to_a_second_leaf(edition):
    """First the hours go there, then what to bring, unless that makes no room; both sides say so, nothing is lost, and what does not fit there stops the build."""
    sheet, data = handout(edition(), bring=[f"thing {n} to bring" for n in range(24)])
    made, count, how = make.fitted(sheet, data)
    assert count == 3 and how["moved"] in (["hours"], ["hours", "bring"])
    said = [" ".join(side.extract_text().split()) for side in PdfReader(io.BytesIO(made)).pages]
    assert "This part is on the second sheet." in said[0] and "8:30 AM to 5:00 PM" in said[2]
    assert all(f"thing {n} to bring" in " ".join(said) for n in range(24))
    sheet, data = handout(edition(), normal=[{"title": "Normal", "weight": 1, "items": ["Tired or foggy"] * 90}])
    assert make.fitted(sheet, data)[1:] == (3, {"points": sheet.sizes[-1], "moved": ["normal"]}), "what stands on the other side stays there"
    sheet, data = handout(edition(), bring=["something long to bring along"] * 600)
    with pytest.raises(make.DoesNotFit, match="print/handout.pdf has .* pages even in 12 point type"):
        make.fitted(sheet, data)


def test_every_key_at_its_longest_fits(edition, monkeypatch):
    """A clinic that fills every key has whole sheets for each place; its handout takes a second leaf and holds all that was typed."""
    monkeypatch.setenv("NO_GUIDE_PDF", "1")
    longest = edition("longest")
    place = longest.clinic.locations[0]
    for made in make.sheets(dataclasses.replace(longest, clinic=longest.clinic.model_copy(update={"locations": [place]})), {}, [], ADDRESS):
        assert made.pages <= made.sheet.pages[1], made.sheet.name
        if made.sheet.kind == "handout":
            said = "".join("".join(side.extract_text().split()) for side in PdfReader(io.BytesIO(made.pdf)).pages)
            typed = [place.entrance, place.parking, *place.address.street_lines, *longest.clinic.visit.bring, longest.clinic.visit.stop_signal]
            assert made.pages == 3 and [text for text in typed if "".join(text.split()) not in said] == []


WORD, LINE, URL, CELL = "Rindfleisch" * 12, "an indented line, " * 12, f"https://x.example/{'a-long-path/' * 16}", "w" * 40
WIDE = {"word": f"<p>{WORD}</p>", "indented": f"<pre><code>{LINE}</code></pre>", "address": f"<p><a href='{URL}'>{URL}</a></p>",
        "14 columns": f"<table><thead><tr>{'<th>Head</th>' * 14}</tr></thead><tbody><tr>{'<td>cell</td>' * 14}</tr></tbody></table>",
        "4 columns": f"<table><thead><tr>{'<th>Head</th>' * 4}</tr></thead><tbody><tr>{f'<td>{CELL}</td>' * 4}</tr></tbody></table>"}


@pytest.mark.parametrize("what", [*WIDE, "name"])
def test_nothing_runs_off_the_paper(edition, what):
    """A long word, an indented line, an address, a wide table or a name without a space breaks inside the margins, and all of it is there."""
    of_the_sample = edition()
    if what == "name":
        of_the_sample = dataclasses.replace(of_the_sample, clinic=of_the_sample.clinic.model_copy(update={"name": "W" * 80}))
    page = f"<article><h1>Rooms</h1>{WIDE.get(what, '')}</article>"
    for made in make.sheets(of_the_sample, {"more/rooms.md": page}, [("Home", []), ("Own", ["more/rooms.md"])], ADDRESS):
        document = pymupdf.open(stream=made.pdf)
        spans = [(span, sheet.rect) for sheet in document for block in sheet.get_text("dict")["blocks"] for line in block.get("lines", ()) for span in line["spans"] if span["text"].strip()]
        assert [(made.sheet.name, span["text"]) for span, paper in spans if span["bbox"][0] < 20 or span["bbox"][2] > paper.width - 20] == []
        said = re.sub(r"[\s\u200b]", "", "".join(span["text"] for span, _ in spans))
        typed = {"word": WORD, "indented": LINE.replace(" ", ""), "address": URL, "14 columns": ("Head:cell," * 14)[:-1], "4 columns": CELL, "name": "W" * 80}[what]
        assert typed in said or what != "name" and made.sheet.kind != "guide"


def test_a_letter_that_the_font_lacks_stops_the_build(edition):
    """No empty box is printed where a letter should stand, whoever let it through."""
    of_the_sample = edition()
    sheet = catalog.of(of_the_sample.clinic.doses)[0]
    with pytest.raises(typeset.NotSet, match="診"):
        typeset.pdf("handout", make.common(of_the_sample, sheet, "") | make.handout(of_the_sample) | {"clinic": "診療所", "visit_of": "診療所"})


def test_sheets_are_small_files(site):
    """A sheet is at most 60 kB, the whole guide at most 46 pages and 400 kB."""
    for name in NAMES:
        assert (site / "print" / f"{name}.pdf").stat().st_size <= (400_000 if name == "guide" else 60_000), name
    assert len(PdfReader(site / "print" / "guide.pdf").pages) <= 46


def test_no_page_of_the_guide_is_half_empty(site):
    """On each page of the whole guide text stands in the lower half, but on the inside of the cover and where a part ends."""
    document = pymupdf.open(site / "print" / "guide.pdf")
    ends = {page - 1 for _, _, page in document.get_toc() if _} | {len(document)}
    low = [max((block[3] for block in sheet.get_text("blocks") if block[3] < sheet.rect.height - 50), default=0) / sheet.rect.height for sheet in document]
    assert [n for n, depth in enumerate(low, 1) if depth < 0.5 and n > 3 and n not in ends] == []


def test_the_print_page_says_which_pages_to_print(sample):
    """Each part of the whole guide, and the chapter for the one who stays, is named with the pages that hold it and no other."""
    listed = (sample.site / "print" / "index.html").read_text("utf-8")
    told = {title: (int(first), int(last)) for title, first, last in re.findall(r"<li>([^<:]+): pages (\d+) to (\d+)</li>", listed)}
    assert list(told) == ["Deciding", "Your visit", "Taking someone home", "After", "Help and more"]
    reader = PdfReader(sample.site / "print" / "guide.pdf")
    said = [" ".join(sheet.extract_text().split()) for sheet in reader.pages]
    for title, begins, ends in (("Deciding", "Is ketamine right for me?", "Costs and your rights"), ("Your visit", "Getting ready for your visit", "How to help"),
                                ("Taking someone home", "Very hard to wake, or breathing badly?", "How to help"), ("After", "You can rest now.", "Ketamine at home"), ("Help and more", "You are not alone", "No answer there")):
        first, last = told[title]
        assert begins in said[first - 1], title
        assert any(ends in page for page in said[first - 1:last]), title
    assert told["Help and more"][1] == len(reader.pages)


def test_the_guide_has_contents_with_page_numbers_and_bookmarks(sample):
    """The whole guide has a bookmark for each patient page, and its contents give the page on which it begins."""
    reader = PdfReader(sample.site / "print" / "guide.pdf")
    titles = {}

    def walk(items):
        for item in items:
            if isinstance(item, list):
                walk(item)
            else:
                titles.setdefault(item.title, reader.get_destination_page_number(item) + 1)
    walk(reader.outline)
    contents = " ".join(reader.pages[2].extract_text().split())
    assert len(titles) > 20
    for title in ("Urgent help", "Going home", "Side effects and risks"):
        assert re.search(rf"{title} ?[. ]*{titles[title]}\b", contents), title


def test_each_page_number_in_the_guide_is_right(sample):
    """Every “(page N)” stands in a link that leads to page N."""
    document = pymupdf.open(sample.site / "print" / "guide.pdf")
    seen = 0
    for sheet in document:
        for link in sheet.get_links():
            said = re.findall(r"\(page (\d+)\)", " ".join(sheet.get_textbox(pymupdf.Rect(link["from"]) + (-1, -1, 1, 1)).split()))
            if said and link["kind"] in (pymupdf.LINK_GOTO, pymupdf.LINK_NAMED):
                seen += 1
                assert str(link["page"] + 1) in said, sheet.number
    assert seen > 30


def test_no_other_font_is_used(sample):
    """Every glyph comes from the font that the project ships."""
    for name in NAMES:
        fonts = {font["/BaseFont"].split("+")[-1] for sheet in PdfReader(sample.site / "print" / f"{name}.pdf").pages
                 for font in (entry.get_object() for entry in sheet["/Resources"]["/Font"].values())}
        assert all("Source" in font for font in fonts), fonts


def test_sheets_can_be_left_out(project):
    """NO_SHEETS=1 builds the site without PDFs and without links to them."""
    built = build(project, sheets=False)
    assert built.code == 0, built.output
    assert not list(built.site.rglob("*.pdf"))
    assert ".pdf\"" not in (built.site / "print" / "index.html").read_text("utf-8")
