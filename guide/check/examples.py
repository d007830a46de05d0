"""An example for a key of clinic.yml that its own check takes, in the country that the clinic wrote."""

from __future__ import annotations

import re
from pathlib import Path

from pydantic import BaseModel, ValidationError

from guide.clinic import file, typed
from guide.clinic.kinds import COUNTRIES, example_phones
from guide.clinic.model import Clinic
from guide.clinic.yaml_lines import Document
from guide.environment import ROOT, today
from guide.setup import checks, reference


def example(key: str, country: str | None) -> str:
    """“phone: 0131 496 0000” for the key locations[0].phone; empty if the key is unknown or holds a group."""
    model, name, field = Clinic, "", None
    for name in re.findall(r"[A-Za-z_]\w*", key):
        if model is None or not (found := next((one for own, one in model.model_fields.items() if (one.alias or own) == name), None)):
            return ""
        owner, field, model = model, found, reference.group(found)
    if field is None or model is not None:
        return ""
    if reference.choices(field):
        return ""  # what to do names the choices; one of them may be what nobody wants, such as no more visits at home
    typed = [str(one) for one in field.examples or [] if not isinstance(one, list | dict)]
    if name in ("phone", "after_hours_phone") or checks.kind_of(field) == "phone":
        typed = example_phones(country)
    return next((f"{name}: {one}" for one in typed if file.alike(one) not in file.of_the_sample() and _taken(owner, name, one, country)), "")


def country_in(path: Path) -> str | None:
    """The country that a clinic's file names, if it names one, whatever else is wrong with it."""
    try:
        data = Document(path.read_bytes()).data
    except OSError:
        return None
    code = data.get("country") if isinstance(data, dict) else None
    read, _ = typed.country(code, COUNTRIES) if isinstance(code, str) else (None, "")
    return read.means if read else None


def _taken(model: type[BaseModel], name: str, typed: str, country: str | None) -> bool:
    """Does the group's own check take that text for that key? What else the group needs does not matter here."""
    try:
        model.model_validate({name: typed}, context={"country": country, "sample": False, "root": ROOT, "today": today()})
    except ValidationError as error:
        return not any(found["loc"][:1] == (name,) for found in error.errors())
    return True
