"""clinic.yml to a checked `Clinic`, or to every problem at once with its line, column and remedy."""

from __future__ import annotations

import codecs
import datetime
import json
import os
import re
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import PydanticUndefined

from guide import own
from guide.clinic import COUNTRIES, Clinic
from guide.problems import KEY, NOT_UTF8, UNPRINTABLE, Problem, quoted, shown

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "clinic.example.yml"
NAME = "clinic.yml"
MISNAMED = re.compile(r"clinic( ?\(\d+\))?(\.ya?ml|\.txt)*", re.IGNORECASE)
"""What programs and hands make of the name clinic.yml."""
LARGEST = 100_000
MOST_TOLD = 200
DEEPEST = 12
LONGEST_KEY = 40
LINE_END = r"\r\n|\r|\n"
# A note begins with a # and a space; “Suite #200” and “Suite # 200” were meant to be shown.
CUT_BY_HASH = re.compile(r"[ \t]+(?P<rest>#(?:[^\s#].*|[ \t]*\d+[ \t]*$))")
# Pasted text is full of them; to a reader they are spaces, to YAML they are not.
SPACES = str.maketrans(dict.fromkeys("\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{FIGURE SPACE}\N{THIN SPACE}\N{EN SPACE}\N{EM SPACE}\N{IDEOGRAPHIC SPACE}", " "))
ASKED_BECAUSE_OF = {("region",): ("country",), ("emergency",): ("country",)}
"""Keys that a country makes necessary; when they are missing, the problem is told at its line."""

YEAR = datetime.timedelta(days=365)

RENAMED: dict[str, tuple[str, datetime.date]] = {}
"""Keys that once had another name: {"visit.alarm": ("visit.stop_signal", day of the change)}. [] stands for any entry of a list."""

Place = tuple[str | int, ...]
"""The way to a value: ("locations", 0, "phone")."""


class ClinicProblems(ValueError):
    """The file cannot be used. `problems` says why."""

    def __init__(self, path: Path, problems: list[Problem]):
        self.path, self.problems = path, problems
        super().__init__("\n".join(f"{p.file or path.name}:{p.line}:{p.column}: {p.told}" for p in problems))


def chosen(root: Path = ROOT) -> Path:
    """The clinic's own clinic.yml if there is one, or a file that seems meant for it, else the sample clinic."""
    if os.path.lexists(root / NAME):
        return root / NAME
    near = [path for folder in (root, root / "clinic") if folder.is_dir() for path in sorted(folder.iterdir()) if MISNAMED.fullmatch(path.name) and path.is_file()]
    return near[0] if near else SAMPLE


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


def read(path: Path, renamed: dict[str, tuple[str, datetime.date]] = RENAMED) -> tuple[Clinic | None, list[Problem]]:
    """(clinic, no problems) or (None, every problem in order of line, then those of the folder clinic/ beside it).

    Never raises for what is in the files. `renamed` is used as RENAMED is.
    """
    try:
        document = _Document(path.read_bytes())
    except OSError as error:
        return None, [Problem(1, 1, "", f"this file cannot be opened ({error.strerror})", "Create it from clinic.example.yml.")]
    _rename(document, renamed)
    problems, clinic = list(document.problems), None
    if document.readable:
        is_sample = path.resolve() == SAMPLE.resolve()
        context = {"country": _country_typed(document.data), "sample": is_sample, "root": path.resolve().parent, "today": today()}
        try:
            clinic = Clinic.model_validate(document.data, context=context)
        except ValidationError as error:
            problems += [problem for found in error.errors(include_url=False)[:MOST_TOLD] for problem in _told(found, document)]
        problems += _left_empty(document)
        if not is_sample:
            left = _left_from_the_sample(document)
            places = {(problem.line, problem.column) for problem in left}
            problems = left + [problem for problem in problems if (problem.line, problem.column) not in places]
    if path.name != NAME and MISNAMED.fullmatch(path.name):
        problems.append(Problem(1, 1, "", f"the guide does not read {quoted(path.name)}", f"Rename it to {NAME}, beside README.md."))
    elif path.resolve() == ROOT / "clinic" / NAME:
        problems.append(Problem(1, 1, "", "the guide does not read this folder for it", f"Move it out, so that {NAME} is beside README.md."))
    problems = sorted(set(problems)) + own.read(path.resolve().parent)[1]
    return (None, problems) if problems else (clinic, [])


