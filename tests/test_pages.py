"""The words: every page is whole, easy to read, kind, and says no more than the facts do."""

import re

import pytest
import reading
import tinyhtml5
import yaml
from conftest import ROOT

from guide.clinic import file
from guide.edition import Edition
from guide.sheets import catalog
from guide.words.language import Language

DOCS = ROOT / "docs" / "en"
LANGUAGE = Language(DOCS)
PAGES = [page for page in reading.pages() if page not in catalog.PAGES]
PATIENT = [page for page in PAGES if not page.startswith("staff/")]
LISTS = yaml.safe_load((DOCS / "avoid.yml").read_text("utf-8"))
KEYS = {"title", "description", "tier", "facts", "keywords", "sheet", "noindex", "hide", "search"}
EXEMPT_NUMBERS = {"staff/for-clinics.md", "staff/teach-back.md", "staff/keys.md"}


def text(page):
    return (DOCS / page).read_text("utf-8")


def html(said):
    """The words of a rule as an element."""
    return tinyhtml5.parse(f"<!doctype html><body>{said}", namespace_html_elements=False).find("body")


def plain(element):
    return " ".join("".join(element.itertext()).split())


@pytest.mark.parametrize("page", PAGES)
def test_front_matter_is_whole(page):
    """Each page has a title, a description that a search engine can show, its tier and its facts, and no other key."""
    meta = reading.meta(page)
    assert set(meta) <= KEYS and {"title", "description", "tier", "facts"} <= set(meta)
    assert 30 <= len(meta["description"]) <= 160
    assert "{" not in meta["title"] + meta["description"]


@pytest.mark.parametrize("page", PATIENT)
def test_each_page_answers_before_it_explains(page):
    """A patient page begins with its title, says something before the first part, and ends with who checked it."""
    body = text(page).split("---\n", 2)[2].strip()
    assert body.startswith("# ") and body.endswith("{{ page_foot(facts) }}")
    assert len(body.split("\n## ")[0].splitlines()) > 2
    assert "This page tells you" not in body


@pytest.mark.parametrize("page", PATIENT)
def test_no_warning_is_folded(page):
    """What is folded is background: no sign, rule, number to call or care card stands in it."""
    for fold in re.findall(r"^\?\?\?.*\n((?:    .*\n|\n)*)", text(page), re.M):
        assert not re.search(r"\{\{ (sign|signs|rule|they|phone|call|emergency|first_aid|mood|no_answer)\b|^ *!!! ", fold, re.M), fold[:80]


def test_signs_and_tiers_come_from_the_table_alone(sample):
    """Each sign and rule on a page has the words of rules.yml, and no page but the staff's writes a card by hand."""
    edition = Edition.of(file.SAMPLE)
    told = {key: {plain(html(getattr(sign, who))) for who in ("you", "they", "short")} for key, sign in edition.rules.signs.items()}
    rules = {key: {plain(html(getattr(rule, who))) for who in ("you", "they", "short")} for key, rule in edition.rules.rules.items()}
    seen = set()
    for page in reading.pages():
        for element in reading.article(sample.site, page).iter():
            if key := element.get("data-sign"):
                seen.add(key)
                assert plain(element).rstrip(".") in {said.rstrip(".") for said in told[key]}, (page, key)
            key = element.get("data-rule", "")
            if key and element.tag == "span":
                seen.add(key)
                assert plain(element) in rules[key], (page, key)
        if page in PATIENT:
            assert re.findall(r"^!!! (emergency|crisis|now|normal|staff)\b", text(page), re.M) == [], page
    assert {key for key in told if key != "s1"} <= seen
    assert {"drive", "food", "leave", "escort", "alcohol"} <= seen


@pytest.mark.parametrize("page", reading.pages())
def test_one_sentence_a_line(page):
    """Prose has one sentence a line, so that a review reads as a diff."""
    many = [line for line in text(page).split("---\n", 2)[2].splitlines()
            if re.match(r"[A-Z]", line) and re.search(r"[a-z)][.!?] [A-Z]", re.sub(r'"[^"]*"', "", line)) and "{{ rule." not in line]
    assert many == []


@pytest.mark.parametrize("page", reading.pages())
def test_every_fact_that_a_page_names_is_in_the_register(page):
    """A page names only facts that facts.yml has."""
    assert set(reading.meta(page)["facts"]) <= set(LANGUAGE.facts)


def test_every_fact_names_a_source_that_is_there():
    """Each fact rests on at least one source of sources.yml, and each source is used."""
    used = {code for fact in LANGUAGE.facts.values() for code in fact.sources}
    assert used == set(LANGUAGE.sources)


