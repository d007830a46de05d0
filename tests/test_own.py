"""The clinic's own notes and pages: they stand where they belong, they are text only, and mistakes are told with their place."""

import json
import os
import posixpath
import re
import shutil
import time
from html import unescape
from urllib.parse import urljoin, urlsplit

import page as pdf_rules
import pytest
import tinyhtml5
import yaml
from conftest import CLINICS, build
from hypothesis import example, given
from hypothesis import settings as trying
from hypothesis import strategies as st
from pypdf import PdfReader

from guide.clinic import file, notes
from guide.clinic.safe_markdown import Prose

OWN = CLINICS.parent / "own"
WRONG = {
    "a note for no page": ("notes/prepear.md", b"Text", 1, 1, "the guide has no page “prepear” that takes a note [Did you mean prepare.md?]"),
    "a note for a page like no other": ("notes/xyzzy.md", b"Text", 1, 1, "[Choose from: about.md, "),
    "a note for a data page": ("notes/README.md", b"Text", 1, 1, "no page “README”"),
    "a note for a sheet": ("notes/print/handout.md", b"Text", 1, 1, "lies in no folder that the guide reads"),
    "a note for the page of numbers": ("notes/urgent-help.md", b"Text", 1, 1, "the guide has no page “urgent-help” that takes a note"),
    "a note beside the folders": ("prepare.md", b"Text", 1, 1, "Put a note for a page into the folder clinic/notes"),
    "a note in a folder with a mistyped name": ("note/prepare.md", b"Text", 1, 1, "lies in no folder that the guide reads"),
    "a file instead of the folder": ("notes", b"Text", 1, 1, "lies in no folder that the guide reads"),
    "a name that ends in txt": ("notes/prepare.md.txt", b"Text", 1, 1, "does not end in .md [Call it prepare.md.]"),
    "not UTF-8": ("notes/prepare.md", b"Text\nZo\xeb", 2, 3, "not saved as UTF-8"),
    "UTF-16": ("notes/prepare.md", "Text".encode("utf-16"), 1, 1, "not saved as UTF-8"),
    "nothing": ("notes/prepare.md", b" \n", 1, 1, "this file is empty"),
    "too long": ("notes/prepare.md", b"word " * 401, 1, 1, "is 2,005 characters long; 2,000 fit"),
    "far too large": ("pages/rooms.md", b"# Rooms\n" + b"word " * 50_000, 1, 1, "far too large"),
    "a character that cannot be seen": ("notes/prepare.md", "Text\n\nab\u200bc".encode(), 3, 3, "cannot be seen"),
    "a slot of the guide": ("notes/prepare.md", b"Call\n{{ phone.day }}", 2, 1, "slots work only on its own pages"),
    "a block of the guide": ("notes/prepare.md", b"{% raw %}", 1, 1, "template text such as “{%” does not work here"),
    "a slot in disguise": ("notes/prepare.md", b"a\n&#123;&#123; x", 2, 1, "template text"),
    "a slot with backslashes": ("notes/prepare.md", rb"a \{\{ x", 1, 4, "template text"),
    "a slot in two parts": ("notes/prepare.md", b"a {**{** x", 1, 3, "template text"),
    "a picture": ("notes/prepare.md", b"![door](door.png)", 1, 1, "pictures are not shown here"),
    "a link without s": ("notes/prepare.md", b"\n[x](http://a.org)", 2, 5, "a link to “http://a.org” is not possible [A link goes to https://"),
    "a link that runs": ("notes/prepare.md", b"[x](javascript:alert(1))", 1, 5, "is not possible"),
    "a link that runs, in other letters": ("notes/prepare.md", b"[x](JaVa&#115;cript:x)", 1, 1, "is not possible"),
    "a link by reference": ("notes/prepare.md", b"[x][y]\n\n[y]: data:text/html,x", 3, 6, "is not possible"),
    "a link to a server of the same kind": ("notes/prepare.md", b"[x](//a.org)", 1, 5, "is not possible"),
    "a link from the root": ("notes/prepare.md", b"[x](/prepare/)", 1, 5, "is not possible"),
    "a web address that is none": ("notes/prepare.md", b"[x](https://a)", 1, 5, "is not a web address"),
    "a web address with a password": ("notes/prepare.md", b"[x](https://a@b.org)", 1, 5, "is not a web address"),
    "a web address with a broken port": ("notes/prepare.md", b"[x](https://b.org:x)", 1, 5, "is not a web address"),
    "a link to no page": ("notes/prepare.md", b"[x](tretment-day.md)", 1, 5, "the guide has no page “tretment-day.md” [Did you mean treatment-day.md?]"),
    "a link to no heading": ("notes/prepare.md", b"[x](#food-and-drnk)", 1, 5, "prepare.md has no heading “food-and-drnk” [Did you mean #food-and-drink?]"),
    "a link without words": ("notes/prepare.md", b"\nSee [](treatment-day.md)", 2, 8, "a link has no words [Write them into its square brackets"),
    "brackets without end": ("pages/rooms.md", b"# Rooms\n" + b"[" * 9_900, 1, 1, "nested too deeply"),
    "a link to no heading of a page of one's own": ("pages/rooms.md", b"# Rooms\n\n[x](#lihgt)\n\n## [Light](prepare.md)\n\n## " + b"{#a" * 2_000, 3, 5, "rooms.md has no heading “lihgt” [Did you mean #light"),
    "a page without a title": ("pages/rooms.md", b"Text\n\n# Rooms", 1, 1, "has no title [Begin the file with a line such as # Our rooms.]"),
    "a page with a long title": ("pages/rooms.md", b"# " + b"a" * 81, 1, 1, "the title has 81 characters"),
    "a page that the guide has": ("pages/prepare.md", b"# Rooms", 1, 1, "put this file into clinic/notes"),
    "a page with slots": ("pages/rooms.md", b"# {{ clinic.name }}", 1, 3, "slots work only on its own pages"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_mistake_is_told_with_file_line_and_column(tmp_path, what):
    """Each mistake is one problem with its place and what to do, in the list of the problems of clinic.yml."""
    name, written, line, column, message = WRONG[what]
    path = tmp_path / "clinic" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(written)
    shutil.copy(CLINICS / "minimal.yml", tmp_path / "clinic.yml")
    began = time.process_time()
    clinic, problems = file.read(tmp_path / "clinic.yml")
    assert time.process_time() - began < 2
    assert clinic is None and len(problems) == 1, problems
    assert (problems[0].file, problems[0].line, problems[0].column) == (f"clinic/{name}", line, column), problems
    assert message in problems[0].told


def test_two_pages_cannot_have_one_address(tmp_path):
    """Names that make the same address are told, for one page would hide the other."""
    (tmp_path / "clinic" / "pages").mkdir(parents=True)
    for name in ("Our rooms.md", "our-rooms.md"):
        (tmp_path / "clinic" / "pages" / name).write_text("# Rooms", "utf-8")
    assert [problem.message for problem in notes.read(tmp_path)[1]] == ["would have the same address as Our rooms.md"]


def test_what_no_person_put_there_is_passed_over(tmp_path):
    """Files that systems leave behind stop nothing, and a name in another encoding can be told and shown."""
    (tmp_path / "clinic" / "pages").mkdir(parents=True)
    for name in (b".DS_Store", b"Thumbs.db", b"desktop.ini", b"._rooms.md"):
        (tmp_path / "clinic" / "pages" / os.fsdecode(name)).write_bytes(b"\0")
    (tmp_path / "clinic" / "pages" / os.fsdecode(b"\xe9.md")).write_text("# Rooms", "utf-8")
    texts, problems = notes.read(tmp_path)
    assert problems == [] and [text.file for text in texts] == ["clinic/pages/?.md"] and texts[0].page.isascii()


def test_a_letter_that_no_sheet_can_print_is_told_at_its_place(tmp_path):
    """An emoji or a script that the sheets' font lacks is told with line, column and remedy; Greek, Cyrillic and accents are taken."""
    (tmp_path / "clinic" / "notes").mkdir(parents=True)
    note = tmp_path / "clinic" / "notes" / "prepare.md"
    note.write_text("Zoë Nguyễn, Ωμέγα, Київ: 5 °C, ½ tablet – “as agreed”.", "utf-8")
    assert notes.read(tmp_path)[1] == []
    note.write_text("Come in.\n\nPlease 😀 use door 東.", "utf-8")
    assert [(problem.line, problem.column, problem.message) for problem in notes.read(tmp_path)[1]] == [(3, 8, "the font of the printed sheets has no “😀”")]
    assert notes.read(tmp_path)[1][0].hint.startswith("Write it in Latin, Greek or Cyrillic letters")


def test_a_title_may_hold_any_letter_that_can_be_printed(tmp_path):
    """The title stands in the page's front matter as it was typed."""
    (tmp_path / "clinic" / "pages").mkdir(parents=True)
    (tmp_path / "clinic" / "pages" / "rooms.md").write_text("# Ω \"Rooms\": é & Київ", "utf-8")
    _, front, _ = notes.read(tmp_path)[0][0].markdown.split("---\n", 2)
    assert unescape(yaml.safe_load(front)["title"]) == 'Ω "Rooms": é & Київ'


def test_a_link_to_another_file_is_not_followed(tmp_path):
    """A symbolic link in the folder could show a file that nobody meant to publish."""
    (tmp_path / "secret.txt").write_text("secret", "utf-8")
    (tmp_path / "clinic" / "notes").mkdir(parents=True)
    (tmp_path / "clinic" / "notes" / "prepare.md").symlink_to(tmp_path / "secret.txt")
    texts, problems = notes.read(tmp_path)
    assert texts == [] and [problem.message for problem in problems] == ["is only a link to another file"]


def test_what_is_right_has_no_problem(tmp_path):
    """Notes and pages with lists, tables, quotes, code and every kind of link are taken as they are."""
    assert notes.read(tmp_path) == ([], [])
    shutil.copytree(OWN, tmp_path / "clinic")
    texts, problems = notes.read(tmp_path)
    assert problems == [] and [text.page for text in texts] == ["index.md", "prepare.md", "more/our-rooms.md", "more/the-team.md"]


def test_words_that_hurt_are_a_warning_only(tmp_path):
    """A word of the lists is told with line and reason, and the note is shown all the same."""
    note = tmp_path / "clinic" / "notes" / "prepare.md"
    note.parent.mkdir(parents=True)
    note.write_text("A calm room.\nYour journey is a cry for help.\n", "utf-8")
    assert notes.read(tmp_path)[1] == []
    assert [(found.file, found.line, found.column, found.message) for found in notes.warnings(tmp_path)] == [
        ("clinic/notes/prepare.md", 2, 6, "“journey”: not everyone wants a journey"), ("clinic/notes/prepare.md", 2, 19, "“cry for help”: spreads or belittles")]


@trying(max_examples=200, deadline=None)
@example("> # 1")
@given(st.text(alphabet=st.sampled_from(list("ab<>&\"'{}%#[]()!*_`|-=~:/\\\n\t .1ésrc")), max_size=200))
def test_whatever_is_typed_becomes_text(written):
    """No text raises an error, starts a script, or leaves a brace or an element that the guide does not know."""
    made = Prose(written, lambda typed: "x/").markdown(2)
    assert "{" not in re.sub(r"&#123;| \{ #own-[\w-]+ \}$", "", made, flags=re.M)
    root = tinyhtml5.parse(re.sub(r"^#+ .*", "", made, flags=re.M), namespace_html_elements=False)
    known = {"html", "head", "body", "div", "p", "a", "ul", "ol", "li", "em", "strong", "code", "pre", "blockquote", "br", "hr",
             "table", "thead", "tbody", "tr", "th", "td"}
    assert {element.tag for element in root.iter()} <= known
    assert {name for element in root.iter() for name in element.attrib} <= {"href", "class", "style"}


def test_a_text_that_is_nested_without_end_is_told():
    """Lists and quotes a thousand levels deep are a problem of the text, not of the build."""
    made = Prose(">" * 2000 + " x", str)
    assert made.markdown(2) or made.faults


# ---- the built site -----------------------------------------------------------------------------------------------

def article(site, page):
    root = tinyhtml5.parse((site / page / "index.html").read_text("utf-8"), namespace_html_elements=False)
    return next(root.iter("article"))


def text(element):
    return " ".join("".join(element.itertext()).split())


def test_a_note_stands_before_the_first_part(own_site):
    """The box is headed “From our clinic” and comes between the answer that a page begins with and its first part."""
    for page in ("prepare", "."):
        parts = [part for part in article(own_site.site, page) if isinstance(part.tag, str)]
        place = next(n for n, part in enumerate(parts) if part.get("class") == "from-clinic")
        assert [part.tag for part in parts[:place] if part.tag in ("h1", "h2")] == ["h1"]
        assert parts[place + 1].tag == "h2"
        assert parts[place][0].tag == "h2" and text(parts[place][0]) == "From our clinic"


def test_a_note_shows_what_was_typed(own_site):
    """HTML, cards and braces are text; headings stand below the box's own and skip no level."""
    box = next(part for part in article(own_site.site, "prepare") if part.get("class") == "from-clinic")
    for typed in ("<b>bell</b> & wait <script>alert(1)</script>", "{blue}", '!!! emergency "Not a card"', '<div markdown="1" onclick="x()">also as typed</div>'):
        assert typed in text(box)
    assert not {"script", "b"} & {part.tag for part in box.iter()}
    assert [(part.tag, text(part)) for part in box.iter() if part.tag in ("h3", "h4")] == [
        ("h3", "On the day"), ("h4", "Small print"), ("h3", "About this page"), ("h3", "Text")]


@pytest.mark.parametrize("page", ["prepare", ".", "more/our-rooms", "more/the-team"])
def test_every_link_of_the_clinic_goes_somewhere(own_site, page):
    """Links of notes and pages reach a file of the site, and the heading that they name."""
    links = [link.get("href") for box in article(own_site.site, page).iter() if box.get("class") == "prose" for link in box.iter("a")]
    assert links
    for link in links:
        if re.match("https:|tel:|mailto:", link):
            continue
        target = urlsplit(urljoin(f"http://x/{page}/" if page != "." else "http://x/", link))
        file = own_site.site / posixpath.join(target.path.lstrip("/"), "index.html")
        assert file.exists(), link
        assert not target.fragment or f'id="{target.fragment}"' in file.read_text("utf-8"), link


def test_pages_of_the_clinic_come_last_and_say_whose_they_are(own_site):
    """They are the last group of the menu, carry the banner and the review block, and can be searched."""
    menu = [text(part) for part in tinyhtml5.parse((own_site.site / "index.html").read_text("utf-8"), namespace_html_elements=False).iter("nav")
            if "md-nav--primary" in (part.get("class") or "")][0]
    assert menu.endswith('Our "rooms" & <i>views</i> | C* d_e_f The team') and "More from Thornfield Square Ketamine Service" in menu
    shown = text(article(own_site.site, "more/our-rooms"))
    assert "Written by the clinic, not by the guide's authors." in shown and "Next check:" in shown
    levels = [part.tag for part in article(own_site.site, "more/our-rooms").iter() if re.fullmatch("h[1-6]", str(part.tag))]
    assert levels[:3] == ["h1", "h2", "h3"]
    index = json.loads((own_site.site / "search" / "search_index.json").read_text("utf-8"))
    assert any("Lamps, a fan" in entry["text"] for entry in index["docs"])


def test_the_printed_guide_has_notes_and_pages(own_site):
    """guide.pdf carries the note in its box and the clinic's pages at its end, and still passes every rule of PDF/UA-1."""
    path = own_site.site / "print" / "guide.pdf"
    pages = [" ".join(sheet.extract_text().split()) for sheet in PdfReader(path).pages]
    assert any("From our clinic Our own car park is closed until spring." in page for page in pages)
    assert "<script>alert(1)</script>" in "".join(pages).replace(" ", "")
    assert any("Written by the clinic, not by the guide's authors." in page for page in pages[-3:])
    assert "Save our numbers" not in " ".join(pages)
    report = pdf_rules.validate_pdf(str(path), profile="ua1")
    assert report.is_compliant, report.failures


def test_a_wrong_note_stops_the_build_beside_clinic_yml(project):
    """A build tells problems of notes and of clinic.yml in one list, and shows no traceback."""
    (project / "clinic.yml").write_text("name: Hill\n", "utf-8")
    (project / "clinic" / "notes").mkdir(parents=True)
    (project / "clinic" / "notes" / "prepear.md").write_text("Text", "utf-8")
    built = build(project, sheets=False)
    assert built.code == 1 and not built.site.exists()
    assert "clinic.yml:1:1: country: is missing" in built.output
    assert "clinic/notes/prepear.md:1:1: the guide has no page “prepear” that takes a note [Did you mean prepare.md?]" in built.output
    assert "Traceback" not in built.output
