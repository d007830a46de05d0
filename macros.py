"""What a page may ask of the clinic: each name below is one that a page writes in {{ }}. The work is done in guide/."""

import sys
from pathlib import Path

from mkdocs.exceptions import Abort

sys.path.insert(0, str(Path(__file__).parent))  # `mkdocs` as a command does not look in the project's folder

from guide.clinic.file import ClinicProblems  # noqa: E402 - after the path is set
from guide.edition import Edition  # noqa: E402
from guide.pages.blocks import Blocks  # noqa: E402
from guide.pages import my_visit, theme  # noqa: E402
from guide.pages.care_cards import CareCards  # noqa: E402
from guide.setup import form  # noqa: E402


def define_env(env):
    """clinic.yml and the words become one edition; its details are variables, its blocks are macros."""
    try:
        edition = Edition.of()
    except ClinicProblems as problems:
        raise Abort(f"The clinic's details need a look:\n{problems}") from None
    if refused := theme.problems(dict(env.conf["theme"]), env.conf):
        raise Abort("mkdocs.yml asks for what this guide does not do:\n" + "\n".join(refused))
    env.conf["extra_css"] = []  # guide/finish.py puts it into the one style sheet
    blocks = Blocks(edition, lambda: "../" * env.page.url.count("/"))
    env.variables.update(edition.said)
    env.conf["site_name"] = edition.said["site_name"]
    env.conf["extra"]["edition"] = edition
    env.conf["markdown_extensions"].append(CareCards({name: tier.word for name, tier in edition.rules.tiers.items()}))
    for name, macro in {
        "call": lambda who: blocks.fill("call", who=who),  # buttons for "us", "day", "emergency", "crisis", "poison"
        "contact": lambda: blocks.fill("contact"),  # name, address, phones and hours of each location
        "sign": blocks.sign,
        "sign_line": blocks.sign_line,
        "signs": blocks.signs,
        "normal": blocks.normal,
        "normal_line": blocks.normal_line,
        "emergency_card": blocks.emergency_card,
        "emergency_line": lambda: blocks.fill("emergency_line"),  # one line: the signs, and the number
        "first_aid": blocks.first_aid,
        "mood": blocks.mood,
        "crisis_steps": lambda: " ".join(edition.rules.tiers["crisis"].they),
        "no_answer": lambda which="": blocks.fill("no_answer", which=which),  # also "crisis", "they_crisis", "poison", "open", "be_seen"
        "is_this_normal": blocks.is_this_normal,
        "picture": blocks.picture,
        "hundred": blocks.hundred,
        "day_timeline": lambda: "\n\n".join(blocks.timeline(day) for day in edition.said["days"]),
        "page_foot": lambda facts: blocks.foot(facts, env.page.file.src_uri),
        "prices": lambda: blocks.fill("prices", price_lines=edition.phrase.rows["prices.lines"]),
        "team": lambda: blocks.fill("team"),
        "bring_list": lambda: blocks.fill("bring_list"),
        "complaints": lambda: blocks.fill("complaints"),
        "privacy": lambda: blocks.fill("privacy"),
        "reporting": lambda: blocks.fill("reporting"),
        "glossary": lambda: blocks.fill("glossary", terms=edition.language.glossary),
        "source_list": blocks.source_list,
        "scores": lambda: blocks.fill("scores", pages=edition.language.scores),
        "sheet_list": lambda: blocks.sheet_list(),
        "card": lambda: blocks.fill("card", tell=edition.phrase.rows["sheet.card_tell"]),  # the wallet card, on a phone
        "judgements": blocks.judgements,
        "floors": blocks.floors,
        "my_visit": lambda: blocks.fill("my_visit", **my_visit.for_page(edition)),  # a person's own times
        "setup_notice": lambda: blocks.fill("setup_notice", **form.for_notice(edition.clinic)),
        "setup_form": lambda: blocks.fill("setup_form", **form.for_page()),
    }.items():
        env.macro(macro, name)
