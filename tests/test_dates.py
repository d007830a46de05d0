"""Facts and numbers to call that nobody has looked at in time are told, on their line, and never stop a clinic's guide."""

import datetime
import re
import subprocess
import sys

import pytest
from conftest import CLINICS, ROOT, build, served
from pypdf import PdfReader
from test_check import run

from guide.check import dates

NOTES = """\
# one fact and one country, as facts.yml and countries.yml write them
F1.1: {says: "x", mark: seen, checked: 2026-01-10}
F1.2: {says: "x", mark: seen, checked: 2026-11-22, until: 2026-12-31}
XX:
  crisis_lines:
    - {name: "A line", phone: "988", checked: 2025-06-01}
"""


def day(text):
    """The day that `text` names, at noon, as SOURCE_DATE_EPOCH."""
    return str(int(datetime.datetime.fromisoformat(f"{text}T12:00:00+00:00").timestamp()))


@pytest.mark.parametrize(("today", "told"), [
    ("2026-04-01", []),
    ("2026-06-02", [("2026-06-01", 6, "XX, crisis_lines, A line")]),
    ("2026-11-02", [("2026-06-01", 6, "XX, crisis_lines, A line"), ("2026-12-31", 3, "F1.2")]),
    ("2027-01-01", [("2026-06-01", 6, "XX, crisis_lines, A line"), ("2026-12-31", 3, "F1.2"), ("2027-01-10", 2, "F1.1")]),
])
def test_what_is_due_is_told_60_days_ahead_on_its_line(tmp_path, today, told):
    """A check holds for a year, `until` to its day; before the last 60 days nothing is said, but what is past stays."""
    file = tmp_path / "facts.yml"
    file.write_text(NOTES, "utf-8")
    found = dates.due(datetime.date.fromisoformat(today), (file,))
    assert [(str(entry.last), entry.line, entry.what.partition(" (")[0]) for entry in found] == told
    assert [entry.last for entry in dates.past(datetime.date.fromisoformat(today), (file,))] == [entry.last for entry in found if str(entry.last) < today]


def test_every_number_and_every_fact_has_a_day():
    """Nothing that can grow old is without a day: each fact, each crisis line, each poison line."""
    lines = [line for file in dates.FILES for line in file.read_text("utf-8").splitlines()]
    dated = [line for line in lines if re.match(r"(F|S|R|T|Y|N|M)[\d.]+: \{", line) or re.match(r"    - \{.*phone:|  poison: \{", line)]
    assert len(dated) > 200
    assert [line[:60] for line in dated if "checked: " not in line] == []


FIRST = dates.due(datetime.date(9000, 1, 1))[0]
"""The entry whose day comes first, of the facts and packs as they are now: another one after each review."""


@pytest.mark.parametrize(("days", "code", "level"), [(-30, 0, "warning"), (1, 1, "error")])
def test_the_monthly_run_warns_ahead_and_fails_past_the_day(days, code, level):
    """The entry whose day comes first is told before that day, and is an error past it."""
    made = subprocess.run([sys.executable, "-m", "guide.check.dates"], cwd=ROOT, capture_output=True, text=True,
                          env={"PYTHONPATH": str(ROOT), "PATH": "", "SOURCE_DATE_EPOCH": day(FIRST.last + datetime.timedelta(days=days)), "GITHUB_ACTIONS": "true"})
    assert made.returncode == code, made.stderr
    assert f"::{level} file={FIRST.file},line={FIRST.line},col=1,title=Dates::{FIRST.what} " in made.stdout


def test_a_clinics_check_tells_what_is_late_and_stays_green():
    """A clinic reads in its run that corrections are waiting and that its own crisis line is old; its guide is published."""
    fine = run(CLINICS / "germany.yml")
    late = run(CLINICS / "germany.yml", SOURCE_DATE_EPOCH=day(max(FIRST.last + datetime.timedelta(days=1), datetime.date(2028, 1, 1))))
    assert fine.code == late.code == 0
    assert not [line for line in fine.out if "note:" in line]
    assert [line for line in late.out if "should have been looked at again" in line and "Sync fork" in line]
    assert [line for line in late.out if re.match(r".*germany\.yml:\d+:\d+: note: emergency\.crisis_lines\[0\]\.checked: nobody has looked", line)]


def test_an_overdue_review_is_on_every_page_and_sheet(clinic_site):
    """Past the day of review.next every page says so, and every sheet."""
    built = clinic_site("overdue-review")
    assert [path.name for path in built.site.rglob("*.html") if "The yearly check of this guide is overdue." not in path.read_text("utf-8")] == []
    for sheet in (built.site / "print").glob("*.pdf"):
        assert "overdue" in " ".join(page.extract_text() for page in PdfReader(sheet).pages), sheet.name


@pytest.mark.parametrize(("moment", "shown"), [("2027-10-05T22:59:00Z", False), ("2027-10-05T23:00:00Z", True)])
@pytest.mark.parametrize("page", ["", "urgent-help/"])
def test_a_review_that_falls_due_is_shown_without_a_new_build(clinic_site, chromium, page, moment, shown):
    """From the end of review.next at the clinic, every page shows by itself the words that a new build would show."""
    with served(clinic_site("england-infusions").site) as address, chromium.new_context(timezone_id="Pacific/Auckland") as context:
        open_page = context.new_page()
        open_page.clock.set_fixed_time(moment)
        open_page.goto(address + page)
        assert open_page.locator(".md-banner").is_visible() == shown == open_page.get_by_text("The yearly check of this guide is overdue. Ask your clinic if it is still right.").is_visible()


def test_a_late_fact_stops_no_build(project):
    """Years later the guide still builds: patients keep what they had, and the run tells the clinic."""
    built = build(project, sheets=False, SOURCE_DATE_EPOCH=day("2031-01-01"))
    assert built.code == 0, built.output
