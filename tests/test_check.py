"""`python -m guide.check` and the build, run as people and workflows run them."""

import base64
import gzip
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from conftest import CLINICS, EPOCH, ROOT, build

from guide import finish
from guide.check import __main__ as command
from guide.check import changes, examples, ready, report
from guide.check import site as built_site
from guide.clinic import countries, file
from guide.clinic.model import Clinic
from guide.clinic.problems import Problem
from guide.edition import Edition

BAD = CLINICS.parent / "bad"


def run(*arguments, cwd=ROOT, **env):
    """The exit code and the lines that the check prints; `env` is added to a terminal's environment."""
    terminal = {name: value for name, value in os.environ.items() if not name.startswith("GITHUB_")}
    made = subprocess.run([sys.executable, "-m", "guide.check", *map(str, arguments)], cwd=cwd, capture_output=True,
                          env={**terminal, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "SOURCE_DATE_EPOCH": EPOCH, **env})
    return SimpleNamespace(code=made.returncode, out=made.stdout.decode("utf-8").splitlines(), err=made.stderr.decode("utf-8"))


def golden(name):
    """The lines that belong to a bad file."""
    return (BAD / f"{name}.txt").read_text("utf-8").splitlines()


def test_a_good_file_ends_with_0_and_one_line():
    """The clinic is named, so that the office manager sees which file was looked at."""
    checked = run(CLINICS / "minimal.yml")
    assert (checked.code, checked.out, checked.err) == (0, ["tests/clinics/good/minimal.yml: right, for Elm."], "")


@pytest.mark.parametrize("name", ["many-faults", "anchor-bomb", "a-picture", "hidden-character-as-a-code"])
def test_a_bad_file_ends_with_1_and_its_problems(name):
    """Each problem is one line, file:line:column: what is wrong [what to write]; nothing else is printed."""
    checked = run(BAD / f"{name}.yml")
    assert (checked.code, checked.err) == (1, "")
    assert checked.out == [f"tests/clinics/bad/{name}.yml:{line}" for line in golden(name)]


def test_a_file_that_is_not_there_is_told():
    """A wrong path is a problem like any other."""
    checked = run("nothing.yml")
    assert (checked.code, checked.err) == (1, "")
    assert checked.out == ["nothing.yml:1:1: this file cannot be opened (No such file or directory) [Create it from clinic.example.yml.]"]


def test_a_file_on_another_drive_is_called_by_its_whole_path(monkeypatch):
    """On Windows there is no way from one drive to another, and the check goes on all the same."""
    def no_way(path):
        raise ValueError("path is on mount 'D:', start on mount 'C:'")
    monkeypatch.setattr("os.path.relpath", no_way)
    assert command._name(Path("/d/clinic.yml")) == "/d/clinic.yml"


def test_a_site_below_an_address_with_spaces_has_no_dead_links(tmp_path, monkeypatch):
    """%20 in the site's own address is the same as a space, for its links from the root."""
    page = '<html lang="en"><head><title>x</title><link rel="canonical" href="https://x.org/my%20guide/"></head><body><main><h1>x</h1><a href="/my%20guide/">x</a></main></body></html>'
    (tmp_path / "index.html").write_text(page, "utf-8")
    monkeypatch.setenv("NO_SHEETS", "1")
    assert [told for told in built_site.problems(tmp_path, Edition.of(CLINICS / "minimal.yml")) if "not there" in told] == []


def test_a_console_that_knows_few_letters_is_no_trouble():
    """On a console of Windows the lines come out, with codes for the letters that it lacks."""
    good = run(CLINICS / "new-zealand.yml", PYTHONUTF8="0", PYTHONIOENCODING="cp1252")
    assert (good.code, good.out, good.err) == (0, ["tests/clinics/good/new-zealand.yml: right, for K\\u014dwhai Terrace Ketamine Clinic."], "")


