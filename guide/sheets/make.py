"""An edition and its finished pages to sheets: what stands on each, and the largest type in which it fits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice, takewhile
from typing import Any, NamedTuple

from guide.clinic import picture
from guide.clinic.model import Location
from guide.edition import Edition, slots
from guide.pages import figures
from guide.sheets import catalog, from_html, typeset
from guide.sheets.catalog import Sheet
from guide.words import say
from guide.words.phrases import filled
from guide.words.rules import Sign, Told

LEFT_OUT = ("sources.md", "print/index.md", "about.md", "words-and-sources.md", "my-visit.md")
"""Pages that belong to the web: the whole guide on paper goes without them."""


KEPT_TOGETHER = re.compile(r"(?<=\d) (?=[AP]M)")
"""The space in a time of day, where no line ends."""
STAYS = ("companion.md", "until-tomorrow.md")
"""The pages, one after the other, that the adult who stays may print alone."""


class DoesNotFit(ValueError):
    """A sheet has too much text for its pages, even at its smallest type, or a letter that its font does not have."""


class Made(NamedTuple):
    sheet: Sheet
    pages: int
    pdf: bytes
    picture: bytes
    """Its first page as PNG; empty where the page of sheets shows none."""
    parts: list[typeset.Part]
    """Of the whole guide what somebody may want to print alone."""


def sheets(edition: Edition, pages: Mapping[str, str], parts: list[tuple[str, list[str]]], site: str) -> Iterator[Made]:
    """Every sheet of the edition. `pages`: built HTML by source; `parts`: [(title, sources)] in order; `site`: its address or empty. Raises DoesNotFit."""
    like: dict[str, float] = {}
    at = {place.slug: edition.at(place) for place in edition.clinic.doses}
    book = [(title, left) for title, sources in parts if (left := [one for one in sources if one in pages and one not in LEFT_OUT])]
    for sheet in catalog.of(edition.clinic.doses):
        here = at[sheet.place.slug] if sheet.place else edition
        data = common(here, sheet, site) | (CONTENT[sheet.template](here) if sheet.template in CONTENT else {})
        if sheet.kind == "guide":
            told, anchors = from_html.chapters(pages, book)
            data |= {"normal_say": " ".join(edition.plain.tiers["normal"].say[1:]), "parts": told, "anchors": sorted(anchors), "places": [place_lines(edition, place) for place in edition.clinic.locations]}
        try:
            made, count, how = fitted(sheet, data, like.get(sheet.kind))
            like[sheet.kind] = how["points"]
            alone = _printed_alone(made, [source for _, sources in book for source in sources], [title for title, _ in book[1:]]) if sheet.kind == "guide" else []
            yield Made(sheet, count, typeset.packed(made), typeset.picture(sheet.template, data | how) if sheet.pictured else b"", alone)
        except typeset.NotSet as problem:
            raise DoesNotFit(f"print/{sheet.name}.pdf: {problem}") from None


def _printed_alone(made: bytes, sources: list[str], titles: list[str]) -> list[typeset.Part]:
    """The parts of the guide with these titles, and the chapter for the one who stays. `sources`: the page of each chapter in order."""
    found = typeset.parts(made)
    chapters = dict(zip((part for part in found if part.level == 1), sources, strict=True))
    ends = max((part.last for part in found if chapters.get(part) in STAYS), default=0)
    return [part._replace(last=ends) if chapters.get(part) == STAYS[0] else part for part in found if part.level == 0 and part.title in titles or chapters.get(part) == STAYS[0]]


def fitted(sheet: Sheet, data: dict[str, Any], like: float | None = None) -> tuple[bytes, int, dict[str, Any]]:
    """(PDF, pages, what was chosen): the largest type in which the sheet keeps to its pages. `like`: the size that another one of its kind took.

    Where the smallest is too large, its parts go on to a second leaf, one after the other in the order of `sheet.moves`. Raises DoesNotFit.
    """
    def tried(points: float, moved: tuple[str, ...]) -> tuple[bytes, int, dict[str, Any]]:
        how = {"points": points, "moved": list(moved)}
        made = typeset.pdf(sheet.template, data | how)
        return made, typeset.page_count(made), how

    sizes = [size for size in sheet.sizes if like is None or size <= like]
    # What another place took is the best guess; else few texts leave room for more than the smallest type.
    ways, fits = (tried(points, ()) for points in (sizes if like else reversed(sizes))), lambda way: way[1] <= sheet.pages[0]
    if found := list(islice(filter(fits, ways), 1) if like else takewhile(fits, ways)):
        return found[-1]
    for n in range(1, len(sheet.moves) + 1):
        if (way := tried(sizes[-1], sheet.moves[:n]))[1] <= sheet.pages[0] + 1:
            for name in sheet.moves[:n - 1]:  # what only gave room on the other side comes back
                if (fewer := tried(sizes[-1], tuple(one for one in way[2]["moved"] if one != name)))[1] <= sheet.pages[0] + 1:
                    way = fewer
            return way
    if (way := tried(sizes[-1], sheet.moves))[1] <= sheet.pages[1]:
        return way
    raise DoesNotFit(f"print/{sheet.name}.pdf has {way[1]} pages even in {sizes[-1]:g} point type; {sheet.pages[1]} fit. Shorten the texts under visit and locations in clinic.yml.")


def place_lines(edition: Edition, place: Location) -> list[str]:
    """Where to come and whom to call there, line by line, as typed."""
    return [*_named(edition, place), *([say.phone(place.phone, edition.clinic.country)] if place.phone else []), *_notes(edition, place)]


def _named(edition: Edition, place: Location) -> list[str]:
    return [*([place.name] if place.name else []), *edition.where(place)]


def _notes(edition: Edition, place: Location) -> list[str]:
    return [f"{edition.phrase(f'place.{name}')}: {text}" for name, text in place.notes.items() if name in ("entrance", "parking")]


def common(edition: Edition, sheet: Sheet, site: str) -> dict[str, Any]:
    """What every sheet knows: whose it is, whom to call, and from when it is."""
    clinic, phrase, pack, told = edition.clinic, edition.phrase, edition.country, edition.plain
    place = sheet.place or clinic.doses[0]
    day = clinic.phone  # of the place, where the edition is of one place
    review, where = clinic.review, phrase.where
    made = say.date(edition.day, where)
    checked = phrase("sheet.checked", made=made, next=say.date(review.next, where)) if review else phrase("sheet.unchecked", made=made)
    crisis = next((line for line in pack.crisis_lines if line.phone), None)
    crisis_step = next(step for step in ladder(edition, "they" if sheet.template == "companion" else "you") if step.tier == "crisis")
    spanish = next((line.spanish for line in pack.crisis_lines if line.spanish), "")
    text = next((line.text for line in ([crisis] if crisis else pack.crisis_lines) if line.text), "")
    return {
        "visit_of": phrase("sheet.visit_of", clinic=clinic.name), "title": phrase(f"sheet.title.{sheet.kind.replace('-', '_')}"), "lang": where.language, "points": sheet.sizes[0], "moved": [],
        "clinic": clinic.name, "address": _named(edition, place), "notes": _notes(edition, place), "paper": "us-letter" if edition.paper == "letter" else "a4",
        "hours": "; ".join(f"{days}: {KEPT_TOGETHER.sub(chr(160), times)}" for days, times in edition.times.opening(place.hours)),
        "logo": logo(edition), "sample": edition.sample, "checked": checked + (f" · {phrase('sheet.overdue')}" if edition.overdue else ""),
        "checked_long": phrase("sheet.checked_by", people=edition.reviewers(2)) if review else phrase("sheet.unchecked_long"),
        "ways": [phrase(f"treatment.{key}.name") for key, _ in clinic.treatments.offered()],
        "day": {"tel": say.tel(day), "phone": say.phone(day, clinic.country)},
        "closed": [{"name": phrase("sheet.tonight") + (f" ({named})" if (named := edition.named(places)) else ""), "tel": say.tel(line), "phone": say.phone(night, clinic.country) if night != "none" else line}
                   for night, places in edition.nights if (line := night if night != "none" else pack.urgent and pack.urgent.phone)],
        # Where nobody can be called, the ambulance is: no sheet goes without a number for thoughts of suicide.
        "crisis": [{"name": phrase("sheet.crisis"), "when": crisis_step.signs[0], "tel": say.tel(crisis.phone if crisis else pack.emergency),
                    "phone": crisis.phone if crisis else pack.emergency,
                    "text": " ".join([*([f"({crisis.choose})"] if crisis and crisis.choose else []), *([phrase("sheet.text", how=text)] if text else [])])}],
        "crisis_when": " ".join(f"{sign}." for sign in crisis_step.signs[1:]), "crisis_do": " ".join(crisis_step.do), "spanish": spanish,
        "emergency": {"tel": say.tel(pack.emergency), "phone": pack.emergency, "signs": [{"title": title, "signs": [sign.short for sign in signs]} for title, signs in told.emergency()],
                      "long": [{"title": title, "signs": [sign.you for sign in signs]} for title, signs in told.emergency()], "do": [*told.tiers["emergency"].say[-1:], *told.tiers["emergency"].do]},
        "seen": _seen(told), "nowhere": edition.nowhere, "after_hours": told.rules["after_hours"].short, "no_answer": " ".join(told.no_answer), "place_name": place.name or "",
        "web": site.removeprefix("https://").rstrip("/"), "qr": figures.qr(site, phrase("sheet.qr")) if site else None,
        "labels": {key.removeprefix("sheet."): text for key, text in labels(edition).items()},
    }


def labels(edition: Edition) -> dict[str, Any]:
    """The labels of all sheets, with what fills them."""
    rows = {key: text for key, text in edition.phrase.rows.items() if key.startswith("sheet.")}
    return rows | {"sheet.version": edition.phrase("sheet.version", version=edition.version), "sheet.clear": edition.phrase("sheet.clear", clear_drinks=edition.words["clear_drinks"])}


def logo(edition: Edition) -> dict[str, Any] | None:
    """The clinic's logo as Typst takes it: its kind and its bytes."""
    if not edition.clinic.look.logo:
        return None
    name = edition.clinic.look.logo
    return {"format": picture.logo_on_site(name).rpartition(".")[2], "data": list(picture.shown(edition.root / name))}


