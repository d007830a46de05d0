"""What a clinic writes against a rule is told, with line and rule; what only looks like it is not."""

import re

import pytest
import yaml
from conftest import CLINICS, ROOT

from guide.check import notices
from guide.clinic import against_rules, file, notes

CASES = ROOT / "tests" / "against"
HARMFUL = [(rule, level, said) for rule, levels in yaml.safe_load((CASES / "harmful.yml").read_text("utf-8")).items() for level, told in levels.items() for said in told]
HARMLESS = yaml.safe_load((CASES / "harmless.yml").read_text("utf-8"))
RULES = yaml.safe_load((ROOT / "docs" / "en" / "against.yml").read_text("utf-8"))["rules"]
MINIMAL = (CLINICS / "minimal.yml").read_text("utf-8")


def told(text):
    """(level, rule) of each sentence that is told."""
    return [(level, next((name for name, row in RULES.items() if message.endswith(f" the {row.get('called')}")), None) or ("promise" if "promise" in message else "public"))
            for _, _, level, message, _ in against_rules.found(text)]


@pytest.mark.parametrize(("rule", "level", "said"), HARMFUL, ids=[said for *_, said in HARMFUL])
def test_a_sentence_against_a_rule_is_told_with_the_rule(rule, level, said):
    """As an error where it is plain, as a notice where it may be."""
    assert told(said)[:1] == [(level, rule)]


@pytest.mark.parametrize("said", HARMLESS)
def test_a_sentence_that_only_looks_like_it_is_not_told(said):
    """Not a word, neither of the rules nor of the word lists."""
    assert told(said) == [] and notes.doubtful(said) == []


def test_the_guide_itself_says_nothing_against_its_rules():
    """Every sentence of every rule, said by a clinic, is taken."""
    data = yaml.safe_load((ROOT / "docs" / "en" / "rules.yml").read_text("utf-8"))["rules"]
    for name, row in data.items():
        for part in [row, *(variant for variant in row.values() if isinstance(variant, dict))]:
            for said in [*part.get("you", []), *part.get("they", []), *([part["short"]] if "short" in part else [])]:
                assert told(re.sub(r"\{\w*hours\}", "24 hours", said)) == [], (name, said)


def test_every_rule_named_is_one_of_the_guides():
    """A rule of the table is one of rules.yml, or says itself what to write."""
    rules = yaml.safe_load((ROOT / "docs" / "en" / "rules.yml").read_text("utf-8"))["rules"]
    for name, row in RULES.items():
        assert name in rules or row["so"], name
        assert "{" not in against_rules._says(name) if name in rules else True


def test_a_note_is_told_at_its_line(tmp_path):
    """The line and column are those of the sentence, behind the marks of a list and over the ends of lines."""
    note = tmp_path / "clinic" / "notes" / "prepare.md"
    note.parent.mkdir(parents=True)
    note.write_text("# Our rooms\n\nThe door is green.\nRing twice. You can\ndrive home after 2 hours.\n\n- One\n- **A glass of wine** is fine.\n", "utf-8")
    assert [(found.file, found.line, found.column) for found in notes.read(tmp_path)[1]] == [("clinic/notes/prepare.md", 4, 13), ("clinic/notes/prepare.md", 8, 5)]
    assert notes.read(tmp_path)[1][0].told == ("“You can drive home after 2 hours.” says something against the driving rule "
                                               "[The guide says: No driving until 24 hours after the dose and a night's sleep. Say the same, or take it out.]")


@pytest.mark.parametrize("key", ["parking", "transit", "access", "entrance"])
def test_a_text_of_a_location_is_told_at_its_key(tmp_path, key):
    """Every text of clinic.yml is read like a note."""
    (tmp_path / "clinic.yml").write_text(MINIMAL.replace("locations:\n  - ", f"locations:\n  - {key}: Most patients drive home after an hour.\n    "), "utf-8")
    assert [problem.key for problem in file.read(tmp_path / "clinic.yml")[1]] == [f"locations[0].{key}"]


def test_a_name_is_told_and_kept(tmp_path):
    """Nobody is made to change the clinic's name; what it promises is told."""
    (tmp_path / "clinic.yml").write_text(MINIMAL.replace("name: Elm", "name: Elm Miracle Cure Ketamine"), "utf-8")
    clinic, problems = file.read(tmp_path / "clinic.yml")
    assert problems == [] and "name" in [notice.key for notice in notices.of(tmp_path / "clinic.yml", clinic)]


@pytest.mark.parametrize("path", sorted(CLINICS.glob("*.yml")), ids=lambda path: path.stem)
def test_no_good_clinic_is_told_of_its_words(path):
    """Real texts of clinics are taken without a word."""
    document = file.Document(path.read_bytes())
    assert [(place, found) for place, text in file.prose(document) for found in against_rules.found(text)] == []