def notices(path: Path, renamed: dict[str, tuple[str, datetime.date]] = RENAMED) -> list[Problem]:
    """What a clinic has to do soon, and words that it may want to change. Nothing here keeps a guide from being published."""
    document = _Document(path.read_bytes())
    told = _rename(document, renamed)
    on = _at(document.data, ("review", "next"))
    try:
        if on and datetime.date.fromisoformat(on) < today():
            told.append(Problem(*document.place_of(("review", "next")), "review.next", "this day has passed, so every page and sheet says that the check is overdue",
                                "Have a clinician check the guide, then write the new days of on and next."))
        for n, line in enumerate(_at(document.data, ("emergency", "crisis_lines")) or []):
            if datetime.date.fromisoformat(line["checked"]) + YEAR < today():
                place = ("emergency", "crisis_lines", n, "checked")
                told.append(Problem(*document.place_of(place), f"emergency.crisis_lines[{n}].checked", "nobody has looked at this number for more than a year",
                                    "Call it, or look at its own page. Then write the new day."))
    except ValueError:  # not a date; read() tells it
        pass
    return told + own.warnings(path.resolve().parent)


def _rename(document: _Document, renamed: dict[str, tuple[str, datetime.date]]) -> list[Problem]:
    """Give keys that had another name until less than a year ago their new one, and tell so. After that they are unknown."""
    told = []
    for place in list(document.keys):
        new, since = renamed.get(re.sub(r"\[\d+]", "[]", path(place)), ("", datetime.date.min))
        if not new or today() > since + YEAR:
            continue
        numbers = [step for step in place if isinstance(step, int)]
        to = tuple(numbers.pop(0) if step == "[]" else step for step in re.findall(r"\[]|\w+", new))
        if to not in document.keys and document.move(place, to):
            told.append(Problem(*document.keys[to], path(place), f"is called {new} now", f"Change the name. The old one works until {since + YEAR}."))
    return told


def texts(value: Any, place: Place = ()) -> Iterator[tuple[str, str]]:
    """(key, text) of everything that the clinic typed or that a default typed for it."""
    if isinstance(value, BaseModel):
        value = value.model_dump()
    if isinstance(value, str):
        yield path(place), value
    for step, part in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from texts(part, (*place, step))


def _country_typed(data: dict) -> str | None:
    code = data.get("country")
    return code.strip().upper() if isinstance(code, str) and code.strip().upper() in COUNTRIES else None


