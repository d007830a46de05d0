"""Rules and signs: what a patient reads is what a clinician saw in tests/golden, and no slip of a number gets past it.

`make golden` writes these files anew, so that each change of a safety sentence is a diff that a person can read.
"""

import copy
import re

import pytest
import yaml
from conftest import CLINICS, EPOCH, ROOT

from guide.clinic import file
from guide.edition import Edition, choices, slots
from guide.words.language import RulesFile
from guide.words.rules import tell

GOLDEN = ROOT / "tests" / "golden"
READ = ["sample", "us-three-locations", "england-infusions", "spray-only", "longest", "ireland", "germany", "canada", "australia", "new-zealand", "scotland-spray", "by-mouth", "places-that-differ", "visits-at-home", "rooms-and-video"]
DATA = yaml.safe_load((ROOT / "docs" / "en" / "rules.yml").read_text("utf-8"))


@pytest.fixture(scope="module")
def editions():
    """The editions whose words lie in tests/golden."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", EPOCH)
        return {name: Edition.of(file.SAMPLE if name == "sample" else CLINICS / f"{name}.yml") for name in READ}


@pytest.mark.words
@pytest.mark.parametrize("name", READ)
def test_every_rule_and_sign_reads_as_it_did(editions, file_regression, name):
    """A clinic's rules, signs, first aid and ways on read word for word as in its golden file."""
    file_regression.check("\n".join(editions[name].plain.lines()) + "\n", fullpath=GOLDEN / f"rules-{name}.txt")


def strings(value, way=()):
    """(way, text) of every text in the data that a person may read."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in ("facts", "judged", "find", "floor", "chip", "only", "danger_words", "doses", "then", "also", "signs") or key == "signs" and not way:
                yield from strings(inner, (*way, key))
    elif isinstance(value, list):
        for n, inner in enumerate(value):
            yield from strings(inner, (*way, n))
    elif isinstance(value, str):
        yield way, value


def spoiled():
    """(name, way, spoiled value) of every slip: each number doubled, each “not”, “never” or “unless” left out, each tier moved."""
    for way, text in strings(DATA):
        if "tier" in way[-2:] and way[0] == "signs":
            yield f"{way}: {text} moved", way, "normal" if text != "normal" else "open"
            continue
        for hit in re.finditer(r"\d+", re.sub(r"\{[^}]*\}", lambda slot: "x" * len(slot[0]), text)):
            yield f"{way}: {hit[0]} doubled", way, text[:hit.start()] + str(int(hit[0]) * 2 + 1) + text[hit.end():]
        for hit in re.finditer(r"\b(not|never|Never|unless|cannot|No|no) ", text):
            yield f"{way}: {hit[1]} left out", way, text[:hit.start()] + text[hit.end():]


@pytest.mark.words
def test_no_slip_of_the_pen_gets_past_the_golden_files(editions):
    """Whatever number, “not” or tier is changed in rules.yml, one at a time, at least one golden file no longer fits."""
    golden = {name: (GOLDEN / f"rules-{name}.txt").read_text("utf-8").splitlines() for name in READ}
    told = {name: (slots(edition, linked=False), choices(edition), edition.offers) for name, edition in editions.items()}
    unseen, count = [], 0
    for name, way, value in spoiled():
        data = copy.copy(DATA)
        part = data
        for step in way[:-1]:
            part[step] = copy.copy(part[step])
            part = part[step]
        part[way[-1]] = value
        changed = RulesFile(**data)
        count += 1
        if not any(tell(changed, *told[one]).lines() != golden[one] for one in READ):
            unseen.append(name)
    assert not unseen, "\n".join(unseen)
    assert count > 500


@pytest.mark.words
@pytest.mark.parametrize(("sign", "group"), [("e1", ""), ("e1", "elsewhere"), ("n1", "mind")])
def test_a_sign_for_the_ambulance_has_a_group_and_no_other_has(sign, group):
    """Without a group a sign would be missing from the list that stands on paper."""
    data = DATA | {"signs": DATA["signs"] | {sign: DATA["signs"][sign] | {"group": group}}}
    with pytest.raises(ValueError, match=f"signs.{sign}: an emergency sign"):
        RulesFile(**data)
