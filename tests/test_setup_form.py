"""The page Set up your clinic in a real browser: what it writes is right, what it refuses is wrong, and it keeps to itself."""

import base64
import datetime
import json
import random
import shutil
import zoneinfo
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from conftest import CLINICS, EPOCH, ROOT, build, copy, served

from guide.clinic import file
from guide.edition import Edition
from guide.pages.blocks import Blocks
from guide.setup import form

PAGE = "staff/set-up/"
REMOTE = '[core]\n\tbare = false\n[remote "origin"]\n\turl = {}\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n[branch "main"]\n\tremote = origin\n'
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}, "resultTypes": ["violations"]}
OPEN_ALL = "document.querySelectorAll('.setup details').forEach(part => { part.open = true })"
TAKE_OVER = """async text => {
    const part = name => document.getElementById(`setup-${name}`)
    part("old").value = text
    part("taken").textContent = part("old-error").textContent = ""
    part("take").click()
    for (let n = 0; n < 200 && !part("taken").textContent && !part("old-error").textContent; n++) await new Promise(done => setTimeout(done))
    return { unread: part("old-error").textContent, yaml: part("yaml").value,
              told: [...document.querySelectorAll("#setup-form .setup-error")].filter(e => !e.hidden && e.textContent).map(e => e.textContent) }
}"""

TAKE_ALL = f"""async texts => {{
    const took = []
    for (const text of texts) took.push(await ({TAKE_OVER})(text))
    return took
}}"""

HOSTILE = "A <b>& B | C* d_e_f {{ x }}"
TYPED = {
    "name": "O'Brien & <Söhne>: \"Kliník\" #1",
    "country": "US",
    "region": "no",
    "timezone": "America/New_York",
    "phone": "(212) 555-2368",
    "after_hours_phone": "none",
    "email": "o'brien+guide@brien-clinic.com",
    "website": "https://www.brien-clinic.com/?a=1&copy=2#top",
    "portal": "https://www.brien-clinic.com/a_b_c/(portal)*x*~y~$z$!",
    "privacy_policy": "https://www.brien-clinic.com/%7Bprivacy%7D",
    "languages": ["en"],
    "emergency": {"crisis_lines": [
        {"name": "# Line: one", "phone": "312-555-2377", "text": "HOME to 741741", "hours": "24 h & `more`", "url": "https://www.brien-clinic.com/line", "checked": "2026-11-20"},
        {"name": "null", "text": "741741", "hours": "~", "url": "https://www.brien-clinic.com/other", "checked": "2026-11-22"},
    ]},
    "locations": [
        {"name": "yes", "address": {"street": ["- dash", "{x}"], "city": HOSTILE, "region": "NJ", "postal_code": "07030"}, "phone": "(312) 555-2368 ext. 12",
         "hours": {"mon-thu": "08:30-17:00", "fri": ["08:30-12:00", "13:00-16:00"], "sat-sun": "closed"},
         "parking": "> Behind the house; [ring] twice: \\o/", "transit": "? Bus 5, 6", "access": "%y @z `q`", "entrance": "!door &a *b", "map": "https://maps.brien-clinic.com/?q=1"},
        {"name": "1e3", "address": {"street": "5 Main Street #200", "city": "New York: \"The 'City'\""}, "hours": {"wed": "20:00-06:00", "mon-tue": "24h"}},
        {"name": "true", "address": {"street": "0x1F", "city": "2026-11-22"}},
    ],
    "treatments": {
        "iv": {"session_minutes": "45", "stay_minutes": "90", "no_food_hours": "4", "no_drinks_hours": "1.75", "course": {"sessions": "8", "per_week": "0.5", "review_after": "4"}},
        "im": None,
        "sc": {"stay_minutes": "30"},
        "nasal_esketamine": {"stay_minutes": "120", "rems_certified": "true"},
        "sublingual": None,
        "oral": {"course": {"sessions": "1", "review_after": "1"}},
    },
    "visit": {"arrive_early_minutes": "0", "watched_by": "a nurse: \"Zoë\"", "watching": "in_room", "companion": "no", "private_room": "false", "interpreter": "free",
              "bring": ["- [ ] socks", "yes", "010", "‘soft’ – shoes…"], "pregnancy_test": "on_request", "stop_signal": "say \"stop\" or 'halt'"},
    "going_home": {"escort": "adult_or_medical_transport", "escort_stays_hours": "4", "driving": "next_day_after_sleep", "no_alcohol_hours": "48",
                   "no_decisions_hours": "24", "no_childcare_alone_hours": "12"},
    "cost": {"currency": "USD", "items": [{"label": "One: drip", "amount": "425.50", "includes": "{room}"}, {"label": "# two", "amount": "0"}],
             "insurance": "**All** plans <br> \\(x\\)", "cancel_hours": "0"},
    "team": [{"name": "Dr. <A> | B", "role": "{{ role }} & co", "register": "https://register.brien-clinic.com/?id=1"}, {"name": "-", "role": "[x]"}],
    "review": [{"by": "Dr. <A>", "role": "Psychiatrist", "on": "2026-11-22", "next": "2027-11-22"}],
    "complaints": "Write & tell <us>: *now* # please",
    "look": {"color": "#005a8c"},
}
"""What is typed into the form, as a reader of YAML who takes everything as text must find it. None: ticked, and no more."""

PASSES_HERE = {
    "phone-at-extra-cost": "the browser knows how long a number is, not which ones exist",
    "crisis-line-is-the-clinic": "the browser looks at one line at a time; the run compares", "crisis-line-nobody-can-reach": "the same",
    "crisis-line-text": "only the run knows how a line is reached", "crisis-line-with-two-numbers": "the same", "language-not-built": "the browser does not know which languages are built",
    "crisis-line-with-a-missing-digit": "the same, in a country without a pack",
    "emergency-of-another-country": "the same",
    "logo-name-too-long": "the browser cannot see the folder clinic/", "logo-not-a-png": "the same", "logo-too-large": "the same",
    "logo-missing": "the same", "logo-with-a-link": "the same", "logo-with-script": "the same",
    "floor-camera-drip": "the browser does not weigh one answer against another; the check does", "floor-camera-us-spray": "the same", "floor-camera-at-home": "the same",
    "floor-watched-by-a-camera": "the browser knows the words for nobody, not each device and relative", "floor-watched-by-a-relative": "the same",
    "empty-value-that-may-be-left-out": "put right by taking it over: what is empty is left out",
    "tab-after-the-colon": "put right by taking it over",
}
"""Files of tests/clinics/bad that the form does not refuse, with the reason."""

WORDED_FOR_A_FORM = {"is missing", "needs at least one treatment", "“+44 20 7946 0456” is not a working number in the United States"}
"""Messages of the form that the check words otherwise, because a form has no lines, or because it knows less."""

