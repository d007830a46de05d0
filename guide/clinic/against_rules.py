"""What a clinic wrote that says something against a rule of the guide: told with its place. The patterns are docs/en/against.yml.

A pattern cannot read. What is plain stops the guide; what may be meant well is only told. So a sentence is looked at in
parts, and a “not” before the words that allow something turns them round.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, reduce
from typing import Any

import yaml

from guide.clinic.problems import quoted
from guide.environment import DOCS

BREAK = "\f"
"""Stands where a list entry, a heading, a quote or a cell begins: no sentence runs over it."""
SENTENCE = re.compile(r"(?:[^.!?\n\f]|\n(?!\s*[\n\f])|(?<=\d)[.](?=\d))+[.!?]*")
MARKS = re.compile(r"[*_`\"“”]")
BEGINS = re.compile(r"^[ \t]*(?:[-+*]|\d+[.)]|#+|>)(?=\s)|\|", re.MULTILINE)
PART = re.compile(r";|:|–|—|\bbut\b|\bhowever\b|\bthough\b", re.IGNORECASE)
CLAUSE = re.compile(r",|;|:|–|—|\bbut\b", re.IGNORECASE)
HARMLESS_NOT = re.compile(r"\b(?:will not|won.t|does not|doesn.t|do not|don.t|would not|cannot|can.t) (?:hurt|harm|matter|do any harm)\b|\b(?:no|not a) problem\b|\bno harm\b|\bdo not worry\b", re.IGNORECASE)
TURNED = re.compile(r"\b(?:not|never|nobody|no one|no-one|none|neither|cannot|no|nor)\b|n['’]t\b", re.IGNORECASE)
AVOIDED = re.compile(TURNED.pattern + r"|\b(?:stop|avoid|wrong|forbid\w*|instead of|without)\b", re.IGNORECASE)
CONDITION = re.compile(r"\b(?:if|when|whether|until|till|before|once|how soon|unless|where|how) (?:and \w+ )?(?:you|they|patients|people|anyone|someone)\s*(?:already |ever |have to |want to |must |need to )?$", re.IGNORECASE)
YES = re.compile(r"\s*(?:yes|sure|of course|absolutely|certainly)\b", re.IGNORECASE)
SAID = {"doses": "your dose", "after_doses": "after your dose", "watched_by": "a trained person", "ride": "ride"}
"""What stands in a rule's slots where no clinic fills them."""


@dataclass(frozen=True)
class _Rule:
    name: str
    right: re.Pattern[str]
    so: str
    called: str
    patterns: dict[str, list[re.Pattern[str]]] = field(default_factory=dict)


def found(text: str) -> Iterator[tuple[int, int, str, str, str]]:
    """(line, column, "error" or "notice", what is wrong, what to do) of every sentence of `text` that is against a rule, one each."""
    clean = MARKS.sub(" ", BEGINS.sub(lambda hit: BREAK * len(hit[0]), text))
    clean = HARMLESS_NOT.sub(lambda hit: "is fine".ljust(len(hit[0])), clean)
    sentences = [hit for hit in SENTENCE.finditer(clean) if hit[0].strip()]
    for hit, after in zip(sentences, [*sentences[1:], None]):
        said = " ".join(hit[0].split())
        told = _against(said, " ".join(after[0].split()) if after else "")
        if told:
            at = hit.start() + len(hit[0]) - len(hit[0].lstrip())
            before = text[:at]
            level, rule = told
            what = "says something against" if level == "error" else "may say something against"
            yield (before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1, level,
                   f"{quoted(' '.join(text[at:hit.end()].split()))} {what} the {rule.called}" if rule.called else
                   f"{quoted(' '.join(text[at:hit.end()].split()))} {'is a promise' if rule.name == 'promise' else 'may be a secret'}",
                   _remedy(rule, level))


def _remedy(rule: _Rule, level: str) -> str:
    guide = rule.so or f"The guide says: {_says(rule.name)}"
    return f"{guide} {'Say the same, or take it out.' if level == 'error' else 'If it is meant so, change it.'}"


