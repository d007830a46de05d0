"""clinic.yml to a checked `Clinic`, or to every problem at once with its line, column and remedy."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import yaml
from pydantic import BaseModel, ValidationError

from guide.clinic import Clinic, Treatments
from guide.problems import Problem

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "clinic.example.yml"
LARGEST = 200_000
DEEPEST = 12

Place = tuple[str | int, ...]
"""The way to a value: ("locations", 0, "phone")."""


class ClinicProblems(ValueError):
    """The file cannot be used. `problems` says why."""

    def __init__(self, path: Path, problems: list[Problem]):
        self.path, self.problems = path, problems
        super().__init__("\n".join(f"{path.name}:{p.line}:{p.column}: {p.told}" for p in problems))


def chosen(root: Path = ROOT) -> Path:
    """The clinic's own clinic.yml if there is one, else the sample clinic."""
    own = root / "clinic.yml"
    return own if own.exists() else SAMPLE


def load(path: Path | None = None) -> Clinic:
    """The clinic described in `path` (by default the chosen one). Raises ClinicProblems."""
    path = path or chosen()
    clinic, problems = read(path)
    if clinic is None:
        raise ClinicProblems(path, problems)
    return clinic


def today() -> datetime.date:
    """The day of this build, so that the same SOURCE_DATE_EPOCH gives the same output."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    return datetime.datetime.fromtimestamp(int(epoch), datetime.UTC).date() if epoch else datetime.datetime.now(datetime.UTC).date()


def read(path: Path) -> tuple[Clinic | None, list[Problem]]:
    """(clinic, no problems) or (None, every problem in order of line). Never raises for what is in the file."""
    try:
        document = _Document(path.read_bytes())
    except OSError as error:
        return None, [Problem(1, 1, "", f"this file cannot be opened ({error.strerror})", "Create it from clinic.example.yml.")]
    problems, clinic = list(document.problems), None
    if document.readable:
        is_sample = path.resolve() == SAMPLE
        context = {"country": _country_typed(document.data), "sample": is_sample, "root": path.resolve().parent, "today": today()}
        try:
            clinic = Clinic.model_validate(document.data, context=context)
        except ValidationError as error:
            problems += [problem for found in error.errors(include_url=False) for problem in _told(found, document)]
        if not is_sample:
            problems += _left_from_the_sample(document)
    return (None, sorted(set(problems))) if problems else (clinic, [])


def texts(value: Any, place: Place = ()) -> Iterator[tuple[str, str]]:
    """(key, text) of everything that the clinic typed or that a default typed for it."""
    if isinstance(value, BaseModel):
        value = value.model_dump()
    if isinstance(value, str):
        yield path(place), value
    for step, part in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from texts(part, (*place, step))


def _country_typed(data: Any) -> str | None:
    code = data.get("country") if isinstance(data, dict) else None
    return code.strip().upper() if isinstance(code, str) and len(code.strip()) == 2 else None


# ---- reading YAML as text, with places ----------------------------------------------------------------------------

class _Document:
    """A YAML file as nested dicts, lists and text; None where nothing was typed."""

    def __init__(self, raw: bytes):
        self.problems: list[Problem] = []
        self.values: dict[Place, tuple[int, int]] = {}
        self.keys: dict[Place, tuple[int, int]] = {}
        self.data: Any = None
        text = self._decoded(raw)
        if text is not None and self._is_plain(text):
            node = yaml.compose(text, yaml.SafeLoader)
            self.data = self._taken(node, ())
        self.readable = isinstance(self.data, dict)
        if not self.readable and not self.problems:
            self._add(1, 1, "this is not a list of settings" if self.data else "this file is empty",
                      "Write lines such as name: Your Clinic, or start from clinic.example.yml.")

    def place_of(self, place: Place) -> tuple[int, int]:
        """Line and column of the value, else of the nearest thing around it."""
        while place and place not in self.values:
            place = place[:-1]
        return self.values.get(place, (1, 1)) if place else (1, 1)

    def _add(self, line: int, column: int, message: str, hint: str = "", place: Place = ()) -> None:
        self.problems.append(Problem(line, column, path(place), message, hint))

    def _decoded(self, raw: bytes) -> str | None:
        if len(raw) > LARGEST:
            self._add(1, 1, "this file is far too large", "A clinic's details fit on a few pages; start from clinic.example.yml.")
            return None
        try:
            return raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            before = raw[:error.start]
            self._add(before.count(b"\n") + 1, len(before.rpartition(b"\n")[2]) + 1,
                      "this file is not saved as UTF-8", "Save it again and choose the encoding UTF-8.")
            return None

    def _is_plain(self, text: str) -> bool:
        """Whether it is one YAML document of plain values; else the reason is in `problems`."""
        depth = documents = 0
        try:
            for event in yaml.parse(text, yaml.SafeLoader):
                mark = event.start_mark
                here = (mark.line + 1, mark.column + 1) if mark else (1, 1)
                documents += isinstance(event, yaml.DocumentStartEvent)
                depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
                if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                    self._add(*here, "starts with & or *, which has a special meaning here", "Put the text in quotes: \"& …\".")
                if getattr(event, "tag", None):
                    self._add(*here, "starts with !, which has a special meaning here", "Put the text in quotes: \"! …\".")
                if documents > 1 or depth > DEEPEST:
                    self._add(*here, "a second file begins here" if documents > 1 else "too many brackets or indents",
                              "Delete the line ---." if documents > 1 else "Start again from clinic.example.yml.")
                    return False
        except yaml.MarkedYAMLError as error:
            opened = "quoted scalar" in (error.context or "") and "expected" not in (error.problem or "")
            mark = error.context_mark if opened else error.problem_mark or error.context_mark
            self._add(mark.line + 1, mark.column + 1, *_yaml_words(error))
        except yaml.reader.ReaderError as error:
            before = text[:error.position] if isinstance(error.position, int) else ""
            self._add(before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1,
                      "holds a character that cannot be seen or printed", "Type this line again instead of pasting it.")
        return not self.problems

    def _taken(self, node: yaml.Node | None, place: Place) -> Any:
        if node is None:
            return None
        self.values[place] = (node.start_mark.line + 1, node.start_mark.column + 1)
        if isinstance(node, yaml.SequenceNode):
            return [self._taken(child, (*place, n)) for n, child in enumerate(node.value)]
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place)
        nothing = node.style is None and node.value in ("", "~", "null", "Null", "NULL")
        return None if nothing or not node.value.strip() else node.value

    def _mapping(self, node: yaml.MappingNode, place: Place) -> dict:
        taken: dict[str, Any] = {}
        for key, child in node.value:
            here = (key.start_mark.line + 1, key.start_mark.column + 1)
            if not isinstance(key, yaml.ScalarNode):
                self._add(*here, "a key must be one word", "Text that holds { or [ needs quotes.", place)
            elif key.value in taken:
                first = self.keys[(*place, key.value)][0]
                self._add(*here, f"this key is written twice; the first is on line {first}", "Delete one of the two.", (*place, key.value))
            else:
                self.keys[(*place, key.value)] = here
                taken[key.value] = self._taken(child, (*place, key.value))
        return taken


YAML_WORDS = (
    ("mapping values are not allowed", "a colon followed by a space stands inside the text", 'Put the text in quotes: "Dr. Lee: Clinic".'),
    ("'\\t'", "a tab stands here", "Use spaces to indent, never the Tab key."),
    ("'@'", "text cannot start with @", "Put the text in quotes."),
    ("'`'", "text cannot start with `", "Put the text in quotes."),
    ("'%'", "text cannot start with %", "Put the text in quotes."),
    ("found unexpected end of stream", "a quotation mark is opened but never closed", 'Close it with " at the end of the text.'),
    ("while scanning a quoted", "a quotation mark is opened but never closed", 'Close it with " at the end of the text.'),
    ("could not find expected ':'", "a key without its colon, or text that runs on without an indent", "Write key: value, and indent the lines that belong to it."),
    ("found undefined alias", "starts with *, which has a special meaning here", "Put the text in quotes."),
    ("alphabetic or numeric", "starts with & or *, which has a special meaning here", "Put the text in quotes."),
    ("expected <block end>", "this line is not indented like its neighbours", "Start it under the line above it, with spaces."),
    ("unindent", "this line is not indented like its neighbours", "Start it under the line above it, with spaces."),
    ("tag", "starts with !, which has a special meaning here", "Put the text in quotes."),
    ("escape", "a backslash \\ inside double quotes has a special meaning", "Use single quotes instead."),
    ("expected ',' or", "a bracket is opened but not closed", "Close it, or put the text in quotes."),
)


def _yaml_words(error: yaml.MarkedYAMLError) -> tuple[str, str]:
    said = f"{error.context or ''} {error.problem or ''}"
    for mark, message, hint in YAML_WORDS:
        if mark in said:
            return message, hint
    return "this line cannot be read", "Compare it with clinic.example.yml, or put the text in quotes."


# ---- saying what is wrong -----------------------------------------------------------------------------------------

def path(place: Place) -> str:
    """("locations", 0, "phone") as locations[0].phone."""
    told = ""
    for part in place:
        told += f"[{part}]" if isinstance(part, int) else f".{part}" if told else str(part)
    return told


def _told(error: dict, document: _Document) -> list[Problem]:
    place, typed = _as_typed(error["loc"], document), error["input"]
    key = str(place[-1]) if place else ""
    if error["type"] == "clinic":
        return [Problem(*document.keys.get((*place, *at), document.place_of((*place, *at))) if at and (*place, *at) not in document.values
                        else document.place_of((*place, *at)), path((*place, *at)), message, hint)
                for at, message, hint in error["ctx"]["problems"]]
    if error["type"] == "extra_forbidden":
        known = sorted(_fields(place[:-1]))
        near = get_close_matches(key, known, 1, 0.6)
        hint = f"Did you mean {near[0]}?" if near else f"Known here: {', '.join(known)}."
        return [Problem(*document.keys.get(place, (1, 1)), path(place), "the guide does not know this key", hint)]
    if error["type"] == "missing":
        at = document.keys.get(place[:-1]) or document.place_of(place[:-1])
        return [Problem(*at, path(place), "is missing", f"Add a line: {_example_line(place)}")]
    if typed is None:
        return [Problem(*document.keys.get(place, document.place_of(place)), path(place), "has no value",
                        f"Write one, such as {_example_line(place)}, or delete the line.")]
    return [Problem(*document.place_of(place), path(place), *_in_words(error, place))]


def _in_words(error: dict, place: Place) -> tuple[str, str]:
    bounds, example = error.get("ctx", {}), f"Such as {_example_line(place)}."
    match error["type"]:
        case "string_too_long":
            return f"is {len(error['input'])} characters long; {bounds['max_length']} fit", "Make it shorter."
        case "string_too_short":
            return "has no value", example
        case "greater_than_equal":
            return f"{error['input']} is too small", f"Write a number of at least {bounds['ge']:g}."
        case "less_than_equal":
            return f"{error['input']} is too large", f"Write a number of at most {bounds['le']:g}."
        case "int_from_float" | "int_parsing" | "int_type":
            return f"{quoted(error['input'])} is not a whole number", "Write digits only, without a unit."
        case "literal_error":
            return f"{quoted(error['input'])} is not one of the choices", f"Write {str(bounds['expected']).replace(chr(39), '')}."
        case "string_pattern_mismatch":
            return f"{quoted(error['input'])} is not written as it needs to be", example
        case "too_long":
            return f"has {bounds['actual_length']} entries; {bounds['max_length']} fit", "Delete some."
        case "too_short":
            return "needs at least one entry", example
        case "string_type":
            return "must be one piece of text", example
        case "list_type":
            return "must be a list", "Start each entry on its own line with - and a space."
        case "model_type" | "dict_type" | "model_attributes_type":
            known = ", ".join(sorted(_fields(place)))
            return "must be a group of settings", f"Write these below it, indented: {known}."
        case _:
            return f"cannot be understood ({error['msg']})", example


def _as_typed(location: tuple, document: _Document) -> Place:
    """pydantic's way to the error without the steps it adds for unions and keys."""
    place: Place = ()
    for step in location:
        if (*place, step) in document.values or (*place, step) in document.keys:
            place = (*place, step)
        elif step is location[-1] and isinstance(step, str) and (step in _fields(place)):
            place = (*place, step)
    return place