class _Document:
    """A YAML file as nested dicts, lists and text; None where nothing was typed."""

    def __init__(self, raw: bytes):
        self.problems: list[Problem] = []
        self.values: dict[Place, tuple[int, int]] = {}
        self.keys: dict[Place, tuple[int, int]] = {}
        self.data: Any = None
        text = self._decoded(raw)
        if text is not None and self._is_plain(text):
            self._lines = [*re.split(LINE_END, text), ""]
            node = yaml.compose(text, yaml.SafeLoader)
            self.data = self._taken(node, ())
        self.readable = isinstance(self.data, dict)
        if not self.readable and not self.problems:
            self._add(1, 1, "this is not a list of settings" if self.data else "this file is empty",
                      "Write lines such as name: Your Clinic, or start from clinic.example.yml.")

    def place_of(self, place: Place) -> tuple[int, int]:
        """Line and column of the value, or of the key if the way ends in KEY, else of the nearest thing around it."""
        if place[-1:] == (KEY,):
            return self.keys[place[:-1]]
        while place and place not in self.values:
            place = ASKED_BECAUSE_OF.get(place, place[:-1])
        return self.values.get(place, (1, 1)) if place else (1, 1)

    def move(self, place: Place, to: Place) -> bool:
        """Let the key at `place` stand at `to`, as if it had been typed there; its line stays. False if there is no room."""
        above = self.data
        for step in to[:-1]:
            if isinstance(above, dict) and above.get(step) is None:
                above[step] = {}
            above = _at(above, (step,))
        if not isinstance(above, dict):
            return False
        above[to[-1]] = _at(self.data, place[:-1]).pop(place[-1])
        for known in (self.values, self.keys):
            known |= {(*to, *old[len(place):]): known.pop(old) for old in list(known) if old[:len(place)] == place}
        return True

    def _add(self, line: int, column: int, message: str, hint: str = "", place: Place = ()) -> None:
        self.problems.append(Problem(line, column, path(place), message, hint))

    def _decoded(self, raw: bytes) -> str | None:
        raw = raw.removeprefix(codecs.BOM_UTF8)
        if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            self._add(1, 1, *NOT_UTF8)
            return None
        if len(raw) > LARGEST:
            self._add(1, 1, "this file is far too large", "A clinic's details fit on a few pages; start from clinic.example.yml.")
            return None
        try:
            text = raw.decode("utf-8").translate(SPACES)
        except UnicodeDecodeError as error:
            self._add(*_end_of(raw[:error.start].decode("utf-8")), *NOT_UTF8)
            return None
        for n, line in enumerate(re.split(LINE_END, text), 1):
            if found := UNPRINTABLE.search(line):
                self._add(n, found.start() + 1, "a character that cannot be seen stands here", "Type this line again instead of pasting it.")
        return None if self.problems else text

    def _is_plain(self, text: str) -> bool:
        """Whether it is one YAML document of plain values; else the reason is in `problems`."""
        depth = documents = 0
        quote = None
        try:
            for event in yaml.parse(text, yaml.SafeLoader):
                quote = event if isinstance(event, yaml.ScalarEvent) and event.style in ("'", '"') else None
                mark = event.start_mark
                here = (mark.line + 1, mark.column + 1) if mark else (1, 1)
                documents += isinstance(event, yaml.DocumentStartEvent)
                depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
                for sign, special in (("& or *", isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None)), ("!", getattr(event, "tag", None))):
                    if special and here[0] not in [problem.line for problem in self.problems]:
                        self._add(*here, f"text cannot start with {sign}", IN_QUOTES)
                if documents > 1 or depth > DEEPEST:
                    self._add(*here, "a second file begins here" if documents > 1 else "too many brackets or indents",
                              "Delete the line that holds only --- or ..." if documents > 1 else "Start again from clinic.example.yml.")
                    return False
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            if quote and mark.line == quote.end_mark.line:
                self._add(quote.start_mark.line + 1, quote.start_mark.column + 1, *_closed_early(quote))
            elif "quoted scalar" in (error.context or "") and "escape" not in error.problem:
                self._add(error.context_mark.line + 1, error.context_mark.column + 1, *NOT_CLOSED)
            else:
                self._add(*_yaml_words(error, text))
        except yaml.reader.ReaderError as error:
            self._add(*_end_of(text[:error.position]), "a character that cannot be seen stands here", "Type this line again instead of pasting it.")
        except (ValueError, OverflowError):  # PyYAML on "\U99999999"
            found = re.search(r"\\U(?!00(0|10))", text)
            self._add(*_end_of(text[:found.start()] if found else ""), *BACKSLASH)
        return not self.problems

    def _taken(self, node: yaml.Node | None, place: Place) -> Any:
        if node is None:
            return None
        self.values[place] = (node.start_mark.line + 1, node.start_mark.column + 1)
        if isinstance(node, yaml.SequenceNode):
            return [self._taken(child, (*place, n)) for n, child in enumerate(node.value)]
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place)
        cut = CUT_BY_HASH.match(self._lines[node.end_mark.line], node.end_mark.column) if node.style is None else None
        if cut:
            self._add(node.end_mark.line + 1, cut.start("rest") + 1, f"{quoted(cut['rest'])} would be left out, because # begins a note",
                      "Put the whole text in quotes. If it is a note, write a space after the #.", place)
            return f"{node.value} {cut['rest']}".strip()
        nothing = node.style is None and node.value in ("", "~", "null", "Null", "NULL")
        return None if nothing or not node.value.strip() else node.value

    def _mapping(self, node: yaml.MappingNode, place: Place) -> dict:
        taken: dict[str, Any] = {}
        for key, child in node.value:
            here = (key.start_mark.line + 1, key.start_mark.column + 1)
            if not isinstance(key, yaml.ScalarNode):
                self._add(*here, "a key must be one word", "Text that holds { or [ needs quotes.", place)
            elif UNPRINTABLE.search(key.value):
                self._add(*here, "a key holds a character that cannot be seen or printed", "Type it again instead of pasting it.", place)
            elif key.value in taken:
                first = self.keys[(*place, key.value)][0]
                self._add(*here, f"this key is written twice; the first is on line {first}", "Delete one of the two.", (*place, key.value))
            else:
                self.keys[(*place, key.value)] = here
                taken[key.value] = self._taken(child, (*place, key.value))
        return taken


