"""What was built is looked at before it is published: each check stops something that would reach a patient."""

import shutil
from pathlib import Path

import pytest
import yaml
from conftest import build
from pypdf import PdfReader, PdfWriter
from test_check import run

from guide.check import site as built_site
from guide.clinic import file
from guide.edition import Edition

CASES = yaml.safe_load((Path(__file__).parent / "broken_sites.yml").read_text("utf-8"))
PAGE = "going-home/index.html"


@pytest.fixture
def site(sample, tmp_path):
    """A copy of the sample clinic's site, to break."""
    return Path(shutil.copytree(sample.site, tmp_path / "site"))


@pytest.fixture(scope="module")
def clinic():
    """The sample clinic."""
    return Edition.of(file.SAMPLE)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_each_fault_on_a_page_is_found_on_its_line(site, clinic, case):
    """One fault in a site that is right gives one problem, with the page, the line and what it is."""
    page = site / PAGE
    text, find = page.read_text("utf-8"), case.get("find", "</main>")
    assert find in text
    put = case["put"] if "find" in case else case["put"] + find
    page.write_text(text.replace(find, put, 1), "utf-8")
    found = built_site.problems(site, clinic)
    line = text.count("\n", 0, text.index(find)) + 1
    assert [problem for problem in found if case["told"] in problem] == found != []
    assert all(problem.startswith((f"{PAGE}:{line}: ", f"{PAGE}:1: no ")) for problem in found)


@pytest.mark.parametrize("css", ["@import 'x.css';", "p { background: url(https://pictures.example/x.png) }", "p { background: url('//pictures.example/x.png') }"])
def test_a_style_that_asks_another_server_is_found(site, clinic, css):
    """Style sheets are looked at, too."""
    with open(site / "assets" / "guide.css", "a", encoding="utf-8") as style:
        style.write(css)
    assert [problem.partition(":")[0] for problem in built_site.problems(site, clinic)] == ["assets/guide.css"]


def test_a_page_that_went_missing_is_found_by_the_links_to_it(site, clinic):
    """Every page links to urgent help, so each of them is told when it is gone, also the page for addresses that are not there."""
    shutil.rmtree(site / "urgent-help")
    found = built_site.problems(site, clinic)
    assert {problem.partition(":")[0] for problem in found} == {path.relative_to(site).as_posix() for path in site.rglob("*.html")}


def test_a_site_that_is_not_there_is_not_fit(tmp_path, clinic, monkeypatch):
    """A folder without pages has no fault on any page, and is no site."""
    monkeypatch.setenv("NO_SHEETS", "1")
    assert built_site.problems(tmp_path / "gone", clinic) == ["index.html:1: this page is missing"]


def test_a_sheet_that_is_missing_empty_or_too_long_is_found(site, clinic, monkeypatch):
    """A sheet has its pages, neither none nor more; a build that was told to leave the sheets out is not asked for them."""
    (site / "print" / "companion.pdf").unlink()
    (site / "print" / "companion-large.pdf").write_bytes(b"")
    longer = PdfWriter()
    for page in [*PdfReader(site / "print" / "handout.pdf").pages] * 3:
        longer.add_page(page)
    longer.write(site / "print" / "handout.pdf")
    assert [problem for problem in built_site.problems(site, clinic) if ".pdf:1: " in problem] == [
        "print/handout.pdf:1: this sheet has 6 pages; at most 4 fit",
        "print/companion.pdf:1: this sheet is missing or empty",
        "print/companion-large.pdf:1: this sheet is missing or empty"]
    monkeypatch.setenv("NO_SHEETS", "1")
    assert [problem for problem in built_site.problems(site, clinic) if ".pdf:1: " in problem] == []


@pytest.mark.parametrize("name", ["hostile-text", "england-infusions", "us-three-locations"])
def test_a_site_that_is_right_is_fit(clinic_site, name):
    """What clinics type, however odd, is not taken for a fault; the command line says nothing and ends with 0."""
    built = clinic_site(name)
    checked = run(built.folder / "clinic.yml", "--site", built.site)
    assert (checked.code, checked.out, checked.err) == (0, [], "")


def test_the_command_line_tells_each_problem(site):
    """In a terminal as a line, in a run of GitHub as an error."""
    (site / PAGE).write_text((site / PAGE).read_text("utf-8").replace("</main>", '<a href="tel:">x</a></main>'), "utf-8")
    told = run(file.SAMPLE, "--site", site)
    assert told.code == 1 and len(told.out) == 1 and told.out[0].startswith(f"{PAGE}:")
    told = run(file.SAMPLE, "--site", site, GITHUB_ACTIONS="true")
    assert [line for line in told.out if line.startswith("::error")][0].startswith(f"::error title=Built site::{PAGE}:")


STOPPED = {
    "a page that calls somebody else": ("docs/en/going-home.md", "{{ page_foot(facts) }}", "[Call](tel:+17605550199)\n\n{{ page_foot(facts) }}", "neither the clinic's nor its country's"),
    "a page without its last part": ("docs/en/going-home.md", "{{ page_foot(facts) }}", "", "no word on who checked this page"),
    "a template that loads a font": ("overrides/partials/head.html", '<meta name="referrer"', '<link rel="stylesheet" href="https://fonts.example/a.css">\n<meta name="referrer"', "a request to another server"),
    "a template without urgent help": ("overrides/partials/header.html", 'guide-urgent', 'guide-other', "no way to urgent help"),
}


@pytest.mark.parametrize("what", STOPPED)
def test_a_fault_in_the_source_stops_the_build(project, what):
    """Nobody has to run the check by hand: the build itself ends, and names the page."""
    name, find, put, told = STOPPED[what]
    source = project / name
    assert find in source.read_text("utf-8")
    source.write_text(source.read_text("utf-8").replace(find, put, 1), "utf-8")
    built = build(project, sheets=False)
    assert built.code == 1
    assert "going-home/index.html:" in built.output and told in built.output