def test_known_facts_publish_no_figure():
    """What nobody has read in its source is said without figures."""
    assert [key for key, fact in LANGUAGE.facts.items() if fact.mark == "known" and re.search(r"\d+(\.\d+)?%|\d+ in \d+", fact.says)] == []


def numbers_in(said):
    """Every number in a text; a time span, a date or a share is told by its numbers."""
    return {number.replace(",", "").rstrip(".") for number in re.findall(r"\d[\d,]*(?:\.\d+)?", said)}


def allowed(page):
    """Numbers that a page may show: those of its facts, also rounded to whole people, and those of the clinic and its country."""
    facts = [LANGUAGE.facts[key].says for key in reading.meta(page)["facts"]]
    from_facts = {number for said in facts for number in numbers_in(said)}
    rounded = {str(int(float(number) + 0.5)) for number in from_facts}
    edition = Edition.of(file.SAMPLE)
    clinic, view = edition.clinic, edition.said
    from_clinic = numbers_in(re.sub(r"&#\d+;", " ", str(view) + str(clinic.model_dump())))
    return from_facts | rounded | from_clinic | {"100"}


@pytest.mark.parametrize("page", [page for page in reading.pages() if page not in EXEMPT_NUMBERS])
def test_every_number_on_a_page_comes_from_its_facts(page):
    """A number in a page's own words belongs to a fact that the page names, or is the clinic's or the country's."""
    own = re.sub(r"\{\{.*?\}\}|\{%.*?%\}|\]\([^)]*\)|<[^>]*>|CC BY 4\.0|WCAG 2\.2|^\d+\. ", " ", text(page).split("---\n", 2)[2], flags=re.M)
    assert numbers_in(own) - allowed(page) == set()


@pytest.mark.parametrize("key", LANGUAGE.numbers)
def test_pictures_show_the_figures_of_their_fact(key):
    """Each 100-person picture draws the exact figure of a fact that was read, rounded to whole people."""
    number = LANGUAGE.numbers[key]
    fact = LANGUAGE.facts[number.fact]
    assert fact.mark == "seen"
    for group in number.groups:
        assert f"{group.exact:g}" in numbers_in(fact.says)
        assert group.in_100 == int(group.exact + 0.5)
    assert str(number.people) in numbers_in(fact.says)


@pytest.mark.parametrize("page", reading.pages())
def test_reading_grade(page, sample):
    """Each page keeps to the limits of its tier: grade, longest sentence, mean, long words."""
    limit = reading.LIMITS[reading.meta(page)["tier"]]
    if page == "staff/keys.md":
        return
    told = reading.score(reading.sentences(reading.article(sample.site, page)))
    assert told.grade <= limit.grade and told.longest <= limit.longest and told.poly <= limit.poly, told
    assert told.ease >= limit.ease and (told.sentences < 30 or told.smog <= limit.smog), told
    assert told.mean <= limit.mean, told


def test_reading_grade_of_the_whole(sample):
    """Weighted by words, the patient pages read at grade 5 or below."""
    told = [reading.score(reading.sentences(reading.article(sample.site, page))) for page in PATIENT]
    assert sum(page.grade * page.words for page in told) / sum(page.words for page in told) <= 5


def test_every_page_is_rated_and_each_lost_point_has_its_reason():
    """Each patient page has its PEMAT-P and CDC points, and a reason wherever a point is lost."""
    rows = {row["page"]: row for row in LANGUAGE.scores if not row["page"].startswith("print/")}
    for page in PATIENT:
        if page.startswith("print/"):
            continue
        for kind in ("pemat_understand", "pemat_act", "cdc"):
            got, most = map(int, rows[page][kind].split(" of "))
            assert got == most or rows[page]["lost"], page


def test_the_published_scores_are_up_to_date(sample):
    """The grades on About this guide are those of the pages as they are now."""
    published = {row["page"]: (row["grade"], row["longest"]) for row in LANGUAGE.scores}
    measured = {}
    for page in reading.pages():
        if reading.meta(page)["tier"] != "staff":
            told = reading.score(reading.sentences(reading.article(sample.site, page)))
            measured[page] = (round(told.grade, 1), told.longest)
    assert published == measured


@pytest.mark.parametrize("entry", LISTS, ids=[entry["say"] for entry in LISTS])
def test_words_that_hurt_or_promise_are_not_used(entry):
    """No page and no data file uses a word of the lists; each entry of avoid.yml gives the reason."""
    hits = []
    for path in sorted([*DOCS.rglob("*.md"), *DOCS.glob("*.yml")]):
        if path.name in ("against.yml", "avoid.yml", "find.yml", "sources.yml", "scores.yml", "ratings.yml"):
            continue
        for line, said in enumerate(path.read_text("utf-8").splitlines(), 1):
            if path.name == "facts.yml" or said.strip().startswith(("keywords:", "find:", "#")) or any(said.find(allow) >= 0 for allow in entry.get("but", [])):
                continue
            if re.search(entry["say"], said, re.I):
                hits.append(f"{path.relative_to(DOCS)}:{line}: {said.strip()[:90]}")
    assert hits == [], entry["why"]