@pytest.mark.parametrize("name", ["clinic.yaml", "Clinic.yml", "clinic.yml.txt", "clinic (1).yml", "clinic copy 2.yml", "clinic - Copy.yml", "Copy of clinic.yml", "my_clinic.yml", "clinic.example copy.yml", "clinic.txt", "clinic/clinic.yml"])
def test_a_clinics_file_under_another_name_stops_everything(project, name):
    """Nobody wonders why the sample clinic is still there: the name is told, and nothing is built."""
    (project / name).parent.mkdir(exist_ok=True)
    shutil.copy(CLINICS / "minimal.yml", project / name)
    checked = run(cwd=project, PYTHONPATH=str(project))
    assert checked.code == 1
    assert re.fullmatch(rf"{re.escape(name)}:1:1: the guide does not read .* \[(Rename|Move) it .*clinic\.yml.*\]", checked.out[0]), checked.out
    built = build(project, sheets=False)
    assert built.code != 0 and "the guide does not read" in built.output


def test_without_a_path_the_sample_is_checked_until_there_is_a_clinic(project):
    """`make check` looks at clinic.yml as soon as there is one."""
    own = {"cwd": project, "PYTHONPATH": str(project)}
    assert run(**own).out == ["clinic.example.yml: right, for Orchard Row Ketamine Clinic."]
    shutil.copy(CLINICS / "minimal.yml", project / "clinic.yml")
    assert run(**own).out == ["clinic.yml: right, for Elm."]
    (project / "clinic.yml").write_text("", "utf-8")
    assert run(**own).out == [f"clinic.yml:{line}" for line in golden("empty-file")]


def test_on_github_each_problem_is_an_annotation_at_its_line():
    """GitHub shows a problem at the line of the file; nothing but annotations is printed."""
    checked = run(BAD / "many-faults.yml", GITHUB_ACTIONS="true")
    assert (checked.code, checked.err) == (1, "")
    places = [re.fullmatch(r"(\d+):(\d+): (.*)", line).groups() for line in golden("many-faults")]
    assert checked.out == [f"::error file=tests/clinics/bad/many-faults.yml,line={line},col={column},title=Clinic details::{told.replace('%', '%25')}"
                           for line, column, told in places]


def test_an_annotation_cannot_be_broken_by_what_it_tells(tmp_path):
    """Per cent signs, commas and colons of a file's name, and per cent signs and line ends of a message, are written as GitHub wants them."""
    path = tmp_path / "my, clinic: 100%.yml"
    path.write_text((CLINICS / "minimal.yml").read_text("utf-8").replace("name: Elm", "name: Elm\nlanguages: ['100%, ::error::']"), "utf-8")
    checked = run(path, cwd=tmp_path, GITHUB_ACTIONS="true")
    assert checked.out == ["::error file=my%2C clinic%3A 100%25.yml,line=2,col=13,title=Clinic details::"
                           "languages[0]: the guide is not written in “100%25, ::error::” [Choose from: en.]"]
    assert report.annotation("a,b:c%\n", Problem(1, 2, "", "50%\r\n::error::x")) == "::error file=a%2Cb%3Ac%25%0A,line=1,col=2,title=Clinic details::50%25%0D%0A::error::x"