EDGES = {
    "name": ["x", "x" * 80, "ä" * 80, "😀" * 80, "x" * 81, "​", " x ", "Orchard-Row Ketamine CLINIC", "…"],
    "timezone": ["America/New_York", "US/Pacific", "UTC", "Etc/GMT+5", "Asia/Kolkata", "Asia/Calcutta", "america/new_york", "+05:00", "EST5EDT", "Mars/Olympus"],
    "phone": ["2125552368", "+1 212 555 2368", "1-212-555-2368", "(212) 555-2368 x12", "212.555.2368 #1", "001 212 555 2368", "+12125552368,ext 9", "212 555 236", "911", "988",
              "1-800-222-1222", "212 555 0142", "12", "1", "+44 20 7946 0456", "1800 FLOWERS", "212‐555‐2368", "2" * 18],
    "after_hours_phone": ["none", "NONE", "no", "212 555 0199"],
    "email": ["a@b-c.com", "a.b_c+d-e'f@sub.b-c.co.uk", "a@b", "a@@b.com", "a b@c-d.com", ".a@c-d.com", "a@c-d.com.", "ä@c-d.com", "a@example.org", "A@C-D.COM"],
    "website": ["https://a-b.com", "https://a-b.com:8080/x?y=1#z", "https://mühle-x.de", "https://a-b.com.", "HTTPS://a-b.com", "https://a_b.com", "https://a-b", "https://a-b.com/é",
                "https://1.2.3.4", "https://a-b.com:99999", "https://x.test", "https://a-b.com\\x", "https://u@a-b.com", "https://a-b.com/u@v", "https://" + "a-b.com/" + "x" * 284, "https://-a.com"],
    "visit.arrive_early_minutes": ["0", "60", "61", "007", "5.0", "5.5", "-1", "+5", "1e1", "٥", "5 min"],
    "visit.stop_signal": ["N/A", "nobody", "--", "None.", "no", "a nod"],
    "visit.watching": ["camera", "Camera", "tv"],
    "visit.private_room": ["true", "TRUE", "yes", "1"],
    "treatments.iv.no_drinks_hours": ["0.25", "0.5", "0.75", "0.8", "6", "6.25", "2.50"],
    "treatments.iv.course.per_week": ["0.5", "1.25", "3", "3.5", "0"],
    "treatments.iv.stay_minutes": ["29", "30", "360", "361", "60.5"],
    "treatments.iv.session_minutes": ["0", "19", "20", "240", "241"],
    "treatments.iv.no_food_hours": ["3", "4", "12"],
    "treatments.nasal_esketamine.no_food_hours": ["1", "2"],
    "treatments.nasal_esketamine.no_drinks_hours": ["0", "0.25", "0.5", "6"],
    "treatments.nasal_esketamine.stay_minutes": ["0", "119", "120", "360", "361"],
    "treatments.nasal_esketamine.rems_certified": ["true", "false", "True"],
    "going_home.no_alcohol_hours": ["0", "23", "24", "72", "73"],
    "going_home.no_decisions_hours": ["23", "24"],
    "going_home.escort_stays_hours": ["0", "3", "4", "24", "25"],
    "going_home.no_childcare_alone_hours": ["11", "12", "48", "49"],
    "going_home.escort": ["adult", "none", "nobody", "self"],
    "going_home.driving": ["next_day_after_sleep", "same_day", "12_hours"],
    "locations.0.address.postal_code": ["10001", "10001-1234", "1000", "10001 1234", "１０００１"],
    "locations.0.hours": [{"mon": "09:00-17:00"}, {"Mon – Fri": "09:00–17:00"}, {"sat-mon": "closed"}, {"mon": "24h", "tue": "24h"}, {"mon": "20:00-06:00", "tue": "05:00-09:00"},
                          {"sun": "20:00-06:00", "mon": "05:00-09:00"}, {"mon": "09:00-05:00"}, {"mon": "01:00-05:00"}, {"mon": ["13:00-17:00", "08:00-12:00"]}, {"mon": "00:00-24:00"},
                          {"mon": ["00:00-12:00", "12:00-24:00"]}, {"mon": "9:00-17:00"}, {"mon": "24:00-25:00"}, {"monday": "09:00-17:00"}, {"mon-fri": "closed", "wed": "24h"},
                          {"mon": "CLOSED"}, {"mon": ["closed", "09:00-10:00"]}, {"mon": "10:00-10:00"}, {"mon": "18:00-08:00"}, {"mon": "18:00-08:01"}, {"mon": "04:59-08:00"}],
    "review": [{"by": "x", "role": "y", "on": on, "next": then} for on, then in (
        ("2026-11-22", "2027-11-22"), ("2026-11-22", "2027-11-23"), ("2026-11-23", "2027-01-01"), ("2026-11-24", "2027-01-01"), ("2024-02-29", "2025-02-28"), ("2024-02-29", "2025-03-01"),
        ("2026-02-30", "2026-03-01"), ("2026-11-22", "2026-11-22"), ("22.11.2026", "2027-01-01"))],
    "look.color": ["#005a8c", "005a8c", "#05a", "#GGGGGG"],
    "cost": [{"currency": "USD"}, {"currency": "usd"}, {"currency": "DEM"}, {"items": [{"label": "x", "amount": "1"}]}, {"currency": "USD", "items": [{"label": "x", "amount": "20000.01"}]}],
    "emergency": [{"number": "911"}, {"number": "112"}, {"poison": "1-800-222-1222"}],
    "team": [[{"name": "x"}], [{"name": "x", "role": "y"}] * 20, [{"name": "x", "role": "y"}] * 21],
}
"""Values at the edges of the rules, each put into a file that is right otherwise."""
FLOORS = ("treatments.nasal_esketamine", "going_home", "review", "visit.stop_signal", "emergency", "treatments.iv", "locations.0.hours")


@pytest.fixture(scope="module", autouse=True)
def today():
    """The day on which the clinics of tests/clinics are right."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", EPOCH)
        yield datetime.datetime.fromtimestamp(int(EPOCH), datetime.UTC)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The address of a fork's site without a clinic.yml. Beside the page stand two like it: own/, of a clinic that has one, and loose/, of no repository."""
    folder = copy(tmp_path_factory.mktemp("fork"))
    (folder / ".git").mkdir()
    (folder / ".git" / "config").write_text(REMOTE.format("git@github.com:hill-clinic/ketamine-guide.git"), "utf-8")
    (folder / ".git" / "HEAD").write_text("ref: refs/heads/main\n", "utf-8")
    made = build(folder, sheets=False)
    assert made.code == 0, made.output
    page = (made.site / PAGE / "index.html").read_text("utf-8")
    begin, end = page.index('<div id="setup-manual">'), page.index('<script type="module"')
    described = form.description() | {"repository": form.repository(folder)}
    for name, more in (("own", {"exists": True}), ("loose", {"repository": None})):
        said = described | more
        (made.site / "staff" / name).mkdir()
        part = Blocks(Edition.of(file.SAMPLE)).fill("setup_form", **said, model=json.dumps(said).replace("<", "\\u003c")).split('<script type="module"')[0]
        (made.site / "staff" / name / "index.html").write_text(page[:begin] + part + page[end:], "utf-8")

    with served(made.site) as address:
        yield address


