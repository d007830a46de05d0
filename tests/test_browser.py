"""The site in a real browser: readable by everyone, private, light, and useful without script."""

import gzip
import io
import json
import re

import pytest
import reading
from axe_playwright_python.sync_playwright import Axe
from conftest import served
from PIL import Image

PAGES = [page.removesuffix("index.md").removesuffix(".md") for page in reading.pages()]
ADDRESSES = sorted({f"{page.rstrip('/')}/" if page else "" for page in PAGES})
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}}


@pytest.fixture(scope="module")
def server(sample):
    """The address of a local server that shows the sample clinic's site."""
    with served(sample.site) as address:
        yield f"{address}ketamine-guide/"


@pytest.fixture
def view(chromium, request):
    """A function that opens a page of its own, with a width, a colour scheme, and with or without script."""
    contexts = []

    def of(width=360, scheme="light", script=True, **more):
        contexts.append(chromium.new_context(viewport={"width": width, "height": 740}, color_scheme=scheme, java_script_enabled=script, **more))
        return contexts[-1].new_page()

    yield of
    for context in contexts:
        context.close()


def found_by_axe(page):
    """What axe finds in light and in dark, as “scheme rule: place”. Only the rules on colour can differ in dark."""
    found = []
    for scheme, options in (("light", RULES), ("dark", {"runOnly": {"type": "rule", "values": ["color-contrast", "color-contrast-enhanced"]}})):
        page.emulate_media(color_scheme=scheme)
        found += [f"{scheme} {rule['id']}: {rule['nodes'][0]['target']} {rule['nodes'][0]['html'][:90]}"
                  for rule in Axe().run(page, options=options).response["violations"]]
    return found


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("address", [*ADDRESSES, "404.html"])
def test_axe_finds_nothing_on_any_page(view, server, address, width):
    """Every page passes every rule of axe, A to AAA and best practice, in light and dark."""
    page = view(width)
    page.goto(server + address)
    assert found_by_axe(page) == []


@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_with_menu_and_search_open(view, server, width):
    """The open menu and the open search with results pass, too."""
    page = view(width)
    page.goto(server + "going-home/")
    page.evaluate("document.querySelectorAll('.guide-menu, .guide-toc').forEach(part => { part.open = true })")
    assert found_by_axe(page) == []
    page.click(".guide-search")
    page.fill("#guide-query", "drive")
    page.wait_for_selector(".guide-results li")
    assert found_by_axe(page) == []


@pytest.mark.parametrize("word", ["drive", "pee", "taxi", "blood pressure", "kids", "work", "panic", "alcohol", "suicide", "pregnant"])
def test_search_finds_what_a_patient_types(view, server, word):
    """The first page found for an everyday word is one that has it in its text or its keywords."""
    page = view()
    page.goto(server)
    page.click(".guide-search")
    page.fill("#guide-query", word)
    page.wait_for_selector(".guide-results li a")
    first = page.locator(".guide-results li a").first.get_attribute("href").split("#")[0].removeprefix(server).strip("/")
    source = f"{first}.md" if first else "index.md"
    source = source if source in reading.pages() else f"{first}/index.md"
    assert word.split()[0] in (reading.DOCS / source).read_text("utf-8").lower()


def test_search_that_finds_nothing_gives_the_phone(view, server):
    """Nothing found: the search says so and gives the clinic's number."""
    page = view()
    page.goto(server)
    page.click(".guide-search")
    page.fill("#guide-query", "zzzzqq")
    page.locator(".guide-results [role=status]", has_text="Nothing found").wait_for()
    assert "(760) 555-0142" in page.locator(".guide-results [role=status]").inner_text()


@pytest.mark.parametrize("script", [True, False])
def test_no_page_asks_another_host_or_stores_anything(view, server, script):
    """With and without script no page asks another host, sets a cookie or stores a word."""
    page, asked = view(script=script), []
    page.on("request", lambda request: asked.append(request.url))
    for address in ADDRESSES:
        page.goto(server + address)
    assert [url for url in asked if not url.startswith((server, "data:"))] == []
    assert page.context.cookies() == []
    if script:
        page.click(".guide-search")
        page.fill("#guide-query", "secret")
        page.wait_for_timeout(500)
        assert page.evaluate("localStorage.length + sessionStorage.length") == 0
        assert [url for url in asked if not url.startswith((server, "data:", "blob:"))] == []


