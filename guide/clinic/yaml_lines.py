"""A YAML file as nested dicts, lists and text, each with the line and column where it was typed.

Only plain YAML is taken: one document of keys, lists and text. What PyYAML says of anything else is told in plain words.
"""

from __future__ import annotations

import codecs
import re
from typing import Any

import yaml

from guide.clinic.problems import KEY, NOT_UTF8, UNPRINTABLE, Problem, quoted, shown

LARGEST = 64_000
DEEPEST = 12
LINE_END = r"\r\n|\r|\n"
# A note begins with a # and a space; “Suite #200” and “Suite # 200” were meant to be shown.
CUT_BY_HASH = re.compile(r"[ \t]+(?P<rest>#(?:[^\s#].*|[ \t]*\d+[ \t]*$))")
# Pasted text is full of them; to a reader they are spaces, to YAML they are not.
SPACES = str.maketrans(dict.fromkeys("\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{FIGURE SPACE}\N{THIN SPACE}\N{EN SPACE}\N{EM SPACE}\N{IDEOGRAPHIC SPACE}", " "))
ASKED_BECAUSE_OF = {("region",): ("country",), ("emergency",): ("country",)}
"""Keys that a country makes necessary; when they are missing, the problem is told at its line."""

Place = tuple[str | int, ...]
"""The way to a value: ("locations", 0, "phone")."""


class Document:
    """A YAML file as nested dicts, lists and text; None where nothing was typed."""

    def __init__(self, raw: bytes):
        self.problems: list[Problem] = []
        self.values: dict[Place, tuple[int, int]] = {}
        self.keys: dict[Place, tuple[int, int]] = {}
        self.data: Any = None
        text = self._decoded(raw)
        self._lines = [*re.split(LINE_END, text or ""), ""]
        if text is not None and self._is_plain(text):
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
            above = value_at(above, (step,))
        if not isinstance(above, dict):
            return False
        above[to[-1]] = value_at(self.data, place[:-1]).pop(place[-1])
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
                if quote and self._swallows_lines(quote):
                    self._add(quote.start_mark.line + 1, quote.start_mark.column + 1, *_closed_early(quote))
                    return False
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

    def _swallows_lines(self, quote: yaml.ScalarEvent) -> bool:
        """Whether a line inside the quotes stands as far left as their own key: then a mark is missing, and the next one closes the text by chance."""
        before = self._lines[quote.start_mark.line][:quote.start_mark.column]
        begins = re.match(r" *(- +(?=[^\s\"']+:))*", before).end() - (not before.strip())  # alone on its line, it stands to the right of its key
        return any(line.strip() and len(line) - len(line.lstrip()) <= begins for line in self._lines[quote.start_mark.line + 1:quote.end_mark.line + 1])

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
INDENT = ("this line is not indented like its neighbors", "Start it under the line above it, with spaces. If it stands right, look at the lines above it.")
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


def value_at(data: Any, place: Place) -> Any:
    """What stands at `place` in nested dicts and lists, None if nothing does."""
    for step in place:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return None
    return data