def _against(said: str, after: str) -> tuple[str, _Rule] | None:
    """The worst that a sentence says: ("error" or "notice", the rule)."""
    doubtful = None
    passed, rules = _table()
    for rule in rules:
        for whole in PART.split(said):
            if any(pattern.search(whole) for pattern in rule.patterns["plain"]):
                return "error", rule
            part = reduce(lambda text, pattern: pattern.sub(" … ", text), passed, whole)
            if rule.right.search(whole):
                if any(pattern.search(part) for pattern in rule.patterns["doubt"]) and not TURNED.search(part):
                    doubtful = doubtful or rule
                continue
            if any(pattern.search(part) for pattern in rule.patterns["says"]) or not said.endswith("?") and any(map(_granted(part), rule.patterns["allows"])):
                return "error", rule
            if any(map(_granted(part), rule.patterns["doubt"])):
                doubtful = doubtful or rule
        both = f"{said} {after}" if said.endswith("?") else said
        if any(pattern.search(both) for pattern in rule.patterns["both"]) and not rule.right.search(both):
            return "error", rule
        if said.endswith("?") and YES.match(after) and any(pattern.search(said) for pattern in rule.patterns["about"]) and not TURNED.search(said):
            doubtful = doubtful or rule
    return ("notice", doubtful) if doubtful else None


def _granted(part: str):
    """The function that tells if a pattern's words stand in the part of a sentence and no “not” or “if” turns them round."""
    def is_granted(pattern: re.Pattern[str]) -> bool:
        for clause in CLAUSE.split(part):
            for hit in pattern.finditer(clause):
                if not AVOIDED.search(clause[:hit.start()]) and not TURNED.search(hit[0]) and not CONDITION.search(clause[:hit.start()]):
                    return True
        return False
    return is_granted


@cache
def _table() -> tuple[list[re.Pattern[str]], list[_Rule]]:
    data: dict[str, Any] = yaml.safe_load((DOCS / "against.yml").read_text("utf-8"))
    words = data["words"]

    def made(pattern: str) -> re.Pattern[str]:
        for _ in range(2):  # a word may stand for words
            pattern = re.sub(r"\{([a-z]\w+)\}", lambda hit: f"(?:{words[hit[1]]})", pattern)
        return re.compile(pattern, re.IGNORECASE)

    return [made(pattern) for pattern in data["passed"]], [
        _Rule(name, made(row["right"]) if "right" in row else re.compile(r"(?!)"), row.get("so", ""), row.get("called", ""),
              {kind: [made(pattern) for pattern in ([row[kind]] if isinstance(row.get(kind), str) else row.get(kind, []))]
               for kind in ("allows", "says", "plain", "doubt", "both", "about")})
        for name, row in data["rules"].items()]


@cache
def _says(name: str) -> str:
    """The rule in short, with the numbers that most clinics choose."""
    rules = yaml.safe_load((DOCS / "rules.yml").read_text("utf-8"))["rules"]
    row = rules[name]
    short = row["short"] if "short" in row else next(variant["short"] for variant in row.values() if isinstance(variant, dict) and "short" in variant)
    return re.sub(r"\{(\w+)\}", lambda slot: _floor(rules, slot[1]) or SAID.get(slot[1], "…"), short)


def _floor(rules: dict[str, Any], key: str) -> str:
    """The number of a slot that most clinics choose; where the spray has its own, both."""
    bound = next((rule["floor"][key] for rule in rules.values() if key in rule.get("floor", {})), {})
    unit = key.rpartition("_")[2]
    if unit not in ("hours", "minutes"):
        return ""
    if "iv" in bound and "nasal_esketamine" in bound:
        return f"{bound['iv']['tell']} {unit} (the spray: {bound['nasal_esketamine']['refuse']})"
    return f"{bound.get('tell', bound.get('refuse'))} {unit}"