GITHUB = {"GITHUB_ACTIONS": "true", "GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "elm/guide", "GITHUB_REF_NAME": "main", "GITHUB_HEAD_REF": ""}
SITE = "https://elm.github.io/guide/"


@pytest.fixture
def told(tmp_path):
    """A function that checks a clinic.yml of that text as a run does; gives its code, what it printed and the page of the run."""
    def of(text, **env):
        page = tmp_path / "summary.md"
        page.unlink(missing_ok=True)
        (tmp_path / "clinic.yml").write_text(text, "utf-8")
        checked = run("clinic.yml", cwd=tmp_path, **{**GITHUB, "SITE_URL": SITE, "GITHUB_STEP_SUMMARY": str(page), **env})
        assert checked.err == ""
        return SimpleNamespace(code=checked.code, out=checked.out, page=page.read_text("utf-8") if page.exists() else "")
    return of


def test_the_page_of_a_red_run_says_first_that_patients_see_no_change(told):
    """Before any problem stands that nothing new was published, and how many things there are to put right."""
    page = told((BAD / "many-faults.yml").read_text("utf-8")).page
    assert page.splitlines()[:3] == ["## Nothing new was published", "", "Patients still see what was there before. Put this right, and the next run publishes it. **20 things** to put right:"]
    assert page.count("\n[Change line ") == len(golden("many-faults")) == 20


def test_each_problem_has_what_was_typed_the_remedy_an_example_and_its_line(told):
    """A key is named as the form names it; below stand the line as typed, what to do, an example that works, and a link that opens the editor there."""
    page = told((BAD / "many-faults.yml").read_text("utf-8")).page
    assert """\
### Number at night

“maybe” is not a phone number.

You wrote: `after_hours_phone: maybe`

**Do this:** Write one number, in digits, as on a letter: (212) 555-2368.

[Change line 5](https://github.com/elm/guide/edit/main/clinic.yml#L5)
""" in page
    assert "An example that works: `" in page and "### Location 1, address, postal code\n" in page and "### Cost, price 1, amount\n" in page


def test_a_key_that_is_missing_shows_no_line_that_somebody_else_typed(told):
    """What is told at the line of its group is not said to be what was typed."""
    page = told((BAD / "many-faults.yml").read_text("utf-8")).page
    entry = page.split("### Location 1, address, city\n")[1].split("###")[0]
    assert "You wrote" not in entry and "[Change line 9]" in entry


def test_everything_wrong_with_the_owners_file_is_told_in_the_first_run(told):
    """A file with many mistakes and a wrong setting of Pages: both are told at once, on the page and as annotations."""
    checked = told((CLINICS.parent / "run" / "several-problems.yml").read_text("utf-8"), PAGES="branch")
    assert checked.code == 1
    lines = {int(n) for n in re.findall(r"#L(\d+)", checked.page)}
    assert lines >= {3, 4, 5, 6, 12, 15, 19}
    assert len([line for line in checked.out if line.startswith("::error ")]) == checked.page.count("\n### ") - 2  # all but the form and who can help
    assert "https://github.com/elm/guide/settings/pages" in checked.page


@pytest.mark.parametrize(("setting", "title", "remedy"), [
    ("off", "GitHub Pages is off", "**GitHub Actions**"), ("branch", "“Deploy from a branch”", "**GitHub Actions**"), ("private", "your copy is private", "paid plan")])
def test_a_wrong_setting_of_pages_is_told_like_a_mistake(told, setting, title, remedy):
    """A right file with Pages off, published from a branch or private is red, says which setting to change and links to it."""
    checked = told((CLINICS / "minimal.yml").read_text("utf-8"), PAGES=setting)
    assert checked.code == 1 and title in checked.page and remedy in checked.page and "settings/pages" in checked.page
    assert checked.out[0].startswith("::error title=GitHub Pages is ") and "**" not in checked.out[0] and "](" not in checked.out[0]
    assert told((CLINICS / "minimal.yml").read_text("utf-8"), PAGES="").code == 0


def test_the_link_to_the_form_carries_the_file_and_nothing_else(told):
    """What stands behind the # is the file as it was typed; a file under another name, or too long for an address, has no such link."""
    text = (BAD / "many-faults.yml").read_text("utf-8") + "# ä 😀\n"
    packed = re.search(rf"\({re.escape(SITE)}staff/set-up/#clinic=([\w-]+)\)", told(text).page)[1]
    assert base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)).decode() == text
    assert "#clinic=" not in told(text, SITE_URL="").page
    assert "#clinic=" not in told(text + "# long\n" * 5000).page


