"""Whatever text a clinic may type is text: on a page, in a card for a phone, for machines and on paper."""

import json
import re
import shutil

import pytest
import tinyhtml5
import yaml
from conftest import CLINICS, build, copy
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st
from markdown import Markdown
from pypdf import PdfReader

from guide import escape
from guide.clinic import file, notes
from guide.clinic.problems import UNPRINTABLE
from guide.edition import Edition
from guide.pages import address_card
from guide.pages.blocks import Blocks
from guide.pages.care_cards import CareCards

HOSTILE = ["<b>", "</p>", "<script>", "&amp;", "&#60;", "{{ x }}", "{% if x %}", "{#", "![x](y)", "[x](y)", "**", "__", "`", "|", "#", "- ", "1. ", "!!! note", "{: .x}", "{ #id }",
           "\\", "\"", "'", "https://x.example", "a@b.example", "<!--", "-->", "]]>", "$1", "~", "^", "==", "++", "é", "ễ", "ű", "😀", "日本", "שלום", "مرحبا", "…x", ":", "% x", "@", "=", "+"]
TEXT = st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn", "Co", "Zl", "Zp"]), max_size=12)), min_size=1, max_size=6) \
    .map(lambda parts: " ".join(" ".join(parts).split())[:60].strip()).filter(lambda text: re.search(r"\w\w", text) and not UNPRINTABLE.search(text))
EXTENSIONS = ["admonition", "attr_list", "md_in_html", "tables", "toc", "pymdownx.superfences"]
PLACES = {"paragraph": "x\n\n{}\n\nx", "line": "x\n{}", "item": "- {}", "ticked": "- [ ] {}", "heading": "## {}", "table": "| a | b |\n|---|---|\n| x | {} |",
          "card": "!!! tellus \"Call us\"\n    {}", "html": "<div markdown=\"1\">\n\n{}\n\n</div>", "bold": "**{}**", "link": "[{}](x.md)"}
always = trying(derandomize=True, deadline=None, max_examples=120, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])


def body(html):
    return tinyhtml5.parse(f"<!doctype html><body>{html}", namespace_html_elements=False).find("body")


def said(element):
    return " ".join("".join(element.itertext()).split())


def marks(element):
    return sorted(part.tag for part in element.iter())


@always
@given(TEXT)
def test_typed_text_is_only_text_wherever_a_page_puts_it(text):
    """In a paragraph, list, heading, table, card or link it reads as typed and brings no element of its own."""
    for place, around in PLACES.items():
        def shown(value, around=around):
            return body(Markdown(extensions=[*EXTENSIONS, CareCards({"now": "Call us now"})]).convert(around.replace("{}", value)))
        one = shown(escape.plain(text))
        assert text in said(one), place
        assert marks(one) == marks(shown("word")), place


@pytest.fixture(scope="module")
def typed():
    """A clinic's file as it is typed, with a place for every text that a page shows."""
    return yaml.load((CLINICS / "us-three-locations.yml").read_text("utf-8"), yaml.BaseLoader)


