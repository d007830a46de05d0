"""An example for a key of clinic.yml that its own check takes, in the country that the clinic wrote."""

from __future__ import annotations

import re
from pathlib import Path

import phonenumbers
from pydantic import BaseModel, ValidationError

from guide.clinic import file, typed
from guide.clinic.kinds import COUNTRIES
from guide.clinic.model import Clinic
from guide.clinic.yaml_lines import Document
from guide.environment import ROOT, today
from guide.setup import checks, reference

FICTIONAL = {"US": ["(212) 555-2368"], "CA": ["(416) 555-2368"], "GB": ["0131 496 0000"]}
"""Numbers that belong to nobody and that the check takes; of other countries the example that their numbering plan is told with."""


def example(key: str, country: str | None) -> str:
    """“phone: 0131 496 0000” for the key locations[0].phone; empty if the key is unknown or holds a group."""
    model, name, field = Clinic, "", None
    for name in re.findall(r"[A-Za-z_]\w*", key):
        if model is None or not (found := next((one for own, one in model.model_fields.items() if (one.alias or own) == name), None)):
            return ""
        owner, field, model = model, found, reference.group(found)
    if field is None or model is not None:
        return ""
    choices = reference.choices(field)
    typed = [str(one) for one in [*(field.examples or []), *choices] if not isinstance(one, list | dict)]
    if name in ("phone", "after_hours_phone") or checks.kind_of(field) == "phone":
        number = country and phonenumbers.example_number_for_type(country, phonenumbers.PhoneNumberType.FIXED_LINE)
        typed = [*FICTIONAL.get(country, []), *([phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)] if number else [])]
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
