"""What people type is understood alike in the file and in the form."""

import shutil

import pytest
import yaml
from conftest import ROOT, served

from guide.clinic import typed
from guide.clinic.countries import packs
from guide.clinic.kinds import COUNTRIES, international
from guide.setup import form

ROWS = [{"in": None, "unit": "", **row} for row in yaml.load((ROOT / "tests" / "typed.yml").read_text("utf-8"), yaml.BaseLoader)]
IN_BROWSER = """async ({ rows, names, packs }) => {
    const typed = await import("./setup-typed.js")
    const read = {
        times: ({ typed: text }) => typed.times(text), days: ({ typed: text }) => { const found = typed.days(text); return found && { means: found.join(", "), sure: true } },
        number: ({ typed: text, unit }) => typed.number(text, unit), amount: ({ typed: text }) => typed.amount(text), country: ({ typed: text }) => typed.country(text, names),
        none: ({ typed: text }) => typed.none(text), yes_or_no: ({ typed: text }) => typed.yesOrNo(text), web: ({ typed: text }) => typed.web(text), postal_code: row => typed.postalCode(row.typed, row.in),
        date: row => typed.date(row.typed, row.in), currency: row => typed.currency(row.typed, row.in), phone: row => typed.phone(row.typed, packs[row.in]),
    }
    return rows.map(row => read[row.kind](row) ?? null)
}"""


def in_python(row):
    """(Read or None, the part of a country)."""
    text, where = row["typed"], row["in"]
    if row["kind"] == "days":
        found = typed.days(text)
        return found and typed.Read(", ".join(found)), ""
    if row["kind"] == "country":
        return typed.country(text, COUNTRIES)
    if row["kind"] == "number":
        return typed.number(text, row["unit"]), ""
    return getattr(typed, row["kind"])(text, *([where] if row["kind"] in ("postal_code", "date", "currency") else [])), ""


def expected(row):
    return None if "not" in row else (row.get("means", row.get("asks")), "means" in row)


@pytest.mark.parametrize("row", [row for row in ROWS if row["kind"] != "phone"], ids=lambda row: f"{row['kind']} {row['typed']}")
def test_the_file_understands_what_people_type(row):
    """Each line of typed.yml is read by the check as it says, or asked, or not understood."""
    read, part = in_python(row)
    assert (read and (read.means, read.sure)) == expected(row)
    assert part == row.get("part", "")


@pytest.mark.parametrize("row", [row for row in ROWS if row["kind"] == "phone"], ids=lambda row: row["typed"])
def test_a_phone_number_in_any_spelling_is_the_same_number(row):
    """The check dials the same for what is typed and for what the form makes of it."""
    assert international(row["typed"], row["in"]) == international(row["means"], row["in"]) != ""


def test_the_form_understands_the_same(chromium, tmp_path):
    """The script in the browser reads each line of typed.yml as the check does."""
    shutil.copy(ROOT / "overrides" / "assets" / "setup-typed.js", tmp_path)
    (tmp_path / "index.html").write_text("<!doctype html><title>x</title>", "utf-8")
    with served(tmp_path) as address:
        page = chromium.new_page()
        page.goto(address)
        came = page.evaluate(IN_BROWSER, {"rows": ROWS, "names": COUNTRIES, "packs": {code: form._pack(pack) for code, pack in packs().items()}})
        page.close()
    wrong = [(row, said) for row, said in zip(ROWS, came, strict=True)
             if (said and (said["means"], said["sure"])) != expected(row) or (said or {}).get("part", "") != row.get("part", "")]
    assert wrong == []
