"""The example, the schema and the table of keys say what the model says; a clinic's own files never come from us."""

import re
import subprocess

import pytest
import yaml
from conftest import ROOT

from guide.clinic import file
from guide.clinic.model import Clinic
from guide.setup import reference

KEYWORDS = {"$schema", "$defs", "$ref", "title", "description", "default", "examples", "type", "enum", "const", "format", "pattern", "properties", "required",
            "additionalProperties", "propertyNames", "minProperties", "items", "minItems", "maxItems", "minLength", "maxLength", "minimum", "maximum", "multipleOf",
            "anyOf", "oneOf"}


@pytest.mark.parametrize("path", reference.files(), ids=lambda path: path.name)
def test_a_file_made_from_the_model_is_up_to_date(path):
    """Whoever changes the model also runs `python -m guide.setup.reference`."""
    assert path.read_text("utf-8") == reference.files()[path]


def fields(model=Clinic, above=""):
    """(key, field) of every key of the model."""
    for name, field in model.model_fields.items():
        yield f"{above}{field.alias or name}", field
        if inner := reference.group(field):
            yield from fields(inner, f"{above}{field.alias or name}.")


@pytest.mark.parametrize(("key", "field"), list(fields()), ids=[key for key, _ in fields()])
def test_a_key_is_described_and_its_default_is_within_its_bounds(key, field):
    """Every key has a sentence, and what is taken when it is left out would also be accepted if it were typed."""
    assert field.description and not field.description.endswith(".")
    limits, choices = reference.limits(field), reference.choices(field)
    if isinstance(field.default, (int, float)) and not isinstance(field.default, bool):
        assert limits.get("ge", 0) <= field.default <= limits["le"]
    if choices and not field.is_required() and not reference.is_list(field.annotation):
        assert field.default in choices
    if isinstance(field.default, str) and not choices:
        assert len(field.default) <= limits["max_length"]


def test_the_table_has_a_row_for_every_key():
    """The page of settings leaves no key out."""
    shown = re.findall(r"^\| `([^`]+)` \|", reference.TABLE.read_text("utf-8"), re.MULTILINE)
    assert [key.replace("[]", "") for key in shown] == [key for key, _ in fields()]


def test_the_example_shows_every_key():
    """Each key stands in the example, in use or behind a #."""
    text = file.SAMPLE.read_text("utf-8")
    for key, _ in fields():
        assert re.search(rf"^[ #-]*{key.rpartition('.')[2]}:", text, re.MULTILINE), key


@pytest.mark.usefixtures("the_day")
def test_a_key_behind_a_hash_can_be_added_by_taking_the_hash_away(tmp_path):
    """With every # gone from its keys, the example still reads as one file; only what must be a clinic's own is left to fill in."""
    path = tmp_path / "clinic.yml"
    path.write_text(re.sub(r"^( *)# ( *(- )?[a-z_]+:( |$))", r"\1\2", file.SAMPLE.read_text("utf-8"), flags=re.MULTILINE), "utf-8")
    _, problems = file.read(path)
    assert "is not filled in yet" in {problem.message for problem in problems}
    expected = ("is not filled in yet", "is still the sample clinic's", "made-up", "there is no file", "in the United States the number is 911", "already has", "cannot be called",
                "not a number that can be called", "is not for kind: here")
    assert [problem.told for problem in problems if not any(words in problem.message for words in expected)] == []


def nodes(schema):
    """Every part of a schema that is itself a schema."""
    yield schema
    for key, part in schema.items():
        if key in ("properties", "$defs"):
            for inner in part.values():
                yield from nodes(inner)
        elif key in ("anyOf", "oneOf"):
            for inner in part:
                yield from nodes(inner)
        elif key in ("items", "additionalProperties", "propertyNames") and isinstance(part, dict):
            yield from nodes(part)


def test_the_schema_uses_only_words_that_editors_know():
    """A bound under a name that is not in JSON Schema would be passed over in silence."""
    for node in nodes(reference.schema()):
        assert set(node) <= KEYWORDS


def test_the_schema_knows_floors_and_needed_keys():
    """An editor marks an unknown key, a missing one and a number that is out of bounds, before anything is built."""
    schema = reference.schema()
    assert schema["additionalProperties"] is False
    assert {"name", "country", "phone", "after_hours_phone", "locations", "treatments", "visit"} == set(schema["required"])
    home = schema["$defs"]["GoingHome"]["properties"]
    assert [home[f"no_{what}_hours"]["minimum"] for what in ("alcohol", "decisions", "childcare_alone")] == [24, 24, 12]
    assert home["escort"]["enum"] == ["adult", "adult_or_medical_transport"]
    assert home["driving"]["enum"] == ["next_day_after_sleep", "24_hours_and_sleep"]
    assert schema["$defs"]["NasalEsketamine"]["properties"]["stay_minutes"]["minimum"] == 120


def test_the_example_is_plain_yaml():
    """Any reader of YAML takes the example, and its first line names the schema for editors."""
    text = file.SAMPLE.read_text("utf-8")
    assert yaml.safe_load(text)["name"] == "Orchard Row Ketamine Clinic"
    schema = re.match(r"# yaml-language-server: \$schema=(.*)\n", text)[1]
    assert ROOT / schema == reference.SCHEMA and reference.SCHEMA.exists()


def test_a_clinics_own_files_are_never_ours():
    """clinic.yml and clinic/ belong to a clinic's copy: we track neither, so that taking our corrections never meets a conflict."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    assert listed.returncode == 0, f"this test needs git and the repository: {listed.stderr}"
    tracked = listed.stdout.splitlines()
    assert "clinic.example.yml" in tracked
    assert [name for name in tracked if name == "clinic.yml" or name.startswith("clinic/")] == []
    assert not re.search(r"^/?clinic(\.yml|/)", (ROOT / ".gitignore").read_text("utf-8"), re.MULTILINE)
