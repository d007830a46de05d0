"""What a page may ask of the clinic. Registers, does not compute: the work is done in guide/."""

import sys
from pathlib import Path

from mkdocs.exceptions import Abort

sys.path.insert(0, str(Path(__file__).parent))  # `mkdocs` as a command does not look in the project's folder

from guide import environment  # noqa: E402 - after the path is set
from guide.clinic import file, notes, picture  # noqa: E402 - after the path is set
from guide.pages.address_card import structured  # noqa: E402
from guide.pages.blocks import Blocks  # noqa: E402
from guide.pages.care_cards import CareCards  # noqa: E402
from guide.setup import form  # noqa: E402 - after the path is set
from guide.sheets import make  # noqa: E402 - after the path is set
from guide.words import language, say  # noqa: E402 - after the path is set


def define_env(env):
    """Load the clinic once, give its details to pages, theme and sheets, and register the macros below."""
    language.forget()
    try:
        clinic = file.load()
    except file.ClinicProblems as problems:
        raise Abort(f"The clinic's details need a look:\n{problems}") from None
    view = say.view(clinic, environment.DOCS)
    env.variables.update(view)
    env.conf["site_name"] = f"Your guide to ketamine therapy: {view['clinic']['name']}"
    env.conf["extra"].update(view=view, clinic=clinic, blocks=Blocks(view, lambda: "../" * env.page.url.count("/")), sample=file.chosen() == file.SAMPLE,
                             overdue=bool(clinic.review and clinic.review.next < environment.today()))
    env.conf["extra"].update(own=notes.read(environment.ROOT)[0], logo=picture.logo_on_site(clinic.look.logo),
                             places=structured(clinic, env.conf["site_url"] or ""))
    env.conf["markdown_extensions"].append(CareCards())
    for macro in (call, contact, emergency_card, urgent_card, traffic_light, hundred, day_timeline, page_foot, prices, team,
                  bring_list, complaints, privacy, reporting, glossary, source_list, scores, sheet_list, setup_form):
        env.macro(bound(macro, env.conf["extra"]["blocks"]), macro.__name__)


def bound(macro, blocks):
    """The macro as a page calls it."""
    return lambda *values, **named: macro(blocks, *values, **named)


def call(blocks, who):
    """Large buttons that call "us", "day", "emergency", "crisis" or "poison"."""
    return blocks.fill("call", who=who)


def contact(blocks):
    """Name, address, phones and opening hours of each location."""
    return blocks.fill("contact")


def emergency_card(blocks, when=""):
    """The card of signs that need an ambulance, and the number; "short" on a sheet."""
    return blocks.card("emergency", when)


def urgent_card(blocks, when=""):
    """The card of signs to call about today; with `when` only those of that time, or "short" on a sheet."""
    return blocks.card("urgent", when)


def traffic_light(blocks, which=""):
    """The table “Is this normal?”: all of it, one row by its time, or "short" for the sheets."""
    return blocks.traffic_light(which)


def hundred(blocks, key):
    """The 100-person picture of one comparison in numbers.yml, with the same in words."""
    return blocks.hundred(key)


def day_timeline(blocks):
    """The treatment day as a drawn bar with the clinic's own minutes, and the same as a list."""
    return "\n\n".join(blocks.timeline(day) for day in blocks.view["days"])


def page_foot(blocks, facts):
    """Who checked the page and when, its version, and the sources of the facts it names."""
    return blocks.foot(facts)


def prices(blocks):
    """The clinic's prices, or to ask."""
    return blocks.fill("prices")


def team(blocks):
    """Who works at the clinic."""
    return blocks.fill("team")


def bring_list(blocks):
    """What this clinic asks patients to bring besides the guide's list."""
    return blocks.fill("bring_list")


def complaints(blocks):
    """How to complain."""
    return blocks.fill("complaints")


def privacy(blocks):
    """Link to the clinic's privacy policy, if it has one."""
    return blocks.fill("privacy")


def reporting(blocks):
    """Where the country collects reports of side effects."""
    return blocks.fill("reporting")


def glossary(blocks):
    """Every hard word with how it sounds and what it means."""
    return blocks.fill("glossary", terms=language.glossary())


def source_list(blocks):
    """Every source of the guide."""
    return blocks.fill("source_list", sources=language.sources())


def scores(blocks):
    """How easy each page is to read."""
    return blocks.fill("scores", pages=language.scores())


def sheet_list(blocks):
    """Every sheet with its picture, its size and what it is for, to open or print."""
    return blocks.fill("sheet_list", sheets=make.offered(file.load()) if environment.sheets_wanted() else [])


def setup_form(blocks):
    """A form that writes clinic.yml in the reader's browser and opens GitHub with it."""
    described = form.description()
    return blocks.fill("setup_form", model=form.embedded(described), **described)