@pytest.fixture
def opened(chromium, server, today):
    """A function that opens the page. `asked` of what it gives gathers the address of every request, also of new tabs."""
    contexts = []

    def of(page="set-up", width=360, scheme="light", script=True, more=""):
        context = chromium.new_context(viewport={"width": width, "height": 600}, color_scheme=scheme, java_script_enabled=script)
        contexts.append(context)
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        context.route("https://github.com/**", lambda route: route.abort())  # only the address is looked at
        shown = context.new_page()
        shown.asked = []
        context.on("request", lambda request: shown.asked.append(request.url))
        shown.on("pageerror", lambda error: pytest.fail(str(error)))
        shown.clock.set_fixed_time(today)
        shown.goto(f"{server}staff/{page}/{more}")
        return shown

    yield of
    for context in contexts:
        context.close()


def found(page, *names):
    """The box or button that a person finds by these names: “Location 1”, “Hours”. Its step is shown, and what it is folded away in is opened."""
    return page.evaluate_handle("""async names => {
        const form = document.getElementById("setup-form"), said = label => (label.querySelector("span > span") ?? label.querySelector("span")).textContent
        const inside = (part, name) => [...part.querySelectorAll("fieldset, details")].find(inner => inner.firstChild.textContent === name)
        let part = form
        for (const name of names.slice(0, -1)) part = inside(part, name) ?? inside(form, name) ?? part
        const named = part => [...part.querySelectorAll("button")].find(button => button.textContent === names.at(-1))
            ?? [...part.querySelectorAll("label")].find(label => said(label) === names.at(-1))?.control
        const element = named(part) ?? named(form), step = element.closest("section")
        if (step.hidden) {
            document.querySelector(`#setup-steps a[href="#${step.id}"]`).click()
            while (step.hidden) await new Promise(done => setTimeout(done))
        }
        for (let fold = element; (fold = fold.parentElement.closest("details"));) fold.open = true
        return element
    }""", names).as_element()


def fill(page, fields, values, names=()):
    """Fill in `values` as a person would: by the names of boxes and buttons."""
    for field in (field for field in fields if field["key"] in values):
        value, here = values[field["key"]], (*names, field["label"])
        if field.get("kind") == "hours":
            for n, (days, times) in enumerate(value.items(), 1):
                found(page, *here, "Add a row").click()
                found(page, *here, f"Row {n}", "Days").fill(days)
                found(page, *here, f"Row {n}", "Times").fill(", ".join(times) if isinstance(times, list) else times)
        elif field.get("list"):
            for n, entry in enumerate(value, 1):
                if n > 1 or not field.get("needed"):
                    found(page, *here, f"Add a {field['row']}").click()
                name = (*here, f"{field['row'].capitalize()} {n}")
                fill(page, field["fields"], entry, name) if "fields" in field else found(page, *name).fill(entry)
        elif field.get("switch"):
            found(page, names[-1], field["label"]).check()
            fill(page, field["fields"], value or {}, here)
        elif "fields" in field:
            fill(page, field["fields"], value, here)
        elif field["kind"] in ("choice", "yes_or_no", "timezone"):
            found(page, *here).select_option(value)
        else:
            found(page, *here).fill("\n".join(value) if isinstance(value, list) else value)


def fields_of(page):
    """The fields that the page draws, in their order."""
    return page.evaluate("async () => (await import('../../assets/setup-check.js')).fields")


def typed_in(page, values):
    fill(page, fields_of(page), values)
    return page.locator("#setup-yaml").input_value()


def clinic_of(text, folder):
    """(clinic, problems) that file.read finds in a clinic.yml of that text."""
    path = folder / "clinic.yml"
    path.write_text(text, "utf-8")
    return file.read(path)


def minimal(**more):
    return yaml.load((CLINICS / "minimal.yml").read_text("utf-8"), yaml.BaseLoader) | more


def press(page):
    """Press the button that hands over to GitHub; gives the address that it opens, or nothing."""
    before = len(page.asked)
    page.click("#setup-github")
    page.wait_for_timeout(150)
    return next(iter(page.asked[before:]), None)


def test_everything_typed_comes_out_as_typed(opened, tmp_path):
    """A form filled in group by group, with text that means something to YAML, gives a file that is accepted and says just that."""
    page = opened()
    text = typed_in(page, TYPED)
    found = yaml.load(text, yaml.BaseLoader)
    found["treatments"] = {key: value or None for key, value in found["treatments"].items()}
    assert found == TYPED
    clinic, problems = clinic_of(text, tmp_path)
    assert problems == []
    assert clinic.name == TYPED["name"] and clinic.locations[0].address.street_lines == ["- dash", "{x}"] and clinic.locations[0].hours["fri"].spans == ((510, 720), (780, 960))
    assert page.locator("#setup-state").inner_text().startswith("Ready")


def test_nothing_leaves_the_page_before_the_button_is_pressed(opened, server):
    """Filling in, taking a file over, copying and downloading ask nobody for anything, and store nothing."""
    page = opened()
    before = list(page.asked)
    assert all(url.startswith(server) for url in before)
    text = typed_in(page, minimal())
    page.evaluate(TAKE_OVER, text)
    page.click("#setup-copy")
    with page.expect_download() as download:
        page.click("#setup-download")
    assert download.value.suggested_filename == "clinic.yml"
    assert download.value.path().read_text("utf-8") == text == page.evaluate("navigator.clipboard.readText()")
    assert [url for url in page.asked[len(before):] if not url.startswith("blob:") and not url.endswith("/assets/setup-read.js")] == []
    assert page.evaluate("localStorage.length + sessionStorage.length + document.cookie.length") == 0


def test_the_button_opens_github_with_the_file_filled_in(opened):
    """In a fork the new file is created in that fork, on its branch, with the whole text."""
    page = opened()
    text = typed_in(page, minimal(name=TYPED["name"]))
    address = urlsplit(press(page))
    assert (address.scheme, address.netloc, address.path) == ("https", "github.com", "/hill-clinic/ketamine-guide/new/main")
    assert parse_qs(address.query, keep_blank_values=True) == {"filename": ["clinic.yml"], "value": [text]}


def test_a_text_too_long_for_an_address_is_copied(opened):
    """Where GitHub would refuse the address, the button copies the text, opens the empty new file, and says so."""
    page = opened()
    text = typed_in(page, minimal(complaints="ü" * 600, visit={"watched_by": "a nurse", "bring": ["ö" * 80] * 6}))
    assert page.locator("#setup-paste").is_visible()
    assert press(page) == "https://github.com/hill-clinic/ketamine-guide/new/main?filename=clinic.yml"
    page.bring_to_front()
    assert page.evaluate("navigator.clipboard.readText()") == text
    assert "copied" in page.locator("#setup-status").inner_text()