def test_the_policy_of_the_page_is_kept(view, server):
    """No page breaks its own content security policy, and the console stays empty."""
    page, said = view(), []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    for address in ADDRESSES:
        page.goto(server + address)
    page.click(".guide-search")
    page.wait_for_timeout(300)
    assert said == []


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_no_page_scrolls_sideways(view, server, width):
    """No page is wider than the screen, also with text twice as large."""
    page, wide = view(width), []
    for size in ("", "html { font-size: 250% !important }"):
        for address in ADDRESSES:
            page.goto(server + address)
            if size and width == 320:
                page.evaluate("document.documentElement.style.fontSize = '40px'")
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wide.append((address, page.evaluate("""[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)
                    .slice(0, 2).map(e => e.outerHTML.slice(0, 80))""")))
    assert wide == []


@pytest.mark.parametrize("script", [True, False])
def test_urgent_help_is_one_tap_away_everywhere(view, server, script):
    """Each page and the error page have Urgent help in the same place, on the first screen, at least 44 px high."""
    page, places = view(script=script), set()
    for address in [*ADDRESSES, "404.html"]:
        page.goto(server + address)
        box = page.locator(".guide-urgent").bounding_box()
        assert box["y"] < 300 and box["height"] >= 44 and box["width"] >= 44
        places.add((round(box["x"]), round(box["y"])))
    if not script:
        return
    assert len(places) == 1, places


def test_targets_are_large_enough(view, server):
    """Buttons, menu entries and numbers to call are at least 44 px high on a phone."""
    page, small = view(), []
    for address in ADDRESSES:
        page.goto(server + address)
        page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
        small += [f"{address}: {text}" for text in page.evaluate("""[...document.querySelectorAll('a.call, button, summary, .guide-menu a, .guide-toc a, .md-footer a, label')]
            .filter(e => e.offsetParent && e.getBoundingClientRect().height < 43.5).map(e => e.outerHTML.slice(0, 90))""")]
    assert small == []


