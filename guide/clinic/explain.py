"""What pydantic finds wrong with clinic.yml, as problems with their place and what to write instead."""

from __future__ import annotations

import json
import re
from difflib import get_close_matches
from functools import cache
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from guide.clinic.model import Clinic
from guide.clinic.problems import Problem, quoted
from guide.clinic.yaml_lines import Document, Place, path, value_at

LONGEST_KEY = 40
SHOWN = ("address", "street")
"""Keys that the example of a group has, though there are groups without them."""


def problems_of(error: dict, document: Document) -> list[Problem]:
    """The problems of clinic.yml that one of pydantic's errors stands for."""
    place, typed = _as_typed(error["loc"], document), error["input"]
    key = str(place[-1]) if place else ""
    if typed is None and place in document.values and error["type"] != "extra_forbidden":
        return [_empty(place, document)]
    if error["type"] == "clinic":
        return [Problem(*document.place_of((*place, *at)), path((*place, *at)), message, hint) for at, message, hint in error["ctx"]["problems"]]
    if error["type"] == "extra_forbidden":
        return [Problem(*document.keys[place], path(place), *_unknown(place))]
    if error["type"] == "missing":
        if any(_nearest(typed, place[:-1]) == key for typed in value_at(document.data, place[:-1])):
            return []  # told where it is misspelled
        at = document.keys.get(place[:-1]) or document.place_of(place[:-1])
        return [Problem(*at, path(place), "is missing", f"Add a line such as {_example_line(place)}")]
    return [Problem(*document.place_of(place), path(place), *in_words(error, place))]


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


def left_empty(document: Document) -> list[Problem]:
    """Keys without a value that the model would take as left out. A group may be empty: what it holds has defaults."""
    typed = [place for place in document.values if place and value_at(document.data, place) is None]
    return [_empty(place, document) for place in typed if (field := _field(place)) and (not _models(field.annotation) or field.is_required())]


def _empty(place: Place, document: Document) -> Problem:
    field = _field(place)
    remedy = f"Write it like {_example_line(place)}" + (", or delete the line." if not field or not field.is_required() or isinstance(place[-1], int) else "")
    return Problem(*document.keys.get(place, document.place_of(place)), path(place), "has no value", remedy)


def in_words(error: dict, place: Place) -> tuple[str, str]:
    """(message, hint) of one of pydantic's own errors at a place of clinic.yml."""
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


def _as_typed(location: tuple, document: Document) -> Place:
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
        first, inner = next(((name, part) for name, part in models[0].model_fields.items() if part.is_required() or name in SHOWN), next(iter(models[0].model_fields.items())))
        bare = _models(inner.annotation) and not inner.is_required() and first not in SHOWN
        dash = "- " if isinstance(field.default, list) or key == "locations" else ""
        return below + dash + (f"{first}:" if bare else _example_line((*place, first)))
    example = field.examples[0] if field.examples else "true" if bool in _kinds(field.annotation) else field.default
    if isinstance(example, dict):
        return below + next(f"{day}: {times}" for day, times in example.items())
    if isinstance(example, list):
        return f"{below}- {example[0] if example else '…'}"
    return f"{key}: {'…' if example in (None, PydanticUndefined) else json.dumps(example) if str(example).startswith('#') else example}"
