"""`python -m guide.setup.reference`: write what is made from the model: comments of clinic.example.yml, schema, table of keys.

The sample clinic's values are those of guide/clinic/sample.yml; everything said about a key comes from guide/clinic/model.py.
"""

from __future__ import annotations

import json
import re
import types
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import annotated_types
import yaml
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from guide import environment
from guide.clinic import misplaced
from guide.clinic.model import Clinic, Floor

SCHEMA = environment.ROOT / "guide" / "clinic.schema.json"
TABLE = environment.ROOT / "docs" / "en" / "staff" / "keys.md"
# pydantic's own names for bounds that stand behind a check of ours; no editor knows them.
KEYWORDS = {"ge": "minimum", "le": "maximum", "multiple_of": "multipleOf"}
HEAD = """\
# yaml-language-server: $schema=guide/clinic.schema.json
# The sample clinic. It is not a real place: never call these numbers.
# To make the guide yours, put your own details into a new file, clinic.yml, and leave this one alone.
# A line that starts with # is a note, or a key that you may add. Times are on the 24-hour clock.
"""
TABLE_HEAD = """\
---
title: Every setting
description: Every key of clinic.yml, what it means, its bounds and its default.
noindex: true
tier: staff
facts: []
---

# Every setting of clinic.yml

This page tells a clinic what each line of its file means.
It is made from the checks themselves, so it is always right.
{ .purpose }

| Key | Meaning | Bounds | If left out |
|---|---|---|---|
"""


def main() -> None:
    for path, text in files().items():
        path.write_text(text, "utf-8")
        print(path.relative_to(environment.ROOT))


def files() -> dict[Path, str]:
    """{path: text} of every file that is made from the model."""
    sample = yaml.load(misplaced.VALUES.read_text("utf-8"), yaml.BaseLoader)
    return {
        misplaced.SAMPLE: HEAD + "".join(_example(Clinic, sample, 0)),
        SCHEMA: json.dumps(schema(), indent=1, ensure_ascii=False) + "\n",
        TABLE: TABLE_HEAD + "".join(f"| `{key}` | {meaning} | {bounds} | {default} |\n" for key, meaning, bounds, default in rows(Clinic))
        + "\n{{ page_foot(facts) }}\n",
    }


