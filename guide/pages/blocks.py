"""Parts of a page that are made from data: each is a template in overrides/blocks/ filled with the edition's words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown import markdown

from guide.edition import Edition, slots
from guide.environment import OVERRIDES, sheets_wanted
from guide.pages import figures
from guide.sheets import catalog
from guide.words.phrases import filled
from guide.words.rules import ORDER, Sign

BLOCKS, PICTURES = OVERRIDES / "blocks", OVERRIDES / "pictures"
CALLS = {"emergency": "emergency", "crisis": "crisis", "now": "us", "open": "day"}
"""Which buttons stand on the card of a tier."""
CHIPS = ("sleepy", "sick", "head", "chest", "breath", "dizzy", "low", "high", "fear", "strange", "eyes", "pee", "skin", "took", "touch", "other")
ELSEWHERE = {"before": ("prepare", "call-first"), "clinic": ("treatment-day", "tell-us-at-once")}
"""Chips of signs that are not of the time after a dose, and the page and section where they stand."""
SLEEP = ("e2", "e13")
"""What no list of “Call us now” leaves out: hard to wake, or ill of what was taken."""
FIRST_AID_PICTURES = {"not_breathing": "hands-on-chest", "on_the_side": "on-the-side"}
SHORTEST_LIST = 10
"""Emergency signs on “Is this normal?”: those that come first in the table; all of them stand on Urgent help."""


class Blocks:
    """Fills block templates for one edition. HTML is on one line, so that it may stand in a list or card; cards are Markdown."""

    def __init__(self, edition: Edition, root: Callable[[], str] = str):
        """`root` gives the way from the page that is being made to the site's first page: "", "../"."""
        self.edition = edition
        self.templates = Environment(loader=FileSystemLoader(BLOCKS), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
        self.templates.globals |= {**edition.said, "root": root, "rules": edition.rules}
        self.templates.filters |= {"words": self.words, "say": edition.phrase}

    def words(self, text: str) -> str:
        """Text of a data file, with its variables filled, as inline HTML."""
        filled = self.templates.from_string(text).render()
        return re.sub(r"^<p>|</p>$", "", markdown(filled))

    def fill(self, name: str, **values: Any) -> str:
        html = self.templates.get_template(f"{name}.html").render(**values)
        return re.sub(r"\s*\n\s*", " ", html).strip()

    def sign(self, key: str, who: str = "you") -> str:
        """One sign in a sentence. Raises KeyError for a sign that is not there."""
        return self._sign(self.edition.rules.signs[key], who)

    def sign_line(self, key: str) -> str:
        """One sign with what to do on the day of the dose, as on “Is this normal?”."""
        sign = self.edition.rules.signs[key]
        return self._line(sign, sign.tier["day"])

    def signs(self, keys: str, who: str = "you", when: str = "day") -> str:
        """Care cards of the signs `keys`, one for each tier that they have at the phase `when`, the most urgent first."""
        named = [self.edition.rules.signs[key] for key in keys.split() if key in self.edition.rules.signs or self._absent(key)]
        return "\n\n".join(self._card(tier, [sign for sign in named if sign.tier[when] == tier], who) for tier in ORDER if any(sign.tier[when] == tier for sign in named))

    def normal(self, when: str, who: str = "you") -> str:
        """The card of what is normal at the phase `when`, and by when it is over."""
        return self._card("normal", self.edition.rules.of("normal", when), who)

    def normal_line(self, keys: str) -> str:
        """What is normal on the day of the dose and by when it is over, in one paragraph."""
        told = self.edition.rules
        return self.fill("normal_line", signs=[told.signs[key] for key in keys.split() if key in told.signs or self._absent(key)])

    def emergency_card(self) -> str:
        """The card of every sign that needs an ambulance, and the number."""
        return self._card("emergency", self.edition.rules.of("emergency"), "you", self.edition.rules.emergency())

    def first_aid(self, found: bool = True) -> str:
        """Places to tap and every kind of first aid, of which a screen shows one at a time. Not `found`: on a second page, where search passes it over."""
        pictures = {name: self.picture(picture) for name, picture in FIRST_AID_PICTURES.items()}
        return self.fill("first_aid", told=self.edition.rules.first_aid, pictures=pictures, found=found)

    def is_this_normal(self) -> str:
        """Every sign by what one feels: emergency first, then places to tap, then a section each."""
        told, phrase = self.edition.rules, self.edition.phrase
        if unknown := {sign.chip for sign in told.signs.values()} - {*CHIPS, *ELSEWHERE}:
            raise KeyError(f"rules.yml: there is no chip {min(unknown)!r}")
        sections = []
        for chip in CHIPS:
            here = [sign for sign in told.signs.values() if sign.chip == chip]
            groups = [("", [(sign, sign.tier["day"]) for sign in here if sign.tier["day"] == sign.tier["later"]]),
                      ("first_day", [(sign, sign.tier["day"]) for sign in here if sign.tier["day"] != sign.tier["later"]]),
                      ("later", [(sign, sign.tier["later"]) for sign in here if sign.tier["day"] != sign.tier["later"]])]
            by_tier = {when: [(tier, [sign for sign, of in rows if of == tier]) for tier in ORDER if any(of == tier for _, of in rows)] for when, rows in groups}
            sections.append((chip, phrase(f"chip.{chip}"), [(phrase(f"when.{when}") if when else "", cards) for when, cards in by_tier.items() if cards]))
        return self.fill("is_this_normal", sections=sections, first=told.of("emergency")[:SHORTEST_LIST], line=self._in_card)

    def mood(self, who: str = "you", tiers: str = "") -> str:
        """The ladder of moods for "you" or "they", from the mildest step on; with `tiers` only theirs, the most urgent first."""
        steps = self.edition.rules.mood[who]
        shown = [step for tier in tiers.split() for step in steps if step.tier == tier] if tiers else steps
        return self.fill("mood", steps=shown, who=who)

    def picture(self, name: str, alone: bool = True) -> str:
        """A line drawing of overrides/pictures/, with its name and what it shows; not `alone`: words beside it say the same, and nobody hears it twice."""
        path = PICTURES / f"{name}.svg"
        if not path.is_file():
            raise KeyError(f"there is no picture {name!r}")
        drawing = re.sub(r"\s*\n\s*", " ", path.read_text("utf-8")).strip()
        if alone:
            drawing = drawing.format(title=self.edition.phrase(f"picture.{name}.title"), desc=self.edition.phrase(f"picture.{name}.desc"))
        else:
            drawing = re.sub(r"<title.*</desc>", "", drawing).replace(f'role="img" aria-labelledby="{name}-title {name}-desc"', 'aria-hidden="true"')
        return f'<figure class="picture" data-search-exclude>{drawing}</figure>'

    def hundred(self, key: str) -> str:
        number = self.edition.language.numbers[key]
        pictures = [figures.people(
            f"{number.title}: {group.label}",
            self.edition.phrase("hundred.plain", n=group.in_100, outcome=number.outcome), group.in_100, f"{key}-{n}") for n, group in enumerate(number.groups)]
        return self.fill("hundred", number=number, pictures=list(zip(number.groups, pictures, strict=True)))

    def timeline(self, day: dict[str, Any]) -> str:
        told = "; ".join(f"{n}. {name}, {length}" for n, (name, length, _) in enumerate(day["steps"], 1))
        return self.fill("timeline", day=day, picture=figures.timeline(day["steps"], self.edition.phrase("day.title", treatment=day["name"]), told, day["key"]))

    def foot(self, ids: list[str], page: str) -> str:
        """Who checked `page`, such as "going-home.md", and the way to the sources of the facts `ids`."""
        return self.fill("foot", version=self.edition.version, count=len(self.edition.language.sources_of(ids)), place=_place(page))

    def source_list(self) -> str:
        """Every source, and then which of them each page rests on: its foot leads there."""
        language = self.edition.language
        pages = [(_place(page), meta["title"], language.sources_of(meta["facts"])) for page, meta in language.pages() if meta.get("facts")]
        return self.fill("source_list", sources=language.sources) + self.fill("source_pages", pages=pages)

    def sheet_list(self) -> str:
        """Every sheet with its picture and what it is for; nothing where sheets are left out."""
        phrase, several = self.edition.phrase, len(self.edition.clinic.doses) > 1
        made = catalog.of(self.edition.clinic.doses) if sheets_wanted() else ()
        kinds = {sheet.kind: [one for one in made if one.kind == sheet.kind] for sheet in made}
        rows = [{"title": phrase(f"sheet.title.{kind.replace('-', '_')}"), "use": phrase(f"sheet.use.{kind.replace('-', '_')}"), "kind": kind, "picture": next((one.name for one in ones if one.pictured), ""),
                 "files": [{"name": one.name, "place": one.place.name if several and one.place else ""} for one in ones]} for kind, ones in kinds.items()]
        return self.fill("sheet_list", sheets=rows)

    def judgements(self) -> str:
        """Every judgement of rules.yml, for the clinician who signs the guide off."""
        data, told = self.edition.language.rules, self.edition.rules
        rows = [(name, tier.word, tier.judged, []) for name, tier in data.tiers.items() if tier.judged]
        rows += [(key, told.signs[key].short, sign.judged, sign.facts) for key, sign in data.signs.items() if sign.judged and key in told.signs]
        rows += [(key, told.rules[key].short, judged, row.facts) for key, row in data.rules.items() if key in told.rules
                 for judged in dict.fromkeys(filter(None, [row.judged, *(variant.judged for variant in row.variants.values())]))]
        rows += [(slot, where, bound["judged"], bound["facts"]) for _, slot, where, bound in self._floors() if bound.get("judged")]
        rows += [(key, told.first_aid[key].title, aid.judged, aid.facts) for key, aid in data.first_aid.items() if aid.judged]
        rows += [(name, "", part.judged if hasattr(part, "judged") else part["judged"], part.facts if hasattr(part, "facts") else part["facts"])
                 for name, part in (("mood", data.mood), ("visit", data.visit), ("no_answer", data.no_answer))]
        filling = slots(self.edition, linked=True)
        return self.fill("judgements", rows=[(key, short, filled(judged, filling, f"rules.yml: {key}", all_used=False), facts) for key, short, judged, facts in rows])

    def floors(self) -> str:
        """Every bound of a rule that a clinic cannot go below, and those that it is told of."""
        return self.fill("floors", rows=self._floors())

    def _floors(self) -> list[tuple[str, str, str, dict[str, Any]]]:
        """(rule, key, treatments or empty, bound); treatments with the same bound stand together."""
        rows = []
        for key, row in self.edition.language.rules.rules.items():
            for slot, floor in row.floor.items():
                alike: dict[str, tuple[list[str], dict[str, Any]]] = {}
                for where, bound in ([("", floor)] if "reason" in floor else floor.items()):
                    alike.setdefault(repr(bound), ([], bound))[0].append(where)
                rows += [(key, slot, ", ".join(filter(None, where)), bound) for where, bound in alike.values()]
        return rows

    def _sign(self, sign: Sign, who: str, text: str = "") -> str:
        return f'<span data-sign="{sign.id}">{text or getattr(sign, who)}</span>'

    def _absent(self, key: str) -> bool:
        """A sign of a treatment that the clinic does not offer. Raises KeyError for one that is not in the table."""
        self.edition.language.rules.signs[key]
        return False

    def _card(self, tier: str, signs: Iterable[Sign], who: str, groups: Iterable[tuple[str, list[Sign]]] = ()) -> str:
        signs, told = list(signs), self.edition.rules.tiers[tier]
        seen = [sign for sign in signs if sign.be_seen and tier == "now"]
        if seen:
            first = [f'!!! {tier} seen "{told.be_seen[0].rstrip(".")}:"', *(f"    - {self._said(sign, who, tier)}" for sign in seen), "", f"    {' '.join(told.be_seen[1:])}"]
            others = [sign for sign in signs if sign not in seen]
            return "\n".join(first) + (f"\n\n{self._card(tier, others, who)}" if others else f"\n\n    {self.fill('call', who='us')}\n")
        lines = []
        for title, some in groups or [("", signs)]:
            lines += ["", f"    **{title}**", ""] * bool(title) + [f"    - {said}" for sign in some for said in (self._said(sign, who, tier), *sign.items)]
        todo = [*((told.say[-1], *told.do) if tier == "emergency" else told.say[1:] if tier == "open" else ()), *(told.they if who == "they" else ())]
        if todo:
            lines += ["", f"    {' '.join(todo)}"]
        if tier == "normal":
            lines += ["", f"    {' '.join(told.say[1:])}"]
        button = f"\n    {self.fill('call', who=CALLS[tier])}\n" if tier in CALLS else ""
        return f'!!! {tier} "{told.card}"\n' + "\n".join(lines) + f"\n{button}"

    def _said(self, sign: Sign, who: str, tier: str) -> str:
        gone = f" {self.edition.phrase('sign.gone', time=sign.gone)}" if sign.gone and tier == "normal" else ""
        do = sign.they_do if who == "they" else sign.do
        urgent = [words for to, words in self._urgent(sign) if to in SLEEP and tier == "now"]
        lifts = f" {self.edition.phrase('sign.lifts', what='; '.join(urgent), number=self.edition.said['phone']['emergency'])}" if urgent else ""
        return self._sign(sign, who) + "." * bool(gone or do or lifts) + gone + (f" {do}" if do else "") + lifts

    def _urgent(self, sign: Sign) -> list[tuple[str, str]]:
        """What makes a sign one for the ambulance: (the sign or tier that it then is, the words for it)."""
        told = self.edition.rules.signs
        return [(to, words) for to, words in sign.lifts if (told[to].tier["day"] if to in told else to) == "emergency"]

    def _in_card(self, sign: Sign, tier: str) -> str:
        """One sign in a card of “Is this normal?”: the sign, what to do, then what makes it an emergency."""
        return self.fill("sign_in_card", sign=sign, tier=tier, text=self._sign(sign, "you"), urgent=[words for _, words in self._urgent(sign)])

    def _line(self, sign: Sign, tier: str) -> str:
        """One sign as a line of “Is this normal?”: what to do first, then the sign, then what makes it more urgent."""
        return self.fill("sign_line", sign=sign, tier=tier, told=self.edition.rules.tiers[tier], text=self._sign(sign, "you"), urgent=[words for _, words in self._urgent(sign)])


def _place(page: str) -> str:
    """Where the sources of a page stand on the page of all sources."""
    return "from-" + page.removesuffix(".md").replace("/", "-")