def test_in_a_thin_copy_the_guides_own_files_are_looked_at_where_they_are(told):
    """Links to the settings lead to the project, links to the clinic's lines to the clinic's own repository."""
    text = (BAD / "many-faults.yml").read_text("utf-8")
    assert "https://github.com/elm/guide/blob/main/docs/en/staff/keys.md" in told(text).page
    page = told(text, GUIDE="hill/ketamine-guide/blob/v1").page
    assert "https://github.com/hill/ketamine-guide/blob/v1/docs/en/staff/keys.md" in page and "https://github.com/elm/guide/edit/main/clinic.yml#L5" in page


COUNTRIES = sorted(countries.packs())


@pytest.mark.parametrize("key", [name for name, field in Clinic.model_fields.items() if field.examples])
def test_every_example_is_taken(tmp_path, key):
    """An example for a key of clinic.yml, in each country, is a line that the check accepts."""
    given = {code: examples.example(key, code) for code in COUNTRIES}
    if key in ("phone", "after_hours_phone"):
        assert all(given.values())
    for code, line in given.items():
        path = tmp_path / f"{code}.yml"
        path.write_text("\n".join([line, *([] if key == "country" else [f"country: {code}"])]), "utf-8")
        assert [problem.told for problem in file.read(path)[1] if line and problem.key == key] == []


def test_a_sheet_without_room_is_told_at_the_text_to_shorten():
    """What the sheets say becomes a problem at the line of the first text that they name."""
    path = CLINICS / "us-three-locations.yml"
    line = next(n for n, text in enumerate(path.read_text("utf-8").splitlines(), 1) if text.lstrip().startswith("parking:"))
    found = report.sheet_does_not_fit(path, "print/handout.pdf does not fit on 2 pages in 12 point type. Shorten in clinic.yml: locations[0].parking (200 characters), name (80 characters).")
    assert (found.line, found.key) == (line, "locations[0].parking")
    assert found.message == "print/handout.pdf does not fit on 2 pages in 12 point type" and found.hint.startswith("Shorten in clinic.yml: locations[0].parking")
    assert report.sheet_does_not_fit(path, "print/handout.pdf does not fit.").line == 1


def test_a_sheet_without_room_is_told_on_the_page_of_the_run(tmp_path, monkeypatch):
    """When a build stops for it, the run's page and an annotation say so as for any other mistake; another reason is left to the log."""
    page = tmp_path / "summary.md"
    for name, value in {**GITHUB, "GITHUB_STEP_SUMMARY": str(page)}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(file, "chosen", lambda: CLINICS / "us-three-locations.yml")
    finish.tell(finish.Unfinished("not fit"))
    assert not page.exists()
    finish.tell(finish.TooLong("print/handout.pdf does not fit on 2 pages. Shorten in clinic.yml: name (80 characters)."))
    assert "Nothing new was published" in page.read_text("utf-8") and "### Name" in page.read_text("utf-8")


def test_the_summary_shows_what_was_typed_as_text(told):
    """Markup in a value stays text on the page of the run, and a pull request's link leads to its own branch."""
    page = told((CLINICS / "minimal.yml").read_text("utf-8").replace("name: Elm", "name: Elm\nlanguages: ['<b>*x*</b> [a](b) `c` &amp;']"),
                GITHUB_REF_NAME="12/merge", GITHUB_HEAD_REF="new phone").page
    assert r"“\<b\>\*x\*\</b\> \[a\](b) \`c\` \&amp;”" in page
    assert "You wrote: `` languages: ['<b>*x*</b> [a](b) `c` &amp;'] ``" in page
    assert "(https://github.com/elm/guide/edit/new%20phone/clinic.yml#L2)" in page


def test_a_right_file_leaves_no_summary(tmp_path):
    """There is nothing to put right, so nothing is written."""
    page = tmp_path / "summary.md"
    checked = run(CLINICS / "minimal.yml", GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=str(page))
    assert (checked.code, page.exists()) == (0, False)