def test_a_clinic_that_has_a_file_changes_it(opened):
    """After a file is taken over, and on a clinic's own site, the button copies the text and opens the editor."""
    page = opened()
    page.evaluate(TAKE_OVER, (CLINICS / "minimal.yml").read_text("utf-8"))
    assert press(page) == "https://github.com/hill-clinic/ketamine-guide/edit/main/clinic.yml"
    own = opened("own")
    typed_in(own, minimal())
    assert press(own) == "https://github.com/hill-clinic/ketamine-guide/edit/main/clinic.yml"


def packed(text):
    """A clinic.yml as the page of a run puts it behind the # of the form's address."""
    return f"#clinic={base64.urlsafe_b64encode(text.encode()).decode().rstrip('=')}"


def test_the_link_of_a_red_run_opens_the_form_filled_in(opened):
    """The refused file stands in the form with each problem at its box; nothing of it stays in the address, is stored or sent."""
    text = (CLINICS.parent / "run" / "several-problems.yml").read_text("utf-8")
    page = opened(more=packed(text))
    assert found(page, "Name").input_value() == "Lakeside Ketamine" and found(page, "Phone").input_value() == "312 555 43"
    assert found(page, "Locations", "Location 1", "Address", "City").input_value() == "Chicago"
    shown = page.evaluate("[...document.querySelectorAll('.setup-error')].filter(e => !e.hidden && e.textContent).map(e => e.textContent)")
    assert any(told.startswith("Phone: “312 555 43” is not") for told in shown)
    assert "Line 6: emial: the guide does not know this key here" in page.locator("#setup-old-error").inner_text()
    assert page.locator("#setup-taken").evaluate("element => element === document.activeElement")
    assert "1 thing" in page.locator("#setup-taken").inner_text()
    assert page.evaluate("location.hash") == "" and page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert all("clinic=" not in url for url in page.asked)
    before = page.locator("#setup-form .setup-error:not([hidden])").count()
    found(page, "Phone").fill("312 982 1230")
    assert page.locator("#setup-form .setup-error:not([hidden])").count() == before - 1


@pytest.mark.parametrize("more", ["#clinic=", "#clinic=%%%", "#clinic=A", "#clinic=_w", "#other"])
def test_a_link_that_was_cut_opens_the_empty_form(opened, more):
    """What is no file is left alone, and the form works."""
    page = opened(more=more)
    assert found(page, "Name").input_value() == "" and page.locator("#setup-all").is_visible()


def test_letters_of_every_kind_travel_in_the_link(opened):
    """Umlauts, emoji and quotes come out as typed."""
    page = opened(more=packed('name: "Mühle “Süd” 😀 %20 #1"\ncountry: GB\n'))
    assert found(page, "Name").input_value() == "Mühle “Süd” 😀 %20 #1"


def test_without_a_repository_the_text_can_be_copied(opened):
    """A site that no GitHub repository is known for offers Copy and Download, and says where to paste."""
    page = opened("loose")
    assert page.locator("#setup-github").count() == 0
    assert "Create new file" in page.locator("#setup-paste").inner_text()
    text = typed_in(page, minimal())
    page.click("#setup-copy")
    assert page.evaluate("navigator.clipboard.readText()") == text


@pytest.mark.parametrize(("remote", "name"), [
    ("https://github.com/hill/guide", "hill/guide"),
    ("https://github.com/hill/guide.git", "hill/guide"),
    ("https://user:secret@github.com/hill/my.guide.git", "hill/my.guide"),
    ("git@github.com:hill/guide.git", "hill/guide"),
    ("ssh://git@github.com/hill/guide", "hill/guide"),
    ("ssh://git@ssh.github.com:443/hill/guide.git", "hill/guide"),
    ("https://gitlab.com/hill/guide.git", None),
    ("https://github.com.evil.org/hill/guide", None),
    ("/srv/guide", None),
])
def test_the_repository_is_read_from_the_remote(tmp_path, remote, name):
    """Owner, name and branch come from git's own files, for https and ssh, without a password and only for GitHub."""
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_text(REMOTE.format(remote), "utf-8")
    (tmp_path / ".git" / "HEAD").write_text("ref: refs/heads/our/main\n", "utf-8")
    expected = name and {"name": name, "address": f"https://github.com/{name}", "branch": "our/main"}
    assert form.repository(tmp_path) == expected


def test_a_build_that_is_on_no_branch_has_no_repository(tmp_path):
    """A detached HEAD, as in a pull request, and a folder without git give no address."""
    assert form.repository(tmp_path) is None
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_text(REMOTE.format("https://github.com/hill/guide"), "utf-8")
    (tmp_path / ".git" / "HEAD").write_text("3d3c42e5aac5ba805825da76410c181273ba90b1\n", "utf-8")
    assert form.repository(tmp_path) is None


def test_a_good_file_is_taken_over_and_written_back(opened, tmp_path):
    """Each clinic of tests/clinics/good goes into the form without a complaint and comes out as the same clinic."""
    page = opened()
    paths = sorted(CLINICS.glob("*.yml"))
    taken = page.evaluate(TAKE_ALL, [path.read_text("utf-8") for path in paths])
    for path, came in zip(paths, taken, strict=True):
        assert (came["unread"], came["told"]) == ("", []), path.name
        folder = tmp_path / path.stem
        shutil.copytree(CLINICS / "clinic", folder / "clinic")
        clinic, problems = clinic_of(came["yaml"], folder)
        assert (clinic, problems) == (file.load(path), []), path.name


def test_a_file_is_chosen_from_the_computer(opened):
    """A file chosen with the file picker is taken over, and the page says what is lost."""
    page = opened()
    page.evaluate(OPEN_ALL)
    page.set_input_files("#setup-file", CLINICS / "night-clinic.yml")
    page.wait_for_selector("#setup-taken:focus")
    assert "without its notes" in page.locator("#setup-taken").inner_text()
    assert found(page, "Name").input_value() == "Night Lamp Ketamine Rooms"


def test_a_bad_file_is_refused_in_the_words_of_the_check(opened):
    """Each file of tests/clinics/bad is refused, by the reader or by the form, and the form says what the check says."""
    page = opened()
    paths = sorted((CLINICS.parent / "bad").glob("*.yml"))
    taken = page.evaluate(TAKE_ALL, [path.read_bytes().decode("utf-8", "replace") for path in paths])
    passed = {path.stem for path, came in zip(paths, taken, strict=True) if not came["unread"] and not came["told"]}
    assert passed <= set(PASSES_HERE)
    worded = set()
    for path, came in zip(paths, taken, strict=True):
        if came["told"] and not came["unread"]:
            messages = [problem.message for problem in file.read(path)[1]]
            worded |= {told.split(": ", 1)[1].split(". ")[0] for told in came["told"] if not any(message in told for message in messages)}
    assert worded <= WORDED_FOR_A_FORM