def test_only_the_rules_say_when_to_drive():
    """No page words the driving rule by hand; the list of false claims in adverts may quote one."""
    hand = re.compile(r"(drive|driving)[^.\n]*\b(\d+ hours|after \d|same day)", re.I)
    assert [f"{page}: {line}" for page in reading.pages() for line in text(page).splitlines() if hand.search(line) and "{{" not in line and not page.startswith("staff/") and not line.strip().startswith("- says you can")] == []


@pytest.mark.parametrize(("clinic", "gone", "stays"), [
    ("spray-only", r"drip (runs|goes|starts)|before the drip|after the drip", "nasal spray"),
    ("england-infusions", r"before the spray|after the last spray|two hours after the spray", "drip"),
])
def test_a_page_shows_only_what_the_clinic_offers(clinic_site, clinic, gone, stays):
    """A clinic with one treatment shows no steps of another one; the comparison of all ways stays."""
    site = clinic_site(clinic).site
    for page in ("treatment-day.md", "prepare.md", "going-home.md", "print/handout.md"):
        said = plain(reading.article(site, page))
        assert not re.search(gone, said, re.I), page
    compared = plain(reading.article(site, "is-it-for-me.md"))
    assert "nasal spray" in compared and "vein" in compared


@pytest.mark.parametrize(("clinic", "number", "crisis", "said", "not_said"), [
    ("england-infusions", "999", "116 123", "A&E|be sick|being sick", "911|throw up|throwing up|the ER"),
    ("germany", "112", "0800 111 0 111", "being sick", "911|999"),
])
def test_numbers_and_words_follow_the_country(clinic_site, clinic, number, crisis, said, not_said):
    """Emergency number, crisis line and everyday words are those of the clinic's country."""
    site = clinic_site(clinic).site
    urgent = plain(reading.article(site, "urgent-help.md"))
    assert number in urgent and crisis in urgent
    everything = " ".join(plain(reading.article(site, page)).partition("About this page")[0]
                          for page in PATIENT if page not in ("words-and-sources.md", "sources.md", "does-it-work.md", "about.md"))
    assert re.search(said, everything)
    assert not re.search(rf"\b({not_said})\b", everything)


def test_urgent_help_begins_with_the_numbers(sample):
    """After the title and one line come the number to call, before any other heading."""
    children = [child for child in reading.article(sample.site, "urgent-help.md") if isinstance(child.tag, str)]
    first_call = next(n for n, child in enumerate(children) if child.find(".//a[@class='call emergency']") is not None or child.get("class") == "call emergency")
    first_h2 = next(n for n, child in enumerate(children) if child.tag == "h2")
    assert first_call < first_h2


@pytest.mark.parametrize("page", PATIENT)
def test_every_mention_of_suicide_stands_near_help(page, sample):
    """A page that speaks of suicide has a number to call or a link to Urgent help in its own text."""
    element = reading.article(sample.site, page)
    if "suicid" in plain(element).lower():
        links = [link.get("href") for link in element.iter("a")]
        assert any(href and ("urgent-help" in href or href.startswith("tel:")) for href in links) or page == "urgent-help.md"


def test_a_reviewed_guide_says_who_checked_it(clinic_site):
    """With a review in clinic.yml each page names the clinician and the next check, and no banner says the opposite."""
    site = clinic_site("england-infusions").site
    for page in PATIENT:
        html = (site / page.replace("index.md", "").replace(".md", "") / "index.html").read_text("utf-8")
        assert "Next check:" in html
        assert "No clinician has checked this guide yet" not in html


def test_the_glossary_is_easy():
    """Each term is explained in at most 20 words."""
    assert [term.term for term in LANGUAGE.glossary if len(term.means.split()) > 20] == []


def test_headings_do_not_skip_a_level(sample):
    """Every page goes from h1 to h2 to h3 without a gap, cards included."""
    for page in reading.pages():
        levels = [int(element.tag[1]) for element in reading.article(sample.site, page).iter() if isinstance(element.tag, str) and re.fullmatch("h[1-6]", element.tag)]
        assert levels[0] == 1 and levels.count(1) == 1
        assert all(after - before <= 1 for before, after in zip(levels, levels[1:])), (page, levels)