def test_a_bad_clinic_file_stops_the_build_before_anything_is_written(project):
    """A build from a file with faults ends with 1, prints every problem and no traceback, and writes no site."""
    shutil.copy(BAD / "many-faults.yml", project / "clinic.yml")
    built = build(project, sheets=False)
    assert built.code == 1
    assert not built.site.exists()
    assert "Traceback" not in built.output
    assert [line for line in built.output.splitlines() if line.startswith("clinic.yml:")] == [f"clinic.yml:{line}" for line in golden("many-faults")]


# ---- a green run --------------------------------------------------------------------------------------------------

@pytest.fixture
def green(tmp_path, monkeypatch):
    """A function that writes the page of a green run for tests/clinics/good/NAME.yml with these changes."""
    def of(name, changed=None):
        page = tmp_path / "summary.md"
        page.unlink(missing_ok=True)
        monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(page))
        monkeypatch.setenv("SITE_URL", SITE)
        monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)
        ready.tell(Edition.of(file.SAMPLE if name == "sample" else CLINICS / f"{name}.yml"), changed)
        return page.read_text("utf-8") if page.exists() else ""
    return of


def test_a_green_run_says_what_to_look_at_and_what_patients_rely_on(green):
    """The address, five pages with links, every number to be called, and what patients are told of the clinic's own doing."""
    page = green("us-three-locations")
    assert f"<{SITE}>" in page and page.count(f"]({SITE}") == 5 + ("[For clinics]" in page)
    edition = Edition.of(CLINICS / "us-three-locations.yml")
    assert page.count("Call it now") == 2 + sum(bool(place.phone) for place in edition.clinic.locations) - (edition.clinic.after_hours_phone == "none")
    for rule in ("watch", "escort", "stay"):
        assert report.plain(edition.plain.rules[rule].you) in page


def test_nothing_is_promised_for_the_sample(green):
    """The sample clinic's numbers are nobody's, so nobody is asked to call them."""
    assert green("sample") == ""


def test_a_night_number_that_is_the_day_number_is_asked_about(green, tmp_path, monkeypatch):
    """Whoever types one number twice is asked if somebody answers at night."""
    text = (CLINICS / "minimal.yml").read_text("utf-8").replace("after_hours_phone: none", "after_hours_phone: (212) 555-2368")
    (tmp_path / "clinic.yml").write_text(text, "utf-8")
    assert any("3 in the morning" in line for line in ready.promises(Edition.of(tmp_path / "clinic.yml")))
    assert not any("3 in the morning" in line for line in ready.promises(Edition.of(CLINICS / "minimal.yml")))


def test_a_green_run_says_which_sheets_to_print_again(green):
    """Each sheet that reads otherwise is named; where none does, the printed ones hold; where nobody can say, the clinician reads again."""
    assert "The sheets that you have printed still hold." in green("minimal", changes.Changes("Dr. A’s check on 2026-01-01"))
    page = green("minimal", changes.Changes("Dr. A’s check on 2026-01-01", ("**Rule “alcohol”**: now “48”. Before: “24”.",), ("Going home",), ("Handout",)))
    assert "**Print again: Handout**" in page and "- **Rule “alcohol”**: now “48”. Before: “24”." in page and "Going home" in page
    assert "read the rules and signs again" in green("minimal", changes.Changes("x", unknown="it no longer runs", sheets=("Handout",)))


# ---- what changed since the review --------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def elm():
    """The smallest clinic."""
    return Edition.of(CLINICS / "minimal.yml")


def spoiled(edition, swaps):
    """The lines of an edition with other words in some."""
    lines = edition.plain.lines()
    for old, new in swaps:
        assert any(old in line for line in lines), old
        lines = [line.replace(old, new) for line in lines]
    return lines


def test_nothing_changed_says_nothing(elm):
    """The same lines give no sentence."""
    assert changes.plain_words(elm.plain.lines(), elm) == ()