def with_value(place, value):
    """The text of a file that is right, but for what stands at `place`."""
    data = minimal(visit={"watched_by": "a nurse"}, going_home={}, look={}, treatments={"iv": {"course": {}}})
    if "nasal" in place:
        data["treatments"] = {"nasal_esketamine": {"rems_certified": "true"}}
    *above, last = place.split(".")
    part = data
    for step in above:
        part = part[int(step)] if isinstance(part, list) else part[step]
    part[last] = value
    return yaml.safe_dump(data, default_style='"', allow_unicode=True, width=9999)


def test_the_form_is_never_stricter_than_the_check_and_never_laxer_at_a_floor(opened, tmp_path):
    """At the edges of every rule: what the form refuses, the check refuses, and at a floor the other way round, too."""
    page = opened()
    cases = [(place, value, with_value(place, value)) for place, values in EDGES.items() for value in values]
    taken = page.evaluate(TAKE_ALL, [text for _, _, text in cases])
    stricter, laxer = [], []
    for (place, value, text), came in zip(cases, taken, strict=True):
        clinic, problems = clinic_of(text, tmp_path)
        refused = bool(came["unread"] or came["told"])
        if refused and clinic:
            stricter.append((place, value, came["unread"], came["told"]))
        elif not refused and problems and place.startswith(FLOORS):
            laxer.append((place, value, problems[0].told))
    assert (stricter, laxer) == ([], [])


def test_a_floor_gives_its_reason(opened):
    """What no setting gets under is refused with the reason, beside the box that it was typed into."""
    page = opened()
    typed_in(page, minimal(treatments={"nasal_esketamine": {"stay_minutes": "1 hour"}}, going_home={"no_alcohol_hours": "12"}))
    page.click("#setup-github")
    told = page.locator("#setup-form .setup-error").all_text_contents()
    assert any("patients stay at least 120 minutes after the spray, so 60 is too short" in text and "the US label asks for it" in text for text in told)
    assert any("at least 24 hours, so 12 is too short" in text and "clinics ask for 24 hours" in text for text in told)
    assert any("only certified clinics may give this spray" in text for text in told)


def test_text_of_every_kind_survives_writing_and_reading(opened):
    """Text of all signs, quotes, spaces and letters is the same after the form has written it and PyYAML or the form has read it."""
    chance = random.Random(1)
    signs = [*" \"'#:-{}[],&*!|>%@`?=~<\\/.$^()_+;\n".replace("\n", ""), "a", "Z", "0", "9", "ä", "–", "😀", ": ", " #", "- ", "null", "yes"]
    texts = list({" ".join("".join(chance.choices(signs, k=chance.randint(1, 9))).split()) for _ in range(3000)} - {""})
    page = opened()
    written, back = page.evaluate("""async texts => {
        const { writeYaml } = await import("../../assets/setup-yaml.js"), { readYaml } = await import("../../assets/setup-read.js")
        const written = writeYaml({ list: texts, map: Object.fromEntries(texts.map((text, n) => [`k${n}`, text])) })
        const { list, map } = readYaml(written).found
        return [written, [list, Object.values(map)]]
    }""", texts)
    read = yaml.load(written, yaml.BaseLoader)
    assert read["list"] == list(read["map"].values()) == texts
    assert back == [texts, texts]


YAML_OF_PEOPLE = """\
---
# a note
name: Plain text   # with a note
a list:
- one
- 'two: it''s'   # under its key
-   key: x
    other: [a, "b, c", {d: e, f: }, ]
-
  key: y
empty:
brackets: {mon-fri: 09:00-17:00, sat: [09:00-12:00,
    13:00-15:00], "sun" : closed,   # a note
  x: ~}
folded: >-
  Behind the house.

  Ring # twice.
kept: |
  one
   two
runs on: over
  two lines
"quoted key": "tab\\there \\u00e4 \\"x\\""
url: https://a-b.com/x?y=1#z
last: -5
"""


