"""docs/<language>/rules.yml with one clinic's numbers in it: every rule, sign and way on as finished sentences.

Which variant of a rule holds and what fills a slot is decided by the edition; here it is only said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from guide.words.language import PHASES, RuleRow, RulesFile, SignRow
from guide.words.phrases import PhraseProblem, filled

ORDER = ("emergency", "crisis", "now", "open", "normal", "staff")
"""Tiers, the most urgent first; what staff are told stands apart (triage, 1)."""


@dataclass(frozen=True)
class Tier:
    word: str
    card: str
    before: str
    say: tuple[str, ...]
    do: tuple[str, ...]
    they: tuple[str, ...]
    be_seen: tuple[str, ...]


@dataclass(frozen=True)
class Rule:
    you: str
    they: str
    short: str


@dataclass(frozen=True)
class Sign:
    """One sign. `tier`: by phase (clinic, day, later); `lifts` and `then`: (id of the sign or tier that it then is, words for it)."""

    id: str
    you: str
    they: str
    short: str
    items: tuple[str, ...]
    tier: Mapping[str, str]
    also: str
    do: str
    they_do: str
    gone: str
    late: str
    then: tuple[str, ...]
    lifts: tuple[tuple[str, str], ...]
    be_seen: bool
    chip: str
    group: str
    find: tuple[str, ...]


@dataclass(frozen=True)
class Step:
    """One step of the ladder of moods."""

    tier: str
    what: tuple[tuple[str, str], ...]
    """(id of the sign, or empty, and its words)"""
    do: tuple[str, ...]


@dataclass(frozen=True)
class FirstAid:
    title: str
    steps: tuple[str, ...]


@dataclass(frozen=True)
class Told:
    """All of rules.yml for one clinic, as sentences."""

    tiers: Mapping[str, Tier]
    groups: Mapping[str, str]
    """Titles of the groups of emergency signs, in order."""
    signs: Mapping[str, Sign]
    rules: Mapping[str, Rule]
    by_treatment: Mapping[str, Mapping[str, Rule]]
    first_aid: Mapping[str, FirstAid]
    no_answer: tuple[str, ...]
    no_answer_for: Mapping[str, tuple[str, ...]]
    mood: Mapping[str, tuple[Step, ...]]
    ask: tuple[str, ...]
    care: tuple[str, ...]
    phone_words: Mapping[str, tuple[str, ...]]
    danger: Mapping[str, tuple[str, ...]]
    unsure: tuple[str, ...]

    def of(self, tier: str, phase: str = "") -> list[Sign]:
        """The signs of a tier at a phase, or at any after leaving, in the order of the table."""
        phases = (phase,) if phase else ("day", "later")
        return [sign for sign in self.signs.values() if any(sign.tier[one] == tier for one in phases)]

    def emergency(self) -> list[tuple[str, list[Sign]]]:
        """(title of a group, its signs) of all emergency signs, in the order in which they are read."""
        return [(title, [sign for sign in self.of("emergency") if sign.group == group]) for group, title in self.groups.items()]

    def lines(self) -> list[str]:
        """All that a person is told, a line each, for whoever compares one guide with another."""
        out = [f"{name}: {part}" for name, tier in self.tiers.items()
               for part in (tier.word, tier.card, *filter(None, [tier.before]), *tier.say, *tier.do, *tier.they, *tier.be_seen)]
        for key, sign in self.signs.items():
            out += [f"{key} {phase} {tier}" for phase, tier in sign.tier.items()]
            said = {"you": sign.you, "they": sign.they, "short": sign.short, "do": sign.do, "they_do": sign.they_do, "gone_by": sign.gone, "late": sign.late,
                    "be_seen": "yes" if sign.be_seen else "", "also": sign.also, "group": self.groups.get(sign.group, ""), "then": ", ".join(sign.then)}
            out += [f"{key} {what}: {text}" for what, text in said.items() if text] + [f"{key} item: {item}" for item in sign.items]
            out += [f"{key} is {to}: {words}" for to, words in sign.lifts]
        for key, rule in self.rules.items():
            out += [f"rule {key} {who}: {getattr(rule, who)}" for who in ("you", "they", "short")]
        for key, aid in self.first_aid.items():
            out += [f"first_aid {key}: {line}" for line in (aid.title, *aid.steps)]
        out += [f"no_answer {which}: {line}" for which, lines in self.no_answer_for.items() for line in lines]
        for who, steps in self.mood.items():
            out += [f"mood {who} {step.tier}: {' '.join(text for _, text in step.what)} {' '.join(step.do)}" for step in steps]
        out += [f"mood: {line}" for line in (*self.ask, *self.care)] + [f"unsure: {line}" for line in self.unsure]
        out += [f"phone_words {who}: {line}" for who, lines in self.phone_words.items() for line in lines]
        return out


@dataclass(frozen=True)
class Choices:
    """What the edition decides: the variant of each rule that has several, and what differs by treatment."""

    variant: Mapping[str, str]
    treatments: Mapping[str, Mapping[str, str]]
    """By treatment its own slots: name, after, no_food_hours, no_drinks_hours, stay_minutes, session_minutes."""
    at_home: bool
    """Does the clinic visit the patient? Then what a rule says for that stands above its other variants."""
    country: str
    region: str
    urgent: bool
    poison: bool
    either: Callable[[list[str]], str]


def tell(file: RulesFile, slots: Mapping[str, str], choices: Choices, offers: Mapping[str, bool]) -> Told:
    """Everything said. Raises PhraseProblem where a slot is open or a variant is not there."""

    def say(text: str, place: str, **own: str) -> str:
        values = {**slots, **own}
        if empty := [name for name, value in values.items() if not value and f"{{{name}}}" in text]:
            raise PhraseProblem(f"rules.yml: {place}: nothing fills {{{empty[0]}}}")
        said = filled(text, values, f"rules.yml: {place}", all_used=False)
        return said[:1].upper() + said[1:]

    def lines(texts: list[str], place: str, **own: str) -> tuple[str, ...]:
        return tuple(say(text, place, **own) for text in texts if not any(f"{{{slot}}}" in text and not slots[slot] for slot in ("crisis_text", "crisis_next")))

    rules, by_treatment = {}, {}
    for key, row in file.rules.items():
        chosen = _variant(key, row, choices)
        if row.only and not offers[row.only]:
            continue
        rules[key] = _rule(key, chosen, choices, list(choices.treatments), lines)
        if key in EACH:
            by_treatment[key] = {one: _rule(key, chosen, choices, [one], lines) for one in choices.treatments}
    signs = {key: _sign(key, row, say, file, offers, choices.poison) for key, row in file.signs.items()
             if not row.only or any(offers[way] for way in ([row.only] if isinstance(row.only, str) else row.only))}
    no_answer = file.no_answer
    whole = (*no_answer["first"], *_of_the_place(no_answer, choices), *no_answer["last"])
    rules["no_answer"] = Rule(*[" ".join(lines(whole, "no_answer"))] * 3)
    return Told(
        tiers={name: Tier(tier.word, say(tier.card, name), say(tier.before, name) if tier.before else "", *(lines(part, name) for part in (tier.say, tier.do, tier.they, tier.be_seen)))
               for name, tier in file.tiers.items()},
        groups=file.groups,
        signs=signs,
        rules=rules,
        by_treatment=by_treatment,
        first_aid={key: FirstAid(say(aid.title, key), lines(aid.by_country.get(choices.country, aid.steps), key)) for key, aid in file.first_aid.items()},
        no_answer=lines(whole, "no_answer"),
        no_answer_for={
            "be_seen": lines(no_answer["be_seen"], "no_answer"), "poison": lines(no_answer["poison"], "no_answer"), "open": lines(no_answer["open"], "no_answer"),
            "crisis": lines(no_answer["crisis"]["you"], "no_answer.crisis"), "they_crisis": lines(no_answer["crisis"]["they"], "no_answer.crisis"),
        },
        mood={who: tuple(Step(step.tier, (("", say(step.what, "mood")),) if step.what else tuple((key, getattr(signs[key], who) + ".") for key in step.signs), lines(step.do, "mood"))
                         for step in steps) for who, steps in (("you", file.mood.you), ("they", file.mood.they))},
        ask=lines(file.mood.ask, "mood"), care=lines(file.mood.care, "mood"),
        phone_words={who: lines(file.phone_words[who], "phone_words") for who in ("you", "they")},
        danger={tier: (*file.danger_words[tier], *file.danger_words.get(choices.country, {}).get(tier, ())) for tier in ("emergency", "crisis")},
        unsure=lines(file.unsure, "unsure"),
    )


def _variant(key: str, row: RuleRow, choices: Choices) -> RuleRow:
    """The rule itself, or the variant that the clinic chose, with what all variants share."""
    if not row.variants:
        return row
    try:
        chosen = choices.variant[key]
        at_home = [f"{chosen}_at_home", "at_home"] if choices.at_home else []
        return row.variants[next((name for name in at_home if name in row.variants), chosen)]
    except KeyError:
        raise PhraseProblem(f"rules.yml: {key}: there is no variant {choices.variant.get(key)!r}") from None


def _rule(key: str, row: RuleRow, choices: Choices, treatments: list[str], lines: Callable[..., tuple[str, ...]]) -> Rule:
    """The rule for these treatments. A sentence with {doses} or {after_doses} is said once for all that are alike."""
    groups: dict[tuple[str, ...], list[Mapping[str, str]]] = {}
    for name in treatments:
        own = choices.treatments[name]
        groups.setdefault(tuple(own[slot] for slot in EACH.get(key, ())), []).append(own)
    alike = [{**owns[0], "doses": choices.either([own["name"] for own in owns]), "after_doses": choices.either([own["after"] for own in owns])} for owns in groups.values()]

    def said(texts: list[str]) -> str:
        return " ".join(one for text in texts for own in (alike if "doses}" in text else alike[:1]) for one in lines([text], key, **own))

    return Rule(said(row.you), said(row.they), said([row.short]))


EACH = {"leave": ("stay_minutes",), "food": ("no_food_hours", "no_drinks_hours")}
"""Rules with numbers that may differ by treatment, and which."""


def _of_the_place(no_answer: Mapping[str, Any], choices: Choices) -> list[str]:
    for key in (f"{choices.country} {choices.region}", choices.country, "urgent" if choices.urgent else "none"):
        if key in no_answer:
            return no_answer[key]
    raise PhraseProblem("rules.yml: no_answer: nothing for this country")


def _sign(key: str, row: SignRow, say: Callable[..., str], file: RulesFile, offers: Mapping[str, bool], poison: bool) -> Sign:
    needle = offers["drip"] or offers["shot"]
    you, they, short = (row.you, row.they or row.you, row.short) if needle or not row.no_needle else (row.no_needle[who] for who in ("you", "they", "short"))
    do = row.do if isinstance(row.do, str) else row.do["poison" if poison else "none"]
    times = [row.gone] if isinstance(row.gone, str) else list(dict.fromkeys(text for way, text in row.gone.items() if offers[way]))
    items = [item if isinstance(item, str) else next((text for way, text in item.items() if offers[way]), "") for item in row.items]
    return Sign(
        key, say(you, key), say(they, key), say(short, key), tuple(say(item, key) for item in items if item),
        {phase: _tier(row.tier[phase], phase, file) for phase in PHASES}, row.also,
        say(do, key) if do else "", say(row.they_do or do, key) if do else "", _inside(", or ".join(times), key, say),
        say(row.mouth, key) if row.mouth and offers["mouth"] else "", tuple(row.then), tuple((to, _inside(words, key, say)) for to, words in row.lifts.items()),
        row.be_seen, row.chip, row.group, tuple(row.find))


def _inside(text: str, key: str, say: Callable[..., str]) -> str:
    """Words that go on a sentence, so that they begin as they stand."""
    said = say("." + text, key)
    return said[1:]


def _tier(named: str, phase: str, file: RulesFile) -> str:
    """The tier that stands there, or that of the sign that is named in its place."""
    return named if named in file.tiers else _tier(file.signs[named].tier[phase], phase, file)