def test_another_number_in_a_rule_is_told_once_with_both_readings(elm):
    """A rule that says the same for patient, companion and in short is one sentence, with what was said before."""
    before = [re.sub(r"until 24 hours", "until 12 hours", line) if line.startswith("rule alcohol") else line for line in elm.plain.lines()]
    (told,) = changes.plain_words(before, elm)
    now = next(sentence for sentence in re.split(r"(?<=[.?!]) ", elm.plain.rules["alcohol"].you) if "until 24 hours" in sentence)
    assert told == f"**Rule “alcohol”**: now “{now}” Before: “{now.replace('until 24 hours', 'until 12 hours')}”"


def test_another_tier_of_a_sign_is_told_with_its_time_and_the_words_of_the_tiers(elm):
    """Who reads it sees the sign in words, not its id, and the cards' own names."""
    sign = next(sign for sign in elm.plain.signs.values() if sign.tier["later"] == "now")
    before = [f"{sign.id} later open" if line == f"{sign.id} later now" else line for line in elm.plain.lines()]
    assert changes.plain_words(before, elm) == (f"**Sign “{sign.short}”**, on later days: now **{elm.plain.tiers['now'].word}**. Before: {elm.plain.tiers['open'].word}.",)


def test_a_new_sign_and_one_that_is_gone_are_told(elm):
    """A sign that was not there is new, with its tiers; one that is no longer there is said to be gone."""
    sign = next(iter(elm.plain.signs.values()))
    without = [line for line in elm.plain.lines() if not line.startswith(f"{sign.id} ")]
    (new,) = changes.plain_words(without, elm)
    assert new.startswith(f"**New:** **Sign “{sign.short}”**.") and elm.plain.tiers[sign.tier["day"]].word in new
    (gone,) = changes.plain_words([*elm.plain.lines(), "z9 day now", "z9 you: You glow", "z9 short: Glowing"], elm)
    assert gone == "**No longer said:** **Sign “Glowing”**. It was: “You glow”."


def test_every_line_of_the_golden_files_counts(elm):
    """Whatever single line is missing, something is told: no line is passed over."""
    lines = elm.plain.lines()
    assert [line for n, line in enumerate(lines) if not changes.plain_words(lines[:n] + lines[n + 1:], elm)] == []


# ---- what search engines get --------------------------------------------------------------------------------------

def test_the_sample_is_for_no_search_engine(sample, clinic_site):
    """Every page of a site that no clinic has filled in tells search engines to stay away, and none is in its sitemap; a clinic's own pages for patients are."""
    def away(site):
        return {path.parent.name for path in site.rglob("*.html") if '<meta name="robots" content="noindex">' not in path.read_text("utf-8")}
    assert away(sample.site) == set() and "<loc>" not in (sample.site / "sitemap.xml").read_text("utf-8")
    own = clinic_site("england-infusions").site
    assert {"going-home", "prepare"} <= away(own) and not {"set-up", "handout"} & away(own)
    assert "/going-home/</loc>" in (own / "sitemap.xml").read_text("utf-8")


def test_pages_that_are_not_for_search_engines_are_not_in_the_sitemap(tmp_path):
    """A page with noindex is left out of sitemap.xml and its packed twin, at whatever path the site is; the others stay."""
    root = "https://elm.example/my%20guide/"
    hidden = {"": False, "going-home/": False, "staff/keys/": True}
    head = {address: '<meta name="robots" content="noindex">' if away else f'<link rel="canonical" href="{root}{address}">' for address, away in hidden.items()}
    pages = {f"{address}index.html": built_site.Page(f"<html><head>{inner}</head></html>") for address, inner in head.items()}
    listed = "".join(f"<url><loc>{root}{address}</loc></url>" for address in hidden)
    (tmp_path / "sitemap.xml").write_text(f"<urlset>{listed}</urlset>", "utf-8")
    (tmp_path / "sitemap.xml.gz").write_bytes(b"")
    finish._sitemap(tmp_path, pages)
    kept = (tmp_path / "sitemap.xml").read_text("utf-8")
    assert re.findall("<loc>(.*?)</loc>", kept) == [root, f"{root}going-home/"]
    assert gzip.decompress((tmp_path / "sitemap.xml.gz").read_bytes()).decode() == kept