def handout(edition: Edition) -> dict[str, Any]:
    """For the patient: by the clock before, whom to call and what not to do after."""
    told, phrase, clinic = edition.plain, edition.phrase, edition.clinic
    rules, signs = told.rules, told.signs
    touched = edition.country.help.get("touch")
    mood = {step.tier: [] for step in told.mood["you"]}
    for step in ladder(edition, "you"):
        mood[step.tier] += [": ".join(filter(None, (sign, " ".join(step.do[1:2]))))  for sign in step.signs]
    return {
        "fields": phrase.rows["sheet.fields"], "pills": phrase.rows["sheet.pill_rows"], "pill_rules": [rules[key].short for key in ("pills", "pills_ask")], "alcohol": rules["alcohol"].short,
        "food": [[phrase(f"treatment.{key}.name"), *(edition.times.hours(hours) for hours in (one.no_food_hours, one.no_drinks_hours)), edition.times.minutes(one.stay_minutes)]
                 for key, one in clinic.treatments.offered()],
        "call_first": [signs[key].short for key in ("o13", "o8", "n17", "n21")],
        "day_steps": [phrase("sheet.step_checks"), rules["watch"].short, phrase("sheet.step_dose"), rules["escort"].short, rules["stay"].short],
        "stop_signal": clinic.visit.stop_signal, "touched": phrase("sheet.touched", line=touched.phone if touched and touched.phone else edition.country.emergency),
        "bring": [*phrase.rows["sheet.bring_items"], rules["lenses"].short.rstrip("."), *clinic.visit.bring],
        "rules": [rules[key].short for key in ("drive", "drugs", "decide", "alcohol", "children", "cook", "water")],
        "normal": [{"title": phrase("sheet.normal_until") if tier == "normal" else told.tiers[tier].word, "weight": weight, "items": [*(_gone(edition, signs[key]) for key in keys if key in signs), *mood.get(tier, ())]}
                   for tier, weight, keys in (("now", 2.5, ("n5", "n33", "n4", "n7", "n40", "n35", "n17")), ("open", 1.5, ("o1", "o5", "o7", "o8")), ("normal", 1, ("v1", "v2", "v3", "v5", "v6")))],
    }


