"""An edition and its finished pages to sheets: what stands on each, and the largest type in which it fits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from guide.clinic import picture
from guide.clinic.model import Location
from guide.edition import Edition, address, slots
from guide.pages import figures
from guide.sheets import catalog, from_html, typeset
from guide.sheets.catalog import Sheet
from guide.words import say
from guide.words.phrases import filled

LEFT_OUT = ("sources.md", "print/index.md", "about.md", "words-and-sources.md", "my-visit.md")
"""Pages that belong to the web: the whole guide on paper goes without them."""


class DoesNotFit(ValueError):
    """A sheet has too much text for its pages, even at its smallest type, or a letter that its font does not have."""


class Made(NamedTuple):
    sheet: Sheet
    pages: int
    pdf: bytes
    picture: bytes


def sheets(edition: Edition, pages: Mapping[str, str], parts: list[tuple[str, list[str]]], site: str) -> Iterator[Made]:
    """Every sheet of the edition. `pages`: built HTML by source; `parts`: [(title, sources)] in order; `site`: its address or empty. Raises DoesNotFit."""
    whole: dict[str, Any] = {}
    size: dict[str, float] = {}
    for sheet in catalog.of(edition.clinic.locations):
        data = common(edition, sheet, site) | (CONTENT[sheet.template](edition) if sheet.template in CONTENT else {})
        if sheet.kind == "guide":
            told, anchors = from_html.chapters(pages, [(title, [one for one in sources if one not in LEFT_OUT]) for title, sources in parts])
            whole = {"parts": told, "anchors": sorted(anchors), "places": [place_lines(edition, place) for place in edition.clinic.locations]}
        try:
            made, count, size[sheet.kind] = _fitted(sheet, data | (whole if sheet.kind == "guide" else {}), size.get(sheet.kind))
            yield Made(sheet, count, typeset.packed(made), typeset.picture(sheet.template, data | {"points": size[sheet.kind]} | whole) if sheet.kind != "guide" else b"")
        except typeset.NotSet as problem:
            raise DoesNotFit(f"print/{sheet.name}.pdf: {problem}") from None


def _fitted(sheet: Sheet, data: dict[str, Any], like: float | None) -> tuple[bytes, int, float]:
    """(PDF, pages, size of type): the largest type that keeps to the sheet's pages.

    Where the smallest does not: first the hours go, which the site has, then what is too much goes on to a second leaf.
    """
    points, smallest, hours = like or sheet.points[0], sheet.points[1], data["hours"]
    while True:
        made = typeset.pdf(sheet.template, data | {"points": points, "hours": hours})
        count = typeset.page_count(made)
        if count <= sheet.pages[0] or points <= smallest and not hours and count <= sheet.pages[1]:
            return made, count, points
        if points > smallest:
            points -= 0.5
        elif hours:
            hours = ""
        else:
            raise DoesNotFit(f"print/{sheet.name}.pdf has {count} pages even in {smallest:g} point type; {sheet.pages[1]} fit. "
                             "Shorten the texts under visit and locations in clinic.yml.")


def place_lines(edition: Edition, place: Location) -> list[str]:
    """Where to come, line by line, as typed."""
    notes = [f"{edition.phrase(f'place.{name}')}: {text}" for name in ("entrance", "parking") if (text := getattr(place, name))]
    return [*([place.name] if place.name else []), *address(place, edition.country), *notes]


def common(edition: Edition, sheet: Sheet, site: str) -> dict[str, Any]:
    """What every sheet knows: whose it is, whom to call, and from when it is."""
    clinic, phrase, pack, told = edition.clinic, edition.phrase, edition.country, edition.plain
    place = sheet.place or clinic.locations[0]
    day = place.phone or clinic.phone
    review, where = clinic.review, phrase.where
    made = say.date(edition.day, where)
    checked = phrase("sheet.checked", made=made, next=say.date(review.next, where)) if review else phrase("sheet.unchecked", made=made)
    crisis = next((line for line in pack.crisis_lines if line.phone), None)
    text = next((line.text for line in ([crisis] if crisis else pack.crisis_lines) if line.text), "")
    return {
        "visit_of": phrase("sheet.visit_of", clinic=clinic.name), "title": phrase(f"sheet.title.{sheet.kind.replace('-', '_')}"), "lang": where.language, "points": sheet.points[0],
        "clinic": clinic.name, "place": place_lines(edition, place), "paper": "us-letter" if edition.paper == "letter" else "a4",
        "hours": "; ".join(f"{days}: {times}" for days, times in edition.times.opening(place.hours)),
        "logo": logo(edition), "sample": edition.sample, "checked": checked + (f" · {phrase('sheet.overdue')}" if edition.overdue else ""),
        "checked_long": phrase("sheet.checked_by", by=review.by, role=review.role, on=say.date(review.on, where)) if review else phrase("sheet.unchecked_long"),
        "ways": [phrase(f"treatment.{key}.name") for key, _ in clinic.treatments.offered()],
        "day": {"tel": say.tel(day), "phone": say.phone(day, clinic.country)},
        "closed": [{"name": phrase("sheet.tonight"), "tel": line["tel"], "phone": say.phone(clinic.after_hours_phone, clinic.country) if line["kind"] == "night" else pack.urgent.phone}
                   for line in edition.when_closed],
        # Where nobody can be called, the ambulance is: no sheet goes without a number for thoughts of suicide.
        "crisis": [{"name": phrase("sheet.crisis"), "tel": say.tel(crisis.phone if crisis else pack.emergency),
                    "phone": crisis.phone if crisis else pack.emergency,
                    "text": " ".join([*([f"({crisis.choose})"] if crisis and crisis.choose else []), *([phrase("sheet.text", how=text)] if text else [])])}],
        "emergency": {"tel": say.tel(pack.emergency), "phone": pack.emergency, "signs": [sign.short for sign in told.of("emergency")],
                      "long": [sign.you for sign in told.of("emergency")], "do": [*told.tiers["emergency"].say[-1:], *told.tiers["emergency"].do]},
        "after_hours": told.rules["after_hours"].short, "no_answer": " ".join(told.no_answer_go), "place_name": place.name or "",
        "web": site.removeprefix("https://").rstrip("/"), "qr": figures.qr(site, phrase("sheet.qr")) if site else None,
        "labels": {key.removeprefix("sheet."): text for key, text in labels(edition).items()},
    }


def labels(edition: Edition) -> dict[str, Any]:
    """The labels of all sheets, with the version in its place."""
    rows = {key: text for key, text in edition.phrase.rows.items() if key.startswith("sheet.")}
    return rows | {"sheet.version": edition.phrase("sheet.version", version=edition.version)}


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
    return {
        "fields": phrase.rows["sheet.fields"], "pills": phrase.rows["sheet.pill_rows"], "pill_rule": rules["pills"].short, "alcohol": rules["alcohol"].short,
        "food": [[phrase(f"treatment.{key}.name"), edition.times.hours(one.no_food_hours), edition.times.hours(one.no_drinks_hours), edition.times.minutes(one.stay_minutes)]
                 for key, one in clinic.treatments.offered()],
        "call_first": [signs[key].short for key in ("o13", "o8", "n17", "n21", "n1")],
        "day_steps": [phrase("sheet.step_checks"), rules["watch"].short, rules["leave"].short, rules["escort"].short],
        "confused": f"{signs['n5'].short}: {told.tiers['now'].word}", "stop_signal": clinic.visit.stop_signal, "bring": [*phrase.rows["sheet.bring_items"], *clinic.visit.bring],
        "rules": [rules[key].short for key in ("drive", "stay", "alcohol", "drugs", "decide", "children", "cook", "water")],
        "normal": [{"title": told.tiers[tier].word, "weight": weight, "items": [signs[key].short + (f" ({phrase('sheet.gone', time=signs[key].gone)})" if key == "v1" else "")
                                                                              for key in keys if key in signs]}
                   for tier, weight, keys in (("normal", 1, ("v1", "v2", "v3", "v5", "v6")), ("open", 1.5, ("o1", "o5", "o7")), ("now", 3.5, ("n5", "n33", "n7", "n11", "n3")))],
        "mood": ladder(edition, "you"),
    }


def companion(edition: Edition) -> dict[str, Any]:
    """For the adult who stays: whom to call first, what to check and when, first aid, the rules in the third person."""
    told, phrase = edition.plain, edition.phrase
    rules, signs = told.rules, told.signs
    return {
        "no_answer": " ".join(told.no_answer), "say": told.phone_words["they"], "times": [{"title": phrase(f"sheet.time.{when}.title"), "items": phrase.rows[f"sheet.time.{when}.items"]} for when in ("pick_up", "evening", "bedtime", "morning")],
        "first_aid": [{"title": told.first_aid[key].title, "steps": told.first_aid[key].steps} for key in ("not_breathing", "will_not_wake", "fit", "sleepy_and_sick")],
        "rules": [rules["stay"].they, *(rules[key].short for key in ("drive", "alcohol", "drugs", "decide", "children", "cook", "water"))],
        "now_signs": [signs[key].short for key in ("n7", "n6", "n5", "n4", "n16", "n25", "n17", "n33") if key in signs],
        "mood": ladder(edition, "they"), "ask": told.ask,
    }


def ladder(edition: Edition, who: str) -> list[str]:
    """The ladder of moods from the first step on which somebody calls, each in the short words of its signs."""
    told, filling, steps = edition.plain, slots(edition, linked=False), getattr(edition.language.rules.mood, who)
    lines = []
    for step in steps:
        if step.tier == "normal":
            continue
        to_do = [filled(text, filling, "rules.yml: mood", all_used=False) for text in step.do if "{crisis_text}" not in text]
        lines.append(f"{'; '.join(told.signs[key].short for key in step.signs)}: {' '.join(to_do[:4 if step.tier == 'crisis' else 2 if who == 'they' or step.tier == 'now' else 1])}")
    return lines


CONTENT = {"handout": handout, "companion": companion}