def test_files_as_people_write_them_are_read(opened):
    """The usual ways to write YAML by hand are read as guide/clinic/file.py reads them."""
    page = opened()
    found = page.evaluate("async text => (await import('../../assets/setup-read.js')).readYaml(text).found", YAML_OF_PEOPLE)

    def tidy(value):
        if isinstance(value, dict):
            return {key: tidy(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [tidy(inner) for inner in value]
        return None if value in ("", "~", None) else " ".join(value.split())

    assert tidy(found) == tidy(yaml.load(YAML_OF_PEOPLE, yaml.BaseLoader))


def test_what_cannot_be_read_is_kept(opened):
    """A file with something that the form does not read stays in its box, and the page says in which line it is."""
    page = opened()
    page.evaluate(OPEN_ALL)
    text = "name: Hill\nphone: &a 1\n"
    page.fill("#setup-old", text)
    page.click("#setup-take")
    page.wait_for_selector("#setup-old:focus")
    assert page.locator("#setup-old").input_value() == text
    assert page.locator("#setup-old-error").inner_text() == "Line 2: text cannot start with &. Put the text in quotes."
    assert page.locator("#setup-old").get_attribute("aria-invalid") == "true"


def test_what_is_wrong_is_told_at_its_box(opened):
    """A wrong value is told when its box is left and gone when it is right; the button leads to the first box that needs a look, in whatever step it is."""
    page = opened()
    found(page, "Country").fill("US")
    phone = found(page, "Phone")
    phone.fill("12")
    assert phone.get_attribute("aria-invalid") in (None, "false")
    page.keyboard.press("Tab")
    assert phone.get_attribute("aria-invalid") == "true"
    error = page.locator(f"#{phone.get_attribute('aria-describedby').split()[-1]}")
    assert "“12” is not a working number in the United States" in error.inner_text()
    phone.fill("(212) 555-2368")
    assert phone.get_attribute("aria-invalid") == "false" and error.is_hidden()
    assert press(page) is None
    assert page.evaluate("document.activeElement.closest('label').innerText").startswith("Name")
    typed_in(page, minimal(review=[{"by": "x"}]))
    assert page.locator("#setup-steps a", has_text="People and sign-off").inner_text().split("\n")[-1].strip() != "done"
    page.click("#setup-next")
    assert page.evaluate("document.activeElement.closest('label').innerText").startswith("Job") or page.locator("#setup-people").is_visible()
    assert page.evaluate("document.activeElement.checkVisibility()")


def test_rows_are_added_and_removed(opened):
    """A new row takes the focus, a removed one gives it to the button, the others are numbered again, the first keeps its address, and an only location stays."""
    page = opened()
    assert page.get_by_role("button", name="Remove location").count() == 0
    found(page, "Locations", "Add a location").click()
    assert page.evaluate("document.activeElement.closest('.setup-row').innerText").startswith("Location 2")
    found(page, "Location 2", "Address", "City").fill("Troy")
    found(page, "Remove location 1").click()
    assert page.evaluate("document.activeElement.textContent") == "Add a location"
    assert page.locator("#setup-start .setup-place").evaluate("slot => [...slot.querySelectorAll('input')].some(box => box.value === 'Troy')")
    assert "city: Troy" in page.locator("#setup-yaml").input_value()
    assert page.locator("#setup-status").inner_text() == "One location is removed."


def test_the_form_can_be_filled_in_by_keyboard(opened):
    """With the keys alone a person fills in what is needed, opens a folded part, adds a row, and opens GitHub."""
    page = opened()

    def to(label, more=60):
        for _ in range(more):
            page.keyboard.press("Tab")
            if page.evaluate("(document.activeElement.closest('label') ?? document.activeElement).innerText").startswith(label):
                return
        pytest.fail(f"{label} is not reached")

    for label, keys in (("Country", "U.S."), ("Name", "Elm"), ("Phone", "212 555 2368"), ("Number at night", "none"), ("Street", "1 Elm Street"), ("City", "New York"), ("Time zone", "Eastern")):
        to(label)
        page.keyboard.type(keys)
    to("Drip into a vein")
    page.keyboard.press("Space")
    to("Who watches")
    page.keyboard.type("a nurse")
    to("Where and when")
    page.keyboard.press("Enter")
    page.wait_for_selector("#setup-where-title:focus")
    to("Add a row")
    page.keyboard.press("Enter")
    page.keyboard.type("weekdays")
    page.keyboard.press("Tab")
    page.keyboard.type("9-12, 1-5")
    to("Yes, 09:00-12:00, 13:00-17:00")
    page.keyboard.press("Enter")
    to("Create clinic.yml on GitHub", 80)
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    text = parse_qs(urlsplit(page.asked[-1]).query)["value"][0]
    made = yaml.load(text, yaml.BaseLoader)
    assert made["locations"][0]["hours"] == {"mon-fri": ["09:00-12:00", "13:00-17:00"]}
    assert (made["country"], made["phone"], made["timezone"]) == ("US", "(212) 555-2368", "America/New_York")


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (360, "dark"), (1280, "light"), (1280, "dark")])
def test_the_page_is_for_everybody(opened, width, scheme):
    """Full, with everything open and things wrong: axe finds nothing, nothing scrolls sideways, and each target is 44 px high."""
    page = opened(width=width, scheme=scheme)
    page.evaluate(TAKE_OVER, (CLINICS / "us-three-locations.yml").read_text("utf-8").replace("(503) 555-2368", "12").replace("no_alcohol_hours: 48", "no_alcohol_hours: 1"))
    page.evaluate("document.querySelectorAll('.setup details').forEach(part => { part.open = true })")
    assert page.locator("#setup-form .setup-error:not([hidden])").count() == 2
    page.fill("#setup-old", "- x")
    page.click("#setup-take")
    page.wait_for_selector("#setup-old:focus")
    assert page.locator("#setup-old-error").is_visible()
    page.evaluate("document.querySelectorAll('#setup-form section').forEach(step => { step.hidden = false }); scrollTo(0, 0)")
    assert [f"{rule['id']}: {rule['nodes'][0]['html'][:120]}" for rule in Axe().run(page, options=RULES).response["violations"]] == []
    assert page.evaluate("""[...document.querySelectorAll(".setup :is(button, input:not([type=checkbox]), select, textarea, summary, label, #setup-problems a)")]
        .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 43.5).map(e => e.outerHTML.slice(0, 90))""") == []
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


FIRST = {"Country": "UK", "Part of the country": "England", "Name": "Elm Clinic", "Phone": "0044 1865 902522", "Number at night": "none", "Street": "1 Elm Street", "City": "Oxford",
         "Postal code": "ox37jx", "Who watches the patient": "a nurse"}


def test_the_first_screens_make_a_whole_guide(opened, tmp_path):
    """At 360 px whom to call begins within three screens, after at most eight keys; with those answered the file is right, and the preview says whom patients call."""
    page = opened()
    page.set_viewport_size({"width": 360, "height": 640})
    assert page.evaluate("document.getElementById('setup-preview').getBoundingClientRect().top + scrollY") < 3 * 640
    asked = page.evaluate("[...document.querySelectorAll('#setup-start .setup-fields > *')].filter(part => part.checkVisibility()).length")
    assert asked <= 8
    for name, typed in FIRST.items():
        found(page, name).fill(typed)
    found(page, "Drip into a vein (infusion)").check()
    assert page.evaluate("[...document.querySelectorAll('#setup-start .setup-fields > *')].filter(part => part.checkVisibility()).length") <= 8
    clinic, problems = clinic_of(page.locator("#setup-yaml").input_value(), tmp_path)
    assert problems == []
    assert (clinic.country, clinic.region, clinic.timezone, clinic.locations[0].address.postal_code) == ("GB", "England", "Europe/London", "OX3 7JX")
    told = page.locator("#setup-preview").inner_text()
    assert "01865 902522" in told and "111" in told and "999" in told and "NHS 111: select the mental health option" in told
    assert page.locator("#setup-state").inner_text().startswith("Ready")
    assert page.locator("#setup-steps a").first.inner_text().split()[-1] == "done"


@pytest.mark.parametrize(("names", "typed", "said"), [
    (("Country",), "U.S.", "Understood: United States"), (("Phone",), "212.555.2368", "Understood: (212) 555-2368"), (("Website",), "www.elm-clinic.com", "Understood: https://www.elm-clinic.com"),
    (("Escort stays, in hours",), "1 day", "Understood: 24"), (("Arrive early, in minutes",), "half past", ""), (("Arrive early, in minutes",), "15", ""), (("Arrive early, in minutes",), "1 hour", "Understood: 60")])
def test_what_is_understood_is_said_back(opened, names, typed, said):
    """Below a box stands what the guide makes of what was typed; nothing stands there where it is the same."""
    page = opened()
    found(page, "Country").fill("US")
    box = found(page, *names)
    box.fill(typed)
    assert box.evaluate("box => { const said = box.closest('.setup-field').querySelector('.setup-means'); return said.hidden ? '' : said.textContent }") == said


@pytest.mark.parametrize(("country", "names", "typed", "said"), [
    ("GB", ("Phone",), "02079460456", "Understood: 020 7946 0456"), ("GB", ("Phone",), "020 7946 0456", ""), ("IE", ("Phone",), "+353 1 234 5678", "Understood: (01) 234 5678"), ("GB", ("Number at night",), "n/a", "Understood: none"),
    ("GB", ("Phone",), "(555) 010-0142", ""), ("US", ("Who watches the patient",), "José, RN", "This may be somebody's name. "), ("US", ("Who watches the patient",), "Registered Nurse, RN", ""),
    ("US", ("Closed days, all places", "Closing 1", "First day"), "12/24/2025", "Understood: 2025-12-24. This day is over. Did you mean 2026?"), ("US", ("Closed days, this place only", "Closing 1", "First day"), "2026-12-24", ""),
    ("GB", ("Prices", "Price 1", "Amount"), "$425", "Understood: 425. Your prices are in GBP: patients read 425 GBP. Is that right?"), ("GB", ("Prices", "Price 1", "Amount"), "£425", "Understood: 425"), ("US", ("Prices", "Price 1", "Amount"), "425", "")])