def _end_of(text: str) -> tuple[int, int]:
    """Line and column of what follows `text`."""
    lines = re.split(LINE_END, text)
    return len(lines), len(lines[-1]) + 1


def _closed_early(quote: yaml.ScalarEvent) -> tuple[str, str]:
    if quote.start_mark.line < quote.end_mark.line:
        return f"the quotation mark opened here is closed only on line {quote.end_mark.line + 1}", "Close it at the end of its text."
    return "text goes on after the closing quotation mark", f"Put all of it in quotes of the other kind: {OTHER_QUOTES[quote.style]}."


NOT_CLOSED = ("a quotation mark is opened but never closed", "Close it at the end of the text.")
BACKSLASH = ("a backslash \\ inside double quotes has a special meaning", "Use single quotes instead.")
OTHER_QUOTES = {"'": '"Joe\'s clinic"', '"': "'\"Joe\" Clinic'"}
IN_QUOTES = "Put the text in quotes."
INDENT = ("this line is not indented like its neighbours", "Start it under the line above it, with spaces.")
YAML_WORDS = (
    ("mapping values are not allowed", "a colon followed by a space stands inside the text", 'Put the text in quotes: "Dr. Lee: Clinic".'),
    ("'\\t'", "a tab stands here", "Use spaces, never the Tab key."),
    ("'@'", "text cannot start with @", IN_QUOTES),
    ("'`'", "text cannot start with `", IN_QUOTES),
    ("'%'", "text cannot start with %", IN_QUOTES),
    ("'>'", "text cannot start with > or |", IN_QUOTES),
    ("'|'", "text cannot start with > or |", IN_QUOTES),
    ("could not find expected ':'", "a key without its colon, or text that runs on without an indent",
     "Write key: value with a space after the colon, and indent the lines that belong to it."),
    ("alphabetic or numeric", "text cannot start with & or *", IN_QUOTES),
    ("expected <block end>", *INDENT),
    ("unindent", *INDENT),
    ("tag", "text cannot start with !", IN_QUOTES),
    ("escape", *BACKSLASH),
    ("while parsing a flow", "a bracket is opened but not closed", "Close it, or put the text in quotes."),
    ("sequence entries are not allowed", "a list cannot begin beside its key", "Start each entry on its own line with - and a space, or put the text in quotes."),
    ("while scanning a block scalar", "text cannot start with > or |", IN_QUOTES),
    ("while parsing a block node", "text cannot start with ] } or ,", IN_QUOTES),
    ("mapping keys are not allowed", "text cannot start with ?", IN_QUOTES),
    ("<document start>", "nothing can follow the line ...", "Delete the line that holds only ... or ---"),
)
TOLD_WHERE_IT_BEGINS = ("could not find expected ':'", "alphabetic or numeric", "while parsing a flow", "while scanning a block scalar")


