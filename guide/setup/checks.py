"""What the form checks: the JSON Schema that the model makes, each keyword with the words in which the model refuses what breaks it.

Nothing is said here of what a clinic may write. Every message is found by giving the model something that it refuses; “{value}”
stands where that was shown, “{limit}” where the bound was. overrides/assets/setup-check.js reads the keywords that stand here and no
others. What only Python knows (which phone numbers exist, what a sentence says against a rule) is left to the run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from guide import environment
from guide.clinic import hours, misplaced
from guide.clinic.countries import packs
from guide.clinic.explain import in_words
from guide.clinic.kinds import COUNTRIES, MOST
from guide.clinic.model import PLACE_KEYS, PLACE_NEEDS, Address, Clinic, ClinicCrisisLine, Closing, Course, Emergency, Location, Review, Treatment
from guide.clinic.problems import without_facts
from guide.setup import reference

Said = tuple[str, str]
"""(message, hint)."""
KEPT = ("type", "enum", "pattern", "maxLength", "minimum", "maximum", "multipleOf", "items", "minItems", "maxItems", "properties", "required", "$ref", "oneOf", "default",
        "format", "says", "relation", "kinds", "must", "words", "trueIn", "always", "title", "description", "switch", "row", "open")
"""Keywords that the form reads; those of the last line are its own."""
BROKEN: dict[str, Callable[[Any, dict], str]] = {
    "enum": lambda choices, part: "?",
    "pattern": lambda pattern, part: "?",
    "maxLength": lambda most, part: "x" * (most + 1),
    "minimum": lambda least, part: f"{least - part.get('multipleOf', 1):g}",
    "maximum": lambda most, part: f"{most + part.get('multipleOf', 1):g}",
    "multipleOf": lambda step, part: f"{part.get('minimum', 0) + step / 2:g}"[:4],
    "integer": lambda value, part: f"{part.get('minimum', 0)}.5",
    "format": lambda name, part: "?",
    "maxItems": lambda most, part: [None] * (most + 1),
}
"""What breaks a keyword: (its value, its schema) to what is typed."""
OTHERWISE = {"price": {"largest": f"{MOST + 1}", "order": "600-400"}, "web": {"reserved": "https://x.test"}, "email": {"reserved": "a@x.test"}, "phone": {"reserved": "(212) 555-0142"}, "phone_or_none": {"reserved": "(212) 555-0142"}}
"""More ways to be wrong that a kind of value has."""
NOTHING = ("-", "none", "no", "nobody", "no one", "no-one", "n/a", "na", "tba", "tbc", "tbd", "unknown")
"""What people type where they have nothing to say; asked of every text, because some must say something."""
RELATIONS: dict[tuple[type[BaseModel], str], tuple[str, str, dict[str, str]]] = {
    (Treatment, "no_drinks_hours"): ("notAbove", "no_food_hours", {"no_food_hours": "4", "no_drinks_hours": "5"}),
    (Course, "review_after"): ("notAbove", "sessions", {"sessions": "2", "review_after": "5"}),
    (Review, "on"): ("past", "", {"on": "2999-01-31"}),
    (ClinicCrisisLine, "checked"): ("past", "", {"checked": "2999-01-31"}),
    (Closing, "to"): ("soonAfter", "from", {"from": "2026-12-24", "to": "2026-12-01"}),
    (Review, "next"): ("withinAYear", "on", {"on": "2020-01-31", "next": "2022-02-03"}),
}
"""What holds between two values of a group: (keyword, the other key, values that break it)."""
WEBSITE = "https://www.elm-clinic.com"
_PLACE = {"address": {"street": "1 Elm Street", "city": "Elm"}}
SETS: dict[tuple[type[BaseModel], str], dict[str, Any]] = {
    (Clinic, "locations"): {"named": [_PLACE, _PLACE], "unique": [{"name": "Elm", **_PLACE}, {"name": "Elm", **_PLACE}]},
    (Clinic, "treatments"): {"some": {}},
}
"""What must hold among the entries of a group, by a name of its own, and entries that break it."""
WEEKS: dict[str, tuple[dict, dict[str, str]]] = {
    "swapped": ({"mon": "17:00-09:00"}, {"17:00-09:00": "value", "09:00-17:00": "swapped", "16": "hours"}),
    "day": ({"?": "closed"}, {"?": "day"}), "times": ({"mon": "?"}, {"?": "value"}), "empty": ({"mon": None}, {}), "alone": ({"mon": ["closed", "09:00-10:00"]}, {"closed": "value"}),
    "length": ({"mon": "10:00-10:00"}, {"10:00-10:00": "value"}), "night": ({"mon": "09:00-05:00"}, {"09:00-05:00": "value", "20": "hours"}),
    "early": ({"mon": "01:00-05:00"}, {"01:00-05:00": "value"}), "order": ({"mon": ["13:00-17:00", "08:00-12:00"]}, {"08:00-12:00": "value"}),
    "twice": ({"mon": "closed", "mon-mon": "closed"}, {"mon": "day"}), "several": ({"mon-tue": "closed", "mon,tue": "closed"}, {"mon, tue": "day"}), "overlap": ({"mon": ["08:00-12:00", "11:00-13:00"]}, {"mon": "day"}),
    "overlaps": ({"mon": "20:00-06:00", "tue": "05:00-09:00"}, {"mon": "before", "tue": "day"}),
}
"""Opening hours that cannot be, and the slots of what stands in the message."""


def schema(drawn: Callable[[type[BaseModel], str, FieldInfo], dict[str, Any]]) -> dict[str, Any]:
    """`drawn` gives more of a key for its schema.

    {"schema": JSON Schema with `says` {keyword: its place in `says`}, "says": [(message, hint)], "week": {what is wrong: (message, hint)}}."""
    made, told = reference.schema(), _Told()
    for name, model, way in _models():
        part = made if model is Clinic else made["$defs"][name]
        for field_name, field in model.model_fields.items():
            key = field.alias or field_name
            part["properties"][key] = {"default": part["properties"][key].get("default"), **_property(model, key, field, part["properties"][key], (*way, key), told)} | _drawn(drawn(model, key, field))
            if model is Location:
                part["properties"][key] |= _of_its_kind(key, part["properties"][key], told)
    kept = {name: _kept(part) for name, part in made["$defs"].items()}
    return {"schema": {**_kept(made), "$defs": kept}, "says": told.all, "week": {name: _of_week(*broken) for name, broken in WEEKS.items()}}


class _Told:
    """Messages, each once."""

    def __init__(self) -> None:
        self.all: list[Said] = []

    def place(self, said: Said) -> int:
        if said not in self.all:
            self.all.append(said)
        return self.all.index(said)


def _models() -> Iterator[tuple[str, type[BaseModel], tuple[str, ...]]]:
    """(name, model, the way to one of its places) of every group, each once."""
    waiting: list[tuple[type[BaseModel], tuple[str, ...]]] = [(Clinic, ())]
    seen: set[type[BaseModel]] = set()
    while waiting:
        model, way = waiting.pop(0)
        if model in seen:
            continue
        seen.add(model)
        yield model.__name__, model, way
        waiting += [(inner, (*way, field.alias or name)) for name, field in model.model_fields.items() if (inner := reference.group(field))]


def _of_its_kind(key: str, part: dict, told: _Told) -> dict[str, Any]:
    """The kinds of place that have this key, what is said where another kind has it, and whether those kinds need it."""
    if key not in PLACE_KEYS:
        return {}
    other = next(kind for kind in ("video", "visits_you", "here") if kind not in PLACE_KEYS[key])
    asked = "map" if key == "pictures" else key  # a picture would have to be there
    typed = {"address": _PLACE["address"], "treatments": ["iv"], "map": WEBSITE, "website": WEBSITE}.get(asked, "Elm")
    message, hint = _said(Location, asked, typed, ("locations",), more={"kind": other}) or ("", "")
    return {"kinds": list(PLACE_KEYS[key]), "must": key in PLACE_NEEDS.values() or None, "relation": {"kinds": "kind"}, "says": {**part.get("says", {}), "kinds": told.place((message.replace(other, "{other}"), hint))}}


def _drawn(said: dict[str, Any]) -> dict[str, Any]:
    return {"title": None, "description": None, **said}


def _kept(part: Any) -> Any:
    if isinstance(part, list):
        return [_kept(inner) for inner in part]
    if not isinstance(part, dict):
        return part
    part = {key: value for key, value in part.items() if key != "default" or isinstance(value, int | float | str) and not isinstance(value, bool)}
    found = {key: {name: _kept(inner) for name, inner in value.items()} if key == "properties" else _kept(value) if key in ("items", "oneOf") else value
             for key, value in part.items() if key in KEPT and value is not None}
    if found.get("type") not in ("array", "integer"):  # text is what a form holds
        found.pop("type", None)
    return found


def _property(model: type[BaseModel], key: str, field: FieldInfo, part: dict, way: tuple[str, ...], told: _Told) -> dict:
    """The schema of one key with its kind as `format`, and what is said where it is broken. null, which stands for left out, is no type of it."""
    choices = [choice for choice in part.get("anyOf", []) if choice.get("type") != "null"]
    part = {**part, **(choices[0] if len(choices) == 1 else {"oneOf": choices} if choices else {})}
    if "additionalProperties" in part:
        return part | {"format": "hours"}
    # What may be written in shapes of which the form draws one only: the others pass through it as they are.
    shapes = choices if any("$ref" in one or "items" in one for one in choices) and "discriminator" not in part and not _lines(choices) else next((part["items"][of] for of in ("anyOf", "oneOf") if of in part.get("items", {})), [])
    if len(shapes) > 1:
        drawn = next((one for form in ("items", "$ref") for one in shapes if form in one), shapes[0])
        part = {**part, "open": True} | ({"items": drawn} if "items" in part else {"oneOf": None, **drawn})
    if reference.group(field):
        part.pop("default", None)
        if not reference.is_list(field.annotation) and not field.is_required() and field.default is not None:
            part["always"] = True
        broken = SETS.get((model, key), {}) | ({"maxItems": BROKEN["maxItems"](part["maxItems"], part)} if "maxItems" in part else {})
        says = {name: told.place(said) for name, typed in broken.items() if (said := _said(model, key, typed, way, name, part.get(name)))}
        return part | ({"says": says} if says else {})
    kind = kind_of(field)
    if kind != "one_line":
        part["format"] = kind
    leaf = next((one for one in (part.get("items"), *(part.get("oneOf") or [])) if isinstance(one, dict) and ("maxLength" in one or "enum" in one)), part)
    asked = {name: value for name, value in {**part, **leaf}.items() if name in BROKEN} | ({"format": kind} if kind != "one_line" else {}) | ({"integer": True} if leaf.get("type") == "integer" else {})
    says = {name: said for name, value in asked.items() if (said := _said(model, key, _as_list(BROKEN[name](value, leaf), part, name), way, name, value))}
    says |= {name: said for name, typed in OTHERWISE.get(kind, {}).items() if (said := _said(model, key, typed, way))}
    if relation := RELATIONS.get(next((base_key for base_key in RELATIONS if issubclass(model, base_key[0]) and base_key[1] == key), (Clinic, ""))):
        name, other, values = relation
        part["relation"] = {name: other}
        if said := _said(model, key, values[key], way, more=values):
            says[name] = tuple(_slotted(text, {values.get(other, "\0"): "other", "2021-01-31": "last"}) for text in said)
    if kind == "one_line" and not _said(model, key, "a nurse", way) and (words := [word for word in NOTHING if _said(model, key, word, way)]) and leaf is part:
        part["words"], says["words"] = words, _said(model, key, words[0], way)
    if kind == "yes_or_no" and (said := _said(model, key, "false", way)):
        part["trueIn"], says["trueIn"] = ["US"], said
    if says:
        part["says"] = {name: told.place(said) for name, said in says.items() if said}
    return part


def _lines(choices: list[dict]) -> bool:
    """One text, or a list of texts, which a box of several lines holds."""
    return [choice.get("type", "array" if "items" in choice else "") for choice in choices] == [["string", "number"], "array"] and "$ref" not in choices[1]["items"]


def _as_list(typed: Any, part: dict, keyword: str) -> Any:
    """One text as an entry of the list that the key takes."""
    return [typed] if part.get("type") == "array" and keyword != "maxItems" else typed


def kind_of(field: FieldInfo) -> str:
    """The kind of value that a key takes: the name of its validator."""
    validators = {item.func.__name__.strip("_") for item in reference.metadata(field) if hasattr(item, "func")}
    return "hours" if "parse" in validators else next(iter(sorted(validators - {"one_line", "empty_is_default"})), "one_line")


def _said(model: type[BaseModel], key: str, typed: Any, way: tuple[str, ...] = (), keyword: str = "", limit: Any = None, country: str = "US", more: dict | None = None) -> Said | None:
    """What the model says of that for that key, for a form, where there is no line to delete; None if it takes it."""
    text = typed[0] if isinstance(typed, list) and typed else typed
    if keyword == "minimum" and text.startswith("-"):
        return None  # a sign is refused before any bound
    refused = refusal(model, key, typed, country, way, more)
    if not refused:
        return None
    message, hint = (without_facts(said).replace("Delete this line", "Leave this empty").replace("or delete the line", "or leave this empty").replace(f"{key}: ", "").replace("Write true or false", "Choose Yes or No").replace("Write true", "Choose Yes") for said in refused)
    if keyword in ("maxLength", "maxItems"):
        message = _slotted(message, {str(len(text if keyword == "maxLength" else typed)): "length"})
    elif isinstance(text, str | dict):
        message = _slotted(message, {text if isinstance(text, str) else "Elm": "value"})
    if isinstance(limit, int | float):
        message, hint = (_slotted(said, {f"{limit:g}": "limit"}, once=False) for said in (message, hint))
    return message, hint


def said_in(model: type[BaseModel], key: str, typed: str | None, country: str) -> Said | None:
    """The same, in a country."""
    return _said(model, key, typed, country=country)


def refusal(model: type[BaseModel], key: str, typed: str | None, country: str, way: tuple[str, ...] = (), more: dict | None = None) -> Said | None:
    """(message, hint) of what the model refuses about one key."""
    try:
        model.model_validate({key: typed, **(more or {})}, context={"country": country, "sample": False, "root": environment.ROOT, "today": environment.today()})
    except ValidationError as error:
        for found in error.errors(include_url=False):
            if found["loc"][:1] == (key,) and found["type"] not in ("missing", "model_attributes_type", "model_type", "dict_type"):
                return tuple(found["ctx"]["problems"][0][1:]) if found["type"] == "clinic" else in_words(found, way or (key,))
            if found["type"] == "clinic" and found["loc"] == () and found["ctx"]["problems"][0][0] == (key,):  # of the group as a whole
                return tuple(found["ctx"]["problems"][0][1:])
    return None


def _of_week(raw: dict, slots: dict[str, str]) -> Said:
    """What the reader of opening hours says of a week that cannot be."""
    try:
        hours.parse(raw)
    except PydanticCustomError as error:
        _, message, hint = (error.context or {})["problems"][0]
        return _slotted(message, slots), _slotted(hint, slots)
    raise AssertionError(f"{raw} can be, now")


def _slotted(text: str, slots: dict[str, str], once: bool = True) -> str:
    """The text with “{slot}” where the words stand that fill it."""
    for word, slot in slots.items():
        text = re.sub(rf"(?<![\w.]){re.escape(word)}(?!\w|\.\d)", f"{{{slot}}}", text, count=int(once))
    return text


def shut() -> list[str]:
    """What may stand in place of opening times on a day without any."""
    def taken(said: str) -> bool:
        try:
            return bool(hours.parse({"mon": said}))
        except PydanticCustomError:
            return False
    return [said for said in ("closed", "by appointment") if taken(said)]


def country(code: str) -> dict[str, Said]:
    """What the model refuses in a country, in its words."""
    asked = {"phone": (Clinic, "phone", "12345678901234"), "foreign": (Clinic, "phone", "(212) 555-2368"), "region": (Clinic, "region", "?"), "postal_code": (Address, "postal_code", "?"),
             "no_region": (Clinic, "region", None), "number": (Emergency, "number", "?"), "poison": (Emergency, "poison", "112")}
    return {key: said for key, (model, name, typed) in asked.items() if (said := said_in(model, name, typed, code))}


def across() -> dict[str, Said]:
    """What the model says where two parts of a file do not fit each other: a treatment of a place that is not the clinic's, one that is given nowhere, a dose by video, the spray at a home in the US."""
    here, visit, spray = {**_PLACE, "name": "Elm"}, {"kind": "visits_you", "area": "Elm", "name": "Oak"}, {"nasal_esketamine": {"rems_certified": "true"}}
    asked = {
        "among": ({"treatments": {"iv": {}, "sc": {}}, "locations": [{**here, "treatments": ["im"]}]}, {"im": "value", "iv, sc": "others"}),
        "nowhere": ({"treatments": {"iv": {}, "sc": {}}, "locations": [{**here, "treatments": ["iv"]}]}, {}),
        "video": ({"treatments": {"iv": {}}, "locations": [{"kind": "video"}]}, {}), "certified": ({"treatments": spray, "locations": [visit]}, {}),
    }
    return {name: tuple(_slotted(without_facts(text), slots) for text in _refused(changes)) for name, (changes, slots) in asked.items()}


def _refused(changes: dict[str, Any]) -> Said:
    """What the model says first of the sample with those changes."""
    sample = yaml.load(misplaced.VALUES.read_text("utf-8"), yaml.BaseLoader)
    try:
        Clinic.model_validate({**sample, **changes}, context={"country": "US", "sample": True, "root": environment.ROOT, "today": environment.today()})
    except ValidationError as error:
        return tuple(error.errors(include_url=False)[0]["ctx"]["problems"][0][1:])
    raise AssertionError(f"{changes} can be, now")


def elsewhere() -> dict[str, Said]:
    """What the model asks for in a country that the guide knows nothing of."""
    code = next(code for code in COUNTRIES if code not in packs())
    asked = {"number": None, "crisis_lines": []}
    return {key: said for key, typed in asked.items() if (said := _said(Emergency, key, typed, country=code))}