def test_what_may_be_meant_otherwise_is_told_softly(opened, country, names, typed, said):
    """A day that is over, a price in other money, a name for a role: told below the box, and nothing is refused; a number stands there as it is printed, and nothing where it is refused."""
    page = opened()
    found(page, "Country").fill(country)
    found(page, "Currency").fill("GBP")
    for n in range(1, len(names)):
        if names[n].endswith(" 1"):
            found(page, *names[:n], f"Add a {names[n][:-2].lower()}").click()
    box = found(page, *names)
    box.fill(typed)
    told = box.evaluate("box => { const said = box.closest('.setup-field').querySelector('.setup-means'); return said.hidden ? '' : said.textContent }")
    assert told.startswith(said) and bool(told) == bool(said)


def test_the_next_step_says_what_is_wanted(opened):
    """The button leads to a box that says what is missing, in people's words; what is needed is marked."""
    page = opened()
    found(page, "Country").fill("GB")
    page.click("#setup-next")
    told = page.evaluate("[document.activeElement.closest('label').innerText, document.activeElement.closest('.setup-field').querySelector('.setup-error').textContent]")
    assert told[0].startswith("Part of the country (needed)") and "England" in told[1]
    found(page, "Country").fill("US")
    found(page, "Esketamine nasal spray").check()
    found(page, "REMS certified").select_option("false")
    page.click("#setup-github")
    told = " ".join(page.locator("#setup-form .setup-error").all_text_contents())
    assert "Choose Yes if the clinic is certified, or take esketamine nasal spray out." in told and "nasal_esketamine" not in told


def test_the_time_zone_of_a_state_is_filled_in_and_that_of_one_with_two_is_asked(opened, tmp_path):
    """In California nobody chooses a zone; in Tennessee there are two to choose from; who moves to Oregon chooses anew."""
    page = opened()
    found(page, "Country").fill("US")
    zone, state = found(page, "Time zone"), found(page, "Address", "State or county")
    zones = "box => [box.closest('.setup-field').hidden, box.value, ...[...box.options].map(option => option.value)]"
    for typed, said in (("California", [True, "America/Los_Angeles", "America/Los_Angeles"]), ("tn", [False, "", "", "America/New_York", "America/Chicago"]), ("NY", [True, "America/New_York", "America/New_York"]),
                        ("OR", [False, "", "", "America/Boise", "America/Los_Angeles"])):
        state.fill(typed)
        assert zone.evaluate(zones) == said, typed
    assert "timezone" not in yaml.load(page.locator("#setup-yaml").input_value(), yaml.BaseLoader)


def test_a_place_asks_what_its_kind_has(opened, tmp_path):
    """Visits at home ask for the area and not for an address; what was typed before stays to be seen with what is wrong; talks by video alone are refused."""
    page = opened()
    for name, typed in {**FIRST, "Country": "US", "Phone": "212 555 2368", "Part of the country": "", "Postal code": "", "Street": "", "City": ""}.items():
        found(page, name).fill(typed)
    found(page, "Tablet or liquid, taken while your staff are there").check()
    page.evaluate(OPEN_ALL)
    found(page, "How patients see you").select_option("visits_you")
    assert not found(page, "Address", "Street").is_visible() and not found(page, "Location 1", "Parking").is_visible()
    found(page, "Time zone").select_option("America/Denver")
    found(page, "Where you visit").fill("Boise and around")
    clinic, problems = clinic_of(page.locator("#setup-yaml").input_value(), tmp_path)
    assert problems == [] and clinic.locations[0].area == "Boise and around" and page.locator("#setup-state").inner_text().startswith("Ready")
    found(page, "How patients see you").select_option("video")
    told = page.locator("#setup-start .setup-error:not([hidden])").all_inner_texts()
    assert any("no dose can be given by video" in text for text in told) and found(page, "Where you visit").is_visible()


def test_what_can_be_read_in_two_ways_is_asked(opened):
    """“9-5” is not taken: the form asks, and a button that says yes writes it."""
    page = opened()
    found(page, "Location 1", "Hours", "Add a row").click()
    found(page, "Row 1", "Days").fill("weekdays")
    times = found(page, "Row 1", "Times")
    times.fill("9-5")
    page.keyboard.press("Tab")
    assert "Did you mean 09:00-17:00 (9 am to 5 pm)?" in page.locator("#setup-where .setup-error:not([hidden])").inner_text()
    page.get_by_role("button", name="Yes, 09:00-17:00").click()
    assert page.locator("#setup-where .setup-error:not([hidden])").count() == 0
    assert "mon-fri: 09:00-17:00" in page.locator("#setup-yaml").input_value()


def test_a_draft_is_kept_only_where_one_asks_for_it(opened):
    """Without the tick nothing is kept. With it what was typed is there again; it is gone with the button, after saving, and after 30 days."""
    page = opened()
    kept = "Object.keys(localStorage)"
    found(page, "Name").fill("Elm Clinic")
    assert page.evaluate(kept) == []
    page.check("#setup-keep")
    assert page.evaluate(kept) == ["clinic.yml"]
    found(page, "Phone").fill("212 555 2368")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.wait_for_selector("#setup-taken:not(:empty)")
    assert (found(page, "Name").input_value(), found(page, "Phone").input_value()) == ("Elm Clinic", "212 555 2368")
    page.click("#setup-erase")
    assert page.evaluate(kept) == [] and not page.locator("#setup-keep").is_checked()
    typed_in(page, minimal())
    page.check("#setup-keep")
    assert page.evaluate(kept) == ["clinic.yml"]
    assert press(page) and page.evaluate(kept) == []
    page.evaluate("localStorage.setItem('clinic.yml', JSON.stringify({ on: Date.now() - 31 * 864e5, text: 'name: Old' }))")
    page.reload()
    page.wait_for_selector("#setup-all:visible")
    assert found(page, "Name").input_value() == "" and page.evaluate(kept) == []


def test_the_form_opens_with_the_file_of_its_site(clinic_site, chromium):
    """The build puts the file that it used beside the form, and the form opens with it; the sample's site has none."""
    made = clinic_site("us-three-locations")
    assert (made.site / PAGE / "clinic.yml").read_bytes() == (CLINICS / "us-three-locations.yml").read_bytes()
    with served(made.site) as address:
        page = chromium.new_page()
        page.goto(address + PAGE)
        page.wait_for_selector("#setup-taken:not(:empty)")
        assert found(page, "Name").input_value() == "Harbor Light Ketamine Center"
        assert "nothing in it is wrong" in page.locator("#setup-taken").inner_text()
        page.close()