def _yaml_words(error: yaml.MarkedYAMLError, text: str) -> tuple[int, int, str, str]:
    """Line, column, message and remedy."""
    said = f"{error.context or ''} {error.problem or ''}"
    mark = error.problem_mark or error.context_mark
    before = re.split(LINE_END, text)[mark.line][:mark.column]
    if "mapping values" in said and (key := re.fullmatch(r"([\s-]*)\S+", before)):
        return mark.line + 1, len(key[1]) + 1, *INDENT
    if "found '<scalar>'" in said and (begins := re.search(r"[\[{].*[]}]\s*$", before)):
        return mark.line + 1, begins.start() + 1, "text goes on after the closing bracket", "Put all of it in quotes."
    if error.context_mark and any(part in said for part in TOLD_WHERE_IT_BEGINS):
        mark = error.context_mark
    if "<block end>" in said and (dash := re.search(r"^ *-(?=\w+:(\s|$))", text, re.MULTILINE)):
        return *_end_of(text[:dash.end()]), "a space is missing after the -", "Write - and a space, then the text."
    told = next((words for part, *words in YAML_WORDS if part in said),
                ["this line cannot be read", "Compare it with clinic.example.yml, or put the text in quotes."])
    return mark.line + 1, mark.column + 1, *told


def path(place: Place) -> str:
    """("locations", 0, "phone") as locations[0].phone."""
    told = ""
    for part in place if place[-1:] != (KEY,) else place[:-1]:
        told += f"[{part}]" if isinstance(part, int) else f".{shown(part)}" if told else shown(part)
    return told


def _told(error: dict, document: _Document) -> list[Problem]:
    place, typed = _as_typed(error["loc"], document), error["input"]
    key = str(place[-1]) if place else ""
    if typed is None and place in document.values and error["type"] != "extra_forbidden":
        return [_empty(place, document)]
    if error["type"] == "clinic":
        return [Problem(*document.place_of((*place, *at)), path((*place, *at)), message, hint) for at, message, hint in error["ctx"]["problems"]]
    if error["type"] == "extra_forbidden":
        return [Problem(*document.keys[place], path(place), *_unknown(place))]
    if error["type"] == "missing":
        if any(_nearest(typed, place[:-1]) == key for typed in _at(document.data, place[:-1])):
            return []  # told where it is misspelled
        at = document.keys.get(place[:-1]) or document.place_of(place[:-1])
        return [Problem(*at, path(place), "is missing", f"Add a line such as {_example_line(place)}")]
    return [Problem(*document.place_of(place), path(place), *_in_words(error, place))]


def _unknown(place: Place) -> tuple[str, str]:
    above, key = place[:-1], str(place[-1])
    known = sorted(_fields(above))
    groups = [*((*above, name) for name in known), *((name,) for name in sorted(_fields(())))]
    home = next((group[-1] for group in groups if key in _fields(group)), None)
    near = _nearest(key, above)
    hint = f"Did you mean {near}?" if near else f"It belongs below {home}, indented." if home else f"Known here: {', '.join(known)}."
    return "the guide does not know this key" if not home else "the guide does not know this key here", hint


@cache
def _nearest(typed: str, above: Place) -> str:
    """The key below `above` that an unknown one was most likely meant for."""
    known = sorted(_fields(above))
    near = get_close_matches(re.sub(r"[\s-]", "_", typed[:LONGEST_KEY].lower()), known, 1, 0.6) if typed not in known else []
    return near[0] if near else ""


def _left_empty(document: _Document) -> list[Problem]:
    """Keys without a value that the model would take as left out. A group may be empty: what it holds has defaults."""
    typed = [place for place in document.values if place and _at(document.data, place) is None]
    return [_empty(place, document) for place in typed if (field := _field(place)) and (not _models(field.annotation) or field.is_required())]


def _empty(place: Place, document: _Document) -> Problem:
    field = _field(place)
    remedy = f"Write it like {_example_line(place)}" + (", or delete the line." if not field or not field.is_required() or isinstance(place[-1], int) else "")
    return Problem(*document.keys.get(place, document.place_of(place)), path(place), "has no value", remedy)