def _gone(edition: Edition, sign: Sign) -> str:
    """A sign in short, and by when it has passed."""
    return edition.phrase("sheet.until", sign=sign.short, time=sign.gone) if sign.gone else sign.short


def _seen(told: Told) -> dict[str, Any]:
    """Where to go at once, who drives, and the signs for it that a sheet has room for."""
    where, *how = told.tiers["now"].be_seen
    return {"title": where.rstrip("."), "how": " ".join(how[:2]), "items": [told.signs[key].short for key in ("n39", "n25", "n38", "n11", "n12")]}


def companion(edition: Edition) -> dict[str, Any]:
    """For the adult who stays: whom to call first, what to check and when, first aid, the rules in the third person."""
    told, phrase, steps = edition.plain, edition.phrase, ladder(edition, "they")
    rules, signs = told.rules, told.signs
    times = {when: phrase.rows[f"sheet.time.{when}.items"] for when in ("pick_up", "evening", "bedtime", "morning")}
    times["bedtime"] = [*times["bedtime"], *phrase.rows["sheet.time.night.items"]]
    return {
        "first": phrase("sheet.companion_first", emergency=edition.country.emergency), "say": told.phone_words["they"], "times": [{"title": phrase(f"sheet.time.{when}.title"), "items": items} for when, items in times.items()],
        "first_aid": [{"title": told.first_aid[key].title, "steps": told.first_aid[key].steps} for key in ("not_breathing", "will_not_wake", "fit", "sleepy_and_sick")],
        "rules": [rules[key].short for key in ("stay", "drive", "alcohol", "drugs", "decide", "children", "cook", "water")],
        "now_signs": [*(signs[key].short for key in ("n7", "n6", "n5", "n4", "n40", "n8", "n16", "n17") if key in signs), f"{signs['n18'].short}. {signs['n18'].do}", *(f"{'; '.join(step.signs)}: {' '.join(step.do[1:])}" for step in steps if step.tier == "now")],
        "mood": [[phrase("sheet.no_plan", sign=step.signs[0]) if step.tier == "crisis" else "; ".join(step.signs), " ".join(step.do)] for step in steps if step.tier in ("crisis", "emergency")], "ask": told.ask,
    }


class Rung(NamedTuple):
    """A step of the ladder of moods in short: its signs, and what to do."""

    tier: str
    signs: list[str]
    do: list[str]


def ladder(edition: Edition, who: str) -> list[Rung]:
    """The ladder of moods from the first step on which somebody calls, each in the short words of its signs. Where to text stands beside the number."""
    told, filling = edition.plain, slots(edition, linked=False)
    return [Rung(step.tier, [told.signs[key].short for key in step.signs], [filled(text, filling, "rules.yml: mood", all_used=False) for text in step.do if "{crisis_text}" not in text])
            for step in getattr(edition.language.rules.mood, who) if step.tier != "normal"]


CONTENT = {"handout": handout, "companion": companion}