def test_the_sample_has_no_file_beside_the_form(sample):
    """Nobody is led to take the sample for a file of their own."""
    assert not (sample.site / PAGE / "clinic.yml").exists()


def test_a_day_that_stands_alone_is_drawn_as_the_first_of_some(opened):
    """Closed days may be written as a day, or from and to, also mixed: the form draws all of them, and the file that it writes says the same."""
    page = opened()
    came = page.evaluate(TAKE_OVER, yaml.safe_dump(minimal(closed=["2026-12-25", {"from": "2026-12-30", "to": "2027-01-02", "why": 'new year: "a"'}])))
    assert (came["unread"], came["told"]) == ("", [])
    assert yaml.load(came["yaml"], yaml.BaseLoader)["closed"] == [{"from": "2026-12-25"}, {"from": "2026-12-30", "to": "2027-01-02", "why": 'new year: "a"'}]


def test_a_file_can_be_dropped(opened):
    """A file that is dropped anywhere on the form is opened in it."""
    page = opened()
    page.evaluate("""text => {
        const carried = new DataTransfer()
        carried.items.add(new File([text], "clinic.yml"))
        document.getElementById("setup-preview").dispatchEvent(new DragEvent("drop", { dataTransfer: carried, bubbles: true, cancelable: true }))
    }""", (CLINICS / "minimal.yml").read_text("utf-8"))
    page.wait_for_selector("#setup-taken:focus")
    assert found(page, "Name").input_value() == minimal()["name"]


NEWER = ("URL.canParse", "Object.groupBy", ".toSorted(", ".findLast(", "structuredClone", "Object.hasOwn(", "(?<=", "(?<!", "import(\"data:", "Promise.withResolvers")


def test_the_scripts_run_in_browsers_of_the_last_five_years():
    """Nothing stands in them that Safari 16 or Firefox 114 does not know, and nothing that our policy forbids."""
    for path in sorted((ROOT / "overrides" / "assets").glob("setup*.js")):
        text = path.read_text("utf-8")
        assert [name for name in (*NEWER, "eval(", "new Function") if name in text] == [], path.name


def notice(chromium, server, today, width=360, scheme="light", page="notice"):
    context = chromium.new_context(viewport={"width": width, "height": 640}, color_scheme=scheme)
    context.route("https://github.com/**", lambda route: route.abort())
    shown = context.new_page()
    shown.asked = []
    context.on("request", lambda request: shown.asked.append(request.url))
    shown.clock.set_fixed_time(today)
    shown.goto(f"{server}staff/{page}/")
    return shown


def test_a_notice_opens_github_with_the_file_filled_in(chromium, server, today):
    """Text and last day make clinic/notices/DATE.md; the day begins as today in the clinic's own zone, and what is wrong stands at its box."""
    page = notice(chromium, server, today)
    day = today.astimezone(zoneinfo.ZoneInfo(file.load(file.SAMPLE).timezone)).date()
    assert page.input_value("#notice-day") == day.isoformat()
    page.click("#notice-form button[type=submit]")
    assert page.evaluate("document.activeElement.id") == "notice-text" and page.locator("#notice-text-error").is_visible()
    page.fill("#notice-text", "Closed today. \n\n  The water is off & “gone”.\n")
    page.fill("#notice-day", (day - datetime.timedelta(days=1)).isoformat())
    page.click("#notice-form button[type=submit]")
    assert "This day is over" in page.locator("#notice-day-error").inner_text()
    page.fill("#notice-day", "2026-12-24")
    page.click("#notice-form button[type=submit]")
    page.wait_for_timeout(150)
    address = urlsplit(page.asked[-1])
    assert address.path == "/hill-clinic/ketamine-guide/new/main"
    assert parse_qs(address.query) == {"filename": ["clinic/notices/2026-12-24.md"], "value": ["Closed today.\nThe water is off & “gone”.\n"]}
    page.context.close()


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
def test_the_page_of_a_notice_is_for_everybody(chromium, server, today, width, scheme):
    """With things wrong: axe finds nothing, and nothing scrolls sideways."""
    page = notice(chromium, server, today, width, scheme)
    page.click("#notice-form button[type=submit]")
    assert [f"{rule['id']}: {rule['nodes'][0]['html'][:120]}" for rule in Axe().run(page, options=RULES).response["violations"]] == []
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    page.context.close()


def test_without_script_the_manual_way_shows(opened):
    """Where no script runs, the page says so and links to what is to be copied and where to paste it."""
    page = opened(script=False)
    assert not page.locator("#setup-all").is_visible()
    manual = page.locator("#setup-manual")
    assert "needs JavaScript" in manual.inner_text()
    links = [link.get_attribute("href") for link in manual.locator("a").all()]
    assert links[:2] == ["https://github.com/hill-clinic/ketamine-guide/blob/main/clinic.example.yml",
                         "https://github.com/hill-clinic/ketamine-guide/new/main?filename=clinic.yml"]


def test_the_sample_leads_to_the_form_and_no_other_page_loads_it(server, chromium):
    """Every page of the sample has the link in its banner, only this page loads the script, and search does not know it."""
    page = chromium.new_page()
    page.goto(server + "going-home/")
    page.click(".md-banner a")
    assert page.url == server + PAGE
    for address in ("", "going-home/", "staff/keys/"):
        page.goto(server + address)
        assert page.locator("script[src*=setup], link[href*=setup]").count() == 0
    index = json.loads(page.request.get(server + "search/search_index.json").text())
    assert [entry for entry in index["docs"] if entry["location"].startswith("staff/set-up")] == []
    page.close()


def test_every_key_of_the_model_is_in_the_form(opened):
    """Each key of clinic.yml has its box in one of the steps, and the script knows every kind of value and every keyword that the schema has."""
    def parts(part):
        if isinstance(part, dict):
            yield part
            for inner in part.values():
                yield from parts(inner)

    made = form.description()
    keys = [field.alias or name for name, field in file.Clinic.model_fields.items()]
    assert list(made["schema"]["properties"]) == keys == [field["key"] for field in fields_of(opened())]
    placed = {key.removesuffix(".*").split(".")[0] for step in made["steps"] for key in step["keys"]}
    assert placed == set(keys)
    check = (ROOT / "overrides" / "assets" / "setup-check.js").read_text("utf-8")
    known = check[check.index("const KINDS"):check.index("const KEYWORDS")]
    assert {kind for part in parts(made["schema"]) if isinstance(kind := part.get("format"), str) and kind != "hours" and f"  {kind}" not in known} == set()
    assert {keyword for part in parts(made["schema"]) for keyword in part.get("says", {}) if isinstance(part["says"], dict) and keyword not in check} == set()
