"""The page of a run that is green: what to look at, what patients will rely on, what changed for them, what to print again."""

from __future__ import annotations

from guide.check.changes import Changes
from guide.check.report import address, on_page, plain
from guide.edition import Edition
from guide.words import say

LOOK_AT = (("", "the first page, with your name and your numbers"), ("going-home/", "Going home"), ("urgent-help/", "Urgent help: call each number once"),
           ("prepare/", "Getting ready: address, hours, parking"), ("print/", "the sheets to print"))
PROMISES = ("watch", "private_room", "leave", "escort", "stay", "after_hours", "companion", "interpreter")
"""Rules that say what the clinic does, or what it asks of a companion; the others are the guide's own."""


def tell(edition: Edition, changes: Changes | None) -> None:
    """Write it on the run's page. Nothing is said of the sample clinic, whose promises are nobody's."""
    if edition.sample:
        return
    site = address()
    on_page(f"## The guide of {plain(edition.clinic.name)} is right", "",
            (f"In a few minutes it is at <{site}>. " if site else "") + "Patients who have a page open see it within 10 minutes.", "",
            "### Look at these pages once", "",
            *(f"- [{what}]({site}{page})" if site else f"- {what}" for page, what in LOOK_AT), "")
    on_page("### Your patients will rely on this", "", "Is each of these true in your clinic, also at night and on a busy day? "
            "If one is not, change `clinic.yml` before you give anybody the address.", "",
            *(f"- {line}" for line in promises(edition)), "")
    if changes:
        tell_changed(changes)
    review = edition.clinic.review
    on_page("### The next check", "", " ".join(f"{plain(one.by)} checked this guide on {one.on}." for one in review) + f" The next check is due on **{review.next}**: put it into your calendar." if review else
            "No clinician has checked this copy, and every page and sheet says so. "
            + (f"The sign-off sheet is on [For clinics]({site}staff/for-clinics/)." if site else "The sign-off sheet is on the page *For clinics*."), "")


def promises(edition: Edition) -> list[str]:
    """What patients are told that the clinic does, a line each: its numbers first, to be called."""
    clinic, rules = edition.clinic, edition.plain.rules
    night = clinic.after_hours_phone
    numbers = [("In opening hours", clinic.phone), *([("At night and weekends", night)] if night != "none" else []),
               *((place.called, place.phone) for place in clinic.locations if place.phone),
               *((f"{place.called} at night", place.after_hours_phone) for place in clinic.locations if place.after_hours_phone not in (None, "none")),
               *((one.purpose, one.number) for one in clinic.phones if one.how != "fax")]
    told = [f"{plain(what)}: **{plain(say.phone(number, clinic.country))}**. Call it now: does it ring where it must?" for what, number in numbers]
    if night == clinic.phone:
        told.append("The number at night is the same as by day. Does somebody answer it at 3 in the morning?")
    return told + [plain(rules[name].you) for name in PROMISES if name in rules]


def tell_changed(changes: Changes) -> None:
    """What patients read otherwise, and the sheets to print again."""
    on_page(f"### What patients read otherwise since {plain(changes.since)}", "")
    if changes.unknown:
        on_page(f"Nobody can say: {changes.unknown}. Have your clinician read the rules and signs again.", "")
    elif not changes.told:
        on_page("No rule, no sign and no number to call has changed.", "")
    else:
        on_page("Show this to your clinician:", "", *(f"- {line}" for line in changes.told), "")
    if changes.pages:
        on_page(f"Pages with other words: {', '.join(plain(page) for page in changes.pages)}.", "")
    on_page(f"**Print again: {', '.join(changes.sheets)}**, also in large print. Throw the old ones away." if changes.sheets else
            "The sheets that you have printed still hold.", "")
