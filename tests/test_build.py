"""The build fails closed: what a patient must not see stops it."""

import json
import re

import pytest
from conftest import ROOT, build

BROKEN_PAGES = {
    "a name that nobody knows": ("{{ nosuch }}", "nosuch"),
    "a detail that the clinic does not have": ("{{ clinic.nosuch }}", "nosuch"),
    "a macro that nobody knows": ("{{ nosuch() }}", "nosuch"),
    "a macro that fails": ('{{ hundred("nosuch") }}', "nosuch"),
    "a sign that is not in the table": ('{{ sign("n99") }}', "n99"),
    "a fact that is not in the register": ('{{ page_foot(["F99.9"]) }}', "F99.9"),
    "a filter that nobody knows": ("{{ clinic.name | nosuch }}", "nosuch"),
    "a block that is not closed": ("{% if offers.drip %}", "end of template"),
    "template text kept from being filled": ("{% raw %}{{ clinic.name }}{% endraw %}", "template text"),
    "a link to a page that is not there": ("[x](nosuch.md)", "nosuch.md"),
    "a link to a heading that is not there": ("[x](prepare.md#nosuch)", "nosuch"),
    "a link that only works at the root": ("[x](/prepare/)", "/prepare/"),
}


@pytest.mark.parametrize("what", BROKEN_PAGES)
def test_a_broken_page_stops_the_build(project, what):
    """Whatever a page gets wrong, the build ends with exit 1 or 100 and names it."""
    text, named = BROKEN_PAGES[what]
    page = project / "docs" / "en" / "going-home.md"
    page.write_text(page.read_text("utf-8") + f"\n{text}\n", "utf-8")
    built = build(project, sheets=False, CI="false")
    assert built.code != 0
    assert named in built.output


@pytest.mark.parametrize("field", ["title", "description"])
def test_template_text_in_front_matter_stops_the_build(project, field):
    """Front matter is not filled by macros, so a slot there would be published as it stands."""
    page = project / "docs" / "en" / "going-home.md"
    page.write_text(re.sub(rf"^{field}: .*$", f"{field}: For {{{{ clinic.name }}}}", page.read_text("utf-8"), flags=re.M), "utf-8")
    built = build(project, sheets=False)
    assert built.code == 1
    assert "template text" in built.output


def test_template_text_in_the_site_name_stops_the_build(project):
    """The site's name is filled by macros.py alone; one that is not filled is caught."""
    macros = project / "macros.py"
    macros.write_text(macros.read_text("utf-8").replace('edition.said["site_name"]', '"For {{ clinic.name }}"'), "utf-8")
    built = build(project, sheets=False)
    assert built.code == 1
    assert "template text" in built.output


def test_template_text_in_the_search_index_stops_the_build(project):
    """What only the search would show is looked at, too."""
    page = project / "docs" / "en" / "going-home.md"
    page.write_text(page.read_text("utf-8") + "\n&#123;&#123; clinic.name }}\n", "utf-8")
    built = build(project, sheets=False)
    assert built.code == 1
    assert "search_index.json" in built.output


def test_a_bad_clinic_file_stops_the_build_with_all_its_problems(project):
    """Nothing is built from a clinic.yml that is not right, and no traceback is shown."""
    (project / "clinic.yml").write_text("name: Hill\nphnoe: 1\n", "utf-8")
    built = build(project, sheets=False)
    assert built.code == 1
    assert not built.site.exists()
    assert "clinic.yml:2:1: phnoe: the guide does not know this key [Did you mean phone?]" in built.output
    assert "Traceback" not in built.output


def test_the_site_of_the_sample_says_so_on_every_page(sample):
    """Every page and the error page carry the banner of the sample clinic."""
    pages = list(sample.site.rglob("*.html"))
    assert len(pages) > 20
    assert [page for page in pages if "Sample clinic. Do not call." not in page.read_text("utf-8")] == []


def test_a_clinics_own_site_has_no_sample_banner(clinic_site):
    """A clinic's own site never says that it is a sample, and never shows a detail of the sample."""
    for page in clinic_site("us-three-locations").site.rglob("*.html"):
        text = page.read_text("utf-8")
        assert "Sample clinic" not in text and "Orchard Row" not in text and "555-0142" not in text


def test_what_a_clinic_types_comes_out_as_typed(clinic_site):
    """A name full of HTML, Markdown and template text is text on every page, in the search and in the title."""
    site = clinic_site("hostile-text").site
    typed = "A <b>& B | C* d_e_f {{ x }}"
    import tinyhtml5

    for name in ("index.html", "going-home/index.html", "urgent-help/index.html"):
        root = tinyhtml5.parse((site / name).read_text("utf-8"), namespace_html_elements=False)
        assert typed in root.find("head/title").text
        assert typed in "".join(root.find("body").itertext())
        assert root.find(".//article//b/b") is None
    index = json.loads((site / "search" / "search_index.json").read_text("utf-8"))
    assert any("C* d_e_f {{ x }}" in page["text"] for page in index["docs"])


def test_mkdocs_as_a_command_builds_the_same(project):
    """`mkdocs build --strict` without `python -m` finds the project's code."""
    import os
    import subprocess
    import sys
    from pathlib import Path

    env = {**os.environ, "NO_SHEETS": "1", "NO_MKDOCS_2_WARNING": "1"}
    run = subprocess.run([str(Path(sys.executable).parent / "mkdocs"), "build", "--strict"], cwd=project, env=env, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr


def test_the_root_stays_small():
    """The root shows at most fifteen entries."""
    import subprocess

    listed = subprocess.run(["git", "ls-tree", "--name-only", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert len(listed.stdout.split()) <= 15


@pytest.mark.parametrize("runner", ["mkdocs", "properdocs"])
def test_the_same_bytes_twice(sample, project, runner):
    """The same clinic and SOURCE_DATE_EPOCH give the same site and sheets, whatever the folder, hash seed, time zone, locale or runner."""
    again = build(project, runner=runner, PYTHONHASHSEED="7", TZ="Asia/Tokyo", LC_ALL="C")
    assert again.code == 0, again.output
    files = {path.relative_to(sample.site) for path in sample.site.rglob("*") if path.is_file()}
    assert files == {path.relative_to(again.site) for path in again.site.rglob("*") if path.is_file()}
    assert [str(name) for name in sorted(files) if (again.site / name).read_bytes() != (sample.site / name).read_bytes()] == []