def test_everything_can_be_done_by_keyboard(view, server):
    """Skip link, menu, urgent help and search are reached and used by keyboard, and focus shows and is never covered."""
    page = view()
    page.goto(server + "going-home/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    reached = []
    for _ in range(60):
        page.keyboard.press("Tab")
        state = page.evaluate("""(() => { const e = document.activeElement, box = e.getBoundingClientRect(), head = document.querySelector('.md-header').getBoundingClientRect()
            const style = getComputedStyle(e)
            return [e.className || e.tagName, e.closest('.md-header, .md-banner') !== null || box.top >= head.bottom - 1 || box.bottom > head.bottom, style.outlineStyle !== 'none'] })()""")
        reached.append(state[0])
        if state[0] == "BODY":
            continue
        assert state[1] and state[2], state
    assert "guide-urgent" in reached and "guide-search" in reached and "SUMMARY" in reached
    page.focus(".guide-search")
    page.keyboard.press("Enter")
    page.wait_for_selector(".guide-results[open]")
    page.keyboard.type("drive")
    page.keyboard.press("Enter")
    page.locator(".guide-results li a:focus").wait_for()
    page.wait_for_timeout(300)
    assert page.evaluate("document.activeElement.tagName") == "A", "a late answer took the links away from under the focus"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.className") in ("guide-search", "") or not page.locator(".guide-results[open]").count()


def test_the_first_view_is_light(view, server, sample):
    """The first view of a patient page asks for two or three files and costs at most 16,000 bytes on the wire; a further page costs 9,300, the list of all sources 10,500."""
    heavy = {}
    for address in [address for address in ADDRESSES if not address.startswith("staff/")]:
        page, asked = view(), []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.goto(server + address)
        page.wait_for_load_state("networkidle")
        files = {url.removeprefix(server) or "index.html" for url in asked if url.startswith(server) and not url.endswith(".png")}
        assert files - {"assets/open.js"} == {address or "index.html", "assets/guide.css"}
        paths = [sample.site / name / "index.html" if (sample.site / name).is_dir() else sample.site / name for name in files]
        costs = {path.name: len(gzip.compress(path.read_bytes(), 6)) + 340 for path in paths}
        if sum(costs.values()) > 16_000 or costs["index.html"] > (10_500 if address == "sources/" else 9_300):
            heavy[address] = costs
    assert heavy == {}


NIGHTS = {"zone": "Pacific/Auckland", "night": False, "whole": True, "spans": [[9840, 10440, "Sunday", "8 pm", "6 am"], [360, 1440, "Monday", "6 am", "midnight"]]}
PART = {"zone": "UTC", "night": True, "whole": False, "spans": [[480, 960, "Monday", "08:00", "16:00"]]}
ALWAYS = {"zone": "UTC", "night": True, "whole": True, "spans": [[day * 1440, day * 1440 + 1440, "", "midnight", "midnight"] for day in range(7)]}


@pytest.mark.parametrize(("week", "moment", "said"), [
    (None, "2026-11-23T18:00:00Z", "Open now, until 5:00 PM."),
    (None, "2026-11-24T00:59:00Z", "Open now, until 5:00 PM."),
    (None, "2026-11-24T01:00:00Z", "Closed now. We open at 8:30 AM on Tuesday. Call the number for when we are closed."),
    (None, "2026-11-23T14:00:00Z", "Closed now. We open at 8:30 AM today. Call the number for when we are closed."),
    (None, "2026-11-27T20:30:00Z", "Closed now. We open at 1:00 PM today. Call the number for when we are closed."),
    (None, "2026-11-28T20:00:00Z", "Closed now. We open at 8:30 AM on Monday. Call the number for when we are closed."),
    (NIGHTS, "2026-11-22T12:00:00Z", "Open now, until midnight."),  # 01:00 on Monday in Auckland
    (NIGHTS, "2026-11-23T12:00:00Z", "Closed now. We open at 8 pm on Sunday."),
    (PART, "2026-11-23T09:00:00Z", "Open now, until 16:00."),
    (PART, "2026-11-24T09:00:00Z", None),
    (ALWAYS, "2026-11-24T09:00:00Z", "Open now."),
])
def test_the_clinics_own_clock_says_if_it_is_open(view, server, week, moment, said):
    """By its usual hours and its own time zone, on a phone in another one; silent where the hours of a day are not known."""
    page = view(timezone_id="Asia/Tokyo")
    if week:
        page.route("**/prepare/", lambda route: route.fulfill(response=(got := route.fetch()), body=re.sub(
            r"data-week='[^']*'", lambda _: f"data-week='{json.dumps(week)}'", got.text())))
    page.clock.set_fixed_time(moment)
    with page.expect_response("**/assets/open.js"):
        page.goto(server + "prepare/")
    page.wait_for_timeout(200)
    line = page.locator(".open-now")
    assert (line.locator("b").inner_text() if line.is_visible() else None) == said


def test_dark_follows_the_system(view, server):
    """With a dark system the page is dark, without script."""
    page = view(scheme="dark", script=False)
    page.goto(server)
    picture = page.screenshot(clip={"x": 0, "y": 600, "width": 8, "height": 8})
    assert Image.open(io.BytesIO(picture)).convert("L").getpixel((4, 4)) < 60


def test_a_ticked_box_is_forgotten(view, server):
    """A box that is ticked is not remembered after a reload in a new window."""
    page = view()
    page.goto(server + "prepare/")
    page.locator("ul.ticks input").first.check()
    other = page.context.new_page()
    other.goto(server + "prepare/")
    assert not other.locator("ul.ticks input").first.is_checked()


def test_a_page_prints_well(view, server):
    """Printed from the browser a page keeps its text at 12 points, its numbers to call and its address, and drops the menu."""
    page = view(1280)
    page.goto(server + "going-home/")
    page.emulate_media(media="print")
    assert not page.locator(".md-header").is_visible() and not page.locator(".guide-menu").is_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('.md-typeset')).fontSize") == "16px"
    assert page.locator(".md-footer .address").is_visible()
    assert "(760) 555-0142" in page.locator(".md-footer").inner_text()


def test_the_table_is_cards_on_a_phone(view, server):
    """“Is this normal?” shows the level in words in each cell on a phone, and as a table on a wide screen."""
    narrow, wide = view(360), view(1280)
    for page in (narrow, wide):
        page.goto(server + "is-this-normal/")
    assert narrow.locator(".traffic-light .level").first.is_visible()
    assert not wide.locator(".traffic-light .level").first.is_visible()
    assert wide.locator(".traffic-light thead th").first.is_visible()
    for page in (narrow, wide):
        session = page.locator(".traffic-light tr", has=page.get_by_role("rowheader", name="During the session", exact=True))
        assert session.get_by_text("Tell staff at once").count() == 2
        assert not any(said.is_visible() for said in session.locator(".level", has_text="Call").all())