def _in_words(error: dict, place: Place) -> tuple[str, str]:
    bounds, example = error.get("ctx", {}), f"Write it like {_example_line(place)}"
    match error["type"]:
        case "string_too_long" | "too_long" if isinstance(error["input"], str):
            return f"is {len(error['input'])} characters long; {bounds['max_length']} fit", "Make it shorter."
        case "string_unicode":
            return "holds a character that cannot be seen or printed", "Type the text again instead of pasting it."
        case "greater_than_equal":
            return f"{error['input']} is too small", f"Write a number of at least {bounds['ge']:g}."
        case "less_than_equal":
            return f"{error['input']} is too large", f"Write a number of at most {bounds['le']:g}."
        case "multiple_of":
            return f"{error['input']} is between two steps", f"Write a number in steps of {bounds['multiple_of']:g}."
        case "int_from_float" | "int_parsing" | "int_type" | "float_type":
            return f"{quoted(error['input'])} is not a {'whole ' * (error['type'] != 'float_type')}number", "Write digits only, without a unit."
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
            return "must be a group of settings", f"Write nothing after the colon. Below it, indented, may stand: {known}."
        case _:
            return f"cannot be understood ({error['msg']})", example


def _as_typed(location: tuple, document: _Document) -> Place:
    """pydantic's way to the error without the steps it adds for unions and keys."""
    place: Place = ()
    for step in location:
        if (*place, step) in document.values or (*place, step) in document.keys:
            place = (*place, step)
        elif step in _fields(place):
            place = (*place, step)
    return place


def _kinds(annotation: Any) -> list[Any]:
    """What may stand there: the types inside lists and alternatives."""
    if get_origin(annotation) in (Annotated, list, Union, UnionType):
        return [kind for part in get_args(annotation) for kind in _kinds(part)]
    return [annotation]


def _models(annotation: Any) -> list[type[BaseModel]]:
    return [kind for kind in _kinds(annotation) if isinstance(kind, type) and issubclass(kind, BaseModel)]


def _field(place: Place) -> Any:
    """The model's field at `place`, or None."""
    model, field = Clinic, None
    for step in place:
        if isinstance(step, int):
            continue
        field = next((field for name, field in model.model_fields.items() if step == (field.alias or name)), None) if model else None
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
    """How a line of this key may look: “phone: (760) 555-0142”, “visit: and below it, indented, watched_by: …”."""
    field, key = _field(place), str(place[-1])
    if field is None or isinstance(place[-1], int):
        return "- text"
    below = f"{key}: and below it, indented, "
    if models := _models(field.annotation):
        first, inner = next(((name, part) for name, part in models[0].model_fields.items() if part.is_required()), next(iter(models[0].model_fields.items())))
        bare = _models(inner.annotation) and not inner.is_required()
        dash = "- " if isinstance(field.default, list) or key == "locations" else ""
        return below + dash + (f"{first}:" if bare else _example_line((*place, first)))
    example = field.examples[0] if field.examples else "true" if bool in _kinds(field.annotation) else field.default
    if isinstance(example, dict):
        return below + next(f"{day}: {times}" for day, times in example.items())
    if isinstance(example, list):
        return f"{below}- {example[0]}"
    return f"{key}: {'…' if example in (None, PydanticUndefined) else json.dumps(example) if str(example).startswith('#') else example}"


OURS = ("name", "phone", "after_hours_phone", "email", "website", "street")
"""Keys whose sample values must never pass as a clinic's own."""


def _left_from_the_sample(document: _Document) -> list[Problem]:
    typed = [(place, _at(document.data, place)) for place in document.values]
    return [Problem(*document.values[place], path(place), "is still the sample clinic's", "Write your own clinic's.")
            for place, text in typed if set(place) & set(OURS) and alike(text) in of_the_sample()] + [
        Problem(*document.values[place], path(place), "is not filled in yet", "Write your own text, or delete the line.")
        for place, text in typed if text in ("…", "...")]


@cache
def of_the_sample() -> set[str]:
    sample = _Document(SAMPLE.read_bytes())
    return {alike(_at(sample.data, place)) for place in sample.values if place[-1:] and place[-1] in OURS} - {alike("none")}


def alike(text: Any) -> str:
    """Letters and digits only, so that another way to space or to write it counts as the same."""
    return re.sub(r"\W", "", text).casefold() if isinstance(text, str) else ""


def _at(data: Any, place: Place) -> Any:
    for step in place:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return None
    return data