def schema() -> dict[str, Any]:
    """JSON Schema for editors. Text that only looks like a number may stay without quotes."""
    made = Clinic.model_json_schema(by_alias=True)
    made["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    made["title"] = "clinic.yml"
    return _typed_as_text(made)


def _typed_as_text(part: Any) -> Any:
    """Editors read 92025 as a number; the guide reads every value as text, so a plain string may be typed as either."""
    if isinstance(part, list):
        return [_typed_as_text(item) for item in part]
    if not isinstance(part, dict):
        return part
    part = {KEYWORDS.get(key, key): _typed_as_text(value) for key, value in part.items()}
    if part.get("type") == "string" and "enum" not in part and "const" not in part and "pattern" not in part:
        part["type"] = ["string", "number"]
    return part


def rows(model: type[BaseModel], above: str = "") -> list[tuple[str, str, str, str]]:
    """(key, meaning, bounds, default) of every key, those of groups after their group."""
    told = []
    for name, field in model.model_fields.items():
        key = f"{above}{field.alias or name}"
        told.append((key, field.description or "", _bounds(field), _default(field)))
        if inner := group(field):
            told += rows(inner, key + ("[]." if is_list(field.annotation) else "."))
    return told


def group(field: FieldInfo) -> type[BaseModel] | None:
    """The model of the group of keys that a field holds, if it holds one."""
    return next((part for part in parts(field.annotation) if isinstance(part, type) and issubclass(part, BaseModel)), None)


def parts(annotation: Any) -> list[Any]:
    if get_origin(annotation) in (Union, types.UnionType, list, Annotated):
        return [found for part in get_args(annotation) for found in parts(part)]
    return [annotation]


def is_list(annotation: Any) -> bool:
    return get_origin(annotation) is list or any(is_list(part) for part in get_args(annotation) if get_origin(annotation) is not Literal)


def may_be_text(annotation: Any) -> bool:
    if get_origin(annotation) in (Union, types.UnionType, Annotated):
        return any(may_be_text(part) for part in get_args(annotation))
    return annotation is str


def metadata(field: FieldInfo) -> list[Any]:
    found, waiting = list(field.metadata), [field.annotation]
    while waiting:
        part = waiting.pop()
        if get_origin(part) is Annotated:
            inner = get_args(part)
            for item in inner[1:]:
                found += item.metadata if isinstance(item, FieldInfo) else [item]
            waiting.append(inner[0])
        elif get_origin(part) in (Union, types.UnionType):
            waiting += get_args(part)
    return found


def choices(field: FieldInfo) -> list[str]:
    """The words that a key may be, where there are only some."""
    return [str(choice) for part in parts(field.annotation) if get_origin(part) is Literal for choice in get_args(part)]


def limits(field: FieldInfo) -> dict[str, float]:
    """{"ge": least, "floor": least that is safe, "le": most, "max_length": longest} of a key, as far as it has them."""
    found: dict[str, float] = {}
    for item in metadata(field):
        for name, kind in (("ge", annotated_types.Ge), ("le", annotated_types.Le), ("max_length", annotated_types.MaxLen), ("multiple_of", annotated_types.MultipleOf)):
            if isinstance(item, kind):
                found[name] = getattr(item, name)
        if isinstance(item, Floor):
            found["floor"] = item.refuse
    return found


def _bounds(field: FieldInfo) -> str:
    if picked := choices(field):
        return " or ".join(f"`{choice}`" for choice in picked)
    if bool in parts(field.annotation):
        return "`true` or `false`"
    bound = limits(field)
    if "floor" in bound:
        bound["ge"] = bound["floor"]
    told = []
    if "ge" in bound or "le" in bound:
        told.append(f"{bound['ge']:g} to {bound['le']:g}" if len({"ge", "le"} & set(bound)) == 2 else
                    f"at least {bound['ge']:g}" if "ge" in bound else f"up to {bound['le']:g}")
    if "max_length" in bound:
        told.append(f"up to {bound['max_length']} {'entries' if is_list(field.annotation) and not may_be_text(field.annotation) else 'characters'}")
    return ", ".join(told)


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**needed**"
    value = field.default
    if value in (None, [], {}) or isinstance(value, BaseModel):
        return "" if group(field) else "not shown"
    return f"`{str(value).lower() if isinstance(value, bool) else ', '.join(value) if isinstance(value, list) else f'{value:g}' if isinstance(value, float) else value}`"


def _example(model: type[BaseModel], values: dict[str, Any], depth: int) -> list[str]:
    """The lines of a group: each key with what is said of it; one that the sample does not use stands behind a #."""
    lines, pad = [], "  " * depth
    for name, field in model.model_fields.items():
        key = field.alias or name
        if depth == 0:
            lines.append("\n")
        lines.append(f"{pad}# {_note(field)}\n")
        if key in values:
            lines += _written(key, values[key], field, depth)
        else:
            lines.append(f"{pad}# {key}: {_shown(field)}".rstrip() + "\n")
            if inner := group(field):
                dash = "- " if is_list(field.annotation) else ""
                lines += [f"{pad}#   {dash if not n else '  ' * bool(dash)}{line.strip().removeprefix('# ')}\n"
                          for n, line in enumerate(line for line in _example(inner, {}, depth + 1) if _is_key(line))]
    return lines


def _is_key(line: str) -> bool:
    return bool(re.match(r" *#  *(- )?[a-z_]+:", line))


def _note(field: FieldInfo) -> str:
    default = _default(field).replace("`", "").replace("*", "")
    told = [_bounds(field).replace("`", ""), "needed" if default == "needed" else f"left out: {default}" if default not in ("", "not shown") else ""]
    more = "; ".join(part for part in told if part)
    return f"{field.description or ''}{f' ({more})' if more else ''}."


def _shown(field: FieldInfo) -> str:
    if field.examples:
        return _scalar(field.examples[0]) if not isinstance(field.examples[0], dict) else json.dumps(field.examples[0]).replace('"', "")
    picked = choices(field)
    if isinstance(field.default, (int, float, list)) and field.default:
        return _scalar(field.default)
    return picked[-1] if picked else "" if group(field) else "true" if bool in parts(field.annotation) else "…"


def _written(key: str, value: Any, field: FieldInfo, depth: int) -> list[str]:
    pad, inner = "  " * depth, group(field)
    if isinstance(value, dict) and inner:
        return [f"{pad}{key}:\n", *_example(inner, value, depth + 1)]
    if isinstance(value, dict):
        return [f"{pad}{key}:\n", *(f"{pad}  {part}: {_scalar(text)}\n" for part, text in value.items())]
    if isinstance(value, list) and inner:
        lines = [f"{pad}{key}:\n"]
        for item in value:
            entry = _example(inner, item, depth + 2)
            first = next(n for n, line in enumerate(entry) if not line.lstrip().startswith("#"))
            entry[first] = f"{pad}  - {entry[first].lstrip()}"
            # The dash comes first, so that a key behind a # can be added by taking the # away.
            lines += entry[first - 1:] + entry[:first - 1]
        return lines
    if isinstance(value, list):
        return [f"{pad}{key}:\n", *(f"{pad}  - {_scalar(text)}\n" for text in value)]
    return [f"{pad}{key}: {_scalar(value)}\n".rstrip() + "\n"]


def _scalar(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(map(str, value)) + "]"
    text = str(value)
    needs_quotes = text.startswith(("#", "&", "*", "!", "@", "`", "%", "[", "{", "'", '"', "- ")) or ": " in text or " #" in text
    return json.dumps(text, ensure_ascii=False) if needs_quotes else text


if __name__ == "__main__":
    main()