def _models(annotation: Any) -> list[type[BaseModel]]:
    if get_origin(annotation) is Annotated or get_origin(annotation) in (list, Union, UnionType):
        return [model for part in get_args(annotation) for model in _models(part)]
    return [annotation] if isinstance(annotation, type) and issubclass(annotation, BaseModel) else []


def _field(place: Place) -> Any:
    """The model's field at `place`, or None."""
    model, field = Clinic, None
    for step in place:
        if isinstance(step, int):
            continue
        field = model.model_fields.get(step) if model else None
        if field is None:
            return None
        model = next(iter(_models(field.annotation)), None)
    return field


def _fields(place: Place) -> set[str]:
    """The keys that may stand below `place`."""
    if not place:
        return set(Clinic.model_fields)
    field = _field(place)
    models = _models(field.annotation) if field else []
    return {field.alias or name for name, field in models[0].model_fields.items()} if models else set()


def _example_line(place: Place) -> str:
    field, key = _field(place), str(place[-1]) if place else "name"
    example = field.examples[0] if field is not None and field.examples else None
    if isinstance(place[-1] if place else "", int):
        return "- text"
    return f"{key}: {example if not isinstance(example, dict) else next(f'{k}: {v}' for k, v in example.items())}" if example else f"{key}: …"


def _left_from_the_sample(document: _Document) -> list[Problem]:
    sample = _Document(SAMPLE.read_bytes())
    problems = []
    for place in document.values:
        key = place[-1] if place else None
        ours = _at(document.data, place)
        if key not in ("name", "phone", "after_hours_phone", "email", "website", "street") or place[:-1] not in ((), ("locations", 0), ("locations", 0, "address")):
            continue
        if isinstance(ours, str) and ours != "none" and ours == _at(sample.data, place):
            problems.append(Problem(*document.values[place], path(place), "is still the sample clinic's", "Write your own clinic's."))
    return problems


def _at(data: Any, place: Place) -> Any:
    for step in place:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return None
    return data
