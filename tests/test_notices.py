"""A notice of the day: one small file above every page, gone by itself after its last day, and never in the way of anything else."""

import shutil
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest
import yaml
from conftest import CLINICS, build, copy, served
from pypdf import PdfReader
from test_check import run

from guide.clinic import file, noticeboard

CASES = yaml.safe_load((Path(__file__).parent / "notices.yml").read_text("utf-8"))
SHOWN = {"2026-12-24": "Closed from noon on.\nCall the night line for \"help\" & advice.", "2026-12-01": "Use the new door."}
PAGE = "prepare/"


def written(root, name, text):
    path = root / "clinic" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["file"])
@pytest.mark.usefixtures("the_day")
def test_a_notice_is_shown_or_told_with_its_file(tmp_path, case):
    """What cannot be shown is left out and told with what to do; the clinic's guide is right all the same."""
    shutil.copy(CLINICS / "england-infusions.yml", tmp_path / "clinic.yml")
    written(tmp_path, case["file"], case["text"])
    shown, told = noticeboard.read(tmp_path, "Europe/London")
    assert [list(notice.lines) for notice in shown] == ([case["shown"]] if "shown" in case else [])
    assert [problem.file for problem in told] == [f"clinic/{case['file']}"] * ("told" in case) and all(case["told"] in problem.told for problem in told)
    assert file.read(tmp_path / "clinic.yml")[1] == []
    checked = run(tmp_path / "clinic.yml")
    assert checked.code == 0 and len([line for line in checked.out if f"clinic/{case['file']}:" in line and "note: " in line]) == ("told" in case)


@pytest.mark.parametrize("letters", [300, 301])
def test_three_hundred_characters_fit(tmp_path, letters):
    """As the form on the staff page counts them: without white space at the ends of lines."""
    written(tmp_path, "notices/9999-12-30.md", f"  {'x' * 150}\n{'y' * (letters - 151)}  \n\n")
    shown, told = noticeboard.read(tmp_path, "UTC")
    assert len(shown) == (letters == 300) and [problem.message for problem in told] == ["this notice is left out: it is 301 characters long; 300 fit"] * (letters == 301)


@pytest.mark.parametrize(("zone", "ends"), [
    ("UTC", "2026-12-25T00:00"), ("America/Phoenix", "2026-12-25T07:00"), ("America/St_Johns", "2026-12-25T03:30"), ("Australia/Brisbane", "2026-12-24T14:00"),
    ("Pacific/Auckland", "2026-12-24T11:00"), ("Pacific/Honolulu", "2026-12-25T10:00")])
def test_a_notice_ends_with_its_day_at_the_clinic(tmp_path, monkeypatch, zone, ends):
    """A build in the last minute of the day still shows it, and one a minute later does not, wherever the clinic is."""
    written(tmp_path, "notices/2026-12-24.md", "Closed today.")
    end = int(datetime.fromisoformat(ends).replace(tzinfo=UTC).timestamp())
    for moment, shown in ((end - 60, 1), (end, 0)):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(moment))
        assert [len(part) for part in noticeboard.read(tmp_path, zone)] == [shown, 1 - shown]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A clinic in London with two notices that hold, and one that must not be shown."""
    folder = copy(tmp_path_factory.mktemp("notices"))
    shutil.copy(CLINICS / "england-infusions.yml", folder / "clinic.yml")
    for day, text in SHOWN.items():
        written(folder, f"notices/{day}.md", text)
    written(folder, "notices/2026-12-02.md", "You may drive home.")
    built = build(folder, NO_GUIDE_PDF="1")
    assert built.code == 0, built.output
    return built.site


def test_it_stands_above_every_page_but_urgent_help(site):
    """Escaped, on patients' and staff pages, the print page and the page for lost addresses; on no sheet."""
    texts = {path.relative_to(site).as_posix(): path.read_text("utf-8") for path in site.rglob("*.html")}
    assert [name for name, text in texts.items() if text.count('class="notice"') != 2] == ["urgent-help/index.html"] and 'class="notice"' not in texts["urgent-help/index.html"]
    for name in ("print/index.html", "404.html"):
        above = texts[name].partition("<header")[0]
        assert 'Closed from noon on.<br>Call the night line for "help" & advice.' in unescape(above) and "& advice" not in above and "drive" not in above
    for sheet in (site / "print").glob("*.pdf"):
        assert "Closed from noon on" not in "".join(page.extract_text() for page in PdfReader(sheet).pages), sheet.name


@pytest.mark.parametrize(("moment", "shown"), [("2026-11-30T12:00Z", [True, True]), ("2026-12-02T00:00Z", [False, True]), ("2026-12-24T23:59Z", [False, True]), ("2026-12-25T00:00Z", [False, False])])
def test_it_goes_by_itself_on_a_phone_in_another_zone(site, chromium, moment, shown):
    """Each goes at the end of its last day at the clinic, without a new build; with the last one the whole box goes."""
    with served(site) as address, chromium.new_context(timezone_id="Asia/Tokyo", viewport={"width": 360, "height": 640}) as context:
        page = context.new_page()
        page.clock.set_fixed_time(moment.replace("Z", ":00Z"))
        page.goto(address + PAGE)
        assert [line.is_visible() for line in page.locator(".notice").all()] == shown and page.locator(".md-banner").is_visible() == any(shown)
        assert not any(shown) or "Until 24 December 2026: Closed from noon on." in page.locator(".notice >> visible=true").last.inner_text()
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_it_goes_while_a_page_is_open(site, chromium):
    """A page that stays open over midnight does not keep it."""
    with served(site) as address, chromium.new_context() as context:
        page = context.new_page()
        page.clock.install(time="2026-12-24T23:58:30Z")
        page.goto(address + PAGE)
        assert page.locator(".notice").last.is_visible()
        page.clock.run_for(120_000)
        assert not page.locator(".notice").last.is_visible()