@trying(always, max_examples=60)
@given(name=TEXT, place=TEXT, street=TEXT, city=TEXT, parking=TEXT)
def test_what_is_accepted_is_shown_as_typed(tmp_path_factory, typed, name, place, street, city, parking):
    """Any names and addresses: either each refusal stands on its line, or block, JSON-LD and card hold them as typed."""
    path = tmp_path_factory.mktemp("clinic") / "clinic.yml"
    first = {**typed["locations"][0], "name": place, "parking": parking, "address": {**typed["locations"][0]["address"], "street": street, "city": city}}
    text = yaml.safe_dump({**typed, "name": name, "locations": [first, *typed["locations"][1:]]}, allow_unicode=True, width=1000)
    path.write_text(text, "utf-8")
    clinic, problems = file.read(path)
    if clinic is None:
        assert {problem.key.rpartition(".")[2] for problem in problems} <= {"name", "street", "city", "parking"}
        assert all(text.splitlines()[problem.line - 1].strip(" -").startswith(problem.key.rpartition(".")[2]) for problem in problems)
        return
    block = body(Markdown(extensions=EXTENSIONS).convert(Blocks(Edition.of(path)).fill("contact")))
    for value in (name, place, street, city, parking):
        assert value in said(block)
    assert {part.tag for part in block.iter()} <= {"body", "div", "p", "ul", "li", "a", "b", "br", "span", "table", "tbody", "tr", "th", "td", "script"}
    machine = json.loads(json.dumps(address_card.structured(clinic, "")))[0]
    assert (machine["name"], machine["address"]["streetAddress"], machine["address"]["addressLocality"]) == (f"{name}, {place}", street, city)
    card = address_card.card(clinic, clinic.locations[0], Edition.of(path).phrase).decode().replace("\r\n ", "")
    full = next(line for line in card.split("\r\n") if line.startswith("FN:"))
    assert re.sub(r"\\(.)", r"\1", full[3:]) == f"{name}, {place}"


@trying(always, max_examples=80)
@given(st.lists(st.one_of(st.sampled_from([*HOSTILE, "\n", "\n\n", "    ", "# ", "\t", "> ", "```\n"]), st.text(max_size=10)), max_size=12).map("".join))
def test_a_note_is_words_lists_tables_and_links_and_nothing_else(tmp_path_factory, text):
    """Whatever stands in clinic/notes: it is refused on a line of the file, or becomes words without script, picture, style or template."""
    folder = tmp_path_factory.mktemp("note")
    (folder / "clinic" / "notes").mkdir(parents=True)
    (folder / "clinic" / "notes" / "prepare.md").write_bytes(text.encode("utf-8", "surrogatepass"))
    written, problems = notes.read(folder)
    assert all(1 <= problem.line <= len(re.split(r"\r\n|\r|\n", text)) and problem.hint for problem in problems)
    for note in written if not problems else ():
        assert "{{" not in note.markdown and "{%" not in note.markdown
        shown = body(Markdown(extensions=EXTENSIONS).convert(note.markdown))
        assert not {part.tag for part in shown.iter()} & {"script", "style", "img", "iframe", "object", "form", "input", "svg", "link", "meta"}
        assert all(set(part.attrib) <= {"href", "rel", "class", "id", "aria-labelledby", "start", "style"} for part in shown.iter())
        assert all((part.get("href") or "https:").startswith(("https:", "tel:", "mailto:", "../", "./", "#")) for part in shown.iter("a"))


def test_a_whole_guide_of_odd_names_is_right_on_every_page_and_sheet(tmp_path, typed):
    """Built for real: names in many scripts and full of signs stand on page, sheet and card, and the guard finds nothing."""
    name, street = "Ő'Neill & <Söhne> {{ x }} \"Ketamine\" #1 | 100 %", "5 Łódź Street; *back* door_2"
    clinic = {**typed, "name": name, "locations": [{**typed["locations"][0], "address": {**typed["locations"][0]["address"], "street": street}}]}
    folder = copy(tmp_path / "odd")
    (folder / "clinic.yml").write_text(yaml.safe_dump(clinic, allow_unicode=True), "utf-8")
    built = build(folder)
    assert built.code == 0, built.output
    for page in ("index.html", "prepare/index.html", "404.html"):
        root = tinyhtml5.parse((built.site / page).read_text("utf-8"), namespace_html_elements=False)
        assert name in said(root)
        assert root.find(".//footer//b").get("dir") == "auto"  # a name from right to left does not turn the number after it
    assert street in said(tinyhtml5.parse((built.site / "index.html").read_text("utf-8"), namespace_html_elements=False))
    for sheet in ("handout", "companion"):
        assert name in " ".join("".join(page.extract_text() for page in PdfReader(built.site / "print" / f"{sheet}.pdf").pages).split())
    shutil.rmtree(folder)
